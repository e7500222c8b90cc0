//! What documents say can go wrong, wherever and in whatever form they say it: in lines above and beside the blocks,
//! in captions, in tables, in failures of other endpoints.

pub(super) mod captions;
pub(super) mod code_words;
pub(super) mod elsewhere;
pub(super) mod explained;
pub(super) mod head_failures;
pub(super) mod head_states;
pub(super) mod least;
pub(super) mod left_over;
pub(super) mod lend;
pub(super) mod message_lists;
pub(super) mod missing;
pub(super) mod moot;
pub(super) mod names_param;
pub(super) mod outcomes;
pub(super) mod things;
pub(super) mod told_codes;
pub(super) mod told_data;
pub(super) mod told_failure;
pub(super) mod told_order;
