//! `metrics`: what a scraper reads.

use super::call::{Answer, Call};
use crate::behavior::account::COLLECTION;
use crate::http::metrics::Levels;
use crate::world::{Collection, World};
use http_body_util::Full;
use hyper::Response;
use hyper::body::Bytes;
use hyper::header::{CONTENT_TYPE, HeaderValue};

const TEXT: HeaderValue = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");

pub(super) fn answer(call: &Call<'_>) -> Answer {
    call.takes(&[])?;
    let (app, generation) = (call.app, &call.generation);
    let mut levels = Levels {
        generation: generation.number,
        endpoints: generation.set.endpoints.len(),
        diagnostics: generation.diagnostics.len(),
        worlds: app.worlds.len(),
        journal: app.journal.size(),
        delayed: app.options.limits.delayed.saturating_sub(app.delays.available_permits()),
        uptime: app.started.elapsed(),
        ..Levels::default()
    };
    app.worlds.each(|world| add(world, &mut levels));
    let mut reply = Response::new(Full::new(Bytes::from(app.metrics.draw(&levels))));
    reply.headers_mut().insert(CONTENT_TYPE, TEXT);
    Ok(reply)
}

fn add(world: &World, levels: &mut Levels) {
    let accounts = world.collection(COLLECTION).map_or(0, Collection::len);
    levels.accounts += accounts;
    levels.records += world.collections().map(|(_, all)| all.len()).sum::<usize>() - accounts;
    levels.uploaded += world.uploads().size();
}
