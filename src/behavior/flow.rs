//! What a set shows of its own names by where their values go.
//!
//! In: the endpoints with their inputs and examples. Out: names that the words of the trade do not know. A value that logging
//! in hands out, and that the other endpoints take back under the same name, is the token, whatever it is called.

use super::account::{self, Shown};
use super::replies::is_opaque;
use crate::lexicon::{Lexicon, Operation, Role, compact};
use crate::spec::{DocSet, Endpoint, In, Param, sent_back};
use std::collections::{HashMap, HashSet};

/// Endpoints that take back what was handed out, from which it is no chance.
const ENOUGH: usize = 4;
/// So many do where it looks like nothing but a key.
const ENOUGH_OPAQUE: usize = 2;

/// The names that are learned from where values go, with what they are for.
pub fn names(set: &DocSet, lexicon: &Lexicon) -> Vec<(String, Role)> {
    let role = |param: &Param| lexicon.role(&param.name, &param.label).map(|(role, _)| role);
    let carried = carried_by_value(set, lexicon, &role);
    if !carried.is_empty() {
        return carried;
    }
    let params = set.endpoints.iter().flat_map(|endpoint| &endpoint.params);
    if params.clone().any(|param| role(param) == Some(Role::Token)) {
        let mut found = called_by_label(set, lexicon, &role);
        found.extend(of_other_side(set, lexicon, &role, &|_| false).into_iter().map(|name| (name, Role::Token)));
        return found;
    }
    let takes = |endpoint: &Endpoint, name: &str| {
        endpoint.params.iter().any(|param| !param.discriminates && compact(&param.name) == name)
    };
    // A header that a page tells of goes with every request, logging in among them.
    let takes_listed = |endpoint: &Endpoint, name: &str| {
        endpoint.params.iter().any(|param| param.location != In::Header && compact(&param.name) == name)
    };
    let told = headers_told(set, lexicon);
    if !told.is_empty() {
        return told;
    }
    // Who runs the place has a token of another name.
    let with_others = |mut found: Vec<(String, Role)>| {
        let own = |name: &str| found.iter().any(|(known, _)| compact(known) == compact(name));
        let others = of_other_side(set, lexicon, &role, &own);
        found.extend(others.into_iter().map(|name| (name, Role::Token)));
        found
    };
    let told = told_in_words(set, lexicon, &role);
    if !told.is_empty() {
        return with_others(told);
    }
    let mut best: Option<(usize, String)> = None;
    for endpoint in set.endpoints.iter().filter(|endpoint| lets_in(endpoint, &role)) {
        for example in endpoint.successes() {
            for member in account::shown(set, endpoint, example, lexicon) {
                let name = compact(member.name);
                if !may_be_token(&member) || takes_listed(endpoint, &name) {
                    continue;
                }
                let takers = set.endpoints.iter().filter(|other| takes(other, &name)).count();
                let enough = if is_opaque(member.value) { ENOUGH_OPAQUE } else { ENOUGH };
                if takers >= enough && best.as_ref().is_none_or(|(most, _)| takers > *most) {
                    best = Some((takers, name));
                }
            }
        }
    }
    let found: Vec<(String, Role)> = best.into_iter().map(|(_, name)| (name, Role::Token)).collect();
    if found.is_empty() { found } else { with_others(found) }
}

/// What another way in hands out under a name of its own, beside one that hands out what is known to be a token: `desk_sess`.
fn of_other_side(
    set: &DocSet,
    lexicon: &Lexicon,
    role: &dyn Fn(&Param) -> Option<Role>,
    is_known: &dyn Fn(&str) -> bool,
) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for endpoint in set.endpoints.iter().filter(|endpoint| lets_in(endpoint, role)) {
        for example in endpoint.successes() {
            let shown = account::shown(set, endpoint, example, lexicon);
            let called = shown.iter().any(|member| member.role == Role::Token);
            let fits = |member: &&Shown<'_>| match member.role {
                Role::Token => true,
                _ => !called && may_be_token(member) && is_opaque(member.value),
            };
            if shown.iter().any(|member| is_known(member.name)) {
                continue;
            }
            for member in shown.iter().filter(fits) {
                let takes = |other: &Endpoint| {
                    let mut params = other.params.iter().filter(|param| !param.discriminates);
                    params.any(|param| compact(&param.name) == compact(member.name) && role(param) != Some(Role::Token))
                };
                let takers = set.endpoints.iter().filter(|other| takes(other)).count();
                if takers >= ENOUGH_OPAQUE && !takes(endpoint) && !found.iter().any(|known| known == member.name) {
                    found.push(member.name.to_owned());
                }
            }
        }
    }
    found
}

