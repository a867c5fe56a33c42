//! Which crate may import which of ours, and who may do async and HTTP:
//! `cargo metadata` against the table of the architecture.

use super::text_of;
use crate::workspace::root;
use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};
use std::collections::BTreeSet;

const CONTRACT: &[&str] = &["gate-verdict", "gate-sarif"];
const PURE: &[&str] = &[
    "gate-evidence",
    "gate-syntax",
    "gate-deps",
    "gate-policy",
    "gate-render",
    "gate-ledger",
];
const EFFECTS: &[&str] = &["gate-repo", "gate-github", "gate-net"];
/// Crates that stand outside the table.
const OUTSIDE: &[&str] = &["gate-testkit", "xtask"];
/// They bring async and HTTP with them.
const NETWORK: &[&str] = &[
    "tokio",
    "async-std",
    "futures",
    "reqwest",
    "hyper",
    "octocrab",
    "ureq",
    "rustls",
];

/// What a crate may import of ours; `None`: the table does not know it.
fn may_import(name: &str) -> Option<BTreeSet<&'static str>> {
    let union = |layers: &[&[&'static str]]| -> BTreeSet<&'static str> {
        layers
            .iter()
            .flat_map(|layer| layer.iter().copied())
            .collect()
    };
    let gate = || -> BTreeSet<&'static str> {
        let mut allowed = union(&[CONTRACT, PURE, &["gate-repo", "gate-runner"]]);
        allowed.remove("gate-render");
        allowed
    };
    let allowed = match name {
        name if CONTRACT.contains(&name) => BTreeSet::new(),
        name if PURE.contains(&name) || EFFECTS.contains(&name) => union(&[CONTRACT]),
        "gate-runner" => union(&[CONTRACT, PURE, EFFECTS]),
        "sarif-upload" | "quality-gate" => {
            let mut allowed = gate();
            allowed.insert("gate-github");
            allowed
        }
        // The multi-call binary: everything.
        "gatewright" => union(&[CONTRACT, PURE, EFFECTS, GATES, &["gate-runner"]]),
        name if name.ends_with("-gate") => gate(),
        _ => return None,
    };
    Some(allowed)
}

/// What only the multi-call binary and xtask link.
const GATES: &[&str] = &[
    "integrity-gate",
    "security-gate",
    "coverage-gate",
    "performance-gate",
    "quality-gate",
    "sarif-upload",
];

fn workspace() -> Metadata {
    MetadataCommand::new()
        .manifest_path(root().join("Cargo.toml"))
        .no_deps()
        .other_options([String::from("--offline")])
        .exec()
        .expect("cargo metadata")
}

/// Names of a crate's dependencies of some kinds.
fn dependencies(package: &Package, kinds: &[DependencyKind]) -> BTreeSet<String> {
    package
        .dependencies
        .iter()
        .filter(|dependency| kinds.contains(&dependency.kind))
        .map(|dependency| dependency.name.clone())
        .collect()
}

const LINKED: &[DependencyKind] = &[DependencyKind::Normal, DependencyKind::Build];

#[test]
fn crates_import_what_their_layer_may() {
    let metadata = workspace();
    let packages = metadata.workspace_packages();
    let ours: BTreeSet<&str> = packages
        .iter()
        .map(|package| package.name.as_str())
        .collect();
    assert!(ours.len() > 10, "found only {ours:?}");
    let mut wrong = Vec::new();
    for package in &packages {
        let name = package.name.as_str();
        if OUTSIDE.contains(&name) {
            continue;
        }
        let Some(allowed) = may_import(name) else {
            wrong.push(format!("{name} has no line in the table"));
            continue;
        };
        for import in dependencies(package, LINKED)
            .iter()
            .filter(|import| ours.contains(import.as_str()))
        {
            if !allowed.contains(import.as_str()) {
                wrong.push(format!(
                    "{name} imports {import}, expected only {allowed:?}"
                ));
            }
        }
        // Tests may lay out cases; otherwise they keep to the table.
        for import in dependencies(package, &[DependencyKind::Development]) {
            let known = ours.contains(import.as_str()) && import != "gate-testkit";
            if known && !allowed.contains(import.as_str()) {
                wrong.push(format!(
                    "tests of {name} import {import}, expected only gate-testkit and {allowed:?}"
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn nobody_imports_the_binary_or_links_the_testkit() {
    for package in workspace().workspace_packages() {
        let all = dependencies(
            package,
            &[
                DependencyKind::Normal,
                DependencyKind::Build,
                DependencyKind::Development,
            ],
        );
        assert!(
            !all.contains("gatewright"),
            "{} imports gatewright",
            package.name
        );
        assert!(!all.contains("xtask"), "{} imports xtask", package.name);
        if package.name.as_str() != "xtask" {
            assert!(
                !dependencies(package, LINKED).contains("gate-testkit"),
                "{} links gate-testkit: make it a dev-dependency",
                package.name
            );
        }
    }
}

#[test]
fn async_and_http_live_in_two_crates() {
    let homes = ["gate-github", "gate-net"];
    let mut users = 0;
    for package in workspace().workspace_packages() {
        let found: Vec<_> = dependencies(package, LINKED)
            .into_iter()
            .filter(|name| NETWORK.contains(&name.as_str()))
            .collect();
        let home = homes.contains(&package.name.as_str());
        users += usize::from(home && !found.is_empty());
        assert!(
            home || found.is_empty(),
            "{} imports {found:?}, which belong to {homes:?}",
            package.name
        );
    }
    assert!(
        users > 0,
        "the list of network crates names none that is used"
    );
}

/// The page that explains the layers lists what each crate links of ours.
#[test]
fn the_architecture_page_tells_the_truth() {
    let path = "docs/architecture.md";
    let page = text_of(path).expect("the page is there");
    let metadata = workspace();
    let packages = metadata.workspace_packages();
    let ours: BTreeSet<&str> = packages
        .iter()
        .map(|package| package.name.as_str())
        .collect();
    for package in packages
        .iter()
        .filter(|package| package.name.as_str() != "xtask")
    {
        let start = format!("| `{}` |", package.name);
        let row = page.lines().find(|line| line.starts_with(&start));
        let row = row.unwrap_or_else(|| panic!("{path}: no row for {}", package.name));
        let cell = row
            .trim_end_matches('|')
            .rsplit('|')
            .next()
            .unwrap_or_default();
        let told: BTreeSet<_> = cell.split('`').skip(1).step_by(2).collect();
        let linked = dependencies(package, LINKED);
        let linked: BTreeSet<_> = linked
            .iter()
            .map(String::as_str)
            .filter(|import| ours.contains(import))
            .collect();
        assert_eq!(
            told, linked,
            "{path}: what {} imports, told and linked",
            package.name
        );
    }
}
