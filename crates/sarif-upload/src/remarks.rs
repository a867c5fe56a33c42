//! The step's own annotations: what did not get through.

use crate::receipt::{FileReceipt, Receipt, State};
use crate::words::plain;
use gate_github::runner::{Annotation, AnnotationLevel};

/// Files named by one annotation.
const NAMED: usize = 3;

/// An annotation for what did not get through, red where the step is: one for all files of one reason, because the
/// runner keeps ten of a level and findings want room too.
pub(crate) fn annotations(receipt: &Receipt) -> Vec<Annotation> {
    let red = receipt.exit_code != 0;
    let mut groups: Vec<(AnnotationLevel, Vec<&FileReceipt>)> = Vec::new();
    for file in &receipt.files {
        let level = match file.state {
            State::Processed => continue,
            State::Uploaded => AnnotationLevel::Notice,
            State::Degraded if !red => AnnotationLevel::Warning,
            State::Degraded | State::Refused | State::Failed => AnnotationLevel::Error,
        };
        let same = groups.iter_mut().find(|(known, files)| {
            *known == level
                && files
                    .first()
                    .is_some_and(|first| (first.state, &first.reason) == (file.state, &file.reason))
        });
        match same {
            Some((_, files)) => files.push(file),
            None => groups.push((level, vec![file])),
        }
    }
    groups
        .into_iter()
        .filter_map(|(level, files)| Some(remark(level, files.first()?, &files)))
        .collect()
}

fn remark(level: AnnotationLevel, first: &FileReceipt, files: &[&FileReceipt]) -> Annotation {
    let mut names: Vec<_> = files
        .iter()
        .take(NAMED)
        .map(|file| plain(&file.path))
        .collect();
    if files.len() > NAMED {
        names.push(format!("{} more", files.len() - NAMED));
    }
    let place = first.reached.map_or_else(String::new, |rung| {
        format!(" Findings shown as: {}.", rung.as_str())
    });
    Annotation {
        level,
        title: Some(format!("SARIF upload {}", first.state.as_str())),
        message: format!(
            "{}: {}. Next step: {}.{place}",
            names.join(", "),
            plain(first.reason.as_deref().unwrap_or_default()),
            plain(first.next_step.as_deref().unwrap_or_default())
        ),
        path: None,
        line: None,
        column: None,
        end_line: None,
        end_column: None,
    }
}
