//! serde's visitors, made into values that are handed over one by one.

use std::cell::RefCell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::{Items, Scalar, Source, Stop, Take, Value};
use crate::error::ReportError;

/// What all values of a document share.
#[derive(Default)]
pub(super) struct State {
    /// What the caller found: errors of the parser can only hold text.
    pub(super) failed: RefCell<Option<ReportError>>,
    /// Where keys were, for the keys of the next object.
    keys: RefCell<Vec<String>>,
}

impl State {
    fn keep<E: serde::de::Error>(&self, stop: Stop) -> E {
        if let Stop::Report(report) = stop {
            self.failed.replace(Some(report));
        }
        E::custom("stopped")
    }
}

/// Where a value goes that is about to be parsed.
pub(super) struct Seed<'s, 't> {
    pub(super) key: &'s str,
    pub(super) take: &'s mut Take<'t>,
    pub(super) state: &'s State,
}

impl Seed<'_, '_> {
    fn give<E: serde::de::Error>(self, scalar: Scalar<'_>) -> Result<(), E> {
        (self.take)(self.key, Value::Scalar(scalar)).map_err(|stop| self.state.keep(stop))
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<(), E> {
        self.give(Scalar::Null)
    }

    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<(), E> {
        self.give(Scalar::Bool(value))
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<(), E> {
        self.give(Scalar::Unsigned(value))
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<(), E> {
        self.give(Scalar::Negative(value))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<(), E> {
        self.give(Scalar::Float(value))
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<(), E> {
        self.give(Scalar::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, access: A) -> Result<(), A::Error> {
        let mut list = List {
            access,
            state: self.state,
            error: None,
            done: false,
        };
        let taken = (self.take)(self.key, Value::List(Items(&mut list)));
        if let Some(error) = list.error {
            return Err(error);
        }
        taken.map_err(|stop| self.state.keep(stop))?;
        while !list.done && list.access.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, access: A) -> Result<(), A::Error> {
        let mut object = Object {
            access,
            key: self.state.keys.borrow_mut().pop().unwrap_or_default(),
            state: self.state,
            error: None,
            done: false,
        };
        let taken = (self.take)(self.key, Value::Object(Items(&mut object)));
        if let Some(error) = object.error {
            return Err(error);
        }
        taken.map_err(|stop| self.state.keep(stop))?;
        while !object.done
            && object
                .access
                .next_entry::<IgnoredAny, IgnoredAny>()?
                .is_some()
        {}
        self.state.keys.borrow_mut().push(object.key);
        Ok(())
    }
}

struct List<'s, A, E> {
    access: A,
    pub(super) state: &'s State,
    error: Option<E>,
    done: bool,
}

impl<'de, A: SeqAccess<'de>> Source for List<'_, A, A::Error> {
    fn next(&mut self, take: &mut Take<'_>) -> Result<bool, Stop> {
        let seed = Seed {
            key: "",
            take,
            state: self.state,
        };
        match self.access.next_element_seed(seed) {
            Ok(member) => {
                self.done = member.is_none();
                Ok(!self.done)
            }
            Err(error) => {
                self.error = Some(error);
                Err(Stop::Parser)
            }
        }
    }
}

struct Object<'s, A, E> {
    access: A,
    key: String,
    pub(super) state: &'s State,
    error: Option<E>,
    done: bool,
}

impl<'de, A: MapAccess<'de>> Source for Object<'_, A, A::Error> {
    fn next(&mut self, take: &mut Take<'_>) -> Result<bool, Stop> {
        let result = match self.access.next_key_seed(Key(&mut self.key)) {
            Ok(Some(())) => {
                let seed = Seed {
                    key: &self.key,
                    take,
                    state: self.state,
                };
                self.access.next_value_seed(seed).map(|()| true)
            }
            Ok(None) => {
                self.done = true;
                Ok(false)
            }
            Err(error) => Err(error),
        };
        result.map_err(|error| {
            self.error = Some(error);
            Stop::Parser
        })
    }
}

/// A key, written over the one before it.
struct Key<'k>(&'k mut String);

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<(), E> {
        self.0.clear();
        self.0.push_str(value);
        Ok(())
    }
}
