//! Which parts of a reply about records state decides.
//!
//! In: a success example and the endpoint's collection. Out: slots by their paths.

mod theirs;

use crate::behavior::account::others::is_flag;
use crate::behavior::collection::items::item::Items;
use crate::behavior::collection::items::seeing::told_of;
use crate::behavior::collection::items::shape::{self, Shown};
use crate::behavior::collection::lists::listing::Listing;
use crate::behavior::collection::nouns::noun::singular;
use crate::behavior::collection::sums::lines::chosen_flag;
use crate::behavior::collection::{Collection, ItemMember, ItemTemplate, Numbered, OnRecords};
use crate::behavior::{KeyedBy, Slot, StatusValue};
use crate::json::{Json, Step};
use crate::lexicon::{Lexicon, Operation, Role, compact, label_head};
use crate::spec::{DocSet, Endpoint, Example};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Of more numbers in an item no sums are sought.
const MOST_NUMBERS: usize = 8;

pub(in crate::behavior) struct Showing<'a> {
    pub(in crate::behavior) set: &'a DocSet,
    pub(in crate::behavior) lexicon: &'a Lexicon,
    pub(in crate::behavior) collections: &'a [Collection],
    pub(in crate::behavior) items: &'a Items<'a>,
    pub(in crate::behavior) endpoint: &'a Endpoint,
    pub(in crate::behavior) operation: Operation,
    pub(in crate::behavior) on: &'a OnRecords,
    pub(in crate::behavior) listing: Option<&'a Listing<'a>>,
}

