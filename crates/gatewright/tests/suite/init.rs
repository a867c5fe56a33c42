//! `gatewright init --from`: a folder per tool with its settings and what `--dry-run` prints of them.
//! `GATEWRIGHT_BLESS=1` writes what is expected.

use crate::support::Repo;
use std::fs;
use std::path::Path;

#[test]
fn each_case_says_what_became_of_each_setting() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/init");
    let mut wrong = Vec::new();
    for entry in fs::read_dir(folder).expect("the cases") {
        let folder = entry.expect("an entry").path();
        let repo = Repo::empty();
        let mut from = String::new();
        for file in fs::read_dir(&folder).expect("a case") {
            let file = file.expect("an entry");
            let name = file.file_name().into_string().expect("a name");
            if name != "expected.txt" {
                repo.write(&name, fs::read(file.path()).expect("a file"));
                from = name;
            }
        }
        let ran = repo.run(&["init", "--from", &from, "--dry-run"]);
        assert_eq!(ran.code, Some(0), "{}: {}", folder.display(), ran.stderr);
        assert!(!ran.stdout.contains("not-shown"), "what is secret is shown");
        let expected = folder.join("expected.txt");
        if std::env::var_os("GATEWRIGHT_BLESS").is_some() {
            fs::write(&expected, &ran.stdout).expect("written");
        }
        if fs::read_to_string(&expected).ok().as_deref() != Some(ran.stdout.as_str()) {
            wrong.push(format!("{}:\n{}", folder.display(), ran.stdout));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_policy_is_written_once_and_judges() {
    let repo = Repo::sound(None);
    repo.write(
        "codecov.yml",
        "coverage: {status: {project: {default: {target: 80%, threshold: 5%}}, patch: off}}\n",
    );
    repo.write(
        "lcov.info",
        "SF:a.rs\nDA:1,1\nDA:2,1\nDA:3,1\nDA:4,0\nend_of_record\n",
    );
    repo.write("a.rs", "1\n2\n3\n4\n");
    repo.write(".gitignore", "/lcov.info\n");
    let named = repo.run(&["init"]);
    assert_eq!(named.code, Some(2));
    assert!(
        named.stderr.contains("gatewright init --from codecov.yml"),
        "{}",
        named.stderr
    );
    let ran = repo.run(&["init", "--from", "codecov.yml"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    repo.commit("policy");
    let judged = repo.run(&["coverage"]);
    assert_eq!(judged.code, Some(0), "{}{}", judged.stdout, judged.stderr);
    assert!(
        judged.stdout.contains("75.00% (3 of 4)  required >= 75%"),
        "{}",
        judged.stdout
    );
    let again = repo.run(&["init", "--from", "codecov.yml"]);
    assert_eq!(again.code, Some(2));
    assert!(
        again.stderr.contains("is there already"),
        "{}",
        again.stderr
    );
}

#[test]
fn what_cannot_be_read_is_said_with_its_place() {
    let bomb = "a: &a [x, x]\nb: [*a, *a]\n";
    let deep = format!("ignore: {}{}\n", "[".repeat(5_000), "]".repeat(5_000));
    let deep_toml = format!(
        "[tool.diff_cover]\nx = {}{}\n",
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    let many_of =
        |number: usize, of: fn(usize) -> String| (0..number).map(of).collect::<Vec<_>>().concat();
    let components = many_of(6_000, |n| {
        format!(
            "\n    - {{component_id: same, paths: [a{n}/], statuses: [{{type: patch, target: 1}}]}}"
        )
    });
    let gates = format!("component_management:\n  individual_components:{components}\n");
    let rules = many_of(15_000, |n| format!("\n  - {{path: ^a{n}/, threshold: 1}}"));
    let rules = format!("override:{rules}\n");
    let unknown = many_of(40_000, |n| format!("trehsold{n}: 1\n"));
    let many = format!("ignore: [{}]\n", "(a|b)/(c|d)/(e|f)/,".repeat(40_000));
    let long = format!("ignore: [{}]\n", "a,".repeat(600_000));
    for (name, text, said) in [
        ("codecov.yml", bomb, "codecov.yml:1:4: found an anchor"),
        ("codecov.yml", deep.as_str(), "recursion limit"),
        ("codecov.yml", long.as_str(), "expected at most"),
        ("codecov.yml", gates.as_str(), "more than 200 gates"),
        (".testcoverage.yml", rules.as_str(), "more than 200 gates"),
        ("codecov.yml", many.as_str(), "bytes"),
        ("codecov.yml", "", "found 0 documents"),
        ("codecov.yml", "- a\n", "found no map"),
        (
            "codecov.yml",
            "ignore: [a]\nignore: [b]\n",
            "codecov.yml:2:1: found a key that stands there twice",
        ),
        ("settings.yml", "a: b\n", "found no name of a tool"),
        (
            "pyproject.toml",
            "[tool.black]\n",
            "found no [tool.diff_cover]",
        ),
        ("pyproject.toml", "[tool.diff_cover]\nx = [\n", "not TOML"),
        ("pyproject.toml", deep_toml.as_str(), "not TOML"),
        (
            "pyproject.toml",
            "[tool.diff_cover]\nx = \"\\u001b\"\n",
            "control character",
        ),
    ] {
        let repo = Repo::empty();
        repo.write(name, text);
        let ran = repo.run(&["init", "--from", name]);
        assert_eq!(ran.code, Some(2), "{name}: {said}: {:.500}", ran.stdout);
        assert!(ran.stderr.contains(said), "{name}: {said}: {}", ran.stderr);
        assert!(!repo.path().join(".github").exists(), "{name}");
    }
    let repo = Repo::empty();
    repo.write("codecov.yml", unknown);
    let ran = repo.run(&["init", "--from", "codecov.yml"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(ran.stdout.contains("40000 not known (?)"));
}

#[test]
fn profiles_are_written_out_and_judge() {
    for (profile, code) in [("85", Some(0)), ("90", Some(1))] {
        let repo = Repo::sound(None);
        let ran = repo.run(&["init", "--profile", profile]);
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        repo.write("a.rs", "line\n".repeat(100));
        repo.write(".gitignore", "/lcov.info\n");
        repo.commit("policy");
        let lines: Vec<String> = (1..=100)
            .map(|line| format!("DA:{line},{}\n", u8::from(line <= 89)))
            .collect();
        repo.write(
            "lcov.info",
            format!("SF:a.rs\n{}end_of_record\n", lines.concat()),
        );
        let ran = repo.run(&["coverage"]);
        assert_eq!(ran.code, code, "{profile}: {}", ran.stdout);
        assert!(ran.stdout.contains("89.00% (89 of 100)"), "{}", ran.stdout);
    }
    let repo = Repo::sound(None);
    assert_eq!(repo.run(&["init", "--profile", "84.99"]).code, Some(2));
}
