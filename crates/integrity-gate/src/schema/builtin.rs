//! Schemas that come with the gate, for front matter that has a published specification.

use gate_syntax::Located;
use serde_json::Value;

use super::SchemaProblem;

/// Front matter with a specification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Builtin {
    /// `SKILL.md` of the Agent Skills format.
    AgentSkill,
    /// An agent of Claude Code.
    ClaudeAgent,
    /// A slash command of Claude Code.
    ClaudeCommand,
}

impl Builtin {
    /// Each of them.
    pub(crate) const ALL: [Self; 3] = [Self::AgentSkill, Self::ClaudeAgent, Self::ClaudeCommand];

    /// The name in a policy: the schema's file name without `.json`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::AgentSkill => "agent-skill",
            Self::ClaudeAgent => "claude-agent",
            Self::ClaudeCommand => "claude-command",
        }
    }

    /// The one with a name.
    pub(crate) fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|builtin| builtin.name() == name)
    }
}

/// The bytes of a schema, for [`compile`](super::compile).
pub(crate) fn builtin(builtin: Builtin) -> &'static [u8] {
    match builtin {
        Builtin::AgentSkill => include_bytes!("../schemas/agent-skill.json"),
        Builtin::ClaudeAgent => include_bytes!("../schemas/claude-agent.json"),
        Builtin::ClaudeCommand => include_bytes!("../schemas/claude-command.json"),
    }
}

/// What the schema of a skill cannot say: that its name is that of its folder. `path` is the file's, from the root, with `/`; a
/// skill at the root has no folder to compare with.
pub(crate) fn skill_name_problem(path: &str, front_matter: &Located) -> Option<SchemaProblem> {
    let name = front_matter.value.get("name").and_then(Value::as_str)?;
    let (folder, _) = path.rsplit_once('/')?;
    let folder = folder.rsplit('/').next().unwrap_or(folder);
    if name == folder {
        return None;
    }
    let pointer = String::from("/name");
    let (line, column) = front_matter.position(&pointer);
    let message = format!(
        "found the text `{}` in `name`, expected `{}`, the name of the folder",
        super::words::found_text(name),
        super::words::found_text(folder)
    );
    Some(SchemaProblem {
        line,
        column,
        pointer,
        message,
    })
}
