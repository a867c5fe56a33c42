//! Secrets that a name gives away: `password = "..."`. A guess from two sides, the name and how surprising the value is.

mod judge;
mod literal;
mod name;
mod parse;
mod rarity;

pub(super) use judge::{Judged, is_strange, judge};
