//! In which script documents are written, and the words of the trade in traditional characters.
//!
//! The data files are in simplified ones. Of a document set that has traditional characters the words are sought in both
//! scripts, for which the files are read once more with every word in its other forms beside it; a set without any pays
//! nothing for it.

use characters::{FIRST, FORMS, MARKS, PLAIN};
use serde_json::{Map, Value};
use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

/// As the build script wrote them. `FORMS`: each simplified character with its traditional forms, the usual one first.
/// `MARKS`: a bit for each character from `FIRST` on that stands in traditional texts alone; `PLAIN`: in simplified ones alone.
#[allow(clippy::unreadable_literal, reason = "bits are read by nobody")]
mod characters {
    include!(concat!(env!("OUT_DIR"), "/traditional.rs"));
}

/// How a document set is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Script {
    /// No character says otherwise.
    #[default]
    Simplified,
    /// Simplified with traditional characters in between.
    Mixed,
    /// Traditional characters outnumber simplified ones, so docsim's own words are in them, too.
    Traditional,
}

impl Script {
    pub fn of<'t>(texts: impl IntoIterator<Item = &'t str>) -> Self {
        let (mut traditional, mut simplified) = (0_usize, 0_usize);
        for c in texts.into_iter().flat_map(str::chars).filter(|c| !c.is_ascii()) {
            traditional += usize::from(is_in(&MARKS, c));
            simplified += usize::from(is_in(&PLAIN, c));
        }
        match traditional {
            0 => Self::Simplified,
            _ if traditional > simplified => Self::Traditional,
            _ => Self::Mixed,
        }
    }
}

fn is_in(bits: &[u64], c: char) -> bool {
    let Some(at) = (c as usize).checked_sub(FIRST) else { return false };
    bits.get(at / 64).is_some_and(|word| word >> (at % 64) & 1 == 1)
}

/// A data file with the words of all lists in both scripts. What stands alone is in the script of the set.
pub(super) fn widened(file: &str, is_traditional: bool) -> String {
    // What cannot be read is told by who reads it next.
    let Ok(mut file) = serde_json::from_str(file) else { return file.to_owned() };
    widen(&mut file, is_traditional);
    file.to_string()
}

fn widen(value: &mut Value, is_traditional: bool) {
    match value {
        Value::String(text) if is_traditional => *text = usual(text),
        Value::Array(items) => {
            let mut known: BTreeSet<String> = items.iter().filter_map(Value::as_str).map(str::to_owned).collect();
            let mut more = Vec::new();
            for item in items.iter_mut() {
                match item {
                    // A place of a pattern takes its words in either script.
                    Value::String(word) if word.contains('|') && word.len() > 1 => *word = in_both(word),
                    Value::String(word) => {
                        more.extend(
                            forms(word).into_iter().filter(|form| known.insert(form.clone())).map(Value::String),
                        );
                    }
                    // Words that belong together stay so, in either script.
                    Value::Array(_) => {
                        let other = in_usual(item);
                        more.extend((other != *item).then_some(other));
                    }
                    _ => widen(item, is_traditional),
                }
            }
            items.append(&mut more);
        }
        Value::Object(members) => {
            let mut more = Map::new();
            for (key, member) in members.iter_mut() {
                widen(member, is_traditional);
                let other = usual(key);
                if other != *key {
                    more.insert(other, member.clone());
                }
            }
            members.append(&mut more);
        }
        _ => {}
    }
}

/// `老|旧*失效`, with the forms of each word beside it.
fn in_both(pattern: &str) -> String {
    let both = |piece: &str| {
        let forms = forms(piece).into_iter().filter(|form| form != piece);
        std::iter::once(piece.to_owned()).chain(forms).collect::<Vec<_>>().join("|")
    };
    let place = |place: &str| place.split('|').map(both).collect::<Vec<_>>().join("|");
    pattern.split('*').map(place).collect::<Vec<_>>().join("*")
}

fn in_usual(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(usual(text)),
        Value::Array(items) => items.iter().map(in_usual).collect(),
        other => other.clone(),
    }
}

static BY_CHARACTER: LazyLock<HashMap<char, &'static str>> = LazyLock::new(|| FORMS.iter().copied().collect());

fn forms_of(c: char) -> Option<&'static str> {
    if c.is_ascii() { None } else { BY_CHARACTER.get(&c).copied() }
}

/// A text in traditional characters, each in its usual form.
fn usual(text: &str) -> String {
    text.chars().map(|c| forms_of(c).and_then(|forms| forms.chars().next()).unwrap_or(c)).collect()
}

/// All ways in which a word is written in traditional characters, as far as they are a few.
fn forms(word: &str) -> Vec<String> {
    let mut all = vec![String::new()];
    for c in word.chars() {
        let one: String = c.into();
        let forms = forms_of(c).unwrap_or(&one);
        let room = MOST_FORMS / all.len();
        all = forms.chars().take(room).flat_map(|form| all.iter().map(move |begun| format!("{begun}{form}"))).collect();
    }
    all
}

/// Of one word.
const MOST_FORMS: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_characters_tell_the_script() {
        let check = |text: &str, expected: Script| assert_eq!(Script::of([text]), expected, "{text}");
        check("login 登入 API", Script::Simplified);
        check("用户登录", Script::Simplified);
        check("用戶登錄", Script::Traditional);
        check("用户登录，繁體", Script::Mixed);
        check("", Script::Simplified);
    }

    #[test]
    fn words_are_in_both_scripts_and_pairs_stay_pairs() {
        let check = |file: Value, is_traditional, expected: Value| {
            let found: Value = serde_json::from_str(&widened(&file.to_string(), is_traditional)).unwrap();
            assert_eq!(found, expected);
        };
        let file = json!({ "words": ["登录", "login", "不"], "reply": "账号不存在", "row": { "class": "missing" } });
        check(
            file.clone(),
            false,
            json!({ "words": ["登录", "login", "不", "登錄"], "reply": "账号不存在", "row": { "class": "missing" } }),
        );
        check(
            file,
            true,
            json!({ "words": ["登录", "login", "不", "登錄"], "reply": "帳號不存在", "row": { "class": "missing" } }),
        );
        check(json!(["见|说*a", "|"]), false, json!(["见|見|说|說|説*a", "|"]));
        check(
            json!({ "plain": [["已经", "已"], ["a", "b"]], "implied": { "订单": ["下单"] } }),
            false,
            json!({ "plain": [["已经", "已"], ["a", "b"], ["已經", "已"]],
                "implied": { "订单": ["下单", "下單"], "訂單": ["下单", "下單"] } }),
        );
    }

    #[test]
    fn a_word_has_a_few_forms() {
        assert_eq!(forms("账号"), ["帳號", "賬號"]);
        assert_eq!(forms("ok"), ["ok"]);
        assert!(forms("复复复复复复复复").len() <= MOST_FORMS);
    }
}
