//! One test program: a module a stage.

mod engine;
mod json;
mod talk;
