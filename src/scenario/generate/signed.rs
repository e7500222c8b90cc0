//! Whose a record is, as lists and details show it: by the name under which its owner came.
//!
//! In: an endpoint that shows records of people. Out: a story of somebody who says how they are called, makes a record, and
//! sees it signed so.

use super::effects::Story;
use super::lab::Lab;
use super::satisfy::inner;
use super::traces::{as_sent, asked, listed, listed_for_all, object_of};
use super::violate::{CALLER, title};
use crate::behavior::{Demand, ListPlan};
use crate::json::path_text;
use crate::scenario::ast::{Basis, Matcher, Path, Test, What};

pub(super) fn story<'g>(start: &Lab<'g>, endpoint: usize) -> Option<Story<'g>> {
    let behavior = start.behavior(endpoint);
    let plan: Option<&ListPlan> = behavior.list.as_ref();
    let collection = plan.map(|plan| plan.collection).or(behavior.record.as_ref().map(|on| on.collection))?;
    let is_reader = start.only_looks(endpoint) && start.model().collections[collection].owned;
    let is_of_accounts = behavior.checks.iter().any(|check| matches!(inner(&check.demand), Demand::AccountFound(_)));
    if !is_reader || is_of_accounts {
        return None;
    }
    let mut lab = start.clone();
    let record = lab.created(collection, CALLER, 0).filter(|record| record.shown != record.actual)?;
    let said = lab.people[CALLER].said.clone();
    let (draft, expects) = if let Some(plan) = plan {
        let seen = if plan.mine {
            listed(&mut lab, endpoint, collection, &record)
        } else {
            listed_for_all(&mut lab, endpoint, collection, &record)
        };
        let (draft, shown, body) = seen?;
        let members = as_sent(shown.item(&body, record.as_text())?, &said);
        let whole = shown.whole(Matcher::Contains(shown.with(&record, &members)))?;
        (draft, if members.is_empty() { Vec::new() } else { vec![whole] })
    } else {
        let draft = asked(&mut lab, endpoint, CALLER, Some((collection, &record)))?;
        let body = lab.tried(endpoint, &draft.values).body;
        let at = object_of(&lab, collection, &body, record.as_text())?;
        let members = as_sent(body.at(&at)?, &said).into_iter().filter_map(|(key, value)| {
            let path = Path::parse(&format!("{}.{key}", path_text(&at))).ok()?;
            Some(What::At(path, Test::Equals(value)))
        });
        (draft, members.collect())
    };
    if expects.is_empty() {
        return None;
    }
    lab.call(endpoint, &draft.values, expects, Some("what is somebody's is shown under their name".to_owned()));
    lab.basis(Basis::Inferred);
    lab.about_itself();
    Some(Story { lab, what: format!("{} shows whose it is", title(start, endpoint)), is_deed: false })
}
