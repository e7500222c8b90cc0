//! Which of an endpoint's inputs a message names: by their labels, their names, or what they are for.
//!
//! In: a message and the endpoint's inputs. Out: their positions, the one that it names most first.

use super::{Chooser, Subject};
use crate::behavior::failure::Failure;
use crate::behavior::{Form, Input};
use crate::lexicon::{Class, Role, label_head};
use std::ops::Range;
use std::rc::Rc;

/// The most that a message says of what it names first: `不能为空`.
const MOST_SAID: usize = 6;

/// Subjects that are one input and no other.
pub(in crate::behavior) const THINGS: [&str; 7] =
    ["identity", "passcode", "password", "phone", "email", "name", "picture"];

impl Chooser<'_> {
    /// The inputs of an endpoint that a message names, the one that it names most first.
    pub(in crate::behavior) fn named_inputs(&self, endpoint: usize, message: &str) -> Vec<usize> {
        self.named(endpoint, message).to_vec()
    }

    /// The inputs of an endpoint that a message names: those that its subjects mean, and the one whose label it has most of.
    /// Every check asks this of every failure, so it is worked out once for each message.
    pub(super) fn named(&self, endpoint: usize, message: &str) -> Rc<[usize]> {
        let known = self.named.borrow().get(&endpoint).and_then(|known| known.get(message)).cloned();
        known.unwrap_or_else(|| {
            let named: Rc<[usize]> = self.find_named(endpoint, message).into();
            self.named.borrow_mut().entry(endpoint).or_default().insert(message.to_owned(), Rc::clone(&named));
            named
        })
    }

    fn find_named(&self, endpoint: usize, message: &str) -> Vec<usize> {
        let inputs = &self.inputs[endpoint];
        let subjects = self.lexicon.meaning(message).subjects;
        // `登录名不能为空` speaks of the name and not of the phone by which the account is known as well.
        let has_name = inputs.iter().any(|input| input.role == Role::Identity && input.word == Role::Account);
        let speaks_of_nickname = || self.lexicon.roles_in(message).iter().any(|(role, _)| *role == Role::Nickname);
        let scored: Vec<(usize, bool, usize)> = inputs
            .iter()
            .enumerate()
            .filter(|(_, input)| !input.discriminates && input.word != Role::Token)
            .filter_map(|(at, input)| {
                let words = self.overlap(message, input);
                // `按栏目筛选` asks for a 栏目.
                let asked = || self.lexicon.without("filter-word", label_head(&input.label));
                // `价格为空` speaks of nothing but a part of 优惠券价格.
                let alone = || {
                    let (before, after) = message.split_once(longest_common(message, label_head(&input.label)))?;
                    let said = !before.chars().any(char::is_alphanumeric) && after.chars().count() <= MOST_SAID;
                    (said && !self.lexicon.meaning(after).classes.is_empty()).then_some(())
                };
                let half = || words * 2 >= asked().chars().filter(|c| !c.is_ascii()).count();
                let enough = words >= 2 && (half() || alone().is_some());
                let meant = subjects.iter().any(|subject| {
                    subject_is(subject, input) && !(subject == "account" && has_name && input.word != Role::Account)
                });
                // `昵称已被占用` of a bare `nickname`.
                let meant = meant || (input.word == Role::Nickname && speaks_of_nickname());
                let by_name = input.name.len() >= 2 && has_word(message, &input.name);
                let points = if enough { words } else { 0 } + usize::from(by_name) * 4;
                (points > 0 || meant).then_some((points, meant, at))
            })
            .collect();
        // `请选择身份` of a 角色 that is one of three, where nothing else is chosen; `请选择车牌类型` is not about a 车牌号 that is typed.
        let chosen = |input: &Input| input.rules.iter().any(|rule| matches!(rule.form, Form::OneOf(_)));
        let typed = |(_, meant, at): &(usize, bool, usize)| {
            let input = &inputs[*at];
            let whole = !input.label.is_empty() && message.contains(label_head(&input.label));
            !meant && !whole && !chosen(input) && input.word == Role::Plain
        };
        if scored.iter().all(typed) && self.lexicon.speaks_of("asks-choice", message) {
            let mut chosen = (0..inputs.len()).filter(|at| !inputs[*at].discriminates && chosen(&inputs[*at]));
            let only = chosen.next().filter(|_| chosen.next().is_none());
            if only.is_some() || scored.is_empty() {
                return only.into_iter().collect();
            }
        }
        let most = scored.iter().map(|(points, ..)| *points).max().unwrap_or(0);
        let label = |at: usize| label_head(&inputs[at].label);
        // `姓名或身份证号格式错误` names both: what is left without the longest label still has all of the other.
        let longest = scored.iter().find(|(points, ..)| *points == most).map_or("", |(.., at)| label(*at));
        let left = message.replacen(longest_common(message, longest), "\n", 1);
        let mut named: Vec<&(usize, bool, usize)> = scored
            .iter()
            .filter(|(points, meant, at)| *meant || *points == most || left.contains(label(*at)))
            .collect();
        named.sort_by_key(|(points, _, at)| (std::cmp::Reverse(*points), *at));
        named.into_iter().map(|(.., at)| *at).collect()
    }

    /// The failures of an endpoint's own that name one of its inputs as missing: words that decide what is required.
    pub(in crate::behavior) fn is_named_missing(&self, at: usize, input: usize) -> bool {
        self.catalog.own[at].iter().any(|failure| {
            failure.classes.first() == Some(&Class::Missing) && self.named(at, failure.says()).first() == Some(&input)
        })
    }

    /// Whether a failure has more of an input's label than of any other's: `失效时间没填` where there is a 生效时间, too.
    pub(super) fn names_most(&self, at: usize, failure: &Failure, subject: Subject) -> bool {
        let lender = failure.endpoint.unwrap_or(at);
        let Subject::Input(input) = subject else { return false };
        let named = self.named(lender, failure.says());
        named.first().is_some_and(|first| self.inputs[lender][*first].name == self.inputs[at][input].name)
    }

    /// How many characters of words (not Latin letters or digits) a message and a label have in common in a row. That both
    /// speak of logging in or registering is nothing in common: it only says where they stand.
    pub(super) fn overlap(&self, message: &str, input: &Input) -> usize {
        let shared = longest_common(message, label_head(&input.label));
        let words = shared.chars().filter(|c| !c.is_ascii()).count();
        // `数量不对` speaks of a 数量 all the same.
        let whole = shared.len() == label_head(&input.label).len();
        let verb = !whole && self.lexicon.operations_in(shared).iter().any(|(_, length)| *length == words);
        if verb || self.is_of_another_thing(message, shared, input) { 0 } else { words }
    }

    /// `身份证号码` has 号码 in common with a label 手机号码, and is no phone.
    fn is_of_another_thing(&self, message: &str, shared: &str, input: &Input) -> bool {
        let Some(start) = message.find(shared) else { return false };
        let around = |(name, place): &(&str, std::ops::Range<usize>)| {
            THINGS.contains(name) && place.start <= start && start + shared.len() <= place.end
        };
        let mut names = self.lexicon.subjects_in(message).filter(around).map(|(name, _)| name).peekable();
        names.peek().is_some() && !names.any(|name| subject_is(name, input))
    }
}

