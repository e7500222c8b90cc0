//! What the records of a group of endpoints look like: the union of what lists, details and creations show.

use super::group::Group;
use super::making::Making;
use super::noun::{Nouns, id_stem};
use super::prose::Said;
use super::section::Sections;
use super::settle::{fill_parents, inherit};
use super::shape::{self, Shown};
use super::told::tell_owner;
use super::{Collection, Initial, ItemField, OnRecords, RecordId, Reference, Relation, Unique};
use crate::behavior::account::{Accounts, enumerated, role_of};
use crate::behavior::choose::Chooser;
use crate::behavior::others;
use crate::behavior::rating;
use crate::behavior::{Auth, Confidence, Evidence, Input, Overrides};
use crate::json::{Json, Step};
use crate::lexicon::{Lexicon, Operation, Role, compact};
use crate::source::{FileId, Place, Span};
use crate::spec::{DocSet, Endpoint, Example, In, Note};
use std::collections::HashMap;
use std::sync::Arc;

pub(in crate::behavior) struct Gathering<'a> {
    pub(in crate::behavior) set: &'a DocSet,
    pub(in crate::behavior) lexicon: &'a Lexicon,
    pub(in crate::behavior) operations: &'a [Operation],
    pub(in crate::behavior) inputs: &'a [Vec<Input>],
    pub(in crate::behavior) auths: &'a [Auth],
    pub(in crate::behavior) nouns: &'a [Nouns],
    pub(in crate::behavior) accounts: &'a Accounts,
    pub(in crate::behavior) chooser: &'a Chooser<'a>,
    pub(in crate::behavior) overrides: &'a Overrides,
    /// What stands in the pages outside of the endpoints' blocks.
    pub(in crate::behavior) prose: &'a [Note],
    /// Under which headings endpoints stand.
    pub(in crate::behavior) sections: &'a Sections,
    pub(in crate::behavior) said: &'a Said<'a>,
    pub(in crate::behavior) making: &'a Making<'a>,
}

/// The lines of the pages outside of the blocks.
pub(in crate::behavior) fn prose(set: &DocSet) -> Vec<Note> {
    let mut blocks: HashMap<FileId, Vec<Span>> = HashMap::new();
    for block in set.endpoints.iter().map(|endpoint| endpoint.block) {
        blocks.entry(block.file).or_default().push(block.span);
    }
    let mut notes = Vec::new();
    for (file, source) in (0_u32..).map(FileId).zip(&set.sources) {
        let mut blocks = blocks.remove(&file).unwrap_or_default();
        blocks.sort_by_key(|block| block.start);
        let mut blocks = blocks.into_iter().peekable();
        let mut start = 0;
        for line in source.text().split_inclusive('\n') {
            let span = Span::new(start, start + line.trim_end().len());
            start += line.len();
            while blocks.next_if(|block| block.end < span.end).is_some() {} // they do not overlap
            let inside = blocks.peek().is_some_and(|block| block.start <= span.start);
            let text = line.trim().trim_start_matches(['>', '*', '-', '#', ' ']);
            if !inside && !text.is_empty() {
                notes.push(Note { text: text.to_owned(), place: Place { file, span } });
            }
        }
    }
    notes
}

/// What is said of an endpoint: in its block, and between its title and its block.
pub(in crate::behavior) fn remarks<'n>(prose: &'n [Note], endpoint: &'n Endpoint) -> impl Iterator<Item = &'n Note> {
    let block = endpoint.block;
    let title = endpoint.title_place.filter(|title| title.file == block.file);
    // The lines are in the order of the files, and of the places in each.
    let from = title.map_or(prose.len(), |title| {
        prose.partition_point(|note| (note.place.file, note.place.span.start) < (title.file, title.span.end))
    });
    let between = move |note: &&Note| note.place.file == block.file && note.place.span.end <= block.span.start;
    endpoint.notes.iter().chain(prose[from..].iter().take_while(between))
}

