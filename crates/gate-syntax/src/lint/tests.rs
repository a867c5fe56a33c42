//! What is told, and what is not.

use proptest::prelude::*;

use super::*;

fn problems(text: &str) -> Vec<(&'static str, &str)> {
    markdown_problems(text)
        .0
        .into_iter()
        .map(|problem| (problem.rule, &text[problem.span]))
        .collect()
}

#[test]
fn good_markdown_has_no_problem() {
    let all = [
        "",
        "```\nx\n```\n",
        "~~~ rust\n```\n~~~~\n",
        "````md\n```sh\nx\n```\n````\n",
        "- item\n  ```\n  x\n  ```\n> ```\n> y\n> ```\n",
        "```\n```js\n```\n\n```\nx\n```\n",
        "    ```\n    indented\n",
        "| a | b |\n|---|:-:|\n| 1 |\n| `x\\|y` | 2 |\n| 1 | 2 | |\n",
        "a | b\n--|--\n1 | 2\n",
        "a|b is text\n\n---\n",
        "text\n| - |\n",
        "`a | b`\n---|---\n",
        "```\n| a |\n|---|---|\n```\n",
    ];
    for text in all {
        assert_eq!(problems(text), [], "{text}");
    }
}

#[test]
fn fences_without_an_end_are_found() {
    let all = [
        ("x\n```rust\ny\n", "```rust"),
        ("```\nx\n```\ntext\n```\n", "```"),
        ("~~~~\nx\n~~~\n```\n", "~~~~"),
        ("- item\n  ```sh\n  x\n\ntext\n", "```sh"),
        ("> ```\n> x\n\ntext\n", "```"),
        ("```\nx\n``` y\n", "```"),
        ("```", "```"),
    ];
    for (text, opening) in all {
        assert_eq!(problems(text), [("unclosed_fence", opening)], "{text}");
    }
    let found = &markdown_problems("~~~~\nx").0[0];
    assert_eq!(
        &*found.message,
        "found a fence without an end, expected a line of 4 tildes after it"
    );
    assert_eq!(found.span, 0..4);
}

#[test]
fn nested_fences_are_found_where_they_turn_the_rest_inside_out() {
    let text = "```markdown\n# T\n```bash\nx\n```\ntext\n```\n\nmore\n";
    assert_eq!(problems(text), [("nested_fence", "```bash")]);
    let message = &markdown_problems(text).0[0].message;
    assert!(message.contains("4 backticks"), "{message}");
    let text = "```markdown\n```bash\nx\n```\ntext\n```\n\n```markdown\n```yaml\ny\n```\n```\n";
    assert_eq!(problems(text)[0], ("nested_fence", "```bash"));
    assert!(
        problems(text)
            .iter()
            .all(|(rule, _)| *rule == "nested_fence")
    );
    // The end of the first is missing, and nothing later suffers.
    assert_eq!(problems("```\nx\n\n```bash\ny\n```\n\n```sh\nz\n```\n"), []);
    // Something else went wrong further down.
    let text = "```markdown\n```bash\nx\n```\n\n```sh\n```\n\n```\nopen\n";
    assert_eq!(problems(text), [("unclosed_fence", "```")]);
}

#[test]
fn lost_cells_are_found() {
    let text = "| a | b |\n|---|---|\n| 1 | 2 | 3 | 4 |\n| `x|y` | z |\n";
    assert_eq!(
        problems(text),
        [("table_row_cells", " 3 | 4 "), ("table_row_cells", " z ")]
    );
    let message = &markdown_problems(text).0[0].message;
    assert!(
        message.starts_with("found 4 cells in a row, expected at most 2"),
        "{message}"
    );
    assert_eq!(
        problems("> - a | b\n>   --|--\n>   1 | 2 | é\n"),
        [("table_row_cells", " é")]
    );
    assert_eq!(
        problems("a | b\n--|--\n1 \\\\| 2 | 3\n"),
        [("table_row_cells", " 3")]
    );
}

#[test]
fn tables_that_are_none_are_found() {
    let all = [
        ("| a | b |\n|---|\n| 1 | 2 |\n", "|---|"),
        ("| a | b |\n|---|---|---|\n", "|---|---|---|"),
        ("text\na | b\r\n--|:-:|--\r\n1 | 2\n", "--|:-:|--"),
        ("> | a |\n> |---|---|\n", "|---|---|"),
    ];
    for (text, row) in all {
        assert_eq!(problems(text), [("table_not_rendered", row)], "{text:?}");
    }
}

#[test]
fn what_is_not_kept_is_counted() {
    let rows = |count| format!("a | b\n--|--\n{}", "1 | 2 | 3\n".repeat(count));
    let (found, cut) = markdown_problems(&rows(MAX_PROBLEMS));
    assert_eq!((found.len(), cut), (MAX_PROBLEMS, None));
    let (found, cut) = markdown_problems(&rows(MAX_PROBLEMS + 1));
    assert_eq!(
        (found.len(), cut.as_deref()),
        (
            MAX_PROBLEMS,
            Some("100001 fences and tables are not shown as meant, and 100000 are kept")
        )
    );
}

proptest! {
    #[test]
    fn spans_are_lines_of_the_text(text in "[`~|:a\\- \n>\\\\é]{0,80}") {
        let (found, _) = markdown_problems(&text);
        prop_assert!(found.is_sorted_by_key(|problem| problem.span.start));
        for problem in found {
            let span = text.get(problem.span).unwrap_or("");
            prop_assert!(!span.is_empty() && !span.contains('\n'));
        }
    }

    /// A closed fence hides whatever is in it.
    #[test]
    fn a_longer_fence_hides_all(inside in "[`|a\\- \n]{0,60}") {
        let run = "`".repeat(61);
        let text = format!("{run}\n{inside}\n{run}\n");
        prop_assert_eq!(problems(&text), []);
    }
}
