//! The parameters of a call, wherever the client sent them, and the caller's token.

use super::request::{Request, Value};
use crate::behavior::{Action, Behavior, TokenRules};
use crate::json::Json;
use crate::lexicon::Role;
use crate::spec::route::PathValues;
use std::borrow::Cow;

/// One call of an endpoint: its inputs' values, and who says to be calling.
#[derive(Clone, Debug, Default)]
pub struct Call<'r> {
    /// Parallel to `Behavior::inputs`; none where nothing was sent.
    pub values: Vec<Option<Value<'r>>>,
    pub token: Option<Cow<'r, str>>,
    /// All that may be a token, where the documents do not tell how it is sent.
    pub maybe: Vec<Cow<'r, str>>,
    /// The host that the client asked, where the endpoint may answer with an address.
    pub host: Option<&'r str>,
}

impl<'r> Call<'r> {
    /// Takes each input from body, path or query, in this order; the token from a parameter, a header or a cookie, the
    /// first that is not empty.
    pub fn new(behavior: &Behavior, tokens: &TokenRules, request: &'r Request<'r>, path: &PathValues<'r>) -> Self {
        let query: Vec<(Cow<'r, str>, Cow<'r, str>)> = form_urlencoded::parse(request.query.as_bytes()).collect();
        let sent = |name: &str| sent(name, request, path, &query);
        let values: Vec<Option<Value<'r>>> = behavior
            .inputs
            .iter()
            .map(|input| {
                let sent = sent(&input.name).or_else(|| {
                    request
                        .headers
                        .get(&input.name)
                        .filter(|_| input.location == crate::spec::In::Header)
                        .map(|text| if input.role == Role::Token { without_scheme(text) } else { text })
                        .map(|text| Value::Text(Cow::Borrowed(text)))
                });
                // What is no text is no password: it is missing, and not a password that nothing can be compared with.
                sent.filter(|value| !input.role.is_text() || is_scalar(value))
            })
            .collect();
        let token = token(behavior, tokens, request, &values, &sent);
        let keeps_files =
            matches!(behavior.effects.first().map(|effect| &effect.action), Some(Action::KeepFiles { .. }));
        let host = if keeps_files { request.headers.get("host") } else { None };
        let maybe = if tokens.anywhere { texts(request, &query) } else { Vec::new() };
        Self { values, token, maybe, host }
    }

    /// The text of an input; none where it is missing or empty, or no text at all.
    pub fn text(&self, input: usize) -> Option<&str> {
        match self.values.get(input)?.as_ref()? {
            Value::Text(text) => Some(text.as_ref()).filter(|text| !text.trim().is_empty()),
            Value::Json(json) => json.scalar_text().filter(|text| !text.trim().is_empty()),
            Value::File(_) => None,
        }
    }

    pub fn is_present(&self, input: usize) -> bool {
        match self.values.get(input).and_then(Option::as_ref) {
            None | Some(Value::Json(Json::Null)) => false,
            Some(Value::Text(text)) => !text.trim().is_empty(),
            Some(Value::Json(json)) => json.scalar_text().is_none_or(|text| !text.trim().is_empty()),
            Some(Value::File(file)) => !file.bytes.is_empty(),
        }
    }

    /// Whether something was sent that has something in it: an empty list of what is demanded is none.
    pub fn is_filled(&self, input: usize) -> bool {
        let empty = matches!(self.values.get(input), Some(Some(Value::Json(Json::Array(items)))) if items.is_empty());
        !empty && self.is_present(input)
    }

    /// The value as it is kept: a file by its name, all else as sent.
    pub fn json(&self, input: usize) -> Option<Json> {
        match self.values.get(input)?.as_ref()? {
            Value::Text(text) => Some(Json::string(text.as_ref())),
            Value::Json(json) => Some(json.clone()),
            Value::File(file) => Some(Json::string(file.name.as_str())),
        }
    }
}

