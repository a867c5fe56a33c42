//! Laws of the merge over made-up runs: whatever a result points at, it points at the same
//! afterwards.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use std::collections::BTreeSet;

use gate_sarif::merge::{Merger, Options};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

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

fn run(bytes: &[u8], rich: bool) -> Value {
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

fn merged(runs: &[Value]) -> Value {
    let texts: Vec<String> = runs.iter().map(Value::to_string).collect();
    let headers: Vec<&str> = texts.iter().map(String::as_str).collect();
    let mut merger = Merger::new(&headers, &Options::default()).unwrap();
    let mut results = Vec::new();
    for (run, reindex) in runs.iter().zip(&mut merger.reindex) {
        for result in run["results"].as_array().unwrap() {
            let raw = result.to_string();
            results.push(reindex.result(&raw).unwrap().into_owned());
        }
    }
    let text = format!("{}{}{}", merger.before, results.join(","), merger.after);
    serde_json::from_str(&text).unwrap()
}

/// The value with everything it points at in its place. Written again from the standard, for
/// values instead of texts.
fn expanded(run: &Value, value: &Value, under: &str, depth: usize) -> Value {
    let Value::Object(fields) = value else {
        let Value::Array(entries) = value else {
            return value.clone();
        };
        return entries
            .iter()
            .map(|one| expanded(run, one, under, depth))
            .collect();
    };
    if under == "properties" {
        return value.clone();
    }
    let mut out = Map::new();
    let at = |table: &Value, index: &Value, name: &str| {
        let found = index
            .as_u64()
            .and_then(|index| table.get(usize::try_from(index).ok()?));
        match found {
            Some(found) if depth > 0 => expanded(run, found, name, depth - 1),
            Some(_) => json!("deep"),
            None => json!("nothing"),
        }
    };
    let table = |key: &str| match (under, key) {
        ("artifactLocation" | "analysisTarget" | "stdin", "index")
        | ("artifacts", "parentIndex") => "artifacts",
        ("logicalLocations", "index" | "parentIndex") => "logicalLocations",
        ("address" | "addresses", "index" | "parentIndex") => "addresses",
        ("webRequest", "index") => "webRequests",
        ("locations" | "threadFlowLocations", "index") => "threadFlowLocations",
        (_, "runGraphIndex") => "graphs",
        (_, "invocationIndex") => "invocations",
        _ => "",
    };
    for (key, inner) in fields {
        // where an entry says its own place, that is no content
        if key == "index"
            && (depth < DEPTH || under == "location")
            && (table(key) == under || under == "location" || under == "webRequests")
        {
            continue;
        }
        let new = match key.as_str() {
            "uriBaseId" => run["originalUriBaseIds"][inner.as_str().unwrap()]["uri"].clone(),
            "index" | "ruleIndex"
                if ["rule", "taxa", "target", "associatedRule"].contains(&under)
                    || key == "ruleIndex" =>
            {
                continue;
            }
            _ if !table(key).is_empty() => at(&run[table(key)], inner, table(key)),
            "toolComponent" => continue,
            _ => expanded(run, inner, key, depth),
        };
        out.insert(key.clone(), new);
    }
    if let Some(found) = descriptor(run, fields, under) {
        let name = if under == "taxa" {
            "taxon"
        } else {
            "descriptor"
        };
        out.insert("->".into(), at(&json!([found]), &json!(0), name));
    }
    Value::Object(out)
}

const DEPTH: usize = 4;

fn descriptor(run: &Value, fields: &Map<String, Value>, under: &str) -> Option<Value> {
    let is_result = fields.contains_key("graphTraversals");
    let rule = fields.get("rule").filter(|_| is_result);
    if !is_result && !["taxa", "target", "associatedRule"].contains(&under) {
        return None;
    }
    let none = json!({});
    let component = fields
        .get("toolComponent")
        .or_else(|| rule?.get("toolComponent"))
        .unwrap_or(&none);
    let place = component["index"]
        .as_u64()
        .map(|at| usize::try_from(at).unwrap());
    let (home, array) = match (under, place) {
        ("taxa" | "target", Some(at)) => (run["taxonomies"].get(at), "taxa"),
        (_, Some(at)) => (run["tool"]["extensions"].get(at), "rules"),
        (_, None) => (Some(&run["tool"]["driver"]), "rules"),
    };
    let Some(home) = home else {
        return Some(json!("nothing"));
    };
    let empty = Vec::new();
    let all = home[array].as_array().unwrap_or(&empty);
    let index = [
        fields.get("index"),
        fields.get("ruleIndex"),
        rule.and_then(|rule| rule.get("index")),
    ];
    if let Some(index) = index.into_iter().flatten().find_map(Value::as_u64) {
        let found = all.get(usize::try_from(index).unwrap());
        return Some(found.cloned().unwrap_or(json!("nothing")));
    }
    let id = fields.get("ruleId")?.as_str()?;
    let named = |id: &str| {
        all.iter()
            .filter(|one| one["id"] == id)
            .cloned()
            .collect::<Vec<_>>()
    };
    let exact = named(id);
    let found = if exact.is_empty() {
        named(id.rsplit_once('/').map_or("", |(whole, _)| whole))
    } else {
        exact
    };
    match found.as_slice() {
        [one] => Some(one.clone()),
        _ => None,
    }
}

/// Where `after` lacks something of `before`; it may say more.
fn lost(before: &Value, after: &Value) -> Option<String> {
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => before
            .iter()
            .filter(|(key, _)| *key != "roles")
            .find_map(|(key, value)| {
                Some(format!(
                    ".{key}{}",
                    lost(value, after.get(key).unwrap_or(&Value::Null))?
                ))
            }),
        (Value::Array(before), Value::Array(after)) if before.len() == after.len() => {
            let mut pairs = before.iter().zip(after);
            pairs.find_map(|(before, after)| lost(before, after))
        }
        _ => (before != after).then(|| format!(": {before} became {after}")),
    }
}

