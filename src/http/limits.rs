//! What a client can make grow, and how far. One value, so that a test can turn every knob and a reader can see them all.
//!
//! In: `NAME=VALUE` as the command line has it. Out: the limits, and the names under which a refusal speaks of them.

use crate::world::{Room, parse_duration};
use std::fmt::{self, Write};
use std::time::Duration;

/// Sizes in bytes. The defaults suit a tool on a developer's machine in front of hostile pages and careless scripts.
#[derive(Clone, Debug)]
pub struct Limits {
    /// From accept, and from the first byte of each later request, to the end of its header.
    pub header_time: Duration,
    /// Request line and header together.
    pub header_size: usize,
    pub headers: usize,
    /// A JSON or form body.
    pub body_size: usize,
    /// A multipart body, all parts together.
    pub multipart_size: usize,
    /// A world that is put back through the admin interface.
    pub state_size: usize,
    /// Bodies that have begun and not ended, of all connections together: in bytes that wait in memory.
    pub bodies_size: usize,
    /// Fields of a form, members of a JSON object.
    pub fields: usize,
    /// Parts of a multipart body.
    pub parts: usize,
    /// Arrays and objects in each other in a JSON body.
    pub json_depth: usize,
    /// Values in a JSON body, nested ones included.
    pub json_values: usize,
    /// Between two pieces of a body.
    pub body_gap: Duration,
    /// From the end of the header to the end of the body.
    pub body_time: Duration,
    /// How long a connection may lie idle between two requests, or a reply may wait for a client that does not read.
    pub idle_time: Duration,
    pub requests_per_connection: usize,
    pub connections: usize,
    /// Requests that wait because their client asked for a delay; their connections are missing to others meanwhile.
    pub delayed: usize,
    /// From the order to stop until what is still open is cut.
    pub drain_time: Duration,
    /// Worlds, `default` included.
    pub worlds: usize,
    /// What each world has room for, and all together.
    pub room: Room,
    /// The journal of all worlds together, in bytes.
    pub journal_size: usize,
    /// Clients that follow the events.
    pub subscribers: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            header_time: Duration::from_secs(10),
            header_size: 32 << 10,
            headers: 100,
            body_size: 1 << 20,
            multipart_size: 10 << 20,
            state_size: 256 << 20,
            bodies_size: 256 << 20,
            fields: 1_000,
            parts: 1_000,
            json_depth: 128,
            json_values: 50_000,
            body_gap: Duration::from_secs(10),
            body_time: Duration::from_mins(1),
            idle_time: Duration::from_secs(30),
            requests_per_connection: 10_000,
            connections: 4_096,
            delayed: 1_024,
            drain_time: Duration::from_secs(5),
            worlds: 10_000,
            room: Room::default(),
            journal_size: 16 << 20,
            subscribers: 64,
        }
    }
}

/// A limit by the name that a user knows it by.
pub(super) struct Knob {
    name: &'static str,
    /// What it bounds.
    of: &'static str,
    turns: Turns,
}

enum Turns {
    Size(fn(&mut Limits) -> &mut usize),
    /// The greatest value is in it where the code behind it has an end of its own.
    Count(fn(&mut Limits) -> &mut usize, usize),
    Time(fn(&mut Limits) -> &mut Duration),
}

use Turns::{Count, Size, Time};

const ANY: usize = usize::MAX;

const fn knob(name: &'static str, turns: Turns, of: &'static str) -> Knob {
    Knob { name, of, turns }
}

