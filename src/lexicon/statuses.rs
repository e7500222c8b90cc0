//! What the words of a status say: of which kind it is, what has come about, what it waits for.

use super::{Lexicon, StatusKind};

impl Lexicon {
    /// What the words of a status value say; the longest word decides, and may say several things: `待审核` can wait for
    /// its papers or for the reviewer.
    pub fn status(&self, text: &str) -> Vec<StatusKind> {
        let outside = text.split(['(', '（', '[', '【']).next().unwrap_or(text);
        let hits = self.statuses.words.hits(if outside.trim().is_empty() { text } else { outside });
        let Some(best) = hits.iter().max_by_key(|hit| (hit.len(), std::cmp::Reverse(hit.start))) else {
            return Vec::new();
        };
        let alike = hits.iter().filter(|hit| hit.start == best.start && hit.end == best.end);
        alike.filter_map(|hit| self.status_kinds.get(hit.group).copied()).collect()
    }

    /// Every status word in the text: `未审核` can be unreviewed and pending alike.
    pub fn statuses(&self, text: &str) -> Vec<StatusKind> {
        let mut kinds: Vec<StatusKind> =
            self.statuses.words.hits(text).iter().filter_map(|hit| self.status_kinds.get(hit.group).copied()).collect();
        kinds.dedup();
        kinds
    }

    /// A status without what says that it has come about: `签到` of `已签到`.
    pub fn without_done<'t>(&self, status: &'t str) -> &'t str {
        let words = &self.rules.deeds.done;
        words.iter().find_map(|word| status.strip_prefix(word.as_str())).unwrap_or(status)
    }

    /// Whether a status waits for a deed: 待付款.
    pub fn is_due(&self, status: &str) -> bool {
        self.awaited(status).is_some()
    }

    /// The deed that a status waits for: `付款` of 待付款.
    pub fn awaited<'t>(&self, status: &'t str) -> Option<&'t str> {
        let mut forms = self.rules.deeds.due.iter().filter_map(|form| form.split_once('*'));
        forms.find_map(|(before, after)| {
            let rest = status.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
            rest.filter(|rest| !(before.is_empty() && after.is_empty()) && !rest.is_empty())
        })
    }
}
