//! Ways not to meet a demand: each is one small story that the endpoint has to refuse.
//!
//! In: a demand of an endpoint. Out: labs with a call in which that demand is not met, each with what it shows in words and
//! how plainly the documents say so.

use super::lab::{Lab, Val};
use super::satisfy::{Draft, inner};
use crate::behavior::lifecycle::OfficeAction;
use crate::behavior::{Action, Auth, Check, Confidence, Demand, Form, Origin, RecordId};
use crate::engine::id_card;
use crate::json::Json;
use crate::lexicon::{Class, Role, StatusKind};
use crate::scenario::ast::Basis;
use crate::spec::In;
use std::sync::Arc;

/// One way.
pub(super) struct Way<'g> {
    pub(super) lab: Lab<'g>,
    pub(super) draft: Draft,
    /// What is wrong with the call: `phone is missing`.
    pub(super) what: String,
    /// How plainly the documents say that this is refused.
    pub(super) basis: Basis,
    /// The endpoint whose effect makes it fail.
    pub(super) deed: Option<usize>,
}

struct Ways<'g> {
    start: Lab<'g>,
    endpoint: usize,
    found: Vec<Way<'g>>,
}

/// The person who calls, and another one.
pub(super) const CALLER: usize = 0;
pub(super) const OTHER: usize = 1;

/// All ways in which an endpoint's check can be failed that can be thought of. Some lead nowhere.
pub(super) fn ways<'g>(start: &Lab<'g>, endpoint: usize, check: &Check) -> Vec<Way<'g>> {
    let mut ways = Ways { start: start.clone(), endpoint, found: Vec::new() };
    ways.of(&check.demand, &[], stated(check));
    ways.found
}

/// Whether the documents say themselves that this failure answers.
pub(super) fn stated(check: &Check) -> Basis {
    let own = matches!(check.failure.origin, Origin::Table(_) | Origin::Example | Origin::Quote | Origin::Configured);
    match check.because.confidence {
        Confidence::Guess => Basis::Convention,
        Confidence::Certain if own => Basis::Stated,
        _ => Basis::Inferred,
    }
}

