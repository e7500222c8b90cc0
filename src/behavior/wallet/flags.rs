//! Fields of an account that say whether it has something: a deposit, a membership. Which values they have, which of them is that of
//! who has nothing, which title sets them.

use super::{Reading, Set};
use crate::behavior::account::{self, Field};
use crate::behavior::collection::sums::discount::flag_named;
use crate::behavior::{Confidence, Evidence};
use crate::json::Json;
use crate::source::Place;
use std::collections::HashMap;
use std::sync::Arc;

impl Reading<'_> {
    /// The values of a flag with their words; two of a kind where no words list them.
    pub(super) fn values(&self, field: &Field) -> Vec<(Json, String)> {
        let listed = account::enumerated(&field.words, &field.initial, self.lexicon);
        if listed.len() > 1 {
            return listed.into_iter().map(|item| (field.initial.in_form(&item.value), item.words)).collect();
        }
        let pair = match (&field.initial, field.initial.scalar_text().unwrap_or_default()) {
            (Json::Bool(_), _) => return [false, true].map(|value| (Json::Bool(value), String::new())).to_vec(),
            (_, "0" | "1") => ["0", "1"],
            (_, "Y" | "N") => ["N", "Y"],
            (_, "yes" | "no") => ["no", "yes"],
            _ => return Vec::new(),
        };
        pair.map(|value| (field.initial.in_form(value), String::new())).to_vec()
    }

    /// The value of a flag of who has nothing, other than what is set.
    pub(super) fn down(&self, field: &Field, targets: &[&Json]) -> Option<Json> {
        let values = self.values(field);
        let begins = |words: &str| {
            let word = self.lexicon.word_of("flag-down", words);
            word.is_some_and(|word| words.starts_with(word))
        };
        let is_target = |value: &Json| targets.iter().any(|known| known.scalar_text() == value.scalar_text());
        let denied = values.iter().find(|(_, words)| !words.is_empty() && begins(words));
        let zero = || {
            let text = |value: &Json| match value {
                Json::Bool(yes) => !yes,
                value => matches!(value.scalar_text(), Some("0" | "N" | "no" | "false")),
            };
            values.iter().find(|(value, _)| text(value))
        };
        let other = || values.iter().find(|(value, _)| !is_target(value));
        denied.or_else(zero).or_else(other).map(|(value, _)| value.clone())
    }

    /// A title that names a flag and shows nothing sets it, or takes it back: `交押金`, `取消免密支付`.
    pub(super) fn titled_flag(
        &self,
        at: usize,
        fields: &[&Field],
        flags: &HashMap<Arc<str>, Vec<Json>>,
        place: Place,
    ) -> Option<Set> {
        let endpoint = self.endpoint(at);
        if endpoint.method.as_deref() == Some("GET") || !self.shown(at).is_empty() || self.data(at).next().is_some() {
            return None;
        }
        let named = |field: &&&Field| {
            let label = flag_named(&field.words, self.lexicon);
            flags.contains_key(&field.key) && label.chars().count() > 1 && endpoint.title.contains(label)
        };
        let field = fields.iter().find(named)?;
        let (undoes, does) = (self.titled(at, "title-undoes"), self.titled(at, "title-does"));
        if !undoes && !does {
            return None;
        }
        let values = self.values(field);
        let down = self.down(field, &[])?;
        let up = values.into_iter().map(|(value, _)| value).find(|value| *value != down)?;
        let because = Evidence::new(format!("the title {}", endpoint.title), place, Confidence::Likely);
        Some(Set { field: Arc::clone(&field.key), to: if undoes { down } else { up }, because })
    }
}
