//! Measured coverage as one self-contained page: how much of each folder and file ran, and the
//! source of the files that matter most. It loads nothing, is complete without its script, and is
//! never longer than its budget; what did not fit is counted.

mod source;
mod table;

use crate::html::head::{Page, push_end};
use crate::html::label;
use crate::words;
use gate_verdict::{Ratio, Subject};
use std::cmp::Reverse;
use std::fmt::Write as _;

pub use source::{Line, Source};

/// Most bytes of the parts of a page; with its style it is never longer than 5 MB.
const FOLDER_BYTES: usize = 300_000;
const FILE_BYTES: usize = 1_200_000;
const SOURCE_BYTES: usize = 3_400_000;

const STYLE: &str = include_str!("coverage/style.css");
const SCRIPT: &str = include_str!("coverage/filter.js");

/// What the page is about.
#[derive(Debug)]
pub struct Covered<'a> {
    pub gate: &'a str,
    pub subject: &'a Subject,
    /// Whether a base is known, so that each file says whether the change touches it.
    pub has_base: bool,
    pub files: Vec<CoveredFile<'a>>,
}

/// One measured file.
#[derive(Clone, Copy, Debug)]
pub struct CoveredFile<'a> {
    pub path: &'a str,
    pub lines: Ratio,
    pub branches: Ratio,
    pub functions: Ratio,
    pub is_changed: bool,
}

/// The page. `read` is asked for one source after the other until there is no room: first those
/// that the change touches, then those with most lines that did not run.
pub fn coverage_html(covered: &Covered<'_>, read: &mut dyn FnMut(&str) -> Source) -> String {
    let mut files: Vec<&CoveredFile<'_>> = covered.files.iter().collect();
    files.sort_by_key(|file| (Reverse(missed(file.lines)), file.path));
    let mut first = files.clone();
    first.sort_by_key(|file| !file.is_changed);
    let sources = source::Sources::read(&first, read, SOURCE_BYTES);

    let mut out = String::new();
    let repository = covered.subject.repository.as_deref();
    let repository = repository.map(|name| format!(" · {}", label(name)));
    let page = Page {
        title: format!("Coverage{}", repository.unwrap_or_default()),
        what: "Coverage",
        style: STYLE,
        script: SCRIPT,
    };
    page.push_top(&mut out);
    out.push_str("<main id=\"main\" tabindex=\"-1\">\n");
    push_hero(&mut out, covered);
    table::push_folders(&mut out, &files, FOLDER_BYTES);
    table::push_files(&mut out, covered, &files, &sources, FILE_BYTES);
    sources.push(&mut out, covered.has_base);
    let _ = write!(
        out,
        "</main>\n<footer>\n<p>Made by Gatewright from what the reports of gate <code>{}</code> measure</p>\n</footer>\n",
        label(covered.gate)
    );
    push_end(&mut out, SCRIPT);
    out
}

fn push_hero(out: &mut String, covered: &Covered<'_>) {
    let sum = |part: fn(&CoveredFile<'_>) -> Ratio| {
        let none = Ratio::new(0, 0);
        covered.files.iter().map(part).fold(none, add)
    };
    let lines = sum(|file| file.lines);
    let about = [
        covered.subject.repository.as_deref().map(label),
        covered.subject.commit.as_deref().map(words::short),
    ];
    let about: Vec<String> = about.into_iter().flatten().collect();
    let _ = write!(
        out,
        "<section class=\"hero covered\" aria-labelledby=\"covered\">\n\
         <div class=\"hero-words\"><p class=\"eyebrow\">{}</p>\n\
         <h1 id=\"covered\">{} of lines ran</h1>\n<p class=\"lead\">{}</p></div>\n<dl class=\"facts\">\n",
        if about.is_empty() {
            String::from("Coverage")
        } else {
            about.join(" at ")
        },
        percent(lines),
        words::counted(
            missed(lines),
            "measured line did not",
            "measured lines did not"
        ),
    );
    let changed = covered.files.iter().filter(|file| file.is_changed).count() as u64;
    let all = words::counted(covered.files.len() as u64, "file", "files");
    let facts = [
        ("Lines", Some(counts(lines))),
        ("Branches", Some(counts(sum(|file| file.branches)))),
        ("Functions", Some(counts(sum(|file| file.functions)))),
        ("Measured", Some(all)),
        (
            "Changed",
            covered
                .has_base
                .then(|| words::counted(changed, "measured file", "measured files")),
        ),
        (
            "Work tree",
            covered
                .subject
                .dirty
                .then(|| String::from("differs from the commit")),
        ),
    ];
    for (term, fact) in facts {
        if let Some(fact) = fact {
            let _ = writeln!(out, "<div><dt>{term}</dt><dd>{fact}</dd></div>");
        }
    }
    out.push_str("</dl>\n<p class=\"jump\"><a href=\"#folders\">Folders</a> <a href=\"#files\">Files</a> <a href=\"#sources\">Sources</a></p>\n</section>\n");
}

fn missed(ratio: Ratio) -> u64 {
    ratio.denominator.saturating_sub(ratio.numerator)
}

fn add(sum: Ratio, more: Ratio) -> Ratio {
    Ratio::new(
        sum.numerator.saturating_add(more.numerator),
        sum.denominator.saturating_add(more.denominator),
    )
}

/// The share, cut so that it never says more than was measured.
fn percent(ratio: Ratio) -> String {
    let percent = ratio.percent_floor(2);
    percent.map_or_else(|| String::from("None"), |percent| format!("{percent}%"))
}

/// `81.81% (36,000 of 44,000)`.
fn counts(ratio: Ratio) -> String {
    match ratio.denominator {
        0 => String::from("none measured"),
        all => format!(
            "{} ({} of {})",
            percent(ratio),
            words::count(ratio.numerator),
            words::count(all)
        ),
    }
}
