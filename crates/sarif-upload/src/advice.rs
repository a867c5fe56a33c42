//! What GitHub says about a file that it could not process, and what helps: the sentences that its upload action knows
//! (`upload-lib.ts` of `codeql-action`).

/// Words of GitHub's in lower case, and the next step. The first that is found counts.
const ADVICE: [(&str, &str); 15] = [
    (
        "default setup",
        "switch code scanning's default setup off, or leave this upload out: GitHub takes one of both",
    ),
    (
        "logical alert",
        "GitHub takes no upload for this repository until its alerts are fewer: make rule ids and paths stay the same from \
         run to run (temporary folders and image digests in paths are the usual cause), delete old analyses, and ask \
         GitHub's support where that does not help",
    ),
    ("same category", "give each run a category of its own"),
    ("multiple runs", "give each run a category of its own"),
    (
        "artifact location",
        "make the scanner give each result a file (`artifactLocation.uri`)",
    ),
    ("security-severity", SCORE),
    ("security severity", SCORE),
    (
        "checkout uri",
        "write paths relative to the root of the repository, without `https:`, `git:` or an image's name before them",
    ),
    (
        "unsuccessful execution",
        "mend the scanner's run (`executionSuccessful: false`); GitHub refuses failed runs",
    ),
    (
        "more runs than allowed",
        "write several files of at most 20 runs, with a category each",
    ),
    (
        "more results",
        "leave out results of low severity, or split the run: GitHub takes 25,000 results a run",
    ),
    (
        "than allowed",
        "write fewer of what GitHub names; its page \"SARIF support for code scanning\" has the limits",
    ),
    (
        "no runs",
        "make the scanner write a run, also where it found nothing",
    ),
    (
        "invalid uri",
        "write paths relative to the root of the repository, percent-encoded, with `/`",
    ),
    (
        "rejecting sarif",
        "correct what GitHub names and upload the file again",
    ),
];

const SCORE: &str = "write `security-severity` as a number from 0.0 to 10.0 in quotes";

/// The next step after what GitHub said.
pub(crate) fn advice(errors: &str) -> &'static str {
    let errors = errors.to_lowercase();
    let known = ADVICE.iter().find(|(mark, _)| errors.contains(mark));
    known.map_or(
        "correct what GitHub names and upload the file again",
        |(_, advice)| advice,
    )
}

/// What failed processing comes to. A file may be processed in part: then GitHub names its analyses, and the alerts of
/// the rest are as they were.
pub(crate) fn failed(errors: &[String], analyses_url: Option<&str>) -> String {
    let said = if errors.is_empty() {
        String::from("no reason given")
    } else {
        errors.join("; ")
    };
    match analyses_url {
        Some(url) => format!(
            "GitHub processed only a part of it ({url}); the alerts of the rest are as they were: {said}"
        ),
        None => format!("GitHub could not process it, or only a part of it: {said}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_errors_are_advised_on() {
        for (error, expected) in [
            (
                "CodeQL analyses from advanced configurations cannot be processed when the default setup is enabled",
                "default setup",
            ),
            (
                "rejecting delivery as the repository has too many logical alerts",
                "support",
            ),
            (
                "A delivery cannot contain multiple runs with the same category",
                "category of its own",
            ),
            (
                "locationFromSarifResult: expected artifact location",
                "artifactLocation",
            ),
            (
                "could not convert rules: invalid security severity value, is not a number: high",
                "0.0 to 10.0",
            ),
            (
                "could not convert rules: invalid security-severity value, is not a number",
                "0.0 to 10.0",
            ),
            (
                "SARIF URI scheme \"https\" did not match the checkout URI scheme \"file\"",
                "without `https:`",
            ),
            (
                "expected artifact URI scheme \"http\" to match checkout URI scheme",
                "relative",
            ),
            (
                "an invalid URI was provided as a SARIF location",
                "percent-encoded",
            ),
            (
                "rejecting SARIF, as there are more runs than allowed (50 > 20)",
                "at most 20 runs",
            ),
            (
                "rejecting SARIF, as there are more results per run than allowed (30000 > 25000)",
                "25,000",
            ),
            (
                "rejecting SARIF, as there are more rules than allowed",
                "limits",
            ),
            ("rejecting SARIF, as there are no runs", "write a run"),
            (
                "cannot process the run: unsuccessful execution",
                "executionSuccessful",
            ),
            (
                "rejecting SARIF for another reason",
                "correct what GitHub names",
            ),
            ("something new", "correct what GitHub names"),
            // `security` holds the letters of `uri`.
            ("Code Security is unwell", "correct what GitHub names"),
        ] {
            assert!(
                advice(error).contains(expected),
                "{error}: {}",
                advice(error)
            );
        }
    }

    #[test]
    fn a_part_that_was_processed_is_told() {
        let errors = [String::from("one"), String::from("two")];
        assert!(failed(&errors, Some("https://x")).contains("only a part of it (https://x)"));
        assert!(failed(&errors, None).ends_with("one; two"));
        assert!(failed(&[], None).ends_with("no reason given"));
    }
}
