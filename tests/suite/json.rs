//! Example bodies: the whole documents, and what must hold for any text.

use docsim::json::Json;
use docsim::source::{Source, Span};
use docsim::syntax::ast::{Block, Item, Section};
use docsim::syntax::json::{self, Comment, Kind, Parsed, Value};
use docsim::syntax::scan;
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn case(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(name)
}

fn text_of(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn blocks(text: &str) -> Vec<Block<'_>> {
    let items = scan(text).items.into_iter();
    items.filter_map(|item| if let Item::Block(block) = item { Some(block) } else { None }).collect()
}

/// Spans inside the text and on its character boundaries, children inside their parents, each key once.
fn sound(text: &str, parsed: &Parsed<'_>) {
    let place = |span: Span| assert!(text.get(span.range()).is_some(), "{span:?} in {text:?}");
    let comment = |comment: &Option<Comment>| {
        if let Some(comment) = comment {
            place(comment.span);
        }
    };
    let mut waiting: Vec<&Value> = parsed.values.iter().collect();
    while let Some(value) = waiting.pop() {
        place(value.span);
        comment(&value.caption);
        let inside = |child: &Value| {
            assert!(value.span.start <= child.span.start && child.span.end <= value.span.end, "{value:?} in {text:?}");
        };
        match &value.kind {
            Kind::Array(items) => {
                for item in items {
                    comment(&item.comment);
                    inside(&item.value);
                    waiting.push(&item.value);
                }
            }
            Kind::Object(members) => {
                let keys: BTreeSet<&str> = members.iter().map(|member| &*member.key).collect();
                assert_eq!(keys.len(), members.len(), "{text:?}");
                for member in members {
                    place(member.key_span);
                    comment(&member.comment);
                    inside(&member.value);
                    waiting.push(&member.value);
                }
            }
            _ => {}
        }
    }
    for other in &parsed.comments {
        place(other.span);
    }
    for repair in &parsed.repairs {
        place(repair.span);
        assert!(!repair.message.is_empty() && !repair.help.is_empty(), "{repair:?}");
    }
    assert!(parsed.repairs.is_sorted_by_key(|repair| repair.span));
    for prose in &parsed.prose {
        assert!(!prose.is_empty() && text.as_bytes().as_ptr_range().contains(&prose.as_ptr()));
    }
    for value in &parsed.values {
        let again = value.to_json().to_string();
        let read = json::parse(&again);
        // What was repaired is JSON, and needs nothing more; only the lone depth limit is above serde_json's.
        assert_eq!(read.values.iter().map(Value::to_json).collect::<Vec<_>>(), [value.to_json()], "{text:?}");
        assert_eq!(read.repairs, [], "{text:?}");
    }
}

#[test]
fn the_bodies_of_the_corpus_are_what_a_good_reader_makes_of_them() {
    let mut seen = 0;
    for entry in std::fs::read_dir(case("corpus")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "md") {
            continue;
        }
        let text = text_of(&path);
        let expected: serde_json::Value = serde_json::from_str(&text_of(&path.with_extension("expect.json"))).unwrap();
        let endpoints = expected["endpoints"].as_array().unwrap();
        let blocks = blocks(&text);
        assert_eq!(blocks.len(), endpoints.len(), "{}", path.display());
        for (block, endpoint) in blocks.iter().zip(endpoints) {
            let is_error = |section: &&Section<'_>| section.label.is_some_and(|label| label.contains("error"));
            let (errors, successes): (Vec<_>, Vec<_>) = block.sections.iter().partition(is_error);
            assert_eq!(examples(&successes), endpoint["successes"], "{} {}", path.display(), endpoint["title"]);
            assert_eq!(examples(&errors), endpoint["errors"], "{} {}", path.display(), endpoint["title"]);
        }
        assert_eq!(oddities(&text, &path), problems(&expected), "{}", path.display());
        seen += 1;
    }
    assert_eq!(seen, 20);
}

