//! A message to a chat. The address is a secret: nobody is told it, not even in an error.

use crate::address::Exceptions;
use crate::client::{Answer, Client};
use crate::failure::Failure;
use crate::retry_after::retry_after;
use crate::settings::Settings;
use crate::target::{self, Refusal};
use reqwest::Url;
use std::sync::Arc;
use std::time::Duration;

/// Requests for one message.
const MAX_TRIES: u32 = 3;
/// All waiting for one message, whatever the host asks for.
const MAX_WAIT: Duration = Duration::from_mins(1);

/// Which hosts a message may go to.
#[derive(Clone, Debug, Default)]
pub struct Hosts<'a> {
    /// By https alone.
    pub known: &'a [&'a str],
    /// Named by whoever runs the program: those may be private, and by plain http on this machine.
    pub named: &'a [String],
}

/// Why a message was not delivered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WebhookError {
    #[error("the webhook's address cannot be used: {0}")]
    Address(String),
    #[error("the webhook's host is not one of {0}")]
    Host(String),
    #[error("the host answered {status}: {words}")]
    Refused { status: u16, words: &'static str },
    #[error("the host limits the rate of messages and asks for a wait that is too long ({0} s)")]
    Limited(u64),
    #[error("{0}")]
    Failed(String),
}

/// Posts `json` to `url`. `now` is in seconds since 1970. A message that may have arrived is not sent again.
pub fn post(url: &str, json: &str, hosts: &Hosts<'_>, now: i64) -> Result<(), WebhookError> {
    let exceptions = Arc::new(Exceptions::new(hosts.named));
    let url = target(url, hosts, &exceptions)?;
    let failed = |what: String| WebhookError::Failed(what);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| failed(format!("the HTTP client could not be built: {error}")))?;
    runtime.block_on(async {
        let client = Client::new(&Settings::new(now), exceptions)
            .map_err(|error| failed(error.to_string()))?;
        let mut waited = Duration::ZERO;
        for tries in 1.. {
            let outcome = client.post(&url, json).await;
            let Some(wait) = wait_after(&outcome, tries, now) else {
                return outcome
                    .map_err(|failure| failed(failure.words()))
                    .and_then(|answer| verdict(&answer));
            };
            waited = waited.saturating_add(wait);
            if waited > MAX_WAIT {
                return Err(match outcome {
                    Ok(answer) if answer.status == 429 => WebhookError::Limited(wait.as_secs()),
                    Ok(answer) => refused(answer.status),
                    Err(failure) => failed(failure.words()),
                });
            }
            tokio::time::sleep(wait).await;
        }
        Ok(())
    })
}

fn target(url: &str, hosts: &Hosts<'_>, exceptions: &Exceptions) -> Result<Url, WebhookError> {
    let wrong = |what: &str| WebhookError::Address(what.to_owned());
    let parsed = target::parse(url.trim(), exceptions).map_err(|refusal| match refusal {
        // The parser's words may hold a part of it.
        Refusal::NotUrl(_) => wrong("it is not a URL"),
        other => wrong(&other.to_string()),
    })?;
    let host = parsed.host_str().unwrap_or_default();
    let is_named = hosts.named.iter().any(|named| named.trim() == host);
    if !is_named && !hosts.known.contains(&host) {
        return Err(WebhookError::Host(hosts.known.join(", ")));
    }
    let here = matches!(host, "127.0.0.1" | "localhost" | "[::1]");
    if parsed.scheme() != "https" && !(is_named && here) {
        return Err(wrong("it is not https"));
    }
    Ok(parsed)
}

/// `None` when this was the last try.
fn wait_after(outcome: &Result<Answer, Failure>, tries: u32, now: i64) -> Option<Duration> {
    if tries >= MAX_TRIES {
        return None;
    }
    match outcome {
        Ok(answer) if answer.status == 429 => {
            let asked = answer.retry_after.as_deref();
            Some(
                asked
                    .and_then(|value| retry_after(value, now))
                    .unwrap_or(Duration::from_secs(u64::from(tries)))
                    .max(Duration::from_millis(100)),
            )
        }
        Ok(answer) if answer.status >= 500 => Some(Duration::from_secs(u64::from(tries))),
        // Nothing was sent yet.
        Err(Failure::Connect(_) | Failure::NameNotResolved) => {
            Some(Duration::from_secs(u64::from(tries)))
        }
        _ => None,
    }
}

fn verdict(answer: &Answer) -> Result<(), WebhookError> {
    match answer.status {
        200..=299 => Ok(()),
        429 => Err(WebhookError::Limited(0)),
        status => Err(refused(status)),
    }
}

