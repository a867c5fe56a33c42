use super::error::{ApiError, ApiErrorKind};
use super::operation::Operation;
use crate::Token;
use http_body_util::BodyExt as _;
use octocrab::{Octocrab, ReqwestClientConfig};
use std::collections::BTreeMap;
use std::error::Error;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

/// Blocking HTTP to one API base: octocrab on a runtime of its own, TLS by ring with bundled roots, so that it
/// also works in an image without certificates.
pub(super) struct Transport {
    runtime: tokio::runtime::Runtime,
    octocrab: Octocrab,
}

/// One request.
pub(super) struct Call<'a> {
    pub(super) method: http::Method,
    /// Below the API base, percent-encoded, with its query.
    pub(super) path: String,
    pub(super) body: Option<&'a serde_json::Value>,
    /// The media type that is asked for.
    pub(super) accept: &'static str,
    /// Bytes of the answer's body that are read at most. More is an error when the answer is a success.
    pub(super) limit: usize,
}

impl Call<'_> {
    /// A request for something, in JSON.
    pub(super) fn get(path: String, limit: usize) -> Self {
        Self {
            method: http::Method::GET,
            path,
            body: None,
            accept: JSON,
            limit,
        }
    }
}

/// The media type of everything that GitHub says in JSON.
pub(super) const JSON: &str = "application/vnd.github+json";

/// What the server said.
pub(super) struct Answer {
    pub(super) status: u16,
    /// Names in lower case; values that are text.
    pub(super) headers: BTreeMap<String, String>,
    pub(super) body: Vec<u8>,
}

/// No whole answer came.
pub(super) enum Broken {
    TooLong { limit: usize },
    Timeout,
    Connection { what: String },
}

/// An error's body is read up to here: a message is short.
const MAX_ERROR_BODY: usize = 64 * 1024;

impl Transport {
    /// The error says what is wrong with the base.
    pub(super) fn new(
        api_url: &str,
        token: Option<&Token>,
        timeout: Duration,
    ) -> Result<Self, String> {
        let base = api_url.trim_end_matches('/');
        let loopback = check_base(base)?;
        let words = |error: &dyn Error| format!("the HTTP client could not be built: {error}");
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| words(&error))?;
        // octocrab's own worker is started while it is built.
        let within = runtime.enter();
        let roots: rustls::RootCertStore = webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect();
        let tls = rustls::ClientConfig::builder_with_provider(Arc::new(
            rustls::crypto::ring::default_provider(),
        ))
        .with_safe_default_protocol_versions()
        .map_err(|error| words(&error))?
        .with_root_certificates(roots)
        .with_no_client_auth();
        let http = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .timeout(timeout)
            .connect_timeout(timeout.min(Duration::from_secs(30)))
            // A redirect is reported, so that the token goes nowhere but to the base.
            .redirect(reqwest::redirect::Policy::none());
        let http = if loopback { http.no_proxy() } else { http };
        let http = http.build().map_err(|error| words(&error))?;
        let mut builder = Octocrab::builder()
            .base_uri(base)
            .map_err(|error| words(&error))?
            .upload_uri(base)
            .map_err(|error| words(&error))?
            .add_header(
                http::header::USER_AGENT,
                concat!("gatewright/", env!("CARGO_PKG_VERSION")).to_owned(),
            );
        if let Some(token) = token {
            builder = builder.personal_token(token.reveal());
        }
        let octocrab = builder
            .build_with_reqwest(ReqwestClientConfig::Custom(http))
            .map_err(|error| words(&error))?;
        drop(within);
        Ok(Self { runtime, octocrab })
    }

    pub(super) fn exchange(&self, call: &Call<'_>) -> Result<Answer, Broken> {
        self.runtime.block_on(self.send(call))
    }

    async fn send(&self, call: &Call<'_>) -> Result<Answer, Broken> {
        let request = http::request::Builder::new()
            .method(call.method.clone())
            .uri(&call.path)
            .header(http::header::ACCEPT, call.accept);
        let request = self
            .octocrab
            .build_request(request, call.body)
            .map_err(|error| broken(&error))?;
        let response = self
            .octocrab
            .execute(request)
            .await
            .map_err(|error| broken(&error))?;
        let (parts, mut body) = response.into_parts();
        let status = parts.status.as_u16();
        let success = parts.status.is_success();
        let limit = if success { call.limit } else { MAX_ERROR_BODY };
        let mut bytes = Vec::new();
        while let Some(frame) = body.frame().await {
            let data = match frame {
                Ok(frame) => frame.into_data().unwrap_or_default(),
                Err(error) if success => return Err(broken(&error)),
                // The status is known; a refusal stays one, even when its words were cut off.
                Err(_) => break,
            };
            let room = limit - bytes.len();
            if data.len() > room && success {
                return Err(Broken::TooLong { limit });
            }
            bytes.extend_from_slice(data.get(..room.min(data.len())).unwrap_or_default());
            if bytes.len() >= limit && !success {
                break;
            }
        }
        let headers = parts
            .headers
            .iter()
            .filter_map(|(name, value)| {
                Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
            })
            .collect();
        Ok(Answer {
            status,
            headers,
            body: bytes,
        })
    }
}

