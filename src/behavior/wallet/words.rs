//! What sentences say a deed takes from an account or adds to it.

use super::Reading;
use crate::behavior::account::Field;
use crate::behavior::{Confidence, Evidence};
use crate::lexicon::{Lexicon, label_head};
use crate::spec::Note;

/// What a sentence says.
pub(super) struct Told<'f> {
    pub(super) field: &'f Field,
    pub(super) takes: bool,
    pub(super) amount: Option<f64>,
    pub(super) because: Evidence,
}

impl Reading<'_> {
    /// What the remarks on an endpoint, its title and its success say.
    pub(super) fn told<'f>(&self, at: usize, fields: &[&'f Field]) -> Vec<Told<'f>> {
        let quantities: Vec<&'f Field> = fields.iter().copied().filter(|field| self.is_quantity(field)).collect();
        if quantities.is_empty() {
            return Vec::new();
        }
        let endpoint = self.endpoint(at);
        let envelope = self.set.envelope(endpoint);
        let mut found: Vec<Told<'f>> = self.remarks(at).flat_map(|note| self.said(at, note, &quantities)).collect();
        for example in endpoint.successes() {
            let place = example.place;
            let Some((_, text)) = envelope.message_of(&example.value) else { continue };
            let note = Note { text: text.to_owned(), place };
            found.extend(self.said(at, &note, &quantities));
        }
        found
    }

    fn said<'f>(&self, at: usize, note: &Note, quantities: &[&'f Field]) -> Vec<Told<'f>> {
        let lexicon = self.lexicon;
        let mut found = Vec::new();
        for sentence in note.text.split(['；', ';', '。', '!', '！']) {
            let clauses: Vec<&str> =
                sentence.split([',', '，', '、', ' ', '(', ')', '（', '）']).map(str::trim).collect();
            for clause in &clauses {
                let back = lexicon.speaks_of("taken-back", clause);
                let (takes, adds) = (!back && lexicon.speaks_of("takes-funds", clause), back || self.adds(clause));
                if takes == adds || self.is_barred(at, clause) {
                    continue;
                }
                let own = numbers(clause, lexicon);
                let named = quantities.iter().copied().find(|field| self.names_it(field, clause));
                let priced = price_in(clause, lexicon).is_some();
                let money = || quantities.iter().copied().find(|field| self.is_called("balance", field));
                // `约一节扣1次`
                let times = times_in(clause, lexicon);
                let left = || quantities.iter().copied().find(|field| self.is_called("times-left", field));
                let counted = || left().filter(|_| times.is_some());
                // `得2分`
                let pointed = || {
                    let is_points = |rest: &str| {
                        lexicon.begins_with("points-unit", rest) && !lexicon.begins_with("no-funds-unit", rest)
                    };
                    let mut points = quantities.iter().copied().filter(|field| self.is_called("points-name", field));
                    points.next().filter(|_| all_numbers(clause).any(|(_, rest)| is_points(rest.trim_start())))
                };
                let Some(field) = named.or_else(|| money().filter(|_| priced)).or_else(counted).or_else(pointed) else {
                    continue;
                };
                let own = if self.is_called("times-left", field) { times.into_iter().collect() } else { own };
                let amount = match own.as_slice() {
                    [only] => Some(*only),
                    [] => {
                        // `押金30元，从余额里扣`
                        let others: Vec<f64> = clauses.iter().filter_map(|text| price_in(text, lexicon)).collect();
                        if others.len() == 1 { others.first().copied() } else { None }
                    }
                    _ => continue,
                };
                let because = Evidence::new(format!("`{}`", sentence.trim()), note.place, Confidence::Likely);
                found.push(Told { field, takes, amount, because });
            }
        }
        found
    }

    fn adds(&self, clause: &str) -> bool {
        let signed =
            clause.split('+').nth(1).is_some_and(|rest| rest.trim_start().starts_with(|c: char| c.is_ascii_digit()));
        signed || self.lexicon.speaks_of("adds-funds", clause)
    }

    /// Whether a clause says something of another deed, of a case, or that nothing moves.
    fn is_barred(&self, at: usize, clause: &str) -> bool {
        let lexicon = self.lexicon;
        let title = &self.endpoint(at).title;
        let other = lexicon.verbs().words_in(clause).into_iter().any(|word| {
            !title.contains(word)
                && !lexicon.speaks_of("takes-funds", word)
                && !lexicon.speaks_of("adds-funds", word)
                && !lexicon.speaks_of("title-does", word)
        });
        other || ["no-funds", "funds-if", "on-joining"].iter().any(|topic| lexicon.speaks_of(topic, clause))
    }

    fn names_it(&self, field: &Field, clause: &str) -> bool {
        let label = label_head(&field.words);
        let labelled = label.chars().count() > 1 && clause.contains(label);
        labelled
            || ["balance", "points-name", "times-left"]
                .iter()
                .any(|topic| self.is_called(topic, field) && self.lexicon.speaks_of(topic, clause))
    }

    /// What a sentence anywhere gives to every new account of a field.
    pub(super) fn gift(&self, field: &Field) -> Option<f64> {
        let lexicon = self.lexicon;
        let notes = self.prose.iter().chain(self.set.endpoints.iter().flat_map(|endpoint| &endpoint.notes));
        let told = notes.flat_map(|note| note.text.split(['；', ';', '。', ',', '，']));
        let mut told = told.filter(|text| lexicon.speaks_of("on-joining", text));
        told.find_map(|text| {
            if self.is_called("times-left", field) {
                return times_in(text, lexicon).filter(|_| !lexicon.speaks_of("voucher", text));
            }
            let priced = || price_in(text, lexicon).is_some() && self.is_called("balance", field);
            let is_it = self.names_it(field, text) || (priced() && !lexicon.speaks_of("points-name", text));
            match numbers(text, lexicon).as_slice() {
                [only] if is_it && !lexicon.speaks_of("voucher", text) => Some(*only),
                _ => None,
            }
        })
    }
}

