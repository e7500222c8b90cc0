//! `docsim proxy`: the front end talks to docsim, which asks the backend first.

use super::{Ended, ask, log, serve, shown};
use crate::client::{Client, Target};
use crate::explain::visible;
use crate::generation::Generation;
use crate::http::proxy::{Proxy, Recorder};
use crate::scenario::names::{self, NoEndpoint};
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::task::JoinHandle;
use tracing::warn;

#[derive(Debug, clap::Args)]
#[group(id = "proxy")]
#[command(
    after_help = "Each reply says in X-Docsim-Answered-By whether it is the backend's, simulated, or docsim's own \
    words (no reply came), and in \
    X-Docsim-Drift how it differs from the documents. The same is said on this console, each difference once."
)]
pub(super) struct Args {
    /// The backend that is asked first, with scheme, host and port
    #[arg(long, value_name = "URL")]
    target: String,
    /// Simulate this endpoint whatever the backend has: its title, METHOD /path or id; again for each
    #[arg(long, value_name = "ENDPOINT")]
    mock: Vec<String>,
    /// Write what passes as a scenario file into this folder, secrets as variables
    #[arg(long, value_name = "DIR")]
    record: Option<PathBuf>,
    /// Address and port, or the port alone, of the admin interface and the console; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:3001", value_parser = serve::address)]
    admin_listen: SocketAddr,
    #[command(flatten)]
    ask: ask::Args,
    #[command(flatten)]
    serve: serve::Args,
}

pub(super) fn run(args: &Args) -> Ended {
    log::start(&args.serve.log);
    match backend(args) {
        Ok(backend) => serve::run_before(&args.serve, Some(backend)),
        Err(error) => serve::fail(&error),
    }
}

fn backend(args: &Args) -> Result<Backend, String> {
    let target = Target::parse(&args.target).map_err(|bad| format!("--target {bad}"))?;
    let name = target.to_string();
    let client = Client::new(target, args.ask.options()?).map_err(|trouble| trouble.to_string())?;
    let recorder = args.record.as_deref().map(recorder).transpose()?;
    Ok(Backend { client, name, mocked: args.mock.clone(), admin_listen: args.admin_listen, recorder })
}

fn recorder(folder: &Path) -> Result<Arc<Recorder>, String> {
    let now = jiff::Timestamp::from_millisecond(serve::real_time()).unwrap_or_default();
    let stamp = now.strftime("%Y%m%d-%H%M%S").to_string();
    let made = Recorder::new(folder, &stamp);
    made.map(Arc::new).map_err(|error| format!("--record {}: {error}", shown(folder)))
}

/// Keeps the file up to date; to be dropped at the end.
pub(super) fn keep_writing(recorder: &Arc<Recorder>) -> JoinHandle<()> {
    let recorder = Arc::clone(recorder);
    tokio::spawn(async move {
        let mut has_failed = false;
        loop {
            recorder.changed().await;
            let recorder = Arc::clone(&recorder);
            let written = tokio::task::spawn_blocking(move || {
                let written = recorder.write();
                written.map_err(|error| format!("{}: the recording cannot be written: {error}", shown(recorder.file())))
            });
            if let Ok(Err(error)) = written.await
                && !std::mem::replace(&mut has_failed, true)
            {
                warn!("{error}");
            }
        }
    })
}

/// Writes the last of it, and says what there is.
pub(super) fn finish(recorder: &Recorder) -> Result<String, String> {
    let file = shown(recorder.file());
    let (count, left_out) =
        recorder.write().map_err(|error| format!("{file}: the recording cannot be written: {error}"))?;
    let calls = if count == 1 { "1 call".to_owned() } else { format!("{count} calls") };
    let more = match left_out {
        0 => String::new(),
        left_out => format!("; {left_out} left out, since nobody in the recording was given their tokens"),
    };
    Ok(match count {
        0 => format!("nothing was recorded{more}"),
        _ => format!(
            "recorded   {calls} to {file}{more}
  docsim run {file}"
        ),
    })
}

/// What stands behind the simulator.
pub(super) struct Backend {
    client: Client,
    name: String,
    mocked: Vec<String>,
    pub(super) admin_listen: SocketAddr,
    pub(super) recorder: Option<Arc<Recorder>>,
}

