//! The keys of every gate that say when it applies and how many verdicts it
//! leaves: `when`, `scopes`, `shards`.

use crate::error::PolicyError;
use crate::load::Reading;
use crate::shape::Shape;
use crate::yaml::Entry;
use crate::{settings, when};

/// More than any matrix of Actions has (256 jobs); a bound, so that a missing
/// one can be named.
pub(crate) const MAX_SHARDS: u64 = 1_000;

/// The keys with their shapes and what they mean.
pub(crate) fn keys() -> [(&'static str, Shape, &'static str); 3] {
    [
        (
            "when",
            when::shape(),
            "The gate applies only where every condition holds (of a list: of any entry); elsewhere it is `skip`.",
        ),
        (
            "scopes",
            scopes_shape(),
            "Each of these scopes has to leave a verdict (`--scope`).",
        ),
        (
            "shards",
            Shape::Integer,
            "How many shards each scope has to leave a verdict of (`--shard I/N`).",
        ),
    ]
}

fn scopes_shape() -> Shape {
    Shape::List(Box::new(Shape::Like {
        pattern: "^[A-Za-z0-9_-]{1,64}$".into(),
        example: "api".into(),
    }))
}

pub(crate) fn scopes(
    entry: &Entry,
    reading: Reading<'_>,
    errors: &mut Vec<PolicyError>,
) -> Vec<String> {
    settings::check(entry, &scopes_shape(), reading, errors);
    let mut scopes: Vec<_> = entry.value.texts().into_iter().map(str::to_owned).collect();
    scopes.sort();
    scopes.dedup();
    scopes
}

pub(crate) fn shards(entry: &Entry) -> Result<u32, PolicyError> {
    entry
        .value
        .as_u64()
        .filter(|count| (1..=MAX_SHARDS).contains(count))
        .and_then(|count| u32::try_from(count).ok())
        .ok_or_else(|| settings::expected(entry, &format!("a number from 1 to {MAX_SHARDS}")))
}
