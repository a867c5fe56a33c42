//! Objects by name for a walk through many of them: commits and trees, each with its delta bases kept a while.

use std::collections::HashMap;
use std::path::Path;
use std::rc::Rc;

use foldhash::fast::RandomState;
use gix::ObjectId;
use gix::objs::Kind;

use crate::error::{RepoError, reason};
use crate::pack::{Base, Made, Pack, Scratch};

/// Bytes of delta bases that are kept, twice: the recent ones and the ones before them.
const CACHE: usize = 6 * 1024 * 1024;
/// Longest chain of deltas; git itself makes none beyond 4,095.
const MAX_CHAIN: usize = 4_095;
/// Commits and trees above this many bytes (64 MiB) are an error.
const MAX_SIZE: u64 = 64 * 1024 * 1024;

/// Every pack of a repository and of its alternates.
pub(crate) struct Packs {
    packs: Vec<Pack>,
}

/// Where an object lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Place {
    pub(crate) pack: u32,
    pub(crate) offset: u64,
}

impl Packs {
    pub(crate) fn open(git: &gix::Repository) -> Result<Self, RepoError> {
        let own = git.objects.store_ref().path().to_owned();
        let failed = |path: &Path, reason: String| RepoError::Open {
            root: path.to_owned(),
            reason,
        };
        let mut folders = vec![own.clone()];
        let here = std::env::current_dir().map_err(|e| failed(&own, e.to_string()))?;
        let others = gix::odb::alternate::resolve(own.clone(), &here)
            .map_err(|e| failed(&own, reason(&e)))?;
        folders.extend(others);
        let mut packs = Vec::new();
        for folder in folders {
            let folder = folder.join("pack");
            let mut indices = Vec::new();
            match std::fs::read_dir(&folder) {
                Ok(entries) => {
                    for entry in entries {
                        let path = entry.map_err(|e| failed(&folder, e.to_string()))?.path();
                        // An index whose pack is gone is what a `git gc` leaves for a moment.
                        if path.extension().is_some_and(|e| e == "idx")
                            && path.with_extension("pack").exists()
                        {
                            indices.push(path);
                        }
                    }
                }
                Err(e) if e.kind() == std::io::ErrorKind::NotFound => {}
                Err(e) => return Err(failed(&folder, e.to_string())),
            }
            indices.sort_unstable();
            for path in indices {
                let number = u32::try_from(packs.len()).unwrap_or(u32::MAX);
                packs.push(Pack::open(&path, number)?);
            }
        }
        Ok(Self { packs })
    }

    /// None: every object is looked up the ordinary way. For a few of them that is cheaper.
    pub(crate) fn none() -> Self {
        Self { packs: Vec::new() }
    }

    pub(crate) fn find(&self, id: &ObjectId) -> Option<Place> {
        (0..)
            .zip(&self.packs)
            .find_map(|(pack, p)| p.find(id).map(|offset| Place { pack, offset }))
    }

    pub(crate) fn pack(&self, pack: u32) -> &Pack {
        &self.packs[pack as usize]
    }
}

/// Reads objects one after the other; for one thread.
pub(crate) struct Objects<'a> {
    packs: &'a Packs,
    git: gix::Repository,
    scratch: Scratch,
    recent: HashMap<Place, Rc<Object>, RandomState>,
    before: HashMap<Place, Rc<Object>, RandomState>,
    held: usize,
}

/// An object as it was written.
pub(crate) struct Object {
    pub(crate) kind: Kind,
    pub(crate) data: Vec<u8>,
}

impl<'a> Objects<'a> {
    pub(crate) fn new(packs: &'a Packs, git: &gix::ThreadSafeRepository) -> Self {
        Self {
            packs,
            git: local(git),
            scratch: Scratch::default(),
            recent: HashMap::default(),
            before: HashMap::default(),
            held: 0,
        }
    }

    /// The object `id`, which has to be a `kind`; `None` where this clone does not hold it.
    /// Its bytes are checked against its name.
    pub(crate) fn get(
        &mut self,
        id: &ObjectId,
        kind: Kind,
    ) -> Result<Option<Rc<Object>>, RepoError> {
        let object = match self.packs.find(id) {
            Some(place) => self.packed(place)?,
            None => match loose(&self.git, *id)? {
                Some(object) => Rc::new(object),
                None => return Ok(None),
            },
        };
        check(id, kind, object.kind, &object.data)?;
        Ok(Some(object))
    }

