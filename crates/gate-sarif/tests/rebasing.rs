//! Locations relative to the root: what is rewritten, what is left.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use gate_sarif::rebase::{Options, Rebase};

fn options(root: Option<&str>, replace: &[(&str, &str)]) -> Options {
    Options {
        root: root.map(Into::into),
        replace: replace
            .iter()
            .map(|&(from, to)| (from.into(), to.into()))
            .collect(),
    }
}

/// A result with that location, rewritten, and how many were changed and left.
fn rebased(bases: &str, options: &Options, location: &str) -> (String, usize, usize) {
    let header = format!(r#"{{"originalUriBaseIds": {bases}}}"#);
    let mut rebase = Rebase::new(&header, options).unwrap();
    assert_eq!(rebase.header(&header).unwrap(), header, "bases stay");
    let raw = format!(r#"{{"x": 1e3, "analysisTarget": {location}}}"#);
    let out = rebase.result(&raw).unwrap();
    let out = out
        .strip_prefix(r#"{"x": 1e3, "analysisTarget": "#)
        .and_then(|out| out.strip_suffix('}'))
        .unwrap();
    (out.into(), rebase.changed, rebase.outside)
}

#[test]
fn prefixes_are_replaced_however_they_are_spelled() {
    let build = options(None, &[("file:///build/src/", "")]);
    for uri in [
        "file:///build/src/a/b.c",
        "file:/build/src/a/b.c",
        "file://localhost/build/src/./a/x/../b.c",
        "/build/src/a/b.c",
        "FILE:///build/src/a/b.c",
    ] {
        let (out, changed, _) = rebased("{}", &build, &format!(r#"{{"uri": "{uri}"}}"#));
        assert_eq!((out.as_str(), changed), (r#"{"uri": "a/b.c"}"#, 1), "{uri}");
    }
    let windows = options(None, &[(r"c:\work", "sub/")]);
    for uri in [
        r"C:\\work\\a b\\c#1.c",
        r"c:/work/a b/c#1.c",
        "file:///c:/work/a%20b/c%231.c",
        "file:///C%3A/work/a%20b/c%231.c",
    ] {
        let (out, changed, _) = rebased("{}", &windows, &format!(r#"{{"uri":"{uri}"}}"#));
        assert_eq!(
            (out.as_str(), changed),
            (r#"{"uri":"sub/a%20b/c%231.c"}"#, 1),
            "{uri}"
        );
    }
    let add = options(None, &[("", "module/")]);
    assert_eq!(
        rebased("{}", &add, r#"{"uri":"a.c"}"#).0,
        r#"{"uri":"module/a.c"}"#
    );
}

#[test]
fn what_lies_outside_is_left_and_counted() {
    let build = options(Some("/build/src"), &[]);
    for uri in [
        "file:///build/srcs/a.c",
        "file:///etc/passwd",
        "../a.c",
        "a/../../b.c",
        r"..\\a.c",
        "https://example.org/a.c",
        "file://server/build/src/a.c",
        "//server/build/src/a.c",
        "file:///build/src/../a.c",
        "file:///build/src/",
        r"D:\\build\\src\\a.c",
    ] {
        let location = format!(r#"{{"uri": "{uri}", "uriBaseId": "X"}}"#);
        assert_eq!(rebased("{}", &build, &location), (location, 0, 1), "{uri}");
    }
    for location in [
        r#"{"uri": "a%20b/c.c"}"#,
        r#"{"index": 3}"#,
        r#"{"uri": 3}"#,
        "null",
    ] {
        assert_eq!(
            rebased("{}", &build, location),
            (location.into(), 0, 0),
            "{location}"
        );
    }
    assert_eq!(
        rebased("{}", &build, r#"{"uri": "a\\b c.c"}"#).0,
        r#"{"uri": "a/b%20c.c"}"#
    );
}

#[test]
fn bases_are_resolved_through_their_chain() {
    let bases = r#"{"ROOT": {"uri": "file:///build/"}, "SRC": {"uri": "src", "uriBaseId": "ROOT"},
        "%SRCROOT%": {"uri": "file:///build/"}, "LIB": {"uri": "lib/", "uriBaseId": "OPEN"},
        "OPEN": {"description": {"text": "?"}}, "A": {"uri": "a/", "uriBaseId": "B"}, "B": {"uri": "b/", "uriBaseId": "A"}}"#;
    let none = options(None, &[]);
    for (location, expected) in [
        (
            r#"{"uri": "a.c", "uriBaseId": "SRC"}"#,
            r#"{"uri": "src/a.c"}"#,
        ),
        (
            r#"{"uriBaseId" : "SRC" , "uri": "../a.c"}"#,
            r#"{"uri": "a.c"}"#,
        ),
        (
            r#"{"index": 1, "uriBaseId": "SRC", "uri": "a.c"}"#,
            r#"{"index": 1, "uri": "src/a.c"}"#,
        ),
        (
            r#"{"uri": "a.c", "uriBaseId": "LIB"}"#,
            r#"{"uri": "lib/a.c", "uriBaseId": "OPEN"}"#,
        ),
        (
            r#"{"uri": "a.c", "uriBaseId": "OPEN"}"#,
            r#"{"uri": "a.c", "uriBaseId": "OPEN"}"#,
        ),
        (
            r#"{"uri": "a.c", "uriBaseId": "NEW"}"#,
            r#"{"uri": "a.c", "uriBaseId": "NEW"}"#,
        ),
        (
            r#"{"uri": "file:///build/x.c", "uriBaseId": "SRC"}"#,
            r#"{"uri": "x.c"}"#,
        ),
    ] {
        let (out, changed, outside) = rebased(bases, &none, location);
        assert_eq!((out.as_str(), outside), (expected, 0), "{location}");
        assert_eq!(changed, usize::from(location != expected));
    }
    let deeper = options(Some("file:///build/src"), &[]);
    assert_eq!(
        rebased(bases, &deeper, r#"{"uri": "a.c", "uriBaseId": "SRC"}"#).0,
        r#"{"uri": "a.c"}"#
    );
    let outside = r#"{"uri": "a.c", "uriBaseId": "ROOT"}"#;
    assert_eq!(rebased(bases, &deeper, outside), (outside.into(), 0, 1));
    // a ring of bases ends somewhere
    rebased(bases, &none, r#"{"uri": "a.c", "uriBaseId": "A"}"#);
}
