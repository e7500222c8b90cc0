//! How the work of taking documents into service grows with their size: ten thousand endpoints in one file, and one changed
//! file among five hundred.
//!
//! `cargo bench --bench scale`, with a number of endpoints behind it for another size than ten thousand.

mod large;

use docsim::engine::request::{Headers, Request};
use docsim::generation::Generation;
use docsim::lexicon::Lexicon;
use docsim::load::{self, Loaded, Selection};
use docsim::source::Source;
use docsim::spec::route::Routed;
use docsim::spec::{self, Settings};
use large::{SHAPES, Shape, document};
use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

const FILES: usize = 500;
const EACH: usize = 20;

#[allow(clippy::print_stdout, reason = "what a bench finds out is its result")]
fn main() {
    // `cargo test --benches` only wants to see that it builds and runs.
    let measured = std::env::args().any(|arg| arg == "--bench");
    let told = std::env::args().find_map(|arg| arg.parse().ok());
    let size = told.unwrap_or(if measured { 10_000 } else { 50 });
    let only = std::env::args().skip(1).find(|arg| !arg.starts_with("--") && arg.parse::<usize>().is_err());
    let shapes = || SHAPES.into_iter().filter(|shape| only.as_ref().is_none_or(|only| format!("{shape:?}") == *only));
    for shape in shapes() {
        println!("{size} endpoints, {shape:?}: {}", whole(shape, size));
    }
    let files = if measured { FILES.min(size.div_ceil(EACH)) } else { 3 };
    for shape in shapes() {
        println!("{files} files of {EACH} endpoints, {shape:?}: {}", reload(shape, files));
    }
}

/// From a text to what is served.
fn whole(shape: Shape, size: usize) -> String {
    let lexicon = Lexicon::standard();
    let text = document(shape, 0, size);
    let bytes = text.len();
    let (scan, _) = timed(|| docsim::syntax::scan(&text).items.len());
    let (parse, set) = timed(|| {
        spec::lower(vec![Source::new("large.md", text.clone())], &Settings::default(), &lexicon).endpoints.len()
    });
    assert!(set >= size);
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("large.md"), &text).expect("a file");
    let (load, loaded) = timed(|| read(folder.path(), &Loaded::default()));
    let (total, generation) = timed(|| Generation::of_loaded(&loaded, None));
    let (infer, model) = timed(|| {
        docsim::behavior::infer(&generation.set, &generation.lexicon, &generation.config.overrides(&generation.set))
    });
    drop(model);
    let found = generation.diagnostics.len();
    format!(
        "{} kB, load {}, scan {}, parse {}, infer {}, total with routes and check {}; {found} findings; to a route {} ns",
        bytes / 1000,
        ms(load),
        ms(scan),
        ms(parse),
        ms(infer),
        ms(total),
        routing(&generation)
    )
}

/// One file of many changes.
fn reload(shape: Shape, files: usize) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let save = |at: usize, text: String| fs::write(folder.path().join(format!("{at}.md")), text).expect("a file");
    for at in 0..files {
        save(at, document(shape, at * EACH, (at + 1) * EACH));
    }
    let mut loaded = read(folder.path(), &Loaded::default());
    let mut generation = Generation::of_loaded(&loaded, None);
    let mut spent = Vec::new();
    for round in 0..3 {
        let changed = files / 2;
        let text = document(shape, changed * EACH, (changed + 1) * EACH);
        save(changed, text.replacen("\n<<<", &format!("\nround{round}=轮次#\n<<<"), 1));
        let (load, seen) = timed(|| read(folder.path(), &loaded));
        let (compile, next) = timed(|| Generation::of_loaded(&seen, Some(&generation)));
        assert!(next.set.endpoints.iter().any(|endpoint| endpoint.param(&format!("round{round}")).is_some()));
        spent.push((load + compile, load, compile));
        (loaded, generation) = (seen, next);
    }
    let (total, load, compile) = spent.into_iter().min().unwrap_or_default();
    format!("one changed: read {}, compile {}, total {}", ms(load), ms(compile), ms(total))
}

fn read(folder: &Path, known: &Loaded) -> Loaded {
    load::look(&Selection { paths: vec![folder.to_owned()], config: None }, known).0
}

struct NoHeaders;

impl Headers for NoHeaders {
    fn get(&self, _: &str) -> Option<&str> {
        None
    }

    fn all(&self) -> Vec<&str> {
        Vec::new()
    }
}

/// Nanoseconds to find the endpoint of a request, over all endpoints.
fn routing(generation: &Generation) -> u128 {
    let paths: Vec<(String, String)> = generation
        .set
        .endpoints
        .iter()
        .filter_map(|endpoint| endpoint.id.split_once(' '))
        .map(|(method, path)| (method.to_owned(), path.to_owned()))
        .collect();
    let mut found = 0;
    let (spent, ()) = timed(|| {
        for (method, path) in &paths {
            let request = Request { method, path, query: "", headers: &NoHeaders, body: Vec::new() };
            found += usize::from(matches!(black_box(generation.route(&request)), Routed::Found { .. }));
        }
    });
    assert_eq!(found, paths.len());
    spent.as_nanos() / paths.len().max(1) as u128
}

fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let begun = Instant::now();
    let done = black_box(work());
    (begun.elapsed(), done)
}

fn ms(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1_000.0)
}
