//! Properties that are no tables: which runs may differ in them, and which value is kept.

use super::draft::{Draft, Place, is_null};
use super::error::Refusal;
use super::run::{Fields, Run, array};
use crate::walk::{Broken, canonical, fields, quoted};

/// How the values of one property come together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    /// Not here.
    Elsewhere,
    /// The first one stays.
    First,
    /// Both must be equal, where both are given.
    Equal,
    /// Both must be equal; not given means this, in canonical spelling.
    Default(&'static str),
    /// An object: all keys of both, of two values for one key the first.
    Fields,
    /// An object: all keys of both, which must be equal where both have one.
    EqualFields,
}

/// Properties that hold for all results of a run.
const RUN_WIDE: [&str; 6] = [
    "columnKind",
    "defaultEncoding",
    "defaultSourceLanguage",
    "baselineGuid",
    "language",
    "newlineSequences",
];

/// Brings the properties of an object of a later run into that of the first.
pub(super) fn unite(
    draft: &mut Draft,
    prefix: &str,
    into: Place<'_, '_>,
    from: Place<'_, '_>,
    rule: fn(&str) -> Rule,
) -> Result<(), Refusal> {
    let run = from.run.at;
    let broken = |error: Broken| Refusal::broken(run, from.run.text, &error);
    for key in RUN_WIDE {
        lacking(draft, prefix, into, from, (key, rule(key)))?;
    }
    for (key, span) in &from.fields.all {
        let rule = rule(key);
        if rule == Rule::Elsewhere || is_null(from.run, *span) {
            continue;
        }
        if matches!(rule, Rule::Fields | Rule::EqualFields) {
            members(draft, prefix, into, from, key, rule)?;
            continue;
        }
        let theirs = draft.spelling(from.run, *span).map_err(broken)?;
        match draft.known(into, key).map_err(broken)? {
            Some(ours) if ours == theirs => {}
            None if matches!(rule, Rule::Default(value) if value != theirs) => {
                let Rule::Default(value) = rule else { continue };
                return Err(Refusal::differs(
                    run,
                    &format!("{prefix}{key}"),
                    value,
                    &theirs,
                ));
            }
            None => {
                let text = draft.text(from.run, *span).into_owned();
                draft.add(into, key, &text).map_err(broken)?;
                if rule == Rule::Equal {
                    let message = format!(
                        "`{prefix}{key}` is given by this run and not by run 0: it now holds for the results of both"
                    );
                    draft.notice(run, message);
                }
            }
            Some(ours) if rule == Rule::First => {
                let ours = crate::error::excerpt(&ours);
                let message = format!("`{prefix}{key}` differs; the first run's is kept: {ours}");
                draft.notice(run, message);
            }
            Some(ours) => {
                return Err(Refusal::differs(
                    run,
                    &format!("{prefix}{key}"),
                    &ours,
                    &theirs,
                ));
            }
        }
    }
    Ok(())
}

/// A property that the run does not give, but the ones before do.
fn lacking(
    draft: &mut Draft,
    prefix: &str,
    into: Place<'_, '_>,
    from: Place<'_, '_>,
    (key, rule): (&str, Rule),
) -> Result<(), Refusal> {
    let given = from
        .fields
        .get(key)
        .is_some_and(|span| !is_null(from.run, span));
    if given || !matches!(rule, Rule::Default(_) | Rule::Equal) {
        return Ok(());
    }
    let run = from.run.at;
    let ours = draft
        .known(into, key)
        .map_err(|error| Refusal::broken(0, into.run.text, &error))?;
    match (rule, ours) {
        (Rule::Default(value), Some(ours)) if ours != value => Err(Refusal::differs(
            run,
            &format!("{prefix}{key}"),
            &ours,
            value,
        )),
        (Rule::Equal, Some(ours)) => {
            let message = format!(
                "`{prefix}{key}` is not given by this run: {ours} of the others now holds for its results"
            );
            draft.notice(run, message);
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Brings the keys of an object under `key` together.
fn members(
    draft: &mut Draft,
    prefix: &str,
    into: Place<'_, '_>,
    from: Place<'_, '_>,
    key: &str,
    rule: Rule,
) -> Result<(), Refusal> {
    let run = from.run.at;
    let broken = |error: Broken| Refusal::broken(run, from.run.text, &error);
    let Some(span) = from.fields.get(key) else {
        return Ok(());
    };
    let own = match into.fields.get(key) {
        Some(span) => Fields::of(into.run.text, span),
        None => Ok(Fields::default()),
    };
    let own = own.map_err(|error| Refusal::broken(into.run.at, into.run.text, &error))?;
    let mut kept = Vec::new();
    for (name, place) in fields(from.run.text, span).map_err(broken)? {
        if key == "automationDetails" && name == "id" && draft.id_given {
            continue;
        }
        let theirs = draft.spelling(from.run, place).map_err(broken)?;
        match draft.member(into, (key, &own), &name).map_err(broken)? {
            Some(ours) if ours == theirs => {}
            Some(ours) if rule == Rule::EqualFields => {
                let path = format!("{prefix}{key}.{name}");
                return Err(Refusal::differs(run, &path, &ours, &theirs));
            }
            Some(_) => kept.push(crate::error::excerpt(&name)),
            None => {
                let text = draft.text(from.run, place).into_owned();
                draft.add_member(into, key, &name, text);
            }
        }
    }
    if !kept.is_empty() {
        let count = kept.len();
        let some = super::some(kept.into_iter(), count);
        let message = format!("`{prefix}{key}` differs, the first values are kept: {some}");
        draft.notice(run, message);
    }
    Ok(())
}

/// The id that was asked for.
pub(super) fn automation_id(
    draft: &mut Draft,
    root: Place<'_, '_>,
    id: &str,
) -> Result<(), Broken> {
    draft.id_given = true;
    let key = "automationDetails";
    if let Some(span) = root.fields.get(key) {
        let known = fields(root.run.text, span)?;
        if let Some((_, place)) = known.iter().find(|(name, _)| name == "id") {
            draft.edits[root.run.at].replace(*place, &quoted(id));
            return Ok(());
        }
    }
    draft.add_member(root, key, "id", quoted(id));
    Ok(())
}

/// Tables in other files can stay there if they are the same files for all runs and no run has a
/// part of the table itself: then no index of theirs changes.
pub(super) fn externals(runs: &[Run<'_>]) -> Result<(), Refusal> {
    let key = "externalPropertyFileReferences";
    let mut first = None;
    for run in runs {
        let broken = |error: Broken| Refusal::broken(run.at, run.text, &error);
        let span = run.fields.get(key).filter(|&span| !is_null(run, span));
        let spelled = span
            .map(|span| canonical(run.text, span, &[]))
            .transpose()
            .map_err(broken)?;
        let own = span
            .map_or(Ok(Vec::new()), |span| fields(run.text, span))
            .map_err(broken)?;
        let same = *first.get_or_insert_with(|| spelled.clone()) == spelled;
        for (name, _) in own {
            let refuse = Err(Refusal::External {
                run: run.at,
                property: crate::error::excerpt(&name),
            });
            if !same || matches!(name.as_ref(), "driver" | "results") {
                return refuse;
            }
            let inline = |run: &Run<'_>| {
                let home = if name == "extensions" {
                    &run.tool.1
                } else {
                    &run.fields
                };
                array(run.text, home, &name).is_ok_and(|entries| !entries.is_empty())
            };
            if runs.iter().any(inline) {
                return refuse;
            }
        }
        if !same {
            return Err(Refusal::External {
                run: run.at,
                property: key.into(),
            });
        }
    }
    Ok(())
}
