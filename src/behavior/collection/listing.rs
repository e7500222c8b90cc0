//! How a list is cut and filtered, and what it says of itself.

use super::gather::{is_data, is_mine, key_for};
use super::shape::{self, Shown};
use super::{Collection, ItemMember, ItemTemplate, OnRecords, Party, Source, Standing};
use crate::behavior::{Evidence, Form, Input, Reply, Slot, enumeration, others, role};
use crate::json::Json;
use crate::lexicon::{Lexicon, Operation, Role, compact};
use crate::spec::{DocSet, Endpoint, Note};
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
    pub asked: Option<super::peers::Asked>,
    pub of: Option<usize>,
    /// The field that has that account's id; without one the records are those that it made.
    pub toward: Option<Arc<str>>,
    /// An input that names the account with which the caller has them in common.
    pub with: Option<usize>,
    pub page: Option<usize>,
    pub size: Option<usize>,
    /// How many come before the first, instead of a page's number.
    pub offset: Option<usize>,
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

/// How a request orders a list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sorting {
    pub input: usize,
    /// Another input that says which way round.
    pub direction: Option<usize>,
    pub orders: Vec<Order>,
}

/// What a value of the input means.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Order {
    pub value: String,
    /// None is the order in which they were made.
    pub field: Option<Arc<str>>,
    pub descending: bool,
    /// Those whose field has one of these come first, whatever else it holds.
    pub first: Vec<Json>,
    /// Where an item shows another value than the record keeps.
    pub shown: Option<ItemMember>,
}

impl Order {
    /// Newest first, by the order in which they were made or by a time.
    fn is_newest_first(&self, collection: &Collection) -> bool {
        let Some(key) = &self.field else { return self.descending };
        let field = collection.field(key).filter(|_| self.first.is_empty());
        self.descending && field.is_some_and(|field| super::item::time_form(&field.example).is_some())
    }

