//! `tokens`: the sessions of a world.

use super::call::{Answer, Call, json, nothing, time};
use crate::behavior::account::identity;
use crate::http::app::real_time;
use crate::http::problem::Problem;
use crate::world::Change;
use serde::Serialize;

#[derive(Serialize)]
struct Shown {
    token: String,
    /// The account's id.
    account: Option<String>,
    identity: Option<String>,
    issued_at: String,
    expires_at: String,
    alive: bool,
}

pub(super) fn all(call: &Call<'_>) -> Answer {
    call.takes(&["limit", "after"])?;
    let world = call.look()?;
    let now = world.clock().peek(real_time());
    let shown = |token: &crate::world::Token| {
        let account = world.record(&token.collection, token.account);
        Shown {
            token: token.token.to_string(),
            account: account.map(|account| account.id.to_string()),
            identity: account.and_then(|account| identity(account).map(ToString::to_string)),
            issued_at: time(token.issued_at),
            expires_at: time(token.expires_at),
            alive: token.is_alive(now),
        }
    };
    let newest_first = world.tokens().iter().rev().map(|token| (token.number, token));
    json(&call.paging()?.newest_first(newest_first).map(|token| shown(token)))
}

pub(super) fn one(call: &Call<'_>) -> Answer {
    call.takes(&[])?;
    let revoked = call.with(|world| {
        let token = world.tokens().get(call.captured()).cloned()?;
        world.apply(&Change::TokenRevoked(token)).then_some(())
    })?;
    revoked.ok_or_else(|| Problem::not_found("there is no such token in this world"))?;
    Ok(nothing())
}
