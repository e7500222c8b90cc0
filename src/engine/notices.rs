//! What the system writes for somebody after a call: messages, and numbers that count what was done.

use super::decide::identity;
use super::plan::Planner;
use super::records::{self, text_of};
use crate::behavior::Action;
use crate::behavior::account::COLLECTION;
use crate::behavior::collection::TakerPart;
use crate::behavior::notices::{About, Notice, To};
use crate::json::Json;
use crate::world::{Change, Owner, Record};
use std::sync::Arc;

impl Planner<'_> {
    /// What the system writes besides what was asked for.
    pub(super) fn write_besides(&mut self, action: &Action) {
        match action {
            Action::Notify(notice) => self.notify(notice),
            Action::Enter(ledger) => self.enter(ledger),
            Action::Fine(fine) => self.fine(fine),
            Action::CountDeed { field } => self.count_deed(field),
            _ => {}
        }
    }

    fn notify(&mut self, notice: &Notice) {
        let Some((at, record)) = self.planned.record.clone().filter(|_| !self.planned.undone) else { return };
        if self.planned.changes.is_empty() {
            return;
        }
        let shape = &self.model.collections[at];
        let to = match &notice.to {
            To::Caller => records::owner_of(self.caller),
            To::Owner if shape.holds_accounts() => Some(records::owner(&record)),
            To::Owner => record.owner.clone(),
            To::OwnerOf(collection, field) => {
                let named = text_of(record.field(field));
                let named = named.and_then(|id| records::named(self.model, self.world, *collection, id));
                named.and_then(|named| named.owner.clone())
            }
        };
        let Some(to) = to.filter(|to| !notice.of_others || records::owner_of(self.caller).as_ref() != Some(to)) else {
            return;
        };
        let sent = self.written(notice, &record);
        let made = records::new_record(self.model, notice.collection, sent, Some(to), &[], self.world, self.now);
        let collection = Arc::clone(&self.model.collections[notice.collection].name);
        self.planned.changes.push(Change::RecordCreated { collection, record: made });
    }

    fn written(&self, notice: &Notice, record: &Record) -> Vec<(Arc<str>, Json)> {
        let form = |key: &Arc<str>| {
            let field = self.model.collections[notice.collection].field(key);
            field.map_or_else(|| Json::string(""), |field| field.example.clone())
        };
        let caller = self.caller.account.as_ref();
        let text = |part: &TakerPart| caller.and_then(|account| self.part(account, part)).unwrap_or_default();
        let called = notice.called.as_ref().map(|(name, part)| (name.as_str(), text(part)));
        let said = notice.fields.iter().map(|(key, value)| match (&called, value.as_str()) {
            (Some((name, own)), Some(words)) if !own.is_empty() => {
                (Arc::clone(key), Json::string(words.replace(name, own)))
            }
            _ => (Arc::clone(key), value.clone()),
        });
        let about = notice.about.iter().filter_map(|(key, about)| match about {
            About::Itself => Some((Arc::clone(key), form(key).in_form(&record.id))),
            About::Field(field) => Some((Arc::clone(key), form(key).in_form(text_of(record.field(field))?))),
        });
        let actor = notice.actor.iter().map(|(key, part)| match part {
            TakerPart::Parts(parts) => {
                let members = parts.iter().map(|(key, example, part)| (Arc::clone(key), example.in_form(&text(part))));
                (Arc::clone(key), Json::Object(members.collect()))
            }
            part => (Arc::clone(key), form(key).in_form(&text(part))),
        });
        said.chain(about).chain(actor).collect()
    }

    /// What a part shows of an account.
    fn part(&self, account: &Record, part: &TakerPart) -> Option<String> {
        match part {
            TakerPart::Id => Some(account.id.to_string()),
            TakerPart::Identity => identity(account).map(ToString::to_string),
            TakerPart::Field(key) => {
                let fields = &self.model.accounts.fields;
                let initial = || fields.iter().find(|field| field.key == *key).map(|field| &field.initial);
                text_of(account.field(key).or_else(initial)).map(str::to_owned)
            }
            TakerPart::Parts(_) => None,
        }
    }

    /// A number of the account that the record belongs to grows by one.
    fn count_deed(&mut self, field: &Arc<str>) {
        let Some((_, record)) = self.planned.record.clone().filter(|_| !self.planned.changes.is_empty()) else {
            return;
        };
        let owner = record.owner.clone().or_else(|| records::owner_of(self.caller));
        let owner = owner.filter(|Owner { collection, .. }| **collection == *COLLECTION);
        let Some(account) = owner.and_then(|owner| self.world.record(COLLECTION, owner.seq).cloned()) else { return };
        let initial = self.model.accounts.fields.iter().find(|known| known.key == *field).map(|known| &known.initial);
        let there = records::number_in(account.field(field).or(initial)).unwrap_or(0.0);
        let value = initial.cloned().unwrap_or_else(|| Json::string("0")).in_form(&records::number(there + 1.0));
        self.planned.changes.push(Change::field(&self.collection, &account, field, Some(value)));
    }
}
