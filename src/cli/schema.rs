//! `docsim schema`: a JSON Schema for editors.

use super::{Ended, print};
use crate::config;
use crate::lint;
use clap::ValueEnum;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The file that it is for
    what: What,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum What {
    /// docsim.toml
    Config,
    /// Scenario files
    Scenario,
}

pub(super) fn run(args: &Args) -> Ended {
    match args.what {
        What::Config => {
            let rules: Vec<&str> = lint::RULES.iter().map(|rule| rule.name).collect();
            print(&format!("{:#}", config::schema(&rules)));
        }
        What::Scenario => print(&format!("{:#}", crate::scenario::schema::schema())),
    }
    Ended::Fine
}
