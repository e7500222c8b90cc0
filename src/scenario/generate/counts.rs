//! Numbers that stand elsewhere and move with a deed: what is left of a stock, what is on an account, how many like it, how
//! many were unread.
//!
//! In: an endpoint with effects. Out: stories that look, do the deed, and look again. Which numbers move, and by how much, is
//! learnt in the lab. By how much is expected only where it follows from what is sent or shown: one more or less, the amount
//! that was sent, the sum that a reply names; else only which way.

use super::effects::{Story, basis, because, is_fleeting};
use super::lab::{Lab, Val, leaves};
use super::satisfy::{Draft, inner};
use super::violate::{CALLER, title};
use crate::behavior::{Action, Auth, Demand, HowMany, Stock};
use crate::json::{Json, Step as At};
use crate::lexicon::{Role, label_head};
use crate::scenario::ast::{Basis, Matcher, Path, Test, What};
use crate::scenario::fill::Decimal;

/// How many endpoints look at one deed.
const LOOKS: usize = 3;

pub(super) fn stories<'g>(start: &Lab<'g>, endpoint: usize) -> Vec<Story<'g>> {
    let behavior = start.behavior(endpoint);
    let moves = |action: &Action| {
        matches!(
            action,
            Action::CreateRecord { .. }
                | Action::SaveRecord { .. }
                | Action::RemoveRecords { .. }
                | Action::MoveRecords { .. }
                | Action::Tie { .. }
                | Action::AdjustRecord { .. }
                | Action::CountView { .. }
                | Action::GiveBack { .. }
                | Action::TakeAway { .. }
                | Action::Charge { .. }
                | Action::AddFunds { .. }
                | Action::SetFlag { .. }
                | Action::TakeFrom { .. }
                | Action::Notify(_)
                | Action::Enter(_)
                | Action::CountDeed { .. }
                | Action::CopyRecord(_)
                | Action::CountDays(_)
        )
    };
    if !behavior.effects.iter().any(|effect| moves(&effect.action)) {
        return Vec::new();
    }
    let mut lab = start.clone();
    let mut draft = lab.draft(endpoint, CALLER, 0);
    // Without a record that is named there may be none to move.
    let named = behavior.effects.iter().find_map(|effect| match &effect.action {
        Action::MoveRecords { id: Some(id), .. } => Some(id.input),
        _ => None,
    });
    if let Some(input) = named {
        lab.name_one(&mut draft, input);
    }
    // Of one of a thing nothing tells how many were taken.
    let several = behavior.checks.iter().find_map(|check| match inner(&check.demand) {
        Demand::Enough(Stock { quantity: Some(HowMany::Number(input)), .. }) => Some(*input),
        _ => None,
    });
    let mut two = (lab.clone(), draft.clone());
    if let Some(input) = several.filter(|input| !draft.fixed.contains(input)) {
        two.1.fix(input, Some(Val::text("2")));
    }
    let is_two = several.is_some() && two.0.settle(&mut two.1, None);
    if is_two && two.0.steps.iter().all(|step| !step.action.needs_simulator()) {
        (lab, draft) = two;
    } else if !lab.settle(&mut draft, None) {
        return Vec::new();
    }
    let is_view = |action: &Action| matches!(action, Action::CountView { .. });
    let lookers = start.model().behaviors.iter().enumerate().filter(|(at, looker)| {
        let only_looks = looker.effects.iter().all(|effect| is_view(&effect.action));
        only_looks && (*at != endpoint || !looker.effects.is_empty())
    });
    let people = [draft.person, super::people::other_than(draft.person)];
    let mut found = Vec::new();
    for (looker, _) in lookers {
        let seen = people.into_iter().filter(|person| *person == draft.person || lab.people[*person].registered);
        let mut seen = seen.flat_map(|person| looks(&lab, looker, person, &draft));
        if let Some(story) = seen.find_map(|look| moved(&lab, &draft, &look)) {
            found.push(story);
        }
        if found.len() >= LOOKS {
            break;
        }
    }
    // The same once more, where it undoes what was done: a favorite that is none any longer.
    let toggles = |action: &Action| matches!(action, Action::Tie { how: crate::behavior::Tying::Toggle, .. });
    if behavior.effects.iter().any(|effect| toggles(&effect.action)) {
        found.extend(moved_by_itself(&lab, &draft));
    }
    found
}

