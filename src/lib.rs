//! docsim reads API documents as teams write them, and is the API that they describe.
//!
//! ```text
//! text → syntax → spec → behavior → engine(world) → http → observers
//! ```
//!
//! Each arrow is one function with a plain value on either side. What stands left of `world` is computed once for each
//! saved document and never changes afterwards (a [`generation`]); `world` is all that changes with a request.
//!
//! | module | from → to |
//! |---|---|
//! | [`source`], [`load`] | files → texts with places |
//! | [`syntax`] | text → tree; knows forms, not meanings |
//! | [`spec`] | trees → endpoints, parameters, examples, tables; routing |
//! | [`lexicon`] | the words of the trade, as data |
//! | [`behavior`] | a document set → what each endpoint checks, changes and answers |
//! | [`lint`], [`diagnostic`] | what is odd, and how it is drawn |
//! | [`explain`] | what was understood, printed |
//! | [`config`] | `docsim.toml` |
//! | [`generation`] | all of the above for one saved state of the documents |
//! | [`world`] | accounts, tokens, passcodes, time; knows no document |
//! | [`engine`] | (behavior, world, call, now) → outcome and changes; knows no socket, file or clock |
//! | [`http`], [`observe`] | the outside; the journal |
//! | [`reload`] | tells when files changed |
//! | [`client`] | asks servers over HTTP; knows no document |
//! | [`scenario`] | scenario files → what came of them, in a simulator or against a server |
//! | [`contract`] | one reply of a real server → how it differs from what the documents show |
//! | [`verify`] | scenarios, a real server → what differs, and whose fault that is likelier |
//! | [`cli`] | arguments in, exit status out |
//!
//! A module uses those above it, never one below. Three kinds of trouble never mix: an odd document is a `Diagnostic`, a
//! documented refusal is an ordinary `Decision`, and only what docsim itself cannot do is an error.

pub mod behavior;
pub mod cli;
pub mod client;
pub mod config;
pub mod contract;
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
pub mod scenario;
pub mod source;
pub mod spec;
pub mod syntax;
pub mod verify;
pub mod world;
