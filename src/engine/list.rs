//! Lists: which records, in which order, which page of them.

use super::Call;
use super::keyword::Keyword;
use super::records::{Sight, ids, owner, owner_of, text_of};
use crate::behavior::ListPlan;
use crate::behavior::account::COLLECTION;
use crate::behavior::collection::lists::list_plan::compare;
use crate::behavior::collection::{Collection, Filter, FilterKind, ItemField, ItemMember, Numbered, Order, Party};
use crate::json::Json;
use crate::lexicon::Role;
use crate::world::{Mark, Owner, Record};
use std::borrow::Cow;
use std::cell::Cell;
use std::cmp::Ordering;
use std::collections::HashSet;
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

/// The page that a call asks for, with nothing on it.
fn page_asked<'a>(plan: &ListPlan, call: &Call<'_>) -> Page<'a> {
    let number = |input: Option<usize>| input.and_then(|input| call.text(input)?.trim().parse::<i64>().ok());
    let size =
        number(plan.size).and_then(|size| u64::try_from(size).ok()).filter(|size| *size > 0).or(plan.default_size);
    let size = size.map(|size| plan.most.map_or(size, |most| size.min(most)));
    let page = number(plan.page).filter(|page| *page >= plan.first_page).unwrap_or(plan.first_page);
    let skipped = page.saturating_sub(plan.first_page).unsigned_abs().saturating_mul(size.unwrap_or(0));
    let start = number(plan.offset).and_then(|offset| u64::try_from(offset).ok()).unwrap_or(skipped);
    Page { number: page, size, start: usize::try_from(start).unwrap_or(usize::MAX), ..Page::default() }
}

/// What is looked for; an example that only shows a form is nothing.
fn keyword_asked<'c>(plan: &ListPlan, call: &'c Call<'_>) -> Option<&'c str> {
    call.text(plan.keyword?).filter(|text| plan.keyword_open.as_deref() != Some(text.trim()))
}

/// The filters that a call sets, with what they ask for.
fn filters_asked<'a>(plan: &'a ListPlan, call: &Call<'_>) -> Vec<(&'a Filter, String)> {
    let asked = plan.filters.iter().filter(|filter| call.is_present(filter.input)).filter_map(|filter| {
        let several = || (filter.kind == FilterKind::Among).then(|| ids(call, filter.input).join(","));
        let text = || call.text(filter.input).map(|text| text.trim().to_owned());
        let list = || Some(ids(call, filter.input).join(",")).filter(|text| !text.is_empty());
        let sent = several().or_else(text).or_else(list)?;
        let meant = filter.means.iter().find(|(known, _)| *known == sent).map(|(_, kept)| kept.clone());
        Some((filter, meant.unwrap_or(sent)))
    });
    asked.filter(|(filter, value)| !filter.all.iter().any(|all| all.eq_ignore_ascii_case(value))).collect()
}

pub(super) fn list<'a>(sight: Sight<'a>, plan: &'a ListPlan, call: &Call<'_>) -> Page<'a> {
    let page = page_asked(plan, call);
    let last = plan.cursor.filter(|input| call.is_present(*input)).and_then(|input| call.text(input)).map(str::trim);
    match last.filter(|id| !id.is_empty() && *id != "0") {
        Some(last) => {
            let (size, number) = (page.size, page.number);
            let whole = listed(sight, plan, call, Page { number, ..Page::default() });
            after(whole, last, size, plan.newest_first)
        }
        None => listed(sight, plan, call, page),
    }
}

/// What comes after the record that was seen last; where that is gone, by the number of its id.
fn after<'a>(mut whole: Page<'a>, last: &str, size: Option<u64>, newest_first: bool) -> Page<'a> {
    let beyond = |record: &&Arc<Record>| match compare(&record.id, last) {
        Ordering::Less => newest_first,
        Ordering::Greater => !newest_first,
        Ordering::Equal => false,
    };
    let known = whole.items.iter().position(|record| *record.id == *last);
    let numbered = || last.parse::<f64>().ok().and_then(|_| whole.items.iter().position(beyond));
    let start = known.map(|at| at + 1).or_else(numbered).unwrap_or(whole.items.len());
    whole.items.drain(..start);
    whole.items.truncate(size.and_then(|size| usize::try_from(size).ok()).unwrap_or(usize::MAX));
    Page { size, start, ..whole }
}

