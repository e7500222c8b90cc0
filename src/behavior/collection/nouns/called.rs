//! Which collection a name means that people write: in `docsim.toml`, or in a path of the admin interface.

use super::noun;
use crate::behavior::Model;
use crate::behavior::collection::Collection;

impl Model {
    /// The collection of that name, in the singular or the plural, else the one that paths or titles call so.
    pub fn collection(&self, name: &str) -> Option<usize> {
        named(&self.collections, name)
    }
}

pub(in crate::behavior::collection) fn named(collections: &[Collection], name: &str) -> Option<usize> {
    let by = |test: &dyn Fn(&Collection) -> bool| {
        collections.iter().position(|known| !known.holds_accounts() && test(known))
    };
    by(&|known| *known.name == *name)
        .or_else(|| by(&|known| noun::singular(&known.name) == noun::singular(name)))
        .or_else(|| by(&|known| known.goes_by(name)))
        .or_else(|| titled_alike(collections, name))
}

/// `报修类型` where the titles only say `类型`: the one whose title ends alike, if only one does.
fn titled_alike(collections: &[Collection], name: &str) -> Option<usize> {
    let is_long_enough = |text: &str| text.chars().count() > 1;
    let alike = |title: &String| {
        is_long_enough(title) && name.ends_with(title.as_str()) || is_long_enough(name) && title.ends_with(name)
    };
    let mut found = (0..collections.len()).filter(|at| collections[*at].titles.iter().any(alike));
    let first = found.next();
    first.filter(|_| found.next().is_none())
}
