//! Who may use the admin interface: asked before every one of its routes and before any body is read.
//!
//! In: the plain values of a request that browsers will not let a foreign page forge. Out: go on, or a refusal that says
//! why. A page on another origin can send requests here, and a name of its own can be made to point here; neither gets
//! through. Knows nothing of what the routes do.

use super::origin::{Authority, Host, Origin};
use subtle::ConstantTimeEq;

/// Who is let in, fixed at start from the command line and the environment.
#[derive(Clone, Default)]
pub struct AdminPolicy {
    /// Named with `--allow-host`, beside `localhost` and addresses.
    pub allowed_hosts: Vec<Host>,
    /// Asked for where the server can be reached from beyond loopback; `None` on loopback.
    pub token: Option<String>,
}

/// What a route is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    Guarded,
    /// Health, metrics and the page's own files: they need no token, everything else holds for them too.
    Open,
}

/// What of a request the guard looks at. A header that comes twice or is no text is `Odd`.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'r> {
    pub access: Access,
    pub host: Header<'r>,
    pub origin: Header<'r>,
    pub fetch_site: Header<'r>,
    pub content_type: Header<'r>,
    pub authorization: Header<'r>,
    pub has_body: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Header<'r> {
    Absent,
    Text(&'r str),
    Odd,
}

impl<'r> Header<'r> {
    fn text(self) -> Option<&'r str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Absent | Self::Odd => None,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    Host,
    Origin,
    FetchSite,
    Token,
    /// The only one that is 415; all others are 403.
    BodyType,
}

impl Refusal {
    /// What the metrics count it as.
    pub fn name(self) -> &'static str {
        match self {
            Self::Host => "host",
            Self::Origin => "origin",
            Self::FetchSite => "fetch-site",
            Self::Token => "token",
            Self::BodyType => "body-type",
        }
    }

    pub fn reason(self) -> &'static str {
        match self {
            Self::Host => "the Host header must be localhost, an IP address, or a name given with --allow-host",
            Self::Origin => {
                "the Origin header is not this server's own: pages of other origins may not use the admin interface"
            }
            Self::FetchSite => "the request comes from a page of another site (Sec-Fetch-Site)",
            Self::Token => {
                "this server can be reached from beyond this machine: send the token that it printed at start \
                 as `Authorization: Bearer TOKEN`"
            }
            Self::BodyType => "a body must be application/json",
        }
    }
}

/// Whether a request may reach its admin route.
pub fn check(policy: &AdminPolicy, ask: &Ask<'_>) -> Result<(), Refusal> {
    let host = check_host(policy, ask.host)?;
    match ask.origin {
        Header::Absent => {}
        Header::Text(text) if Origin::parse(text).is_some_and(|origin| origin.is_of(&host)) => {}
        Header::Text(_) | Header::Odd => return Err(Refusal::Origin),
    }
    if !matches!(ask.fetch_site, Header::Absent | Header::Text("none" | "same-origin")) {
        return Err(Refusal::FetchSite);
    }
    if let (Some(token), Access::Guarded) = (&policy.token, ask.access)
        && !ask.authorization.text().is_some_and(|sent| is_bearer(sent, token))
    {
        return Err(Refusal::Token);
    }
    if ask.has_body && !ask.content_type.text().is_some_and(is_json) {
        return Err(Refusal::BodyType);
    }
    Ok(())
}

/// Whether a name by which the server was reached is one that no foreign page can have made to point here.
pub fn check_host(policy: &AdminPolicy, host: Header<'_>) -> Result<Authority, Refusal> {
    let host = host.text().and_then(Authority::parse).ok_or(Refusal::Host)?;
    let is_address = matches!(host.host, Host::Address(_));
    let is_known = is_address || host.host.is_localhost() || policy.allowed_hosts.contains(&host.host);
    if is_known { Ok(host) } else { Err(Refusal::Host) }
}

