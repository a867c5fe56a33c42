//! Which URLs are requested, before any name is resolved. Pure.

use crate::address::{Exceptions, is_private_name, literal};
use reqwest::Url;

/// Bytes of a URL; servers refuse much shorter ones.
const MAX_URL: usize = 8 * 1024;

/// Why a URL is not requested.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("not a URL: {0}")]
    NotUrl(String),
    #[error("not http")]
    NotHttp,
    #[error("longer than {MAX_URL} bytes, not contacted")]
    TooLong,
    #[error("holds credentials, not contacted")]
    Credentials,
    #[error("private address, not contacted")]
    PrivateAddress,
    #[error("name of a private network, not contacted")]
    PrivateName,
}

/// The URL that `text` is, its fragment kept.
pub(crate) fn parse(text: &str, exceptions: &Exceptions) -> Result<Url, Refusal> {
    if text.len() > MAX_URL {
        return Err(Refusal::TooLong);
    }
    let url = Url::parse(text).map_err(|error| Refusal::NotUrl(error.to_string()))?;
    examine(url, exceptions)
}

/// Where a `Location` header leads from `base`.
pub(crate) fn follow(base: &Url, location: &[u8], exceptions: &Exceptions) -> Result<Url, Refusal> {
    if location.len() > MAX_URL {
        return Err(Refusal::TooLong);
    }
    let location =
        std::str::from_utf8(location).map_err(|_| Refusal::NotUrl("it is not UTF-8".to_owned()))?;
    let url = base
        .join(location)
        .map_err(|error| Refusal::NotUrl(error.to_string()))?;
    examine(url, exceptions)
}

/// The parser has brought the host to one form by now: `0x7f.1` is `127.0.0.1`.
fn examine(url: Url, exceptions: &Exceptions) -> Result<Url, Refusal> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(Refusal::NotHttp);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Refusal::Credentials);
    }
    // Percent-encoding may have made it longer.
    if url.as_str().len() > MAX_URL {
        return Err(Refusal::TooLong);
    }
    let host = url.host_str().unwrap_or_default();
    match literal(host) {
        // The client connects to a literal address without asking the resolver, so it is looked at here.
        Some(address) if !exceptions.permits(address) => Err(Refusal::PrivateAddress),
        None if is_private_name(host) && !exceptions.holds_name(host) => Err(Refusal::PrivateName),
        _ => Ok(url),
    }
}

