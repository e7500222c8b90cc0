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
    let mut firsts: BTreeMap<(usize, Class), Vec<Failure<'_, '_>>> = BTreeMap::new();
    for row in look.codes.told.iter().filter(|row| tables.contains_key(&(row.envelope, row.code))) {
        let Some(failure) = Failure::of(row) else { continue };
        let alike = firsts.entry((row.envelope, failure.class)).or_default();
        let first = alike.iter().find(|first| {
            first.row.code != row.code && first.is_same(&failure) && !told_apart(&tables, first.row, row)
        });
        match first {
            Some(first) if reported.insert((row.envelope, row.code)) => {
                let message = format!("{} and {} both mean `{}`", first.row.code, row.code, brief(failure.clause));
                let mut finding = RULE
                    .at(row.place, message)
                    .help("use one code for one failure")
                    .related(first.row.place, format!("{} here", first.row.code));
                finding.endpoint = row.endpoint.map(|endpoint| endpoint.id.clone());
                found.push(finding);
            }
            Some(_) => {}
            None if alike.iter().any(|known| known.row.code == row.code && known.row.text == row.text) => {}
            None => alike.push(failure),
        }
    }
}

/// What a row says, as far as it is compared.
struct Failure<'r, 'a> {
    row: &'r Told<'a>,
    class: Class,
    /// Up to the first mark.
    clause: &'a str,
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

    fn is_same(&self, other: &Self) -> bool {
        let alike = |a: &Self, b: &Self| a.row.meaning.classes == b.row.meaning.classes && a.exact == b.exact;
        self.clause == other.clause || (self.exact.is_some() && alike(self, other))
    }
}

/// Whether some table lists both codes.
fn told_apart<'a>(tables: &BTreeMap<(usize, &'a str), BTreeSet<usize>>, a: &Told<'a>, b: &Told<'a>) -> bool {
    let (of_a, of_b) = (tables.get(&(a.envelope, a.code)), tables.get(&(b.envelope, b.code)));
    of_a.zip(of_b).is_some_and(|(a, b)| !a.is_disjoint(b))
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
