//! A gate's section of the policy as the gate uses it.

use crate::entries::{
    Budget, FrontMatterRule, Suppression, budget, front_matter_rule, suppression,
};
use crate::extractor::{Edges, Extractor, Resolve, Source, extractor};
use crate::form::{Form, is_manifest};
use crate::preset::{Brings, are_named, presets};
use crate::rules;
use crate::schema::Builtin;
use gate_policy::{GatePolicy, Measured, Requirement, Value};
use gate_repo::Repo;
use gate_runner::{Changes, Missing};
use gate_syntax::{Dialect, Encoding};
use gate_verdict::Status;
use globset::{GlobBuilder, GlobMatcher, GlobSet, GlobSetBuilder};
use std::collections::BTreeSet;

/// What one instance of the gate is asked for.
#[derive(Debug)]
pub(crate) struct Config {
    /// Criteria that are asked for.
    pub(crate) asked: BTreeSet<String>,
    /// What the change does to the presets that are recognised; a reason where
    /// the governing base's cannot be told.
    pub(crate) preset_notice: Result<Option<String>, Missing>,
    pub(crate) edges: Vec<Edges>,
    pub(crate) modules: GlobSet,
    /// The policy itself names the modules: whatever they are, they are meant.
    pub(crate) own_modules: bool,
    pub(crate) roots: GlobSet,
    pub(crate) slugs: Vec<(GlobMatcher, Dialect)>,
    pub(crate) link_roots: Vec<(GlobMatcher, String)>,
    pub(crate) check_external: bool,
    pub(crate) external_allow: Vec<String>,
    pub(crate) front_matter: Vec<FrontMatterRule>,
    pub(crate) budgets: Vec<Budget>,
    pub(crate) encoding: Encoding,
    pub(crate) suppressions: Vec<Suppression>,
    pub(crate) only_new: bool,
    /// What is required of the longest chain of references.
    pub(crate) depths: Vec<Requirement>,
}

