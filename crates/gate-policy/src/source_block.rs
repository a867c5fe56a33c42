//! Source blocks: the form of the document that asked for this system. Every
//! top-level key is an environment or a gate; every requirement becomes a
//! criterion, judged or not, and all else is kept and named.

use crate::alias::alias;
use crate::bound;
use crate::catalogue::{CriterionSpec, KindSpec, Measure};
use crate::environment::{self, Form};
use crate::error::{Notice, NoticeCode, PolicyError, Position};
use crate::load::{Block, Gathered, Reading};
use crate::native;
use crate::native_gate::{failure_action, safe_key};
use crate::nearest::nearest;
use crate::policy::{
    COMMAND_SUCCEEDS, CUSTOM, CriterionPolicy, GatePolicy, Judge, Origin, enforcement_word,
};
use crate::requirement::{Bound, Requirement};
use crate::yaml::{Data, Entry, Value, with_first};
use gate_verdict::Enforcement;

/// Keys whose members are requirements; `quality_gates` too where it is a list.
const CONTAINERS: [&str; 3] = ["criteria", "requirements", "controls"];

/// More than any document has; a bound, so that hostile input costs little.
const MAX_CRITERIA: usize = 5_000;

pub(crate) fn read(entries: &[Entry], reading: Reading<'_>, into: &mut Gathered) {
    for entry in entries {
        near_miss(entry, into);
        if is_environment(&entry.value) {
            environment::read(entry, Form::SourceBlock, reading, into);
        } else {
            gate(entry, reading, into);
        }
    }
}

/// An environment has a `quality_gates` map with `mandatory_gates`.
fn is_environment(value: &Value) -> bool {
    value
        .get("quality_gates")
        .is_some_and(|gates| gates.get("mandatory_gates").is_some())
}

/// `gate:` for `gates:` would otherwise silently make a document a source block.
fn near_miss(entry: &Entry, into: &mut Gathered) {
    if let Some(near) = native::KEYS
        .into_iter()
        .find(|key| strsim::osa_distance(key, &entry.key) <= 2)
    {
        let text = format!(
            "`{}` is read as the name of a gate; did you mean `{near}`?",
            entry.key
        );
        into.notices
            .push(Notice::new(NoticeCode::NearMiss, &entry.position, text));
    }
}

fn gate(entry: &Entry, reading: Reading<'_>, into: &mut Gathered) {
    if let Err(error) = safe_key(&entry.key, &entry.position) {
        into.errors.push(error);
        return;
    }
    let Data::Map(entries) = &entry.value.data else {
        let message = format!(
            "found {} under `{}`, expected the map of a gate or an environment",
            entry.value.found(),
            entry.key
        );
        into.errors.push(
            PolicyError::new(&entry.value.position, message)
                .hint("write its `criteria:` below it, or use the native form with `version: 1`"),
        );
        return;
    };
    let key = alias(&entry.key);
    let spec = reading.catalogue.kinds.get(key);
    let kind = if spec.is_some() { key } else { CUSTOM };
    let mut walk = Walk {
        spec,
        gate: GatePolicy::new(key, kind, &entry.position),
        kept: Vec::new(),
        twice: Vec::new(),
        errors: Vec::new(),
    };
    walk.map(entries, None, None);
    if !walk.kept.is_empty() {
        let text = format!(
            "gate `{key}`, block `{}`: kept as settings, not judged: {}",
            entry.key,
            walk.kept.join(", ")
        );
        into.notices
            .push(Notice::new(NoticeCode::SettingsKept, &entry.position, text).gate(key));
    }
    for (path, position) in walk.twice {
        let text = format!(
            "gate `{key}`: `{path}` is written twice in block `{}`; both are kept",
            entry.key
        );
        into.notices
            .push(Notice::new(NoticeCode::KeyTwice, &position, text).gate(key));
    }
    if reading.strict(kind) {
        into.errors.append(&mut walk.errors);
    }
    into.blocks.push(Block::new(entry, false, walk.gate));
}

