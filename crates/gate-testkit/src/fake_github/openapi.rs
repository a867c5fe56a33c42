use super::schema::self_contained;
use super::target::decode;
use jsonschema::Draft;
use serde_json::{Map, Value};
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// GitHub's `OpenAPI` description (3.0), as a check of requests and answers.
#[derive(Debug)]
pub struct Openapi {
    paths: Map<String, Value>,
    components: Value,
}

/// A description that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{}: {what}; expected GitHub's OpenAPI description (`api.github.com.json` of npm `@octokit/openapi`)", path.display())]
pub struct OpenapiError {
    path: PathBuf,
    what: String,
}

impl Openapi {
    pub fn load(path: &Path) -> Result<Self, OpenapiError> {
        let wrong = |what: String| OpenapiError {
            path: path.to_owned(),
            what,
        };
        let text = std::fs::read(path).map_err(|error| wrong(error.to_string()))?;
        let mut document: Value =
            serde_json::from_slice(&text).map_err(|error| wrong(error.to_string()))?;
        match (document["paths"].take(), document["components"].take()) {
            (Value::Object(paths), components @ Value::Object(_)) => Ok(Self { paths, components }),
            _ => Err(wrong("it has no `paths` or no `components`".to_owned())),
        }
    }

    /// What GitHub would not take: an unknown path or method, a parameter that is missing, unknown or not of
    /// its type, a body against its schema. `path` is below the API base and still encoded.
    pub fn check_request(
        &self,
        method: &str,
        path: &str,
        query: &[(String, String)],
        body: &Value,
    ) -> Vec<String> {
        let Some((template, item, values)) = self.find(path) else {
            return vec!["GitHub's OpenAPI description has no such path".to_owned()];
        };
        let Some(operation) = item.get(method.to_ascii_lowercase()) else {
            return vec![format!("`{template}` has no method {method}")];
        };
        let mut found = Vec::new();
        let of = |holder: &Value| {
            holder
                .get("parameters")
                .and_then(Value::as_array)
                .cloned()
                .unwrap_or_default()
        };
        let parameters: Vec<Value> = of(item)
            .into_iter()
            .chain(of(operation))
            .map(|parameter| self.resolve(&parameter).clone())
            .collect();
        let mut known = Vec::new();
        for parameter in &parameters {
            let name = parameter["name"].as_str().unwrap_or_default();
            let given = match parameter["in"].as_str() {
                Some("path") => values.get(name).cloned(),
                Some("query") => {
                    known.push(name);
                    query
                        .iter()
                        .find(|(given, _)| given == name)
                        .map(|(_, value)| value.clone())
                }
                _ => continue,
            };
            match given {
                Some(text) => {
                    let value = typed(&text, self.resolve(&parameter["schema"]));
                    found.extend(self.check(
                        &parameter["schema"],
                        &value,
                        &format!("parameter `{name}`"),
                    ));
                }
                None if parameter["required"] == true => {
                    found.push(format!("parameter `{name}` is missing"));
                }
                None => {}
            }
        }
        for (name, _) in query {
            if !known.contains(&name.as_str()) {
                found.push(format!("parameter `{name}` is not known"));
            }
        }
        let described = self.resolve(&operation["requestBody"]);
        let schema = &described["content"]["application/json"]["schema"];
        match (schema.is_null(), body.is_null()) {
            (false, false) => {
                found.extend(self.check(schema, body, "the body"));
                found.extend(unknown_members(self.resolve(schema), body));
            }
            (false, true) if described["required"] == true => {
                found.push("the body is missing".to_owned());
            }
            (true, false) => found.push("a body where none is described".to_owned()),
            _ => {}
        }
        found
    }

    /// How an answer differs from what GitHub describes.
    pub fn check_response(
        &self,
        method: &str,
        path: &str,
        status: u16,
        body: &Value,
    ) -> Vec<String> {
        let Some((_, item, _)) = self.find(path) else {
            return Vec::new();
        };
        let described = &item[method.to_ascii_lowercase()]["responses"][status.to_string()];
        if described.is_null() && status < 400 {
            return vec![format!("status {status} is not described")];
        }
        let schema = &self.resolve(described)["content"]["application/json"]["schema"];
        if schema.is_null() {
            Vec::new()
        } else {
            self.check(schema, body, &format!("the body of {status}"))
        }
    }

