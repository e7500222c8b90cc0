//! What ties collections together: fields that name a record of another, relations, who gets what is sent.

use super::items::gather::{Gathering, is_data, key_for};
use super::items::shape;
use super::nouns::group::Group;
use super::nouns::naming::bare_label;
use super::nouns::noun::{id_stem, is_numbered};
use super::{Collection, OnRecords, Reference, Relation, Unique};
use crate::behavior::account::enumerated;
use crate::behavior::account::others;
use crate::behavior::conditions::rating;
use crate::behavior::{Auth, Input};
use crate::json::Json;
use crate::lexicon::{Class, Lexicon, Operation, Role, compact};
use std::collections::HashMap;
use std::sync::Arc;

/// Under what a record keeps who gets it, where what it shows under the name that is sent is who sent it.
const SENT_TO: &str = "recipient_id";

/// What the records of all groups are called.
pub(super) struct Names<'a> {
    pub(super) groups: &'a [Group],
    /// The groups of each name, in order.
    pub(super) named: HashMap<&'a str, Vec<usize>>,
    pub(super) aliases: Vec<Vec<String>>,
    /// The collections whose records show their id under a name that no other's do: `order_no`.
    pub(super) by_id: HashMap<String, Option<usize>>,
}

/// By the names of their ids, where these say more than that they are ids.
pub(super) fn by_id(collections: &[Collection]) -> HashMap<String, Option<usize>> {
    let mut found: HashMap<String, Option<usize>> = HashMap::new();
    for (at, known) in collections.iter().enumerate().filter(|(_, known)| known.relation.is_none()) {
        if let Some(key) = known.id.key.as_ref().map(|key| compact(key)).filter(|key| key != "id") {
            found.entry(key).and_modify(|only| *only = None).or_insert(Some(at));
        }
    }
    found
}

impl Names<'_> {
    fn named(&self, name: &str) -> &[usize] {
        self.named.get(name).map_or(&[], Vec::as_slice)
    }
}

impl<'a> Gathering<'a> {
    /// Whether records of the group are tied to accounts, or sent to them.
    pub(super) fn names_accounts(&self, group: &Group) -> bool {
        self.tied_account(group).is_some() || self.recipient(group).is_some()
    }

