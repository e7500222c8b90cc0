//! Values that an input's line does not list but says where they stand: `关系，见2.1`, `状态 取值同订单列表`.
//!
//! In: inputs of which nothing says which values they take. Out: the values that the endpoint which the line names, by its number or
//! its title, or the section of that number, lists for what has the same name.

use super::own_rules;
use crate::behavior::collection::prose::section::Sections;
use crate::behavior::operation::titles::bare;
use crate::behavior::{Confidence, Evidence, Form, Input, InputRule, enumeration};
use crate::json::Step;
use crate::lexicon::{Lexicon, Role, compact, label_head};
use crate::source::Place;
use crate::spec::{DocSet, Endpoint, Note};
use std::collections::HashMap;

/// What documents call the places that lines name.
struct Places<'a> {
    set: &'a DocSet,
    lexicon: &'a Lexicon,
    prose: &'a [Note],
    sections: &'a Sections,
    /// Endpoints and lines by the number that they begin with.
    numbered: HashMap<&'a str, usize>,
    headings: HashMap<&'a str, usize>,
    titled: HashMap<String, usize>,
}

pub(in crate::behavior) fn bind(
    set: &DocSet,
    lexicon: &Lexicon,
    prose: &[Note],
    sections: &Sections,
    inputs: &mut [Vec<Input>],
) {
    let mut places: Option<Places<'_>> = None;
    for (endpoint, inputs) in set.endpoints.iter().zip(inputs) {
        for (input, param) in inputs.iter_mut().zip(&endpoint.params).filter(|(input, _)| is_open(input)) {
            let words = param.all_words();
            let Some(end) = lexicon.after("see-elsewhere", &words) else { continue };
            let told = words[end..].split(['，', ',', '。', '；', ';', '）', ')', '、']).next().unwrap_or_default();
            let told = told.split_whitespace().next().unwrap_or_default();
            let places = places.get_or_insert_with(|| Places::new(set, lexicon, prose, sections));
            let Some((mut values, place)) = places.listed(told, input) else { continue };
            own_rules::with_all_values(&mut values, &words, lexicon);
            let because = Evidence::new(words, place, Confidence::Likely);
            input.rules.push(InputRule { form: Form::OneOf(values), because });
        }
    }
}

fn is_open(input: &Input) -> bool {
    let ruled = input.rules.iter().any(|rule| matches!(rule.form, Form::OneOf(_) | Form::Date(_) | Form::Range(..)));
    matches!(input.word, Role::Plain | Role::Status) && !ruled && !input.discriminates && !input.routes
}

/// `2.1` of `2.1 我的就诊人`, `2.1、关系`.
fn number(text: &str) -> Option<&str> {
    let text = text.trim_start_matches(['#', ' ', '「', '《', '“', '"', '第']);
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let number = text[..end].trim_end_matches('.');
    number.starts_with(|c: char| c.is_ascii_digit()).then_some(number)
}

impl<'a> Places<'a> {
    fn new(set: &'a DocSet, lexicon: &'a Lexicon, prose: &'a [Note], sections: &'a Sections) -> Self {
        let mut found = Self {
            set,
            lexicon,
            prose,
            sections,
            numbered: HashMap::new(),
            headings: HashMap::new(),
            titled: HashMap::new(),
        };
        for (at, endpoint) in set.endpoints.iter().enumerate() {
            if let Some(number) = number(&endpoint.title) {
                found.numbered.entry(number).or_insert(at);
            }
            found.titled.entry(bare(&endpoint.title)).or_insert(at);
        }
        for (at, note) in prose.iter().enumerate() {
            let heads = sections.over(note.place).is_some_and(|lines| lines.start == at || lines.start + 1 == at);
            if let Some(number) = number(&note.text).filter(|_| heads) {
                found.headings.entry(number).or_insert(at);
            }
        }
        found
    }

    /// The values that the place which words name lists for an input.
    fn listed(&self, told: &str, input: &Input) -> Option<(Vec<String>, Place)> {
        let number = number(told);
        let endpoint = match number {
            Some(number) => self.numbered.get(number),
            None => {
                let title = bare(told.trim_matches(['「', '」', '《', '》', '“', '”', '"', '`']));
                let shorter = self.lexicon.before_end("part-word", &title);
                self.titled.get(&title).or_else(|| self.titled.get(shorter.trim_end_matches('的')))
            }
        };
        let by_endpoint = endpoint.and_then(|at| self.of_endpoint(&self.set.endpoints[*at], input));
        by_endpoint.or_else(|| self.of_section(number?, input))
    }

    fn of_endpoint(&self, endpoint: &Endpoint, input: &Input) -> Option<(Vec<String>, Place)> {
        let name = compact(&input.name);
        let rows = endpoint.tables.iter().flat_map(|table| table.rows.iter().map(move |row| (row, table.place)));
        let rows = rows.filter(|(row, _)| row.first().is_some_and(|cell| compact(cell) == name));
        let rows = rows.map(|(row, place)| (row[1..].join(" "), place));
        let comments = endpoint.successes().flat_map(|example| &example.comments);
        let is_its = |path: &[Step]| matches!(path.last(), Some(Step::Key(key)) if compact(key) == name);
        let comments = comments.filter(|note| is_its(&note.path)).map(|note| (note.text.clone(), note.place));
        let params = endpoint.params.iter().filter(|param| compact(&param.name) == name);
        let params = params.map(|param| (param.all_words(), param.place));
        let notes = endpoint.notes.iter().filter(|note| names(&note.text, input));
        let notes = notes.map(|note| (note.text.clone(), note.place));
        rows.chain(comments).chain(params).chain(notes).find_map(|(text, place)| Some((self.values(&text)?, place)))
    }

    fn of_section(&self, number: &str, input: &Input) -> Option<(Vec<String>, Place)> {
        let lines = self.sections.over(self.prose[*self.headings.get(number)?].place)?;
        let lines = self.prose.get(lines)?;
        let headed = lines.iter().take(2).any(|note| names(&note.text, input));
        let mut lines = lines.iter().filter(|note| headed || names(&note.text, input));
        lines.find_map(|note| Some((self.values(&note.text)?, note.place)))
    }

    fn values(&self, text: &str) -> Option<Vec<String>> {
        let items = enumeration::read(text, &self.lexicon.rules().enumerations);
        (items.len() > 1).then(|| items.into_iter().map(|item| item.value).collect())
    }
}

fn names(text: &str, input: &Input) -> bool {
    let label = label_head(&input.label);
    (label.chars().count() > 1 && text.contains(label))
        || crate::behavior::collection::prose::words(text).any(|word| *word == *input.name)
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn numbers_of_sections() {
        assert_eq!(number("2.1 我的就诊人"), Some("2.1"));
        assert_eq!(number("3.、关系"), Some("3"));
        assert_eq!(number("附录二"), None);
    }
}
