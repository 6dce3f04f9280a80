//! A JSON reader that survives cuts and dirt.
//!
//! It takes one object, a list object, an array, concatenated documents and JSON lines. The elements of a list are
//! handed on one at a time. At a fault it keeps what it understood, reports the line, and goes on at the next
//! element of the list or at the next line that begins an object.

use std::borrow::Cow;

use memchr::{memchr, memchr2};

use crate::tree::{Document, Fault, MAX_DEPTH, Node, Sink, Stop, Value, is_ballast};

/// Reads every document of a text.
pub(crate) fn read<'a>(text: &'a str, sink: &mut dyn Sink<'a>) {
    let mut reader = Reader { bytes: text.as_bytes(), text, at: 0, line: 1, stop: None };
    loop {
        reader.skip_blank();
        if reader.at >= reader.bytes.len() {
            return;
        }
        let start = reader.at;
        reader.top_level(sink);
        if let Some(stop) = reader.stop.take() {
            sink.fault(Fault { line: reader.line, stop });
            reader.to_next_document(start);
        }
    }
}

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    line: u32,
    stop: Option<Stop>,
}

impl<'a> Reader<'a> {
    fn top_level(&mut self, sink: &mut dyn Sink<'a>) {
        let line = self.line;
        match self.peek() {
            Some(b'{') => self.top_object(line, sink),
            Some(b'[') => self.elements(None, sink),
            _ => {
                let node = self.value(1);
                if self.stop.is_none() && node.value != Value::Null {
                    self.fail("a value outside of any object");
                }
            }
        }
    }

    /// An object whose `items` are handed on one by one, so that a list is never held whole.
    fn top_object(&mut self, line: u32, sink: &mut dyn Sink<'a>) {
        let mut members: Vec<(Cow<'a, str>, Node<'a>)> = Vec::new();
        let mut is_list = false;
        self.at += 1;
        let mut is_first = true;
        while let Some(key) = self.next_key(std::mem::take(&mut is_first)) {
            if key == "items" && self.peek() == Some(b'[') {
                is_list = true;
                let kind = members.iter().find(|(k, _)| k == "kind").and_then(|(_, v)| v.text());
                self.elements(kind.map(str::to_owned).as_deref(), sink);
            } else {
                self.member(key, &mut members, 1);
            }
            if self.stop.is_some() {
                break;
            }
        }
        if !is_list && !members.is_empty() {
            sink.document(Document { node: Node { line, value: Value::Map(members) }, list_kind: None });
        }
    }

    fn elements(&mut self, list_kind: Option<&str>, sink: &mut dyn Sink<'a>) {
        sink.list();
        self.at += 1;
        loop {
            self.skip_blank();
            match self.peek() {
                Some(b']') => {
                    self.at += 1;
                    return;
                }
                Some(b',') => self.at += 1,
                None => {
                    self.stop = Some(Stop::Truncated);
                    return;
                }
                Some(_) => {
                    let (start, line) = (self.at, self.line);
                    let node = self.value(2);
                    if node.value != Value::Null {
                        sink.document(Document { node, list_kind: list_kind.map(str::to_owned) });
                    }
                    let Some(stop) = self.stop.take() else { continue };
                    if !self.to_sibling(start, line) {
                        self.stop = Some(stop);
                        return;
                    }
                    sink.fault(Fault { line: self.line, stop });
                }
            }
        }
    }

    /// After a fault inside an element: goes to the next line that opens an object at the same indentation.
    fn to_sibling(&mut self, start: usize, start_line: u32) -> bool {
        let line_start = memchr::memrchr(b'\n', &self.bytes[..start]).map_or(0, |i| i + 1);
        let indent = &self.bytes[line_start..start];
        if indent.iter().any(|b| !b.is_ascii_whitespace()) {
            return false;
        }
        let mut line = start_line;
        let mut at = start;
        while let Some(end) = memchr(b'\n', &self.bytes[at..]) {
            at += end + 1;
            line += 1;
            let is_sibling = self.bytes[at..].strip_prefix(indent).is_some_and(|rest| rest.first() == Some(&b'{'));
            if is_sibling && at > self.at.saturating_sub(1) {
                (self.at, self.line) = (at + indent.len(), line);
                return true;
            }
        }
        false
    }

    /// After a fault outside of a list: goes to the next line that begins with an object or array.
    fn to_next_document(&mut self, start: usize) {
        self.at = self.at.max(start + 1).min(self.bytes.len());
        while let Some(end) = memchr(b'\n', &self.bytes[self.at..]) {
            self.at += end + 1;
            self.line += 1;
            if matches!(self.peek(), Some(b'{' | b'[')) {
                return;
            }
        }
        self.at = self.bytes.len();
    }

