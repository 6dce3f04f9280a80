//! A YAML reader over a parser of events, so that scalars keep their text and every node its line.
//!
//! kubectl prints strings such as `5e4074516095` without quotes; a reader that resolves types first would turn them
//! into numbers. Here a plain scalar is a number only when it is a decimal integer, and all else is text.
//! An alias stands for nothing: kubectl never prints one, and expanding them is how small files become large.

use std::borrow::Cow;

use granit_parser::{Event, Parser, ScalarStyle};

use crate::tree::{Document, Fault, MAX_DEPTH, Node, Sink, Stop, Value, is_ballast};

/// Reads every document of a text; the elements of a top-level `items` are handed on one by one.
pub(crate) fn read<'a>(text: &'a str, sink: &mut dyn Sink<'a>) {
    let mut line_offset = 0;
    for (offset, part) in documents(text) {
        line_offset += offset;
        read_one(part, line_offset, sink);
    }
}

/// Splits at lines `---`, so that a fault in one document leaves the others whole.
///
/// Yields each part with the number of lines from the beginning of the part before.
fn documents(text: &str) -> impl Iterator<Item = (u32, &str)> {
    let mut rest = Some(text);
    let mut lines_before = 0;
    std::iter::from_fn(move || {
        let current = rest?;
        let end = separator(current);
        let part = end.map_or(current, |end| &current[..end]);
        rest = end.map(|end| &current[end..]);
        let lines = lines_before;
        lines_before = memchr::memchr_iter(b'\n', part.as_bytes()).count() as u32;
        Some((lines, part))
    })
}

/// Where the next document begins: after the first byte, a line `---`.
fn separator(text: &str) -> Option<usize> {
    let mut at = 0;
    while let Some(found) = memchr::memmem::find(&text.as_bytes()[at..], b"\n---") {
        let start = at + found + 1;
        match text.as_bytes().get(start + 3) {
            None | Some(b'\n' | b'\r' | b' ') => return Some(start),
            Some(_) => at = start,
        }
    }
    None
}

fn read_one<'a>(text: &'a str, line_offset: u32, sink: &mut dyn Sink<'a>) {
    let mut builder = Builder { line_offset, stack: Vec::new(), too_deep: 0, sink };
    for event in Parser::new_from_str(text) {
        match event {
            Ok((event, span)) => builder.event(event, line_offset + span.start.line() as u32),
            Err(error) => {
                let line = line_offset + error.marker().line() as u32;
                builder.finish_at_fault(Fault { line, stop: Stop::Syntax(error.info().to_lowercase()) });
                return;
            }
        }
    }
}

