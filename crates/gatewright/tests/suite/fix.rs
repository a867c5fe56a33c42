//! `--fix`: what is certain is written, the rest is judged.

use crate::support::Repo;
use std::fs;

#[test]
fn what_is_certain_is_mended_and_what_is_left_is_judged() {
    let repo = Repo::sound(None);
    repo.write(
        "README.md",
        "\u{feff}# Title\n\nSee [é](Docs/Guide.md#Install), [two](docs/guide.md#first-use) and\n\
         <a href=\"docs/guide.md#install\">it</a>; [not ours](docs/never.md).\n",
    );
    repo.write("docs/guide.md", "# Guide\n\n## Install\n\n## First: use\n");
    repo.commit("links");
    let base = repo.git(&["rev-parse", "HEAD"]);
    repo.write("manual/guide.md", "# Guide\n\n## Setup\n\n## First: use\n");
    repo.git(&["rm", "--quiet", "docs/guide.md"]);
    repo.commit("move the guide and rename a heading");
    let ran = repo.run(&["integrity", "--base", &base, "--fix"]);
    assert_eq!(ran.code, Some(1), "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stderr.contains("--fix: "), "{}", ran.stderr);
    let text = fs::read_to_string(repo.path().join("README.md")).expect("read");
    assert_eq!(
        text,
        "\u{feff}# Title\n\nSee [é](manual/guide.md#setup), [two](manual/guide.md#first-use) and\n\
         <a href=\"manual/guide.md#setup\">it</a>; [not ours](docs/never.md).\n"
    );
    let verdict = repo.json("integrity.verdict.json");
    let rules: Vec<_> = verdict["findings"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|finding| finding["message"].as_str().unwrap_or_default())
        .collect();
    assert_eq!(rules.len(), 1, "{rules:?}");
    assert!(rules[0].starts_with("`docs/never.md`"), "{rules:?}");
}

#[test]
fn nothing_is_written_without_the_flag_or_without_a_certain_fix() {
    let repo = Repo::sound(None);
    repo.write("README.md", "[x](docs/gide.md) [y](docs/guide.md#instal)\n");
    repo.commit("near misses");
    let before = fs::read(repo.path().join("README.md")).expect("read");
    for arguments in [&["run"][..], &["run", "--fix"]] {
        let ran = repo.run(arguments);
        assert_eq!(ran.code, Some(1), "{}{}", ran.stdout, ran.stderr);
        let after = fs::read(repo.path().join("README.md")).expect("read");
        assert_eq!(after, before, "{arguments:?}");
    }
}

#[test]
fn a_sparse_checkout_is_judged_whole() {
    let repo = Repo::sound(None);
    repo.write("docs/more.md", "# More\n\n[gone](gone.md)\n");
    repo.write("src/x.md", "[guide](../docs/guide.md#install)\n");
    repo.commit("more");
    repo.git(&["sparse-checkout", "set", "--no-cone", "/README.md", "/src/"]);
    assert!(!repo.path().join("docs/guide.md").exists());
    let ran = repo.run(&["integrity"]);
    assert_eq!(ran.code, Some(1), "{}{}", ran.stdout, ran.stderr);
    let verdict = repo.json("integrity.verdict.json");
    assert_eq!(verdict["findings_total"], 1, "{verdict}");
    assert_eq!(verdict["findings"][0]["location"]["path"], "docs/more.md");
}

#[cfg(unix)]
#[test]
fn a_sparse_checkout_leaves_symbolic_links_what_they_are() {
    let repo = Repo::sound(None);
    repo.write("notes/AGENTS.md", "@gone.md\n");
    std::os::unix::fs::symlink("AGENTS.md", repo.path().join("notes/CLAUDE.md")).expect("a link");
    repo.commit("a link");
    let findings = || {
        let ran = repo.run(&["integrity"]);
        assert_eq!(ran.code, Some(1), "{}{}", ran.stdout, ran.stderr);
        repo.json("integrity.verdict.json")["findings"].clone()
    };
    let whole = findings();
    assert_eq!(whole[0]["rule"], "missing_module", "{whole}");
    repo.git(&["sparse-checkout", "set", "--no-cone", "/README.md"]);
    assert!(!repo.path().join("notes").exists());
    assert_eq!(findings(), whole);
}

#[test]
fn what_a_sparse_checkout_left_out_and_the_clone_lacks_is_an_error() {
    let repo = Repo::sound(None);
    repo.write("docs/more.md", "# More\n\n[gone](gone.md)\n");
    repo.write("README.md", "[lost](lost.md)\n");
    repo.commit("more");
    repo.git(&["sparse-checkout", "set", "--no-cone", "/README.md"]);
    let id = repo.git(&["rev-parse", "HEAD:docs/more.md"]);
    let (folder, name) = id.trim().split_at(2);
    let object = repo.path().join(".git/objects").join(folder).join(name);
    fs::remove_file(object).expect("a loose object");
    let ran = repo.run(&["integrity"]);
    assert_eq!(ran.code, Some(1), "{}{}", ran.stdout, ran.stderr);
    assert!(
        ran.stdout.contains("docs/more.md cannot be read"),
        "{}",
        ran.stdout
    );
    let verdict = repo.json("integrity.verdict.json");
    assert_eq!(verdict["criteria"][0]["status"], "error", "{verdict}");
    assert!(verdict["findings_total"] == 1, "{verdict}");
}
