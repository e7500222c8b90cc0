//! What a deed on records must leave behind where they are listed and shown: they stand as they were led to stand, are gone
//! when they were taken away, only one is the chosen one.
//!
//! In: an endpoint with effects on records. Out: stories of the deed and of looks at it. All records are the caller's own,
//! made by calls, so that nothing depends on what a server has already.

use super::effects::{Story, basis, because, is_fleeting};
use super::lab::{Lab, Val};
use super::satisfy::Draft;
use super::shown_list::{Shown, is_same};
use super::untouched;
use super::violate::{CALLER, OTHER, title};
use crate::behavior::{Action, RecordId};
use crate::json::{Json, Step as At, path_text};
use crate::scenario::ast::{Basis, Matcher, Path, Test, What};
use std::sync::Arc;

pub(super) fn stories<'g>(start: &Lab<'g>, endpoint: usize) -> Vec<Story<'g>> {
    let mut found = Vec::new();
    for effect in &start.behavior(endpoint).effects {
        match &effect.action {
            Action::CreateRecord { collection, merge: None, .. } => {
                found.extend(stands(start, endpoint, *collection, None));
                found.extend(leaks(start, endpoint, *collection));
                found.extend(one_chosen_by_making(start, endpoint, *collection));
            }
            Action::MoveRecords { collection, id: Some(id), .. } => {
                found.extend(stands(start, endpoint, *collection, Some(id)));
            }
            Action::Give { collection, .. } => found.extend(granted(start, endpoint, *collection)),
            Action::RemoveRecords { collection, id: Some(id), .. } => {
                found.extend(gone(start, endpoint, *collection, id));
            }
            Action::ChooseRecord { collection, id, flag } => {
                found.extend(one_chosen(start, endpoint, *collection, id, flag));
            }
            Action::UpdateRecord { collection, id, fields } | Action::SaveRecord { collection, id, fields } => {
                if matches!(effect.action, Action::SaveRecord { .. }) {
                    found.extend(one_chosen_by_making(start, endpoint, *collection));
                }
                found.extend(untouched::rest_stays(start, endpoint, *collection, id, fields));
            }
            Action::SetFields(fields) => found.extend(untouched::own_rest_stays(start, endpoint, fields)),
            Action::Tie { relation, id, how, .. } => {
                found.extend(super::ties::tied(start, endpoint, *relation, id, how));
            }
            _ => {}
        }
    }
    found
}

/// A request by which a person looks at a record, or at the list that it is in.
pub(super) fn asked(lab: &mut Lab<'_>, reader: usize, person: usize, record: Option<(usize, &Val)>) -> Option<Draft> {
    let person = lab.looker(reader, person, record);
    let mut draft = lab.draft(reader, person, 0);
    let id = lab.behavior(reader).record.as_ref().and_then(|on| on.id.clone());
    if let (Some(id), Some((collection, record)), None) = (id, record, &lab.behavior(reader).list) {
        let _ = lab.meet_token(&mut draft);
        if !lab.points_to(&mut draft, collection, &id, record) {
            return None;
        }
        draft.fixed.push(id.input);
    }
    let steps = lab.steps.len();
    let is_fine = lab.settle(&mut draft, None) && draft.person == person;
    // A look that needs more than a login shows something else.
    (is_fine && lab.steps.len() <= steps + 2).then_some(draft)
}

/// The endpoints that list a caller's own records of a collection.
pub(super) fn own_lists(lab: &Lab<'_>, collection: usize) -> Vec<usize> {
    let mut readers = lab.readers_of(collection);
    readers.retain(|at| lab.behavior(*at).list.as_ref().is_some_and(|plan| plan.mine && plan.collection == collection));
    readers
}

/// The caller's list with an item in it, as it is shown now.
pub(super) fn listed(lab: &mut Lab<'_>, reader: usize, collection: usize, id: &Val) -> Option<(Draft, Shown, Json)> {
    let draft = asked(lab, reader, CALLER, Some((collection, id)))?;
    let body = lab.tried(reader, &draft.values).body;
    let shown = Shown::find(lab, collection, &body)?;
    shown.item(&body, id.as_text()).filter(|item| is_same(item.get(&shown.key), id))?;
    Some((draft, shown, body))
}

