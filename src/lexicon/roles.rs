//! What a parameter or a field is for: by what a document set shows of it, by the words of its label, by its name.

use super::{Lexicon, Role, compact, label_head};
use std::ops::Range;

/// The score of what a set itself shows: more than any words give.
const LEARNED: u32 = 100;

impl Lexicon {
    /// What a parameter or field is for, with a score: 4 is a known name alone, more is also said in words.
    /// Labels in Chinese have their head at the end, so the word that ends the label outweighs one before it.
    pub fn role(&self, name: &str, label: &str) -> Option<(Role, u32)> {
        if !self.learned.is_empty() {
            let name = compact(name);
            if let Some((_, role)) = self.learned.iter().find(|(known, _)| *known == name) {
                return Some((*role, LEARNED));
            }
        }
        let mut scores: Vec<(Role, u32)> = Vec::new();
        let mut add = |role: Role, points: u32| match scores.iter_mut().find(|(known, _)| *known == role) {
            Some((_, score)) => *score = (*score).max(points) + (*score).min(points) / 4,
            None => scores.push((role, points)),
        };
        let head = label_head(label);
        let hits = self.roles.hits(head);
        for hit in &hits {
            let Some(role) = Role::ALL.get(hit.group) else { continue };
            let characters = head[hit.start..hit.end].chars().count();
            let at_end = head[hit.end..].chars().all(|c| !c.is_alphanumeric());
            let points = if at_end { 12 } else { 4 } + u32::try_from(characters.min(8)).unwrap_or(8);
            add(*role, points);
        }
        let name = compact(name);
        let foreign = hits.is_empty() && !head.is_ascii();
        for (role, points) in self.role_names.of(&name) {
            // A label in words that says nothing known speaks against what the bare name suggests.
            add(role, if foreign { points / 2 } else { points });
        }
        let mut best = scores.first().copied()?;
        for score in scores {
            if score.1 > best.1 {
                best = score;
            }
        }
        Some(best)
    }

    /// The roles that words of a text name, each with where it does.
    pub fn roles_in(&self, text: &str) -> Vec<(Role, Range<usize>)> {
        let hits = self.roles.hits(text).into_iter();
        hits.filter_map(|hit| Some((*Role::ALL.get(hit.group)?, hit.start..hit.end))).collect()
    }
}
