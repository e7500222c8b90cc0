//! What is counted of the life of a server, and how a scraper reads it.
//!
//! In: which counter is due, found when a document set was made ready, so a request adds to a number and builds no text.
//! Out: the text form of Prometheus. Decides nothing.

use crate::engine::{Decision, Outcome};
use crate::generation::Generation;
use prometheus_client::encoding::text::encode_registry;
use prometheus_client::encoding::{
    EncodeLabel, EncodeLabelSet, EncodeMetric, LabelSetEncoder, MetricEncoder, NoLabelSet,
};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::{ConstCounter, Counter};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::{Registry, Unit};
use std::fmt;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Of a whole server.
#[derive(Debug, Default)]
pub(super) struct Metrics {
    pub(super) traffic: Arc<Traffic>,
    requests: Family<OfEndpoint, Counter>,
    durations: Arc<Durations>,
    refused: Family<Refused, Counter>,
    admin: Family<ByStatus, Counter>,
    /// The endpoints that have counters.
    known: Mutex<Vec<Arc<str>>>,
}

/// What happens to connections outside of any request.
#[derive(Debug, Default)]
pub struct Traffic {
    pub open: AtomicUsize,
    pub accepted: AtomicU64,
    /// There was no room for them.
    pub turned_away: AtomicU64,
    /// Their header did not come in time.
    pub late: AtomicU64,
    /// Their header was too large.
    pub large: AtomicU64,
    /// What they sent was no HTTP/1.1.
    pub malformed: AtomicU64,
    /// How often the system gave no further connection.
    pub starved: AtomicU64,
}

