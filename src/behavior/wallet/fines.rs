//! What being late costs, where that becomes a record of its own: `每逾期一日计收0.10元，由系统生成逾期费用记录`.
//!
//! In: collections that nobody makes records of, that name what is lent and are called after being late, and what is said of giving
//! back. Out: which deed writes such a record, and of what.

use crate::behavior::collection::items::gather::Gathering;
use crate::behavior::collection::prose::{remarks, sentences};
use crate::behavior::collection::{Collection, Initial, ItemField, OnRecords, RecordId};
use crate::behavior::{Action, Auth, Confidence, Effect, Evidence, wallet};
use crate::lexicon::{Operation, Role};
use std::collections::HashMap;
use std::sync::Arc;

/// A record of what being late costs.
#[derive(Clone, Debug, PartialEq)]
pub struct Fine {
    /// What was lent, and how the request names it.
    pub lent: usize,
    pub id: RecordId,
    /// The day until which it went.
    pub due: Arc<str>,
    pub fines: usize,
    /// The fields that name what was lent, say what it costs and for how many days.
    pub reference: Arc<str>,
    pub amount: Arc<str>,
    pub days: Option<Arc<str>>,
    pub each_day: f64,
}

/// The fines that deeds write, by endpoints; such records begin with none, each account's own.
pub(in crate::behavior) fn fines(
    gathering: &Gathering<'_>,
    collections: &mut [Collection],
    on_records: &[Option<OnRecords>],
) -> HashMap<usize, Vec<Effect>> {
    let mut found: HashMap<usize, Vec<Effect>> = HashMap::new();
    for at in 0..gathering.groups.len().min(collections.len()) {
        let written = of_collection(gathering, at, collections, on_records);
        if written.is_empty() {
            continue;
        }
        let known = &mut collections[at];
        (known.owned, known.private, known.written) = (true, true, true);
        known.seeds.clear();
        known.varied = 0;
        for (deed, effect) in written {
            found.entry(deed).or_default().push(effect);
        }
    }
    found
}

fn of_collection(
    gathering: &Gathering<'_>,
    at: usize,
    collections: &[Collection],
    on_records: &[Option<OnRecords>],
) -> Vec<(usize, Effect)> {
    let (lexicon, group, known) = (gathering.lexicon, &gathering.groups[at], &collections[at]);
    let is = |at: &usize, wanted: &[Operation]| wanted.contains(&gathering.operations[*at]);
    let made = group.endpoints.iter().any(|at| is(at, &[Operation::Create, Operation::Save, Operation::Toggle]));
    let mut lists = group.endpoints.iter().filter(|at| is(at, &[Operation::List])).peekable();
    let own = lists.peek().is_some() && lists.all(|at| matches!(gathering.auths[*at], Auth::Required | Auth::Named(_)));
    if made || !own || known.written || known.relation.is_some() || known.recipient.is_some() {
        return Vec::new();
    }
    let number = |field: &&ItemField| field.example.scalar_text().is_some_and(|text| text.parse::<f64>().is_ok());
    let numbers = || {
        let plain = known.fields.iter().filter(number);
        plain.filter(|field| known.machine(&field.key).is_none() && known.reference(&field.key).is_none())
    };
    let titles = group.endpoints.iter().map(|at| gathering.set.endpoints[*at].title.as_str());
    let called = titles.chain(known.titles.iter().map(String::as_str)).any(|title| lexicon.speaks_of("late", title))
        || known.names.iter().any(|name| lexicon.is_named("late-fee", name));
    let fee = numbers().find(|field| gathering.is_called("late-fee", field));
    let Some(amount) = fee.or_else(|| numbers().find(|field| field.role == Role::Amount).filter(|_| called)) else {
        return Vec::new();
    };
    let days = numbers().filter(|field| field.key != amount.key).find(|field| gathering.is_called("late-days", field));
    let lent = known.references.iter().filter(|reference| !reference.many && reference.collection != at);
    lent.filter_map(|reference| {
        let records = collections.get(reference.collection).filter(|records| records.owned)?;
        let due =
            records.fields.iter().find(|field| matches!(field.initial, Initial::After(_) | Initial::Ending(_)))?;
        let deeds = gathering.groups.get(reference.collection)?.endpoints.iter().copied();
        let deeds = deeds.filter(|at| gathering.operations[*at] == Operation::Transition);
        Some(deeds.filter_map(move |deed| {
            let (each_day, because) = told(gathering, deed)?;
            let fine = Fine {
                lent: reference.collection,
                id: on_records.get(deed)?.as_ref()?.id.clone()?,
                due: Arc::clone(&due.key),
                fines: at,
                reference: Arc::clone(&reference.field),
                amount: Arc::clone(&amount.key),
                days: days.map(|field| Arc::clone(&field.key)),
                each_day,
            };
            Some((deed, Effect { action: Action::Fine(Box::new(fine)), because }))
        }))
    })
    .flatten()
    .collect()
}

/// What each day too late costs, as the remarks about a deed say.
fn told(gathering: &Gathering<'_>, deed: usize) -> Option<(f64, Evidence)> {
    let lexicon = gathering.lexicon;
    let says = |text: &&str| lexicon.speaks_of("late", text) && lexicon.speaks_of("per-day", text);
    remarks(gathering.prose, &gathering.set.endpoints[deed]).find_map(|note| {
        let clauses = sentences(&note.text).flat_map(|text| text.split(['，', ',']));
        let price = clauses.filter(says).find_map(|clause| wallet::price_in(clause, lexicon))?;
        Some((price, Evidence::new(format!("`{}`", note.text.trim()), note.place, Confidence::Likely)))
    })
}
