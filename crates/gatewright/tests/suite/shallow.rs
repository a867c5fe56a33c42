//! Checkouts at depth 1, as `actions/checkout` makes them unless told otherwise:
//! the lines of the change are asked of GitHub.

use crate::actions::{in_actions, pull_request};
use crate::support::{Ran, Repo};
use gate_testkit::fake_github::{FakeGithub, Fault, Route, Setup};

const POLICY: &str =
    "version: 1\ngates:\n  coverage:\n    criteria: {patch_line_coverage: '>= 50%'}\n";
const TOKEN: &str = "gh-example";

/// GitHub's repository with the test merge of a pull request, and that merge alone checked out.
struct Merged {
    origin: Repo,
    checkout: Repo,
    event: String,
}

impl Merged {
    fn new() -> Self {
        let origin = Repo::sound(Some(POLICY));
        origin.write("shop/basket.py", "one\ntwo\nthree\n");
        let base = origin.commit("second");
        origin.git(&["checkout", "--quiet", "-b", "topic"]);
        origin.write("shop/basket.py", "one\ntwo\nthree\nfour\nfive\n");
        origin.git(&["mv", "docs/guide.md", "docs/a b.md"]);
        let head = origin.commit("third");
        // The base moved on meanwhile, so the lines of the merge are not those of the head.
        origin.git(&["checkout", "--quiet", "main"]);
        origin.write("shop/basket.py", "zero\none\ntwo\nthree\n");
        let base_now = origin.commit("fourth");
        origin.git(&["checkout", "--quiet", "--detach", &base_now]);
        let merge = [
            "merge",
            "--quiet",
            "--no-ff",
            "--no-gpg-sign",
            "-m",
            "merge",
            &head,
        ];
        origin.git(&merge);
        origin.git(&["branch", "merged"]);
        let checkout = Repo::empty();
        let url = format!("file://{}", origin.path().display());
        checkout.git(&["fetch", "--quiet", "--depth=1", &url, "merged"]);
        checkout.git(&["checkout", "--quiet", "--detach", "FETCH_HEAD"]);
        checkout.write(".git/info/exclude", "lcov.info\n.gatewright\n");
        let lines = "DA:1,1\nDA:2,1\nDA:3,1\nDA:4,1\nDA:5,1\nDA:6,0";
        let report = format!("SF:shop/basket.py\n{lines}\nend_of_record\n");
        checkout.write("lcov.info", report);
        Self {
            event: pull_request(&base, &head),
            origin,
            checkout,
        }
    }

    fn github(&self) -> FakeGithub {
        let github = FakeGithub::with(Setup {
            repository: Some(self.origin.path().to_owned()),
            ..Setup::default()
        })
        .expect("it starts");
        github.add_file("*", ".github/gates.yml", POLICY.as_bytes());
        github
    }

    fn judged(&self, github: &FakeGithub, arguments: &[&str]) -> Ran {
        let url = github.url();
        let extra = [
            ("GITHUB_API_URL", url.as_str()),
            ("GATEWRIGHT_TOKEN", TOKEN),
        ];
        let event = ("pull_request", self.event.as_str());
        let format = ["coverage", "--format", "text"];
        let (ran, _, _) = in_actions(
            &self.checkout,
            &[&format, arguments].concat(),
            event,
            &extra,
        );
        assert!(github.violations().is_empty(), "{:?}", github.violations());
        ran
    }
}

#[test]
fn the_lines_of_the_change_are_those_of_the_merge() {
    let merged = Merged::new();
    let github = merged.github();
    let ran = merged.judged(&github, &[]);
    assert_eq!(ran.code, Some(0), "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("50.00% (1 of 2)"), "{}", ran.stdout);
    assert!(ran.stdout.contains("shop/basket.py:6"), "{}", ran.stdout);
    assert!(
        ran.stdout
            .contains("the lines of the change are those that GitHub says"),
        "{}",
        ran.stdout
    );
    let requests = github.requests();
    let compared = requests.iter().filter(|one| one.path.contains("/compare/"));
    assert_eq!(compared.count(), 1, "{requests:?}");
}

#[test]
fn what_github_cannot_say_is_an_error_and_no_pass() {
    let refused = |message: &str| Fault::Answer {
        status: 406,
        message: message.to_owned(),
    };
    for (fault, said) in [
        (
            refused("Sorry, the diff exceeded the maximum number of files (300)."),
            "300 files",
        ),
        (Fault::ReadOnlyToken, "contents: read"),
        (Fault::NotFound, "GitHub was asked for the change"),
        (Fault::HugeBody { bytes: 40 }, "said something else"),
        (Fault::EmptyBody, "no diff"),
        (Fault::TruncatedBody, ""),
    ] {
        let merged = Merged::new();
        let github = merged.github();
        github.fail(Route::Compare, fault.clone());
        let ran = merged.judged(&github, &[]);
        if fault == Fault::TruncatedBody {
            assert_eq!(ran.code, Some(0), "asked again: {}", ran.stdout);
            continue;
        }
        assert_eq!(ran.code, Some(1), "{fault:?}: {}", ran.stdout);
        for words in [said, "ERROR", "fetch-depth: 0"] {
            assert!(
                ran.stdout.contains(words),
                "{fault:?}, {words}: {}",
                ran.stdout
            );
        }
    }
    let merged = Merged::new();
    let ran = merged.judged(&merged.github(), &["--offline"]);
    assert_eq!(ran.code, Some(1), "{}", ran.stdout);
    // A file that is another one here than in the commit has other lines.
    merged
        .checkout
        .write("shop/basket.py", "made\nby\na\nbuild\n");
    let ran = merged.judged(&merged.github(), &[]);
    assert_eq!(ran.code, Some(1), "{}", ran.stdout);
    assert!(ran.stdout.contains("another file here"), "{}", ran.stdout);
}
