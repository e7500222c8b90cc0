//! What a resource is asked, and how it answers: the world, the query, pages, JSON.

use super::super::app::App;
use super::super::problem::Problem;
use super::super::server::Reply;
use super::members::Members;
use crate::generation::Generation;
use crate::world::{Millis, World, WorldLimit, WorldName};
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::{Response, StatusCode};
use jiff::Timestamp;
use serde::Serialize;
use std::sync::Arc;

pub(super) type Answer = Result<Reply, Problem>;

/// One request to a resource, its body read.
pub(super) struct Call<'r> {
    pub(super) app: &'r App,
    pub(super) generation: Arc<Generation>,
    pub(super) world: WorldName,
    /// GET where it was HEAD.
    pub(super) method: &'r str,
    /// The segments that the route takes, in order.
    pub(super) captured: Vec<String>,
    pub(super) query: Vec<(String, String)>,
    pub(super) body: Bytes,
}

impl Call<'_> {
    pub(super) fn is_get(&self) -> bool {
        self.method == "GET"
    }

    /// What the route's last `{}` took: the id.
    pub(super) fn captured(&self) -> &str {
        self.captured.last().map_or("", String::as_str)
    }

    /// The world as it is, or as it would be made.
    pub(super) fn look(&self) -> Result<World, Problem> {
        self.app.worlds.look(&self.world).map_err(|limit| no_world(&limit))
    }

    /// Changes the world, alone with it.
    pub(super) fn with<R>(&self, step: impl FnOnce(&mut World) -> R) -> Result<R, Problem> {
        self.app.worlds.with(&self.world, step).map_err(|limit| no_world(&limit))
    }

    /// The members of the posted body; only those of these names may be there.
    pub(super) fn members(&self, known: &[&str]) -> Result<Members, Problem> {
        self.open_members()?.only(known)
    }

    /// The members of the posted body, whatever their names.
    pub(super) fn open_members(&self) -> Result<Members, Problem> {
        Members::read(&self.body, &self.app.options.limits)
    }

    /// Refuses parameters that nobody will read; a name that begins with `_` is for caches.
    pub(super) fn takes(&self, names: &[&str]) -> Result<(), Problem> {
        match self.query.iter().find(|(name, _)| !name.starts_with('_') && !names.contains(&name.as_str())) {
            None => Ok(()),
            Some((name, _)) if names.is_empty() => {
                Err(Problem::bad_request(format!("the parameter {name} is not known here; there is none")))
            }
            Some((name, _)) => {
                let known = names.join(", ");
                Err(Problem::bad_request(format!("the parameter {name} is not known here; {known} are")))
            }
        }
    }

    /// A parameter that is there and not empty.
    pub(super) fn param(&self, wanted: &str) -> Option<&str> {
        let found = self.query.iter().rev().find(|(name, _)| name == wanted);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    pub(super) fn paging(&self) -> Result<Paging, Problem> {
        let number = |name: &str| match self.param(name).map(str::parse::<u64>) {
            None => Ok(None),
            Some(Ok(number)) => Ok(Some(number)),
            Some(Err(_)) => Err(Problem::bad_request(format!("{name} has to be a number"))),
        };
        let after = match self.param("after") {
            None => None,
            Some(cursor) => Some(
                cursor
                    .parse()
                    .map_err(|_| Problem::bad_request("after has to be what an earlier answer gave as `next`"))?,
            ),
        };
        let limit = number("limit")?.unwrap_or(100);
        if limit == 0 {
            return Err(Problem::bad_request("limit has to be at least 1"));
        }
        Ok(Paging { limit: usize::try_from(limit).unwrap_or(usize::MAX).min(1_000), after })
    }
}

/// Which part of a list is asked for.
pub(super) struct Paging {
    pub(super) limit: usize,
    /// The number of the last item that the asker has.
    pub(super) after: Option<u64>,
}

#[derive(Serialize)]
pub(super) struct List<T> {
    pub(super) items: Vec<T>,
    pub(super) total: usize,
    pub(super) next: Option<String>,
}

