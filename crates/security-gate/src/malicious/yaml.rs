//! YAML that builds objects, or grows without end. Parsed to events; nothing is constructed or expanded.

use std::collections::BTreeMap;

use memchr::{memchr_iter, memmem};
use saphyr_parser::{Event, Parser, Tag};

use super::file::File;
use super::report::{Findings, escape};
use super::rule::{Level, Rule};
use super::{Found, chars};

pub(super) static YAML_OBJECT_TAG: Rule = Rule {
    id: "yaml_object_tag",
    title: "tag that builds an object",
    level: Level::Certain,
    summary: "a tag makes loaders build an object or call a function",
    explain: "Loaders that honour `!!python/object`, `!!js/function`, `!ruby/object:Gem::...` and the like run code of whoever wrote the file. Only real tags count, none in comments, strings and test data; of Ruby and Java only the classes that attacks are built of.",
    next_step: "Write plain data, and load it with the safe loader.",
    samples: &[
        &[("a.yml", "x: !!python/object/apply:os.system ['id']")],
        &[("a.yaml", "x: !!js/function 'function () {}'")],
        &[("a.yaml", "- !ruby/object:Gem::Installer\n  i: x")],
        &[("a.yaml", "x: !!javax.script.ScriptEngineManager [y]")],
        &[(
            "a.yaml",
            "x: !<tag:yaml.org,2002:python/object/new:os.system> ['id']",
        )],
    ],
    decoys: &[
        &[("a.yml", "# x: !!python/object/apply:os.system ['id']")],
        &[("a.yml", "x: '!!python/object/apply:os.system'")],
        &[("a.yml", "x: |\n  y: !!python/object/apply:os.system ['id']")],
        &[("a.yml", "x: !!python/tuple [1]\ny: !Ref z")],
        &[(
            "tests/fixtures/a.yml",
            "x: !!python/object/apply:os.system ['id']",
        )],
    ],
};

pub(super) static YAML_ALIAS_BOMB: Rule = Rule {
    id: "yaml_alias_bomb",
    title: "aliases that grow without end",
    level: Level::Certain,
    summary: "aliases make few values into more than 100,000",
    explain: "An alias stands for all that its anchor holds, and anchors hold aliases: a few lines fill a machine's memory. Counted without expanding; only what grows tenfold or more.",
    next_step: "Write the values out, or fewer of them.",
    samples: &[&[(
        "a.yml",
        "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: [*e,*e,*e,*e]\n",
    )]],
    decoys: &[&[(
        "a.yml",
        "a: &a [x,x,x]\nb: [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c {<<: *a}\n",
    )]],
};

pub(super) static YAML_SUSPECT_TAG: Rule = Rule {
    id: "yaml_suspect_tag",
    title: "tag that names a type of a language",
    level: Level::Heuristic,
    summary: "a tag names a type or function of a programming language",
    explain: "It may build an object where a loader honours it. Names that documentation tools are configured with are left alone.",
    next_step: "Write plain data, or load the file with the safe loader.",
    samples: &[
        &[("a.yml", "x: !!python/name:os.system")],
        &[("a.yml", "x: !!com.example.Thing {a: b}")],
        &[("a.yml", "x: !ruby/object:Topic\n  a: b")],
        &[(
            "tests/fixtures/a.yml",
            "x: !!python/object/apply:os.system ['id']",
        )],
        &[("a.yml", "{% if a %}\n\t- x: [\ny: !!python/object:os.x {}")],
    ],
    decoys: &[
        &[(
            "mkdocs.yml",
            "x: !!python/name:material.extensions.emoji.twemoji",
        )],
        &[("a.yml", "x: '!!python/name:os.system'")],
    ],
};

/// Values that a document may have once every alias is put in its place, and how many times what it writes.
const MAX_NODES: u64 = 100_000;
const MAX_GROWTH: u64 = 10;
/// Deeper nesting is no configuration, and slow to parse.
const MAX_DEPTH: usize = 512;
/// Fewer aliases cannot grow so much.
const MIN_ALIASES: usize = 6;

/// `tag` is where a tag of interest may be.
pub(super) fn search(file: &File<'_>, text: &[u8], tag: Option<usize>, found: &mut Findings) {
    if tag.is_none() && !may_grow(text) {
        return;
    }
    let lossy = String::from_utf8_lossy(text);
    let yaml = lossy.strip_prefix('\u{feff}').unwrap_or(&lossy);
    let mut sizes = Sizes::default();
    let (mut from, mut broken) = (0, false);
    for event in Parser::new_from_str(yaml) {
        let Ok((event, span)) = event else {
            broken = true;
            break;
        };
        if let Event::Scalar(_, _, _, Some(tag))
        | Event::SequenceStart(_, Some(tag))
        | Event::MappingStart(_, Some(tag)) = &event
        {
            let name = name(tag);
            let rule = rule_of(file, &name);
            if let Some(rule) = rule {
                found.push_with(rule, || {
                    let line = chars::offset(text, span.start.line().saturating_sub(1), 1);
                    let behind = from.max(line).min(text.len());
                    let at = memmem::find(&text[behind..], tag.suffix.as_bytes());
                    let start = at.map_or(line, |at| behind + at).min(text.len());
                    from = (start + tag.suffix.len()).min(text.len());
                    (start..from, format!("{}: {}", rule.summary, escape(&name)))
                });
            }
        }
        sizes.take(&event);
        if sizes.open.len() > MAX_DEPTH {
            broken = true;
            break;
        }
        if sizes.is_bomb() {
            let start = chars::offset(text, span.start.line(), span.start.col() + 1);
            found.push(Found {
                rule: &YAML_ALIAS_BOMB,
                range: start..start,
                message: format!(
                    "{}: {} values are written, {} or more are meant",
                    YAML_ALIAS_BOMB.summary, sizes.written, sizes.meant
                ),
                hidden: None,
            });
            return;
        }
    }
    // Templates are no YAML; what a real loader would make of them cannot be said.
    if let Some(at) = tag.filter(|&at| broken && at >= from) {
        unparsed(text, at, found);
    }
}

