//! Locations: a file, and a place in it.

use super::wire::{ArtifactLocation, Location, Number};
use super::{Check, Options, Problem, Repair, Weight, region, uri};
use crate::model::Run;
use crate::text::{Edit, Pointer};

pub(super) const FILE: Check = Check {
    id: "location_file",
    weight: Weight::Refused,
    expected: "a first location with an `artifactLocation.uri`",
    next_step: "make the scanner give each result a file, or name a file for such results with --stand-in",
};

pub(super) const FURTHER: Check = Check {
    id: "location_further",
    weight: Weight::Advice,
    expected: "an `artifactLocation.uri` in each location",
    next_step: "make the scanner give each location a file",
};

/// The first location of a result, the only one that becomes an alert; where it is absent, at the result's `locations`.
pub(super) fn first(
    location: Option<&Location<'_>>,
    locations: impl Fn() -> Pointer,
    run: &Run,
    options: &Options,
    problems: &mut Vec<Problem>,
) {
    let Some(location) = location else {
        let stand_in = options.stand_in.as_deref().map(|file| {
            let uri = serde_json::Value::from(uri::encode(file));
            let json = format!(
                r#"[{{"physicalLocation":{{"artifactLocation":{{"uri":{uri}}},"region":{{"startLine":1}}}}}}]"#
            );
            Repair::Safe(vec![Edit::json(locations(), json)])
        });
        problems.push(Problem {
            check: &FILE,
            pointer: locations(),
            found: String::from("no location"),
            repair: stand_in,
        });
        return;
    };
    let before = problems.len();
    let pointer = || locations().at(0);
    if let Err(missing) = place(location, pointer, run, options, problems) {
        let stand_in = options.stand_in.as_deref().map(|file| {
            let uri = serde_json::Value::from(uri::encode(file));
            Repair::Safe(vec![stand_in(location, &pointer(), &uri)])
        });
        problems.truncate(before);
        problems.push(Problem {
            check: &FILE,
            pointer: pointer(),
            found: String::from(missing),
            repair: stand_in,
        });
    }
}

/// The edit that gives a location this address: at the deepest object that is there.
fn stand_in(location: &Location<'_>, pointer: &Pointer, uri: &serde_json::Value) -> Edit {
    let at = pointer.at("physicalLocation");
    match &location.physical_location {
        None => Edit::json(
            at,
            format!(r#"{{"artifactLocation":{{"uri":{uri}}},"region":{{"startLine":1}}}}"#),
        ),
        Some(physical) if physical.artifact_location.is_none() => {
            Edit::json(at.at("artifactLocation"), format!(r#"{{"uri":{uri}}}"#))
        }
        Some(_) => Edit::json(at.at("artifactLocation").at("uri"), uri.to_string()),
    }
}

/// A location behind the first, or a related one.
pub(super) fn further(
    location: &Location<'_>,
    pointer: impl Fn() -> Pointer,
    run: &Run,
    options: &Options,
    problems: &mut Vec<Problem>,
) {
    let before = problems.len();
    if let Err(missing) = place(location, &pointer, run, options, problems) {
        problems.truncate(before);
        problems.push(Problem {
            check: &FURTHER,
            pointer: pointer(),
            found: String::from(missing),
            repair: None,
        });
    }
}

/// What is wrong with file and region; or what is missing of the file.
fn place(
    location: &Location<'_>,
    pointer: impl Fn() -> Pointer,
    run: &Run,
    options: &Options,
    problems: &mut Vec<Problem>,
) -> Result<(), &'static str> {
    let physical = location
        .physical_location
        .as_ref()
        .ok_or("no `physicalLocation`")?;
    let pointer = || pointer().at("physicalLocation");
    let artifact = physical
        .artifact_location
        .as_ref()
        .ok_or("no `artifactLocation`")?;
    let uri = artifact.uri.as_deref();
    if uri == Some("") {
        return Err("an empty `artifactLocation.uri`");
    }
    let at = || pointer().at("artifactLocation").at("uri");
    let based = artifact.uri_base_id.is_some();
    if let Some(uri) = uri {
        problems.extend(uri::check(uri, based, at, options));
    } else {
        let listed = listed(artifact, run).ok_or("no `artifactLocation.uri`")?;
        problems.push(by_index(&pointer(), listed));
        problems.extend(uri::check(listed, based, at, options));
    }
    problems.extend(region::check(physical.region.as_ref(), pointer));
    Ok(())
}

/// The address that an `index` means.
pub(super) fn listed<'r>(artifact: &ArtifactLocation<'_>, run: &'r Run) -> Option<&'r str> {
    let Number::Whole(index) = artifact.index else {
        return None;
    };
    let artifact = run.artifacts.get(usize::try_from(index).ok()?)?;
    let uri = artifact.location.as_ref()?.uri.as_deref();
    uri.filter(|uri| !uri.is_empty())
}

/// The ingestion rules want the address in the location itself. The pointer leads to the physical location.
pub(super) fn by_index(pointer: &Pointer, listed: &str) -> Problem {
    let at = pointer.at("artifactLocation");
    let uri = Edit::text(at.at("uri"), listed);
    Problem {
        check: &FURTHER,
        pointer: at,
        found: String::from("an `index` alone"),
        repair: Some(Repair::Safe(vec![uri])),
    }
}