/// Runs without results, for a failure.
fn shown(runs: &[Value], whole: &Value) -> String {
    let all = runs.iter().chain([whole]).cloned();
    all.map(|mut run| {
        run["results"] = Value::Null;
        format!("\n{run}\n")
    })
    .collect()
}

fn results(run: &Value) -> Vec<Value> {
    let all = run["results"].as_array().unwrap();
    all.iter()
        .map(|one| expanded(run, one, "results", DEPTH))
        .collect()
}

/// Every entry of every table with what it points at, each once.
fn content(run: &Value) -> BTreeSet<String> {
    let tables = [
        "artifacts",
        "logicalLocations",
        "addresses",
        "webRequests",
        "threadFlowLocations",
        "graphs",
        "invocations",
        "taxonomies",
    ];
    let mut out = BTreeSet::new();
    let mut add = |name: &str, table: &Value| {
        for one in table.as_array().into_iter().flatten() {
            out.insert(format!("{name} {}", expanded(run, one, name, DEPTH - 1)));
        }
    };
    for name in tables {
        if name != "taxonomies" {
            add(name, &run[name]);
        }
    }
    add("rules", &run["tool"]["driver"]["rules"]);
    for component in run["tool"]["extensions"]
        .as_array()
        .into_iter()
        .chain(run["taxonomies"].as_array())
        .flatten()
    {
        add(component["name"].as_str().unwrap(), &component["rules"]);
        add(component["name"].as_str().unwrap(), &component["taxa"]);
    }
    out
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..500)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, max_shrink_iters: 3_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_results_point_at_stays(dice in prop::collection::vec(bytes(), 1..4)) {
        let runs: Vec<_> = dice.iter().map(|dice| run(dice, true)).collect();
        let whole = merged(&runs);
        let before = runs.iter().flat_map(results);
        let raw = runs.iter().flat_map(|run| run["results"].as_array().unwrap());
        let raw = raw.zip(whole["results"].as_array().unwrap());
        for ((before, after), raw) in before.zip(results(&whole)).zip(raw) {
            let shown = || format!("{}\n{}{}", shown(&runs, &whole), raw.0, raw.1);
            prop_assert_eq!(lost(&before, &after), None, "{}", shown());
        }
    }

    #[test]
    fn one_run_stays_as_it_is(dice in bytes()) {
        let run = run(&dice, true);
        prop_assert_eq!(merged(std::slice::from_ref(&run)), run);
    }

    #[test]
    fn a_run_with_itself_adds_nothing(dice in bytes()) {
        let run = run(&dice, false);
        let after = merged(&[run.clone(), run.clone()]);
        for key in run.as_object().unwrap().keys().filter(|key| *key != "results") {
            prop_assert_eq!(&after[key], &run[key], "{}", key);
        }
    }

    #[test]
    fn the_order_of_merging_does_not_matter(a in bytes(), b in bytes(), c in bytes()) {
        let [a, b, c] = [a, b, c].map(|dice| run(&dice, false));
        let left = merged(&[merged(&[a.clone(), b.clone()]), c.clone()]);
        let right = merged(&[a.clone(), merged(&[b.clone(), c.clone()])]);
        let whole = merged(&[a.clone(), b.clone(), c.clone()]);
        prop_assert_eq!(content(&left), content(&whole));
        prop_assert_eq!(content(&right), content(&whole));
        for other in [&left, &right] {
            for (other, whole) in results(other).iter().zip(results(&whole)) {
                prop_assert_eq!(lost(&whole, other), None, "{}", shown(&[a.clone(), b.clone(), c.clone()], &left));
            }
        }
    }
}
