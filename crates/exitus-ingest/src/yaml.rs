//! A YAML reader over a parser of events, so that scalars keep their text and every node its line.
//!
//! kubectl prints strings such as `5e4074516095` without quotes; a reader that resolves types first would turn them
//! into numbers. Here a plain scalar is a number only when it is a decimal integer, and all else is text.
//! An alias stands for nothing: kubectl never prints one, and expanding them is how small files become large.

use std::borrow::Cow;

use granit_parser::{Event, Parser, ScalarStyle, Span, StructureStyle, Tag};

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
    if text.starts_with('%') {
        // Directives stand before the `---` of their document.
        at = memchr::memmem::find(text.as_bytes(), b"\n---")? + 1;
    }
    while let Some(found) = memchr::memmem::find(&text.as_bytes()[at..], b"\n---") {
        let start = at + found + 1;
        match text.as_bytes().get(start + 3) {
            None | Some(b'\n' | b'\r' | b' ') => return Some(start),
            Some(_) => at = start,
        }
    }
    None
}

/// Reads a document. After a fault in an element of its list it goes on at the next element.
fn read_one<'a>(text: &'a str, line_offset: u32, sink: &mut dyn Sink<'a>) {
    let mut part = Part { text, line_offset, list: None };
    // What may be read a second time, so that going back after faults takes linear time at most.
    let mut rereading = text.len();
    let mut last_fault = None;
    loop {
        let mut builder = Builder::new(&part, sink);
        let Some((fault, fault_at)) = builder.run() else { return };
        builder.close_all();
        let next = builder.next_element();
        if last_fault.as_ref() != Some(&fault) {
            sink.fault(fault.clone());
        }
        last_fault = Some(fault);
        let Some((at, next)) = next else { return };
        let Some(left) = rereading.checked_sub(fault_at.saturating_sub(at)) else { return };
        rereading = left;
        part = next;
    }
}

/// A stretch of a text that is parsed by itself.
struct Part<'a> {
    text: &'a str,
    /// How many lines stand before it.
    line_offset: u32,
    /// It is the rest of a list; holds the list's kind.
    list: Option<Option<String>>,
}

