//! Words for findings: what is shown of a name, and what was probably meant by it.

use super::keys::ROOT;
use super::nearest::{nearest, same};
use super::shape::{Shape, TableShape};

/// So many names are listed where none is near; more would not be read.
const LISTED: usize = 16;
/// Characters of a name or value that a message repeats.
const SHOWN: usize = 60;

/// Something of the file's in a message.
pub(super) fn shown(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let mut cut: String = line.chars().take(SHOWN).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    format!("`{cut}`")
}

/// What to do about text that is not TOML. An input method for Chinese makes curly quotes, and names in Chinese need
/// straight ones.
pub(super) fn for_syntax(marked: &str) -> String {
    let name = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    if marked.contains(['“', '”', '‘', '’', '＂']) {
        "write straight quotes: `\"`".to_owned()
    } else if !marked.is_ascii() && marked.chars().all(name) {
        format!("put it in straight quotes: `\"{marked}\"`")
    } else {
        "nothing in the file is read until all of it is TOML".to_owned()
    }
}

/// The nearest name, else all of them.
pub(super) fn meant<'n, I: Iterator<Item = &'n str>>(given: &str, names: impl Fn() -> I, introduction: &str) -> String {
    if let Some(near) = nearest(given, names()) {
        return format!("did you mean `{near}`?");
    }
    let mut listed: Vec<String> = names().take(LISTED).map(|name| format!("`{name}`")).collect();
    if names().nth(LISTED).is_some() {
        listed.push("…".to_owned());
    }
    format!("{introduction} {}", listed.join(", "))
}

/// Where a key stands that stands in the wrong table. In TOML that happens easily: what follows a `[header]` belongs to it.
pub(super) fn elsewhere(name: &str) -> Option<String> {
    if let Some(key) = ROOT.keys.iter().find(|key| same(key.name, name)) {
        return Some(format!("`{}` stands at the top of the file, before the first `[table]`", key.name));
    }
    let tables = ROOT.keys.iter().filter_map(|key| match &key.shape {
        Shape::Table(table) => Some((format!("`[{}]`", key.name), table)),
        Shape::List { items: Shape::Table(table), .. } => Some((format!("`[[{}]]`", key.name), table)),
        _ => None,
    });
    let has = |table: &TableShape| table.keys.iter().find(|key| same(key.name, name)).map(|key| key.name);
    let found: Vec<(String, &str)> = tables.filter_map(|(header, table)| Some((header, has(table)?))).collect();
    let (_, key) = found.first()?;
    let headers: Vec<&str> = found.iter().map(|(header, _)| header.as_str()).collect();
    Some(format!("`{key}` stands below {}", headers.join(" or ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_in_the_wrong_table() {
        let check = |name: &str, expected: Option<&str>| assert_eq!(elsewhere(name).as_deref(), expected, "{name}");
        check("base-path", Some("`base_path` stands at the top of the file, before the first `[table]`"));
        check("lifetime", Some("`lifetime` stands below `[passcode]` or `[token]`"));
        check("identity", Some("`identity` stands below `[[accounts]]`"));
        check("colour", None);
    }

    #[test]
    fn long_names_are_cut() {
        assert_eq!(shown("a"), "`a`");
        assert_eq!(shown(&"验".repeat(100)), format!("`{}…`", "验".repeat(60)));
        assert_eq!(shown("a\nb"), "`a…`");
    }
}
