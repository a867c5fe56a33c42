//! Maps kept as one sorted list. Reports write their records in order, so reading appends, and
//! uniting two shards of one file walks both lists side by side.

use std::collections::BTreeMap;
use std::ops::{Index, RangeInclusive};

/// A map, sorted by key, without repeats. Keys and values are lists of their own:
/// they are smaller so, and keys that two shards share are compared at one go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table<K, V> {
    keys: Vec<K>,
    values: Vec<V>,
}

impl<K, V> Default for Table<K, V> {
    fn default() -> Self {
        Self {
            keys: Vec::new(),
            values: Vec::new(),
        }
    }
}

impl<K: Ord, V> Table<K, V> {
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    pub fn get(&self, key: &K) -> Option<&V> {
        let at = self.keys.binary_search(key).ok()?;
        self.values.get(at)
    }

    pub fn contains_key(&self, key: &K) -> bool {
        self.keys.binary_search(key).is_ok()
    }

    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, &V)> + Clone {
        self.keys.iter().zip(&self.values)
    }

    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &K> + Clone {
        self.keys.iter()
    }

    pub fn values(&self) -> impl DoubleEndedIterator<Item = &V> + Clone {
        self.values.iter()
    }

    /// The rows whose keys lie in `keys`.
    pub fn range(
        &self,
        keys: RangeInclusive<K>,
    ) -> impl DoubleEndedIterator<Item = (&K, &V)> + Clone {
        let from = self.keys.partition_point(|key| key < keys.start());
        let to = self.keys.partition_point(|key| key <= keys.end());
        // a range that ends before it begins holds nothing
        let keys = self.keys.get(from..to).unwrap_or_default();
        keys.iter()
            .zip(self.values.get(from..to).unwrap_or_default())
    }

    /// Keeps the rows that `keep` says.
    pub fn retain(&mut self, mut keep: impl FnMut(&K, &V) -> bool) {
        let rows = std::mem::take(self).into_rows();
        let kept = rows.filter(|(key, value)| keep(key, value));
        (self.keys, self.values) = kept.unzip();
    }

    /// Adds the rows of another table; `unite` says what a key that is in both comes to.
    /// Whether both had the same keys.
    pub(super) fn merge(&mut self, other: Self, unite: impl Fn(&mut V, V)) -> bool {
        if other.is_empty() {
            return self.is_empty();
        }
        if self.is_empty() {
            *self = other;
            return false;
        }
        if self.keys == other.keys {
            for (ours, theirs) in self.values.iter_mut().zip(other.values) {
                unite(ours, theirs);
            }
            return true;
        }
        let room = self.len().max(other.len());
        let mut both = Self {
            keys: Vec::with_capacity(room),
            values: Vec::with_capacity(room),
        };
        let mut theirs = other.into_rows().peekable();
        for (key, mut value) in std::mem::take(self).into_rows() {
            while let Some(row) = theirs.next_if(|(other, _)| *other < key) {
                both.push(row);
            }
            if let Some((_, other)) = theirs.next_if(|(other, _)| *other == key) {
                unite(&mut value, other);
            }
            both.push((key, value));
        }
        theirs.for_each(|row| both.push(row));
        *self = both;
        false
    }

    fn push(&mut self, (key, value): (K, V)) {
        self.keys.push(key);
        self.values.push(value);
    }

    fn into_rows(self) -> impl Iterator<Item = (K, V)> {
        self.keys.into_iter().zip(self.values)
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
        let (keys, values) = sorted.into_iter().unzip();
        Self { keys, values }
    }
}

impl<'a, K, V> IntoIterator for &'a Table<K, V> {
    type Item = (&'a K, &'a V);
    type IntoIter = std::iter::Zip<std::slice::Iter<'a, K>, std::slice::Iter<'a, V>>;

    fn into_iter(self) -> Self::IntoIter {
        self.keys.iter().zip(&self.values)
    }
}

/// A [`Table`] while a report is read: rows that come in order are appended, the others wait in a
/// tree, so that no order of records makes reading slow.
#[derive(Debug)]
pub(super) struct Rows<K, V> {
    sorted: Table<K, V>,
    late: BTreeMap<K, V>,
}

impl<K, V> Default for Rows<K, V> {
    fn default() -> Self {
        Self {
            sorted: Table::default(),
            late: BTreeMap::new(),
        }
    }
}

impl<K: Ord, V: Default> Rows<K, V> {
    /// The value of `key`, made if absent.
    pub(super) fn entry(&mut self, key: K) -> &mut V {
        let Table { keys, values } = &mut self.sorted;
        let at = match keys.last() {
            Some(last) if *last >= key => keys.binary_search(&key),
            _ => {
                keys.push(key);
                values.push(V::default());
                let last = values.len() - 1;
                return &mut values[last];
            }
        };
        match at {
            Ok(at) => &mut values[at],
            Err(_) => self.late.entry(key).or_default(),
        }
    }

    /// Whether a table has the same keys.
    pub(super) fn has_keys_of(&self, table: &Table<K, V>) -> bool {
        self.late.is_empty() && self.sorted.keys == table.keys
    }

    /// Adds the rows to a table that has their keys; the rows are empty then, and keep their room.
    pub(super) fn pour_into(&mut self, table: &mut Table<K, V>, unite: impl Fn(&mut V, V)) {
        self.sorted.keys.clear();
        for (ours, theirs) in table.values.iter_mut().zip(self.sorted.values.drain(..)) {
            unite(ours, theirs);
        }
    }

    pub(super) fn get(&self, key: &K) -> Option<&V> {
        self.sorted.get(key).or_else(|| self.late.get(key))
    }

    pub(super) fn len(&self) -> usize {
        self.sorted.len() + self.late.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.sorted.iter().chain(&self.late)
    }

    /// What was read, in as much memory as it takes; the rows are empty then, and keep their room.
    pub(super) fn take(&mut self) -> Table<K, V> {
        let mut table = Table {
            keys: self.sorted.keys.drain(..).collect(),
            values: self.sorted.values.drain(..).collect(),
        };
        if !self.late.is_empty() {
            let (keys, values) = std::mem::take(&mut self.late).into_iter().unzip();
            // no key is in both
            let _ = table.merge(Table { keys, values }, |_, _| {});
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
