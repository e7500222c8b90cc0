//! The side of those who run the place: nobody registers for it, who is on it logs in by an endpoint of its own, sees what all
//! others made, and has the first account from the start where the documents say so (`后台自带一个账号 admin 密码 123456`).
//!
//! In: the endpoints that let callers in, the tokens that these hand out and the others take, and the lines outside of the blocks.
//! Out: the two kinds of accounts, whose each endpoint is, and the accounts that are there before anybody calls.

use super::Accounts;
use super::entries;
use super::kinds::{Bound, Kind, Kinds, Words};
use crate::behavior::account;
use crate::behavior::collection::items::shape;
use crate::behavior::collection::nouns::group::Group;
use crate::behavior::collection::nouns::views;
use crate::behavior::collection::prose::sentences;
use crate::behavior::failure::Failure;
use crate::behavior::{Confidence, Evidence};
use crate::lexicon::{Class, Lexicon, Operation, Role, compact};
use crate::source::Place;
use crate::spec::In;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The kind of who runs the place.
pub(in crate::behavior) const OFFICE: usize = 1;

/// Whose each endpoint is where one side runs the place.
#[derive(Clone, Debug, Default)]
pub(in crate::behavior) struct Office {
    /// Parallel to the endpoints.
    sides: Vec<Option<usize>>,
    place: Place,
    text: String,
}

/// An account that is there from the start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    pub name: String,
    pub password: String,
    pub place: Place,
}

/// The kinds, where somebody logs in for whom there is no way to register, beside those for whom there is one.
pub(in crate::behavior) fn kinds(words: &Words<'_>) -> Option<Kinds> {
    let of = |wanted: Operation| (0..words.operations.len()).filter(move |at| words.operations[*at] == wanted);
    let (office, others): (Vec<usize>, Vec<usize>) = of(Operation::Login).partition(|at| is_office(words, *at));
    let registers: Vec<usize> = of(Operation::Register).collect();
    let first = *office.first()?;
    if others.is_empty() || registers.is_empty() || registers.iter().any(|at| is_office(words, *at)) {
        return None;
    }
    let [own, theirs] = [&office, &others]
        .map(|logins| -> BTreeSet<String> { logins.iter().filter_map(|at| token_shown(words, *at)).collect() });
    let apart = own.is_disjoint(&theirs) && !own.is_empty();
    let sides = (0..words.operations.len()).map(|at| match words.operations[at] {
        Operation::Login => Some(if office.contains(&at) { OFFICE } else { 0 }),
        Operation::Register => Some(0),
        _ => {
            let mut tokens = words.inputs[at].iter().filter(|input| input.word == Role::Token && !input.routes);
            let name = tokens.next().map(|input| compact(&input.name));
            match name.filter(|_| apart) {
                Some(name) if own.contains(&name) => Some(OFFICE),
                Some(name) if theirs.contains(&name) => Some(0),
                _ => is_office(words, at).then_some(OFFICE),
            }
        }
    });
    let sides: Vec<Option<usize>> = sides.collect();
    let entries = (0..sides.len())
        .map(|at| sides[at].filter(|_| matches!(words.operations[at], Operation::Login | Operation::Register)));
    let side = registers
        .first()
        .map(|at| entries::called(&words.set.endpoints[*at], words.prose, words.sections, words.lexicon));
    let endpoint = &words.set.endpoints[first];
    let kind = |words: String, value: &str| Kind { value: value.to_owned(), words, serves: false };
    Some(Kinds {
        field: entries::FIELD.into(),
        kinds: vec![kind(side.unwrap_or_default(), "served"), kind(String::new(), "office")],
        default: Some("served".to_owned()),
        entries: entries.collect(),
        separate: true,
        office: Some(Office {
            place: endpoint.title_place.unwrap_or(endpoint.place),
            text: endpoint.title.clone(),
            sides: sides.clone(),
        }),
        sides,
        ..Kinds::default()
    })
}

