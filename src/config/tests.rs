//! That the file's keys, the reader, the JSON Schema and the `Config` speak of the same things.

use super::keys::ROOT;
use super::shape::{Key, Names, Shape, TableShape};
use super::*;
use crate::behavior::Demand;
use crate::diagnostic::Diagnostic;
use crate::lexicon::{Lexicon, Script};
use crate::source::{FileId, Source};
use proptest::prelude::*;
use serde_json::Value;
use std::collections::BTreeSet;

const OTHER_RULES: &[&str] = &["json-comment", "json-smart-quote"];

fn read_text(text: &str) -> (Config, Vec<Diagnostic>) {
    read(&Source::new("docsim.toml", text), FileId(3), OTHER_RULES)
}

fn rules_of(text: &str) -> Vec<&'static str> {
    read_text(text).1.iter().map(|found| found.rule).collect()
}

/// A table of the file, with a header below which its keys can be written.
struct Below {
    header: String,
    path: String,
    keys: &'static [Key],
    /// A line with a name of the user's own, or one of a vocabulary; that name as the schema has it.
    other_sample: Option<&'static str>,
    other: Option<&'static str>,
}

fn tables(shape: &'static TableShape, path: &str, header_path: &str, list: bool, all: &mut Vec<Below>) {
    let header = match (header_path, list) {
        ("", _) => String::new(),
        (path, true) => format!("[[{path}]]\n"),
        (path, false) => format!("[{path}]\n"),
    };
    let other_sample = shape.other.as_ref().map(|other| other.sample);
    let other = shape.other.as_ref().map(|other| match other.names {
        Names::Of(_) => "*",
        Names::Known(_) => name_in(other.sample),
    });
    let items = if list { "[]" } else { "" };
    all.push(Below { header, path: format!("{path}{items}"), keys: shape.keys, other_sample, other });
    let join = |path: &str, name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    let mut below = |shape: &'static Shape, name: &str, header_name: &str| match shape {
        Shape::Table(table) => tables(table, &join(path, name), &join(header_path, header_name), false, all),
        Shape::List { items: Shape::Table(table), .. } => {
            tables(table, &join(path, name), &join(header_path, header_name), true, all);
        }
        _ => {}
    };
    for key in shape.keys {
        below(&key.shape, key.name, key.name);
    }
    if let (Some(table), Some(other)) = (&shape.other, other) {
        below(table.shape, other, name_in(table.sample));
    }
}

