//! A record is the same wherever it is shown: what a list says of it, its detail says, too, and so does the reply to who made it.
//!
//! In: an endpoint that shows records, or makes one. Out: stories that look at one record in two places. It is the first of a
//! list that everybody sees, else one of the caller's own. Only members are compared that the documents' own examples of the
//! same record show alike; of what is the caller's own amounts as well, since nobody else changes them.

use super::effects::{Story, because, is_fleeting};
use super::lab::{Lab, Val};
use super::satisfy::Draft;
use super::shown_list::Shown;
use super::traces::{asked, listed, object_of};
use super::violate::{CALLER, title};
use crate::behavior::Action;
use crate::json::{Json, Step as At, path_text};
use crate::lexicon::Role;
use crate::scenario::ast::{Basis, Matcher, Path, Test, What};
use std::sync::Arc;

/// How many members are compared.
const MEMBERS: usize = 8;

pub(super) fn stories<'g>(start: &Lab<'g>, endpoint: usize) -> Vec<Story<'g>> {
    let behavior = start.behavior(endpoint);
    let made = behavior.effects.iter().find_map(|effect| match &effect.action {
        Action::CreateRecord { collection, merge: None, .. } => Some(*collection),
        _ => None,
    });
    if let Some(made) = made {
        return as_told(start, endpoint, made);
    }
    if !start.only_looks(endpoint) {
        return Vec::new();
    }
    let of_list = behavior.list.as_ref().map(|plan| plan.collection);
    let both = match of_list {
        Some(collection) => details(start, collection).map(|detail| (collection, endpoint, detail)),
        None => {
            let collection = behavior.record.as_ref().map(|on| on.collection);
            let list = collection.and_then(|collection| Some((collection, list_of(start, collection)?)));
            list.map(|(collection, list)| (collection, list, endpoint))
        }
    };
    let pair = both.and_then(|(collection, list, detail)| Pair::new(start, collection, list, detail));
    let story = pair.and_then(|pair| if of_list.is_some() { pair.by_the_detail() } else { pair.by_the_list() });
    story.into_iter().collect()
}

/// The list that everybody sees before the caller's own.
fn list_of(lab: &Lab<'_>, collection: usize) -> Option<usize> {
    let plan = |at: &usize| lab.behavior(*at).list.as_ref().filter(|plan| plan.collection == collection);
    let lists: Vec<usize> = lab.readers_of(collection).into_iter().filter(|at| plan(at).is_some()).collect();
    let is_shared = |at: &&usize| plan(at).is_some_and(|plan| !plan.mine);
    lists.iter().find(is_shared).or(lists.first()).copied()
}

fn details(lab: &Lab<'_>, collection: usize) -> Option<usize> {
    lab.readers_of(collection).into_iter().find(|at| {
        let behavior = lab.behavior(*at);
        let id = behavior.record.as_ref().filter(|on| on.collection == collection).and_then(|on| on.id.as_ref());
        behavior.list.is_none() && id.is_some_and(|id| id.via.is_none())
    })
}

/// One record in a list and alone.
struct Pair<'g> {
    lab: Lab<'g>,
    list: Draft,
    shown: Shown,
    item: Json,
    detail: Draft,
    /// Where its members stand in the detail's reply.
    at: Vec<At>,
    object: Json,
    /// The list's step, with the id in it saved.
    step: usize,
    id: Val,
    keys: Vec<Arc<str>>,
}

