use super::commands::{escape_message, escape_property};
use std::fmt::Write as _;

/// Annotations that the runner keeps per level and step (`ExecutionContext.cs`). The steps inside a composite
/// action share one step's allowance.
pub const MAX_PER_LEVEL: usize = 10;

/// Longest message that the runner keeps, in UTF-16 units.
pub const MAX_MESSAGE: usize = 4096;

/// One remark shown at a place in the change. Same members as in the renderer, so that one maps to the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Annotation {
    pub level: AnnotationLevel,
    pub title: Option<String>,
    pub message: String,
    /// Relative to the repository's root, with `/`.
    pub path: Option<String>,
    /// From 1, as all four.
    pub line: Option<u32>,
    pub column: Option<u32>,
    pub end_line: Option<u32>,
    pub end_column: Option<u32>,
}

/// In order of weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AnnotationLevel {
    Error,
    Warning,
    Notice,
}

/// How many annotations are not shown, by level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Left {
    pub errors: usize,
    pub warnings: usize,
    pub notices: usize,
}

/// Lines for stdout, errors first, each level in the order given and never above the runner's limits. When
/// something has to be left out, the last line is a notice that says how much, itself within the limit.
pub fn workflow_commands(annotations: &[Annotation]) -> (Vec<String>, Left) {
    let count = |level| annotations.iter().filter(|a| a.level == level).count();
    let (errors, warnings, notices) = (
        count(AnnotationLevel::Error),
        count(AnnotationLevel::Warning),
        count(AnnotationLevel::Notice),
    );
    let overflow = errors.max(warnings).max(notices) > MAX_PER_LEVEL;
    let room_for_notices = MAX_PER_LEVEL - usize::from(overflow);
    let left = Left {
        errors: errors.saturating_sub(MAX_PER_LEVEL),
        warnings: warnings.saturating_sub(MAX_PER_LEVEL),
        notices: notices.saturating_sub(room_for_notices),
    };
    let mut lines = Vec::new();
    for (level, room) in [
        (AnnotationLevel::Error, MAX_PER_LEVEL),
        (AnnotationLevel::Warning, MAX_PER_LEVEL),
        (AnnotationLevel::Notice, room_for_notices),
    ] {
        lines.extend(
            annotations
                .iter()
                .filter(|a| a.level == level)
                .take(room)
                .map(command),
        );
    }
    if overflow {
        lines.push(format!(
            "::notice title=More than GitHub shows::{} more error(s), {} more warning(s) and {} more notice(s) are not shown here: \
             GitHub shows at most {MAX_PER_LEVEL} of each per step. The step's summary and the verdict hold them.",
            left.errors, left.warnings, left.notices
        ));
    }
    (lines, left)
}

fn command(annotation: &Annotation) -> String {
    let Annotation {
        level,
        title,
        message,
        path,
        line,
        column,
        end_line,
        end_column,
    } = annotation;
    let mut properties = String::new();
    let mut property = |name: &str, value: &str| {
        let separator = if properties.is_empty() { ' ' } else { ',' };
        // Writing to a String cannot fail.
        let _ = write!(
            properties,
            "{separator}{name}={}",
            escape_property(&visible(value))
        );
    };
    if let Some(path) = path.as_deref().filter(|path| !path.is_empty()) {
        property("file", path);
        if let Some(line) = line.filter(|&line| line > 0) {
            property("line", &line.to_string());
            let end_line = end_line.filter(|&end| end > line);
            if let Some(end) = end_line {
                property("endLine", &end.to_string());
            } else if let Some(column) = column.filter(|&column| column > 0) {
                // The runner refuses columns of a region of several lines.
                property("col", &column.to_string());
                if let Some(end) = end_column.filter(|&end| end >= column) {
                    property("endColumn", &end.to_string());
                }
            }
        }
    }
    if let Some(title) = title.as_deref().filter(|title| !title.is_empty()) {
        property("title", title);
    }
    let name = match level {
        AnnotationLevel::Error => "error",
        AnnotationLevel::Warning => "warning",
        AnnotationLevel::Notice => "notice",
    };
    // The runner ignores a command without a message.
    let message = if message.trim().is_empty() {
        "(no message)"
    } else {
        message
    };
    format!(
        "::{name}{properties}::{}",
        escape_message(&cut(&visible(message)))
    )
}

/// Without control characters that a terminal or a log viewer would obey.
fn visible(text: &str) -> String {
    let obeyed = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    text.chars()
        .map(|c| {
            if obeyed(c) {
                char::REPLACEMENT_CHARACTER
            } else {
                c
            }
        })
        .collect()
}

