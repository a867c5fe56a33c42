//! One file on disk, opened without following any link.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use gix::index::fs::Metadata;

/// What lies at a tracked name.
pub(crate) enum OnDisk {
    File(File, Metadata),
    Symlink(Vec<u8>, Metadata),
    Folder,
    Missing,
    /// A pipe, socket or device.
    Special,
    Failed(io::Error),
}

/// Opens names relative to a root, folder by folder, so that no link among the folders is followed.
pub(crate) struct Walker {
    root: PathBuf,
    #[cfg(unix)]
    top: std::os::fd::OwnedFd,
    #[cfg(unix)]
    open: Vec<(Vec<u8>, std::os::fd::OwnedFd)>,
    #[cfg(not(unix))]
    plain: Option<PathBuf>,
}

#[cfg(unix)]
mod open {
    use super::{File, Metadata, OnDisk, Path, PathBuf, Walker, io};
    use rustix::fs::{Mode, OFlags, openat, readlinkat};
    use rustix::io::Errno;
    use std::os::fd::AsFd;
    use std::os::unix::ffi::OsStrExt;

    /// A pipe must not block, a link must not be followed.
    const FILE: OFlags = OFlags::RDONLY
        .union(OFlags::NOFOLLOW)
        .union(OFlags::NONBLOCK)
        .union(OFlags::CLOEXEC)
        .union(OFlags::NOCTTY);
    const FOLDER: OFlags = OFlags::RDONLY
        .union(OFlags::NOFOLLOW)
        .union(OFlags::DIRECTORY)
        .union(OFlags::CLOEXEC);

    impl Walker {
        pub(crate) fn new(root: &Path) -> io::Result<Self> {
            let top = rustix::fs::open(
                root,
                OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC,
                Mode::empty(),
            )?;
            Ok(Self {
                root: root.to_owned(),
                top,
                open: Vec::new(),
            })
        }

        fn full(&self, raw: &[u8]) -> PathBuf {
            self.root.join(std::ffi::OsStr::from_bytes(raw))
        }

        /// The stat of `raw` itself, without opening it; `None` also behind a link.
        pub(crate) fn stat(&mut self, raw: &[u8]) -> Option<Metadata> {
            self.enter(split(raw).0).ok()?;
            Metadata::from_path_no_follow(&self.full(raw)).ok()
        }

        /// Open the file at `raw`; one system call where its folder is the last one used.
        pub(crate) fn open(&mut self, raw: &[u8]) -> OnDisk {
            let (folder, name) = split(raw);
            if let Err(e) = self.enter(folder) {
                return failed(e);
            }
            let at = self
                .open
                .last()
                .map_or(self.top.as_fd(), |(_, fd)| fd.as_fd());
            match openat(at, name, FILE, Mode::empty()) {
                Ok(fd) => {
                    let file = File::from(fd);
                    match Metadata::from_file(&file) {
                        Ok(meta) if meta.is_file() => OnDisk::File(file, meta),
                        Ok(meta) if meta.is_dir() => OnDisk::Folder,
                        Ok(_) => OnDisk::Special,
                        Err(e) => OnDisk::Failed(e),
                    }
                }
                // What NOFOLLOW says of a link: LOOP on Linux and macOS, MLINK on FreeBSD.
                Err(Errno::LOOP | Errno::MLINK) => match readlinkat(at, name, Vec::new()) {
                    Ok(target) => match Metadata::from_path_no_follow(&self.full(raw)) {
                        Ok(meta) => OnDisk::Symlink(target.into_bytes(), meta),
                        Err(e) => OnDisk::Failed(e),
                    },
                    Err(e) => failed(e),
                },
                Err(Errno::NXIO) => OnDisk::Special,
                Err(e) => failed(e),
            }
        }

        fn enter(&mut self, folder: &[u8]) -> rustix::io::Result<()> {
            let mut parts = folder.split(|b| *b == b'/').filter(|p| !p.is_empty());
            let mut depth = 0;
            let first_new = loop {
                let Some(part) = parts.next() else {
                    self.open.truncate(depth);
                    return Ok(());
                };
                match self.open.get(depth) {
                    Some((name, _)) if name == part => depth += 1,
                    _ => break part,
                }
            };
            self.open.truncate(depth);
            for part in std::iter::once(first_new).chain(parts) {
                let at = self
                    .open
                    .last()
                    .map_or(self.top.as_fd(), |(_, fd)| fd.as_fd());
                let fd = openat(at, part, FOLDER, Mode::empty())?;
                self.open.push((part.to_vec(), fd));
            }
            Ok(())
        }
    }

