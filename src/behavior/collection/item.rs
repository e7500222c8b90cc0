//! How a record is shown: each member of an example's item with what fills it.

use super::gather::{is_data, key_for};
use super::kin::Kin;
use super::noun::{id_stem, singular};
use super::{Collection, blank_rows, shape};
use crate::behavior::Input;
use crate::json::Json;
use crate::lexicon::{Lexicon, Role, compact, label_head};
use std::sync::Arc;

/// An item of an example, member by member.
#[derive(Clone, Debug, PartialEq)]
pub struct ItemTemplate {
    pub collection: usize,
    pub members: Vec<ItemMember>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct ItemMember {
    pub key: Arc<str>,
    /// Its form, and what it shows where nothing else does.
    pub example: Json,
    pub source: Source,
}

/// What fills a member. What a record has under the member's own name comes before what can be worked out.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// As the example has it.
    Constant,
    Id,
    Field,
    /// The same under another name.
    Alias(Arc<str>),
    /// Whether the caller is tied to the record by a relation's collection.
    Tied(usize),
    /// Whether the caller has it by a record of another collection.
    Held(super::Holding),
    /// How many callers are, on top of what the record says.
    TieCount(usize),
    /// How many records of another collection name this one in a field.
    ChildCount(usize, Arc<str>),
    /// Those records.
    Children(Arc<str>, Box<ItemTemplate>),
    /// A record of another collection that a field names.
    Referred(Arc<str>, Box<ItemTemplate>),
    /// Those that a field names several of.
    ReferredAll(Arc<str>, Box<ItemTemplate>),
    /// A field of such a record; no name is its id.
    ReferredField(usize, Arc<str>, Option<Arc<str>>),
    /// What a member shows of the record of that collection that a field names.
    Through(usize, Arc<str>, Box<ItemMember>),
    /// The id of the owner's account; what it is known by; a field of it.
    OwnerId,
    OwnerIdentity,
    OwnerField(Arc<str>),
    /// Whether the caller made it: what is shown then, and what is shown otherwise.
    Mine(Json, Json),
    /// Whether the caller is tied to the owner's account.
    OwnerTied(usize),
    /// The owner's account.
    Owner(Vec<ItemMember>),
    /// The product of two members.
    Product(Arc<str>, Arc<str>),
    /// A field of a record that a field names, times another field: collection, reference, price, quantity.
    Times(usize, Arc<str>, Arc<str>, Arc<str>),
    /// The words of that status.
    Label(Arc<str>),
    /// A list of objects that was sent, in the example's shape.
    Lines(Vec<ItemMember>),
    /// Members of its own.
    Nested(Vec<ItemMember>),
}

/// What templates are made from.
pub(in crate::behavior) struct Items<'a> {
    pub(in crate::behavior) collections: &'a [Collection],
    pub(in crate::behavior) accounts: &'a crate::behavior::Accounts,
    pub(in crate::behavior) lexicon: &'a Lexicon,
    /// Parallel to the collections: the inputs of the endpoints that create.
    pub(in crate::behavior) sent: &'a [Vec<Input>],
    pub(in crate::behavior) kin: &'a Kin,
}

/// References are followed this deep.
const DEPTH: usize = 3;

