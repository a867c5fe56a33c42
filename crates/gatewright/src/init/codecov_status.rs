//! The statuses of `codecov.yml`: what each asks for, as a criterion.

use super::node::Node;
use super::plan::{Asked, Gate, Plan, at_least, percent};
use super::settings::{Became, Told};
use gate_verdict::Decimal;

const PATCH_AUTO: &str = "no criterion asks that the change be covered as well as all of the base is; for a figure write `patch_line_coverage: \">= 80%\"`";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Project,
    Patch,
}

/// One status, by what it is about.
#[derive(Clone, Debug)]
pub(super) struct Status<'a> {
    kind: Option<Kind>,
    pub(super) name: String,
    /// Where it is asked for; `None`: by default.
    pub(super) node: Option<Node<'a>>,
    is_part: bool,
}

/// The statuses of the whole, those that hold by default among them.
pub(super) fn statuses<'a>(status: Option<&Node<'a>>, told: &mut Told) -> Vec<Status<'a>> {
    if let Some(node) = status.filter(|node| node.truth() == Some(false)) {
        told.say(node, Became::Anyway("no status is asked for".into()));
        return Vec::new();
    }
    let mut all = Vec::new();
    for (kind, word, by_default) in [
        (Kind::Project, "project", false),
        (Kind::Patch, "patch", true),
    ] {
        let plain = |node| Status {
            kind: Some(kind),
            name: String::new(),
            node,
            is_part: false,
        };
        match status.and_then(|status| status.get(word)).filter(|node| !node.is_null()) {
            None if by_default => all.push(plain(None)),
            None => told.by_default("coverage.status.project", Became::NoEqual(
                "it is not set; accounts of before May 2024 have it by default. For it write `line_coverage_drop: \"<= 0pp\"`".into(),
            )),
            Some(node) => match node.truth() {
                Some(false) => told.say(&node, Became::Anyway("no such status is asked for".into())),
                Some(true) => all.push(plain(Some(node))),
                None => {
                    for one in node.entries() {
                        let name = one.key().to_owned();
                        let is_status = one.value.as_map().is_some() || one.is_null() || one.truth().is_some();
                        match one.truth() {
                            Some(false) => told.say(&one, Became::Anyway("no such status is asked for".into())),
                            _ if !is_status => told.say(&one, Became::Unknown(format!("Codecov expects the name of a status below `{word}`, such as `default`, and this setting below that"))),
                            _ => all.push(Status { kind: Some(kind), name: if name == "default" { String::new() } else { name }, node: Some(one), is_part: false }),
                        }
                    }
                }
            },
        }
    }
    all
}

impl<'a> Status<'a> {
    /// A status in the list of a flag or a component.
    pub(super) fn of_part(node: &Node<'a>, name: &str) -> Self {
        let kind = node
            .get("type")
            .and_then(|kind| match kind.value.as_str()? {
                "project" => Some(Kind::Project),
                "patch" => Some(Kind::Patch),
                _ => None,
            });
        Self {
            kind,
            name: name.to_owned(),
            node: Some(node.clone()),
            is_part: true,
        }
    }

