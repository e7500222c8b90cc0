//! `state`: a whole world as one JSON document, taken, put back, or begun anew.

use super::call::{Answer, Call, json, no_world, nothing};
use crate::http::problem::Problem;
use crate::world::snapshot;

pub(super) fn answer(call: &Call<'_>) -> Answer {
    call.takes(&[])?;
    match call.method {
        "GET" => json(&snapshot::to_json(&call.look()?)),
        "PUT" => put(call),
        _ => {
            call.app.worlds.reset(&call.world).map_err(|limit| no_world(&limit))?;
            Ok(nothing())
        }
    }
}

/// All or nothing: the document is read to its end before the world is touched.
fn put(call: &Call<'_>) -> Answer {
    let document = serde_json::from_slice(&call.body)
        .map_err(|error| Problem::bad_request(format!("the body is not valid JSON: {error}")))?;
    let restored = snapshot::from_json(&document, call.world.clone()).map_err(|error| {
        Problem::unprocessable(format!("not restored, nothing was changed: {error}")).member("pointer", error.pointer())
    })?;
    call.app.worlds.replace(restored).map_err(|limit| no_world(&limit))?;
    Ok(nothing())
}