pub(super) fn subject_is(subject: &str, input: &Input) -> bool {
    match subject {
        "phone" => input.word == Role::Phone,
        "email" => input.word == Role::Email,
        "account" => input.role == Role::Identity,
        "passcode" => input.word == Role::Passcode,
        "password" => matches!(input.word, Role::Password | Role::NewPassword),
        "new-password" => input.word == Role::NewPassword,
        "identity" => input.word == Role::IdCard,
        "name" => input.word == Role::RealName,
        "picture" => Role::Picture.covers(input.word),
        _ => false,
    }
}

fn has_word(message: &str, name: &str) -> bool {
    place_of_word(message, name).is_some()
}

/// Where a message has a name as a word of its own.
pub(super) fn place_of_word(message: &str, name: &str) -> Option<Range<usize>> {
    // `Subject is required` names `subject`.
    let (message, name) = (message.to_ascii_lowercase(), name.to_ascii_lowercase());
    let mut places = message.match_indices(&name).map(|(at, _)| at..at + name.len());
    places.find(|place| {
        let edge = |c: Option<char>| c.is_none_or(|c| !c.is_ascii_alphanumeric() && c != '_');
        edge(message[..place.start].chars().next_back()) && edge(message[place.end..].chars().next())
    })
}

/// The longest piece of `a` that also stands at the beginning of `b`. Labels are short, so trying all pairs of places is cheap.
pub(in crate::behavior) fn longest_common<'a>(a: &'a str, b: &str) -> &'a str {
    let b = b.char_indices().nth(24).map_or(b, |(end, _)| &b[..end]);
    let mut best = "";
    for (from, _) in b.char_indices() {
        for (at, _) in a.char_indices() {
            let pairs = a[at..].chars().zip(b[from..].chars());
            let length: usize = pairs.take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
            if length > best.len() {
                best = &a[at..at + length];
            }
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_two_texts_share() {
        assert_eq!(longest_common("请选择所属诊所", "诊所ID"), "诊所");
        assert_eq!(longest_common("生效时间没填", "失效时间"), "效时间");
        assert_eq!(longest_common("缺少必须参数", "图片"), "");
        assert!(has_word("phone is required", "phone"));
        assert!(!has_word("telephone is required", "phone"));
    }
}
