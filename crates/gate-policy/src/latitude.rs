//! What an environment leaves to people: who may approve, whether emergencies
//! have a path, how much may be overridden; and by which refs it is chosen.

use crate::environment::Draft;
use crate::error::PolicyError;
use crate::load::Reading;
use crate::settings;
use crate::shape::{Field, Shape};
use crate::when::matches;
use crate::yaml::{Data, Entry};
use gate_verdict::Decimal;
use std::collections::BTreeSet;

/// More people than any change waits for; a bound, so that asking costs little.
pub const MAX_APPROVERS: u32 = 20;

/// The share of decisions that may rest on overrides before one approver more
/// is needed, in percent, where an environment does not say.
pub const DEFAULT_BUDGET: u64 = 2;

/// What an environment leaves to people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Latitude {
    /// `None`: `require_approval` cannot be resolved here.
    pub approvals: Option<Approvals>,
    /// Emergency overrides lift nothing here.
    pub no_emergency: bool,
    /// In percent; `None`: [`DEFAULT_BUDGET`].
    pub override_budget: Option<Decimal>,
    /// Globs of branches whose runs are for this environment.
    pub branches: Vec<String>,
    /// Globs of tags whose runs are for this environment.
    pub tags: Vec<String>,
}

/// What turns `require_approval` into `allow`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approvals {
    /// Distinct people, at least 1.
    pub required: u32,
    /// Where approvals count from.
    pub from: BTreeSet<ApprovalSource>,
    /// Only these logins count; empty: everybody who may write.
    pub people: Vec<String>,
}

/// Where people say yes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ApprovalSource {
    /// Reviews of the pull request.
    Reviews,
    /// Approvals of the run's protected environment.
    Environment,
}

const SOURCES: [(&str, ApprovalSource); 2] = [
    ("reviews", ApprovalSource::Reviews),
    ("environment", ApprovalSource::Environment),
];

/// The names of [`keys`].
pub(crate) const KEYS: [&str; 5] = [
    "approvals",
    "emergency",
    "override_budget",
    "branches",
    "tags",
];

/// The keys of an environment that are read here, with their shapes.
pub(crate) fn keys() -> Vec<Field> {
    let login = Shape::Like {
        pattern: r"^[A-Za-z0-9](-?[A-Za-z0-9])*(_[a-z0-9]+)?(\[bot\])?$".into(),
        example: "octocat".into(),
    };
    let approvals = Shape::Record(vec![
        Field::optional(
            "required",
            "distinct people who have to approve, 1 where it is left out",
            Shape::Integer,
        ),
        Field::optional(
            "from",
            "where their word counts: reviews of the pull request, approvals of the run's environment; both where it is left out",
            Shape::List(Box::new(Shape::choice(SOURCES.map(|(word, _)| word)))),
        ),
        Field::optional(
            "people",
            "only these logins count; everybody who may write where it is left out",
            Shape::List(Box::new(login)),
        ),
    ]);
    vec![
        Field::optional(
            "approvals",
            "what turns `require_approval` into `allow`; nothing does where it is left out",
            approvals,
        ),
        Field::optional(
            "emergency",
            "whether an emergency override lifts anything here; `allowed` where it is left out",
            Shape::choice(["allowed", "forbidden"]),
        ),
        Field::optional(
            "override_budget",
            "the share of the last 30 days' decisions that may rest on overrides before each needs one approver more; 2% where it is left out",
            Shape::Like {
                pattern: r"^(100|[0-9]{1,2})(\.[0-9]{1,3})? *%$".into(),
                example: "2%".into(),
            },
        ),
        Field::optional(
            "branches",
            "runs for these branches are for this environment",
            Shape::GlobList,
        ),
        Field::optional(
            "tags",
            "runs for these tags are for this environment",
            Shape::GlobList,
        ),
    ]
}

/// Reads a key of an environment; `false` if it is none of [`keys`].
pub(crate) fn read(
    entry: &Entry,
    draft: &mut Draft,
    reading: Reading<'_>,
    errors: &mut Vec<PolicyError>,
) -> bool {
    let Some(field) = keys().into_iter().find(|field| field.name == entry.key) else {
        return false;
    };
    let before = errors.len();
    settings::check(entry, &field.shape, reading, errors);
    if errors.len() > before {
        return true;
    }
    let value = &entry.value;
    let owned = |texts: Vec<&str>| texts.into_iter().map(str::to_owned).collect();
    let latitude = &mut draft.latitude;
    match entry.key.as_str() {
        "approvals" => match approvals(entry) {
            Ok(read) => latitude.approvals = Some(read),
            Err(error) => errors.push(error),
        },
        "emergency" => latitude.no_emergency = value.as_str() == Some("forbidden"),
        "override_budget" => {
            let number = value.as_str().unwrap_or_default().trim_end_matches('%');
            latitude.override_budget = number.trim().parse().ok();
        }
        "branches" => latitude.branches = owned(value.texts()),
        _ => latitude.tags = owned(value.texts()),
    }
    true
}

