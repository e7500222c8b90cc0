//! A second kind of user without a way in of its own: an account of theirs is there from the start (`店员账号 a，密码 b`), they log in as
//! all do, and what they log in to says who they are (`role: 0 //0普通用户 1店员`).
//!
//! In: the lines that tell of such an account, what replies show of accounts, the words over endpoints. Out: the kinds, and whose each
//! endpoint is. Lines about accounts of nobody's in particular make no kinds.

use super::kinds::{Kind, Kinds, Words};
use super::office_side::{self, OFFICE, Office};
use super::{Accounts, entries};
use crate::behavior::collection::prose;
use crate::behavior::{account, enumeration};
use crate::lexicon::{Lexicon, Operation, Role, label_head};
use crate::spec::Note;
use std::sync::Arc;

/// The kinds, where everybody logs in at one place and one account of another kind is told of.
pub(super) fn kinds(words: &Words<'_>, accounts: &Accounts) -> Option<Kinds> {
    let of = |wanted: Operation| (0..words.operations.len()).filter(move |at| words.operations[*at] == wanted);
    of(Operation::Login).next()?;
    let names = office_side::names_of_login(words);
    let told: Vec<(&str, &Note)> = office_side::lines(words)
        .filter(|(text, _)| office_side::pair(text, &names, words.lexicon).is_some())
        .collect();
    if told.is_empty() {
        return None;
    }
    let (field, kinds, note) = shown(words, accounts, &told).or_else(|| unshown(words, &told))?;
    let mut found = Kinds { field, default: kinds.first().map(|kind| kind.value.clone()), kinds, ..Kinds::default() };
    let enters = |at: usize| matches!(words.operations[at], Operation::Login | Operation::Register);
    let sides: Vec<Option<usize>> =
        (0..words.operations.len()).map(|at| (!enters(at) && found.is_theirs(words, at)).then_some(OFFICE)).collect();
    // Who has nothing that is for them alone is like all.
    sides.iter().flatten().next()?;
    found.office = Some(Office::new(sides.clone(), note.place, note.text.trim().to_owned()));
    Some(found)
}

