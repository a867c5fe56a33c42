//! The JSON Schema (2020-12) of the native form, for editors. It is as strict
//! as a schema can be; [`crate::load`] has the last word.

use crate::catalogue::{Catalogue, CriterionSpec, KindSpec, Measure};
use crate::policy::{COMMAND_SUCCEEDS, CUSTOM, FAILURE_ACTIONS};
use crate::settings::MAX_ENTRIES;
use crate::shape::{Field, KeyShape, Need, Shape};
use serde_json::{Map, Value, json};

/// The schema of a native `gates.yml` under a catalogue.
pub fn schema(catalogue: &Catalogue) -> Value {
    let mut definitions = Map::new();
    let mut named = Map::new();
    let mut by_kind = Vec::new();
    for (kind, spec) in &catalogue.kinds {
        definitions.insert(format!("{kind}_gate"), gate(spec));
        named.insert(kind.clone(), reference(kind));
        by_kind.push(json!({
            "if": {"type": "object", "required": ["kind"], "properties": {"kind": {"const": kind}}},
            "then": reference(kind),
        }));
    }
    definitions.insert("custom_gate".into(), custom_gate());
    definitions.insert("environment".into(), environment());
    by_kind.push(json!({
        "if": {"not": {"type": "object", "required": ["kind"]}},
        "then": {"$ref": "#/$defs/custom_gate"},
    }));
    let kinds: Vec<_> = catalogue
        .kinds
        .keys()
        .map(String::as_str)
        .chain([CUSTOM])
        .collect();
    by_kind.push(json!({"properties": {"kind": {"enum": kinds}}}));
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Gatewright policy",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "version": {"const": 1},
            "gates": {
                "description": "Replaces the built-in default gates whole.",
                "type": "object",
                "minProperties": 1,
                "propertyNames": {"pattern": "^[a-z0-9][a-z0-9_-]{0,63}$"},
                "properties": named,
                "additionalProperties": {"allOf": by_kind},
            },
            "environments": {
                "type": "object",
                "additionalProperties": {"$ref": "#/$defs/environment"},
            },
        },
        "$defs": definitions,
    })
}

fn reference(kind: &str) -> Value {
    json!({"$ref": format!("#/$defs/{kind}_gate")})
}

fn common(properties: &mut Map<String, Value>) {
    let actions = FAILURE_ACTIONS.map(|(name, _)| name);
    properties.insert("kind".into(), json!({"type": "string"}));
    properties.insert("description".into(), json!({"type": "string"}));
    properties.insert("failure_action".into(), json!({"enum": actions}));
    for (key, of, summary) in crate::expected::keys() {
        let mut of = shape(&of);
        if key == "when" {
            // One set of conditions, or several of which one has to hold.
            of = json!({"anyOf": [of, {"type": "array", "items": of, "minItems": 1, "maxItems": MAX_ENTRIES}]});
        }
        properties.insert(key.into(), described(of, summary));
    }
}

fn gate(spec: &KindSpec) -> Value {
    let mut properties = Map::new();
    common(&mut properties);
    for key in crate::native_gate::SCOPE {
        properties.insert(key.into(), shape(&Shape::GlobList));
    }
    for (key, setting) in &spec.settings {
        properties.insert(
            key.clone(),
            described(shape(&setting.shape), &setting.summary),
        );
    }
    let criteria = spec
        .criteria
        .iter()
        .map(|(id, spec)| (id.clone(), described(criterion(spec), &spec.summary)))
        .collect();
    properties.insert("criteria".into(), criteria_of(&criteria));
    described(closed(&properties), &spec.summary)
}

fn custom_gate() -> Value {
    let mut properties = Map::new();
    common(&mut properties);
    let mut only = Map::new();
    only.insert(COMMAND_SUCCEEDS.into(), bound(&Measure::Violations));
    properties.insert("criteria".into(), criteria_of(&only));
    closed(&properties)
}

/// Criteria are a map, or a list of one-key maps.
fn criteria_of(criteria: &Map<String, Value>) -> Value {
    let map = closed(criteria);
    let mut entry = map.clone();
    entry["minProperties"] = json!(1);
    entry["maxProperties"] = json!(1);
    json!({"anyOf": [map, {"type": "array", "items": entry}]})
}

fn closed(properties: &Map<String, Value>) -> Value {
    json!({"type": ["object", "null"], "additionalProperties": false, "properties": properties})
}

fn described(mut schema: Value, summary: &str) -> Value {
    schema["description"] = json!(summary);
    schema
}

fn criterion(spec: &CriterionSpec) -> Value {
    let bound = bound(&spec.measure);
    let mut levels = Map::new();
    levels.insert("fail".into(), bound.clone());
    levels.insert("warn".into(), bound.clone());
    if !spec.per.is_empty() {
        levels.insert("per".into(), json!({"enum": spec.per}));
    }
    json!({"anyOf": [bound, {
        "type": "object",
        "additionalProperties": false,
        "properties": levels,
        "anyOf": [{"required": ["fail"]}, {"required": ["warn"]}],
    }]})
}