/// At most [`MAX_MESSAGE`] UTF-16 units, with a mark where it was cut.
fn cut(text: &str) -> String {
    const MARK: &str = "… (cut)";
    if text.encode_utf16().count() <= MAX_MESSAGE {
        return text.to_owned();
    }
    let room = MAX_MESSAGE - MARK.encode_utf16().count();
    let kept = text.chars().scan(0, |units, c| {
        *units += c.len_utf16();
        (*units <= room).then_some(c)
    });
    kept.chain(MARK.chars()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn plain(level: AnnotationLevel, message: &str) -> Annotation {
        Annotation {
            level,
            title: None,
            message: message.to_owned(),
            path: None,
            line: None,
            column: None,
            end_line: None,
            end_column: None,
        }
    }

    #[test]
    fn escapes_properties_and_message() {
        let annotation = Annotation {
            title: Some("Broken: link, 5%".to_owned()),
            path: Some("docs/a,b:c.md".to_owned()),
            line: Some(3),
            column: Some(2),
            end_line: Some(3),
            end_column: Some(9),
            ..plain(AnnotationLevel::Error, "50% of\r\n::error::x \u{1b}[31m")
        };
        assert_eq!(
            command(&annotation),
            "::error file=docs/a%2Cb%3Ac.md,line=3,col=2,endColumn=9,title=Broken%3A link%2C 5%25::50%25 of%0D%0A::error::x \u{fffd}[31m"
        );
    }

    #[test]
    fn leaves_out_what_the_runner_refuses() {
        let region = |line, end_line| Annotation {
            path: Some("a".to_owned()),
            line,
            column: Some(4),
            end_line,
            end_column: Some(2),
            ..plain(AnnotationLevel::Warning, "")
        };
        assert_eq!(
            command(&region(Some(3), Some(5))),
            "::warning file=a,line=3,endLine=5::(no message)"
        );
        assert_eq!(
            command(&region(Some(3), None)),
            "::warning file=a,line=3,col=4::(no message)"
        );
        assert_eq!(
            command(&region(None, Some(5))),
            "::warning file=a::(no message)"
        );
        let without_path = Annotation {
            path: None,
            ..region(Some(3), None)
        };
        assert_eq!(command(&without_path), "::warning::(no message)");
    }

    #[test]
    fn ten_of_each_fit_and_the_eleventh_is_counted() {
        use AnnotationLevel::{Error, Notice, Warning};
        let ten: Vec<_> = [Notice, Error, Warning]
            .iter()
            .flat_map(|&l| vec![plain(l, "m"); 10])
            .collect();
        let (lines, left) = workflow_commands(&ten);
        assert_eq!((lines.len(), left), (30, Left::default()));
        let (lines, left) = workflow_commands(&[ten, vec![plain(Error, "m"); 2]].concat());
        assert_eq!(
            left,
            Left {
                errors: 2,
                warnings: 0,
                notices: 1
            }
        );
        let last = lines.last().unwrap();
        assert!(
            last.contains("2 more error(s)") && last.contains("1 more notice(s)"),
            "{last}"
        );
    }

    #[test]
    fn messages_are_cut_at_the_limit() {
        let at = |n: usize| cut(&"é".repeat(n));
        assert_eq!(at(4096), "é".repeat(4096));
        assert_eq!(at(4097).encode_utf16().count(), 4096);
        assert!(at(4097).ends_with("… (cut)"));
        assert!(cut(&"😀".repeat(4096)).encode_utf16().count() <= 4096);
    }

    proptest! {
        #[test]
        fn limits_hold_and_every_annotation_is_shown_or_counted(counts in [0_usize..25, 0..25, 0..25], message in any::<String>()) {
            let levels = [AnnotationLevel::Error, AnnotationLevel::Warning, AnnotationLevel::Notice];
            let all: Vec<_> = levels.iter().zip(counts).flat_map(|(&level, n)| vec![plain(level, &message); n]).collect();
            let (lines, left) = workflow_commands(&all);
            for name in ["error", "warning", "notice"] {
                let shown = lines.iter().filter(|line| line.starts_with(&format!("::{name}"))).count();
                prop_assert!(shown <= MAX_PER_LEVEL);
            }
            prop_assert!(lines.iter().all(|line| !line.contains(['\n', '\r'])));
            let hidden = left.errors + left.warnings + left.notices;
            prop_assert_eq!(lines.len() - usize::from(hidden > 0) + hidden, all.len());
        }
    }
}
