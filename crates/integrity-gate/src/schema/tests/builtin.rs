use super::*;

#[test]
fn skills_follow_their_specification() {
    let skill = compile(builtin(Builtin::AgentSkill)).expect("a schema");
    let long = |length: usize| "x".repeat(length);
    let ok = |yaml: &str| schema_problems(&skill, &block(yaml)).0.is_empty();
    assert!(ok("name: a-1\ndescription: d"));
    assert!(ok(
        "name: a\ndescription: d\nlicense: MIT\ncompatibility: c\nmetadata: {version: 1.0, a: b}\nallowed-tools: Read Bash(git:*)\nmodel: x"
    ));
    assert!(ok("name: a\ndescription: d\nallowed-tools: [Read, Write]"));
    assert!(ok(&format!(
        "name: {}\ndescription: {}\ncompatibility: {}",
        long(64),
        long(1024),
        long(500)
    )));
    for wrong in [
        "name: a",
        "description: d",
        "name: ''\ndescription: d",
        "name: A\ndescription: d",
        "name: -a\ndescription: d",
        "name: a-\ndescription: d",
        "name: a--b\ndescription: d",
        "name: a_b\ndescription: d",
        "name: a\ndescription: ''",
        "name: a\ndescription: [d]",
        "name: a\ndescription: d\nmetadata: {a: [b]}",
        "name: a\ndescription: d\ncompatibility: ''",
    ] {
        assert!(!ok(wrong), "{wrong}");
    }
    assert!(!ok(&format!("name: {}\ndescription: d", long(65))));
    assert!(!ok(&format!("name: a\ndescription: {}", long(1025))));
    assert!(!ok(&format!(
        "name: a\ndescription: d\ncompatibility: {}",
        long(501)
    )));
    let here = block("description: d\nname: a");
    assert_eq!(skill_name_problem("skills/a/SKILL.md", &here), None);
    assert_eq!(skill_name_problem("a/SKILL.md", &here), None);
    assert_eq!(skill_name_problem("SKILL.md", &here), None);
    let problem = skill_name_problem("a/b/SKILL.md", &here).expect("a problem");
    assert_eq!(
        (problem.line, problem.column, problem.message.as_str()),
        (
            3,
            1,
            "found the text `a` in `name`, expected `b`, the name of the folder"
        )
    );
}

#[test]
fn agents_and_commands_follow_their_documentation() {
    let agent = compile(builtin(Builtin::ClaudeAgent)).expect("a schema");
    let ok = |yaml: &str| schema_problems(&agent, &block(yaml)).0.is_empty();
    assert!(ok(
        "name: a\ndescription: d\ntools: Read, Write\nmodel: opus\ncolor: red\nown: {a: 1}"
    ));
    assert!(ok(
        "name: a\ndescription: d\ntools:\n  - Read\ndisallowedTools:\nmaxTurns: 3\nbackground: true"
    ));
    assert!(!ok("name: a"));
    assert!(!ok("description: d"));
    assert!(!ok("name: a\ndescription: d\ntools: {a: 1}"));
    assert!(!ok("name: a\ndescription: d\nmaxTurns: 0"));
    let command = compile(builtin(Builtin::ClaudeCommand)).expect("a schema");
    let ok = |yaml: &str| schema_problems(&command, &block(yaml)).0.is_empty();
    assert!(ok("other: 1"));
    assert!(ok(
        "description: d\nargument-hint: [file]\nallowed-tools: Bash(git add:*), Read\nmodel: haiku"
    ));
    assert!(!ok("description: [d]"));
    assert!(!ok("allowed-tools: 1"));
    for builtin in Builtin::ALL {
        assert_eq!(Builtin::of(builtin.name()), Some(builtin));
    }
}