/// The collections, and for each endpoint what it has to do with one.
pub(in crate::behavior) fn gather(
    gathering: &Gathering<'_>,
    groups: &[Group],
) -> (Vec<Collection>, Vec<Option<OnRecords>>) {
    let mut collections: Vec<Collection> = groups.iter().map(|group| gathering.collection(group, groups)).collect();
    let aliases: Vec<Vec<String>> =
        collections.iter().zip(groups).map(|(known, group)| gathering.aliases(known, group)).collect();
    if groups.iter().any(|group| gathering.names_accounts(group)) {
        collections.push(others::as_collection(gathering.accounts));
    }
    let mut named: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, group) in groups.iter().enumerate() {
        group.names.iter().for_each(|name| named.entry(name).or_default().push(at));
    }
    let names = Names { groups, named, aliases };
    for (at, group) in groups.iter().enumerate() {
        gathering.tie(at, group, &names, &mut collections);
        gathering.settle_owner(group, &mut collections[at]);
        gathering.tell_machines(group, &mut collections[at]);
        if let Some(told) = gathering.told_of(&collections, at) {
            tell_owner(told, &mut collections[at]);
        }
    }
    let mut on_records: Vec<Option<OnRecords>> = vec![None; gathering.operations.len()];
    for (collection, group) in groups.iter().enumerate() {
        for &at in &group.endpoints {
            let id = gathering.id_input(at, &collections[collection], groups);
            let confidence =
                match (&collections[collection].names.is_empty(), collections[collection].fields.is_empty()) {
                    _ if gathering.is_placed(at) => Confidence::Certain,
                    (false, false) => Confidence::Certain,
                    (true, false) => Confidence::Likely,
                    _ => Confidence::Guess,
                };
            on_records[at] = Some(OnRecords { collection, id, confidence });
        }
    }
    gathering.refer_ratings(&mut collections, &on_records);
    for (at, group) in groups.iter().enumerate() {
        gathering.finish(at, group, &mut collections, &on_records);
    }
    fill_parents(gathering, groups, &mut collections);
    inherit(&mut collections);
    for (at, group) in groups.iter().enumerate() {
        collections[at].due = gathering.due(group, at, &collections);
    }
    gathering.price(groups, &mut collections);
    // What remarks say of a sum comes before what its parts say, but for what takes something off.
    for collection in &mut collections {
        let priced = &collection.priced;
        let is_told =
            |due: &super::due::Due| due.less.is_none() && priced.iter().any(|priced| priced.field == due.field);
        if collection.due.as_ref().is_some_and(is_told) {
            collection.due = None;
        }
    }
    (collections, on_records)
}

/// What the records of all groups are called.
struct Names<'a> {
    groups: &'a [Group],
    /// The groups of each name, in order.
    named: HashMap<&'a str, Vec<usize>>,
    aliases: Vec<Vec<String>>,
}

impl Names<'_> {
    fn named(&self, name: &str) -> &[usize] {
        self.named.get(name).map_or(&[], Vec::as_slice)
    }
}

/// An object of an example that shows a record.
pub(super) struct Sight<'e> {
    pub(super) endpoint: usize,
    pub(super) example: &'e Example,
    pub(super) path: Vec<Step>,
    pub(super) item: &'e Json,
}

