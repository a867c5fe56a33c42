//! The source of files, line by line, with what ran of each.

use super::{CoveredFile, missed, percent};
use crate::html::label;
use crate::{escape, words};
use gate_verdict::Ratio;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// As many lines as are shown of one file.
const MAX_LINES: usize = 5_000;
/// As many characters as are shown of one line.
const MAX_CHARS: usize = 400;
/// Files that did not fit before no more is tried: smaller ones may still, but each is read for it.
const MAX_TRIES: usize = 50;

/// The source of a file, and what was measured in it.
#[derive(Clone, Debug)]
pub struct Source {
    /// The text, or why it cannot be shown.
    pub text: Result<String, String>,
    /// Measured lines, in order.
    pub lines: Vec<Line>,
    /// Runs of lines that the change added, first and last, in order.
    pub changed: Vec<(u32, u32)>,
}

/// A measured line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    pub number: u32,
    /// How often it ran, where the report says so.
    pub hits: Option<u64>,
    /// Its branches: those taken, and all.
    pub branches: Option<Ratio>,
}

/// The sources that there is room for.
pub(super) struct Sources<'a> {
    html: String,
    shown: BTreeMap<&'a str, usize>,
    not_shown: usize,
}

impl<'a> Sources<'a> {
    pub(super) fn read(
        files: &[&CoveredFile<'a>],
        read: &mut dyn FnMut(&str) -> Source,
        most: usize,
    ) -> Self {
        let (mut html, mut shown, mut tries) = (String::new(), BTreeMap::new(), MAX_TRIES);
        for file in files {
            if tries == 0 {
                break;
            }
            let view = view(file, &read(file.path), shown.len());
            if html.len() + view.len() > most {
                tries -= 1;
                continue;
            }
            html.push_str(&view);
            shown.insert(file.path, shown.len());
        }
        Self {
            not_shown: files.len() - shown.len(),
            html,
            shown,
        }
    }

    /// The number of a file whose source is shown.
    pub(super) fn at(&self, path: &str) -> Option<usize> {
        self.shown.get(path).copied()
    }

    pub(super) fn push(&self, out: &mut String, has_base: bool) {
        let changed = if has_base {
            "<li class=\"c\"><b>+</b> changed</li>"
        } else {
            ""
        };
        let order = if has_base {
            "changed files first, then those with most lines that did not run"
        } else {
            "most lines that did not run first"
        };
        let _ = write!(
            out,
            "<section aria-labelledby=\"sources\">\n<h2 id=\"sources\">Sources <small>{order}</small></h2>\n\
             <ul class=\"legend\"><li class=\"r\"><b>3×</b> ran</li><li class=\"p\"><b>1/2</b> branches taken of all</li><li class=\"n\"><b>0×</b> not run</li><li><b></b> not measured</li>{changed}</ul>\n"
        );
        out.push_str(&self.html);
        if self.not_shown > 0 {
            let files = words::counted(self.not_shown as u64, "file is", "files are");
            let _ = writeln!(
                out,
                "<p class=\"more\">Sources of {files} not shown: the page would be too long.</p>"
            );
        }
        out.push_str("</section>\n");
    }
}

fn view(file: &CoveredFile<'_>, source: &Source, at: usize) -> String {
    let mut out = String::new();
    let path = label(file.path);
    let share = match file.lines.denominator {
        0 => String::from("no line measured"),
        _ => format!(
            "{} of lines, {} not run",
            percent(file.lines),
            words::count(missed(file.lines))
        ),
    };
    let tag = if file.is_changed {
        " <span class=\"tag\">changed</span>"
    } else {
        ""
    };
    let _ = writeln!(
        out,
        "<details class=\"gate file\" id=\"f{at}\"><summary><code>{path}</code>{tag} <span class=\"dim\">{share}</span></summary>"
    );
    match &source.text {
        Ok(text) => push_lines(&mut out, text, source, &path),
        Err(why) => push_note(
            &mut out,
            &format!("Not shown: {}", escape::line(why, MAX_CHARS)),
        ),
    }
    out.push_str("</details>\n");
    out
}

fn push_lines(out: &mut String, text: &str, source: &Source, path: &str) {
    let all = text.lines().count();
    let behind = |line: &&Line| usize::try_from(line.number).is_ok_and(|number| number > all);
    let lost = source.lines.iter().filter(behind).count() as u64;
    if lost > 0 {
        let lines = words::counted(lost, "line", "lines");
        push_note(
            out,
            &format!(
                "The reports measure {lines} behind the end of this file: it has changed since they were written."
            ),
        );
    }
    let _ = writeln!(
        out,
        "<div class=\"code\" role=\"region\" tabindex=\"0\" aria-label=\"Source of {path}\"><ol>"
    );
    let mut measured = source.lines.iter().peekable();
    let mut changed = source.changed.iter().peekable();
    for (number, text) in (1_u32..).zip(text.lines()).take(MAX_LINES) {
        while measured.next_if(|line| line.number < number).is_some() {}
        while changed.next_if(|(_, last)| *last < number).is_some() {}
        let (class, gutter) = measured
            .peek()
            .filter(|line| line.number == number)
            .map_or(("", String::new()), |line| gutter(line));
        let added = changed.peek().is_some_and(|(first, _)| *first <= number);
        let class = match (class, added) {
            ("", false) => String::new(),
            ("", true) => String::from(" class=\"c\""),
            (class, false) => format!(" class=\"{class}\""),
            (class, true) => format!(" class=\"{class} c\""),
        };
        let text = escape::html(&escape::code(text, MAX_CHARS));
        let _ = writeln!(out, "<li{class}><b>{gutter}</b>{text}</li>");
    }
    out.push_str("</ol></div>\n");
    if let Some(left) = all.checked_sub(MAX_LINES).filter(|left| *left > 0) {
        let lines = words::counted(left as u64, "more line is", "more lines are");
        push_note(out, &format!("{lines} not shown."));
    }
}

fn push_note(out: &mut String, text: &str) {
    let _ = writeln!(out, "<p class=\"note\">{}</p>", escape::html(text));
}

/// The class of a line and what is said beside it.
fn gutter(line: &Line) -> (&'static str, String) {
    let partly = line
        .branches
        .filter(|branches| branches.numerator < branches.denominator);
    let hits = line.hits.map(times);
    match (line.hits, partly) {
        (Some(0), _) => ("n", String::from("0×")),
        (_, Some(branches)) => {
            let taken = format!("{}/{}", branches.numerator, branches.denominator);
            let both = hits.map(|hits| format!("{hits} {taken}"));
            ("p", both.unwrap_or(taken))
        }
        (_, None) => ("r", hits.unwrap_or_default()),
    }
}

/// How often a line ran; large numbers cut, so that the code stays in its column.
fn times(hits: u64) -> String {
    match hits {
        0..10_000 => format!("{}×", words::count(hits)),
        10_000..1_000_000 => format!("{}k×", hits / 1_000),
        _ => format!("{}M×", words::count(hits / 1_000_000)),
    }
}
