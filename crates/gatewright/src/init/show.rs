//! What became of each setting, for people.

use super::settings::{Became, Line, Told};
use gate_render::plain_line;
use std::fmt::Write as _;

const MAX: usize = 1_000;

pub(super) fn text(path: &str, told: &Told) -> String {
    let mut text = String::new();
    for line in &told.lines {
        one(path, line, &mut text);
    }
    if !told.notes.is_empty() {
        text.push_str("\nWhatever the settings say:\n");
        for note in &told.notes {
            let _ = writeln!(text, "  * {note}");
        }
    }
    let _ = writeln!(text, "\n{}", sum(told));
    text
}

fn one(path: &str, line: &Line, text: &mut String) {
    let at = line
        .at
        .as_ref()
        .map_or_else(|| format!("{path} (by default)"), ToString::to_string);
    let _ = writeln!(
        text,
        "{} {}",
        plain_line(&at, MAX),
        plain_line(&line.name, MAX)
    );
    let plain = |words: &str| plain_line(words, MAX);
    let _ = match &line.became {
        Became::Taken(what) => writeln!(text, "  = {}", plain(what)),
        Became::Differs(what, how) => {
            writeln!(text, "  ~ {}\n    but: {}", plain(what), plain(how))
        }
        Became::Anyway(why) => writeln!(text, "  . nothing to do: {}", plain(why)),
        Became::NoEqual(why) => writeln!(text, "  - no equal: {}", plain(why)),
        Became::Unknown(hint) if hint.is_empty() => writeln!(text, "  ? no such setting is known"),
        Became::Unknown(hint) => writeln!(text, "  ? no such setting is known; {}", plain(hint)),
    };
}

fn sum(told: &Told) -> String {
    let count =
        |fits: fn(&Became) -> bool| told.lines.iter().filter(|line| fits(&line.became)).count();
    format!(
        "{} in all: {} taken over (=), {} with a difference (~), {} with nothing to do (.), {} without an equal (-), {} not known (?)",
        told.lines.len(),
        count(|became| matches!(became, Became::Taken(_))),
        count(|became| matches!(became, Became::Differs(..))),
        count(|became| matches!(became, Became::Anyway(_))),
        count(|became| matches!(became, Became::NoEqual(_))),
        count(|became| matches!(became, Became::Unknown(_))),
    )
}
