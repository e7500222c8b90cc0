//! A JSON Schema (2020-12) of scenario files, for editors: made of the same lists of names that the reader has.

use super::ast::{Basis, Matcher};
use super::parse::{ACTIONS, BESIDE, DEMANDS, KEYS};
use serde_json::{Map, Value, json};

pub fn schema() -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "docsim scenario",
        "description": "One document of a scenario file; a file may hold several, divided by ---.",
        "type": "object",
        "properties": members(&KEYS, of_scenario),
        "additionalProperties": false,
        "anyOf": [{ "required": ["name", "steps"] }, { "required": ["include"] }],
        "$defs": {
            "values": { "type": ["object", "null"], "description": "Names with values; ${name} is filled in." },
            "step": step(),
            "expect": expect(),
            "test": test(),
            "length": { "type": ["string", "number"], "pattern": "^\\+?[0-9]", "description": "90s, 11m, 1h30m" },
        },
    })
}

fn members(names: &[&str], of: impl Fn(&str) -> Value) -> Map<String, Value> {
    names.iter().map(|name| ((*name).to_owned(), of(name))).collect()
}

fn of_scenario(key: &str) -> Value {
    match key {
        "name" => json!({ "type": "string", "description": "What it shows" }),
        "tags" => json!({ "type": ["array", "string"], "items": { "type": "string" }, "description": "For --tag" }),
        "vars" => json!({ "$ref": "#/$defs/values" }),
        "rows" => {
            json!({ "type": "array", "items": { "$ref": "#/$defs/values" }, "description": "It is run once for each" })
        }
        "setup" => json!({ "$ref": "#/properties/steps", "description": "What has to be there first" }),
        "steps" => json!({ "type": "array", "items": { "$ref": "#/$defs/step" } }),
        _ => {
            json!({ "type": ["array", "string"], "items": { "type": "string" }, "description": "Other files, relative to this one" })
        }
    }
}

fn step() -> Value {
    let names: Vec<&str> = ACTIONS.into_iter().chain(BESIDE).collect();
    let one: Vec<Value> = ACTIONS.iter().map(|action| json!({ "required": [action] })).collect();
    json!({ "type": "object", "properties": members(&names, of_step), "additionalProperties": false, "oneOf": one })
}

fn of_step(key: &str) -> Value {
    let identity = json!({ "type": ["string", "number"] });
    match key {
        "call" => json!({ "type": "string", "description": "An endpoint by its title, METHOD /path or id" }),
        "sms" => json!({
            "description": "The newest live passcode of a phone; one is issued if there is none",
            "anyOf": [identity, { "type": "object", "properties": { "identity": identity, "purpose": {} }, "required": ["identity"] }],
        }),
        "clock" => json!({
            "description": "Lets time pass",
            "anyOf": [
                { "$ref": "#/$defs/length" },
                { "type": "object", "properties": { "advance": { "$ref": "#/$defs/length" }, "set": {}, "freeze": { "type": "boolean" } }, "additionalProperties": false },
            ],
        }),
        "account" => json!({
            "type": "object",
            "description": "Makes or changes an account, or does what the back office does",
            "properties": {
                "identity": identity, "password": { "type": "string" }, "status": {},
                "action": { "description": "approve, reject, freeze, unfreeze or delete", "type": "string" },
            },
            "required": ["identity"],
        }),
        "record" => json!({
            "type": "object",
            "description": "Makes a record, or with an id changes one",
            "properties": { "collection": { "type": "string" }, "id": {}, "delete": { "type": "boolean" }, "owner": {} },
            "required": ["collection"],
        }),
        "fault" => json!({
            "description": "Trouble on order; none ends all of it",
            "anyOf": [{ "type": "object", "properties": {
                "endpoint": { "type": "string" }, "when": { "type": "object" }, "code": {}, "http_status": { "type": "integer" },
                "abort": { "enum": ["reset", "empty", "truncate"] }, "delay": {}, "probability": { "type": "number" }, "times": { "type": "integer" },
            } }, { "const": "none" }, { "type": "null" }],
        }),
        "with" => json!({ "$ref": "#/$defs/values", "description": "Parameters; they go where the document has them" }),
        "expect" => json!({ "$ref": "#/$defs/expect" }),
        "save" => json!({
            "description": "Keeps values of the reply under names",
            "anyOf": [{ "type": "string" }, { "type": "object", "additionalProperties": { "type": "string", "pattern": "^\\$" } }],
        }),
        "because" => json!({ "type": "string", "description": "Why it has to be so" }),
        "retry" => json!({
            "type": "object",
            "properties": { "times": { "type": "integer", "minimum": 1, "maximum": 1000 }, "every": { "$ref": "#/$defs/length" } },
            "required": ["times"],
            "additionalProperties": false,
        }),
        _ => json!({ "enum": Basis::ALL.map(Basis::name), "description": "Where the expectation comes from" }),
    }
}

fn expect() -> Value {
    json!({
        "description": "success, failure, a code, or members of the reply",
        "anyOf": [
            { "enum": ["success", "failure"] },
            { "type": ["string", "number", "boolean", "null"] },
            {
                "type": "object",
                "properties": members(&DEMANDS, |name| if name == "code" { json!({ "type": ["string", "number", "boolean"] }) } else { json!({ "$ref": "#/$defs/test" }) }),
                "patternProperties": { "^\\$": { "$ref": "#/$defs/test" } },
                "additionalProperties": false,
            },
        ],
    })
}

/// A value, or comparisons; what is neither is no mistake, since any object may be a value.
fn test() -> Value {
    let names = members(&Matcher::NAMES, |name| match name {
        "exists" => json!({ "type": "boolean" }),
        "type" => json!({ "enum": Matcher::TYPES }),
        "one_of" => json!({ "type": "array" }),
        _ => json!({}),
    });
    json!({ "description": "A value, or comparisons", "if": { "type": "object" }, "then": { "properties": names } })
}
