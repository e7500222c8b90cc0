//! Finds words of the trade in texts.
//!
//! Texts are labels and messages, a line at most, and the words some hundreds: to look up each character among the words'
//! first ones is as fast as an automaton, and nothing has to be built for it when the program starts.

use std::cmp::Reverse;
use std::collections::HashMap;

/// Groups of words or patterns (`请*登录`); a group is a number that the owner gives.
#[derive(Debug)]
pub(super) struct Words {
    pieces: Vec<Piece>,
    /// The pieces, by their places, in the bucket of their first character.
    by_first: Box<[Vec<usize>]>,
    patterns: Vec<Pattern>,
}

#[derive(Debug)]
struct Piece {
    text: Box<str>,
    /// The patterns in which it stands, with its position there.
    uses: Vec<(usize, usize)>,
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
    pub(super) fn new<'w>(words: impl IntoIterator<Item = (usize, &'w str)>) -> Self {
        let mut all = Self { pieces: Vec::new(), by_first: vec![Vec::new(); BUCKETS].into(), patterns: Vec::new() };
        let mut known = HashMap::new();
        for (group, word) in words {
            let parts = || word.split('*').map(str::trim).filter(|part| !part.is_empty());
            for (position, part) in parts().enumerate() {
                let at = *known.entry(part).or_insert_with(|| {
                    all.by_first[bucket(part.chars().next().unwrap_or_default())].push(all.pieces.len());
                    all.pieces.push(Piece { text: part.into(), uses: Vec::new() });
                    all.pieces.len() - 1
                });
                all.pieces[at].uses.push((all.patterns.len(), position));
            }
            all.patterns.push(Pattern { group, pieces: parts().count() });
        }
        all
    }

    /// Every word in the text, those left out that lie inside a longer one.
    pub(super) fn hits(&self, text: &str) -> Vec<Hit> {
        let mut hits = Vec::new();
        let mut begun: Vec<(usize, usize, usize, usize)> = Vec::new(); // pattern, next piece, start, end so far
        for (start, end, piece) in self.found(text) {
            for &(pattern, position) in &self.pieces[piece].uses {
                let Pattern { group, pieces } = self.patterns[pattern];
                if pieces == 1 {
                    hits.push(Hit { group, start, end });
                } else if position == 0 {
                    begun.push((pattern, 1, start, end));
                } else if let Some(open) =
                    begun.iter_mut().find(|open| open.0 == pattern && open.1 == position && open.3 <= start)
                {
                    open.1 += 1;
                    open.3 = end;
                    if open.1 == pieces {
                        hits.push(Hit { group, start: open.2, end: open.3 });
                    }
                }
            }
        }
        hits.sort_by_key(|hit| (hit.start, Reverse(hit.end), hit.group));
        hits.dedup();
        // What begins no later and ends no earlier, and is not the very same place, is longer and stands before it here.
        let mut kept: Vec<Hit> = Vec::new();
        let mut farthest = 0;
        for same in hits.chunk_by(|a, b| (a.start, a.end) == (b.start, b.end)) {
            let end = same.first().map_or(0, |hit| hit.end);
            if end > farthest {
                farthest = end;
                kept.extend(same);
            }
        }
        kept.sort_by_key(|hit| (hit.start, hit.end, hit.group));
        kept
    }

    /// Every piece in the text (start, end, piece), overlapping ones too, by where they end.
    fn found(&self, text: &str) -> Vec<(usize, usize, usize)> {
        let mut found = Vec::new();
        // What is longer is no label and no message, and a document can make it as long as a file may be.
        let text = &text[..text.floor_char_boundary(LONGEST)];
        for (start, first) in text.char_indices() {
            if begins_inside(text, start) {
                continue; // for the words of any bucket
            }
            for &piece in &self.by_first[bucket(first)] {
                let word = self.pieces[piece].text.as_bytes();
                let end = start + word.len();
                let stands = text.as_bytes().get(start..end).is_some_and(|there| there.eq_ignore_ascii_case(word));
                if stands && bounded(text, start, end) {
                    found.push((start, end, piece));
                }
            }
        }
        found.sort_unstable_by_key(|(start, end, piece)| (*end, *start, *piece));
        found
    }

    /// The words of a group that are one piece.
    pub(super) fn words_of(&self, group: usize) -> Vec<&str> {
        let of_group = |piece: &&Piece| {
            piece.uses.iter().any(|(pattern, _)| {
                self.patterns.get(*pattern).is_some_and(|pattern| pattern.group == group && pattern.pieces == 1)
            })
        };
        self.pieces.iter().filter(of_group).map(|piece| &*piece.text).collect()
    }

    /// Whether a word of the group is just this, letter case and marks left aside.
    pub(super) fn has_whole(&self, name: &str, group: usize) -> bool {
        let is = |piece: &&Piece| {
            let mut letters = piece.text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase);
            name.chars().all(|c| letters.next() == Some(c)) && letters.next().is_none()
        };
        let first = name.chars().next().unwrap_or_default();
        let begun = self.by_first[bucket(first)].iter().filter_map(|at| self.pieces.get(*at));
        let of_group = |piece: &Piece| {
            piece.uses.iter().any(|(pattern, _)| {
                self.patterns.get(*pattern).is_some_and(|pattern| pattern.group == group && pattern.pieces == 1)
            })
        };
        begun.filter(is).any(of_group)
    }

    pub(super) fn contains(&self, text: &str, group: usize) -> bool {
        self.hits(text).iter().any(|hit| hit.group == group)
    }
}

const BUCKETS: usize = 1024;

/// Of a text, in bytes.
const LONGEST: usize = 64 << 10;

/// Where the pieces that begin with a character are, among few others; a letter of ASCII is where its lower case is. Without
/// a hash, since every character of every text is looked up.
fn bucket(first: char) -> usize {
    first.to_ascii_lowercase() as usize % BUCKETS
}

/// A word in Latin letters does not begin or end inside another; Chinese has no such edges.
fn bounded(text: &str, start: usize, end: usize) -> bool {
    let bytes = text.as_bytes();
    let letter = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphanumeric);
    let ends_inside = end > 0 && letter(end - 1) && letter(end);
    !begins_inside(text, start) && !ends_inside
}

fn begins_inside(text: &str, start: usize) -> bool {
    let letter = |at: usize| text.as_bytes().get(at).is_some_and(u8::is_ascii_alphanumeric);
    start > 0 && letter(start) && letter(start - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(usize, &str)]) {
        let words =
            Words::new([(0, "登录"), (1, "未登录"), (2, "请*登录"), (3, "code"), (4, "不正确"), (5, "格式不正确")]);
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
