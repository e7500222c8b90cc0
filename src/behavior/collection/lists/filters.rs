//! Which inputs of a list keep records out, by which of their fields, and which values of theirs keep out none.

use super::list_plan::{Filter, FilterKind};
use super::listing::Listing;
use crate::behavior::collection::items::example_forms::time_form;
use crate::behavior::collection::items::gather::{is_data, key_for};
use crate::behavior::collection::items::item::{ItemMember, Source};
use crate::behavior::collection::{Collection, ItemField};
use crate::behavior::inputs::own_rules;
use crate::behavior::operation::path_words::split_words;
use crate::behavior::{Form, Input, enumeration};
use crate::json::Json;
use crate::lexicon::Role;
use crate::lexicon::compact;
use crate::spec::In;
use std::sync::Arc;

impl Listing<'_> {
    /// `mobile` of a list of accounts: by what they are known.
    pub(in crate::behavior::collection) fn named_account(
        &self,
        at: usize,
        input: &Input,
        collection: &Collection,
    ) -> Option<Filter> {
        let names = matches!(input.word, Role::Phone | Role::Email | Role::Account | Role::Identity);
        // Where one searches for names and phones alike there is more to look through.
        if !names || collection.of_kind.is_none() || collection.field(&input.name).is_some() {
            return None;
        }
        let (key, example) = (Arc::clone(&input.name), Json::string(""));
        let member = ItemMember { key: Arc::clone(&key), example, source: Source::OwnerIdentity };
        let all = self.all_values(at, input);
        Some(Filter { shown: Some(member), ..Filter::new(at, key, FilterKind::Equal, all) })
    }

    pub(in crate::behavior::collection) fn filter(
        &self,
        at: usize,
        input: &Input,
        collection: &Collection,
    ) -> Option<Filter> {
        let author = collection.owned && self.other() == Some(at);
        // `user_id` of what no account owns names whom a record is about, as its field of that name does.
        let person = !collection.owned
            && input.word == Role::UserId
            && !input.routes
            && input.location != In::Header
            && collection.field(&input.name).is_some();
        if !author && !person && !is_data(input, true) {
            return None;
        }
        let all = self.all_values(at, input);
        if author {
            let shown = collection.field(&input.name).or_else(|| {
                let mut owners = collection.fields.iter().filter(|field| field.role == Role::UserId);
                owners.next()
            });
            let field = shown.map_or_else(|| Arc::clone(&input.name), |field| Arc::clone(&field.key));
            return Some(Filter::new(at, field, FilterKind::Owner, all));
        }
        if let Some(relation) = self.of_tied(at, input, collection) {
            let others = self.other_scopes(at);
            let all = all.into_iter().chain(["0".to_owned(), "false".to_owned()]).chain(others).collect();
            return Some(Filter::new(at, Arc::clone(&input.name), FilterKind::OfTied(relation), all));
        }
        let words = self.endpoint.params[at].all_words();
        let filter = |field: Arc<str>, kind: FilterKind| {
            let means = super::scopes::means(&words, collection, &field, &all, self.lexicon);
            let each = self.lexicon.speaks_of("each-of-them", &words);
            Some(Filter { each, means, ..Filter::new(at, field, kind, all.clone()) })
        };
        // The relation's list asks for the records of one kind by what the relation keeps.
        if let Some(reference) = collection.reference(&input.name) {
            return filter(Arc::clone(&reference.field), FilterKind::Equal);
        }
        if let Some(field) = Self::ids_of(input, collection) {
            return filter(field, FilterKind::Among);
        }
        // `articles/:id/comments` lists the article's.
        let bare = compact(&input.name) == "id" || input.location == In::Path;
        if let Some(parent) = collection.references.iter().find(|reference| !reference.many).filter(|_| bare) {
            return filter(Arc::clone(&parent.field), FilterKind::Equal);
        }
        if let Some(field) = collection.field(&input.name) {
            let name_like = matches!(field.role, Role::RealName | Role::Nickname)
                || matches!(compact(&field.key).as_str(), "title" | "name");
            let times = time_form(&field.example).is_some() && field.role == Role::Time;
            let kind = match () {
                () if times => FilterKind::Begins,
                () if field.example.as_str().is_some()
                    && (name_like || self.lexicon.speaks_of("part-of-it", &words)) =>
                {
                    FilterKind::Contains
                }
                () => FilterKind::Equal,
            };
            return filter(Arc::clone(&field.key), kind);
        }
        let name = compact(&input.name);
        if let Some(field) = self.spanned(at, input, collection) {
            return filter(field, FilterKind::Between);
        }
        for (bound, kind) in [("bound-from", FilterKind::AtLeast), ("bound-to", FilterKind::AtMost)] {
            let Some(stem) = self.lexicon.unbounded(bound, &name) else { continue };
            let stem = stem.as_str();
            let same = collection.field(stem).map(|field| Arc::clone(&field.key));
            let amount = || {
                collection.fields.iter().find(|field| {
                    field.role == Role::Amount
                        && (stem.contains("price") || stem.contains("amount") || stem.contains("money"))
                })
            };
            let time = || {
                collection.fields.iter().find(|field| {
                    (stem.contains("time") || stem.contains("date") || stem.is_empty())
                        && time_form(&field.example).is_some()
                })
            };
            if let Some(field) = same.or_else(|| amount().or_else(time).map(|field| Arc::clone(&field.key))) {
                return filter(field, kind);
            }
        }
        if name.contains("date") || name.contains("day") {
            let time =
                collection.fields.iter().find(|field| field.role == Role::Time && time_form(&field.example).is_some());
            if let Some(field) = time {
                return filter(Arc::clone(&field.key), FilterKind::Begins);
            }
        }
        let told = || super::scopes::status_told(&words, collection, &all, self.lexicon);
        let several = || {
            let stem = name.strip_suffix("ids").filter(|stem| !stem.is_empty())?;
            collection.field(&format!("{stem}id")).map(|field| Arc::clone(&field.key))
        };
        let field = key_for(collection, input).or_else(told).or_else(several);
        field.and_then(|field| filter(field, FilterKind::Equal))
    }

    /// `between_price # 价格区间 如100-200`: the number that has to lie between.
    fn spanned(&self, at: usize, input: &Input, collection: &Collection) -> Option<Arc<str>> {
        let words = self.endpoint.params[at].all_words();
        let named = split_words(&input.name);
        let is_span = |text: &str| self.lexicon.speaks_of("span-of", text);
        let shown = words.split(|c: char| !(c.is_ascii_digit() || matches!(c, '-' | '~' | '.'))).any(|piece| {
            piece.split_once(['-', '~']).is_some_and(|(a, b)| a.parse::<f64>().is_ok() && b.parse::<f64>().is_ok())
        });
        if !shown || !(is_span(&words) || named.iter().any(|word| is_span(word))) {
            return None;
        }
        let number = |field: &&ItemField| field.example.scalar_text().is_some_and(|text| text.parse::<f64>().is_ok());
        let numbers = || collection.fields.iter().filter(number);
        let by_name = numbers().find(|field| named.iter().any(|word| compact(word) == compact(&field.key)));
        let amount = || numbers().find(|field| field.role == Role::Amount && input.word == Role::Amount);
        by_name.or_else(amount).map(|field| Arc::clone(&field.key))
    }

    /// `order_ids` of a list of orders: those are wanted whose ids are among them. The field is the one of that name, where there is one.
    fn ids_of(input: &Input, collection: &Collection) -> Option<Arc<str>> {
        let name = compact(&input.name);
        let stem = name.strip_suffix("ids").or_else(|| name.strip_suffix("idlist"))?;
        let own = stem.is_empty() || collection.names.iter().any(|known| compact(known) == stem);
        if !own || collection.field(&input.name).is_some() {
            return None;
        }
        let field = collection.field(&format!("{stem}id")).map(|field| Arc::clone(&field.key));
        Some(field.or_else(|| collection.id.key.clone()).unwrap_or_else(|| "id".into()))
    }

    /// `gz=1#只看我关注的人发的`: the relation by which callers are tied to those whose records are wanted.
    pub(in crate::behavior::collection) fn of_tied(
        &self,
        at: usize,
        input: &Input,
        collection: &Collection,
    ) -> Option<usize> {
        let words = self.endpoint.params[at].all_words();
        let asks = collection.owned
            && collection.field(&input.name).is_none()
            && self.lexicon.speaks_of("followed-only", &words);
        let (said, ..) = self.lexicon.verbs().relation(&words, &[]).filter(|(.., off)| asks && !off)?;
        self.collections.iter().position(|known| {
            let relation = known.relation.as_ref().filter(|relation| relation.name == said);
            relation.is_some_and(|own| self.collections.get(own.target).is_some_and(Collection::holds_accounts))
        })
    }

    /// Values that mean no filter: `all 全部`, `0全部`, and such as no enumeration lists.
    fn all_values(&self, at: usize, input: &Input) -> Vec<String> {
        let words = self.endpoint.params[at].all_words();
        let items = enumeration::read(&words, &self.lexicon.rules().enumerations);
        let called = [input.label.as_str(), self.endpoint.title.as_str()];
        let mut all: Vec<String> = items
            .into_iter()
            .filter(|item| own_rules::stands_for_all(&item.value, &item.words, &called, self.lexicon))
            .map(|item| item.value)
            .collect();
        all.extend(own_rules::all_values(&words, self.lexicon));
        for table in &self.endpoint.tables {
            let rows = table.rows.iter().filter_map(|row| Some((row.first()?, row.get(1)?)));
            all.extend(
                rows.filter(|(value, words)| own_rules::stands_for_all(value.trim(), words, &called, self.lexicon))
                    .map(|(value, _)| value.trim().to_owned()),
            );
        }
        let lists = |value: &str| {
            input
                .rules
                .iter()
                .any(|rule| matches!(&rule.form, Form::OneOf(values) if values.iter().any(|known| known == value)))
        };
        all.extend(["all", "null"].into_iter().filter(|value| !lists(value)).map(str::to_owned));
        all
    }
}
