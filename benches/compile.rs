//! How long a document set takes from text to behavior, beside copying and scanning the same bytes.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use docsim::behavior::Overrides;
use docsim::generation::Generation;
use docsim::lexicon::{Additions, Lexicon, Script};
use docsim::source::Source;
use docsim::spec::Settings;
use std::hint::black_box;

const DOCUMENT: &str = include_str!("../tests/cases/documents/driver_app.md");

fn compile(criterion: &mut Criterion) {
    let lexicon = Lexicon::standard();
    let mut group = criterion.benchmark_group("compile");
    group.throughput(Throughput::Bytes(DOCUMENT.len() as u64));
    group.bench_function("copy the text", |bencher| bencher.iter(|| black_box(DOCUMENT.to_owned())));
    group.bench_function("scan the text", |bencher| {
        bencher.iter(|| black_box(docsim::syntax::scan(DOCUMENT)).items.len());
    });
    group.bench_function("the user's document", |bencher| {
        bencher.iter(|| {
            let sources = vec![Source::new("driver_app.md", DOCUMENT)];
            let generation = Generation::compile(sources, &Settings::default(), lexicon.clone(), &Overrides::default());
            black_box(generation.set.endpoints.len())
        });
    });
    group.bench_function("the lexicon", |bencher| {
        bencher.iter(|| Lexicon::with(&Additions::default(), Script::Simplified).map(black_box).is_ok());
    });
    group.finish();
}

criterion_group!(benches, compile);
criterion_main!(benches);
