//! A list called as its document shows it: what its inputs have for examples shall not hide all that it has.
//!
//! In: a list's plan, its inputs with their examples, and the records that are there from the start. Out: which inputs filter nothing,
//! and which examples only show a form. A place (`lat`, `lng`) is where somebody stands, and no member of a record to be equal to.

use super::list_plan::{FilterKind, ListPlan};
use super::listing::Listing;
use crate::behavior::collection::{Collection, Seed};
use crate::behavior::{Form, Input};
use crate::json::Json;
use crate::lexicon::{Role, label_head};

impl Listing<'_> {
    /// `lat`, `lng`, `经度`: what is near is listed, and not what is just there.
    pub(in crate::behavior::collection) fn is_place(&self, input: &Input) -> bool {
        let label = label_head(&input.label);
        self.lexicon.is_named("coordinate", &input.name)
            || (!label.is_empty() && self.lexicon.is_nothing_but("coordinate", label))
    }

    /// `name=仁苑南门` of a list by name, or of what is near: it is looked for, and need not be the whole name.
    pub(in crate::behavior::collection) fn searches_by_name(&self, input: &Input) -> bool {
        let (path, _) = crate::behavior::operation::path_words::path_words(self.endpoint, self.lexicon);
        let asks = self.lexicon.speaks_of("searching-list", &self.endpoint.title)
            || path.iter().any(|word| self.lexicon.is_named("searching-list", word));
        let open = !input.rules.iter().any(|rule| matches!(rule.form, Form::OneOf(_) | Form::Date(_)));
        asks && open && matches!(input.word, Role::RealName | Role::Nickname)
    }

    /// An example in words that none of the records has filters nothing.
    pub(in crate::behavior::collection) fn open_examples(&self, collection: &Collection, plan: &mut ListPlan) {
        if collection.seeds.is_empty() {
            return;
        }
        for filter in &mut plan.filters {
            let equal = matches!(filter.kind, FilterKind::Equal | FilterKind::Contains);
            let Some(example) = self.example_in_words(filter.input).filter(|_| equal) else { continue };
            let has = |seed: &Seed| {
                let known = seed.fields.get(&filter.field).and_then(Json::scalar_text);
                known.is_some_and(|text| text.to_lowercase().contains(&example.to_lowercase()))
            };
            if !collection.seeds.iter().any(has) {
                filter.all.push(example.to_owned());
            }
        }
        if let Some(example) = plan.keyword.and_then(|input| self.example_in_words(input)) {
            let speaks = |seed: &Seed| {
                let mut texts = seed.fields.iter().filter_map(|(_, value)| value.scalar_text());
                texts.any(|text| text.to_lowercase().contains(&example.to_lowercase()))
            };
            plan.keyword_open = Some(example.to_owned()).filter(|_| !collection.seeds.iter().any(speaks));
        }
    }

    /// The example of what is looked for: no id, no number, and none of a few values.
    fn example_in_words(&self, at: usize) -> Option<&str> {
        let input = &self.inputs[at];
        let closed = input.rules.iter().any(|rule| !matches!(rule.form, Form::Length(_)));
        let words = matches!(input.word, Role::Plain | Role::Keyword | Role::RealName | Role::Nickname | Role::Account);
        let example = self.endpoint.params.get(at)?.default.as_deref()?.trim();
        let is_text = example.parse::<f64>().is_err() && !example.is_empty();
        (words && !closed && is_text).then_some(example)
    }
}
