//! One request: HTTP/1.1, TLS by ring with bundled roots, and a resolver that gives no private address away.

use crate::address::Exceptions;
use crate::classify::Method;
use crate::failure::{Failure, LookupError};
use crate::outcome::NetError;
use crate::settings::Settings;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{CONTENT_TYPE, HeaderValue, LOCATION, RETRY_AFTER};
use reqwest::{Url, redirect, retry};
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

pub(crate) struct Client {
    http: reqwest::Client,
}

/// What of an answer matters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) location: Option<Vec<u8>>,
    pub(crate) retry_after: Option<String>,
}

impl Client {
    pub(crate) fn new(settings: &Settings, exceptions: Arc<Exceptions>) -> Result<Self, NetError> {
        let words = |error: &dyn Error| NetError::Client {
            what: error.to_string(),
        };
        let agent = HeaderValue::from_str(&settings.user_agent).map_err(|_| NetError::UserAgent)?;
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
            .dns_resolver(Resolver { exceptions })
            // A proxy would resolve the names itself.
            .no_proxy()
            // Each redirect is looked at, and counted against its own host, before it is followed.
            .redirect(redirect::Policy::none())
            .referer(false)
            .retry(retry::never())
            .http1_only()
            .http1_max_headers(100)
            .no_gzip()
            .no_brotli()
            .no_deflate()
            .no_zstd()
            .user_agent(agent)
            .timeout(settings.timeout)
            .connect_timeout(settings.timeout.min(Duration::from_secs(10)))
            .pool_max_idle_per_host(settings.per_host.max(1))
            .pool_idle_timeout(Duration::from_secs(5))
            .build()
            .map_err(|error| words(&error))?;
        Ok(Self { http })
    }

    /// The body is dropped unread, and with it the connection of a `GET`.
    pub(crate) async fn ask(&self, method: Method, url: &Url) -> Result<Answer, Failure> {
        let method = match method {
            Method::Head => reqwest::Method::HEAD,
            Method::Get => reqwest::Method::GET,
        };
        let response = self
            .http
            .request(method, url.clone())
            .send()
            .await
            .map_err(|error| Failure::of(&error))?;
        Ok(answer(&response))
    }

    /// Sends JSON; what is answered beside the status is not read.
    pub(crate) async fn post(&self, url: &Url, json: &str) -> Result<Answer, Failure> {
        let response = self
            .http
            .post(url.clone())
            .header(CONTENT_TYPE, "application/json")
            .body(json.to_owned())
            .send()
            .await
            .map_err(|error| Failure::of(&error))?;
        Ok(answer(&response))
    }
}

fn answer(response: &reqwest::Response) -> Answer {
    let header = |name| response.headers().get(name);
    Answer {
        status: response.status().as_u16(),
        location: header(LOCATION).map(|value| value.as_bytes().to_vec()),
        retry_after: header(RETRY_AFTER)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned),
    }
}

/// What it gives back is what is connected to: there is no second look-up in which a name could lead elsewhere.
struct Resolver {
    exceptions: Arc<Exceptions>,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let exceptions = Arc::clone(&self.exceptions);
        Box::pin(async move {
            let name = name.as_str();
            let found = tokio::net::lookup_host((name, 0))
                .await
                .map_err(|error| LookupError::of(&error))?;
            let permitted = exceptions.permitted(name, found);
            if permitted.is_empty() {
                return Err(LookupError::PrivateAddress.into());
            }
            let addresses: Addrs = Box::new(permitted.into_iter());
            Ok(addresses)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(url: &str, private_hosts: &[String]) -> Result<Answer, Failure> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let exceptions = Arc::new(Exceptions::new(private_hosts));
        runtime.block_on(async {
            let client = Client::new(&Settings::new(0), exceptions).unwrap();
            client.ask(Method::Head, &Url::parse(url).unwrap()).await
        })
    }

    /// The name passes here, as one that looks public would; its address is what stops the request.
    #[test]
    fn a_name_with_private_addresses_is_not_connected_to() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!(
            "http://localhost:{}/",
            listener.local_addr().unwrap().port()
        );
        assert_eq!(ask(&url, &[]), Err(Failure::PrivateAddress));
        listener.set_nonblocking(true).unwrap();
        assert!(listener.accept().is_err(), "nothing came");
    }

    #[test]
    fn a_name_on_the_list_is_connected_to() {
        let port = {
            let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
            listener.local_addr().unwrap().port()
        };
        assert_eq!(
            ask(
                &format!("http://localhost:{port}/"),
                &["localhost".to_owned()]
            ),
            Err(Failure::Connect("the connection was refused"))
        );
    }

    #[test]
    fn a_user_agent_has_to_be_a_header_value() {
        let settings = Settings {
            user_agent: "two\r\nlines".to_owned(),
            ..Settings::new(0)
        };
        let error = Client::new(&settings, Arc::default()).err();
        assert_eq!(error, Some(NetError::UserAgent));
    }
}
