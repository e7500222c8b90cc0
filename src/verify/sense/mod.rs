//! What a reply says against itself, whatever the scenario wants of it.
//!
//! In: a step with a list or amounts in its reply. Out: where it says what nothing can be: one record twice in a list, more
//! shown than there are in all, another order than the documents tell, a price times a number that is not the amount
//! beside them. Of lists only what the list is of is judged, by the member that tells its records apart; lists of ties and
//! of lines may name one thing again.

mod amounts;
mod count;
mod order;
mod sums;

use crate::behavior::Slot;
use crate::generation::Generation;
use crate::scenario::ast::{Action, Step};
use crate::scenario::result::StepRan;
use crate::source::Place;
use serde_json::Value;

pub(super) struct Nonsense {
    pub(super) at: String,
    pub(super) expected: String,
    pub(super) got: String,
    /// The line that says otherwise, where it is not the endpoint's own.
    pub(super) place: Option<Place>,
    pub(super) because: String,
}

impl Nonsense {
    fn new(at: &str, expected: impl Into<String>, got: impl Into<String>) -> Self {
        let (at, expected, got) = (at.to_owned(), expected.into(), got.into());
        Self { at, expected, got, place: None, because: String::new() }
    }
}

/// A list in a reply.
struct Listed<'v> {
    at: String,
    items: &'v [Value],
    /// The objects that it stands in, the outermost first.
    around: Vec<&'v Value>,
}

/// How many items an endpoint has shown before, asked for as many a page as now.
pub(super) fn shown_before(generation: &Generation, steps: &[StepRan], planned: &[Step], number: usize) -> usize {
    let asked = |at: usize| {
        let behavior = &generation.model.behaviors[steps[at].endpoint?];
        let name = behavior.list.as_ref()?.size.map(|size| &*behavior.inputs[size].name);
        let Action::Call { with, .. } = &planned.get(at)?.action else { return None };
        let value = name.and_then(|name| with.iter().find(|(known, _)| **known == *name));
        Some((steps[at].endpoint?, value.and_then(|(_, value)| value.scalar_text())))
    };
    let now = asked(number);
    let shown = |at: usize| {
        let (endpoint, _) = asked(at).filter(|_| asked(at) == now)?;
        let collection = &generation.model.collections[generation.model.behaviors[endpoint].list.as_ref()?.collection];
        let body: Value = serde_json::from_slice(&steps[at].reply.as_ref()?.body).ok()?;
        Some(list(&body, collection.id.key.as_deref().unwrap_or("id"))?.items.len())
    };
    if now.is_none() { 0 } else { (0..number).filter_map(shown).max().unwrap_or_default() }
}

/// `planned` is the step as the plan has it, where there is one; `before` is how many items the endpoint has shown already.
pub(super) fn nonsense(
    generation: &Generation,
    step: &StepRan,
    planned: Option<&Step>,
    before: usize,
) -> Option<Nonsense> {
    let behavior = &generation.model.behaviors[step.endpoint?];
    let is_success = step.outcome.as_ref().is_some_and(|outcome| outcome.is_success);
    if !is_success || step.cut.is_some() {
        return None;
    }
    let body: Value = serde_json::from_slice(&step.reply.as_ref()?.body).ok()?;
    if let Some(wrong) = amounts::wrong(&generation.model, behavior, &body) {
        return Some(wrong);
    }
    let plan = behavior.list.as_ref()?;
    // Only what shows all that is in it comes to what it says.
    let is_whole = plan.page.is_none() && plan.offset.is_none() && plan.size.is_none();
    for (slot, _) in behavior.success.body.slots().filter(|_| is_whole) {
        if let Slot::Summed { fields, only: None, .. } = slot {
            let successes = generation.set.endpoints[step.endpoint?].successes();
            let examples: Vec<Value> = successes.map(|example| Value::from(&example.value)).collect();
            if let Some(wrong) = sums::wrong(&examples, fields, &body) {
                return Some(wrong);
            }
        }
    }
    let collection = &generation.model.collections[plan.collection];
    if collection.relation.is_some() {
        return None;
    }
    let key = collection.id.key.as_deref().unwrap_or("id");
    let listed = list(&body, key)?;
    let asked = Asked { inputs: &behavior.inputs, planned };
    repeated(key, &listed)
        .or_else(|| count::wrong(&generation.lexicon, plan, &asked, &listed, before))
        .or_else(|| order::wrong(plan, collection, &asked, &listed))
}

/// What was sent in a planned step.
struct Asked<'s> {
    inputs: &'s [crate::behavior::Input],
    planned: Option<&'s Step>,
}

impl Asked<'_> {
    fn with(&self) -> Option<&[(String, crate::json::Json)]> {
        match &self.planned?.action {
            Action::Call { with, .. } => Some(with),
            _ => None,
        }
    }

    /// What an input was sent, where that is the same in every run.
    fn text(&self, input: usize) -> Option<&str> {
        let (_, value) = self.with()?.iter().find(|(name, _)| **name == *self.inputs[input].name)?;
        value.scalar_text().filter(|text| !text.contains("${"))
    }

    /// Whether an input was left out, or is none. Of what nobody planned nothing is known.
    fn lacks(&self, input: Option<usize>) -> bool {
        input.is_none_or(|input| {
            self.with().is_some_and(|with| with.iter().all(|(name, _)| **name != *self.inputs[input].name))
        })
    }
}

fn repeated(key: &str, listed: &Listed<'_>) -> Option<Nonsense> {
    let is_none = |item: &Value| matches!(&item[key], Value::Null) || item[key].as_str().is_some_and(str::is_empty);
    if listed.items.iter().any(is_none) {
        let got = if listed.items.iter().any(|item| item[key].is_null()) { "null" } else { "\"\"" };
        return Some(Nonsense::new(&listed.at, format!("a {key} in each item"), format!("{key} {got}")));
    }
    let mut seen = std::collections::HashMap::new();
    let again = listed.items.iter().find(|item| seen.insert(item[key].to_string(), *item) == Some(*item))?;
    Some(Nonsense::new(&listed.at, "each record once", format!("twice the item of {key} {}", again[key])))
}

/// The first list whose items all have that member.
fn list<'v>(body: &'v Value, key: &str) -> Option<Listed<'v>> {
    let mut around = Vec::new();
    let (at, items) = list_in(body, key, "$".to_owned(), &mut around)?;
    Some(Listed { at, items, around })
}

fn list_in<'v>(value: &'v Value, key: &str, at: String, around: &mut Vec<&'v Value>) -> Option<(String, &'v [Value])> {
    match value {
        Value::Array(items) if !items.is_empty() => {
            items.iter().all(|item| item.get(key).is_some()).then_some((at, items.as_slice()))
        }
        Value::Object(members) => {
            around.push(value);
            let found = members.iter().find_map(|(name, value)| list_in(value, key, format!("{at}.{name}"), around));
            if found.is_none() {
                around.pop();
            }
            found
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_list_is_found_by_the_member_that_tells_its_items_apart() {
        let body =
            json!({"code": 0, "tags": ["a"], "user": {"a": 1}, "data": {"total": 2, "rows": [{"no": 1}, {"no": 2}]}});
        let listed = list(&body, "no").unwrap();
        assert_eq!((listed.at.as_str(), listed.items.len(), listed.around.len()), ("$.data.rows", 2, 2));
        assert!(list(&body, "id").is_none());
    }
}
