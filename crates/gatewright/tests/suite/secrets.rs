//! A secret is found, and its value appears nowhere.

use crate::support::{POLICY, Repo};

#[test]
fn the_value_of_a_secret_is_in_no_output() {
    let repo = Repo::sound(Some(POLICY));
    let key = ["AK", "IA", "Z7QW", "LMNB", "4XCV", "R2TY"].concat();
    let password = ["hunter", "-", "two", "-", "Zq81"].concat();
    repo.write(
        "config/app.env",
        format!(
            "AWS_ACCESS_KEY_ID={key}\nDATABASE=postgres://app:{password}@db.acme-prod.net/app\n"
        ),
    );
    repo.commit("oops");
    for format in ["text", "json", "sarif", "markdown", "github"] {
        let ran = repo.run(&["run", "--format", format]);
        assert_eq!(ran.code, Some(1), "{format}: {}", ran.stdout);
        for value in [&key, &password] {
            assert!(
                !ran.stdout.contains(value.as_str()) && !ran.stderr.contains(value.as_str()),
                "{format}"
            );
        }
    }
    let verdict = repo.json("security.verdict.json");
    assert!(
        verdict["findings_total"].as_u64() >= Some(2),
        "{}",
        verdict["findings"]
    );
    assert_eq!(verdict["findings"][0]["location"]["path"], "config/app.env");
    for entry in std::fs::read_dir(repo.out(""))
        .expect("the out folder")
        .flatten()
    {
        let bytes = std::fs::read(entry.path()).expect("a file");
        let text = String::from_utf8_lossy(&bytes);
        for value in [&key, &password] {
            assert!(!text.contains(value.as_str()), "{}", entry.path().display());
        }
    }
}

#[test]
fn text_that_hides_its_order_blocks() {
    let repo = Repo::sound(Some(POLICY));
    repo.write(
        "src/access.js",
        format!(
            "if (level != \"user{}\u{2066}// check\u{2069} \u{2066}\") {{}}\n",
            '\u{202e}'
        ),
    );
    repo.commit("trojan");
    assert_eq!(repo.run(&["run"]).code, Some(1));
    assert_eq!(
        repo.json("security.verdict.json")["findings"][0]["rule"],
        "bidi_control"
    );
}

#[test]
fn a_change_cannot_exempt_what_it_adds() {
    let repo = Repo::sound(Some(POLICY));
    let base = repo.git(&["rev-parse", "HEAD"]);
    let key = ["AK", "IA", "Z7QW", "LMNB", "4XCV", "R2TY"].concat();
    repo.write(
        "app.env",
        format!("KEY={key} # gatewright:allow rotated long ago\n"),
    );
    let added = repo.commit("a secret with an excuse");
    assert_eq!(
        repo.run(&["run", "--base", &base]).code,
        Some(1),
        "new in the change"
    );
    assert_eq!(
        repo.run(&["run", "--base", &added]).code,
        Some(0),
        "already on the base"
    );
    assert_eq!(repo.run(&["run"]).code, Some(0), "no base governs");
}

#[test]
fn a_tracked_file_that_is_not_on_disk_was_not_searched() {
    let repo = Repo::sound(Some(POLICY));
    std::fs::remove_file(repo.path().join("docs/guide.md")).expect("removed");
    let ran = repo.run(&["run"]);
    assert_eq!(ran.code, Some(1), "{}", ran.stdout);
    for gate in ["integrity", "security"] {
        assert_eq!(
            repo.json(&format!("{gate}.verdict.json"))["status"],
            "error",
            "{gate}"
        );
    }
}
