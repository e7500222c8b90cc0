//! What parameters are for, and what their values must look like.

pub(super) mod adding;
pub(super) mod choice;
pub(super) mod clocks;
pub mod confirming;
pub(super) mod consent;
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
pub(super) mod see_section;
pub mod signs;
pub(super) mod some_of;
pub(super) mod steps;
pub(super) mod unit_bounds;
pub(super) mod unmarked;
pub(super) mod upload;
pub(super) mod within;
pub(super) mod word_lists;

use super::Input;
use super::collection::prose::section::Sections;
use crate::lexicon::Lexicon;
use crate::spec::{DocSet, Note};

/// Gives inputs the values that stand elsewhere: where their own lines refer to, and in lines above for all of their name.
pub(super) fn bind_lists(
    set: &DocSet,
    lexicon: &Lexicon,
    prose: &[Note],
    sections: &Sections,
    inputs: &mut [Vec<Input>],
) {
    see_section::bind(set, lexicon, prose, sections, inputs);
    listed_above::bind(set, lexicon, prose, sections, inputs);
}
