//! Deeds of which words outside of their titles say that they move a status: `WAIT_PAY -> WAIT_VISIT` above a block, `寄养中才能接，接走
//! 后变待评价`, a row of a table of moves that names the path. What an endpoint's title and path call it does not matter then.

use super::by_shape;
use super::{Clues, takes_own_id};
use crate::behavior::collection::items::shape;
use crate::behavior::collection::machine::{own_turn, told_values};
use crate::behavior::collection::prose::{self, Said, remarks};
use crate::behavior::{Confidence, Evidence, enumeration};
use crate::lexicon::{Lexicon, Role, Shows, compact, label_head};
use crate::spec::{DocSet, Endpoint, Note};
use std::collections::{HashMap, HashSet};

/// The longest word of a status, in characters.
const LONGEST: usize = 24;

/// What a set says of statuses and of what moves them.
pub(in crate::behavior) struct SaidMoves {
    prose: Vec<Note>,
    /// What the statuses are called, wherever some are explained.
    pub(in crate::behavior) heads: Vec<String>,
    known: HashSet<String>,
    /// What tables of moves call the deeds, in compact form.
    deeds: HashMap<String, Evidence>,
    /// What records and accounts show, in compact form.
    members: HashSet<String>,
}

impl SaidMoves {
    pub(in crate::behavior) fn of(set: &DocSet, lexicon: &Lexicon) -> Self {
        let prose = prose::lines(set, lexicon);
        let endpoints = || set.endpoints.iter();
        let params = endpoints().flat_map(|endpoint| &endpoint.params).map(|param| param.description.as_str());
        let examples = endpoints().flat_map(Endpoint::successes).flat_map(|example| &example.comments);
        let notes = endpoints().flat_map(|endpoint| &endpoint.notes);
        let texts = params.chain(examples.map(|note| note.text.as_str()));
        let texts = texts.chain(notes.chain(&prose).map(|note| note.text.as_str()));
        let mut items: Vec<enumeration::Item> =
            texts.flat_map(|text| enumeration::read(text, &lexicon.rules().enumerations)).collect();
        let mut known = HashSet::new();
        let mut deeds = HashMap::new();
        let said = Said::new(&prose, lexicon);
        for table in said.move_tables(set) {
            let values = told_values::in_table(table, lexicon);
            known.extend(values.iter().map(|item| item.value.clone()));
            items.extend(values);
            let Some(columns) = table.columns else { continue };
            let (Some(_), Some(to), Some(deed)) = (columns.from, columns.to, columns.deed) else { continue };
            for row in table.rows.iter().filter(|row| row.get(to).is_some_and(|cell| !cell.is_empty())) {
                let because = Evidence::new("a table of moves names it", table.place, Confidence::Certain);
                let cell = row.get(deed).map(|cell| compact(cell)).filter(|cell| cell.chars().count() > 1);
                deeds.extend(cell.map(|cell| (cell, because)));
            }
        }
        for at in said.with_brackets() {
            let values = told_values::in_brackets(&prose[*at].text, lexicon);
            known.extend(values.iter().map(|item| item.value.clone()));
            items.extend(values);
        }
        for (value, words) in listed_statuses(&prose, lexicon) {
            known.insert(value.clone());
            items.push(enumeration::Item { value, words });
        }
        let mut heads: Vec<String> = items.iter().map(|item| label_head(&item.words).to_owned()).collect();
        heads.sort();
        heads.dedup();
        let constants = items.iter().map(|item| &item.value).filter(|value| is_constant(value)).cloned();
        known.extend(constants);
        known.extend(heads.iter().filter(|head| head.chars().count() > 1).cloned());
        known.retain(|word| word.chars().count() > 1 && !word.bytes().all(|byte| byte.is_ascii_digit()));
        let shown = set.endpoints.iter().flat_map(|endpoint| shape::members_shown(set, endpoint, lexicon));
        let members = shown.map(|name| compact(&name)).collect();
        Self { prose, heads, known, deeds, members }
    }

