//! What a value means: everything it points at in its place. Written again from the standard, for
//! values instead of texts.

use serde_json::{Map, Value, json};

/// The value with everything it points at in its place.
pub(crate) fn expanded(run: &Value, value: &Value, under: &str, depth: usize) -> Value {
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

pub(crate) const DEPTH: usize = 4;

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
pub(crate) fn lost(before: &Value, after: &Value) -> Option<String> {
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