/// The same of a list that everybody sees, whole or as much of it as can be asked for, of what the record belongs to.
pub(super) fn listed_for_all(
    lab: &mut Lab<'_>,
    reader: usize,
    collection: usize,
    id: &Val,
) -> Option<(Draft, Shown, Json)> {
    let plan = lab.behavior(reader).list.clone().filter(|plan| plan.collection == collection)?;
    let person = lab.looker(reader, CALLER, Some((collection, id)));
    let mut draft = lab.draft(reader, person, 0);
    match plan.size {
        Some(size) => draft.fix(size, Some(Val::text("50"))),
        // What is asked for by pages, and not by how many, shows as many as it likes.
        None if plan.page.is_some() || plan.offset.is_some() => return None,
        None => {}
    }
    let name = Arc::clone(&lab.model().collections[collection].name);
    for filter in &plan.filters {
        let Some(parent) = lab.parent_of(reader, filter.input) else { continue };
        let record = lab.world().record_by_id(&name, id.as_text())?;
        if let Some(text) = record.field(&filter.field).and_then(Json::scalar_text).map(str::to_owned) {
            let of = |made: &&super::lab::Made| made.collection == parent && made.id.as_text() == text;
            let theirs = lab.made.iter().find(of).map(|made| made.id.clone());
            draft.fix(filter.input, theirs);
        }
    }
    let steps = lab.steps.len();
    let is_fine = lab.settle(&mut draft, None) && draft.person == person && lab.steps.len() <= steps + 1;
    let body = is_fine.then(|| lab.tried(reader, &draft.values).body)?;
    let shown = Shown::find(lab, collection, &body)?;
    shown.item(&body, id.as_text()).filter(|item| is_same(item.get(&shown.key), id))?;
    Some((draft, shown, body))
}

/// The members of a record whose values follow from what was done: its statuses.
fn standing(lab: &Lab<'_>, collection: usize, item: &Json, is_new: bool) -> Vec<(Arc<str>, Json)> {
    let shape = &lab.model().collections[collection];
    let of_account = lab.model().accounts.machine.iter().filter(|_| shape.holds_accounts());
    let machines = shape.machines.iter().chain(of_account);
    // How a thing with two states begins, documents seldom say.
    let known = machines.filter(|machine| !is_new || machine.values.len() > 2);
    // That there is a time says that it was done; which one it is, is another thing each time.
    let known = known.filter(|machine| !is_fleeting(lab, &[At::Key(Arc::clone(&machine.field))]));
    known.filter_map(|machine| Some((Arc::clone(&machine.field), item.get(&machine.field)?.clone()))).collect()
}

/// Whether a value is sent as it stands here: against a server people are exchanged for others.
pub(super) fn is_plain(value: &Val) -> bool {
    let text = value.as_text();
    let is_person = crate::engine::is_mobile(text) || text.contains('@') || crate::engine::id_card::is_valid(text);
    value.shown == value.actual && !is_person
}

/// What was sent and is shown under its own name.
pub(super) fn as_sent(item: &Json, sent: &[(Arc<str>, Val)]) -> Vec<(Arc<str>, Json)> {
    let shown = sent.iter().filter_map(|(key, value)| {
        let shown = item.get(key).filter(|shown| shown.scalar_text() == Some(value.as_text()))?;
        // What has a name is exchanged under it.
        let is_named = value.shown != value.actual && shown.as_str().is_some();
        let expected = if is_named { value.shown.clone() } else { shown.clone() };
        (is_named || is_plain(value)).then(|| (Arc::clone(key), expected))
    });
    shown.collect()
}

