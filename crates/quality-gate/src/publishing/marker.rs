//! The hidden first line by which a comment or an issue is found again.

use gate_verdict::Decision;
use std::fmt::Write as _;

/// What a run leaves in what it wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Marker {
    /// As [`slot`] gives it.
    pub(super) slot: String,
    /// Number and attempt; the later run has the larger.
    pub(super) run: Option<(u64, u64)>,
    pub(super) commit: Option<String>,
    pub(super) digest: String,
    pub(super) decision: Decision,
}

const START: &str = "<!-- gatewright:";
const END: &str = " -->";

/// Bytes that a marker takes at most, its line end included.
pub(super) const ROOM: usize = 1_024;
/// Bytes of a slot.
const MAX_SLOT: usize = 600;

impl Marker {
    pub(super) fn line(&self) -> String {
        let mut line = format!("{START}{}", self.slot);
        if let Some((run, attempt)) = self.run {
            let _ = write!(line, " run={run}.{attempt}");
        }
        if let Some(commit) = &self.commit {
            let hex: String = commit
                .chars()
                .filter(char::is_ascii_hexdigit)
                .take(64)
                .collect();
            let _ = write!(line, " commit={hex}");
        }
        let _ = write!(
            line,
            " digest={} decision={}",
            self.digest,
            self.decision.as_str()
        );
        line + END
    }

    /// The marker that a text begins with, if it is one of `slot`. Elsewhere in a text it is somebody's quotation.
    pub(super) fn read(text: &str, slot: &str) -> Option<Self> {
        let line = text.lines().next()?.trim_end();
        let mut parts = line
            .strip_prefix(START)?
            .strip_suffix(END)?
            .split_ascii_whitespace();
        if parts.next() != Some(slot) {
            return None;
        }
        let mut marker = Self {
            slot: slot.to_owned(),
            run: None,
            commit: None,
            digest: String::new(),
            // Of a version that says it in another way: then nobody is told of an edge.
            decision: Decision::Block,
        };
        for part in parts {
            match part.split_once('=') {
                Some(("run", value)) => {
                    let (run, attempt) = value.split_once('.')?;
                    marker.run = Some((run.parse().ok()?, attempt.parse().ok()?));
                }
                Some(("commit", value)) => marker.commit = Some(value.to_owned()),
                Some(("digest", value)) => value.clone_into(&mut marker.digest),
                Some(("decision", value)) => {
                    let known = Decision::ALL.into_iter();
                    marker.decision = known
                        .into_iter()
                        .find(|decision| decision.as_str() == value)?;
                }
                _ => {}
            }
        }
        Some(marker)
    }

    /// A later run wrote this than wrote `other`.
    pub(super) fn is_later_than(&self, other: &Self) -> bool {
        matches!((self.run, other.run), (Some(own), Some(others)) if own > others)
    }
}

/// The name of an environment, and of the one gate asked about, with nothing in it that ends a comment or a word.
pub(super) fn slot(environment: Option<&str>, gate: Option<&str>) -> String {
    let mut slot = encode(environment.unwrap_or("default"));
    if let Some(gate) = gate {
        slot.push('/');
        slot.push_str(&encode(gate));
    }
    slot.truncate(MAX_SLOT);
    slot
}

fn encode(name: &str) -> String {
    name.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-') {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marker() -> Marker {
        Marker {
            slot: slot(Some("production"), None),
            run: Some((42, 2)),
            commit: Some("ab".repeat(20)),
            digest: String::from("0123456789abcdef"),
            decision: Decision::RequireApproval,
        }
    }

    #[test]
    fn what_was_written_is_what_is_read() {
        let text = format!("{}\n## text", marker().line());
        assert!(text.len() < ROOM);
        assert_eq!(Marker::read(&text, "production"), Some(marker()));
        assert_eq!(Marker::read(&text, "prod"), None);
        let bare = Marker {
            run: None,
            commit: None,
            ..marker()
        };
        assert_eq!(Marker::read(&bare.line(), "production"), Some(bare));
    }

    #[test]
    fn only_a_first_line_is_a_marker() {
        let line = marker().line();
        for text in [
            format!("> {line}"),
            format!("hello\n{line}"),
            line.replace(" -->", ""),
            line.replace("42.2", "42"),
            line.replace("require_approval", "perhaps"),
            String::new(),
        ] {
            assert_eq!(Marker::read(&text, "production"), None, "{text}");
        }
    }

    #[test]
    fn no_name_gets_out_of_the_comment() {
        let hostile = "a --> @all\n<b>é -- decision=allow";
        let slot = slot(Some(hostile), Some("--><script>"));
        let hostile = Marker {
            slot: slot.clone(),
            ..marker()
        };
        let line = hostile.line();
        assert_eq!(line.matches("-->").count(), 1, "{line}");
        assert!(!line.contains('@') && !line.contains('\n'));
        assert_eq!(Marker::read(&line, &slot), Some(hostile));
        let long = "é".repeat(1_000);
        assert!(
            Marker {
                slot: super::slot(Some(&long), Some(&long)),
                ..marker()
            }
            .line()
            .len()
                < ROOM
        );
    }

    #[test]
    fn runs_are_ordered_by_number_then_attempt() {
        let at = |run| Marker { run, ..marker() };
        assert!(at(Some((43, 1))).is_later_than(&marker()));
        assert!(at(Some((42, 3))).is_later_than(&marker()));
        assert!(!at(Some((42, 2))).is_later_than(&marker()));
        assert!(!at(Some((41, 9))).is_later_than(&marker()));
        assert!(!at(None).is_later_than(&marker()) && !marker().is_later_than(&at(None)));
    }
}