impl Showing<'_> {
    pub(in crate::behavior) fn slots(&self, example: &Example) -> BTreeMap<Vec<Step>, Slot> {
        let mut slots = BTreeMap::new();
        let envelope = self.set.envelope(self.endpoint);
        let collection = self.on.collection;
        let shown = shape::of_example(envelope, example, self.lexicon);
        match (self.operation, shown) {
            (Operation::List, Shown::List { path, keyed }) => {
                let template = Arc::new(self.template_of_list(&example.value, &path));
                self.wrapper(example, &path, &template, &mut slots);
                let keyed = keyed.then(|| self.keyed_by(&example.value, &path));
                slots.insert(path, Slot::Items { template, keyed });
            }
            (Operation::List, _) => {
                // `"data": []` shows an empty list.
                if let Some((path, Json::Array(items))) = shape::data(envelope, &example.value)
                    && items.is_empty()
                {
                    let template = Arc::new(self.template_of_list(&example.value, &path));
                    slots.insert(path, Slot::Items { template, keyed: None });
                }
            }
            (Operation::Count, Shown::Numbers { path } | Shown::Item { path }) => {
                self.counts(example, &path, &mut slots);
            }
            (Operation::Count, Shown::Scalar { path }) => {
                let only = self.counted_status(&self.endpoint.title, collection);
                slots.insert(path, Slot::Counted { collection, mine: false, only });
            }
            (Operation::Create | Operation::Save, Shown::Scalar { path })
                if example.value.at(&path).is_some_and(|value| is_new_id(example, &path, value, self.lexicon)) =>
            {
                slots.insert(path, Slot::RecordId);
            }
            (_, Shown::Item { path } | Shown::Numbers { path }) => {
                if let Some((here, slot)) = self.counted_then(example, &path) {
                    slots.insert(here, slot);
                } else if let Some(item) = example.value.at(&path) {
                    let skip = shape::envelope_members(envelope, &example.value, &path);
                    let target = self.collections[collection].relation.as_ref();
                    let at = target.map_or(collection, |relation| relation.target);
                    let mut template = self.items.template(at, item, &skip);
                    self.left_then(example, &path, &mut template);
                    self.of_own_tie(&mut template);
                    self.give(collection, &mut template);
                    slots.insert(path, Slot::Item(Arc::new(template)));
                }
            }
            _ => {}
        }
        slots
    }

    /// `{"cart_count": 3}` of what is put into a basket, `{"deleted": 2}` of what is removed: the one number that is answered.
    fn counted_then(&self, example: &Example, path: &[Step]) -> Option<(Vec<Step>, Slot)> {
        let members = example.value.at(path)?.as_object()?;
        let skip = shape::envelope_members(self.set.envelope(self.endpoint), &example.value, path);
        let mut own = members.iter().filter(|(key, _)| !skip.contains(key));
        let (key, value) = own.next().filter(|_| own.next().is_none())?;
        value.scalar_text()?.parse::<u32>().ok()?;
        let here: Vec<Step> = path.iter().cloned().chain([Step::Key(Arc::clone(key))]).collect();
        let slot = match self.operation {
            Operation::Delete if self.lexicon.is_named("affected-count", key) => Some(Slot::Affected),
            _ if self.collections[self.on.collection].basket.is_some() => {
                self.items.owned_count(key, comment(example, &here, key), value)
            }
            _ => None,
        };
        Some((here, slot?))
    }

    /// The first item of the example is the form of all; of an empty one what else is known of its records.
    fn template_of_list(&self, value: &Json, path: &[Step]) -> ItemTemplate {
        let collection = self.on.collection;
        let back = self.collections[collection].relation.as_ref().is_some_and(|relation| {
            let to_accounts = self.collections.get(relation.target).is_some_and(Collection::holds_accounts);
            to_accounts && self.listing.is_some_and(|listing| listing.is_back(relation))
        });
        let back = back || self.listing.is_some_and(Listing::is_roster);
        if let Some((_, item)) = shape::items(value, path).first() {
            if back {
                return self.items.tied_owners(collection, item);
            }
            return self.items.template(collection, item, &[]);
        }
        let known = &self.collections[collection];
        let key = known.id.key.clone().unwrap_or_else(|| "id".into());
        let mut members = vec![(key, known.id.example.clone().unwrap_or_else(|| Json::Number("1".into())))];
        members.extend(known.fields.iter().map(|field| (Arc::clone(&field.key), field.example.clone())));
        self.items.template(collection, &Json::Object(members), &[])
    }

    /// The member whose value each item's key is, if it is not the id.
    fn keyed_by(&self, value: &Json, path: &[Step]) -> KeyedBy {
        let known = &self.collections[self.on.collection];
        let first = value.at(path).and_then(Json::as_object).and_then(|members| members.first());
        let named = first.and_then(|(key, item)| {
            let mut members = item.as_object()?.iter();
            members.find(|(_, value)| value.scalar_text() == Some(&**key)).map(|(name, _)| Arc::clone(name))
        });
        match named {
            Some(name) if known.id.key.as_ref() != Some(&name) && known.field(&name).is_some() => KeyedBy::Field(name),
            _ => KeyedBy::Id,
        }
    }

    /// What stands beside a list, and beside what holds it.
    fn wrapper(
        &self,
        example: &Example,
        path: &[Step],
        template: &ItemTemplate,
        slots: &mut BTreeMap<Vec<Step>, Slot>,
    ) {
        let Some(listing) = self.listing else { return };
        let value = &example.value;
        for depth in 0..path.len() {
            let before = &path[..depth];
            let own = shape::envelope_members(self.set.envelope(self.endpoint), value, before);
            for (key, inner) in value.at(before).and_then(Json::as_object).unwrap_or_default() {
                let here: Vec<Step> = before.iter().cloned().chain([Step::Key(Arc::clone(key))]).collect();
                if path.starts_with(&here) || own.contains(key) {
                    continue;
                }
                // `page: {total, pages}` beside the list.
                for (inner_key, scalar) in inner.as_object().unwrap_or_default() {
                    let mut deeper = here.clone();
                    deeper.push(Step::Key(Arc::clone(inner_key)));
                    if let Some(slot) = self.beside(template, example, (path, &deeper), (inner_key, scalar)) {
                        slots.insert(deeper, slot);
                    }
                }
                if let Some(slot) = self.told_beside(template, example, (path, &here), (key, inner)) {
                    slots.insert(here, slot);
                    continue;
                }
                let sole = || {
                    let list = path.get(depth).and_then(|step| match step {
                        Step::Key(list) => Some(list),
                        Step::Index(_) => None,
                    })?;
                    let members = value.at(before)?.as_object()?;
                    // What a remark tells to be in some status is no total: `wd // 未读几条` beside it.
                    let is_told = |name: &Arc<str>| {
                        let at: Vec<Step> = before.iter().cloned().chain([Step::Key(Arc::clone(name))]).collect();
                        let words = example.comments.iter().find(|note| note.path == at);
                        words.is_some_and(|note| self.counted_status(&note.text, self.on.collection).is_some())
                    };
                    let left: Vec<(Arc<str>, Json)> =
                        members.iter().filter(|(name, _)| !is_told(name)).cloned().collect();
                    let number = shape::sole_number(&left, list)?;
                    (number == *key && own.is_empty()).then_some(Numbered::Total)
                };
                let about = listing.about(key).or_else(sole);
                // `"total": "$60.00"` counts nothing.
                let counts = inner
                    .as_str()
                    .is_none_or(|text| text.is_empty() || text.parse::<i64>().is_ok() || text.parse::<bool>().is_ok());
                if let Some(number) = about.filter(|_| inner.is_scalar() && *inner != Json::Null && counts) {
                    slots.insert(here, Slot::Listed(number));
                }
            }
        }
    }

    /// A number in an object beside a list: what it comes to, or what there is to say of its pages.
    fn beside(
        &self,
        template: &ItemTemplate,
        example: &Example,
        (path, here): (&[Step], &[Step]),
        (key, shown): (&Arc<str>, &Json),
    ) -> Option<Slot> {
        let listed = || self.listing.and_then(|listing| listing.about(key)).map(Slot::Listed);
        let told = self.told_beside(template, example, (path, here), (key, shown));
        told.or_else(listed).filter(|_| shown.is_scalar())
    }

    /// A number beside a list that its items come to, or that counts those in one status.
    fn told_beside(
        &self,
        template: &ItemTemplate,
        example: &Example,
        (path, here): (&[Step], &[Step]),
        (key, shown): (&Arc<str>, &Json),
    ) -> Option<Slot> {
        let comment = comment(example, here, key);
        let items = shape::items(&example.value, path);
        let sum = self.summed(template, key, comment, shown).or_else(|| self.adds_up(&items, key, comment, shown));
        // `unread` beside the messages.
        let in_status = || {
            shown.scalar_text()?.parse::<u64>().ok()?;
            let collection = self.on.collection;
            let only = self.counted_status(&format!("{key} {comment}"), collection)?;
            Some(Slot::Counted { collection, mine: false, only: Some(only) })
        };
        sum.or_else(in_status)
    }

    /// `totalnum 总件数`, `amount 合计` beside a list whose items have a number and a price.
    fn summed(&self, template: &ItemTemplate, key: &str, comment: &str, shown: &Json) -> Option<Slot> {
        let collection = self.on.collection;
        if !shown.is_scalar() {
            return None;
        }
        let members = || template.members.iter().filter(|member| member.example.is_scalar());
        let label = |member: &ItemMember| {
            let field = self.collections[collection].field(&member.key);
            field.map_or("", |field| label_head(&field.words))
        };
        // `"amount": "328.50"` is money, and counts no pieces.
        let whole = |member: &&ItemMember| !member.example.scalar_text().is_some_and(|text| text.contains('.'));
        // The `amount` of an entry is money as well.
        let is_money = |member: &ItemMember| {
            let field = self.collections[collection].field(&member.key);
            field.is_some_and(|field| field.role == Role::Amount)
        };
        let quantity = members().filter(whole).find(|member| {
            (self.lexicon.is_named("quantity", &member.key) && !is_money(member))
                || self.lexicon.is_nothing_but("quantity", label(member))
        })?;
        let is = |topic: &str| self.lexicon.is_named(topic, key) || self.lexicon.speaks_of(topic, comment);
        // What is not chosen is not to be paid.
        let chosen = chosen_flag(&self.collections[collection], self.lexicon);
        if is("sum-quantity") {
            // `勾选的总件数`
            let only = chosen.filter(|_| self.lexicon.speaks_of("chosen-word", comment));
            return Some(Slot::Summed { collection, fields: vec![Arc::clone(&quantity.key)], only });
        }
        let priced = |member: &&ItemMember| {
            let field = self.collections[collection].field(&member.key);
            field.is_some_and(|field| field.role == Role::Amount && !self.lexicon.speaks_of("sum-amount", &field.words))
        };
        let named = members().find(|member| compact(&member.key).ends_with("price"));
        let price = named.or_else(|| members().find(priced))?;
        let fields = vec![Arc::clone(&price.key), Arc::clone(&quantity.key)];
        // A `total` with decimals counts no lines.
        let decimal = shown.scalar_text().is_some_and(|text| text.contains('.') && text.parse::<f64>().is_ok());
        let sums = is("sum-amount") || (decimal && self.lexicon.is_named("amount-of-all", key));
        sums.then_some(Slot::Summed { collection, fields, only: chosen })
    }

    /// A number beside a list that is what the example's items come to, whatever it is called: one member over all, or two
    /// multiplied.
    fn adds_up(&self, items: &[(Vec<Step>, &Json)], key: &str, comment: &str, shown: &Json) -> Option<Slot> {
        let collection = self.on.collection;
        let number = |value: &Json| value.scalar_text().and_then(|text| text.parse::<f64>().ok());
        let sum = number(shown)?;
        let members = items.first()?.1.as_object()?.iter().map(|(name, _)| name);
        let fits = |name: &&Arc<str>| {
            let field = self.collections[collection].field(name);
            let role = field.map_or(Role::Plain, |field| field.role);
            !shape::is_id(name)
                && matches!(role, Role::Plain | Role::Amount | Role::PageSize)
                && items.iter().all(|(_, item)| item.get(name).and_then(number).is_some_and(|number| number >= 0.0))
        };
        let numbers: Vec<&Arc<str>> = members.filter(fits).take(MOST_NUMBERS).collect();
        let chosen = chosen_flag(&self.collections[collection], self.lexicon);
        let counted = |item: &Json| {
            let up = |flag: &Arc<str>| matches!(item.get(flag).and_then(Json::scalar_text), Some("1" | "true"));
            chosen.as_ref().is_none_or(up)
        };
        let of = |item: &Json, name: &str| item.get(name).and_then(number).unwrap_or(0.0);
        let over = |value: &dyn Fn(&Json) -> f64| {
            items.iter().map(|(_, item)| *item).filter(|item| counted(item)).map(value).sum::<f64>()
        };
        let is_sum = |value: &dyn Fn(&Json) -> f64| (over(value) - sum).abs() < 1e-6;
        let about = self.listing.and_then(|listing| listing.about(key)).is_some();
        let told = ["sum-amount", "sum-quantity", "amount-of-all"]
            .iter()
            .any(|topic| (!about && self.lexicon.is_named(topic, key)) || self.lexicon.speaks_of(topic, comment));
        // How many pieces are in a basket, where the example shows that it is not the lines that are counted.
        let lines = u32::try_from(items.len()).map_or(0.0, f64::from);
        if self.collections[collection].basket.is_some() && (lines - sum).abs() > 0.5 {
            let is_count = |name: &&Arc<str>| self.lexicon.is_named("quantity", name);
            if let Some(pieces) = numbers.iter().copied().filter(is_count).find(|name| is_sum(&|item| of(item, name))) {
                return Some(Slot::Summed { collection, fields: vec![Arc::clone(pieces)], only: chosen });
            }
        }
        // How many there are can be what some numbers come to.
        if about && !told && !shown.scalar_text().is_some_and(|text| text.contains('.')) {
            return None;
        }
        for (at, one) in numbers.iter().enumerate() {
            for other in &numbers[at + 1..] {
                // Where either is one, the product says no more than the other.
                let telling = items.iter().any(|(_, item)| of(item, one) > 1.0 && of(item, other) > 1.0);
                if telling && is_sum(&|item| of(item, one) * of(item, other)) {
                    let fields = vec![Arc::clone(one), Arc::clone(other)];
                    return Some(Slot::Summed { collection, fields, only: chosen });
                }
            }
        }
        // Of one item any number may be the same by chance; money that is called a sum is none.
        let is_money = |name: &Arc<str>| {
            let field = self.collections[collection].field(name);
            field.is_some_and(|field| field.role == Role::Amount)
        };
        let enough = |one: &Arc<str>| told && (items.len() > 1 || is_money(one));
        let one = numbers.into_iter().find(|one| enough(one) && is_sum(&|item| of(item, one)))?;
        Some(Slot::Summed { collection, fields: vec![Arc::clone(one)], only: chosen })
    }

    fn counts(&self, example: &Example, path: &[Step], slots: &mut BTreeMap<Vec<Step>, Slot>) {
        let own = shape::envelope_members(self.set.envelope(self.endpoint), &example.value, path);
        for (key, value) in example.value.at(path).and_then(Json::as_object).unwrap_or_default() {
            let number = value.scalar_text().is_some_and(|text| text.parse::<u64>().is_ok());
            if !number || own.contains(key) {
                continue;
            }
            let mut here = path.to_vec();
            here.push(Step::Key(Arc::clone(key)));
            let comment = example.comments.iter().find(|note| note.path == here);
            let words = format!("{key} {}", comment.map_or("", |note| note.text.as_str()));
            let stem = singular(key);
            if let Some(collection) = self.items.tied_count(&compact(key), &words) {
                slots.insert(here, Slot::Counted { collection, mine: true, only: None });
                continue;
            }
            // `待上课数`: whose status that is is what is counted.
            let by_status = || {
                let mut owned = self.collections.iter().enumerate().filter(|(_, known)| known.owned);
                owned.find_map(|(at, _)| self.counted_status(&words, at).map(|_| at))
            };
            let other = self.collections.iter().position(|known| {
                known.names.iter().any(|name| stem.starts_with(name.as_str()) || stem.ends_with(name.as_str()))
                    || known.titles.iter().any(|title| words.contains(title.as_str()))
            });
            let other = other.or_else(by_status);
            let collection = other.unwrap_or(self.on.collection);
            // `公告总数，没发布的也算`: all of them.
            let all = self.lexicon.speaks_of("counted-too", &words);
            let only =
                Some(&words).filter(|_| !all).and_then(|words| self.counted_status(words, collection)).or_else(|| {
                    self.counted_status(&self.endpoint.title, collection)
                        .filter(|_| example.value.at(path).and_then(Json::as_object).is_some_and(|all| all.len() == 1))
                });
            let plain = only.is_some() || other.is_some() || self.listing_words(key);
            if plain {
                slots.insert(here, Slot::Counted { collection, mine: false, only });
            }
        }
    }

    fn listing_words(&self, key: &str) -> bool {
        self.lexicon.is_named("total", key) || self.lexicon.is_named("all-values", key)
    }

    /// The status that words count: `待付款数量`, `unread`.
    fn counted_status(&self, words: &str, collection: usize) -> Option<(Arc<str>, Vec<Json>)> {
        let words = words.to_lowercase();
        let synonyms = |head: &str| self.lexicon.verbs().synonyms(head);
        let spelled: String = words.chars().filter(|c| c.is_alphanumeric()).collect();
        let head = |value: &StatusValue| label_head(&value.words).to_lowercase();
        let says = |value: &StatusValue| head(value).chars().count() >= 2 && words.contains(head(value).as_str());
        let means = |value: &StatusValue| {
            synonyms(&head(value)).iter().any(|other| {
                let other: String = other.chars().filter(|c| c.is_alphanumeric()).collect();
                other.len() >= 4 && spelled.contains(other.as_str())
            })
        };
        // Its own words come before what only means the same.
        let machines = &self.collections[collection].machines;
        let find = |test: &dyn Fn(&StatusValue) -> bool| {
            machines.iter().find_map(|machine| {
                let found = machine.values.iter().find(|value| test(value));
                found.map(|value| (Arc::clone(&machine.field), vec![value.value.clone()]))
            })
        };
        find(&says).or_else(|| find(&means)).or_else(|| self.unread(&words, collection))
    }

    /// `unread` where `is_read` has no words for its values.
    fn unread(&self, words: &str, collection: usize) -> Option<(Arc<str>, Vec<Json>)> {
        self.lexicon.speaks_of("unread", words).then_some(())?;
        let mut fields = self.collections[collection].fields.iter();
        let flag = fields.find(|field| self.lexicon.is_named("read-flag", &field.key) && is_flag(&field.example))?;
        let no = match flag.example {
            Json::Bool(_) => Json::Bool(false),
            _ => flag.example.in_form("0"),
        };
        Some((Arc::clone(&flag.key), vec![no]))
    }
}

