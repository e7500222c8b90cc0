//! Secrets that were wrong: how often in a row, and what comes of that. The one thing that a refusal changes.

use super::decide::{Scene, identity_key};
use super::records::write_time;
use crate::behavior::account::collection;
use crate::behavior::collection::items::example_forms::TimeForm;
use crate::behavior::{Behavior, Check, Demand, Reply};
use crate::json::Json;
use crate::world::{Change, Millis, Record};
use std::sync::Arc;

/// What is kept of an account beside its fields; no document calls a field so.
const WRONG: &str = "$wrong_passwords";
const LOCKED_UNTIL: &str = "$locked_until";

/// Whether so many wrong passwords were sent for the account that nobody gets in yet.
pub(super) fn is_locked(account: &Record, now: Millis) -> bool {
    number(account, LOCKED_UNTIL).is_some_and(|until| now < until)
}

/// What a refusal by this check changes, and what it answers instead where that tells how often one may still be wrong.
pub(super) fn refused<'m>(scene: &Scene<'_>, check: &'m Check) -> (Vec<Change>, Option<&'m Reply>) {
    let none = (Vec::new(), None);
    let Some(tries) = &check.tries else { return none };
    let reply = |wrong: u64| {
        let left = usize::try_from(tries.most.saturating_sub(wrong)).ok();
        left.and_then(|left| tries.left.get(left))
    };
    match innermost(&check.demand) {
        Demand::Password { identity, .. } => {
            let Some(account) = scene.account(*identity) else { return none };
            let wrong = number(account, WRONG).and_then(|wrong| u64::try_from(wrong).ok()).unwrap_or(0) + 1;
            let over = wrong >= tries.most;
            let kept = if over { None } else { Some(Json::integer(i64::try_from(wrong).unwrap_or(i64::MAX))) };
            let mut changes = vec![Change::field(&collection(), account, &WRONG.into(), kept)];
            if let Some(locked_ms) = tries.locked_ms.filter(|_| over) {
                let until = Json::integer(scene.now.saturating_add(locked_ms));
                changes.push(Change::field(&collection(), account, &LOCKED_UNTIL.into(), Some(until)));
            }
            (changes, reply(wrong))
        }
        Demand::Passcode { identity, purpose, .. } => {
            let Some(newest) = scene.newest_passcode(*identity, purpose.as_deref()) else { return none };
            (vec![Change::PasscodeTried { id: newest.id, from: newest.wrong }], reply(newest.wrong + 1))
        }
        _ => none,
    }
}

/// A right password is the end of the wrong ones before it.
pub(super) fn forgotten(behavior: &Behavior, account: Option<&Arc<Record>>) -> Vec<Change> {
    let counts = |check: &Check| check.tries.is_some() && matches!(innermost(&check.demand), Demand::Password { .. });
    let Some(account) = account.filter(|_| behavior.checks.iter().any(counts)) else { return Vec::new() };
    let kept = [WRONG, LOCKED_UNTIL].into_iter().filter(|field| account.field(field).is_some());
    kept.map(|field| Change::field(&collection(), account, &field.into(), None)).collect()
}

/// Whether fewer passcodes than so many were sent to what an input names since the day began.
pub(super) fn has_sent_fewer(scene: &Scene<'_>, identity: usize, most: u64) -> bool {
    let Some(phone) = scene.call.text(identity) else { return true };
    let day = |at: Millis| write_time(TimeForm::Date { mark: '-' }, at, scene.model.utc_offset);
    let offset = i64::from(scene.model.utc_offset) * 1000;
    let since = (scene.now + offset).div_euclid(86_400_000) * 86_400_000 - offset;
    debug_assert_eq!(day(since), day(scene.now));
    let sent = scene.world.passcodes().sent_since(&identity_key(phone), since);
    u64::try_from(sent).is_ok_and(|sent| sent < most)
}

fn innermost(demand: &Demand) -> &Demand {
    match demand {
        Demand::When { demand, .. } => innermost(demand),
        other => other,
    }
}

fn number(account: &Record, field: &str) -> Option<i64> {
    account.field(field)?.scalar_text()?.parse().ok()
}
