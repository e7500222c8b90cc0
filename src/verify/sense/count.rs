//! How many a list says that there are, against how many it shows.

use super::{Asked, Listed, Nonsense};
use crate::behavior::ListPlan;
use crate::lexicon::Lexicon;
use serde_json::Value;

/// No server cuts pages shorter than what is asked for, if it is so few.
const FEW: usize = 5;

pub(super) fn wrong(
    lexicon: &Lexicon,
    plan: &ListPlan,
    asked: &Asked<'_>,
    listed: &Listed<'_>,
    before: usize,
) -> Option<Nonsense> {
    let (key, total) = listed.around.iter().rev().find_map(|object| {
        let mut members = object.as_object()?.iter();
        let (key, total) = members.find(|(key, _)| lexicon.is_named("total", key))?;
        Some((key, whole(total)?))
    })?;
    let shown = listed.items.len();
    let got = || format!("{key} {total} and {shown} in the list");
    if total < shown {
        return Some(Nonsense::new(&listed.at, format!("no more items than the {key}"), got()));
    }
    let is_first = |input: Option<usize>, first: i64| {
        let says = |input: usize| asked.text(input).is_some_and(|text| text.parse() == Ok(first));
        asked.lacks(input) || input.is_some_and(says)
    };
    let is_all = is_first(plan.page, plan.first_page) && is_first(plan.offset, 0);
    // A page that has been longer could show more.
    let is_paged = plan.size.is_some() || plan.page.is_some() || plan.offset.is_some();
    if is_all && is_paged && shown < before && shown < total {
        return Some(Nonsense::new(&listed.at, format!("a {key} of those that are asked for"), got()));
    }
    let size: usize = asked.text(plan.size?)?.parse().ok()?;
    let is_short = is_all && size <= FEW && shown < size && shown < total;
    is_short.then(|| Nonsense::new(&listed.at, format!("{} items on a first page of {size}", total.min(size)), got()))
}

fn whole(value: &Value) -> Option<usize> {
    match value {
        Value::Number(number) => usize::try_from(number.as_u64()?).ok(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}
