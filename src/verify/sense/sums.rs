//! What a list comes to, beside it: the price times how many, of all that is in a basket.
//!
//! Which number that is the documents' own example shows: the one beside the list that its lines come to.

use super::Nonsense;
use super::amounts::number;
use crate::scenario::fill::Decimal;
use serde_json::Value;
use std::sync::Arc;

/// Where an example has a list and what it comes to: the two members of one object.
struct Sum {
    list: String,
    amount: String,
}

pub(super) fn wrong(examples: &[Value], fields: &[Arc<str>], body: &Value) -> Option<Nonsense> {
    let known = examples.iter().find_map(|example| shown(example, fields))?;
    let mut open = vec![("$".to_owned(), body)];
    while let Some((at, value)) = open.pop() {
        let Value::Object(members) = value else { continue };
        let shown = members.get(&known.amount);
        if let (Some(list), Some(shown)) = (members.get(&known.list), shown)
            && let (Some(sum), Some(amount)) = (comes_to(list, fields), number(shown))
        {
            let is_so = amount.equals(sum);
            let expected = format!("{sum}: {} of all in {}", fields.join(" times "), known.list);
            return (!is_so).then(|| Nonsense::new(&format!("{at}.{}", known.amount), expected, shown.to_string()));
        }
        open.extend(members.iter().map(|(key, value)| (format!("{at}.{key}"), value)));
    }
    None
}

fn shown(example: &Value, fields: &[Arc<str>]) -> Option<Sum> {
    let members = example.as_object()?;
    let here = members.iter().find_map(|(list, value)| {
        let sum = comes_to(value, fields)?;
        let is_sum = |value: &Value| number(value).is_some_and(|amount| amount.equals(sum));
        let mut amounts = members.iter().filter(|(key, value)| *key != list && is_sum(value));
        let (amount, _) = amounts.next()?;
        amounts.next().is_none().then(|| Sum { list: list.clone(), amount: amount.clone() })
    });
    here.or_else(|| members.values().find_map(|value| shown(value, fields)))
}

/// The sum over a list, or over an object by ids, whose items all have these fields. None where there is nothing.
fn comes_to(list: &Value, fields: &[Arc<str>]) -> Option<Decimal> {
    let items: Vec<&Value> = match list {
        Value::Array(items) => items.iter().collect(),
        Value::Object(items) => items.values().collect(),
        _ => return None,
    };
    let first = items.first()?;
    fields.iter().all(|field| number(&first[&**field]).is_some()).then_some(())?;
    let mut sum = Decimal::default();
    for item in items {
        let mut product = Decimal::read("1")?;
        for field in fields {
            product = product.times(number(&item[&**field])?)?;
        }
        sum = sum.and(product, false)?;
    }
    Some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_basket_comes_to_what_its_lines_say() {
        let example = [json!({"data": {"amount": 7800, "rows": [{"price": 3900, "num": 2}]}})];
        let fields: [Arc<str>; 2] = ["price".into(), "num".into()];
        let check = |body: Value, expected: Option<&str>| {
            assert_eq!(wrong(&example, &fields, &body).map(|wrong| wrong.at).as_deref(), expected, "{body}");
        };
        check(json!({"data": {"amount": 8, "rows": [{"price": 3, "num": 2}, {"price": 2, "num": 1}]}}), None);
        check(json!({"data": {"amount": "8.00", "rows": [{"price": "4.00", "num": "2"}]}}), None);
        check(
            json!({"data": {"amount": 5, "rows": [{"price": 3, "num": 2}, {"price": 2, "num": 1}]}}),
            Some("$.data.amount"),
        );
        check(json!({"data": {"amount": 0, "rows": []}}), None);
        check(json!({"data": {"amount": 5, "rows": [{"price": null, "num": 2}]}}), None);
    }
}
