//! What is earned by what something comes to: `取餐后按实付送积分，1元1分`, `每消费10元得1积分`, `points: 5% of what was paid`.
//!
//! In: sentences beside a deed, or elsewhere on its page where they name it. Out: of which field of the account so much for each so
//! much of what the record comes to.

use super::{Reading, Wallet, acts};
use crate::behavior::account::Field;
use crate::behavior::collection::Party;
use crate::behavior::collection::prose::sentences;
use crate::behavior::collection::sums::price_of;
use crate::behavior::records::Records;
use crate::behavior::{Action, Amount, Confidence, Effect, Evidence};
use crate::lexicon::{Lexicon, Operation, Role, label_head};
use crate::source::Place;
use std::collections::BTreeMap;
use std::sync::Arc;

/// In characters: a unit, and what is done with so many.
const MOST_OF_UNIT: usize = 5;

/// So much of a field for each whole part of what a record comes to.
#[derive(Clone)]
pub(super) struct Earned {
    pub(super) field: Arc<str>,
    each: f64,
    gives: f64,
    /// What counts them, where it is not money: the weight of `每公斤10个`.
    counts: Option<usize>,
    because: Evidence,
}

impl Reading<'_> {
    /// What deeds earn, by their endpoints.
    pub(super) fn all_earned(&self, fields: &[&Field]) -> BTreeMap<usize, Earned> {
        let mut found: BTreeMap<usize, Earned> = BTreeMap::new();
        let points: Vec<&Field> = fields
            .iter()
            .copied()
            .filter(|field| self.is_called("points-name", field) && self.is_quantity(field))
            .collect();
        let currency = || fields.iter().copied().find(|field| self.is_currency(field));
        let Some(points) = points.first().copied().or_else(currency) else { return found };
        let mut seen: Vec<Place> = Vec::new();
        let could = |at: &usize, earned: &Earned| {
            let on_account = matches!(self.operations[*at], Operation::AccountDeed | Operation::Answer);
            matches!(self.operations[*at], Operation::Create | Operation::Transition)
                || (on_account && earned.counts.is_some())
        };
        for at in (0..self.operations.len()).filter(|at| acts(self.operations[*at])) {
            for note in self.remarks(at) {
                for text in sentences(&note.text) {
                    let Some(earned) = self.earned(text, points, (note.place, Some(at))) else { continue };
                    seen.push(note.place);
                    if let Some(owner) = self.whose(text, note.place, Some(at)).filter(|owner| could(owner, &earned)) {
                        found.entry(owner).or_insert(earned);
                    }
                }
            }
        }
        for note in self.prose {
            for text in sentences(&note.text) {
                let Some(earned) = self.earned(text, points, (note.place, None)) else { continue };
                if let Some(owner) =
                    self.whose(text, note.place, None).filter(|at| could(at, &earned) && !seen.contains(&note.place))
                {
                    found.entry(owner).or_insert(earned);
                }
            }
        }
        found
    }

    fn earned(&self, text: &str, points: &Field, (place, at): (Place, Option<usize>)) -> Option<Earned> {
        let lexicon = self.lexicon;
        let adds = lexicon.speaks_of("adds-funds", text) && self.names_it(points, text);
        let barred = ["on-joining", "taken-back"].iter().any(|topic| lexicon.speaks_of(topic, text));
        if !adds || barred {
            return None;
        }
        let by_money = rate(text, lexicon).map(|(each, gives)| (each, gives, None));
        let by_input =
            || at.and_then(|at| self.for_each_unit(at, text)).map(|(input, gives)| (1.0, gives, Some(input)));
        let (each, gives, counts) = by_money.or_else(by_input)?;
        let because = Evidence::new(format!("`{}`", text.trim()), place, Confidence::Likely);
        Some(Earned { field: Arc::clone(&points.key), each, gives, counts, because })
    }

    /// `每公斤10个` of what takes a weight in 公斤: the input, and how much there is for each.
    fn for_each_unit(&self, at: usize, text: &str) -> Option<(usize, f64)> {
        let mut rest = text;
        while let Some(end) = self.lexicon.after("for-each", rest) {
            rest = &rest[end..];
            let digits = rest.find(|c: char| c.is_ascii_digit())?;
            let unit = rest[..digits].trim();
            let number = super::words::all_numbers(&rest[digits..]).next().map(|(number, _)| number);
            let is_unit = unit.chars().count() <= MOST_OF_UNIT && !unit.is_empty() && !unit.contains([',', '，']);
            // Behind the unit can stand what is done: `每公斤送10个`.
            let ends = unit.char_indices().map(|(at, c)| at + c.len_utf8()).rev();
            let stems: Vec<&str> = ends.map(|end| &unit[..end]).collect();
            let counted = self.data(at).find(|(number, input)| {
                let words =
                    self.endpoint(at).params.get(*number).map(crate::spec::Param::all_words).unwrap_or_default();
                let whole = |stem: &&str| stem.chars().count() > 1 || **stem == *unit;
                input.word != Role::RecordId && stems.iter().filter(|stem| whole(stem)).any(|stem| words.contains(stem))
            });
            if let (true, Some((input, _)), Some(number)) = (is_unit, counted, number) {
                return Some((input, number));
            }
        }
        None
    }

    /// The endpoint whose deed a sentence names before it says what is added, else the one beside which it stands.
    fn whose(&self, text: &str, place: Place, beside: Option<usize>) -> Option<usize> {
        let lead = self.lexicon.before("adds-funds", text).and_then(|end| text.get(..end)).unwrap_or(text);
        let named = |at: &usize| {
            let title = self.endpoint(*at).title.trim_start_matches(|c: char| !c.is_alphabetic());
            let word: String = title.chars().take(2).collect();
            self.endpoint(*at).place.file == place.file
                && word.chars().count() == 2
                && !word.is_ascii()
                && lead.contains(&word)
        };
        if beside.is_some_and(|at| named(&at)) {
            return beside;
        }
        (0..self.operations.len()).filter(|at| acts(self.operations[*at])).find(named).or(beside)
    }
}

