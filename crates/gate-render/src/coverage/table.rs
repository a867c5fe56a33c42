//! Folders and files with what of them ran, the worst first.

use super::source::Sources;
use super::{Covered, CoveredFile, add, missed, percent};
use crate::html::label;
use crate::words;
use gate_verdict::Ratio;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write as _;

const COLUMNS: &str =
    "<th scope=\"col\">Lines</th><th scope=\"col\">Branches</th><th scope=\"col\">Functions</th>";

/// The mark of a row that the filter looks for.
const CHANGED: &str = " data-changed=\"\"";

/// More folders than this stay closed: the files come soon.
const MANY: usize = 8;

/// What the files that are in a folder itself come to.
struct Folder {
    files: u64,
    lines: Ratio,
    branches: Ratio,
    functions: Ratio,
}

pub(super) fn push_folders(out: &mut String, files: &[&CoveredFile<'_>], most: usize) {
    let mut folders: BTreeMap<&str, Folder> = BTreeMap::new();
    for file in files {
        let name = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let folder = folders.entry(name).or_insert(Folder {
            files: 0,
            lines: Ratio::new(0, 0),
            branches: Ratio::new(0, 0),
            functions: Ratio::new(0, 0),
        });
        folder.files += 1;
        folder.lines = add(folder.lines, file.lines);
        folder.branches = add(folder.branches, file.branches);
        folder.functions = add(folder.functions, file.functions);
    }
    let mut folders: Vec<(&str, Folder)> = folders.into_iter().collect();
    folders.sort_by_key(|(name, folder)| (Reverse(missed(folder.lines)), *name));
    let open = match folders.len() {
        0..=MANY => " open=\"open\"",
        _ => "",
    };
    let _ = write!(
        out,
        "<section aria-labelledby=\"folders\">\n<details{open}><summary><h2 id=\"folders\">{} <small>most lines that did not run first</small></h2></summary>\n\
         <table class=\"stack shares\">\n<thead><tr><th scope=\"col\">Folder</th>{COLUMNS}<th scope=\"col\">Files</th></tr></thead>\n<tbody>\n",
        words::counted(folders.len() as u64, "folder", "folders")
    );
    let rows = folders.iter().map(|(name, folder)| {
        let name = match *name {
            "" => String::from("<span class=\"dim\">(root)</span>"),
            name => format!("<code>{}</code>", label(name)),
        };
        format!(
            "<tr><td data-label=\"Folder\">{name}</td>{}<td data-label=\"Files\">{}</td></tr>\n",
            cells(folder.lines, folder.branches, folder.functions),
            words::count(folder.files)
        )
    });
    let shown = push_within(out, rows, most);
    out.push_str("</tbody>\n</table>\n");
    push_rest(out, folders.len() - shown, "folder is", "folders are");
    out.push_str("</details>\n</section>\n");
}

pub(super) fn push_files(
    out: &mut String,
    covered: &Covered<'_>,
    files: &[&CoveredFile<'_>],
    sources: &Sources<'_>,
    most: usize,
) {
    let changed = if covered.has_base {
        "<label class=\"check\"><input type=\"checkbox\" name=\"changed\"/> Changed only</label>"
    } else {
        ""
    };
    let _ = write!(
        out,
        "<section aria-labelledby=\"files\">\n<h2 id=\"files\">Files <small>most lines that did not run first</small></h2>\n\
         <form id=\"filter\" class=\"filter\" hidden=\"hidden\">\n\
         <label class=\"grow\">Path<input type=\"search\" name=\"text\" placeholder=\"src/api\" autocomplete=\"off\" spellcheck=\"false\"/></label>{changed}\n\
         <p id=\"shown\" role=\"status\"></p>\n</form>\n\
         <table class=\"stack shares\" id=\"files-table\">\n<thead><tr><th scope=\"col\">File</th>{COLUMNS}<th scope=\"col\">Not run</th></tr></thead>\n<tbody>\n"
    );
    let rows = files.iter().map(|file| {
        let name = label(file.path);
        let name = match sources.at(file.path) {
            Some(at) => format!("<a href=\"#f{at}\">{name}</a>"),
            None => name,
        };
        let (mark, note) = if file.is_changed {
            (CHANGED, " <span class=\"tag\">changed</span>")
        } else {
            ("", "")
        };
        format!(
            "<tr{mark}><td data-label=\"File\"><span><code>{name}</code>{note}</span></td>{}<td data-label=\"Not run\">{}</td></tr>\n",
            cells(file.lines, file.branches, file.functions),
            words::count(missed(file.lines))
        )
    });
    let shown = push_within(out, rows, most);
    out.push_str("</tbody>\n</table>\n");
    push_rest(out, files.len() - shown, "file is", "files are");
    out.push_str("</section>\n");
}

fn cells(lines: Ratio, branches: Ratio, functions: Ratio) -> String {
    let width = match lines.denominator {
        0 => String::new(),
        all => {
            let share = u128::from(lines.numerator) * 100 / u128::from(all);
            format!(
                "<svg class=\"bar\" viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect class=\"track\" width=\"100\" height=\"8\"/><rect class=\"fill\" width=\"{share}\" height=\"8\"/></svg>"
            )
        }
    };
    format!(
        "<td data-label=\"Lines\"><span>{}{width}</span></td><td data-label=\"Branches\"><span>{}</span></td><td data-label=\"Functions\"><span>{}</span></td>",
        share(lines),
        share(branches),
        share(functions)
    )
}

fn share(ratio: Ratio) -> String {
    match ratio.denominator {
        0 => String::from("<span class=\"dim\">none</span>"),
        all => format!(
            "<b>{}</b> <small>{} of {}</small>",
            percent(ratio),
            words::count(ratio.numerator),
            words::count(all)
        ),
    }
}

/// As many rows as there is room for; how many those are.
fn push_within(out: &mut String, rows: impl Iterator<Item = String>, most: usize) -> usize {
    let (start, mut shown) = (out.len(), 0);
    for row in rows {
        if out.len() - start + row.len() > most {
            break;
        }
        out.push_str(&row);
        shown += 1;
    }
    shown
}

fn push_rest(out: &mut String, left: usize, one: &str, many: &str) {
    if left > 0 {
        let rest = words::counted(left as u64, one, many);
        let _ = writeln!(
            out,
            "<p class=\"more\">{rest} not listed: the page would be too long. They are in the totals above.</p>"
        );
    }
}
