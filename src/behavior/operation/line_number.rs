//! What sets how many a line of a basket has, where the line is named by the thing that it holds: `改数量` with `cake_id` and `num`
//! beside `加入购物车` with the same two.
//!
//! In: the endpoints with what they name and take. Out: those that set the number. What adds takes the same: the one of two that says
//! that it changes something, or that its number is a new one, is the one that sets.

use super::by_shape::{Shapes, is_id};
use super::neighbours::Neighbours;
use super::{is_data, path_of};
use crate::behavior::collection::items::heads::says_how_many;
use crate::behavior::{Evidence, Input};
use crate::lexicon::{Class, Operation, compact};
use std::collections::HashMap;

impl Shapes<'_> {
    /// The endpoints that set such a number, of those of which words did not settle what they do.
    pub(super) fn set_numbers(&self, operations: &[(Operation, Evidence)], beside: &Neighbours<'_>) -> Vec<usize> {
        // Writers of a line, by what they name and by the thing and the number that they take.
        let mut writers: HashMap<(&str, String, String), Vec<usize>> = HashMap::new();
        for at in 0..self.set.endpoints.len() {
            let writes = self.set.endpoints[at].method.as_deref() != Some("GET");
            let noun = self.nouns[at].path.as_str();
            if let Some((thing, number)) = self.thing_and_number(at).filter(|_| writes && !noun.is_empty()) {
                writers.entry((noun, thing, number)).or_default().push(at);
            }
        }
        let mut found = Vec::new();
        for ((_, thing, number), pair) in writers.into_iter().filter(|(_, pair)| pair.len() > 1) {
            let (sets, adds): (Vec<usize>, Vec<usize>) = pair.into_iter().partition(|at| self.says_sets(*at));
            let [only] = sets[..] else { continue };
            let knows = |name: &str| beside.knows(only, &self.nouns[only], name);
            if !adds.is_empty() && self.leaves_open(operations[only].0, only) && knows(&thing) && knows(&number) {
                found.push(only);
            }
        }
        found.sort_unstable();
        found
    }

    /// The names of an id and of a number, where an endpoint takes nothing else.
    fn thing_and_number(&self, at: usize) -> Option<(String, String)> {
        let data = self.inputs[at].iter().filter(|input| is_data(input));
        let (ids, others): (Vec<&Input>, Vec<&Input>) = data.partition(|input| is_id(input, self.lexicon));
        let ([thing], [number]) = (&ids[..], &others[..]) else { return None };
        let bare = matches!(compact(&thing.name).as_str(), "id" | "ids");
        let counts = says_how_many(number, self.lexicon) || self.lexicon.is_named("quantity", &number.name);
        (!bare && counts).then(|| (compact(&thing.name), compact(&number.name)))
    }

    fn says_sets(&self, at: usize) -> bool {
        let params = &self.set.endpoints[at].params;
        let told = params.iter().any(|param| {
            let said = param.all_words();
            ["sets-number", "gone-at-zero"].iter().any(|topic| self.lexicon.speaks_of(topic, &said))
        });
        told || self.sets_by_word(at)
    }

    fn sets_by_word(&self, at: usize) -> bool {
        let endpoint = &self.set.endpoints[at];
        let says = |text: &str| self.lexicon.speaks_of("changes-something", text);
        says(&endpoint.title) || path_of(endpoint).last().is_some_and(|word| says(word))
    }

    /// That there is no such line is not that there is no such thing.
    fn leaves_open(&self, operation: Operation, at: usize) -> bool {
        let misses = || self.catalog.own[at].iter().any(|failure| failure.classes.contains(&Class::NotFound));
        matches!(operation, Operation::Answer | Operation::Update) || (operation == Operation::Create && misses())
    }
}
