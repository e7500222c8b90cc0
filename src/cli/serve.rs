//! `docsim serve`: the live fake. Says where it is, what it serves and what to try first; one line a reload.

use super::log::{self, Form, LogArgs};
use super::orders::Orders;
use super::proxy::{self, Backend};
use super::state::StateFile;
use super::welcome::{nothing_documented, reloaded, tell_start, welcome};
use super::{Docs, Ended};
use crate::generation::Generation;
use crate::http::cors::CorsPolicy;
use crate::http::guard::AdminPolicy;
use crate::http::origin::{Host, Origin};
use crate::http::proxy::{Desk, Front};
use crate::http::{self, App, Limits, Options};
use crate::load::{self, Loaded, Selection};
use crate::reload::{self, Watcher, Watching};
use crate::world::{Clock, World, Worlds, WorldsConfig};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tracing::{error, info, warn};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    pub(super) docs: Docs,
    /// Address and port to listen on, or the port alone; port 0 takes a free one
    #[arg(long, visible_alias = "port", short = 'p', value_name = "ADDRESS", default_value = "127.0.0.1:3000", value_parser = address)]
    listen: SocketAddr,
    /// Seed of all randomness: the same seed, clock and requests give the same replies
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
    /// What the clock of a new world says, such as 2026-01-31T12:00:00+08:00; it goes on from there
    #[arg(long, value_name = "TIME")]
    clock: Option<String>,
    /// File that holds the default world: loaded at the start if it is there, saved at the end
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
    /// Do not follow the documents as they are saved
    #[arg(long)]
    pub(super) no_watch: bool,
    /// Host name by which the admin interface may be reached, beside localhost and addresses
    #[arg(long, value_name = "HOST")]
    allow_host: Vec<String>,
    /// Origin of pages that may send credentials, beside those of loopback
    #[arg(long, value_name = "ORIGIN")]
    allow_origin: Vec<String>,
    /// Worlds exist only if they were created through the admin interface
    #[arg(long)]
    strict_worlds: bool,
    /// The admin interface changes nothing
    #[arg(long)]
    read_only: bool,
    /// Set a limit, such as body-size=2MiB; again for each; --help lists them
    #[arg(long, value_name = "NAME=VALUE", long_help = limits_help())]
    limit: Vec<String>,
    #[command(flatten)]
    pub(super) log: LogArgs,
}

/// Reads `127.0.0.1:3000`, `localhost:3000`, `:3000` and `3000`: where no address stands, it is the loopback's.
pub(super) fn address(text: &str) -> Result<SocketAddr, String> {
    let (host, port) = text.rsplit_once(':').unwrap_or(("", text));
    let written = match host {
        "" | "localhost" => format!("{}:{port}", Ipv4Addr::LOCALHOST),
        _ => text.to_owned(),
    };
    written.parse().map_err(|_| "write an address and a port, such as 127.0.0.1:3000, or the port alone".to_owned())
}

fn limits_help() -> String {
    format!(
        "Set a limit on what clients can do; again for each. There are, with what holds else:\n\n{}",
        Limits::table()
    )
}

pub(super) fn run(args: &Args) -> Ended {
    log::start(&args.log);
    run_before(args, None)
}

/// The log has begun. With a backend, it is asked before anything is simulated.
pub(super) fn run_before(args: &Args, backend: Option<Backend>) -> Ended {
    let begun = Instant::now();
    let reached = backend.as_ref().map_or(args.listen, |backend| backend.admin_listen);
    let (clock, options) = match clock(args).and_then(|clock| Ok((clock, options(args, reached)?))) {
        Ok(both) => both,
        Err(error) => return fail(&error),
    };
    let loaded = match load::load(&args.docs.docs, args.docs.config.as_deref()) {
        Ok(loaded) => Arc::new(loaded),
        Err(error) => return fail(&error.to_string()),
    };
    let generation = Generation::of_loaded(&loaded, None);
    if generation.set.endpoints.is_empty() {
        return fail(&nothing_documented(&args.docs.docs));
    }
    if let Some(Err(error)) = backend.as_ref().map(|backend| backend.check(&generation)) {
        return fail(&error);
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&format!("the system gives no threads to serve with: {error}")),
    };
    let ended = runtime.block_on(serve(args, Start { begun, clock, options, loaded, generation, backend }));
    runtime.shutdown_background(); // not for a document set that is still being read
    ended
}

