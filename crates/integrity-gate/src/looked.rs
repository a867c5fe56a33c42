//! Which of the files that were read concern this run.

use crate::collect::Facts;
use crate::config::Config;
use crate::plan::FilePart;
use crate::world::{Scope, Source};
use gate_runner::{Inputs, Missing, Part};
use gate_syntax::is_markdown;
use gate_verdict::Code;

/// What there is to look at.
#[derive(Default)]
pub(crate) struct Looked<'a> {
    pub(crate) sources: Vec<Source<'a>>,
    pub(crate) files: u64,
    /// Files that the policy leaves out.
    pub(crate) excluded: u64,
    /// Judged files that are asked for as text, as Markdown is, and are none.
    pub(crate) binary: Vec<&'a str>,
}

pub(crate) fn looked<'a>(
    config: &Config,
    inputs: &Inputs<'_>,
    parts: &'a [Part<'_, FilePart>],
    facts: &mut Facts,
) -> Looked<'a> {
    let mut looked = Looked::default();
    for part in parts {
        let path = part.file.path.as_str();
        let scope = Scope::of(inputs, path, path);
        let Scope { selected, judged } = scope;
        let is_link = matches!(part.part, FilePart::Link(_));
        looked.excluded += u64::from(!selected && !is_link);
        looked.files += u64::from(selected && !is_link);
        if let FilePart::Unread(reason) = part.part
            && judged
            && config.looks_into(path)
        {
            facts.unread.get_or_insert_with(|| {
                Missing::new(
                    Code::EvidenceUnreadable,
                    format!("{path} cannot be read: {reason}"),
                    "make the file readable, or exclude it in the policy",
                )
            });
        }
        if matches!(part.part, FilePart::Binary)
            && judged
            && (is_markdown(path) || config.reads_text(path))
        {
            looked.binary.push(path);
            if config.has_matter(path) {
                let missing = Missing::new(
                    Code::EvidenceUnreadable,
                    format!(
                        "{path} has NUL bytes, which no text has, so its front matter is not known"
                    ),
                    "save it as text, rename it, or exclude it in the policy",
                );
                facts
                    .gaps
                    .entry("yaml_frontmatter_correct")
                    .or_insert(missing);
            }
        }
        looked.sources.push(Source {
            path,
            part: part.part,
            scope,
        });
    }
    looked
}
