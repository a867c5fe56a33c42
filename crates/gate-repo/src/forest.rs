//! The wanted blobs of a pack as trees: what is made of what.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use foldhash::fast::RandomState;
use gix::objs::Kind;

use crate::error::RepoError;
use crate::objects::{Packs, Place};
use crate::pack::{Base, Pack, Scratch};

/// No place, no blob.
pub(crate) const NONE: u32 = u32::MAX;

/// An entry of a pack that is wanted, or a base of one that is.
pub(crate) struct Node {
    pub(crate) offset: u64,
    /// Its place among the nodes, or [`NONE`].
    pub(crate) base: u32,
    /// The wanted blob's place in the caller's list, or [`NONE`].
    pub(crate) blob: u32,
    /// Nodes made of it, and itself.
    weight: u32,
    children: (u32, u32),
}

/// The entries of one pack, as trees of deltas.
pub(crate) struct Forest<'a> {
    pub(crate) pack: &'a Pack,
    nodes: Vec<Node>,
    children: Vec<u32>,
    /// What is made of nothing but itself.
    roots: Vec<u32>,
    next: AtomicUsize,
}

impl<'a> Forest<'a> {
    /// `wanted`: offsets and places in the caller's list, by offset.
    pub(crate) fn new(
        packs: &'a Packs,
        pack: u32,
        wanted: &[(Place, u32)],
    ) -> Result<Self, RepoError> {
        let pack = packs.pack(pack);
        // Most bases are wanted too: there is room for some that are not.
        let mut nodes: Vec<Node> = Vec::with_capacity(wanted.len() + wanted.len() / 8 + 16);
        nodes.extend(wanted.iter().map(|(place, blob)| node(place.offset, *blob)));
        let mut unwanted: HashMap<u64, u32, RandomState> = HashMap::default();
        let mut scratch = Scratch::default();
        let mut at = 0;
        while let Some(here) = nodes.get(at) {
            match pack.head(here.offset, &mut scratch)?.base {
                Base::None(Kind::Blob) => {}
                Base::None(kind) => {
                    return Err(pack.damaged(here.offset, &format!("a {kind}, not a blob")));
                }
                Base::At(offset) => {
                    let new = count(nodes.len())?;
                    let base = match wanted.binary_search_by_key(&offset, |(p, _)| p.offset) {
                        Ok(base) => count(base)?,
                        Err(_) => *unwanted.entry(offset).or_insert(new),
                    };
                    if base == new {
                        nodes.push(node(offset, NONE));
                    }
                    nodes[at].base = base;
                }
            }
            at += 1;
        }
        let mut forest = Self {
            pack,
            nodes,
            children: Vec::new(),
            roots: Vec::new(),
            next: AtomicUsize::new(0),
        };
        forest.link()?;
        Ok(forest)
    }

    /// Children by base, the heaviest one last: until then its base is kept, and so a thread keeps few.
    fn link(&mut self) -> Result<(), RepoError> {
        let mut waiting = vec![0_u32; self.nodes.len()];
        for node in &self.nodes {
            if node.base != NONE {
                waiting[node.base as usize] += 1;
            }
        }
        let mut start = 0;
        for (node, children) in self.nodes.iter_mut().zip(&waiting) {
            node.children = (start, start);
            start += children;
        }
        let mut done: Vec<u32> = (0..)
            .zip(&waiting)
            .filter(|(_, n)| **n == 0)
            .map(|(i, _)| i)
            .collect();
        self.children = vec![NONE; start as usize];
        let mut at = 0;
        while let Some(&place) = done.get(at) {
            at += 1;
            let Node { base, weight, .. } = self.nodes[place as usize];
            if base == NONE {
                self.roots.push(place);
                continue;
            }
            let base_node = &mut self.nodes[base as usize];
            base_node.weight += weight;
            self.children[base_node.children.1 as usize] = place;
            base_node.children.1 += 1;
            waiting[base as usize] -= 1;
            if waiting[base as usize] == 0 {
                done.push(base);
            }
        }
        if done.len() != self.nodes.len() {
            return Err(self
                .pack
                .damaged(self.nodes[0].offset, "deltas that are their own base"));
        }
        for node in &self.nodes {
            let children = &mut self.children[node.children.0 as usize..node.children.1 as usize];
            children.sort_unstable_by_key(|c| {
                (
                    self.nodes[*c as usize].weight,
                    self.nodes[*c as usize].offset,
                )
            });
        }
        // A tree that is much of the whole comes first, so that no thread is left alone with it at the end.
        let much = count(self.nodes.len() / 64)?.max(64);
        let nodes = &self.nodes;
        self.roots.sort_unstable_by_key(|r| {
            let Node { weight, offset, .. } = nodes[*r as usize];
            (Reverse(if weight > much { weight } else { 0 }), offset)
        });
        Ok(())
    }

    /// A tree that no other thread has begun; `None`: all are taken.
    pub(crate) fn take(&self) -> Option<u32> {
        let at = self.next.fetch_add(1, Ordering::Relaxed);
        self.roots.get(at).copied()
    }

    pub(crate) fn node(&self, place: u32) -> &Node {
        &self.nodes[place as usize]
    }

    /// What is made of the node at `place`.
    pub(crate) fn children(&self, place: u32) -> &[u32] {
        let (start, end) = self.nodes[place as usize].children;
        &self.children[start as usize..end as usize]
    }
}

fn node(offset: u64, blob: u32) -> Node {
    Node {
        offset,
        base: NONE,
        blob,
        weight: 1,
        children: (0, 0),
    }
}

pub(crate) fn count(n: usize) -> Result<u32, RepoError> {
    u32::try_from(n)
        .ok()
        .filter(|n| *n != NONE)
        .ok_or_else(|| RepoError::TooLarge {
            what: "the blobs of the history".to_owned(),
            size: n as u64,
            limit: u64::from(NONE),
            unit: "entries",
        })
}
