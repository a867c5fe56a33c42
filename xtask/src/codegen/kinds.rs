//! `docs/reference/<kind>.md`: a kind's criteria. The text of a criterion is the
//! module comment of its own file.

pub(super) mod forms;
mod rules;

use super::page::{Page, cell, sentence};
use crate::workspace::{criterion_file, root};
use anyhow::{Context as _, Result};
use forms::forms;
use gate_policy::{CriterionSpec, KindSpec, Need, Shape};
use std::fmt::Write as _;

pub(crate) fn page(kind: &str, spec: &KindSpec) -> Result<Page> {
    let mut body = String::new();
    if !spec.built {
        body.push_str("This kind is planned: every criterion of it is `error`, code `not_built`, where a policy asks for it.\n\n");
    }
    body.push_str("| Criterion | What it measures | Requirement | Judged | Default |\n|---|---|---|---|---|\n");
    for (id, criterion) in &spec.criteria {
        let _ = writeln!(
            body,
            "| [`{id}`](#{id}) | {} | {} | {} | {} |",
            cell(&criterion.summary),
            cell(&forms(&criterion.measure).expected),
            if criterion.built { "yes" } else { "planned" },
            criterion.default.as_ref().map_or_else(
                || String::from("none"),
                |default| format!("`{}`", cell(default))
            ),
        );
    }
    settings(&mut body, spec);
    rules::write(&mut body, spec);
    rules::words(&mut body, kind);
    for (id, criterion) in &spec.criteria {
        section(&mut body, kind, id, criterion)?;
    }
    Ok(Page {
        title: sentence(&format!("{kind} gate"))
            .trim_end_matches('.')
            .to_owned(),
        summary: spec.summary.clone(),
        body,
    })
}

/// The section of one criterion.
fn section(body: &mut String, kind: &str, id: &str, criterion: &CriterionSpec) -> Result<()> {
    let _ = write!(body, "\n## `{id}`\n\n");
    if criterion.built {
        let path = criterion_file(kind, id);
        let shown = path
            .strip_prefix(root())
            .unwrap_or(&path)
            .display()
            .to_string();
        let source = std::fs::read_to_string(&path)
            .with_context(|| format!("{shown}: a built criterion has its own file"))?;
        let text = module_comment(&source, id).with_context(|| {
            format!("{shown}: found no module comment, expected `//! `{id}`: ...`")
        })?;
        let _ = write!(body, "{text}\n\n");
    } else {
        let _ = write!(
            body,
            "{} Planned: no released build judges it yet; where a policy asks for it, it is `error`, code `not_built`.\n\n",
            sentence(&criterion.summary)
        );
    }
    let forms = forms(&criterion.measure);
    let _ = writeln!(body, "- Requirement: {}.", forms.expected);
    let examples: Vec<_> = forms
        .examples
        .iter()
        .map(|example| format!("`{id}: {example}`"))
        .collect();
    let _ = writeln!(body, "- Examples: {}.", examples.join(", "));
    if !criterion.per.is_empty() {
        let parts: Vec<_> = criterion
            .per
            .iter()
            .map(|part| format!("`{part}`"))
            .collect();
        let _ = writeln!(body, "- `per:` {}.", parts.join(", "));
    }
    if criterion.on_change {
        body.push_str("- Compares with a base: skipped, and said so, where there is none by nature; `error` where it should exist and cannot be read.\n");
    }
    if let Some(default) = &criterion.default {
        let _ = writeln!(body, "- Without a `gates:` section: `{default}`.");
    }
    Ok(())
}

/// The keys a gate's section may have beside the common ones.
fn settings(body: &mut String, spec: &KindSpec) {
    if spec.settings.is_empty() {
        return;
    }
    body.push_str("\n## Settings\n\n| Key | What it says | Shape |\n|---|---|---|\n");
    for (key, setting) in &spec.settings {
        let _ = writeln!(
            body,
            "| `{key}` | {} | {} |",
            cell(&setting.summary),
            cell(&setting.shape.expected())
        );
    }
    for (key, setting) in &spec.settings {
        fields(body, key, &setting.shape);
    }
}

/// A table for every record within a setting, below the setting's own.
fn fields(body: &mut String, path: &str, shape: &Shape) {
    match shape {
        Shape::List(of) | Shape::MapOf { values: of, .. } => fields(body, path, of),
        Shape::Record(known) => {
            let _ = write!(
                body,
                "\n### `{path}`\n\n| Key | What it says | Shape | Required |\n|---|---|---|---|\n"
            );
            for field in known {
                let _ = writeln!(
                    body,
                    "| `{}` | {} | {} | {} |",
                    field.name,
                    cell(&field.summary),
                    cell(&field.shape.expected()),
                    match (field.need, &field.shape) {
                        (Need::Required, Shape::By { .. }) => "where it has a meaning",
                        (Need::Required, _) => "yes",
                        (Need::Optional, _) => "no",
                        (Need::OneOf, _) => "one of these",
                    }
                );
            }
            for field in known {
                fields(body, &format!("{path}.{}", field.name), &field.shape);
            }
        }
        _ => {}
    }
}

/// The `//!` lines at the head of a criterion's file, without the id they
/// begin with.
fn module_comment(source: &str, id: &str) -> Option<String> {
    let lines: Vec<_> = source
        .lines()
        .map_while(|line| line.strip_prefix("//!"))
        .map(|line| line.strip_prefix(' ').unwrap_or(line))
        .collect();
    let text = lines.join("\n");
    let text = text.trim().strip_prefix(&format!("`{id}`:"))?.trim();
    (!text.is_empty()).then(|| sentence(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use gate_policy::{Field, SettingSpec};

    #[test]
    fn every_key_of_every_record_has_a_line() {
        let inner = Shape::Record(vec![Field::optional("deep", "Far | down", Shape::Integer)]);
        let record = Shape::Record(vec![
            Field::required("kind", "What it is", Shape::choice(["a", "b"])),
            Field::optional("parts", "What it has", Shape::list(inner)),
        ]);
        let setting = |summary: &str, shape| SettingSpec {
            summary: summary.to_owned(),
            shape,
        };
        let spec = KindSpec {
            settings: [
                (
                    "edges".to_owned(),
                    setting("References", Shape::list(record)),
                ),
                ("only_new".to_owned(), setting("What is new", Shape::Bool)),
            ]
            .into(),
            ..KindSpec::default()
        };
        let mut body = String::new();
        settings(&mut body, &spec);
        assert_eq!(
            body,
            "
## Settings

| Key | What it says | Shape |
|---|---|---|
| `edges` | References | a list, each entry a map with the keys `kind`, `parts` |
| `only_new` | What is new | `true` or `false` |

### `edges`

| Key | What it says | Shape | Required |
|---|---|---|---|
| `kind` | What it is | one of `a`, `b` | yes |
| `parts` | What it has | a list, each entry a map with the keys `deep` | no |

### `edges.parts`

| Key | What it says | Shape | Required |
|---|---|---|---|
| `deep` | Far \\| down | a whole number | no |
"
        );
    }

    #[test]
    fn the_reference_text_is_the_module_comment() {
        let source = "//! `a`: counts\n//! things.\n//!\n//! And more.\n\nuse b;\n//! not this\n";
        assert_eq!(
            module_comment(source, "a").as_deref(),
            Some("Counts\nthings.\n\nAnd more.")
        );
        assert_eq!(
            module_comment(source, "other"),
            None,
            "a comment that names another criterion"
        );
        assert_eq!(module_comment("use b;\n", "a"), None);
    }
}
