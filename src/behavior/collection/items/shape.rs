//! Where the records stand in an example: its list, or its one item, and what is written about the list.

use crate::behavior::operation::path_words::path_words;
use crate::json::{Json, Step};
use crate::lexicon::{Class, Lexicon, Operation, OperationWords, Role, Shows, compact};
use crate::spec::envelope::Envelope;
use crate::spec::{DocSet, Endpoint, Example};
use std::sync::Arc;

/// What an example shows.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::behavior) enum Shown {
    /// A list at this path. `keyed` is one whose items are members, by their ids.
    List {
        path: Vec<Step>,
        keyed: bool,
    },
    Item {
        path: Vec<Step>,
    },
    /// An object of nothing but numbers.
    Numbers {
        path: Vec<Step>,
    },
    /// A bare scalar as data.
    Scalar {
        path: Vec<Step>,
    },
    Nothing,
}

impl Shown {
    pub(in crate::behavior) fn is(&self, shows: Shows) -> bool {
        matches!(
            (self, shows),
            (Self::List { .. }, Shows::List)
                | (Self::Item { .. } | Self::Numbers { .. }, Shows::Item)
                | (Self::Numbers { .. } | Self::Scalar { .. }, Shows::Numbers)
        )
    }
}

/// What an endpoint's first success that shows anything shows.
pub(in crate::behavior) fn of_endpoint(set: &DocSet, endpoint: &Endpoint, lexicon: &Lexicon) -> Shown {
    let envelope = set.envelope(endpoint);
    let mut all = endpoint.successes().map(|example| of_example(envelope, example, lexicon));
    let shown = all.find(|shown| *shown != Shown::Nothing).unwrap_or(Shown::Nothing);
    // `"data": []` is what some have for nothing.
    let is_nothing =
        || matches!(&shown, Shown::List { path, keyed: false } if empty(endpoint, path, envelope.data.as_deref()));
    if is_nothing() && acts(envelope, endpoint, lexicon) { Shown::Nothing } else { shown }
}

/// Whether no success has anything in the list that is all of its data.
fn empty(endpoint: &Endpoint, path: &[Step], data: Option<&str>) -> bool {
    let is_data = matches!(path.last(), Some(Step::Key(key)) if data == Some(&**key));
    let nothing = |example: &Example| match example.value.at(path) {
        Some(Json::Array(items)) => items.is_empty(),
        other => other.is_none_or(|value| matches!(value, Json::Null)),
    };
    is_data && endpoint.successes().all(nothing)
}

/// Whether an endpoint does something, and nothing says that it lists anything: its title or its path names a deed, and it is no
/// look at what there is.
fn acts(envelope: &Envelope, endpoint: &Endpoint, lexicon: &Lexicon) -> bool {
    let path = path_words(endpoint, lexicon);
    let words: Vec<String> = path.0.iter().chain(&path.1).cloned().collect();
    let looks = |operation: Operation| {
        matches!(operation, Operation::List | Operation::Detail | Operation::Count | Operation::Profile)
    };
    let named = lexicon.operations_in(&endpoint.title);
    let listed =
        |words: &OperationWords| words.operation == Operation::List && words.path.iter().any(|w| path.0.contains(w));
    if named.iter().any(|(operation, _)| *operation == Operation::List)
        || lexicon.operations().iter().any(listed)
        || super::gather::is_mine(endpoint, lexicon)
    {
        return false;
    }
    // What is turned over page by page is looked at, whatever its title names.
    let pages = |param: &crate::spec::Param| {
        let role = lexicon.role(&param.name, &param.all_words()).map(|(role, _)| role);
        !param.public && matches!(role, Some(Role::Page))
    };
    if endpoint.params.iter().any(pages) {
        return false;
    }
    let by_path =
        |words: &OperationWords| !looks(words.operation) && words.path.iter().any(|word| path.0.contains(word));
    let deed = named.iter().any(|(operation, _)| !looks(*operation))
        || lexicon.verbs().verb(&endpoint.title, &words).is_some()
        || lexicon.operations().iter().any(by_path);
    let takes_id = endpoint.params.iter().any(|param| is_id(&param.name) && !param.public);
    let reads = matches!(endpoint.method.as_deref(), Some("GET"));
    if reads {
        return deed && takes_id;
    }
    let failures = endpoint.sections.iter().flat_map(|section| &section.examples);
    let shown = failures.filter_map(|example| envelope.message_of(&example.value)).map(|(_, text)| text);
    let mut told = shown.chain(endpoint.codes.rows.iter().map(|row| row.text.as_str()));
    let refuses = |text: &str| {
        let classes = lexicon.meaning(text).classes;
        [Class::WrongState, Class::Exists, Class::Insufficient].iter().any(|class| classes.contains(class))
    };
    deed || (takes_id && told.any(refuses))
}

