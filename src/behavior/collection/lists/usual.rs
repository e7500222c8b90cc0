//! In which order a list is where the request says none, as sentences say: `置顶的在前，其余按发布时间倒序`.
//!
//! In: the remarks about a list and the fields of its records. Out: one order a clause, the first the weightiest.

use super::list_plan::{Order, Sorting};
use super::listing::Listing;
use crate::behavior::collection::machine::moves::names;
use crate::behavior::collection::{Collection, ItemField};
use crate::behavior::{Confidence, Evidence};
use crate::json::{Json, Step};
use crate::lexicon::{Role, compact, label_head};
use crate::source::Place;
use crate::spec::{FieldNote, Note};
use std::sync::Arc;

/// Topics that hold both what a clause calls a field and what the field is named.
const FIELDS: [&str; 12] = [
    "by-score",
    "by-distance",
    "by-comments",
    "by-weight",
    "by-date",
    "by-period",
    "by-begin",
    "sort-price",
    "sort-sales",
    "sort-views",
    "stock",
    "updated-at",
];

/// Topics of flags, each with whether those that have it up are meant.
const FLAGS: [(&str, &str, bool); 4] = [
    ("pinned-flag", "pinned-flag", true),
    ("recommended-flag", "recommended-flag", true),
    ("usual-flag", "usual-flag", true),
    ("unread-first", "read-flag", false),
];

