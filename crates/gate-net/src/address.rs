//! Which addresses and names are public. Pure.
//!
//! Facts: IANA's special-purpose address registries for IPv4 and IPv6 and its registry of special-use domain
//! names; 168.63.129.16 from Azure's documentation, where every virtual machine, hosted runners among them, reaches
//! its host's agent under this address although it looks public.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// Networks that are not the internet, with the length of their prefix.
const CLOSED_V4: &[([u8; 4], u32)] = &[
    ([0, 0, 0, 0], 8),
    ([10, 0, 0, 0], 8),
    ([100, 64, 0, 0], 10),
    ([127, 0, 0, 0], 8),
    ([168, 63, 129, 16], 32),
    ([169, 254, 0, 0], 16),
    ([172, 16, 0, 0], 12),
    ([192, 0, 0, 0], 24),
    ([192, 0, 2, 0], 24),
    ([192, 88, 99, 0], 24),
    ([192, 168, 0, 0], 16),
    ([198, 18, 0, 0], 15),
    ([198, 51, 100, 0], 24),
    ([203, 0, 113, 0], 24),
    // Multicast, reserved, broadcast.
    ([224, 0, 0, 0], 3),
];

/// All of IPv6 that is given out to the world; the rest is private, reserved or a form of IPv4.
const GLOBAL_V6: (u128, u32) = (0x2000 << 112, 3);

/// What of it is not the internet.
const CLOSED_V6: &[(u128, u32)] = &[
    // Protocol assignments, Teredo and ORCHID among them.
    (0x2001 << 112, 23),
    // Documentation.
    (0x2001_0db8 << 96, 32),
    (0x3fff << 112, 20),
    // 6to4, which holds an IPv4 address.
    (0x2002 << 112, 16),
];

/// The well-known prefix under which IPv6-only networks reach IPv4.
const NAT64: (u128, u32) = (0x0064_ff9b << 96, 96);

/// Endings of names that no public server answers to.
const PRIVATE_ENDINGS: &[&str] = &[
    "alt",
    "arpa",
    "example",
    "internal",
    "invalid",
    "local",
    "localhost",
    "onion",
    "test",
];

/// Whether `address` is one of the internet.
pub(crate) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    !CLOSED_V4.iter().any(|(network, length)| {
        let differ = address.to_bits() ^ Ipv4Addr::from(*network).to_bits();
        differ.leading_zeros() >= *length
    })
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let bits = address.to_bits();
    let within = |(network, length): &(u128, u32)| (bits ^ *network).leading_zeros() >= *length;
    if within(&NAT64) {
        let [.., a, b, c, d] = address.octets();
        return is_public_v4(Ipv4Addr::new(a, b, c, d));
    }
    within(&GLOBAL_V6) && !CLOSED_V6.iter().any(within)
}

/// Whether `name` can belong to a private network only: one label, or an ending that is reserved.
pub(crate) fn is_private_name(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    name.rsplit_once('.')
        .is_none_or(|(_, ending)| PRIVATE_ENDINGS.contains(&ending))
}

/// The address that `host` of a URL is, where it is no name.
pub(crate) fn literal(host: &str) -> Option<IpAddr> {
    let bare = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
        .unwrap_or(host);
    bare.parse().ok()
}

/// What may be contacted although it is private.
#[derive(Debug, Default)]
pub(crate) struct Exceptions {
    names: BTreeSet<String>,
    addresses: BTreeSet<IpAddr>,
}

impl Exceptions {
    pub(crate) fn new(hosts: &[String]) -> Self {
        let mut exceptions = Self::default();
        for host in hosts.iter().map(|host| host.trim()) {
            match literal(host) {
                Some(address) => exceptions.addresses.insert(address),
                None => exceptions.names.insert(host.to_ascii_lowercase()),
            };
        }
        exceptions
    }

    pub(crate) fn holds_name(&self, name: &str) -> bool {
        self.names.contains(&name.to_ascii_lowercase())
    }

    /// Whether `address` may be contacted.
    pub(crate) fn permits(&self, address: IpAddr) -> bool {
        is_public(address) || self.addresses.contains(&address)
    }