impl Config {
    /// Reads a section that the policy reader has checked: what does not fit
    /// cannot be here, and is left out if it is.
    /// `changes`: against the base that governs.
    pub(crate) fn of(repo: &Repo, policy: &GatePolicy, changes: Option<Changes<'_>>) -> Self {
        let setting = |name: &str| policy.settings.get(name);
        let texts = |name: &str| setting(name).map(Value::texts).unwrap_or_default();
        let items = |name: &str| setting(name).map(Value::items).unwrap_or_default();
        let (presets, notice) = presets(repo, policy, &texts("preset"), changes);
        let brings: Vec<Brings> = presets.iter().map(|preset| (preset.brings)()).collect();
        let of_presets = |globs: fn(&Brings) -> &'static [&'static str]| {
            set(brings.iter().flat_map(globs).copied())
        };
        let own_or = |name: &str, globs: fn(&Brings) -> &'static [&'static str]| match setting(name)
        {
            Some(own) => set(own.texts()),
            None => of_presets(globs),
        };
        let own: Vec<Extractor> = items("edges").iter().filter_map(extractor).collect();
        let is_guess = !are_named(&texts("preset"));
        let compiled = |extractor: Extractor, of_preset: bool| Edges {
            paths: extractor.paths.as_ref().map(set),
            extractor,
            of_preset,
            is_guess: of_preset && is_guess,
        };
        let of_presets = brings
            .iter()
            .flat_map(|brings| brings.edges.iter().cloned());
        let edges = of_presets
            .map(|extractor| compiled(extractor, true))
            .chain(own.into_iter().map(|extractor| compiled(extractor, false)))
            .collect();
        // Two presets may bring the same schema, which is to speak once.
        let schemas: BTreeSet<(&str, Builtin)> = brings
            .iter()
            .flat_map(|brings| brings.schemas)
            .copied()
            .collect();
        let schemas = schemas.into_iter().map(|(glob, builtin)| FrontMatterRule {
            paths: set([glob]),
            required: Vec::new(),
            schema: None,
            builtin: Some(builtin),
        });
        let budgets = brings
            .iter()
            .flat_map(|brings| brings.budgets)
            .map(|(glob, max)| Budget {
                paths: set([*glob]),
                max: Some(*max),
                closure: None,
                growth: None,
            });
        let pairs = |name: &str| setting(name).map(Value::pairs).unwrap_or_default();
        Self {
            preset_notice: notice,
            asked: policy.criteria.iter().map(|one| one.id.clone()).collect(),
            edges,
            modules: own_or("modules", |brings| brings.modules),
            own_modules: setting("modules").is_some(),
            roots: own_or("roots", |brings| brings.roots),
            slugs: pairs("slugs")
                .into_iter()
                .filter_map(|(glob, word)| {
                    Some((matcher(glob)?, Dialect::from_word(word.as_str()?)?))
                })
                .collect(),
            link_roots: pairs("link_roots")
                .into_iter()
                .filter_map(|(glob, path)| {
                    let path = path.as_str()?;
                    let path = if path == "." { "" } else { path };
                    Some((matcher(glob)?, path.to_owned()))
                })
                .collect(),
            check_external: checks_external(policy),
            external_allow: texts("external_allow")
                .into_iter()
                .map(str::to_owned)
                .collect(),
            front_matter: match setting("front_matter") {
                Some(own) => own.items().iter().map(front_matter_rule).collect(),
                None => schemas.collect(),
            },
            budgets: match setting("token_budgets") {
                Some(own) => own.items().iter().map(budget).collect(),
                None => budgets.collect(),
            },
            encoding: match setting("encoding").and_then(Value::as_str) {
                Some("cl100k") => Encoding::Cl100k,
                _ => Encoding::O200k,
            },
            suppressions: items("suppress").iter().filter_map(suppression).collect(),
            depths: policy
                .criteria
                .iter()
                .filter(|criterion| criterion.id == "reference_depth")
                .map(|criterion| criterion.requirement.clone())
                .collect(),
            only_new: setting("only_new").and_then(Value::as_bool) == Some(true),
        }
    }

    /// Whether a chain of so many references meets all that is required.
    pub(crate) fn allows_depth(&self, depth: u64) -> bool {
        let meets =
            |required: &Requirement| required.judge(&Measured::Count(depth)).status == Status::Pass;
        self.depths.iter().all(meets)
    }

    pub(crate) fn asks(&self, criterion: &str) -> bool {
        self.asked.contains(criterion)
    }

    /// Whether any criterion that is asked for counts the findings of a rule.
    pub(crate) fn asks_rule(&self, rule: &str) -> bool {
        rules::rule(rule).is_some_and(|rule| rule.criteria.iter().any(|id| self.asks(id)))
    }

    /// Whether a file is looked into that is neither Markdown nor XML: the policy
    /// names it in a budget or as a place of references.
    pub(crate) fn reads_text(&self, path: &str) -> bool {
        let budgeted = self.asks("token_budgets_respected") && self.has_budget(path);
        let mut edges = self.edges.iter();
        budgeted
            || edges.any(|edges| {
                let extractor = &edges.extractor;
                extractor.source.is_of_any_text() && edges.names(path) && self.needs(extractor)
            })
    }

    /// Whether this instance needs a file that some instance reads.
    pub(crate) fn looks_into(&self, path: &str) -> bool {
        Form::of(path) != Form::Text || is_manifest(path) || self.reads_text(path)
    }

    /// Whether a rule asks a file for front matter.
    pub(crate) fn has_matter(&self, path: &str) -> bool {
        let mut rules = self.front_matter.iter();
        self.asks("yaml_frontmatter_correct") && rules.any(|rule| rule.paths.is_match(path))
    }

    /// Whether a budget speaks of a file.
    pub(crate) fn has_budget(&self, path: &str) -> bool {
        self.budgets
            .iter()
            .any(|budget| budget.paths.is_match(path))
    }

    /// Whether a budget can only be judged against a base.
    pub(crate) fn limits_growth(&self) -> bool {
        self.budgets.iter().any(|budget| budget.growth.is_some())
    }

    /// Whether any criterion that is asked for looks at such references.
    pub(crate) fn needs(&self, extractor: &Extractor) -> bool {
        let asks = |ids: &[&str]| ids.iter().any(|id| self.asks(id));
        let loads = [
            "no_circular_dependencies",
            "reference_depth",
            "token_budgets_respected",
        ];
        if self.asks("all_modules_referenced") || (extractor.loads && asks(&loads)) {
            return true;
        }
        let deep = extractor.deep && self.asks("reference_depth");
        match (extractor.resolve, &extractor.source) {
            // Whether a link resolves is the link criteria's matter.
            (_, Source::Link) => deep,
            (Resolve::File, _) => deep || self.asks("all_referenced_modules_exist"),
            _ => deep || self.asks("delegation_chains_resolve"),
        }
    }

    /// How the host of a page makes anchors; the last glob that fits counts.
    pub(crate) fn dialect(&self, path: &str) -> Dialect {
        let fits = self
            .slugs
            .iter()
            .rev()
            .find(|(glob, _)| glob.is_match(path));
        fits.map_or(Dialect::Github, |(_, dialect)| *dialect)
    }

    /// Where a link that begins with `/` starts in this file.
    pub(crate) fn link_root(&self, path: &str) -> Option<&str> {
        let fits = self
            .link_roots
            .iter()
            .rev()
            .find(|(glob, _)| glob.is_match(path));
        fits.map(|(_, root)| root.as_str())
    }
}

/// Nobody needs an answer that no criterion looks at.
fn checks_external(policy: &GatePolicy) -> bool {
    let external = policy.settings.get("external_links");
    external.and_then(Value::as_str) == Some("check")
        && policy
            .criteria
            .iter()
            .any(|one| one.id == "no_broken_links")
}

/// `*` stops at a `/`, as in `.gitignore`.
pub(crate) fn matcher(glob: &str) -> Option<GlobMatcher> {
    let glob = GlobBuilder::new(glob).literal_separator(true).build();
    glob.ok().map(|glob| glob.compile_matcher())
}

pub(crate) fn set<T: AsRef<str>>(globs: impl IntoIterator<Item = T>) -> GlobSet {
    let mut builder = GlobSetBuilder::new();
    for glob in globs {
        let glob = GlobBuilder::new(glob.as_ref())
            .literal_separator(true)
            .build();
        if let Ok(glob) = glob {
            builder.add(glob);
        }
    }
    builder.build().unwrap_or_default()
}
