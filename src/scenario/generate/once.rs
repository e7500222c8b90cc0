//! What is made once is there once: also in a list that everybody sees and fills.
//!
//! In: an endpoint that makes records. Out: a story that makes one about a word of this run alone, and looks where the word
//! stands.

use super::effects::{Story, because};
use super::lab::{Lab, Val};
use super::traces::{listed, listed_for_all};
use super::violate::{CALLER, title};
use crate::behavior::Action;
use crate::json::Json;
use crate::scenario::ast::{Basis, Matcher};

/// A text that no other run has, as the scenario writes it and as it is in the lab.
const WORD: [&str; 2] = ["once${run}", "once1"];

pub(super) fn story<'g>(start: &Lab<'g>, endpoint: usize) -> Option<Story<'g>> {
    let made = start.behavior(endpoint).effects.iter().find_map(|effect| match &effect.action {
        Action::CreateRecord { collection, merge: None, .. } => Some(*collection),
        _ => None,
    })?;
    let mut lab = start.clone();
    let name = lab.name("word");
    lab.vars.push((name.clone(), Json::string(WORD[0])));
    let word = Val { shown: Json::string(format!("${{{name}}}")), actual: Json::string(WORD[1]) };
    let record = lab.created_about_by(endpoint, made, CALLER, &word)?;
    let readers = lab.readers_of(made).into_iter().filter(|reader| lab.behavior(*reader).list.is_some());
    readers.collect::<Vec<_>>().into_iter().find_map(|reader| {
        let mut lab = lab.clone();
        let is_own = lab.behavior(reader).list.as_ref().is_some_and(|plan| plan.mine);
        let (draft, shown, body) = if is_own {
            listed(&mut lab, reader, made, &record)
        } else {
            listed_for_all(&mut lab, reader, made, &record)
        }?;
        let members = shown.item(&body, record.as_text())?.as_object()?;
        let (key, _) = members.iter().find(|(_, value)| value.as_str() == Some(WORD[1]))?;
        let mut item = Json::empty_object();
        item.set(key, word.shown.clone());
        let expect = vec![shown.whole(Matcher::ContainsOnce(item))?];
        let told = because(&lab, endpoint);
        lab.call(reader, &draft.values, expect, Some(told));
        lab.basis(Basis::Inferred);
        let what = format!("{} has it once", title(&lab, reader));
        Some(Story { lab, what, is_deed: true })
    })
}