    /// Those of the addresses of `name` that may be contacted.
    pub(crate) fn permitted(
        &self,
        name: &str,
        addresses: impl IntoIterator<Item = SocketAddr>,
    ) -> Vec<SocketAddr> {
        let named = self.holds_name(name);
        addresses
            .into_iter()
            .filter(|address| named || self.permits(address.ip()))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn public(text: &str) -> bool {
        is_public(literal(text).unwrap_or_else(|| panic!("{text}: not an address")))
    }

    /// Each closed network with its first and last address, and the neighbours that are open.
    #[test]
    fn networks_end_where_they_should() {
        for (closed, open) in [
            (["0.0.0.0", "0.255.255.255"], &["1.0.0.0"][..]),
            (
                ["10.0.0.0", "10.255.255.255"],
                &["9.255.255.255", "11.0.0.0"],
            ),
            (
                ["100.64.0.0", "100.127.255.255"],
                &["100.63.255.255", "100.128.0.0"],
            ),
            (
                ["127.0.0.0", "127.255.255.255"],
                &["126.255.255.255", "128.0.0.0"],
            ),
            (
                ["168.63.129.16", "168.63.129.16"],
                &["168.63.129.15", "168.63.129.17"],
            ),
            (
                ["169.254.0.0", "169.254.255.255"],
                &["169.253.255.255", "169.255.0.0"],
            ),
            (
                ["172.16.0.0", "172.31.255.255"],
                &["172.15.255.255", "172.32.0.0"],
            ),
            (
                ["192.0.0.0", "192.0.0.255"],
                &["191.255.255.255", "192.0.1.0"],
            ),
            (["192.0.2.0", "192.0.2.255"], &["192.0.1.255", "192.0.3.0"]),
            (
                ["192.88.99.0", "192.88.99.255"],
                &["192.88.98.255", "192.88.100.0"],
            ),
            (
                ["192.168.0.0", "192.168.255.255"],
                &["192.167.255.255", "192.169.0.0"],
            ),
            (
                ["198.18.0.0", "198.19.255.255"],
                &["198.17.255.255", "198.20.0.0"],
            ),
            (
                ["198.51.100.0", "198.51.100.255"],
                &["198.51.99.255", "198.51.101.0"],
            ),
            (
                ["203.0.113.0", "203.0.113.255"],
                &["203.0.112.255", "203.0.114.0"],
            ),
            (["224.0.0.0", "255.255.255.255"], &["223.255.255.255"]),
            (
                ["2001::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff"],
                &["2001:200::"],
            ),
            (
                ["2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"],
                &["2001:db7:ffff::", "2001:db9::"],
            ),
            (
                ["2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
                &["2003::"],
            ),
            (
                ["3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff"],
                &["3ffe:ffff::", "3fff:1000::"],
            ),
            (
                ["4000::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
                &["2000::", "3fff:ffff::"],
            ),
            (
                ["::", "1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
                &["2000::"],
            ),
        ] {
            for address in closed {
                assert!(!public(address), "{address} is not public");
            }
            for address in open {
                assert!(public(address), "{address} is public");
            }
        }
    }

    #[test]
    fn forms_of_ipv4_within_ipv6_hide_nothing() {
        for closed in [
            "::1",
            "::127.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:8.8.8.8",
            "::ffff:0:8.8.8.8",
            "64:ff9b::10.0.0.1",
            "64:ff9b::169.254.169.254",
            "64:ff9b:1::8.8.8.8",
            "2002:7f00:1::",
            "fe80::1",
            "fec0::1",
            "fc00::1",
            "fd00:ec2::254",
            "ff02::1",
            "100::1",
        ] {
            assert!(!public(closed), "{closed}");
        }
        assert!(public("64:ff9b::8.8.8.8"));
        assert!(public("[2606:4700:4700::1111]"));
    }

    #[test]
    fn names_of_private_networks_are_known() {
        for name in [
            "localhost",
            "LOCALHOST.",
            "a.localhost",
            "wiki",
            "metadata.google.internal",
            "printer.local",
            "x.home.arpa",
            "a.example",
            "",
        ] {
            assert!(is_private_name(name), "{name}");
        }
        for name in [
            "example.com",
            "localhost.com",
            "internal.acme.org.",
            "a.dev",
        ] {
            assert!(!is_private_name(name), "{name}");
        }
    }

    #[test]
    fn an_exception_is_one_name_or_one_address() {
        let exceptions = Exceptions::new(&[
            "Wiki.Corp".to_owned(),
            " 10.0.0.7 ".to_owned(),
            "[::1]".to_owned(),
        ]);
        let at = |text: &str| SocketAddr::new(literal(text).unwrap(), 0);
        let all = ["10.0.0.7", "10.0.0.8", "::1", "::ffff:10.0.0.7", "8.8.8.8"].map(at);
        assert_eq!(
            exceptions.permitted("evil.org", all),
            ["10.0.0.7", "::1", "8.8.8.8"].map(at)
        );
        assert_eq!(exceptions.permitted("wiki.corp", all), all);
        assert!(!exceptions.holds_name("a.wiki.corp"));
        assert!(
            Exceptions::default()
                .permitted("evil.org", ["10.0.0.7", "127.0.0.1"].map(at))
                .is_empty()
        );
    }

    proptest! {
        /// The standard library's own notions, as far as they are stable, are all closed here.
        #[test]
        fn what_the_standard_library_calls_private_is_closed(bits: u32) {
            let address = Ipv4Addr::from_bits(bits);
            let closed = address.is_private() || address.is_loopback() || address.is_link_local()
                || address.is_multicast() || address.is_broadcast() || address.is_documentation()
                || address.is_unspecified();
            prop_assert!(!(closed && is_public(address.into())));
            prop_assert!(!is_public(address.to_ipv6_mapped().into()));
            prop_assert!(!is_public(address.to_ipv6_compatible().into()));
        }

        #[test]
        fn outside_2000_3_only_nat64_is_public(bits: u128) {
            let address = Ipv6Addr::from_bits(bits);
            let local = address.is_multicast() || address.is_unique_local()
                || address.is_unicast_link_local() || address.is_loopback();
            prop_assert!(!(local && is_public(address.into())));
            prop_assert!(!is_public(address.into()) || bits >> 125 == 1 || bits >> 32 == 0x64_ff9b << 64);
        }
    }
}
