//! Which of the things that another server lists can be had: as its list says, and in no other way.
//!
//! In: a list as the lab shows it. Out: a path to the first thing there that fits. Some of it is left, it costs something where
//! what costs nothing goes a way of its own, and it stands as things stand that nobody has taken.

use super::Against;
use super::lab::{Lab, Val, leaves};
use super::satisfy::inner;
use crate::behavior::collection::Initial;
use crate::behavior::{Action as Deed, Demand};
use crate::json::{Json, Step as At, path_text};
use crate::lexicon::Role;
use crate::scenario::ast::{Action, Path, Step};
use crate::scenario::names;
use std::sync::Arc;

/// Who takes several of a thing may take some more of it later on.
const SEVERAL: u32 = 4;

/// So often a thing has to be paid for where as much as can be is asked for.
const MANY: u32 = 32;

/// What is asked of a thing in a list, by member.
#[derive(Clone, Debug)]
enum Wish {
    /// More than so much.
    Above(u32),
    None,
    Is(Json),
}

impl Wish {
    fn is_met(&self, value: &Json) -> bool {
        let number = || value.scalar_text().and_then(|text| text.trim().parse::<f64>().ok());
        match self {
            Self::Above(least) => number().is_some_and(|number| number > f64::from(*least)),
            Self::None => number().is_some_and(|number| number <= 0.0),
            Self::Is(wanted) => value.scalar_text() == wanted.scalar_text(),
        }
    }

    /// One will do.
    fn less(&self) -> Self {
        match self {
            Self::Above(_) => Self::Above(0),
            other => other.clone(),
        }
    }

    /// As a path asks for it; what is a number in a text cannot be compared there.
    fn text(&self, member: &str, value: &Json) -> Option<String> {
        let is_plain = |text: &str| !text.contains(['\'', '\\']);
        match (self, value) {
            _ if !is_plain(member) => None,
            (Self::Above(least), Json::Number(_)) => Some(format!("@['{member}'] > {least}")),
            (Self::None, Json::Number(_)) => Some(format!("@['{member}'] < 1")),
            (Self::Is(_), Json::Number(text)) => Some(format!("@['{member}'] == {text}")),
            (Self::Is(_), Json::String(text)) if is_plain(text) => Some(format!("@['{member}'] == '{text}'")),
            _ => None,
        }
    }
}

