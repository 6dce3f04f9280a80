//! Reading typed fields out of a tree: what is of another type is reported and passed over.

use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt::Write as _;

use exitus_model::{FileId, Origin, Problem, ProblemKind, Quantity};
use jiff::Timestamp;

use crate::tree::{Node, Value};

/// Times before this are no times: Kubernetes and the runtimes write the epoch or year 1 for "never".
/// 2000-01-01T00:00:00Z, in seconds.
const FIRST_REAL_SECOND: i64 = 946_684_800;

/// Where problems of one file go.
pub(crate) struct Scope<'f> {
    pub(crate) file: FileId,
    pub(crate) input: &'f str,
    pub(crate) problems: RefCell<Vec<Problem>>,
}

impl Scope<'_> {
    pub(crate) fn report(&self, line: u32, kind: ProblemKind) {
        let line = (line > 0).then_some(line);
        self.problems.borrow_mut().push(Problem { input: self.input.to_owned(), line, kind });
    }
}

/// The way from an object to a field.
#[derive(Clone, Copy)]
enum Trail<'v> {
    Root,
    Key(&'v Trail<'v>, &'v str),
    Index(&'v Trail<'v>, usize),
}

impl Trail<'_> {
    fn write(&self, path: &mut String) {
        let written = match self {
            Trail::Root => Ok(()),
            Trail::Key(parent, key) => {
                parent.write(path);
                if !path.is_empty() {
                    path.push('.');
                }
                path.write_str(key)
            }
            Trail::Index(parent, index) => {
                parent.write(path);
                write!(path, "[{index}]")
            }
        };
        debug_assert!(written.is_ok(), "writing to a string does not fail");
    }
}

/// A node on its way, with the scope that takes problems.
#[derive(Clone, Copy)]
pub(crate) struct View<'v, 'a> {
    pub(crate) node: &'v Node<'a>,
    trail: Trail<'v>,
    scope: &'v Scope<'v>,
}

impl<'v, 'a> View<'v, 'a> {
    pub(crate) fn new(node: &'v Node<'a>, scope: &'v Scope<'v>) -> View<'v, 'a> {
        View { node, trail: Trail::Root, scope }
    }

    pub(crate) fn origin(&self) -> Origin {
        Origin { file: self.scope.file, line: self.node.line }
    }

    pub(crate) fn report(&self, kind: ProblemKind) {
        self.scope.report(self.node.line, kind);
    }

    fn wrong(&self, key: &str, node: &Node<'_>, expected: &'static str) {
        let mut path = String::new();
        Trail::Key(&self.trail, key).write(&mut path);
        self.scope.report(node.line, ProblemKind::WrongType { path, expected });
    }

    fn wrong_element(&self, key: &str, index: usize, node: &Node<'_>, expected: &'static str) {
        let mut path = String::new();
        Trail::Index(&Trail::Key(&self.trail, key), index).write(&mut path);
        self.scope.report(node.line, ProblemKind::WrongType { path, expected });
    }

