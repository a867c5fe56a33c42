//! Problems in words: what was found, what was expected, and the repair where
//! it is certain.

use crate::backslash;
use crate::extractor::{Base, Extractor, Source};
use crate::issue::Issue;
use crate::resolve::Problem;
use crate::roster::Kind;
use crate::slots;
use crate::tree::last;
use crate::world::World;
use crate::written::{encode, relative};
use gate_syntax::Edge;

/// Headings of one page that a wrong fragment is compared with.
const MAX_HEADINGS: usize = 2_000;

/// What a suggestion adds to a message.
fn hint(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |nearest| format!("; did it mean `{nearest}`?"))
}

/// A link that does not resolve.
pub(crate) fn link(world: &World<'_>, from: &str, edge: &Edge<'_>, problem: &Problem) -> Issue {
    let written = edge.written;
    let issue = |rule, message| {
        Issue::of_file(rule, from, written, message).at(
            edge.line,
            edge.column,
            Some(edge.end_column),
        )
    };
    match problem {
        Problem::NoFile { path } => {
            if let Some(slashed) = backslash::repaired(world, from, written) {
                let message = format!(
                    "`{written}` leads to `{path}`, which is not a tracked file or folder: in a link `\\` parts no folders; write `{slashed}`"
                );
                return issue("broken_link", message).to(path, None).fix(Some(slashed));
            }
            let only = world.tree.same_name(path);
            let nearest = only.or_else(|| world.tree.nearest(path));
            issue(
                "broken_link",
                format!(
                    "`{written}` leads to `{path}`, which is not a tracked file or folder{}",
                    hint(nearest)
                ),
            )
            .to(path, None)
            .fix(only.filter(|only| says_which(only)).and_then(|only| rewritten(world, from, written, only)))
        }
        Problem::OtherCase { path, tracked } => issue(
            "link_case",
            format!(
                "`{written}` leads to `{path}`, but the tracked name is `{tracked}`; GitHub tells upper and lower case apart"
            ),
        )
        .to(path, None)
        .fix(rewritten(world, from, written, tracked)),
        Problem::AboveRoot => issue(
            "link_above_root",
            format!("`{written}` climbs above the root of the repository"),
        ),
        Problem::NoAnchor { path, fragment } => {
            let anchors = world.page(path).map(|page| world.anchors(page));
            let alike = anchors.and_then(|anchors| anchors.alike(fragment));
            let nearest = alike.or_else(|| {
                let all = anchors?.of_headings().take(MAX_HEADINGS).map(|anchor| (anchor, anchor));
                world.tree.closest(fragment, all, |length| 1 + length / 4)
            });
            let what = match anchors {
                Some(_) => format!("`{path}` has no heading or anchor `#{fragment}`"),
                None => format!("the folder `{path}` has no README.md, so no anchor `#{fragment}`"),
            };
            issue(
                "broken_anchor",
                format!(
                    "`{written}`: {what}{}",
                    nearest.map_or_else(String::new, |nearest| format!(
                        "; did it mean `#{nearest}`?"
                    ))
                ),
            )
            .to(path, Some(fragment))
            .fix(alike.and_then(|alike| with_fragment(written, alike)))
        }
        // Of the module graph only: the host shows the link itself.
        Problem::Dangling { path } => issue(
            "broken_link",
            format!("`{written}` leads to `{path}`, a symbolic link to nothing"),
        )
        .to(path, None),
        Problem::OnlyLines { path, fragment } => issue(
            "broken_anchor",
            format!(
                "`{written}`: `{path}` is shown as source, where only lines such as `#L9` have an anchor, and not `#{fragment}`"
            ),
        )
        .to(path, None),
        Problem::Scheme { path, line } => {
            let line = line.as_ref().map(|line| format!("#L{line}"));
            let instead = format!("{path}{}", line.unwrap_or_default());
            issue(
                "broken_link",
                format!(
                    "`{written}` leads nowhere: the colon makes a scheme of `{path}`, as in `https:`; write `{instead}`"
                ),
            )
            .to(path, None)
        }
        Problem::NoLine { path, line, lines } => issue(
            "line_out_of_range",
            format!(
                "`{written}` points to line {line} of `{path}`, which has {}",
                gate_runner::counted(*lines, "line")
            ),
        )
        .to(path, None),
    }
}