impl<'g> Ways<'g> {
    fn add(&mut self, what: impl Into<String>, basis: Basis, make: impl FnOnce(&mut Lab<'g>, &mut Draft) -> bool) {
        let mut lab = self.start.clone();
        let mut draft = lab.draft(self.endpoint, CALLER, 0);
        if make(&mut lab, &mut draft) {
            self.found.push(Way { lab, draft, what: what.into(), basis, deed: None });
        }
    }

    #[allow(clippy::too_many_lines, reason = "one short arm for each demand")]
    fn of(&mut self, demand: &Demand, given: &[(usize, String)], stated: Basis) {
        let inferred = stated.max(Basis::Inferred);
        let endpoint = self.endpoint;
        let behavior = self.start.behavior(endpoint);
        let name = |input: usize| behavior.inputs[input].name.to_string();
        let before = self.found.len();
        match demand {
            Demand::Token => self.token(stated),
            Demand::AccountKept => self.add("the account is deleted by the back office", inferred, |lab, draft| {
                lab.token(draft.person, 0).is_some_and(|token| {
                    lab.set_token(draft, Some(token));
                    draft.fixed_token = true;
                    lab.office(draft.person, OfficeAction::Delete)
                })
            }),
            Demand::Present(input) => {
                let is_path = behavior.inputs[*input].location == In::Path;
                if !is_path {
                    self.add(format!("{} is missing", name(*input)), stated, |_, draft| {
                        draft.fix(*input, None);
                        true
                    });
                    self.add(format!("{} is empty", name(*input)), inferred, |_, draft| {
                        draft.fix(*input, Some(Val::text("")));
                        true
                    });
                }
            }
            Demand::PresentEither(first, second) => {
                self.add(format!("neither {} nor {} is there", name(*first), name(*second)), stated, |_, draft| {
                    draft.fix(*first, None);
                    draft.fix(*second, None);
                    true
                });
            }
            Demand::WellFormed(input) => self.malformed(*input, stated),
            Demand::Equal(first, second) => {
                self.add(format!("{} is not {}", name(*second), name(*first)), stated, |lab, draft| {
                    let rules = &lab.behavior(endpoint).inputs[*second].rules;
                    let other = lab.fresh.password(rules);
                    draft.fix(*second, Some(Val::text(other)));
                    true
                });
            }
            Demand::IdentityFree(input) => {
                self.add(format!("{} has an account already", name(*input)), stated, |lab, draft| {
                    lab.register(OTHER, 0) && {
                        let known = &lab.behavior(endpoint).inputs[*input];
                        let taken = lab.identity(OTHER, known.word, &known.name, &known.rules);
                        draft.fix(*input, Some(taken));
                        true
                    }
                });
            }
            Demand::IdentityKnown(input) | Demand::Known(input) => {
                self.add(format!("{} has no account", name(*input)), stated, |lab, draft| {
                    let known = &lab.behavior(endpoint).inputs[*input];
                    let nobody = lab.identity(OTHER, known.word, &known.name, &known.rules);
                    draft.fix(*input, Some(nobody));
                    true
                });
            }
            Demand::Passcode { passcode, identity, .. } => self.passcode(*passcode, *identity, stated, inferred),
            Demand::PasscodeFresh { passcode, .. } => {
                self.add(format!("{} has expired", name(*passcode)), inferred, |lab, draft| {
                    let mut all = draft.clone();
                    if !lab.settle(&mut all, None) {
                        return false;
                    }
                    let code = all.get(*passcode).cloned();
                    *draft = all;
                    draft.fix(*passcode, code);
                    let lifetime = lab.model().passcodes.lifetime_ms;
                    lab.wait(lifetime + 60_000);
                    lab.needs_sent_passcodes = true;
                    true
                });
            }
            Demand::Password { password, .. } => {
                self.add(format!("{} is not the account's", name(*password)), stated, |lab, draft| {
                    let rules = &lab.behavior(endpoint).inputs[*password].rules;
                    let wrong = lab.fresh.password(rules);
                    draft.fix(*password, Some(Val::text(wrong)));
                    true
                });
                self.add(format!("{} has other letter cases", name(*password)), inferred, |lab, draft| {
                    if !lab.register(draft.person, 0) {
                        return false;
                    }
                    let Some(right) = lab.people[draft.person].password.clone() else { return false };
                    let swap =
                        |c: char| if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() };
                    draft.fix(*password, Some(Val::text(right.as_text().chars().map(swap).collect::<String>())));
                    true
                });
            }
            Demand::PasswordNew { password, .. } => {
                self.add(format!("{} is the old one", name(*password)), stated, |lab, draft| {
                    if !lab.register(draft.person, 0) {
                        return false;
                    }
                    let old = lab.people[draft.person].password.clone();
                    draft.fix(*password, old);
                    true
                });
            }
            Demand::Usable { .. } => {
                for action in [OfficeAction::Freeze, OfficeAction::Delete] {
                    let what = format!("the back office has done {} to the account", action.name());
                    self.add(what, Basis::Convention, |lab, draft| {
                        lab.register(draft.person, 0) && lab.office(draft.person, action) && {
                            *draft = lab.draft(endpoint, draft.person, 0);
                            true
                        }
                    });
                }
            }
            Demand::CardValid(input) => self.card(*input, inferred),
            Demand::CardFree(input) => self.taken_card(*input, inferred),
            Demand::Submitted => self.add("nothing was verified or sent in before", inferred, |_, _| true),
            Demand::NotRejected => self.add("the review was refused", inferred, |lab, draft| {
                lab.submit(draft.person, 0) && reject(lab, draft.person)
            }),
            Demand::NotPending => self.add("a review is going on", inferred, |lab, draft| lab.submit(draft.person, 0)),
            Demand::Unverified => self.add("the caller is verified already", inferred, |lab, draft| {
                let verifies = lab.endpoints_that(|action| matches!(action, Action::Verify { .. }));
                verifies.into_iter().any(|endpoint| lab.succeed(endpoint, draft.person, 0).is_some())
            }),
            Demand::SendInterval { identity, purpose } => {
                self.add("one was sent just before", stated, |lab, draft| {
                    let mut first = draft.clone();
                    lab.settle(&mut first, None) && {
                        lab.go(&first, None);
                        draft.values = first.values.clone();
                        draft.fixed.push(*identity);
                        draft.fixed.extend(*purpose);
                        true
                    }
                });
            }
            Demand::Changed => {
                self.add("nothing that is sent differs from what is there", stated, |lab, draft| again(lab, draft));
            }
            Demand::Found { collection, id, write } => self.missing_record(*collection, id, *write, stated, inferred),
            Demand::Referenced { collection, input } => {
                let id = RecordId { input: *input, via: None };
                self.missing_record(*collection, &id, false, stated, inferred);
            }
            Demand::Unlike { fields, .. } => {
                let fields: Vec<usize> = fields.iter().map(|(_, input)| *input).collect();
                self.add("another record has the same already", stated, |lab, draft| {
                    let creates = lab.endpoints_that(|action| matches!(action, Action::CreateRecord { .. }));
                    let mut first = lab.draft(draft.endpoint, draft.person, 0);
                    if creates.contains(&draft.endpoint) || fields.iter().all(|input| first.get(*input).is_some()) {
                        for input in &fields {
                            if first.get(*input).is_none() {
                                let value = lab.value(&mut first, *input);
                                first.set(*input, value);
                            }
                        }
                    }
                    lab.settle(&mut first, None) && {
                        lab.go(&first, None);
                        draft.person = first.person;
                        for input in &fields {
                            draft.fix(*input, first.get(*input).cloned());
                        }
                        true
                    }
                });
            }
            Demand::InState { collection, id, field, from } => self.states(*collection, id, field, from, stated),
            Demand::Tied { tied, .. } => {
                let what = if *tied { "it was not tied before" } else { "it is tied already" };
                self.add(what, stated, |lab, draft| if *tied { true } else { again(lab, draft) });
            }
            Demand::SomeListed { collection } => self.empty(*collection, inferred),
            Demand::Enough(stock) => {
                if let Some(quantity) = stock.quantity {
                    self.add("more is wanted than there is", stated, |_, draft| {
                        draft.fix(quantity, Some(Val::text("999999")));
                        true
                    });
                }
                let stock = stock.clone();
                self.add("nothing is left", stated, |lab, draft| {
                    let mut all = draft.clone();
                    let settled = lab.settle(&mut all, None);
                    *draft = all;
                    let id = stock.input.and_then(|input| draft.get(input).cloned());
                    let id = id.or_else(|| {
                        lab.made.iter().find(|made| made.collection == stock.collection).map(|made| made.id.clone())
                    });
                    settled
                        && id.is_some_and(|id| {
                            draft.fixed.extend(stock.input);
                            lab.edit_record(
                                stock.collection,
                                &id,
                                Some(vec![(stock.field.to_string(), Json::integer(0))]),
                            )
                        })
                });
            }
            Demand::Funds { balance, amount, collection, id } => {
                self.add("the balance is too small", stated, |_, _| true);
                let (balance, amount) = (balance.to_string(), amount.to_string());
                self.add("the balance was taken down", stated, |lab, draft| {
                    let mut all = draft.clone();
                    let settled = lab.settle(&mut all, None);
                    *draft = all;
                    draft.fixed.push(id.input);
                    let record = draft.get(id.input).cloned();
                    let record = record.and_then(|value| lab.record_of(*collection, id, &value));
                    let dear = record.is_some_and(|record| {
                        lab.edit_record(*collection, &record, Some(vec![(amount, Json::string("100"))]))
                    });
                    settled && lab.edit_account(draft.person, vec![(balance, Json::string("0"))]) && dear
                });
            }
            Demand::When { input, values, demand, .. } => {
                for value in values.iter().take(2) {
                    let mut given = given.to_vec();
                    given.push((*input, value.clone()));
                    self.of(demand, &given, stated);
                }
            }
        }
        if !given.is_empty() {
            for way in &mut self.found[before..] {
                for (input, value) in given {
                    way.draft.fix(*input, Some(Val::text(value.as_str())));
                }
                let given: Vec<String> =
                    given.iter().map(|(input, value)| format!("{} {value}", name(*input))).collect();
                way.what = format!("{}, with {}", way.what, given.join(", "));
            }
        }
    }

