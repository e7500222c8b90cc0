//! What the records of a group of endpoints look like: the union of what lists, details and creations show.

use super::shape;
use crate::behavior::account::Accounts;
use crate::behavior::account::others;
use crate::behavior::choose::Chooser;
use crate::behavior::collection::nouns::group::Group;
use crate::behavior::collection::nouns::headed::Headed;
use crate::behavior::collection::nouns::making::Making;
use crate::behavior::collection::nouns::noun::Nouns;
use crate::behavior::collection::prose::Said;
use crate::behavior::collection::prose::section::Sections;
use crate::behavior::collection::settle::{fill_parents, inherit};
use crate::behavior::collection::sides::invited::Invitations;
use crate::behavior::collection::ties::{Names, by_id};
use crate::behavior::collection::told::tell_owner;
use crate::behavior::collection::{Collection, OnRecords, Party};
use crate::behavior::replies::showing::is_new_id;
use crate::behavior::{Auth, Confidence, Evidence, Input, Overrides};
use crate::json::Json;
use crate::lexicon::{Lexicon, Operation, Role, compact};
use crate::spec::{DocSet, Endpoint, In, Note};
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;
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
    pub(in crate::behavior) headed: &'a Headed,
    /// Parallel to the collections that they make.
    pub(in crate::behavior) groups: &'a [Group],
    /// The nouns of what many are tied to.
    pub(in crate::behavior) joined: HashSet<String>,
    pub(in crate::behavior) invited: &'a Invitations,
    pub(in crate::behavior) asked: &'a Asked,
}

/// What one endpoint after the other asks of all that belong to the same records.
#[derive(Default)]
pub(in crate::behavior) struct Asked {
    /// By noun, what whoever makes such records sends that is no status, compact.
    pub(in crate::behavior::collection) sent: RefCell<HashMap<String, Rc<HashSet<String>>>>,
    /// By group and key, the members of the lines that are shown there.
    pub(in crate::behavior::collection) lines: RefCell<HashMap<LinesOf, Rc<Vec<Member>>>>,
}

/// A group and a key that its replies show.
type LinesOf = (usize, Arc<str>);

/// A member of an object, with what an example shows.
pub(in crate::behavior::collection) type Member = (Arc<str>, Json);

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
    gathering.list_kinds(&mut collections);
    let mut named: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, group) in groups.iter().enumerate() {
        group.names.iter().for_each(|name| named.entry(name).or_default().push(at));
    }
    let names = Names { groups, named, aliases, by_id: by_id(&collections) };
    for (at, group) in groups.iter().enumerate() {
        if collections[at].of_kind.is_some() {
            continue;
        }
        gathering.tie(at, group, &names, &mut collections);
        gathering.settle_owner(group, &mut collections[at]);
        gathering.tell_machines(group, &mut collections[at]);
        gathering.settle_taker(group, at, &mut collections);
        if let Some(told) = gathering.told_of(&collections, at) {
            tell_owner(told, &mut collections[at]);
        }
    }
    let mut on_records: Vec<Option<OnRecords>> = vec![None; gathering.operations.len()];
    for (collection, group) in groups.iter().enumerate() {
        for &at in &group.endpoints {
            // What was removed goes by the same id.
            let kind = crate::behavior::collection::lists::bins::home(groups, collection).unwrap_or(collection);
            let id = gathering.id_input(at, &collections[kind], groups);
            let confidence =
                match (&collections[collection].names.is_empty(), collections[collection].fields.is_empty()) {
                    _ if gathering.is_placed(at) => Confidence::Certain,
                    (false, false) => Confidence::Certain,
                    (true, false) => Confidence::Likely,
                    _ => Confidence::Guess,
                };
            on_records[at] = Some(OnRecords { collection, id, party: Party::Maker, confidence });
        }
    }
    gathering.settle_taken_only(&collections, &mut on_records);
    gathering.refer_ratings(&mut collections, &on_records);
    gathering.name_vouchers(groups, &mut collections);
    gathering.find_baskets(groups, &mut collections);
    gathering.settle_parties(groups, &mut collections, &mut on_records);
    for (at, group) in groups.iter().enumerate() {
        if collections[at].of_kind.is_some() {
            continue;
        }
        gathering.finish(at, group, &mut collections, &on_records);
        gathering.settle_public(group, &mut collections[at]);
    }
    gathering.drop_rated(&mut collections, &on_records);
    gathering.list_accounts(&mut collections, &mut on_records);
    fill_parents(gathering, groups, &mut collections);
    inherit(&mut collections);
    gathering.settle_crews(groups, &mut collections);
    gathering.settle_admissions(groups, &mut collections);
    gathering.sum_up(groups, &mut collections);
    crate::behavior::collection::lists::bins::settle(
        (gathering.set, gathering.lexicon, gathering.prose),
        groups,
        &mut collections,
    );
    for known in &mut collections {
        known.find_read_flag(gathering.lexicon);
    }
    (collections, on_records)
}