    fn packed(&mut self, place: Place) -> Result<Rc<Object>, RepoError> {
        let pack = self.packs.pack(place.pack);
        let mut chain = Vec::new();
        let mut offset = place.offset;
        let mut object = loop {
            let here = Place { offset, ..place };
            if let Some(object) = self.cached(here) {
                break object;
            }
            match pack.head(offset, &mut self.scratch)?.base {
                Base::At(base) => {
                    chain.push(offset);
                    offset = base;
                    if chain.len() > MAX_CHAIN {
                        return Err(too_large("a chain of deltas", chain.len() as u64));
                    }
                }
                Base::None(kind) => {
                    let mut data = Vec::new();
                    let made = pack.whole(offset, MAX_SIZE, &mut self.scratch, &mut data)?;
                    break self.keep(here, kind, data, made)?;
                }
            }
        };
        while let Some(offset) = chain.pop() {
            let mut data = Vec::new();
            let base = &object.data;
            let made = pack.delta(offset, base, MAX_SIZE, &mut self.scratch, &mut data)?;
            object = self.keep(Place { offset, ..place }, object.kind, data, made)?;
        }
        Ok(object)
    }

    fn cached(&mut self, place: Place) -> Option<Rc<Object>> {
        if let Some(object) = self.recent.get(&place) {
            return Some(object.clone());
        }
        let object = self.before.remove(&place)?;
        self.hold(place, &object);
        Some(object)
    }

    fn keep(
        &mut self,
        place: Place,
        kind: Kind,
        data: Vec<u8>,
        made: Made,
    ) -> Result<Rc<Object>, RepoError> {
        if let Made::TooLarge(size) = made {
            return Err(too_large("a commit or tree", size));
        }
        let object = Rc::new(Object { kind, data });
        self.hold(place, &object);
        Ok(object)
    }

    fn hold(&mut self, place: Place, object: &Rc<Object>) {
        // What an entry of the map costs comes on top of its bytes.
        let cost = object.data.len() + 128;
        self.held += cost;
        if self.held > CACHE {
            self.before = std::mem::take(&mut self.recent);
            self.held = cost;
        }
        self.recent.insert(place, object.clone());
    }
}

/// A handle of one thread; it does not look again for packs at every object that is missing.
pub(crate) fn local(git: &gix::ThreadSafeRepository) -> gix::Repository {
    let mut git = git.to_thread_local();
    git.objects.refresh_never();
    git
}

/// An object that is in no pack that was opened: a loose one, as a rule.
fn loose(git: &gix::Repository, id: ObjectId) -> Result<Option<Object>, RepoError> {
    match git.try_find_object(id) {
        Ok(found) => Ok(found.map(|mut object| Object {
            kind: object.kind,
            data: std::mem::take(&mut object.data),
        })),
        Err(e) => Err(RepoError::Object {
            what: format!("object {id}"),
            reason: reason(&e),
        }),
    }
}

/// Whether `data` is the object that `id` names, and a `wanted` one.
pub(crate) fn check(id: &ObjectId, wanted: Kind, kind: Kind, data: &[u8]) -> Result<(), RepoError> {
    let damaged = |reason: String| RepoError::Object {
        what: format!("object {id}"),
        reason,
    };
    if kind != wanted {
        return Err(damaged(format!("it is a {kind}, not a {wanted}")));
    }
    match gix::objs::compute_hash(gix::hash::Kind::Sha1, kind, data) {
        Ok(name) if name == *id => Ok(()),
        _ => Err(damaged("its content has another name".to_owned())),
    }
}

fn too_large(what: &str, size: u64) -> RepoError {
    let limit = if size > MAX_SIZE {
        MAX_SIZE
    } else {
        MAX_CHAIN as u64
    };
    RepoError::TooLarge {
        what: what.to_owned(),
        size,
        limit,
        unit: if size > MAX_SIZE { "bytes" } else { "deltas" },
    }
}