    fn token(&mut self, stated: Basis) {
        let inferred = stated.max(Basis::Inferred);
        let endpoint = self.endpoint;
        if let Auth::Named(input) = self.start.behavior(endpoint).auth {
            self.add("nobody is called so", stated, |lab, draft| {
                let known = &lab.behavior(endpoint).inputs[input];
                let nobody = lab.identity(OTHER, known.word, &known.name, &known.rules);
                draft.fix(input, Some(nobody));
                true
            });
            return;
        }
        self.add("no token is sent", stated, |lab, draft| {
            lab.set_token(draft, None);
            draft.fixed_token = true;
            true
        });
        if !self.start.model().tokens.issued {
            return;
        }
        self.add("the token is none that was given out", inferred, |lab, draft| {
            let example = Arc::clone(&lab.model().tokens.example);
            let token = lab.fresh.token(&example);
            lab.set_token(draft, Some(Val::text(token)));
            draft.fixed_token = true;
            true
        });
        let revokes = self.start.endpoints_that(|action| matches!(action, Action::RevokeToken | Action::DeleteAccount));
        for revoking in revokes {
            let what = format!("the token is dead after {}", title(&self.start, revoking));
            let before = self.found.len();
            self.add(what, inferred, |lab, draft| {
                let Some(token) = lab.token(draft.person, 0) else { return false };
                let mut leave = lab.draft(revoking, draft.person, 0);
                lab.settle(&mut leave, None) && {
                    lab.go(&leave, None);
                    lab.set_token(draft, Some(token));
                    draft.fixed_token = true;
                    true
                }
            });
            self.after(before, revoking);
        }
    }

