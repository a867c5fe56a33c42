//! One walk over the tracked files for all gates: each is opened once.

use crate::erased::Planned;
use crate::session::Failure;
use gate_repo::{FileView, Repo, TrackedFile};

/// Shows every file to the gates that want it; whether any differs from the index.
pub(crate) fn walk(repo: &Repo, gates: &[Box<dyn Planned + '_>]) -> Result<bool, Failure> {
    let wants = |file: &TrackedFile| gates.iter().any(|gate| gate.wants(file));
    let in_pieces = |file: &TrackedFile| {
        let mut wanting = gates.iter().filter(|gate| gate.wants(file));
        wanting.all(|gate| gate.in_pieces(file))
    };
    let visit = |place: usize, file: &TrackedFile, view: &FileView<'_>| {
        if let [gate] = gates {
            return gate.read(place, file, view);
        }
        for gate in gates.iter().filter(|gate| gate.wants(file)) {
            gate.read(place, file, view);
        }
    };
    let threads = std::thread::available_parallelism()
        .map_or(1, std::num::NonZero::get)
        .min(8);
    let scan = repo
        .scan_in_pieces(&wants, &in_pieces, &visit, threads)
        .map_err(|error| Failure::Engine(error.to_string()))?;
    Ok(!scan.dirty.is_empty())
}
