//! Scenarios that nobody wrote, planned from what the documents say each endpoint checks and changes.
//!
//! In: a generation, and a seed for the values. Out: for every documented outcome of every endpoint a sequence of calls that
//! leads there, the looks that follow from effects, and what cannot be reached, with the reason. Each plan was walked
//! through in a simulator; which way it takes follows from the behavior data alone.

mod alike;
mod as_right;
mod bounds;
mod counts;
mod days;
mod echo;
mod edges;
mod effects;
pub mod files;
pub(crate) mod fresh;
mod given;
mod kinds;
mod lab;
mod learn;
mod lists;
mod making;
mod meet;
mod merged;
mod moving;
mod once;
mod others;
mod people;
mod priors;
mod satisfy;
mod shelf;
mod shown_list;
mod shut_out;
mod signed;
mod sorted;
mod standing;
mod still_counted;
mod stock;
mod things;
mod ties;
mod tokens;
mod traces;
mod twice;
mod untouched;
mod violate;
mod violate_input;
mod violate_record;
mod violate_wallet;
mod within;

use super::ast::{Action, Basis, Expect, Matcher, Path, Scenario, Step, Test, What};
use super::fill;
use super::run::{self, NEEDS_SENT_PASSCODES, SHARED_ACCOUNT};
use crate::behavior::{Check, Demand, Form, Origin};
use crate::client::Reply;
use crate::engine;
use crate::generation::Generation;
use crate::json::Json;
use crate::lexicon::Class;
use crate::source::Place;
use lab::Lab;
use satisfy::Draft;
use std::time::Duration;
use violate::Way;

/// Scenarios that were planned, and the outcomes that none leads to.
#[derive(Debug, Default)]
pub struct Plans {
    pub plans: Vec<Plan>,
    pub unreached: Vec<Unreached>,
    /// How many outcomes the documents have.
    pub outcomes: usize,
    /// How many plans have days of their own.
    pub days: i64,
}

/// One scenario, with what it is about.
#[derive(Clone, Debug)]
pub struct Plan {
    pub scenario: Scenario,
    /// The endpoint that it is about.
    pub endpoint: usize,
    /// The outcome to which its last step leads: `success`, or a code.
    pub outcome: String,
    /// The endpoint whose effect is looked at.
    pub deed: Option<usize>,
    /// That endpoint has no effect: it is asked what it shows.
    pub looks_at_itself: bool,
    /// It is about what others change, too: what came only once may be theirs.
    pub is_shared: bool,
    /// Steps that test the endpoint which answers them, whatever the deed.
    pub itself: Vec<usize>,
    /// Steps that rest on a record of the documents' examples, which another server need not have.
    pub on_examples: Vec<usize>,
    /// The line of the documents that its last step stands on.
    pub place: Place,
}

/// A documented outcome that no plan leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreached {
    pub endpoint: usize,
    pub code: String,
    pub message: String,
    pub why: String,
    /// Only a fault can cause it, and that is all there is to say.
    pub only_by_fault: bool,
}

/// How many scenarios one check gives at most.
const WAYS: usize = 8;

/// What the plans are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Against {
    /// It has the records of the documents' examples, and no others.
    Simulator,
    /// It has records of its own. Where one passcode is accepted for everybody, none is sent only to be used.
    Backend { passcode_is_universal: bool },
}

/// Plans for all endpoints. Other values, and so other identities, come of another seed; names and sequences stay the same.
pub fn plan(generation: &Generation, seed: u64, against: Against) -> Plans {
    let mut all = Plans::default();
    let start = Lab::new(generation, seed, against);
    for endpoint in 0..generation.set.endpoints.len() {
        Planner { generation, start: &start, endpoint, all: &mut all, spared: Vec::new() }.plan();
    }
    all
}

struct Planner<'p, 'g> {
    generation: &'g Generation,
    start: &'p Lab<'g>,
    endpoint: usize,
    all: &'p mut Plans,
    /// The outcomes whose plans would change what is not the run's own.
    spared: Vec<String>,
}

