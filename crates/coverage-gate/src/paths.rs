//! From the path a report writes to the tracked file it means. The first rule
//! that gives exactly one tracked file wins; what is ambiguous stays unmapped.

use crate::go_module::GoModule;
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

/// What a report path came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Mapped {
    Tracked(String),
    /// An absolute path that leads outside the root: a system header, a
    /// toolchain's library. Not this repository's code.
    Outside,
    /// No tracked file, or several.
    Unmapped,
}

pub(crate) struct Mapper<'a> {
    tracked: HashSet<&'a str>,
    root: String,
    sources: Vec<String>,
    rewrites: &'a [(String, String)],
    modules: &'a [&'a GoModule],
    by_name: HashMap<&'a str, Vec<&'a str>>,
}

impl<'a> Mapper<'a> {
    /// `files`: the paths of the tree that the reports are about, below `root`.
    pub(crate) fn new(
        files: impl Iterator<Item = &'a str>,
        root: &Path,
        rewrites: &'a [(String, String)],
        modules: &'a [&'a GoModule],
    ) -> Self {
        let mut by_name: HashMap<&str, Vec<&str>> = HashMap::new();
        let mut tracked = HashSet::new();
        for file in files {
            by_name.entry(last(file)).or_default().push(file);
            tracked.insert(file);
        }
        Self {
            tracked,
            root: slashed(&root.to_string_lossy()),
            sources: Vec::new(),
            rewrites,
            modules,
            by_name,
        }
    }

    /// The source roots that the next report names.
    pub(crate) fn look_below(&mut self, sources: &[String]) {
        self.sources = sources.iter().map(|source| slashed(source)).collect();
    }

    /// Tracked files that a path without a home may mean: those of its name,
    /// the ones first that agree in most folders.
    pub(crate) fn candidates(&self, written: &str) -> Vec<String> {
        const MOST: usize = 3;
        let path = slashed(written);
        let agreeing = |other: &str| {
            let ours = path.rsplit('/');
            ours.zip(other.rsplit('/'))
                .take_while(|(a, b)| a == b)
                .count()
        };
        let mut named: Vec<&str> = self.by_name.get(last(&path)).cloned().unwrap_or_default();
        if named.is_empty() {
            let name = last(&path).to_lowercase();
            let near = |known: &&str| known.to_lowercase() == name;
            let mut near: Vec<_> = self.by_name.keys().copied().filter(near).collect();
            near.sort_unstable();
            named = near
                .into_iter()
                .flat_map(|name| self.by_name[name].clone())
                .collect();
        }
        named.sort_by_key(|other| (Reverse(agreeing(other)), *other));
        named.into_iter().take(MOST).map(str::to_owned).collect()
    }

    /// All paths of one report at once: what a path means depends on what the
    /// others mean, for a report is written in one place.
    /// `direct`: the tracked files that others of its paths are known to mean.
    pub(crate) fn map<'b>(
        &self,
        written: impl Iterator<Item = &'b str>,
        mut direct: HashSet<String>,
    ) -> BTreeMap<&'b str, Mapped> {
        let mut mapped = BTreeMap::new();
        let mut rest = Vec::new();
        for path in written {
            let slashed = slashed(path);
            if let Some(found) = self.exact(&slashed) {
                direct.insert(found.clone());
                mapped.insert(path, Mapped::Tracked(found));
            } else {
                let ending = self.by_ending(&slashed);
                rest.push((path, ending.or_else(|| self.by_module(&slashed))));
            }
        }
        let folder = written_in(&rest);
        for (path, ending) in rest {
            let found = match ending {
                Some(Ending { tracked, extra }) if extra.is_none() || extra == folder => {
                    Some(tracked).filter(|tracked| !direct.contains(tracked))
                }
                _ => None,
            };
            let found = found.map_or_else(|| self.not_ours(&slashed(path)), Mapped::Tracked);
            mapped.insert(path, found);
        }
        mapped
    }

    /// The tracked file that a path means whatever else its report says.
    pub(crate) fn sure(&self, written: &str) -> Option<String> {
        self.at_once(&slashed(written))
    }

    fn at_once(&self, path: &str) -> Option<String> {
        self.rewrites
            .iter()
            .find_map(|(from, to)| self.tracked(&join(to, path.strip_prefix(from.as_str())?)))
            .or_else(|| self.direct(path))
    }

    fn exact(&self, path: &str) -> Option<String> {
        self.at_once(path)
            .or_else(|| {
                self.sources.iter().find_map(|source| {
                    self.direct(&format!("{}/{path}", source.trim_end_matches('/')))
                })
            })
            .or_else(|| {
                self.modules.iter().find_map(|module| {
                    let rest = path.strip_prefix(&module.path)?.strip_prefix('/')?;
                    self.tracked(&join(&module.folder, rest))
                })
            })
    }

    /// A path that means no tracked file: somebody else's code, or unknown.
    fn not_ours(&self, path: &str) -> Mapped {
        let inside = path.starts_with(&format!("{}/", self.root));
        let unknown_name = !self.by_name.contains_key(last(path));
        if is_dependency(path) || (is_absolute(path) && !inside && unknown_name) {
            Mapped::Outside
        } else {
            Mapped::Unmapped
        }
    }

    /// The path itself, or below the root where it is absolute.
    fn direct(&self, path: &str) -> Option<String> {
        // what nearly every path is
        if let Some(path) = self.tracked(path) {
            return Some(path);
        }
        let relative = match path.strip_prefix(&self.root) {
            Some(rest) => rest.strip_prefix('/')?,
            None => path,
        };
        self.tracked(&join("", relative))
    }

    fn tracked(&self, path: &str) -> Option<String> {
        self.tracked.contains(path).then(|| path.to_owned())
    }

    /// A report that was written in another folder than the root: either the
    /// tracked path ends with the written one, or the other way round. Exactly
    /// one tracked file has to fit.
    fn by_ending(&self, path: &str) -> Option<Ending> {
        if is_dependency(path) {
            return None;
        }
        let path = path.trim_start_matches("./").trim_start_matches('/');
        let before = |long: &str, short: &str| {
            let rest = long.strip_suffix(short)?;
            (rest.is_empty() || rest.ends_with('/')).then(|| rest.to_owned())
        };
        let mut fitting = self.by_name.get(last(path))?.iter().filter_map(|tracked| {
            let tracked_path = (*tracked).to_owned();
            if before(tracked, path).is_some() {
                return Some(Ending {
                    tracked: tracked_path,
                    extra: None,
                });
            }
            // One name alone is no agreement.
            let extra = tracked
                .contains('/')
                .then(|| before(path, tracked))
                .flatten()?;
            Some(Ending {
                tracked: tracked_path,
                extra: Some(extra),
            })
        });
        let first = fitting.next()?;
        fitting.next().is_none().then_some(first)
    }
}

