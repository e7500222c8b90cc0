//! The file after it was held against its shape: only known keys with values of the right type, each with its place.

use crate::json::Json;
use crate::source::Place;
use std::collections::BTreeMap;

#[derive(Debug)]
pub(super) enum Value {
    Text(String),
    /// A number, or a length of time in milliseconds.
    Whole(i64),
    Flag(bool),
    Json(Json),
    List(Vec<Node>),
    Table(Table),
}

#[derive(Debug)]
pub(super) struct Node {
    pub(super) value: Value,
    pub(super) place: Place,
}

/// In the order of the file.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) entries: Vec<Entry>,
}

#[derive(Debug)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) name_place: Place,
    pub(super) node: Node,
}

impl Entry {
    /// From the name to the end of the value, if they stand together.
    pub(super) fn place(&self) -> Place {
        let value = self.node.place;
        let together = value.span.start >= self.name_place.span.end;
        if together { Place { span: self.name_place.span.to(value.span), ..value } } else { self.name_place }
    }
}

impl Table {
    /// Takes a value out; a name that the shape does not have is never there.
    pub(super) fn take(&mut self, name: &str) -> Option<Node> {
        let at = self.entries.iter().position(|entry| entry.name == name)?;
        Some(self.entries.remove(at).node)
    }

    pub(super) fn text(&mut self, name: &str) -> Option<String> {
        self.take(name).and_then(Node::text)
    }

    pub(super) fn whole(&mut self, name: &str) -> Option<i64> {
        self.take(name).and_then(Node::whole)
    }

    pub(super) fn count(&mut self, name: &str) -> Option<usize> {
        usize::try_from(self.whole(name)?).ok()
    }

    pub(super) fn flag(&mut self, name: &str) -> Option<bool> {
        match self.take(name)?.value {
            Value::Flag(flag) => Some(flag),
            _ => None,
        }
    }

    pub(super) fn json(&mut self, name: &str) -> Option<Json> {
        self.take(name).and_then(Node::json)
    }

    /// Empty where there is none.
    pub(super) fn list(&mut self, name: &str) -> Vec<Node> {
        self.take(name).and_then(Node::list).unwrap_or_default()
    }

    /// Empty where there is none.
    pub(super) fn table(&mut self, name: &str) -> Table {
        self.take(name).and_then(Node::table).unwrap_or_default()
    }

    /// A map with what each entry becomes; those that become nothing are left out.
    pub(super) fn each<T>(self, value: impl Fn(Node) -> Option<T>) -> BTreeMap<String, T> {
        self.entries.into_iter().filter_map(|entry| Some((entry.name, value(entry.node)?))).collect()
    }
}

impl Node {
    /// The entry of this name, if this is a table and has one.
    pub(super) fn entry(&self, name: &str) -> Option<&Entry> {
        match &self.value {
            Value::Table(table) => table.entries.iter().find(|entry| entry.name == name),
            _ => None,
        }
    }

    pub(super) fn as_text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn text(self) -> Option<String> {
        match self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn whole(self) -> Option<i64> {
        match self.value {
            Value::Whole(number) => Some(number),
            _ => None,
        }
    }

    pub(super) fn list(self) -> Option<Vec<Node>> {
        match self.value {
            Value::List(items) => Some(items),
            _ => None,
        }
    }

    pub(super) fn json(self) -> Option<Json> {
        match self.value {
            Value::Json(json) => Some(json),
            _ => None,
        }
    }

    pub(super) fn table(self) -> Option<Table> {
        match self.value {
            Value::Table(table) => Some(table),
            _ => None,
        }
    }
}
