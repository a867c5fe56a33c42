//! The table: one line per rule.

use super::rule::Rule;
use super::{
    agent, bidi, binary, config, hidden, indicators, invisible, links, mixed, obfuscated, packages,
    shell, yaml,
};

/// Every rule, in the order of the classes that they belong to.
pub static RULES: &[&Rule] = &[
    &bidi::BIDI_CONTROL,
    &bidi::BIDI_IN_TEXT,
    &hidden::HIDDEN_TAG_TEXT,
    &hidden::VARIATION_SELECTOR_PAYLOAD,
    &invisible::INVISIBLE_IN_IDENTIFIER,
    &invisible::INVISIBLE_IN_CODE,
    &mixed::MIXED_SCRIPT_IDENTIFIER,
    &agent::HIDDEN_AGENT_INSTRUCTION,
    &agent::HIDDEN_AGENT_TEXT,
    &agent::AGENT_INJECTION_PHRASE,
    &config::CONFIG_RUNS_DOWNLOAD,
    &config::CONFIG_RUNS_COMMAND,
    &config::MCP_UNPINNED_PACKAGE,
    &links::SCRIPT_LINK,
    &links::ACTIVE_HTML,
    &links::PLACEHOLDER_LINK,
    &yaml::YAML_OBJECT_TAG,
    &yaml::YAML_ALIAS_BOMB,
    &yaml::YAML_SUSPECT_TAG,
    &shell::REVERSE_SHELL,
    &shell::DECODED_PAYLOAD_RUN,
    &shell::SUSPECT_DOWNLOAD_RUN,
    &shell::DOWNLOAD_RUN,
    &shell::SHELL_ATTACK_IN_TEXT,
    &obfuscated::OBFUSCATED_INSTALL_CODE,
    &obfuscated::OBFUSCATED_CODE,
    &packages::INSTALL_HOOK_DOWNLOAD,
    &packages::PYTHON_STARTUP_PAYLOAD,
    &packages::PYTHON_STARTUP_CODE,
    &packages::BUILD_SCRIPT_DOWNLOAD,
    &indicators::KNOWN_INDICATOR,
    &indicators::SUSPECT_INDICATOR,
    &binary::DISGUISED_BINARY,
    &binary::POLYGLOT_FILE,
];

/// The rule of that id.
pub fn rule(id: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.id == id)
}
