//! Which line of which file a result is about.

use std::fmt;

use crate::model::{Artifact, ArtifactLocation, Run, SarifResult};
use crate::resolve::Place;

/// How a result says where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Bases {
    /// As GitHub's upload action reads it: a relative URI is below the root, whatever `uriBaseId` it has.
    #[default]
    Ignored,
    /// As SARIF means it: `uriBaseId` and `originalUriBaseIds` count.
    Resolved,
}

/// Where the source of a result is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// This line of this file, a path below the root with `/`, without `.` and `..`. It may not exist.
    Line { path: String, line: u32 },
    /// There is none that could be hashed.
    None(NoSource),
}

/// Why a result has no line that could be hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoSource {
    /// The result has no location, or its first one names no artifact.
    NoLocation,
    /// The first location has no `region.startLine` that is a line.
    NoLine,
    /// Its URI is missing, has broken percent-escapes, is that of a folder, or its index leads nowhere.
    NoPath,
    /// Its URI has a scheme other than `file`.
    OtherScheme,
    /// It leads out of the root. Such a file is never read, also where GitHub's action would (`src/../../x`).
    OutsideRoot,
}

/// What the first location of a result is about. `root` is where the sources are, as an absolute path; `run` is needed for
/// its artifacts and base ids only.
pub fn source(run: &Run, result: &SarifResult, root: &str, bases: Bases) -> Source {
    match find(run, result, root, bases) {
        Ok((path, line)) => Source::Line { path, line },
        Err(why) => Source::None(why),
    }
}

fn find(
    run: &Run,
    result: &SarifResult,
    root: &str,
    bases: Bases,
) -> Result<(String, u32), NoSource> {
    let physical = result
        .locations
        .first()
        .and_then(|location| location.physical_location.as_ref());
    let physical = physical.ok_or(NoSource::NoLocation)?;
    let location = physical
        .artifact_location
        .as_ref()
        .ok_or(NoSource::NoLocation)?;
    let region = physical.region.as_ref();
    let line = region.and_then(|region| region.start_line);
    let line = line.ok_or(NoSource::NoLine)?;
    let path = match bases {
        Bases::Ignored => as_the_action(location, &run.artifacts, root)?,
        Bases::Resolved => as_meant(run, result, root)?,
    };
    Ok((path, line))
}

/// `resolveUriToFile` of the action, step by step.
fn as_the_action(
    location: &ArtifactLocation,
    artifacts: &[Artifact],
    root: &str,
) -> Result<String, NoSource> {
    let own = location.uri.as_deref().filter(|uri| !uri.is_empty());
    let of_artifact = || {
        let index = usize::try_from(location.index?).ok()?;
        artifacts.get(index)?.location.as_ref()?.uri.as_deref()
    };
    let uri = own.or_else(of_artifact).ok_or(NoSource::NoPath)?;
    let uri = decode_component(uri).ok_or(NoSource::NoPath)?;
    let path = uri.strip_prefix("file://").unwrap_or(&uri);
    if path.contains("://") {
        return Err(NoSource::OtherScheme);
    }
    below(path, root)
}

fn as_meant(run: &Run, result: &SarifResult, root: &str) -> Result<String, NoSource> {
    match run.place(result).ok_or(NoSource::NoPath)?.0 {
        Place::Inside(path) | Place::Absolute(path) => below(&path, root),
        Place::Elsewhere(uri) if uri.contains(':') => Err(NoSource::OtherScheme),
        Place::Elsewhere(_) => Err(NoSource::OutsideRoot),
    }
}

/// A path below the root that is absolute, or relative to it.
fn below(path: &str, root: &str) -> Result<String, NoSource> {
    if path.contains('\0') {
        return Err(NoSource::NoPath);
    }
    let windows = is_windows(root);
    let (path, root) = if windows {
        (path.replace('\\', "/"), root.replace('\\', "/"))
    } else {
        (path.to_owned(), root.to_owned())
    };
    let absolute = path.starts_with('/') || windows && is_windows(&path);
    let relative = if absolute {
        let (start, rest) = path
            .split_at_checked(root.trim_end_matches('/').len())
            .ok_or(NoSource::OutsideRoot)?;
        let same = if windows {
            start.eq_ignore_ascii_case(root.trim_end_matches('/'))
        } else {
            start == root.trim_end_matches('/')
        };
        let rest = rest.strip_prefix('/').filter(|_| same);
        rest.ok_or(NoSource::OutsideRoot)?
    } else {
        &path
    };
    let mut parts = Vec::new();
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop().ok_or(NoSource::OutsideRoot)?),
            part => parts.push(part),
        }
    }
    let is_folder = matches!(relative.rsplit('/').next(), None | Some("" | "." | ".."));
    if is_folder || parts.is_empty() {
        return Err(NoSource::NoPath);
    }
    Ok(parts.join("/"))
}

