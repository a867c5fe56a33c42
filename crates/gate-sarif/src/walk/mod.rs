//! A walk over the raw text of a SARIF object: every object that can hold a reference is reported
//! with the places of its values, everything else is passed over byte for byte.

mod canonical;
mod edits;
mod json;
mod kinds;

pub(crate) use canonical::canonical;
pub(crate) use edits::Edits;
pub(crate) use json::{
    Broken, Cursor, Span, fields, index_of, items, quoted, string_of, unescaped,
};
pub(crate) use kinds::{Kind, Slot};

use kinds::{SLOTS, Step, step};

/// Deeper than any log of a tool, shallow enough for the stack.
const MAX_DEPTH: usize = 300;

/// The places of the values of one object.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Places([Option<(u32, u32)>; SLOTS]);

impl Places {
    pub(crate) fn get(&self, slot: Slot) -> Option<Span> {
        let (from, to) = self.0[slot as usize]?;
        Some((from as usize, to as usize))
    }

    /// The array index under a slot, where there is one, and where it stands.
    pub(crate) fn index(&self, text: &str, slot: Slot) -> Option<(usize, Span)> {
        let span = self.get(slot)?;
        Some((index_of(&text[span.0..span.1])?, span))
    }

    pub(crate) fn string<'a>(
        &self,
        text: &'a str,
        slot: Slot,
    ) -> Option<std::borrow::Cow<'a, str>> {
        string_of(text, self.get(slot)?)
    }
}

/// An object that was walked over, reported when it ends: what is in it comes before it.
#[derive(Debug)]
pub(crate) struct Record {
    pub(crate) kind: Kind,
    pub(crate) span: Span,
    pub(crate) places: Places,
    /// The `toolComponent` of a reference; of a result, that of its `rule`.
    pub(crate) component: Option<Places>,
    /// The `rule` of a result.
    pub(crate) rule: Option<Places>,
    /// Inside of `conversion`, whose tool is not the run's.
    pub(crate) foreign: bool,
}

struct Walk<'a, F> {
    text: &'a str,
    cursor: Cursor<'a>,
    visit: F,
}

/// Walks over `span` of `text`, an object of that kind or an array of them.
pub(crate) fn walk<F: FnMut(&Record)>(
    text: &str,
    span: Span,
    kind: Kind,
    visit: F,
) -> Result<(), Broken> {
    let cursor = Cursor::new(text, span.0);
    if u32::try_from(text.len()).is_err() {
        return cursor.broken("at most 4 GiB");
    }
    let mut walk = Walk {
        text,
        cursor,
        visit,
    };
    walk.value(kind, false, 0).map(|_| ())
}

impl<F: FnMut(&Record)> Walk<'_, F> {
    fn value(&mut self, kind: Kind, foreign: bool, depth: usize) -> Result<Option<Record>, Broken> {
        if depth > MAX_DEPTH {
            return self.cursor.broken("at most 300 levels of nesting");
        }
        match self.cursor.peek() {
            Some(b'{') => self.object(kind, foreign, depth).map(Some),
            Some(b'[') => {
                self.cursor.at += 1;
                if self.cursor.take(b']') {
                    return Ok(None);
                }
                loop {
                    self.value(kind, foreign, depth + 1)?;
                    if !self.cursor.next(b']')? {
                        return Ok(None);
                    }
                }
            }
            _ => self.cursor.skip().map(|_| None),
        }
    }

    fn object(&mut self, kind: Kind, foreign: bool, depth: usize) -> Result<Record, Broken> {
        let start = self.cursor.at;
        let foreign = foreign || kind == Kind::Conversion;
        let mut record = Record {
            kind,
            span: (start, start),
            places: Places::default(),
            component: None,
            rule: None,
            foreign,
        };
        self.cursor.at += 1;
        let mut more = !self.cursor.take(b'}');
        while more {
            let key = self.cursor.key()?;
            let text = self.text;
            match step(kind, &unescaped(&text[key.0..key.1])) {
                Step::Skip => {
                    self.cursor.skip()?;
                }
                Step::Slot(slot) => self.slot(&mut record, slot)?,
                Step::Into(child) => {
                    if let Some(child) = self.value(child, foreign, depth + 1)? {
                        adopt(&mut record, &child);
                    }
                }
            }
            more = self.cursor.next(b'}')?;
        }
        record.span.1 = self.cursor.at;
        (self.visit)(&record);
        Ok(record)
    }

    fn slot(&mut self, record: &mut Record, slot: Slot) -> Result<(), Broken> {
        let place = &mut record.places.0[slot as usize];
        if place.is_some() {
            // readers differ in which one counts
            return self.cursor.broken("each key once");
        }
        let (from, to) = self.cursor.skip()?;
        *place = u32::try_from(from).ok().zip(u32::try_from(to).ok());
        Ok(())
    }
}

fn adopt(record: &mut Record, child: &Record) {
    match child.kind {
        Kind::ComponentReference | Kind::TaxonomyReference => record.component = Some(child.places),
        Kind::ResultRule => {
            record.rule = Some(child.places);
            record.component = child.component;
        }
        _ => {}
    }
}
