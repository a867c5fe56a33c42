//! Repositories that nobody writes by hand, run with the real binary: an answer in bounded time, and never a panic.

#![cfg(unix)]
#![allow(
    clippy::disallowed_methods,
    reason = "tests lay out repositories and run the gate"
)]

mod manifests;
mod repo;

use repo::Repo;
use std::fmt::Write as _;

const CRITERIA: [&str; 11] = [
    "no_broken_links",
    "cross_references_valid",
    "all_referenced_modules_exist",
    "no_circular_dependencies",
    "yaml_frontmatter_correct",
    "all_modules_referenced",
    "delegation_chains_resolve",
    "markdown_syntax_valid",
    "reference_depth",
    "token_budgets_respected",
    "valid_xml_structure",
];

fn module(at: usize, next: usize) -> String {
    format!("Module {at}.\n\n<include>m{next}.md</include>\n")
}

#[test]
fn a_chain_of_ten_thousand_includes() {
    let repo = Repo::new();
    let last = 9_999;
    for at in 0..last {
        repo.write(&format!("m{at}.md"), module(at, at + 1));
    }
    repo.write(&format!("m{last}.md"), "The end.\n");
    repo.commit();
    let verdict = repo.judge();
    assert_eq!(verdict.findings(), Vec::<String>::new());
    assert_eq!(
        verdict.criterion("reference_depth")["observed"]["value"],
        "9999"
    );
    for criterion in CRITERIA {
        assert_eq!(verdict.status(criterion), "pass", "{criterion}");
    }

    // Its end leads to its beginning.
    repo.write(&format!("m{last}.md"), module(last, 0));
    repo.commit();
    let verdict = repo.judge();
    assert_eq!(verdict.findings(), ["m0.md:3 circular_dependency"]);
    let message = verdict.message("circular_dependency");
    assert!(
        message.contains("m0.md → m1.md") && message.contains('…'),
        "{message}"
    );
    assert!(message.len() < 1_000, "{message}");

    // A link of the chain is missing.
    repo.write("m5000.md", module(5_000, 10_001));
    repo.commit();
    let verdict = repo.judge();
    assert_eq!(verdict.status("all_referenced_modules_exist"), "fail");
    assert_eq!(verdict.status("no_circular_dependencies"), "pass");
    assert_eq!(verdict.status("all_modules_referenced"), "fail");
    assert!(
        verdict
            .findings()
            .contains(&String::from("m5000.md:3 missing_module"))
    );
}

#[test]
fn a_hundred_thousand_headings() {
    let repo = Repo::new();
    let mut text = String::from("[last](#x-99999) and [behind](#x-100000)\n\n");
    text.push_str(&"# x\n\n".repeat(100_000));
    repo.write("README.md", text);
    repo.commit();
    assert_eq!(repo.judge().findings(), ["README.md:1 broken_anchor"]);
}

#[test]
fn symlinks_that_lead_in_circles_are_names_and_no_more() {
    let repo = Repo::new();
    repo.write(
        "README.md",
        "[a](a.md), [b](b.md), [dir](loop), [through](loop/README.md), [out](out)\n",
    );
    repo.link("a.md", "b.md");
    repo.link("b.md", "a.md");
    repo.link("loop", ".");
    repo.link("out", "../../../../etc");
    repo.link("self.md", "self.md");
    repo.commit();
    let verdict = repo.judge();
    // Git tracks a symlink as a name; nothing lies below it. The policy's modules are all files.
    assert_eq!(
        verdict.findings(),
        ["README.md:1 broken_link", "self.md:0 unreferenced_module"]
    );
    assert!(verdict.message("broken_link").contains("loop/README.md"));
}

