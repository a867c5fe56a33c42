//! One walk over the tracked files for all gates: each is opened once.

use crate::erased::{AnyPart, Planned};
use crate::gate::Part;
use crate::session::Failure;
use gate_repo::{FileView, Repo, TrackedFile};

/// One walk over the tracked files for all gates.
pub(crate) struct Seen {
    parts: Vec<(usize, Vec<Option<AnyPart>>)>,
    pub(crate) dirty: bool,
}

pub(crate) fn walk(repo: &Repo, gates: &[Box<dyn Planned + '_>]) -> Result<Seen, Failure> {
    let wants = |file: &TrackedFile| gates.iter().any(|gate| gate.wants(file));
    let visit = |file: &TrackedFile, view: &FileView<'_>| -> Vec<Option<AnyPart>> {
        gates
            .iter()
            .map(|gate| gate.wants(file).then(|| gate.read(file, view)))
            .collect()
    };
    let threads = std::thread::available_parallelism()
        .map_or(1, std::num::NonZero::get)
        .min(8);
    let scan = repo
        .scan(&wants, &visit, threads)
        .map_err(|error| Failure::Engine(error.to_string()))?;
    let wanted = repo
        .files()
        .iter()
        .enumerate()
        .filter(|(_, file)| wants(file))
        .map(|(index, _)| index);
    Ok(Seen {
        dirty: !scan.dirty.is_empty(),
        parts: wanted.zip(scan.results).collect(),
    })
}

impl Seen {
    pub(crate) fn parts<'a>(&'a self, repo: &'a Repo, gate: usize) -> Vec<Part<'a, AnyPart>> {
        self.parts
            .iter()
            .filter_map(|(file, parts)| {
                let file = repo.files().get(*file)?;
                let part = parts.get(gate)?.as_ref()?;
                Some(Part { file, part })
            })
            .collect()
    }
}
