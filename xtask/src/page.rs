//! Parts of a page that a command writes: each stands between two marks, and the rest of the page is left alone.

use anyhow::{Context as _, Result};
use std::fmt::Write as _;
use std::path::Path;

/// Puts `text` between `<!-- NAME:begin ...-->` and `<!-- NAME:end -->`; a page without such marks gets them at its end.
pub(crate) fn write_part(path: &Path, name: &str, text: &str) -> Result<()> {
    let mut page = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
    if !page.contains(&format!("<!-- {name}:begin")) {
        let _ = write!(page, "\n<!-- {name}:begin -->\n<!-- {name}:end -->\n");
    }
    let page = between(&page, name, text).with_context(|| {
        format!(
            "{}: found no `<!-- {name}:end -->` behind `<!-- {name}:begin`",
            path.display()
        )
    })?;
    std::fs::write(path, page)?;
    Ok(())
}

fn between(page: &str, name: &str, text: &str) -> Option<String> {
    let begin = page.find(&format!("<!-- {name}:begin"))?;
    let from = begin + page.get(begin..)?.find("-->")? + "-->".len();
    let end = from + page.get(from..)?.find(&format!("<!-- {name}:end -->"))?;
    Some(format!(
        "{}\n\n{}\n\n{}",
        page.get(..from)?,
        text.trim_end(),
        page.get(end..)?
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stands_between_the_marks_is_replaced() {
        let page = "# Title\n\n<!-- a:begin, written by x -->\nold\n<!-- a:end -->\n\n<!-- b:begin -->\nkept\n<!-- b:end -->\n";
        let new = between(page, "a", "new\n").expect("marks");
        assert_eq!(
            new,
            "# Title\n\n<!-- a:begin, written by x -->\n\nnew\n\n<!-- a:end -->\n\n<!-- b:begin -->\nkept\n<!-- b:end -->\n"
        );
        assert_eq!(
            between(&new, "a", "new\n").as_deref(),
            Some(new.as_str()),
            "twice is once"
        );
        assert_eq!(between("# Title\n<!-- a:end -->\n", "a", "new\n"), None);
    }
}
