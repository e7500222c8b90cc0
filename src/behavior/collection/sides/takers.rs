//! Records that one kind of account makes and another takes up: `接单`, `抢单`.
//!
//! In: the kinds of accounts and whose each endpoint is. Out: who takes a collection's records, which are free, where it is
//! kept who took one, and what is shown of whoever did.

use crate::behavior::account::Accounts;
use crate::behavior::collection::items::gather::{Gathering, is_mine};
use crate::behavior::collection::items::shape;
use crate::behavior::collection::machine::moves::names;
use crate::behavior::collection::nouns::group::Group;
use crate::behavior::collection::nouns::noun::id_stem;
use crate::behavior::collection::{Collection, Initial, ListPlan, OnRecords, Party, RecordId, Source};
use crate::behavior::operation::{path_of, split_words};
use crate::behavior::records::{Records, Wish};
use crate::behavior::{Action, Confidence, Demand, Effect, Evidence, Failure, Input, Machine, Origin, StatusValue};
use crate::json::Json;
use crate::lexicon::{Class, Lexicon, Operation, Role, compact, label_head};
use std::collections::HashSet;
use std::sync::Arc;

/// Who takes the records of a collection.
#[derive(Clone, Debug)]
pub struct Taker {
    /// The kind of account; none where all are alike, and anybody takes what another made.
    pub kind: Option<usize>,
    /// Whoever makes a record names who that is; nobody takes one.
    pub appointed: bool,
    /// The field that has the id of the account that took a record.
    pub field: Arc<str>,
    /// The records that nobody took yet and anybody of the kind may take: the status and its values. None where nothing
    /// takes; then all are everybody's of the kind.
    pub free: Option<(Arc<str>, Vec<Json>)>,
    /// Fields that show who took it.
    pub shown: Vec<(Arc<str>, TakerPart)>,
    /// What the names of fields call whoever made a record, beside the usual: `driver_id`.
    pub maker: Option<String>,
    /// The endpoints that take.
    pub takes: Vec<usize>,
    /// Lists of what is free, with the statuses that they show.
    pub pools: Vec<(usize, Vec<Json>)>,
    pub because: Evidence,
}

/// What a field shows of an account.
#[derive(Clone, Debug, PartialEq)]
pub enum TakerPart {
    Id,
    Identity,
    Field(Arc<str>),
    Parts(Vec<(Arc<str>, Json, TakerPart)>),
}

impl Taker {
    pub fn shows(&self, key: &str) -> bool {
        *self.field == *key || self.shown.iter().any(|(known, _)| **known == *key)
    }

    /// What shows the same of whoever made a record as is shown of whoever has it: `name` of `approverName`.
    pub(in crate::behavior::collection) fn shown_as(&self, name: &str) -> Option<Source> {
        let same = |key: &str| split_words(key).get(1..).is_some_and(|rest| rest.concat() == name);
        self.shown.iter().filter(|(key, _)| same(key)).find_map(|(_, part)| match part {
            TakerPart::Field(field) => Some(Source::OwnerField(Arc::clone(field))),
            TakerPart::Identity => Some(Source::OwnerIdentity),
            TakerPart::Id | TakerPart::Parts(_) => None,
        })
    }
}

/// The field where no example shows who took a record.
pub(in crate::behavior::collection) const TAKEN_BY: &str = "taken_by";

