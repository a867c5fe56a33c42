//! Locations that are nobody's place of an alert: of flows, stacks, graphs and notifications. GitHub takes them as they are;
//! the ingestion rules want an address wherever a file is meant.

use serde::Deserialize;

use super::wire::{self, Graph, Holder, Location, PhysicalLocation, Stack};
use super::{Problem, location};
use crate::model::Run;
use crate::text::Pointer;

/// Of a result, all but its `locations` and `relatedLocations`.
pub(super) fn of_result(result: &wire::Result<'_>, run: &Run, problems: &mut Vec<Problem>) {
    let root = Pointer::root();
    for (flow, of_flow) in each(result.code_flows.as_ref()) {
        for (thread, of_thread) in each(of_flow.thread_flows.as_ref()) {
            for (step, one) in each(of_thread.locations.as_ref()) {
                // Long flows are common, and most steps are well: a pointer is made for the others only.
                let at = || {
                    let flow = root.at("codeFlows").at(flow).at("threadFlows").at(thread);
                    flow.at("locations").at(step)
                };
                if let Some(one) = &one.location {
                    location(one, || at().at("location"), run, problems);
                }
                if let Some(one) = &one.stack {
                    stack(one, &at().at("stack"), run, problems);
                }
            }
        }
    }
    for (index, one) in each(result.stacks.as_ref()) {
        stack(one, &root.at("stacks").at(index), run, problems);
    }
    graphs(result.graphs.as_ref(), run, problems);
    let provenance = result.provenance.as_ref();
    let sources = provenance.and_then(|one| one.conversion_sources.as_ref());
    for (index, one) in each(sources) {
        let at = || root.at("provenance").at("conversionSources").at(index);
        physical(one, at, run, problems);
    }
}

/// Where a run has locations outside of its results.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Elsewhere<'a> {
    #[serde(borrow)]
    invocations: Option<Vec<Invocation<'a>>>,
    #[serde(borrow)]
    graphs: Option<Vec<Graph<'a>>>,
    #[serde(borrow)]
    thread_flow_locations: Option<Vec<Holder<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Invocation<'a> {
    #[serde(borrow)]
    tool_execution_notifications: Option<Vec<Notification<'a>>>,
    #[serde(borrow)]
    tool_configuration_notifications: Option<Vec<Notification<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Notification<'a> {
    #[serde(borrow)]
    locations: Option<Vec<Location<'a>>>,
}

/// Of the header of a run.
pub(super) fn of_run(header: &str, run: &Run, problems: &mut Vec<Problem>) {
    // What does not fit is told where it counts.
    let Ok(found) = serde_json::from_str::<Elsewhere<'_>>(header) else {
        return;
    };
    let root = Pointer::root();
    for (index, one) in each(found.invocations.as_ref()) {
        let at = root.at("invocations").at(index);
        for (key, list) in [
            (
                "toolExecutionNotifications",
                &one.tool_execution_notifications,
            ),
            (
                "toolConfigurationNotifications",
                &one.tool_configuration_notifications,
            ),
        ] {
            for (index, one) in each(list.as_ref()) {
                let at = at.at(key).at(index).at("locations");
                for (index, one) in each(one.locations.as_ref()) {
                    location(one, || at.at(index), run, problems);
                }
            }
        }
    }
    graphs(found.graphs.as_ref(), run, problems);
    let steps = found.thread_flow_locations.as_ref();
    holders(steps, &root.at("threadFlowLocations"), run, problems);
}

fn stack(stack: &Stack<'_>, at: &Pointer, run: &Run, problems: &mut Vec<Problem>) {
    holders(stack.frames.as_ref(), &at.at("frames"), run, problems);
}

fn graphs(graphs: Option<&Vec<Graph<'_>>>, run: &Run, problems: &mut Vec<Problem>) {
    for (index, one) in each(graphs) {
        let at = Pointer::root().at("graphs").at(index).at("nodes");
        holders(one.nodes.as_ref(), &at, run, problems);
    }
}

/// Objects with a `location`, in the list at `at`.
fn holders(list: Option<&Vec<Holder<'_>>>, at: &Pointer, run: &Run, problems: &mut Vec<Problem>) {
    for (index, one) in each(list) {
        if let Some(one) = &one.location {
            location(one, || at.at(index).at("location"), run, problems);
        }
    }
}

fn location(
    location: &Location<'_>,
    at: impl Fn() -> Pointer,
    run: &Run,
    problems: &mut Vec<Problem>,
) {
    if let Some(one) = &location.physical_location {
        physical(one, || at().at("physicalLocation"), run, problems);
    }
}

fn physical(
    physical: &PhysicalLocation<'_>,
    at: impl Fn() -> Pointer,
    run: &Run,
    problems: &mut Vec<Problem>,
) {
    let Some(artifact) = &physical.artifact_location else {
        return;
    };
    if artifact.uri.is_some() {
        return;
    }
    problems.push(match location::listed(artifact, run) {
        Some(listed) => location::by_index(&at(), listed),
        None => Problem {
            check: &location::FURTHER,
            pointer: at().at("artifactLocation"),
            found: String::from("no `artifactLocation.uri`"),
            repair: None,
        },
    });
}

fn each<T>(list: Option<&Vec<T>>) -> impl Iterator<Item = (usize, &T)> {
    list.into_iter().flatten().enumerate()
}
