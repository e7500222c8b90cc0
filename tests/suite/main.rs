//! One test program: a module a stage.

mod cli;
mod config;
mod corpus;
mod engine;
mod json;
mod lint;
mod reload;
mod server;
mod talk;
