//! What is said of a record, where nothing but that record ever shows it: a deed on the record, and no record of its own.
//!
//! In: an endpoint with a title such as 评价, and what others show. Out: whether what it takes is shown with what it is said of.

use super::by_shape::{Shapes, is_id, is_open};
use super::is_data;
use super::neighbours::Neighbours;
use crate::behavior::Evidence;
use crate::behavior::collection::nouns::noun::id_stem;
use crate::behavior::conditions::rating::is_rating;
use crate::lexicon::{Operation, compact};
use std::collections::HashMap;

impl<'a> Shapes<'a> {
    /// Settles which endpoints say something of a record, and gives those, with the ones of which the settings say so.
    pub(super) fn settle_rating(
        &self,
        operations: &mut [(Operation, Evidence)],
        beside: &Neighbours<'_>,
        told: &dyn Fn(usize) -> bool,
    ) -> Vec<usize> {
        let made = self.made(operations);
        let mut settled = Vec::new();
        for (at, known) in operations.iter_mut().enumerate() {
            let open = known.0 == Operation::Create || is_open(known);
            let may = if told(at) { known.0 == Operation::Transition } else { open };
            if !may || !self.rates(at, beside, &made) {
                continue;
            }
            if !told(at) {
                let because = "it takes a record's id, and what is said of it is shown with that record";
                *known = (Operation::Transition, self.evidence(at, because));
            }
            settled.push(at);
        }
        settled
    }

    /// By noun, what makes records, and nothing that is said of others.
    fn made(&self, operations: &[(Operation, Evidence)]) -> HashMap<&'a str, Vec<usize>> {
        let mut made: HashMap<&'a str, Vec<usize>> = HashMap::new();
        for (at, (operation, _)) in operations.iter().enumerate() {
            let makes = matches!(operation, Operation::Create | Operation::Save);
            if makes && !is_rating(&self.set.endpoints[at].title, self.lexicon) {
                made.entry(&self.nouns[at].path).or_default().push(at);
            }
        }
        made
    }

    /// `book/review` with a `book_id`, where no review is ever looked at and the booking shows its score: a deed on the booking.
    fn rates(&self, at: usize, beside: &Neighbours<'_>, made: &HashMap<&str, Vec<usize>>) -> bool {
        let nouns = &self.nouns[at];
        // `book/review` of which 评价 is the deed goes by the book.
        let named = nouns.before.last();
        let made = || made.get(nouns.path.as_str()).is_some_and(|makers| makers.iter().any(|other| *other != at));
        let Some(parent) = named.or_else(|| made().then_some(&nouns.path)) else { return false };
        let remarks = is_rating(&self.set.endpoints[at].title, self.lexicon);
        // `rentals/{id}/review` beside `gears/{id}/reviews`, where a rental shows its `gear_id`: what is said of the rental is listed
        // with the gear.
        let lists = beside.lists_of(&nouns.path);
        let of_what_it_names = |list: &usize| {
            let thing = self.nouns[*list].before.last();
            thing.is_some_and(|thing| thing != parent && beside.shows(at, parent, &format!("{thing}_id")))
        };
        let listed = named.is_some() && !lists.is_empty() && lists.iter().all(of_what_it_names);
        let looked_at = !listed && named.is_some() && beside.is_named_elsewhere(at, &nouns.path);
        let data = || self.inputs[at].iter().filter(|input| is_data(input));
        let knows = |name: &str| beside.shows(at, parent, name);
        let names = data().any(|input| {
            let is_its = id_stem(&input.name).as_ref() == Some(parent) || compact(&input.name) == "id";
            is_its || (is_id(input, self.lexicon) && input.required && knows(&input.name))
        });
        let mut kept = data().filter(|input| !is_id(input, self.lexicon));
        // What nobody can look at but for what the booking shows of it is no record of its own.
        remarks && names && !looked_at && (listed || kept.any(|input| knows(&input.name)))
    }
}
