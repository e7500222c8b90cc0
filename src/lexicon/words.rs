//! Finds words of the trade in texts.
//!
//! Texts are labels and messages, a line at most, and the words some hundreds: to look up each two characters among the
//! words' first two is as fast as an automaton, and is written down as constants.

use super::memo::{Found, Memo};
use std::borrow::Cow;
use std::cmp::Reverse;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// Groups of words or patterns (`请*登录`, with what may stand in one place: `老|旧*失效|作废`); a group is a number that the owner gives. The build script makes most of them,
/// and writes them down as `Debug` shows their parts.
#[derive(Clone, Debug)]
pub(super) struct Words {
    /// The texts of all pieces.
    pub(super) texts: Cow<'static, str>,
    /// In the order of their buckets, so that the pieces of one stand together.
    pub(super) pieces: Cow<'static, [Piece]>,
    /// Where the pieces of each bucket begin, and behind the last where they end.
    pub(super) buckets: Cow<'static, [u32]>,
    /// What the pieces are used for, those of one piece together.
    pub(super) uses: Cow<'static, [Use]>,
    pub(super) patterns: Cow<'static, [Pattern]>,
    /// The pieces that are whole words, each with its group before it, by groups.
    pub(super) whole: Cow<'static, [(u32, u32)]>,
    /// Of those the ones that begin otherwise without their marks: `e-mail`.
    pub(super) marked: Cow<'static, [(u32, u32)]>,
    pub(super) memo: Memo<Found>,
}

#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub(super) text: Range<u32>,
    pub(super) uses: Range<u32>,
}

/// A pattern in which a piece stands, and where.
#[derive(Clone, Copy, Debug)]
pub(super) struct Use {
    pub(super) pattern: u32,
    pub(super) position: u32,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Pattern {
    pub(super) group: usize,
    pub(super) pieces: u32,
}

/// One word found; positions are bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hit {
    pub(super) group: usize,
    pub(super) start: usize,
    pub(super) end: usize,
    /// Without a gap.
    pub(super) solid: bool,
}

impl Hit {
    pub(super) fn len(self) -> usize {
        self.end - self.start
    }
}