impl Gathering<'_> {
    /// `师傅看自己接的`: who works on records sees of these only what it took, where a look at one says so.
    pub(in crate::behavior::collection) fn settle_taken_only(
        &self,
        collections: &[Collection],
        on_records: &mut [Option<OnRecords>],
    ) {
        for (at, on) in on_records.iter_mut().enumerate() {
            let Some(on) = on.as_mut().filter(|_| self.operations[at] == Operation::Detail) else { continue };
            let known = collections[on.collection].taker.as_ref();
            if !known.is_some_and(|taker| taker.kind.is_some() && !taker.appointed) {
                continue;
            }
            // That nobody else sees it is said as well.
            let said = crate::behavior::collection::prose::remarks(self.prose, self.endpoint(at));
            let said = said.filter(|note| self.lexicon.speaks_of("own-eyes-only", &note.text));
            let mut clauses = said.flat_map(|note| note.text.split(['，', ',', '；', ';', '。']));
            let only = |text: &str| {
                self.lexicon.speaks_of("sees-what-it-took", text) && !self.lexicon.speaks_of("not-taken-yet", text)
            };
            if clauses.any(only) {
                on.party = Party::Both;
            }
        }
    }

    pub(in crate::behavior::collection) fn settle_taker(
        &self,
        group: &Group,
        at: usize,
        collections: &mut [Collection],
    ) {
        let taker = self.taker(group, at, collections);
        let collection = &mut collections[at];
        collection.taker = taker;
        collection.private |= collection.taker.is_some();
        // Before anybody took it, an object of whoever did has all its members, each empty.
        let parted = collection.taker.iter().flat_map(|taker| &taker.shown);
        let parted = parted.filter(|(_, part)| matches!(part, TakerPart::Parts(_))).map(|(key, _)| key);
        for key in parted {
            let mut own = collection.fields.iter_mut().filter(|field| field.key == *key);
            if let Some(field) = own.find(|field| field.initial != Initial::Value(Json::Null)) {
                let members = field.example.as_object().unwrap_or_default().iter();
                let empty = members.map(|(name, example)| (Arc::clone(name), example.emptied()));
                field.initial = Initial::Value(Json::Object(empty.collect()));
            }
        }
    }

    /// The field by which whoever makes a record names an account of that kind.
    fn named_of_kind(&self, kind: usize, collection: &Collection, collections: &[Collection]) -> Option<Arc<str>> {
        let value = &self.accounts.kinds.as_ref()?.kinds.get(kind)?.value;
        let of_kind = |at: usize| collections.get(at).and_then(|known| known.of_kind.as_ref());
        let named = collection.references.iter().find(|reference| {
            !reference.many && of_kind(reference.collection).is_some_and(|(_, known)| known == value)
        });
        named.map(|reference| Arc::clone(&reference.field))
    }

    fn taker(&self, group: &Group, at: usize, collections: &[Collection]) -> Option<Taker> {
        let collection = &collections[at];
        let kinds = self.accounts.kinds.as_ref().filter(|_| collection.owned && collection.relation.is_none())?;
        let of = |wanted: Operation| group.endpoints.iter().copied().filter(move |at| self.operations[*at] == wanted);
        let makers: Vec<Option<usize>> =
            of(Operation::Create).chain(of(Operation::Save)).map(|at| kinds.caller(at)).collect();
        let serves = |kind: &usize| {
            let other = makers.iter().all(|maker| maker.is_some_and(|maker| maker != *kind));
            other || (!makers.contains(&Some(*kind)) && kinds.kinds.get(*kind).is_some_and(|known| known.serves))
        };
        let deeds = || of(Operation::Transition).chain(of(Operation::List)).chain(of(Operation::Detail));
        let first = deeds().find(|at| kinds.caller(*at).is_some_and(|kind| serves(&kind)))?;
        let kind = kinds.caller(first)?;
        let moves: Vec<_> = of(Operation::Transition)
            .filter(|at| kinds.caller(*at) == Some(kind))
            .filter_map(|at| Some((at, self.movement(at, collection)?)))
            .collect();
        let takes = |at: usize| {
            let verb = self.lexicon.verbs().verb(&self.endpoint(at).title, &self.nouns[at].words);
            verb.is_some_and(|(name, _)| name == "accept")
        };
        let begins = |field: &str, from: &[Json]| {
            collection.machine(field).is_some_and(|machine| from.contains(&machine.initial))
        };
        let appointed = self.named_of_kind(kind, collection, collections);
        let moves = if appointed.is_some() { Vec::new() } else { moves };
        let take = moves.iter().find(|(at, _)| takes(*at));
        let take = take.or_else(|| moves.iter().find(|(_, made)| begins(&made.field, &made.from)));
        let free = take.map(|(_, made)| (Arc::clone(&made.field), made.from.clone()));
        let taking: Vec<usize> = take.map(|(at, _)| *at).into_iter().collect();
        let registers = (0..self.operations.len()).filter(|at| self.operations[*at] == Operation::Register);
        let asked: Vec<&Input> = registers.flat_map(|at| &self.inputs[at]).collect();
        let called = kinds.kinds.get(kind).filter(|kind| kind.serves).map(|_| "serving-side");
        let value = kinds.kinds.get(kind).map_or("", |kind| kind.value.as_str());
        let in_paths = match &appointed {
            Some(field) => id_stem(field).unwrap_or_default(),
            None => self.word_of_kind(group, kind),
        };
        let value =
            if appointed.is_none() && value.bytes().any(|byte| byte.is_ascii_alphabetic()) { value } else { &in_paths };
        let own = kinds.kinds.get(kind).map_or("", |kind| kind.words.as_str());
        let (lexicon, accounts) = (self.lexicon, self.accounts);
        let words = Naming { called, value, own, lexicon, accounts, asked: &asked };
        let is_sent = |key: &str| {
            let mut makers = of(Operation::Create).chain(of(Operation::Save));
            makers.any(|at| self.inputs[at].iter().any(|input| compact(&input.name) == compact(key)))
        };
        let own = |key: &str| collection.reference(key).is_none() && !is_sent(key);
        let id = collection.fields.iter().find(|field| {
            let stem = id_stem(&field.key).filter(|_| shape::is_id(&field.key));
            // Who makes a record may say who is to work on it.
            collection.reference(&field.key).is_none() && stem.is_some_and(|stem| words.is_kind(&stem))
        });
        let named = appointed.clone().or_else(|| id.map(|field| Arc::clone(&field.key)));
        let field = named.unwrap_or_else(|| TAKEN_BY.into());
        let fields = collection.fields.iter().filter(|known| known.key != field && own(&known.key));
        let shown = fields.filter_map(|field| Some((Arc::clone(&field.key), words.part(field)?))).collect();
        let pools = of(Operation::List).filter_map(|at| Some((at, self.pool(at, kind, collection, free.as_ref())?)));
        let known = kinds.kinds.get(kind)?;
        let text = format!("{} {} work on what others make", known.value, known.words);
        let because = Evidence::new(text, self.endpoint(first).place, Confidence::Likely);
        let (shown, pools) = (shown, pools.collect());
        let free = free.clone();
        Some(Taker {
            kind: Some(kind),
            maker: self.maker_in_names(collection).filter(|_| appointed.is_some()),
            appointed: appointed.is_some(),
            field,
            free,
            shown,
            takes: taking,
            pools,
            because,
        })
    }

    /// The word that all paths of a kind's endpoints have before the last, and those of no others: `escort/take`.
    fn word_of_kind(&self, group: &Group, kind: usize) -> String {
        let is_of = |at: &usize| self.accounts.kinds.as_ref().and_then(|kinds| kinds.caller(*at)) == Some(kind);
        let (own, others): (Vec<usize>, Vec<usize>) = group.endpoints.iter().copied().partition(is_of);
        let words = |at: &usize| path_of(self.endpoint(*at));
        let foreign: HashSet<String> = others.iter().flat_map(words).collect();
        let paths: Vec<Vec<String>> = own.iter().map(words).collect();
        let before = paths.first().and_then(|path| path.split_last()).map_or(&[][..], |(_, before)| before);
        let mut common = before.iter().filter(|word| !foreign.contains(*word));
        common.find(|word| paths.iter().all(|path| path.contains(word))).cloned().unwrap_or_default()
    }

    /// What is finished was under way, where that is the status before (`跑腿中`) and something leads there.
    pub(in crate::behavior::collection) fn once_begun(
        &self,
        at: usize,
        name: &str,
        (machine, to): (&Machine, &StatusValue),
        collection: &Collection,
        from: Vec<Json>,
    ) -> Vec<Json> {
        let position = machine.values.iter().position(|value| value.value == to.value);
        let before = position.and_then(|at| machine.values.get(at.checked_sub(1)?)).filter(|_| name == "finish");
        let Some(before) = before.filter(|value| self.lexicon.ends_with("under-way", label_head(&value.words))) else {
            return from;
        };
        let begins = |other: &usize| {
            let nouns = &self.nouns[*other];
            let verb = self.lexicon.verbs().verb(&self.endpoint(*other).title, &nouns.words);
            *other != at
                && self.operations[*other] == Operation::Transition
                && verb.is_none_or(|(name, _)| name != "finish")
                && self.movement(*other, collection).is_some_and(|made| made.to == before.value)
        };
        let group = self.groups.iter().find(|group| group.endpoints.contains(&at));
        let begun = group.is_some_and(|group| group.endpoints.iter().any(begins));
        if begun { vec![before.value.clone()] } else { from }
    }

    /// The statuses that a list shows of everybody's records; none where it lists somebody's own.
    fn pool(
        &self,
        at: usize,
        kind: usize,
        collection: &Collection,
        free: Option<&(Arc<str>, Vec<Json>)>,
    ) -> Option<Vec<Json>> {
        let endpoint = self.endpoint(at);
        let caller = self.accounts.kinds.as_ref().and_then(|kinds| kinds.caller(at));
        if is_mine(endpoint, self.lexicon) || caller.is_some_and(|caller| caller != kind) {
            return None;
        }
        let (field, free) = free?;
        let remarks = crate::behavior::collection::prose::remarks(self.prose, endpoint).map(|note| note.text.as_str());
        let said: Vec<&str> = std::iter::once(endpoint.title.as_str()).chain(remarks).collect();
        let open = said.iter().any(|text| self.lexicon.speaks_of("open-to-all", text))
            || path_of(endpoint).iter().any(|word| self.lexicon.is_named("open-to-all", word));
        if !open {
            return None;
        }
        let machine = collection.machine(field)?;
        let named = machine.values.iter().filter(|value| said.iter().any(|text| names(text, value, self.lexicon)));
        let named: Vec<Json> = named.map(|value| value.value.clone()).collect();
        Some(if named.is_empty() { free.clone() } else { named })
    }
}

