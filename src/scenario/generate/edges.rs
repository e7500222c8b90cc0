//! What is just as long, or as much, as the documents allow is allowed.
//!
//! In: an endpoint whose inputs have bounds. Out: stories of calls at the bounds, each of which has to be accepted.

use super::effects::Story;
use super::lab::{Lab, Val};
use super::satisfy::inner;
use super::violate::{CALLER, stated};
use crate::behavior::{Confidence, Demand, Form};
use crate::scenario::ast::{Basis, What};

/// Longer texts are sent nowhere only to see whether they are taken.
const LONG: u32 = 2000;
/// How many bounds of one endpoint are tried.
const MOST: usize = 8;

pub(super) fn stories<'g>(start: &Lab<'g>, endpoint: usize) -> Vec<Story<'g>> {
    let behavior = start.behavior(endpoint);
    let demands = behavior.checks.iter().filter_map(|check| match inner(&check.demand) {
        Demand::WellFormed(input) => Some((*input, stated(check))),
        _ => None,
    });
    let mut found = Vec::new();
    let is_wanted = |input: usize| {
        behavior.checks.iter().any(|check| match inner(&check.demand) {
            Demand::Enough(stock) => {
                stock.quantity.is_some_and(|much| matches!(much, crate::behavior::HowMany::Number(at) if at == input))
            }
            Demand::Funds { .. } | Demand::Within(_) => true,
            _ => false,
        })
    };
    for (input, basis) in demands {
        let known = &behavior.inputs[input];
        for rule in &known.rules {
            let holds_here = rule.because.place == known.place || (known.role.is_password() && known.role.is_text());
            if !holds_here || rule.because.confidence == Confidence::Guess || behavior.list.is_some() {
                continue;
            }
            let basis = basis.max(Basis::Inferred);
            match &rule.form {
                Form::Length(length) => {
                    let shortest = length.min.filter(|min| *min > 1).map(|min| (min, "as short as it may be"));
                    let longest = length.max.filter(|max| *max <= LONG).map(|max| (max, "as long as it may be"));
                    for (count, what) in shortest.into_iter().chain(longest) {
                        found.extend(of_length(start, endpoint, input, count as usize, (what, basis)));
                    }
                }
                // How much there is, documents seldom say.
                Form::Range(least, most) if !is_wanted(input) && *most < i64::from(LONG) => {
                    for (number, what) in [(*least, "as small as it may be"), (*most, "as great as it may be")] {
                        let value = Val::text(number.to_string());
                        found.extend(accepted(start.clone(), endpoint, input, value, (what, basis)));
                    }
                }
                _ => {}
            }
        }
    }
    found.truncate(MOST);
    found
}

fn of_length<'g>(
    start: &Lab<'g>,
    endpoint: usize,
    input: usize,
    count: usize,
    told: (&str, Basis),
) -> Option<Story<'g>> {
    let mut lab = start.clone();
    let mut draft = lab.draft(endpoint, CALLER, 0);
    let usual = lab.value(&mut draft, input).filter(|value| value.shown == value.actual)?;
    // Of other signs or forms nothing is known.
    usual.as_text().is_ascii().then_some(())?;
    let text = lab.fresh.of_length(usual.as_text(), count);
    accepted(start.clone(), endpoint, input, Val::text(text), told)
}

fn accepted<'g>(
    mut lab: Lab<'g>,
    endpoint: usize,
    input: usize,
    value: Val,
    (what, basis): (&str, Basis),
) -> Option<Story<'g>> {
    let name = lab.behavior(endpoint).inputs[input].name.to_string();
    let mut draft = lab.draft(endpoint, CALLER, 0);
    draft.fix(input, Some(value));
    // Who sends a password that is an account's own has to have it.
    lab.settle(&mut draft, None).then_some(())?;
    lab.call(endpoint, &draft.values, vec![What::Success], Some(format!("{name} is {what}")));
    lab.basis(basis);
    Some(Story { lab, what: format!("{name} is {what}"), is_deed: false })
}
