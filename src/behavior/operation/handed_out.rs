//! Deeds on what another endpoint handed out, though their words would make a record of their own: `确认领取` with the id of what
//! was redeemed, where that has statuses called 待领取 and 已领取.
//!
//! In: the endpoints with what words said of them. Out: those that move the status of what their one id names.

use super::by_shape::{Shapes, is_id, is_open};
use super::is_data;
use super::neighbours::Neighbours;
use crate::behavior::collection::items::shape::{self, Shown};
use crate::behavior::collection::machine::sayings;
use crate::behavior::collection::nouns::headed::{self, Headed};
use crate::behavior::{Evidence, Input, enumeration};
use crate::lexicon::{Class, Operation, compact, label_head};
use std::collections::{HashMap, HashSet};

/// The endpoints that move what they are handed, with the list that shows its statuses.
pub(in crate::behavior) fn movers(
    shapes: &Shapes<'_>,
    operations: &[(Operation, Evidence)],
    beside: &Neighbours<'_>,
) -> Vec<(usize, usize)> {
    let kinds: Vec<Operation> = operations.iter().map(|(operation, _)| *operation).collect();
    let headed = Headed::new(&kinds, &beside.members, shapes.lexicon);
    let mut handed: HashSet<String> = HashSet::new();
    for at in (0..kinds.len()).filter(|at| !beside.shown[*at].is(crate::lexicon::Shows::List)) {
        let sent = |name: &str| shapes.inputs[at].iter().any(|input| compact(&input.name) == compact(name));
        handed.extend(beside.members[at].iter().filter(|name| !sent(name)).map(|name| compact(name)));
    }
    let mut statuses: HashMap<usize, Vec<String>> = HashMap::new();
    let mut found = Vec::new();
    for at in 0..kinds.len() {
        let makes = matches!(kinds[at], Operation::Create | Operation::Save) || is_open(&operations[at]);
        let Some(id) = only_id(shapes, at).filter(|_| makes && beside.shown[at] == Shown::Nothing) else { continue };
        let lists = headed.by(&id.name);
        let own = headed::says_more(&id.name, shapes.lexicon) && handed.contains(&compact(&id.name));
        let refuses = shapes.catalog.own[at].iter().any(|failure| {
            failure
                .classes
                .iter()
                .any(|class| matches!(class, Class::WrongState | Class::Exists | Class::ForbiddenStatus))
        });
        if !own || !refuses || shapes.set.endpoints[at].method.as_deref() == Some("GET") {
            continue;
        }
        let named = lists.iter().find(|list| {
            let heads = statuses.entry(**list).or_insert_with(|| statuses_of(shapes, **list));
            let title = &shapes.set.endpoints[at].title;
            let heads = || heads.iter().map(String::as_str);
            sayings::stem_in(title, heads(), shapes.lexicon).is_some()
                || sayings::short_stem(title, heads(), shapes.lexicon).is_some()
        });
        found.extend(named.map(|list| (at, *list)));
    }
    found
}

/// The one input, where nothing goes in but an id and who calls.
fn only_id<'s>(shapes: &'s Shapes<'_>, at: usize) -> Option<&'s Input> {
    let mut data = shapes.inputs[at].iter().filter(|input| is_data(input));
    let id = data.next().filter(|input| is_id(input, shapes.lexicon) || shape::is_id(&input.name))?;
    data.next().is_none().then_some(id)
}

/// What the statuses of a list's items are called, beside the items or the input that filters them.
fn statuses_of(shapes: &Shapes<'_>, list: usize) -> Vec<String> {
    let endpoint = &shapes.set.endpoints[list];
    let comments = endpoint.successes().flat_map(|example| &example.comments).map(|note| note.text.as_str());
    let filters = endpoint.params.iter().map(crate::spec::Param::all_words);
    let texts: Vec<String> = comments.map(str::to_owned).chain(filters).collect();
    let items = texts.iter().flat_map(|text| enumeration::read(text, &shapes.lexicon.rules().enumerations));
    items.map(|item| label_head(&item.words).to_owned()).collect()
}
