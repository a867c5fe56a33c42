//! Categories that once got results and get none any more: their alerts stay open for ever, since only an upload of the
//! same tool and category closes them.

use gate_github::api::Analysis;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Pages of 100 analyses that are looked through.
pub(crate) const PAGES: usize = 10;
/// A category is behind when its tool analysed this many commits after it ...
const COMMITS: usize = 5;
/// ... over this many days: what runs once a week is not forgotten.
const DAYS: i64 = 14;

/// A category that no run of this upload feeds, and that lags behind its tool.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Orphan {
    pub tool: String,
    pub category: String,
    /// RFC 3339.
    pub last_analysis: String,
    /// Commits that the tool analysed after it.
    pub later_commits: u64,
    /// Deletes its newest analysis, whose alerts are closed; the answer names the next. `None`: GitHub says that it
    /// cannot be deleted.
    pub call: Option<String>,
}

/// `fed`: tool and category of every run of this upload. `analyses`: newest first.
pub(crate) fn orphans(
    repository: &str,
    fed: &BTreeSet<(String, String)>,
    analyses: &[Analysis],
) -> Vec<Orphan> {
    let tools: BTreeSet<&str> = fed.iter().map(|(tool, _)| tool.as_str()).collect();
    let known = |analysis: &&Analysis| tools.contains(analysis.tool.as_str());
    let category = |analysis: &Analysis| analysis.category.trim_end_matches('/').to_owned();
    let mut seen: BTreeSet<(&str, String)> = BTreeSet::new();
    let mut commits: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut latest: BTreeMap<&str, &str> = BTreeMap::new();
    let mut found = Vec::new();
    for analysis in analyses.iter().filter(known) {
        let tool = analysis.tool.as_str();
        let category = category(analysis);
        let last = *latest.entry(tool).or_insert(&analysis.created_at);
        let commits = commits.entry(tool).or_default();
        let later = commits.len() - usize::from(commits.contains(analysis.commit.as_str()));
        commits.insert(&analysis.commit);
        // The newest of a category comes first.
        if !seen.insert((tool, category.clone())) {
            continue;
        }
        let is_fed = fed.contains(&(tool.to_owned(), category.clone()));
        let behind = days_between(&analysis.created_at, last).is_some_and(|days| days >= DAYS);
        if is_fed || !behind || later < COMMITS {
            continue;
        }
        let call = format!(
            "gh api -X DELETE 'repos/{repository}/code-scanning/analyses/{}?confirm_delete'",
            analysis.id
        );
        found.push(Orphan {
            tool: tool.to_owned(),
            category,
            last_analysis: analysis.created_at.clone(),
            later_commits: later as u64,
            call: analysis.deletable.then_some(call),
        });
    }
    found.sort_by(|a, b| (&a.tool, &a.category).cmp(&(&b.tool, &b.category)));
    found
}

fn days_between(from: &str, to: &str) -> Option<i64> {
    let seconds = |text: &str| {
        text.parse::<jiff::Timestamp>()
            .ok()
            .map(jiff::Timestamp::as_second)
    };
    Some((seconds(to)? - seconds(from)?) / 86_400)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn analysis(id: u64, tool: &str, category: &str, commit: u64, day: u64) -> Analysis {
        Analysis {
            id,
            commit: format!("{commit:040}"),
            tool: tool.to_owned(),
            category: category.to_owned(),
            created_at: format!("2026-01-{day:02}T00:00:00Z"),
            deletable: id != 99,
        }
    }

    /// One analysis of `new` a day from the 30th down to the 10th, then what is given.
    fn found(older: &[Analysis]) -> Vec<Orphan> {
        let mut analyses: Vec<_> = (10..=30)
            .rev()
            .map(|day| analysis(day, "demo", "new", day, day))
            .collect();
        analyses.extend_from_slice(older);
        let fed = BTreeSet::from([(String::from("demo"), String::from("new"))]);
        orphans("octo/gate", &fed, &analyses)
    }

    #[test]
    fn a_category_that_lags_behind_is_listed_with_the_call() {
        let [orphan] = found(&[
            analysis(7, "demo", "old/", 5, 5),
            analysis(6, "demo", "old/", 4, 4),
        ])
        .try_into()
        .unwrap();
        assert_eq!(
            (orphan.category.as_str(), orphan.later_commits),
            ("old", 21)
        );
        assert_eq!(
            orphan.call.as_deref(),
            Some("gh api -X DELETE 'repos/octo/gate/code-scanning/analyses/7?confirm_delete'")
        );
        let kept = found(&[analysis(99, "demo", "old", 5, 5)]);
        assert_eq!(kept[0].call, None);
    }

    #[test]
    fn what_is_fed_of_another_tool_or_not_far_behind_is_left() {
        assert_eq!(found(&[analysis(7, "other", "old", 5, 5)]), []);
        assert_eq!(found(&[analysis(7, "demo", "new/", 5, 5)]), []);
        // Many commits within two weeks.
        let mut analyses: Vec<_> = (1..20).map(|n| analysis(n, "demo", "new", n, 13)).collect();
        analyses.push(analysis(50, "demo", "weekly", 50, 6));
        let fed = BTreeSet::from([(String::from("demo"), String::from("new"))]);
        assert_eq!(orphans("o/r", &fed, &analyses), []);
        // Weeks, but few commits.
        let few = [
            analysis(9, "demo", "new", 9, 30),
            analysis(8, "demo", "old", 8, 1),
        ];
        assert_eq!(orphans("o/r", &fed, &few), []);
    }
}
