//! Plans as scenario files: one for each endpoint, in the documents' order.
//!
//! In: plans. Out: names and texts of files, and what reading them gives. What is run is what was read back, so a file that
//! is kept does the same as the plan did.

use super::Plans;
use crate::generation::Generation;
use crate::scenario::load::Loaded;
use crate::scenario::{Scenario, parse, write};
use crate::source::{FileId, Source};
use std::fs;
use std::io;
use std::path::Path;

/// The file's name, and its text.
pub fn files(generation: &Generation, plans: &Plans) -> Vec<(String, String)> {
    let endpoints = generation.set.endpoints.iter().enumerate();
    let digits = generation.set.endpoints.len().to_string().len().max(2);
    endpoints
        .filter_map(|(at, endpoint)| {
            let own: Vec<Scenario> =
                plans.plans.iter().filter(|plan| plan.endpoint == at).map(|plan| plan.scenario.clone()).collect();
            let name = format!("{:0digits$}-{}.yaml", at + 1, file_name(&endpoint.title));
            (!own.is_empty()).then(|| (name, write::write(&own)))
        })
        .collect()
}

/// What the files say, read as if they stood there.
pub fn read(files: &[(String, String)]) -> Loaded {
    let mut loaded = Loaded::default();
    for (at, (name, text)) in files.iter().enumerate() {
        let file = FileId(u32::try_from(at).unwrap_or(u32::MAX));
        let source = Source::new(name.as_str(), text.as_str());
        let parsed = parse::parse(&source, file);
        loaded.sources.push(source);
        loaded.diagnostics.extend(parsed.diagnostics);
        loaded.scenarios.extend(parsed.scenarios);
    }
    loaded
}

/// Saves them; a file that is there already is overwritten.
pub fn save(files: &[(String, String)], folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    files.iter().try_for_each(|(name, text)| fs::write(folder.join(name), text))
}

/// A title without what a file's name cannot have.
fn file_name(title: &str) -> String {
    let name: String =
        title.chars().map(|c| if c.is_alphanumeric() || matches!(c, '-' | '_') { c } else { '-' }).take(40).collect();
    let name = name.trim_matches('-').to_owned();
    if name.is_empty() { "endpoint".to_owned() } else { name }
}
