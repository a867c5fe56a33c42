//! References with files of their own, and lines of first parents.

mod common;

use common::Sandbox;

#[test]
fn files_at_the_top_are_read_wherever_the_root_is() {
    let sandbox = Sandbox::new();
    sandbox.write("part/a.txt", "a");
    sandbox.write("b.json", "{}");
    let commit = sandbox.commit("first");
    sandbox.git(&["update-ref", "refs/x/y", &commit]);
    let repo = gate_repo::open(&sandbox.dir.join("part")).expect("opens");
    let reference = |name| repo.reference(name).expect("readable");
    assert_eq!(reference("refs/x/y"), Some(commit.clone()));
    assert_eq!(reference("refs/x/z"), None);
    let names = repo.names_on_top(&commit).expect("names");
    assert_eq!(names, ["b.json", "part/"]);
    let read = |name| repo.blob_on_top(&commit, name, 2).expect("readable");
    assert_eq!(read("b.json"), Some(b"{}".to_vec()));
    assert_eq!((read("part"), read("a.txt")), (None, None));
    let large = repo
        .blob_on_top(&commit, "b.json", 1)
        .expect_err("larger than that");
    assert!(large.to_string().contains('2'), "{large}");
}

#[test]
fn first_parents_end_where_the_clone_does() {
    let sandbox = Sandbox::new();
    let mut commits: Vec<String> = (0..3).map(|n| sandbox.commit(&format!("{n}"))).collect();
    sandbox.git(&["checkout", "-q", "-b", "side", "HEAD~1"]);
    sandbox.commit("side");
    sandbox.git(&["checkout", "-q", "main"]);
    sandbox.git(&["merge", "-q", "--no-ff", "-m", "merge", "side"]);
    commits.push(sandbox.git(&["rev-parse", "HEAD"]));
    commits.reverse();
    let repo = sandbox.open();
    let line = repo.first_parents(&commits[0], 9).expect("a line");
    assert_eq!((line.commits, line.cut), (commits.clone(), false));
    let short = repo.first_parents(&commits[0], 2).expect("a line");
    assert_eq!((short.commits, short.cut), (commits[..2].to_vec(), false));

    let clone = Sandbox::empty("clone");
    let origin = format!("file://{}", sandbox.dir.display());
    clone.git(&["clone", "-q", "--depth=2", &origin, "."]);
    let repo = clone.open();
    let cut = repo.first_parents(&commits[0], 9).expect("a line");
    assert_eq!((cut.commits, cut.cut), (commits[..2].to_vec(), true));
}
