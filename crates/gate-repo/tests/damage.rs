//! Damaged repositories are errors; none is a panic.
#![allow(clippy::disallowed_methods, reason = "tests lay out repositories")]

mod common;

use common::Sandbox;
use gate_repo::{RepoError, open};

fn sample() -> Sandbox {
    let s = Sandbox::new();
    for i in 0..20 {
        s.write(
            &format!("dir{}/file{i}", i % 3),
            format!("content {i}\n").repeat(50),
        );
    }
    s.commit("one");
    s
}

#[test]
fn a_cut_or_flipped_index_is_an_error() {
    let s = sample();
    let path = s.dir.join(".git/index");
    let sound = std::fs::read(&path).unwrap();
    for cut in [0, 1, 4, 11, 12, 13, 100, sound.len() / 2, sound.len() - 1] {
        std::fs::write(&path, &sound[..cut]).unwrap();
        assert!(
            matches!(open(&s.dir), Err(RepoError::Index { .. })),
            "cut at {cut}"
        );
    }
    for at in (0..sound.len()).step_by(97) {
        let mut broken = sound.clone();
        broken[at] ^= 0x55;
        std::fs::write(&path, broken).unwrap();
        assert!(
            matches!(open(&s.dir), Err(RepoError::Index { .. })),
            "flip at {at}"
        );
    }
    std::fs::remove_file(&path).unwrap();
    std::fs::create_dir(&path).unwrap();
    assert!(matches!(open(&s.dir), Err(RepoError::Index { .. })));
}

/// With an empty checksum git skips the check: what is read is then anybody's bytes. Every answer is allowed but a panic.
#[test]
fn an_index_without_checksum_never_panics() {
    let s = sample();
    let path = s.dir.join(".git/index");
    let mut sound = std::fs::read(&path).unwrap();
    let end = sound.len() - 20;
    sound[end..].fill(0);
    std::fs::write(&path, &sound).unwrap();
    assert_eq!(open(&s.dir).unwrap().files().len(), 20);
    let mut refused = 0;
    for at in 0..end {
        let flip = [0x01, 0x80, 0xff][at % 3];
        let mut broken = sound.clone();
        broken[at] ^= flip;
        std::fs::write(&path, &broken).unwrap();
        match open(&s.dir) {
            Ok(repo) => drop(repo.index_matches_head()),
            Err(_) => refused += 1,
        }
    }
    assert!(refused > 0);
}

#[test]
fn names_that_leave_the_work_tree_are_refused() {
    let s = sample();
    let path = s.dir.join(".git/index");
    let mut index = std::fs::read(&path).unwrap();
    let at = index.windows(10).position(|w| w == b"dir0/file0").unwrap();
    index[at..at + 10].copy_from_slice(b"../x/file0");
    let end = index.len() - 20;
    index[end..].fill(0);
    std::fs::write(&path, &index).unwrap();
    assert!(
        matches!(open(&s.dir), Err(RepoError::Index { reason, .. }) if reason.contains("leads out"))
    );
}

#[test]
fn a_cut_or_flipped_pack_is_an_error() {
    let s = sample();
    s.git(&["repack", "-a", "-d", "-q"]);
    let packs = s.dir.join(".git/objects/pack");
    for ending in ["pack", "idx"] {
        let path = std::fs::read_dir(&packs)
            .unwrap()
            .map(|e| e.unwrap().path())
            .find(|p| p.extension().is_some_and(|e| e == ending))
            .unwrap();
        let sound = std::fs::read(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        let mut failed = 0;
        for at in (0..sound.len()).step_by(113) {
            for cut in [true, false] {
                let mut broken = sound.clone();
                if cut {
                    broken.truncate(at);
                } else {
                    broken[at] ^= 0xff;
                }
                std::fs::write(&path, &broken).unwrap();
                failed += usize::from(read_all(&s).is_err());
            }
        }
        assert!(failed > 0, "{ending}");
        std::fs::write(&path, &sound).unwrap();
        read_all(&s).unwrap();
    }
}

#[test]
fn a_damaged_loose_object_head_and_config() {
    let s = sample();
    let id = s.git(&["rev-parse", "HEAD:dir0/file0"]);
    let object = s
        .dir
        .join(format!(".git/objects/{}/{}", &id[..2], &id[2..]));
    let sound = std::fs::read(&object).unwrap();
    std::fs::remove_file(&object).unwrap();
    assert!(matches!(
        s.open().blob_at("HEAD", "dir0/file0"),
        Err(RepoError::MissingObject { .. })
    ));
    let content = "content 0\n".repeat(50).into_bytes();
    let mut failed = 0;
    for at in 0..sound.len() {
        let mut flipped = sound.clone();
        flipped[at] ^= 0x10;
        for broken in [&sound[..at], &flipped] {
            std::fs::write(&object, broken).unwrap();
            match s.open().blob_at("HEAD", "dir0/file0") {
                // Only what follows the content is damaged.
                Ok(read) => assert_eq!(read.as_ref(), Some(&content), "at {at}"),
                Err(_) => failed += 1,
            }
        }
    }
    assert!(failed > sound.len());
    std::fs::write(
        s.dir.join(".git/HEAD"),
        "0123456789012345678901234567890123456789\n",
    )
    .unwrap();
    assert!(matches!(
        open(&s.dir),
        Err(RepoError::MissingObject { .. } | RepoError::Object { .. })
    ));
    std::fs::write(s.dir.join(".git/HEAD"), "ref: refs/heads/main\n").unwrap();
    std::fs::write(s.dir.join(".git/config"), "[core\n").unwrap();
    assert!(matches!(open(&s.dir), Err(RepoError::Open { .. })));
}

fn read_all(s: &Sandbox) -> Result<(), RepoError> {
    let repo = open(&s.dir)?;
    for file in repo.files() {
        if repo.blob_at("HEAD", &file.path)?.is_none() {
            return Err(RepoError::NotARepository {
                root: s.dir.clone(),
            });
        }
    }
    repo.diff("HEAD").map(drop)
}
