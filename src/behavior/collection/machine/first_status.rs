//! Which status a new record has by a number of its own: `超过12人的要审批，刚提交是待审批`, `500元以上需审核，否则直接通过`.
//!
//! In: the sentences beside what makes records. Out: cases, the first that holds. A condition is a number with a comparing word and
//! what it counts; the status stands in the same sentence, or the sentence says that somebody has to look at it first.

use super::moves::names;
use crate::behavior::collection::items::gather::Gathering;
use crate::behavior::collection::items::heads::{is_people, is_quantity};
use crate::behavior::collection::prose::{remarks, sentences};
use crate::behavior::collection::{Collection, ItemField};
use crate::behavior::{Confidence, Evidence, Machine, StatusValue};
use crate::json::Json;
use crate::lexicon::{Lexicon, Role, StatusKind, label_head};
use crate::spec::Note;
use std::fmt;
use std::sync::Arc;

/// A record whose number holds begins with this status.
#[derive(Clone, Debug)]
pub struct Begin {
    pub field: Arc<str>,
    pub of: Arc<str>,
    pub when: When,
    pub to: Json,
    pub because: Evidence,
}

/// A comparison with a number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct When {
    pub number: f64,
    pub more: bool,
    pub or_equal: bool,
}

impl When {
    pub fn holds(self, number: f64) -> bool {
        let same = (number - self.number).abs() < 1e-9;
        if same { self.or_equal } else { (number > self.number) == self.more }
    }

    fn otherwise(self) -> Self {
        Self { more: !self.more, or_equal: !self.or_equal, ..self }
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let how = match (self.more, self.or_equal) {
            (true, true) => "at least",
            (true, false) => "over",
            (false, true) => "at most",
            (false, false) => "below",
        };
        write!(f, "{how} {}", self.number)
    }
}

impl Gathering<'_> {
    pub(in crate::behavior::collection) fn begin_cases(
        &self,
        creators: &[usize],
        collection: &Collection,
    ) -> Vec<Begin> {
        let mut found = Vec::new();
        for at in creators {
            let endpoint = self.endpoint(*at);
            let notes: Vec<&Note> = remarks(self.prose, endpoint).collect();
            for (note, text) in notes.iter().flat_map(|note| sentences(&note.text).map(move |text| (note, text))) {
                for machine in &collection.machines {
                    let because = || Evidence::new(format!("`{}`", text.trim()), note.place, Confidence::Likely);
                    for (of, when, to) in cases(text, machine, &collection.fields, self.lexicon) {
                        found.push(Begin { field: Arc::clone(&machine.field), of, when, to, because: because() });
                    }
                }
            }
        }
        found
    }

    /// Whether a sentence says how a record begins by a number of its own alone.
    pub(in crate::behavior::collection) fn begins_by_number(text: &str, lexicon: &Lexicon) -> bool {
        text.split(MARKS).any(|clause| compared(clause, lexicon).is_some())
    }
}

const MARKS: [char; 8] = [',', '，', '(', '（', ')', '）', '：', ':'];

fn cases(text: &str, machine: &Machine, fields: &[ItemField], lexicon: &Lexicon) -> Vec<(Arc<str>, When, Json)> {
    let mut found: Vec<(Arc<str>, When, Json)> = Vec::new();
    let mut known: Option<(Arc<str>, When)> = None;
    for clause in text.split(MARKS) {
        if let Some((when, rest)) = compared(clause, lexicon) {
            known = counted(clause, rest, fields, lexicon).map(|field| (Arc::clone(&field.key), when));
        } else if lexicon.speaks_of("in-other-cases", clause) {
            known = known.map(|(field, when)| (field, when.otherwise()));
        }
        let Some((field, when)) = &known else { continue };
        // What may come of it later is not how it begins.
        if lexicon.speaks_of("then-later", clause) {
            continue;
        }
        let mut named = machine.values.iter().filter(|value| names(clause, value, lexicon));
        let only = named.next().filter(|_| named.next().is_none());
        let waits = || {
            let pending = |value: &&StatusValue| {
                value.kind == Some(StatusKind::Pending)
                    || lexicon.speaks_of("waits-for-review", label_head(&value.words))
            };
            machine.values.iter().find(pending).filter(|_| lexicon.speaks_of("needs-review", clause))
        };
        let Some(value) = only.or_else(waits) else { continue };
        if !found.iter().any(|(of, known, _)| of == field && known == when) {
            found.push((Arc::clone(field), *when, value.value.clone()));
        }
    }
    found
}

