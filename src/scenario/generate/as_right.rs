//! Which codes are as right as the one that is aimed at.
//!
//! In: a call that fails a check. Out: the codes of the documents that say as well what is wrong with it.

use super::lab::{Lab, Val};
use super::satisfy::{Draft, inner};
use crate::behavior::Demand;
use crate::lexicon::{Class, Role};

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
    for code in &check.also {
        add(&mut codes, code);
    }
    // A token of nobody's may as well be that of an account that is not there.
    let sends_token = || {
        let sent =
            |(input, value): (&crate::behavior::Input, &Option<Val>)| input.role == Role::Token && value.is_some();
        draft.values.token.is_some() || behavior.inputs.iter().zip(&draft.values.inputs).any(sent)
    };
    if matches!(inner(&check.demand), Demand::Token) && sends_token() {
        let kept = behavior.checks.iter().filter(|other| matches!(inner(&other.demand), Demand::AccountKept));
        kept.for_each(|other| add(&mut codes, &other.reply.code));
    }
    if let Demand::Present(input) = inner(&check.demand)
        && !check.failure.classes.contains(&Class::Missing)
    {
        for other in &behavior.checks {
            let same = match inner(&other.demand) {
                Demand::WellFormed(named)
                | Demand::Known(named)
                | Demand::CardValid(named)
                | Demand::Referenced { input: named, .. }
                | Demand::AccountFound(named) => named == input,
                Demand::Password { password, .. } => password == input,
                Demand::Passcode { passcode, .. } => passcode == input,
                Demand::Found { id, .. } => id.input == *input,
                _ => false,
            };
            if same {
                add(&mut codes, &other.reply.code);
            }
        }
        // Words about what is sent that name nothing of it hold for anything of it.
        for (code, words) in super::documented(lab.generation, draft.endpoint).into_iter().skip(1) {
            let meaning = lab.generation.lexicon.meaning(&words);
            let of_request = meaning.classes.iter().any(|class| matches!(class, Class::Missing | Class::Malformed));
            if of_request && meaning.subjects.iter().all(|subject| subject == "information") {
                add(&mut codes, &code);
            }
        }
    }
    // Where no failure says that there is no such account, the passcode or password was none of that account's.
    if let Demand::IdentityKnown(_) | Demand::Known(_) = inner(&check.demand)
        && !check.failure.classes.contains(&Class::NotFound)
    {
        for other in &behavior.checks {
            if matches!(inner(&other.demand), Demand::Passcode { .. } | Demand::Password { .. }) {
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
    // Words that say no more of the case than that it failed may stand for any failure that is not of what was sent.
    let says_it = check.classes.first().is_some_and(|best| check.failure.classes.contains(best));
    let is_of_review = matches!(
        inner(&check.demand),
        Demand::Submitted | Demand::NotRejected | Demand::NotPending | Demand::Unverified
    );
    if !says_it && (is_of_review || check.failure.classes.contains(&Class::Failed)) {
        let of_request = [Class::NotLoggedIn, Class::Missing, Class::Malformed, Class::TooFrequent];
        for (code, words) in super::documented(lab.generation, draft.endpoint).into_iter().skip(1) {
            let classes = lab.generation.lexicon.meaning(&words).classes;
            if !classes.iter().any(|class| of_request.contains(class)) {
                add(&mut codes, &code);
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
