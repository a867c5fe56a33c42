//! What was alive lately, in a file. It saves requests and decides nothing by itself: what it cannot be trusted
//! with is asked for again.

use crate::address::Exceptions;
use crate::outcome::Outcome;
use crate::target;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

const VERSION: u32 = 1;
/// The newest are kept.
const MAX_ENTRIES: usize = 50_000;
/// Of URLs, the file's punctuation not counted.
const MAX_URL_BYTES: usize = 16 * 1024 * 1024;
/// A file of ours is shorter.
const MAX_FILE: u64 = 32 * 1024 * 1024;

pub(crate) struct Cache {
    path: PathBuf,
    now: i64,
    entries: BTreeMap<String, Entry>,
    learnt: bool,
}

#[derive(Serialize, Deserialize)]
struct File {
    version: u32,
    /// By URL, without fragments.
    entries: BTreeMap<String, Entry>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    /// Seconds since 1970.
    checked: i64,
    status: u16,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    redirected_to: Option<String>,
}

impl Cache {
    /// What the file holds that is not older than `ttl`, and a notice where it is no good.
    pub(crate) fn read(path: &Path, now: i64, ttl: Duration) -> (Self, Option<String>) {
        let (entries, notice) = match load(path) {
            Ok(entries) => (entries, None),
            Err(what) => {
                let path = path.display();
                let notice = format!("the link cache `{path}` is not used: {what}");
                (BTreeMap::new(), Some(notice))
            }
        };
        let ttl = i64::try_from(ttl.as_secs()).unwrap_or(i64::MAX);
        // An entry from the future would be believed for too long.
        let fresh = |entry: &Entry| {
            let age = now.saturating_sub(entry.checked);
            (0..ttl).contains(&age)
        };
        let cache = Self {
            path: path.to_owned(),
            now,
            entries: entries
                .into_iter()
                .filter(|(url, entry)| fresh(entry) && sound(url, entry))
                .collect(),
            learnt: false,
        };
        (cache, notice)
    }

    /// Whether `url`, which has no fragment, was alive.
    pub(crate) fn alive(&self, url: &str) -> Option<Outcome> {
        self.entries.get(url).map(|entry| Outcome::Alive {
            status: entry.status,
            redirected_to: entry.redirected_to.clone(),
        })
    }

    pub(crate) fn learn(&mut self, url: &str, outcome: &Outcome) {
        if let Outcome::Alive {
            status,
            redirected_to,
        } = outcome
        {
            let entry = Entry {
                checked: self.now,
                status: *status,
                redirected_to: redirected_to.clone(),
            };
            self.entries.insert(url.to_owned(), entry);
            self.learnt = true;
        }
    }

    /// Replaces the file in one step, where there is something new. The notice says why that failed.
    pub(crate) fn write(&self) -> Option<String> {
        if !self.learnt {
            return None;
        }
        let file = File {
            version: VERSION,
            entries: newest(&self.entries),
        };
        save(&self.path, &file).err().map(|error| {
            format!(
                "the link cache `{}` was not written: {error}",
                self.path.display()
            )
        })
    }
}

fn load(path: &Path) -> Result<BTreeMap<String, Entry>, String> {
    let words = |error: io::Error| error.to_string();
    // A pipe would be waited for.
    match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        Err(error) => return Err(words(error)),
        Ok(metadata) if !metadata.is_file() => return Err("it is not a file".to_owned()),
        Ok(_) => {}
    }
    let mut bytes = Vec::new();
    fs::File::open(path)
        .and_then(|file| file.take(MAX_FILE + 1).read_to_end(&mut bytes))
        .map_err(words)?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > MAX_FILE) {
        return Err(format!("it is longer than {MAX_FILE} bytes"));
    }
    let file: File = serde_json::from_slice(&bytes)
        .map_err(|error| format!("it is damaged (line {}), and is replaced", error.line()))?;
    if file.version != VERSION {
        let version = file.version;
        return Err(format!(
            "it is of version {version}, expected {VERSION}, and is replaced"
        ));
    }
    Ok(file.entries)
}

/// Whether it could be ours: what was alive, and no credentials anywhere.
fn sound(url: &str, entry: &Entry) -> bool {
    // Private hosts come and go with the settings; a link to one is refused before the cache is asked.
    let ok = |url: &str| match target::parse(url, &Exceptions::default()) {
        Ok(_) | Err(target::Refusal::PrivateAddress | target::Refusal::PrivateName) => true,
        Err(_) => false,
    };
    (200..300).contains(&entry.status)
        && !url.contains('#')
        && ok(url)
        && entry.redirected_to.as_deref().is_none_or(ok)
}

fn newest(entries: &BTreeMap<String, Entry>) -> BTreeMap<String, Entry> {
    let mut order: Vec<_> = entries.iter().collect();
    // Equally old ones stay in the order of their URLs.
    order.sort_by_key(|(_, entry)| std::cmp::Reverse(entry.checked));
    let mut room = MAX_URL_BYTES;
    order
        .into_iter()
        .take(MAX_ENTRIES)
        .map_while(|(url, entry)| {
            let bytes = url.len() + entry.redirected_to.as_ref().map_or(0, String::len);
            room = room.checked_sub(bytes)?;
            Some((url.clone(), entry.clone()))
        })
        .collect()
}

fn save(path: &Path, file: &File) -> io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    fs::create_dir_all(folder)?;
    let mut bytes = serde_json::to_vec(file)?;
    bytes.push(b'\n');
    let mut temporary = tempfile::NamedTempFile::new_in(folder)?;
    temporary.write_all(&bytes)?;
    temporary.persist(path).map_err(|error| error.error)?;
    Ok(())
}

#[cfg(test)]
mod tests;
