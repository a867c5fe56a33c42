//! Policy files as bytes: from the work tree, from a revision in the checkout,
//! or from a revision by way of the API.

use crate::policy_files::{DEFAULT_CONFIG, PolicyFailure};
use gate_repo::Repo;
use std::fs;
use std::io::Read as _;
use std::path::Path;

/// One policy file as read.
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) bytes: Vec<u8>,
}

/// Policy files are small; more than this is something else.
const MAX_FILE: u64 = 4 * 1024 * 1024;
const MAX_FILES: usize = 1_000;

/// Reads one file of a revision from somewhere else than the checkout; `None`
/// where that revision has no such file; an empty error where there is nobody
/// to ask.
pub(crate) type Elsewhere<'a> = &'a dyn Fn(&str, &str) -> Result<Option<Vec<u8>>, String>;

pub(crate) fn same(a: &[File], b: &[File]) -> bool {
    a.len() == b.len()
        && a.iter()
            .zip(b)
            .all(|(a, b)| a.path == b.path && a.bytes == b.bytes)
}

/// The policy's files as they are on disk. A tracked one is read by the
/// repository, which shows the same bytes to the gates and opens it once.
pub(crate) fn from_work_tree(
    root: &Path,
    config: &[String],
    repo: Option<&Repo>,
) -> Result<Vec<File>, PolicyFailure> {
    let unreadable = |path: &str, reason: String| PolicyFailure::Unreadable {
        path: path.to_owned(),
        reason,
    };
    let read = |shown: &str, path: &Path| -> Result<File, PolicyFailure> {
        let real = fs::canonicalize(path).map_err(|error| unreadable(shown, error.to_string()))?;
        if path.starts_with(root) && !real.starts_with(root) {
            return Err(unreadable(
                shown,
                String::from("found a link that leads out of the root"),
            ));
        }
        // A pipe or a device would hold us up or never end.
        if !fs::metadata(&real).is_ok_and(|meta| meta.is_file()) {
            return Err(unreadable(
                shown,
                String::from("found something that is no regular file"),
            ));
        }
        let below = path.strip_prefix(root).ok().and_then(Path::to_str);
        let tracked = below.filter(|_| real == path).zip(repo);
        if let Some(bytes) = tracked.and_then(|(below, repo)| repo.read_ahead(below, MAX_FILE)) {
            return Ok(File {
                path: shown.to_owned(),
                bytes,
            });
        }
        let mut bytes = Vec::new();
        fs::File::open(&real)
            .and_then(|file| file.take(MAX_FILE + 1).read_to_end(&mut bytes))
            .map_err(|error| unreadable(shown, error.to_string()))?;
        if bytes.len() as u64 > MAX_FILE {
            return Err(unreadable(
                shown,
                format!("found more than {MAX_FILE} bytes, expected a policy of at most that many"),
            ));
        }
        Ok(File {
            path: shown.to_owned(),
            bytes,
        })
    };
    if config.is_empty() {
        let path = root.join(DEFAULT_CONFIG);
        // A link that leads nowhere is there; only nothing at all means defaults.
        let absent = fs::symlink_metadata(&path)
            .is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound);
        return if absent {
            Ok(Vec::new())
        } else {
            Ok(vec![read(DEFAULT_CONFIG, &path)?])
        };
    }
    let mut files = Vec::new();
    for shown in config {
        let path = root.join(shown);
        if !path.is_dir() {
            files.push(read(shown, &path)?);
            continue;
        }
        let mut names: Vec<String> = fs::read_dir(&path)
            .map_err(|error| unreadable(shown, error.to_string()))?
            .flatten()
            .filter_map(|entry| entry.file_name().into_string().ok())
            .filter(|name| is_yaml(name))
            .collect();
        names.sort();
        if names.is_empty() {
            return Err(unreadable(
                shown,
                String::from("found no .yml or .yaml file in the folder"),
            ));
        }
        if names.len() > MAX_FILES {
            return Err(unreadable(
                shown,
                format!(
                    "found {} policy files, expected at most {MAX_FILES}",
                    names.len()
                ),
            ));
        }
        for name in names {
            files.push(read(
                &format!("{}/{name}", shown.trim_end_matches('/')),
                &path.join(&name),
            )?);
        }
    }
    Ok(files)
}

