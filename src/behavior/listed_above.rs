//! Values that a line above the blocks lists for a parameter by its name: `帖子分类 cate：1 渔获 2 装备 3 钓点` binds every `cate` under it.
//!
//! In: inputs of which nothing says which values they take, and the lines outside of the blocks. Out: the list of the nearest line
//! that names the input just before its first value. A line under another endpoint's block says it of that endpoint alone.

use super::collection::prose::{remarks, words};
use super::collection::section::Sections;
use super::{Confidence, Evidence, Form, Input, InputRule, enumeration, own_rules};
use crate::json::Step;
use crate::lexicon::{Lexicon, Role, compact};
use crate::source::{FileId, Place, Span};
use crate::spec::{DocSet, Endpoint, In, Note};
use std::collections::{BTreeSet, HashMap, HashSet};

/// A list, and where it stands.
struct Listed {
    at: usize,
    values: Vec<String>,
}

pub(super) fn bind(set: &DocSet, lexicon: &Lexicon, prose: &[Note], sections: &Sections, inputs: &mut [Vec<Input>]) {
    let open: HashSet<String> =
        inputs.iter().flatten().filter(|input| is_open(input)).map(|input| compact(&input.name)).collect();
    let names: HashSet<String> =
        inputs.iter().flatten().map(|input| compact(&input.name)).filter(|name| name.len() > 1).collect();
    let mut lists: HashMap<String, Vec<Listed>> = HashMap::new();
    for (at, note) in prose.iter().enumerate() {
        // A row of a table is one of several.
        if note.text.starts_with('|') {
            continue;
        }
        let named: BTreeSet<String> = words(&note.text).map(compact).filter(|name| open.contains(name)).collect();
        for name in named {
            let values = values_of(&note.text, &name, lexicon);
            // `xm姓名 sj手机 gs公司` says what parameters are called.
            if let Some(values) = values.filter(|values| !values.iter().any(|value| names.contains(&compact(value)))) {
                lists.entry(name).or_default().push(Listed { at, values });
            }
        }
    }
    if lists.is_empty() {
        return;
    }
    let documenting: HashSet<FileId> = set.endpoints.iter().map(|endpoint| endpoint.place.file).collect();
    for (endpoint, inputs) in set.endpoints.iter().zip(inputs) {
        for (number, input) in inputs.iter_mut().enumerate().filter(|(_, input)| is_open(input)) {
            let Some(all) = lists.get(&compact(&input.name)).filter(|_| !tells_replies(set, endpoint, &input.name))
            else {
                continue;
            };
            let param = endpoint.params.get(number);
            let example = param.and_then(|param| param.default.as_deref()).unwrap_or_default();
            let fits = |listed: &&Listed| example.is_empty() || listed.values.iter().any(|value| value == example);
            let said = param.map(crate::spec::Param::all_words).unwrap_or_default();
            if lexicon.speaks_of("open-list", &said) || lexicon.speaks_of("comma-between", &said) {
                continue;
            }
            let found = nearest(all, endpoint, prose, sections, &documenting).filter(fits);
            if let Some(listed) = found {
                let note = &prose[listed.at];
                let mut values = listed.values.clone();
                own_rules::with_all_values(&mut values, &said, lexicon);
                let because = Evidence::new(&*note.text, note.place, Confidence::Likely);
                input.rules.push(InputRule { form: Form::OneOf(values), because });
            }
        }
    }
}

fn is_open(input: &Input) -> bool {
    let ruled = input.rules.iter().any(|rule| matches!(rule.form, Form::OneOf(_) | Form::Date(_) | Form::Range(..)));
    let is_value = matches!(input.word, Role::Plain | Role::Status);
    is_value && !ruled && !input.discriminates && !input.routes && matches!(input.location, In::Body | In::Query)
}

/// Whether replies are told apart by a member of that name.
fn tells_replies(set: &DocSet, endpoint: &Endpoint, name: &str) -> bool {
    let envelope = set.envelope(endpoint);
    let mut paths = envelope.marker.iter().chain(&envelope.code);
    paths.any(|path| matches!(path.last(), Some(Step::Key(key)) if compact(key) == compact(name)))
}

