//! `clock`: the world's time, which a tester may push on, set and stop.

use super::call::{Answer, Call, json, time};
use super::members::wrong;
use crate::http::app::real_time;
use crate::http::problem::Problem;
use crate::json::Json;
use crate::world::{Change, Clock, Millis, parse_duration};
use jiff::Timestamp;
use serde::Serialize;

#[derive(Serialize)]
struct Shown {
    now: String,
    offset_ms: Millis,
    frozen: bool,
}

const FORMS: &str = "{\"advance\":\"11m\"}, {\"set\":\"2026-01-31T12:00:00Z\"} or {\"freeze\":true}";

pub(super) fn answer(call: &Call<'_>) -> Answer {
    call.takes(&[])?;
    let real = real_time();
    if call.is_get() {
        return json(&shown(call.look()?.clock(), real));
    }
    let step = step(call)?;
    let clock = call.with(|world| {
        let from = *world.clock();
        let mut to = from;
        match step {
            Step::Advance(by) => to.advance(real, by),
            Step::Set(at) => to.set(real, at),
            Step::Freeze(frozen) => to.freeze(real, frozen),
        }
        if to.peek(real) > Clock::LATEST {
            let what = if matches!(step, Step::Set(_)) { "set" } else { "advance" };
            return Err(wrong(what, &format!("something that leads to a moment before {}", time(Clock::LATEST))));
        }
        world.apply(&Change::ClockSet { from, to });
        let now = world.now(real);
        crate::engine::lapse::settle(&call.generation.model, world, now);
        Ok(to)
    })??;
    json(&shown(&clock, real))
}

fn shown(clock: &Clock, real: Millis) -> Shown {
    Shown { now: time(clock.peek(real)), offset_ms: clock.offset_ms(real), frozen: clock.is_frozen() }
}

enum Step {
    Advance(Millis),
    Set(Millis),
    Freeze(bool),
}

fn step(call: &Call<'_>) -> Result<Step, Problem> {
    let members = call.members(&["advance", "set", "freeze"])?;
    match (members.get("advance"), members.get("set"), members.get("freeze")) {
        (Some(by), None, None) => match by.as_str().map(parse_duration) {
            Some(Ok(by)) => Ok(Step::Advance(by)),
            Some(Err(bad)) => Err(wrong("advance", &format!("a length of time: {bad}"))),
            None => Err(wrong("advance", "a length of time like \"11m\", \"250ms\" or \"1h30m\"")),
        },
        (None, Some(at), None) => {
            let at = match at {
                Json::String(text) => text.parse::<Timestamp>().ok(),
                Json::Number(millis) => millis.parse().ok().and_then(|millis| Timestamp::from_millisecond(millis).ok()),
                _ => None,
            };
            let at = at.ok_or_else(|| wrong("set", "a moment like \"2026-01-31T12:00:00Z\", or Unix milliseconds"))?;
            Ok(Step::Set(at.as_millisecond()))
        }
        (None, None, Some(Json::Bool(frozen))) => Ok(Step::Freeze(*frozen)),
        (None, None, Some(_)) => Err(wrong("freeze", "true or false")),
        _ => Err(Problem::unprocessable(format!("say one thing at a time: {FORMS}"))),
    }
}
