//! What a parameter or field is for, as a reader is told: by what is done with it before what its name suggests.

use crate::behavior::collection::{Collection, ItemField};
use crate::behavior::{Behavior, Check, Demand};
use crate::lexicon::{Lexicon, Role};

/// What names a record is its id, whatever its label says.
pub(super) fn of_input(behavior: &Behavior, at: usize) -> Role {
    let role = behavior.inputs[at].role;
    let names = |check: &Check| names_record(&check.demand, at);
    if role == Role::Plain && behavior.checks.iter().any(names) { Role::RecordId } else { role }
}

fn names_record(demand: &Demand, at: usize) -> bool {
    match demand {
        Demand::Found { id, .. } | Demand::Owned { id, .. } | Demand::NotOwn { id, .. } => id.input == at,
        Demand::Referenced { input, .. } => *input == at,
        Demand::When { demand, .. } => names_record(demand, at),
        _ => false,
    }
}

/// Records have no page size, and their names are no people's unless words say so.
pub(super) fn of_field(collection: &Collection, field: &ItemField, lexicon: &Lexicon) -> Role {
    let references = || collection.references.iter().any(|reference| reference.field == field.key);
    match field.role {
        Role::Plain if references() => Role::RecordId,
        Role::Page | Role::PageSize | Role::Keyword => Role::Plain,
        Role::RealName if lexicon.role("", &field.words).is_none_or(|(role, _)| role != Role::RealName) => Role::Plain,
        role => role,
    }
}
