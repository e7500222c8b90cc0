//! What lines say that no two records have alike: `同一个人的分类名不能重复`, `手机，自己的客户里不能重复`.
//!
//! In: the lines of an endpoint's parameters, its remarks, and what stands under the heading that it stands under. Out: the inputs
//! that such a line names, each with whether it is said of one owner's records. `不能重复提交` says it of no value.

use super::gather::key_for;
use super::gather::{Gathering, is_data};
use crate::behavior::Input;
use crate::behavior::collection::prose::{remarks, sentences};
use crate::behavior::collection::{Collection, Unique};
use crate::behavior::operation::by_shape;
use crate::lexicon::label_head;
use crate::spec::Param;
use std::sync::Arc;

/// `的`, `里的`.
const MOST_LEFT: usize = 2;

impl Gathering<'_> {
    /// `车牌号 # 不能重复`
    pub(in crate::behavior::collection) fn find_stated_unique(&self, at: usize, collection: &mut Collection) {
        for (input, own) in self.told_alike(at, collection) {
            let input = &self.inputs[at][input];
            let key = key_for(collection, input).unwrap_or_else(|| Arc::clone(&input.name));
            let unique = self.on_its_day(at, Unique { fields: vec![key], own, day: None }, collection);
            if !collection.unique.contains(&unique) {
                collection.unique.push(unique);
            }
        }
    }

    /// The inputs that lines say no two records have alike.
    pub(in crate::behavior) fn told_alike(&self, at: usize, collection: &Collection) -> Vec<(usize, bool)> {
        let lexicon = self.lexicon;
        let own = |text: &str| collection.private || (collection.owned && lexicon.speaks_of("one-owner", text));
        let told = |number: usize| self.endpoint(at).params.get(number).is_none_or(Param::is_told);
        let is_kept = |number: &usize| self.inputs[at].get(*number).is_some_and(|input| is_data(input, told(*number)));
        let mut found: Vec<(usize, bool)> = Vec::new();
        for (number, param) in self.endpoint(at).params.iter().enumerate().filter(|(number, _)| is_kept(number)) {
            let words = param.all_words();
            if lexicon.speaks_of("unlike-others", &words) {
                found.push((number, own(&words)));
            }
        }
        let title = self.endpoint(at).title_place;
        let above = title.and_then(|title| self.sections.above(title).next());
        let above = above.and_then(|lines| self.prose.get(lines)).unwrap_or_default();
        let notes = remarks(self.prose, self.endpoint(at)).chain(above);
        for text in notes.flat_map(|note| sentences(&note.text)) {
            let Some(end) = lexicon.after("unlike-others", text) else { continue };
            if !text[end..].trim_start().chars().next().is_none_or(|c| "(（,，:：".contains(c)) {
                continue;
            }
            let said = &text[..end];
            let mut named: Vec<usize> = self.called(at, said, collection).into_iter().collect();
            if named.is_empty() {
                named = self.chooser.named_inputs(at, said);
                // `上级分类id` has 分类 in common with `分类名不能重复`, and is not meant.
                named.retain(|input| !by_shape::is_id(&self.inputs[at][*input], lexicon));
            }
            named.retain(|input| self.is_all_said(said, &self.inputs[at][*input], collection));
            named.retain(is_kept);
            let known = |input: &usize| found.iter().any(|(known, _)| known == input);
            named.retain(|input| !known(input));
            found.extend(named.into_iter().take(1).map(|input| (input, own(text))));
        }
        found
    }

    /// `同一天的时段不能重复` says it of the day, too: nothing else may be said but whose they are.
    fn is_all_said(&self, text: &str, input: &Input, collection: &Collection) -> bool {
        let mut rest = text.replace(label_head(&input.label), " ").replace(&*input.name, " ");
        for title in &collection.titles {
            rest = rest.replace(title.as_str(), " ");
        }
        for topic in ["unlike-others", "one-owner", "called-name"] {
            rest = self.lexicon.without(topic, &rest);
        }
        rest.chars().filter(|c| c.is_alphanumeric()).count() <= MOST_LEFT
    }

    /// `分类名` of what is called 分类 and has a bare `name`.
    fn called(&self, at: usize, text: &str, collection: &Collection) -> Option<usize> {
        let is_name = |title: &String| {
            let rest = text.split_once(title.as_str()).map(|(_, rest)| rest.trim_start());
            title.chars().count() > 1 && rest.is_some_and(|rest| self.lexicon.begins_with("called-name", rest))
        };
        collection.titles.iter().find(|title| is_name(title))?;
        self.inputs[at].iter().position(|input| self.lexicon.is_named("called-name", &input.name))
    }
}