/// The list that stands nearest: in the endpoint's own remarks, under the headings that it stands under, at the head of its file,
/// or in a file of what holds for all.
fn nearest<'l>(
    all: &'l [Listed],
    endpoint: &Endpoint,
    prose: &[Note],
    sections: &Sections,
    documenting: &HashSet<FileId>,
) -> Option<&'l Listed> {
    let own = |listed: &&Listed| remarks(prose, endpoint).any(|note| note.place == prose[listed.at].place);
    let head = Place { file: endpoint.place.file, span: Span { start: 0, end: 0 } };
    let first = prose.partition_point(|note| note.place.file < head.file);
    let head = prose.get(first).filter(|note| note.place.file == head.file).and_then(|note| sections.over(note.place));
    let above = endpoint.title_place.into_iter().flat_map(|title| sections.above(title)).chain(head);
    let before = |listed: &&Listed| {
        let place = prose[listed.at].place;
        place.file != endpoint.place.file || place.span.start < endpoint.place.span.start
    };
    all.iter()
        .find(own)
        .or_else(|| {
            above.into_iter().find_map(|lines| all.iter().find(|listed| lines.contains(&listed.at)).filter(before))
        })
        .or_else(|| all.iter().find(|listed| !documenting.contains(&prose[listed.at].place.file)))
}

/// What a line lists right behind a name: `cate：1 渔获 2 装备`, `type（类型）：1 收入 2 支出`.
fn values_of(text: &str, name: &str, lexicon: &Lexicon) -> Option<Vec<String>> {
    let is_sign = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let mut from = 0;
    while let Some(start) = text[from..].find(is_sign).map(|at| from + at) {
        let end = text[start..].find(|c| !is_sign(c)).map_or(text.len(), |length| start + length);
        from = end;
        if compact(&text[start..end]) != name {
            continue;
        }
        let rest = &text[end..];
        let items = enumeration::read(rest.trim_start_matches(['`', '*']), &lexicon.rules().enumerations);
        let first = items.first().and_then(|item| rest.find(item.value.as_str()))?;
        let between = &rest[..first];
        // `status 为 paid 时 type 1 个人 2 企业`: what stands between is another thing's.
        let near = !between.contains(|c: char| c.is_ascii_alphanumeric()) && between.chars().count() <= MOST_BETWEEN;
        let ends = ['。', ';', '；'];
        let numbered = items.iter().all(|item| item.value.bytes().all(|byte| byte.is_ascii_digit()));
        let leads = between.contains([':', '：', '=', '＝']) || (numbered && between.trim().is_empty());
        let is_told =
            items.len() > 1 && near && leads && !between.contains(ends) && !lexicon.speaks_of("open-list", rest);
        return is_told.then(|| items.into_iter().map(|item| item.value).collect());
    }
    None
}

/// Between a name and its first value stands little: `（订单类型）：`.
const MOST_BETWEEN: usize = 12;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_behind_a_name() {
        let check = |text: &str, name: &str, expected: Option<&str>| {
            let found = values_of(text, name, &Lexicon::standard()).map(|values| values.join(" "));
            assert_eq!(found.as_deref(), expected, "{text}");
        };
        check("帖子分类 cate：1 渔获 2 装备 3 钓点 4 求助", "cate", Some("1 2 3 4"));
        check("`type`（类型）：1收入 2支出", "type", Some("1 2"));
        check("level: 1=普通, 2=紧急", "level", Some("1 2"));
        check("kind 取值：draft草稿 live上线", "kind", Some("draft live"));
        check("xm姓名 gs公司 szm首字母 bz备注", "gs", None);
        check("cate 不传返回全部", "cate", None);
        check("先传 cate。status：1正常 2冻结", "cate", None);
        check("cate 和 status 都可以不传，1正常 2冻结", "cate", None);
    }
}
