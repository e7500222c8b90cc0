//! Values for parameters: of the form that the documents ask for, and nobody else's.
//!
//! In: an input with its role and rules, and a number that goes up. Out: a value. The same seed gives the same values.

use crate::behavior::{Form, Input, InputRule};
use crate::engine::{id_card, is_mobile};
use crate::json::Json;
use crate::lexicon::{Lexicon, Role};
use crate::spec::Param;

/// A name of so many characters stays as long when it is exchanged.
const EXCHANGED: usize = 7;

#[derive(Clone, Debug)]
pub(crate) struct Fresh {
    state: u64,
}

impl Fresh {
    pub(crate) fn new(seed: u64) -> Self {
        Self { state: seed ^ 0x5DEE_CE66_D1CE_5EED }
    }

    /// By the generator called `SplitMix64`.
    fn number(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub(super) fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.number() % u64::try_from(bound.max(1)).unwrap_or(1)).unwrap_or(0)
    }

    pub(super) fn digits(&mut self, count: usize) -> String {
        (0..count).map(|_| char::from(b'0' + u8::try_from(self.number() % 10).unwrap_or(0))).collect()
    }

    pub(super) fn mobile(&mut self) -> String {
        format!("13{}", self.digits(9))
    }

    /// A token that nobody has, in the form of the documents' own.
    pub(super) fn token(&mut self, example: &str) -> String {
        let filled = if example.is_empty() { "0123456789abcdef" } else { example };
        let other = |fresh: &mut Self, c: char| match c {
            '0'..='9' => char::from(b'0' + u8::try_from(fresh.below(10)).unwrap_or(0)),
            'a'..='z' => char::from(b'a' + u8::try_from(fresh.below(6)).unwrap_or(0)),
            'A'..='Z' => char::from(b'A' + u8::try_from(fresh.below(6)).unwrap_or(0)),
            other => other,
        };
        filled.chars().map(|c| other(self, c)).collect()
    }

    pub(super) fn card(&mut self) -> String {
        let year = 1960 + self.below(40);
        let (month, day) = (1 + self.below(12), 1 + self.below(28));
        let body = format!("110105{year}{month:02}{day:02}{}", self.digits(3));
        let check = id_card::check_digit(&body);
        format!("{body}{check}")
    }

    pub(super) fn password(&mut self, rules: &[InputRule]) -> String {
        let text = format!("Pw{}", self.digits(6));
        self.fitting(rules, &text, "")
    }

    pub(super) fn person(&mut self, lexicon: &Lexicon) -> String {
        let fake = lexicon.fake();
        let pick = |fresh: &mut Self, list: &[String]| list.get(fresh.below(list.len())).cloned().unwrap_or_default();
        format!("{}{}", pick(self, &fake.surnames), pick(self, &fake.given))
    }

    pub(super) fn identity(&mut self, word: Role, name: &str, rules: &[InputRule]) -> String {
        let is = |form: &Form| rules.iter().any(|rule| rule.form == *form);
        let text = match word {
            _ if is(&Form::Mobile) => self.mobile(),
            _ if is(&Form::Email) => format!("u{}@example.com", self.digits(8)),
            Role::Phone | Role::Identity | Role::Account => self.mobile(),
            Role::Email => format!("u{}@example.com", self.digits(8)),
            _ => format!("u{}", self.digits(8)),
        };
        self.fitting(rules, &text, name)
    }

    /// What a client would send for an input that is about nobody and no record.
    pub(crate) fn plain(&mut self, input: &Input, param: &Param, lexicon: &Lexicon) -> Json {
        let default = param.default.as_deref().filter(|text| text.is_ascii() && !text.trim().is_empty());
        let default = default.map(str::trim).filter(|text| !matches!(*text, "\"\"" | "''" | "null"));
        let is_number = param.type_name.as_deref().is_some_and(|name| {
            ["int", "num", "float", "double", "decimal"].iter().any(|kind| name.to_ascii_lowercase().contains(kind))
        });
        let keep = |fallback: String| default.map_or(fallback, str::to_owned);
        let text = match input.word {
            Role::Phone => self.mobile(),
            Role::Email => format!("u{}@example.com", self.digits(8)),
            Role::RealName | Role::Nickname => self.person(lexicon),
            Role::IdCard => self.card(),
            Role::Avatar | Role::Picture => format!("http://img.example.com/p{}.jpg", self.digits(6)),
            Role::File => return file(&format!("f{}.png", self.digits(4))),
            Role::Page => "1".to_owned(),
            Role::PageSize => "10".to_owned(),
            Role::Amount => keep("10".to_owned()),
            Role::Time => keep("2027-01-15 10:30:00".to_owned()),
            Role::Device => format!("dev{}", self.digits(8)),
            Role::RecordId | Role::Status | Role::Purpose => keep("1".to_owned()),
            _ if is_number => keep("1".to_owned()),
            _ => match default {
                Some(default) if default.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') => {
                    default.to_owned()
                }
                Some(default) if default.starts_with(['[', '{']) => {
                    let value: Option<serde_json::Value> = serde_json::from_str(default).ok();
                    return value.map_or_else(|| Json::string(default), |value| Json::from(&value));
                }
                Some(default) if is_address(default) => default.to_owned(),
                Some(default) if is_date(default) => self.other_day(default),
                _ => format!("{}{}", letters(&input.name), self.digits(4)),
            },
        };
        Json::string(self.fitting(&input.rules, &text, &input.name))
    }

    /// The same date on another day.
    fn other_day(&mut self, date: &str) -> String {
        format!("{}{}{}", &date[..8], 10 + self.below(19), &date[10..])
    }

    /// The text, or another that all rules allow.
    pub(super) fn fitting(&mut self, rules: &[InputRule], text: &str, name: &str) -> String {
        let mut text = text.to_owned();
        for rule in rules {
            text = match &rule.form {
                Form::Mobile if is_mobile(&text) => text,
                Form::Mobile => self.mobile(),
                Form::Email if text.contains('@') => text,
                Form::Email => format!("u{}@example.com", self.digits(8)),
                Form::IdCard if id_card::is_valid(&text) => text,
                Form::IdCard => self.card(),
                Form::OneOf(values) if values.contains(&text) => text,
                Form::OneOf(values) => values.first().cloned().unwrap_or(text),
                Form::Range(least, most) => {
                    let fits = text.parse::<i64>().is_ok_and(|number| (*least..=*most).contains(&number));
                    if fits { text } else { least.max(&1).min(most).to_string() }
                }
                Form::LettersAndDigits
                    if text.contains(|c: char| c.is_alphabetic()) && text.contains(|c: char| c.is_ascii_digit()) =>
                {
                    text
                }
                Form::LettersAndDigits => format!("a{}{text}", self.digits(1)),
                Form::MadeOf(signs) if signs.hold(&text) => text,
                Form::MadeOf(signs) => {
                    let kept: String = text.chars().filter(|c| signs.allows(*c)).collect();
                    if kept.is_empty() { if signs.letters { "abcdef" } else { "246135" }.to_owned() } else { kept }
                }
                Form::Step(step) => step.fitted(&text),
                Form::NotPast(form) => date(&form.to_string(), "2099"),
                Form::Date(form) if form.holds(&text) => text,
                Form::Date(form) => date(&form.to_string(), "2027"),
                Form::Length(_) => text,
            };
        }
        for rule in rules {
            let Form::Length(length) = &rule.form else { continue };
            let count = text.chars().count();
            if let Some(max) = length.max.filter(|max| count > *max as usize) {
                text = text.chars().skip(count - max as usize).collect();
            } else if let Some(min) = length.min.filter(|min| count < *min as usize) {
                text.push_str(&self.digits(min as usize - count));
            }
        }
        if text.is_empty() { format!("{}1", letters(name)) } else { text }
    }

    /// Long enough, and with a letter, so that runs can exchange it for another that nobody has.
    pub(super) fn unlike_any(&mut self, usual: &str, rules: &[InputRule]) -> String {
        if usual.contains('@') || is_mobile(usual) || id_card::is_valid(usual) {
            return usual.to_owned();
        }
        let has_letter = usual.chars().any(char::is_alphabetic);
        let start = if has_letter { usual.to_owned() } else { format!("a{usual}") };
        let missing = EXCHANGED.saturating_sub(start.chars().count());
        let text = format!("{start}{}", self.digits(missing));
        let is_plain = text.chars().all(char::is_alphanumeric);
        let fits = rules.iter().all(|rule| match &rule.form {
            Form::Length(length) => length.max.is_none_or(|max| text.chars().count() <= max as usize),
            Form::MadeOf(signs) => signs.hold(&text),
            _ => false,
        });
        if is_plain && fits { text } else { usual.to_owned() }
    }

    /// A text of so many characters that else is as the rules want it.
    pub(super) fn of_length(&mut self, text: &str, count: usize) -> String {
        let mut cut: String = text.chars().take(count).collect();
        let there = cut.chars().count();
        cut.push_str(&self.digits(count - there));
        cut
    }
}

