//! Where scenarios are run: a simulator of their own, a running docsim, or a backend.
//!
//! In the first two each scenario has a world of its own, whose time stands, and the admin interface is the simulator's
//! hand. A backend has no such hand: there, passcodes come from a universal code or a command.

use crate::client::{Ask, BadTarget, Client, Options, Reply, Target, Trouble};
use crate::generation::Generation;
use crate::http::{self, App};
use crate::world::{Clock, Millis, Worlds, WorldsConfig};
use std::collections::HashMap;
use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::sync::{oneshot, watch};

/// When scenarios begin in a simulator of their own: 2026-01-01 09:00 at +08:00.
const MORNING: Millis = 1_767_229_200_000;
/// A command that says nothing for so long is given up.
const COMMAND_TIME: Duration = Duration::from_mins(1);

pub struct Stage {
    pub(super) client: Client,
    pub(super) kind: Kind,
    /// By which method a backend takes an endpoint that is documented without one.
    methods: Mutex<HashMap<usize, String>>,
    /// Ends the simulator with the stage.
    _stop: Option<oneshot::Sender<()>>,
}

pub(super) enum Kind {
    /// `is_own` is one that was started for this run, with a clock that stands from the start.
    Simulator {
        is_own: bool,
    },
    Backend(Hooks),
}

/// Where the passcodes of a backend come from.
#[derive(Clone, Debug, Default)]
pub struct Hooks {
    /// Accepted for every phone.
    pub universal: Option<String>,
    /// A program and its arguments, `{identity}` among them; its last line is the passcode.
    pub command: Option<Vec<String>>,
}

/// Why there is no stage.
#[derive(Debug)]
pub enum NoStage {
    Target(BadTarget),
    Client(Trouble),
    Simulator(String),
    /// Nothing answers at the target.
    Away(String, Trouble),
}

impl fmt::Display for NoStage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Target(bad) => bad.fmt(f),
            Self::Client(trouble) => trouble.fmt(f),
            Self::Simulator(why) => write!(f, "no simulator could be started: {why}"),
            Self::Away(target, trouble) => write!(f, "{target}: {trouble}"),
        }
    }
}

impl std::error::Error for NoStage {}

impl Stage {
    /// A simulator for this run alone, on a free port of this machine.
    pub async fn simulator(generation: &Arc<Generation>, seed: u64) -> Result<Self, NoStage> {
        let failed = |error: &dyn fmt::Display| NoStage::Simulator(error.to_string());
        let listener = http::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await.map_err(|error| failed(&error))?;
        let address = listener.local_addr().map_err(|error| failed(&error))?;
        let (_, generations) = watch::channel(Arc::clone(generation));
        let mut clock = Clock::starting_at(real_time(), MORNING);
        clock.freeze(real_time(), true);
        let prepare = {
            let generation = Arc::clone(generation);
            Box::new(move |world: &mut crate::world::World| generation.found(world, real_time()))
        };
        let config = WorldsConfig { seed, clock, limit: usize::MAX, ..WorldsConfig::default() };
        let options = http::Options::default();
        let limits = options.limits.clone();
        let app = Arc::new(App::new(generations, Worlds::new(config, prepare), options));
        let (stop, stopped) = oneshot::channel::<()>();
        tokio::spawn(http::serve(listener, app, limits, async {
            let _ = stopped.await;
        }));
        let target = Target::parse(&format!("http://{address}")).map_err(NoStage::Target)?;
        let client = Client::new(target, Options::default()).map_err(NoStage::Client)?;
        Ok(Self { client, kind: Kind::Simulator { is_own: true }, methods: Mutex::default(), _stop: Some(stop) })
    }

