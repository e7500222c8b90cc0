//! What still counts after a deed: `取消的也算` says that a number stays when an order is cancelled.
//!
//! In: an endpoint that moves records. Out: a story that looks at such a number, does the deed, and looks again. Only what the words
//! beside the number say is expected: whether cancelled ones count is left open by most documents.

use super::effects::{Story, because};
use super::lab::Lab;
use super::violate::{CALLER, title};
use crate::behavior::{Action, Auth, Slot};
use crate::json::Json;
use crate::scenario::ast::{Basis, Matcher, Path, Test, What};
use crate::spec::FieldNote;

pub(super) fn story<'g>(start: &Lab<'g>, endpoint: usize) -> Option<Story<'g>> {
    let (collection, status) = start.behavior(endpoint).effects.iter().find_map(|effect| match &effect.action {
        Action::MoveRecords { collection, id: Some(_), field, to, .. } => {
            let machine = start.model().collections[*collection].machine(field)?;
            let words = machine.values.iter().find(|value| value.value == *to).map(|value| value.words.clone());
            Some((*collection, words?))
        }
        _ => None,
    })?;
    let counts =
        |slot: &Slot| matches!(slot, Slot::Counted { collection: of, mine: true, only: None } if *of == collection);
    let lookers = start.model().behaviors.iter().enumerate().filter(|(_, known)| {
        let shows = known.success.body.slots().any(|(slot, _)| counts(slot));
        shows && known.effects.is_empty() && known.auth == Auth::Required
    });
    let lookers: Vec<usize> = lookers.map(|(at, _)| at).collect();
    lookers.into_iter().find_map(|looker| {
        let mut successes = start.generation.set.endpoints[looker].successes().flat_map(|example| &example.comments);
        let note = successes.find(|note| counts_still(start, note, &status))?;
        stays(start, endpoint, looker, note)
    })
}

/// Whether a remark says that those of a status count as well.
fn counts_still(lab: &Lab<'_>, note: &FieldNote, status: &str) -> bool {
    let lexicon = &lab.generation.lexicon;
    let letters: Vec<char> = status.chars().filter(|c| c.is_alphanumeric()).collect();
    let mut pairs = letters.windows(2).filter(|pair| pair.iter().all(|c| !c.is_ascii()));
    let mut is_named = |text: &str| {
        pairs.any(|pair| text.contains(&pair.iter().collect::<String>()))
            || (status.is_ascii() && status.len() > 3 && text.to_lowercase().contains(&status.to_lowercase()))
    };
    !lexicon.speaks_of("left-out", &note.text)
        && (lexicon.speaks_of("counted-whatever", &note.text)
            || (lexicon.speaks_of("counted-too", &note.text) && is_named(&note.text)))
}

fn stays<'g>(start: &Lab<'g>, endpoint: usize, looker: usize, note: &FieldNote) -> Option<Story<'g>> {
    let mut lab = start.clone();
    let deed = lab.prepared(endpoint, CALLER, 0).filter(|deed| deed.person == CALLER)?;
    let steps = lab.steps.len();
    let look = lab.prepared(looker, CALLER, 0).filter(|look| look.person == CALLER)?;
    (lab.steps.len() <= steps + 1).then_some(())?;
    let path = crate::json::path_text(&note.path);
    let number = |body: &Json| body.at(&note.path).filter(|value| value.scalar_text().is_some()).cloned();
    let before = number(&lab.go(&look, None))?;
    let was = lab.save("count", Some(&path), before.clone())?;
    lab.go(&deed, None);
    let after = lab.tried(looker, &look.values);
    (after.is_accepted() && number(&after.body)? == before).then_some(())?;
    let same = vec![Matcher::AtLeast(was.shown.clone()), Matcher::AtMost(was.shown)];
    let told = format!("{}; {}", because(&lab, endpoint), note.text);
    lab.call(looker, &look.values, vec![What::At(Path::parse(&path).ok()?, Test::Matches(same))], Some(told));
    lab.basis(Basis::Inferred);
    lab.about_itself();
    Some(Story { lab, what: format!("{} counts it still", title(start, looker)), is_deed: true })
}