    fn is_by_time(&self, collection: &Collection) -> bool {
        let field = self.field.as_ref().and_then(|field| collection.field(field));
        field.is_some_and(|field| super::item::time_form(&field.example).is_some())
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
    /// Where an item shows another value than the record keeps.
    pub shown: Option<ItemMember>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FilterKind {
    Equal,
    /// The record belongs to that account.
    Owner,
    AtLeast,
    AtMost,
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

pub(in crate::behavior) struct Listing<'a> {
    pub(in crate::behavior) set: &'a DocSet,
    pub(in crate::behavior) lexicon: &'a Lexicon,
    pub(in crate::behavior) collections: &'a [Collection],
    pub(in crate::behavior) inputs: &'a [Input],
    pub(in crate::behavior) endpoint: &'a Endpoint,
    pub(in crate::behavior) on: &'a OnRecords,
    pub(in crate::behavior) authenticated: bool,
    /// Whether tokens name callers, and not ids.
    pub(in crate::behavior) by_token: bool,
    pub(in crate::behavior) prose: &'a [Note],
    pub(in crate::behavior) all: super::prose::AllLists,
}

/// Items a page where neither the request nor the documents say.
const USUAL_SIZE: u64 = 10;

impl Listing<'_> {
    pub(in crate::behavior) fn plan(&self) -> ListPlan {
        let collection = &self.collections[self.on.collection];
        let mut plan = ListPlan {
            collection: self.on.collection,
            mine: collection.private
                || (collection.owned && self.authenticated && is_mine(self.endpoint, self.lexicon)),
            first_page: 1,
            newest_first: self.newest_first(collection),
            ..ListPlan::default()
        };
        plan.mine &= !self.is_roster();
        self.whose(collection, &mut plan);
        self.paging(&mut plan);
        plan.sorting = self.sorting(collection);
        if let Some((orders, because)) = self.usual_orders(collection, plan.sorting.as_ref()) {
            plan.newest_first = match orders.last() {
                Some(last) if last.field.is_none() => last.descending,
                Some(last) if !last.descending && last.is_by_time(collection) => false,
                _ => plan.newest_first || orders.iter().any(|order| order.is_newest_first(collection)),
            };
            (plan.orders, plan.ordered_because) = (orders, Some(because));
        }
        for (at, input) in self.inputs.iter().enumerate() {
            let sorts =
                plan.sorting.as_ref().is_some_and(|sorting| sorting.input == at || sorting.direction == Some(at));
            let paging = sorts || [plan.page, plan.size, plan.offset].contains(&Some(at));
            let names = [plan.of, plan.with].contains(&Some(at));
            if paging || names || input.discriminates || input.routes || self.is_place(input) {
                continue;
            }
            let named = self.lexicon.role(&input.name, "").map(|(role, _)| role);
            let called = input.word == Role::Keyword || named == Some(Role::Keyword);
            let sought = || self.searches(at, input, collection) || self.searches_by_name(input);
            if called || (plan.keyword.is_none() && sought()) {
                plan.keyword = Some(at);
                plan.keyword_in = self.keyword_fields(at, input, collection);
            } else if let Some(filter) = self.filter(at, input, collection) {
                plan.filters.push(filter);
            }
        }
        self.open_examples(collection, &mut plan);
        if (collection.counterpart.is_some() || collection.taker.is_some()) && self.on.party != Party::Maker {
            (plan.party, plan.mine) = (self.on.party, true);
        }
        if let Some(Standing { field, values, .. }) =
            self.standing(collection).filter(|_| !plan.mine && plan.of.is_none())
        {
            plan.only_unless = plan.filters.iter().find(|filter| filter.field == field).map(|filter| filter.input);
            plan.only = Some((field, values));
        }
        // What answers another stands below it, unless just those are asked for.
        if let Some(answers) = collection.answers.as_ref().filter(|_| plan.only.is_none()) {
            plan.only_unless = plan.filters.iter().find(|filter| filter.field == answers.field).map(|by| by.input);
            plan.only = Some((Arc::clone(&answers.field), vec![Json::Null, Json::string("")]));
        }
        plan
    }

    /// What a list has of all that there is, whoever asks.
    fn standing(&self, collection: &Collection) -> Option<Standing> {
        let mut told = super::prose::remarks(self.prose, self.endpoint);
        let own = told.find_map(|note| super::shown::listed(note, &collection.machines, self.lexicon));
        own.or_else(|| collection.public.clone()).or_else(|| collection.listed.clone())
    }

    /// A list's plan in the light of what the reply shows and of who takes the records.
    pub(in crate::behavior) fn settled(&self, operation: Operation, at: usize, success: &Reply) -> Option<ListPlan> {
        if operation != Operation::List {
            return None;
        }
        let mut plan = super::takers::settle_list(at, self.collections, self.plan());
        plan.asked = self.side_asked().filter(|_| plan.mine);
        let shown = success.body.slots().find_map(|(slot, _)| match slot {
            Slot::Items { template, .. } => Some(template),
            _ => None,
        });
        if let Some(template) = shown {
            look_at_items(&mut plan, template);
            super::keywords::look_at_items(&mut plan, template);
        }
        Some(plan)
    }

    /// The input that names somebody else beside a caller whom a token names.
    fn other(&self) -> Option<usize> {
        self.by_token.then(|| others::other(self.endpoint, self.inputs, self.lexicon)).flatten()
    }

    /// Ties between accounts are listed from either side, what was sent as it was received.
    fn whose(&self, collection: &Collection, plan: &mut ListPlan) {
        if let Some(relation) = &collection.relation
            && self.collections.get(relation.target).is_some_and(Collection::holds_accounts)
        {
            plan.of = self.other();
            plan.toward = self.is_back(relation).then(|| Arc::clone(&relation.field));
        } else if let Some(recipient) = &collection.recipient {
            plan.with = self.other();
            let words = crate::behavior::operation::path_of(self.endpoint);
            let sent = self.lexicon.speaks_of("sent-by-me", &self.endpoint.title)
                || words.iter().any(|word| self.lexicon.is_named("sent-by-me", word));
            plan.toward = Some(Arc::clone(recipient)).filter(|_| !sent);
        }
    }

    /// Whether those are listed who are tied to one record: `报名名单`.
    pub(in crate::behavior) fn is_roster(&self) -> bool {
        let collection = &self.collections[self.on.collection];
        let to_records = collection.relation.as_ref().is_some_and(|relation| {
            self.collections.get(relation.target).is_some_and(|target| !target.holds_accounts())
        });
        let item = || shape::item_shown(self.set, self.endpoint, self.lexicon);
        to_records
            && !is_mine(self.endpoint, self.lexicon)
            && self.inputs.iter().any(super::ties::names_tied)
            && super::people::are_people(item().iter().map(|(key, _)| &**key), self.lexicon)
    }

    /// Whether those are listed who are tied, and not what they are tied to.
    pub(in crate::behavior) fn is_back(&self, relation: &super::Relation) -> bool {
        let words = crate::behavior::operation::path_of(self.endpoint);
        let mut relations = self.lexicon.verbs().relations();
        relations.any(|(name, known)| {
            let seen = |word: &String| known.is_seen_back(&self.endpoint.title, word);
            name == relation.name && (seen(&String::new()) || words.iter().any(seen))
        })
    }

    fn paging(&self, plan: &mut ListPlan) {
        let named = |role: Role| self.inputs.iter().position(|input| input.word == role && !input.discriminates);
        plan.page = named(Role::Page);
        plan.size = named(Role::PageSize);
        plan.offset =
            self.inputs.iter().position(|input| matches!(compact(&input.name).as_str(), "offset" | "skip" | "start"));
        if let Some((page, size)) = self.two_pages() {
            (plan.page, plan.size) = (Some(page), Some(size));
        }
        let default =
            |at: usize| self.endpoint.params[at].default.as_deref().and_then(|text| text.trim().parse::<i64>().ok());
        if plan.page.and_then(default) == Some(0) {
            plan.first_page = 0;
        }
        let stated = |at: usize| {
            let words = self.endpoint.params[at].all_words();
            self.stated("stated-default", &words)
        };
        let notes = || {
            let mut notes = super::prose::remarks(self.prose, self.endpoint);
            notes.find_map(|note| stated_size(self.lexicon, &note.text)).or(self.all.page_size)
        };
        let by_default = plan.size.and_then(default).and_then(|size| u64::try_from(size).ok()).filter(|size| *size > 0);
        let size = plan.size.and_then(stated).or(by_default).or_else(notes).or_else(|| self.size_of_example());
        let most = |at: usize| self.stated("at-most", &self.endpoint.params[at].all_words());
        plan.most = plan.size.and_then(most);
        if plan.page.is_some() || plan.size.is_some() || plan.offset.is_some() {
            plan.default_size = Some(size.unwrap_or(USUAL_SIZE));
        }
    }

    /// `current_page` beside `page_number`: of two pages the second is the size, where nothing else is.
    fn two_pages(&self) -> Option<(usize, usize)> {
        let of = |role: Role| (0..self.inputs.len()).filter(move |at| self.inputs[*at].word == role);
        let pages: Vec<usize> = of(Role::Page).collect();
        let ([first, second, ..], None) = (pages.as_slice(), of(Role::PageSize).next()) else { return None };
        let says_size = |at: usize| {
            let words = self.endpoint.params[at].all_words();
            self.lexicon.role("", &words).is_some_and(|(role, _)| role == Role::PageSize)
        };
        Some(if says_size(*first) { (*second, *first) } else { (*first, *second) })
    }

    /// What a member repeats of the request, by its name.
    fn asked_as(&self, key: &str) -> Option<Numbered> {
        let same = |at: &usize| compact(&self.inputs[*at].name) == compact(key);
        if let Some((page, size)) = self.two_pages() {
            return same(&size).then_some(Numbered::Size).or(same(&page).then_some(Numbered::Page));
        }
        let input = (0..self.inputs.len()).find(same)?;
        match self.inputs[input].word {
            Role::Page => Some(Numbered::Page),
            Role::PageSize => Some(Numbered::Size),
            _ => None,
        }
    }

    /// The example's own page size: `"per_page": 15`.
    fn size_of_example(&self) -> Option<u64> {
        let envelope = self.set.envelope(self.endpoint);
        self.endpoint.successes().find_map(|example| {
            let Shown::List { path, .. } = shape::of_example(envelope, example, self.lexicon) else { return None };
            let (_, before) = path.split_last()?;
            let wrapper = example.value.at(before)?.as_object()?;
            let size = wrapper.iter().find(|(key, _)| self.about(key) == Some(Numbered::Size))?;
            size.1.scalar_text()?.parse().ok().filter(|size| *size > 0)
        })
    }

    /// The number that follows a word of the topic: `默认20`, `最多50条`.
    fn stated(&self, topic: &str, text: &str) -> Option<u64> {
        stated(self.lexicon, topic, text)
    }

    /// What a member beside a list says of it.
    pub(in crate::behavior) fn about(&self, key: &str) -> Option<Numbered> {
        let is = |topic: &str| self.lexicon.is_named(topic, key);
        let role = self.lexicon.role(key, "").map(|(role, _)| role);
        match () {
            () if is("pages") => Some(Numbered::Pages),
            () if is("has-more") => Some(Numbered::HasMore),
            () if is("is-end") => Some(Numbered::IsEnd),
            () if is("total") => Some(Numbered::Total),
            () if let Some(number) = self.asked_as(key) => Some(number),
            () if role == Some(Role::Page) => Some(Numbered::Page),
            () if role == Some(Role::PageSize) => Some(Numbered::Size),
            () => None,
        }
    }

    fn filter(&self, at: usize, input: &Input, collection: &Collection) -> Option<Filter> {
        let author = collection.owned && self.other() == Some(at);
        if !author && !is_data(input, true) {
            return None;
        }
        let all = self.all_values(at, input);
        if author {
            let shown = collection.field(&input.name).or_else(|| {
                let mut owners = collection.fields.iter().filter(|field| field.role == Role::UserId);
                owners.next()
            });
            let field = shown.map_or_else(|| Arc::clone(&input.name), |field| Arc::clone(&field.key));
            return Some(Filter { input: at, field, kind: FilterKind::Owner, all, shown: None });
        }
        if let Some(relation) = self.of_tied(at, input, collection) {
            let all = all.into_iter().chain(["0".to_owned(), "false".to_owned()]).collect();
            let kind = FilterKind::OfTied(relation);
            return Some(Filter { input: at, field: Arc::clone(&input.name), kind, all, shown: None });
        }
        let filter =
            |field: Arc<str>, kind: FilterKind| Some(Filter { input: at, field, kind, all: all.clone(), shown: None });
        // The relation's list asks for the records of one kind by what the relation keeps.
        if let Some(reference) = collection.reference(&input.name) {
            return filter(Arc::clone(&reference.field), FilterKind::Equal);
        }
        // `articles/:id/comments` lists the article's.
        let bare = compact(&input.name) == "id" || input.location == crate::spec::In::Path;
        if let Some(parent) = collection.references.iter().find(|reference| !reference.many).filter(|_| bare) {
            return filter(Arc::clone(&parent.field), FilterKind::Equal);
        }
        if let Some(field) = collection.field(&input.name) {
            let name_like = matches!(field.role, Role::RealName | Role::Nickname)
                || matches!(compact(&field.key).as_str(), "title" | "name");
            let times = super::item::time_form(&field.example).is_some() && field.role == Role::Time;
            let kind = match () {
                () if times => FilterKind::Begins,
                () if name_like && field.example.as_str().is_some() => FilterKind::Contains,
                () => FilterKind::Equal,
            };
            return filter(Arc::clone(&field.key), kind);
        }
        let name = compact(&input.name);
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
                        && super::item::time_form(&field.example).is_some()
                })
            };
            if let Some(field) = same.or_else(|| amount().or_else(time).map(|field| Arc::clone(&field.key))) {
                return filter(field, kind);
            }
        }
        if name.contains("date") || name.contains("day") {
            let time = collection
                .fields
                .iter()
                .find(|field| field.role == Role::Time && super::item::time_form(&field.example).is_some());
            if let Some(field) = time {
                return filter(Arc::clone(&field.key), FilterKind::Begins);
            }
        }
        key_for(collection, input).and_then(|field| filter(field, FilterKind::Equal))
    }

    /// `gz=1#只看我关注的人发的`: the relation by which callers are tied to those whose records are wanted.
    fn of_tied(&self, at: usize, input: &Input, collection: &Collection) -> Option<usize> {
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

    /// `guanjianzi # 按标题模糊搜`: whatever it is called, it is looked for in texts.
    fn searches(&self, at: usize, input: &Input, collection: &Collection) -> bool {
        let closed =
            input.rules.iter().any(|rule| matches!(rule.form, Form::OneOf(_) | Form::Date(_) | Form::Range(..)));
        let words = self.endpoint.params[at].all_words();
        let is_field = collection.field(&input.name).is_some() || collection.reference(&input.name).is_some();
        let open = matches!(input.word, Role::Plain | Role::RealName | Role::Nickname | Role::Account);
        open && !closed && !is_field && is_data(input, true) && self.lexicon.speaks_of("searches", &words)
    }

    /// Values that mean no filter: `all 全部`, `0全部`, and such as no enumeration lists.
    fn all_values(&self, at: usize, input: &Input) -> Vec<String> {
        let words = self.endpoint.params[at].all_words();
        let items = enumeration::read(&words, &self.lexicon.rules().enumerations);
        let called = [input.label.as_str(), self.endpoint.title.as_str()];
        let mut all: Vec<String> = items
            .into_iter()
            .filter(|item| role::stands_for_all(&item.value, &item.words, &called, self.lexicon))
            .map(|item| item.value)
            .collect();
        all.extend(role::all_values(&words, self.lexicon));
        for table in &self.endpoint.tables {
            let rows = table.rows.iter().filter_map(|row| Some((row.first()?, row.get(1)?)));
            all.extend(
                rows.filter(|(value, words)| role::stands_for_all(value.trim(), words, &called, self.lexicon))
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

/// Orders and filters look at what the items show, where records do not keep it: at counts, and at what others lend.
fn look_at_items(plan: &mut ListPlan, template: &ItemTemplate) {
    let shown = |field: &str| {
        let mut members = template.members.iter();
        let member = members.find(|member| compact(&member.key) == compact(field))?;
        let lent = matches!(
            member.source,
            Source::TieCount(_)
                | Source::ChildCount(..)
                | Source::ReferredField(..)
                | Source::Through(..)
                | Source::Tied(_)
                | Source::Held(_)
        );
        lent.then(|| member.clone())
    };
    let asked = plan.sorting.iter_mut().flat_map(|sorting| &mut sorting.orders);
    for order in plan.orders.iter_mut().chain(asked) {
        order.shown = order.field.as_deref().and_then(shown);
    }
    for filter in plan.filters.iter_mut().filter(|filter| filter.kind != FilterKind::Owner) {
        filter.shown = shown(&filter.field);
    }
}

/// The number that follows a word of the topic in the same clause.
pub(in crate::behavior) fn stated(lexicon: &Lexicon, topic: &str, text: &str) -> Option<u64> {
    let rest = text.get(lexicon.after(topic, text)?..)?;
    let rest = rest.trim_start_matches(|c: char| !c.is_ascii_digit() && !matches!(c, ',' | '，' | ';' | '。'));
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok().filter(|number| *number > 0)
}

/// Items a page: `每页 10 条`, `10 per page`.
pub(super) fn stated_size(lexicon: &Lexicon, text: &str) -> Option<u64> {
    let before = || {
        let before = text.get(..lexicon.after("each-page", text)?)?;
        let mut numbers = before.split(|c: char| !c.is_ascii_digit()).filter(|number| !number.is_empty());
        numbers.next_back()?.parse().ok().filter(|number| *number > 0)
    };
    stated(lexicon, "each-page", text).or_else(before)
}

/// Numbers by value, all else by its letters.
pub fn compare(one: &str, other: &str) -> std::cmp::Ordering {
    match (one.parse::<f64>(), other.parse::<f64>()) {
        (Ok(one), Ok(other)) => one.total_cmp(&other),
        _ => one.cmp(other),
    }
}
