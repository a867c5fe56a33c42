//! Files that a report numbers first and then speaks of by number.

use std::collections::HashMap;

use super::draft::{Draft, FileId};
use super::number::digits;

/// Files by number. One that is listed and never spoken of was not measured and is not opened.
#[derive(Debug, Default)]
pub(super) struct Sources {
    files: HashMap<u64, Source>,
}

#[derive(Debug)]
enum Source {
    Listed(String),
    Open(FileId),
}

impl Sources {
    pub(super) fn list(&mut self, number: Option<&str>, path: Option<&str>) {
        let number = number.and_then(digits);
        let path = path.filter(|path| !path.is_empty());
        if let (Some(number), Some(path)) = (number, path) {
            self.files.insert(number, Source::Listed(path.to_owned()));
        }
    }

    /// The file with this number, or why there is none.
    pub(super) fn open(&mut self, number: u64, coverage: &mut Draft) -> Result<FileId, String> {
        let source = self.files.get_mut(&number);
        let source =
            source.ok_or_else(|| format!("code of the file {number}, which is not listed"))?;
        if let Source::Listed(path) = source {
            *source = Source::Open(coverage.open(path));
        }
        match source {
            Source::Open(file) => Ok(*file),
            Source::Listed(_) => Err("a file that cannot be opened".into()),
        }
    }
}
