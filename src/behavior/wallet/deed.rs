//! What one deed sets, adds and takes: by what is said of it, by its title, by what its success shows of the account's fields.
//!
//! In: an endpoint, the account's fields, and which of them are flags. Out: the deed. How much may stay open, where only a record
//! that is named can say.

use super::words::Told;
use super::{Deed, Moved, Reading, Set};
use crate::behavior::account::{self, Field};
use crate::behavior::{Amount, Confidence, Evidence};
use crate::json::Json;
use crate::lexicon::{Operation, compact, label_head};
use std::collections::HashMap;
use std::sync::Arc;

impl Reading<'_> {
    pub(super) fn deed(&self, at: usize, fields: &[&Field], flags: &HashMap<Arc<str>, Vec<Json>>) -> Deed {
        let mut deed = Deed::default();
        let endpoint = self.endpoint(at);
        let own = self.operations[at] == Operation::AccountDeed;
        let place = endpoint.title_place.unwrap_or(endpoint.place);
        deed.moves = self.exchanged(at, fields);
        for Told { field, takes, amount, because } in self.told(at, fields) {
            if deed.moves.iter().all(|moved| moved.field != field.key) {
                let left = self.is_called("times-left", field);
                let sent = || if left { self.times_of_inputs(at) } else { self.amount_of_inputs(at) };
                let amount = amount.map(Amount::Fixed).or_else(sent);
                deed.moves.push(Moved { field: Arc::clone(&field.key), takes, amount, because });
            }
        }
        if let Some(moved) = self.staked(at, fields).filter(|_| deed.moves.is_empty()) {
            deed.moves.push(moved);
        }
        let shown = self.shown(at);
        if deed.moves.is_empty()
            && self.titled(at, "withdraws")
            && shown.iter().all(|member| fields.iter().all(|field| !field.names.contains(&compact(member.name))))
        {
            let balance = fields.iter().find(|field| self.is_called("balance", field) && self.is_quantity(field));
            if let Some((field, amount)) = balance.zip(self.amount_of_inputs(at)) {
                let because = Evidence::new(format!("the title {}", endpoint.title), place, Confidence::Likely);
                deed.moves.push(Moved { field: Arc::clone(&field.key), takes: true, amount: Some(amount), because });
            }
        }
        self.freeze(at, fields, &mut deed);
        let left = fields.iter().find(|field| self.is_called("times-left", field) && self.is_quantity(field));
        if own && shown.is_empty() && deed.moves.is_empty() && self.titled(at, "title-buys") {
            deed.moves.extend(left.filter(|_| self.titled(at, "times-left")).map(|field| Moved {
                field: Arc::clone(&field.key),
                takes: false,
                amount: self.times_of_inputs(at),
                because: Evidence::new(format!("the title {}", endpoint.title), place, Confidence::Likely),
            }));
        }
        if !own || shown.is_empty() {
            if own || matches!(self.operations[at], Operation::Answer | Operation::Transition) {
                let standing = || self.standing(at, fields).filter(|_| own);
                deed.sets.extend(self.titled_flag(at, fields, flags, place).or_else(standing));
            }
            // How many times a thing takes may be said by that.
            let left = |key: &str| fields.iter().any(|field| *field.key == *key && self.is_called("times-left", field));
            let named = |moved: &Moved| moved.amount.is_some() || own || self.operations[at] == Operation::Answer;
            // `{"jf": "5"} // 剩余积分`: what there is then is shown, so it is taken now.
            let is_shown = |key: &str| shown.iter().any(|member| self.is_left_then(member, key));
            deed.moves.retain(|moved| named(moved) || left(&moved.field) || is_shown(&moved.field));
            return deed;
        }
        let said = deed.moves.len();
        let (takes, adds) = (self.titled(at, "title-takes"), self.titled(at, "title-adds"));
        for member in &shown {
            let Some(field) = fields.iter().find(|field| field.names.contains(&compact(member.name))) else { continue };
            let because =
                Evidence::new(format!("its success shows `{}`", member.name), member.place, Confidence::Likely);
            if flags.contains_key(&field.key) {
                let to = field.initial.in_form(member.value.scalar_text().unwrap_or_default());
                let to = if matches!(member.value, Json::Bool(_)) { member.value.clone() } else { to };
                deed.sets.push(Set { field: Arc::clone(&field.key), to, because });
            } else if self.is_quantity(field) && deed.moves.iter().all(|moved| moved.field != field.key) {
                let frozen = self.is_called("frozen-funds", field);
                let left = self.is_called("times-left", field);
                let counts = !left && self.lexicon.ends_with("counter-word", label_head(&field.words));
                let takes = match () {
                    () if frozen => self.titled(at, "unfreezes"),
                    () if left && self.titled(at, "title-buys") => false,
                    () if counts => false,
                    () if takes == adds => takes && self.titled(at, "title-undoes"),
                    () => takes,
                };
                let amount = match () {
                    () if counts => Some(Amount::Fixed(1.0)),
                    () if left => self.times_of_inputs(at),
                    () if said > 0 && !frozen => continue,
                    () => self.amount_of_inputs(at).or_else(|| self.gained(&shown, fields)),
                };
                deed.moves.push(Moved { field: Arc::clone(&field.key), takes, amount, because });
            }
        }
        // Freezing takes as much from what is free.
        let frozen = deed
            .moves
            .iter()
            .find(|moved| fields.iter().any(|field| field.key == moved.field && self.is_called("frozen-funds", field)));
        if let Some((amount, takes)) = frozen.map(|moved| (moved.amount.clone(), moved.takes)) {
            for moved in &mut deed.moves {
                let is_frozen =
                    fields.iter().any(|field| field.key == moved.field && self.is_called("frozen-funds", field));
                if is_frozen {
                    continue;
                }
                moved.takes = !takes;
                if moved.amount.is_none() {
                    moved.amount.clone_from(&amount);
                }
            }
            let other = deed.moves.iter().find_map(|moved| moved.amount.clone());
            deed.moves.iter_mut().filter(|moved| moved.amount.is_none()).for_each(|moved| {
                moved.amount.clone_from(&other);
            });
        }
        deed
    }

    /// Whether a member shows what the caller has of a field once the deed is done.
    fn is_left_then(&self, member: &account::Shown<'_>, key: &str) -> bool {
        compact(member.name) == compact(key) && self.lexicon.speaks_of("left-then", &member.words)
    }
}
