//! One test program: a module a stage.

mod corpus;
mod engine;
mod json;
mod talk;
