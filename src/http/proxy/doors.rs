//! Two doors to one house: the API on a listener of its own, the admin interface on another. Real pages pass through the
//! first, so nothing of the second may be reached by them.

use super::super::admin;
use super::super::app::App;
use super::super::control;
use super::super::guard::{self, Refusal};
use super::super::metrics::Traffic;
use super::super::problem::Problem;
use super::super::pulse::Pulse;
use super::super::server::{Handler, Reply, Trouble};
use super::super::simulated;
use hyper::body::Incoming;
use hyper::{Request, StatusCode};
use std::sync::Arc;

/// The API: passed through, or simulated.
pub struct Front(pub Arc<App>);

/// The admin interface.
pub struct Desk(pub Arc<App>);

impl Handler for Front {
    fn traffic(&self) -> Arc<Traffic> {
        self.0.traffic()
    }

    fn trouble(&self, trouble: &Trouble) {
        self.0.trouble(trouble);
    }

    async fn answer(&self, request: Request<Incoming>, pulse: &Pulse) -> Reply {
        let app = &*self.0;
        let (head, body) = request.into_parts();
        // A name that a foreign page's owner has made to point here would turn this into a way to the backend.
        if guard::check_host(&app.options.admin, admin::host(&head)).is_err() {
            app.metrics.refused("guard", Refusal::Host.name());
            return Problem::new(StatusCode::FORBIDDEN, Refusal::Host.reason()).reply();
        }
        let path = head.uri.path();
        if admin::rest(control::behind_prefix(path)).is_some() || admin::rest(path).is_some() {
            let elsewhere = app.options.proxy.as_ref().map(|proxy| format!(": http://{}{}/", proxy.admin, admin::ROOT));
            let detail = format!(
                "behind a proxy the admin interface has an address of its own{}",
                elsewhere.unwrap_or_default()
            );
            return Problem::not_found(detail).reply();
        }
        // A path of the backend's own may begin with `/@`, so only the header names a world.
        let found = control::world_by_header(&head.headers).map(|world| (world, path));
        simulated::answer(app, found, &head, body, pulse).await
    }
}

impl Handler for Desk {
    fn trouble(&self, trouble: &Trouble) {
        self.0.trouble(trouble);
    }

    async fn answer(&self, request: Request<Incoming>, pulse: &Pulse) -> Reply {
        let (head, body) = request.into_parts();
        match control::world(head.uri.path(), &head.headers) {
            Err(problem) => problem.reply(),
            Ok((world, path)) => match admin::rest(path) {
                Some(rest) => admin::answer(&self.0, world, rest, &head, body, pulse).await,
                None => {
                    let elsewhere =
                        self.0.options.proxy.as_ref().map(|proxy| format!("; the API is at http://{}", proxy.api));
                    Problem::not_found(format!("only {}/ is here{}", admin::ROOT, elsewhere.unwrap_or_default()))
                        .reply()
                }
            },
        }
    }
}
