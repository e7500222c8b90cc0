//! What stands beside a code of when it comes, and where: `201 该场次已被预订 —— 预订`, `1 参数有误 —— 所有接口，带*的没传`.
//!
//! In: rows of tables and lists with those words. Out: what they add to the meaning of the message, and the endpoints that they name.

use crate::behavior::Failure;
use crate::behavior::failure::{Origin, from_row};
use crate::behavior::operation::titles::{bare, matching};
use crate::lexicon::{Class, JointWords, Lexicon, Operation};
use crate::spec::{CodeRow, DocSet, sentence};
use std::collections::HashMap;

/// More than that is no list of titles, and no line about one failure.
const LONGEST: usize = 120;

/// Adds what the words tell of cases that the message does not speak of: `登录（没注册过也是它）` of a wrong password.
pub(in crate::behavior) fn add(classes: &mut Vec<Class>, when: &str, lexicon: &Lexicon) {
    if when.is_empty() || when.chars().count() > LONGEST {
        return;
    }
    let told = clauses(when).flat_map(|clause| lexicon.meaning(clause).classes);
    let told: Vec<Class> = told.filter(|class| joins(classes.first().copied(), *class)).collect();
    for class in told {
        if !classes.contains(&class) {
            classes.push(class);
        }
    }
}

/// Whether one failure can be for both.
fn joins(said: Option<Class>, told: Class) -> bool {
    match said {
        None => told != Class::Failed,
        Some(Class::Malformed | Class::Missing) => matches!(told, Class::Missing | Class::Malformed),
        Some(Class::BadCredentials) => told == Class::NotFound,
        Some(Class::BadPasscode) => told == Class::Expired,
        Some(Class::NotFound) => told == Class::NotYours,
        Some(_) => false,
    }
}

fn clauses(text: &str) -> impl Iterator<Item = &str> {
    text.split(['，', ',', '；', ';', '。', '（', '）', '(', ')']).map(str::trim).filter(|clause| !clause.is_empty())
}

/// The failures of tables for the whole set that name endpoints, by those endpoints: as good as quoted there.
pub(in crate::behavior) fn named(set: &DocSet, lexicon: &Lexicon) -> Vec<(usize, Failure)> {
    let rows = || set.tables.iter().flat_map(|table| &table.rows).filter(|row| !row.when.is_empty());
    if rows().next().is_none() {
        return Vec::new();
    }
    let titles: Vec<String> = set.endpoints.iter().map(|endpoint| bare(&endpoint.title)).collect();
    let mut found = Vec::new();
    for row in rows() {
        for at in endpoints(row, &titles, &lexicon.rules().joints) {
            let envelope = set.envelope(&set.endpoints[at]);
            if !envelope.success.iter().any(|value| value.scalar_text() == Some(&*row.code)) {
                found.push((at, from_row(row, &row.text, Origin::Quote, Some(at), lexicon)));
            }
        }
    }
    found
}

/// The failures of tables for the whole set whose codes the lines beside a block name: `不能买自己的书（4005）；书不在售返回 4006`. What goes
/// without saying, such as that something is missing, is found without.
pub(in crate::behavior) fn beside(set: &DocSet, own: &[Vec<Failure>], lexicon: &Lexicon) -> Vec<(usize, Failure)> {
    let mut rows: HashMap<&str, Option<&CodeRow>> = HashMap::new();
    for row in set.tables.iter().flat_map(|table| &table.rows).filter(|row| row.code.len() > 2) {
        rows.entry(&*row.code).and_modify(|known| *known = None).or_insert(Some(row));
    }
    if rows.is_empty() {
        return Vec::new();
    }
    let mut found: Vec<(usize, Failure)> = Vec::new();
    for (at, endpoint) in set.endpoints.iter().enumerate() {
        let envelope = set.envelope(endpoint);
        // What a sender says of numbers that are known, or that are not, holds for some purposes and does not go without saying.
        let sends = lexicon.operations_in(&endpoint.title).iter().any(|(known, _)| *known == Operation::SendPasscode);
        let succeeds = |code: &str| envelope.success.iter().any(|value| value.scalar_text() == Some(code));
        for note in endpoint.notes.iter().filter(|note| !note.text.starts_with('|')) {
            for told in sentence::codes(&note.text, 0, lexicon) {
                let row = rows.get(told.code).copied().flatten().filter(|row| !succeeds(&row.code));
                let known = |row: &CodeRow| {
                    own[at]
                        .iter()
                        .chain(found.iter().filter(|(of, _)| *of == at).map(|(_, failure)| failure))
                        .any(|failure| failure.code == row.code)
                };
                let Some(row) = row.filter(|row| !known(row)) else { continue };
                let failure = from_row(row, &row.text, Origin::Quote, Some(at), lexicon);
                let plain = [
                    Class::NotLoggedIn,
                    Class::Missing,
                    Class::Malformed,
                    Class::NotFound,
                    Class::Exists,
                    Class::NotYours,
                ];
                let of_sender =
                    |class: &Class| sends && matches!(class, Class::Exists | Class::IdentityExists | Class::NotFound);
                let goes_without = |class: &Class| plain.contains(class) && !of_sender(class);
                if !failure.classes.first().is_some_and(goes_without) {
                    found.push((at, failure));
                }
            }
        }
    }
    found
}

/// The endpoints of clauses that are titles and nothing else.
fn endpoints(row: &CodeRow, titles: &[String], joints: &JointWords) -> Vec<usize> {
    if row.when.chars().count() > LONGEST {
        return Vec::new();
    }
    let mut found: Vec<usize> = Vec::new();
    for clause in clauses(&row.when) {
        let pieces = joints.things_of(clause).flat_map(|piece| piece.split(" and "));
        let matches: Vec<Vec<usize>> = pieces.map(|piece| matching(piece, titles)).collect();
        if matches.iter().all(|found| !found.is_empty()) {
            found.extend(matches.into_iter().flatten());
        }
    }
    found.sort_unstable();
    found.dedup();
    // What is said of most of them is said of no endpoint in particular.
    if found.len() * 2 > titles.len() && titles.len() > 3 { Vec::new() } else { found }
}
