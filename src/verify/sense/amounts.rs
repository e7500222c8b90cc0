//! Amounts that follow from what is shown beside them: a price times how many, what the lines come to, that with what is
//! added and taken off.
//!
//! Which follow is known from the model; what the documents' own example contradicts is left out.

use super::Nonsense;
use crate::behavior::collection::items::item::{ItemMember, Source};
use crate::behavior::collection::{LineShows, Lines};
use crate::behavior::{Action, Behavior, Model, Slot};
use crate::scenario::fill::Decimal;
use serde_json::Value;
use std::fmt::Write as _;

pub(super) fn wrong(model: &Model, behavior: &Behavior, body: &Value) -> Option<Nonsense> {
    let mut followers = Vec::new();
    for (slot, example) in behavior.success.body.slots() {
        if let Slot::Items { template, .. } | Slot::Item(template) = slot {
            let mut found = Vec::new();
            products(&template.members, &mut found);
            of_sums(model, template.collection, matches!(slot, Slot::Item(_)), &mut found);
            let example = Value::from(example);
            followers.extend(found.into_iter().filter(|follower| is_so(follower, &example)));
        }
    }
    if followers.is_empty() { None } else { wrong_in(&followers, body, "$") }
}

/// An amount, and what it follows from: members of the same object.
struct Follower<'m> {
    amount: &'m str,
    from: From<'m>,
}

enum From<'m> {
    Product(&'m str, &'m str),
    /// Each is added, or taken off.
    Sum(Vec<(bool, &'m str)>),
    /// A list, and the member of its items.
    Lines(&'m str, &'m str),
}

fn products<'m>(members: &'m [ItemMember], found: &mut Vec<Follower<'m>>) {
    for member in members {
        match &member.source {
            Source::Product(price, count) => {
                found.push(Follower { amount: &member.key, from: From::Product(price, count) });
            }
            Source::Lines(members) | Source::Nested(members) | Source::Owner(members) => products(members, found),
            Source::Children(_, template) | Source::Referred(_, template) | Source::ReferredAll(_, template) => {
                products(&template.members, found);
            }
            _ => {}
        }
    }
}

/// What a record of lines shows of them, and what is due for it. Only a detail shows all of its lines.
fn of_sums<'m>(model: &'m Model, collection: usize, is_detail: bool, found: &mut Vec<Follower<'m>>) {
    let Some(sums) = &model.collections[collection].sums else { return };
    let total = lines_of(model, collection).and_then(|lines| {
        let key = |shows: &dyn Fn(&LineShows) -> bool| {
            lines.members.iter().find(|member| shows(&member.shows)).map(|member| &*member.key)
        };
        let total = key(&|shows| *shows == LineShows::Total)?;
        let price = key(&|shows| matches!(shows, LineShows::Copied(Some(field)) if *field == lines.price));
        let count = key(&|shows| *shows == LineShows::Count);
        found.extend(
            price.zip(count).map(|(price, count)| Follower { amount: total, from: From::Product(price, count) }),
        );
        Some((&*lines.kept, total))
    });
    let Some(goods) = sums.goods.as_deref().filter(|_| sums.written.is_empty()) else { return };
    found.extend(
        total.filter(|_| is_detail).map(|(list, total)| Follower { amount: goods, from: From::Lines(list, total) }),
    );
    let is_voucher_shown = sums.voucher.is_none() || sums.extras.iter().any(|extra| extra.of_voucher);
    if is_voucher_shown {
        let extras = sums.extras.iter().map(|extra| (extra.takes_off, &*extra.field));
        found.push(Follower {
            amount: &sums.due,
            from: From::Sum([(false, goods)].into_iter().chain(extras).collect()),
        });
    }
}

fn lines_of(model: &Model, collection: usize) -> Option<&Lines> {
    model.behaviors.iter().flat_map(|behavior| &behavior.effects).find_map(|effect| match &effect.action {
        Action::CreateRecord { collection: made, lines: Some(lines), .. } if *made == collection => Some(&**lines),
        _ => None,
    })
}

