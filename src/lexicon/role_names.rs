//! Names that tell what a parameter or field is for, whatever words say of it.

use super::terms::Role;

/// In the order of the data file: of two roles of one name the first is the likelier. As the build script wrote them.
#[derive(Clone, Copy, Debug)]
pub(super) struct RoleNames {
    /// By name, compact.
    pub(super) whole: &'static [(&'static str, &'static [(usize, Role)])],
    pub(super) parts: &'static [(usize, Role, Part)],
}

#[derive(Clone, Copy, Debug)]
#[allow(dead_code, reason = "the data file may have none of either kind")]
pub(super) enum Part {
    Begins(&'static str),
    Ends(&'static str),
}

/// A whole name tells so much, and a part of one.
const WHOLE: u32 = 8;
const PART: u32 = 4;

impl RoleNames {
    /// The roles that a name, compact, tells, each with its points.
    pub(super) fn of(&self, name: &str) -> impl Iterator<Item = (Role, u32)> {
        let known = self.whole.binary_search_by_key(&name, |(known, _)| *known).ok();
        let whole = known.and_then(|at| self.whole.get(at)).into_iter().flat_map(|(_, roles)| roles.iter());
        let whole = whole.map(|(at, role)| (*at, *role, WHOLE));
        let fits = |part: &Part| match *part {
            Part::Begins(text) => name.starts_with(text),
            Part::Ends(text) => name.ends_with(text),
        };
        let parts = self.parts.iter().filter(|(.., part)| fits(part)).map(|(at, role, _)| (*at, *role, PART));
        let mut found: Vec<(usize, Role, u32)> = whole.chain(parts).collect();
        found.sort_unstable_by_key(|(at, ..)| *at);
        found.into_iter().map(|(_, role, points)| (role, points))
    }
}