struct Start {
    begun: Instant,
    clock: Clock,
    options: Options,
    loaded: Arc<Loaded>,
    generation: Generation,
    backend: Option<Backend>,
}

async fn serve(args: &Args, mut start: Start) -> Ended {
    let orders = Orders::new(); // before anybody is told that there is something to stop
    let listener = match http::bind(args.listen).await {
        Ok(listener) => listener,
        Err(error) => return fail(&error.to_string()),
    };
    let address = listener.local_addr().unwrap_or(args.listen);
    let mut desk = None;
    let mut backend = None;
    if let Some(before) = start.backend.take() {
        let listener = match http::bind(before.admin_listen).await {
            Ok(listener) => listener,
            Err(error) => return fail(&format!("--admin-listen: {error}")),
        };
        let admin = listener.local_addr().unwrap_or(before.admin_listen);
        if let Err(error) = before.check_target([address, admin]).await {
            return fail(&error);
        }
        desk = Some(listener);
        let (proxy, told) = before.proxy(address, admin);
        start.options.proxy = Some(Arc::new(proxy));
        backend = Some(told);
    }
    let (sender, generations) = watch::channel(Arc::new(start.generation));
    let prepare = {
        let generations = generations.clone();
        Box::new(move |world: &mut World| generations.borrow().found(world, real_time()))
    };
    let limits = start.options.limits.clone();
    let (limit, room) = (limits.worlds, limits.room);
    let config = WorldsConfig { seed: args.seed, clock: start.clock, strict: args.strict_worlds, limit, room };
    let worlds = Worlds::new(config, prepare);
    let state = match args.state.as_deref().map(StateFile::open).transpose() {
        Ok(state) => state,
        Err(error) => return fail(&error),
    };
    match state.as_ref().map_or(Ok(None), |state| state.restore(&worlds)) {
        Ok(told) => told.iter().for_each(|told| info!("{told}")),
        Err(error) => return fail(&error),
    }
    let token = start.options.admin.token.clone();
    let app = Arc::new(App::new(generations.clone(), worlds, start.options));
    match args.log.log {
        Form::Human => match &backend {
            Some(told) => info!("{}", told.welcome(args, &generations.borrow(), address, token.as_deref())),
            None => info!("{}", welcome(args, &generations.borrow(), address, token.as_deref(), start.begun)),
        },
        Form::Json => tell_start(&generations.borrow(), address, token.filter(|_| args.log.log_secrets).as_deref()),
    }
    let watcher = if args.no_watch { None } else { follow(args, start.loaded, sender) };
    let recorder = backend.and_then(|told| told.recorder);
    let writing = recorder.as_ref().map(proxy::keep_writing);
    let (stop, stopped) = watch::channel(false);
    let signals = tokio::spawn(signals(stop, orders));
    tokio::select! {
        cut = serve_all(listener, desk, &app, &limits, stopped) => {
            if cut > 0 {
                warn!("{cut} connections were still at work and were cut");
            }
        }
        _ = signals => warn!("told to stop again: what was still at work is cut"),
    }
    drop(watcher);
    if let (Some(recorder), Some(writing)) = (recorder, writing) {
        writing.abort();
        match proxy::finish(&recorder) {
            Ok(told) => info!("{told}"),
            Err(error) => return fail(&error),
        }
    }
    match state.map(|state| state.save(&app.worlds)) {
        Some(Err(error)) => fail(&error),
        Some(Ok(told)) => {
            info!("{told}");
            Ended::Fine
        }
        None => Ended::Fine,
    }
}

/// Serves all that there is to serve until told to stop. How many connections had to be cut.
async fn serve_all(
    listener: TcpListener,
    desk: Option<TcpListener>,
    app: &Arc<App>,
    limits: &Limits,
    stopped: watch::Receiver<bool>,
) -> usize {
    let stop = |mut stopped: watch::Receiver<bool>| async move {
        let _ = stopped.wait_for(|stops| *stops).await;
    };
    let Some(desk) = desk else {
        return http::serve(listener, Arc::clone(app), limits.clone(), stop(stopped)).await.cut;
    };
    let front = Arc::new(Front(Arc::clone(app)));
    let admin = Arc::new(Desk(Arc::clone(app)));
    let (front, admin) = tokio::join!(
        http::serve(listener, front, limits.clone(), stop(stopped.clone())),
        http::serve(desk, admin, limits.clone(), stop(stopped)),
    );
    front.cut + admin.cut
}

