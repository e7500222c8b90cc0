//! Members that show by its id or name somebody on one side of a record: `seller_id` of goods that callers publish, `buyer // 买家`
//! and `seller // 卖家` of an order, `bidder_id // 出价的人` of a bid.
//!
//! In: a member's name and its words. Out: whether it is of whoever made the record, or of whoever has what the record names.

use super::item::{ItemMember, Items, Source};
use super::shape;
use crate::behavior::collection::Collection;
use crate::behavior::operation::split_words;
use crate::json::Json;
use crate::lexicon::{Role, compact, label_head};
use std::sync::Arc;

/// On which side somebody is.
enum Side {
    Maker,
    Other,
}

impl Items<'_> {
    /// Whose account a member shows, where its name or its words say on which side that is.
    pub(in crate::behavior::collection) fn of_side(
        &self,
        collection: &Collection,
        key: &Arc<str>,
        role: Role,
        example: &Json,
    ) -> Option<Source> {
        let settled = !collection.owned || collection.taker.is_some();
        if settled || !self.accounts.any || collection.reference(key).is_some() || self.is_sent(collection, key) {
            return None;
        }
        let shows = if shape::is_id(key) && example.is_scalar() {
            Source::OwnerId
        } else if matches!(role, Role::Nickname | Role::Avatar | Role::RealName) {
            self.owner_field(key, role)?
        } else {
            return None;
        };
        if let Some(recipient) = &collection.recipient {
            // `fa_id // 谁发的`, `shou_id // 发给谁`
            let label = collection.field(key).map_or("", |field| label_head(&field.words));
            let toward = ["whom", "recipient"].iter().any(|topic| self.lexicon.ends_with(topic, label));
            return match shows {
                Source::OwnerId if toward => Some(Source::Alias(Arc::clone(recipient))),
                _ => self.lexicon.is_nothing_but("sender-said", label).then_some(shows),
            };
        }
        match (self.side(collection, key)?, &collection.counterpart) {
            (Side::Maker, _) => Some(shows),
            (Side::Other, Some(known)) => {
                let then = ItemMember { key: Arc::clone(key), example: example.clone(), source: shows };
                Some(Source::Through(known.collection, Arc::clone(&known.field), Box::new(then)))
            }
            (Side::Other, None) => None,
        }
    }

    fn side(&self, collection: &Collection, key: &str) -> Option<Side> {
        let lexicon = self.lexicon;
        let words = split_words(key);
        let first = words.first().map_or("", String::as_str);
        let label = collection.field(key).map_or("", |field| label_head(&field.words));
        // `出价的人` of what is called 出价.
        let does = collection.titles.iter().filter_map(|title| label.strip_prefix(title.as_str()));
        if does.filter(|rest| !rest.is_empty()).any(|rest| lexicon.is_nothing_but("doer", rest)) {
            return Some(Side::Maker);
        }
        let said = |topic: &str| lexicon.begins_with(topic, label);
        let named = |topic: &str| lexicon.is_named(topic, first);
        if collection.counterpart.is_none() {
            let publishes = said("publisher-side") || named("publisher-side");
            return (publishes && collection.references.is_empty()).then_some(Side::Maker);
        }
        // `maijia` is either: 买家 and 卖家 are written alike in Latin letters.
        let [by_words, by_name] =
            [(said("maker-party"), said("other-party")), (named("maker-party"), named("other-party"))];
        [by_words, by_name].into_iter().find_map(|sides| match sides {
            (true, false) => Some(Side::Maker),
            (false, true) => Some(Side::Other),
            _ => None,
        })
    }

    /// Whether it is what somebody gave who made the record.
    pub(in crate::behavior::collection) fn is_sent(&self, collection: &Collection, key: &str) -> bool {
        let at = self.collections.iter().position(|known| known.name == collection.name);
        let sent = at.and_then(|at| self.sent.get(at)).into_iter().flatten();
        sent.into_iter().any(|input| compact(&input.name) == compact(key))
    }
}
