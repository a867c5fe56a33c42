//! The fetch script in every situation it knows, with stand-ins for curl and cargo.
#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests fail by panicking, as the tests do"
)]

use crate::workspace::root;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

const ASSET: &str = "gatewright-1.2.3-x86_64-unknown-linux-musl.tar.gz";

/// A suite at a release commit, a runner's folders, and a curl that hands out `mirror/`.
struct Place(TempDir);

/// Exit code, what was said, and the program that was found.
struct Fetched {
    code: i32,
    said: String,
    binary: Option<String>,
}

impl Place {
    fn new() -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        for folder in [
            "suite/actions/fetch",
            "temp",
            "cache",
            "mirror",
            "bin",
            "work",
        ] {
            fs::create_dir_all(place.at(folder)).unwrap();
        }
        fs::copy(
            root().join("actions/fetch/fetch.sh"),
            place.at("suite/actions/fetch/fetch.sh"),
        )
        .unwrap();
        place.program("bin/curl", "echo \"curl $*\" >>\"$RUNNER_TEMP/asked\"\nwhile [ \"$1\" != -o ]; do shift; done\nexec cp \"$MIRROR\" \"$2\"");
        place.program("bin/cargo", "echo \"$PWD $*\" >\"$RUNNER_TEMP/cargo\"");
        place.program("real", "echo the gate");
        place.shell(&format!(
            "tar -czf mirror/{ASSET} --transform s/real/gatewright/ real"
        ));
        place.shell(&format!(
            "cd mirror && sha256sum {ASSET} >../suite/checksums.txt"
        ));
        fs::write(place.at("suite/VERSION"), "1.2.3\n").unwrap();
        place
    }

    fn at(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn program(&self, path: &str, text: &str) {
        fs::write(self.at(path), format!("#!/bin/sh\n{text}\n")).unwrap();
        fs::set_permissions(self.at(path), fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn shell(&self, script: &str) {
        assert!(
            Command::new("sh")
                .args(["-ec", script])
                .current_dir(self.0.path())
                .status()
                .unwrap()
                .success(),
            "{script}"
        );
    }

    fn cached(&self) -> PathBuf {
        self.at("cache/gatewright/1.2.3").join(ASSET)
    }

    fn asked(&self) -> String {
        fs::read_to_string(self.at("temp/asked")).unwrap_or_default()
    }

    fn fetch(&self, variables: &[(&str, &str)]) -> Fetched {
        let output = self.at("temp/output");
        fs::write(&output, "").unwrap();
        let path = format!(
            "{}:{}",
            self.at("bin").display(),
            std::env::var("PATH").unwrap()
        );
        let ran = Command::new("bash")
            .arg("-p")
            .arg(self.at("suite/actions/fetch/fetch.sh"))
            .current_dir(self.at("work"))
            .env_clear()
            .envs([
                ("RUNNER_OS", "Linux"),
                ("RUNNER_ARCH", "X64"),
                ("PATH", &path),
            ])
            .env("RUNNER_TEMP", self.at("temp"))
            .env("RUNNER_TOOL_CACHE", self.at("cache"))
            .env("GITHUB_OUTPUT", &output)
            .env("MIRROR", self.at("mirror").join(ASSET))
            .envs(variables.iter().copied())
            .output()
            .unwrap();
        Fetched {
            code: ran.status.code().unwrap(),
            said: String::from_utf8_lossy(&[ran.stdout, ran.stderr].concat()).into_owned(),
            binary: fs::read_to_string(&output)
                .unwrap()
                .strip_prefix("binary=")
                .map(|path| path.trim().to_owned()),
        }
    }

    fn found(&self, variables: &[(&str, &str)]) -> String {
        let fetched = self.fetch(variables);
        assert_eq!(fetched.code, 0, "{}", fetched.said);
        fetched.binary.unwrap()
    }

    fn refused(&self, variables: &[(&str, &str)]) -> String {
        let fetched = self.fetch(variables);
        assert_eq!(
            (fetched.code, &fetched.binary),
            (2, &None),
            "{}",
            fetched.said
        );
        assert!(
            fetched.said.contains("::error title=Gatewright::"),
            "{}",
            fetched.said
        );
        fetched.said
    }
}

fn says(program: &str) -> String {
    String::from_utf8(Command::new(program).output().unwrap().stdout).unwrap()
}

#[test]
fn a_release_is_downloaded_once_and_checked_each_time() {
    let place = Place::new();
    assert_eq!(says(&place.found(&[])), "the gate\n");
    assert_eq!(says(&place.found(&[])), "the gate\n");
    let url = format!("https://github.com/gatewright/gatewright/releases/download/v1.2.3/{ASSET}");
    assert_eq!(place.asked().lines().count(), 1);
    assert!(
        place.asked().contains(&url) && place.asked().contains("--proto =https"),
        "{}",
        place.asked()
    );
    fs::write(place.cached(), "poison").unwrap();
    assert_eq!(
        says(&place.found(&[("GATEWRIGHT_DOWNLOAD_BASE_URL", "https://mirror.example/x")])),
        "the gate\n"
    );
    assert!(
        place
            .asked()
            .contains(&format!("https://mirror.example/x/v1.2.3/{ASSET}")),
        "{}",
        place.asked()
    );
}

#[test]
fn a_download_that_differs_is_not_kept() {
    let place = Place::new();
    fs::write(place.at("mirror").join(ASSET), "poison").unwrap();
    assert!(place.refused(&[]).contains("sha256 differs"));
    assert_eq!(
        fs::read_dir(place.cached().parent().unwrap())
            .unwrap()
            .count(),
        0
    );
}

#[test]
fn a_download_that_fails_and_a_platform_without_a_binary_are_said() {
    let place = Place::new();
    fs::remove_file(place.at("mirror").join(ASSET)).unwrap();
    assert!(
        place
            .refused(&[])
            .contains("could not be downloaded from https://github.com")
    );
    let said = place.refused(&[("RUNNER_ARCH", "ARM")]);
    assert!(
        said.contains("checksums.txt has no") && said.contains("binary-path"),
        "{said}"
    );
}

#[test]
fn a_commit_between_releases_names_the_three_ways() {
    let place = Place::new();
    fs::remove_file(place.at("suite/VERSION")).unwrap();
    let said = place.refused(&[]);
    for way in ["the commit of a release", "binary-path", "build: source"] {
        assert!(said.contains(way), "{said}");
    }
    assert_eq!(place.asked(), "");
}

#[test]
fn a_build_obeys_the_suite_and_not_the_workspace() {
    let place = Place::new();
    fs::create_dir(place.at("work/.cargo")).unwrap();
    let binary = place.found(&[("GATEWRIGHT_BUILD", "source")]);
    let called = fs::read_to_string(place.at("temp/cargo")).unwrap();
    let suite = place.at("suite").canonicalize().unwrap();
    assert!(
        called.starts_with(&format!("{} build --release --locked", suite.display())),
        "{called}"
    );
    assert!(Path::new(&binary).starts_with(place.at("temp")), "{binary}");
    assert!(
        place
            .refused(&[("GATEWRIGHT_BUILD", "nightly")])
            .contains("expected release or source")
    );
    place.program("bin/cargo", "exit 101");
    assert!(
        place
            .refused(&[("GATEWRIGHT_BUILD", "source")])
            .contains("cargo could not build")
    );
}

#[test]
fn a_given_binary_is_used_as_it_is() {
    let place = Place::new();
    place.program("work/own gate", "echo mine");
    for path in [
        "own gate",
        "./own gate",
        place.at("work/own gate").to_str().unwrap(),
    ] {
        assert_eq!(
            says(&place.found(&[("GATEWRIGHT_BINARY_PATH", path)])),
            "mine\n",
            "{path}"
        );
    }
    for path in ["absent", "no/such/folder/gate", "/"] {
        assert!(
            place
                .refused(&[("GATEWRIGHT_BINARY_PATH", path)])
                .contains("binary-path"),
            "{path}"
        );
    }
    assert_eq!(place.asked(), "");
}
