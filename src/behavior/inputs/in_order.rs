//! Which of two that are sent may not come before the other: `结束日期不得早于开始日期`, `最高价应大于最低价`.
//!
//! In: the failures of an endpoint's own, and what is said of its parameters. Out: demands on two inputs each.

use crate::behavior::records::{Records, Wish};
use crate::behavior::{Confidence, Demand, Evidence, Form, Input};
use crate::lexicon::{Class, Lexicon, Operation, Role, compact, label_head};
use crate::spec::In;

/// What a sentence says of two inputs: the first may not be beyond the second, nor the same where it is strict.
#[derive(Debug, PartialEq, Eq)]
struct Order {
    first: usize,
    second: usize,
    strict: bool,
}

impl Records<'_> {
    pub(in crate::behavior) fn in_order(&self, wishes: &mut Vec<Wish>) {
        let known = |wishes: &[Wish], order: &Order| {
            wishes.iter().any(|(demand, ..)| {
                matches!(demand, Demand::InOrder { first, second, .. }
                    if [*first, *second] == [order.first, order.second] || [*first, *second] == [order.second, order.first])
            })
        };
        let compared: Vec<(usize, &Input)> = self.inputs().iter().enumerate().filter(|(_, i)| can_compare(i)).collect();
        if compared.len() < 2 {
            return;
        }
        let lexicon = self.gathering.lexicon;
        for failure in self.failures() {
            let elsewhere =
                matches!(failure.classes.first(), Some(Class::NotLoggedIn | Class::Missing | Class::NotFound));
            let Some(order) = order_in(&failure.message, &compared, None, lexicon).filter(|_| !elsewhere) else {
                continue;
            };
            if !known(wishes, &order) {
                let because = Evidence::new(format!("`{}`", failure.message), failure.place, Confidence::Likely);
                wishes.push((order.demand(), because, Some(failure.clone())));
            }
        }
        // `结束日期，不早于开始日期` beside the parameter; a filter that finds nothing is none the wiser.
        if matches!(self.operation(), Operation::List | Operation::Count) {
            return;
        }
        for (number, _) in &compared {
            let Some(param) = self.endpoint().params.get(*number) else { continue };
            let words = param.all_words();
            let mut said = words.split(['，', ',', '；', ';', '。', '(', '（', ')', '）']);
            let order = said.find_map(|text| order_in(text, &compared, Some(*number), lexicon));
            if let Some(order) = order.filter(|order| !known(wishes, order)) {
                let because = Evidence::new("the parameter says so", param.place, Confidence::Likely);
                wishes.push((order.demand(), because, None));
            }
        }
    }
}

impl Order {
    fn demand(&self) -> Demand {
        Demand::InOrder { first: self.first, second: self.second, strict: self.strict }
    }
}

fn can_compare(input: &Input) -> bool {
    let other = matches!(
        input.word,
        Role::Token | Role::Page | Role::PageSize | Role::RecordId | Role::UserId | Role::Phone | Role::Password
    );
    !other && !input.discriminates && !input.routes && input.location != In::Header
}

fn is_moment(input: &Input) -> bool {
    input.role == Role::Time || input.rules.iter().any(|rule| matches!(rule.form, Form::Date(_) | Form::NotPast(_)))
}

/// What a text says of two of the inputs; where it speaks of one of them, that is beside which it stands.
fn order_in(text: &str, inputs: &[(usize, &Input)], beside: Option<usize>, lexicon: &Lexicon) -> Option<Order> {
    let text = text.to_lowercase();
    let (word, is_less) = comparing(&text, lexicon)?;
    let (before, after) = (text.get(..word.start)?, text.get(word.end..)?);
    let named = |part: &str| named_in(part, inputs, lexicon);
    // `结束时间必须在开始时间之后` names both before the word.
    let (left, right, between) = match (named(before).as_slice(), named(after).as_slice()) {
        ([.., (left, _)], [(right, _), ..]) => (*left, *right, before),
        ([(left, end), .., (right, _)], []) => (*left, *right, before.get(*end..)?),
        ([], [(right, _), ..]) | ([(right, _)], []) => (beside?, *right, before),
        _ => return None,
    };
    if left == right {
        return None;
    }
    // `不得早于` and what tells the fault, `早于`, let both be the same.
    let denied = lexicon.speaks_of("order-denied", between);
    let asked = !denied && lexicon.speaks_of("order-asked", &text);
    let left_is_first = is_less == asked;
    let (first, second) = if left_is_first { (left, right) } else { (right, left) };
    Some(Order { first, second, strict: asked && !lexicon.speaks_of("or-equal", &text) })
}

