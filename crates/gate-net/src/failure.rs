//! Why no answer came.

use std::error::Error;
use std::io;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failure {
    /// Every address of the name is private.
    PrivateAddress,
    NoSuchName,
    NameNotResolved,
    /// The certificate is no good: in words.
    Certificate(&'static str),
    /// TLS failed otherwise.
    Tls,
    Timeout,
    /// No connection came about: in words.
    Connect(&'static str),
    /// The connection broke before the answer was there.
    Broken(&'static str),
}

/// What the resolver says, found again within the client's own error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum LookupError {
    #[error("the name has private addresses only")]
    PrivateAddress,
    #[error("the name does not exist")]
    NoSuchName,
    #[error("the name could not be resolved")]
    NotResolved,
}

impl Failure {
    /// A fragment of a sentence. The system's own words are left out: they differ from machine to machine.
    pub(crate) fn words(self) -> String {
        match self {
            Self::PrivateAddress => "private address, not contacted".to_owned(),
            Self::NoSuchName => "its host does not exist".to_owned(),
            Self::NameNotResolved => "its host's name could not be resolved".to_owned(),
            Self::Certificate(what) => format!("its certificate {what}"),
            Self::Tls => "TLS could not be agreed on".to_owned(),
            Self::Timeout => "no answer in time".to_owned(),
            Self::Connect(what) | Self::Broken(what) => what.to_owned(),
        }
    }

    pub(crate) fn of(error: &reqwest::Error) -> Self {
        Self::among(&causes(error), error.is_timeout(), error.is_connect())
    }

    fn among(causes: &[&(dyn Error + 'static)], timeout: bool, connecting: bool) -> Self {
        if let Some(lookup) = first::<LookupError>(causes) {
            return match lookup {
                LookupError::PrivateAddress => Self::PrivateAddress,
                LookupError::NoSuchName => Self::NoSuchName,
                LookupError::NotResolved => Self::NameNotResolved,
            };
        }
        match first::<rustls::Error>(causes) {
            Some(rustls::Error::InvalidCertificate(error)) => {
                return Self::Certificate(certificate_words(error));
            }
            Some(_) => return Self::Tls,
            None => {}
        }
        if timeout {
            return Self::Timeout;
        }
        // The innermost one is the system's.
        let io = causes.iter().rev().find_map(|cause| cause.downcast_ref());
        let what = io.map(|error: &io::Error| match error.kind() {
            io::ErrorKind::ConnectionRefused => "the connection was refused",
            io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted => {
                "the connection was reset"
            }
            io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => {
                "the host cannot be reached"
            }
            io::ErrorKind::TimedOut => "no answer in time",
            _ => "the connection broke",
        });
        if connecting {
            Self::Connect(what.unwrap_or("no connection could be made"))
        } else {
            Self::Broken(what.unwrap_or("the connection broke or did not speak HTTP"))
        }
    }
}

impl LookupError {
    /// The standard library gives the resolver's error number on Windows only; elsewhere its words, which the C
    /// libraries do not translate unless they are asked to. Unknown words prove nothing.
    pub(crate) fn of(error: &io::Error) -> Self {
        /// `WSAHOST_NOT_FOUND`
        const HOST_NOT_FOUND: i32 = 11001;
        const NO_SUCH_NAME: &[&str] = &[
            // glibc
            "Name or service not known",
            // musl
            "Name does not resolve",
            // macOS and the BSDs
            "nodename nor servname provided, or not known",
        ];
        let text = error.to_string();
        let windows = cfg!(windows) && error.raw_os_error() == Some(HOST_NOT_FOUND);
        if windows || NO_SUCH_NAME.iter().any(|words| text.ends_with(words)) {
            Self::NoSuchName
        } else {
            Self::NotResolved
        }
    }
}

/// `error` and what is behind it, the outermost first.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> Vec<&'a (dyn Error + 'static)> {
    let mut causes = Vec::new();
    let mut next = Some(error);
    while let Some(cause) = next.filter(|_| causes.len() < 32) {
        causes.push(cause);
        // An I/O error names as its source what is behind the error that it wraps, and not that error.
        let wrapped = cause
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref);
        next = match wrapped {
            Some(wrapped) => Some(wrapped as &(dyn Error + 'static)),
            None => cause.source(),
        };
    }
    causes
}

fn first<'a, E: Error + 'static>(causes: &[&'a (dyn Error + 'static)]) -> Option<&'a E> {
    causes.iter().find_map(|cause| cause.downcast_ref())
}

/// The library's own words hold the time at which it looked.
fn certificate_words(error: &rustls::CertificateError) -> &'static str {
    use rustls::CertificateError as E;
    match error {
        E::Expired | E::ExpiredContext { .. } => "has expired",
        E::NotValidYet | E::NotValidYetContext { .. } => "is not valid yet",
        E::NotValidForName | E::NotValidForNameContext { .. } => "is for another host",
        E::UnknownIssuer => "is from an unknown issuer",
        E::Revoked => "was revoked",
        _ => "is not valid",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As the client wraps it: an error of an error of an I/O error.
    #[derive(Debug, thiserror::Error)]
    #[error("outer")]
    struct Outer(#[source] io::Error);

    fn failure(inner: io::Error, connecting: bool) -> Failure {
        let error = Outer(io::Error::other(Outer(inner)));
        Failure::among(&causes(&error), false, connecting)
    }

    #[test]
    fn certificates_are_found_within_the_wrapping() {
        let of = |error: rustls::CertificateError| {
            failure(
                io::Error::new(
                    io::ErrorKind::InvalidData,
                    rustls::Error::InvalidCertificate(error),
                ),
                true,
            )
        };
        assert_eq!(
            of(rustls::CertificateError::Expired),
            Failure::Certificate("has expired")
        );
        assert_eq!(
            of(rustls::CertificateError::UnknownIssuer),
            Failure::Certificate("is from an unknown issuer")
        );
        let tls = io::Error::other(rustls::Error::HandshakeNotComplete);
        assert_eq!(failure(tls, true), Failure::Tls);
    }

    #[test]
    fn broken_connections_say_where_they_broke() {
        let reset = || io::Error::from(io::ErrorKind::ConnectionReset);
        assert_eq!(
            failure(reset(), false),
            Failure::Broken("the connection was reset")
        );
        assert_eq!(
            failure(reset(), true),
            Failure::Connect("the connection was reset")
        );
        assert_eq!(
            Failure::among(&[], false, false),
            Failure::Broken("the connection broke or did not speak HTTP")
        );
        assert_eq!(Failure::among(&[], true, true), Failure::Timeout);
    }

    #[test]
    fn only_known_words_deny_a_name() {
        let of = |words: &str| {
            LookupError::of(&io::Error::other(format!(
                "failed to lookup address information: {words}"
            )))
        };
        assert_eq!(of("Name or service not known"), LookupError::NoSuchName);
        assert_eq!(of("Name does not resolve"), LookupError::NoSuchName);
        for passing in [
            "Temporary failure in name resolution",
            "Try again",
            "No address associated with hostname",
            "",
        ] {
            assert_eq!(of(passing), LookupError::NotResolved, "{passing}");
        }
    }
}