impl<'g> Pair<'g> {
    /// Looks at the list, and puts together what asks for its first record.
    fn new(start: &Lab<'g>, collection: usize, reader: usize, detail: usize) -> Option<Self> {
        let is_own = start.behavior(reader).list.as_ref()?.mine;
        let on = start.behavior(detail).record.as_ref()?;
        let input = on.id.as_ref().filter(|id| id.via.is_none())?.input;
        let mut lab = start.clone();
        let (list, shown, body) = if is_own {
            let record = lab.created(collection, CALLER, 0)?;
            listed(&mut lab, reader, collection, &record)?
        } else {
            let list = lab.prepared(reader, CALLER, 0)?;
            let body = lab.tried(reader, &list.values).body;
            let shown = Shown::find(&lab, collection, &body)?;
            (list, shown, body)
        };
        let items = body.at(&shown.path)?.as_array()?;
        // Which of several of the caller's own comes first is the server's affair.
        let item = items.first().filter(|_| !is_own || items.len() == 1)?.clone();
        lab.go(&list, None);
        let step = lab.steps.len() - 1;
        let id = lab.save("first", Some(&shown.at("0")), item.get(&shown.key)?.clone())?;
        let mut draft = if is_own { lab.draft(detail, list.person, 0) } else { lab.draft(detail, CALLER, 0) };
        draft.fix(input, Some(id.clone()));
        lab.settle(&mut draft, None).then_some(())?;
        let body = lab.tried(detail, &draft.values).body;
        let at = object_of(&lab, collection, &body, id.as_text())?;
        let object = body.at(&at)?.clone();
        let mut keys = shown_alike(&lab, collection, reader, detail);
        if is_own {
            let told = told_by_makers(&lab, collection);
            for key in amounts(&lab, collection, &item) {
                if !told.contains(&key) && !keys.contains(&key) {
                    keys.push(key);
                }
            }
        }
        keys.retain(|key| {
            let listed = item.get(key).filter(|value| value.is_scalar());
            is_plain_name(key) && listed.is_some() && listed == object.get(key)
        });
        keys.truncate(MEMBERS);
        (!keys.is_empty()).then_some(Self { lab, list, shown, item, detail: draft, at, object, step, id, keys })
    }

    fn by_the_list(mut self) -> Option<Story<'g>> {
        let mut expect = Vec::new();
        for key in &self.keys {
            let from = format!("{}[0].{key}", path_text(&self.shown.path));
            let value = self.lab.save_of(self.step, key, Some(&from), self.item.get(key)?.clone())?;
            let path = Path::parse(&format!("{}.{key}", path_text(&self.at))).ok()?;
            expect.push(What::At(path, Test::Equals(value.shown)));
        }
        let (reader, endpoint) = (self.list.endpoint, self.detail.endpoint);
        let detail = self.detail;
        Some(told(self.lab, endpoint, &detail, expect, reader, "it is as the list says"))
    }

    fn by_the_detail(mut self) -> Option<Story<'g>> {
        self.lab.go(&self.detail, None);
        let mut members = Vec::new();
        for key in &self.keys {
            let from = format!("{}.{key}", path_text(&self.at));
            let value = self.lab.save(key, Some(&from), self.object.get(key)?.clone())?;
            members.push((Arc::clone(key), value.shown));
        }
        let expect = vec![self.shown.whole(Matcher::Contains(self.shown.with(&self.id, &members)))?];
        let (reader, endpoint) = (self.detail.endpoint, self.list.endpoint);
        let list = self.list;
        Some(told(self.lab, endpoint, &list, expect, reader, "it is as the detail says"))
    }
}

fn told<'g>(
    mut lab: Lab<'g>,
    endpoint: usize,
    draft: &Draft,
    expect: Vec<What>,
    other: usize,
    what: &str,
) -> Story<'g> {
    let because = format!("{} says so of the same one", title(&lab, other));
    lab.call(endpoint, &draft.values, expect, Some(because));
    lab.basis(Basis::Inferred);
    lab.about_itself();
    // What another changes meanwhile may differ.
    let list = lab.behavior(endpoint).list.as_ref().or(lab.behavior(other).list.as_ref());
    lab.is_shared = list.is_some_and(|plan| !plan.mine);
    Story { lab, what: what.to_owned(), is_deed: false }
}