/// The word that compares, and whether it says that what stands before it is the less.
fn comparing(text: &str, lexicon: &Lexicon) -> Option<(std::ops::Range<usize>, bool)> {
    let found = |topic: &str| {
        let end = lexicon.after(topic, text)?;
        Some(lexicon.before(topic, text)?..end)
    };
    match (found("order-less"), found("order-more")) {
        (Some(less), None) => Some((less, true)),
        (None, Some(more)) => Some((more, false)),
        _ => None,
    }
}

/// The inputs that a part of a sentence names, in the order of their places, each with where that ends: by their labels, else by
/// what a span begins and ends with.
fn named_in(part: &str, inputs: &[(usize, &Input)], lexicon: &Lexicon) -> Vec<(usize, usize)> {
    let label = |input: &Input| label_head(&input.label).to_lowercase();
    let at = |word: &str| part.find(word).map(|start| (start, start + word.len()));
    let by_words = |input: &Input| {
        let label = label(input);
        let by_label = at(&label).filter(|_| label.chars().count() > 1);
        by_label.or_else(|| at(&input.name.to_lowercase()).filter(|_| input.name.len() > 2))
    };
    let side = |text: &str| (lexicon.speaks_of("span-begins", text), lexicon.speaks_of("span-ends", text));
    let of_input = |input: &Input| match side(&label(input)) {
        (false, false) => side(&compact(&input.name)),
        found => found,
    };
    let by_side = |input: &Input| {
        let topic = match of_input(input) {
            (true, false) => "span-begins",
            (false, true) => "span-ends",
            _ => return None,
        };
        let alone =
            inputs.iter().filter(|(_, other)| is_moment(other) && of_input(other) == of_input(input)).count() == 1;
        let span = || Some((lexicon.before(topic, part)?, lexicon.after(topic, part)?));
        span().filter(|_| alone && is_moment(input))
    };
    let whole: Vec<_> = inputs.iter().filter_map(|(number, input)| Some((by_words(input)?, *number))).collect();
    let mut found = whole.clone();
    for (number, input) in inputs {
        let known = |(span, other): &((usize, usize), usize), own: (usize, usize)| {
            *other == *number || (own.0 < span.1 && span.0 < own.1)
        };
        found.extend(
            by_side(input).filter(|own| !whole.iter().any(|other| known(other, *own))).map(|own| (own, *number)),
        );
    }
    // `开始日期` of `请假开始日期` is the longer one's.
    let inside = |(start, end): (usize, usize)| {
        found.iter().any(|((from, to), _)| *from <= start && end <= *to && to - from > end - start)
    };
    let mut kept: Vec<_> = found.iter().filter(|(span, _)| !inside(*span)).copied().collect();
    kept.sort_unstable();
    kept.into_iter().map(|((_, end), number)| (number, end)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Place;
    use std::sync::Arc;

    fn input(name: &str, label: &str, role: Role) -> Input {
        Input {
            name: Arc::from(name),
            role,
            word: role,
            label: label.to_owned(),
            required: true,
            location: In::Body,
            discriminates: false,
            routes: false,
            rules: Vec::new(),
            place: Place::default(),
        }
    }

    #[test]
    fn sentences_put_two_in_order() {
        let lexicon = Lexicon::standard();
        let inputs = [
            input("from", "开始日期", Role::Time),
            input("to", "结束日期", Role::Time),
            input("low", "最低价", Role::Plain),
            input("high", "最高价", Role::Plain),
        ];
        let inputs: Vec<(usize, &Input)> = inputs.iter().enumerate().collect();
        let order = |first, second, strict| Some(Order { first, second, strict });
        for (text, expected) in [
            ("结束日期不得早于开始日期", order(0, 1, false)),
            ("结束时间早于开始时间", order(0, 1, false)),
            ("结束时间必须晚于开始时间", order(0, 1, true)),
            ("开始日期不能大于结束日期", order(0, 1, false)),
            ("结束日期应在开始日期之后", order(0, 1, true)),
            ("截止时间不能在开始时间之前", order(0, 1, false)),
            ("end must not be before start", order(0, 1, false)),
            ("最高价应大于等于最低价", order(2, 3, false)),
            ("最低价不能高于最高价", order(2, 3, false)),
            ("最低价不能低于10元", None),
            ("开始日期不能早于今天", None),
        ] {
            assert_eq!(order_in(text, &inputs, None, &lexicon), expected, "{text}");
        }
        assert_eq!(order_in("不能早于开始日期", &inputs, Some(1), &lexicon), order(0, 1, false));
        assert_eq!(order_in("不能早于今天", &inputs, Some(1), &lexicon), None);
    }
}
