//! The replies of an endpoint: successes with their slots, failures in the form of its error examples.

pub mod address;
mod funds;
mod learnt;
pub(crate) mod of_all;
pub(super) mod showing;
pub(super) mod template;

use super::account::{self, Accounts, Shown};
use super::choose::THINGS;
use super::collection::items::item::Items;
use super::failure::{Catalog, Failure, Origin};
use super::failures::elsewhere::Elsewhere;
use super::failures::told_data::ToldData;
use super::{Input, Reply, Slot, Template};
use crate::json::{Json, Step};
use crate::lexicon::{Class, Lexicon, Operation, Role, compact};
use crate::source::Place;
use crate::spec::{DocSet, Endpoint, Example, SectionKind};
use showing::Showing;
use std::cell::OnceCell;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

pub(super) struct Replies<'a> {
    pub(super) set: &'a DocSet,
    pub(super) lexicon: &'a Lexicon,
    pub(super) catalog: &'a Catalog,
    pub(super) accounts: &'a Accounts,
    pub(super) at: usize,
    pub(super) operation: Operation,
    pub(super) inputs: &'a [Input],
    /// HTTP status by code, from the configuration: the endpoint's own, then the set's.
    pub(super) http_status: [&'a BTreeMap<String, u16>; 2],
    /// For an endpoint about records.
    pub(super) showing: Option<&'a Showing<'a>>,
    /// The endpoint's own error examples, each with the failure that it shows.
    pub(super) shown: OnceCell<Vec<(&'a Example, Option<Failure>)>>,
    pub(super) items: Option<&'a Items<'a>>,
    /// What the examples of the whole set show.
    pub(super) elsewhere: &'a Elsewhere<'a>,
}

impl<'a> Replies<'a> {
    pub(super) fn endpoint(&self) -> &'a Endpoint {
        &self.set.endpoints[self.at]
    }

    /// What is answered when nothing is wrong: the first success example, with the slots that state fills.
    pub(super) fn success(&self) -> Reply {
        let undone = self.undone_example();
        let mut examples =
            self.endpoint().successes().filter(|example| !undone.is_some_and(|undone| std::ptr::eq(undone, *example)));
        match examples.next() {
            Some(example) => self.filled(example),
            None => {
                let (value, place) = self.learnt_success();
                let mut sections =
                    self.endpoint().sections.iter().filter(|section| section.kind == SectionKind::Success);
                let status = sections.find_map(|section| section.http_status);
                // A success that is nothing but `204` has no body (RFC 9110 §15.3.5).
                let body = if status == Some(204) { Template::default() } else { Template::constant(&value) };
                self.reply(&value, body, status, place)
            }
        }
    }

    pub(super) fn filled(&self, example: &Example) -> Reply {
        let slots = self.slots(example);
        let slot = |path: &[Step], _: &Json| slots.get(path).cloned();
        self.reply(&example.value, Template::new(&example.value, &slot), example.http_status, example.place)
    }

    /// What is answered when a tie was undone, where the endpoint shows that beside the other.
    pub(super) fn undone(&self) -> Option<Reply> {
        self.undone_example().map(|example| self.filled(example))
    }

    fn undone_example(&self) -> Option<&'a Example> {
        if self.operation != Operation::Toggle || self.endpoint().successes().count() < 2 {
            return None;
        }
        let envelope = self.set.envelope(self.endpoint());
        let says_off = |example: &&Example| {
            envelope
                .message_of(&example.value)
                .is_some_and(|(_, text)| self.lexicon.verbs().relation(text, &[]).is_some_and(|(.., off)| off))
        };
        let labelled = || {
            let off = |label: &&str| self.lexicon.verbs().relation(label, &[]).is_some_and(|(.., off)| off);
            let sections =
                self.endpoint().sections.iter().filter(|section| section.label.as_deref().as_ref().is_some_and(off));
            sections.flat_map(|section| &section.examples).next()
        };
        self.endpoint().successes().find(says_off).or_else(labelled).or_else(|| self.endpoint().successes().nth(1))
    }

    /// Every documented reply by the names under which a client can force it.
    pub(super) fn forced(&self) -> Vec<(String, Reply)> {
        let endpoint = self.endpoint();
        let mut forced: Vec<(String, Reply)> = Vec::new();
        let mut known = HashSet::new();
        let mut put = |name: String, reply: Reply| {
            if !name.is_empty() && known.insert(name.clone()) {
                forced.push((name, reply));
            }
        };
        for failure in &self.catalog.own[self.at] {
            put(failure.code.to_string(), self.failure(failure));
        }
        for (kind, examples) in
            [("success", endpoint.successes().collect::<Vec<_>>()), ("error", endpoint.errors().collect())]
        {
            for (number, example) in examples.into_iter().filter(|example| !example.is_table).enumerate() {
                let reply =
                    self.reply(&example.value, Template::constant(&example.value), example.http_status, example.place);
                if number == 0 {
                    put(kind.to_owned(), reply.clone());
                }
                put(format!("{kind}#{}", number + 1), reply.clone());
                if kind == "success" && number == 0 {
                    put(reply.code.clone(), reply);
                }
            }
        }
        if endpoint.successes().next().is_none() {
            put("success".to_owned(), self.success());
        }
        forced
    }

    /// A failure's reply: its own example as it stands, else the first error example with code and message replaced.
    pub(super) fn failure(&self, failure: &Failure) -> Reply {
        let own = self.shown.get_or_init(|| {
            let own = self.endpoint().errors().filter(|example| !example.is_table);
            let shown = |example| {
                super::failure::from_example(
                    self.set,
                    self.endpoint(),
                    example,
                    (self.at, &self.catalog.codes),
                    self.lexicon,
                )
            };
            own.map(|example| (example, shown(example))).collect()
        });
        // Where one code serves many failures, only its words tell which one an example shows.
        let many = self.elsewhere.serves_many(&failure.code);
        let to_all = self.elsewhere.is_shown_to_all(failure);
        let is_of = |shown: &Option<Failure>| {
            shown
                .as_ref()
                .is_some_and(|shown| is_of(shown, failure, many) && (!to_all || shown.message == failure.message))
        };
        if let Some((example, _)) = own.iter().find(|(_, shown)| !failure.approximated && is_of(shown)) {
            let mut reply =
                self.reply(&example.value, Template::constant(&example.value), example.http_status, failure.place);
            reply.code = failure.code.to_string();
            // A table that has a column for it says it of the endpoints that show the code without one, too.
            reply.http_status = reply.http_status.or_else(|| self.told_status(&failure.code));
            return reply;
        }
        // What is bent or made up goes out in the form of the example that it was made from, which may carry more than a code.
        let near = own.iter().find(|(example, _)| example.place.covers(failure.place)).or(own.first());
        let (mut value, http_status) =
            match near.map(|(example, _)| *example).or(self.elsewhere.error_like(self.endpoint())) {
                Some(example) => (example.value.clone(), example.http_status),
                None => (self.made_form(failure), None),
            };
        self.reword(&mut value, failure);
        let http_status = if failure.origin == Origin::Set { self.lent_status(failure) } else { http_status };
        let mut reply = self.reply(&value, Template::constant(&value), http_status, failure.place);
        reply.code = failure.code.to_string();
        let told = || self.told_status(&failure.code);
        reply.http_status = self.configured_status(&failure.code).or_else(told).or(http_status);
        reply
    }

    /// The HTTP status under which the endpoint that lends a failure answers it.
    fn lent_status(&self, failure: &Failure) -> Option<u16> {
        let of = |lender: &Endpoint| {
            let envelope = self.set.envelope(lender);
            let mut same = lender
                .errors()
                .filter(|example| envelope.code_of(&example.value).is_some_and(|(_, code)| *code == *failure.code));
            same.next()?.http_status
        };
        match failure.endpoint {
            Some(lender) => of(&self.set.endpoints[lender]),
            // A table for the whole set has no status; whoever shows the code says which.
            None => self.elsewhere.http_status(&failure.code),
        }
    }

    fn reword(&self, value: &mut Json, failure: &Failure) {
        let envelope = self.set.envelope(self.endpoint());
        let code = envelope.code_of(value).map(|(path, _)| path.clone());
        let message = envelope.message_of(value).map(|(path, _)| path.clone());
        if let Some(path) = code {
            let form = value.at(&path).cloned().unwrap_or_default();
            value.set_at(&path, form.in_form(&failure.code));
        }
        if let Some(path) = message {
            value.set_at(&path, Json::string(self.words(failure)));
        }
    }

    /// A borrowed failure is worded as another endpoint's example words it, else as the table does.
    fn words(&self, failure: &Failure) -> String {
        if matches!(failure.origin, Origin::Set | Origin::Quote)
            && !failure.approximated
            && let Some(words) = self.elsewhere.words_of(failure)
            && self.names_the_same(words, failure)
        {
            return words.to_owned();
        }
        failure.message.clone()
    }

    /// Whether words speak of the same things as a failure: `手机号格式不正确` is one of what has a wrong form, and `原密码错误` says less
    /// than `手机号或密码错误`.
    fn names_the_same(&self, words: &str, failure: &Failure) -> bool {
        let subjects = self.lexicon.meaning(words).subjects;
        let is_thing = |subject: &&String| THINGS.contains(&subject.as_str());
        let within =
            |one: &[String], other: &[String]| one.iter().filter(is_thing).all(|subject| other.contains(subject));
        within(&subjects, &failure.subjects) && within(&failure.subjects, &subjects)
    }

    /// What no example shows: a success turned into a failure, with a member for the code and one for the words.
    fn made_form(&self, failure: &Failure) -> Json {
        let endpoint = self.endpoint();
        let envelope = self.set.envelope(endpoint);
        if let Some(told) = &envelope.told {
            return told.clone();
        }
        let like = self.elsewhere.success_like(endpoint);
        let mut value = like.map_or_else(Json::empty_object, |example| example.value.clone());
        self.elsewhere.make_fail(&mut value, endpoint);
        match (self.elsewhere.told_data(endpoint), &envelope.data) {
            (Some(ToldData::Value(told)), Some(data)) => value.set(data, told.clone()),
            (Some(ToldData::Absent), Some(data)) => value.remove(data),
            _ => self.empty_data(&mut value),
        }
        if envelope.code_of(&value).is_none() && !failure.code.is_empty() {
            let key = top_key(&envelope.code).unwrap_or("code");
            value.set(key, Json::Number("0".into()).in_form(&failure.code));
        }
        if envelope.message_of(&value).is_none() {
            // `"message": {"id": 1}`: what is called so has the words where something fails.
            let is_words = |key: &str| self.lexicon.is_nothing_but("message-column", key);
            let members = value.as_object().into_iter().flatten();
            let known = members.map(|(key, _)| Arc::clone(key)).find(|key| is_words(key));
            let key = top_key(&envelope.message).or(known.as_deref()).unwrap_or("msg");
            value.set(key, Json::string(self.words(failure)));
        }
        value
    }

    fn reply(&self, value: &Json, body: Template, http_status: Option<u16>, place: Place) -> Reply {
        let envelope = self.set.envelope(self.endpoint());
        let code = envelope.code_of(value).map_or_else(String::new, |(_, code)| code.to_owned());
        let http_status = self.configured_status(&code).or(http_status);
        Reply { http_status, body, place, code }
    }

    /// What a table of codes says in a column of its own, or a line beside the code.
    fn told_status(&self, code: &str) -> Option<u16> {
        let quoted = || self.endpoint().quoted.iter().find(|row| &*row.code == code);
        let own = self.endpoint().codes.get(code).or_else(quoted).and_then(|row| row.http_status);
        own.or_else(|| self.elsewhere.told_status(code))
    }

    fn configured_status(&self, code: &str) -> Option<u16> {
        self.http_status.iter().find_map(|map| map.get(code)).copied()
    }

    /// Which members of a success example state decides.
    fn slots(&self, example: &Example) -> BTreeMap<Vec<Step>, Slot> {
        let endpoint = self.endpoint();
        let shown = account::shown(self.set, endpoint, example, self.lexicon);
        let mut slots = BTreeMap::new();
        for member in &shown {
            if let Some(slot) = self.slot(member, &example.value) {
                slots.insert(member.path.clone(), slot);
            }
        }
        slots.extend(self.showing.map(|showing| showing.slots(example)).unwrap_or_default());
        if let Some(files) = super::inputs::upload::shown_files(endpoint, self.inputs, self.lexicon) {
            files.fill(&mut slots, self.inputs, self.accounts);
        }
        let lets_in = matches!(self.operation, Operation::Register | Operation::Login | Operation::RenewToken);
        if lets_in && !slots.values().any(|slot| *slot == Slot::Token) {
            // No word says so, but something opaque is handed out.
            if let Some(token) = shown.iter().find(|member| member.role == Role::Plain && is_opaque(member.value)) {
                slots.insert(token.path.clone(), Slot::Token);
            }
        }
        slots
    }

    fn slot(&self, member: &Shown<'_>, whole: &Json) -> Option<Slot> {
        let inside = account::is_inside(self.set.envelope(self.endpoint()), whole, &member.path);
        let lets_in = matches!(self.operation, Operation::Register | Operation::Login | Operation::RenewToken);
        match member.role {
            Role::Token if lets_in => return Some(Slot::Token),
            _ if self.operation == Operation::SendPasscode && self.accounts.tickets.contains(&compact(member.name)) => {
                return Some(Slot::Token);
            }
            Role::Passcode
                if self.operation == Operation::SendPasscode
                    && inside
                    && !super::login::secrets::is_lifetime(member, self.lexicon) =>
            {
                return Some(Slot::Passcode);
            }
            Role::Time
                if member.path.len() == 1
                    && self.set.envelope(self.endpoint()).data.is_some()
                    && is_epoch(member.value) =>
            {
                return Some(Slot::Now);
            }
            _ => {}
        }
        if !inside {
            return None;
        }
        if self.operation == Operation::SendPasscode {
            if self.lexicon.speaks_of("lifetime", &format!("{} {}", member.name, member.words))
                && is_number(member.value)
                && !self.is_in_other_units(&member.words)
            {
                return Some(Slot::PasscodeSeconds);
            }
            return self.echo(member);
        }
        if self.operation == Operation::Answer {
            return self.shown_as_sent(member).map(Slot::Input);
        }
        if !account::shows_account(self.operation) || !self.accounts.any {
            return None;
        }
        if let Some(flag) = self.is_new(member) {
            return Some(flag);
        }
        if self.accounts.is_account_id(member) {
            return Some(Slot::AccountId);
        }
        if let Some(flag) = self.items.and_then(|items| items.tied_flag(member.name, &member.words, member.value)) {
            return Some(flag);
        }
        // A field that is called `identity` can say of which kind an account is.
        let kinds = self.accounts.kinds.as_ref().filter(|kinds| compact(&kinds.field) == compact(member.name));
        if let Some(kinds) = kinds {
            return Some(Slot::Field(Arc::clone(&kinds.field)));
        }
        if self.accounts.is_identity(member) {
            return Some(Slot::Identity);
        }
        let gained = |(at, name, _): &&(usize, String, Arc<str>)| *at == self.at && *name == compact(member.name);
        if let Some((_, _, field)) = self.accounts.gained.iter().find(gained) {
            return Some(Slot::Gained(Arc::clone(field)));
        }
        let counted = || self.items.and_then(|items| items.owned_count(member.name, &member.words, member.value));
        counted().or_else(|| self.accounts.field(member.name).map(|field| Slot::Field(field.key.clone())))
    }

    /// `"is_new": 0 // 是否新用户`, of what lets in whoever has no account yet.
    fn is_new(&self, member: &Shown<'_>) -> Option<Slot> {
        let told = self.lexicon.is_named("new-account", member.name)
            || self.lexicon.speaks_of("new-account", crate::lexicon::label_head(&member.words));
        // `"isNew": "Y"`
        let lettered = member.value.as_str().is_some_and(|text| matches!(text, "Y" | "N"));
        if self.operation != Operation::Login || !told || !(lettered || super::account::others::is_flag(member.value)) {
            return None;
        }
        let flag = |text: &str| match member.value {
            Json::Bool(_) => Json::Bool(text == "1"),
            value if lettered => value.in_form(if text == "1" { "Y" } else { "N" }),
            value => value.in_form(text),
        };
        // `0新用户 1老用户` says which is which; so does a remark that begins with the name.
        let beside = || {
            let mut notes = self.endpoint().notes.iter();
            notes.find_map(|note| note.text.trim_start().strip_prefix(member.name)).unwrap_or_default()
        };
        let words = if member.words.is_empty() { beside() } else { &member.words };
        let items = account::enumerated(words, member.value, self.lexicon);
        let said = items.iter().find(|item| self.lexicon.speaks_of("new-account", &item.words));
        let other = said.and_then(|said| items.iter().find(|item| item.value != said.value));
        Some(match (said, other) {
            (Some(yes), Some(no)) if items.len() == 2 => {
                Slot::IsNew { yes: member.value.in_form(&yes.value), no: member.value.in_form(&no.value) }
            }
            _ => Slot::IsNew { yes: flag("1"), no: flag("0") },
        })
    }

    /// `3 // 有效期，分钟`: what is no number of seconds stands as it is written.
    fn is_in_other_units(&self, words: &str) -> bool {
        let units = self.lexicon.rules().times.units.iter().filter(|(unit, _)| !unit.is_ascii());
        let longest = units.filter(|(unit, _)| words.contains(unit.as_str())).max_by_key(|(unit, _)| unit.len());
        longest.is_some_and(|(_, milliseconds)| *milliseconds != 1000)
    }

    /// A member named like an input gives it back.
    fn echo(&self, member: &Shown<'_>) -> Option<Slot> {
        let name = compact(member.name);
        let named = self.inputs.iter().position(|input| compact(&input.name) == name);
        named.or_else(|| self.shown_as_sent(member)).map(Slot::Input)
    }

    /// `"mail": "lin@mail.cn"` where that was sent as `to` in the example of the request: a name of somebody, given back.
    fn shown_as_sent(&self, member: &Shown<'_>) -> Option<usize> {
        let value = member.value.as_str().filter(|text| text.len() >= SENT_AT_LEAST)?;
        let sent = |at: &usize| {
            let param = self.endpoint().params.get(*at);
            let names = matches!(self.inputs[*at].word, Role::Phone | Role::Email | Role::Account);
            names && param.and_then(|param| param.default.as_deref()).is_some_and(|text| text.trim() == value)
        };
        (0..self.inputs.len()).find(sent)
    }
}

