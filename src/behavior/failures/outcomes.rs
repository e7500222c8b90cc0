//! Replies that differ by what is sent: `<<< 接受`, `<<< 拒绝` beside `result # 1接受 2拒绝`.
//!
//! In: an input that lists values and the success examples. Out: for each value the one example whose section or message is called
//! like it; nothing where fewer than two values have one of their own.

use crate::behavior::replies::Replies;
use crate::behavior::{Reply, enumeration};
use crate::lexicon::{Operation, label_head};
use crate::spec::{Example, SectionKind};

/// What is answered where an input has a value.
#[derive(Clone, Debug)]
pub struct Outcome {
    pub input: usize,
    pub value: String,
    /// What the value is called.
    pub words: String,
    pub reply: Reply,
}

impl Replies<'_> {
    pub(in crate::behavior) fn outcomes(&self) -> Vec<Outcome> {
        let endpoint = self.endpoint();
        if self.operation == Operation::Toggle || endpoint.successes().nth(1).is_none() {
            return Vec::new();
        }
        let envelope = self.set.envelope(endpoint);
        let sections = endpoint.sections.iter().filter(|section| section.kind == SectionKind::Success);
        let texts: Vec<(&Example, String)> = sections
            .flat_map(|section| section.examples.iter().map(move |example| (section, example)))
            .map(|(section, example)| {
                let message = envelope.message_of(&example.value).map_or("", |(_, text)| text);
                (example, format!("{} {message}", section.label.as_deref().unwrap_or_default()))
            })
            .collect();
        let inputs =
            self.inputs.iter().zip(&endpoint.params).enumerate().filter(|(_, (input, _))| !input.discriminates);
        let mut found = inputs.map(|(input, (_, param))| {
            let items = enumeration::read(&param.all_words(), &self.lexicon.rules().enumerations);
            let heads: Vec<&str> = items.iter().map(|item| label_head(&item.words)).collect();
            let own = |head: &str| {
                // `不通过` holds `通过`.
                let says = |text: &str| {
                    let rest = heads.iter().filter(|other| other.len() > head.len() && other.contains(head));
                    rest.fold(text.to_owned(), |text, longer| text.replace(longer, "")).contains(head)
                };
                let mut named = texts.iter().filter(|(_, text)| head.chars().count() > 1 && says(text));
                named.next().map(|(example, _)| *example).filter(|_| named.next().is_none())
            };
            let named: Vec<_> = items.iter().zip(&heads).filter_map(|(item, head)| Some((item, own(head)?))).collect();
            let differ = named.windows(2).any(|pair| !std::ptr::eq(pair[0].1, pair[1].1));
            let outcome = |(item, example): &(&enumeration::Item, &Example)| Outcome {
                input,
                value: item.value.clone(),
                words: label_head(&item.words).to_owned(),
                reply: self.filled(example),
            };
            if differ { named.iter().map(outcome).collect() } else { Vec::new() }
        });
        found.find(|outcomes: &Vec<Outcome>| !outcomes.is_empty()).unwrap_or_default()
    }
}