    fn value(&mut self, depth: usize) -> Node<'a> {
        let line = self.line;
        let value = match self.peek() {
            Some(b'{') if depth < MAX_DEPTH => self.object(depth),
            Some(b'[') if depth < MAX_DEPTH => self.array(depth),
            Some(b'{' | b'[') => {
                self.skip_value();
                self.stop.get_or_insert(Stop::TooDeep);
                Value::Null
            }
            Some(b'"') => self.string().map_or(Value::Null, Value::Text),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't' | b'f' | b'n') => self.word(),
            Some(_) => self.fail("a value was expected"),
            None => self.cut(),
        };
        Node { line, value }
    }

    fn object(&mut self, depth: usize) -> Value<'a> {
        self.at += 1;
        let mut members = Vec::new();
        let mut is_first = true;
        while let Some(key) = self.next_key(std::mem::take(&mut is_first)) {
            self.member(key, &mut members, depth);
            if self.stop.is_some() {
                break;
            }
        }
        Value::Map(members)
    }

    fn member(&mut self, key: Cow<'a, str>, members: &mut Vec<(Cow<'a, str>, Node<'a>)>, depth: usize) {
        if is_ballast(&key) {
            self.skip_value();
        } else {
            let node = self.value(depth + 1);
            members.push((key, node));
        }
    }

    /// Goes to the value of the next member; `None` at the end of the object or at a fault.
    fn next_key(&mut self, is_first: bool) -> Option<Cow<'a, str>> {
        self.skip_blank();
        match self.peek() {
            Some(b'}') => {
                self.at += 1;
                return None;
            }
            Some(b',') if !is_first => {
                self.at += 1;
                self.skip_blank();
                // A trailing comma is forgiven: editors of pasted JSON leave them.
                if self.peek() == Some(b'}') {
                    self.at += 1;
                    return None;
                }
            }
            Some(b'"') => {}
            Some(_) => {
                self.fail("`,` or `}` was expected");
                return None;
            }
            None => {
                self.cut();
                return None;
            }
        }
        if self.peek() != Some(b'"') {
            if self.peek().is_none() { self.cut() } else { self.fail("a name in quotes was expected") };
            return None;
        }
        let key = self.string()?;
        self.skip_blank();
        match self.peek() {
            Some(b':') => self.at += 1,
            Some(_) => {
                self.fail("`:` was expected");
                return None;
            }
            None => {
                self.cut();
                return None;
            }
        }
        self.skip_blank();
        Some(key)
    }

    fn array(&mut self, depth: usize) -> Value<'a> {
        self.at += 1;
        let mut elements = Vec::new();
        loop {
            self.skip_blank();
            match self.peek() {
                Some(b']') => {
                    self.at += 1;
                    break;
                }
                Some(b',') if !elements.is_empty() => self.at += 1,
                None => {
                    self.cut();
                    break;
                }
                Some(_) => elements.push(self.value(depth + 1)),
            }
            if self.stop.is_some() {
                break;
            }
        }
        Value::List(elements)
    }

    /// A string; a cut one is no value, since half a value must not be quoted.
    fn string(&mut self) -> Option<Cow<'a, str>> {
        let start = self.at + 1;
        let mut at = start;
        loop {
            let Some(found) = memchr2(b'"', b'\\', &self.bytes[at..]) else {
                self.advance_to(self.bytes.len());
                self.cut();
                return None;
            };
            at += found;
            if self.bytes[at] == b'"' {
                let raw = self.text.get(start..at)?;
                self.advance_to(at + 1);
                return if memchr(b'\\', raw.as_bytes()).is_none() {
                    Some(Cow::Borrowed(raw))
                } else {
                    self.unescape(raw).map(Cow::Owned)
                };
            }
            at = (at + 2).min(self.bytes.len());
        }
    }

    /// Moves on over bytes that may hold line breaks (which JSON forbids in strings, but pastes have).
    fn advance_to(&mut self, at: usize) {
        self.line += memchr::memchr_iter(b'\n', &self.bytes[self.at..at]).count() as u32;
        self.at = at;
    }

    fn unescape(&mut self, raw: &str) -> Option<String> {
        let mut text = String::with_capacity(raw.len());
        let mut rest = raw;
        while let Some(found) = rest.find('\\') {
            text.push_str(&rest[..found]);
            rest = &rest[found + 1..];
            let escape = rest.chars().next()?;
            rest = &rest[escape.len_utf8()..];
            match escape {
                '"' | '\\' | '/' => text.push(escape),
                'b' => text.push('\u{8}'),
                'f' => text.push('\u{c}'),
                'n' => text.push('\n'),
                'r' => text.push('\r'),
                't' => text.push('\t'),
                'u' => {
                    let (c, after) = unicode_escape(rest);
                    text.push(c);
                    rest = after;
                }
                _ => {
                    self.fail("an unknown escape in a string");
                    return None;
                }
            }
        }
        text.push_str(rest);
        Some(text)
    }

    /// A number; at the very end of the text its last digits may be cut off, so it is no value.
    fn number(&mut self) -> Value<'a> {
        let length = self.bytes[self.at..]
            .iter()
            .take_while(|b| matches!(b, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E'))
            .count();
        let raw = &self.text[self.at..self.at + length];
        self.at += length;
        if self.at >= self.bytes.len() {
            return self.cut();
        }
        Value::Number(Cow::Borrowed(raw))
    }

    fn word(&mut self) -> Value<'a> {
        for (word, value) in [("true", Value::Bool(true)), ("false", Value::Bool(false)), ("null", Value::Null)] {
            if self.bytes[self.at..].starts_with(word.as_bytes()) {
                self.at += word.len();
                return value;
            }
            if word.as_bytes().starts_with(&self.bytes[self.at..]) {
                self.at = self.bytes.len();
                return self.cut();
            }
        }
        self.fail("a value was expected")
    }

    /// Passes over a value of any depth without building it.
    fn skip_value(&mut self) {
        let mut depth = 0usize;
        loop {
            self.skip_blank();
            match self.peek() {
                Some(b'{' | b'[') => {
                    depth += 1;
                    self.at += 1;
                }
                Some(b'}' | b']') => {
                    depth = depth.saturating_sub(1);
                    self.at += 1;
                }
                Some(b'"') => {
                    if self.skip_string().is_none() {
                        return;
                    }
                }
                Some(b',' | b':') if depth > 0 => {
                    self.at += 1;
                    continue;
                }
                Some(_) => {
                    let length = self.bytes[self.at..]
                        .iter()
                        .take_while(|b| !matches!(b, b',' | b'}' | b']' | b'"' | b'{' | b'[') && !b.is_ascii_whitespace())
                        .count();
                    self.at += length.max(1);
                }
                None => {
                    self.cut();
                    return;
                }
            }
            if depth == 0 {
                return;
            }
        }
    }

    fn skip_string(&mut self) -> Option<()> {
        let mut at = self.at + 1;
        loop {
            let Some(found) = memchr2(b'"', b'\\', &self.bytes[at..]) else {
                self.advance_to(self.bytes.len());
                self.cut();
                return None;
            };
            at += found;
            if self.bytes[at] == b'"' {
                self.advance_to(at + 1);
                return Some(());
            }
            at = (at + 2).min(self.bytes.len());
        }
    }

    fn skip_blank(&mut self) {
        while let Some(byte) = self.peek() {
            match byte {
                b'\n' => self.line += 1,
                b' ' | b'\t' | b'\r' => {}
                _ => return,
            }
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn cut(&mut self) -> Value<'a> {
        self.stop.get_or_insert(Stop::Truncated);
        Value::Null
    }

    fn fail(&mut self, why: &str) -> Value<'a> {
        self.stop.get_or_insert(Stop::Syntax(why.to_owned()));
        Value::Null
    }
}

/// The character of `\uXXXX` and what follows; a lone surrogate becomes the replacement character.
fn unicode_escape(rest: &str) -> (char, &str) {
    let hex = |text: &str| text.get(..4).and_then(|h| u32::from_str_radix(h, 16).ok());
    let Some(first) = hex(rest) else { return (char::REPLACEMENT_CHARACTER, rest) };
    let after = &rest[4..];
    if !(0xd800..0xdc00).contains(&first) {
        return (char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER), after);
    }
    let second = after.strip_prefix("\\u").and_then(hex).filter(|s| (0xdc00..0xe000).contains(s));
    match second.and_then(|s| char::from_u32(0x10000 + ((first - 0xd800) << 10) + (s - 0xdc00))) {
        Some(c) => (c, &after[6..]),
        None => (char::REPLACEMENT_CHARACTER, after),
    }
}

#[cfg(test)]
mod tests;
