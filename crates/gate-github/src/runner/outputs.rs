use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

/// A job's outputs may hold 1 MiB in all; one value never comes near that in honest use.
pub const MAX_OUTPUT_BYTES: usize = 1024 * 1024;

/// An output that cannot be set.
#[derive(Debug, thiserror::Error)]
pub enum OutputError {
    #[error(
        "output name `{0}` cannot be used: expected a letter or `_`, then letters, digits, `_` or `-`, at most 100"
    )]
    Name(String),
    #[error(
        "output `{name}` holds {bytes} bytes, expected at most {MAX_OUTPUT_BYTES}: write a file and output its path"
    )]
    TooLarge { name: String, bytes: usize },
    #[error("{}: outputs cannot be written: {source}", path.display())]
    Io { path: PathBuf, source: io::Error },
}

/// Appends entries to the file named by `GITHUB_OUTPUT`, all or none.
pub fn write_outputs(path: &Path, outputs: &[(&str, &str)]) -> Result<(), OutputError> {
    let mut text = String::new();
    for (name, value) in outputs {
        text.push_str(&output_entry(name, value)?);
    }
    append(path, &text).map_err(|source| OutputError::Io {
        path: path.to_owned(),
        source,
    })
}

/// One entry of `GITHUB_OUTPUT` in the heredoc form, whose delimiter occurs nowhere in the value: a value can
/// therefore never end its own entry and start another.
pub fn output_entry(name: &str, value: &str) -> Result<String, OutputError> {
    let mut characters = name.bytes();
    let starts = characters
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic() || first == b'_');
    if !starts
        || name.len() > 100
        || !characters.all(|c| c.is_ascii_alphanumeric() || matches!(c, b'_' | b'-'))
    {
        return Err(OutputError::Name(
            name.chars()
                .take(100)
                .flat_map(char::escape_default)
                .collect(),
        ));
    }
    if value.len() > MAX_OUTPUT_BYTES {
        return Err(OutputError::TooLarge {
            name: name.to_owned(),
            bytes: value.len(),
        });
    }
    let delimiter = absent_word(value);
    let mut entry = String::with_capacity(name.len() + value.len() + 2 * delimiter.len() + 5);
    // Writing to a String cannot fail.
    let _ = write!(entry, "{name}<<{delimiter}\n{value}\n{delimiter}\n");
    Ok(entry)
}

/// A word that does not occur in `text`. Deterministic, so that equal runs write equal bytes; no randomness is
/// needed, since the text is fixed before the word is chosen. Ends: each failed try is a distinct word held by
/// the text, and the hash in it makes a single such word a contrivance.
pub(super) fn absent_word(text: &str) -> String {
    let mut seed = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    loop {
        let word = format!("gatewright_{seed:016x}");
        if !text.contains(&word) {
            return word;
        }
        seed = seed.wrapping_add(1);
    }
}

/// Appends whole lines, also after a writer that left its last line open.
fn append(path: &Path, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new()
        .create(true)
        .read(true)
        .append(true)
        .open(path)?;
    let open_line = if file.metadata()?.len() == 0 {
        false
    } else {
        let mut last = [0_u8];
        file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut last)?;
        last != *b"\n"
    };
    let start = if open_line { "\n" } else { "" };
    file.write_all(format!("{start}{text}").as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::fs;

    /// The runner's reading of one heredoc entry.
    fn read_back(entry: &str) -> Option<(String, String)> {
        let (head, rest) = entry.split_once('\n')?;
        let (name, delimiter) = head.split_once("<<")?;
        let lines: Vec<&str> = rest.split('\n').collect();
        let end = lines
            .iter()
            .position(|line| line.trim_end_matches('\r') == delimiter)?;
        (lines.get(end + 1..)? == [""]).then(|| (name.to_owned(), lines[..end].join("\n")))
    }

    proptest! {
        #[test]
        fn what_was_written_is_what_is_read(value in any::<String>()) {
            let entry = output_entry("summary", &value).unwrap();
            prop_assert_eq!(read_back(&entry), Some(("summary".to_owned(), value)));
        }
    }

    #[test]
    fn a_value_cannot_smuggle_in_an_entry() {
        let guess = output_entry("a", "x").unwrap();
        let delimiter = guess.lines().last().unwrap();
        let entry = output_entry("a", &format!("x\n{delimiter}\nb=evil")).unwrap();
        assert_eq!(
            read_back(&entry),
            Some(("a".to_owned(), format!("x\n{delimiter}\nb=evil")))
        );
        assert!(!"text".contains(&absent_word("text")));
    }

    #[test]
    fn names_are_checked() {
        for good in ["decision", "exit-code", "_x", "a1"] {
            assert!(output_entry(good, "").is_ok(), "{good}");
        }
        for bad in [
            "",
            "1a",
            "a b",
            "a\nb",
            "a=b",
            "a<<b",
            "é",
            &"n".repeat(101),
        ] {
            assert!(
                matches!(output_entry(bad, ""), Err(OutputError::Name(_))),
                "{bad}"
            );
        }
        assert!(output_entry("a", &"x".repeat(MAX_OUTPUT_BYTES + 1)).is_err());
    }

    #[test]
    fn appends_after_an_open_line_and_all_or_none() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("output");
        fs::write(&path, "theirs=1").unwrap();
        write_outputs(&path, &[("ok", "1"), ("bad name", "2")]).unwrap_err();
        assert_eq!(fs::read_to_string(&path).unwrap(), "theirs=1");
        write_outputs(&path, &[("ok", "1")]).unwrap();
        assert!(
            fs::read_to_string(&path)
                .unwrap()
                .starts_with("theirs=1\nok<<gatewright_")
        );
        let error = write_outputs(folder.path(), &[("ok", "1")])
            .unwrap_err()
            .to_string();
        assert!(
            error.contains(&folder.path().display().to_string()),
            "{error}"
        );
    }
}
