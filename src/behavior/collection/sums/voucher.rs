//! What makes a collection one of vouchers: they are called so, worth money, used or not.
//!
//! In: the collections once it is known what refers to what. Out: which of them are vouchers, and how orders name them: by their
//! own ids, or by those of the offers that were received.

use crate::behavior::collection::items::example_forms::is_number;
use crate::behavior::collection::items::gather::Gathering;
use crate::behavior::collection::nouns::group::Group;
use crate::behavior::collection::{Collection, Held, ItemField};
use crate::behavior::operation::split_words;
use crate::behavior::{Failure, StatusValue};
use crate::json::Json;
use crate::lexicon::{Lexicon, Operation, Role, compact, label_head};
use std::sync::Arc;

/// What a record is that takes something off a sum, once.
pub(in crate::behavior) struct Voucher {
    /// The status, before and after it is used.
    pub(in crate::behavior) status: Arc<str>,
    pub(in crate::behavior) unused: Vec<Json>,
    pub(in crate::behavior) used: Json,
    pub(in crate::behavior) worth: Arc<str>,
    /// The field that says from which sum on it can be used.
    pub(in crate::behavior) least: Option<Arc<str>>,
}

pub(in crate::behavior) fn voucher(collection: &Collection, lexicon: &Lexicon) -> Option<Voucher> {
    if !is_called(collection, lexicon) {
        return None;
    }
    let verb = lexicon.verbs().named("use")?;
    let (worth, least) = (worth(collection, lexicon)?, least(collection, lexicon));
    collection.machines.iter().find_map(|machine| {
        let head = |value: &StatusValue| label_head(&value.words).to_lowercase();
        let used = machine.values.iter().find(|value| verb.leads.contains(&head(value)))?;
        let unused = machine.values.iter().filter(|value| verb.leaves.contains(&head(value)));
        let unused: Vec<Json> = unused.map(|value| value.value.clone()).collect();
        (!unused.is_empty()).then(|| Voucher {
            status: Arc::clone(&machine.field),
            unused,
            used: used.value.clone(),
            worth: Arc::clone(&worth.key),
            least: least.map(|field| Arc::clone(&field.key)),
        })
    })
}

/// What a voucher takes off: what is called so, else what its title says (`满20减5`), else its amount.
fn worth<'c>(collection: &'c Collection, lexicon: &Lexicon) -> Option<&'c ItemField> {
    let least = least(collection, lexicon).map(|field| &field.key);
    let amounts = || collection.fields.iter().filter(|field| Some(&field.key) != least && !is_least(field, lexicon));
    let is_worth = |field: &&ItemField| {
        let called = lexicon.is_named("voucher-worth", &field.key) || lexicon.speaks_of("voucher-worth", &field.words);
        called && is_number(&field.example) && field.role != Role::Status
    };
    let titled = || titled(collection, "sum-minus", lexicon);
    amounts().find(is_worth).or_else(titled).or_else(|| amounts().find(|field| field.role == Role::Amount))
}

/// From which sum on a voucher can be used.
fn least<'c>(collection: &'c Collection, lexicon: &Lexicon) -> Option<&'c ItemField> {
    let called = collection.fields.iter().find(|field| is_least(field, lexicon));
    called.or_else(|| titled(collection, "sum-over", lexicon))
}

/// The field that shows the number that the title has behind such a word.
fn titled<'c>(collection: &'c Collection, topic: &str, lexicon: &Lexicon) -> Option<&'c ItemField> {
    let said = |text: &str| {
        let behind = text.get(lexicon.after(topic, text)?..)?.trim_start();
        let end = behind.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(behind.len());
        behind[..end].parse::<f64>().ok()
    };
    // Before the records are known, the fields show the first.
    let mut texts = collection.fields.iter().filter_map(|field| field.example.as_str());
    let told = texts.find_map(|text| said(text).filter(|_| text.parse::<f64>().is_err()))?;
    let shows =
        |field: &&ItemField| field.example.scalar_text().and_then(|text| text.parse::<f64>().ok()) == Some(told);
    collection.fields.iter().filter(|field| field.role != Role::Status && field.role != Role::RecordId).find(shows)
}

/// Whether a field says from which sum on a voucher can be used.
fn is_least(field: &ItemField, lexicon: &Lexicon) -> bool {
    lexicon.is_named("least-spend", &field.key) || lexicon.speaks_of("least-spend", &field.words)
}

fn is_called(collection: &Collection, lexicon: &Lexicon) -> bool {
    let mut words = collection.id.key.iter().flat_map(|key| split_words(key)).chain(collection.names.iter().cloned());
    // `myvoucher` is what callers have of the vouchers that are offered.
    let named = |word: &str| lexicon.is_named("voucher", word);
    words.any(|word| named(&word) || word.strip_prefix("my").is_some_and(named))
        || collection
            .titles
            .iter()
            .any(|title| lexicon.speaks_of("voucher", title) || lexicon.is_nothing_but("voucher-like", title))
}

