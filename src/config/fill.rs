//! From the clean table to the `Config`. What is not there stays at its default.

use super::clean::{Entry, Node, Table, Value};
use super::form::utc_offset;
use super::{
    AccountConfig, CollectionConfig, Config, EndpointConfig, Language, Level, Levels, PasscodeConfig, TokenConfig,
    UploadConfig,
};
use crate::behavior::{CollectionOverrides, GivenRecord, MoveOverrides, RecordsOverrides};
use crate::diagnostic::Severity;
use crate::lexicon::{Additions, Operation, WordLists};
use crate::source::Place;
use crate::spec::{PublicParam, Settings};
use std::collections::BTreeMap;

pub(super) fn config(mut root: Table) -> Config {
    let default = Config::default();
    Config {
        base_path: root.text("base_path"),
        time_zone: root.text("time_zone").and_then(|text| utc_offset(&text)).unwrap_or(default.time_zone),
        language: root.text("language").and_then(|name| language(&name)),
        universal_passcode: root.text("universal_passcode"),
        passcode: passcode(root.table("passcode")),
        token: token(root.table("token")),
        uploads: uploads(root.table("uploads")),
        http_status: http_status(root.table("http_status")),
        params: params(root.list("params")),
        headers: headers(root.table("headers")),
        groups: root.table("groups").each(|group| group.table().map(settings)),
        lexicon: additions(root.table("lexicon")),
        accounts: root.list("accounts").into_iter().filter_map(account).collect(),
        rules: levels(root.table("rules")),
        collections: collections(root.table("collections")),
        endpoints: endpoints(root.table("endpoints")),
    }
}

fn language(name: &str) -> Option<Language> {
    match name {
        "zh" => Some(Language::Chinese),
        "en" => Some(Language::English),
        _ => None,
    }
}

fn passcode(mut table: Table) -> PasscodeConfig {
    PasscodeConfig {
        length: table.count("length"),
        lifetime_ms: table.whole("lifetime"),
        interval_ms: table.whole("interval"),
    }
}

fn token(mut table: Table) -> TokenConfig {
    TokenConfig { lifetime_ms: table.whole("lifetime"), per_account: table.count("per_account") }
}

fn uploads(mut table: Table) -> UploadConfig {
    let mut bytes = |name: &str| table.count(name).map(|mib| mib << 20);
    UploadConfig { file_bytes: bytes("file_mb"), world_bytes: bytes("world_mb") }
}

fn http_status(table: Table) -> BTreeMap<String, u16> {
    table.each(|node| u16::try_from(node.whole()?).ok())
}

fn params(items: Vec<Node>) -> Vec<PublicParam> {
    let param = |item: Node| {
        let place = item.entry("name")?.place();
        let mut table = item.table()?;
        Some(PublicParam {
            name: table.text("name")?,
            default: table.text("default"),
            description: table.text("description").unwrap_or_default(),
            required: table.flag("required").unwrap_or_default(),
            type_name: table.text("type"),
            place,
        })
    };
    items.into_iter().filter_map(param).collect()
}

/// A header that is written twice, in other letter case, has its last value.
fn headers(table: Table) -> Vec<(String, String, Place)> {
    let mut headers: Vec<(String, String, Place)> = Vec::new();
    for entry in table.entries {
        let place = entry.place();
        let Some(value) = entry.node.text() else { continue };
        headers.retain(|(known, ..)| !known.eq_ignore_ascii_case(&entry.name));
        headers.push((entry.name, value, place));
    }
    headers
}

fn settings(mut table: Table) -> Settings {
    Settings {
        url: table.text("url"),
        headers: headers(table.table("headers")),
        params: params(table.list("params")),
        groups: BTreeMap::new(),
    }
}

fn additions(mut table: Table) -> Additions {
    let mut lists = |kind: &str| -> WordLists {
        table.table(kind).each(|node| Some(node.list()?.into_iter().filter_map(Node::text).collect()))
    };
    Additions {
        topics: lists("topics"),
        roles: lists("roles"),
        operations: lists("operations"),
        subjects: lists("subjects"),
        predicates: lists("predicates"),
        statuses: lists("statuses"),
    }
}

fn account(item: Node) -> Option<AccountConfig> {
    let place = item.entry("identity")?.place();
    let mut table = item.table()?;
    Some(AccountConfig {
        identity: table.text("identity")?,
        password: table.text("password"),
        status: table.json("status"),
        fields: table
            .entries
            .into_iter()
            .filter_map(|entry| Some((entry.name.as_str().into(), entry.node.json()?)))
            .collect(),
        place,
    })
}

fn levels(table: Table) -> Levels {
    let level = |name: &str| match name {
        "allow" => Some(Level::Allow),
        "info" => Some(Level::Report(Severity::Info)),
        "warning" => Some(Level::Report(Severity::Warning)),
        "error" => Some(Level::Report(Severity::Error)),
        _ => None,
    };
    table.each(|node| level(&node.text()?))
}

fn transition(table: &mut Table) -> Option<MoveOverrides> {
    let from = table.list("from").into_iter().filter_map(Node::json).collect();
    Some(MoveOverrides { field: table.text("field"), from, to: table.json("to")? })
}

fn collections(table: Table) -> Vec<CollectionConfig> {
    let collection = |entry: Entry| {
        let mut table = entry.node.table()?;
        let moves = table.list("transitions").into_iter().filter_map(|node| {
            let place = node.place;
            let mut table = node.table()?;
            Some((table.text("by")?, transition(&mut table)?, place))
        });
        let transitions = moves.collect();
        let told = CollectionOverrides {
            name: entry.name,
            owned: table.text("owner").map(|owner| owner == "caller"),
            private: table.flag("private"),
            records: table.take("records").and_then(records),
        };
        Some(CollectionConfig { told, transitions, place: entry.name_place })
    };
    table.entries.into_iter().filter_map(collection).collect()
}

fn records(node: Node) -> Option<RecordsOverrides> {
    match node.value {
        Value::Whole(number) => usize::try_from(number).ok().map(RecordsOverrides::Number),
        Value::List(items) => {
            let record = |item: Node| {
                let place = item.place;
                let members = item.table()?.entries.into_iter();
                let members = members.filter_map(|entry| Some((entry.name.as_str().into(), entry.node.json()?)));
                Some(GivenRecord { members: members.collect(), place })
            };
            Some(RecordsOverrides::Given(items.into_iter().filter_map(record).collect()))
        }
        _ => None,
    }
}

fn endpoints(table: Table) -> Vec<EndpointConfig> {
    let endpoint = |entry: Entry| {
        let mut table = entry.node.table()?;
        Some(EndpointConfig {
            name: entry.name,
            place: entry.name_place,
            operation: table.text("operation").and_then(|name| Operation::parse(&name)),
            collection: table.text("collection"),
            id: table.take("id").and_then(|node| Some((node.place, node.text()?))).map(|(place, name)| (name, place)),
            transition: table.take("transition").and_then(|node| {
                let place = node.place;
                Some((transition(&mut node.table()?)?, place))
            }),
            codes: table.table("codes").each(Node::text),
            rules: levels(table.table("rules")),
            http_status: http_status(table.table("http_status")),
        })
    };
    table.entries.into_iter().filter_map(endpoint).collect()
}