impl<'g> Planner<'_, 'g> {
    fn plan(&mut self) {
        let first = self.all.plans.len();
        let checks = &self.start.behavior(self.endpoint).checks;
        self.success();
        let mut untried: Vec<(usize, String)> = Vec::new();
        for (at, check) in checks.iter().enumerate() {
            let mut found = 0;
            for way in violate::ways(self.start, self.endpoint, check) {
                if found < WAYS && self.refused(at, check, way) {
                    found += 1;
                }
            }
            if found == 0 {
                untried.push((at, check.because.text.clone()));
            }
        }
        for story in effects::stories(self.start, self.endpoint) {
            let name = format!("{}: {}", self.title(), story.what);
            let place = self.generation.set.endpoints[self.endpoint].place;
            let deed = story.is_deed.then_some(self.endpoint);
            self.keep(story.lab, name, "success".to_owned(), deed, place);
        }
        self.look_for_the_rest(first, &untried);
    }

    fn title(&self) -> &str {
        &self.generation.set.endpoints[self.endpoint].title
    }

    fn success(&mut self) {
        let mut lab = self.start.clone();
        let Some(draft) = lab.prepared(self.endpoint, violate::CALLER, 0) else { return };
        let example = self.start.behavior(self.endpoint).success.place;
        let because = self.generation.set.file_line(example);
        lab.call(self.endpoint, &draft.values, vec![What::Success], Some(because));
        self.keep(lab, format!("{}: success", self.title()), "success".to_owned(), None, example);
    }

    /// Whether the way leads to the check's refusal.
    fn refused(&mut self, target: usize, check: &Check, way: Way<'g>) -> bool {
        let Way { mut lab, mut draft, what, basis, deed } = way;
        if self.looks_like_success(check) || !lab.settle(&mut draft, Some(target)) {
            return false;
        }
        // What is there is missed only for want of who calls: that says nothing else of the call.
        let checks = &lab.behavior(self.endpoint).checks;
        let is_there = |at: &usize| {
            *at != target && violate_input::named(&checks[*at].demand).is_some_and(|input| draft.alive.contains(&input))
        };
        let mut unmet = lab.unmet(self.endpoint, &draft.values);
        unmet.retain(|at| !is_there(at));
        let (expect, basis) = self.expected(&lab, &draft, target, &unmet, basis);
        let place = self.generation.set.file_line(check.failure.place);
        let why = if check.because.text.is_empty() { what.clone() } else { format!("{what}: {}", check.because.text) };
        let because = if place.is_empty() { why } else { format!("{why} ({place})") };
        lab.call(self.endpoint, &draft.values, expect, Some(because));
        lab.basis(basis);
        let code = &check.reply.code;
        let name = format!("{}: {code} {} ({what})", self.title(), check.failure.message);
        self.keep(lab, name, code.clone(), deed, check.failure.place);
        true
    }

    /// A document without an example of a failure may leave nothing in a reply that tells it from a success.
    fn looks_like_success(&self, check: &Check) -> bool {
        let reply = Reply {
            http_status: check.reply.http_status.unwrap_or(200),
            headers: Vec::new(),
            body: engine::documented(&check.reply).into(),
            took: Duration::ZERO,
        };
        let outcome = run::outcome(self.generation, self.endpoint, &reply);
        outcome.is_success && outcome.message.is_none_or(|message| message.is_empty())
    }

    /// What the refusal must look like, and how plainly the documents say so.
    fn expected(
        &self,
        lab: &Lab<'g>,
        draft: &Draft,
        target: usize,
        unmet: &[usize],
        basis: Basis,
    ) -> (Vec<What>, Basis) {
        let check = &lab.behavior(self.endpoint).checks[target];
        let example: Option<serde_json::Value> = serde_json::from_slice(&engine::documented(&check.reply)).ok();
        let example = example.as_ref().map_or(Json::Null, Json::from);
        let envelope = self.generation.set.envelope(&self.generation.set.endpoints[self.endpoint]);
        let code =
            envelope.code_of(&example).map(|(path, _)| (path.clone(), example.at(path).cloned().unwrap_or_default()));
        let Some((path, code)) = code else { return (vec![What::Failure], basis) };
        // Where neither code nor marker tells it from a success, the words have to.
        let message = envelope.message_of(&example).map(|(_, text)| text.to_owned()).unwrap_or_default();
        let success = &self.start.behavior(self.endpoint).success;
        if success.code == check.reply.code && !message.is_empty() {
            let is_own =
                matches!(check.failure.origin, Origin::Table(_) | Origin::Example) && !check.failure.approximated;
            let basis = if is_own && unmet.len() == 1 { basis } else { Basis::Convention };
            return (vec![What::Message(Test::Equals(Json::string(message)))], basis);
        }
        if basis == Basis::Convention {
            return (vec![What::Code(code)], basis);
        }
        let is_own = !matches!(check.failure.origin, Origin::Set | Origin::General) && !check.failure.approximated;
        if !is_own {
            // No documented failure fits: whether a value that nobody listed is refused is left open.
            let inputs = &lab.behavior(self.endpoint).inputs;
            let is_vague = check.failure.approximated || check.failure.origin == Origin::General;
            let is_choice = matches!(&check.demand, Demand::WellFormed(input)
                if inputs[*input].rules.iter().all(|rule| matches!(rule.form, Form::OneOf(_))));
            if is_vague && is_choice {
                return (vec![What::Failure], Basis::Convention);
            }
            return (vec![What::Failure], basis.max(Basis::Inferred));
        }
        let right = as_right::as_right(lab, draft, target, unmet);
        let expect = match right.as_slice() {
            [_] => vec![What::Code(code)],
            several => {
                let codes = several.iter().map(|text| code.in_form(text)).collect();
                match Path::parse(&crate::json::path_text(&path)) {
                    Ok(path) => vec![What::At(path, Test::Matches(vec![Matcher::OneOf(codes)]))],
                    Err(_) => vec![What::Failure],
                }
            }
        };
        (expect, basis)
    }

    fn keep(&mut self, lab: Lab<'g>, name: String, outcome: String, deed: Option<usize>, place: Place) {
        // What others have on their server is not the run's to change.
        if lab.against != Against::Simulator && lab.meddles {
            self.spared.push(outcome);
            return;
        }
        let mut steps: Vec<Step> = lab.steps;
        for step in &mut steps {
            let all = std::mem::take(&mut step.expect);
            step.expect = in_one(all.into_iter().map(|expect| expect.what).collect());
        }
        // Whether a server has the documents' examples among its records, they do not say.
        for at in &lab.on_examples {
            if let Some(step) = steps.get_mut(*at) {
                step.basis = Basis::Convention;
            }
        }
        let mut tags = vec![outcome.clone()];
        if lab.needs_sent_passcodes {
            tags.push(NEEDS_SENT_PASSCODES.to_owned());
        }
        if lab.people.iter().any(|person| person.given) {
            tags.push(SHARED_ACCOUNT.to_owned());
        }
        stock::take_any(self.start, &mut steps);
        let used: Vec<String> = steps.iter().flat_map(names_in).collect();
        let mut vars: Vec<_> = lab.vars.into_iter().filter(|(name, _)| used.contains(name)).collect();
        if lab.against != Against::Simulator && days::moved(&mut vars, &steps, self.start.first_day + self.all.days) {
            self.all.days += 1;
        }
        let scenario = Scenario { name, tags, vars, steps, ..Scenario::default() };
        let looks_at_itself = self.start.behavior(self.endpoint).effects.is_empty();
        let is_new = !self.all.plans.iter().any(|known| known.scenario.name == scenario.name);
        if is_new {
            self.all.plans.push(Plan {
                scenario,
                endpoint: self.endpoint,
                outcome,
                deed,
                looks_at_itself,
                is_shared: lab.is_shared,
                itself: lab.itself,
                on_examples: lab.on_examples,
                place,
            });
        }
    }

    /// The documented outcomes to which none of the endpoint's plans leads.
    fn look_for_the_rest(&mut self, first: usize, untried: &[(usize, String)]) {
        let documented = documented(self.generation, self.endpoint);
        self.all.outcomes += documented.len();
        let behavior = self.start.behavior(self.endpoint);
        for (code, message) in documented {
            if self.all.plans[first..].iter().any(|plan| plan.outcome == code) {
                continue;
            }
            let classes = self.generation.lexicon.meaning(&message).classes;
            let tried = untried.iter().find(|(at, _)| behavior.checks[*at].reply.code == code);
            let only_by_fault = tried.is_none() && classes.contains(&Class::Failed);
            let why = match tried {
                _ if !self.generation.set.endpoints[self.endpoint].is_served() => {
                    "the documents do not say where to ask for it".to_owned()
                }
                _ if self.spared.contains(&code) => "it would change what is there already".to_owned(),
                _ if code == "success" => "no call was found that it accepts".to_owned(),
                Some((_, because)) => format!("no way was found to it: {because}"),
                None if only_by_fault => "only a fault causes it".to_owned(),
                None => "no check leads to it".to_owned(),
            };
            self.all.unreached.push(Unreached { endpoint: self.endpoint, code, message, why, only_by_fault });
        }
    }
}

