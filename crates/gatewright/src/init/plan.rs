//! The gates that an import comes to, and how they are written.

use gate_policy::MAX_BYTES;
use gate_verdict::Decimal;
use std::fmt::Write as _;

/// A requirement, and whether missing it fails or only warns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) criterion: &'static str,
    pub(super) bound: String,
    pub(super) per: Option<&'static str>,
    pub(super) only_warns: bool,
}

/// One gate of kind `coverage`.
#[derive(Clone, Debug, Default)]
pub(super) struct Gate {
    /// What stands behind `coverage-` in its name; empty for the gate `coverage` itself.
    pub(super) name: String,
    pub(super) events: Vec<&'static str>,
    pub(super) paths: Vec<String>,
    pub(super) exclude: Vec<String>,
    /// In place of those of the plan.
    pub(super) reports: Vec<String>,
    pub(super) asked: Vec<Asked>,
}

/// Stands for a pattern that has no glob: nothing matches it, so the gate is an error until somebody writes what is meant.
pub(super) const NO_GLOB: &str = "write-globs-of-your-own/**";

/// Every gate, and what all of them share.
#[derive(Clone, Debug, Default)]
pub(super) struct Plan {
    pub(super) gates: Vec<Gate>,
    pub(super) reports: Vec<String>,
    pub(super) exclude: Vec<String>,
    pub(super) rewrites: Vec<(String, String)>,
    pub(super) components: Vec<(String, Vec<String>)>,
    pub(super) min_reports: Option<u64>,
    pub(super) badge: bool,
    /// There was more to ask for than [`MAX_GATES`] gates can.
    pub(super) too_many: bool,
}

/// More than anybody wrote by hand; what is looked up among them is looked up one by one.
pub(super) const MAX_GATES: usize = 200;

/// Where the import says that the reports of the base are: a place that has to be filled.
pub(super) const BASE_REPORTS: &str = "base-coverage/*";

impl Gate {
    fn looks_at_the_same_as(&self, other: &Self) -> bool {
        (&self.events, &self.paths, &self.exclude, &self.reports)
            == (&other.events, &other.paths, &other.exclude, &other.reports)
    }
}

impl Plan {
    /// Whether that code is asked already to be as well covered as in the base.
    pub(super) fn compares(&self, scope: &Gate) -> bool {
        let mut drops = self
            .gates
            .iter()
            .filter(|gate| gate.looks_at_the_same_as(scope))
            .flat_map(|gate| &gate.asked);
        drops.any(|asked| asked.criterion == "line_coverage_drop")
    }

    /// Adds a requirement to the gate that looks at the same code, or to a new one where that one asks it already.
    /// Gives its place as it is called in the list.
    pub(super) fn ask(&mut self, scope: &Gate, asked: Asked) -> String {
        let text = format!("{}: {}", asked.criterion, written(&asked));
        let free = |gate: &Gate| {
            gate.asked
                .iter()
                .all(|other| *other == asked || other.criterion != asked.criterion)
        };
        let found = self
            .gates
            .iter()
            .position(|gate| gate.looks_at_the_same_as(scope) && free(gate));
        if found.is_none() && self.gates.len() >= MAX_GATES {
            self.too_many = true;
            return String::new();
        }
        let at = found.unwrap_or_else(|| {
            let name = self.free_name(&scope.name, &asked);
            self.gates.push(Gate {
                name,
                ..scope.clone()
            });
            self.gates.len() - 1
        });
        let gate = &mut self.gates[at];
        if !gate.asked.contains(&asked) {
            gate.asked.push(asked);
        }
        format!("{} of gate `{}`", text, key(&gate.name))
    }

    fn free_name(&self, wanted: &str, asked: &Asked) -> String {
        let wanted = slug(wanted);
        let taken = |name: &str| self.gates.iter().any(|gate| gate.name == name);
        if !taken(&wanted) {
            return wanted;
        }
        let short = asked.criterion.replace("_coverage", "");
        let more = slug(&format!("{wanted}-{}", asked.per.unwrap_or(&short)));
        let numbered = (2..).map(|number| format!("{wanted}-{number}"));
        [more]
            .into_iter()
            .chain(numbered)
            .find(|name| !taken(name))
            .unwrap_or_default()
    }

