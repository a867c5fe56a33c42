//! What is kept from run to run comes back as it was, or not at all.
#![allow(clippy::disallowed_methods, reason = "tests lay out files")]

use gate_repo::{BlobCache, MAX_CACHE, MAX_VALUE};
use proptest::prelude::*;
use sha2::{Digest, Sha256};

const KEY: [u8; 32] = [7; 32];

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("temporary folder")
}

fn name(i: u32) -> [u8; 20] {
    let mut name = [0; 20];
    name[..4].copy_from_slice(&i.wrapping_mul(0x9e37_79b9).to_be_bytes());
    name[16..].copy_from_slice(&i.to_be_bytes());
    name
}

/// A file's bytes with a checksum that fits.
fn sealed(body: &[u8]) -> Vec<u8> {
    [body, &Sha256::digest(body)[..]].concat()
}

fn open_bytes(bytes: &[u8]) -> BlobCache {
    let folder = folder();
    std::fs::write(folder.path().join("blobs.cache"), bytes).expect("writes");
    BlobCache::open(folder.path(), &KEY)
}

fn sample() -> Vec<u8> {
    let folder = folder();
    let mut cache = BlobCache::open(folder.path(), &KEY);
    for i in 0..50 {
        assert!(cache.insert(&name(i), &vec![1; i as usize]));
    }
    assert_eq!(cache.save(folder.path()).expect("saves"), 0);
    std::fs::read(folder.path().join("blobs.cache")).expect("reads")
}

#[test]
fn what_was_set_comes_back_and_same_content_is_same_bytes() {
    let folder = folder();
    let below = folder.path().join("not/yet");
    let mut cache = BlobCache::open(&below, &KEY);
    assert!(cache.is_empty() && cache.ignored().is_none());
    for i in (0..1000).rev() {
        assert!(cache.insert(&name(i), &i.to_be_bytes()[..(i % 5) as usize]));
    }
    cache.save(&below).expect("saves");
    let file = below.join("blobs.cache");
    let first = std::fs::read(&file).expect("reads");
    let mut cache = BlobCache::open(&below, &KEY);
    assert_eq!((cache.len(), cache.ignored()), (1000, None));
    for i in 0..1000_u32 {
        let value = i.to_be_bytes();
        assert_eq!(cache.get(&name(i)), Some(&value[..(i % 5) as usize]));
    }
    assert_eq!(cache.get(&name(1000)), None);
    cache.save(&below).expect("saves");
    assert_eq!(std::fs::read(&file).expect("reads"), first);

    assert!(cache.insert(&name(3), b"other"));
    assert!(cache.insert(&name(5000), &vec![9; MAX_VALUE]));
    assert!(!cache.insert(&name(4), &vec![9; MAX_VALUE + 1]));
    assert_eq!((cache.get(&name(4)), cache.len()), (None, 1000));
    cache.save(&below).expect("saves");
    let cache = BlobCache::open(&below, &KEY);
    assert_eq!(cache.get(&name(3)), Some(&b"other"[..]));
    assert_eq!(cache.get(&name(5000)).map(<[u8]>::len), Some(MAX_VALUE));
    assert_eq!((cache.get(&name(4)), cache.len()), (None, 1000));
    let left: Vec<_> = std::fs::read_dir(&below).expect("lists").collect();
    assert_eq!(left.len(), 1, "no temporary file is left");
}

#[test]
fn other_rules_versions_and_damage_are_ignored_with_a_reason() {
    let sound = sample();
    assert_eq!(open_bytes(&sound).len(), 50);
    let body = &sound[..sound.len() - 32];
    let ignored = |bytes: &[u8]| {
        let cache = open_bytes(bytes);
        assert!(cache.is_empty());
        cache.ignored().expect("a reason").to_owned()
    };
    for at in 0..sound.len() {
        let mut flipped = sound.clone();
        flipped[at] ^= 1 << (at % 8);
        ignored(&flipped);
        ignored(&sound[..at]);
    }
    let mut longer = sound.clone();
    longer.push(0);
    assert!(ignored(&longer).contains("checksum"));
    let changed = |at: usize, to: u8| {
        let mut body = body.to_vec();
        body[at] = to;
        sealed(&body)
    };
    assert!(ignored(&changed(7, 2)).contains("version"));
    assert!(ignored(&changed(8, 0)).contains("other rules"));
    assert!(ignored(&changed(40, 51)).contains("cut"));
    assert!(ignored(&changed(48, 255)).contains("order"));
    assert!(ignored(&sealed(&body[..body.len() - 1])).contains("cut"));
    assert_eq!(open_bytes(&sealed(body)).len(), 50, "forged, and believed");
    assert!(ignored(&[]).contains("too short"));
}

