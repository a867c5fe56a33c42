//! Manifests that are symbolic links: whoever reads one follows it.

use crate::form::is_manifest;
use crate::plan::{FilePart, Plan};
use crate::tree::{folder, join};
use gate_repo::Repo;
use gate_runner::Part;

/// What the target of a link gives; `None` for what is none.
pub(crate) fn linked(plan: &Plan, repo: &Repo, part: &Part<'_, FilePart>) -> Option<FilePart> {
    let path = part.file.path.as_str();
    let FilePart::Link(target) = part.part else {
        return None;
    };
    if !(is_manifest(path) && plan.reads(path)) {
        return None;
    }
    let found = (!target.starts_with('/')).then(|| join(folder(path), target));
    let bytes = found.flatten().and_then(|found| repo.contents(&found));
    Some(match bytes {
        Some(bytes) => plan.parse(path, &bytes),
        None => FilePart::Unread(format!(
            "it is a symbolic link to `{target}`, which is no tracked file that can be read"
        )),
    })
}