impl Items<'_> {
    pub(in crate::behavior) fn template(&self, at: usize, item: &Json, skip: &[Arc<str>]) -> ItemTemplate {
        self.template_at(at, item, skip, 0)
    }

    fn template_at(&self, at: usize, item: &Json, skip: &[Arc<str>], depth: usize) -> ItemTemplate {
        let is_blank = blank_rows::is_blank(item, self.collections[at].id.key.as_deref());
        let members = item.as_object().unwrap_or_default().iter().map(|(key, example)| {
            let source = if skip.contains(key) { Source::Constant } else { self.source(at, key, example, item, depth) };
            let known = &self.collections[at];
            // Of a row in which nothing stands, the fields know more than it shows.
            let form = blank_rows::form(&source, known, (key, example), is_blank);
            // A row of a list of accounts shows an id as other examples do.
            let id = || known.id.example.as_ref().filter(|_| source == Source::Id);
            let form = form.or_else(|| id().filter(|_| *example == Json::Null && known.holds_accounts()));
            ItemMember { key: Arc::clone(key), example: form.unwrap_or(example).clone(), source }
        });
        ItemTemplate { collection: at, members: members.collect() }
    }

    fn source(&self, at: usize, key: &Arc<str>, example: &Json, item: &Json, depth: usize) -> Source {
        let collection = &self.collections[at];
        let name = compact(key);
        let own_id = collection.id.key.as_ref().is_some_and(|id| compact(id) == name);
        if own_id && collection.relation.is_none() {
            return Source::Id;
        }
        if let Some(source) = self.tied(at, &name, example) {
            return source;
        }
        if collection.taker.as_ref().is_some_and(|taker| taker.shows(key)) {
            return Source::Field;
        }
        if let Some(source) = self.held(at, key, example) {
            return source;
        }
        if collection.holds_accounts() {
            let called = self.accounts.id_name.as_deref() == Some(name.as_str());
            if called || name == "id" || self.lexicon.is_named("account-id", key) {
                return Source::Id;
            }
            if self.accounts.identity_names.len() == 1 && self.accounts.identity_names.contains(&name) {
                return Source::OwnerIdentity;
            }
            let role = self.lexicon.role(key, "").map_or(Role::Plain, |(role, _)| role);
            let kept = field_of(collection, key, self.lexicon).is_some();
            if let Some(source) = self.owner_field(key, role).filter(|_| !kept) {
                return source;
            }
        }
        if let Some(relation) = &collection.relation {
            return self.of_relation(relation, key, example, item, own_id, depth);
        }
        if id_stem(key).is_some_and(|stem| collection.is_called(&stem)) && shape::is_id(key) {
            return Source::Id;
        }
        // `uid` of who gets it does not fill the `uid` of who wrote it.
        let apart = collection.recipient.as_ref().is_some_and(|kept| kept != key);
        let is_kept_apart = |input: &Input| apart && crate::behavior::others::is_recipient(input, self.lexicon);
        let sent = self.sent[at].iter().any(|input| {
            is_data(input, true)
                && !is_kept_apart(input)
                && (compact(&input.name) == name || key_for(collection, input).as_deref() == Some(&**key))
        });
        if sent && example.is_scalar() {
            return Source::Field;
        }
        match example {
            Json::Object(members) if !members.is_empty() => self.object(at, key, example, depth),
            Json::Array(items) if items.first().is_some_and(|item| item.as_object().is_some()) => {
                self.list(at, key, items, depth)
            }
            Json::Array(_) | Json::Object(_) => Source::Field,
            _ => self.scalar(at, key, example, item),
        }
    }

    /// The list of what is tied shows the records themselves, or what ties with them in it.
    fn of_relation(
        &self,
        relation: &super::Relation,
        key: &Arc<str>,
        example: &Json,
        item: &Json,
        own_id: bool,
        depth: usize,
    ) -> Source {
        let target = &self.collections[relation.target];
        let name = compact(key);
        let has_reference = item.as_object().unwrap_or_default().iter().any(|(key, _)| {
            compact(key) == compact(&relation.field) || id_stem(key).is_some_and(|stem| target.is_called(&stem))
        });
        if target.holds_accounts() && (shape::is_id(key) || self.lexicon.is_named("account-id", key)) {
            return Source::ReferredField(relation.target, Arc::clone(&relation.field), None);
        }
        if own_id || name == "id" {
            return if has_reference {
                Source::Id
            } else {
                Source::ReferredField(relation.target, Arc::clone(&relation.field), None)
            };
        }
        if name == compact(&relation.field) || id_stem(key).is_some_and(|stem| target.is_called(&stem)) {
            return Source::ReferredField(relation.target, Arc::clone(&relation.field), None);
        }
        if target.holds_accounts() && field_of(target, key, self.lexicon).is_none() {
            let role = self.lexicon.role(key, "").map_or(Role::Plain, |(role, _)| role);
            if let Some(Source::OwnerField(field)) = self.owner_field(key, role) {
                return Source::ReferredField(relation.target, Arc::clone(&relation.field), Some(field));
            }
        }
        if let Some(source) = self.tied(relation.target, &name, example) {
            return match source {
                Source::Tied(_) => Source::Constant,
                source => {
                    let then = ItemMember { key: Arc::clone(key), example: example.clone(), source };
                    Source::Through(relation.target, Arc::clone(&relation.field), Box::new(then))
                }
            };
        }
        if example.as_object().is_some_and(|members| !members.is_empty()) && depth < DEPTH {
            let inner = self.template_at(relation.target, example, &[], depth + 1);
            return Source::Referred(Arc::clone(&relation.field), Box::new(inner));
        }
        let own = self.collections.iter().position(|known| known.relation.as_ref() == Some(relation));
        let sent = own.is_some_and(|own| self.sent[own].iter().any(|input| compact(&input.name) == name));
        if let Some(field) = field_of(target, key, self.lexicon).filter(|_| !sent) {
            // The name of who wrote it is not kept in it: what it shows of others, it shows here too.
            let source = self.source(relation.target, &field, example, item, depth + 1);
            let lent = matches!(
                source,
                Source::OwnerId
                    | Source::OwnerIdentity
                    | Source::OwnerField(_)
                    | Source::ChildCount(..)
                    | Source::Label(_)
            );
            if lent {
                let then = ItemMember { key: field, example: example.clone(), source };
                return Source::Through(relation.target, Arc::clone(&relation.field), Box::new(then));
            }
            return Source::ReferredField(relation.target, Arc::clone(&relation.field), Some(field));
        }
        Source::Field
    }

    fn object(&self, at: usize, key: &Arc<str>, example: &Json, depth: usize) -> Source {
        let collection = &self.collections[at];
        let stem = singular(key);
        if depth < DEPTH {
            let referred = collection.references.iter().find(|reference| {
                let target = &self.collections[reference.collection];
                let same_stem = id_stem(&reference.field).is_some_and(|known| known == stem);
                !reference.many
                    && (same_stem
                        || target.is_called(&stem)
                        || target.names.iter().any(|name| stem.starts_with(name.as_str())))
            });
            if let Some(reference) = referred {
                let inner = self.template_at(reference.collection, example, &[], depth + 1);
                return Source::Referred(Arc::clone(&reference.field), Box::new(inner));
            }
        }
        if self.lexicon.is_named("author", key) && self.accounts.any && !collection.written {
            return Source::Owner(self.owner_members(example));
        }
        let mut members = self.template_at(at, example, &[], depth + 1).members;
        for member in members.iter_mut().filter(|member| member.source == Source::Id) {
            member.source = Source::Constant;
        }
        Source::Nested(members)
    }

    pub(super) fn owner_members(&self, example: &Json) -> Vec<ItemMember> {
        let members = example.as_object().unwrap_or_default().iter();
        members
            .map(|(key, example)| {
                let role = self.lexicon.role(key, "").map_or(Role::Plain, |(role, _)| role);
                let source = if shape::is_id(key) {
                    Source::OwnerId
                } else {
                    self.owner_field(key, role).unwrap_or(Source::Constant)
                };
                ItemMember { key: Arc::clone(key), example: example.clone(), source }
            })
            .collect()
    }

    pub(in crate::behavior) fn owner_field(&self, key: &str, role: Role) -> Option<Source> {
        let accounts = self.accounts;
        if let Some(field) = accounts.field(key) {
            return Some(Source::OwnerField(Arc::clone(&field.key)));
        }
        // A name that is shown beside what someone wrote is the one that they go by, and not their phone.
        let called = [Role::Nickname, Role::RealName].into_iter().find_map(|role| accounts.key_of_role(role));
        if let Some(key) = called.filter(|_| role == Role::Account) {
            return Some(Source::OwnerField(Arc::clone(key)));
        }
        if accounts.identities.contains(&role) || role == Role::Account {
            return Some(Source::OwnerIdentity);
        }
        // `name` of whoever only goes by a nickname.
        let nick = || accounts.key_of_role(Role::Nickname).filter(|_| role == Role::RealName);
        matches!(role, Role::Nickname | Role::Avatar | Role::RealName)
            .then(|| accounts.key_of_role(role).or_else(nick).map(|key| Source::OwnerField(Arc::clone(key))))
            .flatten()
    }

    fn list(&self, at: usize, key: &Arc<str>, items: &[Json], depth: usize) -> Source {
        let stem = singular(key);
        let first = items.first().cloned().unwrap_or_default();
        let sent = self.sent[at].iter().any(|input| compact(&input.name) == compact(key));
        if let Some(answers) = self.collections[at].answers.as_ref().filter(|own| own.shown == *key && depth < DEPTH) {
            let inner = self.template_at(at, &first, &[], depth + 1);
            return Source::Children(Arc::clone(&answers.field), Box::new(inner));
        }
        if depth < DEPTH && !sent {
            for &other in self.kin.children(at) {
                let candidate = &self.collections[other];
                let parent =
                    candidate.references.iter().find(|reference| reference.collection == at && !reference.many);
                if let Some(parent) =
                    parent.filter(|_| other != at && candidate.relation.is_none() && candidate.is_called(&stem))
                {
                    let inner = self.template_at(other, &first, &[], depth + 1);
                    return Source::Children(Arc::clone(&parent.field), Box::new(inner));
                }
            }
        }
        let people =
            super::people::are_people(first.as_object().into_iter().flatten().map(|(key, _)| &**key), self.lexicon);
        let mut ties = self.kin.ties(at).iter().filter(|_| people && depth < DEPTH && !sent);
        if let Some((tie, relation)) = ties.find_map(|tie| {
            let relation = self.collections[*tie].relation.as_ref()?;
            let called = self.lexicon.is_named("roster", key)
                || self.lexicon.verbs().relations().any(|(name, words)| {
                    name == relation.name && (words.path.contains(&stem) || words.counts.contains(&compact(key)))
                });
            called.then_some((*tie, relation))
        }) {
            return Source::Children(Arc::clone(&relation.field), Box::new(self.tied_owners(tie, &first)));
        }
        // `visitors` beside `visitor_ids`.
        let several = |reference: &&super::Reference| {
            let target = &self.collections[reference.collection];
            reference.many && (target.is_called(&stem) || id_stem(&reference.field).is_some_and(|known| known == stem))
        };
        if let Some(reference) = self.collections[at].references.iter().find(several).filter(|_| depth < DEPTH && !sent)
        {
            let inner = self.template_at(reference.collection, &first, &[], depth + 1);
            return Source::ReferredAll(Arc::clone(&reference.field), Box::new(inner));
        }
        let members = first.as_object().unwrap_or_default().iter().map(|(key, example)| {
            let is_reference = id_stem(key).is_some_and(|stem| self.kin.has_name(&stem));
            let source = if is_reference { Source::Field } else { self.of_line(&first, key) };
            ItemMember { key: Arc::clone(key), example: example.clone(), source }
        });
        Source::Lines(members.collect())
    }

    /// A member of a line that the line's own reference fills: `goods_name` beside `goods_id`.
    fn of_line(&self, line: &Json, key: &str) -> Source {
        for (reference, _) in line.as_object().unwrap_or_default() {
            let stem = id_stem(reference).filter(|_| shape::is_id(reference));
            let target = stem.and_then(|stem| self.kin.called(&stem));
            if let Some(target) = target
                && let Some(field) = field_of(&self.collections[target], key, self.lexicon)
            {
                return Source::ReferredField(target, Arc::clone(reference), Some(field));
            }
        }
        Source::Field
    }

    /// What a member whose name says nothing is for, where accounts show who somebody is under that name.
    fn role_in_accounts(&self, collection: &Collection, key: &str) -> Option<Role> {
        let role = self.accounts.field(key).map(|known| known.role).filter(|_| collection.owned)?;
        matches!(role, Role::Nickname | Role::Avatar).then_some(role)
    }

    /// `type_name` beside `type_id`: what a record shows of a thing that it names.
    fn of_referred(&self, at: usize, key: &Arc<str>, role: Role, example: &Json) -> Option<Source> {
        let collection = &self.collections[at];
        let name = compact(key);
        collection.references.iter().filter(|reference| !reference.many).find_map(|reference| {
            let target = &self.collections[reference.collection];
            let stem = id_stem(&reference.field).unwrap_or_default();
            let by_stem = || {
                let rest = name.strip_prefix(stem.as_str()).filter(|rest| !stem.is_empty() && !rest.is_empty())?;
                let found = target.fields.iter().find(|field| self.lexicon.are_alike(rest, &compact(&field.key)))?;
                Some(Source::ReferredField(
                    reference.collection,
                    Arc::clone(&reference.field),
                    Some(Arc::clone(&found.key)),
                ))
            };
            if let Some(source) = by_stem() {
                return Some(source);
            }
            let prefixed = target.names.iter().any(|own| name.starts_with(own.as_str()));
            // Of several that are referred to only one has such a field.
            let has = |reference: &&super::Reference| {
                field_of(&self.collections[reference.collection], key, self.lexicon).is_some()
            };
            let own = generic(&name, role, self.lexicon) && !self.is_others_time(at, key, role);
            let alone = collection.references.iter().filter(has).count() == 1 && !own;
            let field = field_of(target, key, self.lexicon).filter(|_| prefixed || alone)?;
            let through = self.through(reference, &field, example);
            through.or_else(|| {
                Some(Source::ReferredField(reference.collection, Arc::clone(&reference.field), Some(field)))
            })
        })
    }

    fn scalar(&self, at: usize, key: &Arc<str>, example: &Json, item: &Json) -> Source {
        let collection = &self.collections[at];
        let name = compact(key);
        let field = collection.field(key);
        let role = field.map_or(Role::Plain, |field| field.role);
        let role = self.role_in_accounts(collection, key).filter(|_| role == Role::Plain).unwrap_or(role);
        if let Some(source) = self.child_count(at, &name, example) {
            return source;
        }
        if let Some(source) = self.of_someone(collection, key, role, example) {
            return source;
        }
        // What somebody has is not what a record costs.
        if field.is_none()
            && collection.owned
            && self.lexicon.is_named("balance", key)
            && let Some(balance) = self.accounts.field(key)
        {
            return Source::OwnerField(Arc::clone(&balance.key));
        }
        // `nick` beside the `uid` of whoever wrote it.
        let by_owner = || {
            let members = item.as_object().unwrap_or_default();
            members.iter().any(|(key, _)| collection.field(key).is_some_and(|field| field.role == Role::UserId))
        };
        if collection.owned
            && matches!(role, Role::Nickname | Role::Avatar)
            && by_owner()
            && let Some(source) = self.owner_field(key, role)
        {
            return source;
        }
        // Of what everybody sees it says who wrote it, whatever what it is about says of its own author.
        let writer = collection.owned && !collection.private && matches!(role, Role::Nickname | Role::Avatar);
        if let Some(source) = writer.then(|| self.owner_field(key, role)).flatten() {
            return source;
        }
        let referred = self.of_referred(at, key, role, example);
        let payable = field.is_some_and(|field| self.lexicon.speaks_of("sum-amount", &field.words));
        if let Some(source) = self.price_of_many(at, &name, role).filter(|_| payable) {
            return source;
        }
        if let Some(source) = referred.filter(|_| collection.reference(key).is_none()) {
            return source;
        }
        let own = generic(&name, role, self.lexicon) && !self.is_others_time(at, key, role);
        if let Some(source) = self.lent(at, key, example, item).filter(|_| !own && collection.reference(key).is_none())
        {
            return source;
        }
        if let Some(source) = self.lent_by_label(at, key) {
            return source;
        }
        // The bare `name` beside what somebody wrote is theirs.
        let calls = |name: &String| self.lexicon.is_nothing_but("remark-on", name);
        let is_remark = || collection.names.iter().chain(&collection.titles).any(calls);
        if collection.owned
            && let Some(role) = match role {
                Role::Nickname | Role::Avatar | Role::Account => Some(role),
                Role::RealName if is_remark() => Some(Role::Account),
                _ => None,
            }
            && let Some(source) = self.owner_field(key, role)
        {
            return source;
        }
        if let Some((price, quantity)) = self.product(at, key, role, item) {
            return Source::Product(price, quantity);
        }
        if let Some(source) = self.price_of_one(at, key, role) {
            return source;
        }
        if let Some(status) = self.label_of(at, &name, example) {
            return Source::Label(status);
        }
        let money = || self.accounts.field(key).filter(|_| collection.owned && self.lexicon.is_named("balance", key));
        match (field, money()) {
            (Some(_), _) => Source::Field,
            (None, Some(money)) => Source::OwnerField(Arc::clone(&money.key)),
            (None, None) => Source::Constant,
        }
    }

    /// What the record that a reference names shows of another that it names in turn.
    fn through(&self, reference: &super::Reference, key: &Arc<str>, example: &Json) -> Option<Source> {
        let source = self.shown_of_another(reference.collection, key)?;
        let then = ItemMember { key: Arc::clone(key), example: example.clone(), source };
        Some(Source::Through(reference.collection, Arc::clone(&reference.field), Box::new(then)))
    }

    /// `building_name` of a house is what the building says that it names.
    fn shown_of_another(&self, at: usize, key: &Arc<str>) -> Option<Source> {
        let collection = &self.collections[at];
        if self.sent[at].iter().any(|input| compact(&input.name) == compact(key)) {
            return None;
        }
        let name = compact(key);
        collection.references.iter().filter(|reference| !reference.many).find_map(|reference| {
            let target = self.collections.get(reference.collection).filter(|_| reference.collection != at)?;
            let stem = id_stem(&reference.field).filter(|stem| !stem.is_empty())?;
            let rest = name.strip_prefix(stem.as_str()).filter(|rest| !rest.is_empty())?;
            let found = target.fields.iter().find(|field| self.lexicon.are_alike(rest, &compact(&field.key)))?;
            let (collection, field) = (reference.collection, Arc::clone(&reference.field));
            Some(Source::ReferredField(collection, field, Some(Arc::clone(&found.key))))
        })
    }

    /// Who made a record, or got it, and whether that is the caller. What the system wrote shows who did something, and not whom it was written for.
    fn of_someone(&self, collection: &Collection, key: &Arc<str>, role: Role, example: &Json) -> Option<Source> {
        if let Some(source) = self.mine(collection, key, example) {
            return Some(source);
        }
        let someone = matches!(role, Role::Nickname | Role::Avatar | Role::UserId | Role::RealName | Role::Account);
        if collection.written {
            return someone.then_some(Source::Field);
        }
        let is_account = role == Role::UserId || self.accounts.id_name.as_deref() == Some(compact(key).as_str());
        let owner = || (is_account && collection.owned).then_some(Source::OwnerId);
        self.of_people(collection, key, role).or_else(owner)
    }

    /// `start_time` beside `course_id`: a time that nobody sends and that does not tell of the record itself.
    fn is_others_time(&self, at: usize, key: &str, role: Role) -> bool {
        let is = |topic: &str| self.lexicon.is_named(topic, key);
        let known = self.collections[at].field(key);
        let made = known.is_some_and(|field| field.initial == super::Initial::Now);
        let lent = || known.is_some_and(|field| time_form(&field.example).is_some());
        role == Role::Time && !made && (lent() || (!is("created-at") && !is("updated-at")))
    }

    /// `price` of an order whose request says how many of which goods: their price times how many.
    fn price_of_many(&self, at: usize, name: &str, role: Role) -> Option<Source> {
        let collection = &self.collections[at];
        if role != Role::Amount {
            return None;
        }
        let quantity = self.sent[at].iter().find(|input| self.lexicon.is_named("quantity", &input.name))?;
        let quantity = key_for(collection, quantity).unwrap_or_else(|| Arc::clone(&quantity.name));
        collection.references.iter().filter(|reference| !reference.many).find_map(|reference| {
            let target = &self.collections[reference.collection];
            let prices = || target.fields.iter().filter(|field| field.role == Role::Amount);
            let price = prices().find(|field| compact(&field.key) == name).or_else(|| prices().next())?;
            Some(Source::Times(
                reference.collection,
                Arc::clone(&reference.field),
                Arc::clone(&price.key),
                quantity.clone(),
            ))
        })
    }

    /// `total` beside `price` and `num`.
    fn product(&self, at: usize, key: &Arc<str>, role: Role, item: &Json) -> Option<(Arc<str>, Arc<str>)> {
        if role != Role::Amount || !self.is_total(key) {
            return None;
        }
        let shown = item.as_object()?.iter().map(|(key, value)| (key, value));
        // What the reply of its making does not show the record has all the same.
        let known = self.collections[at].fields.iter().map(|field| (&field.key, &field.example));
        let members: Vec<(&Arc<str>, &Json)> = shown.chain(known).collect();
        let number = |value: &Json| value.scalar_text().is_some_and(|text| text.parse::<f64>().is_ok());
        let mut others = members.iter().filter(|(known, value)| *known != key && number(value));
        let amount = |known: &str| {
            let role = self.lexicon.role(known, "").map(|(role, _)| role);
            role == Some(Role::Amount) && !self.is_total(known) && !self.lexicon.is_named("quantity", known)
        };
        let price = others.clone().find(|(known, _)| compact(known).ends_with("price"));
        let price = price.or_else(|| others.find(|(known, _)| amount(known)))?;
        let quantity = members
            .iter()
            .find(|(known, value)| self.lexicon.is_named("quantity", known) && *known != key && number(value))?;
        Some((Arc::clone(price.0), Arc::clone(quantity.0)))
    }

    fn is_total(&self, key: &str) -> bool {
        self.lexicon.is_named("sum-amount", key) || self.lexicon.is_named("amount-of-all", key)
    }

    /// `amount` of a booking that names one thing with a price, and no number of them.
    fn price_of_one(&self, at: usize, key: &Arc<str>, role: Role) -> Option<Source> {
        let collection = &self.collections[at];
        if role != Role::Amount || !self.is_total(key) || self.sent[at].iter().any(|input| input.word == Role::Amount) {
            return None;
        }
        let mut priced = collection.references.iter().filter(|reference| !reference.many).filter_map(|reference| {
            let target = &self.collections[reference.collection];
            let price = target.fields.iter().find(|field| field.role == Role::Amount)?;
            Some(Source::ReferredField(
                reference.collection,
                Arc::clone(&reference.field),
                Some(Arc::clone(&price.key)),
            ))
        });
        let first = priced.next()?;
        priced.next().is_none().then_some(first)
    }

    /// The status that a member says in words: `status_text` beside `status`.
    fn label_of(&self, at: usize, name: &str, example: &Json) -> Option<Arc<str>> {
        let shown = example.as_str()?;
        let machines = self.collections[at].machines.iter();
        let mut fitting = machines.filter(|machine| {
            let named = name
                .strip_prefix(compact(&machine.field).as_str())
                .is_some_and(|rest| self.lexicon.is_named("label-end", rest));
            named && machine.values.iter().any(|value| label_head(&value.words) == shown)
        });
        fitting.next().map(|machine| Arc::clone(&machine.field))
    }
}

