//! A JSON reader that survives cuts and dirt.
//!
//! It takes one object, a list object, an array, concatenated documents and JSON lines. The elements of a list are
//! handed on one at a time. At a fault it keeps what it understood, reports the line, and goes on at the next
//! element of the list or at the next line that begins an object. A scalar that a cut or a fault may have changed is
//! no value.

mod escape;
mod value;

use std::borrow::Cow;

use memchr::memchr;

use crate::tree::{Document, Fault, Node, Sink, Stop, Value};

/// Reads every document of a text.
pub(crate) fn read<'a>(text: &'a str, sink: &mut dyn Sink<'a>) {
    let mut reader = Reader {
        bytes: text.as_bytes(),
        text,
        at: 0,
        line: 1,
        stop: None,
        too_deep: None,
        rereading: text.len(),
        searching: text.len(),
    };
    loop {
        reader.skip_blank();
        if reader.at >= reader.bytes.len() {
            return;
        }
        reader.top_level(sink);
    }
}

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    line: u32,
    stop: Option<Fault>,
    /// The line of the first value that was passed over for its depth.
    too_deep: Option<u32>,
    /// How many bytes may still be read a second time, so that going back after faults takes linear time at most.
    rereading: usize,
    /// How many bytes may still be looked through in vain for what stands far behind.
    searching: usize,
}

/// A place in the text.
#[derive(Clone, Copy)]
struct Mark {
    at: usize,
    line: u32,
}

impl<'a> Reader<'a> {
    fn top_level(&mut self, sink: &mut dyn Sink<'a>) {
        let start = self.mark();
        let next = match self.peek() {
            Some(b'{') => self.top_object(start, sink),
            Some(b'[') => {
                self.elements(None, sink);
                None
            }
            _ if self.is_filler() => None,
            _ => {
                self.fail("an object was expected");
                self.at += 1;
                None
            }
        };
        self.report_depth(sink);
        let Some(fault) = self.stop.take() else { return };
        match next {
            Some(next) => {
                sink.fault(Fault { line: next.line.saturating_sub(1), stop: Stop::Truncated });
                (self.at, self.line) = (next.at, next.line);
            }
            None => {
                sink.fault(fault);
                self.enter_next_document(start);
            }
        }
    }

    /// An object whose `items` are handed on one by one, so that a list is never held whole.
    ///
    /// At a fault: where the next document begins, if the fault ran into it.
    fn top_object(&mut self, start: Mark, sink: &mut dyn Sink<'a>) -> Option<Mark> {
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
        let is_cut = self.stop.is_some();
        let next = if is_cut && !is_list { self.swallowed_document(start) } else { None };
        if let Some(next) = next {
            keep_before(&mut members, next.line);
        }
        if !is_list && !members.is_empty() {
            let node = Node { line: start.line, value: Value::Map(members) };
            sink.document(Document { node, list_kind: None, is_cut });
        }
        next
    }

    /// The first line after the beginning of a broken document that begins an object itself: what was cut off at the
    /// end of a line took it for its own.
    fn swallowed_document(&mut self, start: Mark) -> Option<Mark> {
        let is_at_margin = start.at == 0 || self.bytes[start.at - 1] == b'\n';
        if !is_at_margin {
            return None;
        }
        let mut mark = start;
        while let Some(end) = memchr(b'\n', &self.bytes[mark.at..self.at]) {
            mark = Mark { at: mark.at + end + 1, line: mark.line + 1 };
            if self.bytes.get(mark.at) == Some(&b'{') {
                return self.may_reread(mark.at).then_some(mark);
            }
        }
        None
    }

    /// Whether the text from here to the fault may be read again; takes its length from the allowance.
    fn may_reread(&mut self, from: usize) -> bool {
        let left = self.rereading.checked_sub(self.at.saturating_sub(from));
        self.rereading = left.unwrap_or(self.rereading);
        left.is_some()
    }

    fn elements(&mut self, list_kind: Option<&str>, sink: &mut dyn Sink<'a>) {
        sink.list();
        self.at += 1;
        let mut list_kind = list_kind.map(str::to_owned);
        let mut has_looked_ahead = list_kind.is_some();
        let (mut indent, mut indent_line) = (None, 0);
        loop {
            self.skip_blank();
            match self.peek() {
                Some(b']') => {
                    self.at += 1;
                    return;
                }
                Some(b',') => self.at += 1,
                None => {
                    self.cut();
                    return;
                }
                Some(_) => {
                    let start = self.mark();
                    // Only the first element of a line can have an indentation, and looking for it takes time.
                    if indent.is_none() && std::mem::replace(&mut indent_line, start.line) != start.line {
                        indent = self.indentation(start.at);
                    }
                    let node = self.value(2);
                    if !has_looked_ahead
                        && self.stop.is_none()
                        && matches!(node.value, Value::Map(_))
                        && node.get("kind").is_none()
                    {
                        has_looked_ahead = true;
                        list_kind = self.kind_after_elements();
                    }
                    let is_cut = self.stop.is_some();
                    let is_empty = is_cut && node.value == Value::Map(Vec::new());
                    if node.value != Value::Null && !is_empty {
                        sink.document(Document { node, list_kind: list_kind.clone(), is_cut });
                    }
                    self.report_depth(sink);
                    let Some(fault) = self.stop.take() else { continue };
                    if !self.enter_sibling(start, indent) {
                        self.stop = Some(fault);
                        return;
                    }
                    sink.fault(fault);
                }
            }
        }
    }

