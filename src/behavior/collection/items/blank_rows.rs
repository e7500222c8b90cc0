//! Rows in which nothing stands: `{"id": , "name": ""}` shows the members of a record that somebody has yet to make.
//!
//! In: the items of examples. Out: which of them are no records, and the form of what they leave open.

use super::example_forms::time_form;
use super::gather::Gathering;
use super::item::Source;
use super::seeing::Sight;
use crate::behavior::collection::nouns::group::Group;
use crate::behavior::collection::{Collection, Initial, ItemField};
use crate::json::{Json, Step};
use crate::lexicon::{Lexicon, compact};
use crate::spec::Param;

/// How a time is written where nothing in its collection shows one.
const TIME: &str = "2006-01-02 15:04:05";

/// Whether nothing stands in an item: nothing at all, or nothing but numbers where it has no id.
pub(in crate::behavior::collection) fn is_blank(item: &Json, id: Option<&str>) -> bool {
    let Some(members) = item.as_object() else { return false };
    let own = id.and_then(|id| item.get(id));
    let zero = |value: &Json| matches!(value, Json::Number(number) if &**number == "0");
    let number =
        |value: &Json| !is_nothing(value) && value.scalar_text().is_some_and(|text| text.parse::<f64>().is_ok());
    let others = members.iter().filter(|(key, _)| id != Some(&**key)).map(|(_, value)| value);
    let unnamed = own.is_some_and(is_nothing) && others.clone().any(is_nothing);
    let noughts = own.is_some_and(zero) && others.clone().any(is_nothing);
    members.iter().all(|(_, value)| is_nothing(value) || (unnamed && number(value)) || (noughts && zero(value)))
}

fn is_nothing(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::Array(items) => items.iter().all(is_nothing),
        Json::Object(members) => members.iter().all(|(_, value)| is_nothing(value)),
        scalar => scalar.scalar_text().is_some_and(str::is_empty),
    }
}

/// Whether an item of an example is no record: nothing stands in it, or its list says that there are none and somebody can make them.
pub(in crate::behavior::collection) fn is_template(
    sight: &Sight<'_>,
    id: Option<&str>,
    creatable: bool,
    lexicon: &Lexicon,
) -> bool {
    is_blank(sight.item, id) || (creatable && is_of_none(sight, lexicon))
}

/// `{"total": 0, "list": [{…}]}`
fn is_of_none(sight: &Sight<'_>, lexicon: &Lexicon) -> bool {
    let [around @ .., Step::Key(_), Step::Index(_)] = &sight.path[..] else { return false };
    let members = sight.example.value.at(around).and_then(Json::as_object).unwrap_or_default();
    members.iter().any(|(key, value)| lexicon.is_named("total", &compact(key)) && value.scalar_text() == Some("0"))
}

/// What another example or a parameter shows of a member that such a row leaves open.
pub(in crate::behavior::collection) fn form<'c>(
    source: &Source,
    collection: &'c Collection,
    (key, shown): (&str, &Json),
    is_blank: bool,
) -> Option<&'c Json> {
    let known = match source {
        _ if !is_nothing(shown) => None,
        Source::Id => collection.id.example.as_ref(),
        Source::Field if is_blank => collection.field(key).map(|field| &field.example),
        _ => None,
    };
    known.filter(|known| known.is_scalar() && !is_nothing(known))
}

/// A time that a collection shows, of when something was made.
pub(in crate::behavior::collection) fn time_shown(fields: &[ItemField]) -> Option<Json> {
    fields.iter().map(|field| &field.example).find(|example| time_form(example).is_some()).cloned()
}

/// How the time is written at which a record is made, where its example is empty: `"add_time": "" //2020-06-18 09:20:00`.
pub(in crate::behavior::collection) fn time_of(field: &ItemField, shown: Option<&Json>) -> Option<Json> {
    if field.example.as_str() != Some("") {
        return None;
    }
    let told = times_in(&field.words).next().map(Json::string);
    let shown = told.or_else(|| shown.filter(|shown| shown.as_str().is_some()).cloned());
    Some(shown.unwrap_or_else(|| Json::string(TIME)))
}

/// The times that stand in a text.
fn times_in(text: &str) -> impl Iterator<Item = &str> {
    let starts = text.char_indices().filter(|(_, c)| c.is_ascii_digit()).map(|(at, _)| at);
    starts.filter_map(move |at| {
        let pieces = [19, 16, 10].into_iter().filter_map(move |length| text.get(at..at + length));
        pieces
            .into_iter()
            .find(|piece| piece.contains(['-', '/']) && piece.is_ascii() && time_form(&Json::string(*piece)).is_some())
    })
}

impl Gathering<'_> {
    /// What rows in which nothing stands leave open, parameters say: `*int:goods_id`.
    pub(in crate::behavior::collection) fn type_blanks(
        &self,
        group: &Group,
        sights: &[Sight<'_>],
        collection: &mut Collection,
    ) {
        if sights.is_empty() || !sights.iter().any(|sight| is_blank(sight.item, collection.id.key.as_deref())) {
            return;
        }
        let params = || group.endpoints.iter().flat_map(|at| &self.endpoint(*at).params);
        let typed = |key: &str| params().any(|param| compact(&param.name) == compact(key) && is_number(param));
        let names = |param: &&Param| {
            let key = collection.id.key.as_deref().map(compact);
            key.is_some_and(|key| key == compact(&param.name)) || compact(&param.name) == "id"
        };
        let open = collection.id.example.as_ref().is_none_or(is_nothing);
        if open && params().any(|param| names(&param) && is_number(param)) {
            collection.id.example = Some(Json::Number("1".into()));
        }
        for field in
            collection.fields.iter_mut().filter(|field| is_nothing(&field.example) && field.example.is_scalar())
        {
            if typed(&field.key) {
                field.example = Json::Number("0".into());
                field.initial = Initial::Value(field.example.clone());
            }
        }
    }
}

fn is_number(param: &Param) -> bool {
    let typed = param.type_name.as_deref().map(str::to_lowercase);
    typed.is_some_and(|name| {
        ["int", "number", "float", "double", "decimal", "long"].iter().any(|known| name.starts_with(known))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_in_which_nothing_stands() {
        let blank = |text: &str| {
            let value = crate::syntax::json::parse(text).values.first().map(crate::syntax::json::Value::to_json);
            value.is_some_and(|value| is_blank(&value, Some("id")))
        };
        assert!(blank(r#"{"id": "", "name": "", "tags": []}"#));
        assert!(blank(r#"{"id": , "name": ""}"#));
        assert!(blank(r#"{"id": 0, "name": "", "likes": 0}"#));
        assert!(blank(r#"{"id": "", "user": {"uid": "", "nick": ""}}"#));
        assert!(!blank(r#"{"id": 0, "name": "全部"}"#));
        assert!(!blank(r#"{"id": 3, "name": ""}"#));
        assert!(!blank(r#"{"id": 0, "sort": 0}"#));
        assert!(blank(r#"{"id": "", "name": "", "state": 1}"#));
        assert!(!blank(r#"{"id": "", "name": "雨燕", "note": ""}"#));
        assert!(!blank(r#"{"total": 0}"#));
        assert_eq!(times_in("添加时间，如2020-06-18 09:20").next(), Some("2020-06-18 09:20"));
        assert_eq!(times_in("手机 13800000000").next(), None);
    }
}
