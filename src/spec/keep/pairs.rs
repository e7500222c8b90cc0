//! Knows the endpoints of a page again in its next version.

use crate::spec::Endpoint;
use std::collections::{HashMap, VecDeque};
use std::hash::Hash;

/// For each old endpoint of a page, the index in `new` of what it became: the same title and request, else the same title,
/// else the same request, else what stands between the same neighbors. `was_kept` tells those that did not stand in the
/// page's text even before.
pub(super) fn pair(old: &[&Endpoint], new: &[&Endpoint], was_kept: impl Fn(&Endpoint) -> bool) -> Vec<Option<usize>> {
    let mut pairs = Pairs { old, new, of_old: vec![None; old.len()], taken: vec![false; new.len()] };
    pairs.by(|endpoint| Some((title(endpoint), target(endpoint)?)));
    pairs.by(title);
    pairs.by(target);
    pairs.by_neighbors(was_kept);
    pairs.of_old
}

/// Method and path as requests ask for them; none where the document has no request line.
pub(super) fn target(endpoint: &Endpoint) -> Option<(String, String)> {
    let method = endpoint.method.clone().unwrap_or_default();
    (!endpoint.path.is_empty()).then(|| (method, endpoint.path.trim_end_matches('/').to_lowercase()))
}

/// A file's name is no title to know an endpoint by: all endpoints in it that have no heading share it.
fn title(endpoint: &Endpoint) -> Option<&str> {
    endpoint.titled.then_some(endpoint.title.as_str())
}

struct Pairs<'p, 'e> {
    old: &'p [&'e Endpoint],
    new: &'p [&'e Endpoint],
    of_old: Vec<Option<usize>>,
    taken: Vec<bool>,
}

impl<'e> Pairs<'_, 'e> {
    /// Pairs what has the same key, in order, and is not paired yet.
    fn by<K: Eq + Hash>(&mut self, key: impl Fn(&'e Endpoint) -> Option<K>) {
        let mut waiting: HashMap<K, VecDeque<usize>> = HashMap::new();
        for (at, endpoint) in self.new.iter().enumerate().filter(|(at, _)| !self.taken[*at]) {
            if let Some(key) = key(endpoint) {
                waiting.entry(key).or_default().push_back(at);
            }
        }
        for (at, endpoint) in self.old.iter().enumerate() {
            if self.of_old[at].is_none() {
                let found = key(endpoint).and_then(|key| waiting.get_mut(&key)?.pop_front());
                self.of_old[at] = found;
                if let Some(found) = found {
                    self.taken[found] = true;
                }
            }
        }
    }

    /// A sound new endpoint was known by a sound old one, so it is not what a kept one became.
    fn by_neighbors(&mut self, was_kept: impl Fn(&Endpoint) -> bool) {
        let mut next = 0;
        for at in 0..self.old.len() {
            if let Some(now) = self.of_old[at] {
                next = now + 1;
                continue;
            }
            let end = self.of_old[at..].iter().flatten().next().copied().unwrap_or(self.new.len());
            let only_broken = was_kept(self.old[at]);
            let may_be = |now: &usize| !self.taken[*now] && (!only_broken || target(self.new[*now]).is_none());
            if let Some(now) = (next..end).find(may_be) {
                self.of_old[at] = Some(now);
                self.taken[now] = true;
                next = now + 1;
            }
        }
    }
}