/// `0普通用户 1店员` beside a member that shows what an account is, where a line gives an account of one of these.
fn shown<'n>(
    words: &Words<'_>,
    accounts: &Accounts,
    told: &[(&str, &'n Note)],
) -> Option<(Arc<str>, Vec<Kind>, &'n Note)> {
    let lexicon = words.lexicon;
    let shows =
        |at: &usize| matches!(words.operations[*at], Operation::Login | Operation::Profile | Operation::Register);
    (0..words.operations.len()).filter(shows).find_map(|at| {
        let endpoint = &words.set.endpoints[at];
        endpoint.successes().find_map(|example| {
            account::shown(words.set, endpoint, example, lexicon).into_iter().find_map(|member| {
                let is_kind = lexicon.is_named("account-kind", member.name)
                    || lexicon.is_nothing_but("account-kind", label_head(&member.words));
                let items = enumeration::read(&member.words, &lexicon.rules().enumerations);
                if !is_kind || items.len() < 2 {
                    return None;
                }
                let named = |text: &str| {
                    let mut found = items.iter().filter(|item| speaks_of(text, label_head(&item.words)));
                    found.next().filter(|_| found.next().is_none())
                };
                let (theirs, note) = told.iter().find_map(|(text, note)| Some((named(text)?, *note)))?;
                let example = member.value.scalar_text();
                let others = || items.iter().filter(|item| item.value != theirs.value);
                let usual = others().find(|item| Some(item.value.as_str()) == example).or_else(|| others().next())?;
                let rest = others().filter(|item| item.value != usual.value);
                let kind = |item: &enumeration::Item| Kind {
                    value: item.value.clone(),
                    words: label_head(&item.words).to_owned(),
                    serves: false,
                };
                let field =
                    accounts.field(member.name).map_or_else(|| member.name.into(), |known| Arc::clone(&known.key));
                Some((field, [usual, theirs].into_iter().chain(rest).map(kind).collect(), note))
            })
        })
    })
}

/// `默认管理员账号 admin / 123456`, where no reply shows who is what.
fn unshown<'n>(words: &Words<'_>, told: &[(&str, &'n Note)]) -> Option<(Arc<str>, Vec<Kind>, &'n Note)> {
    let (_, note) = told.iter().find(|(text, _)| words.lexicon.speaks_of("office-side", text))?;
    let kind = |value: &str| Kind { value: value.to_owned(), words: String::new(), serves: false };
    Some((entries::FIELD.into(), vec![kind("served"), kind("office")], note))
}

/// Whether a text names a kind: `店员账号`, `staff account`.
fn speaks_of(text: &str, kind: &str) -> bool {
    let long = kind.chars().count() > 1;
    long && if kind.is_ascii() {
        prose::words(&text.to_lowercase()).any(|word| word == kind.to_lowercase())
    } else {
        text.contains(kind)
    }
}

impl Kinds {
    /// Whether a line that gives an account gives one of those who run the place.
    pub(super) fn gives_office(&self, text: &str, lexicon: &Lexicon) -> bool {
        let own = self.kinds.get(OFFICE).map_or("", |kind| kind.words.as_str());
        if own.is_empty() { lexicon.speaks_of("office-side", text) } else { speaks_of(text, own) }
    }

    /// Whether an endpoint is for those of whom an account is there from the start.
    fn is_theirs(&self, words: &Words<'_>, at: usize) -> bool {
        let (lexicon, endpoint) = (words.lexicon, &words.set.endpoints[at]);
        let own = self.kinds.get(OFFICE).map_or("", |kind| kind.words.as_str());
        if self.only_theirs(words, at) {
            return true;
        }
        let heads = |text: &str| {
            let theirs = |rest: &str| {
                let rest = rest.trim_start();
                rest.is_empty()
                    || rest.starts_with(|c: char| !c.is_alphanumeric())
                    || lexicon.after("kind-side", rest).is_some_and(|end| end <= 12)
            };
            let bare = text.trim_start_matches(|c: char| !c.is_alphabetic());
            let named = own.chars().count() > 1 && bare.strip_prefix(own).is_some_and(theirs);
            named
                || in_brackets(text).any(|inner| speaks_of(inner, own) || lexicon.is_nothing_but("office-side", inner))
        };
        let place = endpoint.title_place.unwrap_or(endpoint.place);
        let mut above =
            words.sections.above(place).filter_map(|lines| Some(words.prose.get(lines)?.first()?.text.as_str()));
        let in_path = || {
            let segments = crate::behavior::operation::path_of(endpoint);
            segments.iter().any(|word| lexicon.is_named("office-side", word))
        };
        heads(&endpoint.title) || above.any(heads) || (takes_token(words, at) && in_path())
    }

    /// `只有店员可以操作` of an endpoint, or a failure of its own that says so.
    fn only_theirs(&self, words: &Words<'_>, at: usize) -> bool {
        let (lexicon, endpoint) = (words.lexicon, &words.set.endpoints[at]);
        let names = |text: &str| self.gives_office(text, lexicon);
        let only = |text: &str| names(text) && lexicon.speaks_of("only-callers", text);
        let clauses = |note: &Note| {
            let mut all = prose::sentences(&note.text).flat_map(|text| text.split([',', '，', '、', '(', '（']));
            all.any(only)
        };
        let lacks = |text: &str| lexicon.after("lacks-kind", text).and_then(|end| text.get(end..)).is_some_and(names);
        prose::remarks(words.prose, endpoint).any(clauses)
            || words.catalog.own[at].iter().any(|failure| only(failure.says()) || lacks(failure.says()))
    }
}

fn takes_token(words: &Words<'_>, at: usize) -> bool {
    words.inputs[at].iter().any(|input| input.word == Role::Token)
}

fn in_brackets(text: &str) -> impl Iterator<Item = &str> {
    text.split(['(', '（', '【', '[']).skip(1).filter_map(|rest| rest.split([')', '）', '】', ']']).next())
}
