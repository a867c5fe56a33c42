//! Maps kept as one sorted list. Reports write their records in order, so reading appends, and
//! uniting two shards of one file walks both lists side by side.

use std::collections::BTreeMap;
use std::ops::{Index, RangeInclusive};

/// A map, sorted by key, without repeats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table<K, V> {
    rows: Vec<(K, V)>,
}

impl<K, V> Default for Table<K, V> {
    fn default() -> Self {
        Self { rows: Vec::new() }
    }
}

impl<K: Ord, V> Table<K, V> {
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub fn get(&self, key: &K) -> Option<&V> {
        let at = self.rows.binary_search_by(|(known, _)| known.cmp(key));
        at.ok().map(|at| &self.rows[at].1)
    }

    pub fn contains_key(&self, key: &K) -> bool {
        self.get(key).is_some()
    }

    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, &V)> + Clone {
        self.rows.iter().map(|(key, value)| (key, value))
    }

    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &K> + Clone {
        self.rows.iter().map(|(key, _)| key)
    }

    pub fn values(&self) -> impl DoubleEndedIterator<Item = &V> + Clone {
        self.rows.iter().map(|(_, value)| value)
    }

    /// The rows whose keys lie in `keys`.
    pub fn range(
        &self,
        keys: RangeInclusive<K>,
    ) -> impl DoubleEndedIterator<Item = (&K, &V)> + Clone {
        let from = self.rows.partition_point(|(key, _)| key < keys.start());
        let to = self.rows.partition_point(|(key, _)| key <= keys.end());
        // a range that ends before it begins holds nothing
        let rows = self.rows.get(from..to).unwrap_or_default();
        rows.iter().map(|(key, value)| (key, value))
    }

    /// Keeps the rows that `keep` says.
    pub fn retain(&mut self, mut keep: impl FnMut(&K, &V) -> bool) {
        self.rows.retain(|(key, value)| keep(key, value));
    }

    /// Adds the rows of another table; `unite` says what a key that is in both comes to.
    /// Whether both had the same keys.
    pub(super) fn merge(&mut self, other: Self, unite: impl Fn(&mut V, V)) -> bool {
        if other.rows.is_empty() {
            return self.rows.is_empty();
        }
        if self.rows.is_empty() {
            self.rows = other.rows;
            return false;
        }
        if self.rows.len() == other.rows.len() && self.keys().eq(other.keys()) {
            for ((_, ours), (_, theirs)) in self.rows.iter_mut().zip(other.rows) {
                unite(ours, theirs);
            }
            return true;
        }
        let mut rows = Vec::with_capacity(self.rows.len().max(other.rows.len()));
        let mut theirs = other.rows.into_iter().peekable();
        for (key, mut value) in std::mem::take(&mut self.rows) {
            while let Some(row) = theirs.next_if(|(other, _)| *other < key) {
                rows.push(row);
            }
            if let Some((_, other)) = theirs.next_if(|(other, _)| *other == key) {
                unite(&mut value, other);
            }
            rows.push((key, value));
        }
        rows.extend(theirs);
        self.rows = rows;
        false
    }
}

impl<K: Ord, V> Index<&K> for Table<K, V> {
    type Output = V;

    fn index(&self, key: &K) -> &V {
        self.get(key).expect("the table holds the key")
    }
}

impl<K: Ord, V> FromIterator<(K, V)> for Table<K, V> {
    /// Of rows with one key the last one holds.
    fn from_iter<I: IntoIterator<Item = (K, V)>>(rows: I) -> Self {
        let sorted: BTreeMap<K, V> = rows.into_iter().collect();
        Self {
            rows: sorted.into_iter().collect(),
        }
    }
}

impl<'a, K, V> IntoIterator for &'a Table<K, V> {
    type Item = (&'a K, &'a V);
    type IntoIter = std::iter::Map<std::slice::Iter<'a, (K, V)>, fn(&(K, V)) -> (&K, &V)>;

    fn into_iter(self) -> Self::IntoIter {
        self.rows.iter().map(|(key, value)| (key, value))
    }
}

/// A [`Table`] while a report is read: rows that come in order are appended, the others wait in a
/// tree, so that no order of records makes reading slow.
#[derive(Debug)]
pub(super) struct Rows<K, V> {
    rows: Vec<(K, V)>,
    late: BTreeMap<K, V>,
}

impl<K, V> Default for Rows<K, V> {
    fn default() -> Self {
        Self {
            rows: Vec::new(),
            late: BTreeMap::new(),
        }
    }
}

impl<K: Ord, V: Default> Rows<K, V> {
    /// The value of `key`, made if absent.
    pub(super) fn entry(&mut self, key: K) -> &mut V {
        match self.rows.last() {
            Some((last, _)) if *last >= key => {}
            _ => {
                self.rows.push((key, V::default()));
                let last = self.rows.len() - 1;
                return &mut self.rows[last].1;
            }
        }
        match self.rows.binary_search_by(|(known, _)| known.cmp(&key)) {
            Ok(at) => &mut self.rows[at].1,
            Err(_) => self.late.entry(key).or_default(),
        }
    }

    pub(super) fn get(&self, key: &K) -> Option<&V> {
        match self.rows.binary_search_by(|(known, _)| known.cmp(key)) {
            Ok(at) => Some(&self.rows[at].1),
            Err(_) => self.late.get(key),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len() + self.late.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.rows
            .iter()
            .map(|(key, value)| (key, value))
            .chain(&self.late)
    }

    /// What was read, in as much memory as it takes; the rows are empty then, and keep their room.
    pub(super) fn take(&mut self) -> Table<K, V> {
        let mut table = Table {
            rows: self.rows.drain(..).collect(),
        };
        if !self.late.is_empty() {
            let rows = std::mem::take(&mut self.late).into_iter().collect();
            // no key is in both
            let _ = table.merge(Table { rows }, |_, _| {});
        }
        table
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(keys: &[u32]) -> Table<u32, u64> {
        let mut rows = Rows::<u32, u64>::default();
        for &key in keys {
            *rows.entry(key) += 1;
        }
        rows.take()
    }

    #[test]
    fn any_order_of_entries_makes_the_same_table() {
        assert_eq!(table(&[1, 2, 3, 2]), table(&[3, 2, 1, 2]));
        assert_eq!(
            table(&[5, 1, 5, 1, 9]).iter().collect::<Vec<_>>(),
            [(&1, &2), (&5, &2), (&9, &1)]
        );
    }

    #[test]
    fn ranges_and_merges() {
        let mut ours = table(&[1, 3, 5]);
        assert_eq!(ours.range(2..=5).count(), 2);
        #[allow(clippy::reversed_empty_ranges, reason = "hostile hunks")]
        let backwards = ours.range(5..=2).count();
        assert_eq!(backwards, 0);
        let sum = |ours: &mut u64, theirs| *ours += theirs;
        assert!(ours.merge(table(&[1, 3, 5]), sum));
        assert!(!ours.merge(table(&[0, 3, 9]), sum));
        assert_eq!(
            ours.iter()
                .map(|(&line, &hits)| (line, hits))
                .collect::<Vec<_>>(),
            [(0, 1), (1, 2), (3, 3), (5, 2), (9, 1)]
        );
        assert!(
            !ours.merge(Table::default(), sum),
            "one side measured nothing"
        );
    }
}
