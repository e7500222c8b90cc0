//! What the tables of a set say that its codes mean, for the rules that compare them.
//!
//! In: the tables and error examples of a set. Out: what each row says, and which codes are names of failures at all.
//! Some documents answer every failure with one code, or count from 1 anew at every endpoint: nothing is compared there.

use crate::lexicon::{Class, Lexicon, Meaning};
use crate::source::Place;
use crate::spec::{CodeRow, DocSet, Endpoint};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Default)]
pub(super) struct Codes<'a> {
    /// In the order of the endpoints, then the tables that belong to none.
    pub(super) told: Vec<Told<'a>>,
    /// Codes that stand for any failure, each with its envelope.
    vague: BTreeSet<(usize, &'a str)>,
}

/// One row of a table.
#[derive(Debug)]
pub(super) struct Told<'a> {
    pub(super) code: &'a str,
    pub(super) text: &'a str,
    pub(super) place: Place,
    /// None for a table of a page or of the whole set.
    pub(super) endpoint: Option<&'a Endpoint>,
    /// Rows of one table have one number.
    pub(super) table: usize,
    /// Codes of different envelopes are different codes.
    pub(super) envelope: usize,
    pub(super) meaning: Meaning,
}

impl<'a> Codes<'a> {
    pub(super) fn of(set: &'a DocSet, lexicon: &Lexicon) -> Self {
        let mut codes = Self::default();
        for (table, endpoint) in set.endpoints.iter().enumerate() {
            for row in &endpoint.codes.rows {
                codes.told.push(told(row, Some(endpoint), table, endpoint.envelope, lexicon));
            }
        }
        for (at, table) in set.tables.iter().enumerate() {
            for row in &table.rows {
                let beside = set.endpoints.iter().find(|endpoint| endpoint.place.file == row.place.file);
                let envelope = beside.map_or(0, |endpoint| endpoint.envelope);
                codes.told.push(told(row, None, set.endpoints.len() + at, envelope, lexicon));
            }
        }
        codes.vague = codes.find_vague(set, lexicon);
        codes
    }

    /// Rows by code, those left out that name no failure in particular.
    pub(super) fn by_code(&self) -> BTreeMap<(usize, &'a str), Vec<&Told<'a>>> {
        let mut by_code = self.all_by_code();
        by_code.retain(|key, _| !self.vague.contains(key));
        by_code
    }

    fn all_by_code(&self) -> BTreeMap<(usize, &'a str), Vec<&Told<'a>>> {
        let mut by_code: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for row in &self.told {
            by_code.entry((row.envelope, row.code)).or_default().push(row);
        }
        by_code
    }

    fn find_vague(&self, set: &'a DocSet, lexicon: &Lexicon) -> BTreeSet<(usize, &'a str)> {
        let mut vague = BTreeSet::new();
        let mut conflicts = 0;
        let mut agreements = 0;
        let by_code = self.all_by_code();
        for (key, rows) in &by_code {
            let mut unlike: Vec<&Meaning> = Vec::new();
            for row in rows {
                if unlike.len() < 3 && unlike.iter().all(|known| !compatible(known, &row.meaning)) {
                    unlike.push(&row.meaning);
                }
            }
            // Rows of one table follow each other.
            let within_one = rows.chunk_by(|a, b| a.table == b.table).any(|rows| {
                rows.iter()
                    .enumerate()
                    .any(|(at, row)| rows[..at].iter().any(|before| !compatible(&before.meaning, &row.meaning)))
            });
            // Two meanings may be a slip; three are a habit.
            if unlike.len() > 2 || within_one {
                vague.insert(*key);
            }
            let tables: BTreeSet<usize> = rows.iter().map(|row| row.table).collect();
            match (tables.len() > 1, unlike.len() > 1) {
                (true, true) => conflicts += 1,
                (true, false) => agreements += 1,
                (false, _) => {}
            }
        }
        if conflicts > 2 && conflicts > agreements {
            return by_code.into_keys().collect();
        }
        for endpoint in &set.endpoints {
            let mut met: BTreeMap<&str, Meaning> = BTreeMap::new();
            for example in endpoint.errors().filter(|example| !example.is_table) {
                let envelope = set.envelope(endpoint);
                let (Some((_, code)), Some((_, text))) =
                    (envelope.code_of(&example.value), envelope.message_of(&example.value))
                else {
                    continue;
                };
                let meaning = lexicon.meaning(text);
                if met.get(code).is_some_and(|known| !compatible(known, &meaning)) {
                    vague.insert((endpoint.envelope, code));
                }
                met.insert(code, meaning);
            }
        }
        vague
    }
}

fn told<'a>(
    row: &'a CodeRow,
    endpoint: Option<&'a Endpoint>,
    table: usize,
    envelope: usize,
    lexicon: &Lexicon,
) -> Told<'a> {
    let meaning = lexicon.meaning(&row.text);
    Told { code: &row.code, text: &row.text, place: row.place, endpoint, table, envelope, meaning }
}

/// Whether two texts may well speak of one failure. A text that says nothing known agrees with everything.
pub(super) fn compatible(a: &Meaning, b: &Meaning) -> bool {
    if a.classes.is_empty() || b.classes.is_empty() {
        return true;
    }
    let mut families = a.classes.iter().map(|class| family(*class, &a.subjects));
    families.any(|known| b.classes.iter().any(|class| family(*class, &b.subjects) == known))
}

/// Classes that authors do not keep apart under one code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Family {
    Input,
    Account,
    Exists,
    Passcode,
    Identity,
    Failed,
    Own(Class),
}

fn family(class: Class, subjects: &[String]) -> Family {
    let speaks_of = |name: &str| subjects.iter().any(|subject| subject == name);
    match class {
        Class::Missing | Class::Malformed | Class::Unequal | Class::Unchanged | Class::TooLarge => Family::Input,
        Class::BadCredentials => Family::Account,
        Class::NotFound if speaks_of("account") || speaks_of("password") => Family::Account,
        // 获取失败 is read as *nothing there*, and may mean no more than *failed*.
        Class::NotFound if speaks_of("get") => Family::Failed,
        Class::Exists | Class::IdentityExists => Family::Exists,
        Class::BadPasscode | Class::Expired => Family::Passcode,
        Class::IdentityRejected | Class::IdentityInvalid | Class::Rejected | Class::NotSubmitted => Family::Identity,
        Class::Failed | Class::SendFailed => Family::Failed,
        own => Family::Own(own),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(a: &str, b: &str, expected: bool) {
        let lexicon = Lexicon::standard();
        assert_eq!(compatible(&lexicon.meaning(a), &lexicon.meaning(b)), expected, "{a} | {b}");
    }

    #[test]
    fn other_words_for_one_failure_are_compatible() {
        check("输入的信息不符合", "账号密码格式不正确", true);
        check("缺少必须参数", "图片名称地址不能空", true);
        check("用户不存在", "账号或密码错误", true);
        check("添加失败", "资格证上传失败,请联系客服", true);
        check("操作成功", "验证码有误", true);
        check("验证码有误", "认证失败,请填写正确的身份信息", false);
        check("用户不存在", "余额不足", false);
        check("订单不存在", "账号或密码错误", false);
    }
}
