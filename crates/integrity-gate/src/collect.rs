//! From tracked files to facts: head judged, base judged where there is one,
//! the two compared, and what is accepted taken out.

use crate::against_base::Change;
use crate::contents::Contents;
use crate::evaluate::{Counts, Evaluated, evaluate};
use crate::idle;
use crate::issue::{self, Issue, State};
use crate::linked::linked;
use crate::looked::{Looked, looked};
use crate::matter::Schemas;
use crate::outside::outside;
use crate::own::Own;
use crate::picture;
use crate::plan::{FilePart, Plan};
use crate::suppress::{self, Accepted};
use crate::tokens;
use crate::tree::Tree;
use crate::world::{Scope, World};
use gate_runner::{Collected, Inputs, Missing, Part, counted};
use gate_syntax::Encoding;
use gate_verdict::{Code, EvidenceRef};
use std::collections::{BTreeMap, BTreeSet};

/// What the criteria judge.
#[derive(Debug, Default)]
pub struct Facts {
    /// Why nothing can be judged: what an unreadable file names is not known.
    pub unread: Option<Missing>,
    /// Why one criterion cannot be judged.
    pub gaps: BTreeMap<&'static str, Missing>,
    pub counts: Counts,
    /// What is wrong, accepted findings taken out.
    pub issues: Vec<Issue>,
    /// Criteria that are asked for.
    pub asked: BTreeSet<String>,
    /// The vocabulary that tokens are counted in.
    pub(crate) encoding: Option<Encoding>,
    /// Only what the change brought counts.
    pub only_new: bool,
    /// There is a base, so issues say whether they are new.
    pub compared: bool,
    /// Only what is new counts, and nobody can say what is.
    pub undecided: bool,
}

impl Facts {
    /// Whether what a criterion finds is wrong whatever the evidence says that is missing: a file that cannot be read may give the name,
    /// or hold the reference, that is missed.
    pub(crate) fn is_certain(&self, criterion: &str) -> bool {
        let needs_all = matches!(
            criterion,
            "all_modules_referenced" | "delegation_chains_resolve"
        );
        !(self.undecided || needs_all && self.unread.is_some())
    }
}

pub(crate) fn collect(
    plan: &Plan,
    inputs: &Inputs<'_>,
    parts: &[Part<'_, FilePart>],
) -> Collected<Facts> {
    let linked: Vec<Option<FilePart>> = parts
        .iter()
        .map(|part| linked(plan, inputs.repo, part))
        .collect();
    let parts: Vec<Part<'_, FilePart>> = parts
        .iter()
        .zip(&linked)
        .map(|(part, linked)| Part {
            file: part.file,
            part: linked.as_ref().unwrap_or(part.part),
        })
        .collect();
    facts(plan, inputs, &parts)
}

fn facts(plan: &Plan, inputs: &Inputs<'_>, parts: &[Part<'_, FilePart>]) -> Collected<Facts> {
    let Some(config) = plan.config(&inputs.gate.key) else {
        // Every instance was planned for; if not, nothing is known.
        let missing = Missing::new(
            Code::EngineFailure,
            format!("gate `{}` was not planned for", inputs.gate.key),
            "report it",
        );
        return collected(
            Facts {
                unread: Some(missing),
                ..Facts::default()
            },
            0,
            Accepted::default(),
        );
    };
    let mut facts = Facts {
        only_new: config.only_new,
        asked: config.asked.clone(),
        encoding: Some(config.encoding),
        ..Facts::default()
    };
    let Looked {
        sources,
        files,
        excluded,
        binary,
    } = looked(config, inputs, parts, &mut facts);
    // Of any shard: one that holds none of many files has nothing to look at.
    if files == 0 && excluded > 0 {
        facts
            .unread
            .get_or_insert_with(|| inputs.nothing_left("file", excluded));
    }
    let own = Own::of(inputs);
    let schemas = Schemas::read(config, inputs);
    if let Some(missing) = schemas.missing() {
        facts.gaps.insert("yaml_frontmatter_correct", missing);
    }
    let tracked = inputs.repo.files().iter();
    let tree = Tree::new(tracked.map(|file| (file.path.as_str(), file.kind)));
    let scope = |path: &str| Scope::of(inputs, path, path);
    let contents = Contents::Head(inputs.repo);
    let world = World::new(plan, config, &own, tree, sources, scope, contents);
    let mut head = evaluate(&world, &schemas);
    if let Some(gap) = head.gap.take() {
        facts.gaps.insert("token_budgets_respected", gap);
    }
    if let Some(cut) = cut(&world) {
        facts.unread.get_or_insert(cut);
    }
    for (criterion, cut) in std::mem::take(&mut head.cut) {
        let next = "mend the file, or exclude it in the policy";
        let missing = Missing::new(Code::Incomplete, cut, next);
        facts.gaps.entry(criterion).or_insert(missing);
    }
    let today = inputs.as_of.to_string();
    let today = today.get(..10).unwrap_or_default();
    let told = outside(inputs, &world, &mut head, &mut facts);
    let mut accepted = against_base(
        inputs, plan, parts, &world, &schemas, &mut head, &mut facts, today,
    );
    accepted.notices.extend(told);
    accepted.notices.extend(schemas.notices);
    accepted.notices.extend(idle::binary(&binary));
    let tracked = inputs.repo.files().iter().map(|file| file.path.as_str());
    let tracked = tracked.filter(|path| inputs.selects(path));
    accepted
        .notices
        .extend(idle::notices(inputs.gate, config, tracked));
    match &config.preset_notice {
        Ok(notice) => accepted.notices.extend(notice.clone()),
        Err(gap) => {
            facts.unread.get_or_insert_with(|| gap.clone());
        }
    }
    let graph = picture::draw(&world, &head.modules, &head.issues);
    facts.counts = head.counts;
    facts.issues = head.issues;
    let mut collected = collected(facts, excluded, accepted);
    collected.graph = graph;
    collected
}

