//! Which rules a file's path calls for, by one look at its name.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::rules::rules;

/// The names of the rules' files, by their last part; those that stand for many, by their ending.
#[derive(Default)]
struct Names {
    whole: HashMap<&'static str, Vec<(usize, &'static str)>>,
    endings: Vec<(usize, &'static str)>,
}

static NAMES: LazyLock<Names> = LazyLock::new(|| {
    let mut names = Names::default();
    for (index, rule) in rules().iter().enumerate() {
        for &name in rule.files {
            if let Some(ending) = name.strip_prefix('*') {
                names.endings.push((index, ending));
            } else {
                let last = name.rsplit('/').next().unwrap_or(name);
                names.whole.entry(last).or_default().push((index, name));
            }
        }
    }
    names
});

/// The rules for this file, in the order of the table.
pub(super) fn rules_of(path: &str) -> Vec<usize> {
    let path = path.replace('\\', "/").to_ascii_lowercase();
    let last = path.rsplit('/').next().unwrap_or_default();
    let whole = NAMES.whole.get(last).into_iter().flatten();
    let whole = whole.filter(|(_, name)| {
        path.strip_suffix(name)
            .is_some_and(|before| before.is_empty() || before.ends_with('/'))
    });
    let endings = NAMES.endings.iter();
    let endings = endings.filter(|(_, ending)| last.len() > ending.len() && last.ends_with(ending));
    let mut rules: Vec<usize> = whole.chain(endings).map(|(index, _)| *index).collect();
    rules.sort_unstable();
    rules.dedup();
    rules
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(path: &str) -> Vec<&'static str> {
        rules_of(path)
            .into_iter()
            .map(|index| rules()[index].id)
            .collect()
    }

    #[test]
    fn a_path_calls_for_the_rules_of_its_name() {
        assert_eq!(ids("home/.netrc"), ["netrc_password"]);
        assert_eq!(ids("a\\.DOCKER\\config.json"), ["docker_config_auth"]);
        assert_eq!(ids("x/Main.KDBX"), ["password_store"]);
        for path in ["config.json", "x.netrc", ".kdbx", "README.md", ""] {
            assert_eq!(ids(path), [""; 0], "{path}");
        }
    }
}
