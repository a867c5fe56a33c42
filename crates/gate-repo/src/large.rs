//! Large files: few of them at a time, and piece by piece where that is enough.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::{Condvar, Mutex, PoisonError};

use gix::ObjectId;

use crate::index::TrackedFile;
use crate::unchanged::Rules;

/// Files above this many bytes (16 MiB) are shown as [`Large`] to those for whom pieces are enough.
pub const LARGE: u64 = 16 << 20;
/// All workers together hold files of so many bytes at once, or one that is larger.
const ROOM: u64 = 16 << 20;
/// Smaller files take no room, and a buffer of this size is kept for the next one.
pub(crate) const SMALL: usize = 1 << 20;

/// A regular file that is not held whole.
#[derive(Debug)]
pub struct Large<'a> {
    file: &'a File,
    size: u64,
}

impl Large<'_> {
    pub(crate) fn new(file: &File, size: u64) -> Large<'_> {
        Large { file, size }
    }

    /// Its size in bytes when it was opened.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Fill `buffer` with what stands at `offset`; less than fits is the end of the file.
    pub fn read(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let mut file = self.file;
        file.seek(SeekFrom::Start(offset))?;
        let mut filled = 0;
        while filled < buffer.len() {
            match file.read(&mut buffer[filled..]) {
                Ok(0) => break,
                Ok(n) => filled += n,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
        Ok(filled)
    }

    /// Whether it still is what the index says, by its content.
    pub(crate) fn matches(&self, rules: &Rules<'_>, file: &TrackedFile) -> bool {
        if file.intent_to_add {
            return false;
        }
        if self.blob_id() == Some(file.oid) {
            return true;
        }
        // Other line endings change the length, which git hashes first.
        let length = usize::try_from(self.size).unwrap_or(usize::MAX);
        let mut bytes = vec![0; if rules.eol { length } else { 0 }];
        rules.eol
            && self.read(0, &mut bytes).is_ok_and(|n| n == length)
            && rules.content_matches(file, &bytes)
    }

    /// The name that git gives to a blob of its bytes.
    fn blob_id(&self) -> Option<ObjectId> {
        let mut hasher = gix::hash::hasher(gix::hash::Kind::Sha1);
        hasher.update(&gix::objs::encode::loose_header(
            gix::objs::Kind::Blob,
            self.size,
        ));
        let (mut buffer, mut offset) = (vec![0; SMALL], 0);
        loop {
            let filled = self.read(offset, &mut buffer).ok()?;
            hasher.update(&buffer[..filled]);
            offset += filled as u64;
            if filled < buffer.len() {
                break;
            }
        }
        hasher.try_finalize().ok().filter(|_| offset == self.size)
    }
}

impl PartialEq for Large<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.file, other.file)
    }
}

impl Eq for Large<'_> {}

/// The bytes of files that all workers may hold together.
#[derive(Debug)]
pub(crate) struct Room {
    left: Mutex<u64>,
    freed: Condvar,
}

impl Room {
    pub(crate) const fn new() -> Self {
        Self {
            left: Mutex::new(ROOM),
            freed: Condvar::new(),
        }
    }

    /// Waits until there is room for `size` bytes, or nothing else is held. Nobody takes twice, so it always comes to that.
    pub(crate) fn take(&self, size: u64) -> Option<Taken<'_>> {
        if size <= SMALL as u64 {
            return None;
        }
        let size = size.min(ROOM);
        let left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        let mut left = self
            .freed
            .wait_while(left, |left| *left < size)
            .unwrap_or_else(PoisonError::into_inner);
        *left -= size;
        Some(Taken { room: self, size })
    }
}

/// Room that is given back when this is dropped.
#[derive(Debug)]
pub(crate) struct Taken<'a> {
    room: &'a Room,
    size: u64,
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        *self
            .room
            .left
            .lock()
            .unwrap_or_else(PoisonError::into_inner) += self.size;
        self.room.freed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_held_never_exceeds_the_room_and_everybody_gets_some() {
        let room = Room::new();
        let (held, most) = (Mutex::new(0_u64), Mutex::new(0_u64));
        std::thread::scope(|scope| {
            for worker in 0..8_u64 {
                let (room, held, most) = (&room, &held, &most);
                scope.spawn(move || {
                    for step in 0..50 {
                        let size = ((worker * 50 + step) % 20 + 1) << 20;
                        let taken = room.take(size).map_or(0, |taken| {
                            let size = taken.size;
                            {
                                let mut held = held.lock().expect("held");
                                *held += size;
                                let mut most = most.lock().expect("most");
                                *most = (*most).max(*held);
                            }
                            std::thread::yield_now();
                            *held.lock().expect("held") -= size;
                            size
                        });
                        assert_eq!(
                            taken,
                            if size > SMALL as u64 {
                                size.min(ROOM)
                            } else {
                                0
                            }
                        );
                    }
                });
            }
        });
        assert!((1..=ROOM).contains(&*most.lock().expect("most")));
        assert_eq!(*room.left.lock().expect("left"), ROOM);
    }
}