    /// What statuses are called, those among them of which one in Latin letters is what the endpoint's success shows.
    pub(in crate::behavior) fn heads_beside(&self, endpoint: &Endpoint, lexicon: &Lexicon) -> Vec<String> {
        let mut shown: Vec<&str> = Vec::new();
        for example in endpoint.successes() {
            let mut open = vec![&example.value];
            while let Some(value) = open.pop() {
                for (key, inner) in value.as_object().into_iter().flatten() {
                    let is_status = || lexicon.role(key, "").is_some_and(|(role, _)| role == Role::Status);
                    shown.extend(inner.as_str().filter(|text| is_constant_word(text) && is_status()));
                    open.push(inner);
                }
            }
        }
        let words = &lexicon.rules().enumerations;
        let notes = || self.prose.iter().map(|note| note.text.as_str());
        let read = shown.into_iter().flat_map(|value| {
            let told = notes().filter(move |text| text.contains(value));
            told.flat_map(move |text| enumeration::read_beside(text, value, words))
        });
        let heads = read.map(|item| label_head(&item.words).to_owned());
        self.heads.iter().cloned().chain(heads).collect()
    }

    /// That an endpoint moves a status, as is said of it; `surely` where nothing else may be meant.
    pub(in crate::behavior) fn moves(&self, clues: &Clues<'_>, surely: bool, lexicon: &Lexicon) -> Option<Evidence> {
        let endpoint = clues.endpoint;
        let writes = endpoint.method.as_deref().is_none_or(|method| !matches!(method, "GET" | "DELETE"));
        let ids = clues.inputs.iter().filter(|input| !input.discriminates && by_shape::is_id(input, lexicon));
        let names_one = takes_own_id(clues, lexicon) || ids.count() == 1;
        // What is sent the status itself is told what is allowed.
        let sets = clues.inputs.iter().any(|input| input.word == Role::Status);
        if !writes || !names_one || sets || clues.shown.is(Shows::List) {
            return None;
        }
        let own = || remarks(&self.prose, endpoint);
        let arrow = own().find(|note| self.is_arrow(&note.text));
        let evidence = |note: &Note| Evidence::new(format!("`{}`", note.text), note.place, Confidence::Likely);
        if let Some(note) = arrow {
            return Some(evidence(note));
        }
        if let Some(because) = self.in_table(endpoint) {
            return Some(because.clone());
        }
        // `提交后 is_hidden 置为 1`: a member that records show, and one of the values that it is told to have.
        let set = own().find(|note| {
            clauses(&note.text).any(|clause| {
                let Some((before, after)) = own_turn::setting(clause, lexicon) else { return false };
                let known = self.members.contains(&compact(own_turn::last_word(before)));
                !surely && known && !own_turn::first_word(after).is_empty()
            })
        });
        if let Some(note) = set {
            return Some(evidence(note));
        }
        let verb = lexicon.verbs().verb(&endpoint.title, &clues.nouns.words).map(|(name, _)| name);
        let turned = own().find(|note| {
            clauses(&note.text).any(|clause| {
                let Some((before, after)) = turning(clause, verb, lexicon) else { return false };
                let leaves = !surely || !self.named(before).is_empty();
                leaves && self.named(after).len() == 1
            })
        });
        turned.map(evidence)
    }

    /// The row of a table of moves that has an endpoint's path, or its title.
    fn in_table(&self, endpoint: &Endpoint) -> Option<&Evidence> {
        let title = compact(label_head(&endpoint.title));
        let words = super::path_of(endpoint);
        let by_path = || {
            let ends = (0..words.len()).map(|from| compact(&words[from..].concat()));
            { ends }.find_map(|end| self.deeds.get(&end))
        };
        self.deeds.get(&title).or_else(by_path)
    }

    fn is_arrow(&self, text: &str) -> bool {
        text.split(['；', ';', '。', '，', ',']).any(|clause| {
            let sides = told_values::sides(clause);
            sides.is_some_and(|(from, to)| !self.named(from).is_empty() && self.named(to).len() == 1)
        })
    }