/// Whether its records are vouchers, had or offered: no thing that is ordered.
pub(in crate::behavior::collection) fn is_no_thing(at: usize, all: &[Collection], lexicon: &Lexicon) -> bool {
    voucher(&all[at], lexicon).is_some() || (is_called(&all[at], lexicon) && had_of(at, all, lexicon).is_some())
}

/// The vouchers that come of offers, and the field by which they name theirs.
fn had_of(offers: usize, all: &[Collection], lexicon: &Lexicon) -> Option<(usize, Arc<str>)> {
    all.iter().enumerate().filter(|(at, _)| *at != offers).find_map(|(at, known)| {
        let named = known.references.iter().find(|reference| reference.collection == offers && !reference.many)?;
        voucher(known, lexicon).map(|_| (at, Arc::clone(&named.field)))
    })
}

impl Gathering<'_> {
    /// Whether a failure tells of the voucher that an endpoint can be sent, and nothing of what it makes: `该券已使用`.
    pub(in crate::behavior) fn is_of_voucher(&self, at: usize, failure: &Failure) -> bool {
        let lexicon = self.lexicon;
        let can_be_sent = || {
            self.inputs[at].iter().filter(|input| !input.required).any(|input| {
                let named = split_words(&input.name).iter().any(|word| lexicon.is_named("voucher", word));
                named || lexicon.speaks_of("voucher-like", &input.label)
            })
        };
        let tells = ["voucher-like", "voucher-too-little"].iter().any(|topic| lexicon.speaks_of(topic, failure.says()));
        tells && can_be_sent()
    }

    /// `coupon_id` of an order is no offer but what the caller received of it.
    pub(in crate::behavior::collection) fn name_vouchers(&self, groups: &[Group], all: &mut [Collection]) {
        self.lend_worth(all);
        let offers: Vec<(usize, usize, Arc<str>)> = (0..all.len())
            .filter(|at| is_called(&all[*at], self.lexicon) && voucher(&all[*at], self.lexicon).is_none())
            .filter_map(|at| had_of(at, all, self.lexicon).map(|(had, field)| (at, had, field)))
            .collect();
        for (offered, had, field) in offers {
            // `min 满多少能用` is said once, of the offer.
            let told: Vec<(Arc<str>, String)> =
                all[offered].fields.iter().map(|field| (Arc::clone(&field.key), field.words.clone())).collect();
            for field in all[had].fields.iter_mut().filter(|field| field.words.is_empty()) {
                if let Some((_, words)) = told.iter().find(|(key, _)| *key == field.key) {
                    field.words.clone_from(words);
                }
            }
            // From which sum on it counts may be shown of the offer alone.
            let lexicon = self.lexicon;
            if !all[had].fields.iter().any(|field| is_least(field, lexicon)) {
                let least = all[offered].fields.iter().find(|field| is_least(field, lexicon)).cloned();
                all[had].fields.extend(least);
            }
            let mut held = false;
            for at in (0..groups.len()).filter(|at| *at != had && *at != offered) {
                let makers = groups[at].endpoints.iter().filter(|at| self.operations[**at] == Operation::Create);
                let inputs: Vec<_> = makers.flat_map(|at| &self.inputs[*at]).collect();
                for reference in &mut all[at].references {
                    let input = inputs.iter().find(|input| compact(&input.name) == compact(&reference.field));
                    if input.is_some() && reference.collection == offered && !reference.many {
                        (reference.collection, held) = (had, true);
                    }
                }
            }
            if let Some(known) = voucher(&all[had], self.lexicon).filter(|_| held) {
                all[had].held = Some(Held { field, status: known.status, unused: known.unused });
            }
        }
    }

    /// What a voucher takes off, and from which sum on, may be shown of the offer alone that it comes of.
    fn lend_worth(&self, all: &mut [Collection]) {
        for had in 0..all.len() {
            if !is_called(&all[had], self.lexicon) || worth(&all[had], self.lexicon).is_some() {
                continue;
            }
            let offers = all[had].references.iter().filter(|reference| !reference.many && reference.collection != had);
            let lent = offers.map(|reference| &all[reference.collection]).find_map(|offer| {
                let worth = worth(offer, self.lexicon).filter(|_| is_called(offer, self.lexicon))?;
                Some([Some(worth.clone()), least(offer, self.lexicon).cloned()])
            });
            let unknown: Vec<ItemField> = lent.into_iter().flatten().flatten().collect();
            for field in unknown {
                if all[had].field(&field.key).is_none() {
                    all[had].fields.push(field);
                }
            }
        }
    }
}