/// A section without JSON that is not empty gives null.
fn examples(sections: &[&Section<'_>]) -> serde_json::Value {
    let mut found = Vec::new();
    for section in sections {
        let parsed = json::parse(section.body);
        sound(section.body, &parsed);
        if parsed.values.is_empty() && !section.body.trim().is_empty() {
            found.push(serde_json::Value::Null);
        }
        found.extend(parsed.values.iter().map(|value| serde_json::Value::from(&value.to_json())));
    }
    found.into()
}

/// `line rule` of each repair in the document's bodies.
fn oddities(text: &str, path: &Path) -> BTreeSet<String> {
    let source = Source::new(path.to_string_lossy(), text);
    let mut found = BTreeSet::new();
    for section in blocks(text).iter().flat_map(|block| &block.sections) {
        let body = source_offset(text, section.body);
        for repair in json::parse(section.body).repairs {
            let line = source.line(repair.span.shifted(body).start);
            found.insert(format!("{line} {}", repair.rule));
        }
    }
    found
}

fn source_offset(text: &str, piece: &str) -> usize {
    docsim::source::span_in(text, piece).start as usize
}

/// The same from the expectations, which name them in words.
fn problems(expected: &serde_json::Value) -> BTreeSet<String> {
    let rules = [
        ("注释出现在 JSON 中", "json-comment"),
        ("残缺的注释", "json-comment"),
        ("多余的尾逗号", "json-trailing-comma"),
        ("用省略号代替内容", "json-ellipsis"),
        ("JSON 中夹杂说明文字", "json-bare-note"),
        ("中文引号代替了 JSON 引号", "json-smart-quote"),
    ];
    let problems = expected["problems"].as_array().unwrap().iter().map(|problem| problem.as_str().unwrap());
    let known = problems.filter_map(|problem| {
        let (line, what) = problem.strip_prefix("line ")?.split_once(": ")?;
        let (_, rule) = rules.iter().find(|(words, _)| what.starts_with(words))?;
        Some(format!("{line} {rule}"))
    });
    known.collect()
}

#[test]
fn the_bodies_of_the_first_document() {
    let text = text_of(&case("driver_app.md"));
    let blocks = blocks(&text);
    let sections: Vec<&Section<'_>> = blocks.iter().flat_map(|block| &block.sections).collect();
    assert_eq!(sections.len(), 18);
    for section in &sections {
        let parsed = json::parse(section.body);
        assert_eq!(parsed.values.len(), 1);
        let keys: Vec<&str> = match &parsed.values[0].kind {
            Kind::Object(members) => members.iter().map(|member| &*member.key).collect(),
            other => panic!("{other:?}"),
        };
        assert_eq!(keys, ["data", "info", "code", "state"]);
        let table = section.label == Some("error");
        assert_eq!(parsed.prose.first(), table.then_some(&"可能返回的错误:"));
        assert_eq!(parsed.comments, []);
    }
    let details = json::parse(sections[10].body);
    let Kind::Object(members) = &details.values[0].kind else { panic!("an object") };
    let Kind::Object(fields) = &members[0].value.kind else { panic!("an object") };
    let status = fields.iter().find(|field| &*field.key == "status").unwrap();
    let comment = status.comment.as_ref().unwrap();
    assert!(comment.text.starts_with("状态,0:正常使用") && comment.text.ends_with("5为假性删除"), "{comment:?}");
    let found: Vec<String> = oddities(&text, Path::new("driver_app.md")).into_iter().collect();
    assert_eq!(found.iter().filter(|oddity| oddity.ends_with("json-smart-quote")).count(), 1);
    assert_eq!(found.iter().filter(|oddity| oddity.ends_with("json-trailing-comma")).count(), 1);
    assert_eq!(found.iter().filter(|oddity| oddity.ends_with("json-comment")).count(), 10);
    assert_eq!(found.len(), 12, "{found:?}");
}

/// Whatever is cut off at the end costs only itself: what was complete before the cut is still there.
#[test]
fn every_prefix_of_a_body_is_read() {
    let text = text_of(&case("driver_app.md"));
    for section in blocks(&text).iter().flat_map(|block| &block.sections) {
        let body = section.body;
        let mut members = 0;
        for end in (0..=body.len()).filter(|end| body.is_char_boundary(*end)) {
            let prefix = &body[..end];
            let parsed = json::parse(prefix);
            sound(prefix, &parsed);
            assert_eq!(parsed.values.len(), usize::from(prefix.trim_start().starts_with('{')), "{prefix}");
            if let Some(Kind::Object(found)) = parsed.values.first().map(|value| &value.kind) {
                assert!(found.len() >= members, "{prefix}");
                members = found.len();
            }
        }
        assert_eq!(members, 4);
    }
}

/// The public JSON test suite's cases that must be accepted, as far as they differ from one another here.
const ACCEPTED: &[&str] = &[
    "[[]   ]",
    "[\"\"]",
    "[]",
    "[\"a\"]",
    "[false]",
    "[null, 1, \"1\", {}]",
    "[null]",
    "[1\n]",
    " [1]",
    "[1,null,null,null,2]",
    "[2] ",
    "[123e65]",
    "[0e+1]",
    "[0e1]",
    "[ 4]",
    "[-0.000000000000000000000000000000000000000000000000000000000000000000000000000001]",
    "[20e1]",
    "[-0]",
    "[-123]",
    "[1E22]",
    "[1E-2]",
    "[1E+2]",
    "[123e45]",
    "[123.456e78]",
    "[1e-2]",
    "[123.456789]",
    "{\"asd\":\"sdf\", \"dfg\":\"fgh\"}",
    "{\"asd\":\"sdf\"}",
    "{}",
    "{\"\":0}",
    "{\"foo\\u0000bar\": 42}",
    "{ \"min\": -1.0e+28, \"max\": 1.0e+28 }",
    "{\"x\":[{\"id\": \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"}], \"id\": \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"}",
    "{\"a\":[]}",
    "{\"title\":\"\\u041f\\u043e\\u043b\\u0442\\u043e\\u0440\\u0430\" }",
    "{\n\"a\": \"b\"\n}",
    "[\"\\u0060\\u012a\\u12AB\"]",
    "[\"\\uD801\\udc37\"]",
    "[\"\\ud83d\\ude39\\ud83d\\udc8d\"]",
    "[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"]",
    "[\"\\\\u0000\"]",
    "[\"\\\"\"]",
    "[\"a/*b*/c/*d//e\"]",
    "[\"\\\\a\"]",
    "[\"\\\\n\"]",
    "[\"\\u0012\"]",
    "[\"\\uFFFF\"]",
    "[ \"asd\"]",
    "[\"\\uDBFF\\uDFFF\"]",
    "[\"new\\u00A0line\"]",
    "[\"\u{10ffff}\"]",
    "[\"\u{ffff}\"]",
    "[\"\\u0000\"]",
    "[\"\\u002c\"]",
    "[\"π\"]",
    "[\"\u{1bfff}\"]",
    "[\"asd \"]",
    "\" \"",
    "[\"\\uD834\\uDd1e\"]",
    "[\"\\u0821\"]",
    "[\"\u{2028}\"]",
    "[\"\u{2029}\"]",
    "[\"\\u0061\\u30af\\u30EA\\u30b9\"]",
    "[\"new\\u000Aline\"]",
    "[\"\u{7f}\"]",
    "[\"\\uA66D\"]",
    "[\"⍂㈴⍂\"]",
    "[\"\\u200B\"]",
    "[\"\\uFDD0\"]",
    "[\"\\uFFFE\"]",
    "[\"€𝄞\"]",
    "[\"aa\"]",
    "false",
    "42",
    "-0.1",
    "null",
    "\"asd\"",
    "true",
    "\"\"",
    "[\"a\"]\n",
    "[true]",
    " [] ",
];