impl Paging {
    /// Cuts the page out of all items, which come with their numbers, the newest (highest) first.
    pub(super) fn newest_first<T>(&self, all: impl Iterator<Item = (u64, T)>) -> List<T> {
        self.cut(all, |number, after| number < after)
    }

    /// As the other, for numbers that go up.
    pub(super) fn in_order<T>(&self, all: impl Iterator<Item = (u64, T)>) -> List<T> {
        self.cut(all, |number, after| number > after)
    }

    fn cut<T>(&self, all: impl Iterator<Item = (u64, T)>, is_beyond: impl Fn(u64, u64) -> bool) -> List<T> {
        let mut page = List { items: Vec::new(), total: 0, next: None };
        let mut cursor = None;
        for (number, item) in all {
            page.total += 1;
            if self.after.is_some_and(|after| !is_beyond(number, after)) {
                continue;
            }
            if page.items.len() < self.limit {
                page.items.push(item);
                cursor = Some(number);
            } else if page.next.is_none() {
                page.next = cursor.map(|number| number.to_string());
            }
        }
        page
    }
}

impl<T> List<T> {
    /// Ends the page before the answer gets too large; one item is always on it.
    pub(super) fn within(mut self, size: impl Fn(&T) -> usize, cursor: impl Fn(&T) -> u64) -> Self {
        const MOST: usize = 16 << 20;
        let mut left = MOST;
        let fits = |item: &T| {
            let fits = size(item) <= left;
            left = left.saturating_sub(size(item));
            fits
        };
        let kept = self.items.iter().map(fits).take_while(|fits| *fits).count();
        if kept.max(1) < self.items.len() {
            self.items.truncate(kept.max(1));
            self.next = self.items.last().map(|item| cursor(item).to_string());
        }
        self
    }

    /// Draws the items that are on the page, and only those.
    pub(super) fn map<U>(self, draw: impl FnMut(T) -> U) -> List<U> {
        List { items: self.items.into_iter().map(draw).collect(), total: self.total, next: self.next }
    }
}

pub(super) fn json(value: &impl Serialize) -> Answer {
    json_as(StatusCode::OK, value)
}

pub(super) fn json_as(status: StatusCode, value: &impl Serialize) -> Answer {
    let body = serde_json::to_vec(value).map_err(|error| {
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, format!("cannot write the answer: {error}"))
    })?;
    let mut reply = Response::new(Full::new(Bytes::from(body)));
    *reply.status_mut() = status;
    reply.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(reply)
}

/// What says no more than that it is done.
pub(super) fn nothing() -> Reply {
    let mut reply = Response::new(Full::new(Bytes::new()));
    *reply.status_mut() = StatusCode::NO_CONTENT;
    reply
}

/// A moment as RFC 3339 has it, in UTC.
pub(super) fn time(millis: Millis) -> String {
    Timestamp::from_millisecond(millis).map_or_else(|_| millis.to_string(), |time| time.to_string())
}

pub(in crate::http) fn no_world(limit: &WorldLimit) -> Problem {
    let status = match limit {
        WorldLimit::Unknown { .. } => StatusCode::NOT_FOUND,
        WorldLimit::Exists { .. } => StatusCode::CONFLICT,
        WorldLimit::TooMany { .. } => StatusCode::SERVICE_UNAVAILABLE,
    };
    match limit {
        WorldLimit::TooMany { limit } => Problem::over(status, "worlds", *limit, "worlds at once"),
        _ => Problem::new(status, limit.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_follow_each_other_without_gap_or_overlap() {
        let all = || (1..=5_u64).rev().map(|number| (number, number));
        let first = Paging { limit: 2, after: None }.newest_first(all());
        assert_eq!((first.items, first.total, first.next.as_deref()), (vec![5, 4], 5, Some("4")));
        let last = Paging { limit: 3, after: Some(4) }.newest_first(all());
        assert_eq!((last.items, last.total, last.next), (vec![3, 2, 1], 5, None));
        let upwards = Paging { limit: 2, after: Some(1) }.in_order((1..=5_u64).map(|number| (number, number)));
        assert_eq!((upwards.items, upwards.next.as_deref()), (vec![2, 3], Some("3")));
    }
}
