//! In which order a list is: as the request asks, as sentences say, as the examples go.

use super::list_plan::{Order, Sorting, compare};
use super::listing::Listing;
use crate::behavior::collection::items::shape::{self, Shown};
use crate::behavior::collection::{Collection, ItemField};
use crate::behavior::enumeration;
use crate::json::Json;
use crate::lexicon::{JointWords, Role, compact};
use std::sync::Arc;

impl Listing<'_> {
    /// `sort=price_asc`, `order_by=price` beside `direction=desc`, `排序 1价格从低到高 2销量`.
    pub(in crate::behavior::collection) fn sorting(&self, collection: &Collection) -> Option<Sorting> {
        let label = |at: usize| crate::lexicon::label_head(&self.inputs[at].label);
        let ways = self.ways();
        let is_way = |at: &usize| ways.as_ref().is_some_and(|(input, _)| input == at);
        let named = |topic: &str| {
            (0..self.inputs.len()).find(|at| {
                self.lexicon.is_named(topic, &self.inputs[*at].name)
                    || (topic == "sort-name" && self.lexicon.speaks_of("sort-word", label(*at)))
            })
        };
        let worded = || {
            let words = |at: &usize| self.endpoint.params[*at].all_words();
            (0..self.inputs.len()).find(|at| self.lexicon.speaks_of("sort-word", &words(at)))
        };
        // `px=1最新 2最热`: each of its values says what comes first.
        let by_values = || {
            (0..self.inputs.len()).find(|at| {
                let input = &self.inputs[*at];
                let words = self.endpoint.params[*at].all_words();
                let items = enumeration::read(&words, &self.lexicon.rules().enumerations);
                let is_field = collection.field(&input.name).is_some() || collection.reference(&input.name).is_some();
                let says = |item: &enumeration::Item| {
                    ["newest", "hottest", "sort-ascending", "sort-descending"]
                        .iter()
                        .any(|topic| self.lexicon.speaks_of(topic, &item.words))
                };
                // Beside orders a value can say whose records are wanted.
                let scope = |item: &enumeration::Item| self.lexicon.speaks_of("followed-only", &item.words);
                items.len() > 1
                    && !is_field
                    && !input.discriminates
                    && items.iter().any(|item| says(item) && !scope(item))
                    && items.iter().all(|item| says(item) || scope(item))
            })
        };
        let apart = |found: Option<usize>| found.filter(|at| !is_way(at));
        let input = apart(named("sort-name")).or_else(|| apart(worded())).or_else(|| apart(by_values()));
        let input = input.or_else(|| named("sort-name")).or_else(worded).or_else(by_values)?;
        let (direction, ways) = match ways.filter(|(at, _)| *at != input) {
            Some((at, ways)) => (Some(at), ways),
            None => (named("sort-direction").filter(|at| *at != input), Vec::new()),
        };
        let words = self.endpoint.params[input].all_words();
        let remarks =
            crate::behavior::collection::prose::remarks(self.prose, self.endpoint).map(|note| note.text.as_str());
        let name = self.inputs[input].name.as_ref();
        let about = remarks.filter(|text| text.contains(name) || self.lexicon.speaks_of("sort-word", text));
        let about: Vec<&str> = about.collect();
        let rules = &self.lexicon.rules().enumerations;
        let several = |items: &Vec<enumeration::Item>| items.len() > 1;
        let told = about.iter().map(|text| assigned(text, name)).find(several);
        let told = told.or_else(|| about.iter().map(|text| ticked(text, name)).find(several));
        let listed = std::iter::once(words.as_str()).chain(about).map(|text| enumeration::read(text, rules));
        let items = told.into_iter().chain(listed).find(|items| items.len() > 1).unwrap_or_else(|| {
            let words = &self.endpoint.params[input];
            let spaced = spaced(&words.description);
            if spaced.is_empty() { bare(&words.all_words(), &self.lexicon.rules().joints) } else { spaced }
        });
        let ordering = items.iter().filter(|item| !self.lexicon.speaks_of("followed-only", &item.words));
        let mut orders: Vec<Order> = ordering.filter_map(|item| self.order(item, collection)).collect();
        if orders.is_empty() {
            // Nothing says which values there are: the names of fields are.
            let fields = collection.fields.iter().filter(|field| field.example.is_scalar());
            for key in fields.map(|field| &field.key) {
                for (value, descending) in [
                    (key.to_string(), false),
                    (format!("{key}_asc"), false),
                    (format!("{key}_desc"), true),
                    (format!("-{key}"), true),
                ] {
                    orders.push(Order { value, field: Some(Arc::clone(key)), descending, ..Order::default() });
                }
            }
        }
        Some(Sorting { input, direction, ways, orders })
    }

    /// `by#asc升 desc降` beside what is ordered by: an input that has nothing but the two ways for values.
    fn ways(&self) -> Option<(usize, Vec<(String, bool)>)> {
        let is = |topic: &str, item: &enumeration::Item| {
            let head = crate::lexicon::label_head(&item.words);
            self.lexicon.is_named(topic, &item.value) || (!head.is_empty() && self.lexicon.is_named(topic, head))
        };
        let way = |item: &enumeration::Item| match (is("sort-ascending", item), is("sort-descending", item)) {
            (true, false) => Some((item.value.clone(), false)),
            (false, true) => Some((item.value.clone(), true)),
            _ => None,
        };
        (0..self.inputs.len()).find_map(|at| {
            let param = &self.endpoint.params[at];
            let rules = &self.lexicon.rules().enumerations;
            let items =
                enumeration::read_beside(&param.all_words(), param.default.as_deref().unwrap_or_default(), rules);
            let ways: Vec<(String, bool)> = items.iter().filter_map(way).collect();
            (items.len() == 2 && ways.len() == 2 && ways[0].1 != ways[1].1).then_some((at, ways))
        })
    }

    fn order(&self, item: &enumeration::Item, collection: &Collection) -> Option<Order> {
        let parts = crate::behavior::operation::split_words(&item.value);
        let is = |topic: &str| {
            self.lexicon.speaks_of(topic, &item.words) || parts.iter().any(|part| self.lexicon.is_named(topic, part))
        };
        let (up, down) = (is("sort-ascending"), is("sort-descending"));
        let ways = |part: &&String| {
            !self.lexicon.is_named("sort-ascending", part) && !self.lexicon.is_named("sort-descending", part)
        };
        let stem: String = parts.iter().filter(ways).map(String::as_str).collect();
        let field = |test: &dyn Fn(&ItemField) -> bool| {
            collection.fields.iter().find(|field| field.example.is_scalar() && test(field))
        };
        let found = field(&|field| !stem.is_empty() && compact(&field.key) == stem)
            .or_else(|| field(&|field| field.role == Role::Amount && is("sort-price")))
            .or_else(|| field(&|field| is("sort-sales") && self.lexicon.is_named("sort-sales", &field.key)))
            .or_else(|| field(&|field| is("sort-views") && self.lexicon.is_named("sort-views", &field.key)))
            .or_else(|| {
                let head = |field: &ItemField| crate::lexicon::label_head(&field.words).to_owned();
                field(&|field| head(field).chars().count() > 1 && item.words.contains(&head(field)))
            })
            .or_else(|| field(&|field| self.counts_what(&compact(&field.key), &item.words, &stem)))
            .or_else(|| field(&|field| is("sort-views") && self.counts_ties(&compact(&field.key))))
            .or_else(|| field(&|field| is("sort-views") && self.said_to_count_ties(field)))
            // `1 day_points从低到高`
            .or_else(|| {
                let mut words = crate::behavior::collection::prose::words(&item.words).map(compact);
                words.find_map(|word| field(&|field| word.len() > 1 && compact(&field.key) == word))
            })
            .or_else(|| self.price_in_points(collection).filter(|_| is("sort-price")));
        let by_time = is("sort-time");
        let field = found.filter(|field| !(by_time && field.role == Role::Time)).map(|field| Arc::clone(&field.key));
        // Several fields may be what a word speaks of: a price of which there are two.
        let is_priced = found.is_some_and(|field| field.role == Role::Amount && compact(&field.key) != stem);
        let prices = collection.fields.iter().filter(|field| field.role == Role::Amount).count();
        let told = (up || down) && !(is_priced && prices > 1);
        // Whoever asks for what sells best or came last wants that first.
        let most = !is("sort-price") && !up;
        (field.is_some() || by_time).then(|| Order {
            value: item.value.clone(),
            field,
            descending: down || most,
            told,
            ..Order::default()
        })
    }

    /// What things cost where they are paid for in points: the one number that is called so.
    fn price_in_points<'c>(&self, collection: &'c Collection) -> Option<&'c ItemField> {
        let number = |field: &&ItemField| {
            field.example.scalar_text().is_some_and(|text| text.parse::<f64>().is_ok())
                && !matches!(field.role, Role::RecordId | Role::Status)
                && collection.machine(&field.key).is_none()
        };
        let named = |field: &&ItemField| {
            let parts = crate::behavior::operation::split_words(&field.key);
            parts.iter().any(|part| self.lexicon.is_named("points-name", part))
                || self.lexicon.speaks_of("points-name", crate::lexicon::label_head(&field.words))
        };
        let mut found = collection.fields.iter().filter(number).filter(named);
        found.next().filter(|_| found.next().is_none())
    }

    /// Whether a field counts what a value of the sorting speaks of: `favoriteCount` of `hot 最多收藏`, of `comments` the comments.
    fn counts_what(&self, key: &str, words: &str, stem: &str) -> bool {
        let verbs = self.lexicon.verbs();
        let said = verbs.relation(words, &[]).map(|(name, ..)| name);
        let tied = verbs.relations().any(|(name, relation)| {
            (said == Some(name) || relation.path.iter().any(|word| word == stem))
                && relation.counts.iter().any(|count| count == key)
        });
        let counted =
            |own: &String| key.strip_prefix(own.as_str()).is_some_and(|rest| self.lexicon.is_named("count-end", rest));
        let children = || self.collections.iter().filter(|known| known.relation.is_none());
        let named = |known: &Collection| {
            known.goes_by(stem) || known.titles.iter().any(|title| title.chars().count() > 1 && words.contains(title))
        };
        tied || children().any(|known| known.names.iter().any(counted) && named(known))
    }

    /// What is tied most is what people look at most, where nothing counts that.
    fn counts_ties(&self, key: &str) -> bool {
        self.lexicon.verbs().relations().any(|(_, relation)| relation.counts.iter().any(|count| count == key))
    }

    /// `dzs // 点赞数`
    fn said_to_count_ties(&self, field: &ItemField) -> bool {
        let is_number = field.example.scalar_text().is_some_and(|text| text.parse::<u64>().is_ok());
        is_number
            && self.lexicon.speaks_of("tie-count", &field.words)
            && self.lexicon.verbs().relation(&field.words, &[]).is_some()
    }

    /// As the examples' times and ids go, else as words say, else in the order of creation.
    pub(in crate::behavior::collection) fn newest_first(&self, collection: &Collection) -> bool {
        let words = || {
            let notes = self.endpoint.notes.iter().map(|note| note.text.as_str());
            // `"list": [ //新的在前`
            let remarks = self.endpoint.successes().flat_map(|example| &example.comments);
            let remarks = remarks.filter(|note| {
                self.endpoint.successes().any(|example| example.value.at(&note.path).is_some_and(|at| !at.is_scalar()))
            });
            let remarks = remarks.map(|note| note.text.as_str());
            std::iter::once(self.endpoint.title.as_str()).chain(notes).chain(remarks).collect::<Vec<_>>()
        };
        let envelope = self.set.envelope(self.endpoint);
        let items: Vec<Json> = self
            .endpoint
            .successes()
            .find_map(|example| match shape::of_example(envelope, example, self.lexicon) {
                Shown::List { path, .. } => {
                    Some(shape::items(&example.value, &path).into_iter().map(|(_, item)| item.clone()).collect())
                }
                _ => None,
            })
            .unwrap_or_default();
        let times = collection
            .fields
            .iter()
            .filter(|field| crate::behavior::collection::items::example_forms::time_form(&field.example).is_some())
            .map(|field| &field.key);
        let ids = collection.id.key.iter();
        for key in times.chain(ids) {
            let values: Vec<&str> = items.iter().filter_map(|item| item.get(key)?.scalar_text()).collect();
            if let [first, .., last] = values.as_slice()
                && first != last
            {
                return compare(first, last) == std::cmp::Ordering::Greater;
            }
        }
        if words().iter().any(|text| self.lexicon.speaks_of("oldest-first", text)) {
            return false;
        }
        let says =
            |text: &&str| ["newest-first", "newest-in-front"].iter().any(|topic| self.lexicon.speaks_of(topic, text));
        self.all.newest_first || words().iter().any(says)
    }
}