pub(in crate::behavior) fn of_example(envelope: &Envelope, example: &Example, lexicon: &Lexicon) -> Shown {
    let Some((path, data)) = data(envelope, &example.value) else { return Shown::Nothing };
    let own = envelope_members(envelope, &example.value, &path);
    match data.as_object() {
        Some(members) if members.iter().any(|(key, _)| own.contains(key)) => {
            let members: Vec<_> = members.iter().filter(|(key, _)| !own.contains(key)).cloned().collect();
            of_value(path, &Json::Object(members), lexicon)
        }
        _ => of_value(path, data, lexicon),
    }
}

/// `message{resultCode, resultMessage, data}`: where what tells success stands inside the data, so do they.
fn inner_data<'e>(envelope: &Envelope, value: &'e Json, path: &[Step]) -> Option<(Vec<Step>, &'e Json)> {
    let own: Vec<&Vec<Step>> = envelope.marker.iter().chain(&envelope.code).chain(&envelope.message).collect();
    let inside =
        |member: &Vec<Step>| member.len() == path.len() + 1 && member.starts_with(path) && value.at(member).is_some();
    if !envelope.marker.as_ref().is_some_and(inside) {
        return None;
    }
    let under = |key: &Arc<str>| -> Vec<Step> { path.iter().cloned().chain([Step::Key(Arc::clone(key))]).collect() };
    let members = value.at(path)?.as_object()?;
    let mut others = members.iter().filter(|(key, _)| !own.iter().any(|known| **known == under(key)));
    let (key, found) = others.next()?;
    others.next().is_none().then(|| (under(key), found))
}

/// The members of what an endpoint's successes show: of the first item of a list, or of the one item.
pub(in crate::behavior) fn members_shown(set: &DocSet, endpoint: &Endpoint, lexicon: &Lexicon) -> Vec<Arc<str>> {
    let Some((value, path)) = place_shown(set, endpoint, lexicon) else { return Vec::new() };
    // Without a member for the data, those of the envelope stand among them.
    let own = envelope_members(set.envelope(endpoint), value, &path);
    let members = value.at(&path).and_then(Json::as_object).unwrap_or_default();
    members.iter().map(|(key, _)| key).filter(|key| !own.contains(key)).map(Arc::clone).collect()
}

/// The same with their values.
pub(in crate::behavior) fn item_shown<'e>(
    set: &DocSet,
    endpoint: &'e Endpoint,
    lexicon: &Lexicon,
) -> &'e [(Arc<str>, Json)] {
    let shown = place_shown(set, endpoint, lexicon);
    shown.and_then(|(value, path)| value.at(&path)?.as_object()).unwrap_or_default()
}

/// The example that shows one first, and where.
pub(in crate::behavior) fn place_shown<'e>(
    set: &DocSet,
    endpoint: &'e Endpoint,
    lexicon: &Lexicon,
) -> Option<(&'e Json, Vec<Step>)> {
    let envelope = set.envelope(endpoint);
    endpoint.successes().find_map(|example| {
        let path = match of_example(envelope, example, lexicon) {
            Shown::List { path, .. } => items(&example.value, &path).into_iter().next()?.0,
            Shown::Item { path } | Shown::Numbers { path } => path,
            Shown::Scalar { .. } | Shown::Nothing => return None,
        };
        example.value.at(&path)?.as_object()?;
        Some((&example.value, path))
    })
}

