//! Made-up runs in which everything refers to everything.

use serde_json::{Value, json};

const TAXONOMIES: [&str; 2] = ["T", "U"];

/// Decisions, taken from a list of bytes so that failures shrink.
struct Dice<'a>(std::slice::Iter<'a, u8>);

impl Dice<'_> {
    fn roll(&mut self, sides: usize) -> usize {
        usize::from(self.0.next().copied().unwrap_or(0)) % sides
    }

    fn of<'t>(&mut self, texts: &[&'t str]) -> &'t str {
        texts[self.roll(texts.len())]
    }

    /// An index into a table of that length, now and then one that points at nothing.
    fn index(&mut self, length: usize) -> Value {
        match self.roll(12) {
            0 => json!(-1),
            1 => json!(length + self.roll(3)),
            2 => json!("0"),
            _ if length == 0 => json!(-1),
            _ => json!(self.roll(length)),
        }
    }
}

/// Lengths of the tables, known before their entries are made: they refer to each other.
#[derive(Clone, Copy)]
struct Sizes {
    artifacts: usize,
    logical: usize,
    rules: usize,
    extensions: usize,
    taxonomies: usize,
    flows: usize,
    requests: usize,
    invocations: usize,
    graphs: usize,
    addresses: usize,
}

fn location(dice: &mut Dice<'_>, sizes: Sizes) -> Value {
    json!({
        "physicalLocation": {
            "artifactLocation": artifact_location(dice, sizes),
            "address": {"index": dice.index(sizes.addresses)},
        },
        "logicalLocations": [{"index": dice.index(sizes.logical)}],
    })
}

fn artifact_location(dice: &mut Dice<'_>, sizes: Sizes) -> Value {
    match dice.roll(3) {
        0 => json!({"uri": dice.of(&["a", "b"]), "uriBaseId": "R"}),
        1 => json!({"index": dice.index(sizes.artifacts)}),
        _ => json!({"uri": "a", "index": dice.index(sizes.artifacts)}),
    }
}

fn taxon(dice: &mut Dice<'_>, sizes: Sizes) -> Value {
    if sizes.taxonomies == 0 {
        return json!({"id": "t"});
    }
    let component = dice.roll(sizes.taxonomies);
    json!({"id": "t", "index": dice.index(2),
        "toolComponent": {"name": TAXONOMIES[component], "index": component}})
}

fn rule(dice: &mut Dice<'_>, sizes: Sizes, rich: bool) -> Value {
    let mut rule = json!({"id": dice.of(&["A", "B", "A/1"])});
    if dice.roll(3) == 0 {
        rule["properties"] = json!({"s": dice.roll(2)});
    }
    if dice.roll(3) == 0 {
        rule["relationships"] = json!([{"target": taxon(dice, sizes)},
            {"target": {"index": dice.index(sizes.rules)}}]);
    }
    if rich && dice.roll(3) == 0 {
        rule["name"] = json!(dice.of(&["n", "m"]));
    }
    rule
}

fn many(count: usize, mut make: impl FnMut(usize) -> Value) -> Value {
    (0..count).map(&mut make).collect()
}

pub(crate) fn run(bytes: &[u8], rich: bool) -> Value {
    let dice = &mut Dice(bytes.iter());
    let mut size = |most| dice.roll(most);
    let s = Sizes {
        artifacts: size(5),
        logical: size(4),
        rules: size(4),
        extensions: size(3),
        taxonomies: size(3),
        flows: size(4),
        requests: size(3),
        invocations: size(3),
        graphs: size(3),
        addresses: size(3),
    };
    json!({
        "tool": {
            "driver": {"name": "scan", "rules": many(s.rules, |_| rule(dice, s, rich)),
                "supportedTaxonomies": many(s.taxonomies, |at| json!({"name": TAXONOMIES[at], "index": at}))},
            "extensions": many(s.extensions, |_| json!({"name": dice.of(&["E", "F"]),
                "rules": [rule(dice, s, rich), rule(dice, s, rich)]})),
        },
        "taxonomies": many(s.taxonomies, |at| json!({"name": TAXONOMIES[at],
            "taxa": [{"id": "t", "name": dice.of(&["1", "2"])}, {"id": "t", "properties": {"x": dice.roll(2)}}]})),
        "originalUriBaseIds": {"R": {"uri": dice.of(&["file:///1/", "file:///2/"])}},
        "artifacts": many(s.artifacts, |at| {
            let mut one = json!({"location": {"uri": dice.of(&["a", "b"]), "uriBaseId": "R", "index": at}});
            if dice.roll(2) == 0 { one["parentIndex"] = dice.index(s.artifacts); }
            if rich && dice.roll(3) == 0 { one["length"] = json!(dice.roll(2)); }
            if rich && dice.roll(3) == 0 { one["roles"] = json!([dice.of(&["added", "modified"])]); }
            one
        }),
        "logicalLocations": many(s.logical, |at| json!({"name": dice.of(&["x", "y"]), "index": at,
            "parentIndex": dice.index(s.logical)})),
        "addresses": many(s.addresses, |at| json!({"index": at, "parentIndex": dice.index(s.addresses)})),
        "webRequests": many(s.requests, |at| json!({"index": at, "method": dice.of(&["GET", "PUT"])})),
        "threadFlowLocations": many(s.flows, |at| json!({"index": at, "location": location(dice, s),
            "taxa": [taxon(dice, s)], "webRequest": {"index": dice.index(s.requests)}})),
        "graphs": many(s.graphs, |_| json!({"nodes": [{"id": "n", "location": location(dice, s),
            "children": [{"id": "c", "location": location(dice, s)}]}]})),
        "invocations": many(s.invocations, |at| json!({"exitCode": dice.roll(2), "executionSuccessful": true,
            "stdin": {"index": dice.index(s.artifacts)},
            "toolExecutionNotifications": [{"associatedRule": {"index": dice.index(s.rules)}, "threadId": at % 2}]})),
        "results": many(4, |_| {
            let mut one = json!({
                "locations": [location(dice, s)],
                "analysisTarget": artifact_location(dice, s),
                "taxa": [taxon(dice, s)],
                "codeFlows": [{"threadFlows": [{"locations": [{"index": dice.index(s.flows)}]}]}],
                "graphTraversals": [{"runGraphIndex": dice.index(s.graphs), "resultGraphIndex": 0}],
                "provenance": {"invocationIndex": dice.index(s.invocations)},
                "webRequest": {"index": dice.index(s.requests)},
                "properties": {"index": 7, "ruleIndex": 7},
            });
            match dice.roll(if rich { 4 } else { 3 }) {
                0 => one["ruleIndex"] = dice.index(s.rules),
                1 => one["rule"] = json!({"index": dice.index(s.rules)}),
                3 => one["ruleId"] = json!(dice.of(&["A", "B", "A/1"])),
                _ => {
                    one["rule"] = json!({"toolComponent": {"index": dice.index(s.extensions)}});
                    one["ruleIndex"] = dice.index(2);
                }
            }
            one
        }),
    })
}
