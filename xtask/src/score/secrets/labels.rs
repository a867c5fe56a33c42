//! Labelled lines of `CredData`: which lines hold a credential, which look like it.

use anyhow::{Context as _, Result, bail};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Which repositories a rule may be made by, and which judge it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Half {
    /// Ids that begin with 0 to 7.
    Tuned,
    /// Ids that begin with 8 to f: nobody looked at them when the rules were made.
    HeldOut,
}

/// One labelled piece of text.
#[derive(Debug)]
pub(super) struct Label {
    pub(super) first: u32,
    pub(super) last: u32,
    pub(super) is_true: bool,
    /// One or more, joined by `:`.
    pub(super) category: String,
}

/// Labels by file, of both halves.
#[derive(Debug, Default)]
pub(super) struct Labels {
    pub(super) by_file: BTreeMap<String, Vec<Label>>,
    pub(super) repositories: BTreeMap<String, Half>,
}

impl Half {
    pub(super) const ALL: [Self; 2] = [Self::Tuned, Self::HeldOut];

    fn of(id: &str) -> Self {
        if id.starts_with(|first: char| matches!(first, '0'..='7')) {
            Self::Tuned
        } else {
            Self::HeldOut
        }
    }

    /// Of a labelled file: `data/<id>/...`.
    pub(super) fn of_file(path: &str) -> Self {
        Self::of(path.split('/').nth(1).unwrap_or_default())
    }
}

impl Labels {
    pub(super) fn read(folder: &Path) -> Result<Self> {
        let mut labels = Self::default();
        let entries = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
        for entry in entries {
            let path = entry?.path();
            if path.extension().is_none_or(|ending| ending != "csv") {
                continue;
            }
            let id = path.file_stem().unwrap_or_default().to_string_lossy();
            labels.repositories.insert(id.to_string(), Half::of(&id));
            labels.add(&fs::read_to_string(&path)?, &path)?;
        }
        if labels.by_file.is_empty() {
            bail!("{}: found no labels (`*.csv`)", folder.display());
        }
        Ok(labels)
    }

    /// The fields hold no quotes and no commas.
    fn add(&mut self, text: &str, path: &Path) -> Result<()> {
        let mut lines = text.lines();
        let names: Vec<&str> = lines.next().unwrap_or_default().split(',').collect();
        let column = |name: &str| {
            let at = names.iter().position(|known| *known == name);
            at.with_context(|| format!("{}: found no column `{name}`", path.display()))
        };
        let [file, first, last, truth, category] = [
            "FilePath",
            "LineStart",
            "LineEnd",
            "GroundTruth",
            "Category",
        ]
        .map(column);
        let (file, first, last, truth, category) = (file?, first?, last?, truth?, category?);
        for line in lines {
            let fields: Vec<&str> = line.split(',').collect();
            let field = |at: usize| {
                let field = fields.get(at).copied();
                field.with_context(|| format!("{}: found too few fields: {line}", path.display()))
            };
            let label = Label {
                first: field(first)?.parse()?,
                last: field(last)?.parse()?,
                is_true: field(truth)? == "T",
                category: field(category)?.to_owned(),
            };
            let labels = self.by_file.entry(field(file)?.to_owned()).or_default();
            labels.push(label);
        }
        Ok(())
    }

    /// Labels of a line.
    pub(super) fn of(&self, path: &str, line: u32) -> impl Iterator<Item = &Label> {
        let labels = self
            .by_file
            .get(path)
            .map(Vec::as_slice)
            .unwrap_or_default();
        labels
            .iter()
            .filter(move |label| (label.first..=label.last).contains(&line))
    }
}

impl Label {
    /// A UUID and nothing else: an identifier as often as a secret.
    pub(super) fn is_bare_uuid(&self) -> bool {
        self.category == "UUID"
    }

    /// Of a format that a provider or a standard fixes.
    pub(super) fn is_structured(&self) -> bool {
        const FORMATS: [&str; 22] = [
            "AWS",
            "Azure Access Token",
            "BASE64 Private Key",
            "BASE64 encoded PEM",
            "Basic Authorization",
            "Bearer Authorization",
            "CMD Token:Docker Swarm",
            "Docker Swarm",
            "Github",
            "Google",
            "JSON Web Token",
            "JWK",
            "MailGun",
            "NKEY",
            "PEM Private Key",
            "SendGrid",
            "Shopify",
            "Slack",
            "Square",
            "Stripe",
            "Twilio",
            "URL Credentials",
        ];
        self.category
            .split(':')
            .any(|category| FORMATS.iter().any(|format| category.starts_with(format)))
    }
}
