//! What a scenario does beside calls: it reads passcodes, moves the clock, and lays hands on accounts and records as a tester would.
//!
//! In: people, values and records of the lab. Out: the lab's world is changed, and the step that says so is written down.

use super::{Lab, Val};
use crate::behavior::account::COLLECTION;
use crate::behavior::account::lifecycle::OfficeAction;
use crate::engine::{identity_key, office};
use crate::json::Json;
use crate::scenario::ast::{Action, ClockMove, Step};
use crate::world::Millis;
use std::sync::Arc;

impl Lab<'_> {
    /// The newest passcode of somebody; one is issued if there is none.
    pub(in crate::scenario::generate) fn sms(&mut self, identity: &Val, purpose: Option<&str>) -> Option<Val> {
        let phone = identity_key(identity.as_text()).into_owned();
        let serves = |passcode: &crate::world::Passcode| {
            *passcode.phone == *phone
                && passcode.spent_at.is_none()
                && !passcode.replaced
                && passcode.expires_at > self.now
                && (purpose.is_none() || passcode.purpose.as_deref().is_none_or(|known| Some(known) == purpose))
        };
        let newest =
            self.world.passcodes().inbox().find(|passcode| serves(passcode)).map(|passcode| Arc::clone(&passcode.code));
        let code = newest
            .unwrap_or_else(|| office::issue_passcode(self.model(), &mut self.world, &phone, self.now).0.code.clone());
        let purpose = purpose.map(Json::string);
        let action = Action::Sms { identity: identity.shown.clone(), purpose };
        self.steps.push(Step { action, ..Step::default() });
        self.save("code", None, Json::String(code))
    }

    pub(in crate::scenario::generate) fn wait(&mut self, by: Millis) {
        self.now = self.now.saturating_add(by);
        self.steps.push(Step { action: Action::Clock(ClockMove::Advance(by)), ..Step::default() });
    }

    /// The account of a person, made by hand.
    pub(in crate::scenario::generate) fn make_account(
        &mut self,
        identity: &Val,
        password: &Val,
        fields: &[(String, Json)],
    ) -> Option<u64> {
        let edit = office::AccountEdit {
            identity: Some(identity.as_text().to_owned()),
            password: Some(password.as_text().to_owned()),
            fields: fields.to_vec(),
            ..office::AccountEdit::default()
        };
        let (record, _) = office::create(self.model(), &mut self.world, &edit, self.now).ok()?;
        let mut members = vec![("password".to_owned(), password.shown.clone())];
        members.extend(fields.iter().cloned());
        let action = Action::Account { identity: identity.shown.clone(), action: None, members };
        self.steps.push(Step { action, ..Step::default() });
        Some(record.seq)
    }

    /// What the back office does to a person's account.
    pub(in crate::scenario::generate) fn office(&mut self, person: usize, action: OfficeAction) -> bool {
        let Some(account) = self.world.record(COLLECTION, self.people[person].seq).cloned() else { return false };
        let Some((_, identity)) = self.people[person].identities.first().cloned() else { return false };
        let done = office::act(self.model(), &mut self.world, &account, action).is_ok();
        if done {
            let action = Some(Json::string(action.name()));
            let action = Action::Account { identity: identity.shown, action, members: Vec::new() };
            self.steps.push(Step { action, ..Step::default() });
        }
        done
    }

    /// A tester's hand on a person's account.
    pub(in crate::scenario::generate) fn edit_account(&mut self, person: usize, fields: Vec<(String, Json)>) -> bool {
        let Some(account) = self.world.record(COLLECTION, self.people[person].seq).cloned() else { return false };
        let Some((_, identity)) = self.people[person].identities.first().cloned() else { return false };
        // As the step will say it: a member `status` is what the account is to be, and undoes marks.
        let (status, others): (Vec<_>, Vec<_>) = fields.iter().cloned().partition(|(name, _)| name == "status");
        let status = status.into_iter().next().map(|(_, value)| value);
        let edit = office::AccountEdit { status, fields: others, ..office::AccountEdit::default() };
        let done = office::edit(self.model(), &mut self.world, &account, &edit).is_ok();
        if done {
            let action = Action::Account { identity: identity.shown, action: None, members: fields };
            self.steps.push(Step { action, ..Step::default() });
        }
        done
    }

    /// A tester's hand on records: makes one.
    pub(in crate::scenario::generate) fn make_record(
        &mut self,
        collection: usize,
        owner: Option<usize>,
        fields: Vec<(String, Json)>,
    ) -> Option<Val> {
        let name = self.model().collections[collection].name.to_string();
        let identity =
            owner.and_then(|person| self.people[person].identities.first().cloned()).map(|(_, identity)| identity);
        let edit = office::RecordEdit {
            id: None,
            owner: identity.as_ref().map(|identity| identity.actual.clone()),
            fields: fields.clone(),
        };
        let (_, record, _) = office::create_record(self.model(), &mut self.world, &name, &edit, self.now).ok()?;
        let mut members = fields;
        members.extend(identity.map(|identity| ("owner".to_owned(), identity.shown)));
        let action = Action::Record { collection: name, id: None, delete: false, members };
        self.steps.push(Step { action, ..Step::default() });
        self.save("id", None, Json::String(Arc::clone(&record.id)))
    }

    /// A record here is as one on another server may be: no step makes it so.
    pub(in crate::scenario::generate) fn as_it_may_be(
        &mut self,
        collection: usize,
        id: &str,
        fields: &[(String, Json)],
    ) {
        let name = self.model().collections[collection].name.to_string();
        let _ = office::edit_record(self.model(), &mut self.world, &name, id, fields);
    }

    /// A tester's hand on records: changes one, or takes it away.
    pub(in crate::scenario::generate) fn edit_record(
        &mut self,
        collection: usize,
        id: &Val,
        fields: Option<Vec<(String, Json)>>,
    ) -> bool {
        let name = self.model().collections[collection].name.to_string();
        let (delete, members) = (fields.is_none(), fields.unwrap_or_default());
        let done = if delete {
            office::remove_record(self.model(), &mut self.world, &name, id.as_text()).is_ok()
        } else {
            office::edit_record(self.model(), &mut self.world, &name, id.as_text(), &members).is_ok()
        };
        if done {
            let action = Action::Record { collection: name, id: Some(id.shown.clone()), delete, members };
            self.steps.push(Step { action, ..Step::default() });
        }
        done
    }
}
