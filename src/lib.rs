//! docsim reads API documents as teams write them, and is the API that they describe.
//!
//! ```text
//! text → syntax → spec → behavior → engine(world) → http → observers
//! ```
//!
//! Each arrow is one function with a plain value on either side. What stands left of `world` is computed once for each
//! saved document and never changes afterwards (a *generation*); `world` is all that changes with a request.

pub mod behavior;
pub mod cli;
pub mod config;
pub mod diagnostic;
pub mod engine;
pub mod explain;
pub mod generation;
pub mod http;
pub mod json;
pub mod lexicon;
pub mod lint;
pub mod load;
pub mod observe;
pub mod reload;
pub mod source;
pub mod spec;
pub mod syntax;
pub mod world;