    /// The last way that was found is because of what that endpoint does.
    fn after(&mut self, before: usize, deed: usize) {
        if let Some(way) = self.found.get_mut(before) {
            way.deed = Some(deed);
        }
    }

    fn malformed(&mut self, input: usize, stated: Basis) {
        let inferred = stated.max(Basis::Inferred);
        let known = &self.start.behavior(self.endpoint).inputs[input];
        let own_line = |rule: &crate::behavior::InputRule| rule.because.place == known.place;
        for rule in &known.rules {
            // A rule of an account's role holds for it everywhere; any other one only where it stands.
            let is_of_role = known.role.is_text();
            let basis = match own_line(rule) {
                true => stated,
                false if is_of_role && known.role != Role::Nickname => inferred,
                false => Basis::Convention,
            };
            // A list may as well be empty for a value that nothing has.
            let filters = self.start.behavior(self.endpoint).list.is_some();
            let inferred = if filters { Basis::Convention } else { inferred };
            let basis = if filters { Basis::Convention } else { basis };
            let mut with = |what: String, basis: Basis, text: Option<String>| {
                self.add(format!("{} {what}", known.name), basis, |lab, draft| {
                    let text = text.or_else(|| {
                        let usual = lab.value(draft, input)?;
                        let Form::Length(length) = &rule.form else { return None };
                        let count = length.max.map_or(0, |max| max as usize + 1);
                        Some(lab.fresh.of_length(usual.as_text(), count))
                    });
                    draft.fix(input, text.map(Val::text));
                    true
                });
            };
            match &rule.form {
                Form::Mobile => {
                    with("is no phone number".to_owned(), inferred, Some("123".to_owned()));
                    with("has letters in it".to_owned(), inferred, Some("1380013800a".to_owned()));
                }
                Form::Email => with("is no address".to_owned(), inferred, Some("nobody".to_owned())),
                Form::IdCard => with("is no number of an ID card".to_owned(), inferred, Some("123".to_owned())),
                Form::Length(length) => {
                    if let Some(min) = length.min.filter(|min| *min > 1) {
                        let short = "ab1234567890".chars().cycle().take(min as usize - 1).collect();
                        with("is too short".to_owned(), basis, Some(short));
                    }
                    if length.max.is_some() {
                        with("is too long".to_owned(), basis, None);
                    }
                }
                Form::Range(least, most) => {
                    with("is too small".to_owned(), basis, Some(least.saturating_sub(1).to_string()));
                    if *most < i64::MAX {
                        with("is too large".to_owned(), basis, Some(most.saturating_add(1).to_string()));
                    }
                }
                Form::OneOf(values) => {
                    let outside = ["99", "none", "zzz"].iter().find(|text| !values.iter().any(|value| value == *text));
                    with(
                        "is none of the values that there are".to_owned(),
                        inferred,
                        outside.map(|text| (*text).to_owned()),
                    );
                }
                Form::LettersAndDigits => with("has digits only".to_owned(), basis, Some("12345678".to_owned())),
                Form::NotPast(form) => {
                    let past = form.to_string().replace("YYYY", "2001").replace("MM", "01").replace("DD", "01");
                    let past = past.replace(['h', 'm', 's'], "0");
                    with("lies in the past".to_owned(), basis, Some(past));
                }
                Form::Date(_) => with("is no date".to_owned(), inferred, Some("soon".to_owned())),
            }
        }
    }

