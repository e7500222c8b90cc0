//! How a record is shown: each member of an example's item with what fills it.

pub use super::example_forms::{TimeForm, time_form};
use super::gather::{is_data, key_for};
use super::referred::{field_of, generic};
use super::{blank_rows, shape};
use crate::behavior::Input;
use crate::behavior::collection::Collection;
use crate::behavior::collection::nouns::kin::Kin;
use crate::behavior::collection::nouns::noun::{id_stem, singular};
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
    Held(crate::behavior::collection::Holding),
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
    /// What the caller's tie to it says.
    OfTie(usize, Arc<str>),
    /// One of two by whether whoever is tied made what they are tied to.
    Founder(Json, Json),
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
pub(in crate::behavior::collection) const DEPTH: usize = 3;

impl Items<'_> {
    pub(in crate::behavior) fn template(&self, at: usize, item: &Json, skip: &[Arc<str>]) -> ItemTemplate {
        self.template_at(at, item, skip, 0)
    }

    pub(in crate::behavior::collection) fn template_at(
        &self,
        at: usize,
        item: &Json,
        skip: &[Arc<str>],
        depth: usize,
    ) -> ItemTemplate {
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

    pub(in crate::behavior::collection) fn source(
        &self,
        at: usize,
        key: &Arc<str>,
        example: &Json,
        item: &Json,
        depth: usize,
    ) -> Source {
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
            if let Some(founder) = relation.founder.as_ref().filter(|founder| founder.key == *key) {
                return Source::Founder(founder.own.clone(), founder.other.clone());
            }
            return self.of_relation(relation, key, example, item, own_id, depth);
        }
        // `order_id` beside an `id` that is another is a number of its own.
        let beside = || collection.id.key.as_ref().and_then(|key| item.get(key)).and_then(Json::scalar_text);
        let is_other = || beside().is_some_and(|id| example.scalar_text().is_some_and(|own| own != id));
        if id_stem(key).is_some_and(|stem| collection.is_called(&stem)) && shape::is_id(key) && !is_other() {
            return Source::Id;
        }
        // `uid` of who gets it does not fill the `uid` of who wrote it.
        let apart = collection.recipient.as_ref().is_some_and(|kept| kept != key);
        let is_kept_apart =
            |input: &Input| apart && crate::behavior::account::others::is_recipient(input, self.lexicon);
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
        let people = crate::behavior::collection::sides::people::are_people(
            first.as_object().into_iter().flatten().map(|(key, _)| &**key),
            self.lexicon,
        );
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
        let several = |reference: &&crate::behavior::collection::Reference| {
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

    fn scalar(&self, at: usize, key: &Arc<str>, example: &Json, item: &Json) -> Source {
        let collection = &self.collections[at];
        let name = compact(key);
        let field = collection.field(key);
        let role = field.map_or(Role::Plain, |field| field.role);
        let role = self.role_in_accounts(collection, key).filter(|_| role == Role::Plain).unwrap_or(role);
        if let Some(source) = self.child_count(at, &name, example) {
            return source;
        }
        if let Some(source) = self.of_book(at, key, role, item) {
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
        // Who runs the place is shown who sent a record in.
        let office = collection.owned
            && self.accounts.kinds.as_ref().is_some_and(crate::behavior::account::kinds::Kinds::has_office);
        let of_person = matches!(role, Role::RealName | Role::Nickname | Role::Avatar | Role::Phone | Role::Account);
        if office
            && of_person
            && !self.is_sent(collection, key)
            && let Some(source) = self.owner_field(key, role)
        {
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
        // `课程评价` is written about a 课程.
        let calls = |name: &String| {
            self.lexicon.is_nothing_but("remark-on", name)
                || (!name.is_ascii() && self.lexicon.ends_with("remark-on", name))
        };
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
