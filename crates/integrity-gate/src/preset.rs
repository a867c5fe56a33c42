//! Presets: what counts as a reference, a module and a root in the ecosystems
//! that are known. One function a preset, one line in the table.

use crate::config::set;
use crate::extractor::{Base, Extractor, Resolve, Source};
use crate::schema::Builtin;
use crate::tree::last;
use gate_policy::GatePolicy;
use gate_repo::{ChangeKind, Repo};
use gate_runner::{Changes, Missing};

/// What a preset brings.
#[derive(Debug, Default)]
pub(crate) struct Brings {
    pub(crate) edges: Vec<Extractor>,
    /// Globs of files that have to be reached.
    pub(crate) modules: &'static [&'static str],
    /// Globs of files where reaching starts.
    pub(crate) roots: &'static [&'static str],
    /// Token budgets: globs, and the most tokens of one file.
    pub(crate) budgets: &'static [(&'static str, u64)],
    /// Front matter schemas: globs, and the built-in schema.
    pub(crate) schemas: &'static [(&'static str, Builtin)],
}

/// One preset.
pub(crate) struct Preset {
    pub(crate) name: &'static str,
    pub(crate) summary: &'static str,
    /// Whether a tracked path shows that the repository is of this kind.
    pub(crate) recognised_by: fn(&str) -> bool,
    pub(crate) brings: fn() -> Brings,
}

#[rustfmt::skip]
pub(crate) static PRESETS: &[Preset] = &[
    Preset { name: "claude-code", summary: "commands, agents, skills and plugins of Claude Code, with their manifests", recognised_by: is_claude_code, brings: claude_code },
    Preset { name: "agent-skills", summary: "Agent Skills: `SKILL.md` and the files beside it", recognised_by: is_skill, brings: agent_skills },
    Preset { name: "agents-md", summary: "files that agents load as memory, and their `@path` imports", recognised_by: is_memory, brings: agents_md },
    Preset { name: "xml-include", summary: "`<include>` and `<component>` tags, by text and by attribute", recognised_by: |_| false, brings: xml_include },
    Preset { name: "docs", summary: "pages below `docs`, reached by links from the README", recognised_by: |_| false, brings: docs },
];

/// The presets in force: those named, or those that tracked files show.
/// Include tags and imports are references wherever they stand, so
/// `xml-include` and `agents-md` are always among the recognised ones.
pub(crate) fn in_force<'p>(
    named: &[&str],
    paths: impl Iterator<Item = &'p str>,
) -> Vec<&'static Preset> {
    if are_named(named) {
        return PRESETS
            .iter()
            .filter(|preset| named.contains(&preset.name))
            .collect();
    }
    let mut seen: Vec<bool> = PRESETS
        .iter()
        .map(|preset| matches!(preset.name, "xml-include" | "agents-md"))
        .collect();
    for path in paths {
        for (preset, seen) in PRESETS.iter().zip(&mut seen) {
            *seen = *seen || (preset.recognised_by)(path);
        }
    }
    // Documentation is what is left where nothing else has modules.
    let modular = |preset: &Preset| matches!(preset.name, "claude-code" | "agent-skills");
    let any = PRESETS
        .iter()
        .zip(&seen)
        .any(|(preset, seen)| *seen && modular(preset));
    PRESETS
        .iter()
        .zip(seen)
        .filter(|(preset, seen)| {
            *seen || named.contains(&preset.name) || (preset.name == "docs" && !any)
        })
        .map(|(preset, _)| preset)
        .collect()
}

/// Whether the policy names the presets, so that files show nothing.
pub(crate) fn are_named(named: &[&str]) -> bool {
    !named.is_empty() && !named.contains(&"auto")
}