/// The field of a collection that a name means: its own, or with the collection's name before it (`goods_name`).
pub(super) fn field_of(target: &Collection, key: &str, lexicon: &Lexicon) -> Option<Arc<str>> {
    if let Some(field) = target.field(key) {
        return Some(Arc::clone(&field.key));
    }
    let name = compact(key);
    let found = target.fields.iter().find(|field| {
        let field = compact(&field.key);
        target.names.iter().any(|own| {
            let plural = format!("{own}s");
            [own.as_str(), &plural].iter().any(|own| {
                name.strip_prefix(own) == Some(&*field)
                    || (name.starts_with(own) && lexicon.are_alike(&name[own.len()..], &field))
            })
        })
    });
    found.map(|field| Arc::clone(&field.key))
}

/// Whether an example is a number, be it written as text.
pub(in crate::behavior) fn is_number(example: &Json) -> bool {
    example.scalar_text().is_some_and(|text| text.parse::<f64>().is_ok())
}

/// Members that a record has of its own, whatever it refers to.
fn generic(name: &str, role: Role, lexicon: &Lexicon) -> bool {
    matches!(role, Role::Status | Role::Time | Role::UserId | Role::RecordId) || lexicon.is_named("own-member", name)
}

/// How a time is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeForm {
    Seconds,
    Milliseconds,
    /// Date and time, with this between them; to the second or to the minute.
    DateTime {
        mark: char,
        joint: char,
        seconds: bool,
    },
    Date {
        mark: char,
    },
    /// `2023-04-05T09:00:00Z`, with an offset or without.
    Iso {
        offset: bool,
        zulu: bool,
        fraction: bool,
    },
}

