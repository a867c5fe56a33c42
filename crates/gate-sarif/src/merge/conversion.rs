//! `conversion`: a run has one, so runs that were converted must have it in common.

use super::draft::{Draft, Place, is_null};
use super::error::Refusal;
use super::run::{Fields, Run};
use crate::walk::{Broken, Span};

const KEY: &str = "conversion";
const LOGS: &str = "analysisToolLogFiles";

struct Conversion<'r, 'a> {
    run: &'r Run<'a>,
    span: Span,
    fields: Fields<'a>,
}

impl<'r, 'a> Conversion<'r, 'a> {
    fn of(run: &'r Run<'a>) -> Result<Option<Self>, Refusal> {
        let span = run.fields.get(KEY).filter(|&span| !is_null(run, span));
        let Some(span) = span else { return Ok(None) };
        let fields = Fields::of(run.text, span)
            .map_err(|error| Refusal::broken(run.at, run.text, &error))?;
        Ok(Some(Self { run, span, fields }))
    }

    const fn place(&self) -> Place<'_, 'a> {
        Place {
            run: self.run,
            span: self.span,
            fields: &self.fields,
        }
    }

    fn failed(&self) -> bool {
        let success = || {
            let invocation = self.fields.get("invocation")?;
            let invocation = Fields::of(self.run.text, invocation).ok()?;
            let (from, to) = invocation.get("executionSuccessful")?;
            Some(&self.run.text[from..to] != "false")
        };
        success() == Some(false)
    }
}

/// The converter must be the same; a conversion that failed is the one that is kept.
pub(super) fn unite(
    draft: &mut Draft,
    root: Place<'_, '_>,
    runs: &[Run<'_>],
) -> Result<(), Refusal> {
    let mut all = Vec::new();
    for run in runs {
        all.extend(Conversion::of(run)?);
    }
    let failed = all.iter().find(|one| one.failed());
    let Some(base) = failed.or(all.first()) else {
        return Ok(());
    };
    let broken = |error: Broken| Refusal::broken(base.run.at, base.run.text, &error);
    for other in all.iter().filter(|one| one.run.at != base.run.at) {
        for (name, span) in &other.fields.all {
            let theirs = draft.spelling(other.run, *span).map_err(broken)?;
            let ours = draft.known(base.place(), name).map_err(broken)?;
            match ours {
                _ if name == LOGS => {}
                Some(ours) if ours == theirs => {}
                None => {
                    let text = draft.text(other.run, *span).into_owned();
                    draft.add(base.place(), name, &text).map_err(broken)?;
                }
                Some(ours) if name == "tool" => {
                    let at = other.run.at;
                    return Err(Refusal::differs(at, "conversion.tool", &ours, &theirs));
                }
                Some(_) => {
                    let kept = base.run.at;
                    let message =
                        format!("`conversion.{name}` differs; that of run {kept} is kept");
                    draft.notice(other.run.at, message);
                }
            }
        }
    }
    let others = all.iter().filter(|one| one.run.at != base.run.at);
    let others: Vec<_> = others.map(Conversion::place).collect();
    draft.unite(base.place(), &others, LOGS).map_err(broken)?;
    if base.run.at == 0 {
        return Ok(());
    }
    let text = draft.text(base.run, base.span).into_owned();
    match root.fields.get(KEY) {
        Some(span) => draft.edits[0].overwrite(span, &text),
        None => draft.add(root, KEY, &text).map_err(broken)?,
    }
    Ok(())
}