/// What is requested for `url`: all but the fragment.
pub(crate) fn resource(url: &Url) -> Url {
    let mut resource = url.clone();
    resource.set_fragment(None);
    resource
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn refused(text: &str) -> Option<Refusal> {
        parse(text, &Exceptions::default()).err()
    }

    #[test]
    fn only_public_http_is_requested() {
        for good in [
            "https://example.com",
            "HTTP://Example.COM:8080/a?b#c",
            "https://1.1.1.1/",
            "https://[2606:4700:4700::1111]/",
            "https://bücher.de/",
            "http://@example.com/",
        ] {
            assert_eq!(refused(good), None, "{good}");
        }
        for other in [
            "mailto:a@b.org",
            "ftp://example.com/",
            "file:///etc/passwd",
            "javascript:0",
            "data:,x",
        ] {
            assert_eq!(refused(other), Some(Refusal::NotHttp), "{other}");
        }
        for broken in [
            "",
            "docs/x.md",
            "//example.com",
            "http://",
            "https://example.com:PORT/",
            "http://[::1",
        ] {
            assert!(
                matches!(refused(broken), Some(Refusal::NotUrl(_))),
                "{broken}"
            );
        }
    }

    #[test]
    fn every_spelling_of_a_private_address_is_seen() {
        for url in [
            "http://127.0.0.1/",
            "http://127.1/",
            "http://127.0.0.1./",
            "http://2130706433/",
            "http://0x7f000001/",
            "http://0177.0.0.1/",
            "http://0/",
            "http://１２７.0.0.1/",
            "http://169.254.169.254/latest/meta-data/",
            "http://[::1]/",
            "http://[::ffff:169.254.169.254]/",
            "http://[::]:80/",
        ] {
            assert_eq!(refused(url), Some(Refusal::PrivateAddress), "{url}");
        }
        assert_eq!(
            refused("http://localhost:8080/"),
            Some(Refusal::PrivateName)
        );
        assert_eq!(
            refused("http://metadata.google.internal/"),
            Some(Refusal::PrivateName)
        );
    }

    #[test]
    fn credentials_are_refused_and_not_told() {
        let secret = ["hunter", "2"].concat();
        for url in [
            format!("https://bob:{secret}@example.com/"),
            format!("https://{secret}@example.com/"),
            format!("https://:{secret}@example.com/"),
        ] {
            let refusal = refused(&url).unwrap();
            assert_eq!(refusal, Refusal::Credentials);
            assert!(!format!("{refusal} {refusal:?}").contains(&secret));
        }
    }

    #[test]
    fn long_urls_are_refused() {
        let of = |bytes: usize| {
            let start = "https://example.com/";
            format!("{start}{}", "a".repeat(bytes - start.len()))
        };
        assert_eq!(refused(&of(MAX_URL)), None);
        assert_eq!(refused(&of(MAX_URL + 1)), Some(Refusal::TooLong));
        let grows = format!("https://example.com/{}", " ".repeat(4_000)) + "x";
        assert_eq!(
            refused(&grows),
            Some(Refusal::TooLong),
            "each blank becomes three bytes"
        );
    }

    #[test]
    fn redirects_are_looked_at_like_links() {
        let base = Url::parse("https://example.com/a/b").unwrap();
        let to = |location: &[u8]| {
            follow(&base, location, &Exceptions::default()).map(|url| url.to_string())
        };
        assert_eq!(to(b"c").as_deref(), Ok("https://example.com/a/c"));
        assert_eq!(to(b"/c#d").as_deref(), Ok("https://example.com/c#d"));
        assert_eq!(to(b"//other.org").as_deref(), Ok("https://other.org/"));
        assert_eq!(
            to("/ü".as_bytes()).as_deref(),
            Ok("https://example.com/%C3%BC")
        );
        assert_eq!(to(b"http://10.0.0.1/"), Err(Refusal::PrivateAddress));
        assert_eq!(to(b"//localhost/"), Err(Refusal::PrivateName));
        assert_eq!(to(b"gopher://example.com/"), Err(Refusal::NotHttp));
        assert_eq!(to(b"https://a:b@example.com/"), Err(Refusal::Credentials));
        assert!(matches!(to(b"/\xff"), Err(Refusal::NotUrl(_))));
    }

    #[test]
    fn exceptions_are_by_name_or_address() {
        let exceptions = Exceptions::new(&["127.0.0.1".to_owned(), "wiki".to_owned()]);
        assert!(parse("http://127.0.0.1:1/", &exceptions).is_ok());
        assert!(parse("http://127.1:1/", &exceptions).is_ok());
        assert!(parse("http://wiki/x", &exceptions).is_ok());
        assert_eq!(
            parse("http://127.0.0.2/", &exceptions),
            Err(Refusal::PrivateAddress)
        );
        assert_eq!(
            parse("http://localhost/", &exceptions),
            Err(Refusal::PrivateName)
        );
    }

    proptest! {
        /// Whatever is accepted is public http without credentials, and its resource has no fragment.
        #[test]
        fn nothing_else_gets_through(text in "(https?:)?/{0,2}[0-9a-fx.:@\\[\\]%#?/ -]{0,40}|\\PC{0,40}") {
            if let Ok(url) = parse(&text, &Exceptions::default()) {
                prop_assert!(matches!(url.scheme(), "http" | "https"));
                prop_assert!(url.username().is_empty() && url.password().is_none());
                let host = url.host_str().unwrap();
                prop_assert!(literal(host).is_none_or(crate::address::is_public));
                prop_assert!(resource(&url).fragment().is_none());
            }
        }
    }
}
