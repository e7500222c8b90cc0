//! Records that are led to stand otherwise: from each state that allows it, the one that is named and no other, and where what is
//! used up is listed, it is used up.
//!
//! In: an endpoint that moves records, or uses a voucher. Out: stories of the deed, from states that other calls lead to, and of
//! looks at what was moved.

use super::effects::{Story, basis, because};
use super::lab::{Lab, Val, leaves};
use super::satisfy::{Draft, inner};
use super::traces::{asked, listed, listed_for_all, own_lists};
use super::violate::{CALLER, OTHER, stated, title};
use crate::behavior::collection::{Filter, Initial};
use crate::behavior::{Action, Demand, ListPlan, RecordId};
use crate::json::{Json, Step as At, path_text};
use crate::scenario::ast::{Basis, Matcher, Path, Test, WAITED, What};
use crate::scenario::fill::Decimal;
use std::sync::Arc;

/// From how many states one deed is tried.
const STATES: usize = 4;

pub(super) fn stories<'g>(start: &Lab<'g>, endpoint: usize) -> Vec<Story<'g>> {
    let behavior = start.behavior(endpoint);
    let mut found = Vec::new();
    for check in &behavior.checks {
        if let Demand::InState { collection, id, field, from } = inner(&check.demand) {
            let basis = stated(check).max(Basis::Inferred);
            let states =
                from.iter().filter_map(|state| from_state(start, endpoint, (*collection, id, field), state, basis));
            found.extend(states.take(STATES));
            break;
        }
    }
    for effect in &behavior.effects {
        match &effect.action {
            Action::MoveRecords { collection, id: Some(id), field, to, .. } => {
                found.extend(only_that(start, endpoint, *collection, id, (field, to)));
            }
            Action::UseVoucher { collection, input, status, used } => {
                found.extend(used_up(start, endpoint, *collection, *input, (status, used)));
            }
            _ => {}
        }
    }
    found.extend(kept_apart(start, endpoint));
    found
}

/// A state that is not how a new one stands allows it as well.
fn from_state<'g>(
    start: &Lab<'g>,
    endpoint: usize,
    (collection, id, field): (usize, &RecordId, &Arc<str>),
    state: &Json,
    basis: Basis,
) -> Option<Story<'g>> {
    let machine = start.model().collections[collection].machine(field)?;
    let words = machine.values.iter().find(|known| known.value == *state).map_or("", |known| known.words.as_str());
    let mut lab = start.clone();
    let mut draft = lab.draft(endpoint, CALLER, 0);
    lab.name_records(&mut draft);
    lab.name_one(&mut draft, id.input);
    let named = draft.get(id.input).cloned()?;
    let record = lab.record_of(collection, id, &named)?;
    let text = state.scalar_text()?;
    if lab.status_of(collection, &record, field)? == text {
        return None; // as it was before
    }
    lab.lead(collection, &record, draft.person, field, std::slice::from_ref(state), 0).then_some(())?;
    draft.fixed.push(id.input);
    let is_right = lab.settle(&mut draft, None)
        && lab.status_of(collection, &record, field).as_deref() == Some(text)
        && lab.steps.iter().all(|step| !step.action.needs_simulator());
    is_right.then_some(())?;
    let told = format!("its {field} may be {text} {words}");
    lab.call(endpoint, &draft.values, vec![What::Success], Some(told.trim_end().to_owned()));
    lab.basis(basis);
    Some(Story { lab, what: format!("where its {field} is {text} {words}").trim_end().to_owned(), is_deed: false })
}

/// A call that names a record, whether it has to or not.
fn named(lab: &mut Lab<'_>, endpoint: usize, input: usize) -> Option<Draft> {
    let mut draft = lab.draft(endpoint, CALLER, 0);
    lab.name_records(&mut draft);
    lab.name_one(&mut draft, input);
    draft.get(input)?;
    draft.fixed.push(input);
    let is_fine = lab.settle(&mut draft, None) && draft.person == CALLER;
    (is_fine && draft.get(input).is_some()).then_some(draft)
}

