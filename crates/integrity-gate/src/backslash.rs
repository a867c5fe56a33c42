//! Links written with `\` as Windows writes paths, which a URL does not know.

use crate::describe::rewritten;
use crate::resolve::{Problem, Resolved};
use crate::world::World;
use gate_syntax::Target;

/// The link with `/` in its path, if that leads somewhere.
pub(crate) fn repaired(world: &World<'_>, from: &str, written: &str) -> Option<String> {
    let end = written.find(['?', '#']).unwrap_or(written.len());
    let (path, rest) = written.split_at(end);
    // Markdown may need two for one.
    let slashed = path.replace("%5C", "\\").replace("%5c", "\\");
    let slashed = slashed.replace("\\\\", "\\").replace('\\', "/");
    if slashed == path || slashed.starts_with("//") || written.contains(char::is_control) {
        return None;
    }
    let new = slashed + rest;
    match world.link(world.page(from)?, &Target::of_link(&new)) {
        Resolved::To(_) | Resolved::Unread(_) | Resolved::Folder(_) => Some(new),
        Resolved::Broken(Problem::OtherCase { tracked, .. }) => {
            rewritten(world, from, &new, &tracked)
        }
        _ => None,
    }
}
