//! Requests that stand in a fence of code: `POST /login` over a body, a command of curl, `method:post` over `url:/login`.

use super::listed::{is_name, name_end, param, pieces};
use super::mention::{Call, labelled_url, only_method};
use crate::lexicon::Lexicon;
use crate::source::span_in;
use crate::syntax::ast::ParamLine;
use crate::syntax::{json, line};

/// The address that a piece of code calls.
pub(super) fn call<'a>(code: &'a str, lexicon: &Lexicon) -> Option<Call<'a>> {
    let first = code.lines().map(str::trim).find(|line| !line.is_empty())?;
    let (line, url, method) = of_curl(code, first)
        .or_else(|| {
            let request = line::request(first).filter(|request| request.method.and_then(only_method).is_some())?;
            Some((first, labelled_url(first)?, request.method))
        })
        .or_else(|| {
            let told = |topic: &str| {
                code.lines().find_map(|line| {
                    let (label, value) = line.split_once([':', '：'])?;
                    lexicon.is_nothing_but(topic, label.trim()).then_some(value)
                })
            };
            let address = told("request-address")?;
            Some((address, labelled_url(address)?, Some(told("request-method").and_then(only_method)?)))
        })?;
    Some(Call { line, url, method, title: "", alone: true })
}

/// `curl -X POST http://host/login -d '{…}'`.
fn of_curl<'a>(code: &'a str, first: &'a str) -> Option<(&'a str, &'a str, Option<&'a str>)> {
    let (program, rest) = first.trim_start_matches(['$', ' ']).split_once(char::is_whitespace)?;
    let called = code.get(span_in(code, rest).start as usize..)?;
    let url = called.split(|c: char| c.is_whitespace() || "'\"".contains(c)).find(|word| word.contains("://"))?;
    let url = labelled_url(url)?;
    let flag = ["-X", "--request"].iter().find_map(|flag| called.split_once(flag));
    let told = flag.and_then(|(_, rest)| rest.split_whitespace().next()).and_then(only_method);
    let sends = ["-d ", "--data", "-F ", "--form"].iter().any(|flag| called.contains(flag));
    (program == "curl").then(|| (first, url, told.or(Some(if sends { "POST" } else { "GET" }))))
}

/// What it sends.
pub(super) fn params(code: &str) -> Vec<ParamLine<'_>> {
    let Some(body) = body(code) else { return Vec::new() };
    let inside = &body[1..body.len() - 1];
    let is_json = !json::parse(body).values.is_empty() && body.contains('"');
    let named = pieces(inside, &[',', '，', '\n']).into_iter().map(|piece| {
        let bare = piece.trim_matches(|c: char| c.is_whitespace() || "\"'".contains(c));
        let (name, rest) = bare.split_at(name_end(bare));
        let rest = rest.trim_start_matches(['"', '\'', ' ']);
        (name, rest.strip_prefix([':', '：']).map(str::trim))
    });
    let mut found: Vec<ParamLine<'_>> = Vec::new();
    for ((name, value), piece) in named.zip(pieces(inside, &[',', '，', '\n'])) {
        match value {
            Some(value) if is_name(name) => {
                let (shown, said) = split_said(value);
                let default = Some(shown.trim_matches(['"', '\''])).filter(|shown| is_json && !shown.is_empty());
                found.push(ParamLine { default, ..param(piece, name, said, false) });
            }
            // `vm.email,(邮箱)`: what is said of it stands behind the comma.
            _ => {
                let (_, said) = split_said(piece);
                if let Some(last) = found.last_mut().filter(|last| last.description.is_empty()) {
                    last.description = said;
                }
            }
        }
    }
    found
}

/// `vm.name (6-16位)`, `"1" // 手机号`: the value, and what is said of it.
fn split_said(text: &str) -> (&str, &str) {
    let comment = text.split_once("//").filter(|(before, _)| !before.ends_with(':'));
    let bracket = || text.find(['(', '（']).map(|at| text.split_at(at));
    let (value, said) = comment.or_else(bracket).unwrap_or((text, ""));
    (value.trim(), said.trim_matches(|c: char| c.is_whitespace() || "()（）,，'\"".contains(c)))
}

/// From the brace that opens what is sent to the one that closes it.
fn body(code: &str) -> Option<&str> {
    let mut depth = 0i32;
    let mut from = None;
    // `http://{{host}}/x`, `/goods/{id}`: what stands right before a brace says whether it opens a body.
    let mut before = '\n';
    for (at, c) in code.char_indices() {
        match c {
            '{' if from.is_some() => depth += 1,
            '{' if before.is_whitespace() || "'\":：=".contains(before) => (from, depth) = (Some(at), 1),
            '}' if from.is_some() => depth -= 1,
            _ => {}
        }
        if let Some(from) = from.filter(|_| depth == 0) {
            return code.get(from..at + 1);
        }
        before = c;
    }
    None
}
