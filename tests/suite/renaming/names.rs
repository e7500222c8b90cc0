//! One choice of names, drawn from a seed or with a single name exchanged, and what it makes of requests and replies.

use super::words::{self, Words};
use crate::many::Dice;
use crate::talk::Ask;
use docsim::engine::request::Value;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Title,
    Label,
    Note,
    Message,
    Status,
    Segment,
    Param,
    Envelope,
    Field,
}

impl Kind {
    const ALL: [(Self, Words); 9] = [
        (Self::Title, words::TITLES),
        (Self::Label, words::LABELS),
        (Self::Note, words::NOTES),
        (Self::Message, words::MESSAGES),
        (Self::Status, words::STATUSES),
        (Self::Segment, words::SEGMENTS),
        (Self::Param, words::PARAMS),
        (Self::Envelope, words::ENVELOPE),
        (Self::Field, words::FIELDS),
    ];

    /// Names for machines: two must not be the same.
    fn is_distinct(self) -> bool {
        matches!(self, Self::Segment | Self::Envelope | Self::Field)
    }
}

const CODES: [&str; 12] = ["1000", "996", "997", "998", "999", "1001", "1006", "1007", "1008", "1009", "1010", "1012"];
const MORE_CODES: [&str; 2] = ["1013", "1015"];

#[derive(Clone, Debug)]
pub(super) struct Names {
    /// None where one name is exchanged and all else stays.
    seed: Option<u64>,
    chosen: BTreeMap<(Kind, &'static str), String>,
    codes: BTreeMap<&'static str, String>,
    /// The new value of each status, by the old.
    statuses: Vec<String>,
}

impl Names {
    /// The document's own names.
    pub(super) fn same() -> Self {
        let codes = CODES.iter().chain(&MORE_CODES).map(|code| (*code, (*code).to_owned())).collect();
        let statuses = (0..words::STATUSES.len()).map(|value| value.to_string()).collect();
        Self { seed: None, chosen: BTreeMap::new(), codes, statuses }
    }

    /// Each name with one exchanged, and what was exchanged.
    pub(super) fn one_by_one() -> Vec<(String, Self)> {
        let mut all = Vec::new();
        for (kind, table) in Kind::ALL {
            for (old, others) in table {
                assert!(others.len() >= 5, "{old} has few other names");
                for new in *others {
                    let mut names = Self::same();
                    names.chosen.insert((kind, old), (*new).to_owned());
                    all.push((format!("{kind:?} {old} → {new}"), names));
                }
            }
        }
        all
    }

    /// Everything that can be renamed, renamed by lot.
    pub(super) fn of_seed(seed: u64) -> Self {
        let mut dice = Dice(seed);
        let mut names = Self::same();
        names.seed = Some(seed);
        let neutral_paths = dice.below(3) == 0;
        let mut number = 0;
        for (kind, table) in Kind::ALL {
            let mut taken = BTreeSet::new();
            for (old, others) in table {
                number += 1;
                let meaningless = match kind {
                    Kind::Segment => neutral_paths,
                    Kind::Param => dice.below(4) == 0,
                    Kind::Field => dice.below(4) == 0 && !words::UNEXPLAINED.contains(old),
                    _ => false,
                };
                let new = loop {
                    let pick = dice.below(others.len() + 1);
                    let name = match others.get(pick) {
                        _ if meaningless => format!("x{number}"),
                        Some(other) => (*other).to_owned(),
                        None => (*old).to_owned(),
                    };
                    if !kind.is_distinct() || taken.insert(name.clone()) {
                        break name;
                    }
                };
                names.chosen.insert((kind, old), new);
            }
        }
        names.renumber(&mut dice);
        names
    }

    fn renumber(&mut self, dice: &mut Dice) {
        let mut taken = BTreeSet::new();
        for code in CODES.iter().chain(&MORE_CODES) {
            let new = loop {
                let new = match (*code, dice.below(4)) {
                    ("1000", 0) => 0,
                    ("1000", 1) => 200,
                    ("1000", 2) => 1,
                    _ => 100 + dice.below(99_900),
                };
                if taken.insert(new) {
                    break new.to_string();
                }
            };
            self.codes.insert(code, new);
        }
        if dice.below(2) == 0 {
            dice.shuffle(&mut self.statuses);
        }
    }

