//! The keys of a coverage gate's section beside the common ones: one line
//! each; checking, schema and reference page follow from them.

use gate_evidence::coverage::EXPORTS;
use gate_policy::{Field, GatePolicy, KeyShape, Shape, Value};
use gate_runner::Setting;
use gate_verdict::Decimal;
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

/// The table of settings.
#[rustfmt::skip]
pub(crate) fn settings() -> Vec<Setting> {
    let setting = |name, summary, shape| Setting { name, summary, shape };
    vec![
        setting("base_reports", "The reports of the base, for criteria that compare with it; same formats as `reports`", Shape::GlobList),
        setting("components", "Parts of the code by name, for `per: component`", Shape::MapOf { keys: KeyShape::Any, values: Box::new(Shape::GlobList) }),
        setting("rewrite_paths", "How paths in reports become paths of the repository, where they do not lead there by themselves; the first that fits holds", Shape::list(rewrite())),
        setting("max_unmapped", "Of all measured lines, the share that may belong to no tracked file; `10%` if left out", Shape::like(PERCENT, "10%")),
        setting("max_skipped", "Of all records of a report, the share that may be unreadable; `1%` if left out", Shape::like(PERCENT, "1%")),
        setting("exports", "What is written beside the verdict: the coverage of tracked files in these formats, as a page with the sources (`html`), and a badge for shields.io", Shape::list(exports())),
        setting("ratchet", "The file of figures that only rise, for `coverage_ratchet`", ratchet()),
        setting("history", "A reference of git that keeps the coverage of commits (`--record-history` writes it): the base's is read from there, and the report shows the course of the figures", history()),
        setting("min_reports", "How many coverage reports there have to be: the shards that must not be missing", Shape::Integer),
        setting("min_test_reports", "How many test reports there have to be", Shape::Integer),
        setting("expected_suites", "Test suites that must not be missing, as the reports name them (or a class of their tests)", Shape::StringList),
    ]
}

const PERCENT: &str = r"(100|[0-9]{1,2}(\.[0-9]{1,4})?)%";

#[rustfmt::skip]
fn rewrite() -> Shape {
    Shape::Record(vec![
        Field::required("from", "What the path in the report begins with", Shape::String),
        Field::required("to", "What stands in its place; `.` is the root", Shape::Path),
    ])
}

fn exports() -> Shape {
    let formats = EXPORTS.iter().map(|export| export.name.to_owned());
    let more = [HTML, BADGE].map(String::from);
    Shape::Choice(formats.chain(more).collect())
}

/// The page among the exports.
pub(crate) const HTML: &str = "html";
/// The badge among them.
pub(crate) const BADGE: &str = "badge";

#[rustfmt::skip]
fn ratchet() -> Shape {
    let points = || Shape::like(r"[0-9]{1,2}(\.[0-9]{1,4})?pp", "0.1pp");
    Shape::Record(vec![
        Field::required("file", "Where it is kept", Shape::Path),
        Field::optional("tolerance", "How far a figure may fall below what is kept; `0pp` if left out", points()),
        Field::optional("slack", "How far a figure may be above what is kept before it is said that it should be raised; `1pp` if left out", points()),
    ])
}

/// A whole reference, or a branch by its name.
const REFERENCE: &str =
    r"[A-Za-z0-9_][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*(/[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*)*";

#[rustfmt::skip]
fn history() -> Shape {
    Shape::Record(vec![
        Field::required("ref", "The reference, or a branch by its name, that holds nothing else", Shape::like(REFERENCE, "refs/gatewright/coverage")),
        Field::optional("keep", "Of how many commits, at most 2000; `200` if left out", Shape::Integer),
    ])
}

/// The `history` setting.
#[derive(Clone, Debug)]
pub(crate) struct HistorySetting {
    /// As written.
    pub(crate) reference: String,
    /// Commits that are kept.
    pub(crate) keep: usize,
}

impl HistorySetting {
    fn is_whole(&self) -> bool {
        self.reference.starts_with("refs/")
    }

    /// Where it is written.
    pub(crate) fn to_write(&self) -> String {
        if self.is_whole() {
            self.reference.clone()
        } else {
            format!("refs/heads/{}", self.reference)
        }
    }

