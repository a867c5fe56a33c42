//! The findings as one HTML page: no script, no address of others; dark and light, narrow and wide.

use super::entries::{Entry, place};
use super::view::counts;
use std::fmt::Write as _;

const STYLE: &str = "\
:root{color-scheme:light dark;--line:#8884;--soft:#8881;--critical:#b30021;--high:#c4480a;--medium:#8a6500;--low:#2b6cb0}\
@media(prefers-color-scheme:dark){:root{--critical:#ff7b8a;--high:#ff9d66;--medium:#e3b341;--low:#79b8ff}}\
body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;max-width:72rem;padding:1rem}\
h1{font-size:1.4rem}ul.counts{display:flex;flex-wrap:wrap;gap:.5rem;list-style:none;padding:0}\
ul.counts li{border:1px solid var(--line);border-radius:.4rem;padding:.2rem .7rem}\
ol{list-style:none;padding:0}ol li{border-top:1px solid var(--line);padding:.6rem 0}\
.severity{font-weight:600}.critical,.unknown{color:var(--critical)}.high{color:var(--high)}.medium{color:var(--medium)}.low{color:var(--low)}\
code{background:var(--soft);border-radius:.2rem;overflow-wrap:anywhere;padding:0 .2rem}p{margin:.2rem 0;overflow-wrap:anywhere}";

pub(super) fn page(entries: &[Entry], limit: usize) -> String {
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width,initial-scale=1\"><meta http-equiv=\"Content-Security-Policy\" \
         content=\"default-src 'none';style-src 'unsafe-inline'\"><title>Findings</title><style>{STYLE}</style></head>\n\
         <body><main><h1>{} finding(s)</h1>\n<ul class=\"counts\" aria-label=\"Findings by severity\">",
        entries.len()
    );
    for (word, count) in counts(entries) {
        // Writing to a String cannot fail.
        let _ = write!(
            out,
            "<li><span class=\"severity {word}\">{word}</span> {count}</li>"
        );
    }
    out.push_str("</ul>\n<ol>\n");
    for entry in entries.iter().take(limit) {
        let _ = writeln!(
            out,
            "<li><p><span class=\"severity {0}\">{0}</span> <code>{1}</code></p><p>{2}</p><p><small>{3} <code>{4}</code>{5}</small></p></li>",
            entry.severity,
            escaped(&place(entry)),
            escaped(&entry.message),
            escaped(&entry.tool),
            escaped(&entry.rule),
            entry
                .visible
                .map_or_else(String::new, |visible| format!(", {visible}"))
        );
    }
    out.push_str("</ol>\n");
    if entries.len() > limit {
        let _ = writeln!(out, "<p>and {} more</p>", entries.len() - limit);
    }
    out.push_str("</main></body></html>\n");
    out
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_others_are_no_markup() {
        let entry = Entry {
            tool: String::from("<b>"),
            rule: String::from("\"'&"),
            severity: "high",
            rank: 3,
            path: String::from("<script>alert(1)</script>"),
            line: None,
            message: String::from("</p><img src=x>"),
            visible: None,
            hash: None,
        };
        let page = page(&[entry.clone(), entry], 1);
        assert!(!page.contains("<script") && !page.contains("<img") && !page.contains("<b>"));
        assert!(page.contains("&quot;&#39;&amp;") && page.contains("and 1 more"));
    }
}