#[test]
fn what_the_standard_accepts_is_read_as_serde_json_reads_it() {
    for text in ACCEPTED {
        let parsed = json::parse(text);
        sound(text, &parsed);
        assert_eq!(parsed.repairs, [], "{text}");
        let expected: serde_json::Value = serde_json::from_str(text).unwrap();
        let values: Vec<_> = parsed.values.iter().map(|value| serde_json::Value::from(&value.to_json())).collect();
        assert_eq!(values, [expected], "{text}");
    }
    // Valid, but surely a slip: the value is serde_json's, and something is said.
    for text in ["{\"a\":\"b\",\"a\":\"c\"}", "{\"a\":0, \"b\":1, \"a\":2}"] {
        let parsed = json::parse(text);
        let expected: serde_json::Value = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::Value::from(&parsed.values[0].to_json()).to_string(), expected.to_string());
        assert_eq!(parsed.repairs.len(), 1);
    }
}

/// Cases of that suite which a parser must refuse, and what a good reader makes of them.
const REFUSED: &[(&str, &str)] = &[
    ("[1 true]", "[1,true]"),
    ("[\"\": 1]", "{\"\":1}"),
    ("[\"\"],", "[\"\"]"),
    ("[,1]", "[1]"),
    ("[1,,2]", "[1,2]"),
    ("[\"x\"]]", "[\"x\"]"),
    ("[\"\",]", "[\"\"]"),
    ("[\"x\"", "[\"x\"]"),
    ("[3[4]]", "[3,[4]]"),
    ("[,]", "[]"),
    ("[-]", "[\"-\"]"),
    ("[\"\",,]", "[\"\"]"),
    ("[\"a\",\n4\n,1,", "[\"a\",4,1]"),
    ("[1,\n1\n,1", "[1,1,1]"),
    ("[{}", "[{}]"),
    ("[++1234]", "[\"++1234\"]"),
    ("[+1]", "[\"+1\"]"),
    ("[-01]", "[\"-01\"]"),
    ("[-1.0.]", "[\"-1.0.\"]"),
    ("[-2.]", "[\"-2.\"]"),
    ("[.2e-3]", "[\".2e-3\"]"),
    ("[0.1.2]", "[\"0.1.2\"]"),
    ("[0.3e+]", "[\"0.3e+\"]"),
    ("[0e]", "[\"0e\"]"),
    ("[1eE2]", "[\"1eE2\"]"),
    ("[0x42]", "[\"0x42\"]"),
    ("[- 1]", "[]"),
    ("[-012]", "[\"-012\"]"),
    ("[1.2a-3]", "[\"1.2a-3\"]"),
    ("[012]", "[\"012\"]"),
    ("[\"x\", truth]", "[\"x\",\"truth\"]"),
    ("{[: \"x\"}", "[\"x\"]"),
    ("{\"x\", null}", "{\"x\":null}"),
    ("{\"x\"::\"b\"}", "{\"x\":\"b\"}"),
    ("{\"a\":\"a\" 123}", "{\"a\":\"a\"}"),
    ("{key: 'value'}", "{\"key\":\"value\"}"),
    ("{\"a\" b}", "{\"a\":\"b\"}"),
    ("{:\"b\"}", "{\"b\":null}"),
    ("{\"a\" \"b\"}", "{\"a\":\"b\"}"),
    ("{\"a\":", "{\"a\":null}"),
    ("{\"a\"", "{\"a\":null}"),
    ("{1:1}", "{\"1\":1}"),
    ("{'a':0}", "{\"a\":0}"),
    ("{\"id\":0,,,,,}", "{\"id\":0}"),
    ("{\"id\":0,}", "{\"id\":0}"),
    ("{\"a\":\"b\"}/**/", "{\"a\":\"b\"}"),
    ("{\"a\":\"b\"}//", "{\"a\":\"b\"}"),
    ("{\"a\":\"b\",,\"c\":\"d\"}", "{\"a\":\"b\",\"c\":\"d\"}"),
    ("{a: \"b\"}", "{\"a\":\"b\"}"),
    ("{\"a\":\"a", "{\"a\":\"a\"}"),
    ("{ \"foo\" : \"bar\", \"a\" }", "{\"foo\":\"bar\",\"a\":null}"),
    ("[\"\\uD800\\\"]", "[\"�\\\"\"]"),
    ("[\"\\uD800\\u1\"]", "[\"�\\\\u1\"]"),
    ("[\"\\x00\"]", "[\"\\\\x00\"]"),
    ("[\"\\a\"]", "[\"\\\\a\"]"),
    ("[\"\\u00A\"]", "[\"\\\\u00A\"]"),
    ("['single quote']", "[\"single quote\"]"),
    ("[\"new\nline\"]", "[\"new\\nline\"]"),
    ("[\"\t\"]", "[\"\\t\"]"),
    ("[1]]", "[1]"),
    ("[1}", "[1]"),
    ("{\"a\": true} }", "{\"a\":true}"),
    ("[1,", "[1]"),
    ("{", "{}"),
    ("[\"asd]", "[\"asd\"]"),
    ("[1\u{ff0c}2]", "[1,2]"),
    ("{}}", "{}"),
    ("[\"a\" 1]", "[\"a\",1]"),
    ("\u{feff}{}", "{}"),
];

