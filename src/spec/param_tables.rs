//! Tables whose rows are parameters, above or below a block, whatever their columns are called: `| 参数 | 必须 | 规则 |`.
//!
//! In: an endpoint with its tables. Out: its parameters, with all that a line of their own would have said. A table of the
//! members of a reply lists none.

use super::lower::drop_reply_table;
use super::{Endpoint, In, Param, Table, rows};
use crate::json::Json;
use crate::lexicon::{Lexicon, Role};
use crate::syntax::line;
use std::collections::HashSet;
use std::sync::Arc;

/// Parameters in a Markdown table, where the block has none, and what such a table says of those that it has; headers in a table
/// under a heading that says so.
pub(super) fn settle(endpoint: &mut Endpoint, envelope: &HashSet<Arc<str>>, lexicon: &Lexicon) {
    let mut more = Vec::new();
    let tables = std::mem::take(&mut endpoint.tables);
    let bare = endpoint.params.iter().all(|param| !param.listed);
    for table in &tables {
        let over = [table.caption.as_deref(), table.heading.as_deref()];
        let says = |topic: &str| over.iter().flatten().any(|text| lexicon.speaks_of(topic, text));
        if says("headers-heading") {
            more.extend(table_params(table, In::Header, lexicon));
        } else if !says("reply-heading") {
            let mut found = read(table, In::Body, lexicon);
            let known = found.iter().filter(|row| endpoint.param(&row.param.name).is_some_and(|param| param.listed));
            let known = known.count();
            let above = table.place.span.start < endpoint.block.span.start;
            let demands = found.iter().any(|row| row.demanded.is_some());
            // `**请求参数：**` right above it says what it is, whatever the reply shows, too.
            let announced = table.caption.as_deref().is_some_and(|text| {
                let text = text.trim_matches(|c: char| !c.is_alphanumeric());
                lexicon.speaks_of("request-label", text) || lexicon.is_nothing_but("request-alone", text)
            });
            let lists = match () {
                () if bare => {
                    above || announced || demands || (names_arguments(table, lexicon) && !is_reply(&found, endpoint))
                }
                () => known > 0 && known * 2 >= found.len(),
            };
            if !lists {
                continue;
            }
            for row in &found {
                if let Some(param) =
                    endpoint.params.iter_mut().find(|param| param.listed && param.name == row.param.name)
                {
                    fill(param, row, lexicon);
                }
            }
            // The token goes where the conventions say.
            let is_token =
                |param: &Param| lexicon.role(&param.name, &param.label).is_some_and(|(role, _)| role == Role::Token);
            found.retain(|row| bare || (demands && !is_token(&row.param)));
            more.extend(found.into_iter().map(|row| row.param));
        }
    }
    endpoint.tables = tables;
    if endpoint.method.as_deref() == Some("GET") {
        more.iter_mut().filter(|param| param.location == In::Body).for_each(|param| param.location = In::Query);
    }
    drop_reply_table(&mut more, envelope);
    for param in more {
        if endpoint.param(&param.name).is_none() {
            endpoint.params.push(param);
        }
    }
}

/// A parameter as a row tells it.
struct TableRow {
    param: Param,
    /// Whether it has to be sent; none where no column says so.
    demanded: Option<bool>,
}

/// Whether the head says that its rows are sent: `| 参数 | 说明 |`, and not `| 字段 | 说明 |`.
fn names_arguments(table: &Table, lexicon: &Lexicon) -> bool {
    table.rows.first().into_iter().flatten().any(|cell| lexicon.is_named("column-argument", cell))
}

/// Whether rows name what a success shows, and nothing that is sent.
fn is_reply(found: &[TableRow], endpoint: &Endpoint) -> bool {
    let mut shown: HashSet<&str> = HashSet::new();
    endpoint.successes().for_each(|example| keys(&example.value, &mut shown));
    let named = found.iter().filter(|row| shown.contains(row.param.name.rsplit('.').next().unwrap_or_default()));
    named.count() > 0
}

fn keys<'j>(value: &'j Json, found: &mut HashSet<&'j str>) {
    match value {
        Json::Object(members) => members.iter().for_each(|(key, value)| {
            found.insert(key);
            keys(value, found);
        }),
        Json::Array(items) => items.iter().for_each(|item| keys(item, found)),
        _ => {}
    }
}

/// Adds to what a line says of a parameter what the row does.
fn fill(param: &mut Param, row: &TableRow, lexicon: &Lexicon) {
    let told = &row.param;
    if param.description.is_empty() {
        param.description.clone_from(&told.description);
        if param.label.is_empty() {
            param.label.clone_from(&told.label);
        }
    } else if !param.description.contains(|c: char| c.is_ascii_digit())
        && !param.description.contains(&told.description)
    {
        // A line that counts something has its rules already.
        param.description = format!("{}，{}", param.description, told.description);
    }
    param.type_name = param.type_name.take().or_else(|| told.type_name.clone());
    param.default = param.default.take().or_else(|| told.default.clone());
    let says = ["required", "optional"].iter().any(|topic| lexicon.speaks_of(topic, &param.description));
    param.starred |= row.demanded == Some(true) && !says;
}

pub(super) fn table_params(table: &Table, location: In, lexicon: &Lexicon) -> Vec<Param> {
    read(table, location, lexicon).into_iter().map(|row| row.param).collect()
}

