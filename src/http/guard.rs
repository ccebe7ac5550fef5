//! Where a request may go: http and https only, and the public internet only, whatever a redirect or a name server says.

use std::collections::BTreeSet;
use std::error::Error as StdError;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::{Attempt, Policy};
use thiserror::Error;

use super::address::RedactedUrl;

/// Redirects that are followed one after the other.
const MAXIMUM_REDIRECTS: usize = 5;

/// Which rule forbids to send a request, or to follow a redirect.
#[derive(Clone, Debug, Error)]
pub enum Stray {
    /// The address has another scheme than http and https.
    #[error("it leads to {0}, which is neither http nor https")]
    Scheme(String),
    /// The address is one of a private network or of this machine, and its host is not trusted.
    #[error(
        "it leads to {0}, which is not on the public internet; fetch.allow_private_addresses would allow it"
    )]
    Private(String),
    /// A redirect leads from an encrypted address to one that is not.
    #[error("it leads from https to {0}, which anybody on the way could alter")]
    Downgrade(String),
    /// The redirects do not end soon enough.
    #[error("it was redirected more than {MAXIMUM_REDIRECTS} times")]
    Redirects,
}

/// The rule, made of the configuration.
#[derive(Clone)]
pub struct Guard {
    allow_private: bool,
    /// Hosts that the configuration and the environment name.
    trusted: Arc<BTreeSet<String>>,
}

impl Guard {
    /// `addresses` are those of the configuration; their hosts are trusted.
    pub fn new<'a>(allow_private: bool, addresses: impl IntoIterator<Item = &'a str>) -> Self {
        let hosts = addresses
            .into_iter()
            .filter_map(|address| Url::parse(address).ok())
            .filter_map(|url| url.host_str().map(str::to_owned));
        Self {
            allow_private,
            trusted: Arc::new(hosts.chain(proxies()).collect()),
        }
    }

    /// Whether a request may be sent to an address, as far as the address itself tells.
    ///
    /// # Errors
    /// When its scheme is another than http and https, or its host is the number of a private address.
    pub fn check(&self, url: &Url) -> Result<(), Stray> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Stray::Scheme(RedactedUrl(url).to_string()));
        }
        let host = url.host_str().unwrap_or_default();
        match host.trim_matches(['[', ']']).parse() {
            Ok(ip) if !self.allows(host, ip) => Err(Stray::Private(RedactedUrl(url).to_string())),
            _ => Ok(()),
        }
    }

    fn allows(&self, host: &str, ip: IpAddr) -> bool {
        self.allow_private || is_public(ip) || self.trusted.contains(host)
    }

    /// Whether a redirect may be followed.
    fn follow(&self, from: Option<&Url>, to: &Url) -> Result<(), Stray> {
        if from.is_some_and(|from| from.scheme() == "https") && to.scheme() == "http" {
            return Err(Stray::Downgrade(RedactedUrl(to).to_string()));
        }
        self.check(to)
    }

    /// Follows redirects as far as the rule allows.
    pub fn redirects(&self) -> Policy {
        let guard = self.clone();
        Policy::custom(move |attempt: Attempt<'_>| {
            if attempt.previous().len() > MAXIMUM_REDIRECTS {
                return attempt.error(Stray::Redirects);
            }
            match guard.follow(attempt.previous().last(), attempt.url()) {
                Ok(()) => attempt.follow(),
                Err(stray) => attempt.error(stray),
            }
        })
    }
}

/// Names are resolved here, so that the address that was checked is the one that is connected to.
impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = self.clone();
        Box::pin(async move {
            let host = name.as_str();
            let found: Vec<SocketAddr> = tokio::net::lookup_host((host, 0)).await?.collect();
            let allowed: Vec<_> = found
                .iter()
                .copied()
                .filter(|a| guard.allows(host, a.ip()))
                .collect();
            if allowed.is_empty() {
                let error: Box<dyn StdError + Send + Sync> = if found.is_empty() {
                    Box::new(io::Error::other("the name has no address"))
                } else {
                    Box::new(Stray::Private(host.to_owned()))
                };
                return Err(error);
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

/// Hosts of the proxies that the environment names. They may well be private; what they are asked for is checked by its
/// address, and resolved by them.
fn proxies() -> impl Iterator<Item = String> {
    ["http_proxy", "https_proxy", "all_proxy"]
        .into_iter()
        .flat_map(|name| [name.to_owned(), name.to_uppercase()])
        .filter_map(|name| std::env::var(name).ok())
        .filter_map(|value| {
            Url::parse(&value)
                .or_else(|_| Url::parse(&format!("http://{value}")))
                .ok()
        })
        .filter_map(|url| url.host_str().map(str::to_owned))
}

/// Whether an address is one of the public internet (IANA's registries of special-purpose addresses).
fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    !(a == 0
        || ip.is_loopback()
        || ip.is_private()
        || ip.is_link_local()
        || ip.is_documentation()
        // Shared by carriers, assigned by protocols, for benchmarks.
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && (18..20).contains(&b))
        // Multicast, reserved, broadcast.
        || a >= 224)
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let s = ip.segments();
    let embedded = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match s {
        // IPv4 in IPv6: mapped, translated (64:ff9b::/96), 6to4.
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            embedded(high, low)
        }
        [0x2002, high, low, ..] => embedded(high, low),
        // Documentation, and assignments to protocols.
        [0x2001, 0x0db8, ..] | [0x2001, 0..0x0200, ..] | [0x3fff, ..] => false,
        // Only 2000::/3 has been handed out: loopback, local and multicast addresses lie elsewhere.
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_addresses_are_told_from_public_ones() {
        for public in [
            "1.1.1.1",
            "185.199.108.153",
            "172.32.0.1",
            "100.128.0.1",
            "2606:4700::1111",
            "64:ff9b::101:101",
        ] {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
        for private in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "192.0.2.1",
            "198.18.0.1",
            "::1",
            "::",
            "fe80::1",
            "fd00::1",
            "ff02::1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2001:db8::1",
            "2001::1",
        ] {
            assert!(!is_public(private.parse().unwrap()), "{private}");
        }
    }

    #[test]
    fn only_the_configured_hosts_are_trusted() {
        let guard = Guard::new(false, ["http://127.0.0.1:8000/api"]);
        let check = |text: &str| guard.check(&Url::parse(text).unwrap());
        assert!(check("http://127.0.0.1:9000/x").is_ok());
        assert!(check("https://1.1.1.1/x").is_ok());
        assert!(matches!(
            check("http://127.0.0.2/x"),
            Err(Stray::Private(_))
        ));
        assert!(matches!(
            check("http://2130706434/x"),
            Err(Stray::Private(_))
        ));
        assert!(matches!(
            check("http://[::ffff:127.0.0.1]/x"),
            Err(Stray::Private(_))
        ));
        assert!(matches!(check("ftp://x.fr/"), Err(Stray::Scheme(_))));
        let [open, safe] =
            ["http://1.1.1.1/", "https://1.1.1.1/"].map(|url| Url::parse(url).unwrap());
        assert!(matches!(
            guard.follow(Some(&safe), &open),
            Err(Stray::Downgrade(_))
        ));
        assert!(guard.follow(Some(&open), &safe).is_ok());
        assert!(guard.follow(Some(&open), &open).is_ok());
        assert!(
            Guard::new(true, [])
                .check(&Url::parse("http://10.0.0.1/").unwrap())
                .is_ok()
        );
    }
}
