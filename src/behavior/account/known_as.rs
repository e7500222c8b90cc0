//! Names of accounts that are of more than one kind: `账号或手机号`, `email / phone`, and a "phone" whose example is none.
//!
//! In: a parameter's words and example. Out: that it names an account in whatever way, so that no form of a phone or an address binds it.

use crate::behavior::Input;
use crate::lexicon::{Lexicon, Role, compact};
use crate::spec::Param;

/// How much may stand between two names of which either will do: `账号或者注册时候的手机号码`.
const MOST_BETWEEN: usize = 10;

/// What a parameter is for, in the light of the other names that its words allow and of its example.
pub(in crate::behavior) fn widened(role: Role, param: &Param, lexicon: &Lexicon) -> Role {
    let bound = matches!(role, Role::Phone | Role::Email);
    let example = param.default.as_deref().unwrap_or_default().trim();
    if bound && (offers_either(&param.all_words(), lexicon) || is_other_name(role, param, example, lexicon)) {
        return Role::Account;
    }
    role
}

/// What is called the same elsewhere, and no phone by its name, is no phone there either.
pub(in crate::behavior) fn widen_everywhere(inputs: &mut [Vec<Input>], lexicon: &Lexicon) {
    let is_name = |input: &&Input| input.word == Role::Account && !input.discriminates;
    let mut open: Vec<String> = inputs.iter().flatten().filter(is_name).map(|input| compact(&input.name)).collect();
    open.sort_unstable();
    open.dedup();
    for input in inputs.iter_mut().flatten().filter(|input| input.word == Role::Phone) {
        let own = lexicon.role(&input.name, "").is_some_and(|(role, _)| role == Role::Phone);
        if !own && open.binary_search(&compact(&input.name)).is_ok() {
            (input.word, input.role) = (Role::Account, Role::Account);
        }
    }
}

/// `账号/手机号`, `邮箱(或手机)`, `phone or username`: two kinds of names, apart by nothing but a joint and what it leads to.
pub(in crate::behavior) fn offers_either(words: &str, lexicon: &Lexicon) -> bool {
    let names = |role: Role| role.identifies() || matches!(role, Role::IdCard | Role::Nickname);
    let found: Vec<_> = lexicon.roles_in(words).into_iter().filter(|(role, _)| names(*role)).collect();
    found.windows(2).any(|pair| {
        let ((one, before), (other, after)) = (&pair[0], &pair[1]);
        let between = words.get(before.end..after.start).unwrap_or_default();
        let between = between.trim_start_matches(|c: char| c.is_whitespace() || "(（[【".contains(c));
        one != other
            && between.chars().count() <= MOST_BETWEEN
            && !between.contains([',', '，', '。', ';', '；'])
            && lexicon.begins_with("either-joint", &between.to_lowercase())
    })
}

/// `cuijun` and `a@b.cn` are no phones. Words that stand for any value (`string`, `phone`, `138xxxx`) say nothing.
fn is_other_name(role: Role, param: &Param, example: &str, lexicon: &Lexicon) -> bool {
    if role != Role::Phone {
        return false;
    }
    if let Some((before, after)) = example.split_once('@') {
        return !before.is_empty() && after.contains('.');
    }
    let is_word = example.len() > 2
        && example.starts_with(|c: char| c.is_ascii_alphabetic())
        && example.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'));
    let lower = example.to_lowercase();
    let stands_for_any = || {
        compact(example) == compact(&param.name)
            || lower.contains("xx")
            || lexicon.type_names().contains(&lower)
            || lexicon.role(example, example).is_some_and(|(known, _)| known == Role::Phone)
    };
    is_word && !stands_for_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn either_of_two_names_is_told_from_one_name_explained() {
        let check = |words: &str, expected: bool| {
            assert_eq!(offers_either(words, &Lexicon::standard()), expected, "{words}");
        };
        check("账号或者注册时候的手机号码", true);
        check("用户名/邮箱/手机号", true);
        check("手机号或邮箱", true);
        check("登录名（手机号、邮箱均可）", true);
        check("account or phone", true);
        check("手机号，作为登录账号", false);
        check("账号(手机号)", false);
        check("手机号 用于登录或找回账号", false);
        check("手机号", false);
    }
}
