//! Where the path of a module leads.

use crate::extractor::Base;
use crate::resolve::Problem;
use crate::roster::skill_of;
use crate::tree::{Entry, folder, join};
use crate::world::World;

/// Folders above a file that are tried; trees that people make have fewer.
const MAX_ABOVE: usize = 32;

/// Where a module's path leads: from the file's own folder, the extractor's
/// base and the root, with and without the endings it may leave out.
pub(crate) fn module<'a>(
    world: &World<'a>,
    from: &str,
    path: &str,
    base: &Base,
    extensions: &[String],
) -> Result<Entry<'a>, Problem> {
    let own = folder(from);
    let mut bases = vec![own];
    match base {
        Base::None => {}
        Base::Ancestors => {
            let mut above = own;
            while let Some((parent, _)) = above.rsplit_once('/').filter(|_| bases.len() < MAX_ABOVE)
            {
                bases.push(parent);
                above = parent;
            }
        }
        Base::Skill => bases.extend(skill_of(&world.tree, from)),
        Base::Folder(folder) => bases.push(folder),
    }
    bases.push("");
    let mut first: Option<Problem> = None;
    for base in bases {
        for ending in [""]
            .into_iter()
            .chain(extensions.iter().map(String::as_str))
        {
            let Some(wanted) = join(base, &format!("{path}{ending}")) else {
                first.get_or_insert(Problem::AboveRoot);
                continue;
            };
            match world.on_disk(&wanted) {
                found @ (Entry::File(_) | Entry::Submodule) => return Ok(found),
                // A folder is no module.
                Entry::Folder => {}
                Entry::Nothing => {
                    let problem = match world.tree.file(&wanted) {
                        Some(_) => Problem::Dangling { path: wanted },
                        None => world.nothing(wanted),
                    };
                    // A wrong spelling says more than an absence, and an absence
                    // beside something alike more than one beside nothing.
                    let better = match (&first, &problem) {
                        (Some(Problem::OtherCase { .. } | Problem::Dangling { .. }), _) => false,
                        (_, Problem::OtherCase { .. } | Problem::Dangling { .. }) => true,
                        (Some(Problem::NoFile { path: known }), Problem::NoFile { path }) => {
                            world.tree.nearest(known).is_none()
                                && world.tree.nearest(path).is_some()
                        }
                        _ => false,
                    };
                    if first.is_none() || better {
                        first = Some(problem);
                    }
                }
            }
        }
    }
    Err(first.unwrap_or_else(|| Problem::NoFile {
        path: path.to_owned(),
    }))
}

/// Inline code is a reference where its first folder is there, beside the file
/// or in its skill: `references/x.md` in a skill that has `references/`. A bare
/// file name is one where the file is there. What is no reference is `None`.
pub(crate) fn code_path<'a>(
    world: &World<'a>,
    from: &str,
    path: &str,
    base: &Base,
    extensions: &[String],
) -> Option<Result<Entry<'a>, Problem>> {
    let tree = &world.tree;
    let path = path.trim_start_matches("./").trim_end_matches('/');
    let first = path.split('/').next().filter(|first| *first != "..")?;
    let skill = skill_of(tree, from);
    let base = match base {
        Base::Folder(folder) => Some(folder.as_str()),
        _ => skill,
    };
    let mut near = vec![folder(from)];
    near.extend(base);
    let file = |base: &str| {
        let entry = |ending: &str| Some(world.on_disk(&join(base, &format!("{path}{ending}"))?));
        let endings = extensions.iter().map(String::as_str);
        let mut found = [""].into_iter().chain(endings).filter_map(entry);
        found
            .find(|entry| !matches!(entry, Entry::Nothing))
            .or(Some(Entry::Nothing))
    };
    if first == path {
        let found = near.iter().filter_map(|base| file(base));
        return found
            .filter(|entry| matches!(entry, Entry::File(_)))
            .map(Ok)
            .next();
    }
    let is_home = |base: &&&str| {
        join(base, first).is_some_and(|folder| world.on_disk(&folder) == Entry::Folder)
    };
    let Some(home) = near.iter().find(is_home) else {
        // Written from the root, it is a reference where it is right.
        let found = file("").filter(|entry| matches!(entry, Entry::File(_)));
        return found.map(Ok);
    };
    let mut found = near.iter().copied().chain([""]).filter_map(file);
    if let Some(found) = found.find(|entry| *entry != Entry::Nothing) {
        return Some(Ok(found));
    }
    // Skills that lie side by side speak of one another's files.
    let beside = |found: &&&str| {
        let other = found
            .strip_suffix(path)
            .and_then(|before| before.strip_suffix('/'));
        other.is_some_and(|other| {
            skill.is_some_and(|skill| folder(other) == folder(skill))
                && skill_of(tree, found) == Some(other)
        })
    };
    match tree.with_name(path).iter().find(beside) {
        Some(found) => Some(Ok(Entry::File(found))),
        None => Some(Err(world.nothing(join(home, path)?))),
    }
}
