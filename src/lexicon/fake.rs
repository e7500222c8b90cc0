//! What made-up records hold, as `data/fake.toml` lists it.

use super::compact;
use serde::Deserialize;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fake {
    pub surnames: Vec<String>,
    pub given: Vec<String>,
    pub nicknames: Vec<String>,
    /// Province, city, district.
    pub places: Vec<[String; 3]>,
    pub streets: Vec<String>,
    /// A house in a street, its number at `{}`.
    pub house: String,
    texts: Vec<Texts>,
}

/// What fields of these names or labels hold.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Texts {
    /// It is put together from the other tables.
    #[serde(default)]
    kind: Option<FakeKind>,
    names: Vec<String>,
    words: Vec<String>,
    /// More names, where the record has a price.
    #[serde(default)]
    priced: Vec<String>,
    #[serde(default)]
    values: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FakeKind {
    Province,
    City,
    District,
    Address,
    Person,
}

/// What a text field holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum FakeText<'l> {
    Kind(FakeKind),
    OneOf(&'l [String]),
}

impl Fake {
    /// By a field's name, else by its label.
    pub fn text(&self, name: &str, label: &str, is_priced: bool) -> Option<FakeText<'_>> {
        let name = compact(name);
        let priced = self.texts.iter().find(|texts| is_priced && texts.priced.contains(&name));
        let named = priced.or_else(|| self.texts.iter().find(|texts| texts.names.contains(&name)));
        let labelled = || self.texts.iter().find(|texts| texts.words.iter().any(|word| label.contains(word.as_str())));
        named.or_else(labelled).map(|texts| texts.kind.map_or(FakeText::OneOf(&texts.values), FakeText::Kind))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Lexicon;

    #[test]
    fn every_field_has_something_to_hold() {
        let lexicon = Lexicon::standard();
        let fake = lexicon.fake();
        assert!(fake.texts.iter().all(|texts| texts.kind.is_some() != (texts.values.len() >= 8)));
        assert_eq!(fake.text("detail_address", "", true), Some(FakeText::Kind(FakeKind::Address)));
        assert_eq!(fake.text("x1", "收货人姓名", false), Some(FakeText::Kind(FakeKind::Person)));
        assert_eq!(fake.text("x1", "别的", false), None);
        assert_ne!(fake.text("title", "", false), fake.text("title", "", true));
    }
}