impl Lab<'_> {
    /// The field that says how much there is of a record, where requests take of it; and how much must be left for what is taken.
    fn stock_field(&self, collection: usize) -> Option<(&str, u32)> {
        let checks = self.model().behaviors.iter().flat_map(|behavior| &behavior.checks);
        let taken = checks.filter_map(|check| match inner(&check.demand) {
            Demand::Enough(stock) if stock.collection == collection => Some(stock),
            _ => None,
        });
        let field = &*taken.clone().next()?.field;
        let is_several = taken.into_iter().any(|stock| stock.quantity.is_some());
        Some((field, if is_several { SEVERAL } else { 0 }))
    }

    /// A record of which another server says that nothing is left.
    pub(super) fn sold_out(&mut self, collection: usize, person: usize) -> Option<Val> {
        let stock = self.stock_field(collection)?.0.to_owned();
        let name = Arc::clone(&self.model().collections[collection].name);
        let last = self.world().collection(&name)?.iter().last().map(|record| Arc::clone(&record.id))?;
        self.as_it_may_be(collection, &last, &[(stock.clone(), Json::integer(0))]);
        self.readers_of(collection).into_iter().find_map(|endpoint| {
            let size = self.behavior(endpoint).list.as_ref()?.size;
            let mut draft = self.draft(endpoint, person, 1);
            if let Some(size) = size {
                draft.fix(size, Some(Val::text("50")));
            }
            self.settle(&mut draft, None).then_some(())?;
            let body = self.tried(endpoint, &draft.values).body;
            let names = self.id_names(collection);
            let at = leaves(&body)
                .into_iter()
                .map(|(_, at, _)| at)
                .find(|at| matches!(at.as_slice(), [.., At::Index(_), At::Key(key)] if names.contains(&&**key)))?;
            let (path, _, id) = chosen(&body, &at, &[(stock.clone(), Wish::None)], None)?;
            self.go(&draft, None);
            self.save("id", Some(&path), id)
        })
    }

    /// In a list as another server has it, the first that can be had: its path, its place in the lab's list, and its id.
    pub(super) fn to_be_had(&self, collection: usize, body: &Json, at: &[At]) -> Option<(String, Vec<At>, Json)> {
        if self.against == Against::Simulator {
            return None;
        }
        let (wishes, cheap) = (self.wishes(collection), self.cheap(collection));
        let fewer = || wishes.iter().map(|(member, wish)| (member.clone(), wish.less())).collect::<Vec<_>>();
        chosen(body, at, &wishes, cheap.as_ref()).or_else(|| chosen(body, at, &fewer(), cheap.as_ref()))
    }

    /// What is taken of the points of a new account for one thing, and below what it can be taken many times.
    fn cheap(&self, collection: usize) -> Option<(String, u32)> {
        let demands = self.model().behaviors.iter().flat_map(|behavior| &behavior.checks);
        let mut paid = demands.filter_map(|check| match inner(&check.demand) {
            Demand::Funds { amount, balance } => Some((amount, balance)),
            _ => None,
        });
        let (field, balance) = paid.find_map(|(amount, balance)| {
            let prices = super::others::prices_of(self.model(), amount);
            let own = prices.into_iter().find(|(of, _)| *of == collection)?;
            Some((own.1.to_owned(), balance))
        })?;
        let held = self.model().accounts.fields.iter().find(|field| field.key == *balance)?;
        let held = held.initial.scalar_text()?.parse::<u32>().ok()?;
        (held / MANY > 1).then_some((field, held / MANY))
    }

    fn wishes(&self, collection: usize) -> Vec<(String, Wish)> {
        let shape = &self.model().collections[collection];
        let mut wishes: Vec<(String, Wish)> = Vec::new();
        wishes.extend(self.stock_field(collection).map(|(field, much)| (field.to_owned(), Wish::Above(much))));
        let mut all = self.model().collections.iter();
        let has_free_way = all
            .any(|other| other.free.is_some() && other.references.iter().any(|known| known.collection == collection));
        let prices = shape.fields.iter().filter(|field| has_free_way && field.role == Role::Amount);
        wishes.extend(prices.map(|field| (field.key.to_string(), Wish::Above(0))));
        let demands = self.model().behaviors.iter().flat_map(|behavior| &behavior.checks);
        for check in demands.filter(|_| !shape.owned) {
            if let Demand::InState { collection: of, field, from, .. } = inner(&check.demand)
                && *of == collection
                && let Some(Initial::Value(new)) = shape.field(field).map(|field| &field.initial)
                && from.iter().any(|state| state.scalar_text() == new.scalar_text())
                && !wishes.iter().any(|(known, _)| *known == **field)
            {
                wishes.push((field.to_string(), Wish::Is(new.clone())));
            }
        }
        wishes
    }
}

/// What nothing is taken of need not be to be had: where nothing is, the first item of the list does.
pub(super) fn take_any(lab: &Lab<'_>, steps: &mut [Step]) {
    for at in 0..steps.len() {
        let chosen = steps[at].save.iter().filter_map(|save| Some((&*save.name, save.path.as_ref()?.text())));
        let chosen = chosen.filter_map(|(name, path)| Some((name, path.rsplit_once("]['")?.0)));
        let any: Vec<String> = chosen
            .filter(|(name, item)| {
                let mut users = steps.iter().filter(|step| super::names_in(step).iter().any(|used| used == name));
                item.contains("[?") && users.all(|step| takes_nothing(lab, step))
            })
            .map(|(_, item)| item.to_owned())
            .collect();
        for item in any {
            for path in steps[at].save.iter_mut().filter_map(|save| save.path.as_mut()) {
                let or_first = path.text().strip_prefix(&*item).map(|rest| Path::parse(&format!("{item}, 0{rest}")));
                if let Some(Ok(or_first)) = or_first {
                    *path = or_first;
                }
            }
        }
    }
}

