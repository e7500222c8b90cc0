//! Names that tell what a parameter or field is for, whatever words say of it.

use super::compact;
use super::terms::Role;
use foldhash::fast::FixedState;
use std::collections::HashMap;

/// In the order of the data file: of two roles of one name the first is the likelier.
#[derive(Debug, Default)]
pub(super) struct RoleNames {
    whole: HashMap<String, Vec<(usize, Role)>, FixedState>,
    parts: Vec<(usize, Role, Part)>,
}

#[derive(Debug)]
enum Part {
    Begins(String),
    Ends(String),
}

/// A whole name tells so much, and a part of one.
const WHOLE: u32 = 8;
const PART: u32 = 4;

impl RoleNames {
    /// From names as the data file writes them: `mobile`, `*id`, `is*`.
    pub(super) fn new<'n>(names: impl IntoIterator<Item = (Role, &'n str)>) -> Self {
        let mut known = Self::default();
        for (at, (role, name)) in names.into_iter().enumerate() {
            match (name.strip_prefix('*'), name.strip_suffix('*')) {
                (Some(end), _) => known.parts.push((at, role, Part::Ends(compact(end)))),
                (None, Some(begin)) => known.parts.push((at, role, Part::Begins(compact(begin)))),
                (None, None) => known.whole.entry(compact(name)).or_default().push((at, role)),
            }
        }
        known
    }

    /// The roles that a name, compact, tells, each with its points.
    pub(super) fn of(&self, name: &str) -> impl Iterator<Item = (Role, u32)> {
        let whole = self.whole.get(name).into_iter().flatten().map(|(at, role)| (*at, *role, WHOLE));
        let fits = |part: &Part| match part {
            Part::Begins(text) => name.starts_with(text.as_str()),
            Part::Ends(text) => name.ends_with(text.as_str()),
        };
        let parts = self.parts.iter().filter(|(.., part)| fits(part)).map(|(at, role, _)| (*at, *role, PART));
        let mut found: Vec<(usize, Role, u32)> = whole.chain(parts).collect();
        found.sort_unstable_by_key(|(at, ..)| *at);
        found.into_iter().map(|(_, role, points)| (role, points))
    }
}
