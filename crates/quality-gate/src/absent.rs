//! Gates that should have left a verdict to believe and did not.

use crate::fold::Instance;
use crate::load::Unreadable;
use crate::weighing::Weighing;
use gate_verdict::{Code, Enforcement, GateOutcome, Reason, Shard, Status};
use std::collections::{BTreeMap, BTreeSet};

impl Weighing<'_> {
    pub(crate) fn conflict(&mut self, (gate, scope, shard): &Instance, digests: &[String]) {
        let shown: Vec<_> = digests
            .iter()
            .map(|digest| format!("{digest:.12}"))
            .collect();
        // A contradiction about the same subject blocks whatever it weighs.
        self.absent(
            gate,
            scope.clone(),
            *shard,
            Enforcement::Mandatory,
            Code::ConflictingVerdicts,
            format!(
                "gate `{gate}` left verdicts that contradict one another: {}",
                shown.join(", ")
            ),
        );
    }

    fn absent(
        &mut self,
        gate: &str,
        scope: Option<String>,
        shard: Option<Shard>,
        enforcement: Enforcement,
        code: Code,
        text: String,
    ) {
        self.weigh(
            Status::Error,
            enforcement,
            Reason {
                gate: gate.to_owned(),
                criterion: None,
                code,
                text,
            },
        );
        self.gates.push(GateOutcome {
            gate: gate.to_owned(),
            scope,
            shard,
            status: Status::Error,
            enforcement,
            missing: true,
            verdict_digest: None,
        });
    }

    /// Where one shard of N is there, all N have to be.
    pub(crate) fn missing_shards(&mut self) {
        let mut seen: BTreeMap<(String, Option<String>), BTreeSet<Shard>> = BTreeMap::new();
        for gate in &self.gates {
            if let Some(shard) = gate.shard {
                seen.entry((gate.gate.clone(), gate.scope.clone()))
                    .or_default()
                    .insert(shard);
            }
        }
        for ((gate, scope), shards) in seen {
            let enforcement = self.policy.gate_enforcement(self.selected, &gate);
            let totals: BTreeSet<u32> = shards.iter().map(|shard| shard.total).collect();
            for total in totals {
                for index in 1..=total.min(10_000) {
                    let shard = Shard { index, total };
                    if !shards.contains(&shard) {
                        let text =
                            format!("gate `{gate}`: shard {index} of {total} left no verdict");
                        self.absent(
                            &gate,
                            scope.clone(),
                            Some(shard),
                            enforcement,
                            Code::MissingShard,
                            text,
                        );
                    }
                }
            }
        }
    }

    /// Verdict files that are there and are not believed: each counts as
    /// missing and is named, also where another of the same gate is good.
    pub(crate) fn not_believed(
        &mut self,
        foreign: &BTreeMap<Instance, (Code, String)>,
        unreadable: &[Unreadable],
    ) {
        for ((gate, scope, shard), (code, why)) in foreign {
            let enforcement = self.policy.gate_enforcement(self.selected, gate);
            let text = format!("gate `{gate}` counts as missing: {why}");
            self.absent(gate, scope.clone(), *shard, enforcement, *code, text);
        }
        for file in unreadable {
            let gate = file.gate.as_deref().map(gate_policy::alias);
            // Nobody knows what a file without a gate would have said.
            let enforcement = gate.map_or(Enforcement::Mandatory, |gate| {
                self.policy.gate_enforcement(self.selected, gate)
            });
            let gate = gate.unwrap_or_else(|| file.name.split('.').next().unwrap_or_default());
            let text = format!(
                "gate `{gate}` counts as missing: {}: {}",
                file.name, file.reason
            );
            let code = Code::VerdictUnreadable;
            self.absent(gate, None, None, enforcement, code, text);
        }
    }

    /// Gates that the policy expects and that left no verdict at all.
    pub(crate) fn missing_gates(&mut self) {
        let present: BTreeSet<String> = self.gates.iter().map(|gate| gate.gate.clone()).collect();
        for expected in self.policy.expected(self.selected) {
            if present.contains(&expected.gate) {
                continue;
            }
            let gate = &expected.gate;
            let text = format!(
                "gate `{gate}` is missing ({}): it left no verdict",
                expected.why
            );
            let code = Code::MissingVerdict;
            self.absent(gate, None, None, expected.enforcement, code, text);
        }
    }

    /// Gates that left a verdict and that no policy names: shown, not binding.
    pub(crate) fn unconfigured(&self) -> Vec<String> {
        let unknown: BTreeSet<&str> = self
            .gates
            .iter()
            .filter(|gate| gate.enforcement == Enforcement::Informational)
            .map(|gate| gate.gate.as_str())
            .filter(|gate| !self.policy.gates.contains_key(*gate))
            .collect();
        unknown
            .into_iter()
            .map(|gate| format!("gate `{gate}` left a verdict and no policy names it: it is shown and binds nothing; write it under `gates:` to make it count"))
            .collect()
    }
}