fn bound(measure: &Measure) -> Value {
    let number = r"[0-9]+(\.[0-9]+)?";
    let op = if measure.higher_is_better() {
        "(>=|>|==?)?"
    } else {
        "(<=|<|==?)?"
    };
    let text =
        |unit: &str| json!({"type": "string", "pattern": format!("^ *{op} *{number} *{unit} *$")});
    let counted = |flag: bool| json!({"anyOf": [{"const": flag}, {"type": "integer", "minimum": 0}, {"type": "string", "pattern": format!("^ *{op} *[0-9]+ *$")}]});
    match measure {
        Measure::Violations => counted(true),
        Measure::Presence => counted(false),
        Measure::Count { .. } => json!({"anyOf": [
            {"type": "integer", "minimum": 0},
            {"type": "string", "pattern": format!("^ *{op} *[0-9]+ *$")},
        ]}),
        Measure::Percent { .. } => {
            json!({"anyOf": [{"type": "number", "minimum": 0, "maximum": 100}, text("(%|percent)?")]})
        }
        Measure::Points => {
            json!({"type": ["number", "string"], "pattern": format!("^ *{op} *-?{number} *(pp)? *$")})
        }
        Measure::Duration => text(
            "(ns|us|µs|μs|ms|msec|milliseconds?|s|sec|seconds?|mins?|minutes?|h|hours?|d|days?)",
        ),
        Measure::Bytes => text("(B|bytes?|[kKMGT]B|[KMGT]iB)"),
        Measure::ByteRate => text("(B|[kKMG]B|[KMG]iB)/s"),
        Measure::BitRate => text("(bps|bit/s|[kKMG]bps|[kKMG]bit/s)"),
        Measure::Rate { .. } => text("(/s|req/s|requests/s|rps|per second)"),
        Measure::Number { .. } => json!({"anyOf": [{"type": "number", "minimum": 0}, text("")]}),
        Measure::Band { order, .. } => {
            json!({"type": "string", "pattern": format!("^ *{op} *({}) *$", order.join("|"))})
        }
    }
}

fn shape(of: &Shape) -> Value {
    match of {
        Shape::String => json!({"type": ["string", "number", "boolean"], "pattern": r"\S"}),
        Shape::Bool => json!({"type": "boolean"}),
        Shape::Integer => json!({"type": "integer", "minimum": 0}),
        Shape::Choice(words) => json!({"enum": words}),
        Shape::Glob | Shape::Regex => json!({"type": "string", "pattern": r"\S"}),
        Shape::Capture => json!({"type": "string", "pattern": r"\("}),
        Shape::Like { pattern, .. } => json!({"type": "string", "pattern": pattern}),
        Shape::Path => json!({
            "type": "string",
            "pattern": r"^[^/\\]+(/[^/\\]+)*$",
            "not": {"pattern": r"^.:|^\./|/\.(/|$)|(^|/)\.\.(/|$)"},
        }),
        Shape::Date => json!({
            "type": "string",
            "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$",
        }),
        Shape::StringList => list(&Shape::String),
        Shape::GlobList => list(&Shape::Glob),
        Shape::List(of) => list(of),
        Shape::Map => map(KeyShape::Any, &Shape::String),
        Shape::MapOf { keys, values } => map(*keys, values),
        Shape::Record(fields) => record(fields),
        // The record says it, which has the other key.
        Shape::By { .. } | Shape::Any => json!({}),
    }
}

fn list(of: &Shape) -> Value {
    json!({"type": "array", "items": shape(of), "maxItems": MAX_ENTRIES})
}

fn map(keys: KeyShape, values: &Shape) -> Value {
    let mut map = json!({
        "type": "object",
        "additionalProperties": shape(values),
        "maxProperties": MAX_ENTRIES,
    });
    if keys == KeyShape::Glob {
        map["propertyNames"] = shape(&Shape::Glob);
    }
    map
}

fn record(fields: &[Field]) -> Value {
    let described = |field: &Field| described(shape(&field.shape), &field.summary);
    let properties: Map<_, _> = fields
        .iter()
        .map(|field| (field.name.clone(), described(field)))
        .collect();
    let needed = |need: Need| -> Vec<&str> {
        let needed = fields
            .iter()
            .filter(|field| field.need == need && !matches!(field.shape, Shape::By { .. }));
        needed.map(|field| field.name.as_str()).collect()
    };
    let mut record = json!({
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
        "required": needed(Need::Required),
    });
    let one_of = needed(Need::OneOf);
    if !one_of.is_empty() {
        record["anyOf"] = one_of
            .iter()
            .map(|name| json!({"required": [name]}))
            .collect();
    }
    let by: Vec<Value> = fields.iter().flat_map(by_word).collect();
    if !by.is_empty() {
        record["allOf"] = json!(by);
    }
    record
}

/// What another key makes of a field: for each of its words, and for the others.
fn by_word(field: &Field) -> Vec<Value> {
    let Shape::By { key, shapes } = &field.shape else {
        return Vec::new();
    };
    let name = &field.name;
    let is = |words: Value| json!({"properties": {key: words}, "required": [key]});
    let words: Vec<_> = shapes.keys().collect();
    shapes
        .iter()
        .map(|(word, of)| {
            let then = json!({"properties": {name: shape(of)}, "required": [name]});
            json!({"if": is(json!({"const": word})), "then": then})
        })
        .chain([json!({"if": is(json!({"enum": words})), "else": {"properties": {name: false}}})])
        .collect()
}

fn environment() -> Value {
    let gates = json!({"type": "array", "items": {"type": "string"}});
    let mut properties = json!({
        "description": {"type": "string"},
        "extends": {"type": "string"},
        "mandatory_gates": gates,
        "advisory_gates": gates,
        "bypass_allowed": {
            "type": "boolean",
            "description": "false, the default, voids ordinary overrides.",
        },
    });
    for field in crate::latitude::keys() {
        properties[&field.name] = described(shape(&field.shape), &field.summary);
    }
    json!({
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
    })
}
