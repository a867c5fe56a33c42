//! The paths of a history: each folder and each name is kept once, in one piece of memory.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use crate::error::RepoError;

/// Longest path, as on Linux.
const MAX_PATH: usize = 4096;
/// The folder that everything is in.
pub(crate) const TOP: u32 = 0;

/// Folders and names.
pub(crate) struct Paths {
    folders: Vec<Folder>,
    places: HashMap<(u32, Box<[u8]>), u32, RandomState>,
    names: Vec<u8>,
}

/// The path of one file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PathId {
    pub(crate) folder: u32,
    name: Name,
}

/// A piece of the text that all names share.
#[derive(Debug, Clone, Copy)]
struct Name {
    start: u32,
    len: u16,
}

#[derive(Debug, Clone, Copy)]
struct Folder {
    parent: u32,
    name: Name,
    /// Bytes of its path, with the last `/`.
    len: u16,
}

impl Paths {
    pub(crate) fn new() -> Self {
        let top = Folder {
            parent: TOP,
            name: Name { start: 0, len: 0 },
            len: 0,
        };
        Self {
            folders: vec![top],
            places: HashMap::default(),
            names: Vec::new(),
        }
    }

    /// A file in a folder.
    pub(crate) fn add(&mut self, folder: u32, name: &[u8]) -> Result<PathId, RepoError> {
        let name = self.name(folder, name)?;
        Ok(PathId { folder, name })
    }

    /// Forget the file that was added last.
    pub(crate) fn remove_last(&mut self, path: PathId) {
        self.names.truncate(path.name.start as usize);
    }

    /// A folder in a folder.
    pub(crate) fn folder(&mut self, parent: u32, name: &[u8]) -> Result<u32, RepoError> {
        let key = (parent, name.into());
        if let Some(place) = self.places.get(&key) {
            return Ok(*place);
        }
        let text = self.name(parent, name)?;
        let len = self.folders[parent as usize].len + text.len + 1;
        let place = u32::try_from(self.folders.len()).map_err(|_| too_many())?;
        self.folders.push(Folder {
            parent,
            name: text,
            len,
        });
        self.places.insert(key, place);
        Ok(place)
    }

    /// The bytes of a file's path.
    pub(crate) fn text(&self, path: PathId) -> Vec<u8> {
        let mut text = self.folder_text(path.folder);
        text.extend_from_slice(self.name_text(path.name));
        text
    }

    /// The bytes of a folder's path: empty, or ending in `/`.
    pub(crate) fn folder_text(&self, mut folder: u32) -> Vec<u8> {
        let mut parts = Vec::new();
        while folder != TOP {
            let Folder { parent, name, .. } = self.folders[folder as usize];
            parts.push(self.name_text(name));
            folder = parent;
        }
        let mut text = Vec::new();
        for part in parts.into_iter().rev() {
            text.extend_from_slice(part);
            text.push(b'/');
        }
        text
    }

    fn name_text(&self, name: Name) -> &[u8] {
        &self.names[name.start as usize..][..usize::from(name.len)]
    }

    fn name(&mut self, folder: u32, name: &[u8]) -> Result<Name, RepoError> {
        let path = usize::from(self.folders[folder as usize].len) + name.len();
        if path >= MAX_PATH {
            return Err(RepoError::TooLarge {
                what: "a path in the history".to_owned(),
                size: path as u64,
                limit: MAX_PATH as u64,
                unit: "bytes",
            });
        }
        let start = u32::try_from(self.names.len()).map_err(|_| too_many())?;
        self.names.extend_from_slice(name);
        // Bounded by the length of paths.
        let len = u16::try_from(name.len()).map_err(|_| too_many())?;
        Ok(Name { start, len })
    }
}

fn too_many() -> RepoError {
    RepoError::TooLarge {
        what: "the paths in the history".to_owned(),
        size: u64::from(u32::MAX) + 1,
        limit: u64::from(u32::MAX),
        unit: "bytes",
    }
}