impl Words {
    /// From pairs of group and word.
    pub(super) fn new<'w>(words: impl IntoIterator<Item = (usize, &'w str)>) -> Self {
        let mut parts = Vec::new();
        let mut patterns = Vec::new();
        for (group, word) in words {
            let mut position = 0;
            for part in word.split('*').map(str::trim).filter(|part| !part.is_empty()) {
                let either = if part == "|" { part.split('*') } else { part.split('|') };
                for part in either.map(str::trim).filter(|part| !part.is_empty()) {
                    parts.push((0, part, Use { pattern: count(patterns.len()), position }));
                }
                position += 1;
            }
            patterns.push(Pattern { group, pieces: position });
        }
        let mask = (parts.len() * SPREAD).next_power_of_two().clamp(LEAST_BUCKETS, MOST_BUCKETS) - 1;
        for (key, part, _) in &mut parts {
            *key = sorting_key(part, mask);
        }
        parts.sort_unstable_by_key(|(key, part, _)| (*key, *part));
        let mut texts = String::new();
        let mut pieces: Vec<Piece> = Vec::new();
        let mut buckets = Vec::with_capacity(mask + 2);
        let mut uses = Vec::with_capacity(parts.len());
        for same in parts.chunk_by(|one, next| one.1 == next.1) {
            let Some((_, text, _)) = same.first() else { continue };
            let bucket = begun_like(text, mask);
            buckets.resize(bucket + 1, count(pieces.len()));
            let (start, begun) = (count(texts.len()), count(uses.len()));
            texts += text;
            uses.extend(same.iter().map(|(.., used)| *used));
            pieces.push(Piece { text: start..count(texts.len()), uses: begun..count(uses.len()) });
        }
        buckets.resize(mask + 2, count(pieces.len()));
        let mut whole: Vec<(u32, u32)> = Vec::new();
        for (at, piece) in pieces.iter().enumerate() {
            let used = uses.get(piece.uses.start as usize..piece.uses.end as usize).unwrap_or_default();
            let patterns = used.iter().filter_map(|used| patterns.get(used.pattern as usize));
            whole.extend(
                patterns.filter(|pattern| pattern.pieces == 1).map(|pattern| (count(pattern.group), count(at))),
            );
        }
        whole.sort_unstable();
        whole.dedup();
        let is_marked = |at: u32| {
            let piece = pieces.get(at as usize);
            let text = piece.and_then(|piece| texts.get(piece.text.start as usize..piece.text.end as usize));
            text.is_some_and(|text| !text.chars().take(2).all(char::is_alphanumeric))
        };
        let marked: Vec<(u32, u32)> = whole.iter().copied().filter(|(_, at)| is_marked(*at)).collect();
        Self {
            whole: whole.into(),
            marked: marked.into(),
            texts: texts.into(),
            pieces: pieces.into(),
            buckets: buckets.into(),
            uses: uses.into(),
            patterns: patterns.into(),
            memo: Memo::NEW,
        }
    }

    pub(super) fn forget(&self) {
        self.memo.forget();
    }

    /// One less than there are buckets.
    fn mask(&self) -> usize {
        self.buckets.len().saturating_sub(2)
    }

    fn in_bucket(&self, bucket: usize) -> &[Piece] {
        let ends = self.buckets.get(bucket).zip(self.buckets.get(bucket + 1));
        ends.and_then(|(start, end)| self.pieces.get(*start as usize..*end as usize)).unwrap_or_default()
    }

    fn text(&self, piece: &Piece) -> &str {
        self.texts.get(piece.text.start as usize..piece.text.end as usize).unwrap_or_default()
    }

    fn uses(&self, piece: &Piece) -> impl Iterator<Item = (Use, Pattern)> {
        let uses = self.uses.get(piece.uses.start as usize..piece.uses.end as usize).unwrap_or_default();
        uses.iter().filter_map(|used| Some((*used, *self.patterns.get(used.pattern as usize)?)))
    }

    fn is_word_of(&self, piece: &Piece, group: usize) -> bool {
        self.uses(piece).any(|(_, pattern)| pattern.group == group && pattern.pieces == 1)
    }

    /// Every word in the text, those left out that lie inside a longer one.
    pub(super) fn hits(&self, text: &str) -> Vec<Hit> {
        let found = self.all_hits(text);
        found.longest.get_or_init(|| Self::longest(found.all.clone())).clone()
    }

    fn longest(mut hits: Vec<Hit>) -> Vec<Hit> {
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

    /// Those that longer ones cover, too.
    fn all_hits(&self, text: &str) -> Arc<Found> {
        self.memo.find(text, || Found { all: self.find(text), longest: OnceLock::new() })
    }

    /// What nobody has asked for before.
    fn find(&self, text: &str) -> Vec<Hit> {
        let mut hits = Vec::new();
        let found = self.found(text);
        // Words as common as `不` begin hundreds of patterns, few of which end in the text.
        let mut ended = vec![0_u64; self.patterns.len() / 64 + 1];
        for (Use { pattern, position }, Pattern { pieces, .. }) in found.iter().flat_map(|(.., piece)| self.uses(piece))
        {
            if position + 1 == pieces {
                ended[pattern as usize / 64] |= 1 << (pattern % 64);
            }
        }
        let mut begun: Vec<(u32, u32, usize, usize)> = Vec::new(); // pattern, next piece, start, end so far
        for (start, end, piece) in found {
            for (Use { pattern, position }, Pattern { group, pieces }) in self.uses(piece) {
                let ends = ended[pattern as usize / 64] & 1 << (pattern % 64) != 0;
                if pieces == 1 {
                    hits.push(Hit { group, start, end, solid: true });
                } else if position == 0 && ends {
                    begun.push((pattern, 1, start, end));
                } else if let Some(open) =
                    begun.iter_mut().find(|open| open.0 == pattern && open.1 == position && open.3 <= start)
                {
                    open.1 += 1;
                    open.3 = end;
                    if open.1 == pieces {
                        hits.push(Hit { group, start: open.2, end: open.3, solid: false });
                    }
                }
            }
        }
        hits
    }

    /// Every piece in the text (start, end, piece), overlapping ones too, by where they end.
    fn found(&self, text: &str) -> Vec<(usize, usize, &Piece)> {
        let mut found = Vec::new();
        // What is longer is no label and no message, and a document can make it as long as a file may be.
        let text = &text[..text.floor_char_boundary(LONGEST)];
        let mask = self.mask();
        let mut try_bucket = |start: usize, bucket: usize| {
            for piece in self.in_bucket(bucket) {
                let word = self.text(piece).as_bytes();
                let end = start + word.len();
                let stands = text.as_bytes().get(start..end).is_some_and(|there| there.eq_ignore_ascii_case(word));
                if stands && bounded(text, start, end) {
                    found.push((start, end, piece));
                }
            }
        };
        let mut characters = text.char_indices().peekable();
        while let Some((start, first)) = characters.next() {
            if begins_inside(text, start) {
                continue; // for the words of any bucket
            }
            let alone = bucket(first, None, mask);
            try_bucket(start, alone);
            if let Some((_, second)) = characters.peek() {
                let both = bucket(first, Some(*second), mask);
                if both != alone {
                    try_bucket(start, both);
                }
            }
        }
        found.sort_unstable_by_key(|(start, end, _)| (*end, *start));
        found
    }

    /// The words of a group that are one piece.
    pub(super) fn words_of(&self, group: usize) -> impl Iterator<Item = &str> {
        self.of_group(&self.whole, group).map(|piece| self.text(piece))
    }

    fn of_group(&self, pairs: &'_ [(u32, u32)], group: usize) -> impl Iterator<Item = &Piece> {
        let start = pairs.partition_point(|(of, _)| (*of as usize) < group);
        let own = pairs.iter().skip(start).take_while(move |(of, _)| *of as usize == group);
        own.filter_map(|(_, piece)| self.pieces.get(*piece as usize))
    }

    /// Whether a word of the group is just this, letter case and marks left aside.
    pub(super) fn has_whole(&self, name: &str, group: usize) -> bool {
        let is = |piece: &Piece| {
            let mut letters = self.text(piece).chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase);
            name.chars().all(|c| letters.next() == Some(c)) && letters.next().is_none()
        };
        let mut begun = self.in_bucket(begun_like(name, self.mask())).iter();
        begun.any(|piece| self.is_word_of(piece, group) && is(piece)) || self.of_group(&self.marked, group).any(is)
    }

    /// Whether a word of the group stands in the text, whatever covers it.
    pub(super) fn holds(&self, text: &str, group: usize) -> bool {
        self.all_hits(text).all.iter().any(|hit| hit.group == group)
    }

    /// The words of one group in the text, whatever covers them: by where they begin, the longest first.
    pub(super) fn hits_of(&self, text: &str, group: usize) -> Vec<Hit> {
        let found = self.all_hits(text);
        let mut hits: Vec<Hit> = found.all.iter().filter(|hit| hit.group == group).copied().collect();
        hits.sort_by_key(|hit| (hit.start, Reverse(hit.end)));
        hits
    }

    pub(super) fn contains(&self, text: &str, group: usize) -> bool {
        let found = self.all_hits(text);
        found.all.iter().any(|hit| hit.group == group && !is_covered(hit, &found.all))
    }

    /// The words of one group in the text that lie inside no longer one without a gap, in the order of `hits_of`.
    pub(super) fn uncovered(&self, text: &str, group: usize) -> Vec<Hit> {
        let mut hits = self.hits_of(text, group);
        if !hits.is_empty() {
            let found = self.all_hits(text);
            hits.retain(|hit| !is_covered(hit, &found.all));
        }
        hits
    }
}

