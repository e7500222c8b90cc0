//! What must be seen after an endpoint has done what it does: what was set is read back, what was taken away is gone, the
//! old password fails, everybody sees what is theirs.
//!
//! In: an endpoint with effects. Out: stories of the deed and a look at it. What is to be seen is learnt in the lab, by
//! looking with the same endpoint before and after: only what was sent, and what the deed has changed, is expected.

use super::lab::{Lab, Val, leaves};
use super::others;
use super::satisfy::{Draft, inner};
use super::violate::{CALLER, OTHER, title};
use crate::behavior::{Action, Auth, Confidence, Demand, Slot};
use crate::json::{Json, Step as At, path_text};
use crate::lexicon::Role;
use crate::scenario::ast::{Basis, Matcher, Path, Test, What};

/// A deed and a look at it.
pub(super) struct Story<'g> {
    pub(super) lab: Lab<'g>,
    pub(super) what: String,
    /// It is about what the endpoint does, and not about what it shows.
    pub(super) is_deed: bool,
}

/// How many endpoints look at one deed.
const LOOKS: usize = 3;

pub(super) fn stories<'g>(start: &Lab<'g>, endpoint: usize) -> Vec<Story<'g>> {
    let mut found = Vec::new();
    let behavior = start.behavior(endpoint);
    let does = |test: &dyn Fn(&Action) -> bool| behavior.effects.iter().any(|effect| test(&effect.action));
    if does(&|action| matches!(action, Action::SetPassword { .. } | Action::CreateAccount { password: Some(_), .. })) {
        found.extend(super::tokens::passwords(start, endpoint));
    }
    if does(&|action| matches!(action, Action::IssueToken)) {
        found.extend(super::tokens::token_works(start, endpoint));
        found.extend(super::tokens::token_is_own(start, endpoint));
    }
    let on_tokens = |action: &Action| {
        matches!(action, Action::IssueToken | Action::RevokeToken | Action::RevokeTokens | Action::DeleteAccount)
    };
    if does(&on_tokens) {
        found.extend(super::tokens::others_stay(start, endpoint));
    }
    // Where one login ends the one before, and where a new password ends them all.
    let is_only_one = start.model().tokens.per_account == 1
        && !start.behavior(endpoint).effects.iter().any(super::tokens::makes_account);
    let ends_others = does(&|action| matches!(action, Action::IssueToken)) && is_only_one;
    if ends_others || does(&|action| matches!(action, Action::RevokeTokens)) {
        found.extend(super::tokens::tokens_dead(start, endpoint));
    }
    found.extend(looks(start, endpoint));
    found.extend(super::traces::stories(start, endpoint));
    found.extend(super::lists::stories(start, endpoint));
    found.extend(super::counts::stories(start, endpoint));
    found.extend(super::merged::story(start, endpoint));
    found.extend(super::still_counted::story(start, endpoint));
    found.extend(super::sorted::stories(start, endpoint));
    found.extend(super::signed::story(start, endpoint));
    found.extend(super::once::story(start, endpoint));
    found.extend(super::moving::stories(start, endpoint));
    found.extend(super::moving::by_time(start, endpoint));
    found.extend(super::edges::stories(start, endpoint));
    found.extend(super::shut_out::stories(start, endpoint));
    found.extend(super::twice::stories(start, endpoint));
    found.extend(super::alike::stories(start, endpoint));
    found.extend(super::echo::stories(start, endpoint));
    if behavior.effects.is_empty() {
        found.extend(own_data(start, endpoint));
    }
    found
}

pub(super) fn because(lab: &Lab<'_>, endpoint: usize) -> String {
    let texts = lab.behavior(endpoint).effects.iter().map(|effect| effect.because.text.as_str());
    let mut texts: Vec<&str> = texts.filter(|text| !text.is_empty()).collect();
    texts.dedup();
    format!("{}: {}", title(lab, endpoint), texts.join("; "))
}

pub(super) fn basis(lab: &Lab<'_>, endpoint: usize) -> Basis {
    let guessed = lab.behavior(endpoint).effects.iter().any(|effect| effect.because.confidence == Confidence::Guess);
    if guessed { Basis::Convention } else { Basis::Inferred }
}