    /// The template with the most literal parts that matches, and the values of its parameters.
    fn find(&self, path: &str) -> Option<(&str, &Value, BTreeMap<String, String>)> {
        let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        let matching = self.paths.iter().filter_map(|(template, item)| {
            let (literals, values) = match_template(template, &|| self.open_ended(item), &parts)?;
            Some((literals, template, item, values))
        });
        let best = matching.max_by_key(|(literals, ..)| *literals)?;
        Some((best.1, best.2, best.3))
    }

    /// Whether a path within a repository, or a reference, is the last part: it may have any number of parts.
    fn open_ended(&self, item: &Value) -> bool {
        let operations = item.as_object().into_iter().flat_map(Map::values);
        let parameters = operations.filter_map(|operation| operation.get("parameters")?.as_array());
        let mut parameters = parameters.flatten();
        parameters.any(|parameter| self.resolve(parameter)["x-multi-segment"] == true)
    }

    fn resolve<'a>(&'a self, value: &'a Value) -> &'a Value {
        let mut value = value;
        for _ in 0..16 {
            let Some(pointer) = value.get("$ref").and_then(Value::as_str) else {
                break;
            };
            let Some(target) = pointer
                .strip_prefix("#/components")
                .and_then(|rest| self.components.pointer(rest))
            else {
                break;
            };
            value = target;
        }
        value
    }

    fn check(&self, schema: &Value, instance: &Value, what: &str) -> Vec<String> {
        let root = self_contained(schema, &self.components["schemas"]);
        // OpenAPI 3.0's dialect stands on JSON Schema draft 4.
        let built = jsonschema::options()
            .with_draft(Draft::Draft4)
            .should_validate_formats(true)
            .build(&root);
        match built {
            Ok(validator) => validator
                .iter_errors(instance)
                .take(20)
                .map(|error| format!("{what}, at `{}`: {}", error.instance_path(), error.masked()))
                .collect(),
            Err(error) => vec![format!("the schema of {what} cannot be used: {error}")],
        }
    }
}

fn match_template(
    template: &str,
    open_ended: &dyn Fn() -> bool,
    parts: &[&str],
) -> Option<(usize, BTreeMap<String, String>)> {
    let wanted: Vec<&str> = template.trim_start_matches('/').split('/').collect();
    let name_of = |part: &str| {
        part.strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'))
            .map(str::to_owned)
    };
    let last = wanted.last().and_then(|part| name_of(part));
    let fits = match parts.len().cmp(&wanted.len()) {
        Ordering::Less => false,
        Ordering::Equal => true,
        Ordering::Greater => last.is_some() && open_ended(),
    };
    if !fits {
        return None;
    }
    let mut values = BTreeMap::new();
    let mut literals = 0;
    for (index, part) in wanted.iter().enumerate() {
        let rest = if index + 1 == wanted.len() {
            parts.get(index..)?.join("/")
        } else {
            (*parts.get(index)?).to_owned()
        };
        // `{base}...{head}` is the one part with two parameters.
        if let Some((base, head)) = part.split_once("...") {
            let (given_base, given_head) = rest.split_once("...")?;
            values.insert(name_of(base)?, decode(given_base));
            values.insert(name_of(head)?, decode(given_head));
            continue;
        }
        match name_of(part) {
            Some(_) if rest.is_empty() => return None,
            Some(name) => {
                values.insert(name, decode(&rest));
            }
            None if *part == rest => literals += 1,
            None => return None,
        }
    }
    Some((literals, values))
}

