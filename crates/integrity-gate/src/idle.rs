//! Settings that ask for nothing here: what no criterion that is asked for looks
//! at, and globs that no tracked file fits. Told and no error, since one policy
//! may serve many repositories.

use crate::config::{Config, set};
use crate::extractor::extractor;
use crate::rules;
use gate_policy::{GatePolicy, Value};
use gate_syntax::is_markdown;

/// Notices of one run, and globs named in one of them.
const MAX_NOTICES: usize = 50;
const MAX_GLOBS: usize = 3;

/// The criteria that look at a setting; of the settings that are left out here,
/// each entry says it by itself.
#[rustfmt::skip]
const LOOKED_AT_BY: &[(&str, &[&str])] = &[
    ("encoding", &["token_budgets_respected"]),
    ("external_allow", &["no_broken_links"]),
    ("external_links", &["no_broken_links"]),
    ("front_matter", &["yaml_frontmatter_correct"]),
    ("link_roots", &["no_broken_links", "cross_references_valid", "all_modules_referenced", "no_circular_dependencies", "reference_depth", "token_budgets_respected"]),
    ("modules", &["all_modules_referenced"]),
    ("roots", &["all_modules_referenced"]),
    ("slugs", &["no_broken_links", "cross_references_valid"]),
    ("token_budgets", &["token_budgets_respected"]),
];

/// Globs that stand together, and which files they can ask something of.
struct Entry<'p> {
    setting: &'p str,
    line: u32,
    globs: Vec<&'p str>,
    markdown: bool,
    /// They are one rule, which asks for nothing where none of them fits.
    is_rule: bool,
}

/// What a reader should be told. `paths`: the tracked files that the gate selects.
pub(crate) fn notices<'f>(
    policy: &GatePolicy,
    config: &Config,
    paths: impl Iterator<Item = &'f str>,
) -> Vec<String> {
    let mut notices = Vec::new();
    let mut globs = Vec::new();
    for (name, value) in &policy.settings {
        if let Some(why) = unused(name, value, config) {
            notices.push(told(name, value.position.line, &why));
            continue;
        }
        globs.extend(globs_of(name, value, config, &mut notices));
    }
    unfit(&globs, paths, &mut notices);
    let more = notices.len().saturating_sub(MAX_NOTICES);
    if more > 0 {
        notices.truncate(MAX_NOTICES);
        notices.push(format!("{more} more settings ask for nothing"));
    }
    notices
}

fn told(name: &str, line: u32, why: &str) -> String {
    format!("policy, line {line}: `{name}` asks for nothing: {why}")
}

/// Why a setting as a whole asks for nothing.
fn unused(name: &str, value: &Value, config: &Config) -> Option<String> {
    let (_, criteria) = LOOKED_AT_BY.iter().find(|(of, _)| *of == name)?;
    if name == "external_links" && value.as_str() != Some("check") {
        return None;
    }
    if !criteria.iter().any(|id| config.asks(id)) {
        return Some(not_asked(criteria));
    }
    (name == "external_allow" && !config.check_external)
        .then(|| String::from("no address is requested without `external_links: check`"))
}

fn not_asked(criteria: &[&str]) -> String {
    match criteria {
        [one] => format!("the criterion `{one}` is not asked for"),
        many => format!("none of the criteria `{}` is asked for", many.join("`, `")),
    }
}

/// The globs of a setting, apart from entries that no criterion looks at.
fn globs_of<'p>(
    name: &'p str,
    value: &'p Value,
    config: &Config,
    notices: &mut Vec<String>,
) -> Vec<Entry<'p>> {
    let together = |line, globs, markdown, is_rule| Entry {
        setting: name,
        line,
        globs,
        markdown,
        is_rule,
    };
    let line = |value: &Value| value.position.line;
    let rules = |markdown: bool| {
        let items = value.items().iter();
        items
            .map(|item| together(line(item), item.texts_of("paths"), markdown, true))
            .collect()
    };
    match name {
        "front_matter" => rules(true),
        "token_budgets" => rules(false),
        "modules" | "roots" => vec![together(line(value), value.texts(), false, false)],
        "slugs" | "link_roots" => {
            let globs = value.pairs().into_iter().map(|(glob, _)| glob).collect();
            // Of other files `slugs` says that a site shows them.
            vec![together(line(value), globs, name == "link_roots", false)]
        }
        "edges" => {
            let mut globs = Vec::new();
            for item in value.items() {
                let Some(edge) = extractor(item) else {
                    continue;
                };
                if config.needs(&edge) {
                    let markdown = !edge.source.is_of_any_text();
                    globs.push(together(line(item), item.texts_of("paths"), markdown, true));
                } else {
                    let why = format!("no criterion that is asked for looks at `{}`", edge.name);
                    notices.push(told(name, line(item), &why));
                }
            }
            globs
        }
        "suppress" => {
            for item in value.items() {
                let rule = item.text_of("rule").unwrap_or_default();
                if rules::rule(rule).is_some() && !config.asks_rule(rule) {
                    let why = format!("no criterion that is asked for counts `{rule}`");
                    notices.push(told(name, line(item), &why));
                }
            }
            Vec::new()
        }
        _ => Vec::new(),
    }
}