/// After the deed the record has the status that it leads to, wherever it is shown.
fn stands<'g>(start: &Lab<'g>, endpoint: usize, collection: usize, id: Option<&RecordId>) -> Vec<Story<'g>> {
    let mut lab = start.clone();
    let mut sent: Vec<(Arc<str>, Val)> = Vec::new();
    let record = match id {
        None => lab.created_full_by(endpoint, collection, CALLER).map(|(record, all)| {
            sent = all;
            record
        }),
        Some(id) => lab.succeed(endpoint, CALLER, 0).and_then(|draft| {
            let named = draft.get(id.input).cloned()?;
            lab.record_of(collection, id, &named)
        }),
    };
    let Some(record) = record.filter(|record| record.shown != record.actual) else { return Vec::new() };
    let mut found = Vec::new();
    for reader in lab.readers_of(collection) {
        let is_list = lab.behavior(reader).list.is_some();
        let is_own = own_lists(&lab, collection).contains(&reader);
        let mut lab = lab.clone();
        let Some((draft, expect)) = (if is_list {
            let seen = if is_own {
                listed(&mut lab, reader, collection, &record)
            } else {
                listed_for_all(&mut lab, reader, collection, &record)
            };
            seen.and_then(|(draft, shown, body)| {
                let item = shown.item(&body, record.as_text())?;
                let mut members = standing(&lab, collection, item, id.is_none());
                members.extend(as_sent(item, &sent));
                members.sort_by(|one, other| one.0.cmp(&other.0));
                members.dedup_by(|one, other| one.0 == other.0);
                if members.is_empty() && !is_own {
                    return None;
                }
                let mut expect = vec![shown.whole(Matcher::Contains(shown.with(&record, &members)))?];
                if is_own && id.is_none() && is_only(&lab, collection, &shown, &body) {
                    expect.extend(shown.has_place(1, false));
                }
                Some((draft, expect))
            })
        } else {
            asked(&mut lab, reader, CALLER, Some((collection, &record))).and_then(|draft| {
                let body = lab.tried(reader, &draft.values).body;
                let at = object_of(&lab, collection, &body, record.as_text())?;
                let item = body.at(&at)?;
                let mut members = standing(&lab, collection, item, id.is_none());
                members.extend(as_sent(item, &sent));
                members.sort_by(|one, other| one.0.cmp(&other.0));
                members.dedup_by(|one, other| one.0 == other.0);
                let own = lab
                    .id_names(collection)
                    .into_iter()
                    .find_map(|name| is_same(item.get(name), &record).then(|| (Arc::from(name), record.shown.clone())));
                members.extend(own);
                let expect = members.into_iter().filter_map(|(key, value)| {
                    let path = format!("{}.{key}", path_text(&at));
                    Some(What::At(Path::parse(&path).ok()?, Test::Equals(value)))
                });
                let expect: Vec<What> = expect.collect();
                (!expect.is_empty()).then_some((draft, expect))
            })
        }) else {
            continue;
        };
        let told = because(&lab, endpoint);
        let basis = basis(&lab, endpoint);
        lab.call(reader, &draft.values, expect, Some(told));
        lab.basis(basis);
        let what = format!("{} has it as it stands", title(&lab, reader));
        found.push(Story { lab, what, is_deed: true });
        if found.len() == 2 {
            break;
        }
    }
    found
}

/// Whether the one that was made is all that its maker has: nothing is given to a new account, and no system writes any.
fn is_only(lab: &Lab<'_>, collection: usize, shown: &Shown, body: &Json) -> bool {
    let shape = &lab.model().collections[collection];
    let may_have_more = lab.is_given(collection) || shape.written || shape.relation.is_some();
    let made = lab.made.iter().filter(|made| made.collection == collection).count();
    !may_have_more && made == 1 && body.at(&shown.path).and_then(Json::as_array).is_some_and(|all| all.len() == 1)
}

/// What a new account has from the start is in its list.
fn granted<'g>(start: &Lab<'g>, endpoint: usize, collection: usize) -> Option<Story<'g>> {
    let mut lab = start.clone();
    let draft = lab.succeed(endpoint, CALLER, 0)?;
    let reader = *own_lists(&lab, collection).first()?;
    let look = asked(&mut lab, reader, draft.person, None)?;
    let body = lab.tried(reader, &look.values).body;
    let shown = Shown::find(&lab, collection, &body)?;
    let first = Path::parse(&shown.at("0")).ok()?;
    let told = because(&lab, endpoint);
    lab.call(reader, &look.values, vec![What::At(first, Test::Matches(vec![Matcher::Exists(true)]))], Some(told));
    lab.basis(Basis::Inferred);
    Some(Story { lab, what: format!("{} has what is given for it", title(start, reader)), is_deed: true })
}

/// The object of a reply that is a record.
pub(super) fn object_of(lab: &Lab<'_>, collection: usize, body: &Json, id: &str) -> Option<Vec<At>> {
    super::lab::leaves(body).into_iter().find_map(|(_, at, value)| match at.as_slice() {
        [before @ .., At::Key(key)] if lab.is_id_name(collection, key) && value.scalar_text() == Some(id) => {
            before.iter().all(|step| matches!(step, At::Key(_))).then(|| before.to_vec())
        }
        _ => None,
    })
}

/// Nobody else finds it in a list of their own.
fn leaks<'g>(start: &Lab<'g>, endpoint: usize, collection: usize) -> Option<Story<'g>> {
    let mut lab = start.clone();
    let record = lab.created_by(endpoint, collection, CALLER, &[])?;
    let reader = *own_lists(&lab, collection).first()?;
    // What two have in common both of them find.
    if lab.model().behaviors[reader].list.as_ref().is_some_and(|plan| plan.with.is_some()) {
        return None;
    }
    let (_, shown, _) = listed(&mut lab.clone(), reader, collection, &record)?;
    let draft = asked(&mut lab, reader, OTHER, None)?;
    let expect = vec![shown.lacks(&record)?];
    lab.call(reader, &draft.values, expect, Some("everybody has a list of their own".to_owned()));
    lab.basis(Basis::Inferred);
    lab.about_itself();
    Some(Story { lab, what: format!("{} of somebody else lacks it", title(start, reader)), is_deed: true })
}

