//! A document as a tree that borrows from its text, each node with its line.
//!
//! JSON and YAML readers both build it, so that everything behind them is written once.

use std::borrow::Cow;

/// Nesting beyond this is passed over: Kubernetes objects stay far below it.
pub(crate) const MAX_DEPTH: usize = 128;

/// A value and the line (1-based) at which it begins.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node<'a> {
    pub(crate) line: u32,
    pub(crate) value: Value<'a>,
}

/// What a node holds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value<'a> {
    Null,
    Bool(bool),
    /// A number, as it is written.
    Number(Cow<'a, str>),
    Text(Cow<'a, str>),
    List(Vec<Node<'a>>),
    Map(Vec<(Cow<'a, str>, Node<'a>)>),
}

impl<'a> Node<'a> {
    /// A member of a map; `None` also where it is null.
    pub(crate) fn get(&self, key: &str) -> Option<&Node<'a>> {
        let Value::Map(members) = &self.value else { return None };
        members.iter().find(|(k, v)| k == key && v.value != Value::Null).map(|(_, v)| v)
    }

    /// The text of a string.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The elements of a list, or nothing.
    pub(crate) fn elements(&self) -> &[Node<'a>] {
        match &self.value {
            Value::List(elements) => elements,
            _ => &[],
        }
    }
}

/// A top-level object, or an element of a top-level list.
#[derive(Debug)]
pub(crate) struct Document<'a> {
    pub(crate) node: Node<'a>,
    /// The `kind` of the list around it, where that stands before the items.
    pub(crate) list_kind: Option<String>,
    /// Whether a cut or a fault ended it early.
    pub(crate) is_cut: bool,
}

/// Why a reader passed something over. Reading goes on where it can.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Stop {
    /// The text ends inside a value.
    Truncated,
    /// Something that the grammar does not allow.
    Syntax(String),
    /// More than [`MAX_DEPTH`] levels.
    TooDeep,
}

/// A [`Stop`] and its line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) line: u32,
    pub(crate) stop: Stop,
}

/// Large members that hold no evidence: they are skipped without being built.
pub(crate) fn is_ballast(key: &str) -> bool {
    matches!(key, "managedFields" | "kubectl.kubernetes.io/last-applied-configuration")
}

/// Receives what a reader finds.
pub(crate) trait Sink<'a> {
    fn document(&mut self, document: Document<'a>);
    fn fault(&mut self, fault: Fault);
    /// A list was met, before any of its elements.
    fn list(&mut self) {}
}
