//! What a set shows of its own names by where their values go.
//!
//! In: the endpoints with their inputs and examples. Out: names that the words of the trade do not know. A value that logging
//! in hands out, and that the other endpoints take back under the same name, is the token, whatever it is called.

use super::account::{self, Shown};
use super::replies::is_opaque;
use crate::lexicon::{Lexicon, Role, compact};
use crate::spec::{DocSet, Endpoint, In, Param};

/// Endpoints that take back what was handed out, from which it is no chance.
const ENOUGH: usize = 4;
/// So many do where it looks like nothing but a key.
const ENOUGH_OPAQUE: usize = 2;

/// The names that are learned from where values go, with what they are for.
pub fn names(set: &DocSet, lexicon: &Lexicon) -> Vec<(String, Role)> {
    let role = |param: &Param| lexicon.role(&param.name, &param.label).map(|(role, _)| role);
    let params = set.endpoints.iter().flat_map(|endpoint| &endpoint.params);
    if params.clone().any(|param| role(param) == Some(Role::Token)) {
        return Vec::new();
    }
    let takes = |endpoint: &Endpoint, name: &str| {
        endpoint.params.iter().any(|param| !param.discriminates && compact(&param.name) == name)
    };
    let mut best: Option<(usize, String)> = None;
    for endpoint in set.endpoints.iter().filter(|endpoint| lets_in(endpoint, &role)) {
        for example in endpoint.successes() {
            for member in account::shown(set, endpoint, example, lexicon) {
                let name = compact(member.name);
                if !may_be_token(&member) || takes(endpoint, &name) {
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
    best.into_iter().map(|(_, name)| (name, Role::Token)).collect()
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
