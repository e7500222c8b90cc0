//! Which addresses are asked: a name is looked up once, each address is judged, and only what was judged is connected to.
//!
//! Machines in a cloud answer on link-local addresses with keys to everything; no backend under test lives there.

use hyper_util::client::legacy::connect::dns::Name;
use std::future::Future;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::{fmt, io, vec};
use tower_service::Service;

/// A name that leads only where no request goes.
#[derive(Debug)]
pub(super) struct Forbidden {
    name: String,
    address: IpAddr,
    why: &'static str,
}

impl fmt::Display for Forbidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, address, why } = self;
        write!(f, "{name} leads to {address}: {why}")
    }
}

impl std::error::Error for Forbidden {}

/// Why an address is not asked; none where it may be.
pub(super) fn forbidden(address: IpAddr) -> Option<&'static str> {
    let metadata = Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254);
    let bad = match plain(address) {
        IpAddr::V4(v4) => v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_unicast_link_local() || v6 == metadata,
    };
    bad.then_some("link-local and metadata addresses are never asked")
}

/// An IPv4 address in any of its IPv6 forms (mapped, compatible, NAT64, 6to4) as itself.
fn plain(address: IpAddr) -> IpAddr {
    let IpAddr::V6(v6) = address else { return address };
    let v4 = |high: u16, low: u16| IpAddr::V4(Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low)));
    match v6.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => {
            v4(high, low)
        }
        [0, 0, 0, 0, 0, 0, high, low] if high != 0 => v4(high, low),
        _ => address,
    }
}

/// Looks names up with the system's resolver.
#[derive(Clone, Copy, Debug)]
pub(super) struct Resolver;

impl Service<Name> for Resolver {
    type Response = vec::IntoIter<SocketAddr>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Self::Response>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let (bad, good): (Vec<_>, Vec<_>) = found.into_iter().partition(|found| forbidden(found.ip()).is_some());
            // A name with one such address is not to be trusted with the others either.
            match bad.first().and_then(|bad| Some((bad.ip(), forbidden(bad.ip())?))) {
                Some((address, why)) => {
                    Err(io::Error::other(Forbidden { name: name.as_str().to_owned(), address, why }))
                }
                None => Ok(good.into_iter()),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_link_local_address_is_refused() {
        let check = |address: &str, expected: bool| {
            assert_eq!(forbidden(address.parse().unwrap()).is_some(), expected, "{address}");
        };
        for address in [
            "169.254.169.254",
            "169.254.0.1",
            "::ffff:169.254.169.254",
            "::169.254.169.254",
            "64:ff9b::169.254.169.254",
            "2002:a9fe:a9fe::1",
            "fe80::1",
            "febf::1",
            "fd00:ec2::254",
        ] {
            check(address, true);
        }
        for address in ["127.0.0.1", "::1", "10.0.0.1", "192.168.1.1", "169.253.1.1", "fd00::1", "::ffff:127.0.0.1"] {
            check(address, false);
        }
    }
}
