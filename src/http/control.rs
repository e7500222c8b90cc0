//! What a client says to docsim itself, beside the simulated API: which world, how late, which documented reply.
//!
//! In: path and headers. Out: their meaning, and the path that is left for the API. The prefix `/@NAME` is for clients that
//! can only set a base address, and wins over the header.

use super::problem::Problem;
use crate::world::{WorldName, parse_duration};
use hyper::header::{HeaderMap, HeaderName};
use std::time::Duration;

pub(super) const WORLD: HeaderName = HeaderName::from_static("x-docsim-world");
pub(super) const FORCE: HeaderName = HeaderName::from_static("x-docsim-force");
pub(super) const DELAY: HeaderName = HeaderName::from_static("x-docsim-delay");

const LONGEST_DELAY: Duration = Duration::from_mins(1);

/// The world that a request names, if it names one, and the path behind the prefix.
pub(super) fn world<'p>(path: &'p str, headers: &HeaderMap) -> Result<(Option<WorldName>, &'p str), Problem> {
    let (name, path) = match path.strip_prefix("/@") {
        Some(prefixed) => {
            let (name, rest) = prefixed.split_at(prefixed.find('/').unwrap_or(prefixed.len()));
            (Some(name), if rest.is_empty() { "/" } else { rest })
        }
        None => (header(headers, &WORLD)?, path),
    };
    let name = name.map(WorldName::parse).transpose().map_err(|bad| Problem::bad_request(bad.to_string()))?;
    Ok((name, path))
}

/// The world that the header names, where a path belongs to a backend alone.
pub(super) fn world_by_header(headers: &HeaderMap) -> Result<Option<WorldName>, Problem> {
    let name = header(headers, &WORLD)?;
    name.map(WorldName::parse).transpose().map_err(|bad| Problem::bad_request(bad.to_string()))
}

/// The path behind a world's prefix, whatever that names.
pub(super) fn behind_prefix(path: &str) -> &str {
    let named = path.strip_prefix("/@");
    named.map_or(path, |named| &named[named.find('/').unwrap_or(named.len())..])
}

/// How long a reply is to be kept back.
pub(super) fn delay(headers: &HeaderMap) -> Result<Option<Duration>, Problem> {
    let Some(text) = header(headers, &DELAY)? else { return Ok(None) };
    let millis = parse_duration(text).map_err(|bad| Problem::bad_request(format!("{DELAY}: {bad}")))?;
    let delay = Duration::from_millis(millis.unsigned_abs());
    if delay > LONGEST_DELAY {
        return Err(Problem::bad_request(format!("{DELAY}: {text} is too long; 60s is the longest")));
    }
    Ok(Some(delay))
}

/// The documented reply that is asked for, for the engine to find.
pub(super) fn force(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    header(headers, &FORCE)
}

fn header<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Result<Option<&'h str>, Problem> {
    let no_text = |_| Problem::bad_request(format!("the header {name} is no plain text"));
    headers.get(name).map(|value| value.to_str()).transpose().map_err(no_text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use hyper::header::HeaderValue;

    fn headers(name: &HeaderName, value: &str) -> HeaderMap {
        [(name.clone(), HeaderValue::from_bytes(value.as_bytes()).unwrap())].into_iter().collect()
    }

    #[test]
    fn the_prefix_wins_over_the_header() {
        let check = |path: &str, header: &str, expected: Option<(Option<&str>, &str)>| {
            let headers = if header.is_empty() { HeaderMap::new() } else { headers(&WORLD, header) };
            let found = world(path, &headers).ok();
            let found = found.as_ref().map(|(name, path)| (name.as_ref().map(WorldName::as_str), *path));
            assert_eq!(found, expected, "{path} {header}");
        };
        check("/api/x", "", Some((None, "/api/x")));
        check("/api/x", "b", Some((Some("b"), "/api/x")));
        check("/@a/api/x", "b", Some((Some("a"), "/api/x")));
        check("/@a/api/x", "no good", Some((Some("a"), "/api/x")));
        check("/@a", "", Some((Some("a"), "/")));
        check("/@a/", "", Some((Some("a"), "/")));
        check("/@../api", "", Some((Some(".."), "/api")));
        check("/api/@a", "", Some((None, "/api/@a")));
        for bad in ["/@/api", "/@", "/@a%20b/api", "/@@/x"] {
            check(bad, "", None);
        }
        check("/api", "no good", None);
        check("/api", "世界", None);
    }

    #[test]
    fn delays_have_an_end() {
        let check = |text: &str, expected: Option<u64>| {
            let found = delay(&headers(&DELAY, text)).ok().flatten().map(|delay| delay.as_millis());
            assert_eq!(found, expected.map(u128::from), "{text}");
        };
        check("250ms", Some(250));
        check("2s", Some(2_000));
        check("60s", Some(60_000));
        for bad in ["60001ms", "1h", "99999999999d", "", "soon", "-1s", "+1"] {
            check(bad, None);
        }
        assert_eq!(delay(&HeaderMap::new()), Ok(None));
    }
}
