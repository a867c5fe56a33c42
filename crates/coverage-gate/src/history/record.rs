//! What a run keeps: an entry, and the lines where they say all that the counts do.

use super::entry::{Entry, selection};
use super::names::{self, ENTRY, LINES, Name};
use super::stem;
use crate::settings::HistorySetting;
use gate_evidence::Limits;
use gate_evidence::coverage::{Coverage, EXPORTS, Totals, format, parse};
use gate_runner::{Inputs, Keep, Kept};
use gate_verdict::sha256_hex;

/// Lines are kept of so many commits only: they are what takes room.
const LINES_KEPT: usize = 50;
/// Longer ones are not kept; the counts are.
pub(super) const MAX_LINES: usize = 16 * 1024 * 1024;

/// What to keep of this run, or why there is nothing.
pub(crate) fn keep(
    inputs: &Inputs<'_>,
    setting: &HistorySetting,
    coverage: &Coverage,
    totals: Totals,
) -> Result<Keep, String> {
    let (Some(head), Some(tree)) = (inputs.repo.head(), &inputs.subject.tree) else {
        return Err(String::from("there is no commit yet"));
    };
    let time = jiff::Timestamp::from_second(head.unix_time).ok();
    let time = time.and_then(|time| names::time_of(&time.to_string()));
    let Some(time) = time else {
        return Err(format!(
            "the time of commit {} is none of our era",
            head.commit
        ));
    };
    let entry = Name {
        stem: stem(inputs),
        time,
        commit: head.commit.clone(),
        ending: ENTRY,
    };
    let lcov = lines(coverage, totals);
    let hash = lcov.as_ref().map(|text| sha256_hex(text.as_bytes()));
    let about = (selection(inputs.gate), hash);
    let text = Entry::new(&entry, tree, inputs.as_of.to_string(), about, totals).written();
    let mut files = vec![(entry.clone(), text)];
    files.extend(lcov.map(|text| (entry.beside(LINES), text)));
    let runs = setting.keep;
    Ok(Keep {
        reference: setting.to_write(),
        message: format!("{}: coverage of {:.12}", entry.stem, entry.commit),
        plan: Box::new(move |there| plan(there, &files, runs)),
    })
}

/// What ran as lcov, where that says all that was counted of lines, branches, conditions and functions.
fn lines(coverage: &Coverage, totals: Totals) -> Option<String> {
    let lcov = EXPORTS.iter().find(|export| export.name == "lcov")?;
    let text = (lcov.write)(coverage);
    (text.len() <= MAX_LINES && read(text.as_bytes()).is_ok_and(|read| same(totals, read.totals())))
        .then_some(text)
}

/// Reads lines that were kept.
pub(super) fn read(bytes: &[u8]) -> Result<Coverage, String> {
    let lcov = format("lcov").ok_or("lcov is not built in")?;
    let limits = Limits {
        bytes: MAX_LINES as u64,
        ..Limits::default()
    };
    let read = parse(lcov, &mut &*bytes, limits).map_err(|error| error.to_string())?;
    match read.skipped {
        0 => Ok(read),
        skipped => Err(format!("{skipped} of its records cannot be read")),
    }
}

/// Whether what lcov can say is the same.
pub(super) fn same(one: Totals, other: Totals) -> bool {
    let sayable = |totals: Totals| {
        (
            totals.lines,
            totals.branches,
            totals.conditions,
            totals.functions,
        )
    };
    sayable(one) == sayable(other)
}

/// What to write, and what is no longer among the newest.
fn plan(there: &[String], files: &[(Name, String)], runs: usize) -> Result<Kept, String> {
    let mut names = Vec::new();
    for name in there {
        names.push(Name::parse(name).ok_or_else(|| names::stranger(name))?);
    }
    let mut kept = Kept::default();
    for (ending, most) in [(ENTRY, runs), (LINES, runs.min(LINES_KEPT))] {
        let own = files.iter().find(|(name, _)| name.ending == ending);
        let stem = files.first().map(|(name, _)| name.stem.as_str());
        let mut all: Vec<&Name> = names
            .iter()
            .filter(|name| name.ending == ending && Some(name.stem.as_str()) == stem)
            .collect();
        if let Some((name, _)) = own.filter(|(name, _)| !all.contains(&name)) {
            all.push(name);
        }
        all.sort_by(|a, b| (&a.time, &a.commit).cmp(&(&b.time, &b.commit)));
        let (needless, newest) = all.split_at(all.len().saturating_sub(most));
        if let Some((name, text)) = own.filter(|(name, _)| newest.contains(&name)) {
            kept.files.push((name.written(), text.clone()));
        }
        let needless = needless.iter().map(|name| name.written());
        kept.removed
            .extend(needless.filter(|name| there.contains(name)));
    }
    Ok(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(day: u32, ending: &str) -> String {
        format!("coverage.202601{day:02}T000000Z.{day:040x}.{ending}")
    }

    fn new(day: u32) -> [(Name, String); 2] {
        [ENTRY, LINES].map(|ending| {
            let name = Name::parse(&name(day, ending)).expect("a name");
            (name, String::from("x"))
        })
    }

    #[test]
    fn the_newest_stay_and_other_gates_are_left_alone() {
        let other = format!("api.20250101T000000Z.{:040x}.json", 7);
        let there = [other, name(1, ENTRY), name(1, LINES), name(2, ENTRY)];
        let kept = plan(&there, &new(3), 2).expect("a plan");
        assert_eq!(kept.removed, [name(1, ENTRY)]);
        let written: Vec<_> = kept.files.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(written, [name(3, ENTRY), name(3, LINES)]);
        // Recorded again: the same names, and nothing goes.
        let again = plan(&[name(3, ENTRY), name(3, LINES)], &new(3), 2).expect("a plan");
        assert_eq!((again.files.len(), again.removed.len()), (2, 0));
        // Older than all that are kept: nothing to do.
        let late = plan(&[name(2, ENTRY), name(3, ENTRY)], &new(1)[..1], 2).expect("a plan");
        assert_eq!(late, Kept::default());
    }

    #[test]
    fn a_reference_of_something_else_is_not_touched() {
        let said = plan(&[String::from("src/")], &new(1), 2).expect_err("a stranger");
        assert!(said.contains("`src/`"), "{said}");
    }

    #[test]
    fn lines_are_kept_where_they_say_it_all() {
        let text =
            "SF:a\nFN:1,f\nFNDA:2,f\nBRDA:1,0,0,1\nBRDA:1,0,1,-\nDA:1,2\nDA:2,0\nend_of_record\n";
        let coverage = read(text.as_bytes()).expect("a report");
        assert!(lines(&coverage, coverage.totals()).is_some());
        let mut counts = coverage;
        let totals = counts.totals();
        counts.files.entry(String::from("b")).or_default().summary = Some(totals);
        assert!(lines(&counts, counts.totals()).is_none());
    }
}