#[test]
fn more_paths_by_links_than_are_known_are_no_pass() {
    let repo = Repo::new();
    for at in 0..300 {
        repo.write(&format!("all/{at}.md"), "x\n");
    }
    for at in 0..333 {
        repo.link(&format!("by/{at}"), "../all");
    }
    repo.commit();
    assert_eq!(repo.judge().status("no_broken_links"), "pass");
    repo.link("by/more", "../all");
    repo.commit();
    let verdict = repo.judge();
    assert_eq!(verdict.status("no_broken_links"), "error");
    assert_eq!(verdict.criterion("no_broken_links")["code"], "incomplete");
}

#[test]
fn fragments_are_looked_for_where_a_symlink_leads_and_in_the_index() {
    let repo = Repo::new();
    repo.write("AGENTS.md", "# There\n");
    repo.link("CLAUDE.md", "AGENTS.md");
    repo.link("out.md", "../elsewhere.md");
    repo.write("basket.py", "a\nb\n");
    repo.write(
        "README.md",
        "[a](CLAUDE.md#there) [b](CLAUDE.md#gone) [c](out.md#x) [d](basket.py#L2) [e](basket.py#L9) [f](AGENTS.md)\n",
    );
    repo.commit();
    repo.git(&["update-index", "--skip-worktree", "basket.py"]);
    repo.remove("basket.py");
    let verdict = repo.judge();
    assert_eq!(
        verdict.findings(),
        ["README.md:1 broken_anchor", "README.md:1 line_out_of_range"]
    );
    assert_eq!(verdict.0["metrics"]["fragments_not_checked"], "1");
    // The base is asked in the same way.
    repo.write("more.md", "More.\n");
    repo.commit();
    let verdict = repo.judge_with(&["--base", "HEAD~1"]);
    let reason = "2 broken of 6 links in 3 Markdown files; 0 new, 2 that the base has too";
    assert_eq!(verdict.criterion("no_broken_links")["reason"], reason);
}