/// Whether a call is the same for a thing that is used up: it looks, or ties somebody to the thing.
fn takes_nothing(lab: &Lab<'_>, step: &Step) -> bool {
    let Action::Call { endpoint, .. } = &step.action else { return false };
    let Ok(endpoint) = names::endpoint(lab.generation, endpoint) else { return false };
    let behavior = lab.behavior(endpoint);
    let takes = |demand: &Demand| {
        matches!(
            inner(demand),
            Demand::Enough(_) | Demand::InState { .. } | Demand::Places { .. } | Demand::Untaken { .. }
        )
    };
    let is_light = |action: &Deed| matches!(action, Deed::CountView { .. } | Deed::Tie { .. });
    behavior.effects.iter().all(|effect| is_light(&effect.action))
        && !behavior.checks.iter().any(|check| takes(&check.demand))
}

/// The first item of a list, known by the place of an id in it, that is as is wished for, where the list shows it.
/// What is cheap comes before the others.
fn chosen(
    body: &Json,
    at: &[At],
    wishes: &[(String, Wish)],
    cheap: Option<&(String, u32)>,
) -> Option<(String, Vec<At>, Json)> {
    let [list @ .., At::Index(_), At::Key(key)] = at else { return None };
    if key.contains(['\'', '\\']) {
        return None;
    }
    let items = body.at(list)?.as_array()?;
    let fits = |item: &Json| {
        let shown = wishes.iter().filter_map(|(member, wish)| Some((wish, item.get(member)?)));
        shown.into_iter().all(|(wish, value)| wish.is_met(value))
    };
    let place = items.iter().position(fits)?;
    let item = &items[place];
    let asked = wishes.iter().filter_map(|(member, wish)| wish.text(member, item.get(member)?));
    let asked: Vec<String> = asked.collect();
    if asked.is_empty() {
        return None;
    }
    let any = wishes.iter().filter_map(|(member, wish)| wish.less().text(member, item.get(member)?));
    let any: Vec<String> = any.collect();
    // Of what there is little one is better than none.
    let less = if any == asked { String::new() } else { format!(", ?{}", any.join(" && ")) };
    let cheap = cheap.filter(|(member, _)| matches!(item.get(member), Some(Json::Number(_))));
    let cheap = cheap.map_or_else(String::new, |(member, most)| {
        format!("{} && @['{member}'] > 0 && @['{member}'] <= {most}, ?", asked.join(" && "))
    });
    let path = format!("{}[?{cheap}{}{less}]['{key}']", path_text(list), asked.join(" && "));
    let at = [list, &[At::Index(place), At::Key(Arc::clone(key))]].concat();
    Some((path, at, item.get(key)?.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_had_comes_before_the_first() {
        let path = Path::parse("$.list[?@['left'] > 0, 0]['id']").unwrap();
        let check = |list: serde_json::Value, expected: i64| {
            let body = serde_json::json!({ "list": list });
            assert_eq!(path.find(&body)[0], expected, "{body}");
        };
        check(serde_json::json!([{"id": 1, "left": 0}, {"id": 2, "left": 3}]), 2);
        check(serde_json::json!([{"id": 1, "left": 0}, {"id": 2, "left": 0}]), 1);
        let path = Path::parse("$.list[?@['left'] > 4, ?@['left'] > 0]['id']").unwrap();
        let check = |list: serde_json::Value, expected: i64| {
            let body = serde_json::json!({ "list": list });
            assert_eq!(path.find(&body)[0], expected, "{body}");
        };
        check(serde_json::json!([{"id": 1, "left": 2}, {"id": 2, "left": 9}]), 2);
        check(serde_json::json!([{"id": 1, "left": 0}, {"id": 2, "left": 2}]), 2);
    }
}