/// What the reply says of amounts to who made the record, is said where the record is shown.
fn as_told<'g>(start: &Lab<'g>, endpoint: usize, collection: usize) -> Vec<Story<'g>> {
    let mut lab = start.clone();
    let Some(draft) = lab.prepared(endpoint, CALLER, 0) else { return Vec::new() };
    let count = lab.made.len();
    let body = lab.go(&draft, None);
    let step = lab.steps.len() - 1;
    let record = lab.made.get(count..).into_iter().flatten().rev().find(|made| made.collection == collection);
    let Some(record) = record.map(|made| made.id.clone()) else { return Vec::new() };
    let Some(at) = object_of(&lab, collection, &body, record.as_text()) else { return Vec::new() };
    let Some(object) = body.at(&at) else { return Vec::new() };
    let keys = amounts(&lab, collection, object);
    let mut found = Vec::new();
    let mut seen = [false, false];
    for reader in lab.readers_of(collection) {
        let is_list = lab.behavior(reader).list.is_some();
        let place = &mut seen[usize::from(is_list)];
        if *place || keys.is_empty() {
            continue;
        }
        let story =
            as_told_by(lab.clone(), endpoint, collection, reader, (&record, draft.person), (step, &at, object, &keys));
        *place = story.is_some();
        found.extend(story);
    }
    found
}

fn as_told_by<'g>(
    mut lab: Lab<'g>,
    endpoint: usize,
    collection: usize,
    reader: usize,
    (record, person): (&Val, usize),
    (step, at, object, keys): (usize, &[At], &Json, &[Arc<str>]),
) -> Option<Story<'g>> {
    let is_list = lab.behavior(reader).list.as_ref().map(|plan| plan.mine);
    let (look, shown, item, place) = match is_list {
        Some(false) => return None,
        Some(true) => {
            let (look, shown, body) = listed(&mut lab, reader, collection, record)?;
            let item = shown.item(&body, record.as_text())?.clone();
            (look, Some(shown), item, Vec::new())
        }
        None => {
            let look = asked(&mut lab, reader, person, Some((collection, record)))?;
            let body = lab.tried(reader, &look.values).body;
            let place = object_of(&lab, collection, &body, record.as_text())?;
            let item = body.at(&place)?.clone();
            (look, None, item, place)
        }
    };
    let same = keys.iter().filter(|key| object.get(key) == item.get(key)).take(MEMBERS);
    let mut members = Vec::new();
    for key in same {
        let from = format!("{}.{key}", path_text(at));
        let value = lab.save_of(step, key, Some(&from), object.get(key)?.clone())?;
        members.push((Arc::clone(key), value.shown));
    }
    if members.is_empty() {
        return None;
    }
    let expect = match shown {
        Some(shown) => vec![shown.whole(Matcher::Contains(shown.with(record, &members)))?],
        None => {
            let each = members.into_iter().map(|(key, value)| {
                let path = Path::parse(&format!("{}.{key}", path_text(&place))).ok()?;
                Some(What::At(path, Test::Equals(value)))
            });
            each.collect::<Option<Vec<_>>>()?
        }
    };
    let told = because(&lab, endpoint);
    lab.call(reader, &look.values, expect, Some(told));
    lab.basis(Basis::Inferred);
    let what = format!("{} says what the reply said", title(&lab, reader));
    Some(Story { lab, what, is_deed: true })
}

/// The members of a record that are amounts, and that no call changes.
fn amounts(lab: &Lab<'_>, collection: usize, object: &Json) -> Vec<Arc<str>> {
    let moving = moved_fields(lab, collection);
    let is_amount = |key: &str, value: &Json| {
        let text = value.scalar_text().unwrap_or_default();
        let is_number = crate::scenario::fill::Decimal::read(text).is_some();
        let role = lab.generation.lexicon.role(key, "").map(|(role, _)| role);
        is_number && (role == Some(Role::Amount) || text.contains('.'))
    };
    let members = object.as_object().unwrap_or_default().iter();
    members
        .filter(|(key, value)| is_plain_name(key) && !moving.contains(key) && is_amount(key, value))
        .map(|(key, _)| Arc::clone(key))
        .collect()
}

