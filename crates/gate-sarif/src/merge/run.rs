//! One input run, taken apart: its tables, its components, and the references in them.

use std::borrow::Cow;

use super::error::Refusal;
use super::names::{ARRAYS, Component, ENTRY_TABLES, EXTENSIONS, Names, descriptors};
use crate::walk::{Broken, Kind, Span, fields, items, string_of, walk};

/// The keys of an object, in order.
#[derive(Debug, Default)]
pub(super) struct Fields<'a> {
    pub(super) all: Vec<(Cow<'a, str>, Span)>,
    /// The places by key, for objects with many.
    sorted: Vec<usize>,
}

/// Up to so many keys are searched one by one.
const FEW: usize = 12;

impl<'a> Fields<'a> {
    pub(super) fn of(text: &'a str, span: Span) -> Result<Self, Broken> {
        let all = fields(text, span)?;
        let mut sorted = Vec::new();
        if all.len() > FEW {
            sorted.extend(0..all.len());
            sorted.sort_by(|&a, &b| all[a].0.cmp(&all[b].0));
        }
        Ok(Self { all, sorted })
    }

    /// The value of a key.
    pub(super) fn get(&self, key: &str) -> Option<Span> {
        if self.sorted.is_empty() {
            return Some(self.all.iter().find(|(name, _)| name == key)?.1);
        }
        let found = self
            .sorted
            .binary_search_by(|&at| self.all[at].0.as_ref().cmp(key));
        Some(self.all[self.sorted[found.ok()?]].1)
    }

    fn has_twice(&self) -> bool {
        let name = |at: &usize| &self.all[*at].0;
        if self.sorted.is_empty() {
            let all = &self.all;
            return (1..all.len()).any(|at| all[..at].iter().any(|one| one.0 == all[at].0));
        }
        self.sorted
            .windows(2)
            .any(|pair| name(&pair[0]) == name(&pair[1]))
    }
}