    fn passcode(&mut self, passcode: usize, identity: Option<usize>, stated: Basis, inferred: Basis) {
        let endpoint = self.endpoint;
        let name = self.start.behavior(endpoint).inputs[passcode].name.to_string();
        self.add(format!("{name} is not the one that was sent"), stated, |lab, draft| {
            let mut all = draft.clone();
            if !lab.settle(&mut all, None) {
                return false;
            }
            let right = all.get(passcode).map(|code| code.as_text().to_owned()).unwrap_or_default();
            let wrong: String = right
                .chars()
                .map(|c| {
                    c.to_digit(10).map_or(c, |digit| char::from(b'0' + u8::try_from((digit + 1) % 10).unwrap_or(0)))
                })
                .collect();
            *draft = all;
            draft.fix(passcode, Some(Val::text(wrong)));
            true
        });
        self.add(format!("{name} is spent"), inferred, |lab, draft| {
            let mut first = draft.clone();
            lab.settle(&mut first, None) && {
                lab.go(&first, None);
                draft.person = first.person;
                for at in 0..draft.values.inputs.len() {
                    if Some(at) == identity || at == passcode {
                        draft.fix(at, first.get(at).cloned());
                    }
                }
                lab.needs_sent_passcodes = true;
                true
            }
        });
        if let Some(identity) = identity {
            self.add(format!("{name} was sent to somebody else"), inferred, |lab, draft| {
                let known = &lab.behavior(endpoint).inputs[identity];
                let other = lab.identity(OTHER, known.word, &known.name, &known.rules);
                let purpose = None;
                let Some(code) = lab.passcode(&other, purpose, 1) else { return false };
                draft.fix(passcode, Some(code));
                lab.needs_sent_passcodes = true;
                true
            });
        }
        for spender in self.start.endpoints_that(|action| matches!(action, Action::SpendPasscode { .. })) {
            if spender == endpoint {
                continue;
            }
            let what = format!("{name} was spent by {}", title(&self.start, spender));
            let before = self.found.len();
            self.add(what, inferred, |lab, draft| {
                let spent = lab.behavior(spender).effects.iter().find_map(|effect| match &effect.action {
                    Action::SpendPasscode { passcode, .. } => Some(*passcode),
                    _ => None,
                });
                let Some(first) = lab.succeed(spender, draft.person, 0) else { return false };
                let Some(code) = spent.and_then(|input| first.get(input).cloned()) else { return false };
                *draft = lab.draft(endpoint, first.person, 0);
                draft.fix(passcode, Some(code));
                lab.needs_sent_passcodes = true;
                true
            });
            self.after(before, spender);
        }
        self.add(format!("no {name} was sent"), inferred, |_, draft| {
            draft.fix(passcode, Some(Val::text("135790")));
            true
        });
    }

    fn card(&mut self, input: usize, inferred: Basis) {
        let name = self.start.behavior(self.endpoint).inputs[input].name.to_string();
        self.add(format!("{name} has a wrong check digit"), inferred, |lab, draft| {
            let card = lab.fresh.card();
            let last = card.chars().last().unwrap_or('0');
            let wrong = if last == '1' { '2' } else { '1' };
            draft.fix(input, Some(Val::text(format!("{}{wrong}", &card[..17]))));
            true
        });
        self.add(format!("{name} has no real birth date"), inferred, |lab, draft| {
            let body = format!("1101051990134{}{}", 5, lab.fresh.digits(3));
            let check = id_card::check_digit(&body);
            draft.fix(input, Some(Val::text(format!("{body}{check}"))));
            true
        });
    }

    fn taken_card(&mut self, input: usize, inferred: Basis) {
        let endpoint = self.endpoint;
        let name = self.start.behavior(endpoint).inputs[input].name.to_string();
        self.add(format!("{name} is another account's"), inferred, |lab, draft| {
            let mut other = lab.draft(endpoint, OTHER, 0);
            lab.settle(&mut other, None) && {
                lab.go(&other, None);
                draft.fix(input, other.get(input).cloned());
                true
            }
        });
        self.add("the account is verified with another card", Basis::Convention, |lab, draft| {
            let mut first = draft.clone();
            lab.settle(&mut first, None) && {
                lab.go(&first, None);
                draft.person = first.person;
                let card = lab.fresh.card();
                draft.fix(input, Some(Val::text(card)));
                true
            }
        });
    }

