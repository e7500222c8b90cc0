//! What a list of the allowed moves says (`草稿 → 报名中`, `报名中 → 已截止、已取消`) of the one endpoint that sets the status which is
//! sent, and what a table of moves says of a deed by what it adds to: `| 加题 | √ | × |`.

use super::{Records, Wish};
use crate::behavior::collection::machine::moves::{ARROWS, names};
use crate::behavior::collection::{Collection, OnRecords, RecordId, prose};
use crate::behavior::{Confidence, Demand, Evidence, Machine, StatusValue};
use crate::json::Json;
use crate::lexicon::{Operation, label_head};
use crate::source::Place;
use std::sync::Arc;

/// From which status to which, in the order in which they are told of.
struct Pairs<'m> {
    moves: Vec<(&'m StatusValue, &'m StatusValue)>,
    place: Place,
}

impl Records<'_> {
    /// That the record may turn into the status that is sent.
    pub(super) fn listed_moves(&self, on: &OnRecords, records: &Collection, wishes: &mut Vec<Wish>) {
        let (Some(id), Operation::Update | Operation::Save | Operation::Transition) = (&on.id, self.operation()) else {
            return;
        };
        let found = records.machines.iter().find_map(|machine| {
            let input = self.input_for(records, &machine.field).filter(|input| *input != id.input)?;
            Some((machine, input, self.pairs(machine)?))
        });
        let Some((machine, input, pairs)) = found else { return };
        let failure = self.state_failure(machine, self.documents_states()).cloned();
        let because = Evidence::new("a list of the moves that are allowed", pairs.place, Confidence::Likely);
        for to in &machine.values {
            let from = pairs.moves.iter().filter(|(_, led)| led.value == to.value);
            let from: Vec<Json> = from.map(|(from, _)| from.value.clone()).collect();
            let Some(value) = to.value.scalar_text() else { continue };
            let state =
                Demand::InState { collection: on.collection, id: id.clone(), field: Arc::clone(&machine.field), from };
            let demand = Demand::When { input, values: vec![value.to_owned()], absent: false, demand: Box::new(state) };
            wishes.push((demand, because.clone(), failure.clone()));
        }
    }

    /// The moves that the endpoint's own remarks list, else its page, else a table.
    fn pairs<'m>(&self, machine: &'m Machine) -> Option<Pairs<'m>> {
        let gathering = self.gathering;
        let own: Vec<_> = prose::remarks(gathering.prose, self.endpoint()).collect();
        let page = || gathering.lines_around(self.endpoint());
        let read = |notes: &mut dyn Iterator<Item = &crate::spec::Note>| {
            let mut pairs = Pairs { moves: Vec::new(), place: self.endpoint().place };
            for note in notes {
                let told = self.pairs_in(&note.text, machine);
                if pairs.moves.is_empty() && !told.is_empty() {
                    pairs.place = note.place;
                }
                pairs.moves.extend(told);
            }
            (pairs.moves.len() > 1).then_some(pairs)
        };
        let in_tables = || {
            let tables = gathering.said.move_tables(gathering.set).iter();
            let file = self.endpoint().place.file;
            tables.filter(|table| table.is_free || table.place.file == file).find_map(|table| {
                let columns = table.columns?;
                let (from, to) = (columns.from?, columns.to?);
                let cell = |row: &Vec<String>, at: usize| {
                    row.get(at).map_or_else(Vec::new, |cell| gathering.statuses_in(cell, machine))
                };
                let moves = table.rows.iter().flat_map(|row| across(&cell(row, from), &cell(row, to)));
                let moves: Vec<_> = moves.collect();
                (moves.len() > 1).then_some(Pairs { moves, place: table.place })
            })
        };
        read(&mut own.into_iter()).or_else(|| read(&mut page())).or_else(in_tables)
    }

    /// `草稿 → 报名中 → 已截止、已取消`, `已截止可以改回报名中`: between arrows stand statuses and nothing else.
    fn pairs_in<'m>(&self, text: &str, machine: &'m Machine) -> Vec<(&'m StatusValue, &'m StatusValue)> {
        let lexicon = self.gathering.lexicon;
        if !ARROWS.iter().any(|arrow| text.contains(arrow)) {
            let clauses = text.split(['；', ';', '。', '，', ',']);
            let turned = clauses.filter(|clause| {
                lexicon.allows(clause) && !lexicon.speaks_of("denied", clause) && !text.starts_with('|')
            });
            let told = turned.flat_map(|clause| {
                let ends = lexicon.before("turns", clause).zip(lexicon.after("turns", clause));
                let sides = ends.and_then(|(start, end)| Some((clause.get(..start)?, clause.get(end..)?)));
                let named = |text: &str| -> Vec<&'m StatusValue> {
                    machine.values.iter().filter(|value| names(text, value, lexicon)).collect()
                };
                sides.map(|(from, to)| across(&named(from), &named(to))).unwrap_or_default()
            });
            return told.collect();
        }
        let mut plain = text.replace('`', "");
        for arrow in ARROWS {
            plain = plain.replace(arrow, "→");
        }
        let plain = plain.split(['（', '(', '。']).next().unwrap_or_default();
        let plain = plain.rsplit(['：', ':']).next().unwrap_or_default();
        let sides: Option<Vec<Vec<&StatusValue>>> = plain
            .split('→')
            .map(|side| {
                let pieces = lexicon.rules().joints.words_of(side).map(str::trim).filter(|piece| !piece.is_empty());
                let known = |piece: &str| {
                    machine.values.iter().find(|value| {
                        let (code, head) = (value.value.scalar_text().unwrap_or_default(), label_head(&value.words));
                        piece == code || piece == head || piece.strip_prefix(code).is_some_and(|rest| rest == head)
                    })
                };
                pieces.map(known).collect::<Option<Vec<_>>>().filter(|found| !found.is_empty())
            })
            .collect();
        let Some(sides) = sides else { return Vec::new() };
        sides.windows(2).flat_map(|pair| across(&pair[0], &pair[1])).collect()
    }

    /// That what a new record belongs to is in a status in which a table of moves, or a remark of the endpoint's own, allows it.
    pub(super) fn parents_allow(&self, wishes: &mut Vec<Wish>) {
        if self.operation() != Operation::Create {
            return;
        }
        let own = self.on.map(|on| on.collection);
        for input in 0..self.inputs().len() {
            let Some(collection) = self.referred(input, own).filter(|found| Some(*found) != own) else { continue };
            let told =
                |demand: &Demand| matches!(demand, Demand::InState { collection: known, .. } if *known == collection);
            if wishes.iter().any(|(demand, ..)| told(demand)) {
                continue;
            }
            let parent = &self.collections[collection];
            let title = self.endpoint().title.as_str();
            let nouns = &self.gathering.nouns[self.at];
            let verb = self.gathering.lexicon.verbs().verb(title, &nouns.words).map_or(title, |(name, _)| name);
            let allowed = parent.machines.iter().find_map(|machine| {
                let rows = self.gathering.table_moves(self.at, verb, machine);
                let stays = rows.iter().all(|row| row.to.is_none());
                let from: Vec<Json> = rows.iter().flat_map(|row| &row.from).map(|value| value.value.clone()).collect();
                let some = !from.is_empty() && from.len() < machine.values.len();
                (stays && some).then_some((machine, from))
            });
            let Some((machine, from)) = allowed else { continue };
            let id = RecordId { input, via: None };
            let demand = Demand::InState { collection, id, field: Arc::clone(&machine.field), from };
            let because = Evidence::new("a table of moves", machine.place, Confidence::Likely);
            wishes.push((demand, because, self.state_failure(machine, true).cloned()));
        }
    }
}

fn across<'m>(from: &[&'m StatusValue], to: &[&'m StatusValue]) -> Vec<(&'m StatusValue, &'m StatusValue)> {
    let pairs = from.iter().flat_map(|from| to.iter().map(move |to| (*from, *to)));
    pairs.filter(|(from, to)| from.value != to.value).collect()
}
