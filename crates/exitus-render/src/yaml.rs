//! YAML: the JSON document in block style. A string stands unquoted only where no YAML 1.1 or 1.2 reader could take
//! it for anything else.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Number;

use crate::sanitize::is_unsafe;

/// Words that some schema of YAML reads as a boolean or as nothing. Source: yaml.org/type/bool, yaml.org/type/null,
/// YAML 1.2.2 section 10.
const RESERVED: [&str; 10] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan"];

/// A JSON value that keeps the order of its fields, as `serde_json::Value` does not.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Node {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    List(Vec<Node>),
    Map(Vec<(String, Node)>),
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Node, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
        Ok(Node::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
        Ok(Node::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Node, E> {
        Ok(Number::from_f64(value).map_or(Node::Null, Node::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Node, E> {
        Ok(Node::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Node, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Node::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Node, A::Error> {
        let mut map = Vec::new();
        while let Some(field) = fields.next_entry()? {
            map.push(field);
        }
        Ok(Node::Map(map))
    }
}

/// A JSON document as YAML.
pub(crate) fn from_json(json: &str) -> String {
    let node: Node = serde_json::from_str(json).expect("own JSON");
    let mut yaml = String::new();
    write_node(&mut yaml, &node, 0);
    yaml
}

/// Writes a value that begins a line of its own, or stands behind the dash of a list's item.
fn write_node(yaml: &mut String, node: &Node, depth: usize) {
    match node {
        Node::Map(fields) if !fields.is_empty() => {
            for (i, (key, value)) in fields.iter().enumerate() {
                if i > 0 || !yaml.ends_with("- ") {
                    indent(yaml, depth);
                }
                *yaml += &scalar(key);
                yaml.push(':');
                write_value(yaml, value, depth);
            }
        }
        Node::List(items) if !items.is_empty() => {
            for (i, item) in items.iter().enumerate() {
                if i > 0 || !yaml.ends_with("- ") {
                    indent(yaml, depth);
                }
                *yaml += "- ";
                write_node(yaml, item, depth + 1);
            }
        }
        leaf => {
            *yaml += &inline(leaf);
            yaml.push('\n');
        }
    }
}

fn write_value(yaml: &mut String, value: &Node, depth: usize) {
    match value {
        Node::Map(fields) if !fields.is_empty() => {
            yaml.push('\n');
            write_node(yaml, value, depth + 1);
        }
        Node::List(items) if !items.is_empty() => {
            yaml.push('\n');
            write_node(yaml, value, depth);
        }
        leaf => {
            yaml.push(' ');
            write_node(yaml, leaf, depth);
        }
    }
}

fn indent(yaml: &mut String, depth: usize) {
    yaml.extend(std::iter::repeat_n("  ", depth));
}

fn inline(leaf: &Node) -> String {
    match leaf {
        Node::Bool(value) => value.to_string(),
        Node::Number(value) => value.to_string(),
        Node::Text(text) => scalar(text),
        Node::List(_) => "[]".to_owned(),
        Node::Map(_) => "{}".to_owned(),
        Node::Null => "null".to_owned(),
    }
}

/// A string, quoted unless it is plainly a string.
fn scalar(text: &str) -> String {
    if is_plain(text) { text.to_owned() } else { quote(text) }
}

/// Begins with a letter or a slash, holds only letters, digits and harmless signs, and is no reserved word.
/// A colon is one where no blank follows it.
fn is_plain(text: &str) -> bool {
    let begins = text.chars().next().is_some_and(|c| c.is_alphabetic() || c == '/');
    let is_harmless = |c: char| c.is_alphanumeric() && !is_unsafe(c) || " /._-+(),;=:".contains(c);
    begins
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && text.chars().all(is_harmless)
        && !RESERVED.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Double quotes with the escapes that YAML 1.1, 1.2 and JSON share, but for the long form.
fn quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted += "\\\"",
            '\\' => quoted += "\\\\",
            '\n' => quoted += "\\n",
            '\t' => quoted += "\\t",
            '\r' => quoted += "\\r",
            c if is_unsafe(c) || is_outside_yaml(c) => match u32::from(c) {
                code @ 0..=0xFF => quoted += &format!("\\x{code:02x}"),
                code @ 0x100..=0xFFFF => quoted += &format!("\\u{code:04x}"),
                code => quoted += &format!("\\U{code:08x}"),
            },
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// Outside `c-printable`. YAML 1.1 and some readers also refuse what lies beyond the basic plane's private use area;
/// only noncharacters are escaped for them.
fn is_outside_yaml(c: char) -> bool {
    matches!(u32::from(c) & 0xFFFF, 0xFFFE | 0xFFFF)
}

#[cfg(test)]
mod tests;
