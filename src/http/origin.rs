//! Hosts and origins as browsers send them, read into values that can be compared. Nothing is ever compared as a prefix.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A host without its port: an address in any spelling is one value, a name is in lower case.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Host {
    Address(IpAddr),
    Name(String),
}

impl Host {
    /// Reads `example.com`, `127.0.0.1` or `[::1]`; `None` for everything else. A name that ends in a dot is not taken: it
    /// would be a second spelling of the same host.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(inner) = text.strip_prefix('[') {
            let address: Ipv6Addr = inner.strip_suffix(']')?.parse().ok()?;
            return Some(Self::Address(address.into()));
        }
        if let Ok(address) = text.parse::<Ipv4Addr>() {
            return Some(Self::Address(address.into()));
        }
        let good_label = |label: &str| {
            (1..=63).contains(&label.len())
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
        };
        let labels = || text.split('.');
        // A last label of digits makes it a number in the eyes of browsers (`127.1`), never a name.
        let last_is_number = labels().next_back().is_some_and(|label| label.bytes().all(|byte| byte.is_ascii_digit()));
        (text.len() <= 253 && labels().all(good_label) && !last_is_number)
            .then(|| Self::Name(text.to_ascii_lowercase()))
    }

    pub fn is_localhost(&self) -> bool {
        matches!(self, Self::Name(name) if name == "localhost")
    }

    pub fn is_loopback(&self) -> bool {
        match self {
            Self::Address(address) => address.to_canonical().is_loopback(),
            Self::Name(_) => self.is_localhost(),
        }
    }
}

/// A host with its port, as in a `Host` header.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Authority {
    pub host: Host,
    pub port: Option<u16>,
}

impl Authority {
    pub fn parse(text: &str) -> Option<Self> {
        let port_from = match text.rfind(']') {
            Some(bracket) => bracket + 1,
            None => text.find(':').unwrap_or(text.len()),
        };
        let (host, port) = text.split_at_checked(port_from)?;
        let port = match port.strip_prefix(':') {
            None if port.is_empty() => None,
            Some(digits) if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                Some(digits.parse().ok()?)
            }
            _ => return None,
        };
        Some(Self { host: Host::parse(host)?, port })
    }
}

/// An origin other than `null`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Origin {
    pub is_https: bool,
    pub host: Host,
    pub port: u16,
}

impl Origin {
    /// Reads `http://localhost:3000`: a scheme and an authority and nothing more. Other schemes than these two have no
    /// business with docsim.
    pub fn parse(text: &str) -> Option<Self> {
        let (scheme, authority) = text.split_once("://")?;
        let is_https = match scheme.to_ascii_lowercase().as_str() {
            "http" => false,
            "https" => true,
            _ => return None,
        };
        let Authority { host, port } = Authority::parse(authority)?;
        Some(Self { is_https, host, port: port.unwrap_or(if is_https { 443 } else { 80 }) })
    }

    /// Whether it is that of a page which this very server sent.
    pub fn is_of(&self, authority: &Authority) -> bool {
        !self.is_https && self.host == authority.host && self.port == authority.port.unwrap_or(80)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_read_whole() {
        for same in ["[::1]", "[0:0:0:0:0:0:0:1]", "[::0001]"] {
            assert_eq!(Host::parse(same), Some(Host::Address(Ipv6Addr::LOCALHOST.into())), "{same}");
        }
        for name in ["LocalHost", "My-Box.lan", "my_box", "a1"] {
            assert_eq!(Host::parse(name), Some(Host::Name(name.to_ascii_lowercase())));
        }
        for bad in [
            "",
            ".",
            "localhost.",
            ".localhost",
            "a..b",
            "user@localhost",
            "local host",
            "::1",
            "[::1",
            "::1]",
            "[::1%lo]",
            "127.1",
            "2130706433",
            "0x7f.0.0.1",
            "127.0.0.01",
            "127.0.0.1.",
            "localhost/",
            "本机",
        ] {
            assert_eq!(Host::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn ports_are_numbers() {
        assert_eq!(Authority::parse("[::1]:3000").map(|authority| authority.port), Some(Some(3000)));
        assert_eq!(Authority::parse("localhost").map(|authority| authority.port), Some(None));
        for bad in
            ["localhost:", "localhost:x", "localhost:+80", "localhost:65536", "localhost:1:2", "[::1]3000", "[::1]x:1"]
        {
            assert_eq!(Authority::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn origins_are_scheme_and_authority() {
        let own = Authority::parse("localhost:3000").unwrap();
        assert!(Origin::parse("http://localhost:3000").unwrap().is_of(&own));
        assert!(Origin::parse("HTTP://LOCALHOST:3000").unwrap().is_of(&own));
        for foreign in ["https://localhost:3000", "http://localhost", "http://localhost:3001", "http://127.0.0.1:3000"]
        {
            assert!(!Origin::parse(foreign).unwrap().is_of(&own), "{foreign}");
        }
        for bad in
            ["null", "", "localhost:3000", "http://", "http://localhost:3000/", "file://", "http://a@localhost:3000"]
        {
            assert_eq!(Origin::parse(bad), None, "{bad}");
        }
        let unnamed = Authority::parse("localhost").unwrap();
        assert!(Origin::parse("http://localhost:80").unwrap().is_of(&unnamed));
    }
}
