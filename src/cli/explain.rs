//! `docsim explain`: what each endpoint was understood to do, and why.

use super::welcome::nothing_documented;
use super::{Docs, Ended, Format, fail, print, print_json};
use crate::explain;
use crate::generation::Generation;
use crate::load;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    docs: Docs,
    /// How to print it
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(super) fn run(args: &Args) -> Ended {
    let (paths, wanted) = split(&args.docs.docs);
    let loaded = match load::load(&paths, args.docs.config.as_deref()) {
        Ok(loaded) => loaded,
        Err(error) => return fail(&error.to_string()),
    };
    let generation = Generation::of_loaded(&loaded, None);
    if generation.set.endpoints.is_empty() {
        return fail(&nothing_documented(&paths));
    }
    let only = match wanted.as_deref().map(|name| find(&generation, name)) {
        Some(Ok(at)) => Some(at),
        Some(Err(error)) => return fail(&error),
        None => None,
    };
    match (args.format, only) {
        (Format::Human, only) => print(&explain::draw(&generation, only)),
        (Format::Json, None) => print_json(&explain::document(&generation)),
        (Format::Json, Some(at)) => {
            print_json(&serde_json::json!({ "endpoints": [explain::endpoint(&generation, at)] }));
        }
    }
    Ended::Fine
}

/// The last argument names an endpoint if it is no file; without any other, the documents are where they usually are.
fn split(given: &[PathBuf]) -> (Vec<PathBuf>, Option<String>) {
    match given.split_last() {
        Some((last, rest)) if !last.exists() && (!rest.is_empty() || !looks_like_path(last)) => {
            let paths = if rest.is_empty() { vec![PathBuf::from("api-docs")] } else { rest.to_vec() };
            (paths, Some(last.to_string_lossy().into_owned()))
        }
        _ => (given.to_vec(), None),
    }
}

fn looks_like_path(path: &std::path::Path) -> bool {
    let text = path.to_string_lossy();
    let document = path.file_name().is_some_and(load::is_document);
    document || (text.contains('/') && !text.contains(' ') && !text.starts_with('/')) || text == "api-docs"
}

/// An endpoint by its id, title, path, or a part of the title that only one has.
fn find(generation: &Generation, name: &str) -> Result<usize, String> {
    let endpoints = &generation.set.endpoints;
    let exact = endpoints.iter().position(|endpoint| {
        endpoint.id.eq_ignore_ascii_case(name)
            || endpoint.title == name
            || endpoint.path.trim_matches('/') == name.trim_matches('/')
    });
    if let Some(at) = exact {
        return Ok(at);
    }
    let parts: Vec<usize> = endpoints
        .iter()
        .enumerate()
        .filter(|(_, endpoint)| endpoint.title.contains(name) || endpoint.id.contains(name))
        .map(|(at, _)| at)
        .collect();
    if let [only] = parts[..] {
        return Ok(only);
    }
    let shown =
        |at: usize| format!("  {}  {}", explain::visible(&endpoints[at].id), explain::visible(&endpoints[at].title));
    let candidates = if parts.is_empty() { nearest(generation, name) } else { parts.clone() };
    let list: Vec<String> = candidates.into_iter().map(shown).collect();
    let what = if parts.is_empty() { "no endpoint is called" } else { "several endpoints match" };
    Err(format!(
        "{what} {}; there {}\n{}",
        explain::visible(name),
        if list.len() == 1 { "is" } else { "are" },
        list.join("\n")
    ))
}

fn nearest(generation: &Generation, name: &str) -> Vec<usize> {
    let endpoints = &generation.set.endpoints;
    let mut scored: Vec<(f64, usize)> = endpoints
        .iter()
        .enumerate()
        .map(|(at, endpoint)| {
            (strsim::jaro_winkler(name, &endpoint.title).max(strsim::jaro_winkler(name, &endpoint.id)), at)
        })
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    scored.into_iter().take(5).map(|(_, at)| at).collect()
}
