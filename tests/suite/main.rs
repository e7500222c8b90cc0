//! One test program: a module a stage.

mod cli;
mod config;
mod corpus;
mod engine;
mod faults;
mod json;
mod lint;
mod many;
mod properties;
mod reload;
mod renaming;
mod server;
mod talk;
mod uploads;
