//! The keys of an integrity gate's section beside the common ones: one line
//! each; checking, schema and reference page follow from them.

use crate::rules;
use gate_policy::{Field, Shape};
use gate_runner::Setting;

/// The table of settings.
#[rustfmt::skip]
pub(crate) fn settings() -> Vec<Setting> {
    let setting = |name, summary, shape| Setting { name, summary, shape };
    vec![
        setting("preset", "Which conventions of references hold; `auto` recognises them by their files", Shape::list(Shape::choice(["auto", "none", "claude-code", "agent-skills", "agents-md", "xml-include", "docs"]))),
        setting("modules", "The files that are modules, whatever their ending", Shape::GlobList),
        setting("roots", "Where reachability starts", Shape::GlobList),
        setting("edges", "References beside those of the preset", Shape::list(edge())),
        setting("slugs", "Whose rules turn the headings of these files into anchors", Shape::by_glob(Shape::choice(["github", "gitlab", "ms-learn", "hugo", "docusaurus", "mkdocs", "kramdown"]))),
        setting("link_roots", "What links that begin with `/` start from, in these files", Shape::by_glob(Shape::Path)),
        setting("external_links", "Whether links to other hosts are requested", Shape::choice(["ignore", "check"])),
        setting("external_allow", "The hosts that may be requested", Shape::list(Shape::like(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*", "docs.example.com"))),
        setting("front_matter", "What front matter has to say, by file", Shape::list(front_matter())),
        setting("token_budgets", "How many tokens files may have", Shape::list(token_budget())),
        setting("encoding", "Which vocabulary tokens are counted with", Shape::choice(["o200k", "cl100k"])),
        setting("suppress", "Findings that are accepted, with a reason", Shape::list(suppression())),
        setting("only_new", "Count only what the base does not have", Shape::Bool),
    ]
}

/// What elements and attributes are called.
const NAME: &str = r"[A-Za-z_:][A-Za-z0-9_:.-]*";

/// One kind of reference. A link leads where the host says, and a name is no path: what has no meaning there is refused.
#[rustfmt::skip]
fn edge() -> Shape {
    let of_paths = |shape: &Shape| Shape::by("kind", ["element", "attribute", "import", "code_path", "front_matter", "regex"].map(|kind| (kind, shape.clone())));
    let names = || Shape::choice(["agent", "skill", "command"]);
    let any = || Shape::choice(["file", "agent", "skill", "command"]);
    let paths = || Shape::choice(["file"]);
    Shape::Record(vec![
        Field::required("name", "What messages call it", Shape::String),
        Field::required("kind", "What a reference is written as: the text of an element, an attribute (`tag@attribute`), `@path`, a link, inline code, `plugin:name`, a key of front matter, or what a regular expression finds", Shape::choice(["element", "attribute", "import", "link", "code_path", "name", "front_matter", "regex"])),
        Field::required("pattern", "The element, attribute or key; for `regex` what to find, its first group that takes part the target", Shape::by("kind", [("element", Shape::like(NAME, "include")), ("attribute", Shape::like(&format!("{NAME}@{NAME}"), "include@file")), ("front_matter", Shape::String), ("regex", Shape::Capture)])),
        Field::optional("base", "Where targets are looked for beside the file itself", of_paths(&Shape::Path)),
        Field::optional("resolve", "What a target is; `file` if left out, for `name` an agent, skill or command", Shape::by("kind", [("element", any()), ("attribute", any()), ("front_matter", any()), ("regex", any()), ("name", names()), ("import", paths()), ("link", paths()), ("code_path", paths())])),
        Field::optional("paths", "In which files (elements, attributes and regular expressions: of whatever ending); in all Markdown files (tags: and XML files) if left out. Imports begin there, and what they lead to imports too", Shape::GlobList),
        Field::optional("extensions", "What a target may lack at its end; `.md` if left out", of_paths(&Shape::StringList)),
        Field::optional("loads", "Whether the target is loaded with the file, so that circles, depth and token closures count it; if left out, elements, attributes and imports are", Shape::Bool),
    ])
}

#[rustfmt::skip]
fn front_matter() -> Shape {
    Shape::Record(vec![
        Field::required("paths", "Which files", Shape::GlobList),
        Field::one_of("required", "Keys that have to be there", Shape::StringList),
        Field::one_of("schema", "The JSON Schema that it has to meet", Shape::Path),
    ])
}

#[rustfmt::skip]
fn token_budget() -> Shape {
    Shape::Record(vec![
        Field::required("paths", "Which files", Shape::GlobList),
        Field::one_of("max", "The most tokens of one file", Shape::Integer),
        Field::one_of("closure", "The most tokens of one file and all that it loads", Shape::Integer),
        Field::one_of("growth", "The most tokens that a change may add to one file", Shape::Integer),
    ])
}

#[rustfmt::skip]
fn suppression() -> Shape {
    Shape::Record(vec![
        Field::required("rule", "The rule that is not held against them", Shape::Choice(rules::RULES.iter().map(|rule| rule.id.to_owned()).collect())),
        Field::optional("path", "In which files; in all if left out", Shape::Glob),
        Field::optional("target", "Of which target, as written; of all if left out", Shape::String),
        Field::required("reason", "Why it is accepted", Shape::String),
        Field::optional("expires", "The last day on which it holds; without end if left out", Shape::Date),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use gate_policy::{Catalogue, Check, KindSpec, SettingSpec, Source};

    const EVERY_KEY: &str = r#"version: 1
gates:
  integrity:
    preset: [claude-code, docs]
    modules: ["prompts/**/*.md"]
    roots: ["CLAUDE.md", "commands/**"]
    edges:
      - {name: uses, kind: element, pattern: component, base: prompts, resolve: file, paths: ["prompts/**"], extensions: [".md"]}
      - {name: agents, kind: regex, pattern: '\bagent:([a-z-]+)', resolve: agent}
    slugs: {"docs/**": docusaurus}
    link_roots: {"docs/**": docs, "**": .}
    external_links: check
    external_allow: ["example.com"]
    front_matter:
      - {paths: ["skills/*/SKILL.md"], required: [name, description], schema: schemas/skill.json}
    token_budgets:
      - {paths: ["skills/*/SKILL.md"], max: 5000, closure: 20000, growth: 500}
    encoding: o200k
    suppress:
      - {rule: broken_link, path: "docs/old/**", target: x.md, reason: moved next quarter, expires: 2027-01-01}
    only_new: true
"#;

    fn load(text: &str) -> Result<gate_policy::Policy, Vec<String>> {
        let settings = settings().into_iter().map(|setting| {
            let spec = SettingSpec {
                summary: setting.summary.to_owned(),
                shape: setting.shape,
            };
            (setting.name.to_owned(), spec)
        });
        let kind = KindSpec {
            built: true,
            settings: settings.collect(),
            ..KindSpec::default()
        };
        let catalogue = Catalogue {
            kinds: [("integrity".to_owned(), kind)].into(),
        };
        let source = Source {
            path: "gates.yml".into(),
            bytes: text.as_bytes(),
        };
        gate_policy::load(&[source], &catalogue, Check::All)
            .map_err(|errors| errors.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn a_policy_may_use_every_key() {
        let policy = load(EVERY_KEY).expect("a policy");
        let read = &policy.gates["integrity"].settings;
        let names = settings().into_iter().map(|setting| setting.name);
        for name in names {
            assert!(read.contains_key(name), "{name}");
        }
        assert_eq!(read["link_roots"].text_of("docs/**"), Some("docs"));
        assert_eq!(read["token_budgets"].items()[0].u64_of("growth"), Some(500));
    }

    /// What would accept or look at something else than was meant.
    #[test]
    fn slips_are_errors_with_place_and_next_step() {
        for (from, to, expected) in [
            (
                "reason: moved next quarter, ",
                "",
                "gates.yml:20:9: found no `reason` in `suppress`; add `reason`: a text",
            ),
            (
                "expires: 2027-01-01",
                "expires: 2027-02-30",
                "gates.yml:20:101: found `2027-02-30` under `expires`, which is no day of the calendar; expected a day such as `2027-01-31`",
            ),
            (
                "rule: broken_link",
                "rule: broken_lnk",
                "gates.yml:20:16: found `broken_lnk` under `rule`; did you mean `broken_link`?",
            ),
            (
                "expires:",
                "expire:",
                "gates.yml:20:92: unknown key `expire` in `suppress`; did you mean `expires`?",
            ),
            (
                "kind: element",
                "kind: elment",
                "gates.yml:8:28: found `elment` under `kind`; did you mean `element`?",
            ),
            (
                "pattern: component, ",
                "",
                "gates.yml:8:9: found no `pattern` in `edges`; add `pattern`: a text such as `include`",
            ),
            (
                "kind: element",
                "kind: attribute",
                "gates.yml:8:48: found `component` under `pattern`; expected a text such as `include@file`",
            ),
            (
                "kind: element",
                "kind: import",
                "gates.yml:8:36: `pattern` has no meaning with `kind: import`; remove it",
            ),
            (
                "kind: regex, pattern: '\\bagent:([a-z-]+)'",
                "kind: link",
                "gates.yml:9:45: found `agent` under `resolve`; expected one of: file",
            ),
            (
                ":([a-z-]+)",
                ":[a-z-]+",
                "gates.yml:9:46: found `\\bagent:[a-z-]+` under `pattern`, which has no group, so it finds nothing; expected a regular expression with a group such as `see (\\S+)`",
            ),
            (
                ", required: [name, description], schema: schemas/skill.json",
                "",
                "gates.yml:15:9: found no `required` or `schema` in `front_matter`; add one: without any, it asks for nothing",
            ),
            (
                ", max: 5000, closure: 20000, growth: 500",
                "",
                "gates.yml:17:9: found no `max` or `closure` or `growth` in `token_budgets`; add one: without any, it asks for nothing",
            ),
            (
                "base: prompts",
                "base: ../prompts",
                "gates.yml:8:63: found `../prompts` under `base`, which is no path within the root; write it relative to the root, such as `docs/api`, with `/` between names and without `.` or `..`",
            ),
            (
                "max: 5000",
                "max: 5k",
                "gates.yml:17:45: found `5k` under `max`; expected a whole number",
            ),
            (
                "docusaurus",
                "docosaurus",
                "gates.yml:10:24: found `docosaurus` under `docs/**`; did you mean `docusaurus`?",
            ),
            (
                "[claude-code, docs]",
                "claude-code",
                "gates.yml:4:13: found `claude-code` under `preset`; expected a list, each entry one of `auto`, `none`, `claude-code`, `agent-skills`, `agents-md`, `xml-include`, `docs`",
            ),
        ] {
            let text = EVERY_KEY.replacen(from, to, 1);
            assert_eq!(load(&text).expect_err(to), [expected]);
        }
    }
}
