//! Values: scalars, objects and arrays, built or passed over.

use std::borrow::Cow;

use memchr::{memchr, memchr2};

use super::{Mark, Reader, escape};
use crate::tree::{MAX_DEPTH, Node, Value, is_ballast};

impl<'a> Reader<'a> {
    pub(super) fn value(&mut self, depth: usize) -> Node<'a> {
        let start = self.mark();
        let value = match self.peek() {
            Some(b'{') if depth < MAX_DEPTH => self.object(depth),
            Some(b'[') if depth < MAX_DEPTH => self.array(depth),
            Some(b'{' | b'[') => {
                self.too_deep.get_or_insert(start.line);
                self.skip_values(0);
                Value::Null
            }
            Some(_) => {
                let value = self.scalar();
                self.checked(value, start)
            }
            None => self.cut(),
        };
        Node { line: start.line, value }
    }

    fn scalar(&mut self) -> Value<'a> {
        match self.peek() {
            Some(b'"') => self.string().map_or(Value::Null, Value::Text),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't' | b'f' | b'n') => self.word(),
            _ => self.fail("a value was expected"),
        }
    }

    /// A scalar, if what follows shows that it ended where it should. One that lost its end, a quote for example,
    /// runs on into what follows; then the text is taken up again at the end of its first line.
    fn checked(&mut self, value: Value<'a>, start: Mark) -> Value<'a> {
        let has_newline = self.line != start.line;
        self.skip_blank();
        match self.peek() {
            Some(b',' | b'}' | b']') => {}
            // Its last digits may be cut off.
            None if matches!(value, Value::Number(_)) => {
                self.cut();
            }
            None => {}
            // A forgotten comma is forgiven.
            Some(b'"') if !has_newline => {}
            Some(_) => {
                self.fail("`,`, `}` or `]` was expected");
            }
        }
        if self.stop.is_none() {
            return value;
        }
        if has_newline {
            self.back_to_line_end(start);
        }
        Value::Null
    }

    /// Goes back to the end of the line of a scalar that ran over it.
    fn back_to_line_end(&mut self, start: Mark) {
        if let Some(end) = memchr(b'\n', &self.bytes[start.at..self.at])
            && self.may_reread(start.at + end)
        {
            (self.at, self.line) = (start.at + end, start.line);
            if let Some(fault) = &mut self.stop {
                fault.line = start.line;
            }
        }
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

    pub(super) fn member(
        &mut self,
        key: Cow<'a, str>,
        members: &mut Vec<(Cow<'a, str>, Node<'a>)>,
        depth: usize,
    ) {
        if is_ballast(&key) {
            self.skip_values(0);
        } else {
            let node = self.value(depth + 1);
            if self.stop.is_none() || node.value != Value::Null {
                members.push((key, node));
            }
        }
    }

    /// Goes to the value of the next member; `None` at the end of the object or at a fault.
    pub(super) fn next_key(&mut self, is_first: bool) -> Option<Cow<'a, str>> {
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
            if self.peek().is_none() {
                self.cut()
            } else {
                self.fail("a name in quotes was expected")
            };
            return None;
        }
        let start = self.mark();
        let Some(key) = self.string() else {
            self.back_to_line_end(start);
            return None;
        };
        self.skip_blank();
        match self.peek() {
            Some(b':') => self.at += 1,
            Some(_) => {
                self.fail("`:` was expected");
                self.back_to_line_end(start);
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
        let mut needs_comma = false;
        loop {
            self.skip_blank();
            match self.peek() {
                Some(b']') => {
                    self.at += 1;
                    break;
                }
                Some(b',') if needs_comma => {
                    self.at += 1;
                    needs_comma = false;
                }
                None => {
                    self.cut();
                    break;
                }
                Some(byte) if needs_comma && byte != b'"' => {
                    self.fail("`,` or `]` was expected");
                }
                Some(_) => {
                    let node = self.value(depth + 1);
                    if self.stop.is_none() || node.value != Value::Null {
                        elements.push(node);
                    }
                    needs_comma = true;
                }
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
                let text = escape::resolve(raw);
                if text.is_none() {
                    self.fail("an unknown escape in a string");
                }
                return text;
            }
            at = (at + 2).min(self.bytes.len());
        }
    }

    /// Moves on over bytes that may hold line breaks (which JSON forbids in strings, but pastes have).
    fn advance_to(&mut self, at: usize) {
        self.line += memchr::memchr_iter(b'\n', &self.bytes[self.at..at]).count() as u32;
        self.at = at;
    }

    fn number(&mut self) -> Value<'a> {
        let length = self.bytes[self.at..]
            .iter()
            .take_while(|b| matches!(b, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E'))
            .count();
        let raw = &self.text[self.at..self.at + length];
        self.at += length;
        Value::Number(Cow::Borrowed(raw))
    }

    fn word(&mut self) -> Value<'a> {
        for (word, value) in
            [("true", Value::Bool(true)), ("false", Value::Bool(false)), ("null", Value::Null)]
        {
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

    /// Passes over a value of any depth without building it; with `depth` levels open, over all that is left of them.
    pub(super) fn skip_values(&mut self, mut depth: usize) {
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
                    let start = self.mark();
                    self.skip_string();
                    // One that lost a quote runs on into what follows.
                    if self.line != start.line && !self.is_behind_string() {
                        self.fail("`,`, `}` or `]` was expected");
                    }
                    if self.stop.is_some() {
                        self.back_to_line_end(start);
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
                        .take_while(|b| {
                            !matches!(b, b',' | b'}' | b']' | b'"' | b'{' | b'[') && !b.is_ascii_whitespace()
                        })
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

    fn is_behind_string(&mut self) -> bool {
        self.skip_blank();
        matches!(self.peek(), Some(b',' | b':' | b'}' | b']') | None)
    }

    fn skip_string(&mut self) {
        let mut at = self.at + 1;
        loop {
            let Some(found) = memchr2(b'"', b'\\', &self.bytes[at..]) else {
                self.advance_to(self.bytes.len());
                self.cut();
                return;
            };
            at += found;
            if self.bytes[at] == b'"' {
                self.advance_to(at + 1);
                return;
            }
            at = (at + 2).min(self.bytes.len());
        }
    }

    pub(super) fn skip_blank(&mut self) {
        while let Some(byte) = self.peek() {
            match byte {
                b'\n' => self.line += 1,
                b' ' | b'\t' | b'\r' => {}
                _ => return,
            }
            self.at += 1;
        }
    }
}
