//! What `docsim serve` says: the first screen, and a line a reload.

use super::serve::Args;
use super::shown;
use crate::diagnostic::Severity;
use crate::explain::{draw_list, visible};
use crate::generation::Generation;
use crate::lexicon::{Operation, Role};
use crate::scenario::request::{as_member, quoted};
use std::collections::HashSet;
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Instant;
use tracing::info;

/// The first line for a collector. The token is a secret; who starts docsim so gives it in `DOCSIM_ADMIN_TOKEN`.
pub(super) fn tell_start(generation: &Generation, address: SocketAddr, token: Option<&str>) {
    let (endpoints, diagnostics) = (generation.set.endpoints.len(), generation.diagnostics.len());
    let version = env!("CARGO_PKG_VERSION");
    let url = format!("http://{address}");
    info!(url, version, endpoints, diagnostics, token, "serving");
}

/// One line a reload, and what is wrong if something is.
pub(super) fn reloaded(previous: &Generation, next: &Generation, begun: Instant) -> String {
    let ids = |generation: &Generation| {
        generation.set.endpoints.iter().map(|endpoint| endpoint.id.clone()).collect::<Vec<_>>()
    };
    let (before, after) = (ids(previous), ids(next));
    let (known, kept): (HashSet<&String>, HashSet<&String>) = (before.iter().collect(), after.iter().collect());
    let new: Vec<&String> = after.iter().filter(|id| !known.contains(id)).collect();
    let gone: Vec<&String> = before.iter().filter(|id| !kept.contains(id)).collect();
    let mut told = format!("reloaded  {} endpoints in {:.1} ms", after.len(), begun.elapsed().as_secs_f64() * 1000.0);
    for (word, ids) in [("new", new), ("gone", gone)] {
        if !ids.is_empty() {
            let shown: Vec<String> = ids.iter().take(3).map(|id| visible(id)).collect();
            let more = if ids.len() > 3 { format!(" and {} more", ids.len() - 3) } else { String::new() };
            let _ = write!(told, ", {word}: {}{more}", shown.join(", "));
        }
    }
    let serious =
        next.diagnostics.iter().filter(|found| found.severity == Severity::Error || found.rule == "last-good-kept");
    for found in serious.take(5) {
        let place = next
            .set
            .source(found.place.file)
            .map_or_else(String::new, |source| format!("{}:{}", source.name(), source.locate(found.place.span.start)));
        let _ = write!(told, "\n  {} {}: {}", visible(&place), found.severity, visible(&found.message));
    }
    told
}

pub(super) fn nothing_documented(docs: &[PathBuf]) -> String {
    let names: Vec<String> = docs.iter().map(|path| shown(path)).collect();
    format!(
        "no endpoint is documented in {}\n\n\
         An endpoint is a block between two fences, such as\n\n\
         \u{20} ## Log in\n  +++\n  post:Api/User/login\n  *phone=13800000000#phone number\n  <<<\n  success\n  {{\"code\": 0, \"msg\": \"ok\"}}\n  +++",
        names.join(", ")
    )
}

/// The first screen: where, what, and what to try first.
pub(super) fn welcome(
    args: &Args,
    generation: &Generation,
    address: SocketAddr,
    token: Option<&str>,
    begun: Instant,
) -> String {
    let base = format!("http://{address}");
    let endpoints = generation.set.endpoints.len();
    let files = generation
        .set
        .endpoints
        .iter()
        .map(|endpoint| endpoint.place.file)
        .collect::<std::collections::BTreeSet<_>>()
        .len();
    let plural = |count: usize, word: &str| if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") };
    let mut out = format!(
        "docsim {} serves {} from {} at {base}  ({:.1} ms)\n\n{}",
        env!("CARGO_PKG_VERSION"),
        plural(endpoints, "endpoint"),
        plural(files, "document"),
        begun.elapsed().as_secs_f64() * 1000.0,
        draw_list(generation)
    );
    let counts = [Severity::Error, Severity::Warning]
        .map(|severity| (severity, generation.diagnostics.iter().filter(|found| found.severity == severity).count()));
    let odd: Vec<String> = counts
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(severity, count)| plural(*count, severity.name()))
        .collect();
    let docs: Vec<String> = args.docs.docs.iter().map(|path| shown(path)).collect();
    let docs = docs.join(" ");
    if !odd.is_empty() {
        let config = args.docs.config.as_ref().map_or_else(String::new, |path| format!("--config {} ", shown(path)));
        let _ = writeln!(out, "\n  {} in the documents: docsim check {config}{docs}", odd.join(", "));
    }
    let _ = write!(out, "\nTry first\n{}", try_first(generation, &base, token));
    let _ = writeln!(
        out,
        "\nTraffic, passcodes, accounts, clock, and why it answers what it answers: {base}/__docsim/{}",
        token.map_or_else(String::new, |token| format!("#token={token}"))
    );
    if !args.no_watch {
        out.push_str("Save a document, and the API has changed; accounts and tokens stay.\n");
    }
    if let Some(token) = token {
        let _ =
            writeln!(out, "Reached from beyond this machine: the admin interface wants  Authorization: Bearer {token}");
    }
    out
}