/// The presets in force. Recognised ones are those of the files here and those
/// of the governing base's: a change cannot turn off what it is asked by adding
/// or moving files.
pub(crate) fn presets(
    repo: &Repo,
    policy: &GatePolicy,
    named: &[&str],
    changes: Option<Changes<'_>>,
) -> (Vec<&'static Preset>, Result<Option<String>, Missing>) {
    // What is left out shows nothing of the repository.
    let (own, excluded) = (set(&policy.paths), set(&policy.exclude));
    let shows = |path: &&str| (own.is_empty() || own.is_match(path)) && !excluded.is_match(path);
    let here = || repo.files().iter().map(|file| file.path.as_str());
    let now = in_force(named, here().filter(shows));
    let (Some(changes), false) = (changes, are_named(named)) else {
        return (now, Ok(None));
    };
    let changes = match changes() {
        Ok(changes) => changes,
        Err(gap) => return (now, Err(gap)),
    };
    let came = |path: &&str| {
        let change = changes.binary_search_by(|change| change.path.as_str().cmp(path));
        change.is_ok_and(|at| matches!(changes[at].kind, ChangeKind::Added | ChangeKind::Renamed))
    };
    let gone = changes.iter().filter_map(|change| match change.kind {
        ChangeKind::Deleted => Some(change.path.as_str()),
        _ => change.old_path.as_deref(),
    });
    let before = here().filter(|path| !came(path)).chain(gone).filter(shows);
    let before = in_force(named, before);
    let has = |presets: &[&Preset], name: &str| presets.iter().any(|preset| preset.name == name);
    let names: Vec<&str> = before
        .iter()
        .map(|preset| preset.name)
        .filter(|name| !has(&now, name))
        .collect();
    let notice = (!names.is_empty()).then(|| {
        format!(
            "with this change `preset: auto` no longer recognises {}, which holds until it is on the base; name presets in the policy to keep them",
            names.join(", ")
        )
    });
    let both = PRESETS
        .iter()
        .filter(|preset| has(&now, preset.name) || has(&before, preset.name));
    (both.collect(), Ok(notice))
}

fn is_claude_code(path: &str) -> bool {
    path.starts_with(".claude/")
        || path.contains("/.claude/")
        || path.starts_with(".claude-plugin/")
        || path.contains("/.claude-plugin/")
}

fn is_skill(path: &str) -> bool {
    last(path) == "SKILL.md"
}

/// Files that an agent loads as its memory.
fn is_memory(path: &str) -> bool {
    matches!(
        last(path),
        "CLAUDE.md" | "CLAUDE.local.md" | "GEMINI.md" | "AGENTS.md"
    )
}

fn claude_code() -> Brings {
    let named = |name: &str, source: Source, resolve: Resolve| Extractor {
        paths: Some(AGENT_FILES.iter().map(|glob| (*glob).to_owned()).collect()),
        ..Extractor::new(name, source, resolve)
    };
    Brings {
        edges: vec![
            named("names", Source::Name, Resolve::Any),
            named(
                "delegates",
                Source::Pattern(String::from(
                    // A call of the task tool, in prose, JSON or YAML.
                    r#"subagent_type["']?\s*[:=]\s*["']([A-Za-z][\w:-]*)["']"#,
                )),
                Resolve::Agent,
            ),
            named(
                "skills",
                Source::FrontMatter(String::from("skills")),
                Resolve::Skill,
            ),
            named(
                "agent",
                Source::FrontMatter(String::from("agent")),
                Resolve::Agent,
            ),
            Extractor {
                base: Base::Skill,
                ..Extractor::new("files", Source::CodePath, Resolve::File)
            },
        ],
        modules: &["**/skills/*/**/*.md"],
        roots: &[
            "**/SKILL.md",
            "**/commands/**/*.md",
            "**/agents/**/*.md",
            "**/README.md",
            "**/{CLAUDE,AGENTS}.md",
        ],
        budgets: &[("**/SKILL.md", SKILL_TOKENS)],
        schemas: &[
            ("**/SKILL.md", Builtin::AgentSkill),
            ("**/.claude/agents/**/*.md", Builtin::ClaudeAgent),
            ("**/.claude/commands/**/*.md", Builtin::ClaudeCommand),
        ],
    }
}

