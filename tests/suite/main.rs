//! One test program: a module a stage.

mod applications;
mod backend;
mod cli;
mod config;
mod console;
mod conversation;
mod corpus;
mod engine;
mod faults;
mod fuzz;
mod generate;
#[cfg(target_os = "linux")]
mod hostile;
mod ids;
mod json;
mod limits;
mod linear;
mod lint;
mod many;
mod mutants;
#[cfg(unix)]
mod operations;
mod outgoing;
mod properties;
mod proxy;
mod records;
mod reload;
mod renaming;
mod sarif;
mod scenario;
mod server;
#[cfg(unix)]
mod storm;
mod streams;
mod talk;
mod target;
#[cfg(unix)]
mod terminal;
mod told;
mod told_early;
mod uploads;
mod verify;
mod wordings;
mod worlds;