/// What is written beside a member, or of it among others beside the object that holds it.
pub(super) fn comment<'e>(example: &'e Example, here: &[Step], key: &str) -> &'e str {
    let at =
        |path: &[Step]| example.comments.iter().filter(|note| note.path == path).map(|note| note.text.as_str()).next();
    let holder = here.get(..here.len().saturating_sub(1)).unwrap_or_default();
    let members = || example.value.at(holder).and_then(Json::as_object).unwrap_or_default();
    let names = || members().iter().map(|(name, _)| name);
    let own = at(here).map(|text| told_of(text, key, names()).unwrap_or(text));
    let beside = || {
        members().iter().find_map(|(name, _)| {
            let path: Vec<Step> = holder.iter().cloned().chain([Step::Key(Arc::clone(name))]).collect();
            told_of(at(&path)?, key, names())
        })
    };
    let around = || (0..=holder.len()).rev().find_map(|depth| told_of(at(&holder[..depth])?, key, names()));
    own.or_else(around).or_else(beside).unwrap_or("")
}

/// A number, or letters and digits with a digit among them.
/// Whether a bare value is the new record's id. `1` says that it went well, unless a comment calls it an id.
pub(in crate::behavior) fn is_new_id(example: &Example, path: &[Step], value: &Json, lexicon: &Lexicon) -> bool {
    let called = || {
        let mut notes = example.comments.iter().filter(|note| note.path == path);
        notes.any(|note| lexicon.role("", &note.text).is_some_and(|(role, _)| role == Role::RecordId))
    };
    is_id_like(value) && (!matches!(value.scalar_text(), Some("0" | "1")) || called())
}

fn is_id_like(value: &Json) -> bool {
    value.scalar_text().is_some_and(|text| {
        text.bytes().any(|byte| byte.is_ascii_digit())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    })
}
