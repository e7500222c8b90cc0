//! What a list has to do with what it is asked for: pages that are cut and differ, filters that let nothing else through,
//! keywords that find.
//!
//! In: an endpoint that lists. Out: stories whose calls are all about that endpoint. Where callers can add to the list,
//! they do; else what stands in it serves, whatever that is on another server.

use super::effects::Story;
use super::lab::{Lab, Val};
use super::satisfy::{Draft, inner};
use super::shown_list::{Shown, is_same, no_total, total, total_of};
use super::violate::{CALLER, OTHER};
use crate::behavior::collection::{Filter, FilterKind};
use crate::behavior::{Demand, Form, ListPlan};
use crate::json::{Json, path_text};
use crate::lexicon::Role;
use crate::scenario::ast::{Basis, Matcher, Path, Test, What};
use std::sync::Arc;

/// How many filters of one list are tried.
const FILTERS: usize = 4;

pub(super) fn stories<'g>(start: &Lab<'g>, endpoint: usize) -> Vec<Story<'g>> {
    let Some(plan) = &start.behavior(endpoint).list else {
        return super::shelf::the_one_asked_for(start, endpoint).into_iter().collect();
    };
    let asking = Asking { start, endpoint, plan };
    let filters = plan.filters.iter().filter(|filter| filter.kind == FilterKind::Equal).take(FILTERS);
    let mut found: Vec<Story<'g>> = asking.pages().into_iter().collect();
    found.extend(plan.filters.iter().find_map(|filter| asking.of_parent(filter).or_else(|| asking.of_parents(filter))));
    found.extend(filters.clone().filter_map(|filter| asking.filtered(filter)));
    found.extend(filters.clone().filter_map(|filter| asking.in_part(filter)).take(1));
    found.extend(filters.filter_map(|filter| asking.of_nothing(filter)).take(1));
    found.extend(asking.searched());
    let of_owner = plan.filters.iter().filter(|filter| filter.kind == FilterKind::Owner);
    found.extend(of_owner.filter_map(|filter| asking.of_owner(filter)).take(1));
    found
}

struct Asking<'a, 'g> {
    start: &'a Lab<'g>,
    endpoint: usize,
    plan: &'a ListPlan,
}

