//! What a result refers to: its rule, its words, its place.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::model::{Component, ComponentReference, Region, Rule, RuleReference, Run, SarifResult};

/// The rules of a run, ready for looking up.
#[derive(Debug)]
pub struct Rules<'a> {
    run: &'a Run,
    by_id: BTreeMap<&'a str, &'a Rule>,
}

/// Where a result is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A path relative to the root of the sources, with `/`, decoded, without `.` and `..`.
    Inside(String),
    /// A path on the machine that scanned, with `/`, decoded.
    Absolute(String),
    /// Another URI, or a path that leaves the root; as written.
    Elsewhere(String),
}

impl Run {
    /// The rules of driver and extensions. Of two with one id the driver's, then the first, holds.
    pub fn rules(&self) -> Rules<'_> {
        let mut by_id = BTreeMap::new();
        for component in std::iter::once(&self.tool.driver).chain(&self.tool.extensions) {
            for rule in &component.rules {
                if let Some(id) = rule.id.as_deref() {
                    by_id.entry(id).or_insert(rule);
                }
            }
        }
        Rules { run: self, by_id }
    }

    /// Place and region of the result's first location.
    pub fn place(&self, result: &SarifResult) -> Option<(Place, Region)> {
        let physical = result.locations.first()?.physical_location.as_ref()?;
        let region = physical.region.clone().unwrap_or_default();
        let location = physical.artifact_location.as_ref()?;
        let (uri, base) = (location.uri.as_deref(), location.uri_base_id.as_deref());
        Some((self.place_of(uri, base, location.index)?, region))
    }

    /// The place of an artifact location with these parts.
    pub(crate) fn place_of<'r>(
        &'r self,
        uri: Option<&str>,
        base: Option<&'r str>,
        index: Option<u32>,
    ) -> Option<Place> {
        if uri.is_some() {
            return self.resolve(uri, base);
        }
        let artifact = self.artifacts.get(usize::try_from(index?).ok()?)?;
        let location = artifact.location.as_ref()?;
        self.resolve(location.uri.as_deref(), location.uri_base_id.as_deref())
    }

    /// A URI under its base ids. A base that is absolute is the root of the sources.
    fn resolve<'r>(&'r self, uri: Option<&str>, mut base: Option<&'r str>) -> Option<Place> {
        const MOST_BASES: usize = 8;
        let written = uri.filter(|uri| !uri.is_empty())?;
        let mut uri = Cow::Borrowed(written);
        if written.contains('\\') {
            uri = Cow::Owned(written.replace('\\', "/"));
        }
        for _ in 0..MOST_BASES {
            let Some(parent) = base.and_then(|base| self.original_uri_base_ids.get(base)) else {
                break;
            };
            if is_absolute(&uri) {
                break;
            }
            let above = parent.uri.as_deref().map(|uri| uri.replace('\\', "/"));
            match above {
                Some(parent) if is_absolute(&parent) => break,
                Some(parent) if !parent.is_empty() => {
                    uri = Cow::Owned(format!("{}/{uri}", parent.trim_end_matches('/')));
                }
                _ => {}
            }
            base = parent.uri_base_id.as_deref();
        }
        Some(place(&uri))
    }
}

impl<'a> Rules<'a> {
    /// The rule of a result: by index where its id fits, else by id, else by the id's parents
    /// (`CA1000/1` is a kind of `CA1000`).
    pub fn of(&self, result: &SarifResult) -> Option<&'a Rule> {
        let reference = result.rule.as_ref();
        let id = result
            .rule_id
            .as_deref()
            .or(reference.and_then(|rule| rule.id.as_deref()));
        if let Some(rule) = self.at_index(result, reference)
            && id.is_none_or(|id| is_kind_of(id, rule.id.as_deref().unwrap_or(id)))
        {
            return Some(rule);
        }
        let mut id = id?;
        loop {
            if let Some(rule) = self.by_id.get(id) {
                return Some(rule);
            }
            id = id.rsplit_once('/')?.0;
        }
    }

    /// The id of a result's rule: what the result says, else the rule; empty where neither does.
    pub fn id_of<'r>(&self, result: &'r SarifResult) -> &'r str
    where
        'a: 'r,
    {
        let reference = result.rule.as_ref().and_then(|rule| rule.id.as_deref());
        let known = || self.of(result).and_then(|rule| rule.id.as_deref());
        result
            .rule_id
            .as_deref()
            .or(reference)
            .or_else(known)
            .unwrap_or_default()
    }

    /// The words of a result, with `message.id` looked up and arguments filled in, cut at 8 KiB.
    pub fn message(&self, result: &SarifResult) -> String {
        let message = &result.message;
        let looked_up = || {
            let id = message.id.as_deref()?;
            let rule = self
                .of(result)
                .and_then(|rule| rule.message_strings.get(id));
            let component = self.component(result.rule.as_ref());
            let global = component.and_then(|component| component.global_message_strings.get(id));
            let text = rule.or(global)?;
            text.text.as_deref().or(text.markdown.as_deref())
        };
        let template = message
            .text
            .as_deref()
            .or_else(looked_up)
            .or(message.markdown.as_deref());
        fill(template.unwrap_or_default(), &message.arguments)
    }

    fn at_index(
        &self,
        result: &SarifResult,
        reference: Option<&RuleReference>,
    ) -> Option<&'a Rule> {
        let index = reference
            .and_then(|rule| rule.index)
            .or(result.rule_index)?;
        self.component(reference)?
            .rules
            .get(usize::try_from(index).ok()?)
    }

    /// The component that a rule reference names: the driver where it names none.
    fn component(&self, reference: Option<&RuleReference>) -> Option<&'a Component> {
        let tool = &self.run.tool;
        let Some(wanted) = reference.and_then(|rule| rule.tool_component.as_ref()) else {
            return Some(&tool.driver);
        };
        let ComponentReference { name, guid, index } = wanted;
        if let Some(index) = index {
            return tool.extensions.get(usize::try_from(*index).ok()?);
        }
        std::iter::once(&tool.driver)
            .chain(&tool.extensions)
            .find(|component| {
                guid.is_some() && component.guid == *guid
                    || name.is_some() && component.name == *name
            })
    }
}

