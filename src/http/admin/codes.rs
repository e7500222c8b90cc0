//! `codes`: the SMS inbox of a world, and passcodes sent by hand.

use super::call::{Answer, Call, json, json_as, time};
use crate::engine::{identity_key, office};
use crate::http::app::real_time;
use crate::world::Passcode;
use hyper::StatusCode;
use serde::Serialize;

#[derive(Serialize)]
struct Shown<'p> {
    phone: &'p str,
    code: &'p str,
    purpose: Option<&'p str>,
    issued_at: String,
    expires_at: String,
    spent_at: Option<String>,
    /// A newer one took its place.
    replaced: bool,
}

fn shown(passcode: &Passcode) -> Shown<'_> {
    Shown {
        phone: &passcode.phone,
        code: &passcode.code,
        purpose: passcode.purpose.as_deref(),
        issued_at: time(passcode.issued_at),
        expires_at: time(passcode.expires_at),
        spent_at: passcode.spent_at.map(time),
        replaced: passcode.replaced,
    }
}

pub(super) fn answer(call: &Call<'_>) -> Answer {
    if call.is_get() { inbox(call) } else { issue(call) }
}

fn inbox(call: &Call<'_>) -> Answer {
    call.takes(&["phone", "limit", "after"])?;
    let world = call.look()?;
    let phone = call.param("phone").map(identity_key);
    let all =
        world.passcodes().inbox().filter(|passcode| phone.as_deref().is_none_or(|phone| &*passcode.phone == phone));
    json(&call.paging()?.newest_first(all.map(|passcode| (passcode.id, passcode))).map(|passcode| shown(passcode)))
}

/// One that serves any purpose.
fn issue(call: &Call<'_>) -> Answer {
    call.takes(&[])?;
    let members = call.members(&["phone"])?;
    let phone = members.required_text("phone")?;
    let real = real_time();
    let passcode = call.with(|world| {
        let now = world.now(real);
        office::issue_passcode(&call.generation.model, world, phone, now).0
    })?;
    json_as(StatusCode::CREATED, &shown(&passcode))
}