/// An include, import or other reference to a module that does not resolve.
/// The target is told as it is written.
pub(crate) fn module(
    world: &World<'_>,
    from: &str,
    written: &str,
    extractor: &Extractor,
    problem: &Problem,
) -> Issue {
    let issue = |rule, message| Issue::of_file(rule, from, written, message);
    // An agent reads an import from the file itself, everything else is looked
    // for from the root too.
    let new = |is: &str| {
        // Such references are written bare: what would end one is no part of it.
        let is_bare = |c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '-' | '_');
        (is.chars().all(is_bare) && !slots::begins(written)).then(|| match extractor.source {
            Source::Import => relative(from, is),
            _ => is.to_owned(),
        })
    };
    match problem {
        Problem::OtherCase { path, tracked } => issue(
            "module_case",
            format!(
                "`{written}` names `{path}`, but the tracked name is `{tracked}`; git tells upper and lower case apart"
            ),
        )
        .to(path, None)
        .fix(new(tracked)),
        Problem::Dangling { path } => issue(
            "missing_module",
            format!(
                "`{written}` names `{path}`, a symbolic link to what is not tracked; point it at a tracked file"
            ),
        )
        .to(path, None),
        Problem::AboveRoot => issue(
            "module_above_root",
            format!("`{written}` climbs above the root of the repository"),
        ),
        Problem::NoFile { path }
        | Problem::NoAnchor { path, .. }
        | Problem::OnlyLines { path, .. }
        | Problem::Scheme { path, .. }
        | Problem::NoLine { path, .. } => {
            let only = world
                .tree
                .same_name(path)
                .or_else(|| world.tree.same_name(&format!("{path}.md")));
            let also = match &extractor.base {
                Base::None => String::new(),
                Base::Ancestors => String::from(", in every folder above"),
                Base::Skill => String::from(", in its skill"),
                Base::Folder(folder) => format!(", below `{folder}`"),
            };
            issue(
                "missing_module",
                format!(
                    "`{written}` names a module that is not tracked: looked beside `{from}`{also} and from the root{}",
                    hint(only.or_else(|| world.tree.nearest(path)))
                ),
            )
            .to(path, None)
            // Inline code may speak of another place: there the name is only a hint.
            .fix(
                only.filter(|only| says_which(only) && extractor.source != Source::CodePath)
                    .and_then(new),
            )
        }
    }
}

/// A name that nobody has.
pub(crate) fn delegate(
    from: &str,
    written: &str,
    kind: Option<Kind>,
    nearest: Option<&str>,
) -> Issue {
    let what = match kind {
        Some(Kind::Agent) => "agent",
        Some(Kind::Skill) => "skill",
        Some(Kind::Command) => "command",
        None => "agent, skill or command",
    };
    let namespace = written
        .split_once(':')
        .map_or(String::new(), |(before, _)| format!("{before}:"));
    Issue::of_file(
        "missing_delegate",
        from,
        written,
        format!(
            "`{written}` names an {what} that does not exist here{}",
            hint(nearest.map(|name| namespace.clone() + name).as_deref())
        )
        .replace("an skill", "a skill")
        .replace("an command", "a command"),
    )
}

/// What a problem's path is.
pub(crate) fn looked_for(problem: &Problem) -> &str {
    match problem {
        Problem::NoFile { path }
        | Problem::OtherCase { path, .. }
        | Problem::Dangling { path }
        | Problem::NoAnchor { path, .. }
        | Problem::OnlyLines { path, .. }
        | Problem::Scheme { path, .. }
        | Problem::NoLine { path, .. } => path,
        Problem::AboveRoot => "..",
    }
}

/// The destination with another path, its fragment and query kept; `None`
/// where the destination is no plain path.
pub(crate) fn rewritten(world: &World<'_>, from: &str, written: &str, is: &str) -> Option<String> {
    let end = written.find(['?', '#']).unwrap_or(written.len());
    let (path, rest) = written.split_at(end);
    let is_other = |c: char| c.is_control() || matches!(c, ':' | '\\' | '&');
    if slots::begins(path)
        || path.is_empty()
        || written.contains(char::is_control)
        || path.contains(is_other)
    {
        return None;
    }
    let is_folder = world.tree.is_folder(is);
    let folder = if path.ends_with('/') && is_folder {
        "/"
    } else {
        ""
    };
    let new = if path.starts_with('/') {
        match world.config.link_root(from) {
            Some("") => format!("/{is}"),
            // What lies outside of the root of links has no such address.
            Some(root) => format!("/{}", is.strip_prefix(root)?.strip_prefix('/')?),
            None => format!("/{}{is}", world.own.prefix),
        }
    } else {
        let relative = relative(from, is);
        if path.starts_with("./") && !relative.starts_with("../") {
            format!("./{relative}")
        } else {
            relative
        }
    };
    Some(format!("{}{folder}{rest}", encode(&new)))
}

/// The destination with another fragment; `None` where it goes over lines.
pub(crate) fn with_fragment(written: &str, fragment: &str) -> Option<String> {
    let before = written.split('#').next().unwrap_or_default();
    (!written.contains(char::is_control)).then(|| format!("{before}#{}", encode(fragment)))
}

/// Whether a file's name alone says which file is meant: every other folder has
/// a README, so that the only one left is not the one that is gone.
fn says_which(path: &str) -> bool {
    const OF_ANY_FOLDER: [&str; 10] = [
        "agents",
        "changelog",
        "claude",
        "contributing",
        "index",
        "license",
        "overview",
        "readme",
        "skill",
        "summary",
    ];
    let name = last(path);
    let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
    !OF_ANY_FOLDER.contains(&stem.to_lowercase().trim_start_matches('_'))
}
