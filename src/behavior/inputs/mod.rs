//! What parameters are for, and what their values must look like.

pub(super) mod adding;
pub(super) mod choice;
pub(super) mod clocks;
pub mod date;
pub(super) mod fixed;
pub(super) mod forms;
pub mod id_card;
pub(super) mod in_order;
pub(super) mod listed_above;
pub mod made_up;
pub(super) mod only_of;
pub(super) mod own_rules;
pub(super) mod role;
pub mod rule;
pub mod signs;
pub(super) mod some_of;
pub(super) mod steps;
pub(super) mod unit_bounds;
pub(super) mod unmarked;
pub(super) mod upload;
pub(super) mod within;
pub(super) mod word_lists;
