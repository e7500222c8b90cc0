//! What a list's request comes to, as data: whose records, which page, by which filters, in which order.

use crate::behavior::Evidence;
use crate::behavior::collection::items::example_forms::time_form;
use crate::behavior::collection::sides::peers::Asked;
use crate::behavior::collection::{Collection, ItemMember, Party};
use crate::json::Json;
use std::sync::Arc;

/// What a list's request says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListPlan {
    pub collection: usize,
    /// Only the caller's, or those of the account that `of` names.
    pub mine: bool,
    /// Only those with one of these statuses.
    pub only: Option<(Arc<str>, Vec<Json>)>,
    /// The input that asks for others of these.
    pub only_unless: Option<usize>,
    /// Whose records it has, where they have two parties.
    pub party: Party,
    pub asked: Option<Asked>,
    pub of: Option<usize>,
    /// The field that has that account's id; without one the records are those that it made.
    pub toward: Option<Arc<str>>,
    /// An input that names the account with which the caller has them in common.
    pub with: Option<usize>,
    pub page: Option<usize>,
    pub size: Option<usize>,
    /// How many come before the first, instead of a page's number.
    pub offset: Option<usize>,
    /// The id of the last record that the caller has seen already, instead of a page's number.
    pub cursor: Option<usize>,
    /// The number of the first page.
    pub first_page: i64,
    /// Items a page where the request does not say; none shows all.
    pub default_size: Option<u64>,
    /// More than this is cut down to it.
    pub most: Option<u64>,
    pub filters: Vec<Filter>,
    pub keyword: Option<usize>,
    /// An example that only shows what a keyword is: with it everything is listed.
    pub keyword_open: Option<String>,
    /// The fields in which it is looked for; none are all texts.
    pub keyword_in: Vec<Arc<str>>,
    pub newest_first: bool,
    /// The order where the request says none; what is alike in the first goes by the next.
    pub orders: Vec<Order>,
    /// The sentence that says so.
    pub ordered_because: Option<Evidence>,
    pub sorting: Option<Sorting>,
}

impl ListPlan {
    /// For who runs the place: what others are not shown, too.
    #[must_use]
    pub(in crate::behavior) fn of_everybody(self) -> Self {
        Self { mine: false, only: None, only_unless: None, ..self }
    }
}

/// How a request orders a list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sorting {
    pub input: usize,
    /// Another input that says which way round.
    pub direction: Option<usize>,
    /// What that calls each way, and whether the greatest comes first then.
    pub ways: Vec<(String, bool)>,
    pub orders: Vec<Order>,
}

impl Sorting {
    /// The values of which the documents say by what and which way round they go.
    pub fn told(&self) -> impl Iterator<Item = &Order> {
        self.orders.iter().filter(|order| order.told)
    }
}

/// What a value of the input means.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Order {
    pub value: String,
    /// None is the order in which they were made.
    pub field: Option<Arc<str>>,
    pub descending: bool,
    /// The documents list the value, and say which way round it goes.
    pub told: bool,
    /// Those whose field has one of these come first, whatever else it holds.
    pub first: Vec<Json>,
    /// Where an item shows another value than the record keeps.
    pub shown: Option<ItemMember>,
}

impl Order {
    /// Newest first, by the order in which they were made or by a time.
    pub(in crate::behavior::collection) fn is_newest_first(&self, collection: &Collection) -> bool {
        let Some(key) = &self.field else { return self.descending };
        let field = collection.field(key).filter(|_| self.first.is_empty());
        self.descending && field.is_some_and(|field| time_form(&field.example).is_some())
    }

    pub(in crate::behavior::collection) fn is_by_time(&self, collection: &Collection) -> bool {
        let field = self.field.as_ref().and_then(|field| collection.field(field));
        field.is_some_and(|field| time_form(&field.example).is_some())
    }

    /// In words for explanations.
    pub fn describe(&self) -> String {
        let way = |greatest: &str, least: &str| if self.descending { greatest.to_owned() } else { least.to_owned() };
        match &self.field {
            None => way("the newest first", "as they were made"),
            Some(field) if !self.first.is_empty() => {
                let values: Vec<String> = self.first.iter().map(ToString::to_string).collect();
                format!("those whose `{field}` is {} first", values.join(" or "))
            }
            Some(field) => format!("by `{field}`, {}", way("the greatest first", "the least first")),
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Filter {
    pub input: usize,
    pub field: Arc<str>,
    pub kind: FilterKind,
    /// Values that filter nothing.
    pub all: Vec<String>,
    /// Of several values that are sent a list has to hold each, and not just one.
    pub each: bool,
    /// What the field has for values that are sent: `tab=draft` are those of status 0.
    pub means: Vec<(String, String)>,
    /// Where an item shows another value than the record keeps.
    pub shown: Option<ItemMember>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FilterKind {
    Equal,
    /// Its id, or the field, is one of several that are sent.
    Among,
    /// The record belongs to that account.
    Owner,
    AtLeast,
    AtMost,
    /// `100-200`: from the one to the other.
    Between,
    /// The field's time begins with it: a day of times to the second.
    Begins,
    Contains,
    /// The caller is tied to whoever made the record, by that collection's relation.
    OfTied(usize),
}

/// What a list says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numbered {
    Total,
    Pages,
    Page,
    Size,
    HasMore,
    IsEnd,
    /// How many stand on this page.
    Here,
}

impl Filter {
    pub(in crate::behavior::collection) fn new(
        input: usize,
        field: Arc<str>,
        kind: FilterKind,
        all: Vec<String>,
    ) -> Self {
        Self { input, field, kind, all, each: false, means: Vec::new(), shown: None }
    }
}

impl Numbered {
    pub fn words(self) -> &'static str {
        match self {
            Self::Total => "the total",
            Self::Pages => "how many pages there are",
            Self::Page => "the page's number",
            Self::Size => "the page's size",
            Self::HasMore => "whether there is more",
            Self::IsEnd => "whether this is the end",
            Self::Here => "how many stand here",
        }
    }
}

/// Numbers by value, all else by its letters.
pub fn compare(one: &str, other: &str) -> std::cmp::Ordering {
    match (one.parse::<f64>(), other.parse::<f64>()) {
        (Ok(one), Ok(other)) => one.total_cmp(&other),
        _ => one.cmp(other),
    }
}