#[test]
fn what_the_standard_refuses_is_read_with_a_repair() {
    for (text, expected) in REFUSED {
        let parsed = json::parse(text);
        sound(text, &parsed);
        let values: Vec<String> = parsed.values.iter().map(|value| value.to_json().to_string()).collect();
        assert_eq!(values, [*expected], "{text}");
        assert!(!parsed.repairs.is_empty(), "{text}");
        assert!(serde_json::from_str::<serde_json::Value>(text).is_err(), "{text}");
    }
}

/// An array of bare words only looks like `[TOC]`, and so is prose.
#[test]
fn a_bare_word_in_brackets_is_prose() {
    for text in ["[x", "[fals]", "[nul]", "[tru]", "[Infinity]"] {
        let parsed = json::parse(text);
        assert_eq!(parsed.prose, [text]);
        assert!(parsed.values.is_empty() && parsed.repairs.is_empty(), "{parsed:?}");
    }
}

/// Any JSON value; numbers as lexemes that `serde_json` can hold, keys without blanks at their edges.
fn value() -> impl Strategy<Value = Json> {
    let number = r"-?(0|[1-9][0-9]{0,24})(\.[0-9]{1,6})?([eE][+-]?[0-9]{1,2})?";
    let text = prop_oneof![any::<String>(), "[\"“”'a\\\\/*#,:{}\n\u{a0}中]{0,8}"];
    let key = prop_oneof!["[a-z_]{1,6}", "[“”'a\\\\/*#,:{}中=>.]{0,6}", any::<String>()];
    let blank = |c: char| c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}');
    let key = key.prop_map(move |key| key.trim_matches(blank).to_owned());
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::Bool),
        number.prop_map(|lexeme| Json::Number(lexeme.into())),
        text.prop_map(Json::string),
    ];
    leaf.prop_recursive(6, 60, 8, move |inner| {
        let members = vec((key.clone(), inner.clone()), 0..8).prop_map(|members| {
            let mut seen = BTreeSet::new();
            let once = members.into_iter().filter(|(key, _)| seen.insert(key.clone()));
            Json::Object(once.map(|(key, value)| (key.into(), value)).collect())
        });
        prop_oneof![vec(inner, 0..8).prop_map(Json::Array), members]
    })
}