/// All texts that a request brings, in headers, query and body.
fn texts<'r>(request: &'r Request<'r>, query: &[(Cow<'r, str>, Cow<'r, str>)]) -> Vec<Cow<'r, str>> {
    let headers = request.headers.all().into_iter().map(|text| Cow::Borrowed(without_scheme(text)));
    let sent = query.iter().map(|(_, text)| text.clone());
    let body = request.body.iter().filter_map(|(_, value)| match value {
        Value::Text(text) => Some(text.clone()),
        _ => None,
    });
    headers.chain(sent).chain(body).filter(|text| text.len() >= SHORTEST).collect()
}

/// A shorter text may be a token's by chance.
const SHORTEST: usize = 8;

fn is_scalar(value: &Value<'_>) -> bool {
    match value {
        Value::Text(_) => true,
        Value::Json(json) => json.scalar_text().is_some(),
        Value::File(_) => false,
    }
}

/// What a request sent under a name.
fn sent<'r>(
    name: &str,
    request: &'r Request<'r>,
    path: &PathValues<'r>,
    query: &[(Cow<'r, str>, Cow<'r, str>)],
) -> Option<Value<'r>> {
    // The last of several in one place counts, as PHP has it.
    if let Some((_, value)) = request.body.iter().rev().find(|(known, _)| known == name) {
        return Some(value.clone());
    }
    let in_path = path.iter().rev().find(|(known, _)| known == name);
    let in_query = || query.iter().rev().find(|(known, _)| known == name);
    let (_, text) = in_path.or_else(in_query)?;
    Some(Value::Text(text.clone()))
}

fn token<'r>(
    behavior: &Behavior,
    tokens: &TokenRules,
    request: &'r Request<'r>,
    values: &[Option<Value<'r>>],
    sent: &dyn Fn(&str) -> Option<Value<'r>>,
) -> Option<Cow<'r, str>> {
    let filled = |text: &Cow<'r, str>| !text.trim().is_empty();
    let text = |value: &Value<'r>| match value {
        Value::Text(text) => Some(text.clone()),
        Value::Json(json) => json.scalar_text().map(|text| Cow::Owned(text.to_owned())),
        Value::File(_) => None,
    };
    let declared = behavior.inputs.iter().zip(values).filter(|(input, _)| input.role == Role::Token);
    let declared = declared.filter_map(|(_, value)| value.as_ref()).filter_map(text).find(filled);
    declared
        .or_else(|| tokens.params.iter().filter_map(|name| sent(name)).find_map(|value| text(&value).filter(filled)))
        .or_else(|| header(tokens, request).map(Cow::Borrowed))
        .or_else(|| cookie(tokens, request).map(Cow::Borrowed))
}

fn header<'r>(tokens: &TokenRules, request: &'r Request<'r>) -> Option<&'r str> {
    let declared = tokens.headers.iter().chain(&tokens.params).map(String::as_str);
    let named = std::iter::once("token").chain(declared).chain(["authorization"]);
    let mut values = named.filter_map(|name| request.headers.get(name)).map(without_scheme);
    values.find(|value| !value.is_empty())
}

/// `Bearer abc` is `abc`. A scheme without a token, as clients send it before they have one, is no token either.
fn without_scheme(value: &str) -> &str {
    let bare = value.trim();
    match bare.get(..6) {
        Some(scheme) if scheme.eq_ignore_ascii_case("bearer") && !bare[6..].starts_with(|c: char| c != ' ') => {
            bare[6..].trim()
        }
        _ => bare,
    }
}

/// The first cookie named like a token.
fn cookie<'r>(tokens: &TokenRules, request: &'r Request<'r>) -> Option<&'r str> {
    let header = request.headers.get("cookie")?;
    let mut pairs = header.split(';').filter_map(|pair| pair.trim().split_once('='));
    let named = |name: &str| tokens.params.iter().chain(&tokens.shown_as).any(|known| known == name);
    pairs.find(|(name, value)| named(name) && !value.is_empty()).map(|(_, value)| value.trim_matches('"'))
}