fn listed<'a>(sight: Sight<'a>, plan: &'a ListPlan, call: &Call<'_>, mut found: Page<'a>) -> Page<'a> {
    let collection = sight.collection(plan.collection);
    let start = found.start;
    let most = found.size.map_or(usize::MAX, |size| usize::try_from(size).unwrap_or(usize::MAX));

    let filters = filters_asked(plan, call);
    let places: Vec<Cell<usize>> = filters.iter().map(|_| Cell::default()).collect();
    let keyword = keyword_asked(plan, call).map(Keyword::new);
    let texts = Texts::of(collection);
    let referred = keyword.as_ref().map_or_else(Vec::new, |keyword| referred(sight, collection, keyword));
    let authors: Vec<Option<Owner>> = filters.iter().map(|(filter, value)| author(sight, filter.kind, value)).collect();
    let told = plan.only_unless.is_some_and(|input| call.is_present(input));
    let only = plan.only.as_ref().filter(|_| !told);
    let of_accounts = collection.holds_accounts();
    let fits = |record: &Record| {
        if of_accounts && (record.mark == Mark::Deleted || collection.leaves_out(record)) {
            return false;
        }
        let status = only.map(|(field, values)| (text_of(sight.seen(plan.collection, record, field)), values));
        if status.is_some_and(|(status, values)| !values.iter().any(|value| value.scalar_text() == status)) {
            return false;
        }
        let mut filters = filters.iter().zip(&places).zip(&authors);
        filters.all(|(((filter, value), place), author)| match (filter.kind, author) {
            (FilterKind::Owner, Some(_)) => record.owner == *author,
            (FilterKind::OfTied(relation), _) => is_of_tied(sight, relation, record),
            // Whoever made a demonstration record is whom the example shows.
            (FilterKind::Owner, None) => {
                record.owner.is_none() && text_of(record.field(&filter.field)) == Some(value.as_str())
            }
            _ if collection.marked_by_readers().is_some_and(|(flag, _)| *flag == filter.field) => {
                let text = text_of(sight.seen(plan.collection, record, &filter.field));
                suits(filter.kind, text.unwrap_or_default(), value)
            }
            _ => match &filter.shown {
                Some(member) => {
                    let text = super::item::text(sight, member, plan.collection, record).unwrap_or_default();
                    suits(filter.kind, &text, value)
                }
                None => passes(collection, record, filter, value, place),
            },
        }) && keyword.as_ref().is_none_or(|keyword| match plan.keyword_in.as_slice() {
            [] => speaks_of(&texts, record, keyword, &referred),
            fields => holds_in(collection, fields, record, keyword),
        })
    };
    let Some(known) = sight.world.collection(&collection.name) else { return found };
    let take = |records: &mut dyn Iterator<Item = &'a Arc<Record>>, found: &mut Page<'a>| {
        for record in records {
            if found.total >= start && found.items.len() < most {
                found.items.push(record);
            }
            found.total += 1;
        }
    };
    if let Some(whose) = Whose::of(sight, plan, call) {
        let own = known.iter().filter(|record| whose.has(sight, collection, record));
        let mut all: Vec<&'a Arc<Record>> = own.filter(|record| fits(record)).collect();
        arrange(sight, &mut all, plan, call);
        take(&mut all.into_iter(), &mut found);
        return found;
    }
    let owner = owner_of(sight.caller);
    if order(plan, call).is_some() || !plan.orders.is_empty() {
        let unowned = collection.private || owner.is_none();
        let is_own = |record: &&Arc<Record>| !plan.mine || record.owner == owner || (record.owner.is_none() && unowned);
        let mut all: Vec<&'a Arc<Record>> = known.iter().filter(is_own).filter(|record| fits(record)).collect();
        arrange(sight, &mut all, plan, call);
        take(&mut all.into_iter(), &mut found);
        return found;
    }
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
        (false, _) if filters.is_empty() && keyword.is_none() && plan.only.is_none() && !of_accounts => {
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

/// Whether the caller is tied to the account that a record belongs to.
fn is_of_tied(sight: Sight<'_>, relation: usize, record: &Record) -> bool {
    record.owner.as_ref().is_some_and(|by| {
        let account = sight.world.record(COLLECTION, by.seq).filter(|_| *by.collection == *COLLECTION);
        account.is_some_and(|account| sight.tie(relation, &account.id).is_some())
    })
}

/// The account that a filter names.
fn author(sight: Sight<'_>, kind: FilterKind, id: &str) -> Option<Owner> {
    let account = sight.world.record_by_id(COLLECTION, id).filter(|_| kind == FilterKind::Owner)?;
    Some(owner(account))
}

/// Whose records are listed, where they are an account's that may be another than the caller's, or are not just those that
/// it made.
struct Whose<'a> {
    account: Option<&'a Arc<Record>>,
    /// The records are those that the account got.
    toward: Option<&'a str>,
    /// Only what went between it and the other.
    between: bool,
    other: Option<&'a Arc<Record>>,
    /// Where the records have two parties.
    party: Party,
}

impl<'a> Whose<'a> {
    fn of(sight: Sight<'a>, plan: &'a ListPlan, call: &Call<'_>) -> Option<Self> {
        let asked = plan.asked.as_ref().map(|asked| {
            let value = call.text(asked.input);
            let known = asked.values.iter().find(|(known, _)| value == Some(known.as_str()));
            known.map_or(asked.default, |(_, party)| *party)
        });
        let party = asked.unwrap_or(plan.party);
        if party != Party::Maker {
            let account = sight.caller.account.as_ref();
            return Some(Self { account, toward: None, between: false, other: None, party });
        }
        if plan.toward.is_none() && plan.of.is_none() && plan.with.is_none() {
            // Who works on what others make has what it took.
            let taker = sight.collection(plan.collection).taker.as_ref().filter(|_| plan.mine)?;
            let account = Some(super::taking::taker(sight.model, sight.caller, taker)?);
            return Some(Self {
                account,
                toward: Some(&taker.field),
                between: false,
                other: None,
                party: Party::Maker,
            });
        }
        let named = |input: Option<usize>| {
            let input = input.filter(|input| call.is_present(*input))?;
            call.text(input).map(|id| sight.world.record_by_id(COLLECTION, id))
        };
        let account = named(plan.of).unwrap_or(sight.caller.account.as_ref());
        let with = named(plan.with);
        let (between, other) = (with.is_some(), with.flatten());
        Some(Self { account, toward: plan.toward.as_deref(), between, other, party: Party::Maker })
    }

    fn has(&self, sight: Sight<'_>, collection: &Collection, record: &Record) -> bool {
        if let Some(has) = super::taking::has(collection, self.party, record, self.account)
            && self.party != Party::Maker
        {
            return has;
        }
        if let Some(known) = collection.counterpart.as_ref().filter(|_| self.party != Party::Maker) {
            let owner = self.account.map(|account| owner(account));
            return super::parties::has(&sight, known, self.party, record, owner.as_ref());
        }
        let by = |account: Option<&Arc<Record>>| account.is_some_and(|by| record.owner == Some(owner(by)));
        let to = |account: Option<&Arc<Record>>, field: &str| {
            account.is_some_and(|to| text_of(record.field(field)) == Some(&*to.id))
        };
        match self.toward {
            _ if self.between => collection.recipient.as_deref().is_some_and(|field| {
                (by(self.account) && to(self.other, field)) || (by(self.other) && to(self.account, field))
            }),
            Some(field) => to(self.account, field),
            None => by(self.account),
        }
    }
}

/// What the request asks to order by, and whether the greatest comes first.
fn order<'p>(plan: &'p ListPlan, call: &Call<'_>) -> Option<(&'p Order, bool)> {
    let sorting = plan.sorting.as_ref()?;
    let text = |input: usize| call.text(input).map(|text| text.trim().to_ascii_lowercase());
    let value = text(sorting.input)?;
    let order = sorting.orders.iter().find(|order| order.value.eq_ignore_ascii_case(&value))?;
    let way = sorting.direction.and_then(text);
    let told = sorting.ways.iter().find(|(known, _)| way.as_deref().is_some_and(|way| known.eq_ignore_ascii_case(way)));
    let descending = match way.as_deref() {
        _ if told.is_some() => told.is_some_and(|(_, descending)| *descending),
        Some("desc" | "descending" | "descend" | "-1") => true,
        Some("asc" | "ascending" | "ascend") => false,
        _ => order.descending,
    };
    Some((order, descending))
}

