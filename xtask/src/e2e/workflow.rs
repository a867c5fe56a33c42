//! What is changed in the copy of a workflow before it runs. Text in, text out: our YAML is one step a block, a
//! blank line between blocks.

use super::tools::Programs;

/// Appended to the only job: it keeps what the `steps` context holds in the end.
const RECORD: &str = r#"
      - name: Record
        if: ${{ always() }}
        shell: bash
        env:
          STEPS: ${{ toJSON(steps) }}
        run: printf '%s\n' "$STEPS" >"$HOME/record/steps.json"
"#;

pub(super) fn recorded(workflow: &str) -> String {
    format!("{}\n{RECORD}", workflow.trim_end())
}

/// With `publish` of the step that decides, as its guide tells people to write it.
pub(super) fn publishing(workflow: &str, channels: Option<&str>) -> String {
    let Some(channels) = channels else {
        return workflow.to_owned();
    };
    let with = |line: &str| {
        if line.contains("actions/quality-gate@") {
            format!("{line}\n        with:\n          publish: {channels}\n")
        } else {
            format!("{line}\n")
        }
    };
    workflow.lines().map(with).collect()
}

/// Without the upload, for as long as the binary has none.
pub(super) fn without_unbuilt(workflow: &str, programs: &Programs) -> String {
    if programs.has("sarif-upload") {
        return workflow.to_owned();
    }
    println!("     `sarif-upload` is not in the binary yet: its step is left out");
    without_step(workflow, "actions/sarif-upload")
}

fn without_step(workflow: &str, using: &str) -> String {
    let is_it = |block: &&str| block.trim_start().starts_with("- name:") && block.contains(using);
    workflow
        .split("\n\n")
        .filter(|block| !is_it(block))
        .collect::<Vec<_>>()
        .join("\n\n")
}

/// act does not know `$/` (facts: the self-repository syntax of July 2026).
pub(super) fn siblings_as_local(workflow: &str) -> String {
    workflow.replace("uses: $/", "uses: ./")
}

/// minirun knows only `$/` and `./`: every other reference becomes one to the suite's copy or to a stand-in. What it
/// fixes and a case varies goes in as variables.
pub(super) fn for_minirun(workflow: &str, own: bool, variables: &[(&str, &str)]) -> String {
    let env: Vec<String> = variables
        .iter()
        .map(|(name, value)| format!("  {name}: {value}\n"))
        .collect();
    let env = env.concat();
    let rewritten = workflow.lines().map(|line| match used(line) {
        Some((repository, path, _)) if repository == SUITE => replaced(line, &format!("$/{path}")),
        Some((repository, _, _)) => replaced(line, &format!("$/stand-ins/{repository}")),
        None if own => line.replace("uses: ./", "uses: $/"),
        None => line.to_owned(),
    });
    format!(
        "env:\n{env}\n{}\n",
        rewritten.collect::<Vec<_>>().join("\n")
    )
}

fn replaced(line: &str, with: &str) -> String {
    let indent = line.split("uses:").next().unwrap_or_default();
    format!("{indent}uses: {with}")
}

/// The suite's own repository.
pub(super) const SUITE: &str = "gatewright/gatewright";

/// The references to other repositories: `owner/name`, path below it, ref.
pub(super) fn remote_uses(workflow: &str) -> Vec<(String, String, String)> {
    let mut found: Vec<_> = workflow.lines().filter_map(used).collect();
    found.sort();
    found.dedup();
    found
}

fn used(line: &str) -> Option<(String, String, String)> {
    let line = line.trim_start();
    let reference = line
        .strip_prefix("uses:")
        .or_else(|| line.strip_prefix("- uses:"))?
        .trim();
    let reference = reference.split(' ').next()?;
    if reference.starts_with(['.', '$']) {
        return None;
    }
    let (path, version) = reference.split_once('@')?;
    let mut parts = path.splitn(3, '/');
    let (owner, name) = (parts.next()?, parts.next()?);
    Some((
        format!("{owner}/{name}"),
        parts.next().unwrap_or_default().to_owned(),
        version.to_owned(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORKFLOW: &str = "\
jobs:
  j:
    steps:
      - name: A
        uses: actions/checkout@abc # v1

      - name: B
        uses: gatewright/gatewright/actions/sarif-upload@def # v2
        with:
          x: y

      - name: C
        uses: $/actions/quality-gate
";

    #[test]
    fn references_are_found() {
        let found = remote_uses(WORKFLOW);
        let as_text: Vec<_> = found
            .iter()
            .map(|(a, b, c)| format!("{a}|{b}|{c}"))
            .collect();
        assert_eq!(
            as_text,
            [
                "actions/checkout||abc",
                "gatewright/gatewright|actions/sarif-upload|def"
            ]
        );
    }

    #[test]
    fn the_step_that_decides_tells_it() {
        assert_eq!(publishing(WORKFLOW, None), WORKFLOW);
        let text = WORKFLOW.replace("$/actions/quality-gate", "a/b/actions/quality-gate@def");
        let told = publishing(&text, Some("comment"));
        assert!(
            told.contains("quality-gate@def\n        with:\n          publish: comment\n"),
            "{told}"
        );
        assert_eq!(told.matches("publish").count(), 1);
    }

    #[test]
    fn a_step_goes_whole() {
        let text = without_step(WORKFLOW, "actions/sarif-upload");
        assert!(
            !text.contains("sarif-upload") && !text.contains("x: y"),
            "{text}"
        );
        assert!(
            text.contains("- name: A") && text.contains("- name: C"),
            "{text}"
        );
    }

    #[test]
    fn every_reference_becomes_a_local_one() {
        let text = for_minirun(&recorded(WORKFLOW), true, &[("A", "b")]);
        assert!(text.starts_with("env:\n  A: b\n"), "{text}");
        assert!(
            text.contains("uses: $/stand-ins/actions/checkout\n"),
            "{text}"
        );
        assert!(text.contains("uses: $/actions/sarif-upload\n"), "{text}");
        assert!(
            text.contains("- name: Record") && remote_uses(&text).is_empty(),
            "{text}"
        );
        assert!(siblings_as_local(WORKFLOW).contains("uses: ./actions/quality-gate"));
    }
}