/// Whether an endpoint's title, its path or a heading over it speaks of who runs the place.
fn is_office(words: &Words<'_>, at: usize) -> bool {
    let (lexicon, endpoint) = (words.lexicon, &words.set.endpoints[at]);
    let place = endpoint.title_place.unwrap_or(endpoint.place);
    let mut headings =
        words.sections.above(place).filter_map(|lines| Some(words.prose.get(lines)?.first()?.text.as_str()));
    let mut path = crate::behavior::operation::path_of(endpoint).into_iter();
    lexicon.speaks_of("office-side", &endpoint.title)
        || path.any(|word| lexicon.is_named("office-side", &word))
        || headings.any(|text| lexicon.speaks_of("office-side", text) && !lexicon.speaks_of("both-kinds", text))
}

/// What a login calls the token that it hands out.
fn token_shown(words: &Words<'_>, at: usize) -> Option<String> {
    let endpoint = &words.set.endpoints[at];
    endpoint.successes().find_map(|example| {
        let shown = account::shown(words.set, endpoint, example, words.lexicon);
        shown.iter().find(|member| member.role == Role::Token).map(|member| compact(member.name))
    })
}

impl crate::behavior::infer::SetWide<'_> {
    /// Whether everybody may do for the present what is for who runs the place: `行政用，联调期间不限人`, `谁调都行`.
    pub(in crate::behavior) fn is_open_to_all(&self, at: usize) -> bool {
        let endpoint = &self.set.endpoints[at];
        let says = |text: &str| self.lexicon.speaks_of("done-by-all", text);
        self.kinds[at] == Operation::Transition
            && (says(&endpoint.title)
                || crate::behavior::collection::prose::remarks(self.prose, endpoint).any(|note| says(&note.text)))
    }
}

impl Kinds {
    /// Whether an endpoint is for who runs the place, and sees what everybody made.
    pub(in crate::behavior) fn is_office(&self, at: usize) -> bool {
        self.office.as_ref().is_some_and(|office| office.sides.get(at) == Some(&Some(OFFICE)))
            && self.caller(at) == Some(OFFICE)
    }

    /// The field and the value of who registers where somebody else runs the place.
    pub fn registered(&self) -> Option<(&Arc<str>, &str)> {
        self.office.as_ref()?;
        Some((&self.field, self.kinds.first()?.value.as_str()))
    }

    /// The field and the value of who runs the place.
    pub fn runs_place(&self) -> Option<(&Arc<str>, &str)> {
        self.office.as_ref()?;
        Some((&self.field, self.kinds.get(OFFICE)?.value.as_str()))
    }

    /// Of which kind is who calls an endpoint that takes a token, where one side runs the place: all that is not for them is for
    /// the others.
    pub fn side_of(&self, at: usize) -> Option<usize> {
        let office = self.office.as_ref()?;
        Some(office.sides.get(at).copied().flatten().unwrap_or_default())
    }

    /// The space of names of accounts that have this value in the kinds' field.
    pub fn names_of(&self, value: Option<&str>) -> Option<Arc<str>> {
        let kind = (1..self.kinds.len()).find(|kind| self.is(*kind, value))?;
        self.spaces().nth(kind - 1)
    }

    pub(in crate::behavior) fn has_office(&self) -> bool {
        self.office.is_some()
    }

    /// Whose an endpoint is by the token that it takes, and what others are told: that they are not logged in there.
    pub(in crate::behavior) fn by_office(&self, words: &Words<'_>, at: usize) -> Option<Bound> {
        let office = self.office.as_ref()?;
        let kind = office.sides.get(at).copied().flatten()?;
        let own = words.inputs[at].iter().any(|input| input.word == Role::Token && input.required);
        if kind != OFFICE && !own {
            return None;
        }
        let failure = not_logged_in(words, at, kind)?;
        let because = Evidence::new(format!("`{}`", office.text), office.place, Confidence::Likely);
        Some(Bound { kind, refuses: true, code: Some((failure.code.to_string(), failure.message.clone())), because })
    }

    /// What a caller without a token is told at an endpoint of one side, where each side has a failure of its own for it.
    pub(in crate::behavior) fn login_failure(&self, at: usize) -> Option<(&str, &str)> {
        self.office.as_ref()?;
        let (code, message) = self.bound.get(at)?.as_ref()?.code.as_ref()?;
        Some((code, message))
    }
}

