//! What a notice says: the words of an example with this deed in the place of another, the deed's code, and who did it.

use super::Writing;
use crate::behavior::collection::nouns::noun::singular;
use crate::behavior::collection::{ItemField, TakerPart};
use crate::json::Json;
use crate::lexicon::{Role, compact};
use std::sync::Arc;

impl<'a> Writing<'a> {
    /// `"type": "comment"` beside `POST notes/{id}/comments`: where paths call a deed as the example does, this deed is called
    /// by its own.
    pub(in crate::behavior) fn code(&self, shown: &str, at: usize) -> Option<String> {
        let is_code = shown.len() > 2 && shown.bytes().all(|byte| byte.is_ascii_lowercase());
        let own = self.gathering.nouns[at].words.last().map(|word| singular(word));
        own.filter(|_| is_code && self.deeds.is_code(shown))
    }

    /// The example whose words tell of the deed, else the first.
    pub(in crate::behavior) fn example(&self, collection: usize, word: &str, words: &[&str]) -> Option<&'a Json> {
        let group = self.gathering.groups.get(collection)?;
        let items: Vec<&Json> = self.gathering.sights(group).into_iter().map(|sight| sight.item).collect();
        let machines = &self.collections[collection].machines;
        let says = |item: &&&Json, word: &str| {
            let texts = item.as_object().unwrap_or_default().iter().filter_map(|(_, value)| value.as_str());
            let kind = machines.iter().any(|machine| {
                let value = item.get(&machine.field).and_then(|value| machine.known(value));
                value.is_some_and(|value| value.words.contains(word))
            });
            kind || texts.into_iter().any(|text| text.contains(word))
        };
        let own = items.iter().find(|item| says(item, word));
        let other = || items.iter().find(|item| words.iter().any(|word| says(item, word)));
        own.or_else(other).or(items.first()).copied()
    }

    /// What a field shows of who did it.
    pub(in crate::behavior) fn actor(&self, field: &ItemField) -> Option<TakerPart> {
        let lexicon = self.gathering.lexicon;
        let words = crate::behavior::operation::split_words(&field.key);
        if let Some(members) = field.example.as_object() {
            let is_actor = words.iter().all(|word| lexicon.is_named("actor-part", word));
            let part = |key: &str, example: &Json| Some((key.into(), example.clone(), self.part(key, Role::Plain)?));
            let parts = members.iter().filter_map(|(key, example)| part(key, example));
            return is_actor.then(|| TakerPart::Parts(parts.collect()));
        }
        let (first, rest) = words.split_first()?;
        if !rest.is_empty() && lexicon.is_named("actor-part", first) {
            return self.part(&rest.concat(), field.role);
        }
        // `from` alone is a name, or an id.
        if rest.is_empty() && lexicon.is_named("actor-part", first) && field.role == Role::Plain {
            let is_id = field.example.scalar_text().is_some_and(|text| text.parse::<u64>().is_ok());
            return if is_id { Some(TakerPart::Id) } else { self.part("nickname", Role::Nickname) };
        }
        let shows = matches!(field.role, Role::Nickname | Role::Avatar | Role::UserId);
        if shows { self.part(&field.key, field.role) } else { None }
    }

    fn part(&self, name: &str, role: Role) -> Option<TakerPart> {
        let (lexicon, accounts) = (self.gathering.lexicon, self.gathering.accounts);
        if lexicon.is_named("account-id", name) || compact(name) == "id" || role == Role::UserId {
            return Some(TakerPart::Id);
        }
        if let Some(field) = accounts.field(name) {
            return Some(TakerPart::Field(Arc::clone(&field.key)));
        }
        let role = lexicon.role(name, "").map_or(role, |(role, _)| role);
        let roles: &[Role] = match role {
            Role::Nickname | Role::RealName | Role::Account => &[Role::Nickname, Role::RealName],
            Role::Avatar => &[Role::Avatar],
            _ => return None,
        };
        let known = roles.iter().find_map(|role| accounts.key_of_role(*role));
        known.map(|key| TakerPart::Field(Arc::clone(key))).or((role != Role::Avatar).then_some(TakerPart::Identity))
    }
}

/// An example's words with this deed in the place of another that they tell of.
pub(in crate::behavior) fn in_words_of(text: &str, word: &str, words: &[&str]) -> String {
    if text.contains(word) {
        return text.to_owned();
    }
    let other = words.iter().find(|other| text.contains(**other));
    other.map_or_else(|| text.to_owned(), |other| text.replace(other, word))
}

/// A sentence without what stands in quotes, and that.
pub(in crate::behavior) fn unquoted(text: &str) -> (String, Vec<&str>) {
    let (mut plain, mut quotes) = (String::new(), Vec::new());
    let mut rest = text;
    while let Some(start) = rest.find(['「', '“', '『', '"', '《']) {
        let open = rest[start..].chars().next().map_or(0, char::len_utf8);
        let inner = &rest[start + open..];
        let Some(end) = inner.find(['」', '”', '』', '"', '》']) else { break };
        plain.push_str(&rest[..start]);
        quotes.push(&inner[..end]);
        let close = inner[end..].chars().next().map_or(0, char::len_utf8);
        rest = &inner[end + close..];
    }
    plain.push_str(rest);
    (plain, quotes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_quotes_is_kept_apart() {
        assert_eq!(
            unquoted("标题分别是「已受理」“已完工”，各一条"),
            ("标题分别是，各一条".to_owned(), vec!["已受理", "已完工"])
        );
        assert_eq!(unquoted("没有「闭合"), ("没有「闭合".to_owned(), vec![]));
    }

    #[test]
    fn an_example_of_another_deed_takes_this_ones_words() {
        assert_eq!(in_words_of("工单已受理", "完工", &["受理", "完工"]), "工单已完工");
        assert_eq!(in_words_of("工单已完工", "完工", &["受理", "完工"]), "工单已完工");
        assert_eq!(in_words_of("有新消息", "完工", &["受理", "完工"]), "有新消息");
    }
}