/// The same, never a lone scalar, which is a value only where nothing stands around it.
fn container() -> impl Strategy<Value = Json> {
    value().prop_map(|value| if value.is_scalar() { Json::Array(vec![value]) } else { value })
}

/// Writes a value with what `fill` draws between its tokens, and `extra` deciding about commas at the end.
fn write(value: &Json, out: &mut String, fill: &mut impl FnMut(&mut String), extra: &mut impl FnMut() -> bool) {
    fill(out);
    match value {
        Json::Array(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write(item, out, fill, extra);
            }
            if !items.is_empty() && extra() {
                out.push(',');
            }
            fill(out);
            out.push(']');
        }
        Json::Object(members) => {
            out.push('{');
            for (at, (key, value)) in members.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                fill(out);
                out.push_str(&Json::string(&**key).to_string());
                fill(out);
                out.push(':');
                write(value, out, fill, extra);
            }
            if !members.is_empty() && extra() {
                out.push(',');
            }
            fill(out);
            out.push('}');
        }
        scalar => out.push_str(&scalar.to_string()),
    }
    fill(out);
}

/// Pieces drawn in turn from `pieces`, over and over.
fn drawn(pieces: &[String]) -> impl FnMut(&mut String) {
    let mut turn = pieces.iter().cycle();
    move |out| out.push_str(turn.next().map_or("", String::as_str))
}

