//! Ways to break a demand of what is sent: tokens, forms, passcodes, cards.

use super::Against;
use super::lab::{Lab, Val};
use super::satisfy::{Draft, inner};
use super::violate::{OTHER, Ways, title};
use crate::behavior::{Action, Auth, Confidence, Demand, Form, InputRule};
use crate::engine::id_card;
use crate::lexicon::Role;
use crate::scenario::ast::Basis;
use crate::spec::Endpoint;
use std::sync::Arc;

impl Lab<'_> {
    /// Names what is the caller's own, so that nothing but the caller is wrong.
    fn name_alive(&mut self, draft: &mut Draft) {
        let before = (self.clone(), draft.clone());
        let inputs = 0..self.behavior(draft.endpoint).inputs.len();
        let naming: Vec<usize> = inputs.filter(|at| self.names_record(draft.endpoint, *at)).collect();
        if naming.is_empty() || !self.meet_token(draft) {
            (*self, *draft) = before;
            return;
        }
        self.name_records(draft);
        let unmet = self.unmet(draft.endpoint, &draft.values);
        let checks = &self.behavior(draft.endpoint).checks;
        let is_missed = |input: usize| unmet.iter().any(|at| named(&checks[*at].demand) == Some(input));
        let alive: Vec<usize> =
            naming.into_iter().filter(|input| draft.get(*input).is_some() && !is_missed(*input)).collect();
        // What a tester's hand would have to make is not there on another server.
        let is_by_hand = self.steps[before.0.steps.len()..].iter().any(|step| step.action.needs_simulator());
        if alive.is_empty() || is_by_hand {
            (*self, *draft) = before;
            return;
        }
        draft.fixed.extend(&alive);
        draft.alive = alive;
    }
}

/// Whether the prose above an endpoint's block, or in it, states a rule.
fn is_said_of(documented: &Endpoint, rule: &InputRule) -> bool {
    let (place, block) = (rule.because.place, documented.block);
    let title = documented.title_place.filter(|title| title.file == block.file);
    let from = title.map_or(block.span.start, |title| title.span.end);
    place.file == block.file && (from..block.span.end).contains(&place.span.start)
}

/// The input that names a record which a demand is about.
pub(super) fn named(demand: &Demand) -> Option<usize> {
    match inner(demand) {
        Demand::Found { id, .. } | Demand::Owned { id, .. } | Demand::InState { id, .. } => Some(id.input),
        Demand::Referenced { input, .. } => Some(*input),
        _ => None,
    }
}

impl Ways<'_> {
    pub(super) fn token(&mut self, stated: Basis) {
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
            lab.name_alive(draft);
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
            lab.name_alive(draft);
            lab.set_token(draft, Some(Val::text(token)));
            draft.fixed_token = true;
            true
        });
        let revokes = self.start.endpoints_that(|action| matches!(action, Action::RevokeToken | Action::DeleteAccount));
        for revoking in revokes {
            let what = format!("the token is dead after {}", title(&self.start, revoking));
            let before = self.found.len();
            self.add(what, inferred, |lab, draft| {
                lab.name_alive(draft);
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
    pub(super) fn after(&mut self, before: usize, deed: usize) {
        if let Some(way) = self.found.get_mut(before) {
            way.deed = Some(deed);
        }
    }

    pub(super) fn malformed(&mut self, input: usize, stated: Basis) {
        let inferred = stated.max(Basis::Inferred);
        let known = &self.start.behavior(self.endpoint).inputs[input];
        let longer = format!("{}0", self.start.fresh.clone().mobile());
        let is_real = self.start.against != Against::Simulator;
        let documented = &self.start.generation.set.endpoints[self.endpoint];
        let own_line = |rule: &InputRule| rule.because.place == known.place || is_said_of(documented, rule);
        for rule in &known.rules {
            // A rule of an account's role holds for it everywhere; any other one only where it stands.
            let is_of_role = known.role.is_text();
            let guessed = rule.because.confidence == Confidence::Guess;
            let inferred = if guessed { Basis::Convention } else { inferred };
            let basis = match own_line(rule) {
                _ if guessed => Basis::Convention,
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
                    with("has a digit too many".to_owned(), inferred, Some(longer.clone()));
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
                    if *least == 1 {
                        with("is below nought".to_owned(), basis, Some("-1".to_owned()));
                    }
                    if *most < i64::MAX {
                        with("is too large".to_owned(), basis, Some(most.saturating_add(1).to_string()));
                    }
                }
                // To a real list another value is one that nothing has.
                Form::OneOf(_) if filters && is_real => {}
                Form::OneOf(values) => {
                    let outside = ["99", "none", "zzz"].iter().find(|text| !values.iter().any(|value| value == *text));
                    with(
                        "is none of the values that there are".to_owned(),
                        inferred,
                        outside.map(|text| (*text).to_owned()),
                    );
                }
                Form::MadeOf(_) => with("has other signs".to_owned(), basis, Some("ab!12?cd".to_owned())),
                Form::LettersAndDigits => with("has digits only".to_owned(), basis, Some("12345678".to_owned())),
                Form::Step(step) => with(format!("is not {step}"), basis, Some(step.missed())),
                Form::NotPast(form) => {
                    let past = form.to_string().replace("YYYY", "2001").replace("MM", "01").replace("DD", "01");
                    let past = past.replace(['h', 'm', 's'], "0");
                    with("lies in the past".to_owned(), basis, Some(past));
                }
                Form::Date(_) => with("is no date".to_owned(), inferred, Some("soon".to_owned())),
            }
        }
    }

    pub(super) fn passcode(&mut self, passcode: usize, identity: Option<usize>, stated: Basis, inferred: Basis) {
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

    pub(super) fn card(&mut self, input: usize, inferred: Basis) {
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

    pub(super) fn taken_card(&mut self, input: usize, inferred: Basis) {
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
}
