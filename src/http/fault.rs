//! What a fault that has struck makes of a reply: why it is as it is, how late it goes, and how its connection ends.
//!
//! In: what the engine says has struck, and what the reply would say of itself. The ending travels in the reply's
//! extensions to the server, which alone has a hand on the connection.

use super::problem::Problem;
use super::served::Why;
use crate::engine::fault::Struck;
use crate::engine::{Decision, Outcome};
use crate::generation::Generation;
use crate::world::{Abort, Harm};
use hyper::body::Bytes;
use hyper::{Response, StatusCode};
use std::time::Duration;

/// `CODE fault N …`, where the documented reply stands if it is one; what is only late or cut says also what it says anyway.
pub(super) fn why(generation: &Generation, outcome: &Outcome<'_>, struck: &Struck, usual: Option<&Why>) -> Why {
    let (mut code, mut reason, mut source) = usual.map_or_else(Default::default, |usual| {
        let rule = &usual.rule;
        (rule.code.clone(), rule.reason.clone(), rule.source.clone())
    });
    let place = match outcome.decision {
        Decision::Fault(Some(reply)) => generation.set.file_line(reply.place),
        _ => String::new(),
    };
    match &struck.harm {
        Some((_, Harm::Abort(Abort::Truncate))) | None => {}
        Some((id, Harm::Code(of))) => (code, reason, source) = (of.to_string(), format!("fault {id}"), place),
        Some((id, Harm::HttpStatus(status))) => {
            (code, reason, source) = (status.to_string(), format!("fault {id}"), place);
        }
        Some((id, Harm::Abort(abort))) => {
            (code, reason, source) = (abort.name().to_owned(), format!("fault {id}"), place);
        }
    }
    if let Some((id, Harm::Abort(Abort::Truncate))) = struck.harm {
        reason = format!("{reason}; truncated by fault {id}");
    }
    if let Some((id, millis)) = struck.delay {
        reason = format!("{reason}; kept back {millis} ms by fault {id}");
    }
    Why::new(&code, &reason, &source)
}

/// How long the reply is kept back.
pub(super) fn delay(struck: &Struck) -> Duration {
    Duration::from_millis(struck.delay.map_or(0, |(_, millis)| millis.unsigned_abs()))
}

pub(super) fn abort(struck: &Struck) -> Option<Abort> {
    match struck.harm {
        Some((_, Harm::Abort(abort))) => Some(abort),
        _ => None,
    }
}

/// What stands behind an HTTP status that a fault has ordered: no document says what.
pub(super) fn problem(struck: &Struck) -> Option<Response<Bytes>> {
    let Some((id, Harm::HttpStatus(status))) = struck.harm else { return None };
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let detail = format!("fault {id} of this world answers so; GET /__docsim/faults lists them");
    Some(Problem::new(status, detail).member("fault", id).into_response())
}
