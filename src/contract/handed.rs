//! The token that a reply hands out: where the documents' examples have one.

use crate::behavior::Slot;
use crate::generation::Generation;
use crate::json::{Json, path_text};

/// Where it stands, as a `JSONPath`, and the token itself. None where the endpoint gives none, or this reply did not.
pub fn token(generation: &Generation, endpoint: usize, body: &Json) -> Option<(String, String)> {
    let slots = generation.model.behaviors[endpoint].success.body.slots();
    let given: Vec<&Json> = slots.filter(|(slot, _)| **slot == Slot::Token).map(|(_, example)| example).collect();
    let shown = generation.set.endpoints[endpoint].successes().flat_map(|example| example.value.leaves());
    shown.filter(|(_, value)| given.contains(value)).find_map(|(path, _)| {
        let found = body.at(&path).filter(|found| matches!(found, Json::String(_) | Json::Number(_)))?;
        let text = found.scalar_text().filter(|text| !text.trim().is_empty())?;
        Some((path_text(&path), text.to_owned()))
    })
}
