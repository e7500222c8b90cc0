//! Which endpoints are about what ties callers to records: those that tie and untie, the lists of what the caller is tied to, of
//! who follows, of who signed up.
//!
//! In: an endpoint's title, path, inputs and what it shows. Out: the relation, as the lexicon calls it.

use super::people::are_members;
use crate::behavior::collection::nouns::group::Grouping;
use crate::behavior::collection::ties::names_tied;
use crate::lexicon::{Operation, compact};
use std::collections::HashSet;

impl Grouping<'_> {
    /// The relation whose records an endpoint is about: it toggles one, or its path names nothing else.
    pub(in crate::behavior::collection) fn relation(&self, at: usize) -> Option<String> {
        let nouns = &self.nouns[at];
        let verbs = self.lexicon.verbs();
        if self.invited.parts.contains_key(&at) {
            return Some(self.invited.relation.clone());
        }
        if self.operations[at] == Operation::Toggle {
            return verbs.relation(self.titles[at], &nouns.words).map(|(name, ..)| name.to_owned());
        }
        if self.made.contains(&nouns.path) {
            return None;
        }
        // `attend` of what `signup` makes records of ties nobody either.
        let is_made = |words: &[String]| words.iter().any(|word| self.made.contains(word));
        let named = verbs.relations().find(|(name, relation)| {
            relation.path.contains(&nouns.path) && (!is_made(&relation.path) || self.is_toggled(name))
        });
        let told = || {
            // `我的收藏`: the title names nothing but the relation.
            let bare = nouns.title.is_empty() && nouns.path.is_empty();
            verbs.relation(self.titles[at], &[]).filter(|_| bare).map(|(name, ..)| name.to_owned())
        };
        // `我报名的活动`, `activity/mine`
        // `我想玩的` at `me/wants`
        let of_mine = || {
            let own = || nouns.words.iter().any(|word| self.lexicon.is_named("own-page", word));
            let mine = self.lexicon.speaks_of("mine", self.titles[at]);
            let lists = self.operations[at] == Operation::List && (mine || own());
            let words = if mine { &[] } else { &nouns.words[..] };
            let found = verbs.relation(self.titles[at], words).map(|(name, ..)| name.to_owned());
            found.filter(|name| lists && self.is_toggled(name))
        };
        // `想读清单`, `收藏列表`: a list of nothing but what the caller tied, and not of who tied a record that is named.
        let of_tied = || {
            let title = crate::behavior::operation::titles::bare(self.titles[at]);
            let (name, relation, undone) = verbs.relation(&title, &[])?;
            let word =
                relation.words.iter().filter(|word| title.contains(word.as_str())).max_by_key(|word| word.len())?;
            let rest = title.replacen(word.as_str(), "", 1);
            let rest = self.lexicon.without("mine", &rest);
            let rest = rest.trim_matches(|c: char| !c.is_alphanumeric());
            let lists = self.operations[at] == Operation::List && !undone;
            let named = self.inputs[at].iter().any(names_tied);
            let bare = rest.is_empty() || self.lexicon.is_nothing_but("list-of-own", rest);
            // `收藏的门店` shows what the tie's id names; `关注的人的动态` shows something else.
            let of_things = || {
                let begins = title.starts_with(word.as_str()) && self.lexicon.begins_with("of-what", rest);
                begins && self.ties(name).any(|tie| self.shows_first(at, tie))
            };
            let bare = bare || of_things();
            (lists && bare && !named && self.is_toggled(name)).then(|| name.to_owned())
        };
        // `粉丝列表`, `user/fans`: those who are tied.
        let back = || {
            let mut seen = verbs.relations().filter(|_| self.operations[at] == Operation::List);
            seen.find(|(_, relation)| relation.is_seen_back(self.titles[at], &nouns.path))
                .map(|(name, _)| name.to_owned())
                .filter(|name| self.is_toggled(name))
        };
        let named =
            || named.map(|(name, _)| name.to_owned()).or_else(told).or_else(of_mine).or_else(of_tied).or_else(back);
        self.roster(at).or_else(named)
    }

    /// `lesson/members` with the `lesson_id` that signing up takes, and nothing but people on its list: those who signed up.
    fn roster(&self, at: usize) -> Option<String> {
        let people = || {
            let of_tie = |key: &str| self.told_of_ties().contains(&compact(key));
            are_members(self.shown[at].iter().map(|key| &**key), &of_tie, self.lexicon)
        };
        if self.operations[at] != Operation::List || self.is_mine(at) || !people() {
            return None;
        }
        let id = |at: usize| self.inputs[at].iter().find(|input| names_tied(input)).map(|id| &id.name);
        let own = id(at)?;
        let ties = (0..self.operations.len()).filter(|at| self.operations[*at] == Operation::Toggle);
        let ties = ties.filter(|tie| id(*tie).is_some_and(|name| compact(name) == compact(own)));
        let words = &self.nouns[at].words;
        let relations: Vec<&str> = ties
            .filter_map(|tie| Some(self.lexicon.verbs().relation(self.titles[tie], &self.nouns[tie].words)?.0))
            .collect();
        let named = self.lexicon.verbs().relation(self.titles[at], words).map(|(name, ..)| name);
        let listed = self.lexicon.speaks_of("roster", self.titles[at])
            || words.iter().any(|word| self.lexicon.is_named("roster", word));
        let said = relations.iter().find(|name| named == Some(**name));
        let alone = || relations.first().filter(|first| listed && relations.iter().all(|name| name == *first));
        said.or_else(alone).map(|name| (*name).to_owned())
    }

    /// What those endpoints show that tie, and the lists of the caller's own.
    fn told_of_ties(&self) -> &HashSet<String> {
        self.told_of_ties.get_or_init(|| {
            let tells = |at: &usize| self.operations[*at] == Operation::Toggle || self.is_mine(*at);
            let shown = (0..self.operations.len()).filter(tells).flat_map(|at| &self.shown[at]);
            shown.map(|key| compact(key)).collect()
        })
    }

    /// Whether an endpoint ties and unties by that relation.
    fn is_toggled(&self, name: &str) -> bool {
        self.ties(name).next().is_some()
    }

    /// The endpoints that tie and untie by that relation.
    fn ties(&self, name: &str) -> impl Iterator<Item = usize> {
        (0..self.operations.len()).filter(move |at| {
            self.operations[*at] == Operation::Toggle
                && self
                    .lexicon
                    .verbs()
                    .relation(self.titles[*at], &self.nouns[*at].words)
                    .is_some_and(|(known, ..)| known == name)
        })
    }

    /// Whether the first id that a list's items show is what a tie takes.
    fn shows_first(&self, at: usize, tie: usize) -> bool {
        let first = self.shown[at]
            .iter()
            .find(|key| crate::behavior::collection::items::shape::is_id(key))
            .map(|key| compact(key));
        let taken = self.inputs[tie].iter().find(|input| names_tied(input)).map(|input| compact(&input.name));
        first.is_some_and(|first| first == "id" || taken.is_some_and(|taken| taken == first))
    }
}
