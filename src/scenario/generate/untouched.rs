//! What a change must leave as it was: the fields of a record, or of the caller's account, that were not sent.
//!
//! In: an endpoint that changes fields. Out: a story of the change and of a look at what it had nothing to do with.

use super::effects::{Story, because};
use super::lab::{Lab, Val, shows};
use super::traces::{asked, is_plain, listed, own_lists};
use super::violate::CALLER;
use crate::behavior::RecordId;
use crate::json::Json;
use crate::scenario::ast::{Basis, Matcher, Path, Test, What};
use std::sync::Arc;

/// What a change does not send is as it was.
pub(super) fn rest_stays<'g>(
    start: &Lab<'g>,
    endpoint: usize,
    collection: usize,
    id: &RecordId,
    fields: &[(Arc<str>, usize)],
) -> Option<Story<'g>> {
    let mut lab = start.clone();
    let (record, sent) = lab.created_full(collection, CALLER)?;
    let mut draft = lab.draft(endpoint, CALLER, 0);
    let _ = lab.meet_token(&mut draft);
    if !lab.points_to(&mut draft, collection, id, &record) {
        return None;
    }
    draft.fixed.push(id.input);
    let changed = fields.iter().map(|(_, input)| *input).find(|input| {
        let input = &lab.behavior(endpoint).inputs[*input];
        input.rules.is_empty() && !input.role.is_secret()
    })?;
    let saves = lab.makers_of(collection).contains(&endpoint);
    // What has to be sent is sent as it is; who saves says everything again.
    for (field, input) in fields.iter().filter(|(_, input)| *input != changed) {
        let same = sent.iter().find(|(known, _)| known == field).map(|(_, value)| value.clone());
        if draft.get(*input).is_some() || (saves && same.is_some()) {
            draft.fix(*input, same);
        }
    }
    let old = fields.iter().find(|(_, input)| *input == changed).and_then(|(field, _)| {
        let (_, value) = sent.iter().find(|(known, _)| known == field)?;
        Some((Arc::clone(field), value.clone()))
    });
    draft.set(changed, old.as_ref().map(|(_, value)| value.clone()));
    let value = lab.other_value(&mut draft, changed);
    draft.fix(changed, value);
    lab.settle(&mut draft, None).then_some(())?;
    lab.go(&draft, None);
    let is_sent = |key: &Arc<str>| fields.iter().any(|(field, input)| field == key && draft.get(*input).is_some());
    let kept: Vec<(Arc<str>, Val)> = sent.into_iter().filter(|(key, _)| !is_sent(key)).collect();
    let reader = *own_lists(&lab, collection).first()?;
    let (look, shown, body) = listed(&mut lab, reader, collection, &record)?;
    let item = shown.item(&body, record.as_text())?;
    let mut members: Vec<(Arc<str>, Json)> = kept
        .into_iter()
        .filter_map(|(key, value)| {
            let shown = item.get(&key)?;
            (shown.scalar_text() == Some(value.as_text()) && is_plain(&value)).then(|| (key, shown.clone()))
        })
        .collect();
    // It is the same one with something new in it, and nothing is left of what was there.
    let mut expect = Vec::new();
    if let Some((key, old)) = old
        && let (Some(now), Some(new)) = (item.get(&key), draft.get(changed))
        && now.scalar_text() == Some(new.as_text())
        && new.as_text() != old.as_text()
        && is_plain(new)
        && is_plain(&old)
    {
        members.push((Arc::clone(&key), now.clone()));
        let mut gone = Json::empty_object();
        gone.set(&key, now.in_form(old.as_text()));
        expect.push(shown.whole(Matcher::Lacks(gone))?);
    }
    if members.is_empty() {
        return None;
    }
    expect.push(shown.whole(Matcher::Contains(shown.with(&record, &members)))?);
    let told = because(&lab, endpoint);
    lab.call(reader, &look.values, expect, Some(told));
    lab.basis(Basis::Inferred);
    let what = if saves { "what is saved again is the same one" } else { "what is not sent stays as it was" };
    Some(Story { lab, what: what.to_owned(), is_deed: true })
}

/// The same of the caller's own data.
pub(super) fn own_rest_stays<'g>(start: &Lab<'g>, endpoint: usize, fields: &[(Arc<str>, usize)]) -> Option<Story<'g>> {
    let behavior = start.behavior(endpoint);
    let is_free = |input: &usize| !behavior.inputs[*input].required && !behavior.inputs[*input].role.is_secret();
    let free: Vec<usize> = fields.iter().map(|(_, input)| *input).filter(is_free).collect();
    if free.len() < 2 {
        return None;
    }
    let mut lab = start.clone();
    let mut first = lab.draft(endpoint, CALLER, 0);
    for input in &free {
        let value = lab.value(&mut first, *input);
        first.set(*input, value);
    }
    lab.settle(&mut first, None).then_some(())?;
    lab.go(&first, None);
    let mut second = lab.draft(endpoint, CALLER, 0);
    let other = lab.other_value(&mut first.clone(), free[0]);
    second.fix(free[0], other);
    for input in &free[1..] {
        second.fix(*input, None);
    }
    lab.settle(&mut second, None).then_some(())?;
    lab.go(&second, None);
    let readers = lab.model().behaviors.iter().enumerate().filter(|(_, known)| {
        known.effects.is_empty()
            && known.record.is_none()
            && known.list.is_none()
            && known.auth == crate::behavior::Auth::Required
    });
    let readers: Vec<usize> = readers.map(|(at, _)| at).collect();
    readers.into_iter().find_map(|reader| {
        let mut lab = lab.clone();
        let look = asked(&mut lab, reader, CALLER, None)?;
        let body = lab.tried(reader, &look.values).body;
        let expect: Vec<What> = fields
            .iter()
            .filter(|(_, input)| free[1..].contains(input))
            .filter_map(|(field, input)| {
                let sent = first.get(*input).filter(|sent| is_plain(sent))?;
                let (path, value) = shows(&body, sent.as_text(), &[field])?;
                let is_own = path.rsplit('.').next() == Some(&**field);
                is_own.then(|| Some(What::At(Path::parse(&path).ok()?, Test::Equals(value))))?
            })
            .collect();
        if expect.is_empty() {
            return None;
        }
        let told = because(&lab, endpoint);
        lab.call(reader, &look.values, expect, Some(told));
        lab.basis(Basis::Inferred);
        Some(Story { lab, what: "what is not sent stays as it was".to_owned(), is_deed: true })
    })
}