/// `排序 latest 或 likes`: values that say themselves what they are.
fn bare(text: &str, joints: &JointWords) -> Vec<enumeration::Item> {
    let pieces: Vec<&str> = joints.choices_of(text).collect();
    let last = pieces.len().saturating_sub(1);
    let value = |(at, piece): (usize, &&str)| {
        // Before the first and behind the last stand other words.
        let mut words = piece.split_whitespace();
        let word = if at == last { words.next() } else { words.next_back() }?;
        let is_name =
            word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
        is_name.then(|| enumeration::Item { value: word.to_owned(), words: String::new() })
    };
    let items: Vec<enumeration::Item> = pieces.iter().enumerate().filter_map(value).collect();
    if items.len() > 1 { items } else { Vec::new() }
}

/// `price 价格从低到高，area 面积从大到小`: values with a blank between each and its words.
fn spaced(text: &str) -> Vec<enumeration::Item> {
    let is_name = |word: &&str| {
        word.starts_with(|c: char| c.is_ascii_lowercase())
            && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
    };
    let item = |piece: &str| {
        let value = piece.split_whitespace().find(is_name)?;
        let words = piece[piece.find(value)? + value.len()..].trim();
        (!words.is_empty()).then(|| enumeration::Item { value: value.to_owned(), words: words.to_owned() })
    };
    let items: Vec<enumeration::Item> = text.split([',', '，', ';', '；', '、', '/', '|']).filter_map(item).collect();
    if items.len() > 1 { items } else { Vec::new() }
}