#[derive(Debug)]
pub(super) struct Run<'a> {
    pub(super) at: usize,
    pub(super) text: &'a str,
    pub(super) span: Span,
    pub(super) fields: Fields<'a>,
    pub(super) tool: (Span, Fields<'a>),
    /// As in `names`, the driver first: where each stands and what it holds.
    pub(super) components: Vec<(Span, Fields<'a>)>,
    pub(super) names: Names,
}

/// The places where components stand, and the number of each table.
const HOMES: [&str; 3] = ["taxonomies", "policies", "translations"];

impl<'a> Run<'a> {
    pub(super) fn new(at: usize, text: &'a str) -> Result<Self, Refusal> {
        let broken = |error| Refusal::broken(at, text, &error);
        // from here on the text is known to be JSON
        serde_json::from_str::<&serde_json::value::RawValue>(text)
            .map_err(|error| Refusal::json(at, &error))?;
        let mut run = Self::taken_apart(at, text).map_err(broken)?;
        run.names = run.named().map_err(broken)?;
        Ok(run)
    }

    fn taken_apart(at: usize, text: &'a str) -> Result<Self, Broken> {
        let start = text.len() - text.trim_start().len();
        let span = (start, text.trim_end().len());
        let mut run = Self {
            at,
            text,
            span,
            fields: object(text, span)?,
            tool: ((0, 0), Fields::default()),
            components: Vec::new(),
            names: Names::default(),
        };
        if let Some((at, _)) = run.fields.get("results") {
            let expected = "an array";
            if !text[at..].starts_with('[') && !text[at..].starts_with("null") {
                return Err(Broken { at, expected });
            }
        }
        let tool = required(&run.fields, "tool", span)?;
        run.tool = (tool, object(text, tool)?);
        let driver = required(&run.tool.1, "driver", tool)?;
        run.components.push((driver, object(text, driver)?));
        Ok(run)
    }

    fn named(&mut self) -> Result<Names, Broken> {
        let mut names = vec![self.name(0, None)?];
        let homes = std::iter::once((&self.tool.1, "extensions"))
            .chain(HOMES.iter().map(|home| (&self.fields, *home)));
        let arrays: Vec<_> = homes
            .map(|(fields, key)| array(self.text, fields, key))
            .collect::<Result<_, _>>()?;
        for (home, entries) in arrays.into_iter().enumerate() {
            for span in entries {
                self.components.push((span, entry(self.text, span)?));
                names.push(self.name(self.components.len() - 1, Some(EXTENSIONS + home))?);
            }
        }
        Ok(Names::new(names))
    }

    fn name(&self, at: usize, home: Option<usize>) -> Result<Component, Broken> {
        let (_, fields) = &self.components[at];
        let text = |key| self.string(fields, key).unwrap_or_default().into_owned();
        let mut component = Component {
            home,
            united: 0,
            name: text("name"),
            guid: text("guid"),
            ids: Default::default(),
        };
        for (which, key) in ARRAYS.iter().enumerate() {
            for span in array(self.text, fields, key)? {
                let id = entry(self.text, span)?
                    .get("id")
                    .and_then(|span| string_of(self.text, span));
                component.ids[which].push(id.unwrap_or_default().into_owned());
            }
        }
        Ok(component)
    }

    /// A property that is a string.
    pub(super) fn string(&self, fields: &Fields<'a>, key: &str) -> Option<Cow<'a, str>> {
        string_of(self.text, fields.get(key)?)
    }

    pub(super) fn driver(&self) -> &Fields<'a> {
        &self.components[0].1
    }

    /// Every table of entries: number, kind of its entries, places. Components are not among them.
    pub(super) fn tables(&self) -> Result<Vec<(usize, Kind, Vec<Span>)>, Broken> {
        let mut out = Vec::new();
        for (table, (key, kind)) in ENTRY_TABLES.iter().enumerate() {
            out.push((table, *kind, array(self.text, &self.fields, key)?));
        }
        for ((_, fields), name) in self.components.iter().zip(&self.names.all) {
            for (which, key) in ARRAYS.iter().enumerate() {
                let entries = array(self.text, fields, key)?;
                out.push((descriptors(name.united, which), Kind::Descriptor, entries));
            }
        }
        Ok(out)
    }

    /// Walks over the whole header, `results` left out.
    pub(super) fn walk(&self, mut visit: impl FnMut(&crate::walk::Record)) -> Result<(), Broken> {
        walk(self.text, self.span, Kind::Run, &mut visit)
    }
}

fn required(fields: &Fields<'_>, key: &str, parent: Span) -> Result<Span, Broken> {
    fields.get(key).ok_or(Broken {
        at: parent.0,
        expected: if key == "tool" {
            "a `tool`"
        } else {
            "a `driver`"
        },
    })
}

/// The fields of an object, each key once.
fn object(text: &str, span: Span) -> Result<Fields<'_>, Broken> {
    let broken = |at, expected| Err(Broken { at, expected });
    if !text[span.0..].starts_with('{') {
        return broken(span.0, "an object");
    }
    let all = Fields::of(text, span)?;
    if all.has_twice() {
        return broken(span.0, "each key once in this object");
    }
    Ok(all)
}

/// The fields of an entry of an array. Some tools leave null where a rule was.
fn entry(text: &str, span: Span) -> Result<Fields<'_>, Broken> {
    if text[span.0..].starts_with('{') {
        object(text, span)
    } else {
        Ok(Fields::default())
    }
}

/// The entries of an array under a key; none where it is null or missing.
pub(super) fn array(text: &str, fields: &Fields<'_>, key: &str) -> Result<Vec<Span>, Broken> {
    match fields.get(key) {
        Some(span) if text[span.0..].starts_with('[') => items(text, span),
        Some(span) if text[span.0..].starts_with("null") => Ok(Vec::new()),
        None => Ok(Vec::new()),
        Some(span) => Err(Broken {
            at: span.0,
            expected: "an array",
        }),
    }
}
