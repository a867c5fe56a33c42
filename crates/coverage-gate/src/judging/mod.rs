//! What several criteria judge alike: shares of all the code, of the change, of
//! new files, of each part alone, and how far they fall against the base.

pub(crate) mod each;
pub(crate) mod fall;
pub(crate) mod new_files;
pub(crate) mod of_change;
pub(crate) mod share;
pub(crate) mod units;