impl Follower<'_> {
    /// What it should be, in an object that shows all that it follows from; in words as well.
    fn follows(&self, object: &Value) -> Option<(Decimal, String)> {
        let shown = |key: &str| number(object.get(key)?);
        match &self.from {
            From::Product(price, count) => {
                let (of_price, of_count) = (shown(price)?, shown(count)?);
                Some((of_price.times(of_count)?, format!("{price} {of_price} times {count} {of_count}")))
            }
            From::Sum(terms) => {
                let (mut sum, mut words) = (Decimal::default(), String::new());
                for (takes_off, key) in terms {
                    let term = shown(key)?;
                    sum = sum.and(term, *takes_off)?;
                    let joint = match (words.is_empty(), takes_off) {
                        (true, false) => "",
                        (_, true) => " less ",
                        (false, false) => " and ",
                    };
                    let _ = write!(words, "{joint}{key} {term}");
                }
                // Nothing costs less than nothing.
                (!sum.is_negative()).then_some((sum, words))
            }
            From::Lines(list, key) => {
                let items = object.get(list)?.as_array().filter(|items| !items.is_empty())?;
                let mut sum = Decimal::default();
                for item in items {
                    sum = sum.and(number(item.get(key)?)?, false)?;
                }
                Some((sum, format!("{key} of all {list}")))
            }
        }
    }

    fn wrong(&self, object: &Value, at: &str) -> Option<Nonsense> {
        let shown = object.get(self.amount)?;
        let amount = number(shown)?;
        let (expected, words) = self.follows(object)?;
        let expected_words = format!("{expected}: {words}");
        (!is_about(amount, expected))
            .then(|| Nonsense::new(&format!("{at}.{}", self.amount), expected_words, shown.to_string()))
    }
}

/// Whether the documents' example shows it, and nowhere otherwise.
fn is_so(follower: &Follower<'_>, example: &Value) -> bool {
    fn shows(follower: &Follower<'_>, value: &Value) -> bool {
        let is_here = value.get(follower.amount).and_then(number).is_some() && follower.follows(value).is_some();
        is_here
            || match value {
                Value::Array(items) => items.iter().any(|item| shows(follower, item)),
                Value::Object(members) => members.values().any(|value| shows(follower, value)),
                _ => false,
            }
    }
    shows(follower, example) && wrong_in(std::slice::from_ref(follower), example, "$").is_none()
}

/// As exact as the amount is written.
fn is_about(amount: Decimal, expected: Decimal) -> bool {
    let difference = amount.and(expected, true).map(Decimal::size);
    let less = difference.and_then(|difference| difference.and(amount.last_place(), true));
    less.is_some_and(Decimal::is_negative)
}

fn wrong_in(followers: &[Follower<'_>], value: &Value, at: &str) -> Option<Nonsense> {
    match value {
        Value::Array(items) => {
            items.iter().enumerate().find_map(|(index, item)| wrong_in(followers, item, &format!("{at}[{index}]")))
        }
        Value::Object(members) => followers
            .iter()
            .find_map(|follower| follower.wrong(value, at))
            .or_else(|| members.iter().find_map(|(key, value)| wrong_in(followers, value, &format!("{at}.{key}")))),
        _ => None,
    }
}

/// An amount as a number or as a text.
pub(super) fn number(value: &Value) -> Option<Decimal> {
    match value {
        Value::String(text) => Decimal::read(text),
        Value::Number(number) => Decimal::read(&number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(follower: &Follower<'_>, body: &Value, expected: Option<&str>) {
        let at = wrong_in(std::slice::from_ref(follower), body, "$").map(|wrong| wrong.at);
        assert_eq!(at.as_deref(), expected, "{body}");
    }

    #[test]
    fn an_amount_is_held_against_price_and_number() {
        let follower = Follower { amount: "subtotal", from: From::Product("price", "num") };
        let check = |body: Value, expected: Option<&str>| check(&follower, &body, expected);
        check(json!({"rows": [{"price": "12.50", "num": 2, "subtotal": "25.0"}]}), None);
        check(json!({"rows": [{"price": "12.50", "num": 2, "subtotal": 25}]}), None);
        check(json!({"rows": [{"price": "12.50", "num": 2, "subtotal": "26.00"}]}), Some("$.rows[0].subtotal"));
        check(json!({"price": "3.33", "num": 1.5, "subtotal": "5.00"}), None);
        check(json!({"price": "12.50", "num": null, "subtotal": "26.00"}), None);
    }

    #[test]
    fn what_is_due_is_held_against_its_terms_and_the_lines() {
        let due = Follower { amount: "due", from: From::Sum(vec![(false, "goods"), (false, "post"), (true, "off")]) };
        check(&due, &json!({"goods": "25.00", "post": "6.00", "off": "5.00", "due": "26.00"}), None);
        check(&due, &json!({"goods": "25.00", "post": "6.00", "off": "5.00", "due": "27.00"}), Some("$.due"));
        check(&due, &json!({"goods": "2.00", "post": "0", "off": "5.00", "due": "0.00"}), None);
        let goods = Follower { amount: "goods", from: From::Lines("items", "sum") };
        check(&goods, &json!({"goods": 7, "items": [{"sum": "3.00"}, {"sum": 4}]}), None);
        check(&goods, &json!({"goods": 8, "items": [{"sum": "3.00"}, {"sum": 4}]}), Some("$.goods"));
        assert!(!is_so(&goods, &json!({"goods": 8, "items": [{"sum": "3.00"}]})));
        assert!(!is_so(&goods, &json!({"goods": 8})));
    }
}
