//! What a new order is made up of: lines of a basket, a list that is sent, or one thing that is named.
//!
//! In: an endpoint that makes records, and the collections. Out: `Lines`. Does not know the records: which lines there are
//! is seen when an order is made.

use super::price_of;
use super::{baskets, voucher};
use crate::behavior::collection::Collection;
use crate::behavior::collection::items::gather::{Gathering, Member, is_data, key_for};
use crate::behavior::collection::items::referred::field_of;
use crate::behavior::collection::items::shape;
use crate::behavior::collection::nouns::noun::id_stem;
use crate::json::Json;
use crate::lexicon::{Lexicon, Operation};
use std::rc::Rc;
use std::sync::Arc;

/// The lines of a new record, each a number of one thing.
#[derive(Clone, Debug, PartialEq)]
pub struct Lines {
    pub from: LinesFrom,
    /// The collection of the things, and their price.
    pub things: usize,
    pub price: Arc<str>,
    /// The fields of a line that name its thing and say how many.
    pub reference: Arc<str>,
    pub count: Option<Arc<str>>,
    /// The field of the record that keeps the lines, and what it keeps of each.
    pub kept: Arc<str>,
    pub members: Vec<LineMember>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum LinesFrom {
    /// The caller's records of a collection: those that an input names, else those that are chosen, else all.
    Basket { collection: usize, input: Option<usize>, chosen: Option<Arc<str>> },
    /// A list of objects that an input brings.
    Sent(usize),
    /// One thing, and how many.
    One { input: usize, quantity: Option<usize> },
}

/// A member of a line as the record keeps it.
#[derive(Clone, Debug, PartialEq)]
pub struct LineMember {
    pub key: Arc<str>,
    pub example: Json,
    pub shows: LineShows,
}

#[derive(Clone, Debug, PartialEq)]
pub enum LineShows {
    /// The thing's id.
    Id,
    Count,
    /// The price, times how many.
    Total,
    /// What the line has of that name, else this field of the thing.
    Copied(Option<Arc<str>>),
}

/// The field of a basket's lines that says whether a line is to be ordered.
pub(in crate::behavior) fn chosen_flag(collection: &Collection, lexicon: &Lexicon) -> Option<Arc<str>> {
    let mut fields = collection.fields.iter();
    fields.find(|field| lexicon.is_named("chosen-flag", &field.key)).map(|field| Arc::clone(&field.key))
}

/// The form of the lines that records keep: the field, and its members with examples.
type Form = (Arc<str>, Vec<Member>);

impl Gathering<'_> {
    /// Where the lines of the records that an endpoint makes come from.
    pub(in crate::behavior) fn lines(&self, maker: usize, at: usize, all: &[Collection]) -> Option<Lines> {
        if self.operations[maker] != Operation::Create || all[at].relation.is_some() || all[at].basket.is_some() {
            return None;
        }
        self.sent_lines(maker, at, all)
            .or_else(|| self.basket_lines(maker, at, all))
            .or_else(|| self.one_line(maker, at, all))
    }

    pub(in crate::behavior::collection) fn sent_lines(
        &self,
        maker: usize,
        at: usize,
        all: &[Collection],
    ) -> Option<Lines> {
        let params = &self.endpoint(maker).params;
        self.inputs[maker].iter().zip(params).enumerate().find_map(|(input, (known, param))| {
            if !is_data(known, param.is_told()) {
                return None;
            }
            let kept = key_for(&all[at], known).unwrap_or_else(|| Arc::clone(&known.name));
            let parse =
                |text: &str| serde_json::from_str::<serde_json::Value>(text).ok().map(|value| Json::from(&value));
            let example = param.default.as_deref().and_then(parse);
            let shown = all[at].fields.iter().find(|field| field.key == kept).map(|field| &field.example);
            let members = [example.as_ref(), shown].into_iter().flatten().find_map(first_object)?;
            let (reference, things) = members.iter().find_map(|(key, _)| {
                let stem = id_stem(key).filter(|_| shape::is_id(key))?;
                let found = all.iter().position(|known| known.is_called(&stem) && known.relation.is_none())?;
                price_of(&all[found]).map(|_| (Arc::clone(key), found))
            })?;
            let count = members.iter().map(|(key, _)| key).find(|key| self.lexicon.is_named("quantity", key));
            let form = self.form(at, all, things).filter(|(field, _)| *field == kept);
            let form = form.unwrap_or_else(|| (kept, members.to_vec()));
            self.lines_of(LinesFrom::Sent(input), things, (reference, count.cloned()), form, all)
        })
    }

    fn basket_lines(&self, maker: usize, at: usize, all: &[Collection]) -> Option<Lines> {
        let lexicon = self.lexicon;
        let is_source = |basket: &Collection| basket.basket.as_ref().is_some_and(|known| known.orders.contains(&maker));
        let basket = all.iter().position(is_source)?;
        let input = self.naming(maker, &all[at], basket);
        let line = &all[basket];
        let reference = line.references.iter().find(|reference| price_of(&all[reference.collection]).is_some())?;
        let count = baskets::number(line, lexicon)
            .or_else(|| line.fields.iter().find(|field| lexicon.is_named("quantity", &field.key)));
        let things = reference.collection;
        let from = LinesFrom::Basket { collection: basket, input, chosen: chosen_flag(line, lexicon) };
        let names = (Arc::clone(&reference.field), count.map(|field| Arc::clone(&field.key)));
        let form = self.form(at, all, things).unwrap_or_else(|| ("items".into(), Vec::new()));
        self.lines_of(from, things, names, form, all)
    }

