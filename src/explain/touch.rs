//! Which collections an endpoint reads and writes, as its checks, effects, list and reply say.

use super::text::visible;
use crate::behavior::collection::{ItemMember, Source};
use crate::behavior::{Action, Behavior, Demand, ItemTemplate, Model, Prior, Slot};
use std::collections::BTreeSet;

/// The names of the collections that are looked at, in their order.
pub(super) fn reads(model: &Model, behavior: &Behavior) -> Vec<String> {
    let mut found = BTreeSet::new();
    for check in &behavior.checks {
        demand(&check.demand, &mut found);
    }
    found.extend(behavior.list.as_ref().map(|list| list.collection));
    for (slot, _) in behavior.success.body.slots() {
        match slot {
            Slot::Items { template, .. } | Slot::Item(template) => shown(template, &mut found),
            Slot::Counted { collection, .. } | Slot::Tied(collection) | Slot::TieCount(collection) => {
                found.insert(*collection);
            }
            _ => {}
        }
    }
    found.into_iter().filter_map(|at| Some(model.collections.get(at)?.name.to_string())).collect()
}

/// What is written: `order`, `order.status`, `goods.stock`.
pub(super) fn writes(model: &Model, behavior: &Behavior) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let name = |at: &usize| model.collections.get(*at).map_or("", |collection| &*collection.name);
    for effect in &behavior.effects {
        let touched = match &effect.action {
            Action::CreateRecord { collection, .. }
            | Action::SaveRecord { collection, .. }
            | Action::Give { collection, .. }
            | Action::RemoveChildren { child: collection, .. }
            | Action::RemoveRecords { collection, .. } => vec![name(collection).to_owned()],
            Action::UpdateRecord { collection, fields, .. } => {
                fields.iter().map(|(field, _)| format!("{}.{field}", name(collection))).collect()
            }
            Action::ChooseRecord { collection, flag: field, .. }
            | Action::MoveRecords { collection, field, .. }
            | Action::MoveNamed { collection, field, .. }
            | Action::AdjustRecord { collection, field, .. }
            | Action::CountView { collection, field, .. }
            | Action::PutOff { collection, field, .. }
            | Action::ChargeLate { collection, fee: field, .. }
            | Action::Meter { collection, fee: field, .. }
            | Action::UseVoucher { collection, status: field, .. }
            | Action::TakeFrom { collection, field, .. } => vec![format!("{}.{field}", name(collection))],
            Action::CopyRecord(copying) => {
                let parts = copying.parts.iter().map(|(child, ..)| name(child).to_owned());
                std::iter::once(name(&copying.collection).to_owned()).chain(parts).collect()
            }
            Action::MarkRecord { .. } | Action::MarkCaller { .. } | Action::CountDays(_) => Vec::new(),
            Action::Notify(notice) => vec![name(&notice.collection).to_owned()],
            Action::Fine(fine) => vec![name(&fine.fines).to_owned()],
            Action::Enter(ledger) => vec![name(&ledger.collection).to_owned()],
            Action::GiveBack { taken, .. } | Action::TakeAway { taken, .. } => {
                vec![format!("{}.{}", name(&taken.collection), taken.field)]
            }
            Action::ReturnVoucher { used, .. } => vec![format!("{}.{}", name(&used.collection), used.status)],
            Action::TakeLines { lines, field } => vec![format!("{}.{field}", name(&lines.things))],
            Action::CountDeed { field }
            | Action::Charge { balance: field, .. }
            | Action::AddFunds { balance: field, .. }
            | Action::Settle { balance: field, .. }
            | Action::SetFlag { field, .. } => vec![format!("accounts.{field}")],
            Action::TakeRecord { collection, .. } | Action::LeaveRecord { collection, .. } => {
                let known = model.collections.get(*collection);
                let taker = known.and_then(|known| known.taker.as_ref()).map_or("", |taker| &*taker.field);
                vec![format!("{}.{taker}", name(collection))]
            }
            Action::Tie { relation, .. } => vec![name(relation).to_owned()],
            Action::CreateAccount { .. }
            | Action::EnsureAccount { .. }
            | Action::DeleteAccount
            | Action::SetPassword { .. }
            | Action::SetFields(_)
            | Action::SetIdentity(_)
            | Action::Verify { .. }
            | Action::Submit { .. } => vec!["accounts".to_owned()],
            Action::IssueToken | Action::RevokeToken | Action::RevokeTokens => vec!["tokens".to_owned()],
            Action::SpendPasscode { .. } | Action::SendPasscode { .. } => vec!["passcodes".to_owned()],
            Action::KeepFiles { .. } => vec!["files".to_owned()],
        };
        for one in touched {
            let one = visible(&one);
            if !found.contains(&one) {
                found.push(one);
            }
        }
    }
    found
}

