//! From tracked files and SARIF reports to facts.

use crate::scanners::{self, Vulnerability};
use crate::{malicious, secrets};
use gate_repo::{FileView, TrackedFile};
use gate_runner::{Collected, Inputs, Missing, Part};
use gate_verdict::{Code, EvidenceRef, Exemption};
use std::collections::{BTreeMap, BTreeSet};

/// What one tracked file gives.
#[derive(Debug, Default)]
pub struct FilePart {
    pub secrets: Vec<secrets::Hit>,
    pub malicious: Vec<malicious::Hit>,
    /// Files that its install hooks run.
    pub hooks: Vec<String>,
    pub bytes: u64,
    pub binary: bool,
    /// Why not all of the file was searched.
    pub incomplete: Option<String>,
}

/// What the criteria judge.
#[derive(Debug)]
pub struct Facts {
    /// Why the search proves nothing: a file not searched, a control missed.
    pub secrets_gap: Option<Missing>,
    pub malicious_gap: Option<Missing>,
    /// Path and hit, exempt ones left out.
    pub secrets: Vec<(String, secrets::Hit)>,
    pub malicious: Vec<(String, malicious::Hit)>,
    /// Text files searched.
    pub files: u64,
    pub exempt: u64,
    /// Findings of scanners, or why there are none to judge.
    pub vulnerabilities: Result<Vec<Vulnerability>, Missing>,
    pub reports: Vec<String>,
}

pub(crate) fn read(file: &TrackedFile, view: &FileView<'_>) -> FilePart {
    let mut part = FilePart::default();
    match view {
        FileView::Bytes(bytes) => {
            part.bytes = bytes.len() as u64;
            let in_secrets = secrets::scan(&file.path, bytes, &mut part.secrets);
            let in_malicious = malicious::scan(&file.path, bytes, &mut part.malicious);
            part.hooks = malicious::hook_targets(&file.path, bytes);
            part.binary = in_secrets.binary;
            if in_secrets.truncated || in_malicious.truncated {
                part.incomplete = Some(String::from(
                    "it holds more than one file's worth of findings, so the search stopped",
                ));
            }
        }
        FileView::TooLarge { size } => {
            part.incomplete = Some(format!("found {size} bytes, more than is read of one file"));
        }
        FileView::Unreadable(reason) => part.incomplete = Some((*reason).to_owned()),
        FileView::Missing => {
            part.incomplete = Some(String::from(
                "it is tracked and not on disk: a sparse checkout, or deleted and not staged",
            ));
        }
        // Not this repository's bytes: a link's target, another repository.
        _ => {}
    }
    part
}

