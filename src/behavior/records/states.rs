//! Which statuses a record may have for a deed, and the failure that says so.

use super::{Records, Wish};
use crate::behavior::choose::{Subject, is_about_account};
use crate::behavior::collection::machine::moves;
use crate::behavior::collection::{Collection, OnRecords};
use crate::behavior::failure::Failure;
use crate::behavior::failures::left_over;
use crate::behavior::{Confidence, Demand, Evidence, Machine};
use crate::json::Json;
use crate::lexicon::{Class, Operation, Role, label_head};
use std::sync::Arc;

impl Records<'_> {
    /// Which statuses the record may have.
    pub(super) fn states(&self, on: &OnRecords, records: &Collection, wishes: &mut Vec<Wish>) {
        let Some(id) = &on.id else { return };
        let refusing = |failure: &&Failure| is_refusal(failure);
        let movement = if self.operation() == Operation::Transition { self.movement() } else { None };
        if let Some(movement) = movement.as_ref().filter(|movement| movement.is_chosen()) {
            let Some(machine) = records.machine(&movement.field) else { return };
            let failure = self.state_failure(machine, self.documents_states()).cloned();
            let chosen = movement.chosen(on.collection, id).into_iter();
            return wishes.extend(chosen.map(|demand| (demand, movement.because.clone(), failure.clone())));
        }
        let mut told = None;
        let (machine, from, again) = match &movement {
            Some(movement) => {
                let Some(machine) = records.machine(&movement.field) else { return };
                (machine, movement.from.clone(), movement.again)
            }
            None if matches!(
                self.operation(),
                Operation::Update | Operation::Save | Operation::Delete | Operation::Transition | Operation::Increment
            ) =>
            {
                // `只有待受理的报修单可以修改`, `已完成的不能删除`.
                let lexicon = self.gathering.lexicon;
                let stands = || {
                    let standing = self.standing()?;
                    told = Some(standing.because);
                    Some((records.machine(&standing.field)?, standing.from))
                };
                let mut unsent =
                    records.machines.iter().filter(|machine| self.input_for(records, &machine.field).is_none());
                let found = unsent.find_map(|machine| {
                    let failures = || self.failures().iter().filter(refusing);
                    let named = |failure: &Failure| -> Vec<Json> {
                        machine
                            .values
                            .iter()
                            .filter(|value| moves::names(failure.says(), value, lexicon))
                            .map(|value| value.value.clone())
                            .collect()
                    };
                    let only = failures()
                        .filter(|failure| lexicon.speaks_of("only-from", failure.says()))
                        .map(named)
                        .find(|named| !named.is_empty());
                    let blocked: Vec<Json> = failures().flat_map(named).collect();
                    let rest = || -> Vec<Json> {
                        machine
                            .values
                            .iter()
                            .map(|value| value.value.clone())
                            .filter(|value| !blocked.contains(value))
                            .collect()
                    };
                    only.or_else(|| Some(rest()).filter(|_| !blocked.is_empty())).map(|from| (machine, from))
                });
                let Some((machine, from)) = found.or_else(stands) else { return };
                (machine, from, false)
            }
            None => return,
        };
        if from.is_empty() {
            return;
        }
        let demand = |from: Vec<Json>| Demand::InState {
            collection: on.collection,
            id: id.clone(),
            field: Arc::clone(&machine.field),
            from,
        };
        let lexicon = self.gathering.lexicon;
        // A failure that names a status is the one for that status, and the general one is for the others.
        let mut all = from.clone();
        for value in machine.values.iter().filter(|value| !from.contains(&value.value)) {
            let own = self.failures().iter().filter(refusing).find(|failure| {
                moves::names(failure.says(), value, lexicon) && !lexicon.speaks_of("only-from", failure.says())
            });
            if let Some(failure) = own {
                let others = machine
                    .values
                    .iter()
                    .map(|known| known.value.clone())
                    .filter(|known| *known != value.value)
                    .collect();
                let because =
                    Evidence::new(format!("`{}` names a status", failure.message), failure.place, Confidence::Certain);
                wishes.push((demand(others), because, Some(failure.clone())));
                all.push(value.value.clone());
            }
        }
        let told = movement.map(|movement| movement.because).or(told);
        let because = told.unwrap_or_else(|| self.because("failures name the statuses"));
        let documented = self.documents_states();
        let left = machine.values.iter().any(|value| !all.contains(&value.value));
        if left && (!again || documented) {
            let fitting = if documented { None } else { self.naming_state(machine, &all) };
            let fitting = fitting.or_else(|| self.state_failure(machine, documented));
            wishes.push((demand(all), because, fitting.cloned().or_else(|| self.altering_refused())));
        }
    }

    /// The own failure of a status that a deed may not leave: of several the one that speaks of a status (`评分只能是1到5` does
    /// not); `工单还未修好` is what the one failure that nothing else accounts for must mean.
    pub(super) fn state_failure(&self, machine: &Machine, documented: bool) -> Option<&Failure> {
        let lexicon = self.gathering.lexicon;
        let speaks = |failure: &&Failure| {
            let named = machine.values.iter().any(|value| moves::names(failure.says(), value, lexicon));
            named || failure.classes.first() == Some(&Class::WrongState)
        };
        let mut told = self.failures().iter().filter(|failure| is_refusal(failure)).filter(speaks);
        let only = told.find(|failure| lexicon.speaks_of("only-from", failure.says()));
        let unread =
            || self.failures().iter().filter(|failure| failure.classes.is_empty() && !failure.message.is_empty());
        let alone = || left_over::only(unread()).filter(|_| !documented);
        // `商家还没有发货` names no status, and says what has not come about.
        let not_yet = |failure: &&Failure| failure.classes.first() == Some(&Class::NotSubmitted) && !documented;
        let still = |failure: &&Failure| lexicon.speaks_of("not-come-about", failure.says()) && !documented;
        // `稿件未刊发` of what is called 已刊发.
        let by_name = || {
            let stems = machine.values.iter().map(|value| lexicon.without_done(label_head(&value.words)));
            let stems: Vec<&str> = stems.filter(|stem| stem.chars().count() > 1 && !stem.is_ascii()).collect();
            let bare = |failure: &&Failure| {
                failure.classes.is_empty() && stems.iter().any(|stem| failure.message.contains(stem))
            };
            self.failures().iter().find(bare)
        };
        // `当前预约不能改` of 改约.
        let by_deed = || {
            let denies = |failure: &&Failure| {
                let deed = lexicon.after("denied", failure.says()).and_then(|end| failure.says().get(end..));
                deed.is_some_and(|deed| self.gathering.is_granted(self.at, deed.trim()))
            };
            unread().filter(|_| !documented).find(denies)
        };
        only.or_else(|| self.failures().iter().find(not_yet))
            .or_else(by_name)
            .or_else(by_deed)
            .or_else(alone)
            .or_else(|| unread().find(still))
    }

    /// `活动已开放报名，不能修改` of a table for all, where the endpoint has no failure of its own that says so.
    pub(in crate::behavior) fn altering_refused(&self) -> Option<Failure> {
        let lexicon = self.gathering.lexicon;
        let alters = matches!(self.operation(), Operation::Update | Operation::Save);
        let sends = self.inputs().iter().any(|input| input.word == Role::Status);
        if !alters || sends || self.failures().iter().any(is_refusal) {
            return None;
        }
        let says = |failure: &&Failure| {
            let class = failure.classes.first();
            let of_state = matches!(class, None | Some(Class::WrongState | Class::ForbiddenStatus));
            of_state && ["altering", "denied"].iter().all(|topic| lexicon.speaks_of(topic, &failure.message))
        };
        self.gathering.chooser.shared(self.at, Subject::None).find(says).cloned()
    }

    /// `休耕的畦不能浇水` in words that no class finds, `习惯已归档` of a table for all: what names a status that a deed may not leave, where
    /// no failure of the endpoint's own is known to.
    fn naming_state(&self, machine: &Machine, from: &[Json]) -> Option<&Failure> {
        let chooser = self.gathering.chooser;
        let lexicon = self.gathering.lexicon;
        let mut barred = machine.values.iter().filter(|value| !from.contains(&value.value));
        barred.find_map(|value| {
            let unread = self.failures().iter().filter(|failure| failure.classes.is_empty());
            let mut told = unread.chain(chooser.shared(self.at, Subject::None));
            told.find(|failure| moves::names(failure.says(), value, lexicon) && !is_about_account(failure))
        })
    }

    /// Whether a failure says that a status does not allow something.
    pub(super) fn documents_states(&self) -> bool {
        let of_status = |class: &Class| matches!(class, Class::WrongState | Class::ForbiddenStatus);
        self.failures().iter().any(|failure| failure.classes.iter().any(of_status))
    }
}

/// Whether a failure can say that a record's status stands against what is asked.
fn is_refusal(failure: &Failure) -> bool {
    failure.classes.iter().any(|class| {
        matches!(
            class,
            Class::WrongState
                | Class::ForbiddenStatus
                | Class::Exists
                | Class::Unchanged
                | Class::Failed
                | Class::Expired
                | Class::TooFrequent
                | Class::Malformed
        )
    })
}
