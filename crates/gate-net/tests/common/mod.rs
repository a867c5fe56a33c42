//! A web server on this machine that says what it is told to and notes what it was asked.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How the server takes one request.
#[derive(Clone)]
pub(crate) enum Reply {
    /// Status and header lines. No body, but that of a `GET` that succeeds, which is endless.
    Status(u16, String),
    /// These bytes and the end of the connection.
    Raw(Vec<u8>),
    /// The connection is reset.
    Reset,
    /// Nothing for this long, then 200.
    Slow(Duration),
}

/// One request as it came.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) method: String,
    pub(crate) path: String,
    /// All of it, in lower case.
    pub(crate) head: String,
    pub(crate) at: Instant,
}

pub(crate) struct Server {
    pub(crate) port: u16,
    state: Arc<State>,
    acceptor: Option<JoinHandle<()>>,
}

struct State {
    /// By `METHOD /path` or `/path`; the last reply is repeated.
    script: BTreeMap<String, Vec<Reply>>,
    seen: Mutex<Vec<Seen>>,
    /// Requests under way, and the most at once.
    busy: AtomicUsize,
    busiest: AtomicUsize,
    stop: AtomicBool,
    body_read: AtomicBool,
}

/// Longer than any test takes.
const LIFE: Duration = Duration::from_mins(1);

/// Far more than the system takes in before the client reads it.
const BODY: usize = 64 * 1024 * 1024;

pub(crate) fn status(status: u16) -> Reply {
    Reply::Status(status, String::new())
}

pub(crate) fn to(status: u16, location: &str) -> Reply {
    Reply::Status(status, format!("Location: {location}\r\n"))
}

impl Server {
    /// Paths that the script does not name answer 200.
    pub(crate) fn start(script: &[(&str, &[Reply])]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(State {
            script: script
                .iter()
                .map(|(path, replies)| ((*path).to_owned(), replies.to_vec()))
                .collect(),
            seen: Mutex::default(),
            busy: AtomicUsize::new(0),
            busiest: AtomicUsize::new(0),
            stop: AtomicBool::new(false),
            body_read: AtomicBool::new(false),
        });
        let shared = Arc::clone(&state);
        let acceptor = std::thread::spawn(move || {
            let begun = Instant::now();
            while !shared.stop.load(Ordering::SeqCst) && begun.elapsed() < LIFE {
                match listener.accept() {
                    Ok((stream, _)) => {
                        let shared = Arc::clone(&shared);
                        std::thread::spawn(move || serve(&stream, &shared));
                    }
                    Err(_) => std::thread::sleep(Duration::from_millis(1)),
                }
            }
        });
        Self {
            port,
            state,
            acceptor: Some(acceptor),
        }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.state.seen.lock().unwrap().clone()
    }

    /// `METHOD /path`, in the order in which they came.
    pub(crate) fn asked(&self) -> Vec<String> {
        let seen = self.seen();
        let line = |seen: &Seen| format!("{} {}", seen.method, seen.path);
        seen.iter().map(line).collect()
    }

    /// Whether the client has read on and on where it had no need to.
    pub(crate) fn body_read(&self) -> bool {
        self.state.body_read.load(Ordering::SeqCst)
    }

    pub(crate) fn busiest(&self) -> usize {
        self.state.busiest.load(Ordering::SeqCst)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.state.stop.store(true, Ordering::SeqCst);
        if let Some(acceptor) = self.acceptor.take() {
            let _ = acceptor.join();
        }
    }
}

/// Requests of one connection, until it ends.
fn serve(stream: &TcpStream, state: &State) {
    // Accepted sockets are blocking on Linux and as the listener is elsewhere.
    stream.set_nonblocking(false).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(5)))
        .unwrap();
    stream
        .set_write_timeout(Some(Duration::from_secs(5)))
        .unwrap();
    for _ in 0..1_000 {
        let Some(head) = request(stream) else { return };
        let mut words = head.split(' ').map(str::to_owned);
        let method = words.next().unwrap_or_default();
        let path = words.next().unwrap_or_default();
        let earlier = {
            let mut seen = state.seen.lock().unwrap();
            let earlier = seen.iter().filter(|seen| seen.path == path).count();
            let of_method = seen
                .iter()
                .filter(|seen| seen.path == path && seen.method == method)
                .count();
            seen.push(Seen {
                method: method.clone(),
                path: path.clone(),
                head: head.to_lowercase(),
                at: Instant::now(),
            });
            (earlier, of_method)
        };
        let busy = state.busy.fetch_add(1, Ordering::SeqCst) + 1;
        state.busiest.fetch_max(busy, Ordering::SeqCst);
        let own = state.script.get(&format!("{method} {path}"));
        let (replies, turn) = match own {
            Some(replies) => (Some(replies), earlier.1),
            None => (state.script.get(&path), earlier.0),
        };
        let reply = replies
            .and_then(|replies| replies.get(turn).or(replies.last()))
            .cloned()
            .unwrap_or_else(|| status(200));
        if let Reply::Slow(time) = reply {
            let begun = Instant::now();
            while begun.elapsed() < time && !state.stop.load(Ordering::SeqCst) {
                std::thread::sleep(Duration::from_millis(2));
            }
        }
        // Before the client can know that it may ask again.
        state.busy.fetch_sub(1, Ordering::SeqCst);
        if !answer(stream, &method, reply, state) {
            return;
        }
    }
}

/// All of a request but its last byte. A connection that is closed while something is unread is reset.
fn request(mut stream: &TcpStream) -> Option<String> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r") && head.len() < 16 * 1024 {
        match stream.read(&mut byte) {
            Ok(1) => head.push(byte[0]),
            _ => return None,
        }
    }
    String::from_utf8(head).ok()
}

/// Whether the connection can take a further request.
fn answer(mut stream: &TcpStream, method: &str, reply: Reply, state: &State) -> bool {
    if matches!(reply, Reply::Reset) || stream.read(&mut [0]).is_err() {
        return false;
    }
    let (status, headers) = match reply {
        Reply::Status(status, headers) => (status, headers),
        Reply::Raw(bytes) => {
            let _ = stream.write_all(&bytes);
            return false;
        }
        Reply::Slow(_) | Reply::Reset => (200, String::new()),
    };
    let endless = method == "GET" && status == 200;
    let length = if endless { 1_000_000_000_000_u64 } else { 0 };
    let head = format!("HTTP/1.1 {status} X\r\n{headers}Content-Length: {length}\r\n\r\n");
    if stream.write_all(head.as_bytes()).is_err() {
        return false;
    }
    if endless {
        let block = [b'x'; 4096];
        for _ in 0..BODY / 4096 {
            if state.stop.load(Ordering::SeqCst) || stream.write_all(&block).is_err() {
                return false;
            }
        }
        state.body_read.store(true, Ordering::SeqCst);
        return false;
    }
    true
}