fn name_in(sample: &'static str) -> &'static str {
    sample.split_once(" = ").unwrap().0
}

fn all_tables() -> Vec<Below> {
    let mut all = Vec::new();
    tables(&ROOT, "", "", false, &mut all);
    all
}

#[test]
fn every_key_can_be_written_as_its_sample_and_changes_the_config() {
    for table in all_tables() {
        let names = table.keys.iter().map(|key| (key.name, key.sample));
        for (name, sample) in names.chain(table.other_sample.map(|sample| ("", sample))) {
            let required = table.keys.iter().filter(|key| key.required && key.name != name);
            let without = required.fold(table.header.clone(), |text, key| format!("{text}{}\n", key.sample));
            let with = format!("{without}{sample}\n");
            let (config, found) = read_text(&with);
            assert_eq!(found, [], "{with}");
            assert_ne!(config, read_text(&without).0, "{with}");
        }
    }
}

#[test]
fn every_table_says_so_when_a_key_means_nothing() {
    for table in all_tables().iter().filter(|table| table.other.is_none()) {
        let required = table.keys.iter().filter(|key| key.required);
        let text = required.fold(table.header.clone(), |text, key| format!("{text}{}\n", key.sample));
        assert_eq!(rules_of(&format!("{text}zzz = 1\n")), ["config-unknown-key"], "{text}");
    }
}

/// Every property of the schema: its path, with `[]` where a list's item begins and `*` for names of the user's own.
fn properties(schema: &Value, path: &str, all: &mut BTreeSet<String>) {
    let (schema, path) = match schema.get("items") {
        Some(items) => (items, format!("{path}[]")),
        None => (schema, path.to_owned()),
    };
    let named = schema["properties"].as_object().into_iter().flatten().map(|(name, below)| (name.as_str(), below));
    let others = schema.get("additionalProperties").filter(|others| others.is_object()).map(|below| ("*", below));
    for (name, below) in named.chain(others) {
        assert!(below["description"].as_str().is_some_and(|says| !says.is_empty()), "{path} {name}");
        let path = if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
        properties(below, &path, all);
        all.insert(path);
    }
}

#[test]
fn the_schema_has_every_key_of_the_reader() {
    let mut of_schema = BTreeSet::new();
    properties(&schema(OTHER_RULES), "", &mut of_schema);
    for table in all_tables() {
        for name in table.keys.iter().map(|key| key.name).chain(table.other) {
            let path = if table.path.is_empty() { name.to_owned() } else { format!("{}.{name}", table.path) };
            assert!(of_schema.contains(&path), "{path}");
        }
    }
}

#[test]
fn the_reader_takes_every_key_of_the_schema() {
    let mut of_schema = BTreeSet::new();
    properties(&schema(OTHER_RULES), "", &mut of_schema);
    assert!(of_schema.len() > 100, "{of_schema:?}");
    for path in of_schema {
        // `a.b[].c` → `a = { b = [{ c = 0 }] }`; values may be of the wrong type, names may not be unknown.
        let text = path.rsplit('.').fold(String::new(), |below, name| {
            let (name, list) = name.strip_suffix("[]").map_or((name, false), |name| (name, true));
            let name = if name == "*" { "X" } else { name };
            match (below.as_str(), list) {
                ("", _) => format!("{name} = 0"),
                (below, true) => format!("{name} = [{{ {below} }}]"),
                (below, false) => format!("{name} = {{ {below} }}"),
            }
        });
        for found in read_text(&text).1 {
            assert!(found.rule != "config-unknown-key", "{text}: {}", found.message);
            assert!(!found.message.contains("is not the name of"), "{text}: {}", found.message);
        }
    }
}

#[test]
fn the_schema_offers_all_names() {
    let schema = schema(OTHER_RULES);
    let at = |pointer: &str| schema.pointer(pointer).unwrap_or_else(|| panic!("{pointer}"));
    assert!(at("/properties/rules/properties").get("json-comment").is_some());
    assert!(at("/properties/lexicon/properties/roles/properties").get("id-card").is_some());
    assert_eq!(at("/properties/accounts/items/required"), &serde_json::json!(["identity"]));
    assert_eq!(at("/properties/passcode/properties/length/examples"), &serde_json::json!([4]));
    let codes = at("/properties/endpoints/additionalProperties/properties/codes/properties").as_object().unwrap();
    assert!(codes.keys().map(String::as_str).eq(CHECK_KINDS.iter().map(|(name, _)| *name)));
}

#[test]
fn checks_have_kinds_that_can_be_told() {
    let demands = [
        Demand::Token,
        Demand::AccountKept,
        Demand::Present(0),
        Demand::WellFormed(0),
        Demand::IdentityFree(0),
        Demand::Known(0),
        Demand::Passcode { identity: None, passcode: 0, purpose: None },
        Demand::Usable { identity: None },
        Demand::CardValid(0),
        Demand::Changed,
        Demand::SendInterval { identity: 0, purpose: None },
    ];
    for demand in demands {
        assert!(CHECK_KINDS.iter().any(|(kind, _)| *kind == demand.kind()), "{demand:?}");
    }
}

const WHOLE: &str = r#"
base_path = "/v1"
time_zone = "+09:00"
language = "en"
universal_passcode = 246810
[passcode]
length = 4
lifetime = "5m"
interval = 30
[token]
lifetime = "1d12h"
per_account = 1
[http_status]
999 = 401
[[params]]
name = "ver"
default = 2
required = true
[headers]
X-App = "7"
[groups.second]
url = "/v2"
headers = { X-App = "8" }
params = [{ name = "lang" }]
[lexicon.roles]
passcode = ["动态码"]
[[accounts]]
identity = 13800000000
password = "abc12345"
status = 0
nickname = "李"
tags = ["a", 1]
[rules]
json-comment = "allow"
config-no-such-endpoint = "error"
[endpoints."用户登录"]
operation = "login"
codes = { credentials = 1010, login = "999" }
rules = { json-comment = "info" }
http_status = { 1010 = 403 }
"#;

#[test]
fn a_whole_file_is_understood() {
    let (config, found) = read_text(WHOLE);
    assert_eq!(found, []);
    assert_eq!(config.time_zone.seconds(), 32_400);
    assert_eq!(config.language, Some(Language::English));
    assert_eq!(config.universal_passcode.as_deref(), Some("246810"));
    let passcode = PasscodeConfig { length: Some(4), lifetime_ms: Some(300_000), interval_ms: Some(30_000) };
    assert_eq!(config.passcode, passcode);
    assert_eq!(config.token, TokenConfig { lifetime_ms: Some(129_600_000), per_account: Some(1) });
    assert_eq!(config.http_status["999"], 401);
    let settings = config.settings();
    assert_eq!(settings.base_path(), "/v1");
    assert_eq!((settings.params[0].default.as_deref(), settings.params[0].required), (Some("2"), true));
    assert_eq!(settings.of_group(Some("second")).params[0].name, "lang");
    let (name, value, place) = &settings.headers[0];
    assert_eq!((name.as_str(), value.as_str(), &WHOLE[place.span.range()]), ("X-App", "7", "X-App = \"7\""));
    assert_eq!(place.file, FileId(3));
    let account = &config.accounts[0];
    assert_eq!((account.identity.as_str(), account.status.clone()), ("13800000000", Some(Json::integer(0))));
    let names: Vec<&str> = account.fields.iter().map(|(name, _)| &**name).collect();
    assert_eq!(names, ["nickname", "tags"]);
    let login = config.for_endpoint("POST /login", "用户登录", "POST /login").unwrap();
    assert_eq!(login.operation, Some(Operation::Login));
    assert_eq!(login.codes["credentials"], "1010");
    assert_eq!(config.level("json-comment", None), Some(Level::Allow));
    assert_eq!(config.level("json-comment", Some(login)), Some(Level::Report(Severity::Info)));
    assert_eq!(config.level("config-no-such-endpoint", Some(login)), Some(Level::Report(Severity::Error)));
    assert_eq!(config.level("json-smart-quote", Some(login)), None);
    let lexicon = Lexicon::with(&config.additions(), Script::Simplified).unwrap();
    assert_eq!(lexicon.role("x1", "动态码").map(|(role, _)| role), Some(crate::lexicon::Role::Passcode));
}

#[test]
fn nothing_said_is_the_default() {
    assert_eq!(read_text(""), (Config::default(), Vec::new()));
    assert_eq!(read_text("# only a remark\r\n"), (Config::default(), Vec::new()));
    assert_eq!(Config::default().settings(), Settings::default());
}

#[test]
fn a_wrong_key_costs_only_itself() {
    let check = |wrong: &str, rule: &str| {
        let text = format!("{WHOLE}\n{wrong}\n");
        assert_eq!(rules_of(&text), [rule], "{wrong}");
        assert_eq!(read_text(&text).0.accounts, read_text(WHOLE).0.accounts, "{wrong}");
        assert_eq!(read_text(&text).0.endpoints, read_text(WHOLE).0.endpoints, "{wrong}");
    };
    check("[pascode]\nlength = 4", "config-unknown-key");
    check("[server]\nport = 80", "config-not-here");
    check("[[accounts]]\nidentity = []", "config-wrong-type");
    check("[[accounts]]\npassword = \"abc12345\"", "config-bad-value");
    check("[[accounts]]\nidentity = \"13800000000\"", "config-bad-value");
}

#[test]
fn a_file_that_is_not_toml_leaves_the_defaults() {
    let (config, found) = read_text("[token]\nper_account = 1\nlifetime = \n");
    assert_eq!(config, Config::default());
    let rules: Vec<_> = found.iter().map(|found| (found.rule, found.severity)).collect();
    assert_eq!(rules, [("config-syntax", Severity::Error)]);
}

/// Pieces that make texts which look like the file.
fn pieces() -> impl Strategy<Value = String> {
    let samples = all_tables().into_iter().flat_map(|table| {
        let keys = table.keys.iter().map(|key| key.sample.to_owned());
        keys.chain([table.header]).chain(table.other_sample.map(str::to_owned)).collect::<Vec<_>>()
    });
    let wrong = [
        "x = 1",
        "length = \"six\"",
        "\"\" = {}",
        "= ",
        "[",
        "]]",
        "\"",
        "用户 = '登录'",
        "lifetime = 1.5",
        "\u{feff}",
        "\r",
        "a.b.c = inf",
    ];
    let pieces: Vec<String> = samples.chain(wrong.map(str::to_owned)).collect();
    let line = prop_oneof![8 => prop::sample::select(pieces), 1 => "\\PC{0,12}", 1 => any::<String>()];
    prop::collection::vec(line, 0..12).prop_map(|lines| lines.join("\n"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_is_too_odd(text in prop_oneof![pieces(), any::<String>()]) {
        let (config, found) = read_text(&text);
        for place in found.iter().flat_map(|found| found.related.iter().map(|(place, _)| *place).chain([found.place])) {
            prop_assert!(text.get(place.span.range()).is_some(), "{place:?}");
            prop_assert_eq!(place.file, FileId(3));
        }
        for found in &found {
            prop_assert!(RULES.iter().any(|(rule, severity, _)| *rule == found.rule && *severity == found.severity));
            prop_assert!(!found.help.is_empty());
        }
        if !config.lexicon.is_empty() {
            prop_assert!(Lexicon::with(&config.additions(), Script::Simplified).is_ok());
        }
        if found.iter().any(|found| found.rule == "config-syntax") {
            prop_assert_eq!(config, Config::default());
        }
    }
}