fn is_kind_of(id: &str, rule: &str) -> bool {
    id.strip_prefix(rule)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Replaces `{0}` by arguments and `{{` by `{`, stopping at a length that no message needs.
fn fill(template: &str, arguments: &[String]) -> String {
    const MOST: usize = 8 * 1024;
    let mut out = String::new();
    let mut rest = template;
    while let Some(at) = rest.find(['{', '}']) {
        push(&mut out, &rest[..at], MOST);
        let (brace, after) = rest[at..].split_at(1);
        let argument = || {
            let (number, after) = after.split_once('}')?;
            Some((arguments.get(number.parse::<usize>().ok()?)?, after))
        };
        if after.starts_with(brace) {
            push(&mut out, brace, MOST);
            rest = &after[1..];
        } else if let Some((text, after)) = (brace == "{").then(argument).flatten() {
            push(&mut out, text, MOST);
            rest = after;
        } else {
            push(&mut out, brace, MOST);
            rest = after;
        }
        if out.len() >= MOST {
            return out;
        }
    }
    push(&mut out, rest, MOST);
    out
}

fn push(out: &mut String, text: &str, most: usize) {
    let room = most.saturating_sub(out.len());
    out.push_str(&text[..text.floor_char_boundary(room)]);
}

/// Has a scheme, a drive or a leading slash.
fn is_absolute(uri: &str) -> bool {
    uri.starts_with('/') || scheme(uri).is_some()
}

fn scheme(uri: &str) -> Option<&str> {
    let (scheme, _) = uri.split_once(':')?;
    let mut bytes = scheme.bytes();
    let head = bytes.next()?.is_ascii_alphabetic();
    let tail = bytes.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    (head && tail).then_some(scheme)
}

fn place(uri: &str) -> Place {
    let path = match scheme(uri) {
        None => uri,
        Some(drive) if drive.len() == 1 => return Place::Absolute(percent_decode(uri)),
        Some(scheme) if scheme.eq_ignore_ascii_case("file") => {
            let rest = &uri["file:".len()..];
            // file:///path, file:/path; a host before the path is part of the machine, not of the sources
            let path = rest.strip_prefix("//").unwrap_or(rest);
            return Place::Absolute(percent_decode(path));
        }
        Some(_) => return Place::Elsewhere(uri.to_owned()),
    };
    let decoded = percent_decode(path);
    if decoded.starts_with('/') {
        return Place::Absolute(decoded);
    }
    if decoded
        .split('/')
        .all(|part| !matches!(part, "" | "." | ".."))
    {
        return Place::Inside(decoded);
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in decoded.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                if parts.pop().is_none() {
                    return Place::Elsewhere(uri.to_owned());
                }
            }
            part => parts.push(part),
        }
    }
    Place::Inside(parts.join("/"))
}

/// Decodes `%41`; what is no valid escape, or not UTF-8 afterwards, stays as it is.
pub(crate) fn percent_decode(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let hex = |byte: u8| {
            char::from(byte)
                .to_digit(16)
                .and_then(|digit| u8::try_from(digit).ok())
        };
        if let (b'%', [high, low, after @ ..]) = (byte, after)
            && let (Some(high), Some(low)) = (hex(*high), hex(*low))
        {
            bytes.push(high << 4 | low);
            rest = after;
        } else {
            bytes.push(byte);
            rest = after;
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uris_become_places() {
        for (uri, expected) in [
            ("src/a.c", Place::Inside("src/a.c".into())),
            ("./src//a%20b.c", Place::Inside("src/a b.c".into())),
            ("src/x/../caf%C3%A9", Place::Inside("src/café".into())),
            ("100%/%zz/%ff", Place::Inside("100%/%zz/%ff".into())),
            ("../a.c", Place::Elsewhere("../a.c".into())),
            ("%2e%2e/a.c", Place::Elsewhere("%2e%2e/a.c".into())),
            ("/src/a.c", Place::Absolute("/src/a.c".into())),
            ("file:///src/a%20b.c", Place::Absolute("/src/a b.c".into())),
            ("C:/src/a.c", Place::Absolute("C:/src/a.c".into())),
            (
                "https://host/a.c",
                Place::Elsewhere("https://host/a.c".into()),
            ),
        ] {
            assert_eq!(place(uri), expected, "{uri}");
        }
    }

    #[test]
    fn messages_fill_their_arguments_within_bounds() {
        let arguments = ["one".to_owned(), "{0}".to_owned()];
        assert_eq!(
            fill("{0} and {1}, {2}, {{0}}, {x} }", &arguments),
            "one and {0}, {2}, {0}, {x} }"
        );
        let long = ["é".repeat(10_000)];
        assert!(fill(&"{0}".repeat(10_000), &long).len() <= 8 * 1024);
    }
}
