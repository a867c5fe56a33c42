mod about;
mod mend;
mod result;
mod rule;

use super::*;
use std::collections::BTreeSet;

#[test]
fn every_check_has_a_name_of_its_own() {
    let ids: BTreeSet<_> = CHECKS.iter().map(|check| check.id).collect();
    assert_eq!(ids.len(), CHECKS.len());
    for check in CHECKS {
        let snake = |byte: u8| byte.is_ascii_lowercase() || byte == b'_';
        assert!(check.id.bytes().all(snake), "{}", check.id);
        assert!(!check.expected.is_empty() && !check.next_step.is_empty());
    }
}
