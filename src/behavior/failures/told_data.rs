//! What failures carry instead of data, where no failure is shown and the conventions say it: `失败时 data 为 null`.
//!
//! In: the lines outside of the blocks, and an envelope. Out: the value, or that there is no such member.

use crate::json::Json;
use crate::lexicon::{Lexicon, compact};
use crate::spec::Note;
use crate::spec::envelope::Envelope;
use std::sync::Arc;

/// What stands in the member that carries the data.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::behavior) enum ToldData {
    Value(Json),
    Absent,
}

/// What the lines say that speak of failures; the first that speaks of the envelope's data counts.
pub(in crate::behavior) fn read<'n>(
    envelope: &Envelope,
    notes: impl IntoIterator<Item = &'n Note>,
    lexicon: &Lexicon,
) -> Option<ToldData> {
    let data = envelope.data.as_ref()?;
    notes.into_iter().filter(|note| names(&note.text, data)).find_map(|note| in_line(&note.text, data, lexicon))
}

fn names(text: &str, key: &Arc<str>) -> bool {
    crate::behavior::collection::prose::words(text).any(|word| compact(word) == compact(key))
}

/// `非 0 时 msg 是给用户看的文字，data 为 null`: what holds when something fails, and of what a clause speaks, hold on to the next.
fn in_line(text: &str, data: &Arc<str>, lexicon: &Lexicon) -> Option<ToldData> {
    let (mut fails, mut about) = (false, false);
    text.split(['，', ',', '；', ';', '。', '|', '（', '(']).find_map(|clause| {
        let is_type = |word: &str| lexicon.type_names().iter().any(|name| name.eq_ignore_ascii_case(word));
        let others = |word: &str| word.len() > 1 && word != "null" && !is_type(word);
        let others = crate::behavior::collection::prose::words(clause).any(others);
        about = names(clause, data) || (about && !others);
        let failure = lexicon.after("on-failure", clause);
        let succeeds = lexicon.speaks_of("on-success", clause);
        let rest = match failure {
            // `成功时 data 有值失败时为空对象`
            Some(end) if succeeds => &clause[end..],
            _ => clause,
        };
        fails = if succeeds { false } else { failure.is_some() || fails };
        let told = about && (fails || failure.is_some()) && !lexicon.speaks_of("not-empty", rest);
        if told { value(rest, lexicon) } else { None }
    })
}

fn value(text: &str, lexicon: &Lexicon) -> Option<ToldData> {
    let says = |topic: &str| lexicon.speaks_of(topic, text);
    let shown = |marks: &str| text.replace(' ', "").contains(marks);
    Some(match () {
        () if says("null-word") => ToldData::Value(Json::Null),
        () if shown("{}") || says("empty-object") => ToldData::Value(Json::empty_object()),
        () if shown("[]") || says("empty-array") => ToldData::Value(Json::Array(Vec::new())),
        () if shown("\"\"") || shown("''") || says("empty-text") => ToldData::Value(Json::string("")),
        () if says("left-away") => ToldData::Absent,
        () => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Place;

    fn check(line: &str, expected: Option<&str>) {
        let envelope = Envelope { data: Some("data".into()), ..Envelope::default() };
        let notes = [Note { text: line.to_owned(), place: Place::default() }];
        let found = read(&envelope, &notes, &Lexicon::standard());
        let found = found.map(|told| match told {
            ToldData::Value(value) => value.to_string(),
            ToldData::Absent => "absent".to_owned(),
        });
        assert_eq!(found.as_deref(), expected, "{line}");
    }

    #[test]
    fn conventions_say_what_failures_carry() {
        check("返回 errno 为 0 表示成功，非 0 时 errmsg 是给用户看的文字，`data` 为 null", Some("null"));
        check("成功时 data 为业务数据，失败时为 null", Some("null"));
        check("失败时data返回空对象", Some("{}"));
        check("| data | object | 业务数据，出错时为 [] |", Some("[]"));
        check("code 非0 时 data 是空字符串", Some("\"\""));
        check("出错时没有 data 字段", Some("absent"));
        check("On failure `data` is null", Some("null"));
        check("code 0 成功 非0 失败，data 没有内容时为 null", None);
        check("data 为空时返回 null", None);
        check("失败时 data 不为 null，里面有原因", None);
        check("成功时 data 为 null 的接口不另说明", None);
    }
}
