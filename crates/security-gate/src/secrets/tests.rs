//! Laws of the engine as a whole. Values are assembled at run time.
#![allow(clippy::disallowed_methods, reason = "tests read files")]

mod decoded;

use std::path::Path;

use proptest::prelude::*;

use super::sample::expand;
use super::*;

fn hits(path: &str, text: &[u8]) -> Vec<Hit> {
    let mut found = Vec::new();
    scan(path, text, &mut found);
    found
}

const SALT: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

fn message(path: &str, hit: &Hit) -> String {
    hit.message(hit.identity(path, Some(SALT)).id.as_deref())
}

#[test]
fn every_rule_finds_its_samples_and_leaves_its_decoys() {
    let mut wrong = Vec::new();
    for rule in rules() {
        assert!(
            !rule.samples.is_empty() && !rule.decoys.is_empty(),
            "{}",
            rule.id
        );
        for sample in rule.samples {
            let found = hits(rule.sample_path, expand(sample).as_bytes());
            if found.len() != 1 && !rule.id.starts_with("aws_key")
                || !found.iter().any(|hit| hit.rule == rule.id)
            {
                wrong.push(format!("{} misses {sample:?}: {found:?}", rule.id));
            }
        }
        for decoy in rule.decoys {
            let found = hits(rule.sample_path, expand(decoy).as_bytes());
            // A name may give away what the format does not.
            let own = |hit: &Hit| hit.rule == rule.id || hit.tier == Tier::Certain;
            if found.iter().any(own) {
                wrong.push(format!("{} finds {decoy:?}: {found:?}", rule.id));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(
        control(|_| true).map(|control| control.rules),
        Ok(rules().len())
    );
}

#[test]
fn the_table_is_well_formed() {
    let mut ids: Vec<_> = rules().iter().map(|rule| rule.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), rules().len());
    for rule in rules() {
        assert!(
            rule.id
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b == b'_' || b.is_ascii_digit()),
            "{}",
            rule.id
        );
        assert!(
            !rule.title.is_empty()
                && !rule.explain.is_empty()
                && !rule.next_step.is_empty()
                && !rule.family.is_empty(),
            "{}",
            rule.id
        );
        let by_file = matches!(rule.reach, Reach::File | Reach::Nature);
        let has_names = by_file || rule.reach == Reach::Manifest;
        assert_eq!(by_file, rule.literals.is_empty(), "{}", rule.id);
        assert_eq!(has_names, !rule.files.is_empty(), "{}", rule.id);
        assert!(
            rule.files.iter().all(|name| *name == name.to_lowercase()),
            "{}",
            rule.id
        );
        // A value that a checksum is computed over has its random part marked.
        assert!(
            rule.checksum.is_none() || rule.pattern.contains("?P<s>"),
            "{}",
            rule.id
        );
    }
    assert_eq!(rule_set_hash().len(), 64);
    assert_eq!(rule_set_hash(), rule_set_hash());
    assert!(rule("private_key").is_some() && rule("no_such_rule").is_none());
}

#[test]
fn no_hit_shows_or_hashes_its_value() {
    for rule in rules() {
        for sample in rule.samples {
            let text = expand(sample);
            for hit in hits(rule.sample_path, text.as_bytes()) {
                let length = hit.length as usize;
                if length == 0 {
                    // The file is the finding.
                    assert_eq!(rule.reach, Reach::Nature, "{hit:?}");
                    continue;
                }
                assert!(
                    hit.prefix.len() <= 4 && hit.prefix.len() * 4 <= length,
                    "{hit:?}"
                );
                let identity = hit.identity(rule.sample_path, Some(SALT));
                assert_eq!(identity.fingerprint.len(), 64);
                // No eight characters of the value in a row, in any field; common words of formats aside.
                let shown = format!("{hit:?} {}", hit.message(identity.id.as_deref()));
                let line = text.lines().nth(hit.line as usize - 1).unwrap_or_default();
                let value: String = line
                    .chars()
                    .skip(hit.column as usize - 1)
                    .take((hit.end_column - hit.column) as usize)
                    .collect();
                if hit.rule != "private_key" && hit.rule != "google_service_account_key" {
                    assert_eq!(value.chars().count(), length, "{hit:?}");
                    assert!(length == 0 || !shown.contains(&value), "{hit:?}");
                    let tail: String = value
                        .chars()
                        .rev()
                        .take(8)
                        .collect::<Vec<_>>()
                        .into_iter()
                        .rev()
                        .collect();
                    assert!(length < 12 || !shown.contains(&tail), "{hit:?}");
                }
            }
        }
    }
}

#[test]
fn first_and_last_line_are_counted_from_one() {
    let key = expand("AKIA{base32:16}");
    let one = hits("a", key.as_bytes());
    assert_eq!((one[0].line, one[0].column, one[0].end_column), (1, 1, 21));
    let other = expand("AKIA{base32:16}{}");
    let text = format!("\u{feff}é {key}\r\n\r\nlast '{other}'");
    let two = hits("a", text.as_bytes());
    assert_eq!((two[0].line, two[0].column), (1, 3));
    assert_eq!((two[1].line, two[1].column, two[1].end_column), (3, 7, 27));
    assert_eq!((two[0].prefix.as_str(), two[0].length), ("AKIA", 20));
}

#[test]
fn encodings_do_not_hide_a_value() {
    let key = expand("ghp_{sum:30}");
    let latin = [b"caf\xe9 ".as_slice(), key.as_bytes()].concat();
    assert_eq!(
        (hits("a", &latin)[0].line, hits("a", &latin)[0].column),
        (1, 6)
    );
    let wide: Vec<u8> = [0xFEFF]
        .into_iter()
        .chain(format!("x\n{key}").encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    assert_eq!(
        (hits("a", &wide)[0].line, hits("a", &wide)[0].column),
        (2, 1)
    );
}

#[test]
fn a_value_split_by_a_line_end_is_not_joined_but_a_key_block_is() {
    let key = expand("ghp_{sum:30}");
    let split = format!("{}\r\n{}", &key[..20], &key[20..]);
    assert_eq!(hits("a", split.as_bytes()), []);
    let block = expand(
        "-----BEGIN {}PRIVATE KEY-----\r\nMIIE{b64:60}\r\n{b64:64}\r\n-----END {}PRIVATE KEY-----\r\n",
    );
    let found = hits("a", block.as_bytes());
    assert_eq!(
        (
            found.len(),
            found[0].rule,
            found[0].line,
            found[0].end_column
        ),
        (1, "private_key", 1, 28)
    );
    assert!(found[0].length > 128);
}

#[test]
fn binary_files_are_searched_for_what_no_chance_makes() {
    let mut found = Vec::new();
    let text = format!(
        "\0{}\n{}",
        expand("ghp_{sum:30}"),
        expand("password = '{word:14}'")
    );
    let file = scan("a", text.as_bytes(), &mut found);
    let rules: Vec<_> = found.iter().map(|hit| hit.rule).collect();
    assert_eq!((file.binary, rules), (true, vec!["github_token"]));
}

#[test]
fn utf_16_is_read_without_its_mark() {
    let text = format!("key = {}\r\n", expand("ghp_{sum:30}"));
    let units = || text.encode_utf16();
    let little: Vec<u8> = units().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = units().flat_map(u16::to_be_bytes).collect();
    for wide in [little, big] {
        let found = hits("a.reg", &wide);
        assert_eq!(
            (found.len(), found[0].rule, found[0].column),
            (1, "github_token", 7)
        );
    }
}

#[test]
fn a_binary_store_is_found_by_its_name_and_its_first_bytes() {
    let mut found = Vec::new();
    let file = scan(
        "home/Team.KDBX",
        b"\x03\xD9\xA2\x9A\x67\xFB\x4B\xB5\0\x01",
        &mut found,
    );
    assert_eq!((file.hits, file.binary, file.truncated), (1, true, false));
    assert_eq!(
        (
            found[0].rule,
            found[0].line,
            found[0].column,
            found[0].length
        ),
        ("keepass_database", 1, 1, 0)
    );
    assert_eq!(
        message("home/Team.KDBX", &found[0]),
        "KeePass database: the file itself is a credential store (id 4960a3e7c70e3b55)"
    );
    assert_eq!(hits("team.kdbx", b"\0\x01 another kind of file"), []);
    assert_eq!(
        hits("team.bin", b"\x03\xD9\xA2\x9A\x67\xFB\x4B\xB5\0\x01"),
        []
    );
}

#[test]
fn an_exemption_needs_a_reason() {
    let key = expand("ghp_{sum:30}");
    let with = hits(
        "a",
        format!("{key} # gatewright:allow revoked test key").as_bytes(),
    );
    let why = with[0].exempt.as_ref().map(|grant| grant.why.as_str());
    assert_eq!(why, Some("revoked test key"));
    let without = hits("a", format!("{key} # gatewright:allow").as_bytes());
    assert_eq!(without[0].exempt, None);
    assert!(message("a", &without[0]).contains("not honoured"));
    let quoted = hits(
        "a",
        format!("{key} # gatewright:allow this {key} is revoked").as_bytes(),
    );
    assert_eq!(quoted.len(), 2);
    assert!(!format!("{quoted:?}").contains(&key));
}

/// What stands for the only secret of a file.
fn identity(path: &str, text: &str, salt: Option<&str>) -> Identity {
    let found = hits(path, text.as_bytes());
    assert_eq!(found.len(), 1, "{text}");
    found[0].identity(path, salt)
}

#[test]
fn an_id_survives_moves_and_is_the_repository_s_own() {
    let (key, other) = (expand("ghp_{sum:30}"), expand("gho_{sum:30}"));
    let at = |path: &str, text: &str| identity(path, text, Some(SALT));
    let here = at("a", &key);
    assert_eq!(here, at("a", &format!("\n\n  {key}")));
    let moved = at("b/c", &format!("x: {key}"));
    assert_eq!(here.id, moved.id);
    assert_ne!(here.fingerprint, moved.fingerprint);
    assert_ne!(here.id, at("a", &other).id);
    // Another repository has the same secret, and nobody sees that.
    let elsewhere = identity("a", &key, Some(&"7".repeat(64)));
    assert_ne!(here.id, elsewhere.id);
    assert_ne!(here.fingerprint, elsewhere.fingerprint);
}

#[test]
fn without_a_salt_nothing_of_the_value_is_told() {
    let (key, other) = (expand("ghp_{sum:30}"), expand("ghp_{}{sum:30}"));
    assert_ne!(key, other);
    let here = identity("a", &key, None);
    assert_eq!(here, identity("a", &other, None));
    assert_eq!((here.id, here.by_place), (None, true));
    let found = &hits("a", key.as_bytes())[0];
    assert!(
        found
            .message(None)
            .contains("40 characters, no id without `id_salt`)")
    );
}

#[test]
fn no_password_is_hashed_under_any_salt() {
    let address = |word: &str| format!("db://app:{}@db.internal/", expand(word));
    let (one, other) = (address("{word:12}"), address("{word:13}"));
    let here = identity("a", &one, None);
    // Another password at the same place is the same finding.
    for salt in [None, Some(SALT)] {
        assert_eq!(here, identity("a", &other, salt));
        assert!(here.id.is_some() && here.by_place);
    }
    let two = hits("a", format!("{one}\n{other}").as_bytes());
    assert_ne!(two[0].identity("a", None), two[1].identity("a", None));
    assert_eq!(two[0].prefix, "");
}

#[test]
fn the_id_of_before_is_still_known() {
    let key = expand("ghp_{sum:30}");
    let found = &hits("a", key.as_bytes())[0];
    let parts = ["gatewright secret v1", "github", &key].map(str::as_bytes);
    assert_eq!(rule(found.rule).map(|rule| rule.family), Some("github"));
    assert_eq!(found.key.unkeyed_id(), short(&hex_digest(&parts)));
}

#[test]
fn a_checksum_is_a_score() {
    let right = hits("a", expand("ghp_{sum:30}").as_bytes());
    let wrong = hits("a", expand("ghp_{alnum:36}").as_bytes());
    assert_eq!(
        (right[0].checksum, wrong[0].checksum),
        (Checksum::Holds, Checksum::Differs)
    );
}

#[test]
fn a_seed_whose_checksum_differs_is_only_likely() {
    let tier = |template: &str| hits("a", expand(template).as_bytes())[0].tier;
    assert_eq!(tier("{nkey:20}"), Tier::Certain);
    assert_eq!(tier("SU{base32:56}"), Tier::Likely);
    // Not looked for in what is no text.
    assert_eq!(
        hits("a", format!("\0{}", expand("SU{base32:56}")).as_bytes()),
        []
    );
}

#[test]
fn the_more_telling_rule_wins_an_overlap() {
    let bearer = hits(
        "a",
        format!("Authorization: Bearer {}", expand("ghp_{sum:30}")).as_bytes(),
    );
    assert_eq!((bearer.len(), bearer[0].rule), (1, "github_token"));
    let address = hits(
        "a",
        format!("https://x:{}@github.com/", expand("ghp_{sum:30}")).as_bytes(),
    );
    assert_eq!((address.len(), address[0].rule), (1, "github_token"));
}

#[test]
fn too_many_hits_are_reported_as_truncated() {
    let line = format!("{} ", expand("ghp_{sum:30}"));
    for count in [MAX_HITS, MAX_HITS + 1, MAX_HITS * 20] {
        let mut found = Vec::new();
        let file = scan("a", line.repeat(count).as_bytes(), &mut found);
        assert_eq!((file.hits, file.truncated), (MAX_HITS, count > MAX_HITS));
    }
}

#[test]
fn hostile_repetition_takes_bounded_work() {
    for piece in [
        "eyJhbGci",
        "://a:",
        "T3BlbkFJ",
        "-----BEGIN PRIVATE KEY-----",
        "AKIA",
        "Bearer aaaa",
        ":AA",
        "account_sid=AC",
        "xoxb-1-",
    ] {
        let mut found = Vec::new();
        scan(
            ".netrc",
            piece.repeat(200_000 / piece.len()).as_bytes(),
            &mut found,
        );
        assert_eq!(found, [], "{piece}");
    }
}

#[test]
fn the_crate_passes_its_own_search() {
    let mut files = vec![Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()];
    let (mut searched, mut found, mut hidden) = (0, Vec::new(), Vec::new());
    while let Some(path) = files.pop() {
        if path.is_dir() {
            // What a fuzzer left there is no file of the crate.
            if path.ends_with("fuzz/corpus") || path.ends_with("fuzz/target") {
                continue;
            }
            let entries = std::fs::read_dir(&path).expect("a folder");
            files.extend(entries.map(|entry| entry.expect("an entry").path()));
        } else {
            let bytes = std::fs::read(&path).expect("a file");
            scan(&path.to_string_lossy(), &bytes, &mut found);
            crate::malicious::scan(&path.to_string_lossy(), &bytes, &mut hidden);
            searched += 1;
        }
    }
    assert!(searched > 20);
    found.retain(|hit| hit.tier > Tier::Possible);
    assert_eq!((found, hidden), (Vec::new(), Vec::new()));
}

/// Arbitrary bytes, with pieces of real formats thrown in so that the deeper code is reached.
fn soup() -> impl Strategy<Value = Vec<u8>> {
    let samples: Vec<Vec<u8>> = rules()
        .iter()
        .flat_map(|rule| rule.samples)
        .map(|sample| expand(sample).into_bytes())
        .collect();
    let literals: Vec<Vec<u8>> = rules()
        .iter()
        .flat_map(|rule| rule.literals)
        .map(|literal| literal.as_bytes().to_vec())
        .collect();
    let piece = prop_oneof![
        proptest::sample::select(samples),
        proptest::sample::select(literals),
        proptest::collection::vec(any::<u8>(), 0..40),
        proptest::sample::select(vec![
            b"\n".to_vec(),
            b"\r\n".to_vec(),
            "é".into(),
            b"gatewright:allow a reason".to_vec()
        ]),
    ];
    (proptest::collection::vec(piece, 0..12), 0..40usize).prop_map(|(pieces, cut)| {
        let all = pieces.concat();
        all[cut.min(all.len())..].to_vec()
    })
}

/// The path of every rule's samples: each parser meets what was meant for another.
fn paths() -> impl Strategy<Value = &'static str> {
    let paths: Vec<_> = rules().iter().map(|rule| rule.sample_path).collect();
    proptest::sample::select(paths)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn never_panics_and_places_are_sound(bytes in soup(), path in paths()) {
        let found = hits(path, &bytes);
        for hit in &found {
            prop_assert!(hit.line >= 1 && hit.column >= 1 && hit.end_column >= hit.column);
            prop_assert!(hit.prefix.len() * 4 <= hit.length as usize);
        }
        prop_assert!(found.windows(2).all(|pair| (pair[0].line, pair[0].column) <= (pair[1].line, pair[1].column)));
        prop_assert_eq!(hits(path, &bytes), found);
    }
}
