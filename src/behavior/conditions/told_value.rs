//! Failures of which words say by a field of what a request names when they come: `| DEPT_CLOSED | 该科室今日停诊 | open 为 false |`.
//!
//! In: what stands beside a failure in its table, or above its example. Out: the demand that the field has another value then.

use crate::behavior::collection::items::example_forms::is_flag;
use crate::behavior::collection::{Collection, ItemField, RecordId};
use crate::behavior::records::{Records, Wish};
use crate::behavior::{Confidence, Demand, Evidence};
use crate::json::Json;
use crate::lexicon::{Lexicon, Operation};
use std::sync::Arc;

impl Records<'_> {
    pub(in crate::behavior) fn told_values(&self, wishes: &mut Vec<Wish>) {
        let Some(on) = self.on else { return };
        let named = self.named_by_inputs().into_iter();
        let own = on
            .id
            .clone()
            .filter(|_| !matches!(self.operation(), Operation::List | Operation::Detail | Operation::Count))
            .map(|id| (on.collection, id));
        let things: Vec<(usize, RecordId)> =
            named.map(|(collection, input)| (collection, RecordId { input, via: None })).chain(own).collect();
        if things.is_empty() {
            return;
        }
        for failure in self.failures() {
            let endpoint = self.endpoint();
            let rows = endpoint.codes.rows.iter().chain(&endpoint.quoted);
            let rows =
                rows.filter(|row| row.code == failure.code && row.text == failure.message && !row.when.is_empty());
            let shown = endpoint.errors().filter(|example| {
                let (own, place) = (example.place.span, failure.place);
                example.place.file == place.file && own.start <= place.span.start && place.span.end <= own.end
            });
            let beside = shown.flat_map(|example| &example.comments).map(|note| note.text.as_str());
            let mut told = rows.map(|row| row.when.as_str()).chain(failure.captioned.as_deref()).chain(beside);
            let found = told.find_map(|text| {
                things.iter().find_map(|(collection, id)| {
                    let known = &self.collections[*collection];
                    let mut fields = known.fields.iter().filter(|field| field.key.len() > 1);
                    let found =
                        fields.find_map(|field| Some((field, allowed(text, field, known, self.gathering.lexicon)?)));
                    found.map(|(field, from)| (text, *collection, id.clone(), Arc::clone(&field.key), from))
                })
            });
            let Some((text, collection, id, field, from)) = found else { continue };
            let known = |wish: &Wish| {
                let by_field = matches!(&wish.0, Demand::InState { field: known, .. } if *known == field);
                let same = wish.2.as_ref();
                by_field || same.is_some_and(|other| other.code == failure.code && other.message == failure.message)
            };
            if wishes.iter().any(known) {
                continue;
            }
            let because = Evidence::new(format!("`{text}`"), failure.place, Confidence::Likely);
            wishes.push((Demand::InState { collection, id, field, from }, because, Some(failure.clone())));
        }
    }
}

/// The values of a field with which a failure does not come, where words say with which it does: `open 为 false`, `status != 1`.
fn allowed(text: &str, field: &ItemField, known: &Collection, lexicon: &Lexicon) -> Option<Vec<Json>> {
    let (denied, literal) = told(text, &field.key, lexicon)?;
    let machine = known.machines.iter().find(|machine| machine.field == field.key);
    let value = match (&field.example, literal) {
        (Json::Bool(_), "true" | "1") => Json::Bool(true),
        (Json::Bool(_), "false" | "0") => Json::Bool(false),
        (Json::Number(_), _) => literal.parse::<i64>().is_ok().then(|| Json::Number(literal.into()))?,
        (Json::String(_), _) => Json::String(literal.into()),
        _ => return None,
    };
    if denied {
        return Some(vec![value]);
    }
    if let Some(machine) = machine {
        let others = machine.values.iter().map(|known| &known.value).filter(|known| **known != value).cloned();
        return Some(others.collect()).filter(|others: &Vec<Json>| others.len() < machine.values.len());
    }
    // `remain 为 0` of a number that counts says nothing of the one value that it has else.
    let other = match &value {
        Json::Bool(is) => Json::Bool(!is),
        _ if !is_flag(&field.example) => return None,
        Json::Number(number) if is_flag(&value) => Json::Number(if **number == *"0" { "1" } else { "0" }.into()),
        Json::String(text) if is_flag(&value) && text.bytes().all(|byte| byte.is_ascii_digit()) => {
            Json::String(if **text == *"0" { "1" } else { "0" }.into())
        }
        _ => return None,
    };
    Some(vec![other])
}

/// Whether a text says that a member is, or is not, some value, and which.
fn told<'t>(text: &'t str, key: &str, lexicon: &Lexicon) -> Option<(bool, &'t str)> {
    let is_sign = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut places = text.match_indices(key).map(|(at, _)| (at, at + key.len()));
    places.find_map(|(start, end)| {
        let whole = !text[..start].ends_with(is_sign) && !text[end..].starts_with(is_sign);
        let rest = text[end..].trim_start_matches(['`', '"', ' ']);
        let signed = ["!=", "≠", "<>", "！="].iter().find_map(|sign| rest.strip_prefix(sign));
        let (denied, rest) = match signed {
            Some(rest) => (true, rest),
            None => {
                let behind = lexicon.behind_start("denial", rest);
                let denied = behind.len() < rest.len();
                let equal =
                    behind.trim_start().strip_prefix("==").or_else(|| behind.trim_start().strip_prefix(['=', '＝']));
                let joined = lexicon.behind_start("value-joint", behind);
                (denied, equal.or_else(|| (joined.len() < behind.trim_start().len()).then_some(joined))?)
            }
        };
        let rest = rest.trim_start_matches(['`', '"', ' ', '“', '\'']);
        let literal = &rest[..rest.find(|c| !is_sign(c)).unwrap_or(rest.len())];
        (whole && !literal.is_empty()).then_some((denied, literal))
    })
}

#[cfg(test)]
mod tests {
    use super::told;
    use crate::lexicon::Lexicon;

    #[test]
    fn members_with_their_values() {
        let lexicon = Lexicon::standard();
        let check = |text: &str, expected: Option<(bool, &str)>| {
            assert_eq!(told(text, "open", &lexicon), expected, "{text}");
        };
        check("open 为 false", Some((false, "false")));
        check("科室的 `open` 是 `0`", Some((false, "0")));
        check("open=0 时", Some((false, "0")));
        check("open 不为 1", Some((true, "1")));
        check("open != 1", Some((true, "1")));
        check("reopen 为 1", None);
        check("open 表示今天是否出诊", None);
    }
}