/// `curl … -H "X-User-Key: k-20b7f4ae91"` where logging in shows `"key": "k-20b7f4ae91"`: one value under two names.
fn carried_by_value(set: &DocSet, lexicon: &Lexicon, role: &dyn Fn(&Param) -> Option<Role>) -> Vec<(String, Role)> {
    let mut names: Vec<(String, Role)> = Vec::new();
    let mut samples: HashMap<&str, HashSet<&str>> = HashMap::new();
    for endpoint in set.endpoints.iter().filter(|endpoint| !lets_in(endpoint, role)) {
        for param in endpoint.params.iter().filter(|param| !param.discriminates) {
            // `Bearer k-20b7f4ae91`
            let value = param.default.as_deref().and_then(|text| text.split_whitespace().last());
            if let Some(value) = value.filter(|value| sent_back::is_key(value)) {
                samples.entry(value).or_default().insert(&param.name);
            }
        }
    }
    if samples.is_empty() {
        return names;
    }
    for endpoint in set.endpoints.iter().filter(|endpoint| lets_in(endpoint, role)) {
        for example in endpoint.successes() {
            for member in account::shown(set, endpoint, example, lexicon) {
                let takes = |name: &str| endpoint.param(name).is_some_and(|param| param.location != In::Header);
                let Some(sent) = member.value.as_str().and_then(|text| samples.get(text)) else { continue };
                let known = Role::Identity.covers(member.role)
                    || matches!(member.role, Role::UserId | Role::RealName | Role::File);
                if known || takes(member.name) {
                    continue;
                }
                let all = sent
                    .iter()
                    .copied()
                    .chain([member.name])
                    .filter(|name| !lexicon.is_nothing_but("ordinary-headers", name));
                for name in all {
                    if !names.iter().any(|(known, _)| known == name) {
                        names.push((name.to_owned(), Role::Token));
                    }
                }
            }
        }
    }
    names.sort_by(|one, other| one.0.cmp(&other.0));
    names
}

/// `sfz # 会话凭据` beside a login that hands out an `sfz`: what a label says of a parameter holds for what is handed out, too.
fn called_by_label(set: &DocSet, lexicon: &Lexicon, role: &dyn Fn(&Param) -> Option<Role>) -> Vec<(String, Role)> {
    let bare = |name: &str| lexicon.role(name, "").map(|(role, _)| role);
    let params = set.endpoints.iter().flat_map(|endpoint| &endpoint.params);
    let said = params.filter(|param| param.location != In::Header && role(param) == Some(Role::Token));
    let said: HashSet<String> =
        said.filter(|param| bare(&param.name) != Some(Role::Token)).map(|param| compact(&param.name)).collect();
    if said.is_empty() {
        return Vec::new();
    }
    let ways_in = set.endpoints.iter().filter(|endpoint| lets_in(endpoint, role));
    let shown = ways_in.flat_map(|endpoint| {
        endpoint.successes().flat_map(move |example| account::shown(set, endpoint, example, lexicon))
    });
    let handed = shown
        .filter(|member| said.contains(&compact(member.name)) && (may_be_token(member) || is_opaque(member.value)));
    handed.map(|member| (member.name.to_owned(), Role::Token)).take(1).collect()
}

/// The header of which a line says that it carries the proof of a login, and what logging in calls that:
/// `登录返回的 loginKey 放在请求头 Access-Key`.
fn headers_told(set: &DocSet, lexicon: &Lexicon) -> Vec<(String, Role)> {
    let mut seen: HashSet<(&str, crate::source::Place)> = HashSet::new();
    let headers = set.endpoints.iter().flat_map(|endpoint| &endpoint.params).filter(|param| {
        let carries = param.location == In::Header && !param.discriminates && !param.public;
        carries && !lexicon.is_nothing_but("ordinary-headers", &param.name)
    });
    for header in headers {
        if !seen.insert((header.name.as_str(), header.place)) {
            continue;
        }
        let line = set.source(header.place.file).map_or("", |source| {
            let text = source.text();
            let (start, end) = (header.place.span.start as usize, header.place.span.end as usize);
            let from = text.get(..start).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
            let to = text.get(end..).and_then(|after| after.find('\n')).map_or(text.len(), |at| end + at);
            // A table's place is the whole of it; its row's words are the header's own.
            let line = text.get(from..to).unwrap_or_default();
            if line.contains('\n') { "" } else { line }
        });
        let words = header.all_words();
        let is_proof = |text: &str| {
            let subjects = lexicon.meaning(text).subjects;
            let named = |name: &str| subjects.iter().any(|subject| subject == name);
            named("token") || named("login-state") || lexicon.speaks_of("login-proof", text)
        };
        if !is_proof(&words) && !is_proof(line) {
            continue;
        }
        let mut found = vec![(header.name.clone(), Role::Token)];
        let role = |param: &Param| lexicon.role(&param.name, &param.label).map(|(role, _)| role);
        let mentioned: HashSet<String> = [line, &words].into_iter().flat_map(names_in).map(compact).collect();
        for endpoint in set.endpoints.iter().filter(|endpoint| lets_in(endpoint, &role)) {
            let shown = endpoint.successes().flat_map(|example| account::shown(set, endpoint, example, lexicon));
            let handed = shown.filter(|member| mentioned.contains(&compact(member.name)) && may_be_token(member));
            found.extend(handed.map(|member| (member.name.to_owned(), Role::Token)));
        }
        return found;
    }
    Vec::new()
}