pub fn time_form(example: &Json) -> Option<TimeForm> {
    let text = example.scalar_text()?;
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        let number: i64 = text.parse().ok()?;
        return match text.len() {
            10 if number > 900_000_000 => Some(TimeForm::Seconds),
            13 => Some(TimeForm::Milliseconds),
            _ => None,
        };
    }
    let bytes = text.as_bytes();
    let digits = |from: usize, to: usize| bytes.get(from..to).is_some_and(|part| part.iter().all(u8::is_ascii_digit));
    let mark = char::from(*bytes.get(4)?);
    if !digits(0, 4)
        || !matches!(mark, '-' | '/' | '.')
        || !digits(5, 7)
        || bytes.get(7) != bytes.get(4)
        || !digits(8, 10)
    {
        return None;
    }
    match bytes.get(10).map(|joint| char::from(*joint)) {
        None => Some(TimeForm::Date { mark }),
        Some('T') => {
            let rest = text.get(19..).unwrap_or("");
            Some(TimeForm::Iso {
                offset: rest.contains('+'),
                zulu: rest.ends_with('Z'),
                fraction: rest.starts_with('.'),
            })
        }
        Some(joint) if digits(11, 13) && bytes.get(13) == Some(&b':') => {
            Some(TimeForm::DateTime { mark, joint, seconds: bytes.len() >= 19 })
        }
        _ => None,
    }
}

