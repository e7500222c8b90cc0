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
use crate::behavior::collection::prose::{self, sentences};
use crate::behavior::failure::{Catalog, Failure};
use crate::behavior::{Confidence, Evidence};
use crate::lexicon::{Class, Lexicon, Operation, Role, compact};
use crate::source::Place;
use crate::spec::{In, Note};
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
    /// Of who runs the place.
    pub office: bool,
    pub place: Place,
}

impl Office {
    pub(super) fn new(sides: Vec<Option<usize>>, place: Place, text: String) -> Self {
        Self { sides, place, text }
    }
}

/// The kinds, where somebody logs in for whom there is no way to register, beside those for whom there is one.
pub(in crate::behavior) fn kinds(words: &Words<'_>, accounts: &Accounts) -> Option<Kinds> {
    with_login(words).or_else(|| super::seeded_side::kinds(words, accounts))
}

fn with_login(words: &Words<'_>) -> Option<Kinds> {
    let of = |wanted: Operation| (0..words.operations.len()).filter(move |at| words.operations[*at] == wanted);
    let registers: Vec<usize> = of(Operation::Register).collect();
    // Who comes in without a password has an account from the first time on.
    let open = |at: &usize| !words.inputs[*at].iter().any(|input| input.word == Role::Password);
    let newcomers: Vec<usize> = registers.iter().copied().chain(of(Operation::Login).filter(open)).collect();
    let others = over_any(words, &newcomers);
    let is_office = |at: usize| is_office(words, at, &others);
    let (office, others): (Vec<usize>, Vec<usize>) = of(Operation::Login).partition(|at| is_office(*at));
    let first = *office.first()?;
    let comes_in = !registers.is_empty() || others.iter().all(open);
    if others.is_empty() || !comes_in || registers.iter().any(|at| is_office(*at)) {
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
                _ => is_office(at).then_some(OFFICE),
            }
        }
    });
    let sides: Vec<Option<usize>> = sides.collect();
    let entries = (0..sides.len())
        .map(|at| sides[at].filter(|_| matches!(words.operations[at], Operation::Login | Operation::Register)));
    let side = newcomers
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

/// Where the headings begin under which accounts come about: `家电维修 用户端+后台` tells nobody's side.
fn over_any(words: &Words<'_>, entries: &[usize]) -> BTreeSet<usize> {
    let above = entries.iter().flat_map(|at| {
        let endpoint = &words.set.endpoints[*at];
        words.sections.above(endpoint.title_place.unwrap_or(endpoint.place))
    });
    above.map(|lines| lines.start).collect()
}

/// Whether an endpoint's title, its path or a heading over it, under which no accounts come about, speaks of who runs the place.
fn is_office(words: &Words<'_>, at: usize, others: &BTreeSet<usize>) -> bool {
    let (lexicon, endpoint) = (words.lexicon, &words.set.endpoints[at]);
    let place = endpoint.title_place.unwrap_or(endpoint.place);
    let above = words.sections.above(place).filter(|lines| !others.contains(&lines.start));
    let mut headings = above.filter_map(|lines| Some(words.prose.get(lines)?.first()?.text.as_str()));
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
        let told = || prose::remarks(words.prose, &words.set.endpoints[at]).find_map(|note| self.said(words, note));
        if let Some(bound) = told().filter(|bound| !self.separate && bound.kind == kind) {
            return Some(bound);
        }
        let because = Evidence::new(format!("`{}`", office.text), office.place, Confidence::Likely);
        let Some(failure) = not_logged_in(words, at, kind).filter(|_| self.separate) else {
            return (!self.separate).then_some(Bound { kind, refuses: true, code: None, because });
        };
        Some(Bound { kind, refuses: true, code: Some((failure.code.to_string(), failure.message.clone())), because })
    }

    /// `不是管理员` of the endpoint's own says more to others than that nobody is logged in.
    pub(in crate::behavior) fn not_office<'c>(
        &self,
        at: usize,
        catalog: &'c Catalog,
        lexicon: &Lexicon,
    ) -> Option<&'c Failure> {
        self.office.as_ref()?;
        let about_things =
            |class: &Class| matches!(class, Class::NotFound | Class::Missing | Class::Exists | Class::NotLoggedIn);
        catalog.own[at].iter().filter(|failure| !failure.classes.iter().any(about_things)).find(|failure| {
            let says = |topic: &str| lexicon.speaks_of(topic, failure.says());
            says("wrong-kind") || (says("lacks-kind") && says("office-side"))
        })
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
    let (names, kinds) = (names_of_login(words), accounts.kinds.as_ref());
    let mut found: Vec<Given> = Vec::new();
    for (text, note) in lines(words) {
        let Some((name, password)) = pair(text, &names, words.lexicon) else { continue };
        let office = kinds.is_none_or(|kinds| kinds.separate || kinds.gives_office(text, words.lexicon));
        let known = Given { name: name.to_owned(), password: password.to_owned(), office, place: note.place };
        if !found.iter().any(|given| given.name == known.name) {
            found.push(known);
        }
    }
    found
}

/// The sentences outside of the blocks.
pub(super) fn lines<'a>(words: &Words<'a>) -> impl Iterator<Item = (&'a str, &'a Note)> {
    let titled = words.set.endpoints.iter().flat_map(|endpoint| &endpoint.notes);
    words.prose.iter().chain(titled).flat_map(|note| sentences(&note.text).map(move |text| (text, note)))
}

/// What logins call what they take.
pub(super) fn names_of_login(words: &Words<'_>) -> BTreeSet<String> {
    let logins = (0..words.operations.len()).filter(|at| words.operations[*at] == Operation::Login);
    let inputs = logins.flat_map(|at| &words.inputs[at]).filter(|input| input.location != In::Path);
    inputs.map(|input| compact(&input.name)).collect()
}

/// The name and the password of an account that a sentence says there is.
pub(super) fn pair<'t>(text: &'t str, names: &BTreeSet<String>, lexicon: &Lexicon) -> Option<(&'t str, &'t str)> {
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