    fn get(&self, key: &str) -> Option<Node<'a>> {
        self.node.as_ref()?.get(key).filter(|node| !node.is_null())
    }

    /// Where it only applies to pull requests.
    pub(super) fn events(&self, gate: &mut Gate, told: &mut Told) {
        let Some(node) = self.get("only_pulls") else {
            return;
        };
        if node.truth() == Some(true) {
            gate.events = vec!["pull_request", "pull_request_target", "merge_group"];
            told.say(
                &node,
                Became::Taken("when: events pull_request, pull_request_target, merge_group".into()),
            );
        } else {
            told.say(&node, Became::Anyway("it applies to every event".into()));
        }
    }

    /// Asks for it, and says what became of its settings.
    pub(super) fn ask(&self, scope: &Gate, plan: &mut Plan, told: &mut Told) {
        let Some(kind) = self.kind else { return };
        let Some(only_warns) = self.level(told) else {
            return;
        };
        let threshold = self.get("threshold");
        let number = |node: &Node<'_>| node.value.as_str().and_then(percent);
        let slack = match threshold.as_ref().map(number) {
            None => Decimal::ZERO,
            Some(Some(slack)) => slack,
            Some(None) => return self.no_number(threshold.as_ref(), told),
        };
        let target = self.get("target");
        let figure = target
            .as_ref()
            .filter(|node| node.value.as_str() != Some("auto"));
        let asked =
            match figure.map(|node| number(node).map(|number| absolute(kind, number, slack))) {
                None => compared(slack),
                Some(Some(Ok(asked))) => asked,
                Some(Some(Err(why))) => {
                    let why = format!("{why}; write what is meant, nothing asks for it now");
                    return self.refused(figure, &why, told);
                }
                Some(None) => return self.no_number(figure, told),
            };
        let asked = Asked {
            only_warns,
            ..asked
        };
        let became = match (kind, figure) {
            (Kind::Patch, None) if plan.compares(scope) => Became::NoEqual(format!(
                "{PATCH_AUTO}. That all of the code stays so is asked already"
            )),
            (Kind::Patch, None) => Became::Differs(
                plan.ask(scope, asked),
                format!("{PATCH_AUTO}. This asks that all of the code stays so"),
            ),
            _ => Became::Taken(plan.ask(scope, asked)),
        };
        if let Some(node) = &threshold {
            told.say(
                node,
                match (&became, figure) {
                    (Became::NoEqual(_), _) => {
                        Became::NoEqual("nothing asks for what it belongs to".into())
                    }
                    (_, Some(_)) => Became::Taken("subtracted from the target".into()),
                    (_, None) => Became::Taken("how far it may fall".into()),
                },
            );
        }
        let plain = self
            .node
            .as_ref()
            .filter(|node| node.value.as_map().is_none());
        if let Some(node) = target.as_ref().or(plain) {
            return told.say(node, became);
        }
        let word = if kind == Kind::Patch {
            "patch"
        } else {
            "project"
        };
        let name = self.node.as_ref().map_or_else(
            || format!("coverage.status.{word}"),
            |node| format!("{}.target", node.shown()),
        );
        told.by_default(&name, became);
    }

    /// Whether it only warns; `None` where it is switched off.
    fn level(&self, told: &mut Told) -> Option<bool> {
        if let Some(node) = self.get("enabled") {
            if node.truth() == Some(false) {
                let whole = self.node.as_ref().unwrap_or(&node);
                told.say(whole, Became::Anyway("it is switched off".into()));
                return None;
            }
            told.say(
                &node,
                Became::Anyway("a gate in the policy is switched on".into()),
            );
        }
        if let Some(node) = self.get("type").filter(|_| self.is_part) {
            told.say(&node, Became::Taken("which criterion is asked for".into()));
        }
        let informational = self.get("informational");
        let only_warns = informational.as_ref().and_then(Node::truth) == Some(true);
        if let Some(node) = &informational {
            told.say(
                node,
                if only_warns {
                    Became::Taken("`warn` in place of `fail`".into())
                } else {
                    Became::Anyway("a requirement fails".into())
                },
            );
        }
        Some(only_warns)
    }

    fn no_number(&self, node: Option<&Node<'a>>, told: &mut Told) {
        self.refused(
            node,
            "it is no percentage; write what is meant, nothing asks for it now",
            told,
        );
    }

    /// What cannot be asked for: its other settings ask for nothing either.
    fn refused(&self, node: Option<&Node<'a>>, why: &str, told: &mut Told) {
        if let Some(node) = node {
            told.say(node, Became::NoEqual(why.to_owned()));
        }
        for other in ["target", "threshold"]
            .iter()
            .filter_map(|key| self.get(key))
        {
            told.say(
                &other,
                Became::NoEqual("nothing asks for what it belongs to".into()),
            );
        }
    }
}

/// A share of its own: Codecov passes at the target less the threshold.
fn absolute(kind: Kind, target: Decimal, slack: Decimal) -> Result<Asked, String> {
    at_least(target)?;
    let lowest = target.minus(slack);
    let bound = at_least(if lowest.is_negative() {
        Decimal::ZERO
    } else {
        lowest
    })?;
    let criterion = match kind {
        Kind::Project => "line_coverage",
        Kind::Patch => "patch_line_coverage",
    };
    Ok(Asked {
        criterion,
        bound,
        per: None,
        only_warns: false,
    })
}

/// `auto`: as good as the base, less the threshold.
fn compared(slack: Decimal) -> Asked {
    let slack = slack.min(Decimal::new(100, 0));
    Asked {
        criterion: "line_coverage_drop",
        bound: format!("<= {slack}pp"),
        per: None,
        only_warns: false,
    }
}
