//! What manifests name, wherever it lies.

use super::{Gather, SHELVES, is_page, is_skill};
use crate::manifests::{below, paths};
use crate::roster::{Kind, Member};
use crate::tree::{Entry, last};
use gate_syntax::is_markdown;
use serde_json::Value;
use std::rc::Rc;

impl<'a> Gather<'_, 'a> {
    /// What the description of a plugin names.
    pub(super) fn named(&mut self, home: &Rc<str>, (manifest, plugin): (&'a str, &Value)) {
        for (_, key, kind) in SHELVES {
            let value = plugin.get(*key);
            for path in paths(value) {
                self.at(home, path, *kind);
            }
            let commands = value.and_then(Value::as_object);
            let commands = commands.filter(|_| *kind == Some(Kind::Command));
            for (name, command) in commands.into_iter().flatten() {
                let path = match command.get("source").and_then(Value::as_str) {
                    Some(source) => self.file(home, source),
                    None => Some(manifest),
                };
                self.members.extend(path.map(|path| Member {
                    kind: *kind,
                    names: vec![name.clone()],
                    path,
                    home: Some(Rc::clone(home)),
                }));
            }
        }
    }

    /// A file, or all of a folder, that a key names.
    fn at(&mut self, home: &Rc<str>, written: &str, kind: Option<Kind>) {
        let Some(wanted) = below(home, written).filter(|wanted| self.may_look(wanted)) else {
            return;
        };
        let tree = &self.world.tree;
        let Some(end) = tree.real(&wanted) else {
            return;
        };
        if !tree.is_folder(&end) {
            if is_markdown(&wanted) {
                self.add(kind, &wanted, last(&wanted), Some(Rc::clone(home)));
            }
            return;
        }
        for path in tree.below(&end) {
            if !self.may_look(path) {
                return;
            }
            let rest = path[end.len()..].trim_start_matches('/');
            let counts = match kind {
                Some(Kind::Skill) => is_skill(rest),
                _ => is_page(rest),
            };
            if counts {
                self.add(kind, path, rest, Some(Rc::clone(home)));
            }
        }
    }

    fn file(&mut self, home: &str, written: &str) -> Option<&'a str> {
        let wanted = below(home, written).filter(|wanted| self.may_look(wanted))?;
        match self.world.tree.through(&wanted)? {
            Entry::File(path) => Some(path),
            _ => None,
        }
    }
}