/// The same of every endpoint.
pub(in crate::behavior) fn all_members_shown(set: &DocSet, lexicon: &Lexicon) -> Vec<Vec<Arc<str>>> {
    set.endpoints.iter().map(|endpoint| members_shown(set, endpoint, lexicon)).collect()
}

/// The members of the object at a path that are the envelope's own.
pub(in crate::behavior) fn envelope_members(envelope: &Envelope, value: &Json, path: &[Step]) -> Vec<Arc<str>> {
    let code = envelope.code_of(value).map(|(path, _)| path);
    let message = envelope.message_of(value).map(|(path, _)| path);
    // At the top whatever can be the envelope's is: `status` beside `state`.
    let candidates = envelope.code.iter().chain(&envelope.message).filter(|_| path.is_empty());
    let paths = envelope.marker.iter().chain(code).chain(message).chain(candidates);
    let own = paths.filter_map(|member| match member.as_slice() {
        [before @ .., Step::Key(key)] if before == path => Some(Arc::clone(key)),
        _ => None,
    });
    own.collect()
}

/// The part of an example that carries what was asked for.
pub(in crate::behavior) fn data<'e>(envelope: &Envelope, value: &'e Json) -> Option<(Vec<Step>, &'e Json)> {
    if matches!(value, Json::Array(_)) {
        return Some((Vec::new(), value));
    }
    let inside: Vec<Step> = match envelope.marker.as_deref() {
        // `message{resultCode, resultMessage, data}`: the payload stands beside what tells success.
        Some([before @ .., _]) => before.to_vec(),
        _ => Vec::new(),
    };
    for scope in [&inside[..], &[]] {
        if let Some(key) = &envelope.data
            && let Some(found) = value.at(scope).and_then(|scope| scope.get(key))
        {
            let path: Vec<Step> = scope.iter().cloned().chain([Step::Key(Arc::clone(key))]).collect();
            return inner_data(envelope, value, &path).or(Some((path, found)));
        }
    }
    // `"message": {…}`: the payload stands where a failure has its words.
    let mut paths = envelope.message.iter().chain(&envelope.marker).chain(&envelope.code);
    if let Some(path) = paths.find(|path| value.at(path).is_some_and(|found| !found.is_scalar())) {
        return value.at(path).map(|found| (path.clone(), found));
    }
    // Without a member for the data, they stand among the envelope's own.
    let own = envelope_members(envelope, value, &[]);
    let others = |members: &[(Arc<str>, Json)]| members.iter().any(|(key, _)| !own.contains(key));
    value.as_object().is_some_and(others).then_some((Vec::new(), value))
}

fn of_value(path: Vec<Step>, data: &Json, lexicon: &Lexicon) -> Shown {
    match data {
        Json::Array(items) if items.iter().all(|item| item.as_object().is_some()) => Shown::List { path, keyed: false },
        Json::Array(_) | Json::Null => Shown::Nothing,
        Json::Object(members) if members.is_empty() => Shown::Nothing,
        Json::Object(members) => {
            if is_keyed(members) {
                return Shown::List { path, keyed: true };
            }
            if let Some((key, keyed)) = list_member(members, lexicon) {
                let mut path = path;
                path.push(Step::Key(key));
                return Shown::List { path, keyed };
            }
            if members.iter().all(|(_, value)| value.scalar_text().is_some_and(|text| text.parse::<f64>().is_ok()))
                && !members.iter().any(|(key, _)| is_id(key))
            {
                return Shown::Numbers { path };
            }
            // `data: {info: {…}}`: the one object in it is the item.
            let mut objects =
                members.iter().filter(|(_, value)| value.as_object().is_some_and(|inner| inner.len() > 1));
            if let (Some((key, _)), None) = (objects.next(), objects.next())
                && members.iter().all(|(known, value)| known == key || !value.is_scalar())
            {
                let mut path = path;
                path.push(Step::Key(Arc::clone(key)));
                return Shown::Item { path };
            }
            Shown::Item { path }
        }
        _ if path.is_empty() => Shown::Nothing,
        _ => Shown::Scalar { path },
    }
}