pub(in crate::behavior::collection) struct Naming<'a> {
    /// The topic of the words that call whoever takes.
    pub(in crate::behavior::collection) called: Option<&'a str>,
    /// What the kind of account is called beside those, in names and in labels.
    pub(in crate::behavior::collection) value: &'a str,
    pub(in crate::behavior::collection) own: &'a str,
    pub(in crate::behavior::collection) lexicon: &'a Lexicon,
    pub(in crate::behavior::collection) accounts: &'a Accounts,
    /// What is asked of who registers.
    pub(in crate::behavior::collection) asked: &'a [&'a Input],
}

impl Naming<'_> {
    pub(in crate::behavior::collection) fn is_kind(&self, word: &str) -> bool {
        self.called.is_some_and(|topic| self.lexicon.is_named(topic, word))
            || (!self.value.is_empty() && compact(self.value) == compact(word))
    }

    /// `master_name`, `worker: {name, phone}`, a `name` that is called 师傅姓名.
    pub(in crate::behavior::collection) fn part(
        &self,
        field: &crate::behavior::collection::ItemField,
    ) -> Option<TakerPart> {
        let (words, own) = (split_words(&field.key), self.own);
        if let Some(members) = field.example.as_object() {
            if !self.is_kind(&compact(&field.key)) && !words.first().is_some_and(|word| self.is_kind(word)) {
                return None;
            }
            let parts = members.iter().filter_map(|(key, example)| {
                let role = self.lexicon.role(key, "").map_or(Role::Plain, |(role, _)| role);
                Some((Arc::clone(key), example.clone(), self.of_account(key, role)?))
            });
            return Some(TakerPart::Parts(parts.collect()));
        }
        if words.len() == 1 && self.is_kind(&words[0]) {
            return self.of_account("", Role::RealName);
        }
        let (first, rest) = words.split_first()?;
        if self.is_kind(first) {
            return self.of_account(&rest.concat(), field.role);
        }
        let label = label_head(&field.words);
        // `接单人昵称` beside a name in letters that say nothing.
        let called = |topic: &str| self.lexicon.begins_with(topic, label) && !self.lexicon.is_nothing_but(topic, label);
        if self.called.is_some_and(called) {
            // A list that shows it first may say nothing of it.
            let said = || self.lexicon.role("", label).map_or(Role::Plain, |(role, _)| role);
            let role = if field.role == Role::Plain { said() } else { field.role };
            return self.of_account(&field.key, role);
        }
        let named = own.chars().count() > 1 && label.starts_with(own) && label != own;
        named.then(|| self.of_account(&field.key, field.role)).flatten()
    }

    fn of_account(&self, name: &str, role: Role) -> Option<TakerPart> {
        let accounts = self.accounts;
        if shape::is_id(name) {
            return Some(TakerPart::Id);
        }
        let identified = |role: Role| accounts.identities.contains(&role);
        let is_name = self.lexicon.is_named("person-name", name);
        let named = self.lexicon.role(name, "").map_or(role, |(role, _)| role);
        let named = if is_name { Role::RealName } else { named };
        for role in [role, named] {
            if identified(role) {
                return Some(TakerPart::Identity);
            }
            let keys: &[Role] = match role {
                Role::RealName | Role::Nickname | Role::Account => &[Role::RealName, Role::Nickname],
                Role::Phone | Role::Avatar | Role::Email => &[role],
                _ => &[],
            };
            if let Some(key) = keys.iter().find_map(|role| accounts.key_of_role(*role)) {
                return Some(TakerPart::Field(Arc::clone(key)));
            }
        }
        let known = accounts.field(name).map(|field| TakerPart::Field(Arc::clone(&field.key)));
        // What no example shows is kept all the same.
        let same = |input: &&&Input| compact(&input.name) == compact(name);
        let alike = |input: &&&Input| named != Role::Plain && input.word == named;
        let mut asked = [self.asked.iter().find(same), self.asked.iter().find(alike)].into_iter().flatten();
        known.or_else(|| asked.next().map(|input| TakerPart::Field(accounts.key_for(input))))
    }
}