/// Of how much of money there is how much: 10 and 1 of `每消费10元得1积分`.
fn rate(text: &str, lexicon: &Lexicon) -> Option<(f64, f64)> {
    let money = counted(text, "money-unit", lexicon);
    let gets = counted(text, "points-unit", lexicon);
    let pair = money.iter().find_map(|(at, each)| {
        let (_, gives) = gets.iter().find(|(place, _)| place > at)?;
        Some((*each, *gives))
    });
    let speaks = |topic: &str| lexicon.speaks_of(topic, text);
    let of_sum = || ["payable", "sum-amount", "money-word", "spent-sum"].iter().any(|topic| speaks(topic));
    let percent = || {
        let mut told = super::words::all_numbers(text).filter(|(_, rest)| rest.trim_start().starts_with(['%', '％']));
        told.next().filter(|(share, _)| *share > 0.0).map(|(share, _)| (100.0 / share, 1.0))
    };
    let ratio = || {
        let mut told = super::words::all_numbers(text).filter(|(_, rest)| lexicon.begins_with("ratio-sign", rest));
        let (each, rest) = told.next()?;
        let (gives, _) = super::words::all_numbers(rest).next()?;
        Some((each, gives))
    };
    let equal = || speaks("equal-share").then_some((1.0, 1.0));
    let share = || if of_sum() { percent().or_else(ratio).or_else(equal) } else { None };
    pair.or_else(share).filter(|(each, gives)| *each > 0.0 && *gives > 0.0)
}

/// The numbers before a unit, in digits or in words, with where the units stand; of `每元` it is one.
fn counted(text: &str, unit: &str, lexicon: &Lexicon) -> Vec<(usize, f64)> {
    let mut found = Vec::new();
    for (at, _) in text.char_indices() {
        if !lexicon.begins_with(unit, &text[at..]) {
            continue;
        }
        let before = text[..at].trim_end();
        let digits = before.rfind(|c: char| !c.is_ascii_digit() && c != '.').map_or(before, |last| {
            let end = before[last..].chars().next().map_or(last, |c| last + c.len_utf8());
            &before[end..]
        });
        let each = || lexicon.ends_with("for-each", before).then_some(1.0);
        let words = || super::words::numeral_before(before, lexicon).map(f64::from);
        if let Some(number) = digits.parse::<f64>().ok().or_else(words).or_else(each) {
            found.push((at, number));
        }
    }
    found
}

impl Records<'_> {
    /// What the deed earns its caller by what the record comes to.
    pub(super) fn earning(&self, wallet: &Wallet, known: &[Effect]) -> Option<Effect> {
        let Earned { field, each, gives, counts, because } = wallet.earned.get(&self.at)?.clone();
        if known.iter().any(|effect| effect.action.moves_funds() == Some(&field)) {
            return None;
        }
        if let Some(input) = counts {
            let amount = Amount::Each { input, price: gives };
            return Some(Effect { action: Action::AddFunds { amount, balance: field, takes: false }, because });
        }
        let on = self.on.filter(|on| on.party == Party::Maker)?;
        let records = &self.collections[on.collection];
        let of = match (self.operation(), &on.id) {
            (Operation::Create, _) => {
                records.sums.as_ref()?;
                Amount::Made { collection: on.collection, fields: self.kept(records) }
            }
            (_, Some(id)) => {
                let named = |field: &&crate::behavior::collection::ItemField| {
                    let label = label_head(&field.words);
                    let number = crate::behavior::collection::items::example_forms::is_number(&field.example);
                    number
                        && label.chars().count() > 1
                        && because.text.contains(label)
                        && records.machine(&field.key).is_none()
                };
                let said = records.fields.iter().find(named).map(|field| Arc::clone(&field.key));
                Amount::Of { collection: on.collection, id: id.clone(), field: said.or_else(|| price_of(records))? }
            }
            _ => return None,
        };
        let amount = Amount::Share { of: Box::new(of), each, gives };
        Some(Effect { action: Action::AddFunds { amount, balance: field, takes: false }, because })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_much_is_earned_for_how_much() {
        let lexicon = Lexicon::standard();
        let rate = |text: &str| rate(text, &lexicon);
        assert_eq!(rate("取餐后按实付送积分，1元1分，不足1元的部分不算"), Some((1.0, 1.0)));
        assert_eq!(rate("每消费10元得1积分"), Some((10.0, 1.0)));
        assert_eq!(rate("消费一元积一分"), Some((1.0, 1.0)));
        assert_eq!(rate("每元送2积分"), Some((1.0, 2.0)));
        assert_eq!(rate("按实付金额的10%送积分"), Some((10.0, 1.0)));
        assert_eq!(rate("按实付金额1:1送积分"), Some((1.0, 1.0)));
        assert_eq!(rate("完成后送10积分"), None);
        assert_eq!(rate("100积分抵1元"), None);
    }
}