/// What a deed leaves behind, seen through other endpoints.
fn looks<'g>(start: &Lab<'g>, endpoint: usize) -> Vec<Story<'g>> {
    let behavior = start.behavior(endpoint);
    let leaves_traces = behavior.effects.iter().any(|effect| {
        !matches!(
            effect.action,
            Action::SpendPasscode { .. }
                | Action::IssueToken
                | Action::RevokeToken
                | Action::RevokeTokens
                | Action::SetPassword { .. }
                | Action::SendPasscode { .. }
                | Action::KeepFiles { .. }
        )
    });
    if !leaves_traces {
        return Vec::new();
    }
    let changes_nothing = |action: &Action| matches!(action, Action::IssueToken | Action::CountView { .. });
    let lookers = start.model().behaviors.iter().enumerate().filter(|(at, behavior)| {
        *at != endpoint && behavior.effects.iter().all(|effect| changes_nothing(&effect.action))
    });
    let lookers: Vec<usize> = lookers.map(|(at, _)| at).collect();
    let stories = lookers.into_iter().filter_map(|looker| look(start, endpoint, looker));
    stories.take(LOOKS).collect()
}

/// A deed that was done, and what is seen of it.
pub(super) struct Seen<'g> {
    pub(super) lab: Lab<'g>,
    draft: Draft,
    view: Draft,
    /// Who did it was somebody before the deed.
    is_first: bool,
    before: Option<Json>,
    pub(super) after: Json,
}

/// What an endpoint shows before and after a deed.
fn seen<'g>(start: &Lab<'g>, endpoint: usize, looker: usize) -> Option<Seen<'g>> {
    let mut lab = start.clone();
    if is_own(&lab, looker) {
        // Somebody else has to be there before, to be spared.
        let _ = lab.token(OTHER, 0);
    }
    let draft = full(&mut lab, endpoint)?;
    let person = draft.person;
    let before = {
        let mut before = lab.clone();
        let view = view(&mut before, looker, person, &draft);
        view.map(|view| before.tried(looker, &view.values).body)
    };
    let is_first = lab.people[person].registered;
    lab.go(&draft, None);
    let view = view(&mut lab, looker, person, &draft)?;
    let after = lab.tried(looker, &view.values);
    after.is_accepted().then(|| Seen { lab, draft, view, is_first, before, after: after.body })
}