impl Backend {
    /// A name that is nobody's would simulate nothing, unnoticed.
    pub(super) fn check(&self, generation: &Generation) -> Result<(), String> {
        for name in &self.mocked {
            match names::endpoint(generation, name) {
                Ok(_) => {}
                Err(NoEndpoint::Several(ids)) => {
                    return Err(visible(&format!("--mock {name}: say which by its id: {}", ids.join(", "))));
                }
                Err(NoEndpoint::Unknown) => {
                    let endpoints = &generation.set.endpoints;
                    let known = endpoints.iter().flat_map(|endpoint| [endpoint.title.as_str(), endpoint.id.as_str()]);
                    let hint = crate::config::nearest(name, known)
                        .map_or_else(|| "docsim explain lists them".to_owned(), |near| format!("did you mean {near}?"));
                    return Err(visible(&format!("--mock {name}: the documents have no such endpoint; {hint}")));
                }
            }
        }
        Ok(())
    }

    /// A proxy that asks itself would ask without end.
    pub(super) async fn check_target(&self, own: [SocketAddr; 2]) -> Result<(), String> {
        let target = self.client.target();
        let found = tokio::net::lookup_host((target.host(), target.port())).await;
        let is_own = |target: SocketAddr| {
            let ip = target.ip().to_canonical();
            own.iter().any(|own| {
                let is_reached = own.ip().to_canonical() == ip || (own.ip().is_unspecified() && ip.is_loopback());
                own.port() == target.port() && (is_reached || ip.is_unspecified())
            })
        };
        // What cannot be looked up now may be there later.
        if found.is_ok_and(|mut found| found.any(is_own)) {
            return Err(format!("--target {target}: that is this proxy itself, not the backend behind it"));
        }
        Ok(())
    }

    /// Where the API is, and the admin interface.
    pub(super) fn proxy(self, api: SocketAddr, admin: SocketAddr) -> (Proxy, Told) {
        let desk = format!("http://{admin}/__docsim/");
        let told = Told {
            target: self.name,
            mocked: self.mocked.clone(),
            desk: desk.clone(),
            recorder: self.recorder.clone(),
        };
        let proxy = Proxy::new(self.client, self.mocked, api, admin);
        let proxy = match self.recorder {
            Some(recorder) => proxy.recording(recorder),
            None => proxy,
        };
        (proxy, told)
    }
}

/// What the first screen says of it.
pub(super) struct Told {
    target: String,
    mocked: Vec<String>,
    desk: String,
    pub(super) recorder: Option<Arc<Recorder>>,
}

impl Told {
    pub(super) fn welcome(
        &self,
        args: &serve::Args,
        generation: &Generation,
        address: SocketAddr,
        token: Option<&str>,
    ) -> String {
        let endpoints = generation.set.endpoints.len();
        let plural = if endpoints == 1 { "" } else { "s" };
        let docs: Vec<String> = args.docs.docs.iter().map(|path| shown(path)).collect();
        let mut out = format!(
            "docsim {} stands before {} at http://{address}, with {endpoints} endpoint{plural} from {}\n\n\
             \u{20} What the backend has is passed through and held against the documents; what it lacks (404, 501, nobody\n\
             \u{20} listens) is simulated. Point the front end at http://{address}.\n",
            env!("CARGO_PKG_VERSION"),
            self.target,
            docs.join(" "),
        );
        let mocked: Vec<String> = self
            .mocked
            .iter()
            .filter_map(|name| names::endpoint(generation, name).ok())
            .map(|at| format!("{}  {}", generation.set.endpoints[at].id, generation.set.endpoints[at].title))
            .collect();
        if !mocked.is_empty() {
            out.push_str("\n  Always simulated (--mock)\n");
            for line in mocked {
                let _ = writeln!(out, "    {}", visible(&line));
            }
        }
        if let Some(recorder) = &self.recorder {
            let _ = writeln!(out, "\n  Recorded to {}", shown(recorder.file()));
        }
        let fragment = token.map_or_else(String::new, |token| format!("#token={token}"));
        let _ = writeln!(out, "\n  Traffic, differences, passcodes, accounts: {}{fragment}", self.desk);
        out
    }
}
