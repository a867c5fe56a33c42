//! Which rules read a file because of its name. Built once from the table; a file that no rule names costs three
//! look-ups.

pub(super) mod manifest;
pub(super) mod value;
mod words;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use super::matched::Match;
use super::place::{characters, narrow};
use super::rule::Checksum;
use super::rules::rules;

/// A rule, and the folder that the name must stand in (empty: any).
type Entry = (usize, &'static str);

/// The entries of [`Rule::files`](super::Rule::files), by the part that is looked up. Four forms: `folder/name`, `*.end`, `begin.*`
/// and `folder/*`, the last component after any number of folders; `!` before one of them excepts.
#[derive(Default)]
struct Index {
    names: BTreeMap<&'static str, Vec<Entry>>,
    ends: BTreeMap<&'static str, Vec<Entry>>,
    begins: BTreeMap<&'static str, Vec<Entry>>,
    /// By the name of the innermost folder.
    folders: BTreeMap<&'static str, Vec<Entry>>,
}

static INDEX: LazyLock<Index> = LazyLock::new(|| {
    let mut index = Index::default();
    for (rule, row) in rules().iter().enumerate() {
        for &file in row.files.iter().filter(|file| !file.starts_with('!')) {
            let (folder, name) = split(file);
            let (map, key) = if name == "*" {
                (&mut index.folders, split(folder).1)
            } else if let Some(end) = name.strip_prefix("*.") {
                (&mut index.ends, end)
            } else if let Some(begin) = name.strip_suffix(".*") {
                (&mut index.begins, begin)
            } else {
                (&mut index.names, name)
            };
            map.entry(key).or_default().push((rule, folder));
        }
    }
    index
});

/// The rules whose files `path` is one of, in order of the table.
pub(super) fn rules_for(path: &str) -> Vec<usize> {
    let mut path = path.to_ascii_lowercase();
    if path.contains('\\') {
        path = path.replace('\\', "/");
    }
    let (folder, name) = split(&path);
    let inner = split(folder).1;
    let found = [
        INDEX.names.get(name),
        INDEX.ends.get(end(name)),
        INDEX.begins.get(begin(name)),
        INDEX.folders.get(inner),
    ];
    let mut found: Vec<usize> = found
        .into_iter()
        .flatten()
        .flatten()
        .filter(|(rule, within)| is_within(folder, within) && !is_excepted(*rule, name))
        .map(|&(rule, _)| rule)
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

impl Match {
    /// The file itself, marked at its first line.
    pub(super) fn whole_file(rule: usize, bytes: &[u8]) -> Self {
        Self {
            length: 0,
            extent: 0..bytes.len().min(1),
            ..Self::of_parser(rule, bytes, 0..0)
        }
    }

    /// A value that a parser has found and judged.
    pub(super) fn of_parser(rule: usize, bytes: &[u8], value: Range<usize>) -> Self {
        Self {
            rule,
            length: narrow(characters(&bytes[value.clone()])),
            extent: value.clone(),
            value,
            guessable: true,
            tier: rules()[rule].tier,
            checksum: Checksum::Undefined,
        }
    }
}

/// Folder and last component.
fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

/// After the last dot.
fn end(name: &str) -> &str {
    name.rsplit_once('.').map_or("", |(_, end)| end)
}

/// Before the first dot that is not the first character (`.env.local` begins with `.env`).
fn begin(name: &str) -> &str {
    let dot = name.bytes().skip(1).position(|byte| byte == b'.');
    dot.map_or("", |at| &name[..=at])
}

/// Whether `folder` is `within` or ends with it at a separator.
fn is_within(folder: &str, within: &str) -> bool {
    within.is_empty()
        || folder
            .strip_suffix(within)
            .is_some_and(|before| before.is_empty() || before.ends_with('/'))
}

fn is_excepted(rule: usize, name: &str) -> bool {
    let mut excepted = rules()[rule]
        .files
        .iter()
        .filter_map(|file| file.strip_prefix('!'));
    excepted.any(|except| {
        let by_end = except
            .strip_prefix("*.")
            .is_some_and(|except| end(name) == except);
        by_end
            || except
                .strip_suffix(".*")
                .is_some_and(|except| begin(name) == except)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(path: &str) -> Vec<&'static str> {
        rules_for(path)
            .iter()
            .map(|&rule| rules()[rule].id)
            .collect()
    }

    #[test]
    fn every_form_of_entry_is_looked_up_without_case() {
        assert_eq!(ids(".netrc"), ["netrc_password"]);
        assert_eq!(ids("home\\ci\\_NETRC"), ["netrc_password"]);
        assert!(ids("home/.env.production").contains(&"env_file_secret"));
        assert!(ids("deploy/Prod.env").contains(&"env_file_secret"));
        assert_eq!(
            ids("u/.subversion/auth/svn.simple/0a1b"),
            ["subversion_password"]
        );
        assert_eq!(ids("keys/team.KDBX"), ["keepass_database"]);
    }

    #[test]
    fn a_template_and_a_namesake_are_read_by_no_rule() {
        for path in [
            ".env.example",
            "a/.env.local.sample",
            "docker/defaults.env",
            "my.netrc",
            "config.json",
            "svn.simple",
            "",
            "/",
            ".",
            "..",
            "é.é/é",
        ] {
            assert_eq!(ids(path), Vec::<&str>::new(), "{path}");
        }
    }

    #[test]
    fn every_entry_is_in_lower_case_and_has_one_of_the_forms() {
        for file in rules().iter().flat_map(|rule| rule.files) {
            assert_eq!(*file, file.to_ascii_lowercase());
            let (folder, name) = split(file.trim_start_matches('!'));
            let stars = |text: &str| text.bytes().filter(|&b| b == b'*').count();
            assert!(!folder.contains('*') && stars(name) <= 1, "{file}");
            assert!(!file.starts_with('!') || stars(name) == 1, "{file}");
            if let Some(end) = name.strip_prefix("*.") {
                assert!(!end.contains('.'), "{file}");
            }
        }
    }
}