/// All of them, in the order in which a request meets them.
pub(super) const KNOBS: [Knob; 25] = [
    knob("connections", Count(|limits| &mut limits.connections, ANY), "connections at once"),
    knob("requests-per-connection", Count(|limits| &mut limits.requests_per_connection, ANY), "until it is closed"),
    knob("idle-time", Time(|limits| &mut limits.idle_time), "between two requests; for a client to read its reply"),
    knob("header-time", Time(|limits| &mut limits.header_time), "for a request line and header"),
    knob("header-size", Size(|limits| &mut limits.header_size), "request line and header"),
    knob("header-count", Count(|limits| &mut limits.headers, 10_000), "lines of a header"),
    knob("body-gap", Time(|limits| &mut limits.body_gap), "between two pieces of a body"),
    knob("body-time", Time(|limits| &mut limits.body_time), "for a whole body"),
    knob("body-size", Size(|limits| &mut limits.body_size), "a JSON or form body"),
    knob("multipart-size", Size(|limits| &mut limits.multipart_size), "a multipart body"),
    knob("state-size", Size(|limits| &mut limits.state_size), "a world that is put back"),
    knob("bodies-size", Size(|limits| &mut limits.bodies_size), "all bodies that are on their way"),
    knob("fields", Count(|limits| &mut limits.fields, ANY), "fields of a form, members of a JSON body"),
    knob("parts", Count(|limits| &mut limits.parts, ANY), "parts of a multipart body"),
    knob("json-depth", Count(|limits| &mut limits.json_depth, 512), "arrays and objects in each other"),
    knob("json-values", Count(|limits| &mut limits.json_values, ANY), "values of a JSON body"),
    knob("delayed", Count(|limits| &mut limits.delayed, ANY), "requests that asked to be kept back"),
    knob("worlds", Count(|limits| &mut limits.worlds, ANY), "worlds"),
    knob("accounts", Count(|limits| &mut limits.room.accounts, ANY), "accounts of a world"),
    knob("records", Count(|limits| &mut limits.room.records, ANY), "other records of a world"),
    knob("records-size", Size(|limits| &mut limits.room.records_size), "all records of a world"),
    knob("worlds-size", Size(|limits| &mut limits.room.worlds_size), "records and files of all worlds"),
    knob("journal-size", Size(|limits| &mut limits.journal_size), "the journal"),
    knob("subscribers", Count(|limits| &mut limits.subscribers, ANY), "clients that follow the events"),
    knob("drain-time", Time(|limits| &mut limits.drain_time), "from the order to stop to the end"),
];

/// Why `--limit` was not understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadLimit {
    NoValue(String),
    Unknown { name: String, nearest: Option<&'static str> },
    Value { name: &'static str, value: String, wanted: String },
}

impl fmt::Display for BadLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoValue(text) => write!(f, "{text:?} is no limit; write NAME=VALUE, such as body-size=2MiB"),
            Self::Unknown { name, nearest } => {
                let names: Vec<&str> = KNOBS.iter().map(|knob| knob.name).collect();
                match nearest {
                    Some(nearest) => write!(f, "there is no limit {name:?}; is {nearest} meant?"),
                    None => write!(f, "there is no limit {name:?}; there are {}", names.join(", ")),
                }
            }
            Self::Value { name, value, wanted } => write!(f, "{name}={value}: {wanted}"),
        }
    }
}

impl Limits {
    /// Turns one knob, as `NAME=VALUE` says.
    pub fn set(&mut self, text: &str) -> Result<(), BadLimit> {
        let (name, value) = text.split_once('=').ok_or_else(|| BadLimit::NoValue(text.to_owned()))?;
        let (name, value) = (name.trim(), value.trim());
        let knob = KNOBS
            .iter()
            .find(|knob| knob.name == name)
            .ok_or_else(|| BadLimit::Unknown { name: name.to_owned(), nearest: nearest(name) })?;
        let bad = |wanted: String| BadLimit::Value { name: knob.name, value: value.to_owned(), wanted };
        match knob.turns {
            Size(at) => {
                let bytes = size(value).ok_or_else(|| bad("write a size, such as 64KiB or 10MiB".to_owned()))?;
                *at(self) = bytes;
            }
            Count(at, most) => {
                let count = value.parse().ok().filter(|count| (1..=most).contains(count));
                let to = if most == ANY { String::new() } else { format!(" to {most}") };
                *at(self) = count.ok_or_else(|| bad(format!("write a whole number, from 1{to}")))?;
            }
            Time(at) => {
                let millis = parse_duration(value).map_err(|error| bad(error.to_string()))?;
                let millis = u64::try_from(millis).ok().filter(|millis| *millis > 0);
                *at(self) = Duration::from_millis(millis.ok_or_else(|| bad("write more than 0".to_owned()))?);
            }
        }
        Ok(())
    }