fn look<'g>(start: &Lab<'g>, endpoint: usize, looker: usize) -> Option<Story<'g>> {
    let Seen { mut lab, mut draft, view, is_first, before, after } = seen(start, endpoint, looker)?;
    // Whether an old token of who was shut out opens anything, documents seldom say.
    if view.person != draft.person && start.shuts_or_opens(endpoint) {
        return None;
    }
    let mut elsewhere: Option<Option<Seen<'g>>> = None;
    let sent = sent_values(&lab, &mut draft);
    let envelope = start.generation.set.envelope(&start.generation.set.endpoints[looker]);
    // What carries the data speaks of the call itself nowhere.
    let is_envelope = |at: &[At]| {
        let is_data = matches!(at, [At::Key(key), _, ..] if envelope.data.as_deref() == Some(&**key));
        let mut paths = envelope.code.iter().chain(&envelope.message).chain(&envelope.marker);
        !is_data && paths.any(|path| path == at)
    };
    let mut expects: Vec<What> = Vec::new();
    let mut strange: Vec<What> = Vec::new();
    // Several items of a list can show what was sent.
    let add = |all: &mut Vec<What>, one: What| {
        if !all.contains(&one) {
            all.push(one);
        }
    };
    for (path, at, value) in leaves(&after) {
        let Some(text) = value.scalar_text().filter(|text| !text.is_empty()) else { continue };
        // Against a server people are exchanged for others, and with them what looks like one.
        let is_person = crate::engine::is_mobile(text) || text.contains('@') || crate::engine::id_card::is_valid(text);
        let is_named = sent.iter().any(|sent| sent.as_text() == text && sent.shown != sent.actual);
        if is_envelope(&at) || is_fleeting(&lab, &at) || (is_person && !is_named) {
            continue;
        }
        let says_enough = text.chars().count() >= if text.is_ascii() { 3 } else { 2 };
        let sent = sent.iter().find(|sent| says_enough && sent.as_text() == text);
        let was = before.as_ref().and_then(|before| before.at(&at));
        let in_list = at.iter().any(|step| is_item(&lab, step));
        match sent {
            Some(sent) if in_list => {
                let (all, member) = all_items(&lab, &at);
                let is_constant = sent.shown == sent.actual;
                let found = match (literal(value), member) {
                    (Some(literal), Some(member)) if is_constant => {
                        Path::parse(&format!("$..[?@['{member}'] == {literal}]")).ok()
                    }
                    _ => None,
                };
                if let Some(path) = found {
                    add(&mut strange, What::At(path.clone(), Test::Matches(vec![Matcher::Exists(false)])));
                    add(&mut expects, What::At(path, Test::Matches(vec![Matcher::Exists(true)])));
                } else if let (Ok(all), Some(_)) = (Path::parse(&all), value.as_str()) {
                    add(&mut expects, What::At(all, Test::Matches(vec![Matcher::Contains(sent.shown.clone())])));
                }
            }
            Some(sent) => {
                let Ok(path) = Path::parse(&path) else { continue };
                let shown = in_type(value, &sent.shown);
                add(&mut strange, What::At(path.clone(), Test::Matches(vec![Matcher::Not(shown.clone())])));
                add(&mut expects, What::At(path, Test::Equals(shown)));
            }
            None if !in_list
                && is_first
                && (is_own(&lab, looker) || is_state(&lab, looker, &at))
                && !is_written(&lab, looker)
                && !is_pool(&lab, looker)
                && was.is_some_and(|was| was.scalar_text() != value.scalar_text()) =>
            {
                let there = || start.elsewhere().and_then(|there| seen(&there, endpoint, looker));
                let there = elsewhere.get_or_insert_with(there).as_ref();
                if is_short(text)
                    && let Some(what) = others::expected(&mut lab, &at, value, there)
                {
                    add(&mut expects, what);
                }
            }
            None if !is_first && !in_list && is_state(&lab, looker, &at) => {
                let Ok(path) = Path::parse(&path) else { continue };
                add(&mut expects, What::At(path, Test::Equals(value.clone())));
            }
            None => {}
        }
    }
    let shows_one = start.behavior(looker).list.is_none() || (is_own(&lab, looker) && is_first);
    if !lab.shown.is_empty() && shows_one && shows_what_is_made(&lab, looker, endpoint) {
        let there = || start.elsewhere().and_then(|there| seen(&there, endpoint, looker));
        if let Some(there) = elsewhere.get_or_insert_with(there) {
            for what in others::copied(&mut lab, &after, there) {
                let path = |what: &What| if let What::At(path, _) = what { Some(path.clone()) } else { None };
                if !expects.iter().any(|known| path(known) == path(&what)) {
                    expects.push(what);
                }
            }
        }
    }
    if expects.is_empty() {
        return None;
    }
    let basis = basis(&lab, endpoint);
    lab.call(looker, &view.values, expects, Some(because(&lab, endpoint)));
    lab.basis(basis);
    somebody_else(&mut lab, looker, &view, strange);
    Some(Story { lab, what: format!("{} shows it", title(start, looker)), is_deed: true })
}

/// Whether everybody sees only what is theirs.
fn is_own(lab: &Lab<'_>, looker: usize) -> bool {
    let behavior = lab.behavior(looker);
    let is_own = match (&behavior.list, &behavior.record) {
        (Some(plan), _) => plan.mine || lab.model().collections[plan.collection].private,
        (None, Some(_)) => false,
        (None, None) => true,
    };
    is_own && behavior.auth == Auth::Required
}

/// Whether an endpoint is about what the deed makes.
fn shows_what_is_made(lab: &Lab<'_>, looker: usize, deed: usize) -> bool {
    let behavior = lab.behavior(looker);
    let listed = behavior.list.as_ref().map(|plan| plan.collection);
    let about = listed.or_else(|| behavior.record.as_ref().map(|on| on.collection));
    about.is_some_and(|about| lab.makers_of(about).contains(&deed))
}

/// Whether an endpoint lists what nobody makes: a server may write of it for anything.
fn is_written(lab: &Lab<'_>, looker: usize) -> bool {
    let list = lab.behavior(looker).list.as_ref();
    list.is_some_and(|plan| {
        lab.model().collections[plan.collection].relation.is_none() && lab.makers_of(plan.collection).is_empty()
    })
}

/// Whether those who work on what others make find it there: everybody's doings change how much there is.
fn is_pool(lab: &Lab<'_>, looker: usize) -> bool {
    lab.behavior(looker).list.as_ref().is_some_and(|plan| !plan.mine && !lab.makers_of(plan.collection).is_empty())
}

