//! What a member says of ties: whether the caller is tied to a record, and how many are.
//!
//! A relation goes by the name that titles give it (收藏); its members can go by the path's (`like`, `liked`, `likes`), or by any
//! name beside a comment that says it (`mine // 我收藏没有`).

use super::items::example_forms::is_flag;
use super::items::item::{Items, Source};
use crate::behavior::account::enumerated;
use crate::json::Json;
use crate::lexicon::{Role, compact, label_head};

impl Items<'_> {
    pub(super) fn tied(&self, at: usize, name: &str, example: &Json) -> Option<Source> {
        // A flag and a count can share a name; a count can be a number beyond one.
        let is_number = example.scalar_text().is_some_and(|text| text.parse::<i64>().is_ok());
        if !is_number && !is_flag(example) {
            return None;
        }
        let by_name = |tie: usize| {
            let relation = self.collections[tie].relation.as_ref()?;
            let others = |named: &str| {
                let mut others = self.kin.ties(at).iter().filter(|other| **other != tie);
                others.any(|other| self.collections[*other].relation.as_ref().is_some_and(|own| own.name == *named))
            };
            let goes_by = |named: &str, path: &[String]| {
                relation.name == *named || (relation.deeds.iter().any(|deed| path.contains(deed)) && !others(named))
            };
            let words = || self.lexicon.verbs().relations().filter(|(named, words)| goes_by(named, &words.path));
            let has = |list: &[String]| list.iter().any(|known| known == name);
            let flagged = words().any(|(_, words)| has(&words.flags)) || relation.is_flag(name);
            if is_number && flagged && self.is_counted_beside(at, name) {
                return Some(Source::TieCount(tie));
            }
            if flagged && is_flag(example) {
                return Some(Source::Tied(tie));
            }
            // A `like` of 3 counts them, and is no flag.
            let counts = || !is_flag(example) && (relation.name == *name || words().any(|(_, words)| has(&words.path)));
            (is_number && (counts() || words().any(|(_, words)| has(&words.counts)))).then_some(Source::TieCount(tie))
        };
        let ties = self.kin.ties(at);
        ties.iter()
            .find_map(|tie| by_name(*tie))
            .or_else(|| ties.iter().find_map(|tie| self.said_to_tie(at, *tie, name, example)))
    }

    /// Whether a name that can be a flag's and a count's is the count's: its words say so, or it stands beside how many there may be.
    fn is_counted_beside(&self, at: usize, name: &str) -> bool {
        let fields = &self.collections[at].fields;
        let Some(field) = fields.iter().find(|field| compact(&field.key) == name) else { return false };
        let capacity = |other: &&super::ItemField| {
            other.key != field.key
                && (self.lexicon.is_named("capacity", &other.key)
                    || self.lexicon.speaks_of("capacity", label_head(&other.words)))
        };
        let said = |topic: &str| !field.words.is_empty() && self.lexicon.speaks_of(topic, &field.words);
        said("tie-count") || (!said("tie-asked") && fields.iter().any(|other| capacity(&other)))
    }

    /// The same by what a comment says of the member.
    fn said_to_tie(&self, at: usize, tie: usize, name: &str, example: &Json) -> Option<Source> {
        let relation = self.collections[tie].relation.as_ref()?;
        let field = self.collections[at].fields.iter().find(|field| compact(&field.key) == name)?;
        let words = field.words.as_str();
        let (said, _, _) = self.lexicon.verbs().relation(words, &[])?;
        // `状态 1报名中 2进行中 3已结束` says how far it is.
        let values = enumerated(words, example, self.lexicon).len();
        let is_status = field.role == Role::Status || values > 2;
        if said != relation.name || is_status || self.lexicon.speaks_of("tie-allowed", words) {
            return None;
        }
        let is_bool = matches!(example, Json::Bool(_));
        if !is_bool && self.lexicon.speaks_of("tie-count", words) {
            return Some(Source::TieCount(tie));
        }
        let asks = is_bool || self.lexicon.speaks_of("tie-asked", words);
        (asks && is_flag(example)).then_some(Source::Tied(tie))
    }
}