/// What is named is moved, and what is not stays.
fn only_that<'g>(
    start: &Lab<'g>,
    endpoint: usize,
    collection: usize,
    id: &RecordId,
    (field, to): (&Arc<str>, &Json),
) -> Option<Story<'g>> {
    // What has to be named is looked at as it stands; here it need not be.
    let must = start.behavior(endpoint).inputs[id.input].required;
    let mut lab = start.clone();
    let draft = named(&mut lab, endpoint, id.input)?;
    let record = lab.record_of(collection, id, draft.get(id.input)?)?;
    let reader = *own_lists(&lab, collection).first()?;
    let other = another(&lab, collection, &record, draft.person);
    if must && other.is_none() {
        return None;
    }
    let mut lab = other.as_ref().map_or(lab, |(lab, _)| lab.clone());
    lab.go(&draft, None);
    let (look, shown, body) = listed(&mut lab, reader, collection, &record)?;
    let is = shown.item(&body, record.as_text())?.get(field)?.clone();
    (is.scalar_text() == to.scalar_text()).then_some(())?;
    let expect = shown.whole(Matcher::Contains(shown.with(&record, &[(Arc::clone(field), is.clone())])))?;
    let moved = |item: &&Json| item.get(field).and_then(Json::scalar_text) == is.scalar_text();
    let mut stays = Json::empty_object();
    let stay = match &other {
        Some((_, Some(other))) => {
            stays = shown.with(other, &[]);
            shown.item(&body, other.as_text()).filter(|item| !moved(item))
        }
        // Which is which of those that the system has written, no reply says.
        Some((_, None)) => body.at(&shown.path)?.as_array()?.iter().find(|item| !moved(item)),
        None => None,
    };
    let stays = match stay.and_then(|item| item.get(field)) {
        Some(value) => {
            stays.set(field, value.clone());
            Some(shown.whole(Matcher::Contains(stays))?)
        }
        None if must => return None,
        None => None,
    };
    let (told, basis) = (because(&lab, endpoint), basis(&lab, endpoint));
    // A look has one expectation of that kind.
    for expect in [Some(expect), stays].into_iter().flatten() {
        lab.call(reader, &look.values, vec![expect], Some(told.clone()));
        lab.basis(basis);
    }
    let what = format!("{} shows it moved, and no other", title(&lab, reader));
    Some(Story { lab, what, is_deed: true })
}

/// One more of the caller's, beside the one that is known; without its id where the system writes it.
fn another<'g>(lab: &Lab<'g>, collection: usize, record: &Val, person: usize) -> Option<(Lab<'g>, Option<Val>)> {
    let mut lab = lab.clone();
    if let Some(made) = lab.created(collection, person, 1) {
        return (made.as_text() != record.as_text() && made.shown != record.shown).then_some((lab, Some(made)));
    }
    // It is written once more when it is done once more.
    let tells = lab.endpoints_that(
        |action| matches!(action, Action::Notify(notice) if notice.collection == collection && !notice.of_others),
    );
    let is_told = tells.into_iter().any(|endpoint| {
        let before = lab.clone();
        let told = lab.succeed(endpoint, person, 1).is_some();
        if !told {
            lab = before;
        }
        told
    });
    is_told.then_some((lab, None))
}

/// What was used is listed as used.
fn used_up<'g>(
    start: &Lab<'g>,
    endpoint: usize,
    collection: usize,
    input: usize,
    (status, used): (&Arc<str>, &Json),
) -> Option<Story<'g>> {
    let mut lab = start.clone();
    let draft = named(&mut lab, endpoint, input)?;
    let voucher = draft.get(input).filter(|voucher| voucher.shown != voucher.actual).cloned()?;
    lab.steps.iter().all(|step| !step.action.needs_simulator()).then_some(())?;
    let less = costs_less(&mut lab, &draft);
    let is_less = less.is_some();
    if let Some(less) = less {
        let told = because(&lab, endpoint);
        let came = lab.call(endpoint, &draft.values, vec![What::Success, less], Some(told));
        lab.basis(Basis::Inferred);
        lab.about_itself();
        lab.learn(&draft, &came.body, &came.changes);
    } else {
        lab.go(&draft, None);
    }
    let seen = used_is_listed(lab.clone(), endpoint, collection, &voucher, (status, used));
    let only_less = || Story { lab, what: "what it costs is less for the voucher".to_owned(), is_deed: true };
    seen.or_else(|| is_less.then(only_less))
}

fn used_is_listed<'g>(
    mut lab: Lab<'g>,
    endpoint: usize,
    collection: usize,
    voucher: &Val,
    (status, used): (&Arc<str>, &Json),
) -> Option<Story<'g>> {
    let reader = *own_lists(&lab, collection).first()?;
    let look = asked(&mut lab, reader, CALLER, None)?;
    let (_, shown, body) = listed(&mut lab, reader, collection, voucher)?;
    let is = shown.item(&body, voucher.as_text())?.get(status).filter(|is| is.scalar_text() == used.scalar_text())?;
    let expect = vec![shown.whole(Matcher::Contains(shown.with(voucher, &[(Arc::clone(status), is.clone())])))?];
    let (told, basis) = (because(&lab, endpoint), basis(&lab, endpoint));
    lab.call(reader, &look.values, expect, Some(told));
    lab.basis(basis);
    let what = format!("{} shows it used", title(&lab, reader));
    Some(Story { lab, what, is_deed: true })
}