    /// The `kind` of a list that stands behind its elements, for elements that do not say theirs.
    fn kind_after_elements(&mut self) -> Option<String> {
        if self.searching == 0 {
            return None;
        }
        let mut ahead = Reader { stop: None, too_deep: None, ..*self };
        ahead.skip_values(1);
        self.searching = self.searching.saturating_sub(ahead.at - self.at);
        while let Some(key) = ahead.next_key(false) {
            if key == "kind" {
                return ahead.value(2).text().map(str::to_owned);
            }
            ahead.skip_values(0);
            if ahead.stop.is_some() {
                return None;
            }
        }
        None
    }

    fn report_depth(&mut self, sink: &mut dyn Sink<'a>) {
        if let Some(line) = self.too_deep.take() {
            sink.fault(Fault { line, stop: Stop::TooDeep });
        }
    }

    /// After a fault inside an element: goes to the next line that opens an object at the same indentation.
    fn enter_sibling(&mut self, start: Mark, indent: Option<&[u8]>) -> bool {
        let Some(indent) = indent.filter(|_| self.searching > 0) else { return false };
        let mut mark = start;
        while let Some(end) = memchr(b'\n', &self.bytes[mark.at..]) {
            mark = Mark { at: mark.at + end + 1, line: mark.line + 1 };
            let rest = self.bytes[mark.at..].strip_prefix(indent);
            if rest.is_some_and(|rest| rest.first() == Some(&b'{')) && mark.at + indent.len() >= self.at {
                (self.at, self.line) = (mark.at + indent.len(), mark.line);
                return true;
            }
        }
        self.searching = self.searching.saturating_sub(self.bytes.len() - start.at);
        false
    }

    /// What stands before an element in its line, where that is only blanks.
    fn indentation(&self, at: usize) -> Option<&'a [u8]> {
        let line_start = memchr::memrchr(b'\n', &self.bytes[..at]).map_or(0, |i| i + 1);
        let indent = &self.bytes[line_start..at];
        indent.iter().all(u8::is_ascii_whitespace).then_some(indent)
    }

    /// After a fault outside of a list: goes to the next line that begins with an object or array, or to the object
    /// that stands behind other text in this line.
    fn enter_next_document(&mut self, start: Mark) {
        let is_garbage = !self.is_document_at(start.at);
        if self.at > start.at && self.is_document_at(self.at) && self.bytes[self.at - 1] == b'\n' {
            return;
        }
        self.at = self.at.max(start.at + 1).min(self.bytes.len());
        let rest = &self.bytes[self.at..];
        let line_end = memchr(b'\n', rest).unwrap_or(rest.len());
        if is_garbage && let Some(object) = memchr::memmem::find(&rest[..line_end], b"{\"") {
            self.at += object;
            return;
        }
        while let Some(end) = memchr(b'\n', &self.bytes[self.at..]) {
            self.at += end + 1;
            self.line += 1;
            if self.is_document_at(self.at) {
                return;
            }
        }
        self.at = self.bytes.len();
    }

    fn is_document_at(&self, at: usize) -> bool {
        matches!(self.bytes.get(at), Some(b'{' | b'['))
    }

    fn mark(&self) -> Mark {
        Mark { at: self.at, line: self.line }
    }

    /// Passes over what may stand between objects: an empty value, or the line that parts YAML documents.
    fn is_filler(&mut self) -> bool {
        let rest = &self.bytes[self.at..];
        let length = match rest {
            [b'n', b'u', b'l', b'l', ..] => 4,
            [b'-', b'-', b'-', b'\n' | b'\r', ..] => 3,
            _ => 0,
        };
        self.at += length;
        length > 0
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn cut(&mut self) -> Value<'a> {
        if self.stop.is_none() {
            // The line that was cut is the last one that is not blank.
            let blank = self.bytes.iter().rev().take_while(|b| b.is_ascii_whitespace());
            let below = blank.filter(|b| **b == b'\n').count() as u32;
            self.stop = Some(Fault { line: self.line.saturating_sub(below).max(1), stop: Stop::Truncated });
        }
        Value::Null
    }

    fn fail(&mut self, why: &str) -> Value<'a> {
        let line = self.line;
        self.stop.get_or_insert_with(|| Fault { line, stop: Stop::Syntax(why.to_owned()) });
        Value::Null
    }
}

/// Leaves only what begins before a line.
fn keep_before(members: &mut Vec<(Cow<'_, str>, Node<'_>)>, line: u32) {
    members.retain_mut(|(_, node)| is_before(node, line));
}

fn is_before(node: &mut Node<'_>, line: u32) -> bool {
    if node.line >= line {
        return false;
    }
    match &mut node.value {
        Value::Map(members) => keep_before(members, line),
        Value::List(elements) => elements.retain_mut(|element| is_before(element, line)),
        _ => {}
    }
    true
}

#[cfg(test)]
pub(crate) mod tests;
