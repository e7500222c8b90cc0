//! One test program: a module a stage.

mod json;