    fn missing_record(&mut self, collection: usize, id: &RecordId, write: bool, stated: Basis, inferred: Basis) {
        let endpoint = self.endpoint;
        let shape = &self.start.model().collections[collection];
        let name = self.start.behavior(endpoint).inputs[id.input].name.to_string();
        self.add(format!("{name} is no record's"), stated, |lab, draft| {
            let example = lab.model().collections[collection].id.example.as_ref().and_then(Json::scalar_text);
            let is_text = example.is_some_and(|text| text.parse::<u64>().is_err());
            let nothing = if is_text { lab.fresh.token(example.unwrap_or_default()) } else { "99999999".to_owned() };
            draft.fix(id.input, Some(Val::text(nothing)));
            true
        });
        if shape.private || (write && shape.owned) {
            self.add(format!("{name} is another's record"), inferred, |lab, draft| {
                let Some(record) = lab.make(collection, Some(OTHER), 0) else { return false };
                let value = match &id.via {
                    None => record,
                    Some(via) => {
                        let name = &lab.model().collections[collection].name;
                        let known = lab.world().record_by_id(name, record.as_text());
                        let text = known.and_then(|known| known.field(via)).and_then(Json::scalar_text);
                        match text {
                            Some(text) => Val::text(text),
                            None => return false,
                        }
                    }
                };
                draft.fix(id.input, Some(value));
                true
            });
        }
        let removes = self.start.endpoints_that(|action| {
            matches!(action, Action::RemoveRecords { collection: removed, id: Some(_) } if *removed == collection)
        });
        if let Some(removing) = removes.first().copied() {
            let what = format!("{name} is gone after {}", title(&self.start, removing));
            let before = self.found.len();
            self.add(what, inferred, |lab, draft| {
                let mut remove = lab.draft(removing, draft.person, 0);
                if !lab.settle(&mut remove, None) {
                    return false;
                }
                let removed = lab.behavior(removing).effects.iter().find_map(|effect| match &effect.action {
                    Action::RemoveRecords { id: Some(id), .. } => Some(id.input),
                    _ => None,
                });
                let value = removed.and_then(|input| remove.get(input).cloned());
                lab.go(&remove, None);
                draft.person = remove.person;
                draft.fix(id.input, value);
                true
            });
            self.after(before, removing);
        }
    }

    /// Every state but those that it may be in.
    fn states(&mut self, collection: usize, id: &RecordId, field: &Arc<str>, from: &[Json], stated: Basis) {
        let shape = &self.start.model().collections[collection];
        let known = shape.machine(field).map(|machine| machine.values.clone()).unwrap_or_default();
        let told = self.start.model().behaviors.iter().flat_map(|behavior| &behavior.effects);
        let targets = told.filter_map(|effect| match &effect.action {
            Action::MoveRecords { collection: moved, field: moving, to, .. }
                if *moved == collection && moving == field =>
            {
                Some(to.clone())
            }
            _ => None,
        });
        let mut values: Vec<(Json, String)> = known.into_iter().map(|value| (value.value, value.words)).collect();
        for target in targets {
            if !values.iter().any(|(value, _)| value.scalar_text() == target.scalar_text()) {
                values.push((target, String::new()));
            }
        }
        for (value, words) in values {
            if from.iter().any(|known| known.scalar_text() == value.scalar_text()) {
                continue;
            }
            let shown = value.scalar_text().unwrap_or_default().to_owned();
            let what = format!("its {field} is {shown} {words}");
            self.add(what.trim_end(), stated, |lab, draft| {
                let mut all = draft.clone();
                if !lab.settle(&mut all, None) {
                    return false;
                }
                *draft = all;
                let Some(named) = draft.get(id.input).cloned() else { return false };
                draft.fixed.push(id.input);
                let Some(record) = lab.record_of(collection, id, &named) else { return false };
                lab.lead(collection, &record, draft.person, field, std::slice::from_ref(&value), 0)
            });
        }
    }

