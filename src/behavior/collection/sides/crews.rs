//! Groups that people join: whoever opens one is its first member, it is full when all places are taken, and has as many places as
//! what it is opened for says.
//!
//! In: relations that tie callers to records, what creations show and what is said of them. Out: for the relation the status that
//! follows how many are tied, for the records whether their maker is tied at once, and the field that another record fills.

use crate::behavior::collection::items::gather::Gathering;
use crate::behavior::collection::items::shape;
use crate::behavior::collection::nouns::group::Group;
use crate::behavior::collection::prose::{remarks, sentences, words};
use crate::behavior::collection::{Collection, Inherited};
use crate::behavior::{Confidence, Evidence};
use crate::json::Json;
use crate::lexicon::{Operation, compact, label_head};
use crate::source::Place;
use std::sync::Arc;

/// `坐满了自动变 full`: a status that follows how many are tied.
#[derive(Clone, Debug, PartialEq)]
pub struct Full {
    pub status: Arc<str>,
    pub open: Json,
    pub full: Json,
    /// The field that says how many there may be.
    pub most: Arc<str>,
    pub because: Evidence,
}

impl Gathering<'_> {
    pub(in crate::behavior::collection) fn settle_crews(&self, groups: &[Group], collections: &mut [Collection]) {
        for at in 0..groups.len().min(collections.len()) {
            let Some(relation) = collections[at].relation.clone() else { continue };
            let Some(group) = groups.get(relation.target) else { continue };
            let target = &collections[relation.target];
            if target.holds_accounts() {
                continue;
            }
            let full = self.full(target);
            let founded = if target.owned { self.founded(&relation.name, group, target) } else { None };
            let founded = founded.or_else(|| self.founder_listed(&groups[at]).filter(|_| target.owned));
            let copied = self.places_copied(group, target, collections);
            if let Some(own) = &mut collections[at].relation {
                own.full = full;
            }
            let target = &mut collections[relation.target];
            if let Some(because) = founded {
                target.founded = Some((at, because));
                // Nobody joins what only its maker sees.
                target.private = false;
            }
            target.inherited.extend(copied);
        }
    }

    /// The status that says that there is no place left, beside that of a new record and the field that says how many there are.
    fn full(&self, target: &Collection) -> Option<Full> {
        let most = self.capacity(target)?;
        target.machines.iter().find_map(|machine| {
            let is_full = |text: &str| self.lexicon.is_nothing_but("full-status", text);
            let mut values = machine.values.iter();
            let full = values
                .find(|value| is_full(label_head(&value.words)) || value.value.scalar_text().is_some_and(is_full))?;
            let differs = full.value != machine.initial;
            differs.then(|| Full {
                status: Arc::clone(&machine.field),
                open: machine.initial.clone(),
                full: full.value.clone(),
                most: Arc::clone(&most),
                because: Evidence::new(
                    format!("its `{}` can say that it is full", machine.field),
                    machine.place,
                    Confidence::Likely,
                ),
            })
        })
    }

    pub(in crate::behavior::collection) fn capacity(&self, target: &Collection) -> Option<Arc<str>> {
        let called = |field: &&crate::behavior::collection::ItemField| {
            self.lexicon.is_named("capacity", &field.key)
                || (!field.words.is_empty() && self.lexicon.speaks_of("capacity", label_head(&field.words)))
        };
        target.fields.iter().find(called).map(|field| Arc::clone(&field.key))
    }

    /// `"role": "owner"` in a list of those who are tied.
    fn founder_listed(&self, group: &Group) -> Option<Evidence> {
        self.founder(group).map(|founder| {
            let place = group.endpoints.first().map(|at| self.endpoint(*at).place).unwrap_or_default();
            Evidence::new(format!("a list shows a `{}` of {}", founder.key, founder.own), place, Confidence::Likely)
        })
    }

    /// What says that making a record ties its maker: its success counts one, or a sentence.
    fn founded(&self, relation: &str, group: &Group, target: &Collection) -> Option<Evidence> {
        let mut makers = group.endpoints.iter().copied().filter(|at| self.operations[*at] == Operation::Create);
        let counts = |name: &str| {
            let mut relations = self.lexicon.verbs().relations();
            relations.any(|(known, words)| known == relation && words.counts.contains(&compact(name)))
        };
        let says = |text: &str| self.lexicon.speaks_of("founder-joins", text);
        let likely = |text: String, place: Place| Evidence::new(text, place, Confidence::Likely);
        let made = makers.find_map(|at| {
            let endpoint = self.endpoint(at);
            let shown = shape::item_shown(self.set, endpoint, self.lexicon);
            let one = shown.iter().find(|(key, value)| counts(key) && value.scalar_text() == Some("1"));
            let example = endpoint.successes().next().map_or(endpoint.place, |example| example.place);
            let counted = one.map(|(key, _)| likely(format!("making one shows a `{key}` of 1"), example));
            let said = || remarks(self.prose, endpoint).find(|note| says(&note.text));
            counted.or_else(|| said().map(|note| likely(format!("`{}`", note.text.trim()), note.place)))
        });
        let field = || target.fields.iter().find(|field| says(&field.words));
        made.or_else(|| field().map(|field| likely(format!("`{}`", field.words), field.place)))
    }

    /// `座位数就是剧本的人数 players，不用传`: the field that says how many, from a number of what a creation names.
    fn places_copied(&self, group: &Group, target: &Collection, all: &[Collection]) -> Option<Inherited> {
        let most = self.capacity(target)?;
        if target.inherited.iter().any(|known| known.field == most) {
            return None;
        }
        let mut makers = group.endpoints.iter().copied().filter(|at| self.operations[*at] == Operation::Create);
        let sent = |at: usize| self.inputs[at].iter().any(|input| compact(&input.name) == compact(&most));
        makers.find_map(|at| {
            if sent(at) {
                return None;
            }
            let told = remarks(self.prose, self.endpoint(at)).flat_map(|note| sentences(&note.text));
            told.filter(|text| self.lexicon.speaks_of("places-said", text)).find_map(|text| {
                target.references.iter().filter(|reference| !reference.many).find_map(|reference| {
                    let thing = &all[reference.collection];
                    let number = |field: &&crate::behavior::collection::ItemField| {
                        field.example.scalar_text().is_some_and(|text| text.parse::<u32>().is_ok())
                            && thing.reference(&field.key).is_none()
                    };
                    let named = thing.fields.iter().filter(number).find(|field| {
                        let label = label_head(&field.words);
                        words(text).any(|word| *word == *field.key)
                            || (label.chars().count() > 1 && text.contains(label))
                    })?;
                    Some(Inherited {
                        field: Arc::clone(&most),
                        reference: Arc::clone(&reference.field),
                        collection: reference.collection,
                        from: Arc::clone(&named.key),
                    })
                })
            })
        })
    }
}