    /// The input by which a relation's endpoints name the account that they tie the caller to.
    fn tied_account(&self, group: &Group) -> Option<&'a Input> {
        group.relation.as_ref().filter(|_| self.accounts.any)?;
        let mut toggles = group.endpoints.iter().filter(|at| self.operations[**at] == Operation::Toggle);
        toggles.find_map(|at| {
            let (of_accounts, of_records): (Vec<&Input>, Vec<&Input>) = self.inputs[*at]
                .iter()
                .filter(|input| matches!(input.word, Role::UserId | Role::RecordId))
                .partition(|input| others::names_account(input, self.lexicon));
            let called = matches!(self.auths[*at], Auth::Required | Auth::Optional);
            of_accounts.first().copied().filter(|_| called && of_records.is_empty())
        })
    }

    /// The input that says to whom a new record of the group goes.
    pub(super) fn recipient(&self, group: &Group) -> Option<&'a Input> {
        let mut makers = group.endpoints.iter().filter(|at| {
            self.operations[**at] == Operation::Create
                && self.accounts.any
                && matches!(self.auths[**at], Auth::Required | Auth::Optional)
        });
        makers.find_map(|at| self.inputs[*at].iter().find(|input| others::is_recipient(input, self.lexicon)))
    }

    /// What a record keeps under who gets it. `uid` that is sent is who gets it, and `uid` that is shown who wrote it.
    pub(super) fn recipient_key(&self, group: &Group, collection: &Collection, input: &Input) -> Arc<str> {
        let lexicon = self.lexicon;
        let sent_to = |field: &&super::ItemField| {
            let labeled = matches!(field.role, Role::UserId | Role::RecordId)
                && lexicon.ends_with("recipient", &bare_label(&field.words, lexicon));
            labeled || (lexicon.is_named("recipient", &field.key) && lexicon.is_named("account-id", &field.key))
        };
        let key = key_for(collection, input);
        let Some(shown) = key.as_ref().and_then(|key| collection.field(key)) else {
            return key.unwrap_or_else(|| Arc::clone(&input.name));
        };
        let from = |field: &super::ItemField| {
            let words = crate::behavior::operation::split_words(&field.key);
            words.first().is_some_and(|first| lexicon.is_named("sender-part", first))
        };
        let mut lists = group.endpoints.iter().filter(|at| self.operations[**at] == Operation::List);
        let is_sent = |at: &usize| lexicon.speaks_of("sent-by-me", &self.endpoint(*at).title);
        let named = ["recipient", "recipient-part"].iter().any(|topic| lexicon.is_named(topic, &shown.key));
        let said = named || sent_to(&shown);
        if said || collection.fields.iter().any(from) || lists.all(is_sent) {
            return Arc::clone(&shown.key);
        }
        let beside = collection.fields.iter().find(sent_to).map(|field| Arc::clone(&field.key));
        beside.unwrap_or_else(|| SENT_TO.into())
    }

    /// `hfid#回复哪条` of what shows a list of its own kind: `"hf": [{"plid": 56, …}]`.
    pub(super) fn answers(&self, creators: &[usize], collection: &Collection) -> Option<super::Answers> {
        let id = collection.id.key.as_ref()?;
        let shown = collection.fields.iter().find(|field| match &field.example {
            Json::Array(items) => items.first().is_some_and(|item| item.get(id).is_some()),
            _ => false,
        })?;
        let inputs = creators.iter().flat_map(|at| self.inputs[*at].iter().zip(&self.endpoint(*at).params));
        let mut named = inputs.filter(|(input, param)| {
            !input.required && input.name != *id && self.lexicon.speaks_of("answers-to", &param.all_words())
        });
        let (input, _) =
            named.find(|(input, _)| shape::is_id(&input.name) || is_numbered(&input.name, self.lexicon))?;
        let field = key_for(collection, input).unwrap_or_else(|| Arc::clone(&input.name));
        Some(super::Answers { field, shown: Arc::clone(&shown.key) })
    }

    /// Machines, references, ownership: what needs all collections' names.
    /// What else its records are called: by the labels of their ids (`联系人id`), by the values of a kind (`1寄件人 2收件人`).
    pub(super) fn aliases(&self, collection: &Collection, group: &Group) -> Vec<String> {
        let mut aliases: Vec<String> = group.titles.clone();
        for &at in &group.endpoints {
            for input in self.inputs[at].iter().filter(|input| matches!(compact(&input.name).as_str(), "id" | "ids")) {
                aliases.push(bare_label(&input.label, self.lexicon));
            }
        }
        for field in collection.fields.iter().filter(|field| field.role != Role::Status) {
            let items = enumerated(&field.words, &field.example, self.lexicon);
            aliases.extend(items.into_iter().map(|item| item.words));
        }
        aliases.retain(|alias| alias.chars().count() >= 2 && !alias.is_ascii());
        aliases
    }

    pub(super) fn tie(&self, at: usize, group: &Group, names: &Names<'_>, collections: &mut [Collection]) {
        let groups = names.groups;
        let machines = self.machines(group, &collections[at]);
        collections[at].machines = machines;
        let mut references: Vec<Reference> = Vec::new();
        let fields = collections[at].fields.iter().map(|field| (Arc::clone(&field.key), field.words.clone()));
        let inputs = group.endpoints.iter().flat_map(|endpoint| {
            let params = &self.endpoint(*endpoint).params;
            self.inputs[*endpoint].iter().zip(params).filter(|(input, param)| is_data(input, param.is_told()))
        });
        let inputs = inputs.map(|(input, param)| (Arc::clone(&input.name), param.all_words()));
        for (name, words) in fields.chain(inputs) {
            let shared = || {
                let known = names.by_id.get(&compact(&name)).copied().flatten();
                known.filter(|known| *known != at && collections[*known].id.shared)
            };
            let target = referred(&name, &words, at, names, self.lexicon).or_else(shared);
            let Some(target) = target else { continue };
            let key = collections[at].field(&name).map_or(name, |field| Arc::clone(&field.key));
            if references.iter().any(|known| known.field == key) {
                continue;
            }
            let many = compact(&key).ends_with("ids");
            references.push(Reference { field: key, collection: target, many });
        }
        if let Some(within) = group.within.as_ref()
            && references.iter().all(|known| known.collection != within.parent)
        {
            let field = format!("{}_id", groups[within.parent].names.first().map_or("parent", String::as_str)).into();
            references.push(Reference { field, collection: within.parent, many: false });
        }
        if group.relation.is_some() {
            self.relate(at, group, groups, &mut references, collections);
        }
        // `article/comment` with an `id`: it is the article's.
        for &endpoint in
            group.endpoints.iter().filter(|at| matches!(self.operations[**at], Operation::Create | Operation::List))
        {
            let bare = self.inputs[endpoint].iter().any(|input| compact(&input.name) == "id");
            let parent = self.nouns[endpoint].before.iter().rev().find_map(|name| names.named(name).first().copied());
            if let Some(parent) =
                parent.filter(|parent| bare && *parent != at && !references.iter().any(|r| r.collection == *parent))
            {
                let field: Arc<str> =
                    format!("{}_id", groups[parent].names.first().map_or("parent", String::as_str)).into();
                references.push(Reference { field, collection: parent, many: false });
            }
        }
        collections[at].references = references;
    }

    /// What is written about an order is listed with what was ordered: such a list's records name the order.
    pub(super) fn refer_ratings(&self, collections: &mut [Collection], on_records: &[Option<OnRecords>]) {
        for (at, on) in on_records.iter().enumerate() {
            let Some(on) = on.as_ref().filter(|_| self.operations[at] == Operation::Transition) else { continue };
            if !rating::is_rating(&self.endpoint(at).title, self.lexicon) || !collections[on.collection].owned {
                continue;
            }
            let Some(ratings) = rating::ratings_of(collections, on.collection, self.lexicon) else { continue };
            let known = collections[ratings].references.iter().find(|known| known.collection == on.collection);
            let field = match known {
                Some(known) => Arc::clone(&known.field),
                None => {
                    let field: Arc<str> = format!("{}_id", collections[on.collection].name).into();
                    let reference = Reference { field: Arc::clone(&field), collection: on.collection, many: false };
                    collections[ratings].references.push(reference);
                    field
                }
            };
            let listed = &mut collections[ratings];
            listed.owned = true;
            // `已经评价过了`: each is rated once.
            let once = Unique { fields: vec![field], own: false, day: None };
            let refuses =
                self.chooser.catalog.own[at].iter().any(|known| known.classes.first() == Some(&Class::Exists));
            if refuses && !listed.unique.contains(&once) {
                listed.unique.push(once);
            }
        }
    }

    /// The only row that a list of ratings shows, where rating answers with its id, is what that call makes: it is not there from the
    /// start.
    pub(super) fn drop_rated(&self, collections: &mut [Collection], on_records: &[Option<OnRecords>]) {
        for (at, on) in on_records.iter().enumerate() {
            let Some(on) = on.as_ref().filter(|_| self.operations[at] == Operation::Transition) else { continue };
            let title = &self.endpoint(at).title;
            if !rating::is_rating(title, self.lexicon) {
                continue;
            }
            let Some(ratings) = rating::ratings_of(collections, on.collection, self.lexicon) else { continue };
            let shown = shape::item_shown(self.set, self.endpoint(at), self.lexicon).iter();
            let mut ids = shown.filter(|(key, _)| shape::is_id(key)).filter_map(|(_, value)| value.scalar_text());
            if let [seed] = &collections[ratings].seeds[..]
                && ids.any(|id| seed.id.as_deref() == Some(id))
            {
                collections[ratings].seeds.clear();
            }
        }
    }

    fn relation_of(&self, group: &Group, name: String, target: usize, field: &Arc<str>) -> Relation {
        Relation {
            name,
            target,
            field: Arc::clone(field),
            deeds: self.path_deeds(group),
            full: None,
            admission: None,
            founder: None,
        }
    }

    fn relate(
        &self,
        at: usize,
        group: &Group,
        groups: &[Group],
        references: &mut Vec<Reference>,
        collections: &mut [Collection],
    ) {
        let name = group.relation.clone().unwrap_or_default();
        let accounts = collections.iter().position(Collection::holds_all_accounts);
        if let (Some(input), Some(target)) = (self.tied_account(group), accounts) {
            let bare = compact(&input.name) == "id";
            let field: Arc<str> = if bare { "account_id".into() } else { Arc::clone(&input.name) };
            references.retain(|reference| reference.field != field);
            collections[at].relation = Some(self.relation_of(group, name, target, &field));
            collections[at].unique.push(Unique { fields: vec![field], own: true, day: None });
            return;
        }
        let others = || (0..groups.len()).filter(|other| *other != at && groups[*other].relation.is_none());
        let toggles = || group.endpoints.iter().filter(|at| self.operations[**at] == Operation::Toggle);
        let by_reference = references.first().map(|reference| reference.collection);
        let by_path = || {
            toggles().find_map(|at| {
                let nouns = &self.nouns[*at];
                let names = std::iter::once(&nouns.path).chain(nouns.before.iter().rev());
                names.clone().find_map(|name| others().find(|other| groups[*other].names.contains(name)))
            })
        };
        let by_title = || {
            toggles().find_map(|at| {
                let title = &self.nouns[*at].title;
                others().find(|other| {
                    !title.is_empty()
                        && groups[*other].titles.iter().any(|known| known == title || title.ends_with(known.as_str()))
                })
            })
        };
        let by_words = || {
            let inputs = toggles().flat_map(|at| &self.endpoint(*at).params);
            let labels: Vec<String> = inputs.map(crate::spec::Param::all_words).collect();
            others().find(|other| {
                labels.iter().any(|label| groups[*other].titles.iter().any(|title| label.contains(title.as_str())))
            })
        };
        let by_shape = || {
            let overlap = |other: &usize| {
                collections[at].fields.iter().filter(|field| collections[*other].field(&field.key).is_some()).count()
            };
            others().max_by_key(overlap).filter(|other| overlap(other) >= 2)
        };
        let Some(target) = by_reference.or_else(by_path).or_else(by_title).or_else(by_words).or_else(by_shape) else {
            return;
        };
        let field = references.iter().find(|reference| reference.collection == target).map_or_else(
            || -> Arc<str> { format!("{}_id", groups[target].names.first().map_or("target", String::as_str)).into() },
            |reference| Arc::clone(&reference.field),
        );
        if !references.iter().any(|reference| reference.field == field) {
            references.push(Reference { field: Arc::clone(&field), collection: target, many: false });
        }
        collections[at].relation = Some(self.relation_of(group, name, target, &field));
        collections[at].unique.push(Unique { fields: vec![field], own: true, day: None });
    }
}