/// As the request asks, else as the documents say; of those alike the newest comes first where the newest do.
fn arrange<'a>(sight: Sight<'a>, records: &mut Vec<&'a Arc<Record>>, plan: &ListPlan, call: &Call<'_>) {
    let asked = order(plan, call);
    if asked.is_none() && plan.newest_first {
        records.reverse();
    }
    match asked {
        Some((order, descending)) => sort(sight, records, plan.collection, &[(order, descending)]),
        None => {
            let orders: Vec<(&Order, bool)> = plan.orders.iter().map(|order| (order, order.descending)).collect();
            sort(sight, records, plan.collection, &orders);
        }
    }
}

/// Those alike stay in the order in which they are.
fn sort<'a>(sight: Sight<'a>, records: &mut Vec<&'a Arc<Record>>, at: usize, orders: &[(&Order, bool)]) {
    let key = |record: &'a Arc<Record>, order: &Order| -> Cow<'a, str> {
        let Some(field) = &order.field else { return record.seq.to_string().into() };
        let text = shown(sight, order.shown.as_ref(), field, at, record);
        if order.first.is_empty() {
            return text;
        }
        let leads = order.first.iter().any(|value| value.scalar_text() == Some(&*text));
        if leads { "0" } else { "1" }.into()
    };
    let keys = |record: &&'a Arc<Record>| -> Vec<Cow<'a, str>> {
        orders.iter().map(|(order, _)| key(record, order)).collect()
    };
    let mut keyed: Vec<(Vec<Cow<'a, str>>, &'a Arc<Record>)> =
        records.drain(..).map(|record| (keys(&record), record)).collect();
    keyed.sort_by(|one, other| {
        let ways = one.0.iter().zip(&other.0).zip(orders).map(|((one, other), (_, descending))| {
            let way = compare(one, other);
            if *descending { way.reverse() } else { way }
        });
        ways.fold(Ordering::Equal, Ordering::then)
    });
    records.extend(keyed.into_iter().map(|(_, record)| record));
}

