//! Where requests go: a URL from the command line, read once.

use super::reach;
use hyper::Uri;
use std::fmt;
use std::net::IpAddr;

/// A server, with the path that stands before every path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    https: bool,
    authority: String,
    /// Empty, or with a slash before it and none after it.
    base: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadTarget {
    given: String,
    why: String,
}

impl fmt::Display for BadTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { given, why } = self;
        write!(
            f,
            "{given:?} is no target: {why}; a target is like http://127.0.0.1:8000 or https://staging.example.com/api"
        )
    }
}

impl std::error::Error for BadTarget {}

impl Target {
    /// `http://host[:port][/base]`; a query, a fragment and a name with a password have no place in it.
    pub fn parse(text: &str) -> Result<Self, BadTarget> {
        let bad = |why: &str| BadTarget { given: text.to_owned(), why: why.to_owned() };
        let uri: Uri = text.trim().parse().map_err(|_| bad("it is no URL"))?;
        let https = match uri.scheme_str() {
            Some("http") => false,
            Some("https") => true,
            Some(_) => return Err(bad("only http and https are spoken")),
            None => return Err(bad("it has no http:// or https:// before it")),
        };
        let authority = uri.authority().ok_or_else(|| bad("it names no host"))?;
        if authority.as_str().contains('@') {
            return Err(bad("a name and a password have no place in it (use --header)"));
        }
        if uri.query().is_some() {
            return Err(bad("it has a query"));
        }
        let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
        if let Ok(address) = host.parse::<IpAddr>()
            && let Some(why) = reach::forbidden(address)
        {
            return Err(bad(why));
        }
        let base = uri.path().trim_end_matches('/').to_owned();
        Ok(Self { https, authority: authority.to_string(), base })
    }

    pub fn is_https(&self) -> bool {
        self.https
    }

    /// `host` or `host:port`.
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// Without brackets.
    pub fn host(&self) -> &str {
        let host = self.authority.rsplit_once(':').filter(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()));
        host.map_or(self.authority.as_str(), |(host, _)| host).trim_matches(['[', ']'])
    }

    pub fn port(&self) -> u16 {
        let port = self.authority.rsplit_once(':').and_then(|(_, port)| port.parse().ok());
        port.unwrap_or(if self.https { 443 } else { 80 })
    }

    /// The whole URL of a path (with its query) behind the target.
    pub fn url(&self, path: &str) -> String {
        let slash = if path.starts_with('/') { "" } else { "/" };
        format!("{self}{slash}{path}")
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { https, authority, base } = self;
        write!(f, "{}://{authority}{base}", if *https { "https" } else { "http" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_host_and_port() {
        let check = |text: &str, host: &str, port: u16| {
            let target = Target::parse(text).unwrap();
            assert_eq!((target.host(), target.port()), (host, port), "{text}");
        };
        check("http://127.0.0.1:8000/api", "127.0.0.1", 8000);
        check("http://localhost", "localhost", 80);
        check("https://[::1]", "::1", 443);
        check("http://[::1]:81", "::1", 81);
    }

    #[test]
    fn reads_urls_and_says_what_is_wrong_with_others() {
        let check = |text: &str, expected: Result<&str, &str>| {
            let read = Target::parse(text);
            let shown = read.as_ref().map(|target| target.url("/a?b=c")).map_err(|bad| bad.why.clone());
            assert_eq!(shown.as_deref().map_err(String::as_str), expected, "{text}");
        };
        check("http://127.0.0.1:8000", Ok("http://127.0.0.1:8000/a?b=c"));
        check("https://Staging.example.com/api/", Ok("https://Staging.example.com/api/a?b=c"));
        check("http://[::1]:80/", Ok("http://[::1]:80/a?b=c"));
        check("127.0.0.1:8000", Err("it has no http:// or https:// before it"));
        check("ftp://x", Err("only http and https are spoken"));
        check("http://a:b@x", Err("a name and a password have no place in it (use --header)"));
        check("http://x/?a=b", Err("it has a query"));
        check("http:// x", Err("it is no URL"));
        let metadata = "link-local and metadata addresses are never asked";
        check("http://169.254.169.254/", Err(metadata));
        check("http://[fe80::1]/", Err(metadata));
        check("http://[::ffff:169.254.169.254]/", Err(metadata));
        check("http://[fd00:ec2::254]/", Err(metadata));
    }
}
