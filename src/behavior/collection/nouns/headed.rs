//! Which lists show an id first, by its name: `hid` heads the replies, `spid` the goods.
//!
//! In: what endpoints do and the members that they show. Out: endpoints by the id that heads their items. What only says that
//! it is an id, or names an account, heads nothing.

use crate::behavior::collection::items::shape;
use crate::lexicon::{Lexicon, Operation, compact};
use std::collections::HashMap;
use std::sync::Arc;

#[derive(Debug, Default)]
pub(in crate::behavior) struct Headed(HashMap<String, Vec<usize>>);

impl Headed {
    pub(in crate::behavior) fn new(operations: &[Operation], shown: &[Vec<Arc<str>>], lexicon: &Lexicon) -> Self {
        let mut found: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, members) in shown.iter().enumerate().filter(|(at, _)| operations[*at] == Operation::List) {
            if let Some(first) = members.first().filter(|name| says_more(name, lexicon)) {
                found.entry(compact(first)).or_default().push(at);
            }
        }
        Self(found)
    }

    /// The lists that an id of this name heads.
    pub(in crate::behavior) fn by(&self, name: &str) -> &[usize] {
        self.0.get(&compact(name)).map_or(&[], Vec::as_slice)
    }
}

/// `hid` and `order_id`, and neither `id` nor `uid`.
pub(in crate::behavior) fn says_more(name: &str, lexicon: &Lexicon) -> bool {
    shape::is_id(name) && !matches!(compact(name).as_str(), "id" | "ids") && !lexicon.is_named("account-id", name)
}