/// Compares in a time that does not depend on where the two differ.
fn is_bearer(sent: &str, token: &str) -> bool {
    let Some((scheme, sent)) = sent.split_once(' ') else { return false };
    scheme.eq_ignore_ascii_case("bearer") && bool::from(sent.trim().as_bytes().ct_eq(token.as_bytes()))
}

fn is_json(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default();
    essence.trim().eq_ignore_ascii_case("application/json")
}

#[cfg(test)]
mod tests {
    use super::*;

    // The Host, whether it is let in, and the one Origin that is its own (as a browser would send it).
    const HOSTS: [(Header<'static>, bool, &str); 24] = [
        (Header::Text("localhost"), true, "http://localhost"),
        (Header::Text("localhost:3000"), true, "http://localhost:3000"),
        (Header::Text("LOCALHOST:3000"), true, "http://localhost:3000"),
        (Header::Text("127.0.0.1:3000"), true, "http://127.0.0.1:3000"),
        (Header::Text("127.0.0.1"), true, "http://127.0.0.1"),
        (Header::Text("[::1]:3000"), true, "http://[::1]:3000"),
        (Header::Text("[0:0:0:0:0:0:0:1]:3000"), true, "http://[::1]:3000"),
        (Header::Text("192.168.1.7:3000"), true, "http://192.168.1.7:3000"),
        (Header::Text("dev.box:3000"), true, "http://dev.box:3000"),
        (Header::Text("Dev.Box"), true, "http://dev.box"),
        (Header::Absent, false, "-"),
        (Header::Odd, false, "-"),
        (Header::Text(""), false, "-"),
        (Header::Text("localhost.:3000"), false, "-"),
        (Header::Text("localhost.attacker.com:3000"), false, "-"),
        (Header::Text("localhost@attacker.com"), false, "-"),
        (Header::Text("attacker.com:3000"), false, "-"),
        (Header::Text("a.dev.box:3000"), false, "-"),
        (Header::Text("xdev.box:3000"), false, "-"),
        (Header::Text("127.0.0.1.attacker.com"), false, "-"),
        (Header::Text("127.1:3000"), false, "-"),
        (Header::Text("::1"), false, "-"),
        (Header::Text("localhost:3000:1"), false, "-"),
        (Header::Text("localhost, attacker.com"), false, "-"),
    ];
    // An Origin, and what it has to be listed as above to be a Host's own; "-" never is.
    const ORIGINS: [(Header<'static>, &str); 24] = [
        (Header::Text("http://localhost"), "http://localhost"),
        (Header::Text("http://localhost:80"), "http://localhost"),
        (Header::Text("http://localhost:3000"), "http://localhost:3000"),
        (Header::Text("HTTP://LocalHost:3000"), "http://localhost:3000"),
        (Header::Text("http://127.0.0.1:3000"), "http://127.0.0.1:3000"),
        (Header::Text("http://127.0.0.1"), "http://127.0.0.1"),
        (Header::Text("http://[::1]:3000"), "http://[::1]:3000"),
        (Header::Text("http://192.168.1.7:3000"), "http://192.168.1.7:3000"),
        (Header::Text("http://dev.box:3000"), "http://dev.box:3000"),
        (Header::Text("http://dev.box"), "http://dev.box"),
        (Header::Odd, ""),
        (Header::Text("null"), ""),
        (Header::Text(""), ""),
        (Header::Text("https://localhost:3000"), ""),
        (Header::Text("http://localhost:3001"), ""),
        (Header::Text("http://localhost:3000/"), ""),
        (Header::Text("http://localhost.:3000"), ""),
        (Header::Text("http://localhost.attacker.com:3000"), ""),
        (Header::Text("http://localhost:3000@attacker.com"), ""),
        (Header::Text("http://attacker.com@localhost:3000"), ""),
        (Header::Text("http://attacker.com"), ""),
        (Header::Text("localhost:3000"), ""),
        (Header::Text("file://"), ""),
        (Header::Text("http://localhost:3000 http://attacker.com"), ""),
    ];

    #[test]
    fn a_refusal_says_what_would_be_right() {
        let all = [Refusal::Host, Refusal::Origin, Refusal::FetchSite, Refusal::Token, Refusal::BodyType];
        let wanted = ["--allow-host", "Origin", "Sec-Fetch-Site", "Authorization: Bearer TOKEN", "application/json"];
        for (refusal, wanted) in all.into_iter().zip(wanted) {
            assert!(refusal.reason().contains(wanted), "{refusal:?}: {}", refusal.reason());
        }
        assert_eq!(all.map(Refusal::name), ["host", "origin", "fetch-site", "token", "body-type"]);
    }

    /// T12: every combination against a table that was written by hand: what is let in is listed, the rest is refused.
    #[test]
    fn the_guard_equals_its_table() {
        let sites = [
            (Header::Absent, true),
            (Header::Text("none"), true),
            (Header::Text("same-origin"), true),
            (Header::Text("same-site"), false),
            (Header::Text("cross-site"), false),
            (Header::Odd, false),
        ];
        let types = [
            (Header::Text("application/json"), true),
            (Header::Text("Application/JSON ; charset=utf-8"), true),
            (Header::Text("text/plain"), false),
            (Header::Text("application/jsonp"), false),
            (Header::Absent, false),
        ];
        // A method says nothing to the guard but whether a body comes with it: each of the seven is tried with and without.
        let methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
        let policy = AdminPolicy { allowed_hosts: vec![Host::parse("dev.box").unwrap()], ..AdminPolicy::default() };
        let mut let_in = 0;
        for (host, host_is_good, own_origin) in HOSTS {
            // A request without an Origin beside those listed.
            for (origin, is_own_of) in ORIGINS.iter().copied().chain([(Header::Absent, own_origin)]) {
                for (fetch_site, site_is_good) in sites {
                    for _method in methods {
                        for (content_type, type_is_good) in types {
                            for has_body in [false, true] {
                                let ask = Ask {
                                    access: Access::Guarded,
                                    host,
                                    origin,
                                    fetch_site,
                                    content_type,
                                    authorization: Header::Absent,
                                    has_body,
                                };
                                let wanted = if !(host_is_good && is_own_of == own_origin && site_is_good) {
                                    Some(403)
                                } else if has_body && !type_is_good {
                                    Some(415)
                                } else {
                                    None
                                };
                                let found = check(&policy, &ask).err().map(|refusal| match refusal {
                                    Refusal::BodyType => 415,
                                    _ => 403,
                                });
                                assert_eq!(found, wanted, "{ask:?}");
                                let_in += usize::from(wanted.is_none());
                            }
                        }
                    }
                }
            }
        }
        assert!(let_in > 1_000, "the table lets in too little to prove anything: {let_in}");
    }

    #[test]
    fn beyond_loopback_a_token_is_asked_for() {
        let policy = AdminPolicy { token: Some("s3cret".into()), ..AdminPolicy::default() };
        let ask = |authorization, access| Ask {
            access,
            host: Header::Text("192.168.1.7:3000"),
            origin: Header::Absent,
            fetch_site: Header::Absent,
            content_type: Header::Absent,
            authorization,
            has_body: false,
        };
        for good in ["Bearer s3cret", "bearer  s3cret "] {
            assert_eq!(check(&policy, &ask(Header::Text(good), Access::Guarded)), Ok(()), "{good}");
        }
        for bad in ["", "Bearer", "Bearer ", "Bearer s3cre", "Bearer s3cret2", "Basic s3cret", "s3cret"] {
            assert_eq!(check(&policy, &ask(Header::Text(bad), Access::Guarded)), Err(Refusal::Token), "{bad}");
        }
        assert_eq!(check(&policy, &ask(Header::Odd, Access::Guarded)), Err(Refusal::Token));
        assert_eq!(check(&policy, &ask(Header::Absent, Access::Open)), Ok(()));
        let rebound = Ask { host: Header::Text("attacker.com"), ..ask(Header::Absent, Access::Open) };
        assert_eq!(check(&policy, &rebound), Err(Refusal::Host));
    }
}