/// Commands that can be pasted: a passcode has to come from somewhere.
pub(super) fn try_first(generation: &Generation, base: &str, token: Option<&str>) -> String {
    let model = &generation.model;
    let find = |operation: Operation| model.behaviors.iter().position(|behavior| behavior.operation == operation);
    let bearer = token.map_or_else(String::new, |token| format!(" -H 'Authorization: Bearer {token}'"));
    let admin = |path: &str, body: &str| {
        format!("  curl {base}/__docsim/{path}{bearer} -H 'Content-Type: application/json' -d '{body}'\n")
    };
    let takes_passcode =
        model.behaviors.iter().flat_map(|behavior| &behavior.inputs).any(|input| input.role == Role::Passcode);
    let mut out = String::new();
    let sender = find(Operation::SendPasscode);
    if takes_passcode && sender.is_none() {
        out.push_str("  No endpoint sends a passcode, so ask for one; it works for any purpose:\n");
        out.push_str(&admin("codes", "{\"phone\":\"13800000000\"}"));
    }
    if let Some(at) = sender {
        out.push_str(&example_call(generation, at, base, "CODE"));
        let _ = writeln!(out, "  The SMS inbox:\n  curl {base}/__docsim/codes{bearer}");
    }
    let first = [Operation::Register, Operation::Login].into_iter().find_map(find);
    if find(Operation::Register).is_none() && find(Operation::Login).is_some() && !takes_passcode {
        out.push_str("  No endpoint registers accounts, so make one:\n");
        out.push_str(&admin("accounts", "{\"identity\":\"13800000000\",\"password\":\"abc12345\"}"));
    }
    if let Some(at) = first {
        if takes_passcode {
            out.push_str("  and put it in the place of CODE:\n");
        }
        out.push_str(&example_call(generation, at, base, "CODE"));
    } else {
        out.push_str(&example_call(generation, 0, base, "CODE"));
    }
    out
}

/// A request with something sensible in every parameter that is demanded.
pub(super) fn example_call(generation: &Generation, at: usize, base: &str, passcode: &str) -> String {
    let (endpoint, behavior) = (&generation.set.endpoints[at], &generation.model.behaviors[at]);
    let base = format!("{base}{}", generation.base_path);
    let value = |input: &crate::behavior::Input, default: Option<&str>| -> String {
        match input.word {
            Role::Phone => "13800000000".to_owned(),
            Role::Passcode => passcode.to_owned(),
            Role::Password | Role::NewPassword | Role::ConfirmPassword => "abc12345".to_owned(),
            Role::Email => "me@example.com".to_owned(),
            _ => {
                default.filter(|text| text.is_ascii() && !text.is_empty() && *text != "\"\"").unwrap_or("1").to_owned()
            }
        }
    };
    let pairs: Vec<(String, String)> = endpoint
        .params
        .iter()
        .zip(&behavior.inputs)
        .filter(|(param, input)| (input.required || param.discriminates) && param.location != crate::spec::In::Path)
        .map(|(param, input)| (param.name.clone(), value(input, param.default.as_deref())))
        .collect();
    let path: Vec<String> = endpoint
        .segments
        .iter()
        .map(|segment| match segment {
            crate::spec::Segment::Literal(text) => format!("/{text}"),
            crate::spec::Segment::Param(name) => {
                let known = behavior.inputs.iter().find(|input| *input.name == **name);
                format!("/{}", known.map_or_else(|| "1".to_owned(), |input| value(input, None)))
            }
        })
        .collect();
    let path = path.concat();
    let encoded: String = form_urlencoded::Serializer::new(String::new()).extend_pairs(&pairs).finish();
    let title = visible(&endpoint.title).replace('\'', "");
    if endpoint.method.as_deref() == Some("GET") {
        let query = if encoded.is_empty() { String::new() } else { format!("?{encoded}") };
        return format!("  curl {}   # {title}\n", pasted(&format!("{base}{path}{query}")));
    }
    if endpoint.body == crate::spec::BodyForm::Json && !pairs.is_empty() {
        let mut object = crate::json::Json::empty_object();
        for (name, value) in &pairs {
            object.set(name, as_member(endpoint.param(name), crate::json::Json::string(value.as_str())));
        }
        let json = " -H 'Content-Type: application/json' -d";
        return format!(
            "  curl {}{json} {}   # {title}\n",
            pasted(&format!("{base}{path}")),
            pasted(&object.to_string())
        );
    }
    let data: Vec<String> =
        pairs.iter().map(|(name, value)| format!(" -d {}", pasted(&format!("{name}={value}")))).collect();
    let data = if data.is_empty() { " -X POST".to_owned() } else { data.concat() };
    format!("  curl {}{data}   # {title}\n", pasted(&format!("{base}{path}")))
}

/// A word for a shell: what a document wrote is never more than a word in a line that is meant to be pasted.
fn pasted(word: &str) -> String {
    quoted(&visible(word))
}
