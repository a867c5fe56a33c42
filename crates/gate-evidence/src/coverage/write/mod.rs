//! Coverage written out again, for other tools and for later runs. Adding an
//! export is one file beside this one and one line in [`EXPORTS`].

mod cobertura;
mod json;
mod lcov;

use super::model::Coverage;

/// A way of writing coverage.
#[derive(Debug)]
pub struct Export {
    /// `snake_case` name, as the policy writes it.
    pub name: &'static str,
    /// What its files end in.
    pub ending: &'static str,
    /// Pure: the same coverage gives the same bytes.
    pub write: fn(&Coverage) -> String,
}

/// Every export, one line each.
pub static EXPORTS: &[Export] = &[
    Export {
        name: "lcov",
        ending: ".lcov",
        write: lcov::write,
    },
    Export {
        name: "cobertura",
        ending: ".cobertura.xml",
        write: cobertura::write,
    },
    Export {
        name: "json",
        ending: ".coverage.json",
        write: json::write,
    },
];
