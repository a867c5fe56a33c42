//! Gates that should have left a verdict to believe and did not.

use crate::fold::Instance;
use crate::load::Unreadable;
use crate::weighing::{Weighed, Weighing};
use gate_policy::Happening;
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
        let reason = Reason {
            gate: gate.to_owned(),
            criterion: None,
            code,
            text,
        };
        self.reasons.push(Weighed {
            scope: scope.clone(),
            ..Weighed::new(Status::Error, enforcement, reason)
        });
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

    /// Where one shard of N is there, all N have to be; and where the policy
    /// says how many there are, that many.
    pub(crate) fn missing_shards(&mut self) {
        let mut seen: BTreeMap<(String, Option<String>), BTreeSet<Option<Shard>>> = BTreeMap::new();
        for gate in &self.gates {
            let key = (gate.gate.clone(), gate.scope.clone());
            let shards = seen.entry(key).or_default();
            if gate.shard.is_some() || !gate.missing {
                shards.insert(gate.shard);
            }
        }
        for ((gate, scope), shards) in seen {
            let enforcement = self.policy.gate_enforcement(self.selected, &gate);
            let declared = self.policy.gates.get(&gate).and_then(|one| one.shards);
            let whole = shards.contains(&None);
            let shards: BTreeSet<Shard> = shards.into_iter().flatten().collect();
            let mut totals: BTreeSet<u32> = shards.iter().map(|shard| shard.total).collect();
            if !whole {
                totals.extend(declared.filter(|_| !shards.is_empty()));
            } else if let Some(count) = declared.filter(|count| *count > 1) {
                let text = format!(
                    "gate `{gate}` left a verdict of no shard, and the policy expects {count} shards"
                );
                let code = Code::MissingShard;
                self.absent(&gate, scope.clone(), None, enforcement, code, text);
            }
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

    /// Scopes that the policy expects of a gate and that left no verdict.
    pub(crate) fn missing_scopes(&mut self, now: Happening<'_>) {
        let present: BTreeSet<(String, Option<String>)> = self
            .gates
            .iter()
            .map(|gate| (gate.gate.clone(), gate.scope.clone()))
            .collect();
        let policy = self.policy;
        for gate in policy.gates.values() {
            // A gate that is missing whole is told of once.
            let any = present.iter().any(|(key, _)| *key == gate.key);
            if !any || gate.keeps_out(now).is_some() {
                continue;
            }
            let enforcement = policy.gate_enforcement(self.selected, &gate.key);
            for scope in &gate.scopes {
                if !present.contains(&(gate.key.clone(), Some(scope.clone()))) {
                    let text = format!("gate `{}`: scope `{scope}` left no verdict", gate.key);
                    let code = Code::MissingVerdict;
                    self.absent(
                        &gate.key,
                        Some(scope.clone()),
                        None,
                        enforcement,
                        code,
                        text,
                    );
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
    pub(crate) fn missing_gates(&mut self, now: Happening<'_>) {
        let present: BTreeSet<String> = self.gates.iter().map(|gate| gate.gate.clone()).collect();
        for expected in self.policy.expected(self.selected) {
            if present.contains(&expected.gate) {
                continue;
            }
            let gate = &expected.gate;
            if let Some(why) = self
                .policy
                .gates
                .get(gate)
                .and_then(|one| one.keeps_out(now))
            {
                self.left_out
                    .push(format!("gate `{gate}` does not apply: {why}"));
                continue;
            }
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