/// What a field of a record shows: what it keeps, or what is counted or lent where its items show that.
fn shown<'a>(
    sight: Sight<'a>,
    member: Option<&ItemMember>,
    field: &str,
    at: usize,
    record: &'a Record,
) -> Cow<'a, str> {
    match member.and_then(|member| super::item::text(sight, member, at, record)) {
        Some(text) => text.into(),
        None => text_of(record.field(field)).unwrap_or_default().into(),
    }
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

fn passes(collection: &Collection, record: &Record, filter: &Filter, value: &str, place: &Cell<usize>) -> bool {
    let own_id = || collection.id.key.as_ref().is_some_and(|key| *key == filter.field).then_some(&*record.id);
    let field = record.fields.get_near(&filter.field, place);
    if let Some(Json::Array(items)) = field {
        let holds = |piece: &str| items.iter().any(|item| item.scalar_text() == Some(piece));
        return holds(value) || of_several(value, filter.each, holds);
    }
    let text = text_of(field).or_else(own_id).unwrap_or("");
    if filter.kind == FilterKind::Among {
        return value.split(',').any(|id| *id == *record.id || id == text);
    }
    if filter.kind == FilterKind::Equal && text.contains([',', '，']) && text != value {
        let holds = |piece: &str| text.split([',', '，']).any(|own| own.trim() == piece);
        return holds(value) || of_several(value, filter.each, holds);
    }
    is_truth(field, value) && matches!(filter.kind, FilterKind::Equal) || suits(filter.kind, text, value)
}

/// `1,2`: whether one of several values that are sent is there, or each of them.
fn of_several(value: &str, each: bool, holds: impl Fn(&str) -> bool) -> bool {
    let mut pieces = value.split([',', '，']).map(str::trim).filter(|piece| !piece.is_empty()).peekable();
    let several = value.contains([',', '，']) && pieces.peek().is_some();
    several && if each { pieces.all(holds) } else { pieces.any(holds) }
}

