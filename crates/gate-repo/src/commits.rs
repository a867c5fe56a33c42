//! The commits of a history, oldest first.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use foldhash::fast::RandomState;
use gix::ObjectId;
use gix::objs::Kind;

use crate::error::RepoError;
use crate::history::Gap;
use crate::objects::Objects;

/// Hidden commits that are looked at beyond the oldest visible one: clocks go wrong by a few commits, and a hidden one
/// that is missed only means that more is read.
const SLOP: usize = 64;

/// A commit whose tree is to be looked through.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Commit {
    pub(crate) id: ObjectId,
    pub(crate) tree: ObjectId,
    /// Committer time, seconds since 1970-01-01 UTC; 0 where it cannot be read.
    pub(crate) time: i64,
}

/// What a walk found.
#[derive(Debug, Default)]
pub(crate) struct Line {
    /// Each after all of its parents; among those that could come next the one with the earliest time, then by name.
    pub(crate) commits: Vec<Commit>,
    /// Trees that count as known: of the hidden tips, and of hidden parents of visible commits.
    pub(crate) known: Vec<ObjectId>,
    pub(crate) gaps: Vec<Gap>,
}

struct Node {
    commit: Commit,
    /// The parents as the commit names them, until it is opened.
    named: Vec<ObjectId>,
    /// The parents that this clone holds, by their places in the list of nodes.
    parents: Vec<usize>,
    /// Reachable from what is hidden.
    hidden: bool,
    /// Its parents have been looked at.
    open: bool,
}

/// Walk from `tips`, without what `hidden` reach.
pub(crate) fn walk(
    objects: &mut Objects<'_>,
    tips: &[ObjectId],
    hidden: &[ObjectId],
    shallow: &[ObjectId],
) -> Result<Line, RepoError> {
    let mut walk = Walk {
        objects,
        shallow,
        nodes: Vec::new(),
        places: HashMap::default(),
        queue: BinaryHeap::new(),
        visible_queued: 0,
        gaps: Vec::new(),
    };
    let mut known = Vec::new();
    for (ids, hidden) in [(hidden, true), (tips, false)] {
        for id in ids {
            if let Some(place) = walk.node(*id, hidden, None)?
                && hidden
            {
                known.push(walk.nodes[place].commit.tree);
            }
        }
    }
    walk.run(!hidden.is_empty())?;
    let Walk { nodes, gaps, .. } = walk;
    let visible = |at: &Option<usize>| at.is_none_or(|at| !nodes[at].hidden);
    let gaps = gaps.into_iter().filter(|(at, _)| visible(at));
    let mut gaps: Vec<Gap> = gaps.map(|(_, gap)| gap).collect();
    for node in nodes.iter().filter(|n| !n.hidden) {
        let behind = node.parents.iter().map(|p| &nodes[*p]);
        known.extend(behind.filter(|p| p.hidden).map(|p| p.commit.tree));
    }
    gaps.sort_unstable();
    gaps.dedup();
    Ok(Line {
        commits: oldest_first(&nodes),
        known,
        gaps,
    })
}

struct Walk<'w, 'a> {
    objects: &'w mut Objects<'a>,
    /// Sorted.
    shallow: &'w [ObjectId],
    nodes: Vec<Node>,
    places: HashMap<ObjectId, Option<usize>, RandomState>,
    /// Newest first, as (time, place).
    queue: BinaryHeap<(i64, usize)>,
    visible_queued: usize,
    /// Each with the commit that it was met at, which may turn out to be hidden.
    gaps: Vec<(Option<usize>, Gap)>,
}

impl Walk<'_, '_> {
    fn run(&mut self, any_hidden: bool) -> Result<(), RepoError> {
        let mut oldest_visible = i64::MAX;
        let mut beyond = 0;
        while let Some((time, place)) = self.queue.pop() {
            if any_hidden && self.visible_queued == 0 && time < oldest_visible {
                beyond += 1;
                if beyond > SLOP {
                    break;
                }
            }
            let node = &mut self.nodes[place];
            let (id, hidden) = (node.commit.id, node.hidden);
            if !hidden {
                oldest_visible = oldest_visible.min(time);
                self.visible_queued -= 1;
            }
            if node.open {
                // Seen before, as a visible one.
                for parent in self.nodes[place].parents.clone() {
                    self.hide(parent);
                }
                continue;
            }
            node.open = true;
            // git takes such a commit for one without parents, whatever it says.
            if self.shallow.binary_search(&id).is_ok() {
                if !hidden {
                    let commit = id.to_string();
                    self.gaps.push((Some(place), Gap::Shallow { commit }));
                }
                continue;
            }
            for parent in std::mem::take(&mut node.named) {
                if let Some(parent) = self.node(parent, hidden, Some(place))? {
                    self.nodes[place].parents.push(parent);
                }
            }
        }
        Ok(())
    }