impl Mapper<'_> {
    /// `module/package/File`, as an aggregated `JaCoCo` report names it: the one
    /// tracked file that ends with package and file, and is below a folder that
    /// is called like the module.
    fn by_module(&self, path: &str) -> Option<Ending> {
        let (module, rest) = path.split_once('/')?;
        let mut fitting = self.by_name.get(last(rest))?.iter().filter(|tracked| {
            let before = tracked.strip_suffix(rest);
            let before = before.and_then(|before| before.strip_suffix('/'));
            before.is_some_and(|before| before.split('/').any(|folder| folder == module))
        });
        let first = fitting.next()?;
        fitting.next().is_none().then(|| Ending {
            tracked: (*first).to_owned(),
            extra: None,
        })
    }
}

/// A tracked file that a path ends like.
struct Ending {
    tracked: String,
    /// What the written path has before the tracked one.
    extra: Option<String>,
}

/// The folder most paths of a report were written in, seen from theirs.
fn written_in(rest: &[(&str, Option<Ending>)]) -> Option<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for extra in rest
        .iter()
        .filter_map(|(_, ending)| ending.as_ref()?.extra.as_deref())
    {
        *counts.entry(extra).or_default() += 1;
    }
    let most = counts.values().copied().max()?;
    let extra = counts.into_iter().find(|(_, count)| *count == most)?.0;
    Some(extra.to_owned())
}

/// Folders in which package managers keep other people's code.
fn is_dependency(path: &str) -> bool {
    const FOLDERS: [&str; 8] = [
        "node_modules",
        ".cargo",
        ".rustup",
        "site-packages",
        "dist-packages",
        ".m2",
        ".gradle",
        "vendor",
    ];
    let mut folders = path.split('/');
    let _file = folders.next_back();
    let mut outer = "";
    folders.any(|folder| {
        let of_go = (std::mem::replace(&mut outer, folder), folder) == ("pkg", "mod");
        of_go || FOLDERS.contains(&folder)
    })
}

fn slashed(path: &str) -> String {
    path.replace('\\', "/")
}

fn is_absolute(path: &str) -> bool {
    path.starts_with('/') || path.as_bytes().get(1) == Some(&b':') || path.contains("://")
}

/// `path` below `folder`, without `.` and `..`; what climbs out becomes a path
/// that no tracked file has.
fn join(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = folder
        .split('/')
        .filter(|part| !matches!(*part, "" | "."))
        .collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                if parts.pop().is_none() {
                    return String::from("..");
                }
            }
            _ => parts.push(part),
        }
    }
    parts.join("/")
}

fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
