//! What sentences say a deed takes from an account or adds to it.

use super::Reading;
use crate::behavior::account::Field;
use crate::behavior::{Confidence, Evidence, enumeration};
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
        let mut found: Vec<Told<'f>> = self.remarks(at).flat_map(|note| self.said_in(at, note, &quantities)).collect();
        for example in endpoint.successes() {
            let place = example.place;
            let Some((_, text)) = envelope.message_of(&example.value) else { continue };
            let note = Note { text: text.to_owned(), place };
            found.extend(self.said_in(at, &note, &quantities));
        }
        found
    }

    fn said_in<'f>(&self, at: usize, note: &Note, quantities: &[&'f Field]) -> Vec<Told<'f>> {
        let lexicon = self.lexicon;
        let mut found = Vec::new();
        let text = self.joined(&note.text);
        for sentence in text.split(['；', ';', '。', '!', '！']) {
            // Between words of English a blank parts nothing.
            let parts = |c: char| {
                matches!(c, ',' | '，' | '、' | '(' | ')' | '（' | '）') || (c == ' ' && !sentence.is_ascii())
            };
            let clauses: Vec<&str> = sentence.split(parts).map(str::trim).collect();
            for clause in &clauses {
                let back = lexicon.speaks_of("taken-back", clause);
                let takes = lexicon.speaks_of("takes-funds", clause) || is_less(clause);
                let (takes, adds) = (!back && takes, back || self.adds(clause));
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

    /// Without the blanks around a number that belongs to what stands beside it: `加 20 积分`.
    fn joined(&self, text: &str) -> String {
        let counts = |rest: &str| {
            ["points-unit", "times-unit", "money-unit"].iter().any(|unit| self.lexicon.begins_with(unit, rest))
        };
        let mut joined = String::with_capacity(text.len());
        for (at, c) in text.char_indices() {
            let rest = &text[at + c.len_utf8()..];
            let before = joined.chars().next_back();
            let number = rest.starts_with(|c: char| c.is_ascii_digit());
            let counted = before.is_some_and(|c| c.is_ascii_digit()) && counts(rest);
            let said = number && before.is_some_and(|c| c.is_alphabetic() && !c.is_ascii());
            // `积分 +5`, `积分 + 5`
            let sign = |c: char| matches!(c, '+' | '＋' | '-' | '－' | '−');
            let signed = rest
                .trim_start_matches(' ')
                .strip_prefix(sign)
                .is_some_and(|rest| rest.trim_start().starts_with(|c: char| c.is_ascii_digit()));
            let signed = signed && before.is_some_and(char::is_alphanumeric);
            let behind_sign = before.is_some_and(sign) && number;
            if c != ' ' || !(counted || said || signed || behind_sign) {
                joined.push(c);
            }
        }
        joined
    }

    fn adds(&self, clause: &str) -> bool {
        let signed = clause
            .split(['+', '＋'])
            .nth(1)
            .is_some_and(|rest| rest.trim_start().starts_with(|c: char| c.is_ascii_digit()));
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

    pub(super) fn names_it(&self, field: &Field, clause: &str) -> bool {
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

/// `积分-5`: a number with a minus right behind a word.
fn is_less(clause: &str) -> bool {
    clause.char_indices().any(|(at, c)| {
        let word = clause[..at].chars().next_back().is_some_and(|c| c.is_alphabetic() && !c.is_ascii());
        let number = clause[at + c.len_utf8()..].starts_with(|c: char| c.is_ascii_digit());
        matches!(c, '-' | '－' | '−') && word && number
    })
}

/// The last number of a text that counts times or lessons, in digits or in words.
pub(in crate::behavior) fn times_in(text: &str, lexicon: &Lexicon) -> Option<f64> {
    let counts = |rest: &str| lexicon.begins_with("times-unit", rest.trim_start());
    let digits = all_numbers(text).filter(|(_, rest)| counts(rest)).map(|(number, _)| number).last();
    let numerals = || {
        let words = lexicon.rules().counts.numerals.iter().filter(|(word, _)| !word.is_ascii());
        let ends = words.flat_map(|(word, _)| text.match_indices(word.as_str()).map(|(at, word)| at + word.len()));
        let end = ends.filter(|end| counts(&text[*end..])).max()?;
        numeral_before(&text[..end], lexicon).map(f64::from)
    };
    digits.or_else(numerals)
}

/// The number in words with which a text ends: 20 of `二十`, 12 of `十二`.
pub(in crate::behavior) fn numeral_before(text: &str, lexicon: &Lexicon) -> Option<u32> {
    const TEN: u32 = 10;
    let numerals = &lexicon.rules().counts.numerals;
    let value = |c: char| {
        let mut known = numerals.iter().filter(|(word, _)| word.chars().eq([c]));
        known.next().and_then(|(_, number)| u32::try_from(*number).ok())
    };
    let mut digits: Vec<u32> = text.chars().rev().map_while(value).take(3).collect();
    digits.reverse();
    match digits[..] {
        [.., tens, TEN, ones] if tens < TEN && ones < TEN => Some(tens * TEN + ones),
        [.., TEN, ones] if ones < TEN => Some(TEN + ones),
        [.., tens, TEN] if tens < TEN => Some(tens * TEN),
        [.., only] => Some(only),
        [] => None,
    }
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

/// For how many times each value of a list stands: `卡型 1五次卡5次 2十次卡10次`, `t1单次,t20二十次卡`.
pub(super) fn counted_values(text: &str, lexicon: &Lexicon) -> Vec<(String, f64)> {
    let single = |rest: &str| lexicon.begins_with("single-time", rest.trim_start()).then_some(1.0);
    let times = |rest: &str| times_in(rest, lexicon).or_else(|| single(rest));
    let listed = enumeration::read(text, &lexicon.rules().enumerations);
    let counted: Vec<(String, f64)> =
        listed.iter().filter_map(|item| Some((item.value.clone(), times(&item.words)?))).collect();
    if counted.len() > 1 && counted.len() == listed.len() { counted } else { valued(text, times) }
}

fn valued(text: &str, number: impl Fn(&str) -> Option<f64>) -> Vec<(String, f64)> {
    let items = text.split([' ', ',', '，', '、', ';', '；', '/', '|']).map(str::trim);
    let priced = items.filter_map(|item| {
        let end = item.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '-')).unwrap_or(item.len());
        let (value, rest) = item.split_at(end);
        let rest = rest.trim_start_matches([':', '：', '=']);
        let price = number(rest).filter(|_| !value.is_empty())?;
        Some((value.trim_end_matches('-').to_owned(), price))
    });
    priced.collect()
}

/// Each number with what follows it; digits within a name are none.
pub(in crate::behavior) fn all_numbers(text: &str) -> impl Iterator<Item = (f64, &str)> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_many_times_values_stand_for() {
        let lexicon = Lexicon::standard();
        let counted = |text: &str| counted_values(text, &lexicon);
        let value = |name: &str, times: f64| (name.to_owned(), times);
        assert_eq!(counted("t1单次,t5五次卡,t20二十次卡"), [value("t1", 1.0), value("t5", 5.0), value("t20", 20.0)]);
        assert_eq!(counted("1:十二节 2:30节"), [value("1", 12.0), value("2", 30.0)]);
        assert_eq!(times_in("约一节扣 1 次课", &lexicon), Some(1.0));
        assert_eq!(times_in("下单次数", &lexicon), None);
    }
}