/// A path as both readers understand it: relative to the root and without `.`
/// and `..`, wherever it was given; what lies outside stays as it is.
pub(crate) fn below_root(root: &Path, given: &str) -> String {
    let mut parts: Vec<String> = Vec::new();
    for part in root.join(given).components() {
        match part {
            std::path::Component::CurDir => {}
            std::path::Component::ParentDir => {
                parts.pop();
            }
            part => parts.push(part.as_os_str().to_string_lossy().into_owned()),
        }
    }
    let whole: std::path::PathBuf = parts.iter().collect();
    match whole.strip_prefix(root) {
        Ok(below) if !below.as_os_str().is_empty() => below
            .components()
            .map(|part| part.as_os_str().to_string_lossy())
            .collect::<Vec<_>>()
            .join("/"),
        _ => given.to_owned(),
    }
}

/// A policy that the checkout reaches through a link is not at that path in
/// the base, which must not be taken for "the base has none".
pub(crate) fn no_links(
    root: &Path,
    config: &[String],
    files: Vec<File>,
) -> Result<Vec<File>, String> {
    let default = [String::from(DEFAULT_CONFIG)];
    let config = if config.is_empty() { &default } else { config };
    for path in config {
        let here = root.join(path);
        if fs::canonicalize(&here).is_ok_and(|real| real != here) {
            return Err(format!(
                "{path} is reached through a link, so the base's cannot be told"
            ));
        }
    }
    Ok(files)
}

/// Where the files of a revision are.
pub(crate) trait Revision {
    /// `None`: the revision has no such file.
    fn file(&self, path: &str) -> Result<Option<Vec<u8>>, String>;
    /// The files directly in a folder, by their paths.
    fn folder(&self, path: &str) -> Result<Vec<String>, String>;
}

pub(crate) struct InRepository<'a> {
    pub(crate) repo: &'a Repo,
    pub(crate) revision: &'a str,
}

impl Revision for InRepository<'_> {
    fn file(&self, path: &str) -> Result<Option<Vec<u8>>, String> {
        self.repo
            .blob_at(self.revision, path)
            .map_err(|error| error.to_string())
    }

    fn folder(&self, path: &str) -> Result<Vec<String>, String> {
        self.repo
            .list_at(self.revision, path)
            .map_err(|error| error.to_string())
    }
}

pub(crate) struct Remote<'a> {
    pub(crate) elsewhere: Elsewhere<'a>,
    pub(crate) revision: &'a str,
}

impl Revision for Remote<'_> {
    fn file(&self, path: &str) -> Result<Option<Vec<u8>>, String> {
        (self.elsewhere)(self.revision, path)
    }

    fn folder(&self, path: &str) -> Result<Vec<String>, String> {
        if is_yaml(path) {
            return Ok(Vec::new());
        }
        Err(format!(
            "the folder {path} cannot be listed over the API: name policy files one by one"
        ))
    }
}

/// The same files as [`from_work_tree`], at a revision. A file that is not
/// there means built-in defaults; one that cannot be read is an error.
pub(crate) fn from_revision(
    config: &[String],
    revision: &dyn Revision,
) -> Result<Vec<File>, String> {
    let default = [String::from(DEFAULT_CONFIG)];
    let config = if config.is_empty() { &default } else { config };
    let mut files = Vec::new();
    for shown in config {
        let path = shown.trim_start_matches("./").trim_end_matches('/');
        if let Some(bytes) = revision.file(path)? {
            files.push(File {
                path: shown.clone(),
                bytes,
            });
            continue;
        }
        let mut paths = revision.folder(path)?;
        paths.retain(|path| is_yaml(path));
        paths.sort();
        for path in paths {
            if let Some(bytes) = revision.file(&path)? {
                let name = path.rsplit('/').next().unwrap_or(&path);
                files.push(File {
                    path: format!("{}/{name}", shown.trim_end_matches('/')),
                    bytes,
                });
            }
        }
    }
    Ok(files)
}

fn is_yaml(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|ending| {
        ending.eq_ignore_ascii_case("yml") || ending.eq_ignore_ascii_case("yaml")
    })
}
