//! The names a reference may lead to, and the nearest ones to a wrong name.

use crate::collect::FilePart;
use gate_repo::Repo;
use gate_runner::Part;
use gate_syntax::Markdown;
use std::cell::{Cell, OnceCell};
use std::collections::BTreeMap;

/// Everything a reference may lead to.
pub(crate) struct Names<'a> {
    pub(crate) repo: &'a Repo,
    pub(crate) markdown: BTreeMap<&'a str, &'a Markdown>,
    /// Tracked paths by their last part, for suggestions; built on first use.
    by_name: OnceCell<BTreeMap<String, Vec<&'a str>>>,
    /// Comparisons left for suggestions: they are a courtesy, not a duty.
    comparisons: Cell<usize>,
}

/// Comparisons of one run, and the longest words compared.
const MAX_COMPARISONS: usize = 200_000;
const MAX_COMPARED: usize = 128;

impl<'a> Names<'a> {
    pub(crate) fn new(repo: &'a Repo, parts: &[Part<'a, FilePart>]) -> Self {
        let markdown = parts.iter().filter_map(|part| match part.part {
            FilePart::Read(markdown) => Some((part.file.path.as_str(), &**markdown)),
            FilePart::Absent | FilePart::Unread(_) => None,
        });
        Self {
            repo,
            markdown: markdown.collect(),
            by_name: OnceCell::new(),
            comparisons: Cell::new(MAX_COMPARISONS),
        }
    }

    /// The one tracked file of that name elsewhere, or the nearest spelling in
    /// the same folder.
    pub(crate) fn nearest(&self, path: &str) -> Option<String> {
        let by_name = self.by_name.get_or_init(|| {
            let mut names: BTreeMap<String, Vec<&str>> = BTreeMap::new();
            for file in self.repo.files() {
                names
                    .entry(last(&file.path).to_lowercase())
                    .or_default()
                    .push(&file.path);
            }
            names
        });
        if let Some([only]) = by_name.get(&last(path).to_lowercase()).map(Vec::as_slice) {
            return Some((*only).to_owned());
        }
        let folder = folder(path);
        let near = self
            .repo
            .files()
            .iter()
            .filter(|file| self::folder(&file.path) == folder);
        self.closest(
            last(path),
            near.map(|file| (last(&file.path), file.path.as_str())),
            |length| length / 4,
        )
    }

    /// The candidate nearest to a word, within a distance that depends on the
    /// candidate's length.
    pub(crate) fn closest<'b>(
        &self,
        word: &str,
        candidates: impl Iterator<Item = (&'b str, &'b str)>,
        budget: fn(usize) -> usize,
    ) -> Option<String> {
        let length = word.chars().count();
        let mut best: Option<(usize, &str)> = None;
        for (candidate, whole) in candidates {
            let candidate_length = candidate.chars().count();
            let budget = budget(candidate_length);
            if length.max(candidate_length) > MAX_COMPARED
                || length.abs_diff(candidate_length) > budget
            {
                continue;
            }
            let Some(left) = self.comparisons.get().checked_sub(1) else {
                break;
            };
            self.comparisons.set(left);
            let distance = strsim::damerau_levenshtein(candidate, word);
            if distance <= budget && best.is_none_or(|best| (distance, whole) < best) {
                best = Some((distance, whole));
            }
        }
        best.map(|(_, whole)| whole.to_owned())
    }
}

pub(crate) fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

pub(crate) fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
