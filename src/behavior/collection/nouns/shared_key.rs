//! By what others name the rows of a price list that show no id: `type` of each row and of an order have the same values.
//!
//! In: the examples of a group that nobody makes records of, and what makes records of others. Out: the member that tells the rows
//! apart and that a maker takes by the same name, with just these values. Rows without a price are counts of something, and named by nobody.

use super::group::Group;
use crate::behavior::collection::items::gather::Gathering;
use crate::behavior::collection::items::seeing::Sight;
use crate::behavior::enumeration;
use crate::json::Json;
use crate::lexicon::{Operation, Role};
use std::collections::BTreeSet;
use std::sync::Arc;

impl Gathering<'_> {
    pub(in crate::behavior::collection) fn shared_key(&self, group: &Group, sights: &[Sight<'_>]) -> Option<Arc<str>> {
        let makes = |at: &usize| matches!(self.operations[*at], Operation::Create | Operation::Save);
        if group.relation.is_some() || group.within.is_some() || group.endpoints.iter().any(makes) {
            return None;
        }
        let rows: Vec<&Json> = sights
            .iter()
            .filter(|sight| self.operations[sight.endpoint] == Operation::List)
            .map(|sight| sight.item)
            .collect();
        let first = sights.iter().find(|sight| self.operations[sight.endpoint] == Operation::List)?;
        let members: Vec<&Arc<str>> = self.members(first).map(|(key, _)| key).collect();
        let is_price = |key: &&Arc<str>| {
            let role = self.lexicon.role(key, "").map(|(role, _)| role);
            role == Some(Role::Amount) || self.lexicon.is_named("points-name", key)
        };
        if rows.len() < 2 || !members.iter().any(is_price) {
            return None;
        }
        let key = members.into_iter().filter(|key| !is_price(key)).find(|key| {
            let values: Vec<&str> = rows.iter().filter_map(|row| row.get(key)?.scalar_text()).collect();
            let apart: BTreeSet<&str> = values.iter().copied().filter(|value| !value.is_empty()).collect();
            // Each row has its own.
            apart.len() == rows.len() && self.making.taking(key).iter().any(|taker| self.takes_just(*taker, &apart))
        });
        key.map(Arc::clone)
    }

    /// Whether an input lists these values and no others, or has one of these words for an example.
    fn takes_just(&self, (at, input): (usize, usize), values: &BTreeSet<&str>) -> bool {
        let Some(param) = self.endpoint(at).params.get(input) else { return false };
        let items = enumeration::read(&param.all_words(), &self.lexicon.rules().enumerations);
        let listed: BTreeSet<&str> = items.iter().map(|item| item.value.as_str()).collect();
        let shown = param.default.as_deref().map(str::trim).filter(|text| text.chars().any(char::is_alphabetic));
        listed == *values || (listed.is_empty() && shown.is_some_and(|text| values.contains(text)))
    }
}