/// Text of an address as its schema's type.
fn typed(text: &str, schema: &Value) -> Value {
    let number = || {
        text.parse::<i64>()
            .map_or_else(|_| text.into(), Value::from)
    };
    match schema["type"].as_str() {
        Some("integer" | "number") => number(),
        Some("boolean") => text
            .parse::<bool>()
            .map_or_else(|_| text.into(), Value::Bool),
        Some("array") => Value::Array(text.split(',').map(Value::from).collect()),
        _ => text.into(),
    }
}

/// GitHub ignores members that it does not know, which hides a misspelt one.
fn unknown_members(schema: &Value, body: &Value) -> Vec<String> {
    let (Some(described), Some(members)) = (schema["properties"].as_object(), body.as_object())
    else {
        return Vec::new();
    };
    members
        .keys()
        .filter(|name| !described.contains_key(*name))
        .map(|name| format!("the body's `{name}` is not known"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn description() -> Openapi {
        let document = json!({
            "paths": {
                "/repos/{owner}/{repo}/things": {"post": {
                    "parameters": [{"name": "owner", "in": "path", "required": true, "schema": {"type": "string"}}],
                    "requestBody": {"required": true, "content": {"application/json": {"schema": {
                        "type": "object", "required": ["size"],
                        "properties": {
                            "size": {"$ref": "#/components/schemas/size"},
                            "note": {"type": "string", "nullable": true},
                        },
                    }}}},
                }},
                "/repos/{owner}/{repo}/contents/{path}": {"get": {
                    "parameters": [
                        {"name": "path", "in": "path", "required": true, "schema": {"type": "string"}, "x-multi-segment": true},
                        {"name": "page", "in": "query", "schema": {"type": "integer"}},
                    ],
                    "responses": {"200": {"content": {"application/json": {"schema": {"type": "object"}}}}},
                }},
            },
            "components": {"schemas": {"size": {"type": "integer", "minimum": 0, "exclusiveMinimum": true}}},
        });
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("openapi.json");
        std::fs::write(&path, document.to_string()).unwrap();
        Openapi::load(&path).unwrap()
    }

    fn post(body: &Value) -> Vec<String> {
        description().check_request("POST", "/repos/a/b/things", &[], body)
    }

    #[test]
    fn good_requests_have_no_violation() {
        assert_eq!(
            post(&json!({"size": 1, "note": null})),
            Vec::<String>::new()
        );
        let page = [("page".to_owned(), "2".to_owned())];
        let found = description().check_request(
            "GET",
            "/repos/a/b/contents/x/y/z%20.yml",
            &page,
            &Value::Null,
        );
        assert_eq!(found, Vec::<String>::new());
    }

    #[test]
    fn bad_requests_are_named() {
        for (body, word) in [
            (json!({"size": 0}), "minimum"),
            (json!({"size": "1"}), "integer"),
            (json!({"note": null}), "size"),
            (json!({"size": 1, "sise": 2}), "`sise` is not known"),
            (Value::Null, "the body is missing"),
        ] {
            let found = post(&body);
            assert!(
                found.len() == 1 && found[0].contains(word),
                "{body}: {found:?}"
            );
        }
        let description = description();
        let query = |name: &str, value: &str| vec![(name.to_owned(), value.to_owned())];
        let get = |query: &[(String, String)]| {
            description.check_request("GET", "/repos/a/b/contents/x", query, &Value::Null)
        };
        assert!(get(&query("page", "two"))[0].contains("page"));
        assert!(get(&query("pages", "2"))[0].contains("not known"));
        assert!(
            description.check_request("PUT", "/repos/a/b/contents/x", &[], &Value::Null)[0]
                .contains("no method")
        );
        assert!(
            description.check_request("GET", "/nowhere", &[], &Value::Null)[0]
                .contains("no such path")
        );
        assert!(
            !description
                .check_response("GET", "/repos/a/b/contents/x", 200, &json!([]))
                .is_empty()
        );
    }

    #[test]
    fn a_description_that_is_none_is_named() {
        let error = Openapi::load(Path::new("/nonexistent.json"))
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("/nonexistent.json") && error.contains("@octokit/openapi"),
            "{error}"
        );
    }
}