/// `tk 拼在地址后面：?tk=登录返回的tk`, `uid 和 key 登录拿到，之后每个接口都传 key`: a line says of what logging in hands out under a name
/// that it is sent.
fn told_in_words(set: &DocSet, lexicon: &Lexicon, role: &dyn Fn(&Param) -> Option<Role>) -> Vec<(String, Role)> {
    let secret = |param: &Param| matches!(role(param), Some(Role::Password | Role::Passcode));
    let enters = |endpoint: &&Endpoint| {
        let named = lexicon.operations_in(&endpoint.title).iter().any(|(found, _)| *found == Operation::Login);
        lets_in(endpoint, role) || (named && endpoint.params.iter().any(secret))
    };
    let mut handed: Vec<String> = Vec::new();
    for endpoint in set.endpoints.iter().filter(enters) {
        for example in endpoint.successes() {
            let shown = account::shown(set, endpoint, example, lexicon);
            // What is known to be one needs no words.
            if shown.iter().any(|member| member.role == Role::Token) {
                return Vec::new();
            }
            handed.extend(shown.iter().filter(|member| is_key_like(member)).map(|member| member.name.to_owned()));
        }
    }
    // What others take under the name for another purpose is told by its label.
    let otherwise = |name: &str| {
        let params = set.endpoints.iter().flat_map(|endpoint| &endpoint.params);
        params.filter(|param| param.name == name).any(|param| !param.label.is_empty() && role(param).is_some())
    };
    handed.retain(|name| !otherwise(name));
    if handed.is_empty() {
        return Vec::new();
    }
    let lines = super::collection::prose::lines(set, lexicon);
    let sent = lines.iter().filter(|note| {
        let from_login =
            ["login-proof", "login-gives", "after-login"].iter().any(|topic| lexicon.speaks_of(topic, &note.text));
        let sent = ["carries", "sent-as", "every-carries"].iter().any(|topic| lexicon.speaks_of(topic, &note.text));
        from_login && (sent || note.text.contains('?'))
    });
    let named = |name: &String| sent.clone().any(|note| names_in(&note.text).any(|word| word == name));
    handed.iter().find(|name| named(name)).map(|name| (name.clone(), Role::Token)).into_iter().collect()
}

/// A text of some length with digits in it, which is nobody's name or address.
fn is_key_like(member: &Shown<'_>) -> bool {
    let text = member.value.as_str().unwrap_or_default();
    let known = Role::Identity.covers(member.role)
        || matches!(
            member.role,
            Role::UserId | Role::RealName | Role::Nickname | Role::Avatar | Role::File | Role::Time
        );
    let signs = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'='));
    !known && text.len() >= 8 && signs && text.bytes().any(|byte| byte.is_ascii_digit())
}

/// The names that a text can have in it, `-` being a sign of theirs.
fn names_in(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '-')).filter(|word| !word.is_empty())
}

/// Whether an endpoint is told who somebody is, and a secret that proves it.
fn lets_in(endpoint: &Endpoint, role: &dyn Fn(&Param) -> Option<Role>) -> bool {
    let takes = |wanted: &dyn Fn(Role) -> bool| {
        endpoint.params.iter().any(|param| param.location != In::Header && role(param).is_some_and(wanted))
    };
    takes(&|role| Role::Identity.covers(role) && role != Role::Openid)
        && takes(&|role| matches!(role, Role::Password | Role::Passcode))
}

/// A text of some length that nothing says to be somebody's name or address.
fn may_be_token(member: &Shown<'_>) -> bool {
    let text = member.value.as_str().unwrap_or_default();
    let known = matches!(member.role, Role::Plain | Role::Password | Role::Passcode | Role::Signature | Role::Device);
    known && text.len() >= 8 && text.bytes().all(|byte| byte.is_ascii_graphic()) && !text.contains('/')
}