/// Starts with a drive, or with the name of a machine.
fn is_windows(path: &str) -> bool {
    matches!(path.as_bytes(), [drive, b':', b'/' | b'\\', ..] if drive.is_ascii_alphabetic())
        || path.starts_with(r"\\")
}

/// JavaScript's `decodeURIComponent`: every escape has to be one, and what they spell UTF-8.
fn decode_component(text: &str) -> Option<String> {
    if !text.contains('%') {
        return Some(text.to_owned());
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        if byte == b'%' {
            let (hex, after) = after.split_first_chunk::<2>()?;
            let digit = |byte: u8| char::from(byte).to_digit(16);
            let value = digit(hex[0])? << 4 | digit(hex[1])?;
            bytes.push(u8::try_from(value).ok()?);
            rest = after;
        } else {
            bytes.push(byte);
            rest = after;
        }
    }
    String::from_utf8(bytes).ok()
}

impl fmt::Display for NoSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoLocation => "without a location",
            Self::NoLine => "without a start line",
            Self::NoPath => "without the path of a file",
            Self::OtherScheme => "with a URI that is no file",
            Self::OutsideRoot => "outside the sources",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_read_as_the_action_reads_them() {
        use NoSource::{NoPath, OtherScheme, OutsideRoot};
        for (uri, expected) in [
            ("src/a.c", Ok("src/a.c")),
            ("./src//x/../a%20b.c", Ok("src/a b.c")),
            ("file:///work/src/a.c", Ok("src/a.c")),
            ("/work/src/a.c", Ok("src/a.c")),
            ("%2Fwork%2Fa.c", Ok("a.c")),
            ("file%3A%2F%2Fa.c", Ok("a.c")),
            ("file://host/a.c", Ok("host/a.c")),
            ("file:/work/a.c", Ok("file:/work/a.c")),
            ("FILE:///work/a.c", Err(OtherScheme)),
            ("https://host/a.c", Err(OtherScheme)),
            ("a/https://host/a.c", Err(OtherScheme)),
            ("file:///other/a.c", Err(OutsideRoot)),
            ("/workshop/a.c", Err(OutsideRoot)),
            ("/work", Err(OutsideRoot)),
            ("//work/a.c", Err(OutsideRoot)),
            ("../a.c", Err(OutsideRoot)),
            ("a/%2e%2e/../a.c", Err(OutsideRoot)),
            ("/work/../etc/passwd", Err(OutsideRoot)),
            ("a/", Err(NoPath)),
            ("a/b/..", Err(NoPath)),
            ("file://", Err(NoPath)),
            ("100%", Err(NoPath)),
            ("a%zz.c", Err(NoPath)),
            ("a%+1.c", Err(NoPath)),
            ("%ff.c", Err(NoPath)),
            ("%ed%a0%80.c", Err(NoPath)),
            ("a%00.c", Err(NoPath)),
            (r"src\a.c", Ok(r"src\a.c")),
            ("C:/work/a.c", Ok("C:/work/a.c")),
        ] {
            for root in ["/work", "/work/"] {
                let location = ArtifactLocation {
                    uri: Some(uri.into()),
                    ..Default::default()
                };
                let found = as_the_action(&location, &[], root);
                assert_eq!(found.as_deref(), expected.as_ref().copied(), "{uri}");
            }
        }
    }

    #[test]
    fn a_root_with_a_drive_has_paths_with_drives() {
        for (path, expected) in [
            (r"src\a.c", Ok("src/a.c")),
            ("d:/Work/src/a.c", Ok("src/a.c")),
            (r"D:\work\a.c", Ok("a.c")),
            ("D:/workshop/a.c", Err(NoSource::OutsideRoot)),
            ("/D:/work/a.c", Err(NoSource::OutsideRoot)),
            (r"..\a.c", Err(NoSource::OutsideRoot)),
            (r"\\host\a.c", Err(NoSource::OutsideRoot)),
        ] {
            let found = below(path, r"D:\work");
            assert_eq!(found.as_deref(), expected.as_ref().copied(), "{path}");
        }
    }
}