/// What a list shows where one kind of account makes the records and another takes them.
pub(in crate::behavior) fn settle_list(at: usize, collections: &[Collection], plan: ListPlan) -> ListPlan {
    let taker = collections.get(plan.collection).and_then(|known| known.taker.as_ref());
    let pool = taker.and_then(|taker| taker.pools.iter().find(|(pool, _)| *pool == at));
    match (taker.and_then(|taker| taker.free.as_ref()), pool) {
        (Some((field, _)), Some((_, statuses))) => {
            let mine = plan.mine && taker.is_some_and(|taker| taker.appointed);
            ListPlan { mine, only: Some((Arc::clone(field), statuses.clone())), ..plan }
        }
        _ => plan,
    }
}

impl Records<'_> {
    /// What another took is told apart from what is not there, where the documents have words for it.
    pub(in crate::behavior) fn untaken(&self, wishes: &mut Vec<Wish>) {
        let Some((taker, collection, id)) = self.taken() else { return };
        let takes = taker.takes.contains(&self.at);
        let lexicon = self.gathering.lexicon;
        // `您不是维修师傅` tells who may call.
        let kinds = self.gathering.accounts.kinds.iter().flat_map(|kinds| &kinds.kinds);
        let kinds: Vec<&str> =
            kinds.map(|kind| kind.words.as_str()).filter(|words| words.chars().count() > 1).collect();
        let of_kinds = |failure: &Failure| kinds.iter().any(|words| failure.message.contains(words));
        let own = || {
            let own = self.failures().iter().filter(|failure| failure.origin != Origin::General);
            own.filter(|failure| !of_kinds(failure) || lexicon.speaks_of("taken-by-another", failure.says()))
        };
        let says = |failure: &&Failure| lexicon.speaks_of("taken-by-another", failure.says());
        let is_yours = |failure: &&Failure| failure.classes.first() == Some(&Class::NotYours);
        let state = |failure: &&Failure| {
            let fits = |class: &Class| matches!(class, Class::WrongState | Class::Exists | Class::ForbiddenStatus);
            takes && failure.classes.first().is_some_and(fits)
        };
        let shared = || self.gathering.chooser.catalog.shared.iter().find(says);
        let found = own().find(says).or_else(|| own().find(is_yours)).or_else(|| own().find(state));
        let Some(failure) = found.or_else(shared).cloned() else { return };
        if takes {
            let unsaid = wishes.iter_mut().filter(|(demand, ..)| matches!(demand, Demand::InState { .. }));
            unsaid.filter(|(.., known)| known.is_none()).for_each(|(.., known)| *known = Some(failure.clone()));
        }
        let because = Evidence::new("a failure says that another took it", failure.place, Confidence::Likely);
        wishes.push((Demand::Untaken { collection, id: id.clone() }, because, Some(failure)));
    }

    /// Who takes the records that the endpoint is about, where it is theirs to call.
    fn taken(&self) -> Option<(&crate::behavior::collection::Taker, usize, &RecordId)> {
        let on = self.on?;
        let taker = self.collections[on.collection].taker.as_ref()?;
        let kinds = self.gathering.accounts.kinds.as_ref()?;
        let deed = matches!(self.operation(), Operation::Transition | Operation::Update);
        let theirs = taker.kind.is_some() && kinds.caller(self.at) == taker.kind;
        (deed && theirs).then_some((taker, on.collection, on.id.as_ref()?))
    }

    pub(in crate::behavior) fn taking(&self) -> Option<Effect> {
        if let Some(effect) = self.passing() {
            return Some(effect);
        }
        let (taker, collection, id) = self.taken()?;
        if taker.takes.contains(&self.at) {
            let action = Action::TakeRecord { collection, id: id.clone() };
            return Some(Effect { action, because: taker.because.clone() });
        }
        // What goes back to where anybody of the kind may take it is nobody's any more.
        let (field, free) = taker.free.as_ref().filter(|_| !taker.appointed)?;
        let made = self.movement().filter(|made| made.field == *field && free.contains(&made.to))?;
        let action = Action::LeaveRecord { collection, id: id.clone() };
        let because =
            Evidence::new("what nobody has taken any more is free", taker.because.place, made.because.confidence);
        Some(Effect { action, because })
    }
}