/// Tells of globs that no file fits.
fn unfit<'f>(all: &[Entry<'_>], paths: impl Iterator<Item = &'f str>, notices: &mut Vec<String>) {
    let flat = || {
        all.iter()
            .flat_map(|one| one.globs.iter().map(move |glob| (one, *glob)))
    };
    if flat().next().is_none() {
        return;
    }
    let matcher = set(flat().map(|(_, glob)| glob));
    let mut fits = vec![false; flat().count()];
    let markdown: Vec<bool> = flat().map(|(one, _)| one.markdown).collect();
    let mut left = fits.len();
    let mut found = Vec::new();
    for path in paths {
        if left == 0 {
            return;
        }
        matcher.matches_into(path, &mut found);
        for at in &found {
            if !fits[*at] && (!markdown[*at] || is_markdown(path)) {
                fits[*at] = true;
                left -= 1;
            }
        }
    }
    let mut at = 0;
    for one in all {
        let here = &fits[at..at + one.globs.len()];
        at += one.globs.len();
        let idle: Vec<&str> = one
            .globs
            .iter()
            .zip(here)
            .filter_map(|(glob, fits)| (!fits).then_some(*glob))
            .collect();
        if idle.is_empty() {
            continue;
        }
        let kind = if one.markdown {
            "Markdown file"
        } else {
            "file"
        };
        let why = format!("no tracked {kind} fits {}", shown(&idle));
        notices.push(if one.is_rule && idle.len() == one.globs.len() {
            told(one.setting, one.line, &why)
        } else {
            format!("policy, line {}: `{}`: {why}", one.line, one.setting)
        });
    }
}

/// Files that the policy names and that cannot be looked into.
pub(crate) fn binary(paths: &[&str]) -> Option<String> {
    let files = gate_runner::counted(paths.len(), "file");
    (!paths.is_empty()).then(|| {
        format!(
            "{files} with NUL bytes, which no text has, not looked into: neither links, tokens nor references of {} are counted",
            shown(paths)
        )
    })
}

fn shown(globs: &[&str]) -> String {
    let first: Vec<String> = globs
        .iter()
        .take(MAX_GLOBS)
        .map(|glob| format!("`{glob}`"))
        .collect();
    let more = globs.len().saturating_sub(MAX_GLOBS);
    let more = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    format!("{}{more}", first.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn globs<'p>(globs: &[&'p str], markdown: bool, is_rule: bool) -> Entry<'p> {
        Entry {
            setting: "s",
            line: 7,
            globs: globs.to_vec(),
            markdown,
            is_rule,
        }
    }

    fn of(all: &[Entry<'_>]) -> Vec<String> {
        let paths = ["data/a.yaml", "posts/a.md", "x.md"];
        let mut notices = Vec::new();
        unfit(all, paths.into_iter(), &mut notices);
        notices
    }

    #[test]
    fn globs_that_no_file_fits_are_told() {
        assert_eq!(of(&[globs(&["*.md", "posts/**"], true, true)]), [""; 0]);
        assert_eq!(
            of(&[
                globs(&["data/*.yaml", "post/*"], true, true),
                globs(&["data/*.yaml", "post/*"], false, true),
                globs(&["a", "b", "c", "d", "e"], false, false),
            ]),
            [
                "policy, line 7: `s` asks for nothing: no tracked Markdown file fits `data/*.yaml`, `post/*`",
                "policy, line 7: `s`: no tracked file fits `post/*`",
                "policy, line 7: `s`: no tracked file fits `a`, `b`, `c` and 2 more",
            ]
        );
    }
}