    /// Whether there is such a member that is not null.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.node.get(key).is_some()
    }

    /// A text, or what counts as one.
    pub(crate) fn text(&self, key: &str) -> Option<String> {
        let node = self.node.get(key)?;
        let text = as_text(node);
        if text.is_none() {
            self.wrong(key, node, "text");
        }
        text
    }

    /// A text that is not empty.
    pub(crate) fn word(&self, key: &str) -> Option<String> {
        self.text(key).filter(|t| !t.is_empty())
    }

    pub(crate) fn integer(&self, key: &str) -> Option<i64> {
        let node = self.node.get(key)?;
        let parsed = match &node.value {
            Value::Number(text) | Value::Text(text) => text.parse::<i64>().ok().or_else(|| whole(text)),
            _ => None,
        };
        if parsed.is_none() {
            self.wrong(key, node, "integer");
        }
        parsed
    }

    pub(crate) fn flag(&self, key: &str) -> Option<bool> {
        let node = self.node.get(key)?;
        match &node.value {
            Value::Bool(flag) => Some(*flag),
            Value::Text(text) if text == "true" || text == "false" => Some(text == "true"),
            _ => {
                self.wrong(key, node, "boolean");
                None
            }
        }
    }

    /// A time; `None` also for the epoch and year 1, which stand for "never".
    pub(crate) fn time(&self, key: &str) -> Option<Timestamp> {
        self.any_time(key).filter(|t| t.as_second() >= FIRST_REAL_SECOND)
    }

    /// A time as [`View::time`] has it, and whether there is one that stands for "never".
    pub(crate) fn time_or_never(&self, key: &str) -> (Option<Timestamp>, bool) {
        match self.any_time(key) {
            Some(time) if time.as_second() < FIRST_REAL_SECOND => (None, true),
            time => (time, false),
        }
    }

    /// An amount of memory.
    pub(crate) fn quantity(&self, key: &str) -> Option<Quantity> {
        let parsed = Quantity::parse(&self.word(key)?);
        if parsed.is_none()
            && let Some(node) = self.node.get(key)
        {
            self.wrong(key, node, "quantity");
        }
        parsed
    }

    fn any_time(&self, key: &str) -> Option<Timestamp> {
        let text = self.word(key)?;
        let parsed = text.parse::<Timestamp>().ok();
        if parsed.is_none() {
            let mut path = String::new();
            Trail::Key(&self.trail, key).write(&mut path);
            let line = self.node.get(key).map_or(0, |n| n.line);
            self.scope.report(line, ProblemKind::BadTime { path, value: text });
        }
        parsed
    }

    /// Runs a reader over a member that is a map.
    pub(crate) fn map<T>(&self, key: &str, read: impl FnOnce(View<'_, 'a>) -> T) -> Option<T> {
        let node = self.node.get(key)?;
        if !matches!(node.value, Value::Map(_)) {
            self.wrong(key, node, "object");
            return None;
        }
        Some(read(View { node, trail: Trail::Key(&self.trail, key), scope: self.scope }))
    }

    /// Runs a reader over each element of a member that is a list of maps; what it leaves out is left out.
    pub(crate) fn list<T>(&self, key: &str, mut read: impl FnMut(View<'_, 'a>) -> Option<T>) -> Vec<T> {
        let Some(node) = self.node.get(key) else { return Vec::new() };
        let Value::List(elements) = &node.value else {
            self.wrong(key, node, "list");
            return Vec::new();
        };
        let trail = Trail::Key(&self.trail, key);
        let mut found = Vec::with_capacity(elements.len());
        for (index, node) in elements.iter().enumerate() {
            let view = View { node, trail: Trail::Index(&trail, index), scope: self.scope };
            match node.value {
                Value::Map(_) => found.extend(read(view)),
                Value::Null => {}
                _ => self.wrong_element(key, index, node, "object"),
            }
        }
        found
    }

    /// The texts of a list.
    pub(crate) fn texts(&self, key: &str) -> Vec<String> {
        let Some(node) = self.node.get(key) else { return Vec::new() };
        if !matches!(node.value, Value::List(_)) {
            self.wrong(key, node, "list");
        }
        let text = |(index, node): (usize, &Node<'_>)| {
            let text = as_text(node);
            if text.is_none() && node.value != Value::Null {
                self.wrong_element(key, index, node, "text");
            }
            text
        };
        node.elements().iter().enumerate().filter_map(text).collect()
    }

    /// The members of a map of texts, such as labels.
    pub(crate) fn pairs(&self, key: &str) -> Vec<(String, String)> {
        let read = |view: View<'_, 'a>| {
            let Value::Map(members) = &view.node.value else { return Vec::new() };
            let pair = |(key, node): &(Cow<'a, str>, Node<'a>)| match as_text(node) {
                Some(text) => Some((key.to_string(), text)),
                None if node.value == Value::Null => Some((key.to_string(), String::new())),
                None => {
                    view.wrong(key, node, "text");
                    None
                }
            };
            members.iter().filter_map(pair).collect()
        };
        self.map(key, read).unwrap_or_default()
    }
}

/// A text; numbers and booleans count as their text, since YAML by hand leaves out quotes.
fn as_text(node: &Node<'_>) -> Option<String> {
    match &node.value {
        Value::Text(text) | Value::Number(text) => Some(text.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

/// A number with a fraction or an exponent that is whole and small enough to be exact.
fn whole(text: &str) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let number = text.parse::<f64>().ok().filter(|f| f.fract() == 0.0 && f.abs() <= EXACT)?;
    Some(number as i64)
}
