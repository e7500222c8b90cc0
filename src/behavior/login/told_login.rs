//! What lines say in general of who has to be logged in: `除 login、zc 外都要 token`, `之后每个接口都传 key`, `图书查询不用 tk`,
//! `登录后 token 当参数传`.
//!
//! In: a line outside of the blocks, and what logging in calls the token. Out: that it asks all endpoints for a caller, with what
//! it excepts. Which endpoints the exception names is not known here.

use crate::behavior::collection::prose::{sentences, words};
use crate::lexicon::{Lexicon, Role, compact};
use crate::source::Place;

/// All endpoints but some need a caller.
#[derive(Clone, Debug)]
pub(in crate::behavior) struct Rule {
    /// The words for what is excepted, in lower case.
    pub(in crate::behavior) excepts: Option<String>,
    pub(in crate::behavior) strength: Strength,
    pub(in crate::behavior) place: Place,
}

/// How plainly a line says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::behavior) enum Strength {
    Said,
    /// If the exception names something: `图书查询不用 tk` says it of the others without a word.
    IfNamed,
    /// Of all endpoints, where none says it of itself: `之后每个接口都传 key`.
    OfEvery,
    /// It only says what is done once somebody is logged in: what shows things of nobody's may be open.
    AfterLogin,
}

/// Reads lines, with the names of the tokens that logging in shows.
pub(in crate::behavior) struct Reader<'a> {
    pub(in crate::behavior) lexicon: &'a Lexicon,
    pub(in crate::behavior) names: Vec<String>,
}

