use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// `schema` with every one of `components` that it reaches, in JSON Schema's words.
pub(super) fn self_contained(schema: &Value, components: &Value) -> Value {
    let mut reached: BTreeMap<String, Value> = BTreeMap::new();
    let mut queue = vec![schema.clone()];
    while let Some(next) = queue.pop() {
        match next {
            Value::Array(items) => queue.extend(items),
            Value::Object(members) => {
                let name = members.get("$ref").and_then(Value::as_str);
                let name = name.and_then(|pointer| pointer.strip_prefix("#/components/schemas/"));
                if let Some(name) = name.filter(|name| !reached.contains_key(*name)) {
                    let component = components[name].clone();
                    reached.insert(name.to_owned(), plain(&component));
                    queue.push(component);
                }
                queue.extend(members.into_iter().map(|(_, member)| member));
            }
            _ => {}
        }
    }
    json!({"allOf": [plain(schema)], "components": {"schemas": reached}})
}

/// `OpenAPI`'s `nullable` in JSON Schema's words.
fn plain(schema: &Value) -> Value {
    match schema {
        Value::Array(items) => Value::Array(items.iter().map(plain).collect()),
        Value::Object(members) => {
            let mut out: Map<String, Value> = members
                .iter()
                .filter(|(name, value)| !(*name == "nullable" && value.is_boolean()))
                .map(|(name, value)| (name.clone(), plain(value)))
                .collect();
            if members.get("nullable") != Some(&Value::Bool(true)) {
                return Value::Object(out);
            }
            let Some(kind) = out.get("type").filter(|kind| kind.is_string()).cloned() else {
                return json!({"anyOf": [out, {"type": "null"}]});
            };
            out.insert("type".to_owned(), json!([kind, "null"]));
            if let Some(Value::Array(allowed)) = out.get_mut("enum") {
                allowed.push(Value::Null);
            }
            Value::Object(out)
        }
        other => other.clone(),
    }
}
