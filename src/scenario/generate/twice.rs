//! What a second call of the same endpoint answers: one more is counted where something was made again, and a toggle says that it
//! took back what it did.
//!
//! In: an endpoint with effects. Out: stories in which a reply is held against an earlier one of the same endpoint.

use super::effects::{Story, because, is_fleeting};
use super::lab::{Lab, leaves};
use super::satisfy::Draft;
use super::violate::CALLER;
use crate::behavior::{Action, Tying};
use crate::json::{Json, Step as At, path_text};
use crate::scenario::ast::{Basis, Matcher, Path, Test, What};

pub(super) fn stories<'g>(start: &Lab<'g>, endpoint: usize) -> Vec<Story<'g>> {
    let mut found = Vec::new();
    for effect in &start.behavior(endpoint).effects {
        found.extend(match &effect.action {
            Action::CreateRecord { merge: None, .. } => one_more(start, endpoint),
            Action::Tie { how: Tying::Toggle, .. } => toggled(start, endpoint),
            _ => None,
        });
    }
    found
}

/// The same call again: what one more makes greater is greater.
fn one_more<'g>(start: &Lab<'g>, endpoint: usize) -> Option<Story<'g>> {
    let mut lab = start.clone();
    let draft = lab.prepared(endpoint, CALLER, 0)?;
    let first = lab.go(&draft, None);
    let second = again(&mut lab, &draft)?;
    let after = lab.tried(endpoint, &second.values).body;
    let (path, before, _) = numbers(&lab, &first, &after).find(|(path, before, now)| {
        let key = path.rsplit('.').next().unwrap_or_default();
        now == &(before + 1) && counts(&lab, key)
    })?;
    let saved = lab.save("before", Some(&path), Json::integer(before))?;
    let more = What::At(Path::parse(&path).ok()?, Test::Matches(vec![Matcher::MoreThan(saved.shown)]));
    let told = because(&lab, endpoint);
    lab.call(endpoint, &second.values, vec![more], Some(told));
    lab.basis(Basis::Inferred);
    Some(Story { lab, what: "what it makes is counted".to_owned(), is_deed: true })
}

/// Twice, and the replies say that it was done and undone.
fn toggled<'g>(start: &Lab<'g>, endpoint: usize) -> Option<Story<'g>> {
    let mut lab = start.clone();
    let draft = lab.prepared(endpoint, CALLER, 0)?;
    let first = lab.tried(endpoint, &draft.values).body;
    let done = {
        let mut done = lab.clone();
        done.go(&draft, None);
        done.tried(endpoint, &draft.values).body
    };
    let flag = leaves(&first).into_iter().find_map(|(path, at, was)| {
        let is = done.at(&at)?;
        let flags = matches!((was, is), (Json::Bool(was), Json::Bool(is)) if was != is);
        let path = Path::parse(&path).ok().filter(|_| flags)?;
        Some([was, is].map(|value| What::At(path.clone(), Test::Equals(value.clone()))))
    });
    let envelope = start.generation.set.envelope(&start.generation.set.endpoints[endpoint]);
    let words = |body: &Json| envelope.message_of(body).map(|(_, text)| Json::string(text));
    // The documents have words of their own for each.
    let said = words(&first).zip(words(&done)).filter(|(was, is)| was != is);
    let said = said.map(|(was, is)| [was, is].map(|text| What::Message(Test::Equals(text))));
    if flag.is_none() && said.is_none() {
        return None;
    }
    let told = because(&lab, endpoint);
    for time in 0..2 {
        let shows = flag.iter().chain(&said).map(|both| both[time].clone()).collect();
        lab.call(endpoint, &draft.values, shows, Some(told.clone()));
        lab.basis(Basis::Inferred);
    }
    Some(Story { lab, what: "the second call takes the first back".to_owned(), is_deed: true })
}

/// The call once more, with nothing in it that may be there only once.
fn again(lab: &mut Lab<'_>, draft: &Draft) -> Option<Draft> {
    let mut second = draft.clone();
    let steps = lab.steps.len();
    (lab.settle(&mut second, None) && lab.steps.len() == steps).then_some(second)
}

/// Whole numbers that stand at one place of both replies.
fn numbers<'j>(lab: &Lab<'_>, first: &'j Json, second: &'j Json) -> impl Iterator<Item = (String, i64, i64)> {
    let whole = |value: &Json| match value {
        Json::Number(text) => text.parse::<i64>().ok(),
        _ => None,
    };
    let pairs: Vec<(String, i64, i64)> = leaves(first)
        .into_iter()
        .filter(|(_, at, _)| !is_fleeting(lab, at) && !at.iter().any(|step| matches!(step, At::Index(_))))
        .filter_map(|(_, at, value)| Some((path_text(&at), whole(value)?, whole(second.at(&at)?)?)))
        .collect();
    pairs.into_iter()
}

/// Whether a member is called as what counts: `viewCount`.
fn counts(lab: &Lab<'_>, key: &str) -> bool {
    lab.generation.lexicon.ends_with("counter-end", &key.to_ascii_lowercase())
}