fn unparsed(text: &[u8], at: usize, found: &mut Findings) {
    let start = memchr::memrchr(b'\n', &text[..at]).map_or(0, |newline| newline + 1);
    let end = text[at..]
        .iter()
        .position(u8::is_ascii_whitespace)
        .map_or(text.len(), |length| at + length);
    let before = &text[start..at];
    let word = String::from_utf8_lossy(&text[at..end]);
    let name = word.trim_start_matches('!');
    let known = [
        "python/object",
        "python/module",
        "js/function",
        "ruby/object",
        "php/object",
    ];
    let value = before.trim_ascii_end().ends_with(b":") || before.trim_ascii_end().ends_with(b"-");
    if known.iter().any(|known| name.starts_with(known))
        && value
        && !before.iter().any(|byte| b"#'\"`".contains(byte))
    {
        found.push(Found {
            rule: &YAML_SUSPECT_TAG,
            range: at..end,
            message: format!(
                "{}, in a file that cannot be parsed: {}",
                YAML_SUSPECT_TAG.summary,
                escape(&word)
            ),
            hidden: None,
        });
    }
}

/// Without the handle, however that is written.
fn name(tag: &Tag) -> String {
    let whole = format!("{}{}", tag.handle, tag.suffix);
    let name = whole.trim_start_matches('!');
    name.strip_prefix("tag:yaml.org,2002:")
        .unwrap_or(name)
        .trim_start_matches('!')
        .to_owned()
}

fn rule_of(file: &File<'_>, name: &str) -> Option<&'static Rule> {
    let any = |starts: &[&str]| starts.iter().any(|start| name.starts_with(start));
    if any(&[
        "python/object",
        "python/module",
        "js/function",
        "ruby/object:Gem::",
        "ruby/object:Net::",
        "ruby/object:ERB",
        "php/object",
        "javax.script.",
        "java.net.",
        "java.lang.",
        "com.sun.rowset.",
    ]) {
        return Some(if file.is_specimen() {
            &YAML_SUSPECT_TAG
        } else {
            &YAML_OBJECT_TAG
        });
    }
    if any(&["python/name:"]) && !file.name().starts_with("mkdocs")
        || any(&["ruby/object:", "java.", "javax.", "com.", "org."])
    {
        return Some(&YAML_SUSPECT_TAG);
    }
    None
}

/// Whether there are enough aliases, roughly counted.
fn may_grow(text: &[u8]) -> bool {
    let mark = |at: usize| {
        let before = at == 0 || b" [,:-\n{".contains(&text[at - 1]);
        before
            && text
                .get(at + 1)
                .is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
    };
    memchr_iter(b'*', text)
        .filter(|&at| mark(at))
        .nth(MIN_ALIASES - 1)
        .is_some()
        && memchr_iter(b'&', text).any(mark)
}

/// Values as they are written and as they are meant.
#[derive(Debug, Default)]
struct Sizes {
    written: u64,
    meant: u64,
    /// Open collections: their anchor, and what was meant when they began.
    open: Vec<(usize, u64)>,
    anchors: BTreeMap<usize, u64>,
}

impl Sizes {
    fn take(&mut self, event: &Event<'_>) {
        match event {
            Event::Scalar(_, _, anchor, _) => {
                self.add(1);
                self.anchors.insert(*anchor, 1);
            }
            Event::Alias(anchor) => {
                let size = self.anchors.get(anchor).copied().unwrap_or(1);
                self.written += 1;
                self.meant = self.meant.saturating_add(size);
            }
            Event::SequenceStart(anchor, _) | Event::MappingStart(anchor, _) => {
                self.open.push((*anchor, self.meant));
                self.add(1);
            }
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some((anchor, before)) = self.open.pop() {
                    self.anchors.insert(anchor, self.meant - before);
                }
            }
            _ => {}
        }
    }

    const fn add(&mut self, count: u64) {
        self.written += count;
        self.meant = self.meant.saturating_add(count);
    }

    const fn is_bomb(&self) -> bool {
        self.meant > MAX_NODES && self.meant / MAX_GROWTH > self.written
    }
}
