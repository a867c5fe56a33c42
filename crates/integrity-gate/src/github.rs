//! What GitHub makes of files and paths by their names alone.

use crate::tree::last;

/// Endings of files that GitHub renders or shows as a medium, or that a site
/// serves as pages: they may have anchors, and nobody here reads them. Sorted.
const NOT_SOURCE: [&str; 72] = [
    "adoc",
    "asc",
    "asciidoc",
    "asp",
    "aspx",
    "avi",
    "avif",
    "bmp",
    "cfm",
    "creole",
    "cshtml",
    "doc",
    "docx",
    "eot",
    "epub",
    "flac",
    "geojson",
    "gif",
    "htm",
    "html",
    "ico",
    "ipynb",
    "jpeg",
    "jpg",
    "jsp",
    "jspx",
    "livemd",
    "m4a",
    "m4v",
    "mdc",
    "mdx",
    "mediawiki",
    "mermaid",
    "mmd",
    "mov",
    "mp3",
    "mp4",
    "odt",
    "ogg",
    "ogv",
    "org",
    "pdf",
    "php",
    "png",
    "pod",
    "pod6",
    "ppt",
    "pptx",
    "psd",
    "qmd",
    "rdoc",
    "rest",
    "rmd",
    "rst",
    "shtml",
    "stl",
    "svg",
    "textile",
    "tif",
    "tiff",
    "topojson",
    "ttf",
    "wasm",
    "wav",
    "webm",
    "webp",
    "wiki",
    "woff",
    "woff2",
    "xht",
    "xhtml",
    "xlsx",
];

/// Whether GitHub shows a file, which is no Markdown, as its source, where only
/// lines have anchors.
pub(crate) fn is_source(path: &str) -> bool {
    let ending = last(path).rsplit_once('.').map(|(_, ending)| ending);
    ending.is_none_or(|ending| {
        !NOT_SOURCE
            .iter()
            .any(|known| ending.eq_ignore_ascii_case(known))
    })
}

/// Whether a file is one that GitHub shows below the files of a folder.
pub(crate) fn is_readme(path: &str) -> bool {
    let name = last(path);
    let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
    stem.eq_ignore_ascii_case("readme")
}

/// Names of the file that a folder shows, in the order in which they are tried;
/// the others are no Markdown.
pub(crate) const READMES: [&str; 5] = [
    "README.md",
    "readme.md",
    "Readme.md",
    "README.MD",
    "README.markdown",
];
pub(crate) const OTHER_READMES: [&str; 9] = [
    "README.rst",
    "readme.rst",
    "README.adoc",
    "README.asciidoc",
    "README.org",
    "README.textile",
    "README.rdoc",
    "README.txt",
    "README",
];

/// Pages of a repository on GitHub. A file is shown at `blob/REF/path`, so two
/// levels above the root lies the repository's own address.
const PAGES: [&str; 21] = [
    "actions",
    "archive",
    "branches",
    "commit",
    "commits",
    "compare",
    "contributors",
    "discussions",
    "forks",
    "graphs",
    "issues",
    "labels",
    "milestones",
    "new",
    "projects",
    "pull",
    "pulls",
    "releases",
    "security",
    "tags",
    "wiki",
];

/// Whether a path climbs exactly two levels above the root and goes on to a
/// page of the repository, such as `../../issues` in a file of the root.
pub(crate) fn leads_to_a_page(base: &str, path: &str) -> bool {
    let base = if path.starts_with('/') { "" } else { base };
    let mut rest: Vec<&str> = vec!["blob", "ref"];
    let parts = base.split('/').chain(path.split('/'));
    for part in parts.filter(|part| !matches!(*part, "" | ".")) {
        if part == ".." {
            if rest.pop().is_none() {
                return false;
            }
        } else {
            rest.push(part);
        }
    }
    rest.first().is_none_or(|page| PAGES.contains(page))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_host_shows_as_source() {
        for path in ["basket.py", "LICENSE", "a.b/Makefile", "notes.TXT", "x.xml"] {
            assert!(is_source(path), "{path}");
        }
        for path in ["a.HTML", "g.rst", "p.pdf", "logo.svg", "a/b.mdx", "x.php"] {
            assert!(!is_source(path), "{path}");
        }
        assert!(is_readme("docs/readme.rst") && is_readme("README") && !is_readme("readme-x.md"));
    }

    #[test]
    fn pages_of_the_repository_lie_two_levels_above_the_root() {
        for (base, path) in [
            ("", "../../issues"),
            ("", "../../"),
            ("docs", "../../../wiki/Home"),
            ("docs", "/../../pulls"),
        ] {
            assert!(leads_to_a_page(base, path), "{base} {path}");
        }
        for (base, path) in [
            ("", "../issues"),
            ("", "../../../issues"),
            ("", "../../src/x.md"),
            ("docs", "../../issues"),
        ] {
            assert!(!leads_to_a_page(base, path), "{base} {path}");
        }
    }
}
