//! Inputs that name an account by its id, and what is about that account instead of the caller's.
//!
//! In: inputs and the lexicon. Out: which of them name somebody: who is looked at, followed, written to, or whose records are
//! asked for. Whether a token beside it makes such an id a part of who calls is told by what the lines say.

use super::Accounts;
use crate::behavior::choose::Chooser;
use crate::behavior::collection::items::shape;
use crate::behavior::collection::nouns::naming::bare_label;
use crate::behavior::collection::{Collection, IdForm, Initial, ItemField};
use crate::behavior::{Confidence, Evidence, Input};
use crate::json::Json;
use crate::lexicon::{Class, Lexicon, Operation, Role, compact};
use crate::spec::{DocSet, Endpoint, In};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Whether an input is the id of an account: `uid`, `作者id`, `to_uid`.
pub(in crate::behavior) fn names_account(input: &Input, lexicon: &Lexicon) -> bool {
    let counts = !input.discriminates && !input.routes && input.location != In::Header;
    let by_label = || lexicon.ends_with("account-word", &bare_label(&input.label, lexicon));
    counts
        && match input.word {
            Role::UserId => true,
            Role::Plain => is_recipient(input, lexicon) || lexicon.ends_with("whom", &input.label),
            Role::RecordId => lexicon.is_named("account-id", &input.name) || by_label(),
            _ => false,
        }
}

/// Whether it names who gets something.
pub(in crate::behavior) fn is_recipient(input: &Input, lexicon: &Lexicon) -> bool {
    let asked = || lexicon.ends_with("whom", &input.label);
    let called = |words: &str| lexicon.ends_with("recipient", &bare_label(words, lexicon));
    let by_label = || called(&input.label) || asked();
    // `对方uid`: a label that says nothing known leaves the name.
    let is = |topic: &str| lexicon.is_named(topic, &input.name);
    match input.word {
        Role::Plain => {
            let part = is("recipient") || is("recipient-part");
            let told = || asked() || (shape::is_id(&input.name) && by_label());
            (is("recipient") && is("account-id")) || (part && told())
        }
        Role::UserId | Role::RecordId => is("recipient") || by_label() || called(&input.name),
        _ => false,
    }
}

/// The input that names somebody else beside a caller whom a token names. `uid` and `token` that are both demanded are one way
/// to say who calls, unless the words are about others.
pub(in crate::behavior) fn other(endpoint: &Endpoint, inputs: &[Input], lexicon: &Lexicon) -> Option<usize> {
    let named = inputs.iter().position(|input| names_account(input, lexicon))?;
    let input = &inputs[named];
    let words = endpoint.params.get(named).map(crate::spec::Param::all_words).unwrap_or_default();
    let token = inputs.iter().any(|input| input.word == Role::Token && input.required && input.location != In::Header);
    let of_another = |text: &&str| lexicon.speaks_of("of-another", text);
    let told = [endpoint.title.as_str(), &words].iter().any(of_another) || is_recipient(input, lexicon);
    (!input.required || !token || told || input.word != Role::UserId).then_some(named)
}

/// The fields of accounts of which no two have the same: their lines say so, or failures do.
pub(in crate::behavior) fn find_unique(operations: &[Operation], chooser: &Chooser<'_>, accounts: &mut Accounts) {
    let lexicon = chooser.lexicon;
    for (at, inputs) in chooser.inputs.iter().enumerate() {
        if !matches!(operations[at], Operation::Register | Operation::EditProfile) {
            continue;
        }
        let params = &chooser.set.endpoints[at].params;
        let refused: BTreeSet<usize> = chooser.catalog.own[at]
            .iter()
            .filter(|failure| failure.classes.first() == Some(&Class::Exists))
            .filter_map(|failure| chooser.named_inputs(at, failure.says()).first().copied())
            .collect();
        for (number, input) in inputs.iter().enumerate() {
            let of_account = input.role != Role::Identity
                && !input.word.is_secret()
                && !input.routes
                && !input.discriminates
                && !matches!(input.word, Role::Token | Role::UserId | Role::Purpose | Role::Device);
            let stated =
                || params.get(number).is_some_and(|param| lexicon.speaks_of("unlike-others", &param.all_words()));
            if of_account && (refused.contains(&number) || stated()) {
                let key = accounts.key_for(input);
                if !accounts.unique.contains(&key) {
                    accounts.unique.push(key);
                }
            }
        }
    }
}

/// Ids of accounts that the examples show anywhere: no new account gets one of these.
pub(in crate::behavior) fn shown_ids(set: &DocSet, accounts: &Accounts, lexicon: &Lexicon) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let is_id = |key: &str| {
        lexicon.is_named("account-id", key)
            || accounts.id_name.as_deref() == Some(compact(key).as_str())
            || lexicon.role(key, "").is_some_and(|(role, points)| role == Role::UserId && points >= 8)
    };
    let mut open: Vec<&Json> =
        set.endpoints.iter().flat_map(Endpoint::successes).map(|example| &example.value).collect();
    while let Some(value) = open.pop() {
        for (key, inner) in value.as_object().into_iter().flatten() {
            match inner.scalar_text().filter(|text| !text.is_empty()) {
                Some(text) if is_id(key) => _ = found.insert(text.to_owned()),
                Some(_) => {}
                None => open.push(inner),
            }
        }
        if let Json::Array(items) = value {
            open.extend(items);
        }
    }
    found
}

/// Accounts as a collection, for what refers to them as to other records.
pub(in crate::behavior) fn as_collection(accounts: &Accounts) -> Collection {
    let field = |field: &crate::behavior::Field| ItemField {
        key: Arc::clone(&field.key),
        role: field.role,
        example: field.initial.clone(),
        words: field.words.clone(),
        initial: Initial::Value(field.initial.clone()),
        blank: None,
        is_updated: false,
        place: field.place,
    };
    let because = Evidence::new("accounts", crate::source::Place::default(), Confidence::Certain);
    Collection {
        id: IdForm { key: None, example: accounts.id.clone(), shared: false },
        fields: accounts.fields.iter().map(field).collect(),
        ..Collection::new(super::COLLECTION, because)
    }
}

/// Whether a member of an example is a flag or a number, as ties are shown.
pub(in crate::behavior) fn is_flag(value: &Json) -> bool {
    matches!(value, Json::Bool(_)) || matches!(value.scalar_text(), Some("0" | "1"))
}