/// What was taken away is in no list, and what was not is.
fn gone<'g>(start: &Lab<'g>, endpoint: usize, collection: usize, id: &RecordId) -> Option<Story<'g>> {
    let mut lab = start.clone();
    let stays = lab.created(collection, CALLER, 0)?;
    let goes = lab.created(collection, CALLER, 0)?;
    let mut draft = lab.draft(endpoint, CALLER, 0);
    let _ = lab.meet_token(&mut draft);
    if !lab.points_to(&mut draft, collection, id, &goes) {
        return None;
    }
    draft.fixed.push(id.input);
    let reader = lab.readers_of(collection).into_iter().find(|reader| {
        lab.behavior(*reader).list.is_some() && listed(&mut lab.clone(), *reader, collection, &goes).is_some()
    })?;
    lab.settle(&mut draft, None).then_some(())?;
    lab.go(&draft, None);
    let own = own_lists(&lab, collection).contains(&reader);
    let look = asked(&mut lab, reader, CALLER, None)?;
    let body = lab.tried(reader, &look.values).body;
    let shown = Shown::find(&lab, collection, &body)?;
    let mut expect = vec![shown.lacks(&goes)?];
    if own && shown.item(&body, stays.as_text()).is_some() {
        expect.push(shown.contains(&stays)?);
    }
    let told = because(&lab, endpoint);
    lab.call(reader, &look.values, expect, Some(told));
    lab.basis(Basis::Inferred);
    Some(Story { lab, what: format!("{} no longer has it", title(start, reader)), is_deed: true })
}

/// The second that is chosen takes the place of the first.
fn one_chosen<'g>(
    start: &Lab<'g>,
    endpoint: usize,
    collection: usize,
    id: &RecordId,
    flag: &Arc<str>,
) -> Option<Story<'g>> {
    let mut lab = start.clone();
    let first = lab.created(collection, CALLER, 0)?;
    let second = lab.created(collection, CALLER, 0)?;
    for record in [&first, &second] {
        let mut draft = lab.draft(endpoint, CALLER, 0);
        let _ = lab.meet_token(&mut draft);
        if !lab.points_to(&mut draft, collection, id, record) {
            return None;
        }
        draft.fixed.push(id.input);
        lab.settle(&mut draft, None).then_some(())?;
        lab.go(&draft, None);
    }
    only_one(lab, endpoint, collection, flag, [&first, &second])
}

/// The same where a new record says that it is the chosen one.
fn one_chosen_by_making<'g>(start: &Lab<'g>, endpoint: usize, collection: usize) -> Option<Story<'g>> {
    let flag = start.model().collections[collection].default_flag.clone()?;
    let mut lab = start.clone();
    let yes = [(Arc::clone(&flag), Val::text("1"))];
    let first = lab.created_by(endpoint, collection, CALLER, &yes)?;
    let second = lab.created_by(endpoint, collection, CALLER, &yes)?;
    only_one(lab, endpoint, collection, &flag, [&first, &second])
}

fn only_one<'g>(
    mut lab: Lab<'g>,
    endpoint: usize,
    collection: usize,
    flag: &Arc<str>,
    [first, second]: [&Val; 2],
) -> Option<Story<'g>> {
    let reader = *own_lists(&lab, collection).first()?;
    let (draft, shown, body) = listed(&mut lab, reader, collection, second)?;
    let value = |id: &Val| shown.item(&body, id.as_text()).and_then(|item| item.get(flag)).cloned();
    let (was, is) = (value(first)?, value(second)?);
    if was == is {
        return None;
    }
    let chosen = |id: &Val| shown.with(id, std::slice::from_ref(&(Arc::clone(flag), is.clone())));
    let expect = vec![shown.whole(Matcher::Contains(chosen(second)))?, shown.whole(Matcher::Lacks(chosen(first)))?];
    let told = because(&lab, endpoint);
    lab.call(reader, &draft.values, expect, Some(told));
    lab.basis(Basis::Inferred);
    let what = format!("{} has only one that is {flag}", title(&lab, reader));
    Some(Story { lab, what, is_deed: true })
}
