//! All that a request needs, and where it is sent: to the simulated API or to the admin interface.

use super::admin;
use super::control;
use super::cors::CorsPolicy;
use super::guard::AdminPolicy;
use super::limits::Limits;
use super::metrics::{Metrics, Traffic};
use super::problem::OverLimit;
use super::proxy::Proxy;
use super::pulse::Pulse;
use super::served::Served;
use super::server::{Handler, Reply, Trouble};
use super::simulated;
use crate::generation::Generation;
use crate::observe::{Feed, Journal};
use crate::world::{Millis, WorldName, Worlds};
use hyper::Request;
use hyper::body::Incoming;
use hyper::http::Extensions;
use std::net::SocketAddr;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Instant, SystemTime, UNIX_EPOCH};
use tokio::sync::{Semaphore, watch};
use tracing::{info, warn};

/// The one value behind all connections.
pub struct App {
    pub worlds: Worlds,
    pub journal: Journal,
    pub feed: Feed,
    pub options: Options,
    pub(super) metrics: Metrics,
    pub(super) started: Instant,
    pub(super) default_world: WorldName,
    /// One for each request that is kept back.
    pub(super) delays: Semaphore,
    generation: watch::Receiver<Arc<Generation>>,
    /// The newest generation that was asked for.
    served: RwLock<Arc<Served>>,
}

/// More than anybody pages through, however small they are.
const MOST_EVENTS: usize = 100_000;

/// What the command line decides.
#[derive(Clone, Default)]
pub struct Options {
    pub admin: AdminPolicy,
    pub cors: CorsPolicy,
    /// The same that are given to `serve`.
    pub limits: Limits,
    /// The admin interface changes nothing.
    pub is_read_only: bool,
    /// The log shows requests as they came.
    pub logs_secrets: bool,
    /// The backend that is asked before anything is simulated.
    pub proxy: Option<Arc<Proxy>>,
}

impl App {
    /// `generation` is the document set in service; a reload sends another.
    pub fn new(generation: watch::Receiver<Arc<Generation>>, worlds: Worlds, options: Options) -> Self {
        let metrics = Metrics::default();
        let served = Arc::new(Served::new(Arc::clone(&generation.borrow()), &metrics));
        Self {
            worlds,
            journal: Journal::new(options.limits.journal_size, MOST_EVENTS),
            feed: Feed::default(),
            delays: Semaphore::new(options.limits.delayed),
            options,
            metrics,
            started: Instant::now(),
            default_world: WorldName::default(),
            generation,
            served: RwLock::new(served),
        }
    }

    /// Tells of each document set that is taken into service from now on.
    pub(super) fn generations(&self) -> watch::Receiver<Arc<Generation>> {
        let mut generations = self.generation.clone();
        generations.mark_unchanged();
        generations
    }

    /// Where the simulated API is, where that is not where the admin interface is.
    pub(super) fn api(&self) -> Option<SocketAddr> {
        self.options.proxy.as_ref().map(|proxy| proxy.api)
    }

    /// The generation in service. To be asked once for each request, so that no reload shows in between.
    pub(super) fn served(&self) -> Arc<Served> {
        let newest = {
            let newest = self.generation.borrow();
            let known = self.served.read().unwrap_or_else(PoisonError::into_inner);
            if Arc::ptr_eq(&known.generation, &newest) {
                return Arc::clone(&known);
            }
            Arc::clone(&newest)
        };
        // Two requests may both do this once after a reload, to the same end; no lock is held over it.
        let served = Arc::new(Served::new(newest, &self.metrics));
        *self.served.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&served);
        served
    }
}

/// Counts what was refused for a limit's sake.
pub(super) fn count_limit(app: &App, of_reply: &Extensions) {
    if let Some(OverLimit(name)) = of_reply.get() {
        app.metrics.refused("limit", name);
    }
}

/// Milliseconds since the Unix epoch by the system's clock.
pub(super) fn real_time() -> Millis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Millis::try_from(since.as_millis()).unwrap_or(Millis::MAX)
}

impl Handler for App {
    fn traffic(&self) -> Arc<Traffic> {
        Arc::clone(&self.metrics.traffic)
    }

    fn trouble(&self, trouble: &Trouble) {
        match trouble {
            Trouble::AcceptsAgain => info!("{trouble}"),
            Trouble::CannotAccept(_) | Trouble::TooManyConnections(_) => warn!("{trouble}"),
        }
    }

    async fn answer(&self, request: Request<Incoming>, pulse: &Pulse) -> Reply {
        let (head, body) = request.into_parts();
        let found = control::world(head.uri.path(), &head.headers);
        let rest = found.as_ref().ok().and_then(|(_, path)| admin::rest(path));
        match (found, rest) {
            (Ok((world, _)), Some(rest)) => admin::answer(self, world, rest, &head, body, pulse).await,
            // No page is to read even that.
            (Err(problem), _) if admin::rest(control::behind_prefix(head.uri.path())).is_some() => problem.reply(),
            (found, _) => simulated::answer(self, found, &head, body, pulse).await,
        }
    }
}
