use super::fault::{Effect, Fault, Route};
use super::http::{self, Manner, Reply, Request};
use super::issues::Issue;
use super::openapi::{Openapi, OpenapiError};
use super::routes;
use super::setup::{Alert, Setup};
use super::state::{Recorded, State, StoredCheck, StoredSarif, Violation};
use super::talk::{self, Comment, StoredStatus};
use super::target::Target;
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, Once, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// A fake GitHub that serves until it is dropped.
#[derive(Debug)]
pub struct FakeGithub {
    address: SocketAddr,
    base_path: String,
    shared: Arc<Shared>,
    acceptor: Option<JoinHandle<()>>,
}

/// Connections served at once; more are turned away.
const MAX_CONNECTIONS: usize = 64;

struct Shared {
    state: Mutex<State>,
    stop: AtomicBool,
    connections: AtomicUsize,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").finish_non_exhaustive()
    }
}

/// A fake that cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Openapi(#[from] OpenapiError),
    #[error("127.0.0.1:{port} cannot be served: {source}")]
    Listen { port: u16, source: io::Error },
}

impl FakeGithub {
    /// A fake with the default setup on a free port.
    pub fn start() -> Result<Self, StartError> {
        Self::with(Setup::default())
    }

    pub fn with(setup: Setup) -> Result<Self, StartError> {
        let openapi = description(&setup)?;
        let port = setup.port;
        let listen = |source| StartError::Listen { port, source };
        let listener = TcpListener::bind(("127.0.0.1", port)).map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        let base_path = setup.base_path.clone();
        let shared = Arc::new(Shared {
            state: Mutex::new(State::new(setup, openapi)),
            stop: AtomicBool::new(false),
            connections: AtomicUsize::new(0),
        });
        let acceptor = std::thread::spawn({
            let shared = Arc::clone(&shared);
            move || accept(&listener, address, &shared)
        });
        Ok(Self {
            address,
            base_path,
            shared,
            acceptor: Some(acceptor),
        })
    }

    /// For `GITHUB_API_URL`.
    pub fn url(&self) -> String {
        format!("http://{}{}", self.address, self.base_path)
    }

    /// The next request of `route` fails so; queued after those that wait already.
    pub fn fail(&self, route: Route, fault: Fault) {
        lock(&self.shared)
            .faults
            .entry(route)
            .or_default()
            .push_back(fault);
    }

    /// `revision` exists and has this file.
    pub fn add_file(&self, revision: &str, path: &str, bytes: &[u8]) {
        lock(&self.shared)
            .files
            .insert((revision.to_owned(), path.to_owned()), bytes.to_vec());
    }

    /// `revision` exists.
    pub fn add_commit(&self, revision: &str) {
        lock(&self.shared).commits.insert(revision.to_owned());
    }

    /// Requests so far, in order of their answers.
    pub fn requests(&self) -> Vec<Recorded> {
        lock(&self.shared).requests.clone()
    }

    /// Uploads that were accepted, in order.
    pub fn sarifs(&self) -> Vec<StoredSarif> {
        lock(&self.shared).sarifs.clone()
    }

    /// Check runs that were made, in order.
    pub fn checks(&self) -> Vec<StoredCheck> {
        lock(&self.shared).checks.clone()
    }

    /// The comments as they are now, oldest first.
    pub fn comments(&self) -> Vec<Comment> {
        lock(&self.shared).setup.comments.clone()
    }

    /// The issues as they are now, oldest first.
    pub fn issues(&self) -> Vec<Issue> {
        lock(&self.shared).setup.issues.clone()
    }

    /// Commit statuses that were set, in order.
    pub fn statuses(&self) -> Vec<StoredStatus> {
        lock(&self.shared).statuses.clone()
    }

    /// The alerts as they are now.
    pub fn alerts(&self) -> Vec<Alert> {
        lock(&self.shared).setup.alerts.clone()
    }

    /// `reference` names a commit with these files.
    pub fn set_git(&self, reference: &str, files: &[(&str, &[u8])]) {
        lock(&self.shared).git.set(reference, files);
    }

    /// The files of a reference of git, and how many commits lead to it; `None` where there is none.
    pub fn git(&self, reference: &str) -> Option<(BTreeMap<String, Vec<u8>>, usize)> {
        lock(&self.shared).git.files(reference)
    }

    /// What the real GitHub would not have taken.
    pub fn violations(&self) -> Vec<Violation> {
        lock(&self.shared).violations.clone()
    }

    /// Whether requests are checked against GitHub's `OpenAPI` description.
    pub fn validates(&self) -> bool {
        lock(&self.shared).openapi.is_some()
    }

    /// Whether it still serves: it stops by itself after the setup's number of requests.
    pub fn is_serving(&self) -> bool {
        !self.shared.stop.load(Ordering::SeqCst)
    }
}

impl Drop for FakeGithub {
    fn drop(&mut self) {
        stop(self.address, &self.shared);
        if let Some(acceptor) = self.acceptor.take() {
            let _ = acceptor.join();
        }
    }
}

/// The description that the setup or `GATEWRIGHT_OPENAPI` names, read once per process.
fn description(setup: &Setup) -> Result<Option<Arc<Openapi>>, OpenapiError> {
    static READ: Mutex<BTreeMap<PathBuf, Arc<Openapi>>> = Mutex::new(BTreeMap::new());
    static SAID: Once = Once::new();
    let variable = || std::env::var_os("GATEWRIGHT_OPENAPI").filter(|path| !path.is_empty());
    let Some(path) = setup
        .openapi
        .clone()
        .or_else(|| variable().map(PathBuf::from))
    else {
        SAID.call_once(|| {
            let _ = writeln!(
                io::stderr(),
                "fake GitHub: GATEWRIGHT_OPENAPI is not set: requests are NOT checked against GitHub's OpenAPI description"
            );
        });
        return Ok(None);
    };
    let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(openapi) = read.get(&path) {
        return Ok(Some(Arc::clone(openapi)));
    }
    let openapi = Arc::new(Openapi::load(&path)?);
    read.insert(path, Arc::clone(&openapi));
    Ok(Some(openapi))
}

