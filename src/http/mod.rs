//! The outside: HTTP/1.1 in, the engine's words inwards, and back.
//!
//! In: connections. Out: replies of the simulated API, and the admin interface under `/__docsim/`. Only this module has
//! hyper in a signature. What is documented, and what a request does, is for `engine` to say.

mod admin;
mod app;
mod console;
mod control;
mod convert;
pub mod cors;
mod fault;
mod file;
pub mod guard;
mod limits;
mod metrics;
pub mod origin;
mod outgoing;
mod problem;
pub mod proxy;
mod pulse;
mod served;
mod server;
mod simulated;
mod socket;
#[cfg(test)]
mod wire;

pub use app::{App, Options};
pub use convert::{Fields, fields as body_fields};
pub use limits::{BadLimit, Limits};
pub use metrics::Traffic;
pub use problem::Problem;
pub use pulse::Pulse;
pub use server::{BindError, Handler, Reply, Stopped, Trouble, bind, serve};
