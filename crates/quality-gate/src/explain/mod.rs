//! Why it was decided so, in as few sentences as it takes; and the nearest way
//! to another answer.

mod chain;
mod way;

pub(crate) use chain::chain;
pub(crate) use way::{way, way_of};
