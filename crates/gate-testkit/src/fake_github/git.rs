//! Git's objects and references, as far as a reference is read and moved forward.

use super::http::Reply;
use super::routes::says;
use super::state::State;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What was made, by made-up names.
#[derive(Debug, Default)]
pub(super) struct Git {
    made: u64,
    blobs: BTreeMap<String, Vec<u8>>,
    /// Blobs by path; folders do not occur.
    trees: BTreeMap<String, BTreeMap<String, String>>,
    commits: BTreeMap<String, Commit>,
    /// By full name.
    references: BTreeMap<String, String>,
}

#[derive(Debug)]
struct Commit {
    tree: String,
    parents: Vec<String>,
    message: String,
}

impl Git {
    fn name(&mut self) -> String {
        self.made += 1;
        format!("{:040x}", self.made)
    }

    fn add_tree(
        &mut self,
        base: Option<&str>,
        files: Vec<(String, Vec<u8>)>,
        removed: &[String],
    ) -> String {
        let mut tree = base
            .and_then(|base| self.trees.get(base))
            .cloned()
            .unwrap_or_default();
        tree.retain(|path, _| !removed.contains(path));
        for (path, bytes) in files {
            let blob = self.name();
            self.blobs.insert(blob.clone(), bytes);
            tree.insert(path, blob);
        }
        let name = self.name();
        self.trees.insert(name.clone(), tree);
        name
    }

    fn add_commit(&mut self, tree: &str, parents: Vec<String>, message: &str) -> String {
        let name = self.name();
        let commit = Commit {
            tree: tree.to_owned(),
            parents,
            message: message.to_owned(),
        };
        self.commits.insert(name.clone(), commit);
        name
    }

    /// Whether `ancestor` can be reached from `commit`.
    fn descends(&self, commit: &str, ancestor: &str) -> bool {
        let mut line = vec![commit];
        while let Some(commit) = line.pop() {
            if commit == ancestor {
                return true;
            }
            let parents = self.commits.get(commit).map(|commit| &commit.parents);
            line.extend(parents.into_iter().flatten().map(String::as_str));
        }
        false
    }

    /// A reference to one commit with these files, whatever was there.
    pub(super) fn set(&mut self, reference: &str, files: &[(&str, &[u8])]) {
        let files = files.iter();
        let files = files.map(|(path, bytes)| ((*path).to_owned(), bytes.to_vec()));
        let tree = self.add_tree(None, files.collect(), &[]);
        let commit = self.add_commit(&tree, Vec::new(), "planted");
        self.references.insert(reference.to_owned(), commit);
    }

    /// The files of a reference, and how many commits lead there.
    pub(super) fn files(&self, reference: &str) -> Option<(BTreeMap<String, Vec<u8>>, usize)> {
        let mut commit = self.commits.get(self.references.get(reference)?)?;
        let tree = self.trees.get(&commit.tree)?;
        let bytes = |blob| self.blobs.get(blob).cloned().unwrap_or_default();
        let files = tree.iter().map(|(path, blob)| (path.clone(), bytes(blob)));
        let mut count = 1;
        while let Some(parent) = commit
            .parents
            .first()
            .and_then(|name| self.commits.get(name))
        {
            commit = parent;
            count += 1;
        }
        Some((files.collect(), count))
    }
}

pub(super) fn get_reference(below: &str, base: &str, state: &State) -> Reply {
    let name = format!("refs/{below}");
    match state.git.references.get(&name) {
        Some(commit) => Reply::json(200, &shown(&name, commit, base)),
        None => says(404, "Not Found"),
    }
}

fn shown(name: &str, commit: &str, base: &str) -> Value {
    let url = format!("{base}/git/{name}");
    json!({"ref": name, "node_id": "R", "url": url, "object": {"type": "commit", "sha": commit, "url": url}})
}

pub(super) fn get_commit(name: &str, base: &str, state: &State) -> Reply {
    match state.git.commits.get(name) {
        Some(commit) => Reply::json(200, &shown_commit(name, commit, base)),
        None => says(404, "Not Found"),
    }
}

fn shown_commit(name: &str, commit: &Commit, base: &str) -> Value {
    let url = format!("{base}/git/commits/{name}");
    let person =
        json!({"name": "Case", "email": "case@example.invalid", "date": "2026-01-02T03:04:05Z"});
    let parents = commit.parents.iter();
    json!({
        "sha": name, "node_id": "C", "url": url, "html_url": url, "author": person, "committer": person,
        "message": commit.message, "tree": {"sha": commit.tree, "url": url},
        "parents": parents.map(|sha| json!({"sha": sha, "url": url, "html_url": url})).collect::<Vec<_>>(),
        "verification": {"verified": false, "reason": "unsigned", "signature": null, "payload": null, "verified_at": null},
    })
}

