//! Finds words of the trade in texts: every word of a section in one pass.

use aho_corasick::{AhoCorasick, MatchKind};

/// Groups of words or patterns (`请*登录`); a group is a number that the owner gives.
#[derive(Debug)]
pub(super) struct Words {
    automaton: AhoCorasick,
    /// For each piece of the automaton, the patterns in which it stands, with its position there.
    uses: Vec<Vec<(usize, usize)>>,
    patterns: Vec<Pattern>,
}

#[derive(Debug)]
struct Pattern {
    group: usize,
    pieces: usize,
}

/// One word found; positions are bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hit {
    pub(super) group: usize,
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Hit {
    pub(super) fn len(self) -> usize {
        self.end - self.start
    }
}

impl Words {
    /// From pairs of group and word.
    pub(super) fn new<'w>(words: impl IntoIterator<Item = (usize, &'w str)>) -> Result<Self, String> {
        let mut pieces: Vec<&str> = Vec::new();
        let mut uses: Vec<Vec<(usize, usize)>> = Vec::new();
        let mut index = std::collections::HashMap::new();
        let mut patterns = Vec::new();
        for (group, word) in words {
            let parts: Vec<&str> = word.split('*').map(str::trim).filter(|part| !part.is_empty()).collect();
            for (position, part) in parts.iter().enumerate() {
                let at = *index.entry(*part).or_insert_with(|| {
                    pieces.push(part);
                    uses.push(Vec::new());
                    pieces.len() - 1
                });
                uses[at].push((patterns.len(), position));
            }
            patterns.push(Pattern { group, pieces: parts.len() });
        }
        let automaton = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::Standard)
            .build(&pieces)
            .map_err(|error| error.to_string())?;
        Ok(Self { automaton, uses, patterns })
    }

    /// Every word in the text, those left out that lie inside a longer one.
    pub(super) fn hits(&self, text: &str) -> Vec<Hit> {
        let mut hits = Vec::new();
        let mut begun: Vec<(usize, usize, usize, usize)> = Vec::new(); // pattern, next piece, start, end so far
        for found in self.automaton.find_overlapping_iter(text) {
            if !bounded(text, found.start(), found.end()) {
                continue;
            }
            for &(pattern, position) in &self.uses[found.pattern().as_usize()] {
                let Pattern { group, pieces } = self.patterns[pattern];
                if pieces == 1 {
                    hits.push(Hit { group, start: found.start(), end: found.end() });
                } else if position == 0 {
                    begun.push((pattern, 1, found.start(), found.end()));
                } else if let Some(open) =
                    begun.iter_mut().find(|open| open.0 == pattern && open.1 == position && open.3 <= found.start())
                {
                    open.1 += 1;
                    open.3 = found.end();
                    if open.1 == pieces {
                        hits.push(Hit { group, start: open.2, end: open.3 });
                    }
                }
            }
        }
        let inside = |a: &Hit, b: &Hit| b.start <= a.start && a.end <= b.end && b.len() > a.len();
        let kept: Vec<Hit> = hits.iter().filter(|hit| !hits.iter().any(|other| inside(hit, other))).copied().collect();
        let mut kept = kept;
        kept.sort_by_key(|hit| (hit.start, hit.end, hit.group));
        kept.dedup();
        kept
    }

    pub(super) fn contains(&self, text: &str, group: usize) -> bool {
        self.hits(text).iter().any(|hit| hit.group == group)
    }
}

/// A word in Latin letters does not begin or end inside another; Chinese has no such edges.
fn bounded(text: &str, start: usize, end: usize) -> bool {
    let bytes = text.as_bytes();
    let letter = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphanumeric);
    let begins_inside = letter(start) && start > 0 && letter(start - 1);
    let ends_inside = end > 0 && letter(end - 1) && letter(end);
    !begins_inside && !ends_inside
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(usize, &str)]) {
        let words =
            Words::new([(0, "登录"), (1, "未登录"), (2, "请*登录"), (3, "code"), (4, "不正确"), (5, "格式不正确")])
                .unwrap();
        let found: Vec<_> = words.hits(text).iter().map(|hit| (hit.group, &text[hit.start..hit.end])).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn the_longer_word_covers_the_shorter() {
        check("用户未登录", &[(1, "未登录")]);
        check("账号密码格式不正确", &[(5, "格式不正确")]);
        check("请您先登录", &[(2, "请您先登录")]);
        check("Code", &[(3, "Code")]);
        check("decode", &[]);
        check("手机code", &[(3, "code")]);
    }
}
