//! `endpoints` and `diagnostics`: what the documents were understood to say, and what is odd about them.

use super::call::{Answer, Call, json};
use crate::http::problem::Problem;
use crate::{diagnostic, explain};
use serde_json::json as value;
use std::collections::BTreeSet;

pub(super) fn endpoints(call: &Call<'_>) -> Answer {
    call.takes(&[])?;
    json(&explain::document(&call.generation))
}

pub(super) fn diagnostics(call: &Call<'_>) -> Answer {
    call.takes(&[])?;
    let set = &call.generation.set;
    json(&diagnostic::json::document(&call.generation.diagnostics, &set.sources, set.endpoints.len()))
}

/// Lines above and below one that is asked for.
const AROUND: usize = 4;
/// More lines than this are not asked for at once.
const MOST: usize = 500;

/// `source?file=&line=3,40`: lines of a document with those around them, each once and in their order. Only what is served can
/// be named; no file is opened.
pub(super) fn source(call: &Call<'_>) -> Answer {
    call.takes(&["file", "line"])?;
    let missing =
        || Problem::bad_request("file and line are needed, as explanations name them; lines with commas between");
    let (file, wanted) = call.param("file").zip(call.param("line")).ok_or_else(missing)?;
    let wanted: Vec<usize> =
        wanted.split(',').map(|line| line.trim().parse().map_err(|_| missing())).collect::<Result<_, _>>()?;
    if wanted.len() > MOST {
        return Err(Problem::bad_request(format!("at most {MOST} lines can be asked for at once")));
    }
    let known = call.generation.set.sources.iter().find(|source| source.name() == file);
    let source = known.ok_or_else(|| Problem::not_found("no document of that name is served"))?;
    let shown: BTreeSet<usize> =
        wanted.iter().flat_map(|line| line.saturating_sub(AROUND).max(1)..=line.saturating_add(AROUND)).collect();
    let lines = (1..).zip(source.text().lines()).filter(|(number, _)| shown.contains(number));
    let lines: Vec<_> = lines.map(|(number, text)| value!({ "number": number, "text": text })).collect();
    json(&value!({ "file": file, "lines": lines }))
}
