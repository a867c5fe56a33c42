//! Where a download comes from: hosts that name nobody.

/// Paste sites, shorteners, tunnels and request bins: nobody publishes software there.
const NAMELESS: [&str; 34] = [
    "pastebin.com",
    "paste.ee",
    "hastebin.com",
    "ghostbin.com",
    "rentry.co",
    "dpaste.com",
    "paste.rs",
    "termbin.com",
    "ix.io",
    "0x0.st",
    "sprunge.us",
    "transfer.sh",
    "file.io",
    "anonfiles.com",
    "catbox.moe",
    "bit.ly",
    "tinyurl.com",
    "is.gd",
    "v.gd",
    "rb.gy",
    "cutt.ly",
    "t.ly",
    "shorturl.at",
    "ngrok.io",
    "ngrok.app",
    "ngrok-free.app",
    "trycloudflare.com",
    "serveo.net",
    "loca.lt",
    "webhook.site",
    "requestbin.net",
    "pipedream.net",
    "oast.fun",
    "interact.sh",
];

/// The first address in a command's words.
pub(super) fn host<'w>(words: impl Iterator<Item = &'w str>) -> Option<String> {
    let mut words = words.skip(1).filter(|word| !word.starts_with('-'));
    let address = words.find(|word| word.contains("://") || has_dot(word))?;
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#', '"', '\'']).next()?;
    let host = authority.rsplit('@').next()?;
    let host = if host.starts_with('[') {
        host.split(']').next()?.trim_start_matches('[')
    } else {
        host.split(':').next()?
    };
    Some(host.to_ascii_lowercase())
}

/// `host/path` or `host:port`; not a file's name.
fn has_dot(word: &str) -> bool {
    let end = word.find(['/', ':']).unwrap_or(0);
    end > 0 && word[..end].trim_matches('.').contains('.')
}

/// A public address in digits, or a host of [`NAMELESS`].
pub(super) fn is_nameless(host: &str) -> bool {
    is_public_address(host)
        || NAMELESS.iter().any(|name| {
            host.strip_suffix(name)
                .is_some_and(|before| before.is_empty() || before.ends_with('.'))
        })
}

/// Addresses of the machine itself, of private networks and of documentation are left out.
fn is_public_address(host: &str) -> bool {
    let Ok(address) = host.parse::<std::net::Ipv4Addr>() else {
        return false;
    };
    let [first, second, ..] = address.octets();
    !(address.is_loopback()
        || address.is_private()
        || address.is_link_local()
        || address.is_unspecified()
        || address.is_documentation()
        || first == 100 && (64..128).contains(&second))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_addresses_and_listed_hosts_are_nameless() {
        for (words, nameless) in [
            ("curl -fsSL https://sh.example.org/x", false),
            ("curl http://198.18.0.1/x", true),
            ("curl -s 198.18.0.1:8080/x", true),
            ("curl http://10.0.0.7/x", false),
            ("curl http://192.0.2.1/x", false),
            ("wget -qO- https://user@sub.pastebin.com:443/raw/1", true),
            ("wget https://notpastebin.com/raw/1", false),
            ("curl $URL", false),
        ] {
            let host = host(words.split(' '));
            assert_eq!(
                host.is_some_and(|host| is_nameless(&host)),
                nameless,
                "{words}"
            );
        }
    }
}
