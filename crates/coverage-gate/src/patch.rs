//! The change as far as reports measure it.

use gate_evidence::coverage::Coverage;
use gate_repo::{ChangeKind, FileChange};

/// Measured lines that the change added.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Patch {
    pub covered: u64,
    pub total: u64,
    /// Runs of measured added lines that did not run, by file.
    pub uncovered: Vec<(String, u32, u32)>,
}

/// Which measured lines the change added, and which of them did not run.
pub(crate) fn patch(coverage: &Coverage, changes: &[FileChange]) -> Patch {
    let mut patch = Patch::default();
    for change in changes {
        if matches!(change.kind, ChangeKind::Deleted | ChangeKind::Submodule) {
            continue;
        }
        let Some(file) = coverage.files.get(&change.path) else {
            continue;
        };
        for &(from, to) in &change.added_lines {
            let mut run: Option<(u32, u32)> = None;
            for (&line, &hits) in file.lines.range(from..=to) {
                patch.total += 1;
                if hits > 0 {
                    patch.covered += 1;
                    patch.uncovered.extend(
                        run.take()
                            .map(|(first, last)| (change.path.clone(), first, last)),
                    );
                } else {
                    run = Some(run.map_or((line, line), |(first, _)| (first, line)));
                }
            }
            patch
                .uncovered
                .extend(run.map(|(first, last)| (change.path.clone(), first, last)));
        }
    }
    patch
}
