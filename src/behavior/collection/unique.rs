//! What no two records have alike, as failures and lines say.

use super::gather::{Gathering, is_data, key_for};
use super::prose::remarks;
use super::{Collection, Unique};
use crate::behavior::{Form, Input};
use crate::lexicon::{Class, Role};
use std::sync::Arc;

impl Gathering<'_> {
    /// `片区名称重复` says what two records cannot have alike.
    pub(super) fn find_unique(&self, creators: &[usize], collection: &mut Collection) {
        for &at in creators {
            self.find_stated_unique(at, collection);
            // `请勿重复申请` says so of an application.
            let claims = self.lexicon.speaks_of("claim", &self.endpoint(at).title);
            let said = self.chooser.catalog.own[at].iter().find(|failure| {
                let once_more = claims && self.lexicon.speaks_of("once-more", &failure.message);
                failure.classes.first() == Some(&Class::Exists) || once_more
            });
            let Some(failure) = said else { continue };
            // `已经评价过了` of 评价 says what is done twice, and nothing of a 评价内容.
            let deed = self.nouns[at].title.as_str();
            let said = if deed.is_empty() { failure.message.clone() } else { failure.message.replace(deed, "\n") };
            let named = self.chooser.named_inputs(at, &said);
            let inputs = &self.inputs[at];
            let referring = inputs.iter().find(|input| collection.reference(&input.name).is_some());
            let texts = || {
                inputs.iter().find(|input| {
                    input.required
                        && matches!(
                            input.word,
                            Role::Plain | Role::Nickname | Role::RealName | Role::Account | Role::Phone
                        )
                        && key_for(collection, input).is_some()
                })
            };
            let input = named.first().map(|input| &inputs[*input]).filter(|input| is_data(input, true));
            // `该车牌已被绑定`: by whomsoever.
            let mut notes = remarks(self.prose, self.endpoint(at));
            let by_anyone = self.lexicon.speaks_of("taken-by-anyone", &failure.message)
                || notes.any(|note| self.lexicon.speaks_of("taken-by-anyone", &note.text));
            let (input, own) = match (input, referring) {
                (Some(input), _) => (input, collection.private && !by_anyone),
                (None, Some(reference)) if collection.owned => (reference, true),
                _ => match texts() {
                    Some(input) => (input, collection.private),
                    None => continue,
                },
            };
            let key = |input: &Input| key_for(collection, input).unwrap_or_else(|| Arc::clone(&input.name));
            // `那天已经有人约了`: one thing on one day.
            let with_day = referring.filter(|_| by_anyone).map(|reference| {
                let days = inputs.iter().filter(|input| input.required && has_day(input));
                std::iter::once(reference).chain(days).map(key).collect::<Vec<_>>()
            });
            let unique = match with_day.filter(|fields| fields.len() > 1) {
                Some(fields) => Unique { fields, own: false },
                None => Unique { fields: vec![key(input)], own },
            };
            if !collection.unique.contains(&unique) {
                collection.unique.push(unique);
            }
        }
    }

    /// `车牌号 # 不能重复`
    fn find_stated_unique(&self, at: usize, collection: &mut Collection) {
        for (input, param) in self.inputs[at].iter().zip(&self.endpoint(at).params) {
            if is_data(input, param.is_told()) && self.lexicon.speaks_of("unlike-others", &param.all_words()) {
                let key = key_for(collection, input).unwrap_or_else(|| Arc::clone(&input.name));
                let unique = Unique { fields: vec![key], own: collection.private };
                if !collection.unique.contains(&unique) {
                    collection.unique.push(unique);
                }
            }
        }
    }
}

/// Whether an input brings a day or a time.
fn has_day(input: &Input) -> bool {
    input.word == Role::Time || input.rules.iter().any(|rule| matches!(rule.form, Form::Date(_) | Form::NotPast(_)))
}
