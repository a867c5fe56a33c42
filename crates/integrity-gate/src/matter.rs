//! Front matter against what its path asks for: keys and schemas.

use crate::config::Config;
use crate::entries::FrontMatterRule;

use crate::issue::Issue;
use crate::schema::{self, Builtin, CompiledSchema};
use crate::world::Page;
use gate_runner::{Inputs, Missing};
use gate_verdict::Code;
use std::collections::BTreeMap;

/// The schemas that a policy names, compiled once.
#[derive(Debug, Default)]
pub(crate) struct Schemas {
    named: BTreeMap<String, CompiledSchema>,
    /// Which of `named` are built-in ones.
    named_built_in: BTreeMap<String, Builtin>,
    built_in: BTreeMap<Builtin, CompiledSchema>,
    missing: Option<Missing>,
    /// What a reader should be told.
    pub(crate) notices: Vec<String>,
}

impl Schemas {
    /// Where a base governs, a schema is the base's: it decides like a policy.
    pub(crate) fn read(config: &Config, inputs: &Inputs<'_>) -> Self {
        let mut schemas = Self::default();
        if !config.asks("yaml_frontmatter_correct") {
            return schemas;
        }
        for rule in &config.front_matter {
            if let Some(builtin) = rule.builtin {
                schemas.built_in(builtin);
            }
            if let Some(path) = &rule.schema {
                schemas.named(path, inputs);
            }
        }
        schemas
    }

    fn built_in(&mut self, builtin: Builtin) {
        if let Ok(compiled) = schema::compile(schema::builtin(builtin)) {
            self.built_in.insert(builtin, compiled);
        }
    }

    fn named(&mut self, path: &str, inputs: &Inputs<'_>) {
        if self.named.contains_key(path) {
            return;
        }
        let here = inputs.repo.contents(path);
        let compiled = match (
            self.of_base(path, inputs, here.as_deref()),
            here,
            Builtin::of(path),
        ) {
            (Err(why), ..) => Err(why),
            (Ok(Some(bytes)), ..) | (Ok(None), Some(bytes), None) => schema::compile(&bytes),
            // A file that only the change has does not stand in for a built-in one.
            (Ok(None), Some(bytes), Some(_)) if !inputs.base.should_govern() => {
                schema::compile(&bytes)
            }
            (Ok(None), _, Some(builtin)) => {
                self.named_built_in.insert(path.to_owned(), builtin);
                schema::compile(schema::builtin(builtin))
            }
            (Ok(None), None, None) => {
                let names = Builtin::ALL.map(Builtin::name).join(", ");
                Err(format!(
                    "it is no tracked file that can be read, and none of the built-in ones ({names})"
                ))
            }
        };
        match compiled {
            Ok(compiled) => {
                self.named.insert(path.to_owned(), compiled);
            }
            Err(why) => {
                self.missing.get_or_insert_with(|| {
                    Missing::new(
                        Code::EvidenceUnreadable,
                        format!("the schema `{path}` cannot be used: {why}"),
                        "mend the schema, or the path under `front_matter:` in the policy",
                    )
                });
            }
        }
    }

    /// The schema as the governing base has it; `None` where no base governs, or
    /// where it has none.
    fn of_base(
        &mut self,
        path: &str,
        inputs: &Inputs<'_>,
        here: Option<&[u8]>,
    ) -> Result<Option<Vec<u8>>, String> {
        let Some(revision) = inputs.base.governs() else {
            let in_doubt = inputs.base.should_govern() && Builtin::of(path).is_none();
            return if in_doubt {
                Err(String::from("the base's, which decides, cannot be read"))
            } else {
                Ok(None)
            };
        };
        let bytes = inputs
            .repo
            .blob_at(revision, path)
            .map_err(|error| format!("the base's, which decides, cannot be read: {error}"))?;
        if bytes.is_some() && bytes.as_deref() != here {
            self.notices.push(format!(
                "the schema `{path}` is changed here: the base's is used until the change is on the base"
            ));
        }
        Ok(bytes)
    }

    /// Why front matter cannot be judged.
    pub(crate) fn missing(&self) -> Option<Missing> {
        self.missing.clone()
    }
}

/// What is wrong with the front matter of one page; and why that is not all, where it is not.
pub(crate) fn check(
    page: &Page<'_>,
    config: &Config,
    schemas: &Schemas,
    issues: &mut Vec<Issue>,
) -> Option<String> {
    let matter = page.module.markdown.front_matter.as_deref();
    if let Some(error) = matter.and_then(|matter| matter.error.as_ref()) {
        let message = format!("front matter does not parse: {}", error.message);
        let issue = Issue::of_file("bad_front_matter", page.path, "", message);
        issues.push(issue.at(error.line, error.column, None));
        return None;
    }
    let mut cut = None;
    let rules = config.front_matter.iter();
    for rule in rules.filter(|rule| page.is_named_by(&rule.paths)) {
        cut = cut.or(against(page, rule, schemas, matter.is_some(), issues));
    }
    cut
}

fn against(
    page: &Page<'_>,
    rule: &FrontMatterRule,
    schemas: &Schemas,
    is_there: bool,
    issues: &mut Vec<Issue>,
) -> Option<String> {
    let located = match &page.module.matter {
        Some(Ok(located)) => Some(located),
        Some(Err(error)) => {
            let message = format!("front matter cannot be used as data: {}", error.message);
            let issue = Issue::of_file("bad_front_matter", page.path, "data", message);
            issues.push(issue.at(error.line, error.column, None));
            return None;
        }
        None => None,
    };
    for key in &rule.required {
        let value = located.and_then(|located| located.value.get(key));
        if value.is_none_or(serde_json::Value::is_null) {
            let message = if is_there {
                format!("front matter lacks the key `{key}`")
            } else {
                format!("there is no front matter, and the key `{key}` is required")
            };
            issues.push(Issue::of_file("missing_key", page.path, key, message).at(1, 1, None));
        }
    }
    let named = rule
        .schema
        .as_ref()
        .and_then(|path| schemas.named.get(path));
    let built_in = rule
        .builtin
        .and_then(|builtin| schemas.built_in.get(&builtin));
    let compiled = named.or(built_in)?;
    let named_built_in = rule
        .schema
        .as_ref()
        .and_then(|path| schemas.named_built_in.get(path));
    let which = rule.builtin.or(named_built_in.copied());
    let Some(located) = located else {
        // Commands need none, and a required key has said it already.
        if which != Some(Builtin::ClaudeCommand) && !is_there && rule.required.is_empty() {
            let message = String::from("there is no front matter, and its schema asks for some");
            issues
                .push(Issue::of_file("front_matter_schema", page.path, "", message).at(1, 1, None));
        }
        return None;
    };
    // The name of one of the folders by which it is reached is enough.
    let folder = (which == Some(Builtin::AgentSkill))
        .then(|| {
            let paths = page.named_by(&rule.paths);
            let problems = paths.map(|path| schema::skill_name_problem(path, located));
            problems.collect::<Option<Vec<_>>>()?.pop()
        })
        .flatten();
    let (problems, cut) = schema::schema_problems(compiled, located);
    for problem in problems.into_iter().chain(folder) {
        let issue = Issue::of_file(
            "front_matter_schema",
            page.path,
            &problem.pointer,
            format!("front matter: {}", problem.message),
        );
        issues.push(issue.at(problem.line, problem.column, None));
    }
    cut
}