/// Members that are named by ids and look alike: `{"12": {…}, "15": {…}}`.
fn is_keyed(members: &[(Arc<str>, Json)]) -> bool {
    members.iter().all(|(key, value)| {
        key.bytes().any(|byte| byte.is_ascii_digit())
            && key.len() <= 40
            && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
            && value.as_object().is_some()
    }) && members.windows(2).all(|pair| alike(&pair[0].1, &pair[1].1))
}

fn alike(first: &Json, second: &Json) -> bool {
    let keys = |value: &Json| -> Vec<Arc<str>> {
        value.as_object().unwrap_or_default().iter().map(|(key, _)| Arc::clone(key)).collect()
    };
    let (first, second) = (keys(first), keys(second));
    let common = first.iter().filter(|key| second.contains(key)).count();
    common * 2 >= first.len().max(second.len())
}

/// The list in a page: the one array of objects beside members that only speak of the list.
fn list_member(members: &[(Arc<str>, Json)], lexicon: &Lexicon) -> Option<(Arc<str>, bool)> {
    let is_list = |value: &Json| match value {
        Json::Array(items) => {
            Some(items.iter().all(|item| item.as_object().is_some())).filter(|all| *all).map(|_| false)
        }
        Json::Object(inner) if !inner.is_empty() && is_keyed(inner) => Some(true),
        _ => None,
    };
    let mut lists = members.iter().filter_map(|(key, value)| Some((key, is_list(value)?)));
    let (key, keyed) = lists.next()?;
    let called_list = lexicon.is_named("list-member", key);
    if lists.next().is_some() && !called_list {
        return None;
    }
    let others = members.iter().filter(|(known, _)| known != key);
    let about_list = |(name, value): &(Arc<str>, Json)| match value {
        Json::Object(_) => true,
        Json::Array(_) => false,
        scalar => {
            speaks_of_list(name, lexicon)
                || (called_list && !is_id(name) && scalar.scalar_text().is_none_or(|text| text.len() < 12))
                || matches!(scalar, Json::Null)
        }
    };
    // `{"n": 3, "games": […]}`: one number beside the list, no less than it shows, says how many there are.
    if counts_it(members, key) {
        return Some((Arc::clone(key), keyed));
    }
    if adds_up(members, key) || counts_some_too(members, key) {
        return Some((Arc::clone(key), keyed));
    }
    let mut others = others.peekable();
    (others.peek().is_none() || others.all(about_list)).then(|| (Arc::clone(key), keyed))
}

/// Whether all that stands beside a list is one number that can say how many items there are.
fn counts_it(members: &[(Arc<str>, Json)], list: &str) -> bool {
    let [one, other] = members else { return false };
    let (list, (name, number)) = if *one.0 == *list { (&one.1, other) } else { (&other.1, one) };
    let shown = match list {
        Json::Array(items) => items.len(),
        _ => return false,
    };
    let number = number.scalar_text().and_then(|text| text.parse::<usize>().ok());
    shown > 0 && !is_id(name) && number.is_some_and(|number| number >= shown)
}

/// Whether two numbers stand beside a list, one of which is how many items it shows and the other no more: `{"unread": 1, "all": 1,
/// "rows": […]}`.
fn counts_some_too(members: &[(Arc<str>, Json)], list: &str) -> bool {
    let Some(Json::Array(items)) = members.iter().find(|(key, _)| **key == *list).map(|(_, value)| value) else {
        return false;
    };
    let number = |(key, value): &(Arc<str>, Json)| {
        value.scalar_text().filter(|_| !is_id(key)).and_then(|text| text.parse::<usize>().ok())
    };
    let others = members.iter().filter(|(key, _)| **key != *list).map(number).collect::<Option<Vec<usize>>>();
    let with_id = items.iter().all(|item| item.as_object().is_some_and(|item| item.iter().any(|(key, _)| is_id(key))));
    with_id
        && others.is_some_and(|mut others| {
            others.sort_unstable();
            others.len() == 2 && !items.is_empty() && others[1] == items.len()
        })
}