impl Listing<'_> {
    /// The orders that a remark or the title says. An input's values have theirs.
    pub(in crate::behavior::collection) fn usual_orders(
        &self,
        collection: &Collection,
        sorting: Option<&Sorting>,
    ) -> Option<(Vec<Order>, Evidence)> {
        let input = sorting.map(|sorting| &*self.inputs[sorting.input].name);
        let of_input = |text: &str| {
            input.is_some_and(|name| crate::behavior::collection::prose::words(text).any(|word| word == name))
        };
        let title = Note { text: self.endpoint.title.clone(), place: self.endpoint.title_place.unwrap_or_default() };
        let comments = self.endpoint.successes().flat_map(|example| &example.comments);
        let of_list = comments.filter(|note| {
            self.endpoint.successes().any(|example| example.value.at(&note.path).is_some_and(|at| !at.is_scalar()))
        });
        let of_list = of_list.map(|note| (note.text.as_str(), self.endpoint.place));
        let notes = crate::behavior::collection::prose::remarks(self.prose, self.endpoint).chain([&title]);
        // `p=页码 # 从1开始，每页5条，按提交时间倒序`
        let paging = self.inputs.iter().zip(&self.endpoint.params);
        let paging = paging.filter(|(input, _)| matches!(input.word, Role::Page | Role::PageSize));
        let said: Vec<(String, Place)> = paging.map(|(_, param)| (param.all_words(), param.place)).collect();
        let texts = notes.map(|note| (note.text.as_str(), note.place)).chain(of_list);
        let mut texts = texts.chain(said.iter().map(|(text, place)| (text.as_str(), *place)));
        let told = texts.find_map(|(text, place)| {
            crate::behavior::collection::prose::sentences(text).filter(|sentence| !of_input(sentence)).find_map(
                |sentence| {
                    let orders = self.orders_said(sentence, collection);
                    let because = || Evidence::new(sentence.trim(), place, Confidence::Likely);
                    (!orders.is_empty()).then(|| (orders, because()))
                },
            )
        });
        told.or_else(|| self.order_beside_member(collection))
    }

    /// What the comment on a member of the rows says of that member: `is_default //1默认 0否,默认的排最前面`, `sort //越大越靠前`.
    fn order_beside_member(&self, collection: &Collection) -> Option<(Vec<Order>, Evidence)> {
        let lexicon = self.lexicon;
        let comments = self.endpoint.successes().flat_map(|example| {
            let of_member = |note: &&FieldNote| example.value.at(&note.path).is_some_and(Json::is_scalar);
            example.comments.iter().filter(of_member)
        });
        comments.filter_map(|note| Some((note, note.path.last()?))).find_map(|(note, step)| {
            let Step::Key(key) = step else { return None };
            let field = collection.field(key)?;
            let mut clauses = note.text.split([',', '，', ';', '；', '。', '(', '（', ')', '）']);
            let order = clauses.find_map(|clause| {
                let says = |topic: &str| lexicon.speaks_of(topic, clause);
                if !(says("in-front") || says("behind")) {
                    return None;
                }
                let mut own = self.of_clause(clause, collection).into_iter();
                let own = own.find(|order| order.field.as_ref() == Some(key));
                let more = says("more-in-front");
                own.or_else(|| (more || says("fewer-in-front")).then(|| by(field, more)))
            })?;
            Some((vec![order], Evidence::new(note.text.trim(), self.endpoint.place, Confidence::Likely)))
        })
    }

    fn orders_said(&self, sentence: &str, collection: &Collection) -> Vec<Order> {
        let mut orders: Vec<Order> = Vec::new();
        let mut last = 0;
        for clause in sentence.split([',', '，', '(', '（', ')', '）']) {
            let clause = clause.to_lowercase();
            let known = orders.len();
            // `评论数一样的新发的在前`
            let rest = self.lexicon.after("alike-before", &clause).and_then(|end| clause.get(end..));
            for order in self.of_clause(rest.unwrap_or(&clause), collection) {
                match orders.iter().position(|known| known.field == order.field) {
                    None => orders.push(order),
                    // `按预约的先后，新的在上面`: the clause behind says which way round.
                    Some(at) if at >= last && at < known && order.descending => orders[at] = order,
                    Some(_) => {}
                }
            }
            last = known;
        }
        orders
    }

    fn of_clause(&self, clause: &str, collection: &Collection) -> Vec<Order> {
        let lexicon = self.lexicon;
        let says = |topic: &str| lexicon.speaks_of(topic, clause);
        let (front, behind) = (says("in-front"), says("behind"));
        if front || behind {
            if let Some(order) = self.by_flag(clause, collection, front) {
                return vec![order];
            }
            if let Some(order) = self.by_status(clause, collection).filter(|_| front) {
                return vec![order];
            }
        }
        let newest = says("latest-in-front") || says("newest-in-front");
        let oldest = says("oldest-in-front");
        if newest || oldest {
            // `按发布时间从新到旧`: no day that callers send is the time at which something was made.
            let own = |field: &&ItemField| !says("made-time") || !is_sent_day(clause, field, collection);
            let orders: Vec<Order> =
                self.fields_of(clause, collection).into_iter().filter(own).map(|field| by(field, newest)).collect();
            if !orders.is_empty() {
                return orders;
            }
            return vec![self.made(collection, newest)];
        }
        let (down, up) = (says("more-to-fewer"), says("fewer-to-more"));
        let more = front && says("more-in-front");
        let fewer = front && says("fewer-in-front");
        // `支持按价格排序` says what may be asked for.
        let bare = says("ordered-by") && !says("may-be-ordered");
        if !(down || up || more || fewer || bare || says("list-order")) {
            return Vec::new();
        }
        let own = |field: &&ItemField| !says("made-time") || !is_sent_day(clause, field, collection);
        let mut fields = self.fields_of(clause, collection).into_iter().filter(own).peekable();
        // `按下单时间倒序排` where nothing shows that time.
        if fields.peek().is_none() && says("made-time") && (down || up) {
            return vec![self.made(collection, down)];
        }
        let descending = |field: &ItemField| match () {
            () if down || more => true,
            () if up || fewer => false,
            // What counts or is liked is told from the top, what lies ahead from the next.
            () if says("sort-descending") => true,
            () if says("sort-ascending") => false,
            () => {
                self.is_made(field)
                    || lexicon.is_named("by-score", &field.key)
                    || lexicon.is_named("sort-sales", &field.key)
            }
        };
        fields.map(|field| by(field, descending(field))).collect()
    }

    /// `置顶的在前`, `默认房屋排第一个`, `已读的排在后面`.
    fn by_flag(&self, clause: &str, collection: &Collection, front: bool) -> Option<Order> {
        let flags = || {
            collection
                .fields
                .iter()
                .filter(|field| crate::behavior::collection::items::example_forms::is_flag(&field.example))
        };
        FLAGS.iter().find_map(|(words, names, up)| {
            self.lexicon.word_of(words, clause)?;
            let field = flags().find(|field| self.lexicon.is_named(names, &field.key))?;
            Some(by(field, *up == front))
        })
    }

    /// `待付款的排在前面`
    fn by_status(&self, clause: &str, collection: &Collection) -> Option<Order> {
        collection.machines.iter().find_map(|machine| {
            let named = machine.values.iter().filter(|value| names(clause, value, self.lexicon));
            let first: Vec<Json> = named.map(|value| value.value.clone()).collect();
            let field = Some(Arc::clone(&machine.field));
            (!first.is_empty()).then(|| Order { field, first, ..Order::default() })
        })
    }

    /// By the time at which they were made, or just in that order.
    fn made(&self, collection: &Collection, newest: bool) -> Order {
        let mut times = collection.fields.iter().filter(|field| is_time(field));
        let made = times.clone().find(|field| {
            field.initial == crate::behavior::collection::Initial::Now
                && self.lexicon.is_named("created-at", &field.key)
        });
        // What another record has is no time at which something of theirs was made.
        let own = |field: &&ItemField| field.initial == crate::behavior::collection::Initial::Now || !collection.owned;
        let only = times.next().filter(|field| times.next().is_none() && !self.lexicon.is_named("by-date", &field.key));
        let only = only.filter(|field| !sent_by_callers(field, collection)).filter(own);
        let field = made.or(only).filter(|_| collection.relation.is_none());
        field.map_or_else(|| Order { descending: newest, ..Order::default() }, |field| by(field, newest))
    }

    fn is_made(&self, field: &ItemField) -> bool {
        field.initial == crate::behavior::collection::Initial::Now
            || ["created-at", "updated-at"]
                .iter()
                .any(|topic| self.lexicon.is_named(topic, &field.key) && !self.lexicon.is_named("by-date", &field.key))
    }

    /// The fields that a clause names, in its order.
    fn fields_of<'c>(&self, clause: &str, collection: &'c Collection) -> Vec<&'c ItemField> {
        let mut found: Vec<(usize, usize, &ItemField)> = Vec::new();
        for field in collection.fields.iter().filter(|field| field.example.is_scalar()) {
            if let Some(word) = self.word_for(clause, field, collection) {
                let start = clause.find(word.as_str()).unwrap_or(clause.len());
                found.push((start, word.len(), field));
            }
        }
        found.sort_by_key(|(start, length, _)| (*start, std::cmp::Reverse(*length)));
        // `评论数` is no `评论`: of two at one place the longer word counts.
        let mut end = 0;
        found.retain(|(start, length, _)| {
            let free = *start >= end;
            end = if free { start + length } else { end };
            free
        });
        found.into_iter().map(|(.., field)| field).collect()
    }

    /// By which word a clause names a field.
    fn word_for(&self, clause: &str, field: &ItemField, collection: &Collection) -> Option<String> {
        let lexicon = self.lexicon;
        let label = label_head(&field.words).to_lowercase();
        if label.chars().count() > 1 && clause.contains(&label) {
            return Some(label);
        }
        let key = field.key.to_lowercase();
        if key.len() > 2 && crate::behavior::collection::prose::words(clause).any(|word| word == key) {
            return Some(key);
        }
        let is = |topic: &&&str| {
            lexicon.is_named(topic, &field.key) || (**topic == "sort-price" && field.role == Role::Amount)
        };
        let mut topics = FIELDS.iter().filter(is);
        if let Some(word) = topics.find_map(|topic| lexicon.word_of(topic, clause)) {
            return Some(word.to_owned());
        }
        if is_time(field) && lexicon.is_named("created-at", &field.key) {
            return lexicon.word_of("created-at", clause).map(str::to_owned);
        }
        let counts =
            ["count-of", "more-in-front", "fewer-in-front"].iter().any(|topic| lexicon.speaks_of(topic, clause));
        if !counts {
            return None;
        }
        // `按点赞数`: what callers are tied by is counted.
        let name = compact(&field.key);
        let mut relations = lexicon.verbs().relations().filter(|(_, relation)| relation.counts.contains(&name));
        let tied =
            relations.find_map(|(_, relation)| relation.words.iter().find(|word| clause.contains(word.as_str())));
        let counted = || {
            let mut others = self.collections.iter().filter(|other| {
                other.references.iter().any(|known| self.collections[known.collection].name == collection.name)
            });
            others.find_map(|other| {
                let counts = |own: &String| {
                    name.strip_prefix(own.as_str()).is_some_and(|rest| lexicon.is_named("count-end", rest))
                };
                other
                    .names
                    .iter()
                    .any(counts)
                    .then(|| other.titles.iter().find(|title| clause.contains(title.as_str())))?
            })
        };
        tied.or_else(counted).cloned()
    }
}

fn by(field: &ItemField, descending: bool) -> Order {
    Order { field: Some(Arc::clone(&field.key)), descending, ..Order::default() }
}

/// Whether a field is a time that callers send, and the clause does not call it by its name.
fn is_sent_day(clause: &str, field: &ItemField, collection: &Collection) -> bool {
    let label = label_head(&field.words).to_lowercase();
    let called = label.chars().count() > 1 && clause.contains(&label);
    is_time(field) && !called && sent_by_callers(field, collection)
}

/// Whether callers say what a time is, as they make what has it.
fn sent_by_callers(field: &ItemField, collection: &Collection) -> bool {
    collection.owned && matches!(field.initial, crate::behavior::collection::Initial::Value(_))
}

fn is_time(field: &ItemField) -> bool {
    crate::behavior::collection::items::example_forms::time_form(&field.example).is_some()
}