/// A map or list that is not closed yet.
enum Open<'a> {
    Map { line: u32, members: Vec<(Cow<'a, str>, Node<'a>)>, key: Option<Cow<'a, str>> },
    List { line: u32, elements: Vec<Node<'a>>, is_items: bool },
}

struct Builder<'a, 's> {
    line_offset: u32,
    stack: Vec<Open<'a>>,
    too_deep: usize,
    sink: &'s mut dyn Sink<'a>,
}

impl<'a> Builder<'a, '_> {
    fn event(&mut self, event: Event<'a>, line: u32) {
        let is_start = matches!(event, Event::MappingStart(..) | Event::SequenceStart(..));
        let is_end = matches!(event, Event::MappingEnd | Event::SequenceEnd);
        if self.too_deep > 0 || (is_start && self.stack.len() >= MAX_DEPTH) {
            if is_start && self.too_deep == 0 {
                self.sink.fault(Fault { line, stop: Stop::TooDeep });
            }
            self.too_deep = self.too_deep + usize::from(is_start) - usize::from(is_end);
            if self.too_deep == 0 {
                self.add(Node { line, value: Value::Null });
            }
            return;
        }
        match event {
            Event::Scalar(text, style, _, _) => self.scalar(text, style, line),
            Event::Alias(_) | Event::UnresolvedAlias(_) => self.add(Node { line, value: Value::Null }),
            Event::MappingStart(..) => {
                self.stack.push(Open::Map { line, members: Vec::new(), key: None });
            }
            Event::SequenceStart(..) => {
                let is_items = self.is_items();
                if is_items {
                    self.sink.list();
                }
                self.stack.push(Open::List { line, elements: Vec::new(), is_items });
            }
            Event::MappingEnd | Event::SequenceEnd => self.close(),
            _ => {}
        }
    }

    /// Whether the list that begins here is the `items` of the document.
    fn is_items(&self) -> bool {
        let [Open::Map { key, .. }] = self.stack.as_slice() else { return self.stack.is_empty() };
        key.as_deref() == Some("items")
    }

    fn scalar(&mut self, text: Cow<'a, str>, style: ScalarStyle, line: u32) {
        if let Some(Open::Map { key: key @ None, .. }) = self.stack.last_mut() {
            *key = Some(text);
            return;
        }
        let value = if style == ScalarStyle::Plain { plain(text) } else { Value::Text(text) };
        self.add(Node { line, value });
    }

    fn add(&mut self, node: Node<'a>) {
        match self.stack.last_mut() {
            Some(Open::Map { members, key, .. }) => match key.take() {
                Some(key) if is_ballast(&key) => {}
                Some(key) => members.push((key, node)),
                // A map as a key: nothing that Kubernetes writes.
                None => *key = Some(Cow::Borrowed("")),
            },
            Some(Open::List { elements, is_items: false, .. }) => elements.push(node),
            Some(Open::List { is_items: true, .. }) => {
                let list_kind = self.stack.iter().find_map(list_kind);
                if node.value != Value::Null {
                    self.sink.document(Document { node, list_kind });
                }
            }
            None => self.document(node),
        }
    }

    fn close(&mut self) {
        match self.stack.pop() {
            Some(Open::Map { line, members, .. }) => self.add(Node { line, value: Value::Map(members) }),
            Some(Open::List { line, elements, is_items }) => {
                let value = if is_items { Value::List(Vec::new()) } else { Value::List(elements) };
                self.add(Node { line, value });
            }
            None => {}
        }
    }

    /// Hands on a document, unless it is a list whose items went out already.
    fn document(&mut self, node: Node<'a>) {
        let is_list = node.get("items").is_some_and(|i| matches!(i.value, Value::List(_)));
        if matches!(node.value, Value::Map(_)) && !is_list {
            self.sink.document(Document { node, list_kind: None });
        } else if matches!(node.value, Value::Text(_)) && node.line > self.line_offset {
            self.sink.fault(Fault { line: node.line, stop: Stop::Syntax("no object, only text".to_owned()) });
        }
    }

    /// Closes what is open, so that everything before the fault is handed on.
    fn finish_at_fault(&mut self, fault: Fault) {
        if let Some(Open::Map { key, .. }) = self.stack.last_mut() {
            *key = None;
        }
        while !self.stack.is_empty() {
            if let Some(Open::Map { key: None, members, .. }) = self.stack.last()
                && members.is_empty()
            {
                // Nothing was read of it: drop it with its key.
                self.stack.pop();
                if let Some(Open::Map { key, .. }) = self.stack.last_mut() {
                    *key = None;
                }
                continue;
            }
            self.close();
        }
        self.sink.fault(fault);
    }
}

fn list_kind(open: &Open<'_>) -> Option<String> {
    let Open::Map { members, .. } = open else { return None };
    members.iter().find(|(k, _)| k == "kind").and_then(|(_, v)| v.text()).map(str::to_owned)
}

/// A scalar without quotes, by the types that Kubernetes' objects use.
fn plain(text: Cow<'_, str>) -> Value<'_> {
    match text.as_ref() {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ if is_integer(&text) => Value::Number(text),
        _ => Value::Text(text),
    }
}

fn is_integer(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    !digits.is_empty() && digits.len() <= 19 && digits.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests;
