//! The names under which source documents know a gate.

/// Other names of built-in kinds (contract, section 6). Blocks that meet under
/// one name are sub-gates of one gate.
const ALIASES: [(&str, &str); 8] = [
    ("framework_integrity", "integrity"),
    ("framework_validation", "integrity"),
    ("security_gates", "security"),
    ("security_scanning", "security"),
    ("basic_security", "security"),
    ("performance_gates", "performance"),
    ("compliance_validation", "compliance"),
    ("security_compliance", "compliance"),
];

/// The gate key that `name` stands for; a name without an alias is its own.
pub fn alias(name: &str) -> &str {
    ALIASES
        .iter()
        .find(|(other, _)| *other == name)
        .map_or(name, |(_, key)| key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_contracts_table() {
        for (names, key) in [
            (
                &["framework_integrity", "framework_validation"][..],
                "integrity",
            ),
            (
                &["security_gates", "security_scanning", "basic_security"],
                "security",
            ),
            (&["performance_gates"], "performance"),
            (
                &["compliance_validation", "security_compliance"],
                "compliance",
            ),
        ] {
            for name in names {
                assert_eq!(alias(name), key);
                assert_eq!(alias(alias(name)), key);
            }
        }
        for custom in ["documentation", "usability", "maintainability", "anything"] {
            assert_eq!(alias(custom), custom);
        }
    }
}