/// The ways in which somebody can look through an endpoint: at what the deed names, at what that belongs to, at what there is.
fn looks(lab: &Lab<'_>, looker: usize, person: usize, deed: &Draft) -> Vec<Draft> {
    let behavior = lab.behavior(looker);
    let of_record = behavior.record.as_ref().filter(|_| behavior.list.is_none());
    let id = of_record.and_then(|on| Some((on.collection, on.id.clone()?)));
    let mut found = Vec::new();
    let named: Vec<Val> = match &id {
        Some((collection, _)) => {
            let made = lab.made.iter().rev().filter(|made| made.collection == *collection);
            made.map(|made| made.id.clone()).take(4).collect()
        }
        None => Vec::new(),
    };
    let ready = |draft: &mut Draft, lab: &mut Lab<'_>| {
        let steps = lab.steps.len();
        // A look that needs more than what the deed needs shows something else.
        lab.settle(draft, None) && draft.person == person && lab.steps.len() == steps
    };
    let with_token = |draft: &mut Draft, lab: &mut Lab<'_>| {
        if lab.behavior(looker).auth != Auth::Anyone
            && let Some(token) = lab.people[person].token.clone()
        {
            lab.set_token(draft, Some(token));
        }
    };
    for record in &named {
        let mut lab = lab.clone();
        let mut draft = lab.draft(looker, person, deed.depth);
        with_token(&mut draft, &mut lab);
        if let Some((collection, id)) = &id
            && lab.points_to(&mut draft, *collection, id, record)
        {
            draft.fixed.push(id.input);
            if ready(&mut draft, &mut lab) {
                found.push(draft);
            }
        }
    }
    if named.is_empty() {
        let mut lab = lab.clone();
        let mut draft = lab.draft(looker, person, deed.depth);
        with_token(&mut draft, &mut lab);
        if ready(&mut draft, &mut lab) {
            found.push(draft);
        }
    }
    found
}

/// A number that a reply shows, before and after.
struct Moved {
    path: String,
    was: Json,
    by: Decimal,
    at: Vec<At>,
}

fn differences(lab: &Lab<'_>, looker: usize, before: &Json, after: &Json) -> Vec<Moved> {
    let number = |value: &Json| value.scalar_text().and_then(Decimal::read);
    let envelope = lab.generation.set.envelope(&lab.generation.set.endpoints[looker]);
    let machines: Vec<&str> = lab
        .model()
        .collections
        .iter()
        .flat_map(|collection| &collection.machines)
        .chain(&lab.model().accounts.machine)
        .chain(&lab.model().accounts.review)
        .map(|machine| &*machine.field)
        .collect();
    let all = leaves(after).into_iter().filter_map(|(path, at, value)| {
        let Some(At::Key(key)) = at.last() else { return None };
        let is_alone = at.iter().all(|step| matches!(step, At::Key(name) if !lab.is_record(name)));
        let is_told = envelope.code.iter().chain(&envelope.marker).any(|path| *path == at);
        let role = lab.generation.lexicon.role(key, "").map(|(role, _)| role);
        let is_status = machines.contains(&&**key) || role == Some(Role::Status);
        if !is_alone || is_told || is_status || is_fleeting(lab, &at) {
            return None;
        }
        let was = before.at(&at)?;
        let by = number(value)?.and(number(was)?, true)?;
        (!by.is_zero()).then(|| Moved { path, was: was.clone(), by, at })
    });
    all.collect()
}

/// A look, the deed, and the same look, where a number has moved.
fn moved<'g>(start: &Lab<'g>, deed: &Draft, look: &Draft) -> Option<Story<'g>> {
    let looker = look.endpoint;
    let mut lab = start.clone();
    let before = lab.call(looker, &look.values, vec![What::Success], None);
    if !before.is_accepted() {
        return None;
    }
    let numbers = {
        let mut lab = lab.clone();
        if looker != deed.endpoint {
            lab.go(deed, None);
        }
        let after = lab.tried(looker, &look.values);
        if !after.is_accepted() {
            return None;
        }
        differences(&lab, looker, &before.body, &after.body)
    };
    if numbers.is_empty() {
        return None;
    }
    let mut saved: Vec<(Moved, Val)> = Vec::new();
    for number in numbers.into_iter().take(4) {
        let name = number.at.iter().rev().find_map(|step| match step {
            At::Key(key) => Some(key.to_string()),
            At::Index(_) => None,
        });
        let value = lab.save(&name.unwrap_or_default(), Some(&number.path), number.was.clone())?;
        saved.push((number, value));
    }
    let came = if looker == deed.endpoint { Json::Null } else { lab.go(deed, None) };
    let mut expects = Vec::new();
    let mut told = basis(&lab, deed.endpoint);
    for (number, value) in saved {
        if !is_promised(&lab, deed.endpoint, &number) {
            told = Basis::Convention;
        }
        if let Some(matchers) = expected(&mut lab, deed, &came, &number, &value) {
            expects.push(What::At(Path::parse(&number.path).ok()?, Test::Matches(matchers)));
        }
    }
    if expects.is_empty() {
        return None;
    }
    let why = because(&lab, deed.endpoint);
    lab.call(looker, &look.values, expects, Some(why));
    lab.basis(told);
    lab.is_shared = true;
    if looker == deed.endpoint {
        lab.about_itself();
    }
    Some(Story { lab, what: format!("{} counts it", title(start, looker)), is_deed: true })
}

