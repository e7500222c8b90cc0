//! How a list is cut into pages: which inputs say so, how many items a page has, and what members beside the list tell of it.

use super::list_plan::{ListPlan, Numbered};
use super::listing::Listing;
use crate::behavior::collection::items::shape::{self, Shown};
use crate::json::Json;
use crate::lexicon::{Lexicon, Role, compact};

/// Items a page where neither the request nor the documents say.
const USUAL_SIZE: u64 = 10;

impl Listing<'_> {
    pub(in crate::behavior::collection) fn paging(&self, plan: &mut ListPlan) {
        let named = |role: Role| self.inputs.iter().position(|input| input.word == role && !input.discriminates);
        plan.page = named(Role::Page);
        plan.size = named(Role::PageSize);
        plan.offset =
            self.inputs.iter().position(|input| matches!(compact(&input.name).as_str(), "offset" | "skip" | "start"));
        plan.cursor = self.cursor(plan);
        if let Some((page, size)) = self.two_pages() {
            (plan.page, plan.size) = (Some(page), Some(size));
        }
        let default =
            |at: usize| self.endpoint.params[at].default.as_deref().and_then(|text| text.trim().parse::<i64>().ok());
        if plan.page.is_some_and(|at| default(at).map_or_else(|| self.is_from_zero(at), |first| first == 0)) {
            plan.first_page = 0;
        }
        let said = |topic: &str, at: usize| stated(self.lexicon, topic, &self.endpoint.params[at].all_words());
        let notes = || {
            let mut notes = crate::behavior::collection::prose::remarks(self.prose, self.endpoint);
            notes.find_map(|note| stated_size(self.lexicon, &note.text)).or(self.all.page_size)
        };
        let by_default = plan.size.and_then(default).and_then(|size| u64::try_from(size).ok()).filter(|size| *size > 0);
        // `每页3条` said of this list alone holds without any input, too.
        let own = || {
            let own = self.endpoint.notes.iter().find_map(|note| stated_size(self.lexicon, &note.text));
            own.filter(|_| plan.page.is_none() && plan.size.is_none())
        };
        let alone = own();
        let size = plan
            .size
            .and_then(|at| said("stated-default", at))
            .or(by_default)
            .or_else(notes)
            .or_else(|| self.size_of_example());
        plan.most = plan.size.and_then(|at| said("at-most", at));
        if [plan.page, plan.size, plan.offset, plan.cursor].iter().any(Option::is_some) || alone.is_some() {
            plan.default_size = Some(size.unwrap_or(USUAL_SIZE));
        }
    }

    /// `页码，从0开始`, or `"pageNumber": 0` beside the list.
    fn is_from_zero(&self, page: usize) -> bool {
        fn shows(value: &Json, name: &str) -> bool {
            value.as_object().into_iter().flatten().any(|(key, value)| match value {
                Json::Object(_) => shows(value, name),
                _ => compact(key) == name && value.scalar_text() == Some("0"),
            })
        }
        let name = compact(&self.inputs[page].name);
        let said =
            self.endpoint.params.get(page).is_some_and(|param| self.lexicon.speaks_of("from-zero", &param.all_words()));
        said || self.endpoint.successes().any(|example| shows(&example.value, &name))
    }

    /// `last_id=上一页最后一条的id`: the record after which the page begins.
    fn cursor(&self, plan: &ListPlan) -> Option<usize> {
        (0..self.inputs.len()).find(|at| {
            let input = &self.inputs[*at];
            let words = self.endpoint.params[*at].all_words();
            let taken = [plan.page, plan.size, plan.offset].contains(&Some(*at)) || input.discriminates;
            let called = self.lexicon.is_named("list-cursor", &input.name);
            !taken && !input.routes && (called || self.lexicon.speaks_of("last-seen", &words))
        })
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
}

/// The number that follows a word of the topic in the same clause.
pub(in crate::behavior) fn stated(lexicon: &Lexicon, topic: &str, text: &str) -> Option<u64> {
    let rest = text.get(lexicon.after(topic, text)?..)?;
    let rest = rest.trim_start_matches(|c: char| !c.is_ascii_digit() && !matches!(c, ',' | '，' | ';' | '。'));
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok().filter(|number| *number > 0)
}

/// Items a page: `每页 10 条`, `10 per page`.
pub(in crate::behavior::collection) fn stated_size(lexicon: &Lexicon, text: &str) -> Option<u64> {
    let before = || {
        let before = text.get(..lexicon.after("each-page", text)?)?;
        let mut numbers = before.split(|c: char| !c.is_ascii_digit()).filter(|number| !number.is_empty());
        numbers.next_back()?.parse().ok().filter(|number| *number > 0)
    };
    stated(lexicon, "each-page", text).or_else(before)
}