    /// For `--help`: a line for each, with its value.
    pub fn table() -> String {
        let mut limits = Self::default();
        let mut table = String::new();
        for Knob { name, of, turns } in &KNOBS {
            let value = match turns {
                Size(at) => shown_size(*at(&mut limits)),
                Count(at, _) => at(&mut limits).to_string(),
                Time(at) => format!("{}s", at(&mut limits).as_secs()),
            };
            let _ = writeln!(table, "  {:<32}{of}", format!("{name}={value}"));
        }
        table
    }
}

fn nearest(name: &str) -> Option<&'static str> {
    let likeness = |known: &str| strsim::jaro_winkler(name, known);
    let nearest = KNOBS.iter().map(|knob| knob.name).max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    nearest.filter(|nearest| likeness(nearest) > 0.8)
}

const UNITS: [(&str, usize); 7] =
    [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("GB", 1 << 30), ("MB", 1 << 20), ("KB", 1 << 10), ("B", 1)];

/// `64KiB`, `10MiB`, `1GiB`, or a number of bytes.
fn size(text: &str) -> Option<usize> {
    let unit = UNITS.iter().find_map(|(unit, bytes)| Some((text.strip_suffix(unit)?, *bytes)));
    let (number, bytes) = unit.unwrap_or((text, 1));
    let number: usize = number.trim().parse().ok()?;
    number.checked_mul(bytes).filter(|size| *size > 0)
}

fn shown_size(bytes: usize) -> String {
    let unit = UNITS[..3].iter().find(|(_, size)| bytes.is_multiple_of(*size));
    unit.map_or_else(|| bytes.to_string(), |(unit, size)| format!("{}{unit}", bytes / size))
}

impl Limits {
    /// How often the connections are looked over: often enough that a limit is kept to within half a second, or to within
    /// a quarter of itself where it is shorter.
    pub(super) fn tick(&self) -> Duration {
        let shortest = self.header_time.min(self.body_gap).min(self.body_time).min(self.idle_time);
        (shortest / 4).clamp(Duration::from_millis(5), Duration::from_millis(250))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let mut limits = Limits::default();
        let said = limits.set(text).map_err(|bad| bad.to_string());
        assert_eq!(said.err().unwrap_or_default(), expected, "{text}");
    }

    #[test]
    fn knobs_are_turned_by_name_and_unknown_ones_are_named() {
        for knob in &KNOBS {
            let mut limits = Limits::default();
            let value = if matches!(knob.turns, Time(_)) { "7ms" } else { "7" };
            limits.set(&format!("{}={value}", knob.name)).unwrap();
            let turned = match knob.turns {
                Size(at) | Count(at, _) => *at(&mut limits),
                Time(at) => usize::try_from(at(&mut limits).as_millis()).unwrap(),
            };
            assert_eq!(turned, 7, "{}", knob.name);
            assert!(format!("{limits:?}") != format!("{:?}", Limits::default()));
            assert!(Limits::table().contains(&format!("  {}=", knob.name)));
        }
        check("body-size=2MiB", "");
        check("body-size = 3 KB", "");
        check("body-size", "\"body-size\" is no limit; write NAME=VALUE, such as body-size=2MiB");
        check("bodysize=1", "there is no limit \"bodysize\"; is body-size meant?");
        check("body-size=0", "body-size=0: write a size, such as 64KiB or 10MiB");
        check(
            "body-size=99999999999999999999GiB",
            "body-size=99999999999999999999GiB: write a size, such as 64KiB or 10MiB",
        );
        check("fields=-1", "fields=-1: write a whole number, from 1");
        check("json-depth=1000", "json-depth=1000: write a whole number, from 1 to 512");
        check("idle-time=0s", "idle-time=0s: write more than 0");
        let mut limits = Limits::default();
        assert!(limits.set("zzz=1").unwrap_err().to_string().ends_with("journal-size, subscribers, drain-time"));
        assert!(limits.set("idle-time=soon").unwrap_err().to_string().starts_with("idle-time=soon: "));
    }
}
