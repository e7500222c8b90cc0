//! Endpoints that tie the caller to a record or untie them, as an input says: `fav=1 # 1收藏 0取消`, `action=add # add or cancel`.
//!
//! In: an endpoint with its inputs. Out: whether it does, and the word of the trade for the tie where title and path have none.

use crate::behavior::enumeration;
use crate::behavior::operation::by_shape::{Shapes, is_id};
use crate::behavior::operation::{is_data, path_of};
use crate::spec::Param;

/// Whether an endpoint ties as it is told, and the word to call that by where its title and path have none.
#[allow(clippy::option_option, reason = "whether it does, and whether it needs a name")]
pub(in crate::behavior) fn told_tie(shapes: &Shapes<'_>, at: usize) -> Option<Option<String>> {
    let endpoint = &shapes.set.endpoints[at];
    let verbs = shapes.lexicon.verbs();
    let data = || shapes.inputs[at].iter().zip(&endpoint.params).filter(|(input, _)| is_data(input));
    let mut flags = data().filter(|(input, _)| !is_id(input, shapes.lexicon));
    let (flag, param) = flags.next()?;
    let ids = data().filter(|(input, _)| is_id(input, shapes.lexicon)).count();
    if flags.next().is_some() || ids != 1 {
        return None;
    }
    let items = enumeration::read(&Param::all_words(param), &shapes.lexicon.rules().enumerations);
    let off = |item: &enumeration::Item| {
        shapes.lexicon.speaks_of("off", &item.words) || verbs.relation(&item.words, &[]).is_some_and(|(.., off)| off)
    };
    let unties = items.iter().filter(|item| off(item)).count();
    if unties == 0 || unties == items.len() {
        return None;
    }
    if verbs.relation(&endpoint.title, &path_of(endpoint)).is_some() {
        return Some(None);
    }
    let by_items = || items.iter().find_map(|item| verbs.relation(&item.words, &[]));
    let by_name = || verbs.relation("", &[crate::lexicon::compact(&flag.name)]);
    let (name, ..) = by_items().or_else(by_name)?;
    let mut relations = verbs.relations();
    let (_, relation) = relations.find(|(known, _)| *known == name)?;
    Some(relation.path.first().cloned())
}
