//! The catalogue: what is planned, and over it the gates' own tables.

use crate::workspace::GATES;
use gate_policy::Catalogue;

pub(crate) fn catalogue() -> Catalogue {
    let mut catalogue = gate_runner::catalogue::planned();
    for gate in GATES {
        catalogue.kinds.insert(gate.kind().to_owned(), gate.spec());
    }
    catalogue
}