    /// Folder and name.
    fn split(raw: &[u8]) -> (&[u8], &[u8]) {
        match raw.iter().rposition(|b| *b == b'/') {
            Some(i) => (&raw[..i], &raw[i + 1..]),
            None => (&raw[..0], raw),
        }
    }

    /// A file behind something that is no folder (also: behind a link) is not there, as git sees it.
    fn failed(e: Errno) -> OnDisk {
        match e {
            Errno::NOENT | Errno::NOTDIR | Errno::LOOP | Errno::MLINK => OnDisk::Missing,
            e => OnDisk::Failed(e.into()),
        }
    }
}

#[cfg(not(unix))]
mod open {
    use super::{File, Metadata, OnDisk, Path, PathBuf, Walker, io};

    impl Walker {
        pub(crate) fn new(root: &Path) -> io::Result<Self> {
            root.metadata()?;
            Ok(Self {
                root: root.to_owned(),
                plain: None,
            })
        }

        fn full(&self, raw: &[u8]) -> PathBuf {
            self.root.join(String::from_utf8_lossy(raw).as_ref())
        }

        /// The stat of `raw` itself, without opening it; `None` also behind a link.
        pub(crate) fn stat(&mut self, raw: &[u8]) -> Option<Metadata> {
            let path = self.full(raw);
            if self.behind_link(&path).unwrap_or(true) {
                return None;
            }
            Metadata::from_path_no_follow(&path).ok()
        }

        pub(crate) fn open(&mut self, raw: &[u8]) -> OnDisk {
            let path = self.full(raw);
            match self.behind_link(&path) {
                Ok(false) => {}
                Ok(true) => return OnDisk::Missing,
                Err(e) => return failed(e),
            }
            let meta = match Metadata::from_path_no_follow(&path) {
                Ok(meta) => meta,
                Err(e) => return failed(e),
            };
            if meta.is_symlink() {
                return match std::fs::read_link(&path) {
                    Ok(target) => OnDisk::Symlink(
                        target.to_string_lossy().replace('\\', "/").into_bytes(),
                        meta,
                    ),
                    Err(e) => failed(e),
                };
            }
            if meta.is_dir() {
                return OnDisk::Folder;
            }
            match File::open(&path) {
                Ok(file) => OnDisk::File(file, meta),
                Err(e) => failed(e),
            }
        }

        /// Whether a folder between the root and `path` is a link; the last good folder is remembered.
        fn behind_link(&mut self, path: &Path) -> io::Result<bool> {
            let Some(folder) = path.parent() else {
                return Ok(false);
            };
            if self.plain.as_deref() == Some(folder) {
                return Ok(false);
            }
            for part in folder.ancestors().take_while(|p| *p != self.root) {
                if part.symlink_metadata()?.is_symlink() {
                    return Ok(true);
                }
            }
            self.plain = Some(folder.to_owned());
            Ok(false)
        }
    }

    fn failed(e: io::Error) -> OnDisk {
        match e.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => OnDisk::Missing,
            _ => OnDisk::Failed(e),
        }
    }
}

/// How much of a file was read.
pub(crate) enum Filled {
    /// This many bytes at the start of the buffer are the file.
    Whole(usize),
    /// The file is longer than the limit: this many bytes.
    TooLarge(u64),
}

/// Read `file`, of which `size` is expected, into the start of `buffer`, which only grows. One `read` where the size holds.
pub(crate) fn fill(
    file: &mut File,
    size: u64,
    limit: u64,
    buffer: &mut Vec<u8>,
) -> io::Result<Filled> {
    if size > limit {
        return Ok(Filled::TooLarge(size));
    }
    let expected = usize::try_from(size).unwrap_or(usize::MAX);
    let mut filled = 0;
    loop {
        // One byte more than expected shows the end without a second call.
        let room = expected.max(filled).saturating_add(1);
        if buffer.len() < room {
            buffer.resize(room, 0);
        }
        let space = buffer.len() - filled;
        match file.read(&mut buffer[filled..]) {
            Ok(0) => return Ok(Filled::Whole(filled)),
            Ok(n) => {
                filled += n;
                if filled as u64 > limit {
                    return Ok(Filled::TooLarge(filled as u64));
                }
                if filled == expected && n < space {
                    return Ok(Filled::Whole(filled));
                }
            }
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
}