fn demand(demand: &Demand, found: &mut BTreeSet<usize>) {
    match demand {
        Demand::Found { collection, .. }
        | Demand::Owned { collection, .. }
        | Demand::NotOwn { collection, .. }
        | Demand::Prior(Prior::Some(collection))
        | Demand::Referenced { collection, .. }
        | Demand::Unlike { collection, .. }
        | Demand::InState { collection, .. }
        | Demand::Rested { collection, .. }
        | Demand::Room { collection, .. }
        | Demand::NotChosen { collection, .. }
        | Demand::Timely { collection, .. }
        | Demand::FewerThan { collection, .. }
        | Demand::Places { relation: collection, .. }
        | Demand::Untaken { collection, .. }
        | Demand::Welcome { relation: collection, .. }
        | Demand::NotWaiting { relation: collection, .. }
        | Demand::Tied { relation: collection, .. } => {
            found.insert(*collection);
        }
        Demand::Unused { users, .. } => found.extend(users.iter().map(|(user, _)| *user)),
        Demand::Prior(Prior::Holds(holding, _)) => {
            found.insert(holding.collection);
        }
        Demand::Apart(apart) => {
            found.insert(apart.collection);
        }
        Demand::Within(bounded) => {
            found.insert(bounded.collection);
        }
        Demand::Enough(stock) => {
            found.insert(stock.collection);
        }
        Demand::Worth { voucher, .. } => {
            found.insert(*voucher);
        }
        Demand::SomeLines(lines) | Demand::LinesNamed(lines) => {
            found.insert(lines.things);
        }
        Demand::When { demand, .. } => self::demand(demand, found),
        _ => {}
    }
}

fn shown(template: &ItemTemplate, found: &mut BTreeSet<usize>) {
    found.insert(template.collection);
    members(&template.members, found);
}

fn members(all: &[ItemMember], found: &mut BTreeSet<usize>) {
    for member in all {
        match &member.source {
            Source::Held(holding) => {
                found.insert(holding.collection);
            }
            Source::Tied(at)
            | Source::TieCount(at)
            | Source::OwnerTied(at)
            | Source::OfTie(at, _)
            | Source::ChildCount(at, _)
            | Source::ReferredField(at, ..)
            | Source::Times(at, ..) => {
                found.insert(*at);
            }
            Source::Children(_, template) | Source::Referred(_, template) | Source::ReferredAll(_, template) => {
                shown(template, found);
            }
            Source::Through(at, _, then) => {
                found.insert(*at);
                members(std::slice::from_ref(then), found);
            }
            Source::Owner(all) | Source::Lines(all) | Source::Nested(all) => members(all, found),
            Source::Constant
            | Source::Id
            | Source::Field
            | Source::Alias(_)
            | Source::OwnerId
            | Source::OwnerIdentity
            | Source::Mine(..)
            | Source::Founder(..)
            | Source::OwnerField(_)
            | Source::Label(_)
            | Source::Product(..) => {}
        }
    }
}
