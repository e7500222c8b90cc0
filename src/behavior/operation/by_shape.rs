//! What endpoints do of which no word is known: told by what goes in and what comes out, in the light of their neighbours.
//!
//! In: the endpoints with what the words said. Out: better operations for those of which they said little. A word that is
//! known outweighs a shape, but for what no records have: a name of an account together with a password.

use super::deed_path::{is_deed_by_path, refuses_deed, says_done_today};
use super::neighbours::Neighbours;
use super::{Clues, is_data, makes_id, takes_own_id};
use crate::behavior::account;
use crate::behavior::collection::items::shape::{self, Shown};
use crate::behavior::collection::nouns::noun::{Nouns, id_stem};
use crate::behavior::failure::Catalog;
use crate::behavior::replies::is_opaque;
use crate::behavior::{Confidence, Evidence, Input};
use crate::json::Json;
use crate::lexicon::{Class, Lexicon, Operation, Role, Shows, compact};
use crate::spec::{DocSet, Endpoint, In, Segment};
use std::collections::{BTreeSet, HashMap};

/// All that there is to judge by.
pub(in crate::behavior) struct Shapes<'a> {
    pub(in crate::behavior) set: &'a DocSet,
    pub(in crate::behavior) lexicon: &'a Lexicon,
    pub(in crate::behavior) catalog: &'a Catalog,
    pub(in crate::behavior) nouns: &'a [Nouns],
    pub(in crate::behavior) inputs: &'a [Vec<Input>],
}

/// Points from which an endpoint makes accounts, or lets them in.
const WAY_IN: i32 = 3;