/// Where names of agents, skills and commands are used.
const AGENT_FILES: &[&str] = &[
    "**/skills/**/*.md",
    "**/commands/**/*.md",
    "**/agents/**/*.md",
    "**/{CLAUDE,AGENTS}.md",
];

/// The body that the Agent Skills specification advises as the most.
const SKILL_TOKENS: u64 = 5_000;

fn agent_skills() -> Brings {
    let of_skill = |name: &str, source: Source| Extractor {
        base: Base::Skill,
        // References go one level deep, so they count as depth.
        deep: true,
        ..Extractor::new(name, source, Resolve::File)
    };
    Brings {
        edges: vec![
            of_skill("links", Source::Link),
            of_skill("files", Source::CodePath),
        ],
        modules: &["**/SKILL.md", "**/{references,scripts,assets}/**/*.md"],
        roots: &["**/SKILL.md", "**/README.md"],
        budgets: &[("**/SKILL.md", SKILL_TOKENS)],
        schemas: &[("**/SKILL.md", Builtin::AgentSkill)],
    }
}

/// Where imports begin. AGENTS.md itself has none; what imports it does.
const MEMORY: &[&str] = &["**/CLAUDE.md", "**/CLAUDE.local.md", "**/GEMINI.md"];

fn agents_md() -> Brings {
    Brings {
        edges: vec![Extractor {
            loads: true,
            paths: Some(MEMORY.iter().map(|glob| (*glob).to_owned()).collect()),
            ..Extractor::new("imports", Source::Import, Resolve::File)
        }],
        roots: &["**/{CLAUDE,CLAUDE.local,GEMINI,AGENTS}.md"],
        ..Brings::default()
    }
}

fn xml_include() -> Brings {
    let tag = |tag: &str, attribute: Option<&str>, any: bool| Extractor {
        loads: true,
        base: Base::Ancestors,
        ..Extractor::new(
            tag,
            Source::Tag {
                tag: tag.to_owned(),
                attribute: attribute.map(str::to_owned),
                any,
            },
            Resolve::File,
        )
    };
    let texts = ["include", "component"].into_iter();
    let attributes = ["component", "file", "src", "href", "path"];
    Brings {
        edges: attributes
            .into_iter()
            .map(|attribute| tag("include", Some(attribute), false))
            .chain(texts.flat_map(|name| [tag(name, None, false), tag(name, None, true)]))
            .collect(),
        ..Brings::default()
    }
}

fn docs() -> Brings {
    Brings {
        edges: vec![Extractor::new("links", Source::Link, Resolve::File)],
        modules: &["{docs,doc}/**/*.md"],
        roots: &[
            "*.md",
            "{docs,doc}/{README,readme,index,SUMMARY,_sidebar}.md",
        ],
        ..Brings::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(named: &[&str], paths: &[&str]) -> Vec<&'static str> {
        in_force(named, paths.iter().copied())
            .iter()
            .map(|preset| preset.name)
            .collect()
    }

    #[test]
    fn presets_are_recognised_by_what_is_tracked() {
        assert_eq!(
            names(&[], &["README.md"]),
            ["agents-md", "xml-include", "docs"]
        );
        assert_eq!(
            names(&["auto"], &[".claude/commands/a.md"]),
            ["claude-code", "agents-md", "xml-include"]
        );
        assert_eq!(
            names(
                &[],
                &["skills/x/SKILL.md", "plugins/y/.claude-plugin/plugin.json"]
            ),
            ["claude-code", "agent-skills", "agents-md", "xml-include"]
        );
        assert_eq!(names(&["docs"], &[".claude/x.md"]), ["docs"]);
        assert_eq!(
            names(&["auto", "docs"], &[".claude/x.md"]),
            ["claude-code", "agents-md", "xml-include", "docs"]
        );
        assert_eq!(names(&["none"], &[".claude/x.md"]), Vec::<&str>::new());
    }
}
