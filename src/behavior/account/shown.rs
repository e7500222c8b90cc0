//! What an example shows of an account: its scalars, each with what it is for.

use super::statuses::machine_kinds;
use crate::behavior::collection::items::shape;
use crate::behavior::enumeration;
use crate::behavior::inputs::made_up::default_word;
use crate::behavior::replies::is_opaque;
use crate::json::{Json, Step};
use crate::lexicon::{Lexicon, Operation, Role, StatusKind};
use crate::source::Place;
use crate::spec::envelope::Envelope;
use crate::spec::{DocSet, Endpoint, Example, FieldNote};
use std::collections::HashMap;

/// Whether an endpoint's success shows an account.
pub(in crate::behavior) fn shows_account(operation: Operation) -> bool {
    matches!(
        operation,
        Operation::Register
            | Operation::Login
            | Operation::RenewToken
            | Operation::Profile
            | Operation::EditProfile
            | Operation::VerifyIdentity
            | Operation::VerificationStatus
            | Operation::SubmitReview
            | Operation::BindIdentity
            | Operation::TopUp
            | Operation::AccountDeed
    )
}

/// One member of an example that shows an account.
pub(in crate::behavior) struct Shown<'e> {
    pub(in crate::behavior) path: Vec<Step>,
    pub(in crate::behavior) name: &'e str,
    pub(in crate::behavior) value: &'e Json,
    pub(in crate::behavior) words: String,
    pub(in crate::behavior) role: Role,
    pub(in crate::behavior) place: Place,
}

/// The scalars of an example's data with what each is for; the envelope's own members are left out.
pub(in crate::behavior) fn shown<'e>(
    set: &DocSet,
    endpoint: &Endpoint,
    example: &'e Example,
    lexicon: &Lexicon,
) -> Vec<Shown<'e>> {
    let envelope = set.envelope(endpoint);
    let code = envelope.code_of(&example.value).map(|(path, _)| path);
    let message = envelope.message_of(&example.value).map(|(path, _)| path);
    // The first of several, as `place_of` has it.
    let places: HashMap<&[Step], Place> =
        example.members.iter().rev().map(|(path, at)| (path.as_slice(), *at)).collect();
    let comments: HashMap<&[Step], &str> =
        example.comments.iter().rev().map(|note| (note.path.as_slice(), note.text.as_str())).collect();
    let mut found = Vec::new();
    let mut open: Vec<(Vec<Step>, &Json)> = vec![(Vec::new(), &example.value)];
    while let Some((path, value)) = open.pop() {
        for (key, inner) in value.as_object().into_iter().flatten().rev() {
            let mut path = path.clone();
            path.push(Step::Key(key.clone()));
            // The envelope's own members, one level down too; a payload that stands in a member's place is no such member.
            if inner.is_scalar() && envelope.marker.iter().chain(code).chain(message).any(|known| *known == path) {
                continue;
            }
            if inner.as_object().is_some() {
                open.push((path, inner));
            } else if inner.is_scalar() {
                let comment = comments.get(path.as_slice()).copied();
                let words = comment.or_else(|| named_comment(example, key)).unwrap_or_default().to_owned();
                let role = role_of(key, &words, inner, lexicon);
                let place = places.get(path.as_slice()).copied().unwrap_or(example.place);
                found.push(Shown { name: key, value: inner, words, role, place, path });
            }
        }
    }
    found.sort_by_key(|shown| shown.place);
    // `{"jf": 10} // 退回后的总积分`: one comment behind one member is about it.
    if let ([only], [note]) = (&mut found[..], &example.comments[..])
        && only.words.is_empty()
    {
        only.words.clone_from(&note.text);
    }
    found
}

/// Whether a member stands in a reply's data: where a reply has no member that carries data, its data stand beside the code.
pub(in crate::behavior) fn is_inside(envelope: &Envelope, whole: &Json, path: &[Step]) -> bool {
    let own = |key: &Step| !matches!(key, Step::Key(key) if envelope.beside.contains(key));
    let alone = |data: &std::sync::Arc<str>| whole.get(data).is_none() && path.first().is_some_and(own);
    path.len() > 1 || envelope.data.as_ref().is_none_or(alone)
}

/// The scalars of the first item that an endpoint shows.
pub(super) fn shown_as_item<'e>(set: &DocSet, endpoint: &'e Endpoint, lexicon: &Lexicon) -> Vec<Shown<'e>> {
    let Some((whole, path)) = shape::place_shown(set, endpoint, lexicon) else { return Vec::new() };
    let Some(example) = endpoint.successes().find(|example| std::ptr::eq(&raw const example.value, whole)) else {
        return Vec::new();
    };
    let members = whole.at(&path).and_then(Json::as_object).unwrap_or_default();
    let shown = members.iter().filter(|(_, value)| value.is_scalar()).map(|(key, value)| {
        let path: Vec<Step> = path.iter().cloned().chain([Step::Key(key.clone())]).collect();
        let comment = example.comments.iter().find(|note| note.path == path).map(|note| note.text.as_str());
        let words = comment.or_else(|| named_comment(example, key)).unwrap_or_default().to_owned();
        let role = role_of(key, &words, value, lexicon);
        Shown { place: example.place_of(&path), name: key, value, words, role, path }
    });
    shown.filter(|shown| !shown.role.is_secret()).collect()
}

/// A comment that stands elsewhere and begins with the member's name: `{…} //state 1正常 2冻结`.
fn named_comment<'e>(example: &'e Example, key: &str) -> Option<&'e str> {
    let after = |note: &'e FieldNote| {
        let text = note.text.trim_start();
        text.strip_prefix(key).filter(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_'))
    };
    example.comments.iter().find_map(after).map(|words| words.trim_start_matches([' ', ':', '：', '=', '-']))
}

/// What a member is for, by its name and comment. A comment that is nothing but values has no label; then the values tell.
pub(in crate::behavior) fn role_of(name: &str, words: &str, example: &Json, lexicon: &Lexicon) -> Role {
    let items = enumerated(words, example, lexicon);
    let bare = items.first().is_some_and(|first| words.trim_start().starts_with(first.value.as_str()));
    // `"token": "f3b0…" //注册完直接就是登录状态`: what such a value is for, a known name says better than a remark.
    let named = || {
        let opaque = is_opaque(example);
        opaque && lexicon.role(name, "").is_some_and(|(role, points)| role == Role::Token && points >= 8)
    };
    if named() {
        return Role::Token;
    }
    // `没改过就是用户名` says what it begins with, and not what it is.
    let told = default_word(words, lexicon).map_or(words, |(start, _)| &words[..start]);
    let label = if bare { "" } else { told };
    if let Some((role, _)) = lexicon.role(name, label).filter(|(_, points)| *points >= 4) {
        return role;
    }
    let mut kinds: Vec<StatusKind> = items.iter().flat_map(|item| machine_kinds(&item.words, lexicon)).collect();
    kinds.sort_unstable();
    kinds.dedup();
    if kinds.len() >= 3 { Role::Status } else { Role::Plain }
}

/// The enumeration in the words beside an example's value.
pub(in crate::behavior) fn enumerated(words: &str, example: &Json, lexicon: &Lexicon) -> Vec<enumeration::Item> {
    enumeration::read_beside(words, example.scalar_text().unwrap_or_default(), &lexicon.rules().enumerations)
}
