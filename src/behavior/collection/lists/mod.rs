//! Lists of records: whose they show, in which order, which page, and what filters and searches them.

pub(in crate::behavior) mod bins;
pub(super) mod counts;
pub(super) mod directory;
pub(in crate::behavior) mod example_filters;
pub(super) mod filters;
pub(super) mod keywords;
pub mod list_plan;
pub(in crate::behavior) mod listing;
pub(super) mod order;
pub(in crate::behavior) mod paging;
pub(super) mod scopes;
pub(super) mod shown;
pub(super) mod usual;
