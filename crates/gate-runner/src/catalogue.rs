//! The catalogue of every gate kind, criterion and setting. It is generated
//! from the gates' tables by `cargo xtask codegen`; a test keeps it current.

use gate_policy::Catalogue;
use std::sync::OnceLock;

/// The generated catalogue this build carries.
pub fn catalogue() -> &'static Catalogue {
    static CATALOGUE: OnceLock<Catalogue> = OnceLock::new();
    CATALOGUE.get_or_init(|| {
        serde_json::from_str(include_str!("../../../schemas/catalogue.json"))
            .expect("schemas/catalogue.json is generated and tested")
    })
}

/// Kinds that no build judges yet, written by hand: what policies may already
/// ask for.
pub fn planned() -> Catalogue {
    serde_json::from_str(include_str!("../../../schemas/planned.json"))
        .expect("schemas/planned.json is tested")
}
