//! The order of a list, where the documents tell it and its items show what it goes by.

use super::{Asked, Listed, Nonsense};
use crate::behavior::ListPlan;
use crate::behavior::collection::Order;
use crate::behavior::collection::items::example_forms::time_form;
use crate::behavior::collection::{Collection, Initial};
use crate::json::Json;
use crate::scenario::fill::Decimal;
use serde_json::Value;
use std::cmp::Ordering;

pub(super) fn wrong(
    plan: &ListPlan,
    collection: &Collection,
    asked: &Asked<'_>,
    listed: &Listed<'_>,
) -> Option<Nonsense> {
    let sorting = plan.sorting.as_ref();
    let value = sorting.and_then(|sorting| asked.text(sorting.input));
    let wanted = sorting.zip(value).and_then(|(sorting, value)| {
        let is_plain = asked.lacks(sorting.direction);
        sorting.orders.iter().find(|order| is_plain && order.value.eq_ignore_ascii_case(value))
    });
    let is_usual = asked.lacks(sorting.map(|sorting| sorting.input)) && plan.ordered_because.is_some();
    let orders: &[Order] = match wanted {
        Some(order) => std::slice::from_ref(order),
        None if is_usual => &plan.orders,
        None => return None,
    };
    let ways: Vec<Way<'_>> = orders.iter().map_while(|order| Way::of(order, collection, listed.items)).collect();
    let (first, at) = ways.first().zip(misplaced(&ways, listed.items))?;
    // Which of several times is meant is not for sure: one that is in order will do.
    if first.is_time && other_times(listed.items, first).any(|way| misplaced(&[way], listed.items).is_none()) {
        return None;
    }
    let shown = |at: usize| listed.items[at][first.key].to_string();
    let got = format!("{} {} before {}", first.key, shown(at - 1), shown(at));
    let told = orders.iter().map(Order::describe).collect::<Vec<_>>().join(", then ");
    let because = plan.ordered_because.as_ref().filter(|_| wanted.is_none());
    Some(Nonsense {
        place: because.map(|because| because.place),
        because: because.map(|because| because.text.clone()).unwrap_or_default(),
        ..Nonsense::new(&listed.at, told, got)
    })
}

/// What is compared, and which way round.
struct Way<'k> {
    key: &'k str,
    descending: bool,
    /// Those come first, whatever else they hold.
    first: &'k [Json],
    is_time: bool,
}

impl<'k> Way<'k> {
    /// None where not every item shows something that can be compared.
    fn of(order: &'k Order, collection: &'k Collection, items: &[Value]) -> Option<Self> {
        let made = || {
            let mut times = collection.fields.iter().filter(|field| field.initial == Initial::Now && !field.is_updated);
            times.next().filter(|_| times.next().is_none()).map(|field| &*field.key)
        };
        let shown = order.shown.as_ref().map(|member| &*member.key);
        let key = shown.or(order.field.as_deref()).or_else(made)?;
        let is_time = items.iter().all(|item| time_form(&Json::from(&item[key])).is_some());
        let is_number = || items.iter().all(|item| number(&item[key]).is_some());
        let is_told = || items.iter().all(|item| text(&item[key]).is_some());
        let can_be = if order.first.is_empty() { is_time || is_number() } else { is_told() };
        can_be.then_some(Self { key, descending: order.descending, first: &order.first, is_time })
    }

    fn compare(&self, one: &Value, other: &Value) -> Ordering {
        let (one, other) = (&one[self.key], &other[self.key]);
        let way = if self.first.is_empty() {
            match (number(one), number(other)) {
                (Some(one), Some(other)) => {
                    let less = one.and(other, true);
                    less.map_or(Ordering::Equal, |less| match (less.is_zero(), less.is_negative()) {
                        (true, _) => Ordering::Equal,
                        (false, true) => Ordering::Less,
                        (false, false) => Ordering::Greater,
                    })
                }
                _ => text(one).cmp(&text(other)),
            }
        } else {
            let leads = |value: &Value| self.first.iter().any(|first| first.scalar_text() == text(value).as_deref());
            leads(other).cmp(&leads(one))
        };
        if self.descending { way.reverse() } else { way }
    }
}

/// The first item that should stand before the one before it.
fn misplaced(ways: &[Way<'_>], items: &[Value]) -> Option<usize> {
    let compare =
        |pair: &[Value]| ways.iter().map(|way| way.compare(&pair[0], &pair[1])).fold(Ordering::Equal, Ordering::then);
    items.windows(2).position(|pair| compare(pair) == Ordering::Greater).map(|at| at + 1)
}

/// The other times that all items show.
fn other_times<'v>(items: &'v [Value], first: &Way<'v>) -> impl Iterator<Item = Way<'v>> {
    let (name, descending) = (first.key, first.descending);
    let members = items.first().and_then(Value::as_object).into_iter().flatten();
    members.filter_map(move |(key, _)| {
        let is_time = items.iter().all(|item| time_form(&Json::from(&item[key])).is_some());
        (is_time && **key != *name).then_some(Way { key, descending, first: &[], is_time })
    })
}

fn number(value: &Value) -> Option<Decimal> {
    Decimal::read(&text(value)?)
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(is_true) => Some(is_true.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_should_stand_before_is_found() {
        let way = |key, descending| Way { key, descending, first: &[], is_time: false };
        let check = |ways: &[Way<'_>], items: Value, expected: Option<usize>| {
            assert_eq!(misplaced(ways, items.as_array().unwrap()), expected, "{items}");
        };
        let items = json!([{"p": "9.50", "t": 3}, {"p": "12.00", "t": 5}, {"p": "12.0", "t": 4}]);
        check(&[way("p", false)], items.clone(), None);
        check(&[way("p", true)], items.clone(), Some(1));
        check(&[way("p", false), way("t", false)], items.clone(), Some(2));
        check(&[way("p", false), way("t", true)], items, None);
        check(&[way("t", true)], json!([{"t": "2024-05-01 10:00:00"}, {"t": "2024-04-01 10:00:00"}]), None);
    }
}