/// What the deed's own reply counts goes up and down again.
fn moved_by_itself<'g>(start: &Lab<'g>, deed: &Draft) -> Option<Story<'g>> {
    let mut lab = start.clone();
    let first = lab.call(deed.endpoint, &deed.values, vec![What::Success], None);
    let second = lab.tried(deed.endpoint, &deed.values);
    if !first.is_accepted() || !second.is_accepted() {
        return None;
    }
    let numbers = differences(&lab, deed.endpoint, &first.body, &second.body);
    let mut expects = Vec::new();
    for number in numbers.into_iter().take(4) {
        let value = lab.save("was", Some(&number.path), number.was.clone())?;
        let matchers = expected(&mut lab, deed, &Json::Null, &number, &value)?;
        expects.push(What::At(Path::parse(&number.path).ok()?, Test::Matches(matchers)));
    }
    if expects.is_empty() {
        return None;
    }
    let why = because(&lab, deed.endpoint);
    let told = basis(&lab, deed.endpoint);
    lab.call(deed.endpoint, &deed.values, expects, Some(why));
    lab.basis(told);
    lab.is_shared = true;
    lab.about_itself();
    Some(Story { lab, what: "the second time counts it back".to_owned(), is_deed: true })
}

/// What the number must be then. None where nothing is known of it on another server.
fn expected(lab: &mut Lab<'_>, deed: &Draft, came: &Json, number: &Moved, was: &Val) -> Option<Vec<Matcher>> {
    let shown = was.shown.as_str()?.trim_start_matches("${").trim_end_matches('}').to_owned();
    let sign = if number.by.is_negative() { '-' } else { '+' };
    let size = number.by.size();
    let exactly = |by: &str| {
        let value = Json::string(format!("${{{shown} {sign} {by}}}"));
        Some(vec![Matcher::AtLeast(value.clone()), Matcher::AtMost(value)])
    };
    let inputs = deed.values.inputs.iter().flatten();
    let is_sent = inputs
        .filter(|value| value.shown == value.actual)
        .any(|value| Decimal::read(value.as_text()).is_some_and(|sent| sent.equals(size)));
    let is_sent = is_sent || was_wanted(lab, size);
    let Some(At::Key(key)) = number.at.last() else { return None };
    let role = lab.generation.lexicon.role(key, "").map(|(role, _)| role);
    let is_money = role == Some(Role::Amount) || was.as_text().contains('.');
    if is_sent || (!is_money && Decimal::read("1")?.equals(size)) {
        return exactly(&size.to_string());
    }
    // The sum that the deed's own reply names.
    let named = leaves(came).into_iter().find(|(_, at, value)| {
        let is_alone = at.iter().all(|step| matches!(step, At::Key(_)));
        is_alone && value.scalar_text().and_then(Decimal::read).is_some_and(|other| other.equals(size))
    });
    if let Some((path, _, value)) = named
        && let Some(value) = lab.save("sum", Some(&path), value.clone())
    {
        let name = value.shown.as_str()?.trim_start_matches("${").trim_end_matches('}').to_owned();
        return exactly(&name);
    }
    if is_money {
        return None; // it may cost nothing there
    }
    let value = was.shown.clone();
    Some(vec![if number.by.is_negative() { Matcher::LessThan(value) } else { Matcher::MoreThan(value) }])
}

/// Whether just as many of a thing were asked for on the way: put into a basket, say.
fn was_wanted(lab: &Lab<'_>, size: Decimal) -> bool {
    let calls = lab.steps.iter().filter_map(|step| match &step.action {
        crate::scenario::ast::Action::Call { with, .. } => Some(with),
        _ => None,
    });
    let lexicon = &lab.generation.lexicon;
    calls.flatten().any(|(name, value)| {
        let is_number = || value.scalar_text().and_then(Decimal::read).is_some_and(|wanted| wanted.equals(size));
        lexicon.is_named("quantity", name) && is_number()
    })
}

/// Whether the documents speak of what is taken: a server may take it later, where they do not.
fn is_promised(lab: &Lab<'_>, deed: usize, number: &Moved) -> bool {
    let takes = lab.behavior(deed).effects.iter().find_map(|effect| match &effect.action {
        Action::TakeFrom { collection, field, .. } => Some((*collection, field)),
        Action::GiveBack { taken, .. } | Action::TakeAway { taken, .. } => Some((taken.collection, &taken.field)),
        _ => None,
    });
    let is_it = |field: &str| matches!(number.at.last(), Some(At::Key(key)) if **key == *field);
    let Some((collection, field)) = takes.filter(|(_, field)| is_it(field)) else { return true };
    let words = lab.model().collections[collection].field(field).map(|field| label_head(&field.words).to_owned());
    let words: Vec<char> = words.unwrap_or_default().chars().collect();
    let pairs: Vec<String> = words.windows(2).map(|pair| pair.iter().collect()).collect();
    let mut notes = lab.generation.set.endpoints.iter().flat_map(|endpoint| &endpoint.notes);
    notes.any(|note| {
        let text = note.text.as_str();
        text.contains(&**field) || pairs.iter().any(|pair| !pair.is_ascii() && text.contains(pair.as_str()))
    })
}
