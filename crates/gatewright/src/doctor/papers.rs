//! What the checks look at, and what they say.

use super::workflow::Workflow;
use gate_policy::{Entry, Policy, Position, Value};

/// Everything that was read.
pub(super) struct Papers<'a> {
    pub(super) policy: &'a Policy,
    /// The documents of the policy files as written.
    pub(super) documents: Vec<Value>,
    pub(super) workflows: Vec<Workflow<'a>>,
}

/// One contradiction.
#[derive(Clone, Debug)]
pub(super) struct Finding {
    /// Id of the check; the table sets it.
    pub(super) check: &'static str,
    pub(super) at: Position,
    /// One sentence with the numbers.
    pub(super) text: String,
    pub(super) next: String,
    /// The other sides: where, and what stands there.
    pub(super) beside: Vec<(Position, String)>,
}

/// A file that was left out, and why.
#[derive(Debug)]
pub(super) struct Unread {
    pub(super) path: String,
    pub(super) why: String,
}

/// What was found in what.
#[derive(Debug)]
pub(super) struct Report {
    pub(super) findings: Vec<Finding>,
    pub(super) policy_files: usize,
    pub(super) workflows: usize,
    pub(super) unread: Vec<Unread>,
}

impl Finding {
    pub(super) fn new(at: &Position, text: impl Into<String>, next: impl Into<String>) -> Self {
        Self {
            check: "",
            at: at.clone(),
            text: text.into(),
            next: next.into(),
            beside: Vec::new(),
        }
    }

    pub(super) fn beside(mut self, at: &Position, what: impl Into<String>) -> Self {
        self.beside.push((at.clone(), what.into()));
        self
    }
}

impl Papers<'_> {
    /// Top-level keys of the documents that are source blocks.
    pub(super) fn blocks(&self) -> impl Iterator<Item = &Entry> {
        let documents = self.documents.iter().filter(|one| !is_native(one));
        documents.flat_map(|document| document.as_map().unwrap_or_default())
    }

    /// Entries under a top-level key of native documents.
    pub(super) fn native(&self, section: &'static str) -> impl Iterator<Item = &Entry> {
        let documents = self.documents.iter().filter(|one| is_native(one));
        documents.flat_map(move |document| {
            let value = document.get(section);
            value.and_then(Value::as_map).unwrap_or_default()
        })
    }

    /// Whether some job is a workflow of another repository: what it judges is not known.
    pub(super) fn calls_elsewhere(&self) -> bool {
        let mut jobs = self.workflows.iter().flat_map(|workflow| &workflow.jobs);
        let elsewhere = |uses: &str| !uses.starts_with("./");
        jobs.any(|job| job.value.text_of("uses").is_some_and(elsewhere))
    }

    /// The environments as written, with the map that holds their lists.
    pub(super) fn environments(&self) -> Vec<(&Entry, &Value)> {
        let native = self
            .native("environments")
            .map(|entry| (entry, &entry.value));
        let blocks = self
            .blocks()
            .filter_map(|entry| lists_of(&entry.value).map(|lists| (entry, lists)));
        native.chain(blocks).collect()
    }
}

/// What the contract calls a native document.
pub(super) fn is_native(document: &Value) -> bool {
    ["version", "gates", "environments"]
        .iter()
        .any(|key| document.get(key).is_some())
}

/// The lists of a source block that is an environment.
pub(super) fn lists_of(block: &Value) -> Option<&Value> {
    let lists = block.get("quality_gates")?;
    lists.get("mandatory_gates").map(|_| lists)
}

/// The entry of a map under a key.
pub(super) fn entry<'a>(map: &'a Value, key: &str) -> Option<&'a Entry> {
    map.as_map()?.iter().find(|entry| entry.key == key)
}

/// The first entry of a map under any of the keys, in the order of the keys.
pub(super) fn entry_of<'a>(map: &'a Value, keys: &[&str]) -> Option<&'a Entry> {
    keys.iter().find_map(|key| entry(map, key))
}

/// A value and everything below it, in the order of the file.
pub(super) fn below(value: &Value) -> Vec<&Value> {
    let mut all = Vec::new();
    let mut waiting = vec![value];
    while let Some(value) = waiting.pop() {
        all.push(value);
        waiting.extend(value.pairs().into_iter().rev().map(|(_, value)| value));
        waiting.extend(value.items().iter().rev());
    }
    all
}

/// The words of a name: `green-deploy_time` is green, deploy, time.
pub(super) fn words(name: &str) -> Vec<String> {
    name.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| {
            let word = word.to_ascii_lowercase();
            // A job is called `deploy`, what is measured of it `deployment_time`.
            if word.starts_with("deploy") {
                String::from("deploy")
            } else {
                word
            }
        })
        .collect()
}

/// At most this many names in one sentence.
pub(super) fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    const MOST: usize = 5;
    let all: Vec<_> = names.into_iter().collect();
    let mut shown: Vec<String> = all
        .iter()
        .take(MOST)
        .map(|name| format!("`{name}`"))
        .collect();
    if all.len() > MOST {
        shown.push(format!("{} more", all.len() - MOST));
    }
    shown.join(", ")
}