/// Whether all that stands beside a list are numbers that its items come to: a price times how many, or how many.
fn adds_up(members: &[(Arc<str>, Json)], list: &str) -> bool {
    let Some(Json::Array(items)) = members.iter().find(|(key, _)| **key == *list).map(|(_, value)| value) else {
        return false;
    };
    let number = |value: &Json| value.scalar_text().and_then(|text| text.parse::<f64>().ok());
    let numbers = |item: &Json| -> Vec<(Arc<str>, f64)> {
        let members = item.as_object().unwrap_or_default().iter().filter(|(key, _)| !is_id(key));
        members.filter_map(|(key, value)| Some((Arc::clone(key), number(value)?))).collect()
    };
    let items: Vec<Vec<(Arc<str>, f64)>> = items.iter().map(numbers).collect();
    let Some(first) = items.first().filter(|first| first.len() <= 8) else { return false };
    let of = |item: &[(Arc<str>, f64)], key: &str| {
        item.iter().find(|(known, _)| **known == *key).map_or(0.0, |(_, number)| *number)
    };
    let is_near = |one: f64, other: f64| (one - other).abs() < 0.005;
    let comes_to = |wanted: f64| {
        first.iter().enumerate().any(|(at, (one, _))| {
            let alone: f64 = items.iter().map(|item| of(item, one)).sum();
            is_near(alone, wanted)
                || first[at + 1..]
                    .iter()
                    .any(|(other, _)| is_near(items.iter().map(|item| of(item, one) * of(item, other)).sum(), wanted))
        })
    };
    let mut others = members.iter().filter(|(key, _)| **key != *list).peekable();
    others.peek().is_some()
        && others
            .all(|(key, value)| !is_id(key) && number(value).is_some_and(|wanted| wanted > 0.0 && comes_to(wanted)))
}

/// The number that alone stands beside a list and can say how many items there are.
pub(in crate::behavior) fn sole_number(members: &[(Arc<str>, Json)], list: &str) -> Option<Arc<str>> {
    let other = members.iter().find(|(key, _)| **key != *list)?;
    counts_it(members, list).then(|| Arc::clone(&other.0))
}

fn speaks_of_list(name: &str, lexicon: &Lexicon) -> bool {
    let paging =
        lexicon.role(name, "").is_some_and(|(role, points)| points >= 4 && matches!(role, Role::Page | Role::PageSize));
    let name = compact(name);
    paging
        || ["total", "pages", "has-more", "is-end"].iter().any(|topic| lexicon.is_named(topic, &name))
        || ["count", "num", "total", "page", "pages", "pageurl", "more", "timestamp", "time"]
            .iter()
            .any(|end| name.ends_with(end))
        || matches!(name.as_str(), "from" | "to" | "path")
}

pub(in crate::behavior) fn is_id(name: &str) -> bool {
    let apart = crate::behavior::operation::split_words(name);
    let name = compact(name);
    let short =
        name.len() <= 4 && name.ends_with("id") && !crate::behavior::collection::nouns::noun::is_word_in_id(&name);
    name == "id"
        || short
        || (apart.len() > 1 && apart.last().is_some_and(|last| last == "id"))
        || (name.ends_with("id")
            && crate::behavior::collection::nouns::noun::id_stem(&name).is_some()
            && !["paid", "void", "valid", "grid", "android", "bid"].iter().any(|end| name.ends_with(end)))
}

/// The items of a list with the path of each.
pub(in crate::behavior) fn items<'e>(value: &'e Json, path: &[Step]) -> Vec<(Vec<Step>, &'e Json)> {
    let under = |step: Step| path.iter().cloned().chain([step]).collect::<Vec<_>>();
    match value.at(path) {
        Some(Json::Array(items)) => items.iter().enumerate().map(|(at, item)| (under(Step::Index(at)), item)).collect(),
        Some(Json::Object(members)) => {
            members.iter().map(|(key, item)| (under(Step::Key(Arc::clone(key))), item)).collect()
        }
        _ => Vec::new(),
    }
}