fn is_covered(own: &Hit, hits: &[Hit]) -> bool {
    hits.iter().any(|hit| hit.start <= own.start && own.end <= hit.end && hit.len() > own.len() && hit.solid)
}

const LEAST_BUCKETS: usize = 16;

/// So many buckets there are for each piece: most texts have no word in them, and find so by an empty bucket.
const SPREAD: usize = 4;

/// Behind these nothing is won: the pieces would have to be some ten thousand.
const MOST_BUCKETS: usize = 1 << 14;

/// Of a text, in bytes.
const LONGEST: usize = 64 << 10;

/// Where the pieces are that begin with two characters, or are one, among few others; a letter of ASCII is where its lower
/// case is. Without much of a hash, since every character of every text is looked up.
fn bucket(first: char, second: Option<char>, mask: usize) -> usize {
    let lower = |c: char| c.to_ascii_lowercase() as usize;
    (lower(first) ^ second.map_or(0, lower).wrapping_mul(0x9e5)) & mask
}

fn begun_like(part: &str, mask: usize) -> usize {
    let mut characters = part.chars();
    characters.next().map_or(0, |first| bucket(first, characters.next(), mask))
}

/// What puts pieces in order: those of one bucket together, and of those that are alike in little the shorter first. Most are
/// told apart by it alone.
fn sorting_key(part: &str, mask: usize) -> u64 {
    let end = part.bytes().rev().take(4).fold(0_u64, |end, byte| end << 8 | u64::from(byte));
    (begun_like(part, mask) as u64) << 48 | (part.len() as u64 & 0xffff) << 32 | end
}

/// The words are compiled in or come from one file of bounded size.
fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
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

    #[test]
    fn a_place_of_a_pattern_takes_any_of_its_words() {
        let words = Words::new([(0, "老|旧*失效|作废"), (1, "|")]);
        let of = |text: &str| words.hits(text).iter().map(|hit| (hit.group, hit.len())).collect::<Vec<_>>();
        assert_eq!(of("旧的就作废"), [(0, "旧的就作废".len())]);
        assert_eq!(of("老token失效"), [(0, "老token失效".len())]);
        assert_eq!(of("失效的是旧的"), []);
        assert_eq!(of("a|b"), [(1, 1)]);
    }
}