pub(crate) fn collect(inputs: &Inputs<'_>, parts: &[Part<'_, FilePart>]) -> Collected<Facts> {
    let mut facts = Facts {
        secrets_gap: secrets::control()
            .err()
            .map(|missed| control_missed("secret", &missed)),
        malicious_gap: malicious::control()
            .err()
            .map(|missed| control_missed("malicious content", &missed)),
        secrets: Vec::new(),
        malicious: Vec::new(),
        files: 0,
        exempt: 0,
        vulnerabilities: Ok(Vec::new()),
        reports: Vec::new(),
    };
    let (mut bytes, mut binary, mut excluded) = (0, 0, 0);
    let mut exemptions = Vec::new();
    for part in parts {
        let path = &part.file.path;
        if !inputs.in_shard(path) {
            continue;
        }
        if !inputs.selects(path) {
            excluded += 1;
            continue;
        }
        let found = part.part;
        bytes += found.bytes;
        if found.binary {
            binary += 1;
        } else {
            facts.files += 1;
        }
        if let Some(reason) = &found.incomplete {
            let missing = Missing::new(
                Code::Incomplete,
                format!("{path} was not searched whole: {reason}"),
                "take the file out of the repository, or exclude it in the policy",
            );
            facts.secrets_gap.get_or_insert_with(|| missing.clone());
            facts.malicious_gap.get_or_insert(missing);
        }
        let mut before = Before::new(inputs, path);
        for hit in &found.secrets {
            let mut hit = hit.clone();
            match before.exemption(hit.exempt.as_deref(), &hit.fingerprint, &mut hit.message) {
                Some(exemption) => exemptions.push(exemption),
                None => facts.secrets.push((path.clone(), hit)),
            }
        }
        for hit in &found.malicious {
            let mut hit = hit.clone();
            match before.exemption(hit.exempt.as_deref(), &hit.fingerprint, &mut hit.message) {
                Some(exemption) => exemptions.push(exemption),
                None => facts.malicious.push((path.clone(), hit)),
            }
        }
    }
    // A hook may be in one shard and what it runs in another.
    let hooks = parts
        .iter()
        .flat_map(|part| part.part.hooks.iter().cloned());
    malicious::join(&mut facts.malicious, &hooks.collect());
    if facts.files + binary == 0 && excluded > 0 && inputs.shard.is_none() {
        let missing = inputs.nothing_left("tracked file", excluded);
        facts.secrets_gap.get_or_insert_with(|| missing.clone());
        facts.malicious_gap.get_or_insert(missing);
    }
    facts.exempt = exemptions.len() as u64;
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
        metrics: BTreeMap::from([
            (String::from("files_searched"), facts.files.to_string()),
            (String::from("binary_files_skipped"), binary.to_string()),
            (String::from("bytes_searched"), bytes.to_string()),
        ]),
        notices: not_checked(inputs),
        facts,
        evidence,
        exemptions,
        graph: None,
    }
}

/// What the base says of a file. Where the base is explicit, exemptions are
/// the base's (contract, section 8): a change cannot exempt what it adds.
struct Before<'a> {
    inputs: &'a Inputs<'a>,
    path: &'a str,
    /// Fingerprints exempt in the base, read when first asked for.
    exempt: Option<BTreeSet<String>>,
}

impl<'a> Before<'a> {
    const fn new(inputs: &'a Inputs<'a>, path: &'a str) -> Self {
        Self {
            inputs,
            path,
            exempt: None,
        }
    }

    /// The exemption of a hit that gives a reason; one that does not count yet
    /// is said in the hit's message.
    fn exemption(
        &mut self,
        why: Option<&str>,
        fingerprint: &str,
        message: &mut String,
    ) -> Option<Exemption> {
        let why = why?;
        if self.exempts(fingerprint) {
            return Some(exemption(fingerprint, why, self.path));
        }
        message.push_str("; its `gatewright:allow` counts once it is on the base");
        None
    }

    fn exempts(&mut self, fingerprint: &str) -> bool {
        let Some(revision) = self.inputs.base.governs() else {
            return true;
        };
        let exempt = self.exempt.get_or_insert_with(|| {
            // What cannot be read exempts nothing.
            let bytes = self
                .inputs
                .repo
                .blob_at(revision, self.path)
                .ok()
                .flatten()
                .unwrap_or_default();
            let (mut found, mut hidden) = (Vec::new(), Vec::new());
            secrets::scan(self.path, &bytes, &mut found);
            malicious::scan(self.path, &bytes, &mut hidden);
            let found = found
                .into_iter()
                .filter(|hit| hit.exempt.is_some())
                .map(|hit| hit.fingerprint);
            let hidden = hidden
                .into_iter()
                .filter(|hit| hit.exempt.is_some())
                .map(|hit| hit.fingerprint);
            found.chain(hidden).collect()
        });
        exempt.contains(fingerprint)
    }
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

fn control_missed(what: &str, missed: &[&'static str]) -> Missing {
    Missing::new(
        Code::PositiveControlMissed,
        format!("planted {what} was not found by: {}", missed.join(", ")),
        "do not trust this build: report it, and use another release",
    )
}

fn exemption(fingerprint: &str, why: &str, path: &str) -> Exemption {
    Exemption {
        fingerprint: fingerprint.to_owned(),
        who: String::from("inline comment"),
        why: why.to_owned(),
        approved_by: Vec::new(),
        expires: None,
        scope: Some(path.to_owned()),
    }
}