impl Shapes<'_> {
    /// Settles what the words left open, and says of which endpoints it did, or would have. `told` are those of which the settings
    /// say what they do, `left_open` those of which the words did not.
    pub(in crate::behavior) fn settle(
        &self,
        operations: &mut [(Operation, Evidence)],
        told: &dyn Fn(usize) -> bool,
        left_open: &[bool],
    ) -> Vec<usize> {
        let mut settled = Vec::new();
        for (at, because) in crate::behavior::login::senders::senders(self, operations) {
            if !told(at) {
                operations[at] = (Operation::SendPasscode, self.evidence(at, because));
            }
        }
        self.ways_in(operations, told);
        for (at, because) in crate::behavior::account::registering::makers(self, operations, told) {
            operations[at] = (Operation::Register, self.evidence(at, because));
        }
        self.way_out(operations, told);
        for at in crate::behavior::login::renewing::renewers(self, operations).into_iter().filter(|at| !told(*at)) {
            let because = "it takes the caller's token alone and shows another";
            operations[at] = (Operation::RenewToken, self.evidence(at, because));
        }
        for at in (0..operations.len()).filter(|at| !told(*at)) {
            if operations[at].0 != Operation::Toggle && crate::behavior::tying::ties_told::told_tie(self, at).is_some()
            {
                let because = "it takes a record's id, and an input that says whether it is tied or not";
                operations[at] = (Operation::Toggle, self.evidence(at, because));
            }
        }
        let beside = Neighbours::new(self.set, self.nouns, self.lexicon);
        for (at, _) in super::handed_out::movers(self, operations, &beside).into_iter().filter(|(at, _)| !told(*at)) {
            let because = "statuses of what its id names are called by its title";
            operations[at] = (Operation::Transition, self.evidence(at, because));
        }
        for (at, operation, because) in crate::behavior::tying::own_ties::records(self, operations, &beside) {
            if !told(at) {
                operations[at] = (operation, self.evidence(at, because));
            }
        }
        let mut fields: BTreeSet<String> = BTreeSet::new();
        let add =
            |fields: &mut BTreeSet<String>, at: usize| fields.extend(beside.members[at].iter().map(|n| compact(n)));
        let shows = |operations: &[(Operation, Evidence)], at: usize| account::shows_account(operations[at].0);
        (0..operations.len()).filter(|at| shows(operations, *at)).for_each(|at| add(&mut fields, at));
        settled.extend(self.settle_rating(operations, &beside, told));
        for at in (0..operations.len()).filter(|at| !told(*at)) {
            if operations[at].0 == Operation::Detail && self.is_card(at, &beside, &fields) {
                let because = "it takes an account's id and shows what accounts have";
                operations[at] = (Operation::Profile, self.evidence(at, because));
            }
        }
        for at in (0..operations.len()).filter(|at| !told(*at)) {
            if operations[at].0 == Operation::Upload && self.sets_picture(at, &fields) {
                let because = "it takes a field of the caller's account and answers no address";
                operations[at] = (Operation::EditProfile, self.evidence(at, because));
            }
        }
        // What is told is as it would be without: its nouns are read in the same light.
        for at in (0..operations.len()).filter(|at| told(*at)) {
            let (inputs, failures) = (&self.inputs[at][..], &self.catalog.own[at][..]);
            let (endpoint, nouns, shown) = (&self.set.endpoints[at], &self.nouns[at], &beside.shown[at]);
            let clues = Clues { set: self.set, endpoint, inputs, failures, nouns, shown };
            let same = |(operation, _)| operation == operations[at].0;
            let by_words = super::operation(&clues, self.lexicon).0;
            if by_words == Operation::Answer && self.on_records(at, &beside).is_some_and(same) {
                settled.push(at);
            }
        }
        for at in (0..operations.len()).filter(|at| !told(*at)) {
            if self.grants(at, operations, &beside) {
                let because = "it gives callers what another list offers, and a list has what they have";
                operations[at] = (Operation::Create, self.evidence(at, because));
            }
        }
        for at in (0..operations.len()).filter(|at| !told(*at)) {
            if self.switches(at, operations[at].0, &beside) {
                let because = "a list shows which of its records is in use, and it takes the id of one";
                operations[at] = (Operation::SetDefault, self.evidence(at, because));
                settled.push(at);
            }
        }
        for at in self.set_numbers(operations, &beside).into_iter().filter(|at| !told(*at)) {
            let because = "it takes what a line holds and its number, as another does that adds";
            operations[at] = (Operation::Increment, self.evidence(at, because));
            settled.push(at);
        }
        fields.extend(self.own_pages(operations, &beside, told));
        self.on_what_callers_have(operations, &beside, &mut fields, told);
        for at in 0..operations.len() {
            if !(if told(at) { left_open[at] } else { is_open(&operations[at]) }) {
                continue;
            }
            let found = self.on_caller(at, &beside, &fields).or_else(|| self.on_records(at, &beside));
            if told(at) {
                settled.extend(found.filter(|(operation, _)| *operation == operations[at].0).map(|_| at));
                continue;
            }
            if let Some((operation, because)) = found {
                operations[at] = (operation, self.evidence(at, because));
                settled.push(at);
                if shows(operations, at) {
                    add(&mut fields, at);
                }
            }
        }
        settled
    }

    /// `切换档案` beside a list whose items have a flag of what is in use.
    fn switches(&self, at: usize, operation: Operation, beside: &Neighbours<'_>) -> bool {
        let endpoint = &self.set.endpoints[at];
        let could =
            matches!(operation, Operation::Answer | Operation::Transition | Operation::Update | Operation::Detail);
        if !could || endpoint.method.as_deref() == Some("GET") || !self.lexicon.speaks_of("switches", &endpoint.title) {
            return false;
        }
        let mut data = self.inputs[at].iter().filter(|input| is_data(input)).peekable();
        if data.peek().is_none() || !data.all(|input| is_id(input, self.lexicon)) {
            return false;
        }
        let stems = self.inputs[at].iter().filter_map(|input| id_stem(&input.name));
        let mut things = stems.chain([self.nouns[at].path.clone()]).chain(self.nouns[at].before.clone());
        let in_use = |name: &std::sync::Arc<str>| {
            ["one-at-a-time", "default-flag"].iter().any(|topic| self.lexicon.is_named(topic, name))
        };
        things.any(|thing| beside.lists_of(&thing).iter().any(|list| beside.members[*list].iter().any(in_use)))
    }

    pub(in crate::behavior) fn evidence(&self, at: usize, because: &str) -> Evidence {
        let endpoint = &self.set.endpoints[at];
        Evidence::new(because, endpoint.title_place.unwrap_or(endpoint.place), Confidence::Likely)
    }

    /// Where no word names what makes accounts or lets them in, a name of an account and a secret do.
    fn ways_in(&self, operations: &mut [(Operation, Evidence)], told: &dyn Fn(usize) -> bool) {
        for wanted in [Operation::Register, Operation::Login] {
            if operations.iter().any(|(operation, _)| *operation == wanted) {
                continue;
            }
            let open = |at: &usize| {
                let operation = operations[*at].0;
                !told(*at) && (operation == Operation::Answer || operation.is_on_records())
            };
            let scored = (0..operations.len()).filter(open).filter_map(|at| {
                let (register, login) = self.way_in(at)?;
                let (points, other) = if wanted == Operation::Register { (register, login) } else { (login, register) };
                (points >= WAY_IN && points > other).then_some((points, at))
            });
            // Of equals the first.
            if let Some((_, at)) = scored.max_by_key(|(points, at)| (*points, std::cmp::Reverse(*at))) {
                let because = match wanted {
                    Operation::Register => "it takes a new account's name and a secret",
                    _ => "it takes an account's name and the secret that proves it",
                };
                operations[at] = (wanted, self.evidence(at, because));
            }
        }
    }

    /// Where no word names what logs out, the one endpoint does that stands beside the one that lets in, is told nothing but
    /// the token, and answers nothing.
    fn way_out(&self, operations: &mut [(Operation, Evidence)], told: &dyn Fn(usize) -> bool) {
        let is = |wanted: Operation| operations.iter().position(|(operation, _)| *operation == wanted);
        let Some(login) = is(Operation::Login).filter(|_| is(Operation::Logout).is_none()) else { return };
        let first = |at: usize| self.set.endpoints[at].segments.split_last().map(|(_, before)| before);
        let quits = |at: &usize| {
            let endpoint = &self.set.endpoints[*at];
            let token = self.inputs[*at].iter().any(|input| input.word == Role::Token);
            let bare = token && !self.inputs[*at].iter().any(is_data);
            let nothing = shape::of_endpoint(self.set, endpoint, self.lexicon) == Shown::Nothing;
            let refuses =
                self.catalog.own[*at].iter().any(|failure| failure.classes.first() != Some(&Class::NotLoggedIn));
            let open = operations[*at].0 == Operation::Answer && operations[*at].1.confidence == Confidence::Guess;
            bare && nothing && !refuses && open && !told(*at) && first(*at) == first(login)
        };
        let mut found = (0..operations.len()).filter(quits);
        if let (Some(at), None) = (found.next(), found.next()) {
            let because = "it stands beside what lets in, takes nothing but the token and shows nothing";
            operations[at] = (Operation::Logout, self.evidence(at, because));
        }
    }

    /// What speaks for making an account, and for letting one in; none where no name or no secret goes in.
    fn way_in(&self, at: usize) -> Option<(i32, i32)> {
        let inputs = || self.inputs[at].iter().filter(|input| input.location != In::Header && !input.discriminates);
        let takes = |role: Role| inputs().any(|input| role.covers(input.word));
        let secret = [Role::Password, Role::Passcode].into_iter().filter(|role| takes(*role)).count();
        let never = [Role::NewPassword, Role::OldPassword, Role::RecordId, Role::Token].into_iter().any(takes);
        if secret == 0 || !takes(Role::Identity) || never {
            return None;
        }
        let refuses = |class: Class| self.catalog.own[at].iter().any(|failure| failure.classes.contains(&class));
        let more = inputs().filter(|input| {
            !Role::Identity.covers(input.word)
                && !input.word.is_secret()
                && input.word != Role::Device
                && is_data(input)
        });
        let more = more.count();
        let points = |holds: bool, points: i32| if holds { points } else { 0 };
        let key = points(self.hands_out_key(at), 2);
        let known = points(refuses(Class::Exists) || refuses(Class::IdentityExists), 4);
        let wrong = points(refuses(Class::BadCredentials), 4);
        let register = known - wrong
            + key
            + points(secret == 2, 2)
            + points(takes(Role::ConfirmPassword), 2)
            + points(takes(Role::Password) && more > 0, 1);
        let login = wrong - known + key + points(secret == 1 && more == 0, 2);
        Some((register, login))
    }

    /// Whether a success shows a token, or what looks like one.
    fn hands_out_key(&self, at: usize) -> bool {
        let endpoint = &self.set.endpoints[at];
        let mut shown =
            endpoint.successes().flat_map(|example| account::shown(self.set, endpoint, example, self.lexicon));
        shown.any(|member| member.role == Role::Token || (member.role == Role::Plain && is_opaque(member.value)))
    }

    /// What shows or changes whoever calls: it carries the caller's token, and what else it has are fields of an account.
    /// `fields` are the members that endpoints show of accounts.
    fn on_caller(
        &self,
        at: usize,
        beside: &Neighbours<'_>,
        fields: &BTreeSet<String>,
    ) -> Option<(Operation, &'static str)> {
        let endpoint = &self.set.endpoints[at];
        // Where a sentence says that all endpoints carry the token, their paths say whose fields they are about.
        let on_account = || {
            super::path_of(endpoint)
                .iter()
                .any(|word| self.lexicon.is_named("account-noun", word) || self.lexicon.is_named("own-page", word))
        };
        if !self.inputs[at].iter().any(|input| input.word == Role::Token) && !on_account() {
            let because = "it takes what accounts show, no record's id, and its name says that it changes something";
            return self.changes_account(at, beside, fields).then_some((Operation::EditProfile, because));
        }
        let is_field = |role: Role| {
            matches!(role, Role::Nickname | Role::Avatar | Role::Phone | Role::Email | Role::Account | Role::RealName)
        };
        let is_list = beside.shown[at].is(Shows::List);
        let mut data = self.inputs[at].iter().filter(|input| is_data(input)).peekable();
        if data.peek().is_none() && !is_list {
            let shown: BTreeSet<Role> = self.shown_roles(endpoint).filter(|role| is_field(*role)).collect();
            return (shown.len() >= 2).then_some((Operation::Profile, "it shows an account's fields to who calls"));
        }
        let own = |input: &Input| matches!(input.word, Role::Nickname | Role::Avatar | Role::Signature);
        let kept = |input: &Input| own(input) || fields.contains(&compact(&input.name));
        let data: Vec<&Input> = data.collect();
        let edits =
            data.iter().any(|input| own(input)) && data.iter().all(|input| kept(input) && !is_id(input, self.lexicon));
        let edits = edits || self.changes_account(at, beside, fields);
        (edits && !is_list).then_some((Operation::EditProfile, "it takes fields of the caller's account"))
    }

    /// `saveInfo 修改` with fields that a profile shows and no record does.
    fn changes_account(&self, at: usize, beside: &Neighbours<'_>, fields: &BTreeSet<String>) -> bool {
        let endpoint = &self.set.endpoints[at];
        let says = |text: &str| self.lexicon.speaks_of("changes-something", text);
        let called = || {
            self.replaces_own(endpoint)
                || says(&endpoint.title)
                || super::path_of(endpoint).iter().any(|word| says(word))
        };
        let kept = |input: &Input| fields.contains(&compact(&input.name)) && !is_id(input, self.lexicon);
        let nouns = self.nouns[at].before.iter().chain([&self.nouns[at].path]);
        let lists: Vec<usize> = nouns.flat_map(|noun| beside.lists_of(noun)).copied().collect();
        let is_listed = |input: &Input, list: &usize| {
            beside.members[*list].iter().any(|name| compact(name) == compact(&input.name))
        };
        let of_record = |input: &Input| lists.iter().any(|list| is_listed(input, list));
        let mut data = self.inputs[at].iter().filter(|input| is_data(input)).peekable();
        data.peek().is_some()
            && data.all(|input| kept(input) && !input.word.is_secret() && !of_record(input))
            && !beside.shown[at].is(Shows::List)
            && called()
    }

    /// `PUT /me`, `PATCH /user`: a method for changing, on a path that names the caller and no record.
    fn replaces_own(&self, endpoint: &Endpoint) -> bool {
        let changes = endpoint.method.as_deref().is_some_and(|method| matches!(method, "PUT" | "PATCH"));
        let is_own = |word: &str| ["account-noun", "own-page"].iter().any(|topic| self.lexicon.is_named(topic, word));
        let named = endpoint.segments.iter().any(|segment| matches!(segment, Segment::Param(_)));
        let last = endpoint.segments.last();
        changes && !named && matches!(last, Some(Segment::Literal(word)) if is_own(word))
    }

    fn shown_roles<'a>(&'a self, endpoint: &'a Endpoint) -> impl Iterator<Item = Role> + 'a {
        let examples = endpoint.successes();
        let shown = examples.flat_map(move |example| account::shown(self.set, endpoint, example, self.lexicon));
        shown.filter(|member| !matches!(member.value, Json::Null)).map(|member| member.role)
    }

    /// What an endpoint about records does.
    fn on_records(&self, at: usize, beside: &Neighbours<'_>) -> Option<(Operation, &'static str)> {
        let endpoint = &self.set.endpoints[at];
        let nouns = &self.nouns[at];
        if nouns.path.is_empty() && nouns.title.is_empty() {
            return None;
        }
        let (what, members) = (&beside.shown[at], &beside.members[at]);
        let inputs = &self.inputs[at][..];
        let failures = &self.catalog.own[at][..];
        let clues = Clues { set: self.set, endpoint, inputs, failures, nouns, shown: what };
        // `POST topics/{id}/comments` beside `GET` makes a comment; the id is the topic's.
        let takes_id = takes_own_id(&clues, self.lexicon) && !self.is_list_of(at, beside);
        let writes = endpoint.method.as_deref().is_none_or(|method| method != "GET");
        let data: Vec<&Input> = inputs.iter().filter(|input| is_data(input) && !is_id(input, self.lexicon)).collect();
        let refuses = |class: Class| failures.iter().any(|failure| failure.classes.contains(&class));
        // `top` sets what is shown as `is_top`.
        let knows = |name: &str| beside.knows(at, nouns, name) || beside.knows(at, nouns, &format!("is_{name}"));
        let kept = data.iter().filter(|input| knows(&input.name)).count();
        // `{"stage": "out"}`: of what others show, the little that has changed.
        let shows_part = || {
            let mut own = members.iter().filter(|name| !shape::is_id(name)).peekable();
            own.peek().is_some() && members.len() <= 2 && own.all(|name| knows(name))
        };
        let is_asked_for = |name: &std::sync::Arc<str>| shape::is_id(name) && beside.is_asked_elsewhere(at, name);
        let refuses_again = || {
            [Class::WrongState, Class::Exists, Class::TooFrequent].into_iter().any(refuses)
                || failures.iter().any(|failure| says_done_today(failure, self.lexicon))
        };
        // `bee/feed` with a `box_id`, where boxes are listed.
        let names_other = || {
            let mut ids = inputs.iter().filter(|input| is_data(input) && is_id(input, self.lexicon));
            let stem = ids.next().filter(|_| ids.next().is_none()).and_then(|input| id_stem(&input.name));
            stem.is_some_and(|stem| beside.is_named_elsewhere(at, &stem))
        };
        let needs_more = || data.iter().any(|input| input.required);
        let by_path = || {
            let mut own = members.iter().filter(|name| !shape::is_id(name)).peekable();
            let part = own.peek().is_some() && own.clone().count() <= 2 && own.all(|name| knows(name));
            is_deed_by_path(&clues) && refuses_deed(failures) && part
        };
        // `oid` and nothing to change.
        let key_alone = || {
            let shown = |input: &Input| members.iter().any(|name| compact(name) == compact(&input.name));
            let bare = !inputs.iter().any(|input| is_id(input, self.lexicon));
            bare && data.len() == 1 && data[0].required && shown(data[0])
        };
        match what {
            Shown::Item { .. } if takes_id && data.is_empty() && by_path() => Some((
                Operation::Transition,
                "its path names a deed behind a record's id, and it shows what has changed",
            )),
            Shown::List { .. } if !takes_id => Some((Operation::List, "it shows a list")),
            Shown::Item { .. } if takes_id && data.is_empty() && members.len() > 2 && !refuses(Class::WrongState) => {
                Some((Operation::Detail, "it takes a record's id and shows the record"))
            }
            _ if writes && takes_id && data.is_empty() && (refuses_again() || shows_part()) => {
                Some((Operation::Transition, "it takes a record's id, and shows or says how the record has to stand"))
            }
            Shown::List { .. } => None,
            _ if writes && data.is_empty() && refuses_again() && names_other() => {
                Some((Operation::Transition, "it takes the id of a record to which it can be done too often"))
            }
            // `habits/{id}/checkin` with a note, which can be done too often.
            _ if takes_id
                && is_deed_by_path(&clues)
                && refuses_again()
                && beside.is_record(at, endpoint)
                && !needs_more() =>
            {
                Some((Operation::Transition, "its path names a deed behind a record's id that can be done too often"))
            }
            Shown::Item { .. } if takes_id && key_alone() && members.len() > 2 && !refuses(Class::WrongState) => {
                Some((Operation::Detail, "it takes what names a record and shows the record"))
            }
            _ if writes && takes_id && kept > 0 && kept * 2 >= data.len() => {
                Some((Operation::Update, "it takes a record's id and fields that the record shows"))
            }
            _ if writes && !takes_id && makes_id(&clues, self.lexicon) && members.iter().any(is_asked_for) => {
                Some((Operation::Create, "it hands out an id that others take"))
            }
            // Of what is made, at least the id comes out, or its fields are shown elsewhere.
            _ if writes && !takes_id && data.iter().any(|input| input.required) && kept > 0 => {
                Some((Operation::Create, "it takes fields that records show, and no record's id"))
            }
            // `habits/{id}/archive` beside `habits/{id}`: whatever is done, it is done to that record.
            _ if takes_id && is_deed_by_path(&clues) && beside.is_record(at, endpoint) => {
                Some((Operation::Transition, "its path names a deed behind a record's id"))
            }
            _ => None,
        }
    }

    /// Whether another endpoint lists what stands at the same path.
    fn is_list_of(&self, at: usize, beside: &Neighbours<'_>) -> bool {
        let own = &self.set.endpoints[at];
        let same = |other: &usize| self.set.endpoints[*other].method != own.method;
        matches!(own.segments.last(), Some(Segment::Literal(_)))
            && (beside.lists_at(&own.segments).iter().any(same)
                || beside.lists_of(&self.nouns[at].path).iter().any(|other| self.is_plural_of(at, *other)))
    }

    /// `article/comments` beside `article/comment`, where both take the id of the article and none of a comment.
    fn is_plural_of(&self, at: usize, beside: usize) -> bool {
        let (own, other) = (&self.nouns[at], &self.nouns[beside]);
        let is_of =
            |at: usize, noun: &String| self.inputs[at].iter().any(|input| id_stem(&input.name).as_ref() == Some(noun));
        let parent = own.before.last().filter(|parent| is_of(at, parent) && is_of(beside, parent));
        at != beside
            && own.path == other.path
            && own.before == other.before
            && parent.is_some()
            && !is_of(at, &own.path)
    }
}

