//! What a reply says against itself, whatever the scenario wants of it.
//!
//! In: a step with a list in its reply. Out: where it says what no list of records can say. Only what the list is of is
//! judged, by the member that tells its records apart; lists of ties and of lines may name one thing again.

use crate::generation::Generation;
use crate::scenario::result::StepRan;
use serde_json::Value;

pub(super) struct Nonsense {
    pub(super) at: String,
    pub(super) expected: String,
    pub(super) got: String,
}

pub(super) fn nonsense(generation: &Generation, step: &StepRan) -> Option<Nonsense> {
    let plan = generation.model.behaviors[step.endpoint?].list.as_ref()?;
    let collection = &generation.model.collections[plan.collection];
    let is_success = step.outcome.as_ref().is_some_and(|outcome| outcome.is_success);
    if !is_success || step.cut.is_some() || collection.relation.is_some() {
        return None;
    }
    let body: Value = serde_json::from_slice(&step.reply.as_ref()?.body).ok()?;
    let key = collection.id.key.as_deref().unwrap_or("id");
    let (at, items) = list(&body, key, "$".to_owned())?;
    let is_none = |item: &Value| matches!(&item[key], Value::Null) || item[key].as_str().is_some_and(str::is_empty);
    if items.iter().any(is_none) {
        let got = format!("{key} {}", if items.iter().any(|item| item[key].is_null()) { "null" } else { "\"\"" });
        return Some(Nonsense { at, expected: format!("a {key} in each item"), got });
    }
    let mut seen = std::collections::HashMap::new();
    let again = items.iter().find(|item| seen.insert(item[key].to_string(), *item) == Some(*item))?;
    let got = format!("twice the item of {key} {}", again[key]);
    Some(Nonsense { at, expected: "each record once".to_owned(), got })
}

/// The first list whose items all have that member, with its path.
fn list<'v>(value: &'v Value, key: &str, at: String) -> Option<(String, &'v [Value])> {
    match value {
        Value::Array(items) if !items.is_empty() => {
            items.iter().all(|item| item.get(key).is_some()).then_some((at, items.as_slice()))
        }
        Value::Object(members) => members.iter().find_map(|(name, value)| list(value, key, format!("{at}.{name}"))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_list_is_found_by_the_member_that_tells_its_items_apart() {
        let body = json!({"code": 0, "tags": ["a"], "data": {"total": 2, "rows": [{"no": 1}, {"no": 2}]}});
        let (at, items) = list(&body, "no", "$".to_owned()).unwrap();
        assert_eq!((at.as_str(), items.len()), ("$.data.rows", 2));
        assert!(list(&body, "id", "$".to_owned()).is_none());
    }
}