impl Broken {
    pub(super) fn into_error(self, operation: Operation, token: Option<&Token>) -> ApiError {
        let kind = match self {
            Self::TooLong { limit } => ApiErrorKind::AnswerTooLong { limit },
            Self::Timeout => ApiErrorKind::Timeout,
            Self::Connection { what } => ApiErrorKind::Connection {
                what: token.map_or(what.clone(), |token| token.scrub(&what)),
            },
        };
        ApiError::new(operation, kind)
    }
}

/// The innermost cause says most ("connection refused"); the outer ones repeat the address.
fn broken(error: &(dyn Error + 'static)) -> Broken {
    let causes = std::iter::successors(Some(error), |error| (*error).source()).take(16);
    let timed_out = |cause: &(dyn Error + 'static)| {
        cause
            .downcast_ref::<reqwest::Error>()
            .is_some_and(reqwest::Error::is_timeout)
    };
    if causes.clone().any(timed_out) {
        return Broken::Timeout;
    }
    let what = causes.last().map_or_else(String::new, ToString::to_string);
    Broken::Connection {
        what: what.chars().filter(|c| !c.is_control()).take(300).collect(),
    }
}

/// Whether the base is this machine.
fn check_base(base: &str) -> Result<bool, String> {
    let wrong = |why: &str| {
        let shown: String = base
            .chars()
            .take(200)
            .flat_map(char::escape_default)
            .collect();
        // A base may carry a password before `@`; then it is not shown at all.
        let shown = if shown.contains('@') {
            "(not shown, it may hold a password)".to_owned()
        } else {
            shown
        };
        format!(
            "`GITHUB_API_URL` is `{shown}`: {why}; expected something like `https://api.github.com`"
        )
    };
    let uri: http::Uri = base.parse().map_err(|_| wrong("not a URL"))?;
    let host = uri.host().ok_or_else(|| wrong("it names no host"))?;
    if uri
        .authority()
        .is_some_and(|authority| authority.as_str().contains('@'))
    {
        return Err(wrong("it holds credentials"));
    }
    if uri.query().is_some() {
        return Err(wrong("it has a query"));
    }
    let address = host
        .trim_start_matches('[')
        .trim_end_matches(']')
        .parse::<IpAddr>();
    let loopback = host == "localhost" || address.is_ok_and(|address| address.is_loopback());
    match uri.scheme_str() {
        Some("https") => Ok(loopback),
        Some("http") if loopback => Ok(true),
        Some("http") => Err(wrong("plain http would send the token in the open")),
        _ => Err(wrong("it is not https")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bases_are_https_or_this_machine() {
        assert_eq!(check_base("https://api.github.com"), Ok(false));
        assert_eq!(check_base("https://ghe.example/api/v3"), Ok(false));
        assert_eq!(check_base("http://127.0.0.1:4010/api/v3"), Ok(true));
        assert_eq!(check_base("http://[::1]:4010"), Ok(true));
        for bad in [
            "",
            "api.github.com",
            "http://ghe.example",
            "ftp://x",
            "https://a:b@x",
            "https://x/?y=1",
            "https://",
        ] {
            let error = check_base(bad).unwrap_err();
            assert!(
                error.contains("GITHUB_API_URL") && !error.contains("a:b"),
                "{bad}: {error}"
            );
        }
    }
}