/// The amounts of which the replies of those who make records speak.
fn told_by_makers(lab: &Lab<'_>, collection: usize) -> Vec<Arc<str>> {
    let makers = lab.makers_of(collection).into_iter();
    let examples = makers.flat_map(|maker| lab.generation.set.endpoints[maker].successes());
    examples
        .flat_map(|example| example.value.leaves().into_iter().map(|(at, _)| at).collect::<Vec<_>>())
        .filter_map(|at| match at.last() {
            Some(At::Key(key)) => Some(Arc::clone(key)),
            _ => None,
        })
        .collect()
}

fn is_plain_name(key: &str) -> bool {
    key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// The members that the examples of both show with the same value for the same record, and that no deed changes.
fn shown_alike(lab: &Lab<'_>, collection: usize, list: usize, detail: usize) -> Vec<Arc<str>> {
    let id = lab.model().collections[collection].id.key.clone();
    let Some(id) = id else { return Vec::new() };
    let objects = |endpoint: usize| {
        let successes = lab.generation.set.endpoints[endpoint].successes();
        successes.flat_map(|example| objects_with(&example.value, &id)).collect::<Vec<_>>()
    };
    let (listed, alone) = (objects(list), objects(detail));
    let both = alone.iter().find_map(|alone| {
        let same = listed.iter().find(|listed| listed.get(&id) == alone.get(&id));
        Some((*same?, *alone))
    });
    let Some((listed, alone)) = both else { return Vec::new() };
    let moving = moved_fields(lab, collection);
    // A whole number counts something, more often than not.
    let counts = |value: &Json| value.scalar_text().is_some_and(|text| text.parse::<i64>().is_ok());
    let members = listed.as_object().unwrap_or_default().iter().filter(|(key, value)| {
        let is_short = value.scalar_text().is_some_and(|text| !text.is_empty() && text.chars().count() <= 20);
        let is_steady = !moving.contains(key) && !counts(value) && !is_fleeting(lab, &[At::Key(Arc::clone(key))]);
        is_short && is_steady && alone.get(key) == Some(value)
    });
    members.map(|(key, _)| Arc::clone(key)).take(MEMBERS).collect()
}

/// The objects in an example that have a member of that name.
fn objects_with<'e>(value: &'e Json, key: &str) -> Vec<&'e Json> {
    let mut found = Vec::new();
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        if value.get(key).is_some_and(Json::is_scalar) {
            found.push(value);
        }
        match value {
            Json::Object(members) => open.extend(members.iter().map(|(_, inner)| inner)),
            Json::Array(items) => open.extend(items),
            _ => {}
        }
    }
    found
}

/// The fields that some call changes of a record.
fn moved_fields(lab: &Lab<'_>, collection: usize) -> Vec<Arc<str>> {
    let actions = lab.model().behaviors.iter().flat_map(|behavior| &behavior.effects).map(|effect| &effect.action);
    let mut found: Vec<Arc<str>> = actions
        .filter_map(|action| match action {
            Action::TakeFrom { collection: of, field, .. }
            | Action::AdjustRecord { collection: of, field, .. }
            | Action::CountView { collection: of, field, .. }
            | Action::PutOff { collection: of, field, .. }
            | Action::ChargeLate { collection: of, fee: field, .. }
            | Action::Meter { collection: of, fee: field, .. }
            | Action::MoveRecords { collection: of, field, .. }
            | Action::MoveNamed { collection: of, field, .. }
                if *of == collection =>
            {
                Some(Arc::clone(field))
            }
            Action::TakeLines { field, .. } => Some(Arc::clone(field)),
            Action::GiveBack { taken, .. } | Action::TakeAway { taken, .. } => Some(Arc::clone(&taken.field)),
            _ => None,
        })
        .collect();
    found.extend(lab.model().collections[collection].machines.iter().map(|machine| Arc::clone(&machine.field)));
    found
}
