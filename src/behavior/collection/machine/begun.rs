//! With which status a record begins, as a sentence says: `发布后直接在售`, `刚发布的都是"进行中"`, `new ones are open`.

use crate::behavior::collection::items::gather::Gathering;
use crate::behavior::collection::nouns::group::Group;
use crate::behavior::collection::prose::{remarks, sentences};
use crate::behavior::{Machine, StatusValue};
use crate::lexicon::{Lexicon, Operation, label_head};
use crate::spec::Note;

impl Gathering<'_> {
    /// What is said beside what makes records, else beside what shows them, of the status with which one begins.
    pub(in crate::behavior::collection) fn said_first(
        &self,
        creators: &[usize],
        group: &Group,
        machine: &Machine,
    ) -> Option<StatusValue> {
        let of = |endpoints: &[usize], topics: &[&str]| {
            let mut notes = endpoints.iter().flat_map(|at| remarks(self.prose, self.endpoint(*at)));
            let whole = |text: &&str| !Self::begins_by_number(text, self.lexicon);
            let of_note = |note: &Note| {
                let mut said = sentences(&note.text).filter(whole);
                said.find_map(|text| begun(text, topics, machine, self.lexicon)).cloned()
            };
            notes.find_map(of_note)
        };
        let shows = |at: &usize| matches!(self.operations[*at], Operation::List | Operation::Detail);
        let shown = || group.endpoints.iter().copied().filter(shows).collect::<Vec<_>>();
        of(creators, &["just-made", "new-ones"]).or_else(|| of(&shown(), &["new-ones"]))
    }
}

/// The status that a text says a new record has: it stands right behind what speaks of new ones.
fn begun<'m>(text: &str, topics: &[&str], machine: &'m Machine, lexicon: &Lexicon) -> Option<&'m StatusValue> {
    let mut clauses = text.split([',', '，', ';', '；', '。', '!', '！', '(', '（', ')', '）']);
    clauses.find_map(|clause| {
        let end = topics.iter().find_map(|topic| lexicon.after(topic, clause))?;
        // What may come, or what time brings, is not how it begins.
        if ["denied", "lapses", "altering"].iter().any(|topic| lexicon.speaks_of(topic, clause)) {
            return None;
        }
        let mut rest = clause.get(end..)?;
        loop {
            let left = lexicon.behind_start("begins-so", rest.trim_start_matches(is_mark));
            if left.len() == rest.len() {
                break;
            }
            rest = left;
        }
        let mut named = machine.values.iter().filter(|value| leads(rest, value, lexicon));
        let found = named.next()?;
        named.next().is_none().then_some(found)
    })
}

fn is_mark(c: char) -> bool {
    c.is_whitespace() || "「」“”\"'`：:=【】".contains(c)
}

/// Whether a text is a status, and speaks of nothing else behind it.
fn leads(text: &str, value: &StatusValue, lexicon: &Lexicon) -> bool {
    let head = label_head(&value.words);
    let code = value.value.scalar_text().unwrap_or_default();
    let is_rest = |rest: &str| {
        let rest = rest.trim_matches(is_mark);
        rest.is_empty() || rest == head || rest == code || lexicon.is_nothing_but("status-tail", rest)
    };
    let mut called = [head, code].into_iter().filter(|word| !word.is_empty());
    called.any(|word| text.strip_prefix(word).is_some_and(is_rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Json;
    use crate::source::Place;

    #[test]
    fn a_sentence_says_how_records_begin() {
        let lexicon = Lexicon::standard();
        let value =
            |code: &str, words: &str| StatusValue { value: Json::string(code), words: words.into(), kind: None };
        let machine = Machine {
            field: "status".into(),
            values: vec![value("0", "已下架"), value("1", "在售"), value("2", "已售出"), value("wait", "待审核")],
            initial: Json::string("0"),
            place: Place::default(),
        };
        let read = |text: &str| {
            begun(text, &["just-made", "new-ones"], &machine, &lexicon)
                .and_then(|value| value.value.scalar_text().map(str::to_owned))
        };
        for (text, expected) in [
            ("发布后直接在售。", Some("1")),
            ("刚发布的都是\"在售\"", Some("1")),
            ("新建的商品默认为在售状态", Some("1")),
            ("提交成功后状态为 wait", Some("wait")),
            ("发布后即为待审核，通过后才展示", Some("wait")),
            ("初始状态：待审核", Some("wait")),
            ("发布后可以下架", None),
            ("发布后不能修改", None),
            ("发布后在售的书可以收藏", None),
            ("下架后变回在售", None),
        ] {
            assert_eq!(read(text).as_deref(), expected, "{text}");
        }
    }
}
