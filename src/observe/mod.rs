//! What happened, for those who look on: told by `http` after each simulated request, asked by the admin interface.
//!
//! In: `Event`s. Out: the journal. Telling is on the way of every request, so it costs one short lock and no formatting;
//! whoever asks pays for the drawing. Knows neither hyper nor the engine.

mod event;
mod feed;
mod journal;
pub mod log;
mod mask;
mod parts;

pub use event::{Answered, Drift, Event, Passed, Raw, Rule, Sent};
pub use feed::{Feed, Follower, Heard, Notice};
pub use journal::{Filter, Journal, Page};
pub use mask::Secrets;
pub use parts::at_once;
