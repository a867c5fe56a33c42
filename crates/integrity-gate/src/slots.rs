//! Placeholders whose place is known: `{baseDir}/x` in a skill, `${CLAUDE_PLUGIN_ROOT}/x` in a plugin.

use crate::manifests::HOME;
use crate::roster::skill_of;
use crate::tree::{folder, join};
use crate::world::World;
use crate::written::relative;
use gate_syntax::Target;

/// What stands for the folder of the skill.
const SKILL: [&str; 2] = ["{baseDir}/", "${CLAUDE_SKILL_DIR}/"];

/// The path behind what stands for the folder of the plugin.
fn in_plugin(written: &str) -> Option<&str> {
    written.strip_prefix(HOME)?.strip_prefix('/')
}

/// Whether a path begins with such a placeholder, so that no other path says the same.
pub(crate) fn begins(written: &str) -> bool {
    SKILL.iter().any(|slot| written.starts_with(slot)) || in_plugin(written).is_some()
}

/// The target with its placeholder filled in, where the file is part of a skill or plugin.
pub(crate) fn filled<'m>(
    world: &World<'_>,
    from: &str,
    written: &'m str,
    target: Target<'m>,
) -> Target<'m> {
    let filled = || {
        let skill = SKILL.iter().find_map(|slot| written.strip_prefix(slot));
        let (base, rest) = match (skill, in_plugin(written)) {
            (Some(rest), _) => (skill_of(&world.tree, from)?, rest),
            (None, Some(rest)) => (plugin_of(world, from)?, rest),
            (None, None) => return None,
        };
        let Target::Path {
            path,
            query,
            fragment,
        } = Target::of_link(rest)
        else {
            return None;
        };
        let is_plain = !path.starts_with('/') && !path.contains(['$', '{', '*', '\\']);
        let path = is_plain.then(|| join(base, &path)).flatten()?;
        Some(Target::Path {
            path: relative(from, &path).into(),
            query,
            fragment,
        })
    };
    match target {
        Target::Placeholder => filled().unwrap_or(Target::Placeholder),
        target => target,
    }
}

/// The folder of the plugin that a file belongs to.
fn plugin_of<'p>(world: &World<'_>, path: &'p str) -> Option<&'p str> {
    let mut above = folder(path);
    loop {
        let manifest = join(above, ".claude-plugin/plugin.json")?;
        if world.tree.file(&manifest).is_some() {
            return Some(above);
        }
        if above.is_empty() {
            return None;
        }
        above = folder(above);
    }
}