/// Somebody else does not see it, where everybody sees their own.
fn somebody_else(lab: &mut Lab<'_>, looker: usize, view: &Draft, strange: Vec<What>) {
    if strange.is_empty() || !is_own(lab, looker) || view.person == OTHER {
        return;
    }
    let before = lab.clone();
    let Some(token) = lab.token(OTHER, 0) else { return };
    let mut other = view.clone();
    other.person = OTHER;
    lab.set_token(&mut other, Some(token));
    let came = lab.tried(looker, &other.values);
    let body = serde_json::Value::from(&came.body);
    // What both have alike, an example's value, tells nobody apart.
    let differs = |what: &What| match what {
        What::At(path, Test::Matches(matchers)) => match matchers.as_slice() {
            [Matcher::Exists(false)] => path.find(&body).is_empty(),
            [Matcher::Not(value)] => {
                value.scalar_text().is_some_and(|text| text.contains("${")) || {
                    let value = serde_json::Value::from(value);
                    path.find(&body).into_iter().all(|found| *found != value)
                }
            }
            _ => true,
        },
        _ => true,
    };
    let strange: Vec<What> = strange.into_iter().filter(differs).collect();
    if strange.is_empty() {
        *lab = before;
        return;
    }
    let expects = if came.is_accepted() { strange } else { vec![What::Failure] };
    let because = format!("{} is asked by somebody else", title(lab, looker));
    lab.call(looker, &other.values, expects, Some(because));
    lab.basis(Basis::Inferred);
    lab.about_itself();
}

/// A call with everything that is kept of it.
fn full(lab: &mut Lab<'_>, endpoint: usize) -> Option<Draft> {
    let mut draft = lab.draft(endpoint, CALLER, 0);
    let behavior = lab.behavior(endpoint);
    let kept: Vec<usize> = behavior
        .effects
        .iter()
        .flat_map(|effect| match &effect.action {
            Action::SetFields(fields)
            | Action::CreateRecord { fields, .. }
            | Action::UpdateRecord { fields, .. }
            | Action::SaveRecord { fields, .. }
            | Action::CreateAccount { fields, .. }
            | Action::EnsureAccount { fields, .. } => fields.iter().map(|(_, input)| *input).collect(),
            _ => Vec::new(),
        })
        .collect();
    let updates = behavior.effects.iter().find_map(|effect| match &effect.action {
        Action::UpdateRecord { id, .. } | Action::SaveRecord { id, .. } => Some(id.input),
        _ => None,
    });
    for input in kept {
        let is_record = behavior
            .checks
            .iter()
            .any(|check| matches!(inner(&check.demand), Demand::Referenced { input: named, .. } if *named == input));
        if draft.get(input).is_none() && !is_record && updates != Some(input) {
            let value = lab.value(&mut draft, input);
            draft.set(input, value);
        }
    }
    if lab.settle(&mut draft, None) { Some(draft) } else { lab.prepared(endpoint, CALLER, 0) }
}

/// A call by which a person looks at what a deed was about.
fn view(lab: &mut Lab<'_>, looker: usize, person: usize, deed: &Draft) -> Option<Draft> {
    let on = lab.behavior(deed.endpoint).record.as_ref();
    let named = on.and_then(|on| Some((on.collection, deed.get(on.id.as_ref()?.input)?)));
    let person = lab.looker(looker, person, named);
    let mut draft = lab.draft(looker, person, 0);
    let steps = lab.steps.len();
    if !lab.settle(&mut draft, None) || draft.person != person {
        return None;
    }
    // To look must not take another deed.
    let acted = lab.steps[steps..].iter().filter_map(|step| match &step.action {
        crate::scenario::ast::Action::Call { endpoint, .. } => Some(endpoint.clone()),
        _ => None,
    });
    let deed = lab.endpoint_name(deed.endpoint);
    let again = acted.into_iter().any(|endpoint| endpoint == deed);
    (!again).then_some(draft)
}

fn sent_values(lab: &Lab<'_>, draft: &mut Draft) -> Vec<Val> {
    let behavior = lab.behavior(draft.endpoint);
    let inputs = behavior.inputs.iter().zip(&draft.values.inputs);
    let sent = inputs.filter(|(input, _)| !input.role.is_secret() && input.role != Role::Token);
    // A room has the number of a record by chance only.
    let is_id = |role: Role| matches!(role, Role::RecordId | Role::UserId);
    let sent = sent
        .filter(|(input, value)| !is_id(input.role) || value.as_ref().is_none_or(|value| value.shown == value.actual));
    sent.filter_map(|(_, value)| value.clone()).collect()
}

