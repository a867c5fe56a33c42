//! JSON text that is changed in places, and stays byte for byte as it was in all others.

mod edit;
mod locate;
mod pointer;

pub use edit::{Change, Edit, apply};
pub use locate::{Found, locate};
pub use pointer::{Pointer, Step};