/// Why not everything is known that patterns find, or that links name.
fn cut(world: &World<'_>) -> Option<Missing> {
    let incomplete = |reason, next_step| Some(Missing::new(Code::Incomplete, reason, next_step));
    if !world.knows_links {
        return incomplete(
            String::from(
                "symbolic links give more than 100,000 paths to files, and which globs name those behind is not known",
            ),
            "take out links to folders of many files, or links to one folder from many places",
        );
    }
    let mut pages = world.pages.iter().filter(|page| page.selected);
    let page = pages.find(|page| page.module.markdown.cut)?;
    incomplete(
        format!(
            "{}: a pattern under `edges` matches more than 100,000 times, and what lies behind is not looked at",
            page.path
        ),
        "narrow the pattern or its `paths`",
    )
}

/// Compares with the base and takes out what is accepted.
#[expect(
    clippy::too_many_arguments,
    reason = "one step of `collect`, apart because it is long"
)]
fn against_base(
    inputs: &Inputs<'_>,
    plan: &Plan,
    parts: &[Part<'_, FilePart>],
    world: &World<'_>,
    schemas: &Schemas,
    head: &mut Evaluated<'_>,
    facts: &mut Facts,
    today: &str,
) -> Accepted {
    let whole = inputs.shard.is_none();
    let governs = inputs.base.should_govern();
    let change = match Change::read(inputs, plan) {
        Some(Ok(change)) => change,
        Some(Err(gap)) => {
            if facts.only_new {
                facts.undecided = true;
                facts.unread.get_or_insert(gap);
            } else if world.config.limits_growth() {
                facts.gaps.insert("token_budgets_respected", gap);
            }
            // What the base accepts is not known, so nothing is by a mark.
            return suppress::apply(world, &mut head.issues, today, whole, |_| !governs);
        }
        None => {
            let mut accepted = suppress::apply(world, &mut head.issues, today, whole, |_| true);
            if world.config.asks("token_budgets_respected") && world.config.limits_growth() {
                accepted.notices.push(String::from(
                    "without a base nothing grows: `growth` under `token_budgets` is not judged",
                ));
            }
            return accepted;
        }
    };
    facts.compared = true;
    if change.is_empty() {
        for issue in &mut head.issues {
            issue.state = Some(State::Unchanged);
        }
        return suppress::apply(world, &mut head.issues, today, whole, |_| true);
    }
    let base = change.world(world, inputs, parts);
    let before = evaluate(&base, schemas);
    if world.config.asks("token_budgets_respected") {
        let was = |path: &str| change.before(path).to_owned();
        tokens::growth(world, &base, was, &mut head.issues);
        issue::number(&mut head.issues);
    }
    change.tell(world, &base, &before, &mut head.issues);
    let marked = suppress::marked(&base, &before.issues, today);
    let unchanged = |path: &str| change.is_unchanged(path);
    suppress::apply(world, &mut head.issues, today, whole, |issue| {
        !governs
            || unchanged(&issue.path)
            || marked.contains(&issue.fingerprint_in(change.before(&issue.path)))
    })
}

fn collected(facts: Facts, excluded: u64, accepted: Accepted) -> Collected<Facts> {
    let counts = &facts.counts;
    let mut metrics: BTreeMap<String, String> = [
        ("markdown_files", counts.files),
        ("links", counts.links),
        ("external_links_not_checked", counts.external),
        ("module_references", counts.references),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value.to_string()))
    .collect();
    let asked = [
        ("tokens", counts.tokens),
        ("reference_depth", counts.depth),
        ("xml_files", counts.xml_files),
        ("fragments_not_checked", counts.unread),
    ];
    metrics.extend(
        asked
            .into_iter()
            .filter(|(_, value)| *value > 0)
            .map(|(name, value)| (name.to_owned(), value.to_string())),
    );
    let mut notices = accepted.notices;
    if counts.unread > 0 {
        notices.push(format!(
            "{} not checked: what their files have for them is not read here, such as HTML, an image or what Git LFS keeps",
            counted(counts.unread, "fragment")
        ));
    }
    if !accepted.exemptions.is_empty() {
        let findings = counted(accepted.exemptions.len(), "finding");
        notices.push(format!("{findings} accepted by suppressions"));
    }
    Collected {
        evidence: vec![EvidenceRef {
            kind: String::from("references"),
            format: Some(String::from("markdown")),
            path: None,
            sha256: None,
            tool: None,
            records: counts.files,
            skipped: 0,
            excluded,
        }],
        metrics,
        exemptions: accepted.exemptions,
        notices,
        ..Collected::new(facts)
    }
}
