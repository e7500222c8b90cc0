//! `code-means-two-things`: two tables list one code for failures that are not the same.
//!
//! A client that tells failures by their codes then tells its user the wrong thing. Texts are compared by what they mean
//! in the trade, so other words for one failure are no finding; what says nothing known is none either. Codes that stand
//! for any failure, or are counted anew at every endpoint, are left alone.

use crate::lint::codes::{Told, compatible};
use crate::lint::look::{Look, brief};
use crate::lint::{Find, Findings, Rule};

pub(super) const RULE: Rule =
    Rule::warning("code-means-two-things", "two tables list one code for different failures", Find::Set(find));

fn find(look: &Look<'_>, found: &mut Findings) {
    for ((_, code), rows) in look.codes.by_code() {
        let Some((first, other)) = conflict(&rows) else { continue };
        let message = format!("{code} means `{}` here, and another thing elsewhere", brief(other.text));
        let help = "give one of the two failures a code of its own";
        let mut finding =
            RULE.at(other.place, message).help(help).related(first.place, format!("`{}` here", brief(first.text)));
        finding.endpoint = other.endpoint.map(|endpoint| endpoint.id.clone());
        found.push(finding);
    }
}

/// The first row that disagrees with one before it.
fn conflict<'r, 'a>(rows: &[&'r Told<'a>]) -> Option<(&'r Told<'a>, &'r Told<'a>)> {
    let mut distinct: Vec<&Told<'a>> = Vec::new();
    for row in rows {
        if let Some(first) = distinct.iter().find(|first| !compatible(&first.meaning, &row.meaning)) {
            return Some((first, row));
        }
        if distinct.iter().all(|known| known.meaning != row.meaning) {
            distinct.push(row);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::found;

    fn document(texts: &[&str]) -> String {
        let block = |(at, text): (usize, &&str)| {
            format!("## A{at}\n+++\nget:/a{at}\n<<<\nerror\n{{\"code\":7{at}}}\n999 用户未登录\n{text}\n+++\n")
        };
        texts.iter().enumerate().map(block).collect()
    }

    #[test]
    fn two_failures_share_a_code() {
        let odd = document(&["1013 认证失败,请填写正确的身份信息", "1013 验证码有误"]);
        assert_eq!(
            found("code-means-two-things", &odd),
            ["17: 1013 means `验证码有误` here, and another thing elsewhere"]
        );
    }

    #[test]
    fn other_words_for_one_failure() {
        assert!(
            found("code-means-two-things", &document(&["1006 输入的信息不符合", "1006 账号密码格式不正确"])).is_empty()
        );
    }

    #[test]
    fn a_code_for_every_failure() {
        let any = document(&["0 用户不存在", "0 余额不足", "0 验证码有误"]);
        assert!(found("code-means-two-things", &any).is_empty());
        let within_one = document(&["0 用户不存在\n0 余额不足", "0 余额不足"]);
        assert!(found("code-means-two-things", &within_one).is_empty());
    }

    #[test]
    fn codes_counted_anew_at_every_endpoint() {
        let first = "1 用户不存在\n2 余额不足\n3 验证码有误\n4 发送太频繁";
        let second = "1 余额不足\n2 验证码有误\n3 发送太频繁\n4 用户不存在";
        assert!(found("code-means-two-things", &document(&[first, second])).is_empty());
    }
}