/// Whether an input names one record that callers are tied to.
pub(in crate::behavior) fn names_tied(input: &Input) -> bool {
    let named = input.word == Role::RecordId || input.location == crate::spec::In::Path || shape::is_id(&input.name);
    named && is_data(input, true) && !compact(&input.name).ends_with("ids")
}

/// The group that a field or parameter refers to.
fn referred(name: &str, words: &str, own: usize, names: &Names<'_>, lexicon: &Lexicon) -> Option<usize> {
    let Names { groups, aliases, .. } = names;
    let others = || (0..groups.len()).filter(|at| *at != own && groups[*at].relation.is_none());
    let numbered = is_numbered(name, lexicon);
    if id_stem(name).is_none() && !shape::is_id(name) && !numbered {
        return None;
    }
    let stem = id_stem(name).unwrap_or_default();
    if groups[own].names.contains(&stem) {
        return None;
    }
    let named = names.named(&stem).iter().copied().find(|at| *at != own && groups[*at].relation.is_none());
    let short = || {
        others().find(|at| {
            groups[*at].names.iter().any(|name| {
                name.len() > 3 && stem.len() > 3 && (name.ends_with(&stem) || stem.ends_with(name.as_str()))
            })
        })
    };
    let label = || {
        let bare = bare_label(words, lexicon);
        if bare.chars().count() < 2 {
            return None;
        }
        let alike = |alias: &String| *alias == bare || alias.ends_with(bare.as_str()) || bare.ends_with(alias.as_str());
        let exact = others().find(|at| aliases[*at].contains(&bare));
        exact.or_else(|| others().find(|at| aliases[*at].iter().any(alike)))
    };
    if compact(name) == "id" {
        return None;
    }
    let same = || names.by_id.get(&compact(name)).copied().flatten().filter(|at| *at != own);
    named.or_else(same).or_else(label).or_else(short)
}