pub(super) fn file(name: &str) -> Json {
    let mut file = Json::empty_object();
    file.set("file", Json::string(name));
    file.set("type", Json::string("image/png"));
    file.set("text", Json::string(name));
    file
}

fn date(form: &str, year: &str) -> String {
    [("YYYY", year), ("MM", "01"), ("DD", "15"), ("hh", "10"), ("mm", "30"), ("ss", "00")]
        .iter()
        .fold(form.to_owned(), |text, (letters, digits)| text.replace(letters, digits))
}

/// `1990-01-01`, `2021/04/26 09:30`: a form that a server may hold values against.
fn is_date(text: &str) -> bool {
    let like = |form: &str| {
        let alike = |(form, found): (u8, u8)| if form == b'0' { found.is_ascii_digit() } else { form == found };
        text.len() == form.len() && form.bytes().zip(text.bytes()).all(alike)
    };
    ["-", "/", "."].iter().any(|mark| {
        let day = format!("0000{mark}00{mark}00");
        ["", " 00:00", " 00:00:00", "T00:00:00"].iter().any(|time| like(&format!("{day}{time}")))
    })
}

fn is_address(text: &str) -> bool {
    text.starts_with("http://") || text.starts_with("https://")
}

fn letters(name: &str) -> String {
    let text: String = name.chars().filter(char::is_ascii_alphanumeric).take(12).collect();
    if text.is_empty() { "v".to_owned() } else { text }
}
