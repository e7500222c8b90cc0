//! The caller's own page: an endpoint that is asked for nothing and shows an account's fields, whatever it is called.

use crate::behavior::account;
use crate::behavior::collection::items::shape;
use crate::behavior::operation::by_shape::{Shapes, is_open};
use crate::behavior::operation::neighbours::Neighbours;
use crate::behavior::operation::{Clues, is_data, path_of};
use crate::behavior::{Evidence, Input};
use crate::lexicon::{Lexicon, Operation, Role, Shows, compact};
use std::collections::HashSet;

/// Whether an endpoint shows who calls: two of an account's fields at least, under a name that means accounts or oneself.
pub(in crate::behavior) fn shows_caller(clues: &Clues<'_>, lexicon: &Lexicon) -> bool {
    if clues.inputs.iter().any(is_data) || clues.shown.is(crate::lexicon::Shows::List) {
        return false;
    }
    let named = path_of(clues.endpoint).iter().any(|word| {
        lexicon.is_named("account-noun", word) || lexicon.is_named("own-page", word) || lexicon.is_named("mine", word)
    });
    let titled = ["own-page", "mine"].iter().any(|topic| lexicon.speaks_of(topic, &clues.endpoint.title));
    let known = |role: Role| {
        clues.endpoint.successes().any(|example| {
            let mut shown = account::shown(clues.set, clues.endpoint, example, lexicon).into_iter();
            shown.any(|member| member.role == role)
        })
    };
    let fields = [Role::Nickname, Role::Avatar, Role::Phone, Role::Email, Role::Account, Role::RealName];
    (named || titled) && fields.into_iter().filter(|role| known(*role)).count() >= 2
}

/// Pages of which no word is known that take nothing but who calls and show by what accounts are known: `车主信息` beside `车主注册`
/// with the phone and the number plate that registering takes.
fn pages(shapes: &Shapes<'_>, operations: &[(Operation, Evidence)], beside: &Neighbours<'_>) -> Vec<usize> {
    let lexicon = shapes.lexicon;
    let makers: Vec<usize> = (0..operations.len()).filter(|at| operations[*at].0 == Operation::Register).collect();
    let given = || makers.iter().flat_map(|at| &shapes.inputs[*at]).filter(|input| is_data(input));
    let names = |input: &&Input| matches!(input.word, Role::Phone | Role::Email | Role::Account);
    let known: HashSet<String> = given().filter(names).map(|input| compact(&input.name)).collect();
    let kept: HashSet<String> = given()
        .filter(|input| !input.word.is_secret() && !input.discriminates)
        .map(|input| compact(&input.name))
        .collect();
    let nouns: Vec<String> = makers
        .iter()
        .map(|at| lexicon.without("registering", &shapes.set.endpoints[*at].title))
        .map(|title| title.trim_matches(|c: char| !c.is_alphabetic()).to_owned())
        .filter(|noun| noun.chars().count() > 1 && !noun.is_ascii())
        .collect();
    let is_page = |at: &usize| {
        let (endpoint, inputs) = (&shapes.set.endpoints[*at], &shapes.inputs[*at]);
        if !is_open(&operations[*at]) || inputs.iter().any(is_data) || beside.shown[*at].is(Shows::List) {
            return false;
        }
        let members = &beside.members[*at];
        // What has an id that others take is a record.
        if members.iter().any(|name| shape::is_id(name) && beside.is_asked_elsewhere(*at, name)) {
            return false;
        }
        let shown: HashSet<String> = members.iter().map(|name| compact(name)).collect();
        let by_path = || {
            let topics = ["account-noun", "own-page", "mine"];
            path_of(endpoint).iter().any(|word| topics.iter().any(|topic| lexicon.is_named(topic, word)))
        };
        let called = || nouns.iter().any(|noun| endpoint.title.contains(noun.as_str())) || by_path();
        let asked = inputs.iter().any(|input| input.word == Role::Token);
        let several = || asked && shown.intersection(&kept).nth(1).is_some();
        shown.iter().any(|name| known.contains(name)) && (called() || several())
    };
    (0..operations.len()).filter(is_page).collect()
}

impl Shapes<'_> {
    /// Settles those pages, and says what they show.
    pub(in crate::behavior) fn own_pages(
        &self,
        operations: &mut [(Operation, Evidence)],
        beside: &Neighbours<'_>,
        told: &dyn Fn(usize) -> bool,
    ) -> Vec<String> {
        let mut found = pages(self, operations, beside);
        found.retain(|at| !told(*at));
        for &at in &found {
            let because = "it takes nothing but who calls, and shows what accounts are registered with";
            operations[at] = (Operation::Profile, self.evidence(at, because));
        }
        found.iter().flat_map(|at| &beside.members[*at]).map(|name| compact(name)).collect()
    }

    /// `users/{userId}` that shows of somebody nothing but what the caller's own page shows of the caller.
    pub(in crate::behavior) fn is_card(
        &self,
        at: usize,
        beside: &Neighbours<'_>,
        fields: &std::collections::BTreeSet<String>,
    ) -> bool {
        let inputs = &self.inputs[at];
        let names = |input: &&Input| account::others::names_account(input, self.lexicon);
        let others = inputs.iter().any(|input| is_data(input) && !names(&input));
        let members = beside.members[at].iter().filter(|name| !shape::is_id(name));
        let (known, unknown): (Vec<_>, Vec<_>) = members.partition(|name| fields.contains(&compact(name)));
        let called = |name: &&std::sync::Arc<str>| {
            let role = self.lexicon.role(name, "").map(|(role, _)| role);
            matches!(role, Some(Role::Nickname | Role::Avatar | Role::RealName))
        };
        let one = inputs.iter().filter(names).count() == 1;
        one && !others
            && !beside.shown[at].is(Shows::List)
            && known.len() > 1
            && unknown.is_empty()
            && known.iter().any(called)
    }

    /// `上传照片` that answers nothing, where accounts show a `photo`.
    pub(in crate::behavior) fn sets_picture(&self, at: usize, fields: &std::collections::BTreeSet<String>) -> bool {
        let endpoint = &self.set.endpoints[at];
        let mut data = self.inputs[at].iter().filter(|input| is_data(input)).peekable();
        data.peek().is_some()
            && data.all(|input| fields.contains(&compact(&input.name)) && !input.word.is_secret())
            && shape::of_endpoint(self.set, endpoint, self.lexicon) == shape::Shown::Nothing
    }
}
