//! Heading anchors against the programs whose rules they follow: thousands of made-up headings in as many scripts as we know of,
//! the same for every run, are given to both.

mod headings;
mod oracles;

use super::Outcome;
use anyhow::{Result, ensure};
use gate_syntax::{Dialect, Slugger};
use headings::Heading;

/// The headings, or the anchors, of several files.
type Files<T> = Vec<Vec<T>>;

/// One program, and which of our dialects is to agree with it.
struct Oracle {
    name: &'static str,
    dialect: Dialect,
    /// The heading as the program gets to see it, and as we do.
    seen: fn(&Heading) -> String,
    /// `None`: it cannot be had on this machine. The reason has been printed.
    anchors: fn(&Files<Heading>) -> Result<Option<Files<String>>>,
}

static ORACLES: &[Oracle] = &[
    Oracle {
        name: oracles::GITHUB_SLUGGER,
        dialect: Dialect::Github,
        seen: Heading::whole,
        anchors: oracles::github_slugger,
    },
    Oracle {
        name: oracles::PYTHON_MARKDOWN,
        dialect: Dialect::Mkdocs,
        seen: Heading::whole,
        anchors: oracles::python_markdown,
    },
    Oracle {
        name: oracles::HUGO,
        dialect: Dialect::Hugo,
        seen: Heading::as_markdown_has_it,
        anchors: oracles::hugo,
    },
];

pub(super) fn check() -> Result<Outcome> {
    let files = headings::files();
    let count: usize = files.iter().map(Vec::len).sum();
    let (mut differing, mut missing) = (false, false);
    for oracle in ORACLES {
        let Some(theirs) = (oracle.anchors)(&files)? else {
            println!("   {}: NOT CHECKED", oracle.name);
            missing = true;
            continue;
        };
        let seen = files
            .iter()
            .map(|file| file.iter().map(oracle.seen).collect());
        let differences = differences(oracle.dialect, &seen.collect(), &theirs)?;
        println!(
            "   {}: {count} headings in {} files, {} differ",
            oracle.name,
            files.len(),
            differences.len()
        );
        for difference in differences.iter().take(10) {
            println!("   {difference}");
        }
        differing |= !differences.is_empty();
    }
    Ok(match (differing, missing) {
        (true, _) => Outcome::Wrong,
        (false, true) => {
            Outcome::Skipped("not every tool to compare with can be had here, see above")
        }
        (false, false) => Outcome::Well,
    })
}

/// Every heading for which the dialect's anchor is another than `theirs`. An error if `theirs` are not as many.
fn differences(
    dialect: Dialect,
    files: &Files<String>,
    theirs: &Files<String>,
) -> Result<Vec<String>> {
    ensure!(
        files.len() == theirs.len(),
        "found the anchors of {} files, expected those of {}",
        theirs.len(),
        files.len()
    );
    let mut all = Vec::new();
    for (number, (texts, theirs)) in files.iter().zip(theirs).enumerate() {
        ensure!(
            texts.len() == theirs.len(),
            "file {number}: found {} anchors, expected one for each of {} headings",
            theirs.len(),
            texts.len()
        );
        let mut slugger = Slugger::new(dialect);
        for text in texts {
            slugger.reserve(text);
        }
        for (text, theirs) in texts.iter().zip(theirs) {
            let ours = slugger.slug(text);
            if *ours != **theirs {
                let word = dialect.as_str();
                all.push(format!(
                    "file {number}, heading {text:?}: found {ours:?} in `{word}`, expected {theirs:?}"
                ));
            }
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(texts: &[&[&str]]) -> Files<String> {
        texts
            .iter()
            .map(|file| file.iter().map(|text| (*text).to_owned()).collect())
            .collect()
    }

    #[test]
    fn a_planted_difference_is_found() {
        let headings = files(&[&["A & B", "Dup", "Dup"], &["Dup"]]);
        let right = files(&[&["a--b", "dup", "dup-1"], &["dup"]]);
        let none = differences(Dialect::Github, &headings, &right).expect("as many");
        assert_eq!(none, [""; 0]);
        let wrong = files(&[&["a-b", "dup", "dup-2"], &["dup"]]);
        let two = differences(Dialect::Github, &headings, &wrong).expect("as many");
        let first = "file 0, heading \"A & B\": found \"a--b\" in `github`, expected \"a-b\"";
        assert_eq!(two.len(), 2, "{two:?}");
        assert_eq!(two[0], first);
    }

    #[test]
    fn an_anchor_too_few_is_an_error() {
        let headings = files(&[&["A"], &["B"]]);
        for short in [files(&[&["a"]]), files(&[&["a"], &[]])] {
            assert!(differences(Dialect::Github, &headings, &short).is_err());
        }
    }

    #[test]
    fn an_id_stated_further_down_is_known_from_the_start() {
        let headings = files(&[&["T", "X {#t}"]]);
        let theirs = files(&[&["t_1", "t"]]);
        let none = differences(Dialect::Mkdocs, &headings, &theirs).expect("as many");
        assert_eq!(none, [""; 0]);
    }
}