/// The value as the reply has it: a number stays one.
fn in_type(like: &Json, shown: &Json) -> Json {
    let is_name = shown.as_str().is_some_and(|text| text.contains("${"));
    if is_name { shown.clone() } else { like.clone() }
}

/// What is another thing each time: tokens, ids, times.
pub(super) fn is_fleeting(lab: &Lab<'_>, at: &[At]) -> bool {
    let Some(At::Key(key)) = at.iter().rev().find(|step| matches!(step, At::Key(_))) else { return true };
    let role = lab.generation.lexicon.role(key, "").map(|(role, _)| role);
    matches!(role, Some(Role::Token | Role::RecordId | Role::UserId | Role::Time))
}

/// A member that says how something stands.
fn is_state(lab: &Lab<'_>, looker: usize, at: &[At]) -> bool {
    let Some(At::Key(key)) = at.last() else { return false };
    let accounts = &lab.model().accounts;
    let machines = accounts.machine.iter().chain(&accounts.review).map(|machine| &machine.field);
    let flags = accounts.verified.iter().map(|flag| &flag.field);
    let is_account = lab.behavior(looker).record.is_none() && lab.behavior(looker).list.is_none();
    let shows_it = lab.behavior(looker).success.body.slots().any(|(slot, _)| matches!(slot, Slot::Field(_)));
    is_account && shows_it && machines.chain(flags).any(|field| field == key)
}

fn is_short(text: &str) -> bool {
    text.chars().count() <= 20
}

/// `$.data.list[0].title` as `$.data.list[*].title`, and the name of the member. A member that is called as a record is
/// one of many, too.
fn all_items(lab: &Lab<'_>, at: &[At]) -> (String, Option<String>) {
    let mut all = "$".to_owned();
    for step in at {
        if is_item(lab, step) {
            all.push_str("[*]");
        } else {
            all.push_str(&path_text(std::slice::from_ref(step))[1..]);
        }
    }
    let member = match at.last() {
        Some(At::Key(key)) if !key.contains(['\'', '\\']) => Some(key.to_string()),
        _ => None,
    };
    (all, member)
}

fn is_item(lab: &Lab<'_>, step: &At) -> bool {
    match step {
        At::Index(_) => true,
        At::Key(key) => lab.is_record(key),
    }
}

/// A value as paths write it.
fn literal(value: &Json) -> Option<String> {
    match value {
        Json::String(text) if !text.contains(['\'', '\\']) => Some(format!("'{text}'")),
        Json::Number(text) => Some(text.to_string()),
        _ => None,
    }
}

/// Whether an endpoint shows callers what they are.
pub(super) fn shows_caller(lab: &Lab<'_>, endpoint: usize) -> bool {
    let behavior = lab.behavior(endpoint);
    let shows = behavior.success.body.slots().any(|(slot, _)| matches!(slot, Slot::Identity | Slot::Field(_)));
    behavior.auth == Auth::Required && behavior.record.is_none() && behavior.effects.is_empty() && shows
}

/// Where a reply shows who somebody is.
pub(super) fn identity_shown(lab: &Lab<'_>, person: usize, body: &Json) -> Option<What> {
    lab.people[person].identities.iter().find_map(|(_, identity)| {
        let (path, _) = super::lab::shows(body, identity.as_text(), &[])?;
        Some(What::At(Path::parse(&path).ok()?, Test::Equals(identity.shown.clone())))
    })
}

/// Two callers, and each sees who they are.
fn own_data<'g>(start: &Lab<'g>, endpoint: usize) -> Option<Story<'g>> {
    if !shows_caller(start, endpoint) {
        return None;
    }
    let mut lab = start.clone();
    let mut found = false;
    for person in [CALLER, OTHER] {
        lab.token(person, 0)?;
    }
    for person in [OTHER, CALLER] {
        let draft = lab.prepared(endpoint, person, 0)?;
        let came = lab.tried(endpoint, &draft.values);
        let mut expects = Vec::new();
        expects.extend(identity_shown(&lab, person, &came.body));
        found |= !expects.is_empty();
        if expects.is_empty() {
            expects.push(What::Success);
        }
        lab.call(endpoint, &draft.values, expects, Some("everybody sees their own".to_owned()));
        lab.basis(Basis::Inferred);
    }
    found.then(|| Story { lab, what: "everybody sees their own".to_owned(), is_deed: true })
}
