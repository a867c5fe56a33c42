use serde_json::Value;
use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

const MAX_HEAD: usize = 64 * 1024;
const MAX_BODY: usize = 64 * 1024 * 1024;

/// One request, read whole.
pub(super) struct Request {
    pub(super) method: String,
    /// As sent, with its query.
    pub(super) target: String,
    /// Names in lower case.
    pub(super) headers: BTreeMap<String, String>,
    pub(super) body: Vec<u8>,
}

/// One answer.
pub(super) struct Reply {
    pub(super) status: u16,
    headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

/// How an answer's body is sent.
#[derive(Clone, Copy)]
pub(super) enum Manner {
    Whole,
    Half,
    /// Milliseconds between two bytes.
    Slow(u64),
}

impl Reply {
    pub(super) fn json(status: u16, body: &Value) -> Self {
        Self::new(
            status,
            "application/json; charset=utf-8",
            body.to_string().into_bytes(),
        )
    }

    pub(super) fn html(status: u16, body: &str) -> Self {
        Self::new(status, "text/html", body.as_bytes().to_vec())
    }

    pub(super) fn text(status: u16, kind: &str, body: &[u8]) -> Self {
        Self::new(status, kind, body.to_vec())
    }

    pub(super) fn empty(status: u16) -> Self {
        Self::new(status, "application/json; charset=utf-8", Vec::new())
    }

    fn new(status: u16, kind: &str, body: Vec<u8>) -> Self {
        let headers = vec![
            ("content-type".to_owned(), kind.to_owned()),
            ("x-github-request-id".to_owned(), "FAKE:0001".to_owned()),
        ];
        Self {
            status,
            headers,
            body,
        }
    }

    pub(super) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}

/// Reads one request: bounded head, bounded body (by length or in chunks), within ten seconds of silence.
pub(super) fn read(stream: &mut TcpStream) -> io::Result<Request> {
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let mut bytes = Vec::new();
    let head_end = loop {
        if let Some(at) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break at;
        }
        if bytes.len() > MAX_HEAD {
            return Err(bad("the head is too long"));
        }
        more(stream, &mut bytes)?;
    };
    let mut rest = bytes.split_off(head_end + 4);
    let head = String::from_utf8_lossy(&bytes).into_owned();
    let mut lines = head.lines();
    let mut first = lines.next().unwrap_or_default().split(' ');
    let (method, target) = first
        .next()
        .zip(first.next())
        .map(|(m, t)| (m.to_owned(), t.to_owned()))
        .ok_or_else(|| bad("no request line"))?;
    let headers: BTreeMap<String, String> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let chunked = headers
        .get("transfer-encoding")
        .is_some_and(|value| value.eq_ignore_ascii_case("chunked"));
    let body = if chunked {
        read_chunks(stream, rest)?
    } else {
        let length = headers
            .get("content-length")
            .map_or(Ok(0), |text| text.parse::<usize>());
        let length = length.map_err(|_| bad("content-length is not a number"))?;
        if length > MAX_BODY {
            return Err(bad("the body is too long"));
        }
        while rest.len() < length {
            more(stream, &mut rest)?;
        }
        rest.truncate(length);
        rest
    };
    Ok(Request {
        method,
        target,
        headers,
        body,
    })
}

/// Sends one answer and ends the connection.
pub(super) fn write(stream: &mut TcpStream, reply: &Reply, manner: Manner) -> io::Result<()> {
    stream.set_write_timeout(Some(Duration::from_secs(10)))?;
    let mut head = format!("HTTP/1.1 {} Fake\r\n", reply.status);
    for (name, value) in &reply.headers {
        head.push_str(&format_header(name, value));
    }
    head.push_str(&format_header(
        "content-length",
        &reply.body.len().to_string(),
    ));
    head.push_str("connection: close\r\n\r\n");
    stream.write_all(head.as_bytes())?;
    match manner {
        Manner::Whole => stream.write_all(&reply.body)?,
        Manner::Half => {
            stream.write_all(reply.body.get(..reply.body.len() / 2).unwrap_or_default())?;
        }
        Manner::Slow(millis) => {
            for byte in &reply.body {
                stream.write_all(&[*byte])?;
                std::thread::sleep(Duration::from_millis(millis.min(1_000)));
            }
        }
    }
    stream.flush()
}

fn format_header(name: &str, value: &str) -> String {
    format!("{name}: {value}\r\n")
}

fn read_chunks(stream: &mut TcpStream, mut pending: Vec<u8>) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let line_end = loop {
            if let Some(at) = pending.windows(2).position(|window| window == b"\r\n") {
                break at;
            }
            if pending.len() > MAX_HEAD {
                return Err(bad("a chunk's head is too long"));
            }
            more(stream, &mut pending)?;
        };
        let size = pending
            .get(..line_end)
            .and_then(|line| std::str::from_utf8(line).ok())
            .unwrap_or_default();
        let size = size.split(';').next().unwrap_or_default().trim();
        let size =
            usize::from_str_radix(size, 16).map_err(|_| bad("a chunk's size is not a number"))?;
        if size > MAX_BODY || body.len() + size > MAX_BODY {
            return Err(bad("the body is too long"));
        }
        let (start, end) = (line_end + 2, line_end + 2 + size);
        while pending.len() < end + 2 {
            more(stream, &mut pending)?;
        }
        body.extend_from_slice(pending.get(start..end).unwrap_or_default());
        pending.drain(..end + 2);
        if size == 0 {
            return Ok(body);
        }
    }
}

fn more(stream: &mut TcpStream, bytes: &mut Vec<u8>) -> io::Result<()> {
    let mut buffer = [0_u8; 16 * 1024];
    let read = stream.read(&mut buffer)?;
    if read == 0 {
        return Err(bad("the request ends early"));
    }
    bytes.extend_from_slice(buffer.get(..read).unwrap_or_default());
    Ok(())
}

fn bad(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}
