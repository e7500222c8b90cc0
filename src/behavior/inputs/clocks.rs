//! Times of day as values: `可选值:10:00,11:00`, `上午09:00/下午14:00`, `9:00-10:00、10:00-11:00`.
//!
//! In: a comment or description. Out: the times that it lists, each with what is said of it. A span alone (`09:00 到 18:00`) and
//! what only shows a form (`如 09:00、09:30`) lists nothing.

use crate::behavior::enumeration::Item;
use crate::lexicon::EnumerationWords;

/// Fewer than these list nothing where neither a stroke nor a word says that one of them is to be chosen.
const LISTED: usize = 3;

const MOST_SAID: usize = 4;

/// Whether a time of day stands somewhere in a text.
pub(in crate::behavior) fn has_time(text: &str) -> bool {
    text.split(is_mark).any(|piece| piece.find(|c: char| c.is_ascii_digit()).is_some_and(|at| clock(&piece[at..]) > 0))
}

pub(in crate::behavior) fn listed(text: &str, words: &EnumerationWords) -> Vec<Item> {
    let says = |known: &[String]| known.iter().any(|word| text.contains(word.as_str()));
    if !has_time(text) || says(&words.samples) {
        return Vec::new();
    }
    let mut items: Vec<Item> = Vec::new();
    let mut ended = false;
    for piece in text.split(is_mark).filter(|piece| !piece.is_empty()) {
        let Some(at) = piece.find(|c: char| c.is_ascii_digit()) else {
            // `09:00 到 18:00`: what stands between two is no list of them.
            ended |= !items.is_empty();
            continue;
        };
        let (said, value) = piece.split_at(at);
        let value = value.trim_end_matches(|c: char| !c.is_ascii_digit());
        if ended || value.is_empty() || clock(value) != value.len() {
            return Vec::new();
        }
        // `可选值:10:00`: what leads to the list is about all of them.
        let leads = said.ends_with([':', '：', '=']) || said.is_ascii();
        let said = if leads { "" } else { said };
        if said.chars().count() > MOST_SAID && !items.is_empty() {
            return Vec::new();
        }
        if items.iter().any(|item| item.value == value) {
            return Vec::new();
        }
        items.push(Item { value: value.to_owned(), words: if said.is_empty() { value } else { said }.to_owned() });
    }
    let told = says(&words.introductions) || says(&words.closings) || text.contains(['/', '|']);
    let spans = items.iter().filter(|item| item.value.contains(['-', '~'])).count();
    let alike = spans == 0 || spans == items.len();
    if alike && items.len() >= if told { 2 } else { LISTED } { items } else { Vec::new() }
}

fn is_mark(c: char) -> bool {
    c.is_whitespace() || ",，、/|;；()（）[]【】。".contains(c)
}

/// How long the time of day or the span is with which a text begins, in bytes; nothing where there is none.
fn clock(text: &str) -> usize {
    let first = time(text);
    let Some(rest) = text[first..].strip_prefix(['-', '~']).filter(|_| first > 0) else { return first };
    let second = time(rest);
    if second > 0 { first + 1 + second } else { first }
}

/// `9:00`, `09:00`, `09:00:00`.
fn time(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digits = |from: usize| bytes.iter().skip(from).take_while(|byte| byte.is_ascii_digit()).count();
    let hours = digits(0);
    let whole = |from: usize| bytes.get(from) == Some(&b':') && digits(from + 1) == 2;
    let is_hour = (1..=2).contains(&hours) && text[..hours].parse::<u8>().is_ok_and(|hour| hour <= 24);
    match () {
        () if !is_hour || !whole(hours) => 0,
        () if whole(hours + 3) => hours + 6,
        () => hours + 3,
    }
}

#[cfg(test)]
mod tests {
    use crate::behavior::enumeration;
    use crate::lexicon::Lexicon;

    fn check(text: &str, expected: &str) {
        let lexicon = Lexicon::standard();
        let items = enumeration::read(text, &lexicon.rules().enumerations);
        let shown: Vec<&str> = items.iter().map(|item| item.value.as_str()).collect();
        assert_eq!(shown.join("|"), expected, "{text}");
    }

    #[test]
    fn times_of_day_are_values() {
        check("时段，可选值:10:00,11:00,14:00", "10:00|11:00|14:00");
        check("取值：09:30 / 13:30", "09:30|13:30");
        check("上午09:00/下午14:00", "09:00|14:00");
        check("时段 09:00 10:00 14:00", "09:00|10:00|14:00");
        check("时段（9:00-10:00、10:00-11:00、14:00-15:00）", "9:00-10:00|10:00-11:00|14:00-15:00");
        check("one of 08:00, 12:00, 18:00", "08:00|12:00|18:00");
        check("8:00 12:00 18:00 三选一", "8:00|12:00|18:00");
    }

    #[test]
    fn spans_and_forms_list_nothing() {
        check("营业时间 09:00 到 18:00", "");
        check("可约时间 09:00-18:00", "");
        check("取值 09:00 到 18:00", "");
        check("开始时间，格式如 09:00、09:30、10:00", "");
        check("2023-04-05 09:00:00", "");
        check("取车时间 2023-04-05 09:00/2023-04-05 10:00", "");
        check("09:00 18:00", "");
    }
}
