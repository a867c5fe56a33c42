//! One walk over the tracked files for all gates: each is opened once.

use crate::erased::{AnyPart, Planned};
use crate::gate::Part;
use crate::session::Failure;
use gate_repo::{FileView, Repo, TrackedFile};

/// What one file gave. There are many files and nearly always one gate, so that needs no list.
enum Parts {
    OfOne(AnyPart),
    OfEach(Box<[Option<AnyPart>]>),
}

/// One walk over the tracked files for all gates.
pub(crate) struct Seen {
    /// By the place of the file.
    parts: Vec<(u32, Parts)>,
    pub(crate) dirty: bool,
}

pub(crate) fn walk(repo: &Repo, gates: &[Box<dyn Planned + '_>]) -> Result<Seen, Failure> {
    let wants = |file: &TrackedFile| gates.iter().any(|gate| gate.wants(file));
    let visit = |file: &TrackedFile, view: &FileView<'_>| -> Parts {
        if let [gate] = gates {
            return Parts::OfOne(gate.read(file, view));
        }
        let of_each = gates
            .iter()
            .map(|gate| gate.wants(file).then(|| gate.read(file, view)));
        Parts::OfEach(of_each.collect())
    };
    let threads = std::thread::available_parallelism()
        .map_or(1, std::num::NonZero::get)
        .min(8);
    let scan = repo
        .scan(&wants, &visit, threads)
        .map_err(|error| Failure::Engine(error.to_string()))?;
    let wanted = (0..).zip(repo.files()).filter(|(_, file)| wants(file));
    let wanted = wanted.map(|(place, _)| place);
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
                let file = repo.files().get(usize::try_from(*file).ok()?)?;
                let part = match parts {
                    Parts::OfOne(part) => part,
                    Parts::OfEach(parts) => parts.get(gate)?.as_ref()?,
                };
                Some(Part { file, part })
            })
            .collect()
    }
}