impl Reader<'_> {
    pub(in crate::behavior) fn rule(&self, text: &str, place: Place) -> Option<Rule> {
        let rule = |excepts, strength| Rule { excepts, strength, place };
        if self.says_others_log_in(text) {
            return Some(rule(self.exception(text), Strength::Said));
        }
        if let Some(excepts) = self.all_but(text) {
            return Some(rule(Some(excepts), Strength::IfNamed));
        }
        if let Some(excepts) = self.free_ones(text) {
            return Some(rule(Some(excepts), Strength::IfNamed));
        }
        if self.is_of_every(text) {
            return Some(rule(self.exception(text), Strength::OfEvery));
        }
        self.is_after_login(text).then(|| rule(None, Strength::AfterLogin))
    }

    fn says(&self, topic: &str, text: &str) -> bool {
        self.lexicon.speaks_of(topic, text)
    }

    /// Whether a text says that something needs no login: `不用登录`, `不带 tk`.
    pub(in crate::behavior) fn says_free(&self, text: &str) -> bool {
        self.says("login-free", text) || (self.says("mark-of-free", text) && self.names_token(text))
    }

    /// A piece of a list without the words for that.
    pub(in crate::behavior) fn without_free(&self, text: &str) -> String {
        let bare = self.lexicon.without("login-free", text);
        if bare.len() < text.len() || !self.says_free(text) { bare } else { self.lexicon.without("mark-of-free", text) }
    }

    /// Whether a text says that something is sent; longer words of such a kind stand for shorter ones.
    fn says_sent(&self, text: &str) -> bool {
        ["carries", "sent-as", "every-carries", "asks-of-rest"].iter().any(|topic| self.says(topic, text))
    }

    /// Whether a word of the text is what a token is called.
    fn names_token(&self, text: &str) -> bool {
        let known =
            |word: &str| self.lexicon.role(word, "").is_some_and(|(role, points)| role == Role::Token && points >= 4);
        words(text).filter(|word| !word.is_empty()).any(|word| known(word) || self.names.contains(&compact(word)))
    }

    fn is_of_login(&self, text: &str) -> bool {
        self.names_token(text)
            || ["login-word", "proof-of-login", "login-proof"].iter().any(|topic| self.says(topic, text))
    }

    /// `除登录外，每个接口地址上都要 ?session_key=xxx`: all others carry what is a token by its name.
    fn says_others_log_in(&self, text: &str) -> bool {
        if self.says("may-carry", text) && !self.says("except", text) {
            return false;
        }
        self.says("others-need-login", text)
            || (self.says("others-carry", text) && !self.says("optional", text) && self.names_token(text))
    }

    /// What a sentence excepts from what it asks for, where that is a token or a login: `除登录、注册外都要传 token`. Where it does not
    /// say for what, the line has said so before: `token 放 header。除了注册登录都要`.
    fn all_but(&self, text: &str) -> Option<String> {
        sentences(text).find_map(|sentence| {
            let start = self.lexicon.after("except", sentence)?;
            let rest = &sentence[start..];
            let Some(asks) = self.lexicon.before("asks-of-rest", rest) else {
                // `每个接口都要带 sid，登录除外`
                let before = &sentence[..start];
                let asked = self.lexicon.after("asks-of-rest", before).map(|end| &before[end..])?;
                let object = asked.split(ENDS).next().unwrap_or_default();
                return self.is_of_login(object).then(|| self.exception(sentence)).flatten();
            };
            let behind = &rest[self.lexicon.after("asks-of-rest", rest)?..];
            let object = behind.split(ENDS).next().unwrap_or_default();
            let object = self.lexicon.without("carries", object);
            let is_bare = !object.chars().any(char::is_alphanumeric);
            let around = || {
                let at = |piece: &str| piece.as_ptr() as usize - text.as_ptr() as usize;
                [&text[..at(sentence) + start], &text[at(behind)..]].into_iter().any(|part| self.is_of_login(part))
            };
            let asked =
                if is_bare { around() } else { self.is_of_login(&object) || self.is_of_login(behind_marks(behind)) };
            // `所有接口（登录、发码除外）必传` has what is excepted before the word for it.
            let excepted = Some(&rest[..asks]).filter(|told| told.chars().any(char::is_alphanumeric));
            asked.then(|| excepted.unwrap_or_else(|| last_piece(&sentence[..start])).to_lowercase())
        })
    }

    /// What a clause says needs no token, where the line tells how tokens are sent or that no others are free.
    fn free_ones(&self, text: &str) -> Option<String> {
        let sends = || self.names_token(text) && (text.contains('?') || self.says_sent(text));
        let clauses = || text.split(['，', ',', '；', ';', '。']);
        let free = clauses().find(|clause| self.says_free(clause))?;
        let told = self.says("only-these", free) || sends();
        let list =
            free.split_once([':', '：']).map_or(free, |(head, list)| if self.is_of_login(head) { list } else { free });
        // `没登录也能看`: what says it names nothing.
        told.then(|| self.lexicon.without("mark-of-free", &self.lexicon.without("login-free", list)).to_lowercase())
    }

    fn is_of_every(&self, text: &str) -> bool {
        let may = ["optional", "may-carry", "login-free"].iter().any(|topic| self.says(topic, text));
        !may && sentences(text).any(|sentence| self.says("every-carries", sentence) && self.names_token(sentence))
    }

    /// `登录后 token 当参数传`, `登录拿 session，之后放在 query`.
    fn is_after_login(&self, text: &str) -> bool {
        let free = ["optional", "may-carry", "login-free"].iter().any(|topic| self.says(topic, text));
        let handed = || {
            let mut clauses = text.split(['，', ',', '。', '；', ';']).map(str::trim);
            clauses.any(|clause| self.says("login-gives", clause))
                && clauses.any(|clause| self.lexicon.begins_with("afterwards", clause))
        };
        !free && self.names_token(text) && self.says_sent(text) && (self.says("after-login", text) || handed())
    }

    /// What a sentence excepts from a rule; a word of the rule can stand on either side of it: `all endpoints but the catalogue
    /// need a token`, `所有接口都要登录，登录除外`.
    fn exception(&self, text: &str) -> Option<String> {
        let mut ends = text.match_indices([' ', ',', '，', '、', '。']).map(|(end, _)| end).chain([text.len()]);
        let after = ends.find_map(|end| self.lexicon.after("except", &text[..end]))?;
        let rest = &text[after..];
        let rest = self.lexicon.before("asks-of-rest", rest).map_or(rest, |end| &rest[..end]);
        Some(if rest.chars().filter(|c| c.is_alphabetic()).count() > 3 { rest } else { text }.to_lowercase())
    }
}

