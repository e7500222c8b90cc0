//! `worlds`: which there are, forks, and ends.

use super::call::{Answer, Call, json, json_as, no_world, nothing};
use super::members::wrong;
use crate::http::problem::Problem;
use crate::json::Json;
use crate::world::{World, WorldName};
use hyper::StatusCode;
use serde::Serialize;

#[derive(Serialize)]
struct Shown {
    name: String,
    seed: u64,
    /// How many changes it has seen.
    sequence: u64,
    tokens: usize,
}

pub(super) fn all(call: &Call<'_>) -> Answer {
    if !call.is_get() {
        call.takes(&[])?;
        return create(call);
    }
    call.takes(&["limit", "after"])?;
    let names = call.app.worlds.names();
    let list = call
        .paging()?
        .in_order((1..).zip(names))
        .map(|name| call.app.worlds.look(&name).ok().map(|world| shown(&world)));
    json(&list)
}

fn create(call: &Call<'_>) -> Answer {
    let members = call.members(&["name", "from", "seed"])?;
    let parse = |text: &str| WorldName::parse(text).map_err(|bad| Problem::unprocessable(bad.to_string()));
    let name = parse(members.required_text("name")?)?;
    let from = members.text("from")?.map(parse).transpose()?;
    let seed = match members.get("seed") {
        None | Some(Json::Null) => None,
        Some(Json::Number(number)) => Some(number.parse().map_err(|_| wrong_seed())?),
        Some(_) => return Err(wrong_seed()),
    };
    let worlds = &call.app.worlds;
    worlds.create(&name, seed, from.as_ref()).map_err(|limit| no_world(&limit))?;
    let world = worlds.look(&name).map_err(|limit| no_world(&limit))?;
    json_as(StatusCode::CREATED, &shown(&world))
}

fn wrong_seed() -> Problem {
    wrong("seed", "a whole number from 0 on")
}

pub(super) fn one(call: &Call<'_>) -> Answer {
    call.takes(&[])?;
    let name = WorldName::parse(call.captured()).ok().filter(|name| call.app.worlds.remove(name));
    name.ok_or_else(|| Problem::not_found("there is no such world"))?;
    Ok(nothing())
}

fn shown(world: &World) -> Shown {
    Shown {
        name: world.name().to_string(),
        seed: world.seed(),
        sequence: world.sequence(),
        tokens: world.tokens().len(),
    }
}