/// A panic in one connection must not hide what the others did.
fn lock(shared: &Shared) -> MutexGuard<'_, State> {
    shared.state.lock().unwrap_or_else(PoisonError::into_inner)
}

fn stop(address: SocketAddr, shared: &Shared) {
    shared.stop.store(true, Ordering::SeqCst);
    // Wakes the acceptor.
    let _ = TcpStream::connect_timeout(&address, Duration::from_secs(1));
}

fn accept(listener: &TcpListener, address: SocketAddr, shared: &Arc<Shared>) {
    for stream in listener.incoming() {
        if shared.stop.load(Ordering::SeqCst) {
            return;
        }
        let Ok(mut stream) = stream else { continue };
        if shared.connections.fetch_add(1, Ordering::SeqCst) >= MAX_CONNECTIONS {
            shared.connections.fetch_sub(1, Ordering::SeqCst);
            continue;
        }
        let shared = Arc::clone(shared);
        std::thread::spawn(move || {
            // A connection that breaks is the client's affair; what was asked is recorded.
            let _ = serve(&mut stream, &shared);
            shared.connections.fetch_sub(1, Ordering::SeqCst);
            let served = lock(&shared).requests.len();
            if served >= lock(&shared).setup.max_requests {
                stop(address, &shared);
            }
        });
    }
}

fn serve(stream: &mut TcpStream, shared: &Shared) -> io::Result<()> {
    let request = http::read(stream)?;
    let answer = answer(&request, &mut lock(shared));
    match answer {
        Some((reply, manner)) => http::write(stream, &reply, manner),
        None => Ok(()),
    }
}

/// What to answer, after the request was checked and recorded; `None` closes the connection.
fn answer(request: &Request, state: &mut State) -> Option<(Reply, Manner)> {
    let body = match request.body.as_slice() {
        [] => Value::Null,
        bytes => serde_json::from_slice(bytes)
            .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(bytes).into_owned())),
    };
    let target = Target::parse(&state.setup.base_path, request);
    let mut found = check_request(request, &target, &body, state);
    let fault = state
        .faults
        .get_mut(&target.route())
        .and_then(std::collections::VecDeque::pop_front);
    let effect = fault.as_ref().map(Fault::effect);
    let (answer, real) = match effect {
        Some(Effect::Instead(reply)) => (Some((reply, Manner::Whole)), false),
        Some(Effect::Close) => (None, false),
        other => {
            let reply = routes::answer(request, &target, &body, state);
            let manner = match other {
                Some(Effect::Truncated) => Manner::Half,
                Some(Effect::Slow(millis)) => Manner::Slow(millis),
                Some(Effect::Meanwhile(number, body)) => {
                    talk::add_comment(state, number, &body);
                    Manner::Whole
                }
                _ => Manner::Whole,
            };
            (Some((reply, manner)), true)
        }
    };
    if let (true, Some((reply, _)), Some(openapi)) = (real, &answer, &state.openapi) {
        let body = serde_json::from_slice(&reply.body).unwrap_or_default();
        let described = !(routes::is_diff(request) && reply.status == 200);
        let own = openapi.check_response(&request.method, &target.path, reply.status, &body);
        found.extend(
            own.into_iter()
                .filter(|_| described)
                .map(|what| format!("the fake's own answer: {what}")),
        );
    }
    let name = format!("{} {}", request.method, target.path);
    state
        .violations
        .extend(found.into_iter().map(|what| Violation {
            request: name.clone(),
            what,
        }));
    state.requests.push(Recorded {
        method: request.method.clone(),
        path: request.target.clone(),
        headers: without_token(&request.headers),
        body,
        status: answer.as_ref().map_or(0, |(reply, _)| reply.status),
    });
    answer
}

fn check_request(request: &Request, target: &Target, body: &Value, state: &State) -> Vec<String> {
    let mut found = Vec::new();
    if !target.below_base {
        found.push(format!(
            "`{}` is not below the API base `{}`",
            request.target, state.setup.base_path
        ));
        return found;
    }
    for required in ["user-agent", "accept"] {
        if !request.headers.contains_key(required) {
            found.push(format!("the header `{required}` is missing"));
        }
    }
    if let Some(secret) = request
        .headers
        .get("authorization")
        .and_then(|value| value.split(' ').next_back())
    {
        let echoed = request.target.contains(secret)
            || String::from_utf8_lossy(&request.body).contains(secret);
        // Shorter ones occur by chance.
        if secret.len() >= 8 && echoed {
            found.push("the token stands in the address or the body".to_owned());
        }
    }
    if let Some(openapi) = &state.openapi {
        found.extend(openapi.check_request(&request.method, &target.path, &target.query, body));
    }
    found
}

fn without_token(headers: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let hide = |name: &str, value: &str| match name {
        "authorization" | "cookie" | "proxy-authorization" => {
            format!(
                "{} ***",
                value
                    .split(' ')
                    .next()
                    .filter(|_| value.contains(' '))
                    .unwrap_or_default()
            )
        }
        _ => value.to_owned(),
    };
    headers
        .iter()
        .map(|(name, value)| (name.clone(), hide(name, value)))
        .collect()
}