impl<'a> Gathering<'a> {
    pub(super) fn endpoint(&self, at: usize) -> &'a Endpoint {
        &self.set.endpoints[at]
    }

    /// Whether records of the group are tied to accounts, or sent to them.
    fn names_accounts(&self, group: &Group) -> bool {
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

    /// What is seen of a group's records, lists first.
    pub(super) fn sights(&self, group: &Group) -> Vec<Sight<'a>> {
        let rank = |at: usize| match self.operations[at] {
            Operation::List => 0,
            Operation::Detail => 1,
            Operation::Create | Operation::Save => 2,
            _ => 3,
        };
        let mut endpoints = group.endpoints.clone();
        endpoints.sort_by_key(|at| (rank(*at), *at));
        let mut sights = Vec::new();
        for at in endpoints {
            let endpoint = self.endpoint(at);
            let envelope = self.set.envelope(endpoint);
            for example in endpoint.successes() {
                match shape::of_example(envelope, example, self.lexicon) {
                    Shown::List { path, .. } if self.operations[at] == Operation::List => {
                        let items = shape::items(&example.value, &path);
                        sights.extend(items.into_iter().map(|(path, item)| Sight {
                            endpoint: at,
                            example,
                            path,
                            item,
                        }));
                    }
                    Shown::Item { path } if !matches!(self.operations[at], Operation::List | Operation::Count) => {
                        if let Some(item) = example.value.at(&path) {
                            sights.push(Sight { endpoint: at, example, path, item });
                        }
                    }
                    _ => {}
                }
            }
        }
        sights
    }

    fn collection(&self, group: &Group, groups: &[Group]) -> Collection {
        let first = group.endpoints.first().map_or_else(Place::default, |at| self.endpoint(*at).place);
        let name = group.relation.as_deref().or(group.names.first().map(String::as_str));
        let title = group.titles.iter().min_by_key(|title| title.chars().count()).cloned().unwrap_or_default();
        let because = Evidence::new(
            group.names.iter().chain(&group.titles).cloned().collect::<Vec<_>>().join(", "),
            first,
            Confidence::Likely,
        );
        let mut collection = Collection {
            title: title.clone(),
            names: group.names.clone(),
            titles: group.titles.clone(),
            ..Collection::new(name.unwrap_or(&title), because)
        };
        let sights = self.sights(group);
        collection.id.key = self.id_key(group, groups, &sights);
        for sight in &sights {
            self.see(sight, &mut collection);
        }
        self.add_inputs(group, &mut collection);
        collection
    }

    /// The member that shows a record's id.
    fn id_key(&self, group: &Group, groups: &[Group], sights: &[Sight<'_>]) -> Option<Arc<str>> {
        let keys = || sights.iter().flat_map(|sight| self.members(sight));
        let scalar = |(key, value): &(&Arc<str>, &Json)| value.is_scalar() && shape::is_id(key);
        let exactly = || keys().find(|(key, value)| matches!(compact(key).as_str(), "id") && value.is_scalar());
        let named =
            || keys().filter(scalar).find(|(key, _)| id_stem(key).is_some_and(|stem| group.names.contains(&stem)));
        let asked = || {
            let inputs = group.endpoints.iter().flat_map(|at| self.inputs[*at].iter().map(move |input| (*at, input)));
            let mut own = inputs.filter(|(at, input)| {
                let takes_one =
                    self.lexicon.operation_words(self.operations[*at]).is_some_and(|words| words.id == Some(true));
                (takes_one || matches!(self.operations[*at], Operation::Delete | Operation::Transition))
                    && (input.word == Role::RecordId || self.lexicon.is_named("record-number", &input.name))
                    && !id_stem(&input.name).is_some_and(|stem| {
                        groups.iter().any(|other| !std::ptr::eq(other, group) && other.names.contains(&stem))
                    })
            });
            own.find_map(|(_, input)| {
                keys().find(|(key, value)| compact(key) == compact(&input.name) && value.is_scalar())
            })
        };
        exactly().or_else(named).or_else(asked).map(|(key, _)| Arc::clone(key))
    }

    /// The members of an item without the envelope's own.
    pub(super) fn members<'e>(&self, sight: &Sight<'e>) -> impl Iterator<Item = (&'e Arc<str>, &'e Json)> + use<'e> {
        let own = shape::envelope_members(
            self.set.envelope(self.endpoint(sight.endpoint)),
            &sight.example.value,
            &sight.path,
        );
        let members = sight.item.as_object().unwrap_or_default().iter();
        members.filter(move |(key, _)| !own.contains(key)).map(|(key, value)| (key, value))
    }

    /// `balance` in the reply of a payment is what is left to the account.
    fn is_accounts(&self, sight: &Sight<'_>, key: &str) -> bool {
        let own = || self.accounts.field(key).is_some() && self.lexicon.is_named("balance", key);
        self.operations[sight.endpoint] == Operation::Transition && own()
    }

    fn see(&self, sight: &Sight<'_>, collection: &mut Collection) {
        for (key, value) in self.members(sight).filter(|(key, _)| !self.is_accounts(sight, key)) {
            if collection.id.key.as_ref() == Some(key) {
                let known =
                    collection.id.example.as_ref().and_then(Json::scalar_text).is_some_and(|text| !text.is_empty());
                if !known {
                    collection.id.example = Some(value.clone());
                }
                continue;
            }
            let mut path = sight.path.clone();
            path.push(Step::Key(Arc::clone(key)));
            let comment =
                sight.example.comments.iter().find(|note| note.path == path || is_same_item(&note.path, &path));
            // `{"id": 73, "is_read": 1} //0未读 1已读`: what trails an object is about its last member.
            let last = sight.item.as_object().and_then(|members| members.last()).is_some_and(|(name, _)| name == key);
            let trailing = || {
                let note = sight.example.comments.iter().find(|note| note.path == sight.path)?;
                let items = enumerated(&note.text, value, self.lexicon);
                items.iter().any(|item| value.scalar_text() == Some(&item.value)).then_some(note)
            };
            let comment = comment.or_else(|| trailing().filter(|_| last));
            let words = comment.map_or_else(String::new, |note| note.text.clone());
            let place = sight.example.place_of(&path);
            let deed = self.operations[sight.endpoint] == Operation::Transition;
            if deed && collection.field(key).is_none() && self.is_balance(key, collection) {
                continue;
            }
            match collection.fields.iter_mut().find(|field| field.key == *key) {
                Some(field) => {
                    if field.words.is_empty() {
                        field.words = words;
                        field.place = if field.words.is_empty() { field.place } else { place };
                    }
                    if is_blank(&field.example) && !is_blank(value) {
                        field.example = value.clone();
                    }
                }
                None => {
                    let role = role_of(key, &words, value, self.lexicon);
                    let initial = Initial::Value(value.emptied());
                    collection.fields.push(ItemField {
                        key: Arc::clone(key),
                        role,
                        example: value.clone(),
                        words,
                        initial,
                        is_updated: false,
                        place,
                    });
                }
            }
        }
    }

    /// `money` in the reply to paying is what the caller has left, where the records have an amount of their own.
    fn is_balance(&self, key: &str, collection: &Collection) -> bool {
        let own = collection.fields.iter().any(|field| field.role == Role::Amount);
        own && self.lexicon.is_named("balance", key) && self.accounts.field(key).is_some()
    }

    /// What is sent and never shown is kept all the same; what the inputs say of fields is said of them.
    fn add_inputs(&self, group: &Group, collection: &mut Collection) {
        for &at in &group.endpoints {
            let operation = self.operations[at];
            let writes = matches!(operation, Operation::Create | Operation::Update | Operation::Save);
            for (input, param) in self.inputs[at].iter().zip(&self.endpoint(at).params) {
                if !is_data(input, param.listed) {
                    continue;
                }
                let words = param.all_words();
                if let Some(key) = key_for(collection, input)
                    && let Some(field) = collection.fields.iter_mut().find(|field| field.key == key)
                {
                    if enumerated(&field.words, &field.example, self.lexicon).is_empty() {
                        let says_more = enumerated(&words, &field.example, self.lexicon).len() > 1;
                        if !field.words.is_empty() && !says_more {
                            continue;
                        }
                        field.words = words;
                        field.place = input.place;
                    }
                    continue;
                }
                let own_id = collection.id.key.as_deref().is_some_and(|key| compact(key) == compact(&input.name))
                    || compact(&input.name) == "id";
                let filters = operation == Operation::List && input.word == Role::Status;
                if (!writes && !filters) || own_id {
                    continue;
                }
                let number = param.type_name.as_deref().is_some_and(|name| {
                    ["int", "number", "float", "double", "decimal", "long"]
                        .iter()
                        .any(|known| name.to_lowercase().starts_with(known))
                });
                let example = if number { Json::Number("0".into()) } else { Json::string("") };
                collection.fields.push(ItemField {
                    key: Arc::clone(&input.name),
                    role: input.word,
                    initial: Initial::Value(example.clone()),
                    is_updated: false,
                    example,
                    words,
                    place: input.place,
                });
            }
        }
    }

    /// Machines, references, ownership: what needs all collections' names.
    /// What else its records are called: by the labels of their ids (`联系人id`), by the values of a kind (`1寄件人 2收件人`).
    fn aliases(&self, collection: &Collection, group: &Group) -> Vec<String> {
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

    fn tie(&self, at: usize, group: &Group, names: &Names<'_>, collections: &mut [Collection]) {
        let groups = names.groups;
        let machines = self.machines(group, &collections[at]);
        collections[at].machines = machines;
        let mut references: Vec<Reference> = Vec::new();
        let fields = collections[at].fields.iter().map(|field| (Arc::clone(&field.key), field.words.clone()));
        let inputs = group.endpoints.iter().flat_map(|endpoint| {
            let params = &self.endpoint(*endpoint).params;
            self.inputs[*endpoint].iter().zip(params).filter(|(input, param)| is_data(input, param.listed))
        });
        let inputs = inputs.map(|(input, param)| (Arc::clone(&input.name), param.all_words()));
        for (name, words) in fields.chain(inputs) {
            let Some(target) = referred(&name, &words, at, names, self.lexicon) else { continue };
            let key = collections[at].field(&name).map_or(name, |field| Arc::clone(&field.key));
            if references.iter().any(|known| known.field == key) {
                continue;
            }
            let many = compact(&key).ends_with("ids");
            references.push(Reference { field: key, collection: target, many });
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
    fn refer_ratings(&self, collections: &mut [Collection], on_records: &[Option<OnRecords>]) {
        for (at, on) in on_records.iter().enumerate() {
            let Some(on) = on.as_ref().filter(|_| self.operations[at] == Operation::Transition) else { continue };
            if !rating::is_rating(&self.endpoint(at).title, self.lexicon) || !collections[on.collection].owned {
                continue;
            }
            let Some(ratings) = rating::ratings_of(collections, on.collection, self.lexicon) else { continue };
            if collections[ratings].references.iter().all(|known| known.collection != on.collection) {
                let field: Arc<str> = format!("{}_id", collections[on.collection].name).into();
                collections[ratings].references.push(Reference { field, collection: on.collection, many: false });
            }
            collections[ratings].owned = true;
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
        let accounts = collections.iter().position(Collection::holds_accounts);
        if let (Some(input), Some(target)) = (self.tied_account(group), accounts) {
            let bare = compact(&input.name) == "id";
            let field: Arc<str> = if bare { "account_id".into() } else { Arc::clone(&input.name) };
            references.retain(|reference| reference.field != field);
            collections[at].relation =
                Some(Relation { name, target, field: Arc::clone(&field), deeds: self.path_deeds(group) });
            collections[at].unique.push(Unique { fields: vec![field], own: true });
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
        collections[at].relation =
            Some(Relation { name, target, field: Arc::clone(&field), deeds: self.path_deeds(group) });
        collections[at].unique.push(Unique { fields: vec![field], own: true });
    }

    /// The input that names a record of the endpoint's own collection.
    fn id_input(&self, at: usize, collection: &Collection, groups: &[Group]) -> Option<RecordId> {
        let operation = self.operations[at];
        if let Some(input) = self.told_id(at) {
            let name = &self.inputs[at][input].name;
            let own =
                compact(name) == "id" || collection.id.key.as_deref().is_some_and(|key| compact(key) == compact(name));
            let via = collection.field(name).filter(|_| !own).map(|field| Arc::clone(&field.key));
            return Some(RecordId { input, via });
        }
        if matches!(operation, Operation::List | Operation::Create | Operation::Count) {
            return None;
        }
        let inputs: Vec<(usize, &Input)> = self.inputs[at]
            .iter()
            .enumerate()
            .filter(|(_, input)| {
                !input.discriminates && !input.routes && input.location != In::Header && input.word != Role::Token
            })
            .collect();
        let plain = |input: usize| Some(RecordId { input, via: None });
        let find = |test: &dyn Fn(&Input) -> bool| inputs.iter().find(|(_, input)| test(input)).map(|(at, _)| *at);
        if let Some(relation) = &collection.relation {
            // None where accounts are tied.
            let target = groups.get(relation.target);
            let names_target = |input: &Input| {
                let by_stem = |target: &Group| id_stem(&input.name).is_some_and(|stem| target.names.contains(&stem));
                compact(&input.name) == compact(&relation.field)
                    || target.map_or_else(|| others::names_account(input, self.lexicon), by_stem)
            };
            let bare =
                |input: &Input| matches!(compact(&input.name).as_str(), "id" | "ids") || input.location == In::Path;
            let any = |input: &Input| input.word == Role::RecordId;
            return find(&names_target).or_else(|| find(&bare)).or_else(|| find(&any)).and_then(plain);
        }
        let bare = |input: &Input| matches!(compact(&input.name).as_str(), "id" | "ids");
        let own = |input: &Input| id_stem(&input.name).is_some_and(|stem| collection.is_called(&stem));
        // A cart's line is named by the goods that it holds.
        let held = |input: &Input| collection.private && collection.reference(&input.name).is_some();
        let same = |input: &Input| collection.id.key.as_deref().is_some_and(|key| compact(key) == compact(&input.name));
        if let Some(found) = find(&bare).or_else(|| find(&own)).or_else(|| find(&same)) {
            // `order_no` shares the stem of `order_id`, and is a field of its own.
            let name = &self.inputs[at][found].name;
            let via =
                collection.field(name).filter(|_| !same(&self.inputs[at][found])).map(|field| Arc::clone(&field.key));
            return Some(RecordId { input: found, via });
        }
        let numbered = inputs.iter().find_map(|(input, known)| {
            let field = collection.field(&known.name)?;
            self.lexicon.is_named("record-number", &known.name).then(|| (*input, Arc::clone(&field.key)))
        });
        if let Some((input, via)) = numbered {
            return Some(RecordId { input, via: Some(via) });
        }
        let needs = self.lexicon.operation_words(operation).is_some_and(|words| words.id == Some(true))
            || matches!(operation, Operation::Transition | Operation::Delete);
        let by_reference = find(&held).and_then(|input| {
            let reference = collection.reference(&self.inputs[at][input].name)?;
            Some(RecordId { input, via: Some(Arc::clone(&reference.field)) })
        });
        let foreign = |input: &Input| {
            id_stem(&input.name).is_some_and(|stem| groups.iter().any(|group| group.names.contains(&stem)))
        };
        let path = |input: &Input| input.location == In::Path;
        let any = |input: &Input| input.word == Role::RecordId && !foreign(input);
        let labelled = |input: &Input| {
            collection.titles.iter().any(|title| input.label.starts_with(title.as_str()))
                && (shape::is_id(&input.name) || input.word == Role::RecordId)
        };
        let own = find(&path).or_else(|| find(&labelled)).or_else(|| find(&any).filter(|_| needs));
        own.and_then(plain).or(by_reference.filter(|_| needs))
    }
}

/// The group that a field or parameter refers to.
fn referred(name: &str, words: &str, own: usize, names: &Names<'_>, lexicon: &Lexicon) -> Option<usize> {
    let Names { groups, aliases, .. } = names;
    let others = || (0..groups.len()).filter(|at| *at != own && groups[*at].relation.is_none());
    let numbered = lexicon.is_named("record-number", name);
    if id_stem(name).is_none() && !shape::is_id(name) && !numbered {
        return None;
    }
    let stem = id_stem(name).unwrap_or_default();
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
    named.or_else(label).or_else(short)
}

/// A label of an id without what says that it is one: `联系人` of `联系人id`.
pub(in crate::behavior) fn bare_label(label: &str, lexicon: &Lexicon) -> String {
    let bare = lexicon.without("title-filler", crate::lexicon::label_head(label));
    let bare: String = bare.chars().filter(|c| c.is_alphabetic() && !c.is_ascii()).collect();
    // What says that it is a name: `运单号`, `订单编号`.
    lexicon.before_end("id-word", &bare).to_owned()
}

/// Whether an input carries something of a record, and not who calls, how to page or what is routed by.
pub(in crate::behavior) fn is_data(input: &Input, listed: bool) -> bool {
    !input.discriminates
        && input.location != In::Header
        && (listed || input.location != In::Query)
        && !input.routes
        && !matches!(
            input.word,
            Role::Token
                | Role::Page
                | Role::PageSize
                | Role::Keyword
                | Role::Signature
                | Role::Openid
                | Role::UserId
                | Role::PayPassword
        )
        && (!input.word.is_secret() || input.word == Role::Passcode)
}

/// The field under which an input's value is kept, if the examples show one.
pub(in crate::behavior) fn key_for(collection: &Collection, input: &Input) -> Option<Arc<str>> {
    if let Some(field) = collection.field(&input.name) {
        return Some(Arc::clone(&field.key));
    }
    let name = compact(&input.name);
    let prefixed = || {
        collection.fields.iter().find(|field| {
            let key = compact(&field.key);
            collection.names.iter().any(|own| key == format!("{own}{name}") || name == format!("{own}{key}"))
        })
    };
    let by_role = || {
        let single = matches!(
            input.word,
            Role::Phone | Role::RealName | Role::Nickname | Role::Avatar | Role::Email | Role::IdCard | Role::Status
        );
        let mut same = collection.fields.iter().filter(|field| single && field.role == input.word);
        let first = same.next();
        first.filter(|_| same.next().is_none())
    };
    prefixed().or_else(by_role).map(|field| Arc::clone(&field.key))
}

/// Whether a list is the caller's own: `我的订单`, `order/mine`.
pub(in crate::behavior) fn is_mine(endpoint: &Endpoint, lexicon: &Lexicon) -> bool {
    let path = endpoint.segments.iter().any(|segment| match segment {
        crate::spec::Segment::Literal(text) => crate::behavior::operation::split_words(text)
            .iter()
            .any(|word| matches!(word.as_str(), "my" | "mine" | "own")),
        crate::spec::Segment::Param(_) => false,
    });
    path || lexicon.speaks_of("mine", &endpoint.title)
}

/// Paths that differ in the number of the item only: a comment at the first item speaks for all.
fn is_same_item(note: &[Step], path: &[Step]) -> bool {
    note.len() == path.len()
        && note.iter().zip(path).all(|(a, b)| a == b || matches!((a, b), (Step::Index(_), Step::Index(_))))
}

fn is_blank(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::Array(items) => items.is_empty(),
        Json::Object(members) => members.is_empty(),
        scalar => scalar.scalar_text().is_some_and(str::is_empty),
    }
}
