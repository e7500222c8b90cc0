//! Ways not to meet a demand: each is one small story that the endpoint has to refuse.
//!
//! In: a demand of an endpoint. Out: labs with a call in which that demand is not met, each with what it shows in words and
//! how plainly the documents say so.

use super::lab::{Lab, Val};
use super::satisfy::{Draft, inner};
use crate::behavior::account::lifecycle::OfficeAction;
use crate::behavior::collection::LinesFrom;
use crate::behavior::inputs::date;
use crate::behavior::{Action, Check, Confidence, Demand, Origin, RecordId};
use crate::json::Json;
use crate::lexicon::{Class, Role, StatusKind};
use crate::scenario::ast::Basis;
use crate::spec::In;

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

pub(super) struct Ways<'g> {
    pub(super) start: Lab<'g>,
    pub(super) endpoint: usize,
    pub(super) found: Vec<Way<'g>>,
}

/// The person who calls, and another one.
pub(super) const CALLER: usize = 0;
pub(super) const OTHER: usize = 1;

/// All ways in which an endpoint's check can be failed that can be thought of. Some lead nowhere.
pub(super) fn ways<'g>(start: &Lab<'g>, endpoint: usize, check: &Check) -> Vec<Way<'g>> {
    let mut ways = Ways { start: start.clone(), endpoint, found: Vec::new() };
    let basis = if is_settled(start, endpoint, check) { stated(check) } else { Basis::Convention };
    ways.of(&check.demand, &check.failure.classes, &[], basis);
    ways.found
}

