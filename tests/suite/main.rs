//! One test program: a module a stage.

mod engine;
mod json;
mod lint;
mod reload;
mod server;