fn refused(status: u16) -> WebhookError {
    let words = match status {
        300..=399 => "it leads elsewhere, and a message follows no redirect",
        400 => "it cannot use the message",
        401 | 403 => "it takes no message with this address",
        404 | 410 => "the webhook is gone: make a new one",
        413 => "the message is too long for it",
        500.. => "it failed itself",
        _ => "it did not take the message",
    };
    WebhookError::Refused { status, words }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read as _, Write as _};
    use std::net::TcpListener;
    use std::sync::mpsc;

    const KNOWN: &[&str] = &["hooks.slack.com"];

    fn to(url: &str, named: &[String]) -> Result<(), WebhookError> {
        let hosts = Hosts {
            known: KNOWN,
            named,
        };
        target(url, &hosts, &Exceptions::new(named)).map(drop)
    }

    #[test]
    fn only_known_hosts_by_https() {
        assert_eq!(to("https://hooks.slack.com/services/T/B/x", &[]), Ok(()));
        for wrong in [
            "http://hooks.slack.com/x",
            "https://hooks.slack.com.evil.org/x",
            "https://evil.org/hooks.slack.com",
            "https://u:p@hooks.slack.com/x",
            "https://169.254.169.254/x",
            "hooks.slack.com/x",
            "",
        ] {
            assert!(to(wrong, &[]).is_err(), "{wrong}");
        }
        let named = ["127.0.0.1".to_owned(), "chat.acme.org".to_owned()];
        assert_eq!(to("http://127.0.0.1:1/x", &named), Ok(()));
        assert_eq!(to("https://chat.acme.org/x", &named), Ok(()));
        assert!(to("http://chat.acme.org/x", &named).is_err());
    }

    #[test]
    fn errors_do_not_tell_the_address() {
        let secret = ["T0", "SECRET"].concat();
        for url in [
            format!("https://evil.org/{secret}"),
            format!("http://hooks.slack.com/{secret}"),
            format!("https://[{secret}/"),
            format!("{secret}://x"),
        ] {
            let error = to(&url, &[]).unwrap_err();
            assert!(!format!("{error} {error:?}").contains(&secret), "{error}");
        }
    }

    /// Answers one request after the other so, and tells what came.
    fn server(answers: &'static [&'static str]) -> (String, mpsc::Receiver<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let (sender, came) = mpsc::channel();
        std::thread::spawn(move || {
            for answer in answers {
                let (mut stream, _) = listener.accept().unwrap();
                let mut bytes = [0; 8192];
                let mut text = String::new();
                while !text.contains('}') {
                    let read = stream.read(&mut bytes).unwrap();
                    text.push_str(&String::from_utf8_lossy(&bytes[..read]));
                }
                sender.send(text).unwrap();
                let _ = stream.write_all(answer.as_bytes());
            }
        });
        (url, came)
    }

    fn send(answers: &'static [&'static str]) -> (Result<(), WebhookError>, usize) {
        let (url, came) = server(answers);
        let named = ["127.0.0.1".to_owned()];
        let hosts = Hosts {
            known: KNOWN,
            named: &named,
        };
        let outcome = post(&url, "{\"text\":\"x\"}", &hosts, 0);
        (outcome, came.try_iter().count())
    }

    #[test]
    fn a_limit_is_waited_for_within_a_bound() {
        let ok = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok";
        let soon = "HTTP/1.1 429 Too Many\r\nretry-after: 0\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
        let late = "HTTP/1.1 429 Too Many\r\nretry-after: 600\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
        assert_eq!(send(Box::leak(Box::new([ok]))), (Ok(()), 1));
        assert_eq!(send(Box::leak(Box::new([soon, ok]))), (Ok(()), 2));
        assert_eq!(
            send(Box::leak(Box::new([late, ok]))),
            (Err(WebhookError::Limited(600)), 1)
        );
    }

    #[test]
    fn refusals_and_what_may_have_arrived_are_final() {
        let gone = "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
        let (outcome, requests) = send(Box::leak(Box::new([gone])));
        assert!(
            matches!(outcome, Err(WebhookError::Refused { status: 404, .. })),
            "{outcome:?}"
        );
        assert_eq!(requests, 1);
        let (outcome, requests) = send(Box::leak(Box::new([""])));
        assert!(matches!(outcome, Err(WebhookError::Failed(_))));
        assert_eq!(requests, 1);
        let moved = "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
        assert!(send(Box::leak(Box::new([moved]))).0.is_err());
    }
}