impl<'g> Asking<'_, 'g> {
    fn because(&self, lab: &Lab<'_>, input: usize) -> String {
        let input = &lab.behavior(self.endpoint).inputs[input];
        let line = self.start.generation.set.file_line(input.place);
        format!("`{}` says which are listed ({line})", input.name)
    }

    /// A request with these values.
    fn asked(&self, lab: &mut Lab<'g>, values: &[(usize, Val)]) -> Option<Draft> {
        let mut draft = lab.draft(self.endpoint, CALLER, 0);
        for (input, value) in values {
            draft.fix(*input, Some(value.clone()));
        }
        let steps = lab.steps.len();
        let is_fine = lab.settle(&mut draft, None) && draft.person == CALLER;
        // To look must not add to the list.
        (is_fine && lab.steps[steps..].iter().all(|step| step.action.name() != "record")).then_some(draft)
    }

    fn look(&self, lab: &mut Lab<'g>, draft: &Draft, expect: Vec<What>, input: usize) {
        let because = self.because(lab, input);
        lab.call(self.endpoint, &draft.values, expect, Some(because));
        lab.basis(Basis::Inferred);
        lab.about_itself();
    }

    /// Whether an empty list is a failure here.
    fn fails_empty(&self) -> bool {
        let checks = &self.start.behavior(self.endpoint).checks;
        checks.iter().any(|check| matches!(inner(&check.demand), Demand::SomeListed { .. }))
    }

    /// One item a page: the first page has one, and the second another.
    fn pages(&self) -> Option<Story<'g>> {
        let size = self.plan.size?;
        let mut lab = self.start.clone();
        let is_ours = match &lab.model().collections[self.plan.collection].relation {
            Some(relation) => super::shelf::tied_twice(&mut lab, self.plan.collection, relation.target),
            None => (0..2).all(|_| lab.created(self.plan.collection, CALLER, 0).is_some()),
        };
        if !is_ours {
            if self.plan.mine {
                return None;
            }
            lab = self.start.clone();
        }
        let numbers = match (self.plan.page, self.plan.offset) {
            (Some(page), _) => Some((page, self.plan.first_page, self.plan.first_page + 1)),
            (None, Some(offset)) => Some((offset, 0, 1)),
            (None, None) => None,
        };
        let cut = |lab: &mut Lab<'g>, count: &str, number: Option<i64>| {
            let mut values = vec![(size, Val::text(count))];
            values.extend(numbers.and_then(|(input, ..)| Some((input, Val::text(number?.to_string())))));
            self.asked(lab, &values)
        };
        let first = numbers.map(|(_, first, _)| first);
        let draft = cut(&mut lab, "2", first)?;
        let body = lab.tried(self.endpoint, &draft.values).body;
        let shown = Shown::find(&lab, self.plan.collection, &body)?;
        // What stands second has to be there for a second page to show it.
        let second = body.at(&shown.path)?.as_array()?.get(1)?.get(&shown.key)?.clone();
        self.look(&mut lab, &draft, vec![shown.has_place(2, false)?], size);
        let two = draft;
        let top =
            lab.save("top", Some(&shown.at("0")), body.at(&shown.path)?.as_array()?.first()?.get(&shown.key)?.clone())?;
        let draft = cut(&mut lab, "1", first)?;
        let body = lab.tried(self.endpoint, &draft.values).body;
        // Who cuts off what should be there shows nothing here.
        let mut expect = vec![shown.contains(&top)?, shown.has_place(1, false)?];
        let known = &lab.model().collections[self.plan.collection];
        let is_all = is_ours && self.plan.mine && !lab.is_given(self.plan.collection) && !known.written;
        let is_two = total_of(&lab, &shown, &body)
            .and_then(|path| {
                Path::parse(&path).ok()?.find(&serde_json::Value::from(&body)).first().map(ToString::to_string)
            })
            .is_some_and(|total| total.trim_matches('"') == "2");
        expect.extend(total(&lab, &shown, &body, is_all && is_two));
        self.look(&mut lab, &draft, expect, size);
        if let Some((input, _, number)) = numbers {
            lab.go(&two, None);
            let second = lab.save("second", Some(&shown.at("1")), second)?;
            let draft = cut(&mut lab, "1", Some(number))?;
            let expect = vec![shown.has_place(1, false)?, shown.contains(&second)?];
            self.look(&mut lab, &draft, expect, input);
        }
        Some(Story { lab, what: "one a page".to_owned(), is_deed: false })
    }

    /// What is asked for is listed, and nothing else.
    fn filtered(&self, filter: &Filter) -> Option<Story<'g>> {
        let collection = &self.start.model().collections[self.plan.collection];
        let values = self.values(filter);
        let mut lab = self.start.clone();
        let own = self.made_with(&mut lab, filter, &values);
        let stands = own.as_ref().map(|(_, value)| value.clone());
        let other = values.iter().find(|value| stands.as_ref() != Some(value))?;
        let input = &lab.behavior(self.endpoint).inputs[filter.input];
        let name = input.name.to_string();
        let mut is_tested = false;
        if let (Some((id, value)), true) = (&own, self.plan.mine) {
            let draft = self.asked(&mut lab, &[(filter.input, Val::text(value.as_str()))])?;
            let body = lab.tried(self.endpoint, &draft.values).body;
            let shown = Shown::find(&lab, self.plan.collection, &body)?;
            shown.item(&body, id.as_text()).filter(|item| is_same(item.get(&shown.key), id))?;
            let expect = vec![shown.contains(id)?];
            self.look(&mut lab, &draft, expect, filter.input);
            is_tested = true;
        }
        let all = self.asked(&mut lab, &[])?;
        let body = lab.tried(self.endpoint, &all.values).body;
        let shown = Shown::find(&lab, self.plan.collection, &body)?;
        let draft = self.asked(&mut lab, &[(filter.input, Val::text(other.as_str()))]);
        if let Some(draft) = draft.filter(|_| !self.fails_empty()) {
            let mut expect: Vec<What> = Vec::new();
            expect.extend(own.as_ref().and_then(|(id, _)| shown.lacks(id)));
            let items = body.at(&shown.path)?.as_array()?;
            if items.iter().all(|item| item.get(&filter.field).is_some_and(Json::is_scalar)) {
                let wanted = collection.field(&filter.field).map(|field| field.example.in_form(other));
                let path = match wanted {
                    Some(Json::String(text)) if !text.contains(['\'', '\\']) => Some(format!("'{text}'")),
                    Some(Json::Number(text)) => Some(text.to_string()),
                    _ => None,
                };
                let path = path.map(|value| format!("{}[?@['{}'] != {value}]", path_text(&shown.path), filter.field));
                let path = path.and_then(|path| Path::parse(&path).ok());
                expect.extend(path.map(|path| What::At(path, Test::Matches(vec![Matcher::Exists(false)]))));
            }
            if !expect.is_empty() {
                self.look(&mut lab, &draft, expect, filter.input);
                is_tested = true;
            }
        }
        is_tested.then(|| Story { lab, what: format!("only those with that {name}"), is_deed: false })
    }

    /// Where an id that nothing has is asked for, nothing is listed.
    fn of_nothing(&self, filter: &Filter) -> Option<Story<'g>> {
        let input = &self.start.behavior(self.endpoint).inputs[filter.input];
        let is_id = input.role == Role::RecordId && !input.required && self.plan.with.is_none();
        let mut lab = self.start.clone();
        let all =
            self.asked(&mut lab, &[]).filter(|all| is_id && !self.plan.mine && all.get(filter.input).is_none())?;
        let body = lab.tried(self.endpoint, &all.values).body;
        let shown = Shown::find(&lab, self.plan.collection, &body)?;
        let first = body.at(&shown.path)?.as_array()?.first()?.get(&shown.key)?.clone();
        lab.go(&all, None);
        // There has to be something that could be listed.
        let _ = lab.save("first", Some(&shown.at("0")), first)?;
        let draft = self.asked(&mut lab, &[(filter.input, Val::text("99999999"))])?;
        let none = lab.tried(self.endpoint, &draft.values);
        (none.is_accepted() && none.body.at(&shown.path)?.as_array()?.is_empty()).then_some(())?;
        self.look(&mut lab, &draft, vec![shown.has_place(0, false)?], filter.input);
        Some(Story { what: format!("nothing has a {} that there is not", input.name), lab, is_deed: false })
    }

    /// What stands first and last among all stands among those that have the same, too.
    fn in_part(&self, filter: &Filter) -> Option<Story<'g>> {
        let mut lab = self.start.clone();
        let all = self.asked(&mut lab, &[]).filter(|all| !self.plan.mine && all.get(filter.input).is_none())?;
        let body = lab.tried(self.endpoint, &all.values).body;
        let shown = Shown::find(&lab, self.plan.collection, &body)?;
        let items = body.at(&shown.path)?.as_array()?;
        lab.go(&all, None);
        let step = lab.steps.len() - 1;
        for (place, item) in [("-1", items.last()?), ("0", items.first()?)] {
            let value = item.get(&filter.field)?;
            let text = value.scalar_text().filter(|text| !text.is_empty())?;
            if filter.all.iter().any(|all| all.eq_ignore_ascii_case(text)) {
                return None;
            }
            let at = format!("{}[{place}].{}", path_text(&shown.path), filter.field);
            let value = lab.save_of(step, &filter.field, Some(&at), value.clone())?;
            let id = lab.save_of(step, "id", Some(&shown.at(place)), item.get(&shown.key)?.clone())?;
            let draft = self.asked(&mut lab, &[(filter.input, value)])?;
            let part = lab.tried(self.endpoint, &draft.values).body;
            shown.item(&part, id.as_text()).filter(|item| is_same(item.get(&shown.key), &id))?;
            let expect = vec![shown.contains(&id)?];
            self.look(&mut lab, &draft, expect, filter.input);
        }
        let name = &lab.behavior(self.endpoint).inputs[filter.input].name;
        Some(Story { what: format!("all that have a {name} are among those with that {name}"), lab, is_deed: false })
    }

    /// What belongs to one record is listed with that one, and not with another.
    fn of_parent(&self, filter: &Filter) -> Option<Story<'g>> {
        let own = self.plan.collection;
        let parent = self.start.model().collections[own].reference(&filter.field)?.collection;
        let mut lab = self.start.clone();
        let id = lab.created(own, CALLER, 0)?;
        let name = Arc::clone(&lab.model().collections[own].name);
        let text = lab.world().record_by_id(&name, id.as_text())?.field(&filter.field)?.scalar_text()?.to_owned();
        let of = |made: &&super::lab::Made| made.collection == parent && made.id.as_text() == text;
        let theirs = lab.made.iter().find(of)?.id.clone();
        // As much as can be asked for: it may stand behind many others.
        let all = self.plan.size.map(|size| (size, Val::text("50")));
        let of =
            |parent: Val| -> Vec<(usize, Val)> { [(filter.input, parent)].into_iter().chain(all.clone()).collect() };
        let draft = self.asked(&mut lab, &of(theirs.clone()))?;
        let body = lab.tried(self.endpoint, &draft.values).body;
        let shown = Shown::find(&lab, own, &body)?;
        shown.item(&body, id.as_text()).filter(|item| is_same(item.get(&shown.key), &id))?;
        // A total tells where there are more than are shown.
        let is_whole = all.is_some() && total_of(&lab, &shown, &body).is_some();
        if self.plan.mine || self.plan.newest_first || is_whole {
            self.look(&mut lab, &draft, vec![shown.contains(&id)?], filter.input);
        }
        let other = super::shelf::last_listed(&mut lab, parent).filter(|other| other.as_text() != text)?;
        let draft = self.asked(&mut lab, &of(other))?;
        self.look(&mut lab, &draft, vec![shown.lacks(&id)?], filter.input);
        Some(Story { lab, what: "everything is with what it belongs to".to_owned(), is_deed: false })
    }

    /// The same of what is there already: the first of one is not listed with another.
    fn of_parents(&self, filter: &Filter) -> Option<Story<'g>> {
        let own = self.plan.collection;
        let parent =
            self.start.model().collections[own].reference(&filter.field).filter(|_| !self.plan.mine)?.collection;
        let mut lab = self.start.clone();
        let [first, second] = super::shelf::two_listed(&mut lab, parent)?;
        let draft = self.asked(&mut lab, &[(filter.input, first)])?;
        let body = lab.tried(self.endpoint, &draft.values).body;
        let shown = Shown::find(&lab, own, &body)?;
        let id = body.at(&shown.path)?.as_array()?.first()?.get(&shown.key)?.clone();
        lab.go(&draft, None);
        let id = lab.save("id", Some(&shown.at("0")), id)?;
        let draft = self.asked(&mut lab, &[(filter.input, second)])?;
        let other = lab.tried(self.endpoint, &draft.values);
        (other.is_accepted() && shown.item(&other.body, id.as_text()).is_none()).then_some(())?;
        self.look(&mut lab, &draft, vec![shown.lacks(&id)?], filter.input);
        Some(Story { lab, what: "nothing is with what it does not belong to".to_owned(), is_deed: false })
    }

    /// What somebody made is listed with their id, and not with another's.
    fn of_owner(&self, filter: &Filter) -> Option<Story<'g>> {
        let mut lab = self.start.clone();
        let id = lab.created(self.plan.collection, CALLER, 0)?;
        let (own, other) = (lab.account_id(CALLER, 0)?, lab.account_id(OTHER, 0)?);
        let draft = self.asked(&mut lab, &[(filter.input, own)])?;
        let body = lab.tried(self.endpoint, &draft.values).body;
        let shown = Shown::find(&lab, self.plan.collection, &body)?;
        shown.item(&body, id.as_text()).filter(|item| is_same(item.get(&shown.key), &id))?;
        self.look(&mut lab, &draft, vec![shown.contains(&id)?], filter.input);
        let draft = self.asked(&mut lab, &[(filter.input, other)])?;
        if !self.fails_empty() {
            self.look(&mut lab, &draft, vec![shown.lacks(&id)?], filter.input);
        }
        Some(Story { lab, what: "those of one account".to_owned(), is_deed: false })
    }

    /// Values that the documents list for a filter, those left out that let everything through.
    fn values(&self, filter: &Filter) -> Vec<String> {
        let input = &self.start.behavior(self.endpoint).inputs[filter.input];
        let collection = &self.start.model().collections[self.plan.collection];
        let listed = input.rules.iter().find_map(|rule| match &rule.form {
            Form::OneOf(values) => Some(values.clone()),
            _ => None,
        });
        let stands = || {
            let machine = collection.machine(&filter.field)?;
            Some(machine.values.iter().filter_map(|value| value.value.scalar_text()).map(str::to_owned).collect())
        };
        let mut values: Vec<String> = listed.or_else(stands).unwrap_or_default();
        values.retain(|value| !filter.all.iter().any(|all| all.eq_ignore_ascii_case(value)));
        values
    }

    /// A record of the caller's with one of these values, by sending it, else by how a new record stands.
    fn made_with(&self, lab: &mut Lab<'g>, filter: &Filter, values: &[String]) -> Option<(Val, String)> {
        let before = lab.clone();
        let sent = values.first().map(|value| (Arc::clone(&filter.field), Val::text(value.as_str())));
        let made = sent.and_then(|sent| lab.created_with(self.plan.collection, CALLER, &[sent]));
        let made = made.or_else(|| {
            *lab = before.clone();
            lab.created(self.plan.collection, CALLER, 0)
        });
        let value = made.as_ref().and_then(|id| lab.status_of(self.plan.collection, id, &filter.field));
        match (made, value) {
            (Some(id), Some(value)) if values.contains(&value) => Some((id, value)),
            _ => {
                *lab = before;
                None
            }
        }
    }

    /// A word of a record finds it, and a word of none does not.
    fn searched(&self) -> Option<Story<'g>> {
        let keyword = self.plan.keyword?;
        let mut lab = self.start.clone();
        let word = Val::text(format!("kw{}", lab.fresh.digits(6)));
        let own = lab.created_about(self.plan.collection, CALLER, &word);
        let (word, id) = match own {
            Some(id) => (word, id),
            None if self.plan.mine => return None,
            None => {
                lab = self.start.clone();
                self.named(&mut lab)?
            }
        };
        let draft = self.asked(&mut lab, &[(keyword, word)])?;
        let body = lab.tried(self.endpoint, &draft.values).body;
        let shown = Shown::find(&lab, self.plan.collection, &body)?;
        shown.item(&body, id.as_text()).filter(|item| is_same(item.get(&shown.key), &id))?;
        let expect = vec![shown.contains(&id)?];
        self.look(&mut lab, &draft, expect, keyword);
        let nothing = Val::text(lab.fresh.digits(9));
        let before = lab.clone();
        match self.asked(&mut lab, &[(keyword, nothing)]).filter(|_| !self.fails_empty()) {
            Some(draft) => {
                let mut expect = vec![shown.lacks(&id)?];
                expect.extend(no_total(&lab, &shown, &body));
                self.look(&mut lab, &draft, expect, keyword);
            }
            None => lab = before,
        }
        Some(Story { lab, what: "the keyword finds what it names".to_owned(), is_deed: false })
    }

    /// How the first of the list is called, and its id.
    fn named(&self, lab: &mut Lab<'g>) -> Option<(Val, Val)> {
        let draft = self.asked(lab, &[])?;
        let body = lab.tried(self.endpoint, &draft.values).body;
        let shown = Shown::find(lab, self.plan.collection, &body)?;
        let item = body.at(&shown.path)?.as_array()?.first()?;
        let is_name = |key: &str| {
            let role = lab.generation.lexicon.role(key, "").map(|(role, _)| role);
            let key = crate::lexicon::compact(key);
            key.ends_with("title") || key.ends_with("name") || matches!(role, Some(Role::Nickname | Role::RealName))
        };
        let (key, name) = item
            .as_object()?
            .iter()
            .find(|(key, value)| is_name(key) && value.as_str().is_some_and(|text| !text.trim().is_empty()))?;
        let id = item.get(&shown.key)?;
        lab.go(&draft, None);
        let at = |key: &str| format!("{}[0].{key}", path_text(&shown.path));
        let name = lab.save("name", Some(&at(key)), name.clone())?;
        let id = lab.save("id", Some(&at(&shown.key)), id.clone())?;
        Some((name, id))
    }
}