    /// The statuses that a text names; of words at one place the longest counts.
    fn named<'t>(&self, text: &'t str) -> Vec<&'t str> {
        let mut found: Vec<&str> = Vec::new();
        let mut free = 0;
        let is_sign = |c: char| c.is_ascii_alphanumeric() || c == '_';
        for (start, first) in text.char_indices() {
            let inside = is_sign(first) && text[..start].ends_with(is_sign);
            if start < free || inside {
                continue;
            }
            let ends = text[start..].char_indices().map(|(at, c)| start + at + c.len_utf8()).take(LONGEST);
            let whole = |end: &usize| !(text[..*end].ends_with(is_sign) && text[*end..].starts_with(is_sign));
            let words = ends.filter(whole).filter_map(|end| text.get(start..end));
            let Some(word) = words.filter(|word| self.known.contains(*word)).last() else { continue };
            free = start + word.len();
            if !found.contains(&word) {
                found.push(word);
            }
        }
        found
    }
}

pub(in crate::behavior) fn clauses(text: &str) -> impl Iterator<Item = &str> {
    text.split(['；', ';', '。', '，', ','])
}

/// What a clause says turns into what, where it is the deed of an endpoint that does it: neither another deed nor time.
pub(in crate::behavior) fn turning<'t>(
    clause: &'t str,
    verb: Option<&str>,
    lexicon: &Lexicon,
) -> Option<(&'t str, &'t str)> {
    let topic = ["turns", "becomes"].into_iter().find(|topic| lexicon.speaks_of(topic, clause))?;
    let (start, end) = (lexicon.before(topic, clause)?, lexicon.after(topic, clause)?);
    let (before, after) = (clause.get(..start)?, clause.get(end..)?);
    let automatic = &lexicon.rules().deeds.automatic;
    let by_time = automatic.iter().any(|word| clause.contains(word.as_str()))
        || before.contains(|c: char| c.is_ascii_digit())
        || ["lapses", "denied", "denial-of-deed"].iter().any(|topic| lexicon.speaks_of(topic, clause));
    let other = lexicon.verbs().verb(before, &[]).is_some_and(|(name, _)| verb != Some(name));
    (!by_time && !other).then_some((before, after))
}

fn is_constant_word(text: &str) -> bool {
    text.len() > 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'-'))
}

/// `WAIT_PAY`, `in_review`: no word of a sentence.
fn is_constant(value: &str) -> bool {
    let upper = value.len() > 2 && value.bytes().all(|byte| !byte.is_ascii_lowercase());
    value.starts_with(|c: char| c.is_ascii_alphabetic())
        && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && (upper || value.contains('_'))
}

/// The rows of tables that list statuses: a code and its words.
fn listed_statuses(prose: &[Note], lexicon: &Lexicon) -> Vec<(String, String)> {
    let is_row = |note: &Note| note.text.starts_with('|');
    let mut found = Vec::new();
    let mut at = 0;
    while at < prose.len() {
        let rows = prose[at..].iter().take_while(|note| is_row(note)).count();
        let begins = at;
        at += rows.max(1);
        let headed = begins.checked_sub(1).map(|above| &prose[above]).into_iter().chain([&prose[begins]]);
        // Of what has two columns each row says what a value is called.
        let pairs = |note: &Note| note.text.trim_matches('|').split('|').count() == 2;
        let told = headed.into_iter().any(|note| prose::speaks_of_status(lexicon, &note.text)) || pairs(&prose[begins]);
        if rows < 4 || !told {
            continue;
        }
        for note in &prose[begins + 2..begins + rows] {
            let mut cells = note.text.trim_matches('|').split('|').map(str::trim);
            let (Some(value), Some(words)) = (cells.next(), cells.next()) else { continue };
            let value = value.trim_matches('`');
            if !value.is_empty() && value.is_ascii() && value.len() <= LONGEST && !words.is_empty() {
                found.push((value.to_owned(), words.to_owned()));
            }
        }
    }
    found
}
