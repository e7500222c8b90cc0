//! What only a reply tells: the key of a payment, the address of a code to scan, the number of a parcel. Nobody sends it and nothing
//! works it out, so a reply has it as the example does.
//!
//! In: a group's endpoints with the fields of its records. Out: the fields that no look at a record shows, only what makes or moves
//! one; and what a look shows of the others where a record has nothing in them.

use super::gather::Gathering;
use super::shape;
use crate::behavior::collection::nouns::group::Group;
use crate::behavior::collection::{Collection, Initial};
use crate::json::Json;
use crate::lexicon::{Operation, Role, compact};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

impl Gathering<'_> {
    pub(in crate::behavior::collection) fn keep_shown(
        &self,
        group: &Group,
        creators: &[usize],
        collection: &mut Collection,
    ) {
        let looks = |at: &usize| {
            matches!(self.operations[*at], Operation::List | Operation::Detail | Operation::Count | Operation::Profile)
        };
        let (looks, deeds): (Vec<usize>, Vec<usize>) = group.endpoints.iter().copied().partition(looks);
        let shown = |all: &[usize]| -> BTreeMap<String, &Json> {
            let members = all.iter().rev().flat_map(|at| shape::item_shown(self.set, self.endpoint(*at), self.lexicon));
            members.map(|(key, value)| (compact(key), value)).collect()
        };
        let (looked_at, done, made) = (shown(&looks), shown(&deeds), shown(creators));
        let inputs = group.endpoints.iter().flat_map(|at| &self.inputs[*at]);
        let sent: BTreeSet<String> = inputs.map(|input| compact(&input.name)).collect();
        let referring = |key: &Arc<str>| collection.references.iter().any(|known| known.field == *key);
        let inherited = |key: &Arc<str>| collection.inherited.iter().any(|known| known.field == *key);
        let mut given = Vec::new();
        for field in &mut collection.fields {
            let name = compact(&field.key);
            // Numbers are worked out, unless they are too long for that.
            let number =
                field.example.scalar_text().is_some_and(|text| text.len() < LONG && text.parse::<f64>().is_ok());
            let filled = field.initial != Initial::Value(field.example.emptied()) || number;
            let own = collection.id.key.as_ref().is_some_and(|key| compact(key) == name);
            if filled
                || own
                || sent.contains(&name)
                || field.role == Role::Status
                || referring(&field.key)
                || inherited(&field.key)
            {
                continue;
            }
            if super::defaults::is_later(field, self.lexicon) {
                continue;
            }
            match (looked_at.contains_key(&name), done.get(&name), made.get(&name)) {
                (false, Some(value), _) if !holds_records(value) => given.push(Arc::clone(&field.key)),
                // What a new record is shown with it has; what comes later stands in no reply to what makes it.
                (true, _, Some(Json::String(text))) if is_made_up(text) && field.role != Role::Time => {
                    field.blank = Some(field.example.in_form(text));
                }
                _ => {}
            }
        }
        collection.given = given;
    }
}

/// In characters, of what is no number to reckon with: `1741854866`.
const LONG: usize = 9;

/// Whether a text is an address, or one of a machine's making: nobody wrote it.
fn is_made_up(text: &str) -> bool {
    let sign = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.=/+:".contains(&byte);
    let code = text.len() >= LONG && text.bytes().all(sign) && text.bytes().any(|byte| byte.is_ascii_digit());
    let time = text.bytes().filter(|byte| matches!(byte, b'-' | b':' | b'/')).count() > 1
        && text.bytes().all(|byte| !byte.is_ascii_alphabetic());
    text.contains("://") || (code && !time)
}

fn holds_records(value: &Json) -> bool {
    matches!(value, Json::Array(items) if items.iter().any(|item| item.as_object().is_some()))
}