/// What is not kept may be new, or accepted: nobody knows.
#[test]
fn more_problems_than_are_kept_are_no_pass() {
    let repo = Repo::new();
    repo.write(
        ".github/gates.yml",
        "version: 1\ngates:\n  integrity:\n    front_matter: [{paths: [\"m.md\"], schema: s.json}]\n    criteria:\n      \
         valid_xml_structure: \"<= 100000\"\n      markdown_syntax_valid: \"<= 100000\"\n      yaml_frontmatter_correct: \"<= 1000\"\n",
    );
    repo.write("s.json", r#"{"additionalProperties": {"type": "string"}}"#);
    let keys: String = (0..1_001).fold(String::new(), |mut keys, at| {
        let _ = writeln!(keys, "k{at}: 1");
        keys
    });
    repo.write(
        "m.md",
        format!(
            "---\n{keys}---\na | b\n--|--\n{}\n{}",
            "1|2|3\n".repeat(100_001),
            "</b>\n".repeat(100_001)
        ),
    );
    repo.commit();
    let verdict = repo.judge();
    for (criterion, reason) in [
        (
            "valid_xml_structure",
            "m.md: 100001 tags are out of balance, and 100000 are kept; 100000 findings in what could be judged",
        ),
        (
            "markdown_syntax_valid",
            "m.md: 100001 fences and tables are not shown as meant, and 100000 are kept; 100000 findings in what could be judged",
        ),
        (
            "yaml_frontmatter_correct",
            "m.md: 1001 values do not fit its schema, and 1000 are kept; 1000 findings in what could be judged",
        ),
    ] {
        let judged = verdict.criterion(criterion);
        assert_eq!(
            (&judged["status"], &judged["code"]),
            (&"error".into(), &"incomplete".into())
        );
        assert_eq!(judged["reason"], reason);
    }
}

#[test]
fn what_lies_in_a_submodule_is_not_judged() {
    let repo = Repo::new();
    repo.write(
        "README.md",
        "[lib](vendor/lib), [inside](vendor/lib/README.md#x), [beside](vendor/other)\n",
    );
    repo.git(&["add", "."]);
    let entry = format!("160000,{},vendor/lib", "1".repeat(40));
    repo.git(&["update-index", "--add", "--cacheinfo", &entry]);
    repo.git(&["commit", "--quiet", "--no-gpg-sign", "-m", "all"]);
    let verdict = repo.judge();
    assert_eq!(verdict.findings(), ["README.md:1 broken_link"]);
    assert!(verdict.message("broken_link").contains("vendor/other"));
}

#[test]
fn a_tracked_file_that_is_not_there_leaves_nothing_judged() {
    let repo = Repo::new();
    repo.write("README.md", "# Readme\n");
    repo.write("docs/a.md", "# A\n");
    repo.commit();
    repo.remove("docs/a.md");
    let verdict = repo.judge();
    for criterion in CRITERIA {
        let judged = verdict.criterion(criterion);
        assert_eq!(judged["status"], "error", "{criterion}");
        assert_eq!(judged["code"], "evidence_unreadable", "{criterion}");
        assert!(
            judged["reason"]
                .as_str()
                .is_some_and(|reason| reason.contains("docs/a.md")),
            "{judged}"
        );
        assert!(judged["next_step"].is_string(), "{judged}");
    }
}

#[test]
fn bombs_are_findings() {
    let repo = Repo::new();
    let mut aliases = String::from("---\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..30 {
        let list = vec![format!("*a{}", level - 1); 10].join(", ");
        let _ = writeln!(aliases, "a{level}: &a{level} [{list}]");
    }
    aliases.push_str("---\n");
    repo.write("aliases.md", aliases);
    repo.write("deep.md", format!("---\na: {}\n---\n", "[".repeat(50_000)));
    let mut entities = String::from("<!DOCTYPE a [\n<!ENTITY e0 \"ha\">\n");
    for level in 1..30 {
        let text = format!("&e{};", level - 1).repeat(10);
        let _ = writeln!(entities, "<!ENTITY e{level} \"{text}\">");
    }
    entities.push_str("]>\n<a>&e29;</a>\n");
    repo.write("entities.xml", entities);
    repo.write("nested.xml", format!("{}x", "<a>".repeat(100_000)));
    repo.write(
        "nested.md",
        format!("{}\n\n{}", "<part>\n".repeat(20_000), ">".repeat(20_000)),
    );
    repo.write(
        "up.md",
        format!(
            "[x]({}x.md)\n\n<include>{}x.md</include>\n",
            "../".repeat(20_000),
            "../".repeat(300)
        ),
    );
    repo.write("zz-line.md", "[x](y.md) ".repeat(200_000));
    repo.write(
        "binary.md",
        // Not with the mark of UTF-16, which is told as such.
        (0..=253_u8).rev().collect::<Vec<u8>>().repeat(800),
    );
    repo.write(
        "README.md",
        "[a](aliases.md) [b](deep.md) [c](nested.md) [d](up.md) [e](zz-line.md) [f](binary.md)
",
    );
    repo.commit();
    let verdict = repo.judge();
    let findings = verdict.findings();
    let has = |start: &str| findings.iter().any(|finding| finding.starts_with(start));
    for start in [
        "aliases.md:5 bad_front_matter",
        "deep.md:2 bad_front_matter",
        "nested.xml:1 malformed_xml",
        "up.md:1 link_above_root",
        "up.md:3 module_above_root",
        "zz-line.md:1 broken_link",
    ] {
        assert!(
            has(start),
            "{start} is not among {:?}",
            &findings[..findings.len().min(20)]
        );
    }
    assert_eq!(
        verdict.0["truncated"], true,
        "two hundred thousand findings are not listed"
    );
}

/// Many modules lead into one long chain.
#[test]
fn a_broom_of_includes() {
    let repo = Repo::new();
    let handle = 2_000;
    for at in 0..handle {
        repo.write(&format!("m{at}.md"), module(at, at + 1));
    }
    repo.write(&format!("m{handle}.md"), "The end.\n");
    for at in 0..2_000 {
        repo.write(
            &format!("bristles/{at}.md"),
            "<include>../m0.md</include>\n",
        );
    }
    repo.commit();
    let verdict = repo.judge();
    assert_eq!(
        verdict.criterion("reference_depth")["observed"]["value"],
        "2001"
    );
}

/// Many small circles beside each other, which must not cost their square.
#[test]
fn five_thousand_circles() {
    let repo = Repo::new();
    for at in (0..10_000).step_by(2) {
        repo.write(&format!("m{at}.md"), module(at, at + 1));
        repo.write(&format!("m{}.md", at + 1), module(at + 1, at));
    }
    repo.commit();
    let verdict = repo.judge();
    assert_eq!(
        verdict.criterion("no_circular_dependencies")["observed"]["value"],
        "5000"
    );
}

#[test]
fn twenty_thousand_wrong_fragments_of_as_many_headings() {
    let repo = Repo::new();
    let mut text = String::new();
    for at in 0..20_000 {
        let _ = write!(text, "# head number {at}\n\n[x](#wrong-{at})\n\n");
    }
    repo.write("README.md", text);
    repo.commit();
    assert_eq!(repo.judge().status("no_broken_links"), "fail");
}

#[test]
fn a_tree_as_deep_as_paths_may_be() {
    let repo = Repo::new();
    let folder = ["a"; 900].join("/");
    let mut includes = String::new();
    for at in 0..2_000 {
        let _ = writeln!(includes, "<include>x/y{at}.md</include>");
    }
    repo.write("README.md", format!("[deep]({folder}/f.md)\n"));
    repo.write(&format!("{folder}/f.md"), includes);
    repo.commit();
    assert_eq!(repo.judge().status("all_referenced_modules_exist"), "fail");
}

#[test]
fn fixes_touch_nothing_but_what_they_mend() {
    let repo = Repo::new();
    repo.write("docs/a|b \"q\"&amp;.md", "# A\n");
    repo.write("docs/Case.md", "# Two Words\n");
    repo.write("docs/deep/unique.md", "# U\n");
    repo.write("docs/deep/x:y.md", "# U\n");
    repo.write(
        "README.md",
        "\u{feff}# R\r\n\r\n| é |\r\n|---|\r\n| 日 [x](docs/case.md#two-words 'docs/case.md') ![y](gone/a%7Cb%20%22q%22%26amp;.md) |\r\n\r\n\
         > \t[z]: <unique.md> \"unique.md\"\r\n\r\n> [z]\r\n\r\n[r](gone/README.md) <a\r\n href='unique.md'>unique.md</a> [c](x%3Ay.md) `unique.md`\r\n\r\n\
         [h](docs/Case.md#two.words)\r\n",
    );
    repo.write("bad.md", b"[x](docs/case.md) \xff\n");
    repo.commit();
    let verdict = repo.judge_with(&["--fix"]);
    let text = String::from_utf8(repo.read("README.md")).expect("UTF-8");
    assert_eq!(
        text,
        "\u{feff}# R\r\n\r\n| é |\r\n|---|\r\n| 日 [x](docs/Case.md#two-words 'docs/case.md') ![y](docs/a%7Cb%20%22q%22%26amp;.md) |\r\n\r\n\
         > \t[z]: <docs/deep/unique.md> \"unique.md\"\r\n\r\n> [z]\r\n\r\n[r](gone/README.md) <a\r\n href='docs/deep/unique.md'>unique.md</a> [c](docs/deep/x:y.md) `unique.md`\r\n\r\n\
         [h](docs/Case.md#two-words)\r\n",
    );
    assert_eq!(repo.read("bad.md"), b"[x](docs/case.md) \xff\n");
    let left: Vec<String> = verdict.findings();
    let links = left.iter().filter(|finding| finding.contains("link"));
    assert_eq!(
        links.collect::<Vec<_>>(),
        ["README.md:11 broken_link", "bad.md:1 link_case"]
    );
}
