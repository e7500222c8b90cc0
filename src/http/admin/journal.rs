//! `journal`: the last requests of all worlds.

use super::call::{Answer, Call, List, json, nothing};
use crate::http::problem::Problem;
use crate::observe::Filter;
use crate::world::WorldName;

pub(super) fn answer(call: &Call<'_>) -> Answer {
    let journal = &call.app.journal;
    if !call.is_get() {
        call.takes(&[])?;
        journal.clear();
        return Ok(nothing());
    }
    call.takes(&["limit", "after", "endpoint", "world"])?;
    let paging = call.paging()?;
    let world = call.param("world").map(WorldName::parse).transpose();
    let filter = Filter {
        endpoint: call.param("endpoint").map(str::to_owned),
        world: world.map_err(|bad| Problem::bad_request(bad.to_string()))?,
        before: paging.after,
    };
    let page = journal.page(&filter, paging.limit);
    json(&List { items: page.items, total: page.total, next: page.next.map(|number| number.to_string()) })
}
