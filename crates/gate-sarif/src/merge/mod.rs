//! Several runs of one tool and category joined into one run, with every reference rewritten.
//!
//! | Part of the runs | In the united run |
//! |---|---|
//! | `artifacts` | one per location and parent, with what all say about it; kept apart where they contradict each other (other hashes, other length), or where one run has several for a location |
//! | `rules`, `notifications`, `taxa` of a component | one per id and guid where all that decides over a result (`defaultConfiguration`, `properties`, `relationships`) is equal and no text differs, with the texts of all; else both are kept, and references by id alone get the index of theirs |
//! | `logicalLocations`, `addresses`, `webRequests`, `webResponses`, `threadFlowLocations`, `graphs`, `invocations` | equal ones once, all others behind those of the first run |
//! | `extensions`, `taxonomies`, `policies`, `translations` | equal ones (their descriptors aside) once, their descriptors united |
//! | `originalUriBaseIds` | united; a name that stands for something else in a later run is renamed there (`SRC_2`), with all its uses |
//! | `versionControlProvenance`, `runAggregates`, `redactionTokens`, the driver's `locations` and `supportedTaxonomies` | equal ones once |
//! | `conversion` | one; a failed one is kept rather than a successful one (told); another converter is refused |
//! | `automationDetails` | the id that was asked for; else the first run's (told) |
//! | `properties` of run, tool and driver | all keys; of two values for one key the first (told) |
//! | `globalMessageStrings` of the driver | all keys; two texts for one key are refused |
//! | `columnKind`, `defaultEncoding`, `defaultSourceLanguage`, `baselineGuid` | different values are refused; one that only some runs give holds for all (told) |
//! | `language`, `newlineSequences` | different values are refused, a missing one counting as the default of the standard |
//! | `externalPropertyFileReferences` | the same files for all runs, and no part of those tables inline: kept; else refused |
//! | anything else, also what the standard does not know | taken over; of two values the first (told) |
//!
//! The first run keeps its places, so that merging one run changes nothing. An index that points at
//! nothing still points at nothing afterwards, never at another run's entry.
//!
//! Results are never held: [`Merger`] needs the headers only, and each result's text goes through the
//! [`Reindex`] of its run.

mod base_ids;
mod components;
mod conversion;
mod dedup;
mod draft;
mod entries;
mod error;
mod group;
mod header;
mod names;
mod plan;
mod reindex;
mod run;
mod values;

pub use dedup::Dedup;
pub use error::{Notice, Refusal};
pub use group::{Group, group};
pub use reindex::Reindex;

use std::sync::Arc;

use draft::Draft;
use run::Run;

/// What may be joined, and under which name.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The `automationDetails.id` of the united run, as in `linux/x86/`.
    pub id: Option<String>,
    /// Join runs of different versions of the tool too.
    pub any_version: bool,
}

/// The plan for joining some runs: the header of the united run, and how the results of each run
/// are rewritten. To write the run: [`before`](Self::before), the results with commas between
/// them, [`after`](Self::after).
#[derive(Debug)]
pub struct Merger {
    /// The united run up to its first result.
    pub before: String,
    /// The united run from behind its last result.
    pub after: String,
    /// Whether there are results at all; if not, `before` is the whole run.
    pub results: bool,
    /// By run, in the order they were given.
    pub reindex: Vec<Reindex>,
    /// What had to give way.
    pub notices: Vec<Notice>,
}

impl Merger {
    /// Plans the join of runs by their headers: the JSON text of each run, whose results are
    /// ignored and can be left out.
    pub fn new(headers: &[&str], options: &Options) -> Result<Self, Refusal> {
        if headers.is_empty() {
            return Err(Refusal::NoRuns);
        }
        let mut runs = Vec::with_capacity(headers.len());
        for (at, text) in headers.iter().enumerate() {
            runs.push(Run::new(at, text)?);
        }
        let mut draft = Draft::default();
        group::same_tool(&runs, options.any_version)?;
        let texts = headers;
        let broken = |(run, error): (usize, _)| Refusal::broken(run, texts[run], &error);
        let renames = base_ids::united(&runs).map_err(broken)?;
        let components = components::unite(&mut runs).map_err(broken)?;
        let entries = entries::Entries::new(&runs, &renames).map_err(broken)?;
        let mut plan = plan::plan(&runs, &components, &entries);
        let maps = std::mem::take(&mut plan.maps);
        let own = std::mem::take(&mut plan.own);
        let own = own
            .into_iter()
            .chain(std::iter::repeat_with(plan::Own::new));
        let united = Arc::new(std::mem::take(&mut plan.united));
        let parts = runs.iter().zip(maps).zip(renames.iter().cloned().zip(own));
        let reindex: Vec<_> = parts
            .map(|((run, maps), (renames, own))| Reindex {
                run: run.at,
                names: run.names.clone(),
                maps,
                united: united.clone(),
                renames,
                own,
                changed: 0,
                unresolved: 0,
            })
            .collect();
        for (run, reindex) in runs.iter().zip(&reindex) {
            let mut edits = crate::walk::Edits::default();
            run.walk(|record| {
                reindex.edit(run.text, record, &mut edits);
            })
            .map_err(|error| broken((run.at, error)))?;
            draft.edits.push(edits);
        }
        tell(&runs, &entries, &plan, &renames, &mut draft);
        let both = (renames.as_slice(), options);
        let header = header::header(&runs, &components, &entries, &plan, both, &mut draft)?;
        Ok(Self {
            before: header.before,
            after: header.after,
            results: header.results,
            reindex,
            notices: draft.notices.into_iter().collect(),
        })
    }

    /// The united run without results.
    pub fn header(&self) -> String {
        format!("{}{}", self.before, self.after)
    }
}

fn tell(
    runs: &[Run<'_>],
    entries: &entries::Entries,
    plan: &plan::Plan,
    renames: &[base_ids::Renames],
    draft: &mut Draft,
) {
    for (run, renames) in renames.iter().enumerate() {
        let excerpt = |(old, new): (&String, &String)| {
            let (old, new) = (crate::error::excerpt(old), crate::error::excerpt(new));
            format!("`{old}` is now `{new}`")
        };
        if !renames.0.is_empty() {
            let some = some(renames.0.iter().map(excerpt), renames.0.len());
            let message =
                format!("`originalUriBaseIds` stand for something else than before: {some}");
            draft.notice(run, message);
        }
    }
    if !entries.settled {
        let message = "chains of references are longer than 64: entries of later runs are all kept, equal ones too";
        draft.notice(0, message.into());
    }
    for (run, twice) in runs.iter().zip(&plan.twice) {
        if !twice.is_empty() {
            let some = some(
                twice.iter().map(|id| crate::error::excerpt(id)),
                twice.len(),
            );
            let message = format!(
                "rules, notifications or taxa have an id that an earlier run describes differently, both are kept: {some}"
            );
            draft.notice(run.at, message);
        }
    }
}

/// The first few of many.
fn some(texts: impl Iterator<Item = String>, count: usize) -> String {
    const SHOWN: usize = 5;
    let shown = texts.take(SHOWN).collect::<Vec<_>>().join(", ");
    match count.saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
