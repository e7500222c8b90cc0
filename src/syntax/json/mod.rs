//! Example bodies: JSON as people write it.
//!
//! In: the text of one region (the lines of a section after its label). Out: the values in it, with places and comments,
//! the lines of prose around them, and a repair for all that strict JSON would refuse or that is surely a slip.
//! It cannot fail, its time is linear in the text, and it does not know what a field means.
//!
//! `form` has the forms of single pieces, `quoted` the strings, `words` all that stands bare; `reader` is the cursor over
//! the region; `tree` builds one value with a stack of `frame`s of its own, `ends` closes them, and `region` finds
//! where values begin.

mod ends;
mod form;
mod frame;
mod quoted;
mod reader;
mod region;
mod repair;
#[cfg(test)]
mod tests;
mod tree;
mod words;

use crate::json::Json;
use crate::source::Span;
pub use repair::Repair;
use std::sync::Arc;

/// Containers within containers that are kept; what lies deeper becomes null.
pub const MAX_DEPTH: usize = 128;

/// What one region holds. All spans are relative to the region's start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parsed<'t> {
    pub values: Vec<Value>,
    /// Lines (trimmed, not empty) that are neither values nor comments, such as a code table below the body.
    pub prose: Vec<&'t str>,
    /// Comments that belong to no value, member or item.
    pub comments: Vec<Comment>,
    /// In the order of the text.
    pub repairs: Vec<Repair>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    pub span: Span,
    pub kind: Kind,
    /// The comment before (or on the first or last line of) a value of the region; always absent from what lies inside one.
    pub caption: Option<Comment>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    Null,
    Bool(bool),
    /// A valid lexeme, as written.
    Number(Arc<str>),
    /// The text without quotes and escapes.
    String(Arc<str>),
    Array(Vec<Item>),
    /// In the order written, each key once.
    Object(Vec<Member>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    pub value: Value,
    pub comment: Option<Comment>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    pub key: Arc<str>,
    /// The key as written, with its quotes.
    pub key_span: Span,
    pub value: Value,
    pub comment: Option<Comment>,
}

/// What people wrote beside a value: comments of any form, and bare notes on the same line. Several are one, line by line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// Without slashes, stars and blanks around it.
    pub text: String,
    pub span: Span,
}

/// Reads a region. A lone scalar is a value only if it is valid JSON and all there is; words alone are prose.
pub fn parse(text: &str) -> Parsed<'_> {
    region::read(text)
}

impl Value {
    /// The value as repaired.
    pub fn to_json(&self) -> Json {
        match &self.kind {
            Kind::Null => Json::Null,
            Kind::Bool(value) => Json::Bool(*value),
            Kind::Number(lexeme) => Json::Number(Arc::clone(lexeme)),
            Kind::String(text) => Json::String(Arc::clone(text)),
            Kind::Array(items) => Json::Array(items.iter().map(|item| item.value.to_json()).collect()),
            Kind::Object(members) => {
                Json::Object(members.iter().map(|member| (Arc::clone(&member.key), member.value.to_json())).collect())
            }
        }
    }

    fn new(span: Span, kind: Kind) -> Self {
        Self { span, kind, caption: None }
    }
}

impl Comment {
    /// Puts `more` below what `slot` holds already.
    fn add(slot: &mut Option<Comment>, more: Comment) {
        match slot {
            Some(comment) => {
                comment.text.push('\n');
                comment.text.push_str(&more.text);
                comment.span = comment.span.to(more.span);
            }
            None => *slot = Some(more),
        }
    }
}
