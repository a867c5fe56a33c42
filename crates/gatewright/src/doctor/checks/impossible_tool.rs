//! Languages that `CodeQL` does not read, reports that a tool does not write, steps that upload nothing.

use crate::doctor::papers::{Finding, Papers, below, entry};
use crate::doctor::workflow::{Job, Part, Step};
use gate_policy::{Position, Value};

/// Names that people give `CodeQL` and that it has no extractor for. What is not here may be new.
const NO_LANGUAGES: [&str; 18] = [
    "markdown",
    "md",
    "yaml",
    "yml",
    "json",
    "shell",
    "bash",
    "sh",
    "powershell",
    "php",
    "html",
    "css",
    "sql",
    "dockerfile",
    "terraform",
    "perl",
    "lua",
    "r",
];

pub(super) fn find(papers: &Papers<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for tool in papers.blocks().flat_map(|block| below(&block.value)) {
        let name = tool
            .text_of("name")
            .unwrap_or_default()
            .to_ascii_lowercase();
        if name == "codeql" {
            let listed = tool.get("languages").map(Value::items).unwrap_or_default();
            let languages = listed
                .iter()
                .filter_map(|one| Some((one.as_str()?, &one.position)));
            found.extend(unknown(languages.collect()));
        }
        if let Some(format) = entry(tool, "report_format")
            && name.starts_with("burp")
            && format.value.as_str() == Some("sarif")
        {
            let text = "Burp Suite reports in HTML or XML, and SARIF is asked of it";
            let next = "write `xml` and convert it, or record its outcome with `gatewright record`";
            found.push(Finding::new(&format.value.position, text, next));
        }
    }
    for job in papers.workflows.iter().flat_map(|workflow| &workflow.jobs) {
        for (at, step) in job.steps.iter().enumerate() {
            found.extend(codeql(job, step));
            found.extend(uploads_nothing(step, &job.steps[at..]));
        }
    }
    found
}

fn unknown(languages: Vec<(&str, &Position)>) -> Option<Finding> {
    let is_none = |name: &str| NO_LANGUAGES.contains(&name.trim().to_ascii_lowercase().as_str());
    let none: Vec<_> = languages
        .into_iter()
        .filter(|(name, _)| is_none(name))
        .collect();
    let (_, at) = none.first()?;
    let names: Vec<_> = none
        .iter()
        .map(|(name, _)| format!("`{}`", name.trim()))
        .collect();
    let text = format!(
        "CodeQL has no language {}: its run fails or looks at nothing",
        names.join(", ")
    );
    let next =
        "name languages that it reads (`actions` for workflows), and another tool for the rest";
    Some(Finding::new(at, text, next))
}

fn codeql(job: &Job<'_>, step: &Step<'_>) -> Option<Finding> {
    let uses = step.uses?;
    if !uses.text.starts_with("github/codeql-action/init@") {
        return None;
    }
    let written = step.value.get("with")?.get("languages")?;
    let text = written.as_str()?;
    if !text.contains("${{") {
        let all = text
            .split([',', '\n'])
            .map(|name| (name, &written.position));
        return unknown(all.collect());
    }
    // `${{ matrix.language }}`: the values of that key.
    let key = text
        .trim()
        .strip_prefix("${{")?
        .strip_suffix("}}")?
        .trim()
        .strip_prefix("matrix.")?;
    let matrix = job.matrix()?;
    let own = matrix.get(key).map(Value::items).unwrap_or_default().iter();
    let included = matrix.get("include").map(Value::items).unwrap_or_default();
    let included = included.iter().filter_map(|one| one.get(key));
    let all = own
        .chain(included)
        .filter_map(|one| Some((one.as_str()?, &one.position)));
    unknown(all.collect())
}

/// This action adds links to a SARIF file; what it is taken for is scanning or uploading.
fn uploads_nothing(step: &Step<'_>, rest: &[Step<'_>]) -> Option<Finding> {
    let uses = step.uses?;
    let path = uses.text.to_ascii_lowercase();
    let keeps = |step: &Step<'_>| step.part == Part::Keeps;
    if !path.starts_with("securecodewarrior/github-action-add-sarif") || rest.iter().any(keeps) {
        return None;
    }
    let text = "this action adds training links to a SARIF file: it neither scans nor uploads, and nothing after it does";
    let next = "run a scanner before it and `github/codeql-action/upload-sarif` or `sarif-upload` behind it";
    Some(Finding::new(uses.at, text, next))
}
