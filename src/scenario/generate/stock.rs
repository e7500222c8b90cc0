//! How much there is of a thing, as another server's list says.

use super::Against;
use super::lab::{Lab, Val, leaves};
use super::satisfy::inner;
use crate::behavior::Demand;
use crate::json::{Json, Step as At, path_text};
use std::sync::Arc;

impl Lab<'_> {
    /// The field that says how much there is of a record, where requests take of it.
    fn stock_field(&self, collection: usize) -> Option<&str> {
        let mut checks = self.model().behaviors.iter().flat_map(|behavior| &behavior.checks);
        checks.find_map(|check| match inner(&check.demand) {
            Demand::Enough(stock) if stock.collection == collection => Some(&*stock.field),
            _ => None,
        })
    }

    /// A record of which another server says that nothing is left.
    pub(super) fn sold_out(&mut self, collection: usize, person: usize) -> Option<Val> {
        let stock = self.stock_field(collection)?.to_owned();
        let name = Arc::clone(&self.model().collections[collection].name);
        let last = self.world().collection(&name)?.iter().last().map(|record| Arc::clone(&record.id))?;
        self.as_it_may_be(collection, &last, &[(stock, Json::integer(0))]);
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
            let (path, _, id) = self.in_stock(collection, &body, &at, false)?;
            self.go(&draft, None);
            self.save("id", Some(&path), id)
        })
    }

    /// In a list as another server has it, the first of which something is left, or nothing is.
    pub(super) fn in_stock(&self, collection: usize, body: &Json, at: &[At], is_left: bool) -> Option<(String, Vec<At>, Json)> {
        let [list @ .., At::Index(_), At::Key(key)] = at else { return None };
        let stock = self.stock_field(collection).filter(|_| self.against != Against::Simulator)?;
        if stock.contains(['\'', '\\']) || key.contains(['\'', '\\']) {
            return None;
        }
        let left = |item: &Json| match item.get(stock)? {
            Json::Number(number) => number.parse::<f64>().ok(),
            _ => None,
        };
        let fits = |item: &&Json| left(item).is_some_and(|left| (left > 0.0) == is_left);
        let items = body.at(list)?.as_array()?;
        let chosen = items.iter().position(|item| fits(&item))?;
        let value = items[chosen].get(key)?.clone();
        let at = [list, &[At::Index(chosen), At::Key(Arc::clone(key))]].concat();
        let sign = if is_left { '>' } else { '<' };
        let than = u8::from(!is_left);
        Some((format!("{}[?@['{stock}'] {sign} {than}]['{key}']", path_text(list)), at, value))
    }
}
