//! Where a keyword is looked for, if its words say it: `搜标题`, `按名称或编号查`.
//!
//! In: a list's input with its remarks, and the collection. Out: the fields; none where the words name nothing, or anything that
//! no field is known for: then it is looked for in all texts.

use super::listing::Listing;
use crate::behavior::collection::items::gather::is_data;
use crate::behavior::collection::{Collection, ItemField, ItemTemplate, ListPlan, Source};
use crate::behavior::{Form, Input};
use crate::lexicon::{Lexicon, Role, compact, label_head};
use std::sync::Arc;

/// What a word calls fields of.
const KINDS: [&str; 7] = ["of-title", "of-name", "of-number", "of-content", "of-author", "of-address", "of-phone"];

impl Listing<'_> {
    /// `guanjianzi # 按标题模糊搜`: whatever it is called, it is looked for in texts.
    pub(in crate::behavior::collection) fn searches(&self, at: usize, input: &Input, collection: &Collection) -> bool {
        let closed =
            input.rules.iter().any(|rule| matches!(rule.form, Form::OneOf(_) | Form::Date(_) | Form::Range(..)));
        let words = self.endpoint.params[at].all_words();
        let is_field = collection.field(&input.name).is_some() || collection.reference(&input.name).is_some();
        let open = matches!(input.word, Role::Plain | Role::RealName | Role::Nickname | Role::Account);
        open && !closed && !is_field && is_data(input, true) && self.lexicon.speaks_of("searches", &words)
    }

    /// The fields in which a keyword is looked for; empty for all.
    pub(in crate::behavior::collection) fn keyword_fields(
        &self,
        at: usize,
        input: &Input,
        collection: &Collection,
    ) -> Vec<Arc<str>> {
        let lexicon = self.lexicon;
        // `kw=面馆#搜标题`: where the name is to stand can be a value.
        let param = &self.endpoint.params[at];
        let own: Vec<Arc<str>> = [&param.label, &param.description]
            .into_iter()
            .filter_map(|words| fields_of(words, collection, lexicon))
            .flatten()
            .collect();
        if !own.is_empty() {
            return own;
        }
        // `keyword 按姓名模糊查`
        let notes = crate::behavior::collection::prose::remarks(self.prose, self.endpoint).flat_map(|note| {
            let clauses = note.text.split([',', '，', ';', '；', '。', '\n']).map(str::trim);
            clauses.filter_map(|clause| clause.trim_start_matches('`').strip_prefix(&*input.name))
        });
        let mut found = notes.filter_map(|clause| {
            let rest = clause.trim_start_matches('`');
            let parted = !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
            fields_of(rest, collection, lexicon).filter(|_| parted)
        });
        found.next().unwrap_or_default()
    }
}

/// What a list's items show of other records is no text of its own: then it is looked for in all.
pub(in crate::behavior::collection) fn look_at_items(plan: &mut ListPlan, template: &ItemTemplate) {
    let is_own = |field: &Arc<str>| {
        let member = template.members.iter().find(|member| compact(&member.key) == compact(field));
        member.is_none_or(|member| matches!(member.source, Source::Id | Source::Field | Source::Alias(_)))
    };
    if !plan.keyword_in.iter().all(is_own) {
        plan.keyword_in.clear();
    }
}

fn fields_of(words: &str, collection: &Collection, lexicon: &Lexicon) -> Option<Vec<Arc<str>>> {
    let rules = lexicon.rules();
    let mut found: Vec<Arc<str>> = Vec::new();
    let clauses = words.split([',', '，', ';', '；', '。', '(', '（', ')', '）']);
    for clause in clauses.filter(|clause| !lexicon.speaks_of("search-aside", clause)) {
        let spoken = clause.to_lowercase().replace(" or ", "/").replace(" and ", "/");
        for part in rules.joints.words_of(&spoken).flat_map(|part| rules.joints.things_of(part)) {
            let bare = lexicon.within_words("search-fillers", part);
            let bare = bare.trim_matches(|c: char| !c.is_alphanumeric());
            if bare.is_empty() {
                continue;
            }
            found.extend(called(bare, collection, lexicon)?);
        }
    }
    (!found.is_empty()).then_some(found)
}

/// The fields that a word names: by what they are called, else by what is called so.
fn called(word: &str, collection: &Collection, lexicon: &Lexicon) -> Option<Vec<Arc<str>>> {
    let text = |field: &&ItemField| {
        field.example.as_str().is_some() && !matches!(field.role, Role::Time | Role::Status | Role::Amount)
    };
    let texts = || collection.fields.iter().filter(text);
    let label = |field: &&ItemField| {
        let label = label_head(&field.words);
        compact(&field.key) == compact(word) || (label.chars().count() > 1 && label == word)
    };
    if let Some(field) = texts().find(label) {
        return Some(vec![Arc::clone(&field.key)]);
    }
    // `服务名` of a service is its name.
    let longest = collection.titles.iter().filter(|title| word.starts_with(title.as_str()) && *title != word);
    let title = longest.max_by_key(|title| title.len());
    let of_own = title.map_or(word, |title| &word[title.len()..]);
    let kind = KINDS.iter().find(|kind| lexicon.is_nothing_but(kind, of_own) || lexicon.ends_with(kind, of_own))?;
    let names = |field: &&ItemField| {
        let key = compact(&field.key);
        lexicon.is_named(kind, &key)
            || collection
                .names
                .iter()
                .any(|own| key.strip_prefix(own.as_str()).is_some_and(|rest| lexicon.is_named(kind, rest)))
    };
    let mut found: Vec<Arc<str>> = texts().filter(names).map(|field| Arc::clone(&field.key)).collect();
    if found.is_empty() {
        // `caiming`, `book_name`: the only one that ends so.
        let ends = texts().filter(|field| lexicon.ends_with(kind, &compact(&field.key)));
        found = ends.map(|field| Arc::clone(&field.key)).collect();
        found.truncate(usize::from(found.len() == 1));
    }
    if found.is_empty() && *kind == "of-number" {
        found.extend(collection.id.key.clone());
    }
    let whole = lexicon.is_nothing_but(kind, of_own);
    (!found.is_empty() && (whole || found.len() == 1)).then_some(found)
}