/// What ends the words for what is asked.
const ENDS: [char; 9] = ['，', ',', '。', '；', ';', '（', '(', '|', '：'];

/// What stands behind the last brackets that open, else behind the last comma.
fn last_piece(text: &str) -> &str {
    let behind = |at: usize| text[at..].char_indices().nth(1).map_or("", |(next, _)| &text[at + next..]);
    let opened = text.rfind(['（', '(']).filter(|at| !text[*at..].contains(['）', ')']));
    opened.or_else(|| text.rfind(ENDS)).map_or(text, behind)
}

/// `都要带（token）`: a text up to the end of the first brackets.
fn behind_marks(text: &str) -> &str {
    let opens = text.trim_start().starts_with(['（', '(']);
    let end = text.find(['）', ')']).filter(|_| opens).unwrap_or(0);
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(Option<String>, Strength)> {
        let lexicon = Lexicon::standard();
        let reader = Reader { lexicon: &lexicon, names: vec!["tk".to_owned(), "key".to_owned()] };
        reader.rule(text, Place::default()).map(|rule| (rule.excepts, rule.strength))
    }

    #[test]
    fn all_but_some_need_a_caller() {
        for text in [
            "除登录、注册外都要 token",
            "|登录|除 登录、注册 外都要 token（POST 参数）|",
            "除登录、注册外都要传 tk",
            "除了登录、注册，都要带 session",
            "token 放 header：X-Token。除了登录、注册都要。没带或失效 errno=501 请登录",
            "除登录、注册以外一律要带令牌",
            "接口除登录、注册外均需鉴权",
            "Header：`Authorization: Token <token>`，除登录、注册外都要带",
            "Except 登录 and 注册, every call must carry a token",
            "除登录、注册外都要登录，传 key",
            "key 登录后给，所有接口（登录、注册除外）必传，失效统一返回 -1",
        ] {
            let found = read(text).unwrap_or_else(|| panic!("nothing in {text}"));
            let excepts = found.0.unwrap_or_default();
            assert!(excepts.contains("登录") && excepts.contains("注册"), "{text}: {excepts}");
        }
        for text in ["uid 和 key 登录拿到，之后每个接口都传 `key`", "之后所有请求都带上 token", "后面的接口都要带着 tk"]
        {
            let found = read(text);
            assert!(matches!(found, Some((None, Strength::OfEvery | Strength::Said))), "{text}: {found:?}");
        }
        for text in ["全部 POST 表单，登录后 `token` 当参数传", "登录拿 session，之后放在 query：`?session=xxx`"]
        {
            assert_eq!(read(text), Some((None, Strength::AfterLogin)), "{text}");
        }
        for text in [
            "form 提交，tk 拼在地址后面：`?tk=登录返回的tk`，图书查询不用 tk。",
            "不需要登录的只有：图书查询",
            "只有图书查询可以不登录",
        ] {
            let (excepts, strength) = read(text).unwrap_or_else(|| panic!("nothing in {text}"));
            assert!(excepts.is_some_and(|told| told.contains("图书查询")), "{text}");
            assert_eq!(strength, Strength::IfNamed, "{text}");
        }
    }

    #[test]
    fn lines_that_ask_for_no_caller() {
        for text in [
            "除登录外都要 POST",
            "除了登录注册，其它接口都返回 list",
            "除上传外都用 JSON",
            "删除的都要传 id",
            "除登录外都要传 version",
            "所有接口都可以带 token",
            "每个接口都有 msg",
            "登录后返回 token",
            "没有登录也能看",
            "key 是关键字，每个列表都可以传",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
