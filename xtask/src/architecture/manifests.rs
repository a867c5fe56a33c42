//! What every `Cargo.toml` of a crate leaves to the workspace.

use super::{repository_files, text_of};

/// Manifests of crates: all but the workspace's own.
fn manifests() -> Vec<(String, String)> {
    let found: Vec<_> = repository_files()
        .into_iter()
        .filter(|path| {
            path == "xtask/Cargo.toml"
                || path.starts_with("crates/") && path.matches('/').count() == 2
        })
        .filter(|path| path.ends_with("/Cargo.toml"))
        .filter_map(|path| text_of(&path).map(|text| (path, text)))
        .collect();
    assert!(found.len() > 10, "found only {} manifests", found.len());
    found
}

/// Lines of a manifest with the section they stand in, without comments.
fn lines(text: &str) -> Vec<(&str, &str)> {
    let mut section = "";
    let mut lines = Vec::new();
    for line in text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
    {
        match line
            .strip_prefix('[')
            .and_then(|line| line.strip_suffix(']'))
        {
            Some(name) => section = name,
            None => lines.push((section, line)),
        }
    }
    lines
}

#[test]
fn versions_live_in_the_workspace_only() {
    let mut wrong = Vec::new();
    for (path, text) in manifests() {
        for (section, line) in lines(&text) {
            let inherits = line.contains(".workspace = true") || line.contains("workspace = true");
            let own_version =
                section.ends_with("dependencies") || section.contains("dependencies.");
            if own_version && !inherits {
                wrong.push(format!("{path}: `{line}`, expected `.workspace = true`"));
            }
        }
        for key in [
            "version",
            "edition",
            "rust-version",
            "license",
            "repository",
            "publish",
        ] {
            let expected = format!("{key}.workspace = true");
            if !lines(&text).contains(&("package", expected.as_str())) {
                wrong.push(format!("{path}: `[package]` lacks `{expected}`"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_crate_has_the_workspaces_lints() {
    for (path, text) in manifests() {
        assert!(
            lines(&text).contains(&("lints", "workspace = true")),
            "{path}: `[lints]` lacks `workspace = true`"
        );
    }
}

#[test]
fn every_crate_comes_from_the_public_registry() {
    let lock = text_of("Cargo.lock").expect("Cargo.lock is committed");
    let sources: Vec<_> = lock
        .lines()
        .filter_map(|line| line.strip_prefix("source = "))
        .collect();
    assert!(sources.len() > 100, "found only {} sources", sources.len());
    let public = "\"registry+https://github.com/rust-lang/crates.io-index\"";
    for source in sources {
        assert_eq!(source, public, "Cargo.lock");
    }
}