    /// The policy as it is written, beside the gates that hold where there is none.
    ///
    /// # Errors
    /// It would be larger than a policy may be.
    pub(super) fn yaml(&self, source: &str, others: &str) -> Result<String, String> {
        let mut text = format!(
            "# From {}. What became of each of its settings: `gatewright init --from {} --dry-run`.\nversion: 1\ngates:\n{others}",
            source.escape_debug(),
            source.escape_debug(),
        );
        let mut gates: Vec<&Gate> = self.gates.iter().collect();
        gates.sort_by_key(|gate| !gate.name.is_empty());
        for (number, gate) in gates.into_iter().enumerate() {
            self.gate(gate, number == 0, &mut text);
            if text.len() > MAX_BYTES {
                return Err(format!("comes to a policy of more than {MAX_BYTES} bytes"));
            }
        }
        Ok(text)
    }

    fn gate(&self, gate: &Gate, first: bool, text: &mut String) {
        let _ = writeln!(text, "  {}:", key(&gate.name));
        if !gate.name.is_empty() {
            text.push_str("    kind: coverage\n");
        }
        if !gate.events.is_empty() {
            let _ = writeln!(text, "    when: {{events: [{}]}}", gate.events.join(", "));
        }
        list(
            text,
            "reports",
            if gate.reports.is_empty() {
                &self.reports
            } else {
                &gate.reports
            },
        );
        if gate
            .asked
            .iter()
            .any(|asked| asked.criterion.ends_with("_drop"))
        {
            list(text, "base_reports", &[BASE_REPORTS.to_owned()]);
        }
        if let Some(number) = self.min_reports.filter(|_| gate.reports.is_empty()) {
            let _ = writeln!(text, "    min_reports: {number}");
        }
        list(text, "paths", &gate.paths);
        list(
            text,
            "exclude",
            &[&self.exclude[..], &gate.exclude[..]].concat(),
        );
        if !self.rewrites.is_empty() {
            text.push_str("    rewrite_paths:\n");
            for (from, to) in &self.rewrites {
                let _ = writeln!(
                    text,
                    "      - {{from: {}, to: {}}}",
                    quoted(from),
                    quoted(to)
                );
            }
        }
        if first && !self.components.is_empty() {
            text.push_str("    components:\n");
            for (name, globs) in &self.components {
                let globs: Vec<String> = globs.iter().map(|glob| quoted(glob)).collect();
                let _ = writeln!(text, "      {}: [{}]", quoted(name), globs.join(", "));
            }
        }
        if first && self.badge {
            text.push_str("    exports: [badge]\n");
        }
        text.push_str("    criteria:\n");
        for asked in &gate.asked {
            let _ = writeln!(text, "      {}: {}", asked.criterion, written(asked));
        }
    }
}

fn key(name: &str) -> String {
    if name.is_empty() {
        String::from("coverage")
    } else {
        format!("coverage-{name}")
    }
}

/// Lower-case letters, digits and `-`, short enough for the name of a gate.
pub(super) fn slug(name: &str) -> String {
    let lower = name.chars().map(|c| {
        if c.is_ascii_alphanumeric() {
            c.to_ascii_lowercase()
        } else {
            '-'
        }
    });
    let mut slug: String = lower.take(40).collect();
    while slug.contains("--") {
        slug = slug.replace("--", "-");
    }
    slug.trim_matches('-').to_owned()
}

fn written(asked: &Asked) -> String {
    let level = if asked.only_warns { "warn" } else { "fail" };
    match asked.per {
        Some(per) => format!("{{{level}: {}, per: {per}}}", quoted(&asked.bound)),
        None if asked.only_warns => format!("{{warn: {}}}", quoted(&asked.bound)),
        None => quoted(&asked.bound),
    }
}

fn list(text: &mut String, name: &str, entries: &[String]) {
    if !entries.is_empty() {
        let entries: Vec<String> = entries.iter().map(|entry| quoted(entry)).collect();
        let _ = writeln!(text, "    {name}: [{}]", entries.join(", "));
    }
}

/// A text in double quotes; what JSON has is YAML too.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A percentage as other tools write it: a number, with or without `%`.
pub(super) fn percent(text: &str) -> Option<Decimal> {
    let number: Decimal = text.trim().trim_end_matches('%').trim_end().parse().ok()?;
    (!number.is_negative()).then_some(number)
}

/// At least so many percent, or why that cannot be asked.
pub(super) fn at_least(number: Decimal) -> Result<String, String> {
    if Decimal::new(100, 0).minus(number).is_negative() {
        Err(format!("{number}% is more than everything"))
    } else {
        Ok(format!(">= {number}%"))
    }
}