/// What is expected at one place stands in one line there.
fn in_one(all: Vec<What>) -> Vec<Expect> {
    let mut found: Vec<What> = Vec::new();
    for what in all {
        let known = match &what {
            What::At(path, Test::Matches(_)) => {
                found.iter_mut().find(|known| matches!(known, What::At(other, Test::Matches(_)) if other == path))
            }
            _ => None,
        };
        match (known, what) {
            (Some(What::At(_, Test::Matches(known))), What::At(_, Test::Matches(more))) => known.extend(more),
            (_, what) => found.push(what),
        }
    }
    found.into_iter().map(|what| Expect { what, place: Place::default() }).collect()
}

/// The names that a step refers to.
fn names_in(step: &Step) -> Vec<String> {
    let values: Vec<&Json> = match &step.action {
        Action::Call { with, .. } => with.iter().map(|(_, value)| value).collect(),
        Action::Sms { identity, .. } => vec![identity],
        Action::Account { identity, members, .. } => members.iter().map(|(_, value)| value).chain([identity]).collect(),
        Action::Record { id, members, .. } => members.iter().map(|(_, value)| value).chain(id).collect(),
        Action::Clock(_) | Action::Fault(_) => Vec::new(),
    };
    let wanted = step.expect.iter().filter_map(|expect| match &expect.what {
        What::Code(value) | What::At(_, Test::Equals(value)) | What::Message(Test::Equals(value)) => {
            Some(vec![value.clone()])
        }
        What::At(_, Test::Matches(matchers)) => Some(matchers.iter().map(Matcher::value).collect()),
        _ => None,
    });
    let wanted: Vec<Json> = wanted.flatten().collect();
    values.into_iter().chain(&wanted).flat_map(fill::names).collect()
}

/// What an endpoint's documents say may come of it: success, and each code of its table, its examples and its quote.
pub fn documented(generation: &Generation, endpoint: usize) -> Vec<(String, String)> {
    let documented = &generation.set.endpoints[endpoint];
    let envelope = generation.set.envelope(documented);
    let mut found: Vec<(String, String)> = vec![("success".to_owned(), String::new())];
    let mut add = |code: &str, message: &str| {
        if !found.iter().any(|(known, _)| known == code) {
            found.push((code.to_owned(), message.to_owned()));
        }
    };
    let is_success = |code: &str| {
        envelope.success.iter().any(|value| value.scalar_text() == Some(code))
            || generation.model.behaviors[endpoint].success.code == code
    };
    for row in documented.codes.rows.iter().chain(&documented.quoted) {
        if !is_success(&row.code) {
            add(&row.code, &row.text);
        }
    }
    for example in documented.errors().filter(|example| !example.is_table) {
        if let Some((_, code)) = envelope.code_of(&example.value) {
            let message = envelope.message_of(&example.value).map_or("", |(_, text)| text);
            add(code, message);
        }
    }
    found
}