    /// The place of a commit that `child` names, which is queued where that is news. `None`: this clone does not hold it.
    fn node(
        &mut self,
        id: ObjectId,
        hidden: bool,
        child: Option<usize>,
    ) -> Result<Option<usize>, RepoError> {
        if let Some(place) = self.places.get(&id) {
            let place = *place;
            match place {
                Some(place) if hidden => self.hide(place),
                None if !hidden => self.missing(id, child),
                _ => {}
            }
            return Ok(place);
        }
        let Some((commit, named)) = self.read(&id)? else {
            self.places.insert(id, None);
            if !hidden {
                self.missing(id, child);
            }
            return Ok(None);
        };
        let place = self.nodes.len();
        self.nodes.push(Node {
            commit,
            named,
            parents: Vec::new(),
            hidden,
            open: false,
        });
        self.places.insert(id, Some(place));
        self.queue.push((commit.time, place));
        self.visible_queued += usize::from(!hidden);
        Ok(Some(place))
    }

    fn hide(&mut self, place: usize) {
        let node = &mut self.nodes[place];
        if std::mem::replace(&mut node.hidden, true) {
            return;
        }
        if node.open {
            self.queue.push((node.commit.time, place));
        } else {
            // It waits in the queue, and is a hidden one from now on.
            self.visible_queued -= 1;
        }
    }

    fn missing(&mut self, id: ObjectId, child: Option<usize>) {
        let commit = id.to_string();
        self.gaps.push((child, Gap::MissingCommit { commit }));
    }

    fn read(&mut self, id: &ObjectId) -> Result<Option<(Commit, Vec<ObjectId>)>, RepoError> {
        let Some(object) = self.objects.get(id, Kind::Commit)? else {
            return Ok(None);
        };
        match parse(id, &object.data) {
            Some(commit) => Ok(Some(commit)),
            None => Err(RepoError::Object {
                what: format!("commit {id}"),
                reason: "its tree or its parents cannot be read".to_owned(),
            }),
        }
    }
}

/// Tree, parents and time. Who wrote a commit and when is garbled in some old ones, which is not held against them.
fn parse(id: &ObjectId, data: &[u8]) -> Option<(Commit, Vec<ObjectId>)> {
    let mut lines = data.split(|b| *b == b'\n');
    let tree = ObjectId::from_hex(lines.next()?.strip_prefix(b"tree ")?).ok()?;
    let mut parents = Vec::new();
    let mut time = 0;
    for line in lines.take_while(|line| !line.is_empty()) {
        if let Some(parent) = line.strip_prefix(b"parent ") {
            parents.push(ObjectId::from_hex(parent).ok()?);
        } else if line.starts_with(b"committer ") {
            let after = line.rsplit(|b| *b == b'>').next().unwrap_or_default();
            let after = std::str::from_utf8(after).unwrap_or_default();
            let seconds = after.split_ascii_whitespace().next();
            time = seconds.and_then(|s| s.parse().ok()).unwrap_or(0);
            break;
        }
    }
    let commit = Commit {
        id: *id,
        tree,
        time,
    };
    Some((commit, parents))
}

fn oldest_first(nodes: &[Node]) -> Vec<Commit> {
    let visible = |place: &&usize| !nodes[**place].hidden;
    let mut waits_for = vec![0_usize; nodes.len()];
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); nodes.len()];
    let mut ready = BinaryHeap::new();
    for (place, node) in nodes.iter().enumerate().filter(|(_, n)| !n.hidden) {
        for parent in node.parents.iter().filter(visible) {
            waits_for[place] += 1;
            children[*parent].push(place);
        }
        if waits_for[place] == 0 {
            ready.push(Reverse((node.commit.time, node.commit.id, place)));
        }
    }
    let mut commits = Vec::new();
    while let Some(Reverse((_, _, place))) = ready.pop() {
        commits.push(nodes[place].commit);
        for child in std::mem::take(&mut children[place]) {
            waits_for[child] -= 1;
            if waits_for[child] == 0 {
                let commit = nodes[child].commit;
                ready.push(Reverse((commit.time, commit.id, child)));
            }
        }
    }
    commits
}
