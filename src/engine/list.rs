//! Lists: which records, in which order, which page of them.

use super::Call;
use super::records::{Sight, ids, owner_of, text_of};
use crate::behavior::ListPlan;
use crate::behavior::collection::listing::compare;
use crate::behavior::collection::{Collection, Filter, FilterKind, Numbered};
use crate::json::Json;
use crate::world::Record;
use std::cmp::Ordering;
use std::sync::Arc;

/// One page, and how much there is.
#[derive(Debug, Default)]
pub(super) struct Page<'a> {
    pub(super) items: Vec<&'a Arc<Record>>,
    pub(super) total: usize,
    number: i64,
    size: Option<u64>,
    start: usize,
}

pub(super) fn list<'a>(sight: Sight<'a>, plan: &ListPlan, call: &Call<'_>) -> Page<'a> {
    let collection = sight.collection(plan.collection);
    let number = |input: Option<usize>| input.and_then(|input| call.text(input)?.trim().parse::<i64>().ok());
    let size =
        number(plan.size).and_then(|size| u64::try_from(size).ok()).filter(|size| *size > 0).or(plan.default_size);
    let size = size.map(|size| plan.most.map_or(size, |most| size.min(most)));
    let page = number(plan.page).filter(|page| *page >= plan.first_page).unwrap_or(plan.first_page);
    let skipped = page.saturating_sub(plan.first_page).unsigned_abs().saturating_mul(size.unwrap_or(0));
    let start = number(plan.offset).and_then(|offset| u64::try_from(offset).ok()).unwrap_or(skipped);
    let start = usize::try_from(start).unwrap_or(usize::MAX);
    let most = size.map_or(usize::MAX, |size| usize::try_from(size).unwrap_or(usize::MAX));

    let filters: Vec<(&Filter, String)> = plan
        .filters
        .iter()
        .filter_map(|filter| Some((filter, call.text(filter.input)?.trim().to_owned())))
        .filter(|(filter, value)| !filter.all.iter().any(|all| all.eq_ignore_ascii_case(value)))
        .collect();
    let keyword = plan.keyword.and_then(|input| call.text(input)).map(str::to_lowercase);
    let fits = |record: &Record| {
        filters.iter().all(|(filter, value)| passes(collection, record, filter, value))
            && keyword.as_ref().is_none_or(|keyword| speaks_of(sight, collection, record, keyword))
    };
    let mut found = Page { number: page, size, start, ..Page::default() };
    let Some(known) = sight.world.collection(&collection.name) else { return found };
    let take = |records: &mut dyn Iterator<Item = &'a Arc<Record>>, found: &mut Page<'a>| {
        for record in records {
            if found.total >= start && found.items.len() < most {
                found.items.push(record);
            }
            found.total += 1;
        }
    };
    let owner = owner_of(sight.caller);
    match (plan.mine, owner) {
        (true, Some(owner)) if collection.seeds.is_empty() => {
            let own = known.owned_by(&owner).filter(|record| fits(record));
            if plan.newest_first { take(&mut own.rev(), &mut found) } else { take(&mut { own }, &mut found) }
        }
        (true, owner) => {
            let shown = collection.private || owner.is_none();
            let own = known.iter().filter(|record| record.owner == owner || (record.owner.is_none() && shown));
            let own = own.filter(|record| fits(record));
            if plan.newest_first { take(&mut own.rev(), &mut found) } else { take(&mut { own }, &mut found) }
        }
        (false, _) if filters.is_empty() && keyword.is_none() => {
            // Nothing to look at but the page itself.
            found.total = known.len();
            let all = known.iter();
            if plan.newest_first {
                found.items = all.rev().skip(start).take(most).collect();
            } else {
                found.items = all.skip(start).take(most).collect();
            }
        }
        (false, _) => {
            let all = known.iter().filter(|record| fits(record));
            if plan.newest_first { take(&mut all.rev(), &mut found) } else { take(&mut { all }, &mut found) }
        }
    }
    found
}

impl Page<'_> {
    pub(super) fn says(&self, numbered: Numbered) -> i64 {
        let whole = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        let pages = match self.size {
            Some(size) => whole(self.total.div_ceil(usize::try_from(size).unwrap_or(1).max(1))),
            None => i64::from(self.total > 0),
        };
        let more = self.start.saturating_add(self.items.len()) < self.total;
        match numbered {
            Numbered::Total => whole(self.total),
            Numbered::Pages => pages,
            Numbered::Page => self.number,
            Numbered::Size => {
                self.size.and_then(|size| i64::try_from(size).ok()).unwrap_or_else(|| whole(self.items.len()))
            }
            Numbered::HasMore => i64::from(more),
            Numbered::IsEnd => i64::from(!more),
            Numbered::Here => whole(self.items.len()),
        }
    }
}

fn passes(collection: &Collection, record: &Record, filter: &Filter, value: &str) -> bool {
    let own_id = || collection.id.key.as_ref().is_some_and(|key| *key == filter.field).then_some(&*record.id);
    let field = record.field(&filter.field);
    if let Some(Json::Array(items)) = field {
        return items.iter().any(|item| item.scalar_text() == Some(value));
    }
    let text = text_of(field).or_else(own_id).unwrap_or("");
    match filter.kind {
        FilterKind::Equal => text == value || is_truth(field, value),
        FilterKind::Contains => text.to_lowercase().contains(&value.to_lowercase()),
        FilterKind::Begins => text.starts_with(value),
        FilterKind::AtLeast => compare(text, value) != Ordering::Less,
        // The end of a span of days is the whole day.
        FilterKind::AtMost => compare(text, value) != Ordering::Greater || text.starts_with(value),
    }
}

fn is_truth(field: Option<&Json>, value: &str) -> bool {
    matches!((field, value), (Some(Json::Bool(true)), "1") | (Some(Json::Bool(false)), "0"))
}

/// Whether any text of a record, or of what it refers to, holds the keyword.
fn speaks_of(sight: Sight<'_>, collection: &Collection, record: &Record, keyword: &str) -> bool {
    let holds = |record: &Record| {
        record.fields.iter().any(|(_, value)| value.as_str().is_some_and(|text| text.to_lowercase().contains(keyword)))
    };
    let referred = || {
        collection.references.iter().filter(|reference| !reference.many).any(|reference| {
            let target = &sight.model.collections[reference.collection].name;
            let id = text_of(record.field(&reference.field));
            id.and_then(|id| sight.world.record_by_id(target, id)).is_some_and(|record| holds(record))
        })
    };
    holds(record) || record.id.to_lowercase().contains(keyword) || referred()
}

/// Whether ids that an input names are all there.
pub(super) fn are_there(sight: Sight<'_>, at: usize, call: &Call<'_>, input: usize) -> bool {
    ids(call, input).iter().all(|id| sight.named(at, id).is_some_and(|record| sight.is_seen(at, record, false)))
}