    /// Where it may lie in a clone. What was fetched of a branch is newer than what this clone has of its own.
    pub(crate) fn to_read(&self) -> Vec<String> {
        if self.is_whole() {
            return vec![self.reference.clone()];
        }
        let fetched = format!("refs/remotes/origin/{}", self.reference);
        vec![fetched, self.to_write()]
    }

    /// What brings it to a clone.
    pub(crate) fn fetch(&self) -> String {
        let to = self.to_read().swap_remove(0);
        format!("git fetch origin {}:{to}", self.to_write())
    }
}

/// The `ratchet` setting.
#[derive(Clone, Debug)]
pub(crate) struct RatchetSetting {
    pub(crate) file: String,
    pub(crate) tolerance: Decimal,
    pub(crate) slack: Decimal,
}

/// What one instance of the gate is asked for.
#[derive(Debug)]
pub(crate) struct Config {
    pub(crate) base_reports: Vec<String>,
    pub(crate) components: Vec<(String, GlobSet)>,
    /// Beginning as written, and what stands in its place.
    pub(crate) rewrites: Vec<(String, String)>,
    pub(crate) max_unmapped: Decimal,
    pub(crate) max_skipped: Decimal,
    pub(crate) min_reports: u64,
    pub(crate) exports: Vec<String>,
    pub(crate) ratchet: Option<RatchetSetting>,
    pub(crate) history: Option<HistorySetting>,
    pub(crate) min_test_reports: u64,
    pub(crate) expected_suites: Vec<String>,
}

impl Config {
    /// Reads a section that the policy reader has checked: what does not fit
    /// cannot be here, and is left out if it is.
    pub(crate) fn of(policy: &GatePolicy) -> Self {
        let setting = |name: &str| policy.settings.get(name);
        let percent = |name: &str, default: i64| {
            let written = setting(name).and_then(Value::as_str);
            let number = written.and_then(|text| text.strip_suffix('%')?.parse().ok());
            number.unwrap_or(Decimal::new(default, 0))
        };
        let owned = |texts: Vec<&str>| texts.into_iter().map(str::to_owned).collect();
        let components = setting("components").and_then(Value::as_map);
        let rewrites = setting("rewrite_paths").and_then(Value::as_list);
        Self {
            base_reports: owned(
                setting("base_reports")
                    .map(Value::texts)
                    .unwrap_or_default(),
            ),
            components: components
                .into_iter()
                .flatten()
                .map(|entry| (entry.key.clone(), globs(entry.value.texts())))
                .collect(),
            rewrites: rewrites
                .into_iter()
                .flatten()
                .filter_map(|rewrite| {
                    let text = |key| rewrite.get(key).and_then(Value::as_str);
                    Some((text("from")?.replace('\\', "/"), text("to")?.to_owned()))
                })
                .collect(),
            max_unmapped: percent("max_unmapped", 10),
            max_skipped: percent("max_skipped", 1),
            exports: owned(setting("exports").map(Value::texts).unwrap_or_default()),
            ratchet: setting("ratchet").and_then(|ratchet| {
                let points = |key: &str, default: i64| {
                    let written = ratchet.get(key).and_then(Value::as_str);
                    let number = written.and_then(|text| text.strip_suffix("pp")?.parse().ok());
                    number.unwrap_or(Decimal::new(default, 0))
                };
                Some(RatchetSetting {
                    file: ratchet.get("file").and_then(Value::as_str)?.to_owned(),
                    tolerance: points("tolerance", 0),
                    slack: points("slack", 1),
                })
            }),
            history: setting("history").and_then(|history| {
                let keep = history.get("keep").and_then(Value::as_u64);
                let keep = usize::try_from(keep.unwrap_or(200)).unwrap_or(usize::MAX);
                Some(HistorySetting {
                    reference: history.get("ref").and_then(Value::as_str)?.to_owned(),
                    keep: keep.clamp(1, 2_000),
                })
            }),
            min_reports: setting("min_reports").and_then(Value::as_u64).unwrap_or(0),
            min_test_reports: setting("min_test_reports")
                .and_then(Value::as_u64)
                .unwrap_or(0),
            expected_suites: owned(
                setting("expected_suites")
                    .map(Value::texts)
                    .unwrap_or_default(),
            ),
        }
    }
}

fn globs(patterns: Vec<&str>) -> GlobSet {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        let glob = GlobBuilder::new(pattern).literal_separator(true).build();
        if let Ok(glob) = glob {
            set.add(glob);
        }
    }
    set.build().unwrap_or_default()
}
