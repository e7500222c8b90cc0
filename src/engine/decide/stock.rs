//! Whether there is enough of what is ordered, and whether it comes to what a voucher asks for.

use super::Scene;
use crate::behavior::collection::{Lines, LinesFrom, Part};
use crate::behavior::{Adjust, Stock};
use crate::engine::lines::{self, Ware};
use crate::engine::{records, sums};
use crate::json::Json;
use crate::world::Record;
use std::sync::Arc;

impl Scene<'_> {
    pub(super) fn is_enough(&self, stock: &Stock) -> bool {
        if let Some(lines) = &stock.lines {
            let wares = self.wares(lines);
            let there = |thing: &Record| records::number_in(thing.field(&stock.field));
            let mut wanted = lines::wanted(&wares).into_iter();
            return wanted.all(|(thing, count)| there(thing).is_none_or(|there| there >= count));
        }
        let number = |text: Option<&str>| text.and_then(|text| text.parse::<f64>().ok());
        let wanted = stock.quantity.and_then(|quantity| records::how_many(self.call, quantity)).unwrap_or(1.0);
        let line = stock.line.as_ref().and_then(|line| {
            let found = match &line.id {
                Some(id) => self.targets(line.collection, id).first().copied(),
                None => {
                    let named = self.call.text(stock.input?)?;
                    let owner = records::owner_of(self.caller)?;
                    let mut own =
                        self.world.collection(&self.model.collections[line.collection].name)?.owned_by(&owner);
                    own.find(|record| records::text_of(record.field(&line.reference)) == Some(named))
                }
            };
            Some((line, found?))
        });
        let wanted = match line {
            Some((line, held)) => {
                let less = line.direction.as_ref().is_some_and(|(input, less)| {
                    self.call.text(*input).is_some_and(|text| less.iter().any(|value| value == text))
                });
                match line.adjust {
                    _ if less => return true,
                    Adjust::Less => return true,
                    Adjust::Set => wanted,
                    Adjust::More => number(records::text_of(held.field(&line.count))).unwrap_or(0.0) + wanted,
                }
            }
            None => wanted,
        };
        let name = &self.model.collections[stock.collection].name;
        let ids = match (stock.input, line) {
            (Some(input), _) => records::ids(self.call, input),
            (None, Some((line, held))) => {
                records::text_of(held.field(&line.reference)).map(str::to_owned).into_iter().collect()
            }
            (None, None) => Vec::new(),
        };
        ids.iter().all(|id| {
            let record = self.world.record_by_id(name, id);
            number(record.and_then(|record| records::text_of(record.field(&stock.field))))
                .is_none_or(|there| there >= wanted)
        })
    }

    /// Whether what is ordered comes to what the voucher asks for.
    pub(super) fn is_worth(
        &self,
        at: usize,
        fields: &[(Arc<str>, usize)],
        (collection, input): (usize, usize),
        least: &Arc<str>,
        wares: &[Ware],
    ) -> bool {
        let Some(sums) = &self.model.collections[at].sums else { return true };
        let sent: Vec<(&Arc<str>, Json)> =
            fields.iter().filter_map(|(key, input)| Some((key, self.call.json(*input)?))).collect();
        let given = |key: &str| sent.iter().find(|(known, _)| ***known == *key).map(|(_, value)| value);
        let part = Part { reference: "".into(), collection, field: Arc::clone(least) };
        let owner = records::owner_of(self.caller);
        let named = (self.world, owner.as_ref());
        let asked = self.call.text(input).and_then(|id| sums::worth(self.model, &part, named, id));
        let sum = sums::gross(self.model, sums, wares, self.world, given);
        asked.zip(sum).is_none_or(|(asked, (sum, _))| sum >= asked)
    }

    /// Whether the call says itself which lines it is about.
    pub(super) fn names_lines(&self, lines: &Lines) -> bool {
        match lines.from {
            LinesFrom::Basket { input: Some(input), .. } => self.call.is_present(input),
            _ => false,
        }
    }

    pub(super) fn wares(&self, lines: &Lines) -> Vec<Ware> {
        lines::wares(self.sight(), self.call, lines)
    }
}
