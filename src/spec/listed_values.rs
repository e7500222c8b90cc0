//! A table beside a block that lists the values of one parameter: `场景列表` of `scene=场景`.
//!
//! In: an endpoint with its tables. Out: the parameter's values and what each says, as a line would list them.

use super::{Endpoint, Table};
use crate::lexicon::{Lexicon, compact, label_head};

/// The most characters of a value.
const MOST: usize = 30;

pub(super) fn tell_values(endpoint: &mut Endpoint, lexicon: &Lexicon) {
    let mut told: Vec<(usize, String)> = Vec::new();
    for table in &endpoint.tables {
        let heading = table.heading.as_deref().unwrap_or_default();
        if heading.is_empty() || lexicon.speaks_of("reply-heading", heading) {
            continue;
        }
        let words: Vec<String> =
            heading.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).map(compact).collect();
        let named = |at: &usize| {
            let param = &endpoint.params[*at];
            let label = label_head(&param.label);
            let by_label = label.chars().count() > 1 && !label.is_ascii() && heading.contains(label);
            by_label || words.contains(&compact(&param.name))
        };
        let mut params = (0..endpoint.params.len()).filter(named);
        if let (Some(at), None) = (params.next(), params.next())
            && let Some(list) = list(table, endpoint)
        {
            told.push((at, list));
        }
    }
    for (at, list) in told {
        endpoint.params[at].values = list;
    }
}

/// `register-用户注册 change_phone-更改手机号`; none where the rows list something else.
fn list(table: &Table, endpoint: &Endpoint) -> Option<String> {
    let (_, rows) = table.rows.split_first().filter(|(_, rows)| rows.len() > 1)?;
    let items = rows.iter().map(|row| {
        let value = row.first()?.trim().trim_matches('`');
        let is_value = !value.is_empty()
            && value.len() <= MOST
            && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
            && endpoint.param(value).is_none();
        let words = row.get(1)?.split(['(', '（', ',', '，', ';', '；', '。']).next()?;
        let words: String = words.chars().filter(|c| !c.is_whitespace()).collect();
        (is_value && !words.is_empty()).then(|| format!("{value}-{words}"))
    });
    items.collect::<Option<Vec<String>>>().map(|items| items.join(" "))
}
