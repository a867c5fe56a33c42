//! What a change did to the things that findings lead to.

use crate::against_base::Change;
use crate::anchors::renamed;
use crate::arc::To;
use crate::describe::{rewritten, with_fragment};
use crate::evaluate::Evaluated;
use crate::issue::Issue;
use crate::tree::{folder, join};
use crate::world::World;
use std::collections::BTreeMap;

impl Change<'_> {
    /// Where a relative link of a file that the change moved led before.
    fn left_behind(&self, base: &World<'_>, issue: &Issue) -> Option<String> {
        let from = *self.was.get(issue.path.as_str())?;
        let end = issue.key.find(['?', '#']).unwrap_or(issue.key.len());
        let path = issue.key.get(..end).filter(|path| !path.starts_with('/'))?;
        let old = join(folder(from), &gate_syntax::percent_decode(path))?;
        let is_there = base.tree.file(&old).is_some() || base.tree.is_folder(&old);
        (issue.rule == "broken_link" && is_there).then(|| self.now(&old).to_owned())
    }

    /// What the change did to the thing that an issue leads to.
    pub(crate) fn explain(
        &self,
        head: &World<'_>,
        base: &World<'_>,
        led: &Led<'_>,
        issue: &mut Issue,
    ) {
        if let Some(is) = self.left_behind(base, issue)
            && (head.tree.file(&is).is_some() || head.tree.is_folder(&is))
        {
            add(
                issue,
                &format!("this change moved the file, and before it led to `{is}`"),
            );
            issue.fix = rewritten(head, &issue.path, &issue.key, &is).or(issue.fix.take());
            return;
        }
        let key = (self.before(&issue.path), issue.key.as_str());
        let (path, fragment) = match (led.get(&key), issue.target.clone()) {
            (_, Some((path, Some(fragment)))) => (path, Some(fragment)),
            // Where the reference led in the base says more than where it was
            // looked for first.
            (Some(path), _) => ((*path).to_owned(), None),
            (None, Some(target)) => target,
            (None, None) => return,
        };
        match fragment {
            None if base.tree.file(&path).is_some() && head.tree.file(&path).is_none() => {
                let Some(new) = self.moved.get(path.as_str()) else {
                    return add(issue, "this change removes it");
                };
                add(issue, &format!("this change moved it to `{new}`"));
                issue.fix = match issue.rule {
                    "broken_link" => rewritten(head, &issue.path, &issue.key, new),
                    "missing_module" => Some((*new).to_owned()),
                    _ => None,
                }
                .or(issue.fix.take());
            }
            None if base.tree.is_folder(&path) && !head.tree.is_folder(&path) => {
                match self.moved_folder(&path) {
                    Some(new) => {
                        add(issue, &format!("this change moved it to `{new}`"));
                        let fix = rewritten(head, &issue.path, &issue.key, &new);
                        issue.fix = fix.or(issue.fix.take());
                    }
                    None => add(issue, "this change removes it"),
                }
            }
            Some(fragment) => {
                let pages = head.page(&path).zip(base.page(self.before(&path)));
                let Some((now, before)) = pages else { return };
                let (now, before) = (head.anchors(now), base.anchors(before));
                if !before.has(&fragment) {
                    return;
                }
                let Some(heading) = before.heading(&fragment) else {
                    return add(issue, "this change removes the anchor");
                };
                match renamed(before, now, heading).and_then(|at| now.of_heading(at)) {
                    Some(anchor) => {
                        let text =
                            format!("this change renamed the heading, it became `#{anchor}`");
                        add(issue, &text);
                        issue.fix = with_fragment(&issue.key, anchor);
                    }
                    None => add(issue, "this change removes the heading"),
                }
            }
            None => {}
        }
    }

    /// Where a folder went as a whole.
    fn moved_folder(&self, folder: &str) -> Option<String> {
        let below = format!("{folder}/");
        let mut went = self.moved.range(below.as_str()..);
        let (old, new) = went.next().filter(|(old, _)| old.starts_with(&below))?;
        let rest = &old[folder.len()..];
        let to = new.strip_suffix(rest)?;
        let mut others = went.take_while(|(old, _)| old.starts_with(&below));
        let whole = others.all(|(old, new)| new.strip_suffix(&old[folder.len()..]) == Some(to));
        (whole && !to.is_empty()).then(|| to.to_owned())
    }
}

/// Where references of the base led: by page and what is written.
pub(crate) type Led<'a> = BTreeMap<(&'a str, &'a str), &'a str>;

pub(crate) fn led<'e>(base: &World<'e>, before: &'e Evaluated<'_>) -> Led<'e> {
    let resolved = before.modules.arcs.iter().filter_map(|arc| {
        let to = match arc.to {
            To::Page(to) => base.pages[to].path,
            To::File(path) => path,
            To::Missing(_) => return None,
        };
        Some(((base.pages[arc.from].path, arc.written.as_str()), to))
    });
    resolved.collect()
}

/// Says what the change did, in place of a guess.
pub(crate) fn add(issue: &mut Issue, what: &str) {
    issue.message = format!("{}; {what}", told(&issue.message));
}

/// A message without its guess: what the change did is known.
fn told(message: &str) -> &str {
    message.split("; did it mean ").next().unwrap_or(message)
}