    /// A server that is there already: docsim if it says so, else a backend.
    pub async fn target(client: Client, hooks: Hooks) -> Result<Self, NoStage> {
        let health = Ask { method: "GET".to_owned(), path: "/__docsim/health".to_owned(), ..Ask::default() };
        let reply =
            client.send(&health).await.map_err(|trouble| NoStage::Away(client.target().to_string(), trouble))?;
        let said = serde_json::from_slice::<serde_json::Value>(&reply.body).ok();
        let is_docsim = reply.http_status == 200
            && said.is_some_and(|said| said["generation"].is_u64() && said["uptime_ms"].is_u64());
        let kind = if is_docsim { Kind::Simulator { is_own: false } } else { Kind::Backend(hooks) };
        Ok(Self { client, kind, methods: Mutex::default(), _stop: None })
    }

    /// Whether the simulator's hand is there.
    pub fn is_simulator(&self) -> bool {
        matches!(self.kind, Kind::Simulator { .. })
    }

    pub fn method(&self, endpoint: usize) -> Option<String> {
        self.methods.lock().unwrap_or_else(PoisonError::into_inner).get(&endpoint).cloned()
    }

    /// None is what the documents suggest.
    pub fn set_method(&self, endpoint: usize, method: Option<&str>) {
        let mut methods = self.methods.lock().unwrap_or_else(PoisonError::into_inner);
        match method {
            Some(method) => methods.insert(endpoint, method.to_owned()),
            None => methods.remove(&endpoint),
        };
    }

    /// As messages name it.
    pub fn name(&self) -> String {
        match self.kind {
            Kind::Simulator { is_own: true } => "a simulator".to_owned(),
            _ => self.client.target().to_string(),
        }
    }

    /// The address that requests go to.
    pub fn url(&self, path: &str) -> String {
        self.client.target().url(path)
    }

    /// Whether one passcode is accepted for everybody, and no other is known.
    pub fn has_universal_passcode(&self) -> bool {
        matches!(&self.kind, Kind::Backend(hooks) if hooks.universal.is_some() && hooks.command.is_none())
    }

    /// Whether a passcode that was really sent can be had.
    pub fn knows_passcodes(&self) -> bool {
        match &self.kind {
            Kind::Simulator { .. } => true,
            Kind::Backend(hooks) => hooks.command.is_some(),
        }
    }
}

impl Hooks {
    /// The passcode of an identity on a backend.
    pub(super) async fn passcode(&self, identity: &str) -> Result<String, String> {
        let Some(command) = &self.command else {
            return self.universal.clone().ok_or_else(|| {
                "a passcode is needed: --passcode 246810 gives the backend's universal one, --passcode-command asks a program"
                    .to_owned()
            });
        };
        let mut words = command.iter().map(|word| word.replace("{identity}", identity));
        let program = words.next().unwrap_or_default();
        let run = tokio::process::Command::new(&program).args(words).stdin(Stdio::null()).kill_on_drop(true).output();
        let output = tokio::time::timeout(COMMAND_TIME, run)
            .await
            .map_err(|_| format!("{program} said nothing for {} s", COMMAND_TIME.as_secs()))?
            .map_err(|error| format!("{program} cannot be run: {error}"))?;
        let said = String::from_utf8_lossy(&output.stdout);
        let passcode = said.lines().map(str::trim).rfind(|line| !line.is_empty()).unwrap_or_default();
        if !output.status.success() || passcode.is_empty() {
            let error = String::from_utf8_lossy(&output.stderr);
            let error = error.lines().last().unwrap_or_default();
            return Err(format!("{program} gave no passcode for {identity} ({}) {error}", output.status));
        }
        Ok(passcode.to_owned())
    }
}

/// Asks the admin interface of a world. What it refuses is a reply too.
pub(super) async fn admin(
    client: &Client,
    world: &str,
    method: &str,
    path: &str,
    body: Option<&serde_json::Value>,
) -> Result<(Ask, Reply), Trouble> {
    let mut ask = Ask { method: method.to_owned(), path: format!("{world}/__docsim/{path}"), ..Ask::default() };
    if let Some(body) = body {
        ask.headers.push(("Content-Type".to_owned(), "application/json".to_owned()));
        ask.body = body.to_string().into();
    }
    let reply = client.send(&ask).await?;
    Ok((ask, reply))
}

fn real_time() -> Millis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Millis::try_from(since.as_millis()).unwrap_or(Millis::MAX)
}
