//! What `docsim serve` says: the first screen, and a line a reload.

use super::serve::Args;
use super::{first_try, shown};
use crate::diagnostic::Severity;
use crate::explain::{draw_list, visible};
use crate::generation::Generation;
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
         \u{20} ## Log in\n  +++\n  post:Api/User/login\n  *phone=13800000000#phone number\n  <<<\n  success\n  {{\"code\": 0, \"msg\": \"ok\"}}\n  +++\n\n\
         or, where no document has such blocks, a title with an address and its method (POST /user/login), a table of\n\
         parameters, and the reply in a plain code fence.",
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
    let _ = write!(out, "\nTry first\n{}", first_try::try_first(generation, &base, token));
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
