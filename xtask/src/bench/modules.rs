//! A repository of modules as agents load them: a thousand files, byte for byte the same every time.

use super::corpus::{Words, commit};
use anyhow::Result;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// Commands, agents and skills each; components twice that.
const EACH: usize = 200;
/// Words of a module: real ones have about six kilobytes.
const WORDS: usize = 900;

const POLICY: &str = "\
version: 1
gates:
  integrity:
    criteria: {no_broken_links: true, cross_references_valid: true, all_referenced_modules_exist: true, no_circular_dependencies: true, yaml_frontmatter_correct: true}
";

#[derive(Debug, Default)]
pub(super) struct Laid {
    pub(super) files: usize,
    pub(super) includes: usize,
}

pub(super) fn lay_out(root: &Path) -> Result<Laid> {
    let mut words = Words::start();
    let mut laid = Laid::default();
    for index in 0..EACH {
        let mut text = head(&format!("command-{index}"), &words.sentence(12));
        for step in 0..5 {
            let component = words.below(2 * EACH);
            let _ = writeln!(
                text,
                "## Step {step}\n\n<include>components/part-{component:03}.md</include>\n\n{}\n",
                words.sentence(WORDS / 5)
            );
            laid.includes += 1;
        }
        let agent = words.below(EACH);
        let _ = writeln!(
            text,
            "Then see [the agent](../agents/agent-{agent:03}.md#what-it-does)."
        );
        write(
            root,
            &format!(".claude/commands/command-{index:03}.md"),
            &text,
            &mut laid,
        )?;

        let mut text = head(&format!("agent-{index}"), &words.sentence(20));
        let _ = writeln!(text, "## What it does\n\n{}\n", words.sentence(WORDS));
        let _ = writeln!(
            text,
            "It knows [a skill](../skills/skill-{index:03}/SKILL.md)."
        );
        write(
            root,
            &format!(".claude/agents/agent-{index:03}.md"),
            &text,
            &mut laid,
        )?;

        let mut text = head(&format!("skill-{index:03}"), &words.sentence(20));
        let component = words.below(2 * EACH);
        let _ = writeln!(
            text,
            "{}\n\nSee [a part](../../../components/part-{component:03}.md#notes).",
            words.sentence(WORDS)
        );
        write(
            root,
            &format!(".claude/skills/skill-{index:03}/SKILL.md"),
            &text,
            &mut laid,
        )?;
    }
    for index in 0..2 * EACH {
        let mut text = format!(
            "# Part {index}\n\n{}\n\n## Notes\n\n",
            words.sentence(WORDS)
        );
        // Only upwards: so there is no circle.
        let left = 2 * EACH - index - 1;
        if left > 0 {
            let next = index + 1 + words.below(left);
            let _ = writeln!(text, "<include>components/part-{next:03}.md</include>");
            laid.includes += 1;
        }
        write(
            root,
            &format!("components/part-{index:03}.md"),
            &text,
            &mut laid,
        )?;
    }
    fs::create_dir_all(root.join(".github"))?;
    fs::write(root.join(".github/gates.yml"), POLICY)?;
    commit(root)?;
    Ok(laid)
}

fn head(name: &str, description: &str) -> String {
    format!("---\nname: {name}\ndescription: {description}\n---\n\n# {name}\n\n")
}

fn write(root: &Path, path: &str, text: &str, laid: &mut Laid) -> Result<()> {
    let path = root.join(path);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, text)?;
    laid.files += 1;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thousand_modules_are_always_the_same() {
        let (first, second) = (
            tempfile::tempdir().expect("a folder"),
            tempfile::tempdir().expect("a folder"),
        );
        let laid = lay_out(first.path()).expect("laid out");
        lay_out(second.path()).expect("laid out");
        assert_eq!((laid.files, laid.includes), (1000, 1399));
        let commit =
            |folder: &Path| fs::read(folder.join(".git/refs/heads/main")).expect("a commit");
        assert_eq!(commit(first.path()), commit(second.path()));
    }
}