    fn empty(&mut self, collection: usize, inferred: Basis) {
        let endpoint = self.endpoint;
        self.add("there is none", inferred, |_, _| true);
        let plan = self.start.behavior(endpoint).list.clone();
        if let Some(plan) = plan {
            let inputs = plan.keyword.into_iter().chain(plan.filters.iter().map(|filter| filter.input));
            for input in inputs.take(4) {
                let name = self.start.behavior(endpoint).inputs[input].name.to_string();
                self.add(format!("none has that {name}"), inferred, |lab, draft| {
                    let rules = &lab.behavior(endpoint).inputs[input].rules;
                    let nothing = lab.fresh.digits(9);
                    let nothing = lab.fresh.fitting(rules, &nothing, "none");
                    draft.fix(input, Some(Val::text(nothing)));
                    true
                });
            }
            if let Some(page) = plan.page {
                self.add("the page is behind the last", Basis::Convention, |_, draft| {
                    draft.fix(page, Some(Val::text("9999")));
                    true
                });
            }
        }
        self.add("all are taken away by hand", inferred, |lab, _| {
            let name = Arc::clone(&lab.model().collections[collection].name);
            let ids: Vec<Arc<str>> = lab
                .world()
                .collection(&name)
                .into_iter()
                .flat_map(|all| all.iter().map(|record| Arc::clone(&record.id)))
                .take(60)
                .collect();
            !ids.is_empty() && ids.iter().all(|id| lab.edit_record(collection, &Val::text(id.as_ref()), None))
        });
    }
}

/// The same call twice.
fn again(lab: &mut Lab<'_>, draft: &mut Draft) -> bool {
    let mut first = draft.clone();
    let behavior = lab.behavior(draft.endpoint);
    // Something has to be sent for it to be the same.
    if !behavior.inputs.is_empty() && first.values.inputs.iter().all(Option::is_none) {
        for input in 0..behavior.inputs.len() {
            let known = &behavior.inputs[input];
            if known.role == Role::Token || known.discriminates || known.routes {
                continue;
            }
            let value = lab.value(&mut first, input);
            first.set(input, value);
        }
    }
    lab.settle(&mut first, None) && {
        lab.go(&first, None);
        draft.person = first.person;
        for input in 0..first.values.inputs.len() {
            if behavior.inputs[input].role != Role::Token {
                draft.fix(input, first.get(input).cloned());
            }
        }
        true
    }
}

fn reject(lab: &mut Lab<'_>, person: usize) -> bool {
    if lab.office(person, OfficeAction::Reject) {
        return true;
    }
    let Some(machine) = lab.model().accounts.review_machine() else { return false };
    let Some(rejected) = machine.value(StatusKind::Rejected) else { return false };
    lab.edit_account(person, vec![(machine.field.to_string(), rejected.clone())])
}

pub(super) fn title(lab: &Lab<'_>, endpoint: usize) -> String {
    lab.generation.set.endpoints[endpoint].title.clone()
}

/// The codes that would be right as well: other checks fail on the same call, other failures mean the same, and where no
/// failure speaks of what is missing, what is missing may as well be wrong.
pub(super) fn as_right(lab: &Lab<'_>, draft: &Draft, target: usize, unmet: &[usize]) -> Vec<String> {
    let behavior = lab.behavior(draft.endpoint);
    let check = &behavior.checks[target];
    let mut codes: Vec<String> = vec![check.reply.code.clone()];
    let add = |codes: &mut Vec<String>, code: &str| {
        if !codes.iter().any(|known| known == code) {
            codes.push(code.to_owned());
        }
    };
    for at in unmet {
        add(&mut codes, &behavior.checks[*at].reply.code);
    }
    if let Demand::Present(input) = inner(&check.demand)
        && !check.failure.classes.contains(&Class::Missing)
    {
        for other in &behavior.checks {
            let same = match inner(&other.demand) {
                Demand::WellFormed(named) | Demand::Known(named) | Demand::CardValid(named) => named == input,
                Demand::Password { password, .. } => password == input,
                Demand::Passcode { passcode, .. } => passcode == input,
                _ => false,
            };
            if same {
                add(&mut codes, &other.reply.code);
            }
        }
    }
    // A number that cannot be may be called malformed, too.
    if let Demand::CardValid(input) = inner(&check.demand) {
        for other in &behavior.checks {
            if *inner(&other.demand) == Demand::WellFormed(*input) {
                add(&mut codes, &other.reply.code);
            }
        }
    }
    // What two failures of the endpoint mean alike, either may say.
    for class in &check.failure.classes {
        let specific = !matches!(class, Class::Malformed | Class::Missing | Class::NotFound | Class::Failed);
        for other in behavior.checks.iter().filter(|other| specific && other.failure.classes.contains(class)) {
            add(&mut codes, &other.reply.code);
        }
    }
    codes
}
