//! What surrounds the report: its head with the content security policy, the
//! shapes, and its foot with what it was made from.

use super::{decision_title, label};
use gate_verdict::{DecisionDoc, sha256_hex};
use std::fmt::Write as _;

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("filter.js");
const SHAPES: &str = include_str!("shapes.svg");

pub(super) fn push_head(out: &mut String, decision: &DecisionDoc) {
    let title = decision_title(decision.decision);
    let environment = decision
        .environment
        .as_deref()
        .map(|name| format!(" for {}", label(name)))
        .unwrap_or_default();
    let repository = decision
        .subject
        .repository
        .as_deref()
        .map(|name| format!(" · {}", label(name)))
        .unwrap_or_default();
    let page = Page {
        title: format!("{title}{environment}{repository} · quality gates"),
        what: "Quality gates",
        style: "",
        script: SCRIPT,
    };
    page.push_top(out);
}

pub(super) fn push_foot(out: &mut String, decision: &DecisionDoc) {
    let _ = write!(
        out,
        "<footer>\n<p>Made by {} {} from <code>decision.json</code></p>\n<p>Digest <code>{}</code></p>\n",
        label(&decision.tool.name),
        label(&decision.tool.version),
        label(&decision.digest)
    );
    if let Some(sha256) = &decision.policy.sha256 {
        let _ = writeln!(out, "<p>Policy <code>{}</code></p>", label(sha256));
    }
    out.push_str("</footer>\n");
    push_end(out, SCRIPT);
}

/// What is around the content of a page.
pub(crate) struct Page<'a> {
    /// Safe as text.
    pub(crate) title: String,
    pub(crate) what: &'a str,
    /// What it has beside the common style.
    pub(crate) style: &'a str,
    pub(crate) script: &'a str,
}

impl Page<'_> {
    pub(crate) fn push_top(&self, out: &mut String) {
        let style = unix_lines(&[STYLE, self.style].concat());
        let _ = write!(
            out,
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
             style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'\"/>\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n\
             <meta name=\"color-scheme\" content=\"light dark\"/>\n\
             <meta name=\"referrer\" content=\"no-referrer\"/>\n\
             <title>{}</title>\n\
             <style>{style}</style>\n</head>\n<body>\n\
             <a class=\"skip\" href=\"#main\">Skip to the report</a>\n{}\
             <header class=\"top\"><span class=\"brand\"><svg aria-hidden=\"true\" focusable=\"false\"><use href=\"#i-gate\"/></svg>Gatewright</span>\
             <span class=\"what\">{}</span></header>\n",
            sha256_base64(&style),
            sha256_base64(&unix_lines(self.script)),
            self.title,
            unix_lines(SHAPES),
            self.what,
        );
    }
}

pub(crate) fn push_end(out: &mut String, script: &str) {
    let _ = write!(
        out,
        "<script>{}</script>\n</body>\n</html>\n",
        unix_lines(script)
    );
}

/// A browser hashes the text after it has made every line end a line feed.
fn unix_lines(text: &str) -> String {
    text.replace("\r\n", "\n")
}

/// The hash of an inline style or script, as a source of the policy.
fn sha256_base64(text: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let hex = sha256_hex(text.as_bytes());
    let mut out = String::with_capacity(44);
    // Three hex digits are two digits of base64; 64 hex digits leave one over,
    // which fills up with zeros to 43 digits and one sign of padding.
    for group in hex.as_bytes().chunks(3) {
        let bits = (0..3).fold(0_usize, |bits, at| {
            bits << 4 | group.get(at).map_or(0, |digit| hex_value(*digit))
        });
        out.push(char::from(DIGITS[bits >> 6]));
        if group.len() > 1 {
            out.push(char::from(DIGITS[bits & 63]));
        }
    }
    out.push('=');
    out
}

const fn hex_value(digit: u8) -> usize {
    match digit {
        b'a'..=b'f' => (digit - b'a' + 10) as usize,
        _ => digit.wrapping_sub(b'0') as usize & 15,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The well-known hash of nothing.
    #[test]
    fn hashes_are_written_as_the_policy_wants_them() {
        assert_eq!(
            sha256_base64(""),
            "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
        );
    }
}