/// Shorter texts are alike by chance.
const SENT_AT_LEAST: usize = 6;

/// Whether an example shows this very failure: its code, and what it says.
fn is_of(shown: &Failure, failure: &Failure, many: bool) -> bool {
    if shown.code != failure.code {
        return false;
    }
    let same_words = shown.message == failure.message;
    let login = |failure: &Failure| failure.classes.first() == Some(&Class::NotLoggedIn);
    if many && !matches!(failure.origin, Origin::Table(_)) {
        return same_words || (login(shown) && login(failure));
    }
    let same_meaning =
        failure.origin != Origin::Example && shown.classes.iter().any(|class| failure.classes.contains(class));
    let alone = failure.origin != Origin::Example && (shown.classes.is_empty() || failure.classes.is_empty());
    same_words || same_meaning || alone
}

/// Where failures have something at their top, though no success does.
fn top_key(paths: &[Vec<Step>]) -> Option<&str> {
    match paths.first().map(Vec::as_slice) {
        Some([Step::Key(key)]) => Some(key),
        _ => None,
    }
}

fn is_number(value: &Json) -> bool {
    value.scalar_text().is_some_and(|text| text.parse::<u32>().is_ok())
}

/// Seconds or milliseconds since 1970 that fall into this century.
fn is_epoch(value: &Json) -> bool {
    let number = value.scalar_text().and_then(|text| text.parse::<i64>().ok()).unwrap_or(0);
    (946_684_800..4_102_444_800).contains(&number) || (946_684_800_000..4_102_444_800_000).contains(&number)
}

/// Sixteen characters or more that spell nothing: letters and digits without words, times or addresses.
pub(super) fn is_opaque(value: &Json) -> bool {
    value.as_str().is_some_and(|text| {
        text.len() >= 16
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
            && text.bytes().any(|byte| byte.is_ascii_digit())
            && text.bytes().any(|byte| byte.is_ascii_alphabetic())
    })
}
