//! Makes the blobs of one tree of deltas, for one thread: what is made of a blob comes right after it.

use crate::blobs::{Outcome, Say};
use crate::error::RepoError;
use crate::forest::{Forest, NONE};
use crate::pack::{MAX_BASE, Made, Scratch};

/// Bytes of bases that are kept while their deltas are made, or the read limit if that is less; others are made again.
const KEPT: usize = 8 * 1024 * 1024;
/// Buffers above this many bytes are not used again.
const REUSED: usize = 1024 * 1024;

/// A base whose deltas are being made.
struct Frame {
    place: u32,
    /// `None`: given up, for there were too many.
    bytes: Option<Vec<u8>>,
    /// Deltas that have been made of it.
    made: usize,
}

pub(crate) struct Worker<'f, 'a> {
    forest: &'f Forest<'a>,
    limit: u64,
    scratch: Scratch,
    frames: Vec<Frame>,
    spare: Vec<Vec<u8>>,
}

impl<'f, 'a> Worker<'f, 'a> {
    pub(crate) fn new(forest: &'f Forest<'a>, limit: u64) -> Self {
        Self {
            forest,
            limit,
            scratch: Scratch::default(),
            frames: Vec::new(),
            spare: Vec::new(),
        }
    }

    /// Make `root` and everything that is made of it.
    pub(crate) fn tree(&mut self, root: u32, say: Say<'_>) -> Result<(), RepoError> {
        self.make(root, None, say)?;
        while let Some(frame) = self.frames.last_mut() {
            let place = frame.place;
            let children = self.forest.children(place);
            let child = children[frame.made];
            frame.made += 1;
            let last = frame.made == children.len();
            let base = match frame.bytes.take() {
                Some(bytes) => bytes,
                None => self.again(place)?,
            };
            let at = self.frames.len() - 1;
            if last {
                self.frames.pop();
            }
            self.make(child, Some(&base), say)?;
            if last {
                self.give_back(base);
            } else {
                self.frames[at].bytes = Some(base);
                self.shed();
            }
        }
        Ok(())
    }

    /// Make one blob; a frame waits for what is made of it.
    fn make(&mut self, place: u32, base: Option<&[u8]>, say: Say<'_>) -> Result<(), RepoError> {
        let (node, pack) = (self.forest.node(place), self.forest.pack);
        let leaf = self.forest.children(place).is_empty();
        let limit = if leaf {
            self.limit.min(MAX_BASE)
        } else {
            MAX_BASE
        };
        let mut bytes = self.spare.pop().unwrap_or_default();
        let made = match base {
            None => pack.whole(node.offset, limit, &mut self.scratch, &mut bytes)?,
            Some(base) => pack.delta(node.offset, base, limit, &mut self.scratch, &mut bytes)?,
        };
        if let Made::TooLarge(size) = made {
            self.give_back(bytes);
            return self.lost(place, size, say);
        }
        if node.blob != NONE {
            let size = bytes.len() as u64;
            if size > self.limit {
                say(node.blob, Outcome::TooLarge(size))?;
            } else {
                say(node.blob, Outcome::Read(&bytes))?;
            }
        }
        if leaf {
            self.give_back(bytes);
        } else {
            self.frames.push(Frame {
                place,
                bytes: Some(bytes),
                made: 0,
            });
        }
        Ok(())
    }

    /// Say of a blob that it is too large, and of all that is made of it that it cannot be made.
    fn lost(&mut self, place: u32, size: u64, say: Say<'_>) -> Result<(), RepoError> {
        let mut places = vec![place];
        while let Some(next) = places.pop() {
            let blob = self.forest.node(next).blob;
            if blob != NONE && next == place {
                say(blob, Outcome::TooLarge(size))?;
            } else if blob != NONE {
                say(blob, Outcome::BaseTooLarge(size))?;
            }
            places.extend_from_slice(self.forest.children(next));
        }
        Ok(())
    }

    /// A base whose bytes were given up.
    fn again(&mut self, place: u32) -> Result<Vec<u8>, RepoError> {
        let (mut at, mut chain, mut base) = (place, Vec::new(), None);
        while at != NONE && base.is_none() {
            base = self
                .frames
                .iter()
                .find(|f| f.place == at)
                .and_then(|f| f.bytes.clone());
            if base.is_none() {
                chain.push(at);
                at = self.forest.node(at).base;
            }
        }
        while let Some(place) = chain.pop() {
            let (offset, pack) = (self.forest.node(place).offset, self.forest.pack);
            let mut bytes = Vec::new();
            // It has been made before.
            let limit = u64::MAX;
            match &base {
                None => pack.whole(offset, limit, &mut self.scratch, &mut bytes)?,
                Some(base) => pack.delta(offset, base, limit, &mut self.scratch, &mut bytes)?,
            };
            base = Some(bytes);
        }
        Ok(base.unwrap_or_default())
    }

    /// Give up the oldest bases, which are needed again last, where too much is kept; never the newest.
    fn shed(&mut self) {
        let size = |f: &Frame| f.bytes.as_ref().map_or(0, Vec::len);
        let mut kept: usize = self.frames.iter().map(size).sum();
        let newest = self.frames.len().saturating_sub(1);
        let most = usize::try_from(self.limit).map_or(KEPT, |limit| limit.min(KEPT));
        for frame in &mut self.frames[..newest] {
            if kept <= most {
                break;
            }
            kept -= size(frame);
            frame.bytes = None;
        }
    }

    fn give_back(&mut self, bytes: Vec<u8>) {
        if bytes.capacity() <= REUSED && self.spare.len() < 4 {
            self.spare.push(bytes);
        }
    }
}
