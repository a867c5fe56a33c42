//! Modules that refer to each other: some to nothing, some in a circle.

use super::{edge, node};
use gate_verdict::{EdgeState, Graph, NodeState};

const NODES: &str = "\
ok AGENTS.md
broken commands/review.md
missing agents/code-reviwer.md
ok modules/style.md
cycle modules/testing.md
cycle modules/fixtures.md
cycle modules/determinism.md
cycle skills/brainstorming/SKILL.md
broken skills/writing-plans/SKILL.md
missing skills/writing-plans/plan-document-reviewer-prompt.md
missing plugins/release-train/skills/deploy-to-production/references/rollback-checklist.md
ok plugins/release-train/plugin.json
broken plugins/release-train/skills/deploy-to-production/SKILL.md
ok docs/מדריך/התחלה מהירה.md
broken docs/指南/开始使用-第一部分-安装与配置.md
missing docs/指南/图片/架构.png
ok docs/guide/getting-started.md
orphan modules/old-style.md
orphan agents/unused.md
orphan docs/drafts/2024-roadmap-for-the-migration-of-everything.md
ok modules/retired-names.md
ok CONTRIBUTING.md
ok modules/errors.md
ok modules/logging.md
";

const EDGES: &str = "\
ok import AGENTS.md -> commands/review.md
ok import AGENTS.md -> modules/style.md
ok delegates AGENTS.md -> skills/brainstorming/SKILL.md
ok import AGENTS.md -> modules/logging.md
broken delegates commands/review.md -> agents/code-reviwer.md
ok include commands/review.md -> modules/testing.md
ok include commands/review.md -> modules/style.md
ok include modules/style.md -> modules/errors.md
ok include modules/errors.md -> modules/logging.md
cycle include modules/testing.md -> modules/fixtures.md
cycle include modules/fixtures.md -> modules/determinism.md
cycle include modules/determinism.md -> modules/testing.md
cycle include skills/brainstorming/SKILL.md -> skills/brainstorming/SKILL.md
ok delegates skills/brainstorming/SKILL.md -> skills/writing-plans/SKILL.md
broken link skills/writing-plans/SKILL.md -> skills/writing-plans/plan-document-reviewer-prompt.md
broken delegates skills/writing-plans/SKILL.md -> agents/code-reviwer.md
ok manifest plugins/release-train/plugin.json -> plugins/release-train/skills/deploy-to-production/SKILL.md
broken link plugins/release-train/skills/deploy-to-production/SKILL.md -> plugins/release-train/skills/deploy-to-production/references/rollback-checklist.md
ok link docs/guide/getting-started.md -> docs/מדריך/התחלה מהירה.md
ok link docs/guide/getting-started.md -> docs/指南/开始使用-第一部分-安装与配置.md
ok link docs/מדריך/התחלה מהירה.md -> docs/指南/开始使用-第一部分-安装与配置.md
broken image docs/指南/开始使用-第一部分-安装与配置.md -> docs/指南/图片/架构.png
ok include modules/old-style.md -> modules/retired-names.md
ok link CONTRIBUTING.md -> docs/guide/getting-started.md
";

pub(crate) fn modules() -> Graph {
    let nodes = NODES.lines().map(|line| {
        let (state, id) = line.split_once(' ').expect("a state and an id");
        let mut node = node(id, node_state(state));
        node.label = (id == "commands/review.md").then(|| "review".into());
        node
    });
    let edges = EDGES.lines().map(|line| {
        let (state, rest) = line.split_once(' ').expect("a state");
        let (kind, ends) = rest.split_once(' ').expect("a kind");
        let (from, to) = ends.split_once(" -> ").expect("two ends");
        edge(from, to, kind, edge_state(state))
    });
    Graph {
        nodes: nodes.collect(),
        edges: edges.collect(),
        left_out: 5,
    }
}

fn node_state(word: &str) -> NodeState {
    match word {
        "missing" => NodeState::Missing,
        "broken" => NodeState::Broken,
        "cycle" => NodeState::Cycle,
        "orphan" => NodeState::Orphan,
        _ => NodeState::Ok,
    }
}

fn edge_state(word: &str) -> EdgeState {
    match word {
        "broken" => EdgeState::Broken,
        "cycle" => EdgeState::Cycle,
        _ => EdgeState::Ok,
    }
}