/// The two judges differ in the last digit of some numbers and in the sign of zero; the lexemes are compared elsewhere.
fn agree(one: &serde_json::Value, other: &serde_json::Value) -> bool {
    use serde_json::Value::{Array, Number, Object};
    match (one, other) {
        (Number(one), Number(other)) => {
            let (one, other) = (one.as_f64().unwrap(), other.as_f64().unwrap());
            (one - other).abs() <= one.abs() * 1e-14
        }
        (Array(one), Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| agree(one, other))
        }
        (Object(one), Object(other)) => {
            one.len() == other.len()
                && one.iter().zip(other).all(|(one, other)| one.0 == other.0 && agree(one.1, other.1))
        }
        _ => one == other,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn valid_json_is_read_as_serde_json_reads_it(value in value(), blanks in vec("[ \t\r\n]{0,3}", 1..9)) {
        let mut text = String::new();
        write(&value, &mut text, &mut drawn(&blanks), &mut || false);
        let parsed = json::parse(&text);
        sound(&text, &parsed);
        prop_assert_eq!(&parsed.repairs, &[]);
        prop_assert_eq!(&parsed.prose, &Vec::<&str>::new());
        let read: Vec<Json> = parsed.values.iter().map(Value::to_json).collect();
        let judge: serde_json::Value = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(serde_json::Value::from(&read[0]), judge);
        // Lexemes and order survive, which serde_json cannot tell.
        prop_assert_eq!(read, [value]);
    }

    #[test]
    fn json_with_comments_is_read_as_jsonc_parser_reads_it(
        value in container(),
        pieces in vec(prop_oneof!["[ \t\n]{0,3}", "//[^\n\r]{0,9}\n", "/\\*[^*]{0,9}\\*/"], 1..9),
        commas in vec(any::<bool>(), 1..5),
    ) {
        let mut text = String::new();
        let mut turn = commas.iter().copied().cycle();
        write(&value, &mut text, &mut drawn(&pieces), &mut || turn.next().unwrap_or_default());
        let parsed = json::parse(&text);
        sound(&text, &parsed);
        let read: Vec<Json> = parsed.values.iter().map(Value::to_json).collect();
        prop_assert_eq!(&read, &[value]);
        prop_assert!(parsed.repairs.iter().all(|repair| matches!(repair.rule, "json-comment" | "json-trailing-comma" | "json-bom")));
        let judge: serde_json::Value = jsonc_parser::parse_to_serde_value(&text, &jsonc_parser::ParseOptions::default()).unwrap();
        let ours = serde_json::Value::from(&read[0]);
        prop_assert!(agree(&ours, &judge), "{ours} is not {judge}");
    }

    #[test]
    fn any_text_is_read(text in any::<String>()) {
        sound(&text, &json::parse(&text));
    }

    #[test]
    fn any_soup_of_pieces_is_read(pieces in vec(prop::sample::select(PIECES), 0..40)) {
        let text = pieces.concat();
        sound(&text, &json::parse(&text));
    }
}

/// A body of one member a line.
const LINES: &str = r#"{
"code": 1000, //成功
"info": "登录成功",
"data": {
"id": "7",
"name": "张三"
},
"state": 1,
"time": "10:00"
}"#;

/// `key=value` of each scalar, wherever it stands.
fn scalars(text: &str) -> BTreeSet<String> {
    let parsed = json::parse(text);
    sound(text, &parsed);
    let mut found = BTreeSet::new();
    let mut waiting: Vec<&Value> = parsed.values.iter().collect();
    while let Some(value) = waiting.pop() {
        match &value.kind {
            Kind::Object(members) => {
                for member in members {
                    found.insert(format!("{}={}", member.key, member.value.to_json()));
                    waiting.push(&member.value);
                }
            }
            Kind::Array(items) => waiting.extend(items.iter().map(|item| &item.value)),
            _ => {}
        }
    }
    found.retain(|entry| !entry.ends_with('}'));
    found
}

/// Each character left out, and each piece put in at each place: the entries of other lines survive.
#[test]
fn damage_stays_on_its_line() {
    let whole = scalars(LINES);
    assert_eq!(whole.len(), 6);
    let places: Vec<usize> = (0..=LINES.len()).filter(|at| LINES.is_char_boundary(*at)).collect();
    let (mut cases, mut two_lost) = (0, 0);
    for pair in places.windows(2) {
        let (before, rest) = LINES.split_at(pair[0]);
        let deleted = format!("{before}{}", &LINES[pair[1]..]);
        let inserted = PIECES.iter().map(|piece| format!("{before}{piece}{rest}"));
        for text in inserted.chain([deleted]) {
            let lost = whole.difference(&scalars(&text)).count();
            assert!(lost <= 2, "{lost} lost of {text:?}");
            cases += 1;
            two_lost += usize::from(lost == 2);
        }
    }
    assert!(two_lost * 100 < cases, "{two_lost} of {cases}");
}

const PIECES: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "'",
    "“",
    "”",
    "‘",
    "\\",
    "\n",
    " ",
    "\r\n",
    "//",
    "/*",
    "*/",
    "/ ",
    "#",
    "...",
    "……",
    "=>",
    "=",
    "(",
    ")",
    "（",
    "）",
    "，",
    "：",
    "｛",
    "｝",
    "［",
    "］",
    "＂",
    "a",
    "中",
    "1",
    "007",
    "-",
    "true",
    "null",
    "1.5e3",
    "\"a\":",
    "\"b\"",
    "{\"c\":1}",
    "同上",
    "\u{feff}",
    "\u{a0}",
    "\u{3000}",
    "\t",
    ";",
    "\\u",
    "\\ud83d",
    "http://x",
    "a: b",
];
