//! Values of a trace, as much of them as is looked at.

use std::fmt::{self, Formatter};

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny};
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// A value of an event. What no event of ours has is read and forgotten.
#[derive(Default)]
pub(super) enum Node {
    /// It is missing, or of a kind that is not looked at.
    #[default]
    Nothing,
    /// A number without a sign or a point.
    Number(u64),
    /// Another number.
    Value(f64),
    Text(String),
    Members(Box<Members>),
}

/// The members of an event, and of its `args`, by their names in the file.
#[derive(Default)]
pub(super) struct Members {
    pub ph: Node,
    pub cat: Node,
    pub name: Node,
    pub pid: Node,
    pub tid: Node,
    pub ts: Node,
    pub dur: Node,
    pub args: Node,
    pub ready_us: Node,
    pub worked_us: Node,
    pub failure: Node,
}

impl Node {
    pub(super) fn members(&self) -> Option<&Members> {
        if let Self::Members(members) = self { Some(members) } else { None }
    }

    pub(super) fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    pub(super) fn number(&self) -> Option<u64> {
        if let Self::Number(number) = self { Some(*number) } else { None }
    }

    #[expect(clippy::cast_precision_loss, reason = "larger numbers are no times")]
    pub(super) fn value(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number as f64),
            Self::Value(value) => Some(*value),
            _ => None,
        }
    }
}

impl Members {
    fn get(&mut self, name: &str) -> Option<&mut Node> {
        Some(match name {
            "ph" => &mut self.ph,
            "cat" => &mut self.cat,
            "name" => &mut self.name,
            "pid" => &mut self.pid,
            "tid" => &mut self.tid,
            "ts" => &mut self.ts,
            "dur" => &mut self.dur,
            "args" => &mut self.args,
            "ready_us" => &mut self.ready_us,
            "worked_us" => &mut self.worked_us,
            "failure" => &mut self.failure,
            _ => return None,
        })
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, f: &mut Formatter) -> fmt::Result {
        f.write_str("an event of a trace")
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Nothing)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Node, E> {
        Ok(Node::Nothing)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Node, E> {
        // It is negative: no number, and no time either.
        Ok(Node::Nothing)
    }

    fn visit_u64<E>(self, number: u64) -> Result<Node, E> {
        Ok(Node::Number(number))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Node, E> {
        Ok(Node::Value(value))
    }

    fn visit_str<E>(self, text: &str) -> Result<Node, E> {
        Ok(Node::Text(text.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<Node, A::Error> {
        while values.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Node::Nothing)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        let mut members = Box::<Members>::default();
        while let Some(name) = map.next_key::<String>()? {
            match members.get(&name) {
                Some(node) => *node = map.next_value()?,
                None => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(Node::Members(members))
    }
}

/// Reads a value of at most so many values.
pub(super) struct Bounded<'a>(pub &'a mut usize);

impl<'de> DeserializeSeed<'de> for Bounded<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        *self.0 = self.0.checked_sub(1).ok_or_else(|| D::Error::custom("too many values"))?;
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Bounded<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut Formatter) -> fmt::Result {
        f.write_str("figures")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = from.next_element_seed(Bounded(self.0))? {
            values.push(value);
        }
        Ok(values.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Value, A::Error> {
        let mut members = Map::new();
        while let Some(name) = from.next_key()? {
            members.insert(name, from.next_value_seed(Bounded(self.0))?);
        }
        Ok(members.into())
    }
}
