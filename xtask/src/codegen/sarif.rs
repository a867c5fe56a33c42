//! `docs/reference/sarif.md`: what is checked before an upload, and the toolbox, from the tables they are made by.

use super::flags::table;
use super::page::{Page, cell};
use gate_sarif::check::CHECKS;
use std::fmt::Write as _;

pub(crate) fn page() -> Page {
    let mut body = String::from(
        "What `sarif-upload` looks for before anything is sent, in the order of a log. *Refused*: GitHub takes the whole file or\n\
         nothing, and refuses it. *Hidden*: it takes the file and shows not all of it. *Advice*: its documentation or its ingestion\n\
         rules ask for it. Each finding is told with a JSON pointer, line and column; `--repair safe` applies the repairs that lose\n\
         nothing, `--repair cut` those too that leave something out, and the receipt lists them.\n\n\
         | Check | Weight | Expected | Next step |\n|---|---|---|---|\n",
    );
    for check in CHECKS {
        let _ = writeln!(
            body,
            "| `{}` | {} | {} | {} |",
            check.id,
            check.weight.word(),
            cell(check.expected),
            cell(check.next_step)
        );
    }
    body.push_str("\n## The toolbox\n\nEvery verb works without network. Exit code 2: a file that is no SARIF, or cannot be read or written.\n");
    for verb in sarif_upload::toolbox() {
        let about = verb
            .get_about()
            .map(ToString::to_string)
            .unwrap_or_default();
        let _ = write!(
            body,
            "\n### `sarif-upload {}`\n\n{about}.\n\n",
            verb.get_name()
        );
        table(&mut body, verb.get_arguments());
    }
    Page {
        title: String::from("SARIF"),
        summary: String::from(
            "What is checked before an upload to code scanning, and the toolbox for SARIF files",
        ),
        body,
    }
}
