//! `endpoints` and `diagnostics`: what the documents were understood to say, and what is odd about them.

use super::call::{Answer, Call, json};
use crate::http::problem::Problem;
use crate::{diagnostic, explain};
use serde_json::json as value;

pub(super) fn endpoints(call: &Call<'_>) -> Answer {
    call.takes(&[])?;
    json(&explain::document(&call.generation))
}

pub(super) fn diagnostics(call: &Call<'_>) -> Answer {
    call.takes(&[])?;
    let set = &call.generation.set;
    json(&diagnostic::json::document(&call.generation.diagnostics, &set.sources, set.endpoints.len()))
}

/// Lines above and below the one that is asked for.
const AROUND: usize = 4;

/// `source?file=&line=`: a line of a document with those around it. Only what is served can be named; no file is opened.
pub(super) fn source(call: &Call<'_>) -> Answer {
    call.takes(&["file", "line"])?;
    let missing = || Problem::bad_request("file and line are needed, as explanations name them");
    let (file, line) = call.param("file").zip(call.param("line")).ok_or_else(missing)?;
    let line: usize = line.parse().map_err(|_| missing())?;
    let known = call.generation.set.sources.iter().find(|source| source.name() == file);
    let source = known.ok_or_else(|| Problem::not_found("no document of that name is served"))?;
    let first = line.saturating_sub(AROUND).max(1);
    let lines = source.text().lines().enumerate().skip(first - 1).take(line.saturating_sub(first) + AROUND + 1);
    let lines: Vec<_> = lines.map(|(at, text)| value!({ "number": at + 1, "text": text })).collect();
    json(&value!({ "file": file, "line": line, "lines": lines }))
}