/// A map or list that is not closed yet.
enum Open<'a> {
    Map { line: u32, members: Vec<(Cow<'a, str>, Node<'a>)>, key: Option<Cow<'a, str>> },
    List { line: u32, elements: Vec<Node<'a>>, is_items: bool },
}

/// The list whose elements are handed on.
struct Items {
    /// Where the dashes stand in their lines; `None` in flow style.
    column: Option<usize>,
    /// Where the element stands that began last.
    element: Place,
    kind: Option<String>,
    has_looked_for_kind: bool,
}

/// A byte and its line, from the beginning of a part.
#[derive(Clone, Copy)]
struct Place {
    at: usize,
    line: u32,
}

impl Place {
    fn of(span: &Span) -> Place {
        Place { at: span.start.byte_offset().unwrap_or_default(), line: span.start.line() as u32 }
    }
}

struct Builder<'a, 's> {
    text: &'a str,
    line_offset: u32,
    stack: Vec<Open<'a>>,
    items: Option<Items>,
    /// It is the rest of a list that was counted.
    is_resumed: bool,
    too_deep: usize,
    /// How many levels are open around the outermost one in flow style.
    flow_from: Option<usize>,
    /// What is handed on may lack its end.
    is_cut: bool,
    sink: &'s mut dyn Sink<'a>,
}

impl<'a, 's> Builder<'a, 's> {
    fn new(part: &Part<'a>, sink: &'s mut dyn Sink<'a>) -> Builder<'a, 's> {
        let element = Place { at: 0, line: 1 };
        let items =
            part.list.clone().map(|kind| Items { column: None, element, kind, has_looked_for_kind: true });
        Builder {
            text: part.text,
            line_offset: part.line_offset,
            stack: Vec::new(),
            is_resumed: items.is_some(),
            items,
            too_deep: 0,
            flow_from: None,
            is_cut: false,
            sink,
        }
    }

    /// Takes the whole text, or up to a fault, which it yields with its byte.
    fn run(&mut self) -> Option<(Fault, usize)> {
        let options = granit_parser::options! { emit_unresolved_aliases: true };
        let mut last_line = 0;
        for event in Parser::new_from_str_with_options(self.text, options) {
            match event {
                Ok((event, span)) => {
                    last_line = self.line_offset + span.start.line() as u32;
                    self.event(event, &span);
                }
                Err(error) => {
                    let line = self.line_offset + error.marker().line() as u32;
                    let fault = Fault { line, stop: Stop::Syntax(error.info().to_lowercase()) };
                    return Some((fault, error.marker().byte_offset().unwrap_or(self.text.len())));
                }
            }
        }
        let fault = Fault { line: last_line, stop: Stop::Truncated };
        self.is_cut.then_some((fault, self.text.len()))
    }

    fn event(&mut self, event: Event<'a>, span: &Span) {
        let line = self.line_offset + span.start.line() as u32;
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
        if !is_end
            && matches!(self.stack.last(), Some(Open::List { is_items: true, .. }))
            && let Some(items) = &mut self.items
        {
            items.element = Place::of(span);
        }
        match event {
            Event::Scalar(text, style, _, tag) => {
                let is_at_end = span.end.byte_offset() == Some(self.text.len());
                let is_plain = style == ScalarStyle::Plain && !tag.as_deref().is_some_and(is_text_tag);
                self.scalar(text, is_plain, is_at_end, line);
            }
            Event::Alias(_) | Event::UnresolvedAlias(_) => self.add(Node { line, value: Value::Null }),
            Event::MappingStart(style, ..) => {
                self.note_style(style);
                self.stack.push(Open::Map { line, members: Vec::new(), key: None });
            }
            Event::SequenceStart(style, ..) => {
                self.note_style(style);
                let is_items = self.is_items();
                if is_items {
                    self.begin_items(span);
                }
                self.stack.push(Open::List { line, elements: Vec::new(), is_items });
            }
            Event::MappingEnd | Event::SequenceEnd => self.close(),
            _ => {}
        }
    }

    fn note_style(&mut self, style: StructureStyle) {
        if style == StructureStyle::Flow {
            self.flow_from.get_or_insert(self.stack.len());
        }
    }

    /// The column of the dash of an element; the parser gives that of what stands behind the dash.
    fn column_of_elements(&self, span: &Span) -> Option<usize> {
        let before = self.text.get(..span.start.byte_offset()?)?;
        let line = &self.text[before.rfind('\n').map_or(0, |at| at + 1)..];
        let column = indentation(line);
        line[column..].starts_with('-').then_some(column)
    }

    fn begin_items(&mut self, span: &Span) {
        let column = self.column_of_elements(span);
        if self.is_resumed {
            if let Some(items) = &mut self.items {
                items.column = column;
            }
            return;
        }
        self.sink.list();
        let kind = self.stack.iter().find_map(list_kind);
        self.items =
            Some(Items { column, element: Place::of(span), has_looked_for_kind: kind.is_some(), kind });
    }

    /// Whether the list that begins here is the `items` of the document.
    fn is_items(&self) -> bool {
        let [Open::Map { key, .. }] = self.stack.as_slice() else { return self.stack.is_empty() };
        key.as_deref() == Some("items")
    }

    fn scalar(&mut self, text: Cow<'a, str>, is_plain: bool, is_at_end: bool, line: u32) {
        if let Some(Open::Map { key: key @ None, .. }) = self.stack.last_mut() {
            *key = Some(text);
            if self.stack.len() == 1 {
                // What follows is not of the list any more.
                self.items = None;
            }
            return;
        }
        let mut value = if is_plain { plain(text) } else { Value::Text(text) };
        // A number without a line end behind it may have lost digits, and 13 is another exit code than 137. In flow
        // style the text ends too early in any case.
        if is_at_end && (self.flow_from.is_some() || matches!(value, Value::Number(_))) {
            value = Value::Null;
            self.is_cut = true;
        }
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
                if node.value != Value::Null {
                    let list_kind = self.kind_of_items(&node);
                    self.sink.document(Document { node, list_kind, is_cut: self.is_cut });
                }
            }
            None => self.document(node),
        }
    }

    fn close(&mut self) {
        let closed = self.stack.pop();
        self.flow_from = self.flow_from.filter(|from| *from < self.stack.len());
        match closed {
            Some(Open::Map { line, members, .. }) => self.add(Node { line, value: Value::Map(members) }),
            Some(Open::List { line, elements, is_items }) => {
                let value = if is_items { Value::List(Vec::new()) } else { Value::List(elements) };
                self.add(Node { line, value });
            }
            None => {}
        }
    }

    /// The kind of the list; where it stands behind the elements, it is looked for once an element needs it.
    fn kind_of_items(&mut self, element: &Node<'_>) -> Option<String> {
        let is_in_map = matches!(self.stack.first(), Some(Open::Map { .. }));
        let text = self.text;
        let items = self.items.as_mut()?;
        if is_in_map && !items.has_looked_for_kind && element.get("kind").is_none() {
            items.has_looked_for_kind = true;
            let kind = text.lines().find_map(|line| line.strip_prefix("kind:"));
            items.kind = kind.map(|kind| kind.trim().trim_matches(['"', '\'']).to_owned());
        }
        items.kind.clone()
    }

    /// Hands on a document, unless it is a list whose items went out already.
    fn document(&mut self, node: Node<'a>) {
        match &node.value {
            Value::Map(_) => {
                if node.get("items").is_none_or(|i| !matches!(i.value, Value::List(_))) {
                    self.sink.document(Document { node, list_kind: None, is_cut: self.is_cut });
                }
            }
            Value::List(_) | Value::Null => {}
            _ => self
                .sink
                .fault(Fault { line: node.line, stop: Stop::Syntax("no object, only text".to_owned()) }),
        }
    }

    /// Closes what is open, so that everything before a fault is handed on.
    fn close_all(&mut self) {
        self.is_cut = true;
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
    }

    /// The rest of a list in block style behind the element that a fault broke, and where it begins.
    fn next_element(&self) -> Option<(usize, Part<'a>)> {
        let items = self.items.as_ref()?;
        let column = items.column.or_else(|| self.is_resumed.then(|| indentation(self.text)))?;
        let Place { mut at, mut line } = items.element;
        for text in self.text.get(at..)?.split_inclusive('\n') {
            let is_later = line > items.element.line;
            if is_later && is_element(text, column) {
                let end = if self.is_resumed {
                    self.text.len()
                } else {
                    at + end_of_list(&self.text[at..], column)
                };
                let text = self.text.get(at..end)?;
                let line_offset = self.line_offset + line - 1;
                return Some((at, Part { text, line_offset, list: Some(items.kind.clone()) }));
            }
            at += text.len();
            line += 1;
        }
        None
    }
}

fn is_element(line: &str, column: usize) -> bool {
    let mark = line.as_bytes().get(column..).unwrap_or_default();
    indentation(line) == column && matches!(mark, [b'-', b' ' | b'\r' | b'\n', ..])
}

/// Where a list of elements at a column ends: at the first line behind its last element that is not of it.
fn end_of_list(text: &str, column: usize) -> usize {
    let (mut at, mut end) = (0, None);
    for line in text.split_inclusive('\n') {
        let is_blank = line.trim().is_empty() || line.trim_start().starts_with('#');
        if is_element(line, column) {
            end = None;
        } else if !is_blank && indentation(line) <= column {
            end = end.or(Some(at));
        }
        at += line.len();
    }
    end.unwrap_or(at)
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// Whether a tag is `!!str`.
fn is_text_tag(tag: &Tag) -> bool {
    tag.is_yaml_core_schema_tag("str")
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
