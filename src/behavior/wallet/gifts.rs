//! What a new account is given by words: `注册送一张新人券（见优惠券列表）`.
//!
//! In: the remarks of a set, and the lists of what callers have. Out: for each endpoint that makes accounts, the records that it
//! makes for them. Numbers that are given (`注册送20积分`) are what the account's field begins with, and the wallet's affair.

use crate::behavior::collection::items::gather::Gathering;
use crate::behavior::collection::prose::remarks;
use crate::behavior::collection::{Collection, Initial};
use crate::behavior::{Action, Auth, Confidence, Effect, Evidence};
use crate::json::Json;
use crate::lexicon::{Lexicon, Operation, Role};
use crate::source::Place;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Fields of what is given.
type Given = Vec<(Arc<str>, Json)>;

/// More of one thing is no gift.
const MOST: usize = 9;

/// The gifts, by endpoints; their collections are each account's own.
pub(in crate::behavior) fn gifts(
    gathering: &Gathering<'_>,
    collections: &mut [Collection],
) -> HashMap<usize, Vec<Effect>> {
    let mut found: HashMap<usize, Vec<Effect>> = HashMap::new();
    let makes = |at: &usize| matches!(gathering.operations[*at], Operation::Register | Operation::Login);
    let makers: Vec<usize> = (0..gathering.operations.len()).filter(makes).collect();
    let lexicon = gathering.lexicon;
    let notes = gathering.prose.iter().chain(gathering.set.endpoints.iter().flat_map(|endpoint| &endpoint.notes));
    // `注册成功就是登录状态，同时送一张新人券`: what stands beside what registers need not say to whom.
    let registers = makers.iter().filter(|at| gathering.operations[**at] == Operation::Register);
    let beside: HashSet<Place> = registers
        .flat_map(|at| remarks(gathering.prose, &gathering.set.endpoints[*at]).map(|note| note.place))
        .collect();
    let mut known: Vec<&str> = Vec::new();
    for note in notes {
        for text in note.text.split(['；', ';', '。', ',', '，']) {
            let gives = || lexicon.speaks_of("is-given", text) && !lexicon.speaks_of("given-otherwise", text);
            let joins = lexicon.speaks_of("on-joining", text) || (beside.contains(&note.place) && gives());
            // `除了注册和可领的券，都要登录` gives nothing.
            if !joins
                || lexicon.speaks_of("no-funds", text)
                || lexicon.speaks_of("except", text)
                || known.contains(&text)
            {
                continue;
            }
            known.push(text);
            let Some((collection, fields)) = given(gathering, collections, text) else { continue };
            let shape = &mut collections[collection];
            (shape.owned, shape.private) = (true, true);
            shape.seeds.clear();
            shape.varied = 0;
            let because = Evidence::new(format!("`{}`", text.trim()), note.place, Confidence::Likely);
            for at in &makers {
                let action = Action::Give { collection, fields: fields.clone(), count: count(text, lexicon) };
                found.entry(*at).or_default().push(Effect { action, because: because.clone() });
            }
        }
    }
    found
}

/// `2张`; one where no number says so.
fn count(text: &str, lexicon: &Lexicon) -> usize {
    let digits = text.split(|c: char| !c.is_ascii_digit()).find(|part| !part.is_empty());
    let counted = digits.filter(|digits| {
        let after = text.split_once(digits).map_or("", |(_, rest)| rest.trim_start());
        lexicon.begins_with("count-unit", after)
    });
    counted.and_then(|digits| digits.parse().ok()).filter(|count| (1..=MOST).contains(count)).unwrap_or(1)
}

/// The collection of what is given, and what the example of its list says of it.
fn given(gathering: &Gathering<'_>, collections: &[Collection], text: &str) -> Option<(usize, Given)> {
    let lexicon = gathering.lexicon;
    let mut best: Option<(usize, usize, Given)> = None;
    for (at, shape) in collections.iter().enumerate().take(gathering.groups.len()) {
        let group = &gathering.groups[at];
        let mut lists = group.endpoints.iter().filter(|at| gathering.operations[**at] == Operation::List).peekable();
        let own = lists.peek().is_some()
            && lists.all(|at| matches!(gathering.auths[*at], Auth::Required | Auth::Named(_)))
            && group.relation.is_none()
            && !shape.written;
        if !own || shape.recipient.is_some() {
            continue;
        }
        let offers = group.endpoints.iter().any(|at| {
            gathering.operations[*at] == Operation::List
                && lexicon.speaks_of("offered-list", &gathering.set.endpoints[*at].title)
        });
        let long = |name: &str| name.chars().count() > 1;
        let called = shape.titles.iter().any(|title| long(title) && text.contains(title.as_str()));
        let is_voucher = shape.titles.iter().any(|title| lexicon.speaks_of("voucher-like", title))
            || shape.names.iter().any(|name| lexicon.speaks_of("voucher-like", name));
        let voucher = is_voucher && lexicon.speaks_of("voucher-like", text);
        if offers || !(called || voucher) {
            continue;
        }
        for sight in gathering.sights(group) {
            let Some(members) = sight.item.as_object() else { continue };
            let named =
                members.iter().any(|(_, value)| value.as_str().is_some_and(|name| long(name) && text.contains(name)));
            let points = usize::from(named) * 4 + usize::from(called) * 2 + usize::from(voucher);
            if best.as_ref().is_none_or(|(most, ..)| points > *most) {
                let kept = shape.fields.iter().filter_map(|field| {
                    let value = sight.item.get(&field.key)?;
                    let begins =
                        shape.machine(&field.key).is_some() || matches!(field.initial, Initial::Now | Initial::Number);
                    let is_own = field.role != Role::Status && !begins;
                    is_own.then(|| (Arc::clone(&field.key), value.clone()))
                });
                best = Some((points, at, kept.collect()));
            }
        }
    }
    best.map(|(_, at, fields)| (at, fields))
}
