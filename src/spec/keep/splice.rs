//! Puts kept endpoints among the new ones, so that the set is as if it had been read so.

use super::places::Sources;
use super::{Kept, Slot};
use crate::source::{FileId, Source};
use crate::spec::{DocSet, Endpoint, route};
use std::collections::HashMap;

/// Lays the new set's endpoints out as `slots` says. Pages that are lost as a whole keep their tables of codes, too.
pub(super) fn splice(new: &mut DocSet, old: &DocSet, slots: &[Slot], lost_files: &[FileId]) -> Vec<Kept> {
    if lost_files.is_empty() && slots.iter().all(|slot| matches!(slot, Slot::New(_))) {
        return Vec::new();
    }
    let mut sources = Sources::new(old);
    let mut fresh: Vec<Option<Endpoint>> = std::mem::take(&mut new.endpoints).into_iter().map(Some).collect();
    // What the findings call an endpoint now, and where the endpoint stands afterwards.
    let mut called: HashMap<String, usize> = HashMap::new();
    let mut all_kept = Vec::new();
    for slot in slots {
        let at = new.endpoints.len();
        let replaced = match slot {
            Slot::New(index) => {
                let endpoint = fresh.get_mut(*index).and_then(Option::take);
                called.extend(endpoint.iter().map(|endpoint| (endpoint.id.clone(), at)));
                new.endpoints.extend(endpoint);
                continue;
            }
            Slot::Kept { old: index, instead_of, damage } => {
                let Some(last_good) = old.endpoints.get(*index) else { continue };
                let mut endpoint = sources.endpoint(last_good, &mut new.sources);
                endpoint.envelope = envelope(new, old, last_good);
                new.endpoints.push(endpoint);
                all_kept.push(Kept { endpoint: at, place: damage.place, because: damage.because });
                instead_of.and_then(|index| fresh.get_mut(index)?.take())
            }
        };
        called.extend(replaced.map(|endpoint| (endpoint.id, at)));
    }
    for table in &old.tables {
        let read_from = table.rows.first().and_then(|row| old.source(row.place.file)).map(Source::name);
        if lost_files.iter().any(|lost| new.source(*lost).map(Source::name) == read_from) {
            new.tables.push(sources.table(table, &mut new.sources));
        }
    }
    name_again(new, &called);
    for kept in &all_kept {
        let finding = kept.because.finding(&new.endpoints[kept.endpoint], kept.place);
        new.diagnostics.push(finding);
    }
    all_kept
}

/// The new set's envelope that says the same, else the old one.
fn envelope(new: &mut DocSet, old: &DocSet, endpoint: &Endpoint) -> usize {
    let wanted = old.envelope(endpoint);
    new.envelopes.iter().position(|known| known == wanted).unwrap_or_else(|| {
        new.envelopes.push(wanted.clone());
        new.envelopes.len() - 1
    })
}

/// Names depend on the whole set: what tells endpoints apart, and which are documented twice.
fn name_again(set: &mut DocSet, called: &HashMap<String, usize>) {
    for param in set.endpoints.iter_mut().flat_map(|endpoint| &mut endpoint.params) {
        param.discriminates = false;
    }
    set.diagnostics.retain(|found| found.rule != route::DUPLICATE);
    let found = route::name_endpoints(&mut set.endpoints);
    for diagnostic in &mut set.diagnostics {
        let now = diagnostic.endpoint.as_ref().and_then(|id| called.get(id)).and_then(|at| set.endpoints.get(*at));
        if let Some(endpoint) = now {
            diagnostic.endpoint = Some(endpoint.id.clone());
        }
    }
    set.diagnostics.extend(found);
}