/// Whether the words of a failure say that it is meant for this demand. What says that something is not there, and answers where it
/// is not, does not say that it answers as well where all that is named is there.
fn is_settled(start: &Lab<'_>, endpoint: usize, check: &Check) -> bool {
    let demand = inner(&check.demand);
    let is_of_state = matches!(
        demand,
        Demand::Tied { .. }
            | Demand::NotWaiting { .. }
            | Demand::Rested { .. }
            | Demand::Unused { .. }
            | Demand::NotDone { .. }
            | Demand::InState { .. }
    );
    let is_lack = check.failure.classes.first() == Some(&Class::NotFound);
    let is_same = |other: &Check| {
        let finds = matches!(inner(&other.demand), Demand::Found { .. } | Demand::Referenced { .. });
        finds && other.reply.code == check.reply.code && other.failure.message == check.failure.message
    };
    !(is_of_state && is_lack && start.behavior(endpoint).checks.iter().any(is_same))
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
    pub(super) fn add(
        &mut self,
        what: impl Into<String>,
        basis: Basis,
        make: impl FnOnce(&mut Lab<'g>, &mut Draft) -> bool,
    ) {
        let mut lab = self.start.clone();
        let mut draft = lab.draft(self.endpoint, CALLER, 0);
        if make(&mut lab, &mut draft) {
            self.found.push(Way { lab, draft, what: what.into(), basis, deed: None });
        }
    }

    #[allow(clippy::too_many_lines, reason = "one short arm for each demand")]
    fn of(&mut self, demand: &Demand, classes: &[Class], given: &[(usize, String)], stated: Basis) {
        let inferred = stated.max(Basis::Inferred);
        let endpoint = self.endpoint;
        let behavior = self.start.behavior(endpoint);
        let name = |input: usize| behavior.inputs[input].name.to_string();
        let before = self.found.len();
        match demand {
            Demand::Token => self.token(stated),
            // How long a token lives is told of the whole set; and to be shut out takes another caller's deed.
            Demand::TokenFresh | Demand::Unlocked { .. } | Demand::Welcome { .. } => {}
            Demand::Within(bounded) => {
                self.add("a number is beyond its bounds", stated, |lab, draft| lab.go_beyond(draft, bounded));
            }
            Demand::PasscodeTries { .. }
            | Demand::Unused { .. }
            | Demand::NotChosen { .. }
            | Demand::Timely { .. }
            | Demand::Places { .. }
            | Demand::FewerThan { .. }
            | Demand::SendCap { .. } => self.bound(demand, stated),
            Demand::OfKind { .. } => {
                self.add("the caller is of another kind", stated, |lab, draft| lab.of_another_kind(draft));
            }
            Demand::Untaken { collection, id } => {
                self.add("another has taken it", stated, |lab, draft| lab.taken_by_another(draft, *collection, id));
            }
            Demand::NotOneself(input) => {
                self.add(format!("{} is the caller's own", name(*input)), stated, |lab, draft| {
                    let own = lab.account_id(draft.person, 0);
                    draft.fix(*input, own.clone());
                    own.is_some()
                });
            }
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
            Demand::PresentSome(inputs) => {
                let names: Vec<String> = inputs.iter().map(|input| name(*input)).collect();
                self.add(format!("none of {} is there", names.join(", ")), stated, |_, draft| {
                    for input in inputs {
                        draft.fix(*input, None);
                    }
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
            Demand::InOrder { first, second, .. } => {
                self.add(format!("{} is before {}", name(*second), name(*first)), stated, |lab, draft| {
                    let begun = draft.get(*first).cloned().or_else(|| lab.value(draft, *first));
                    let before = begun.as_ref().and_then(|value| date::moved(value.as_text(), -1));
                    draft.fix(*first, begun);
                    before.is_some() && {
                        draft.fix(*second, before.map(Val::text));
                        true
                    }
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
                    if !lab.register(draft.person, 0) || lab.is_spared(draft.person) {
                        return false;
                    }
                    let Some(right) = lab.people[draft.person].password.clone() else { return false };
                    let swap =
                        |c: char| if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() };
                    draft.fix(*password, Some(Val::text(right.as_text().chars().map(swap).collect::<String>())));
                    true
                });
                self.add(format!("{} ends otherwise", name(*password)), inferred, |lab, draft| {
                    if !lab.register(draft.person, 0) || lab.is_spared(draft.person) {
                        return false;
                    }
                    let Some(right) = lab.people[draft.person].password.clone() else { return false };
                    let mut wrong: Vec<char> = right.as_text().chars().collect();
                    let Some(last) = wrong.last_mut() else { return false };
                    *last = if *last == '7' { '8' } else { '7' };
                    draft.fix(*password, Some(Val::text(wrong.into_iter().collect::<String>())));
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
                let mut shut = Vec::new();
                for (by, kind) in self.start.shutters() {
                    let what = format!("after {}", title(&self.start, by));
                    let before = self.found.len();
                    self.add(what, inferred, |lab, draft| {
                        lab.shut(by, draft.person) && {
                            *draft = lab.draft(endpoint, draft.person, 0);
                            true
                        }
                    });
                    shut.push(kind);
                    self.after(before, by);
                }
                for action in [OfficeAction::Freeze, OfficeAction::Delete] {
                    if shut.contains(&action) {
                        continue;
                    }
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
            Demand::CardFree(input) => {
                // That a card serves one account only is common, and said only by a failure that speaks of it.
                let speaks = classes.iter().any(|class| matches!(class, Class::Exists | Class::IdentityExists));
                self.taken_card(*input, if speaks { inferred } else { Basis::Convention });
            }
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
            Demand::FieldFree { input, .. } => {
                let input = *input;
                self.add(format!("{} is another account's", name(input)), stated, |lab, draft| {
                    let somebody = lab.somebody();
                    let mut first = lab.draft(draft.endpoint, somebody, 0);
                    if first.get(input).is_none() {
                        let value = lab.value(&mut first, input);
                        first.set(input, value);
                    }
                    lab.settle(&mut first, None) && {
                        lab.go(&first, None);
                        draft.fix(input, first.get(input).cloned());
                        true
                    }
                });
            }
            Demand::AccountFound(input) => {
                self.add(format!("{} is nobody's", name(*input)), stated, |_, draft| {
                    draft.fix(*input, Some(Val::text("99999999")));
                    true
                });
            }
            Demand::Prior(_) => self.add("the caller has not done first what is needed", stated, |_, _| true),
            Demand::NotOwn { collection, id } => {
                self.add(format!("{} is the caller's own", name(id.input)), stated, |lab, draft| {
                    let own = lab.make(*collection, Some(draft.person), 0);
                    draft.fix(id.input, own.clone());
                    own.is_some() && (draft.fixed_token || lab.meet_token(draft))
                });
            }
            Demand::Owned { collection, id } => self.others_record(*collection, id, inferred, true),
            Demand::Found { collection, id, write } => self.missing_record(*collection, id, *write, stated, inferred),
            Demand::Referenced { collection, input } => {
                let id = RecordId { input: *input, via: None };
                self.missing_record(*collection, &id, false, stated, inferred);
            }
            Demand::Unlike { collection, fields, id, .. } => {
                let fields: Vec<usize> = fields.iter().map(|(_, input)| *input).collect();
                self.alike(*collection, &fields, id.clone(), ("another record has the same already", stated));
            }
            Demand::Apart(apart) => {
                let what = ("another goes on at the same time", stated);
                self.alike(apart.collection, &apart.inputs().collect::<Vec<_>>(), apart.id.clone(), what);
            }
            Demand::InState { collection, id, field, from } => self.states(*collection, id, field, from, stated),
            Demand::Rested { .. } | Demand::NotWaiting { .. } => self.add("it was done to it already", stated, again),
            Demand::Tied { tied, .. } => {
                let what = if *tied { "it was not tied before" } else { "it is tied already" };
                self.add(what, stated, |lab, draft| if *tied { true } else { again(lab, draft) });
            }
            Demand::Room { collection, most, id, .. } => {
                let (collection, most, id) = (*collection, *most, id.as_ref().map(|id| id.input));
                self.add("there are as many as there may be", stated, |lab, draft| {
                    if let Some(id) = id {
                        draft.fix(id, None);
                    }
                    (0..most.min(50)).all(|_| lab.make(collection, Some(draft.person), 1).is_some())
                });
            }
            Demand::NoMoreListed { input, most } => {
                let (input, most) = (*input, *most);
                self.add("it lists more than it may", stated, move |lab, draft| {
                    let all = lab.several(draft, input, most + 1);
                    let found = all.is_some();
                    draft.fix(input, all);
                    found
                });
            }
            Demand::SomeListed { collection } => self.empty(*collection, inferred),
            Demand::SomeLines(_) => self.add("the basket is empty", stated, |_, _| true),
            Demand::LinesNamed(lines) => {
                let (LinesFrom::Sent(input), reference) = (&lines.from, lines.reference.to_string()) else { return };
                let input = *input;
                self.add("a line names nothing that there is", stated, move |_, draft| {
                    draft.fix(input, Some(Val::text(format!("[{{\"{reference}\":\"999999\"}}]"))));
                    true
                });
            }
            Demand::Enough(stock) => self.stock(stock, stated),
            Demand::Worth { voucher, input, least, .. } => {
                let (voucher, input, least) = (*voucher, *input, least.to_string());
                self.add("what is ordered comes to too little for the voucher", stated, |lab, draft| {
                    let made = lab.make(voucher, Some(draft.person), 1);
                    draft.fix(input, made.clone());
                    let dear = Some(vec![(least, Json::integer(99_999_999))]);
                    made.is_some_and(|id| lab.edit_record(voucher, &id, dear))
                });
            }
            Demand::Funds { .. } | Demand::HasFlag { .. } | Demand::NoneOpen { .. } | Demand::NotDone { .. } => {
                self.wallet(demand, stated);
            }
            Demand::When { input, values, demand, .. } => {
                for value in values.iter().take(2) {
                    let mut given = given.to_vec();
                    given.push((*input, value.clone()));
                    self.of(demand, classes, &given, stated);
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
}

/// The same call twice.
pub(super) fn again(lab: &mut Lab<'_>, draft: &mut Draft) -> bool {
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