/// Whether words left it open what an endpoint does.
pub(in crate::behavior) fn is_open((operation, because): &(Operation, Evidence)) -> bool {
    *operation == Operation::Answer && because.confidence == Confidence::Guess
}

/// What ties and unties as an input says is called by that tie, whatever its title and path are.
pub(in crate::behavior) fn name_ties(
    shapes: &Shapes<'_>,
    operations: &[(Operation, Evidence)],
) -> Vec<(usize, String)> {
    let toggles = (0..operations.len()).filter(|at| operations[*at].0 == Operation::Toggle);
    toggles.filter_map(|at| Some((at, crate::behavior::tying::ties_told::told_tie(shapes, at)??))).collect()
}

/// `place/keep` beside `place/list` is about places: the word that no list knows is what is done.
pub(in crate::behavior) fn name_deeds(nouns: &mut [Nouns], settled: &[usize]) {
    let pair = |known: &Nouns| (known.before.last().cloned().unwrap_or_default(), known.path.clone());
    let things: BTreeSet<String> = nouns.iter().map(|known| known.path.clone()).collect();
    let mut pairs: HashMap<(String, String), usize> = HashMap::new();
    for known in nouns.iter() {
        *pairs.entry(pair(known)).or_default() += 1;
    }
    for &at in settled {
        // `place/check` and `goods/check`: what stands behind several things is done to each.
        let alone = pairs.get(&pair(&nouns[at])) == Some(&1);
        let thing =
            nouns[at].before.last().filter(|thing| alone && things.contains(*thing) && **thing != nouns[at].path);
        if let Some(thing) = thing.cloned() {
            nouns[at].before.pop();
            nouns[at].path = thing;
        }
    }
}

/// Whether an input names a record rather than carrying anything of one.
pub(in crate::behavior) fn is_id(input: &Input, lexicon: &Lexicon) -> bool {
    let name = compact(&input.name);
    input.word == Role::RecordId
        || input.location == In::Path
        || matches!(name.as_str(), "id" | "ids")
        || id_stem(&input.name).is_some()
        || lexicon.is_named("record-number", &name)
}