/// What is due with a voucher is less than what the thing costs, where the reply says it of one thing.
fn costs_less(lab: &mut Lab<'_>, draft: &Draft) -> Option<What> {
    let made = lab.behavior(draft.endpoint).effects.iter().find_map(|effect| match &effect.action {
        Action::CreateRecord { collection, lines: None, .. } => Some(*collection),
        _ => None,
    })?;
    let sums = lab.model().collections[made].sums.as_ref()?;
    let price = &sums.one.as_ref().filter(|one| one.count.is_none() && sums.written.is_empty())?.price;
    // What is added beside may be as much as is taken off.
    sums.extras.iter().all(|extra| extra.takes_off).then_some(())?;
    let body = lab.tried(draft.endpoint, &draft.values).body;
    let (path, due) = leaves(&body).into_iter().find_map(|(path, at, value)| {
        matches!(at.last(), Some(At::Key(key)) if *key == sums.due).then(|| (path, value.clone()))
    })?;
    let things: Vec<String> = draft.values.inputs.iter().flatten().map(|value| value.as_text().to_owned()).collect();
    let costs = things.iter().find_map(|thing| lab.shown_member(thing, &price.field))?;
    let number = |value: &Json| value.scalar_text().and_then(Decimal::read);
    let is_less = number(&due)?.and(number(&costs.actual)?, true)?.is_negative();
    is_less.then_some(())?;
    Some(What::At(Path::parse(&path).ok()?, Test::Matches(vec![Matcher::LessThan(costs.shown)])))
}

/// What nobody makes and the system gives or writes is listed for whom it is, and for nobody else.
fn kept_apart<'g>(start: &Lab<'g>, endpoint: usize) -> Option<Story<'g>> {
    let behavior = start.behavior(endpoint);
    let plan = behavior.list.as_ref().filter(|plan| plan.mine && plan.with.is_none() && behavior.effects.is_empty())?;
    let shape = &start.model().collections[plan.collection];
    let is_got = shape.relation.is_none() && start.makers_of(plan.collection).is_empty();
    is_got.then_some(())?;
    let mut lab = start.clone();
    let theirs = lab.listed(plan.collection, OTHER, 0)?;
    let own = lab.listed(plan.collection, CALLER, 0)?;
    (theirs.as_text() != own.as_text()).then_some(())?;
    let (draft, shown, body) = listed(&mut lab, endpoint, plan.collection, &own)?;
    shown.item(&body, theirs.as_text()).is_none().then_some(())?;
    let expect = vec![shown.contains(&own)?, shown.lacks(&theirs)?];
    lab.call(endpoint, &draft.values, expect, Some("everybody has a list of their own".to_owned()));
    lab.basis(Basis::Inferred);
    lab.about_itself();
    Some(Story { lab, what: "it has nothing of somebody else's".to_owned(), is_deed: false })
}

/// Of two, the later one comes first or last, as the documents say, where items tell nothing to see it by.
pub(super) fn by_time<'g>(start: &Lab<'g>, endpoint: usize) -> Option<Story<'g>> {
    let behavior = start.behavior(endpoint);
    let plan = behavior.list.as_ref().filter(|plan| plan.ordered_because.is_some())?;
    let is_made_with = |filter: &Filter| {
        start.parent_of(endpoint, filter.input).is_some_and(|parent| !start.makers_of(parent).is_empty())
    };
    // Of what everybody adds to, only what belongs to a record of their own.
    let is_apart = plan.mine || plan.filters.iter().any(is_made_with);
    let newest = plan.newest_first;
    (is_apart && (newest || is_by_making(start, plan))).then_some(())?;
    let mut lab = start.clone();
    let first = lab.created(plan.collection, CALLER, 0)?;
    // Many servers keep times to the second.
    lab.wait(WAITED);
    let second = lab.created(plan.collection, CALLER, 0)?;
    let (draft, shown, body) = if plan.mine {
        listed(&mut lab, endpoint, plan.collection, &second)?
    } else {
        listed_for_all(&mut lab, endpoint, plan.collection, &second)?
    };
    let items = body.at(&shown.path)?.as_array()?;
    let place =
        |id: &Val| items.iter().position(|item| item.get(&shown.key).and_then(Json::scalar_text) == Some(id.as_text()));
    let [front, back] = if newest { [&second, &first] } else { [&first, &second] };
    (place(front)? == 0 && place(back)? == 1 && (newest && plan.mine || items.len() == 2)).then_some(())?;
    let path = Path::parse(&format!("{}[0].{}", path_text(&shown.path), shown.key)).ok()?;
    let told = plan.ordered_because.as_ref().map(|because| because.text.clone());
    lab.call(endpoint, &draft.values, vec![What::At(path, Test::Equals(front.shown.clone()))], told);
    lab.basis(Basis::Inferred);
    lab.about_itself();
    let what = if newest { "the newest comes first" } else { "the oldest comes first" };
    Some(Story { lab, what: what.to_owned(), is_deed: false })
}

/// Whether a list goes by when its records were made, the oldest first.
fn is_by_making(lab: &Lab<'_>, plan: &ListPlan) -> bool {
    let shape = &lab.model().collections[plan.collection];
    let [order] = plan.orders.as_slice() else { return false };
    let is_made =
        |field: &Arc<str>| shape.field(field).is_some_and(|field| field.initial == Initial::Now && !field.is_updated);
    !order.descending && order.first.is_empty() && order.field.as_ref().is_none_or(is_made)
}