fn suits(kind: FilterKind, text: &str, value: &str) -> bool {
    match kind {
        FilterKind::Equal => text == value || of_several(value, false, |piece| piece == text),
        FilterKind::Among | FilterKind::Owner | FilterKind::OfTied(_) => text == value,
        FilterKind::Contains => text.to_lowercase().contains(&value.to_lowercase()),
        FilterKind::Begins => text.starts_with(value),
        FilterKind::AtLeast => compare(text, value) != Ordering::Less,
        // The end of a span of days is the whole day.
        FilterKind::AtMost => compare(text, value) != Ordering::Greater || text.starts_with(value),
        FilterKind::Between => span(value)
            .is_none_or(|(least, most)| text.parse::<f64>().is_ok_and(|number| number >= least && number <= most)),
    }
}

/// `100-200`, `100~200` and `100,200`; an end that is left out is open.
fn span(value: &str) -> Option<(f64, f64)> {
    let (least, most) = value.split_once(['-', '~', ',', '_'])?;
    let end = |text: &str, open: f64| if text.trim().is_empty() { Some(open) } else { text.trim().parse().ok() };
    Some((end(least, f64::NEG_INFINITY)?, end(most, f64::INFINITY)?))
}

fn is_truth(field: Option<&Json>, value: &str) -> bool {
    matches!((field, value), (Some(Json::Bool(true)), "1") | (Some(Json::Bool(false)), "0"))
}

/// What a keyword is looked for in. Times, statuses, amounts and other records' ids are no texts: nobody who looks for `1`
/// means them.
struct Texts<'a> {
    collection: &'a Collection,
    /// Parallel to the collection's fields.
    is_text: Vec<bool>,
}

impl<'a> Texts<'a> {
    fn of(collection: &'a Collection) -> Self {
        let is_text = |field: &ItemField| {
            let other = matches!(field.role, Role::Time | Role::Status | Role::Amount);
            !other && collection.reference(&field.key).is_none()
        };
        Self { collection, is_text: collection.fields.iter().map(is_text).collect() }
    }

    fn hold(&self, record: &Record, keyword: &Keyword) -> bool {
        let fields = &self.collection.fields;
        record.fields.iter().enumerate().any(|(at, (key, value))| {
            // Most records have the fields of their collection in its order.
            let own = fields.get(at).filter(|field| field.key == *key).map(|_| at);
            let known = own.or_else(|| fields.iter().position(|field| field.key == *key));
            let is_text = known.and_then(|at| self.is_text.get(at)).copied().unwrap_or(true);
            is_text && value.as_str().is_some_and(|text| keyword.is_in(text))
        })
    }
}

/// Whether any text of a record, or of what it refers to, holds the keyword.
fn speaks_of(texts: &Texts<'_>, record: &Record, keyword: &Keyword, referred: &[(&str, HashSet<&str>)]) -> bool {
    texts.hold(record, keyword)
        || keyword.is_in(&record.id)
        || referred.iter().any(|(field, ids)| text_of(record.field(field)).is_some_and(|id| ids.contains(id)))
}

/// Whether one of these fields holds the keyword.
fn holds_in(collection: &Collection, fields: &[Arc<str>], record: &Record, keyword: &Keyword) -> bool {
    fields.iter().any(|field| {
        let id = (collection.id.key.as_ref() == Some(field)).then_some(&*record.id);
        id.or_else(|| text_of(record.field(field))).is_some_and(|text| keyword.is_in(text))
    })
}

/// The records that hold the keyword, by the fields that name them: found once, not once for each record that names one.
fn referred<'a>(sight: Sight<'a>, collection: &'a Collection, keyword: &Keyword) -> Vec<(&'a str, HashSet<&'a str>)> {
    let found = collection.references.iter().filter(|reference| !reference.many).filter_map(|reference| {
        let target = sight.collection(reference.collection);
        let all = sight.world.collection(&target.name)?;
        let texts = Texts::of(target);
        let holding = all.iter().filter(|record| texts.hold(record, keyword));
        let ids: HashSet<&str> = holding.map(|record| &*record.id).collect();
        (!ids.is_empty()).then_some((&*reference.field, ids))
    });
    found.collect()
}

/// Whether ids that an input names are all there.
pub(super) fn are_there(sight: Sight<'_>, at: usize, call: &Call<'_>, input: usize) -> bool {
    ids(call, input).iter().all(|id| sight.named(at, id).is_some_and(|record| sight.is_seen(at, record, false)))
}