/// The last number of a text that counts times or lessons, in digits or in words.
pub(super) fn times_in(text: &str, lexicon: &Lexicon) -> Option<f64> {
    let counts = |rest: &str| lexicon.begins_with("times-unit", rest.trim_start());
    let digits = all_numbers(text).filter(|(_, rest)| counts(rest)).map(|(number, _)| number).last();
    let numerals = || {
        let words = lexicon.rules().counts.numerals.iter().filter(|(word, _)| !word.is_ascii());
        let found =
            words.flat_map(|(word, number)| text.match_indices(word.as_str()).map(move |found| (found, *number)));
        let found = found.filter(|((at, word), _)| counts(&text[at + word.len()..]));
        found.max_by_key(|((at, _), _)| *at).and_then(|(_, number)| u32::try_from(number).ok()).map(f64::from)
    };
    digits.or_else(numerals)
}

/// The numbers of a text that count no days, times or pieces.
fn numbers(text: &str, lexicon: &Lexicon) -> Vec<f64> {
    all_numbers(text)
        .filter(|(_, rest)| {
            let rest = rest.trim_start();
            let unit = lexicon.word_of("no-funds-unit", rest.get(..rest.floor_char_boundary(12)).unwrap_or_default());
            !unit.is_some_and(|unit| rest.starts_with(unit))
        })
        .map(|(number, _)| number)
        .collect()
}

pub(super) fn only_number(text: &str, lexicon: &Lexicon) -> Option<f64> {
    match numbers(text, lexicon).as_slice() {
        [only] => Some(*only),
        _ => None,
    }
}

/// The one number of a text behind which money is named.
pub(in crate::behavior) fn price_in(text: &str, lexicon: &Lexicon) -> Option<f64> {
    let is_money = |rest: &str| {
        let rest = rest.trim_start();
        let unit = lexicon.word_of("money-unit", rest.get(..rest.floor_char_boundary(12)).unwrap_or_default());
        unit.is_some_and(|unit| rest.starts_with(unit))
    };
    let mut priced = all_numbers(text).filter(|(_, rest)| is_money(rest)).map(|(number, _)| number);
    let first = priced.next()?;
    priced.next().is_none().then_some(first)
}

/// What each value of a list costs: `套餐 1月卡15元 2年卡120元`.
pub(super) fn priced_values(text: &str, lexicon: &Lexicon) -> Vec<(String, f64)> {
    valued(text, |rest| price_in(rest, lexicon))
}

/// For how many times each value of a list stands: `卡型 1五次卡5次 2十次卡10次`.
pub(super) fn counted_values(text: &str, lexicon: &Lexicon) -> Vec<(String, f64)> {
    valued(text, |rest| times_in(rest, lexicon))
}

fn valued(text: &str, number: impl Fn(&str) -> Option<f64>) -> Vec<(String, f64)> {
    let items = text.split([' ', ',', '，', '、', ';', '；', '/', '|']).map(str::trim);
    let priced = items.filter_map(|item| {
        let end = item.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '-')).unwrap_or(item.len());
        let (value, rest) = item.split_at(end);
        let price = number(rest).filter(|_| !value.is_empty())?;
        Some((value.trim_end_matches('-').to_owned(), price))
    });
    priced.collect()
}

/// Each number with what follows it; digits within a name are none.
pub(super) fn all_numbers(text: &str) -> impl Iterator<Item = (f64, &str)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find(|c: char| c.is_ascii_digit()).map(|start| at + start) {
        let length = text[start..].find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len() - start);
        let end = start + text[start..start + length].trim_end_matches('.').len();
        let named = text[..start].ends_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        if let (Ok(number), false) = (text[start..end].parse::<f64>(), named) {
            found.push((number, &text[end..]));
        }
        at = start + length.max(1);
    }
    found.into_iter()
}