/// The counters of one endpoint, to be looked up once.
#[derive(Debug)]
pub(super) struct Counted {
    accepted: Counter,
    refused: Counter,
    fault: Counter,
    no_room: Counter,
    forced: Counter,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct OfEndpoint {
    endpoint: Arc<str>,
    outcome: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Refused {
    by: &'static str,
    what: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct ByStatus {
    status: u16,
}

/// What a scrape tells beside the counters.
#[derive(Debug, Default)]
pub(super) struct Levels {
    pub(super) generation: u64,
    pub(super) endpoints: usize,
    pub(super) diagnostics: usize,
    pub(super) worlds: usize,
    pub(super) accounts: usize,
    pub(super) records: usize,
    pub(super) uploaded: usize,
    pub(super) journal: usize,
    pub(super) delayed: usize,
    pub(super) uptime: Duration,
}

const OUTCOMES: [&str; 5] = ["accepted", "refused", "fault", "no room", "forced"];

impl Metrics {
    /// The counters of each endpoint of a generation, in its order. Those of endpoints that are gone go.
    pub(super) fn of(&self, generation: &Generation) -> Vec<Counted> {
        let ids: Vec<Arc<str>> = generation.set.endpoints.iter().map(|endpoint| endpoint.id.as_str().into()).collect();
        {
            let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            for gone in known.iter().filter(|known| !ids.contains(known)) {
                for outcome in OUTCOMES {
                    self.requests.remove(&OfEndpoint { endpoint: Arc::clone(gone), outcome });
                }
            }
            known.clone_from(&ids);
        }
        let counter = |endpoint: &Arc<str>, at: usize| {
            self.requests.get_or_create_owned(&OfEndpoint { endpoint: Arc::clone(endpoint), outcome: OUTCOMES[at] })
        };
        let counted = ids.iter().map(|id| Counted {
            accepted: counter(id, 0),
            refused: counter(id, 1),
            fault: counter(id, 2),
            no_room: counter(id, 3),
            forced: counter(id, 4),
        });
        counted.collect()
    }

    /// A request of the simulated API is answered.
    pub(super) fn answered(&self, took: Duration) {
        self.durations.add(took);
    }

    /// No endpoint is asked for, or what is said of it is not understood.
    pub(super) fn unrouted(&self) {
        self.requests.get_or_create(&OfEndpoint { endpoint: "".into(), outcome: "problem" }).inc();
    }

    pub(super) fn admin(&self, status: u16) {
        self.admin.get_or_create(&ByStatus { status }).inc();
    }

    /// `by` the guard or a limit.
    pub(super) fn refused(&self, by: &'static str, what: &'static str) {
        self.refused.get_or_create(&Refused { by, what }).inc();
    }

    pub(super) fn draw(&self, levels: &Levels) -> String {
        let mut all = Registry::with_prefix("docsim");
        all.register("requests", "Requests of the simulated API", self.requests.clone());
        let help = "From a request's header to its reply, without what it was kept back for";
        all.register_with_unit("request_duration", help, Unit::Seconds, Drawn(Arc::clone(&self.durations)));
        all.register("admin_requests", "Requests of the admin interface", self.admin.clone());
        all.register("refused", "What the guard or a limit refused", self.refused.clone());
        let traffic = &self.traffic;
        let counters = [
            ("reloads", "Document sets taken into service after the first", levels.generation.saturating_sub(1)),
            ("connections_accepted", "Connections that got a place", traffic.accepted.load(Relaxed)),
            ("connections_turned_away", "Connections beyond the limit", traffic.turned_away.load(Relaxed)),
            ("headers_late", "Headers that did not come in time", traffic.late.load(Relaxed)),
            ("headers_too_large", "Headers beyond the limits", traffic.large.load(Relaxed)),
            ("headers_malformed", "What was no HTTP/1.1", traffic.malformed.load(Relaxed)),
            ("accept_failures", "How often the system gave no connection", traffic.starved.load(Relaxed)),
        ];
        for (name, help, value) in counters {
            all.register(name, help, ConstCounter::new(value));
        }
        let gauges = [
            ("connections", "Open connections", traffic.open.load(Relaxed)),
            ("generation", "The document set in service, counted from 1", number(levels.generation)),
            ("endpoints", "Endpoints in service", levels.endpoints),
            ("diagnostics", "What is odd about the documents", levels.diagnostics),
            ("worlds", "Worlds", levels.worlds),
            ("accounts", "Accounts of all worlds", levels.accounts),
            ("records", "Other records of all worlds", levels.records),
            ("uploaded_bytes", "Uploaded files of all worlds", levels.uploaded),
            ("journal_bytes", "The journal", levels.journal),
            ("delayed_requests", "Requests that are kept back", levels.delayed),
        ];
        for (name, help, value) in gauges {
            let value = i64::try_from(value).unwrap_or(i64::MAX);
            all.register(name, help, ConstGauge::new(value));
        }
        all.register_with_unit(
            "uptime",
            "Since the start",
            Unit::Seconds,
            ConstGauge::new(levels.uptime.as_secs_f64()),
        );
        let mut text = String::new();
        // Writing to a text cannot fail.
        let _ = encode_registry(&mut text, &all);
        with_total(&text)
    }
}

fn number(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// The older text form calls a counter in its comments what it calls it in its samples.
fn with_total(text: &str) -> String {
    let counters: Vec<&str> =
        text.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.strip_suffix(" counter")).collect();
    let named = |line: &str| {
        let rest = line.strip_prefix("# HELP ").or_else(|| line.strip_prefix("# TYPE "))?;
        let (name, rest) = rest.split_once(' ')?;
        counters.contains(&name).then(|| format!("{}{name}_total {rest}\n", &line[..7]))
    };
    // The unit is in the name.
    let lines = text.lines().filter(|line| !line.starts_with("# UNIT "));
    lines.map(|line| named(line).unwrap_or_else(|| format!("{line}\n"))).collect()
}

impl Counted {
    pub(super) fn add(&self, outcome: &Outcome<'_>) {
        let counter = match outcome.decision {
            _ if outcome.struck.is_some() => &self.fault,
            Decision::Accept(_) => &self.accepted,
            Decision::Refuse(_) => &self.refused,
            Decision::Fault(_) => &self.fault,
            Decision::TooLarge(_) => &self.no_room,
        };
        counter.inc();
    }

    pub(super) fn add_forced(&self) {
        self.forced.inc();
    }
}

impl EncodeLabelSet for OfEndpoint {
    fn encode(&self, encoder: &mut LabelSetEncoder<'_>) -> fmt::Result {
        labels(encoder, &[("endpoint", &self.endpoint), ("outcome", self.outcome)])
    }
}

impl EncodeLabelSet for Refused {
    fn encode(&self, encoder: &mut LabelSetEncoder<'_>) -> fmt::Result {
        labels(encoder, &[("by", self.by), ("what", self.what)])
    }
}

impl EncodeLabelSet for ByStatus {
    fn encode(&self, encoder: &mut LabelSetEncoder<'_>) -> fmt::Result {
        labels(encoder, &[("status", &self.status.to_string())])
    }
}

fn labels(encoder: &mut LabelSetEncoder<'_>, labels: &[(&str, &str)]) -> fmt::Result {
    labels.iter().try_for_each(|label| label.encode(encoder.encode_label()))
}

/// Microseconds: the first bucket is about what the least request takes.
const BUCKETS: [u64; 12] = [25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 50_000, 250_000, 1_000_000];

/// How long requests took. The library's own takes a lock for each.
#[derive(Debug, Default)]
struct Durations {
    /// The last is for all that took longer.
    buckets: [AtomicU64; BUCKETS.len() + 1],
    micros: AtomicU64,
}

impl Durations {
    fn add(&self, took: Duration) {
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let at = BUCKETS.iter().position(|end| micros <= *end).unwrap_or(BUCKETS.len());
        self.buckets[at].fetch_add(1, Relaxed);
        self.micros.fetch_add(micros, Relaxed);
    }
}

/// The durations as the registry takes them.
#[derive(Debug)]
struct Drawn(Arc<Durations>);

impl EncodeMetric for Drawn {
    fn encode(&self, mut encoder: MetricEncoder<'_>) -> fmt::Result {
        let counts: Vec<u64> = self.0.buckets.iter().map(|count| count.load(Relaxed)).collect();
        let ends = BUCKETS.iter().map(|micros| Duration::from_micros(*micros).as_secs_f64()).chain([f64::INFINITY]);
        let buckets: Vec<(f64, u64)> = ends.zip(counts.iter().copied()).collect();
        let sum = Duration::from_micros(self.0.micros.load(Relaxed)).as_secs_f64();
        encoder.encode_histogram::<NoLabelSet>(sum, counts.iter().sum(), &buckets, None)
    }

    fn metric_type(&self) -> MetricType {
        MetricType::Histogram
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_fall_into_their_buckets() {
        let metrics = Metrics::default();
        for micros in [1, 25, 26, 2_000_000] {
            metrics.answered(Duration::from_micros(micros));
        }
        let text = metrics.draw(&Levels::default());
        let says = |line: &str| assert!(text.lines().any(|known| known == line), "{line} is not in\n{text}");
        says("# TYPE docsim_request_duration_seconds histogram");
        says("docsim_request_duration_seconds_bucket{le=\"0.000025\"} 2");
        says("docsim_request_duration_seconds_bucket{le=\"0.00005\"} 3");
        says("docsim_request_duration_seconds_bucket{le=\"1.0\"} 3");
        says("docsim_request_duration_seconds_bucket{le=\"+Inf\"} 4");
        says("docsim_request_duration_seconds_count 4");
        says("docsim_request_duration_seconds_sum 2.000052");
    }

    #[test]
    fn counters_have_one_name() {
        let metrics = Metrics::default();
        metrics.refused("guard", "host");
        metrics.traffic.accepted.fetch_add(3, Relaxed);
        let text = metrics.draw(&Levels::default());
        for line in [
            "# TYPE docsim_refused_total counter",
            "docsim_refused_total{by=\"guard\",what=\"host\"} 1",
            "# TYPE docsim_connections_accepted_total counter",
            "docsim_connections_accepted_total 3",
            "docsim_reloads_total 0",
        ] {
            assert!(text.lines().any(|known| known == line), "{line} is not in\n{text}");
        }
    }
}
