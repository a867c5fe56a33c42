use super::outputs::absent_word;

/// The workflow command that makes the runner hide `value` in its log; empty for an empty value.
/// The runner hides each line of a value of several lines.
pub fn mask(value: &str) -> String {
    if value.trim().is_empty() {
        return String::new();
    }
    format!("::add-mask::{}", escape_message(value))
}

/// The command after which the runner takes no commands from stdout until [`resume_commands`] with the same token.
pub fn stop_commands(token: &str) -> String {
    format!("::stop-commands::{token}")
}

/// Ends what [`stop_commands`] started.
pub fn resume_commands(token: &str) -> String {
    format!("::{token}::")
}

/// Text of others between both commands, with a token that the text does not hold: it is shown in the log and
/// can command nothing.
pub fn shielded(text: &str) -> String {
    let token = absent_word(text);
    let line_end = if text.ends_with('\n') { "" } else { "\n" };
    format!(
        "{}\n{text}{line_end}{}",
        stop_commands(&token),
        resume_commands(&token)
    )
}

/// Escapes what ends a command's message (`ActionCommand.cs`).
pub(super) fn escape_message(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// Escapes what ends a command's property.
pub(super) fn escape_property(text: &str) -> String {
    escape_message(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_stay_on_one_line() {
        assert_eq!(mask("50%\nb"), "::add-mask::50%25%0Ab");
        assert_eq!(mask(""), "");
    }

    #[test]
    fn shielded_text_cannot_resume() {
        let guess = shielded("x");
        let resume = guess.lines().last().unwrap();
        let text = shielded(&format!("x\n{resume}\n::error::no"));
        let token = text
            .lines()
            .next()
            .unwrap()
            .strip_prefix("::stop-commands::")
            .unwrap();
        assert_eq!(text.matches(&resume_commands(token)).count(), 1);
        assert!(text.ends_with(&resume_commands(token)));
    }
}