/// ``可选 `price_asc` 价格从低到高，`sales` 销量从高到低``: values in ticks, each with its words behind it. Parameters of which a sentence
/// speaks stand in ticks as well.
fn ticked(text: &str, name: &str) -> Vec<enumeration::Item> {
    let is_name = |value: &str| {
        !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
    };
    let pieces: Vec<&str> = text.split('`').collect();
    let values = (1..pieces.len().saturating_sub(1)).step_by(2).map(|at| (pieces[at].trim(), pieces[at + 1]));
    let items = values.filter(|(value, _)| is_name(value) && *value != name).map(|(value, said)| {
        let said = said.split(['。', '；', ';', '\n']).next().unwrap_or_default();
        let said =
            said.trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | '，' | '、' | ':' | '：' | '/' | '|'));
        enumeration::Item { value: value.to_owned(), words: said.to_owned() }
    });
    let items: Vec<enumeration::Item> = items.collect();
    // Where one of them has no words, it is no list of values with what they mean.
    if items.iter().all(|item| !item.words.is_empty()) { items } else { Vec::new() }
}

/// `sort=new 按时间新到旧，sort=hot 按收藏数从多到少`: what a sentence says of each value of a parameter.
fn assigned(text: &str, name: &str) -> Vec<enumeration::Item> {
    let clauses = text.split([',', '，', ';', '；', '。', '\n']);
    let item = |clause: &str| {
        let (before, after) = clause.split_once(name)?;
        let after = after.trim_start().strip_prefix(['=', '＝'])?.trim_start();
        let end = after.find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-').unwrap_or(after.len());
        let (value, said) = after.split_at(end);
        let whole = !before.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_') && !value.is_empty();
        whole.then(|| enumeration::Item { value: value.to_owned(), words: said.trim().to_owned() })
    };
    clauses.filter_map(item).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_say_what_values_of_a_parameter_sort_by() {
        let said = |text: &str| -> Vec<String> {
            assigned(text, "by").into_iter().map(|item| format!("{}:{}", item.value, item.words)).collect()
        };
        assert_eq!(
            said("by=new 最新的在前（默认），by=hot 点赞多的在前。"),
            ["new:最新的在前（默认）", "hot:点赞多的在前"]
        );
        assert_eq!(said("standby=1 待机，by 任意"), [""; 0]);
    }
}