    /// What names one thing is shown as one line where the others are.
    fn one_line(&self, maker: usize, at: usize, all: &[Collection]) -> Option<Lines> {
        let inputs = self.inputs[maker].iter().enumerate();
        let (input, key, things) = inputs.clone().find_map(|(input, known)| {
            let key = key_for(&all[at], known)?;
            let reference = all[at].reference(&key).filter(|reference| !reference.many)?;
            let things = reference.collection;
            let is_thing = price_of(&all[things]).is_some() && voucher::voucher(&all[things], self.lexicon).is_none();
            is_thing.then_some((input, key, things))
        })?;
        let form = self.form(at, all, things)?;
        let mut counts = inputs.filter(|(_, known)| self.lexicon.is_named("quantity", &known.name));
        let quantity = counts.next().map(|(at, _)| at);
        let count = quantity.map(|input| Arc::clone(&self.inputs[maker][input].name));
        self.lines_of(LinesFrom::One { input, quantity }, things, (key, count), form, all)
    }

    fn lines_of(
        &self,
        from: LinesFrom,
        things: usize,
        (reference, count): (Arc<str>, Option<Arc<str>>),
        (kept, members): Form,
        all: &[Collection],
    ) -> Option<Lines> {
        let lexicon = self.lexicon;
        let thing = &all[things];
        let price = price_of(thing)?;
        let named_by = Arc::clone(&reference);
        let counts: Vec<Arc<str>> =
            members.iter().map(|(key, _)| key).filter(|key| lexicon.is_named("quantity", key)).cloned().collect();
        let members = members.into_iter().map(|(key, example)| {
            let field = field_of(thing, &key, lexicon);
            let is_sum = ["sum-amount", "amount-of-all"].iter().any(|topic| lexicon.is_named(topic, &key));
            // `amount` beside a `count` is no number of pieces.
            let other_counts = counts.iter().any(|count| *count != key);
            let named = id_stem(&key).is_some_and(|stem| shape::is_id(&key) && thing.is_called(&stem));
            let shows = match () {
                () if named || key == named_by => LineShows::Id,
                () if is_sum && other_counts && field.is_none() => LineShows::Total,
                () if lexicon.is_named("quantity", &key) => LineShows::Count,
                () if is_sum && field.is_none() => LineShows::Total,
                () => LineShows::Copied(field),
            };
            LineMember { key, example, shows }
        });
        Some(Lines { from, things, price, reference, count, kept, members: members.collect() })
    }

    /// How the records of a collection show lines that name these things.
    pub(in crate::behavior::collection) fn form(&self, at: usize, all: &[Collection], things: usize) -> Option<Form> {
        let lexicon = self.lexicon;
        let thing = &all[things];
        let is_line = |members: &[(Arc<str>, Json)]| {
            let named = |key: &str| id_stem(key).is_some_and(|stem| shape::is_id(key) && thing.is_called(&stem));
            let has = |test: &dyn Fn(&str) -> bool| members.iter().any(|(key, _)| test(key));
            let shown = members.iter().filter(|(key, _)| field_of(thing, key, lexicon).is_some()).count();
            let counted = || has(&|key| lexicon.is_named("quantity", key));
            shown > 2 || (shown > 0 && (has(&named) || counted()))
        };
        let field = all[at].fields.iter().find(|field| first_object(&field.example).is_some_and(is_line))?;
        let mut members = Vec::clone(&self.members_of_lines(at, &field.key));
        add_members(&mut members, first_object(&field.example));
        Some((Arc::clone(&field.key), members))
    }

    /// The members of all lines that examples show under one key of a collection's records.
    fn members_of_lines(&self, at: usize, key: &Arc<str>) -> Rc<Vec<Member>> {
        let asked = (at, Arc::clone(key));
        if let Some(known) = self.asked.lines.borrow().get(&asked) {
            return Rc::clone(known);
        }
        let mut members = Vec::new();
        for sight in self.groups.get(at).into_iter().flat_map(|group| self.sights(group)) {
            add_members(&mut members, sight.item.get(key).and_then(first_object));
        }
        let members = Rc::new(members);
        self.asked.lines.borrow_mut().insert(asked, Rc::clone(&members));
        members
    }
}

/// Those of another object that there are none of yet.
fn add_members(members: &mut Vec<Member>, more: Option<&[Member]>) {
    for (key, example) in more.unwrap_or_default() {
        if !members.iter().any(|(known, _)| known == key) {
            members.push((Arc::clone(key), example.clone()));
        }
    }
}

fn first_object(list: &Json) -> Option<&[(Arc<str>, Json)]> {
    match list {
        Json::Array(items) => items.first()?.as_object(),
        _ => None,
    }
}
