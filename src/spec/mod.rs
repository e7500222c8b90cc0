//! What the documents say, as values of their own: endpoints, parameters, examples, tables of codes.
//!
//! In: the trees of `syntax`. Out: a `DocSet`. Knows what a form stands for (this table lists codes, that word is a
//! label), not what an endpoint does, and no world.

mod bases;
mod block;
mod body;
mod code_lines;
mod code_objects;
mod commented_codes;
mod elimination;
pub mod envelope;
mod example;
mod inline_replies;
mod keep;
mod labels;
mod line_titles;
mod listed_values;
mod lower;
mod own_codes;
mod page;
mod param_tables;
mod prose;
mod query_lines;
mod remarks;
mod requests;
pub mod route;
pub mod rows;
pub(crate) mod sent_back;
pub(crate) mod sentence;
mod settings;
mod target;
mod told_errors;
mod told_pairs;
mod unfenced;

pub use bases::Base;
pub use body::BodyForm;
pub use keep::{Because, Kept, UNREADABLE, keep_last_good};
pub use lower::lower;
pub(crate) use prose::scheme;
pub use settings::{PublicParam, Settings};

use crate::diagnostic::Diagnostic;
use crate::json::{Json, Step};
use crate::source::{FileId, Place, Source};
use envelope::Envelope;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, OnceLock};

/// Everything that a set of files documents. Immutable once lowered.
#[derive(Debug, Default)]
pub struct DocSet {
    pub sources: Vec<Source>,
    /// In the order of the files, and in each in the order written.
    pub endpoints: Vec<Endpoint>,
    /// Tables of codes that belong to no endpoint: for a page, or for the set.
    pub tables: Vec<CodeTable>,
    /// The envelopes that examples have in common; every endpoint points to one of them.
    pub envelopes: Vec<Envelope>,
    /// Paths that may stand before those of the endpoints, as the documents tell in words.
    pub bases: Vec<Base>,
    pub diagnostics: Vec<Diagnostic>,
}

impl DocSet {
    pub fn source(&self, file: FileId) -> Option<&Source> {
        self.sources.get(file.0 as usize)
    }

    pub fn envelope(&self, endpoint: &Endpoint) -> &Envelope {
        &self.envelopes[endpoint.envelope]
    }

    /// `file:line`, as explanations and headers name a place.
    pub fn file_line(&self, place: Place) -> String {
        self.source(place.file)
            .map_or_else(String::new, |source| format!("{}:{}", source.name(), source.line(place.span.start)))
    }

    pub fn text(&self, place: Place) -> &str {
        self.source(place.file).map_or("", |source| source.slice(place.span))
    }
}

/// One documented request and its replies.
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// `METHOD /path`, with what discriminates added where that is not enough.
    pub id: String,
    /// The nearest heading, else the file's name.
    pub title: String,
    pub titled: bool,
    pub group: Option<String>,
    /// Upper case; none where the document has none.
    pub method: Option<String>,
    /// As written, without scheme, host and query, with a leading slash.
    pub path: String,
    /// Scheme and host, where the document wrote them.
    pub origin: Option<String>,
    pub segments: Vec<Segment>,
    pub params: Vec<Param>,
    /// How a body that it takes is written.
    pub body: BodyForm,
    pub sections: Vec<Section>,
    /// What a sample of the request sends, by name, where the documents show one.
    pub sample: Vec<(String, String)>,
    /// The endpoint's own table, in its order.
    pub codes: CodeTable,
    /// Codes that a quote above the block names; texts may be empty.
    pub quoted: Vec<CodeRow>,
    /// Prose that belongs to the endpoint: quotes, remarks, lists, cells of other tables.
    pub notes: Vec<Note>,
    /// Other tables that belong to it: parameters, headers, enumerations.
    pub tables: Vec<Table>,
    /// The request line, or the fence where there is none.
    pub place: Place,
    /// A block between fences documents it, and not a title, tables and plain code.
    pub fenced: bool,
    /// From the fence that opens to the end of the last section.
    pub block: Place,
    pub title_place: Option<Place>,
    /// Index into `DocSet::envelopes`.
    pub envelope: usize,
}

impl Endpoint {
    /// Whether it can be asked for: without a request line nobody knows where.
    pub fn is_served(&self) -> bool {
        !self.path.is_empty()
    }

    pub fn successes(&self) -> impl Iterator<Item = &Example> {
        self.examples(SectionKind::Success)
    }

    pub fn errors(&self) -> impl Iterator<Item = &Example> {
        self.examples(SectionKind::Error)
    }

    pub fn examples(&self, kind: SectionKind) -> impl Iterator<Item = &Example> {
        self.sections.iter().filter(move |section| section.kind == kind).flat_map(|section| &section.examples)
    }

    /// The values that tell this endpoint from others of its method and path.
    pub fn discriminators(&self) -> impl Iterator<Item = &Param> {
        self.params.iter().filter(|param| param.discriminates)
    }

    pub fn param(&self, name: &str) -> Option<&Param> {
        self.params.iter().find(|param| param.name == name)
    }
}

/// One segment of a documented path.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Segment {
    Literal(String),
    /// `:id`, `{id}`, or a placeholder in words.
    Param(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum In {
    Path,
    /// `/token/用户token`: a name and its value as two segments.
    PathPair,
    Query,
    Body,
    Header,
}

impl In {
    pub fn name(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::PathPair => "pathinfo",
            Self::Query => "query",
            Self::Body => "body",
            Self::Header => "header",
        }
    }
}

