//! What a reply teaches: who is registered now, by which token, what was made, what is gone.
//!
//! In: a call that was made, its reply, and what it has changed in the lab. Out: people and records that later steps can name.

use super::lab::{Lab, Made, Val, leaves, shows};
use super::satisfy::Draft;
use crate::behavior::Action;
use crate::json::Json;
use crate::lexicon::Role;
use crate::world::Change;
use std::sync::Arc;

impl Lab<'_> {
    /// Takes from a reply, and from what was changed, what later steps need: tokens, ids, who is registered.
    pub(super) fn learn(&mut self, draft: &Draft, body: &Json, changes: &[Change]) {
        let behavior = self.behavior(draft.endpoint);
        for change in changes {
            match change {
                Change::RecordCreated { collection, record }
                    if **collection == *crate::behavior::account::COLLECTION =>
                {
                    self.people[draft.person].registered = true;
                    self.people[draft.person].seq = record.seq;
                    self.people[draft.person].identities.clear();
                    for effect in &behavior.effects {
                        if let Action::CreateAccount { identities, password, fields } = &effect.action {
                            let said = fields
                                .iter()
                                .filter_map(|(field, at)| Some((Arc::clone(field), draft.get(*at)?.clone())));
                            self.people[draft.person].said = said.collect();
                            for at in identities {
                                if let Some(value) = draft.get(*at) {
                                    self.people[draft.person]
                                        .identities
                                        .push((behavior.inputs[*at].word, value.clone()));
                                }
                            }
                            self.people[draft.person].password = password.and_then(|at| draft.get(at).cloned());
                        }
                        if let Action::EnsureAccount { identities, .. } = &effect.action {
                            for at in identities {
                                if let Some(value) = draft.get(*at) {
                                    self.people[draft.person]
                                        .identities
                                        .push((behavior.inputs[*at].word, value.clone()));
                                }
                            }
                        }
                    }
                    if self.people[draft.person].identities.is_empty()
                        && let Some(key) = record.key("identity")
                    {
                        self.people[draft.person].identities.push((Role::Identity, Val::text(key.as_ref())));
                    }
                }
                Change::TokenIssued(token) => {
                    if let Some((path, value)) = shows(body, &token.token, &[]) {
                        let saved = self.save("token", Some(&path), value);
                        self.people[draft.person].token = saved;
                    }
                }
                Change::TokenRevoked(token) => {
                    for person in &mut self.people {
                        if person.token.as_ref().is_some_and(|known| known.as_text() == &*token.token) {
                            person.token = None;
                        }
                    }
                }
                Change::RecordCreated { collection, record } => {
                    let at = self.model().collections.iter().position(|known| known.name == *collection);
                    let Some(at) = at else { continue };
                    let owner = record.owner.as_ref().and_then(|owner| {
                        self.people.iter().position(|person| person.registered && person.seq == owner.seq)
                    });
                    let data = leaves(body).len();
                    if data > 0
                        && let Some((path, value)) = shows(body, &record.id, &self.id_names(at)).filter(|(path, _)| {
                            path.contains("id") || path.contains("Id") || path.contains("ID") || record.id.len() > 4
                        })
                        && let Some(id) = self.save("id", Some(&path), value)
                    {
                        self.made.push(Made { collection: at, owner, id });
                    }
                }
                Change::RecordRemoved { collection, record } => {
                    let model = self.model();
                    self.made.retain(|made| {
                        *model.collections[made.collection].name != **collection || made.id.as_text() != &*record.id
                    });
                }
                Change::PasswordSet { seq, .. } => {
                    let set = behavior.effects.iter().find_map(|effect| match &effect.action {
                        Action::SetPassword { password, .. } => Some(*password),
                        _ => None,
                    });
                    let value = set.and_then(|at| draft.get(at).cloned());
                    for person in self.people.iter_mut().filter(|person| person.registered && person.seq == *seq) {
                        person.password.clone_from(&value);
                    }
                }
                _ => {}
            }
        }
        self.learn_account_id(draft.person, body);
        let is_login = behavior.effects.iter().any(|effect| effect.action == Action::IssueToken);
        if is_login && !self.people[draft.person].registered {
            self.people[draft.person].registered = true;
        }
    }
}