    /// A number below `bound` for a purpose and a place, the same each time; the last where nothing is drawn.
    pub(super) fn draw(&self, purpose: &str, at: usize, bound: usize) -> usize {
        let Some(seed) = self.seed else { return bound - 1 };
        let purpose = purpose.bytes().fold(0_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
        Dice(seed ^ purpose.rotate_left(32) ^ (at as u64).rotate_left(48)).below(bound)
    }

    pub(super) fn shuffle<T>(&self, items: &mut [T]) {
        if let Some(seed) = self.seed {
            Dice(!seed).shuffle(items);
        }
    }

    /// A heading's marks: its level is the document's affair, and some number their titles.
    pub(super) fn marks(&self, at: usize) -> String {
        let level = ["###", "####", "#", "##"][self.draw("level", 0, 4)];
        match self.draw("numbering", 0, 3) {
            0 => format!("{level} {}.", at + 1),
            _ => level.to_owned(),
        }
    }

    pub(super) fn other<'n>(&'n self, kind: Kind, old: &'n str) -> &'n str {
        let known = self.chosen.iter().find(|((of, name), _)| *of == kind && *name == old);
        known.map_or(old, |(_, new)| new)
    }

    pub(super) fn code<'n>(&'n self, old: &'n str) -> &'n str {
        self.codes.get(old).map_or(old, String::as_str)
    }

    pub(super) fn status<'n>(&'n self, old: &'n str) -> &'n str {
        old.parse().ok().and_then(|at: usize| self.statuses.get(at)).map_or(old, String::as_str)
    }

    /// The comment that enumerates the statuses. Punctuation as it was seen in real documents.
    pub(super) fn statuses(&self, old: &str) -> String {
        let is_same = self.seed.is_none() && !self.chosen.keys().any(|(kind, _)| *kind == Kind::Status);
        if is_same {
            return old.to_owned();
        }
        let mut values: Vec<(&str, &str)> = words::STATUSES
            .iter()
            .zip(&self.statuses)
            .map(|((word, _), value)| (value.as_str(), self.other(Kind::Status, word)))
            .collect();
        values.sort_unstable();
        let (intro, between, after) = [
            ("状态 ", "=", " "),
            ("用户状态,", "", ","),
            ("账号状态：", "：", "，"),
            ("状态(", " ", " "),
            ("", "为", ","),
            ("状态,", ":", ","),
        ][self.draw("statuses", 0, 6)];
        let values: Vec<String> = values.iter().map(|(value, word)| format!("{value}{between}{word}")).collect();
        let close = if intro.ends_with('(') { ")" } else { "" };
        format!("{intro}{}{close}", values.join(after))
    }

    /// Segments that the documents have are renamed as such, others as names of parameters in pairs.
    pub(super) fn path(&self, path: &str) -> String {
        let segment = |segment: &'_ str| {
            let of = |kind: Kind| self.other(kind, segment);
            let known = |table: Words| table.iter().any(|(old, _)| *old == segment);
            match segment {
                _ if known(words::SEGMENTS) => of(Kind::Segment).to_owned(),
                _ if known(words::PARAMS) => of(Kind::Param).to_owned(),
                _ if known(words::LABELS) => of(Kind::Label).to_owned(),
                other => other.to_owned(),
            }
        };
        path.split('/').map(segment).collect::<Vec<_>>().join("/")
    }

    pub(super) fn ask(&self, ask: &Ask) -> Ask {
        let param = |name: &String| self.other(Kind::Param, name).to_owned();
        let cookie = |value: &String| match value.rsplit_once("; ").and_then(|(_, pair)| pair.split_once('=')) {
            Some((name, value)) => format!("a=b; {}={value}", self.other(Kind::Param, name)),
            None => value.clone(),
        };
        let header = |(name, value): &(String, String)| {
            (name.clone(), if name == "Cookie" { cookie(value) } else { value.clone() })
        };
        Ask {
            method: ask.method.clone(),
            path: self.path(&ask.path),
            query: ask.query.iter().map(|(name, value)| (param(name), value.clone())).collect(),
            body: ask
                .body
                .iter()
                .map(|(name, value): &(String, Value<'static>)| (param(name), value.clone()))
                .collect(),
            headers: ask.headers.iter().map(header).collect(),
        }
    }

    /// The reply that the renamed document ought to give where the original gives this one.
    pub(super) fn reply(&self, body: &str) -> String {
        let value: serde_json::Value = serde_json::from_str(body).expect("replies are JSON");
        let mut out = serde_json::Map::new();
        for (key, value) in value.as_object().expect("an envelope") {
            let value = match (key.as_str(), value) {
                ("code", value) => self.code(&value.to_string()).parse::<u64>().expect("a number").into(),
                ("info", serde_json::Value::String(text)) => self.other(Kind::Message, text).into(),
                ("data", serde_json::Value::Object(fields)) => fields.iter().map(|field| self.field(field)).collect(),
                (_, value) => value.clone(),
            };
            out.insert(self.other(Kind::Envelope, key).to_owned(), value);
        }
        serde_json::Value::Object(out).to_string()
    }

    fn field(&self, (key, value): (&String, &serde_json::Value)) -> (String, serde_json::Value) {
        let value = match value.as_str() {
            Some(status) if key == "status" => self.status(status).into(),
            _ => value.clone(),
        };
        (self.other(Kind::Field, key).to_owned(), value)
    }
}