/// Whether an example says yes or no.
pub(in crate::behavior) fn is_flag(example: &Json) -> bool {
    matches!(example, Json::Bool(_)) || matches!(example.scalar_text(), Some("0" | "1" | "Y" | "N" | "y" | "n"))
}

/// Whether an example is a number that is given out one after the other: `BD20230405000001`, `20230405123456`.
pub(super) fn is_numbered(example: &Json) -> bool {
    example.scalar_text().is_some_and(|text| {
        text.bytes().filter(u8::is_ascii_digit).count() >= 4
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_by_their_form() {
        let form = |text: &str| time_form(&Json::string(text));
        assert_eq!(form("1680656400"), Some(TimeForm::Seconds));
        assert_eq!(form("1680656400000"), Some(TimeForm::Milliseconds));
        assert_eq!(form("2023-04-05"), Some(TimeForm::Date { mark: '-' }));
        assert_eq!(form("2023/04/05 09:00"), Some(TimeForm::DateTime { mark: '/', joint: ' ', seconds: false }));
        assert_eq!(form("2023-04-05 09:00:00"), Some(TimeForm::DateTime { mark: '-', joint: ' ', seconds: true }));
        assert_eq!(form("2023-04-05T09:00:00Z"), Some(TimeForm::Iso { offset: false, zulu: true, fraction: false }));
        assert_eq!(form("13800000001"), None);
    }
}