/// The failure of the endpoint's own, else the one that names its side.
fn not_logged_in<'a>(words: &'a Words<'_>, at: usize, kind: usize) -> Option<&'a Failure> {
    let lexicon = words.lexicon;
    let is_login = |failure: &&Failure| failure.classes.first() == Some(&Class::NotLoggedIn);
    let fits = |failure: &&Failure| lexicon.speaks_of("office-side", failure.says()) == (kind == OFFICE);
    let all = || words.catalog.shared.iter().chain(words.catalog.own.iter().flatten()).filter(is_login);
    words.catalog.own[at].iter().find(is_login).or_else(|| all().find(fits)).or_else(|| all().next())
}

/// Lists and details of who runs the place are of the records that the others make, where they show the same id.
pub(in crate::behavior) fn adopt(words: &Words<'_>, kinds: &Kinds, groups: &mut Vec<Group>) {
    if !kinds.has_office() {
        return;
    }
    let made: Vec<usize> = (0..groups.len()).filter(|at| views::is_made(&groups[*at], words.operations)).collect();
    for own in 0..groups.len() {
        if made.contains(&own) {
            continue;
        }
        for at in groups[own].endpoints.clone() {
            let looks = matches!(words.operations[at], Operation::List | Operation::Detail);
            let id = words.shown[at].iter().find(|key| shape::is_id(key)).map(|key| compact(key));
            let Some(id) = id.filter(|id| looks && id != "id" && kinds.is_office(at)) else { continue };
            let home = made.iter().copied().find(|home| {
                let makes = |one: &&usize| words.operations[**one] == Operation::Create;
                let makers = || groups[*home].endpoints.iter().filter(makes);
                let keys: BTreeSet<String> =
                    groups[*home].endpoints.iter().flat_map(|one| &words.shown[*one]).map(|key| compact(key)).collect();
                let shown = &words.shown[at];
                let alike = shown.iter().filter(|key| keys.contains(&compact(key))).count();
                let is_made = makers().any(|one| words.shown[*one].iter().any(|key| compact(key) == id));
                is_made && alike * 2 > shown.len()
            });
            if let Some(home) = home {
                groups[own].endpoints.retain(|known| *known != at);
                groups[home].endpoints.push(at);
                groups[home].endpoints.sort_unstable();
            }
        }
    }
    groups.retain(|group| !group.endpoints.is_empty());
    groups.sort_by_key(|group| group.endpoints.first().copied());
}

/// The accounts that the lines outside of the blocks say are there: `内置管理员 admin / 123456`, `自带一个账号 admin 密码 yeshi2021`.
pub(in crate::behavior) fn given(words: &Words<'_>, accounts: &Accounts) -> Vec<Given> {
    if !accounts.any {
        return Vec::new();
    }
    let lexicon = words.lexicon;
    let logins = (0..words.operations.len()).filter(|at| words.operations[*at] == Operation::Login);
    let names: BTreeSet<String> = logins
        .flat_map(|at| &words.inputs[at])
        .filter(|input| input.location != In::Path)
        .map(|input| compact(&input.name))
        .collect();
    let mut found: Vec<Given> = Vec::new();
    let titled = words.set.endpoints.iter().flat_map(|endpoint| &endpoint.notes);
    for note in words.prose.iter().chain(titled) {
        for text in sentences(&note.text) {
            let Some((name, password)) = pair(text, &names, lexicon) else { continue };
            let known = Given { name: name.to_owned(), password: password.to_owned(), place: note.place };
            if !found.iter().any(|given| given.name == known.name) {
                found.push(known);
            }
        }
    }
    found
}

/// The name and the password of an account that a sentence says there is.
fn pair<'t>(text: &'t str, names: &BTreeSet<String>, lexicon: &Lexicon) -> Option<(&'t str, &'t str)> {
    if !["given-account", "given-person", "given-secret"].iter().all(|topic| lexicon.speaks_of(topic, text)) {
        return None;
    }
    let start = lexicon.after("given-account", text)?;
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '@' | '.' | '-' | '!' | '#' | '$');
    let parts = text.get(start..)?.split(|c: char| !is_part(c)).map(|part| part.trim_matches(['.', '-']));
    let is_word =
        |part: &&str| part.len() > 2 && !names.contains(&compact(part)) && !lexicon.is_named("given-aside", part);
    let mut parts = parts.filter(is_word);
    let name = parts.next()?;
    let password = parts.next()?;
    Some((name, password))
}