/// One walk over a block.
struct Walk<'a> {
    spec: Option<&'a KindSpec>,
    gate: GatePolicy,
    /// Dotted paths of what is no requirement.
    kept: Vec<String>,
    twice: Vec<(String, Position)>,
    errors: Vec<PolicyError>,
}

impl Walk<'_> {
    /// `path` is where the map stands below the gate; `floor` is the strictest
    /// `failure_action` of the sub-gates around it.
    fn map(&mut self, entries: &[Entry], path: Option<&str>, floor: Option<Enforcement>) {
        let floor = self.failure_actions(entries, path).max(floor);
        // The gate's own floor binds all of it already.
        let floor = if path.is_none() { None } else { floor };
        for (entry, first) in with_first(entries) {
            let here = join(path, &entry.key);
            if first.is_some() {
                self.twice.push((here.clone(), entry.position.clone()));
            }
            if entry.key == "failure_action" {
                continue;
            }
            if is_container(entry) {
                self.container(entry, path, floor);
            } else if bears(&entry.value) {
                self.value(&entry.value, &here, floor);
            } else {
                self.keep(here, &entry.value);
            }
        }
    }

    fn value(&mut self, value: &Value, path: &str, floor: Option<Enforcement>) {
        match &value.data {
            Data::Map(entries) => self.map(entries, Some(path), floor),
            Data::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    let here = join(Some(path), &(index + 1).to_string());
                    if bears(item) {
                        self.value(item, &here, floor);
                    } else {
                        self.keep(here, item);
                    }
                }
            }
            Data::Null | Data::Scalar { .. } => self.keep(path.to_owned(), value),
        }
    }

    fn keep(&mut self, mut path: String, value: &Value) {
        if self.gate.settings.contains_key(&path) {
            path = format!("{path}-{}", self.kept.len() + 1);
        }
        self.kept.push(path.clone());
        self.gate.settings.insert(path, value.clone());
    }

    /// The strictest `failure_action` written directly in a map.
    fn failure_actions(&mut self, entries: &[Entry], path: Option<&str>) -> Option<Enforcement> {
        let mut strictest = None;
        for entry in entries.iter().filter(|entry| entry.key == "failure_action") {
            match failure_action(&entry.value) {
                Ok(mut floor) => {
                    strictest = strictest.max(Some(floor.enforcement));
                    floor.sub_gate = path.map(str::to_owned);
                    self.gate.floors.push(floor);
                }
                Err(error) => self.errors.push(error),
            }
        }
        if path.is_none() {
            self.gate.floor = strictest;
        }
        strictest
    }

    fn container(&mut self, entry: &Entry, path: Option<&str>, floor: Option<Enforcement>) {
        match &entry.value.data {
            Data::Map(entries) => {
                for one in entries {
                    self.criterion(&one.key, &one.position, Some(&one.value), path, floor);
                }
            }
            Data::List(items) => {
                for item in items {
                    match &item.data {
                        Data::Map(entries) => {
                            for one in entries {
                                self.criterion(
                                    &one.key,
                                    &one.position,
                                    Some(&one.value),
                                    path,
                                    floor,
                                );
                            }
                        }
                        Data::Scalar { text, .. } => {
                            self.criterion(text, &item.position, None, path, floor);
                        }
                        Data::Null | Data::List(_) => self.errors.push(
                            PolicyError::new(
                                &item.position,
                                format!(
                                    "found {} in the list `{}`, expected a requirement",
                                    item.found(),
                                    entry.key
                                ),
                            )
                            .hint("write a name, or `name: requirement`"),
                        ),
                    }
                }
            }
            Data::Scalar { text, .. } => self.criterion(text, &entry.position, None, path, floor),
            Data::Null => {}
        }
    }

    /// `value` is `None` where only the name stands.
    fn criterion(
        &mut self,
        id: &str,
        position: &Position,
        value: Option<&Value>,
        path: Option<&str>,
        floor: Option<Enforcement>,
    ) {
        if self.gate.criteria.len() >= MAX_CRITERIA {
            if self.gate.criteria.len() == MAX_CRITERIA && self.errors.is_empty() {
                let message = format!("found more than {MAX_CRITERIA} requirements in one gate");
                self.errors
                    .push(PolicyError::new(position, message).hint("split the gate"));
            }
            return;
        }
        let text = value.and_then(Value::as_str).unwrap_or_default();
        let word = enforcement_word(text);
        if word.is_none()
            && let Some(near) = nearest(text, Enforcement::ALL.map(Enforcement::as_str))
        {
            // A slip here would quietly lower what binds.
            let value_position = value.map_or(position, |value| &value.position);
            self.errors.push(
                PolicyError::new(
                    value_position,
                    format!("found `{text}` as the enforcement of `{id}`"),
                )
                .hint(format!("did you mean `{near}`?")),
            );
        }
        let declared = value.is_none() || word.is_some();
        let mut criterion = CriterionPolicy {
            id: id.to_owned(),
            sub_gate: path.map(str::to_owned),
            requirement: value.map_or_else(|| Requirement::of_text(id), bound::read_untyped),
            floor: floor.max(word),
            judge: Judge::NoJudge,
            hint: None,
            origin: Origin::Policy,
            position: position.clone(),
        };
        if declared {
            criterion.requirement.fail = Some(Bound::Declared);
        }
        self.judge(&mut criterion, value.filter(|_| !declared));
        self.gate.criteria.push(criterion);
    }

    /// Finds out who judges a criterion.
    fn judge(&self, criterion: &mut CriterionPolicy, value: Option<&Value>) {
        let recorded = CriterionSpec::new("the recorded command ends with 0", Measure::Violations);
        let (known, built) = match self.spec {
            Some(kind) => (kind.criteria.get(&criterion.id), kind.built),
            None => (
                (criterion.id == COMMAND_SUCCEEDS).then_some(&recorded),
                true,
            ),
        };
        let Some(known) = known else {
            let near = self
                .spec
                .and_then(|kind| nearest(&criterion.id, kind.criteria.keys().map(String::as_str)));
            criterion.hint =
                near.map(|near| format!("the nearest criterion that a gate judges is `{near}`"));
            return;
        };
        match value.map(|value| bound::read(value, known)) {
            Some(Ok(requirement)) => criterion.requirement = requirement,
            Some(Err(wrong)) => {
                criterion.hint = wrong.first().map(|error| match &error.hint {
                    Some(hint) => format!("{}; {hint}", error.message),
                    None => error.message.clone(),
                });
                return;
            }
            // Only a rule that holds or not can be asked for by its name alone.
            None if !matches!(known.measure, Measure::Violations | Measure::Presence) => {
                criterion.hint = Some(format!(
                    "no bound is written: expected {}",
                    known.measure.expected()
                ));
                return;
            }
            None => {}
        }
        criterion.judge = if built && known.built {
            Judge::Built
        } else {
            Judge::NotBuilt
        };
    }
}

fn is_container(entry: &Entry) -> bool {
    CONTAINERS.contains(&entry.key.as_str())
        || (entry.key == "quality_gates" && entry.value.as_list().is_some())
}

/// Whether a requirement or a `failure_action` stands anywhere below.
fn bears(value: &Value) -> bool {
    match &value.data {
        Data::Map(entries) => entries.iter().any(|entry| {
            is_container(entry) || entry.key == "failure_action" || bears(&entry.value)
        }),
        Data::List(items) => items.iter().any(bears),
        Data::Null | Data::Scalar { .. } => false,
    }
}

fn join(path: Option<&str>, key: &str) -> String {
    match path {
        Some(path) => format!("{path}.{key}"),
        None => key.to_owned(),
    }
}
