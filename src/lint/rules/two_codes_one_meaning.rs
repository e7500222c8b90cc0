//! `two-codes-one-meaning`: two tables list one failure under different codes.
//!
//! Two failures are one if they are told in the same words up to the first mark, or if both are of a class that says
//! exactly what went wrong, about the same thing. Codes that stand side by side in one table were told apart on purpose.

use crate::lexicon::Class;
use crate::lint::codes::Told;
use crate::lint::look::{Look, brief};
use crate::lint::{Find, Findings, Rule};
use std::collections::{BTreeMap, BTreeSet};

pub(super) const RULE: Rule =
    Rule::warning("two-codes-one-meaning", "two tables list one failure under different codes", Find::Set(find));

fn find(look: &Look<'_>, found: &mut Findings) {
    let by_code = look.codes.by_code();
    let tables: BTreeMap<_, BTreeSet<usize>> =
        by_code.iter().map(|(key, rows)| (*key, rows.iter().map(|row| row.table).collect())).collect();
    let mut reported: BTreeSet<(usize, &str)> = BTreeSet::new();
    let mut firsts = Firsts { tables: &tables, known: BTreeMap::new() };
    for (number, row) in look.codes.told.iter().enumerate() {
        if !tables.contains_key(&(row.envelope, row.code)) {
            continue;
        }
        let Some(failure) = Failure::of(row) else { continue };
        let first = firsts.of(&failure);
        match first {
            Some(first) if reported.insert((row.envelope, row.code)) => {
                let message = format!("{} and {} both mean `{}`", first.code, row.code, brief(failure.clause));
                let mut finding = RULE
                    .at(row.place, message)
                    .help("use one code for one failure")
                    .related(first.place, format!("{} here", first.code));
                finding.endpoint = row.endpoint.map(|endpoint| endpoint.id.clone());
                found.push(finding);
            }
            Some(_) => {}
            None => firsts.add(number, &failure),
        }
    }
}

/// The failures that none before is the same as, by what would make another the same.
struct Firsts<'t, 'r, 'a> {
    tables: &'t BTreeMap<(usize, &'a str), BTreeSet<usize>>,
    known: BTreeMap<Likeness<'r>, BySet<'t, 'r, 'a>>,
}

/// Rows with their numbers, by the tables that list their codes: of each set of tables two of different codes are enough to
/// answer for all.
type BySet<'t, 'r, 'a> = BTreeMap<&'t BTreeSet<usize>, Vec<(usize, &'r Told<'a>)>>;

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Likeness<'r> {
    Words(usize, Class, &'r str),
    Meaning(usize, &'r [Class], BTreeSet<&'r str>),
}

impl<'r, 'a> Firsts<'_, 'r, 'a> {
    /// The first that is the same failure under another code, in no table beside it.
    fn of(&self, failure: &Failure<'r, 'a>) -> Option<&'r Told<'a>> {
        let own = self.tables.get(&(failure.row.envelope, failure.row.code))?;
        let alike = failure.likenesses().into_iter().filter_map(|likeness| self.known.get(&likeness)).flatten();
        let apart = alike.filter(|(tables, _)| tables.is_disjoint(own)).flat_map(|(_, rows)| rows);
        apart.filter(|(_, row)| row.code != failure.row.code).min_by_key(|(number, _)| *number).map(|(_, row)| *row)
    }

    fn add(&mut self, number: usize, failure: &Failure<'r, 'a>) {
        let Some(own) = self.tables.get(&(failure.row.envelope, failure.row.code)) else { return };
        for likeness in failure.likenesses() {
            let rows = self.known.entry(likeness).or_default().entry(own).or_default();
            if rows.len() < 2 && rows.iter().all(|(_, row)| row.code != failure.row.code) {
                rows.push((number, failure.row));
            }
        }
    }
}

/// What a row says, as far as it is compared.
struct Failure<'r, 'a> {
    row: &'r Told<'a>,
    class: Class,
    /// Up to the first mark.
    clause: &'r str,
    /// Of what it speaks, where its class and that say exactly what went wrong.
    exact: Option<BTreeSet<&'r str>>,
}

impl<'r, 'a> Failure<'r, 'a> {
    fn of(row: &'r Told<'a>) -> Option<Self> {
        let class = row.meaning.classes.first().copied()?;
        let subjects: BTreeSet<&str> = row.meaning.subjects.iter().map(String::as_str).collect();
        let exact = match class {
            Class::Failed | Class::SendFailed => return None,
            Class::NotLoggedIn | Class::BadPasscode | Class::BadCredentials | Class::TooFrequent => true,
            Class::Exists | Class::NotFound => !subjects.is_empty(),
            _ => false,
        };
        Some(Self { row, class, clause: first_clause(row.text), exact: exact.then_some(subjects) })
    }

    fn likenesses(&self) -> Vec<Likeness<'r>> {
        let envelope = self.row.envelope;
        let words = Likeness::Words(envelope, self.class, self.clause);
        let meaning =
            self.exact.clone().map(|subjects| Likeness::Meaning(envelope, &self.row.meaning.classes, subjects));
        std::iter::once(words).chain(meaning).collect()
    }
}

fn first_clause(text: &str) -> &str {
    text.split([',', '，', '。', ';', '；', '!', '！', '(', '（']).next().unwrap_or(text).trim()
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::found;

    fn document(tables: &[&str]) -> String {
        let block = |(at, table): (usize, &&str)| {
            format!("## A{at}\n+++\nget:/a{at}\n<<<\nerror\n{{\"code\":7{at}}}\n999 用户未登录\n{table}\n+++\n")
        };
        tables.iter().enumerate().map(block).collect()
    }

    #[test]
    fn one_failure_has_two_codes() {
        let odd = document(&["1008 验证码有误", "1013 验证码有误。数据未找到符合的验证码", "1013 验证码错误"]);
        assert_eq!(found("two-codes-one-meaning", &odd), ["17: 1008 and 1013 both mean `验证码有误`"]);
        let classes = document(&["1010 账号或密码错误", "1011 密码或账号不正确"]);
        assert_eq!(found("two-codes-one-meaning", &classes).len(), 1);
    }

    #[test]
    fn two_failures_have_two_codes() {
        let rule = "two-codes-one-meaning";
        // 996 and 1015: nothing there, but not the same thing.
        assert!(found(rule, &document(&["996 获取失败", "1015 用户不存在"])).is_empty());
        assert!(found(rule, &document(&["1001 输入的信息有误", "1006 输入的信息不符合"])).is_empty());
        assert!(found(rule, &document(&["998 操作失败", "1009 操作失败"])).is_empty());
        // Told apart in one table.
        assert!(found(rule, &document(&["1012 认证失败\n1013 认证失败,请填写正确的身份信息"])).is_empty());
    }
}