/// Which column says what.
struct Columns {
    name: usize,
    required: Option<usize>,
    /// Its yes says that nothing has to be sent.
    optional: Option<usize>,
    type_name: Option<usize>,
    value: Option<usize>,
    /// What the parameter is called.
    words: Option<usize>,
}

impl Columns {
    fn of(header: &[String], lexicon: &Lexicon) -> Option<Self> {
        let column =
            |topics: &[&str]| header.iter().position(|cell| topics.iter().any(|topic| lexicon.is_named(topic, cell)));
        let (required, optional) = (column(&["param-required", "column-required"]), column(&["column-optional"]));
        // Any head will do over names beside a column that says which have to be sent.
        let name = column(&["param-table", "column-name"]);
        let name = name.or_else(|| {
            (required != Some(0) && optional != Some(0)).then_some(0).filter(|_| required.or(optional).is_some())
        });
        let name = name?;
        let other = |at: Option<usize>| at.filter(|at| *at != name);
        let found = Self {
            name,
            required: other(required),
            optional: other(optional),
            type_name: other(column(&["param-type"])),
            value: other(column(&["param-value"])),
            words: other(column(&["param-words"])),
        };
        // A table of names alone, with nothing said of them, lists something else; what is said of values is no parameter's.
        let told = [found.required, found.optional, found.type_name, found.value, found.words];
        let told = told.iter().any(Option::is_some) || column(&["column-rule"]).is_some();
        told.then_some(found)
    }
}

fn read(table: &Table, location: In, lexicon: &Lexicon) -> Vec<TableRow> {
    let Some((header, body)) = table.rows.split_first() else { return Vec::new() };
    let Some(columns) = Columns::of(header, lexicon) else { return Vec::new() };
    let blank = |text: &str| !text.chars().any(char::is_alphanumeric) || lexicon.is_named("column-blank", text);
    let cell = |row: &'_ [String], at: Option<usize>| {
        let text = at.and_then(|at| row.get(at)).map_or("", |cell| cell.trim()).to_owned();
        Some(text).filter(|text| !blank(text))
    };
    let rows = body.iter().filter_map(|row| {
        let named = rows::named(row.get(columns.name)?)?;
        let (demanded, condition) = demanded(row, &columns, lexicon);
        let mut said: Vec<String> = Vec::new();
        let label = cell(row, columns.words).unwrap_or_else(|| named.said.to_owned());
        said.extend(Some(label.clone()).filter(|label| !label.is_empty()));
        let beside = Some(named.said).filter(|said| !said.is_empty() && !label.contains(said));
        said.extend(beside.map(str::to_owned));
        let taken = [Some(columns.name), columns.required, columns.optional, columns.type_name, columns.words];
        for (at, head) in header.iter().enumerate().filter(|(at, _)| !taken.contains(&Some(*at))) {
            let is_value = columns.value == Some(at);
            let Some(text) = cell(row, Some(at)) else { continue };
            if is_value && !lexicon.is_named("column-default", head) {
                continue;
            }
            // `| 长度 |` over `6-18` says what a line would: `长度 6-18`.
            let bare = text.is_ascii() || is_value;
            // `| 长度 |` over `20` alone means the most.
            let most =
                lexicon.rules().lengths.longest.first().filter(|_| {
                    lexicon.is_named("column-length", head) && text.bytes().all(|byte| byte.is_ascii_digit())
                });
            let head = most.unwrap_or(head);
            let led = !bare || lexicon.is_named("column-rule", head);
            said.push(if led && !lexicon.is_named("column-bound", head) { text } else { format!("{head} {text}") });
        }
        said.extend(condition);
        let label = if label.is_empty() { said.first().cloned().unwrap_or_default() } else { label };
        let param = Param {
            values: String::new(),
            name: named.name.to_owned(),
            location,
            type_name: cell(row, columns.type_name),
            starred: location != In::Header && (named.starred || demanded == Some(true)),
            default: cell(row, columns.value).map(|text| line::unquoted(&text).to_owned()),
            description: said.join("，"),
            label,
            discriminates: false,
            listed: false,
            public: false,
            place: table.place,
        };
        Some(TableRow { param, demanded })
    });
    rows.collect()
}

/// Whether a row's parameter has to be sent, and what else its cell says of that: `登录时必填`.
fn demanded(row: &[String], columns: &Columns, lexicon: &Lexicon) -> (Option<bool>, Option<String>) {
    let cell = |at: Option<usize>| at.and_then(|at| row.get(at)).map(|cell| cell.trim());
    let is_yes = |text: &str| lexicon.is_nothing_but("yes", text) || lexicon.is_mark("column-yes", text);
    let condition = |text: &str| Some(text.to_owned()).filter(|text| text.chars().count() > 2 && !text.is_ascii());
    match (cell(columns.required), cell(columns.optional)) {
        (Some(text), _) if is_yes(text) => (Some(true), None),
        (Some(text), _) => (Some(false), condition(text)),
        (None, Some(text)) if lexicon.is_mark("column-no", text) => (Some(true), None),
        (None, Some(text)) => (Some(false), condition(text).filter(|text| !is_yes(text))),
        (None, None) => (None, None),
    }
}