#[cfg(unix)]
#[test]
fn only_a_regular_file_is_read() {
    let folder = folder();
    let path = folder.path().join("blobs.cache");
    for lay in [
        "mkfifo blobs.cache",
        "mkdir blobs.cache",
        "ln -s /dev/zero blobs.cache",
        "truncate -s 67108865 blobs.cache",
    ] {
        let made = std::process::Command::new("sh")
            .args(["-c", lay])
            .current_dir(folder.path())
            .status()
            .expect("runs");
        assert!(made.success());
        let mut cache = BlobCache::open(folder.path(), &KEY);
        assert!(cache.ignored().is_some(), "{lay}");
        cache.insert(&name(1), b"");
        if path.is_dir() {
            assert!(cache.save(folder.path()).is_err());
            std::fs::remove_dir(&path).expect("removes");
        } else {
            cache.save(folder.path()).expect("takes its place");
            assert_eq!(BlobCache::open(folder.path(), &KEY).len(), 1, "{lay}");
            std::fs::remove_file(&path).expect("removes");
        }
        let left = std::fs::read_dir(folder.path()).expect("lists").count();
        assert_eq!(left, 0, "{lay}");
    }
    std::fs::write(&path, "").expect("writes");
    assert!(BlobCache::open(&path, &KEY).save(&path).is_err());
}

/// What was asked for stays, what nobody asked for makes room.
#[test]
fn the_file_is_bounded() {
    let folder = folder();
    let mut cache = BlobCache::open(folder.path(), &KEY);
    let value = vec![0; MAX_VALUE];
    let fits = (MAX_CACHE - 80) / (MAX_VALUE + 22);
    for i in 0..u32::try_from(fits).expect("fits") {
        cache.insert(&name(i), &value);
    }
    assert_eq!(cache.save(folder.path()).expect("saves"), 0);
    let mut cache = BlobCache::open(folder.path(), &KEY);
    for i in 0..500 {
        assert!(cache.get(&name(i)).is_some());
    }
    for i in 10_000..10_400 {
        cache.insert(&name(i), &value);
    }
    assert_eq!(cache.save(folder.path()).expect("saves"), 400);
    let file = folder.path().join("blobs.cache");
    assert!(file.metadata().expect("there").len() <= MAX_CACHE as u64);
    let cache = BlobCache::open(folder.path(), &KEY);
    assert_eq!(cache.len(), fits);
    for i in (0..500).chain(10_000..10_400) {
        assert!(cache.get(&name(i)).is_some(), "{i}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    /// Anybody's bytes: a reason, or a cache that answers.
    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let cache = open_bytes(&bytes);
        prop_assert!(cache.is_empty() && cache.ignored().is_some());
    }

    /// The same behind a sound head and with a checksum that fits: what the entries say is anybody's.
    #[test]
    fn arbitrary_entries_never_panic(
        count in prop_oneof![0..8_u64, any::<u64>()],
        entries in proptest::collection::vec((any::<[u8; 20]>(), 0..40_u16, 0..40_usize), 0..8),
        tail in proptest::collection::vec(any::<u8>(), 0..30),
    ) {
        let mut body = [&b"gwblob\0\x01"[..], &KEY, &count.to_le_bytes()].concat();
        for (name, len, value) in &entries {
            body.extend_from_slice(name);
            body.extend_from_slice(&len.to_le_bytes());
            body.extend(std::iter::repeat_n(7, *value));
        }
        body.extend_from_slice(&tail);
        let cache = open_bytes(&sealed(&body));
        prop_assert_eq!(cache.ignored().is_some() || count == 0, cache.is_empty());
        for (name, _, _) in &entries {
            let _ = cache.get(name);
        }
        let folder = folder();
        prop_assert_eq!(cache.save(folder.path()).expect("saves"), 0);
        prop_assert_eq!(BlobCache::open(folder.path(), &KEY).len(), cache.len());
    }

    #[test]
    fn what_goes_in_comes_out(
        entries in proptest::collection::btree_map(any::<[u8; 20]>(), proptest::collection::vec(any::<u8>(), 0..50), 0..40),
    ) {
        let folder = folder();
        let mut cache = BlobCache::open(folder.path(), &KEY);
        for (name, value) in &entries {
            cache.insert(name, value);
        }
        cache.save(folder.path()).expect("saves");
        let cache = BlobCache::open(folder.path(), &KEY);
        prop_assert_eq!(cache.len(), entries.len());
        for (name, value) in &entries {
            prop_assert_eq!(cache.get(name), Some(&value[..]));
        }
    }
}
