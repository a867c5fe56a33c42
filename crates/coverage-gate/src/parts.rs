//! Coverage by file, directory or component, and the one that falls furthest
//! short.

use gate_evidence::coverage::{Coverage, Ratio, Totals};
use globset::GlobSet;
use std::collections::BTreeMap;

/// What `per:` may name for shares of the whole.
pub(crate) const OF_ALL: &[&str] = &["file", "directory", "component"];
/// What `per:` may name for shares of a change.
pub(crate) const OF_CHANGE: &[&str] = &["file", "component"];

/// Counts by part; a file in no component is in none of them.
pub(crate) fn by<'a>(
    per: &str,
    files: impl Iterator<Item = (&'a str, Totals)>,
    components: &[(String, GlobSet)],
) -> BTreeMap<String, Totals> {
    let mut parts: BTreeMap<String, Totals> = BTreeMap::new();
    if per == "component" {
        parts.extend(
            components
                .iter()
                .map(|(name, _)| (name.clone(), Totals::default())),
        );
    }
    for (path, totals) in files {
        let mut add = |part: &str| match parts.get_mut(part) {
            Some(sum) => sum.add(totals),
            None => drop(parts.insert(part.to_owned(), totals)),
        };
        match per {
            "component" => components
                .iter()
                .filter(|(_, globs)| globs.is_match(path))
                .for_each(|(name, _)| add(name)),
            "directory" => add(path.rsplit_once('/').map_or(".", |(folder, _)| folder)),
            _ => add(path),
        }
    }
    parts
}

/// Every measured file with its counts.
pub(crate) fn files(coverage: &Coverage) -> impl Iterator<Item = (&str, Totals)> {
    coverage
        .files
        .iter()
        .map(|(path, file)| (path.as_str(), file.totals()))
}

/// Whether one share is lower than another, in whole numbers.
pub(crate) fn is_lower(one: Ratio, other: Ratio) -> bool {
    u128::from(one.covered) * u128::from(other.total)
        < u128::from(other.covered) * u128::from(one.total)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn totals(covered: u64, total: u64) -> Totals {
        Totals {
            lines: Ratio { covered, total },
            ..Totals::default()
        }
    }

    #[test]
    fn a_component_without_files_stays_visible() {
        let globs = |pattern: &str| {
            let glob = globset::Glob::new(pattern).expect("a glob");
            GlobSet::builder().add(glob).build().expect("a set")
        };
        let components = [
            (String::from("api"), globs("api/**")),
            (String::from("web"), globs("web/**")),
        ];
        let files = [("api/a.rs", totals(1, 2)), ("top.rs", totals(0, 9))];
        let parts = by("component", files.into_iter(), &components);
        assert_eq!(
            parts["api"].lines,
            Ratio {
                covered: 1,
                total: 2
            }
        );
        assert_eq!(parts["web"].lines.total, 0);
        assert_eq!(parts.len(), 2);
        let folders = by("directory", files.into_iter(), &[]);
        assert_eq!(folders.keys().collect::<Vec<_>>(), [".", "api"]);
    }
}
