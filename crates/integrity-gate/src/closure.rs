//! All that a module loads, and how many tokens that is.

use crate::arc::{Arc, To};
use crate::encoding::is_pointer;
use crate::graph;
use crate::tokens::counted;
use crate::world::World;
use std::collections::{BTreeMap, BTreeSet};

/// Steps of one run: modules looked at once for every closure that they are in. Chains in which each module has a closure of
/// its own take the square of their length.
const MAX_STEPS: u64 = 200_000_000;

/// Counts closures, one after the other.
pub(crate) struct Closures<'w, 'a> {
    world: &'w World<'a>,
    loads: &'w graph::Arcs,
    tokens: Vec<Option<u64>>,
    /// What modules load beside other modules.
    others: Vec<Vec<&'w Arc<'w>>>,
    /// Tokens of loaded files that are no modules; `None` where they cannot be counted.
    files: BTreeMap<&'w str, Option<u64>>,
    /// In which closure a module was seen last.
    seen: Vec<usize>,
    steps: u64,
}

/// A module and all that it loads.
#[derive(Debug)]
pub(crate) struct Closure<'w> {
    pub(crate) tokens: u64,
    /// Files that it loads.
    pub(crate) files: u64,
    /// The largest of them.
    pub(crate) largest: Option<(&'w str, u64)>,
    /// What it loads and whose tokens cannot be known.
    pub(crate) unknown: BTreeSet<&'w str>,
}

impl<'w, 'a> Closures<'w, 'a> {
    pub(crate) fn new(world: &'w World<'a>, arcs: &'w [Arc<'w>], loads: &'w graph::Arcs) -> Self {
        let mut others: Vec<Vec<&Arc<'_>>> = vec![Vec::new(); world.pages.len()];
        let beside = |arc: &&Arc<'_>| arc.loads && !matches!(arc.to, To::Page(_));
        for arc in arcs.iter().filter(beside) {
            others[arc.from].push(arc);
        }
        Self {
            world,
            loads,
            tokens: (0..world.pages.len())
                .map(|at| counted(world, at))
                .collect(),
            others,
            files: BTreeMap::new(),
            seen: vec![usize::MAX; world.pages.len()],
            steps: 0,
        }
    }

    /// `None`: it takes more steps than are made.
    pub(crate) fn of(&mut self, module: usize) -> Option<Closure<'w>> {
        let mut closure = Closure {
            tokens: 0,
            files: 0,
            largest: None,
            unknown: BTreeSet::new(),
        };
        let mut beside = BTreeSet::new();
        let mut queue = vec![module];
        self.seen[module] = module;
        while let Some(at) = queue.pop() {
            self.steps += 1 + self.others[at].len() as u64;
            if self.steps > MAX_STEPS {
                return None;
            }
            let path = self.world.pages[at].path;
            match self.tokens[at] {
                Some(tokens) if at == module => closure.tokens += tokens,
                Some(tokens) => closure.add(path, tokens),
                None => {
                    closure.unknown.insert(path);
                }
            }
            for arc in &self.others[at] {
                match arc.to {
                    To::File(path) => {
                        beside.insert(path);
                    }
                    To::Missing(_) | To::Elsewhere => {
                        closure.unknown.insert(&arc.written);
                    }
                    To::Page(_) => {}
                }
            }
            for &next in &self.loads[at] {
                if std::mem::replace(&mut self.seen[next], module) != module {
                    queue.push(next);
                }
            }
        }
        for path in beside {
            match self.tokens_of(path) {
                Some(tokens) => closure.add(path, tokens),
                None => {
                    closure.unknown.insert(path);
                }
            }
        }
        Some(closure)
    }

    fn tokens_of(&mut self, path: &'w str) -> Option<u64> {
        let world = self.world;
        *self.files.entry(path).or_insert_with(|| {
            let bytes = world.contents.read(path)?;
            if is_pointer(&bytes) || bytes.contains(&0) {
                return None;
            }
            let text = std::str::from_utf8(&bytes).ok()?;
            Some(gate_syntax::count_tokens(world.config.encoding, text))
        })
    }
}

impl<'w> Closure<'w> {
    fn add(&mut self, path: &'w str, tokens: u64) {
        self.tokens += tokens;
        self.files += 1;
        let is_larger = |(other, most): (&str, u64)| (most, other) < (tokens, path);
        if self.largest.is_none_or(is_larger) {
            self.largest = Some((path, tokens));
        }
    }
}