/// A number with the word that compares, and what stands behind it.
fn compared<'t>(clause: &'t str, lexicon: &Lexicon) -> Option<(When, &'t str)> {
    let words = &lexicon.rules().lengths;
    let has = |text: &str, list: &[String]| list.iter().any(|word| text.contains(word.as_str()));
    let begins = |text: &str, list: &[String]| list.iter().any(|word| text.starts_with(word.as_str()));
    let start = clause.find(|c: char| c.is_ascii_digit())?;
    let length = clause[start..].find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(clause.len() - start);
    let number: f64 = clause[start..start + length].trim_end_matches('.').parse().ok()?;
    let (before, rest) = (&clause[..start], &clause[start + length..]);
    let when = |more: bool, or_equal: bool| Some((When { number, more, or_equal }, rest));
    let compares = |c: char| words.or_more.iter().chain(&words.or_less).any(|word| word.starts_with(c));
    let behind = rest.trim_start().trim_start_matches(|c: char| !compares(c) && c.is_alphabetic());
    let behind = [rest.trim_start(), behind];
    let after = |list: &[String]| {
        let mut starts = rest.char_indices().take(4).map(|(at, _)| &rest[at..]).chain(behind);
        starts.any(|text| begins(text, list))
    };
    match () {
        () if has(before, &words.at_least) => when(true, true),
        () if has(before, &words.at_most) || (has(before, &words.above) && has(before, &words.not)) => {
            when(false, true)
        }
        () if has(before, &words.below) && has(before, &words.not) => when(true, true),
        () if has(before, &words.above) => when(true, false),
        () if has(before, &words.below) => when(false, false),
        () if lexicon.ends_with("full-sum", before.trim_end()) => when(true, true),
        () if after(&words.or_more) => when(true, true),
        () if after(&words.or_less) => when(false, true),
        () => None,
    }
}

/// The field whose number a clause speaks of: by its label, else by what is counted.
fn counted<'f>(clause: &str, rest: &str, fields: &'f [ItemField], lexicon: &Lexicon) -> Option<&'f ItemField> {
    let number = |field: &&ItemField| {
        crate::behavior::collection::items::example_forms::is_number(&field.example) && field.role != Role::Status
    };
    let fields = || fields.iter().filter(number);
    let named = |field: &&ItemField| {
        let label = label_head(&field.words);
        label.chars().count() > 1 && clause.contains(label)
    };
    let unit = |topic: &str| lexicon.begins_with(topic, rest.trim_start());
    let only = |fits: &dyn Fn(&ItemField) -> bool| {
        let mut found = fields().filter(|field| fits(field));
        found.next().filter(|_| found.next().is_none())
    };
    fields().find(named).or_else(|| match () {
        () if unit("money-unit") => only(&|field| field.role == Role::Amount),
        () if unit("people-unit") => only(&|field| is_people(&field.key, &field.words, lexicon))
            .or_else(|| only(&|field| is_quantity(&field.key, &field.words, lexicon))),
        () if unit("span-days") => only(&|field| {
            lexicon.is_named("span-days", &field.key) || lexicon.is_nothing_but("span-days", label_head(&field.words))
        }),
        () if unit("count-unit") => only(&|field| is_quantity(&field.key, &field.words, lexicon)),
        () => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::behavior::collection::Initial;
    use crate::source::Place;

    #[test]
    fn a_number_says_how_a_record_begins() {
        let lexicon = Lexicon::standard();
        let value =
            |code: &str, words: &str| StatusValue { value: Json::string(code), words: words.into(), kind: None };
        let machine = Machine {
            field: "status".into(),
            values: vec![value("WAIT", "待审批"), value("OK", "已通过"), value("NO", "已驳回")],
            initial: Json::string("OK"),
            place: Place::default(),
        };
        let field = |key: &str, words: &str, role: Role| ItemField {
            key: key.into(),
            role,
            example: Json::integer(3),
            words: words.into(),
            initial: Initial::Value(Json::integer(0)),
            blank: None,
            is_updated: false,
            place: Place::default(),
        };
        let fields = [
            field("people", "参会人数", Role::Plain),
            field("amount", "报销金额", Role::Amount),
            field("days", "天数", Role::Plain),
        ];
        let read = |text: &str| -> Vec<String> {
            let cases = cases(text, &machine, &fields, &lexicon);
            cases.iter().map(|(of, when, to)| format!("{of} {when} {}", to.scalar_text().unwrap_or_default())).collect()
        };
        assert_eq!(read("超过12人的会要审批，刚提交是 WAIT，也占着"), ["people over 12 WAIT"]);
        assert_eq!(
            read("报销金额超过500元的需要主管审核，否则直接已通过"),
            ["amount over 500 WAIT", "amount at most 500 OK"]
        );
        assert_eq!(read("3天以内的自动通过（已通过），超过3天待审批"), ["days at most 3 OK", "days over 3 WAIT"]);
        assert_eq!(read("满1000元为待审批"), ["amount at least 1000 WAIT"]);
        assert_eq!(read("超过30分钟没人审批就变成已驳回"), [""; 0]);
        assert_eq!(read("一次最多12人"), [""; 0]);
    }
}