pub(super) fn get_tree(name: &str, base: &str, state: &State) -> Reply {
    match state.git.trees.get(name) {
        Some(tree) => Reply::json(200, &shown_tree(name, tree, base)),
        None => says(404, "Not Found"),
    }
}

fn shown_tree(name: &str, tree: &BTreeMap<String, String>, base: &str) -> Value {
    let url = format!("{base}/git/trees/{name}");
    let entry = |(path, sha): (&String, &String)| json!({"path": path, "mode": "100644", "type": "blob", "sha": sha, "size": 1, "url": url});
    json!({"sha": name, "url": url, "truncated": false, "tree": tree.iter().map(entry).collect::<Vec<_>>()})
}

pub(super) fn get_blob(name: &str, base: &str, state: &State) -> Reply {
    let Some(bytes) = state.git.blobs.get(name) else {
        return says(404, "Not Found");
    };
    // As GitHub does: lines of 60 characters.
    let mut content = String::new();
    for line in STANDARD.encode(bytes).as_bytes().chunks(60) {
        content.push_str(&String::from_utf8_lossy(line));
        content.push('\n');
    }
    Reply::json(
        200,
        &json!({
            "sha": name, "node_id": "B", "url": format!("{base}/git/blobs/{name}"), "size": bytes.len(),
            "content": content, "encoding": "base64",
        }),
    )
}

pub(super) fn create_tree(base: &str, body: &Value, state: &mut State) -> Reply {
    let base_tree = body["base_tree"].as_str();
    if base_tree.is_some_and(|tree| !state.git.trees.contains_key(tree)) {
        return says(422, "base_tree is not a valid tree oid");
    }
    let (mut files, mut removed) = (Vec::new(), Vec::new());
    for entry in body["tree"].as_array().into_iter().flatten() {
        let is_there = |path: &str| {
            let base = base_tree.and_then(|base| state.git.trees.get(base));
            base.is_some_and(|tree| tree.contains_key(path))
        };
        match (entry["path"].as_str(), entry["content"].as_str()) {
            (Some(path), Some(content)) => {
                files.push((path.to_owned(), content.as_bytes().to_vec()));
            }
            (Some(path), None) if entry.get("sha").is_some_and(Value::is_null) => {
                if !is_there(path) {
                    return says(422, "GitRPC::BadObjectState");
                }
                removed.push(path.to_owned());
            }
            _ => return says(422, "Must supply a valid tree.sha"),
        }
    }
    let name = state.git.add_tree(base_tree, files, &removed);
    Reply::json(201, &shown_tree(&name, &state.git.trees[&name], base))
}

pub(super) fn create_commit(base: &str, body: &Value, state: &mut State) -> Reply {
    let tree = body["tree"].as_str().unwrap_or_default();
    let parents: Vec<String> = body["parents"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|sha| sha.as_str().map(str::to_owned))
        .collect();
    let git = &mut state.git;
    if !git.trees.contains_key(tree) {
        return says(422, "Tree SHA does not exist");
    }
    if parents.iter().any(|sha| !git.commits.contains_key(sha)) {
        return says(422, "Parent SHA does not exist or is not a commit object");
    }
    let name = git.add_commit(tree, parents, body["message"].as_str().unwrap_or_default());
    Reply::json(201, &shown_commit(&name, &git.commits[&name], base))
}

pub(super) fn create_reference(base: &str, body: &Value, state: &mut State) -> Reply {
    let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    let (name, sha) = (text("ref"), text("sha"));
    let git = &mut state.git;
    if !name.starts_with("refs/") || name.split('/').count() < 3 {
        return says(
            422,
            "Reference name must start with 'refs' and have at least two slashes",
        );
    }
    if !git.commits.contains_key(&sha) {
        return says(422, "Object does not exist");
    }
    if git.references.contains_key(&name) {
        return says(422, "Reference already exists");
    }
    git.references.insert(name.clone(), sha.clone());
    Reply::json(201, &shown(&name, &sha, base))
}

pub(super) fn move_reference(below: &str, base: &str, body: &Value, state: &mut State) -> Reply {
    let name = format!("refs/{below}");
    let sha = body["sha"].as_str().unwrap_or_default().to_owned();
    let git = &mut state.git;
    let Some(before) = git.references.get(&name).cloned() else {
        return says(422, "Reference does not exist");
    };
    if !git.commits.contains_key(&sha) {
        return says(422, "Object does not exist");
    }
    if body["force"] != true && !git.descends(&sha, &before) {
        return says(422, "Update is not a fast forward");
    }
    git.references.insert(name.clone(), sha.clone());
    Reply::json(200, &shown(&name, &sha, base))
}
