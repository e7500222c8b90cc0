//! A table beside a block that lists the values of one parameter: `场景列表` of `scene=场景`, or with the parameter's name at its
//! head: `| takeWay | 含义 |`.
//!
//! In: an endpoint with its tables. Out: the parameter's values and what each says, as a line would list them.

use super::{Endpoint, Param, Table};
use crate::lexicon::{Lexicon, compact, label_head};
use crate::source::FileId;
use std::collections::HashMap;

/// The most characters of a value.
const MOST: usize = 30;

pub(super) fn tell_values(endpoint: &mut Endpoint, lexicon: &Lexicon) {
    let mut told: Vec<(usize, String)> = Vec::new();
    for table in &endpoint.tables {
        let over = [table.caption.as_deref(), table.heading.as_deref()];
        if over.iter().flatten().any(|text| lexicon.speaks_of("reply-heading", text)) {
            continue;
        }
        let at = over.iter().flatten().find_map(|text| only(endpoint, |param| is_named_in(param, text)));
        let at = at.or_else(|| {
            let head = head_of_values(table, lexicon)?;
            only(endpoint, |param| compact(&param.name) == compact(head) || label_head(&param.label) == head)
        });
        if let Some((at, list)) = at.zip(list(table, endpoint)) {
            told.push((at, list));
        }
    }
    for (at, list) in told {
        endpoint.params[at].values = list;
    }
}

/// The one parameter of which it holds.
fn only(endpoint: &Endpoint, holds: impl Fn(&Param) -> bool) -> Option<usize> {
    let mut params = (0..endpoint.params.len()).filter(|at| holds(&endpoint.params[*at]));
    params.next().filter(|_| params.next().is_none())
}

fn is_named_in(param: &Param, text: &str) -> bool {
    let label = label_head(&param.label);
    let by_label = label.chars().count() > 1 && !label.is_ascii() && text.contains(label);
    let mut words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    by_label || words.any(|word| compact(word) == compact(&param.name))
}

/// What stands over the values, where that names one thing and not what all tables of parameters have there.
fn head_of_values<'t>(table: &'t Table, lexicon: &Lexicon) -> Option<&'t str> {
    let head = table.rows.first()?.first()?.trim_matches(|c: char| c.is_whitespace() || c == '`' || c == '*');
    let any =
        ["param-table", "column-name", "param-words", "param-value"].iter().any(|topic| lexicon.is_named(topic, head));
    (!head.is_empty() && !any).then_some(head)
}

/// `register-用户注册 change_phone-更改手机号`; none where the rows list something else.
fn list(table: &Table, endpoint: &Endpoint) -> Option<String> {
    items(table, |value| endpoint.param(value).is_some())
}

fn items(table: &Table, is_taken: impl Fn(&str) -> bool) -> Option<String> {
    let (_, rows) = table.rows.split_first().filter(|(_, rows)| rows.len() > 1)?;
    let items = rows.iter().map(|row| {
        let value = row.first()?.trim().trim_matches('`');
        let is_value = !value.is_empty()
            && value.len() <= MOST
            && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
            && !is_taken(value);
        let words = row.get(1)?.split(['(', '（', ',', '，', ';', '；', '。']).next()?;
        let words: String = words.chars().filter(|c| !c.is_whitespace()).collect();
        (is_value && !words.is_empty()).then(|| format!("{value}-{words}"))
    });
    items.collect::<Option<Vec<String>>>().map(|items| items.join(" "))
}

/// What was listed of a name so far, file by file: `取值同上` means the last of it.
#[derive(Default)]
pub(super) struct Above {
    lists: HashMap<(FileId, String), String>,
}

impl Above {
    /// Gives the parameters that say so what was listed above, and keeps what this endpoint lists.
    pub(super) fn settle(&mut self, endpoint: &mut Endpoint, lexicon: &Lexicon) {
        let file = endpoint.place.file;
        for param in endpoint.params.iter_mut().filter(|param| param.values.is_empty()) {
            if lexicon.speaks_of("same-as-above", &param.description)
                && let Some(list) = self.lists.get(&(file, compact(&param.name)))
            {
                param.values.clone_from(list);
            }
        }
        for param in endpoint.params.iter().filter(|param| !param.values.is_empty()) {
            self.lists.insert((file, compact(&param.name)), param.values.clone());
        }
        for table in &endpoint.tables {
            if let Some((head, list)) = head_of_values(table, lexicon).zip(items(table, |_| false)) {
                self.lists.insert((file, compact(head)), list);
            }
        }
    }
}
