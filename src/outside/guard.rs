//! Which addresses may be asked: those that everybody can reach.
//!
//! A link in an article may name any address, also one of the network that the program runs in. So a name is resolved
//! here, and what it points to is looked at before anything is sent there; the connection goes to the very addresses
//! that were looked at. What is refused is every block that is not for the public, also within IPv6.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use crate::config::is_web;

/// Why a name has no address to ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoAddress {
    /// There is no such name.
    NoHost,
    /// It points to a private network or to this machine.
    Private,
    /// Nobody knows.
    Unknown,
}

impl fmt::Display for NoAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NoAddress::NoHost => "there is no such host",
            NoAddress::Private => "the host is in a private network",
            NoAddress::Unknown => "the name of the host cannot be looked up",
        })
    }
}

impl std::error::Error for NoAddress {}

/// Resolves names, to public addresses alone.
#[derive(Debug, Clone, Copy)]
pub(super) struct Public;

impl Resolve for Public {
    fn resolve(&self, name: Name) -> Resolving {
        let name = name.as_str().to_owned();
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await;
            let found: Vec<SocketAddr> = found.map_err(|error| no_address(&error.to_string()))?.collect();
            Ok(Box::new(public(found)?.into_iter()) as Addrs)
        })
    }
}

/// The public ones of the addresses of a name.
///
/// # Errors
/// Fails where there is none.
pub(super) fn public(found: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, NoAddress> {
    if found.is_empty() {
        return Err(NoAddress::NoHost);
    }
    let public: Vec<SocketAddr> = found.into_iter().filter(|address| is_public(address.ip())).collect();
    if public.is_empty() { Err(NoAddress::Private) } else { Ok(public) }
}

/// What the system's words for a failed look-up mean. It has no numbers that are the same everywhere.
fn no_address(words: &str) -> NoAddress {
    const NO_HOST: [&str; 5] = [
        "Name or service not known",
        "No address associated with hostname",
        "Name does not resolve",
        "nodename nor servname provided",
        "No such host is known",
    ];
    if NO_HOST.iter().any(|known| words.contains(known)) { NoAddress::NoHost } else { NoAddress::Unknown }
}

/// Whether an address may be asked, as far as it shows: http or https, nobody's name and password in it, and no
/// number of a private network. A name is looked at when it is resolved.
pub(super) fn may_be_asked(url: &Url) -> bool {
    is_web(url)
        && match url.host() {
            Some(Host::Ipv4(ip)) => is_public(IpAddr::V4(ip)),
            Some(Host::Ipv6(ip)) => is_public(IpAddr::V6(ip)),
            Some(Host::Domain(name)) => {
                let name = name.trim_end_matches('.').to_ascii_lowercase();
                name.contains('.') && !LOCAL.iter().any(|end| name.ends_with(end))
            }
            None => false,
        }
}

/// The ends of names that are never public (RFC 6761, 6762, 8375, 9476).
const LOCAL: [&str; 7] = [".localhost", ".local", ".internal", ".home.arpa", ".lan", ".intranet", ".onion"];

/// Whether everybody reaches the same machine by an address (the registries of RFC 6890).
pub(super) fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let is_reserved = matches!(
        (a, b, c),
        (0 | 10 | 127 | 240..=255, ..)
            | (100, 64..=127, _)
            | (169, 254, _)
            | (172, 16..=31, _)
            | (192, 0, 0 | 2)
            | (192, 88, 99)
            | (192, 168, _)
            | (198, 18 | 19, _)
            | (198, 51, 100)
            | (203, 0, 113)
    );
    !is_reserved && !ip.is_multicast()
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let [a, b, c, d, e, f, g, h] = ip.segments();
    let v4 = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match (a, b, c, d, e, f) {
        // An address of IPv4 in one of IPv6: mapped, translated, and by a tunnel.
        (0, 0, 0, 0, 0, 0xffff) | (0x64, 0xff9b, 0, 0, 0, 0) => v4(g, h),
        (0x2002, ..) => v4(b, c),
        // Only this block is given out; within it tunnels, tests and documentation.
        (0x2000..=0x3fff, ..) => {
            let is_special = a == 0x2001 && (b < 0x200 || b == 0xdb8) || a == 0x3fff && b < 0x1000;
            !is_special
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_addresses_are_none_of_the_public() {
        for private in [
            "0.0.0.0",
            "10.0.0.1",
            "100.64.0.1",
            "127.0.0.1",
            "127.9.9.9",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.1",
            "192.0.2.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "2002:a00:1::",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "5f00::1",
        ] {
            assert!(!is_public(private.parse().unwrap()), "{private}");
        }
        for public in ["1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]
        {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
    }

    #[test]
    fn an_address_shows_that_it_is_not_to_be_asked() {
        for refused in [
            "http://127.0.0.1/",
            "http://2130706433/",
            "http://0x7f.1/",
            "http://[::1]/",
            "http://localhost/",
            "http://LOCALHOST./",
            "http://a.localhost/",
            "http://printer/",
            "http://nas.local/",
            "http://x.internal/",
            "https://u@a.example/",
            "https://u:p@a.example/",
            "ftp://a.example/",
            "file:///etc/passwd",
            "http://169.254.169.254/latest/meta-data",
        ] {
            assert!(!may_be_asked(&Url::parse(refused).unwrap()), "{refused}");
        }
        assert!(may_be_asked(&Url::parse("https://a.example:8443/x?y").unwrap()));
    }

    #[test]
    fn a_name_that_points_to_a_private_network_has_no_address() {
        let addresses = |all: &[&str]| all.iter().map(|one| SocketAddr::new(one.parse().unwrap(), 0)).collect();
        assert_eq!(public(addresses(&["127.0.0.1", "::1"])), Err(NoAddress::Private));
        assert_eq!(public(addresses(&["10.0.0.1", "1.1.1.1"])), Ok(addresses(&["1.1.1.1"])));
        assert_eq!(public(Vec::new()), Err(NoAddress::NoHost));
    }

    #[test]
    fn what_the_system_says_of_a_name_is_understood() {
        assert_eq!(no_address("failed to lookup address information: Name or service not known"), NoAddress::NoHost);
        assert_eq!(
            no_address("failed to lookup address information: Temporary failure in name resolution"),
            NoAddress::Unknown
        );
    }
}