fn approvals(entry: &Entry) -> Result<Approvals, PolicyError> {
    let value = &entry.value;
    let required = value.u64_of("required").unwrap_or(1);
    let required = u32::try_from(required)
        .ok()
        .filter(|number| (1..=MAX_APPROVERS).contains(number));
    let Some(required) = required else {
        let position = value
            .get("required")
            .map_or(&value.position, |v| &v.position);
        return Err(
            PolicyError::new(position, "found an impossible number under `required`")
                .hint(format!("expected a number from 1 to {MAX_APPROVERS}")),
        );
    };
    let people: Vec<String> = value
        .texts_of("people")
        .into_iter()
        .map(str::to_owned)
        .collect();
    for key in ["from", "people"] {
        if let Some(list) = value.get(key)
            && matches!(&list.data, Data::List(items) if items.is_empty())
        {
            return Err(PolicyError::new(
                &list.position,
                format!("found an empty list under `{key}`: nobody could ever approve"),
            )
            .hint("name at least one, or remove the key"));
        }
    }
    if !people.is_empty() && (people.len() as u64) < u64::from(required) {
        return Err(PolicyError::new(
            &value.position,
            format!(
                "found {} people and `required: {required}`: there could never be enough approvals",
                people.len()
            ),
        )
        .hint("name more people, or require fewer"));
    }
    let written = value.texts_of("from");
    let from = SOURCES
        .into_iter()
        .filter(|(word, _)| written.is_empty() || written.contains(word))
        .map(|(_, source)| source)
        .collect();
    Ok(Approvals {
        required,
        from,
        people,
    })
}

impl Latitude {
    /// What holds of a chain of `extends` or of several definitions: the own
    /// word before the parents', except that nothing gets looser than a
    /// parent's `forbidden`.
    pub(crate) fn over(mut self, parent: &Self) -> Self {
        self.approvals = self.approvals.or_else(|| parent.approvals.clone());
        self.no_emergency |= parent.no_emergency;
        self.override_budget = self.override_budget.or(parent.override_budget);
        self
    }

    /// The stricter of the base's and the head's.
    pub(crate) fn meet(base: &Self, head: &Self) -> Self {
        Self {
            approvals: match (&base.approvals, &head.approvals) {
                (Some(base), Some(head)) => Some(Approvals {
                    required: base.required.max(head.required),
                    ..base.clone()
                }),
                _ => None,
            },
            no_emergency: base.no_emergency || head.no_emergency,
            override_budget: match (base.override_budget, head.override_budget) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => {
                    let default = Decimal::from(DEFAULT_BUDGET);
                    a.or(b).map(|written| written.min(default))
                }
            },
            branches: base.branches.clone(),
            tags: base.tags.clone(),
        }
    }

    /// What the head leaves to people that the base does not, one sentence each.
    pub(crate) fn loosened(base: &Self, head: &Self, name: &str) -> Vec<String> {
        let mut found = Vec::new();
        match (&base.approvals, &head.approvals) {
            (None, Some(_)) => found.push(format!(
                "environment `{name}` lets approvals resolve `require_approval`"
            )),
            (Some(was), Some(is)) if is.required < was.required => found.push(format!(
                "environment `{name}` asks for {} approvals, was {}",
                is.required, was.required
            )),
            (Some(was), Some(is)) if was.people != is.people || was.from != is.from => {
                found.push(format!(
                    "environment `{name}` takes approvals from other people or places"
                ));
            }
            _ => {}
        }
        if base.no_emergency && !head.no_emergency {
            found.push(format!("environment `{name}` allows emergency overrides"));
        }
        if head.budget() > base.budget() {
            found.push(format!(
                "environment `{name}` has an override budget of {}%, was {}%",
                head.budget(),
                base.budget()
            ));
        }
        if base.branches != head.branches || base.tags != head.tags {
            found.push(format!(
                "environment `{name}` is chosen by other branches or tags"
            ));
        }
        found
    }

    /// In percent.
    pub fn budget(&self) -> Decimal {
        self.override_budget
            .unwrap_or_else(|| Decimal::from(DEFAULT_BUDGET))
    }

    /// Whether a run for this branch or tag is for this environment.
    pub(crate) fn claims(&self, branch: Option<&str>, tag: Option<&str>) -> bool {
        let by = |globs: &[String], name: Option<&str>| {
            name.is_some_and(|name| !globs.is_empty() && matches(globs, [name]))
        };
        by(&self.branches, branch) || by(&self.tags, tag)
    }
}