#[derive(Clone, Debug)]
#[allow(clippy::struct_excessive_bools, reason = "each is asked for alone, and any of them go together")]
pub struct Param {
    pub name: String,
    pub location: In,
    pub type_name: Option<String>,
    /// Marked with `*`. Whether the endpoint demands it is decided later.
    pub starred: bool,
    /// Raw text between `=` and `#`; the value written in a query or path.
    pub default: Option<String>,
    pub description: String,
    /// What a table beside the block lists of its values: `register-用户注册 lost-找回密码`.
    pub values: String,
    /// What the parameter is in words: from the description, or from the default's slot where the label stands there.
    pub label: String,
    /// Its value is one of those that tell endpoints of one method and path apart.
    pub discriminates: bool,
    /// From a parameter line, and not from the URL, a table or the settings.
    pub listed: bool,
    /// From the settings: it goes with every request of a group, and belongs to none.
    pub public: bool,
    pub place: Place,
}

impl Param {
    /// Whether the documents say something of it: a line of its own, or the row of a table. What only stands in a URL is shown.
    pub fn is_told(&self) -> bool {
        self.listed || !(self.public || (self.description.is_empty() && self.type_name.is_none()))
    }

    /// The value that the URL shows where nothing else is said of it: `c=order`. `token=xxx` only keeps a place.
    pub fn constant(&self) -> Option<&str> {
        let value = self.default.as_deref().filter(|_| self.location == In::Query && !self.is_told())?;
        let mut signs = value.chars();
        let first = signs.next();
        let keeps_place = value.len() > 1 && signs.all(|sign| Some(sign) == first);
        (value.is_ascii() && !keeps_place).then_some(value)
    }

    /// Everything that the line says in words, for rules that may stand anywhere in it.
    pub fn all_words(&self) -> String {
        let mut words = self.label.clone();
        for more in [&self.description, &self.values, self.default.as_deref().unwrap_or("")] {
            if more.starts_with(&words) {
                more.clone_into(&mut words);
            } else if !more.is_empty() && !words.contains(more) {
                words.push(' ');
                words.push_str(more);
            }
        }
        words
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SectionKind {
    Success,
    Error,
}

/// One `<<<` section.
#[derive(Clone, Debug)]
pub struct Section {
    pub label: Option<String>,
    pub kind: SectionKind,
    pub place: Place,
    /// The JSON values in it, in order.
    pub examples: Vec<Example>,
    /// Below or beside the label.
    pub http_status: Option<u16>,
    /// It holds text, but none of it is JSON.
    pub words_only: bool,
}

#[derive(Clone, Debug)]
pub struct Example {
    pub value: Json,
    pub http_status: Option<u16>,
    /// Comments with the member that they belong to.
    pub comments: Vec<FieldNote>,
    pub place: Place,
    /// Where each member stands, key and value: for the lines that explanations name.
    pub members: Vec<(Vec<Step>, Place)>,
    /// All keys are codes and all values texts: a table of codes in JSON form, not a reply.
    pub is_table: bool,
}

/// A comment in an example, with the member or item that it trails.
#[derive(Clone, Debug)]
pub struct FieldNote {
    pub path: Vec<Step>,
    pub text: String,
    pub place: Place,
}

#[derive(Clone, Debug, Default)]
pub struct CodeTable {
    pub rows: Vec<CodeRow>,
    /// The first row of each code, of as many rows as there were when it was first asked for.
    places: OnceLock<(usize, HashMap<Arc<str>, usize>)>,
}

impl Example {
    /// Where a member stands, or the one that it stands in; the whole example if there is no such member.
    pub fn place_of(&self, path: &[Step]) -> Place {
        let known = |path: &[Step]| self.members.iter().find(|(known, _)| known == path).map(|(_, place)| *place);
        (0..path.len()).rev().find_map(|last| known(&path[..=last])).unwrap_or(self.place)
    }
}

impl CodeTable {
    pub fn new(rows: Vec<CodeRow>) -> Self {
        Self { rows, places: OnceLock::new() }
    }

    pub fn get(&self, code: &str) -> Option<&CodeRow> {
        const FEW: usize = 64;
        if self.rows.len() > FEW {
            let (count, places) = self.places.get_or_init(|| {
                let rows = self.rows.iter().enumerate().rev();
                (self.rows.len(), rows.map(|(at, row)| (Arc::clone(&row.code), at)).collect())
            });
            if *count == self.rows.len() {
                return places.get(code).and_then(|at| self.rows.get(*at));
            }
        }
        self.rows.iter().find(|row| &*row.code == code)
    }
}

#[derive(Clone, Debug)]
pub struct CodeRow {
    pub code: Arc<str>,
    pub text: String,
    /// What is said beside it of when it comes, and where.
    pub when: String,
    /// Where the table has a column for it, or the line has it beside a code in words.
    pub http_status: Option<u16>,
    pub place: Place,
}

/// Prose, one line or cell of it.
#[derive(Clone, Debug)]
pub struct Note {
    pub text: String,
    pub place: Place,
}

/// A Markdown table that is no table of codes.
#[derive(Clone, Debug)]
pub struct Table {
    /// The heading right above it, if it has one of its own.
    pub heading: Option<String>,
    /// The line right above it.
    pub caption: Option<String>,
    /// Header first.
    pub rows: Vec<Vec<String>>,
    pub place: Place,
}

impl fmt::Display for In {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