impl<'a> Gathering<'a> {
    pub(in crate::behavior) fn endpoint(&self, at: usize) -> &'a Endpoint {
        &self.set.endpoints[at]
    }

    fn collection(&self, group: &Group, groups: &[Group]) -> Collection {
        let sights = self.sights(group);
        let inside = || sights.first().map(|sight| sight.example.place_of(&sight.path));
        let first = group.endpoints.first().map(|at| self.endpoint(*at).place).or_else(inside).unwrap_or_default();
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
        let own = group.within.as_ref().map(|within| Arc::clone(&within.id));
        collection.id.key = own.or_else(|| self.id_key(group, groups, &sights));
        if collection.id.key.is_none() {
            collection.id.key = self.shared_key(group, &sights);
            collection.id.shared = collection.id.key.is_some();
        }
        for sight in &sights {
            self.see(sight, &mut collection);
        }
        if collection.id.example.is_none() {
            collection.id.example = group.endpoints.iter().find_map(|at| self.bare_id(*at));
        }
        self.add_inputs(group, &mut collection);
        self.type_blanks(group, &sights, &mut collection);
        collection
    }

    /// `"data": "16102030405060"`: the id with which making a record answers, where it says nothing else.
    fn bare_id(&self, at: usize) -> Option<Json> {
        let endpoint = self.endpoint(at);
        let example = endpoint.successes().next().filter(|_| self.operations[at] == Operation::Create)?;
        let shape::Shown::Scalar { path } = shape::of_endpoint(self.set, endpoint, self.lexicon) else { return None };
        let value = example.value.at(&path)?;
        is_new_id(example, &path, value, self.lexicon).then(|| value.clone())
    }
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
            let flag = |flag: &str, of: &str| flag.strip_prefix("is") == Some(of);
            flag(&key, &name)
                || flag(&name, &key)
                || collection.names.iter().any(|own| key == format!("{own}{name}") || name == format!("{own}{key}"))
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
    // `reason # 取消原因` is what `cancelReason // 取消原因` shows.
    let by_label = || {
        let label = crate::lexicon::label_head(&input.label);
        let plain = input.word == Role::Plain && label.chars().count() > 1 && !label.is_ascii();
        let alike = |field: &&crate::behavior::collection::ItemField| {
            field.role == Role::Plain && crate::lexicon::label_head(&field.words) == label
        };
        let mut same = collection.fields.iter().filter(|field| plain && alike(field));
        let first = same.next();
        first.filter(|_| same.next().is_none())
    };
    prefixed().or_else(by_role).or_else(by_label).map(|field| Arc::clone(&field.key))
}

/// Whether a list is the caller's own: `我的订单`, `order/mine`.
pub(in crate::behavior) fn is_mine(endpoint: &Endpoint, lexicon: &Lexicon) -> bool {
    let path = endpoint.segments.iter().any(|segment| match segment {
        crate::spec::Segment::Literal(text) => crate::behavior::operation::split_words(text)
            .iter()
            .any(|word| matches!(word.as_str(), "my" | "mine" | "own")),
        crate::spec::Segment::Param(_) => false,
    });
    // `我发布的`: a longer word than 我 can hide it.
    let title = without_uses(&endpoint.title);
    let title = title.trim_start_matches(|c: char| !c.is_alphabetic());
    let begun = lexicon.begins_with("mine-said", title);
    let made = || ["made-by-me", "taken-by-me"].iter().any(|topic| lexicon.speaks_of(topic, title));
    path || lexicon.speaks_of("mine", title) || (begun && made())
}

/// `商品列表（首页、搜索、个人主页都用）` is everybody's: what in brackets tells several places says where it is used.
pub(in crate::behavior) fn without_uses(title: &str) -> &str {
    let Some((before, inside)) = title.split_once(['(', '（', '[', '【']) else { return title };
    let several = inside.matches(['、', '，', ',', '/']).count() > 0;
    if several && before.chars().any(char::is_alphabetic) { before } else { title }
}