pub(super) fn fail(text: &str) -> Ended {
    error!("{text}");
    Ended::Unusable
}

/// Returns when told to stop a second time; the first is passed on.
async fn signals(stop: watch::Sender<bool>, mut orders: Orders) {
    orders.next().await;
    info!("stopping: what has begun comes to its end");
    stop.send_replace(true);
    orders.next().await;
}

pub(super) fn real_time() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// Swaps a new generation in whenever the documents' content changes.
fn follow(args: &Args, loaded: Arc<Loaded>, sender: watch::Sender<Arc<Generation>>) -> Option<Watcher> {
    let selection = Selection { paths: args.docs.docs.clone(), config: args.docs.config.clone() };
    let watcher = match Watcher::start(selection, Arc::clone(&loaded), reload::Options::default()) {
        Ok(watcher) => watcher,
        Err(error) => {
            warn!("the documents are not followed as they are saved: {error}");
            return None;
        }
    };
    let mut updates = watcher.updates();
    if let Watching::Polling { because } = &updates.borrow().watching {
        warn!("changes are looked for once a second: {because}");
    }
    tokio::spawn(async move {
        let mut known = loaded;
        while updates.changed().await.is_ok() {
            let update = updates.borrow_and_update().clone();
            if Arc::ptr_eq(&update.loaded, &known) {
                if let Watching::Polling { because } = update.watching {
                    warn!("changes are now looked for once a second: {because}");
                }
                continue;
            }
            known = Arc::clone(&update.loaded);
            let previous = Arc::clone(&sender.borrow());
            let begun = Instant::now();
            let next = tokio::task::spawn_blocking(move || {
                let next = Generation::of_loaded(&update.loaded, Some(&previous));
                let told = reloaded(&previous, &next, begun);
                (next, told)
            });
            let Ok((next, told)) = next.await else { continue };
            sender.send_replace(Arc::new(next));
            info!("{told}");
        }
    });
    Some(watcher)
}

fn clock(args: &Args) -> Result<Clock, String> {
    let Some(text) = &args.clock else { return Ok(Clock::default()) };
    let at = text.parse::<jiff::Timestamp>().map_err(|_| {
        format!("--clock {text}: that is no time; write one such as 2026-01-31T12:00:00+08:00 or 2026-01-31T04:00:00Z")
    })?;
    Ok(Clock::starting_at(real_time(), at.as_millisecond()))
}

/// `reached` is where the admin interface is.
fn options(args: &Args, reached: SocketAddr) -> Result<Options, String> {
    let mut limits = Limits::default();
    for text in &args.limit {
        limits.set(text).map_err(|bad| format!("--limit {bad}"))?;
    }
    Ok(Options {
        admin: admin(args, reached)?,
        cors: cors(args)?,
        limits,
        is_read_only: args.read_only,
        logs_secrets: args.log.log_secrets,
        proxy: None,
    })
}

/// Beyond loopback the admin interface needs a token; only the command line and the environment can open it.
fn admin(args: &Args, reached: SocketAddr) -> Result<AdminPolicy, String> {
    let host = |text: &String| {
        Host::parse(text).ok_or_else(|| format!("--allow-host {text}: write a host name alone, such as docsim.local"))
    };
    let allowed_hosts = args.allow_host.iter().map(host).collect::<Result<_, _>>()?;
    let given = std::env::var("DOCSIM_ADMIN_TOKEN").ok().filter(|token| !token.is_empty());
    let token = if reached.ip().is_loopback() { given } else { Some(given.map_or_else(fresh_token, Ok)?) };
    Ok(AdminPolicy { allowed_hosts, token })
}

fn fresh_token() -> Result<String, String> {
    let mut bytes = [0_u8; 20];
    getrandom::fill(&mut bytes)
        .map_err(|error| format!("the system gives no randomness for an admin token: {error}"))?;
    let hex: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(hex.concat())
}

fn cors(args: &Args) -> Result<CorsPolicy, String> {
    let origin = |text: &String| {
        Origin::parse(text)
            .ok_or_else(|| format!("--allow-origin {text}: write scheme and host, such as https://app.example.com"))
    };
    Ok(CorsPolicy { allowed_origins: args.allow_origin.iter().map(origin).collect::<Result<_, _>>()? })
}
