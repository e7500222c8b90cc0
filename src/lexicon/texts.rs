//! How texts are cut before words are sought in them: labels to their heads, messages to their clauses, names to their letters.

use super::Lexicon;

impl Lexicon {
    /// What is left of a text without the words of the topic before and behind it.
    pub fn within_words<'t>(&self, topic: &str, text: &'t str) -> &'t str {
        let mut left = text.trim();
        let Some((words, group)) = self.topic(topic) else { return left };
        // What is written in letters is a word only where it is all there is.
        let is_part = |word: &str, left: &str| !word.is_ascii() || word == left;
        loop {
            let words = || words.words_of(group).filter(|word| is_part(word, left));
            let before = words().filter_map(|word| left.strip_prefix(word)).min_by_key(|rest| rest.len());
            let behind = || words().filter_map(|word| left.strip_suffix(word)).min_by_key(|rest| rest.len());
            match before.or_else(behind) {
                Some(rest) => left = rest.trim(),
                None => return left,
            }
        }
    }
}

/// A name without letter case and marks: `phone_code`, `phoneCode` and `PhoneCode` are one.
pub fn compact(name: &str) -> String {
    let mut compact = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            _ if c.is_ascii_alphanumeric() => compact.push(c.to_ascii_lowercase()),
            // The unified ideographs are letters without case.
            '\u{4e00}'..='\u{9fff}' => compact.push(c),
            _ if !c.is_ascii() && c.is_alphanumeric() => compact.extend(c.to_lowercase()),
            _ => {}
        }
    }
    compact
}

/// What stands between a head and what belongs to it, in English.
const JOINTS: [&str; 6] = [" from ", " of ", " for ", " in ", " to ", " sent "];

/// The part of a label that names the thing: before remarks in brackets, after-thoughts and enumerations.
pub fn label_head(label: &str) -> &str {
    let cut = label
        .find(['(', '（', '[', '【', '{', '"', '\'', ',', '，', ':', '：', ';', '；', '。', '\t', '/'])
        .unwrap_or(label.len());
    let head = label[..cut].trim();
    // `手机唯一标示 测试的时候可以随便填`: after-thoughts come after a blank, which Chinese has no other use for.
    let blank = head.char_indices().find(|(at, c)| c.is_whitespace() && head[..*at].ends_with(|c: char| !c.is_ascii()));
    let blank = blank.filter(|(at, _)| head[..*at].chars().count() >= 2);
    let head = blank.map_or(head, |(at, _)| &head[..at]);
    // `Verification code from the email`: English has its head before what belongs to it.
    let joint = if head.contains(' ') { JOINTS.iter().filter_map(|joint| head.find(joint)).min() } else { None };
    let head = joint.filter(|at| *at > 0).map_or(head, |at| &head[..at]);
    // `状态 1正常 0停用`: the enumeration begins at the digit.
    let digit = head
        .char_indices()
        .find(|(at, c)| *at > 0 && c.is_ascii_digit() && !head[..*at].ends_with(|c: char| c.is_ascii_alphanumeric()));
    let head = digit.map_or(head, |(at, _)| head[..at].trim_end_matches(['-', ' ']));
    if head.is_empty() { label } else { head }
}

/// A message's clauses: what stands between marks.
pub(super) fn clauses(message: &str) -> impl Iterator<Item = &str> {
    message
        .split([',', '，', '。', ';', '；', '!', '！', '?', '？', '\n', ':', '：'])
        .map(str::trim)
        .filter(|clause| !clause.is_empty())
}

/// The bytes that a text has: most words have one that it has not, and need not be looked for.
pub struct Bytes([bool; 256]);

impl Bytes {
    pub fn of(text: &str) -> Self {
        let mut has = [false; 256];
        has[b'*' as usize] = true;
        text.bytes().for_each(|byte| has[byte as usize] = true);
        Self(has)
    }

    /// Whether the word may stand in it; `*` stands for anything.
    pub fn may_make(&self, word: &str) -> bool {
        word.bytes().all(|byte| self.0[byte as usize])
    }
}

/// What stands on either side of an *or*.
pub(super) fn either(clause: &str) -> impl Iterator<Item = &str> {
    clause.split("或者").flat_map(|part| part.split('或')).map(str::trim).filter(|part| !part.is_empty())
}
