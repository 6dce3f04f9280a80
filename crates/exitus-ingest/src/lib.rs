//! Bytes to facts.
//!
//! A [`Reader`] takes files in any order and yields one [`Snapshot`] and a [`Problem`] for whatever it could not
//! read. It never fails on content and never panics: what stands before a cut or a fault is used.
//! What a file is comes from its content; whose log it is may come from its path.

mod collect;
mod form;
mod json;
mod kernel;
mod log;
mod object;
mod pod;
mod text;
mod tree;
mod view;
mod walk;
mod yaml;

use std::cell::RefCell;

use exitus_model::{FileId, Problem, ProblemKind, Snapshot};

use crate::collect::{Collector, Sighting};
use crate::form::Form;
use crate::object::read_object;
use crate::tree::{Document, Fault, Node, Sink, Stop, Value};
use crate::view::{Scope, View};

pub use walk::read_paths;

/// Takes inputs one by one and joins what they say.
///
/// ```
/// let mut reader = exitus_ingest::Reader::new();
/// reader.read("pod.yaml", b"kind: Pod\nmetadata: {name: api, namespace: shop}\nstatus: {phase: Running}\n");
/// let (snapshot, problems) = reader.finish();
/// assert_eq!(snapshot.pods[0].full_name(), "shop/api");
/// assert!(problems.is_empty());
/// ```
#[derive(Default)]
pub struct Reader {
    collector: Collector,
}

impl Reader {
    /// A reader that has read nothing.
    pub fn new() -> Reader {
        Reader::default()
    }

    /// Reads one file. `name` is its path as the user gave it; `-` is standard input.
    pub fn read(&mut self, name: &str, bytes: &[u8]) {
        if bytes.is_empty() {
            self.problem(name, ProblemKind::Empty);
            return;
        }
        let Some(decoded) = text::decode(bytes) else {
            self.problem(name, ProblemKind::Binary);
            return;
        };
        if let Some(encoding) = decoded.converted_from {
            self.problem(name, ProblemKind::Converted(encoding));
        }
        if decoded.text.trim().is_empty() {
            self.problem(name, ProblemKind::Empty);
            return;
        }
        let file = FileId(self.collector.snapshot.files.len() as u32);
        self.collector.snapshot.files.push(name.to_owned());
        self.read_text(name, &decoded.text, file);
    }

    fn read_text(&mut self, name: &str, text: &str, file: FileId) {
        match form::form_of(text, name) {
            Form::Json => self.read_objects(name, file, |sink| json::read(text, sink)),
            Form::Yaml => self.read_objects(name, file, |sink| yaml::read(text, sink)),
            Form::KernelLog => {
                self.collector.snapshot.has_kernel_log = true;
                self.collector.snapshot.kernel.extend(kernel::read(text, file));
            }
            Form::ContainerLog(owner) => {
                let logs = log::read(text, file, &owner);
                for line in logs.iter().filter_map(|l| l.unavailable.as_ref()) {
                    let kind = ProblemKind::LogUnavailable(line.text.clone());
                    self.collector.problems.push(Problem {
                        input: name.to_owned(),
                        line: Some(line.line),
                        kind,
                    });
                }
                self.collector.snapshot.logs.extend(logs);
            }
            Form::Unknown => self.problem(name, ProblemKind::UnknownForm),
        }
    }

    fn read_objects<'a>(&mut self, name: &str, file: FileId, read: impl FnOnce(&mut dyn Sink<'a>)) {
        let scope = Scope { file, input: name, problems: RefCell::new(Vec::new()) };
        let mut sink = ObjectSink { collector: &mut self.collector, scope };
        read(&mut sink);
        let problems = sink.scope.problems.into_inner();
        self.collector.problems.extend(problems);
    }

    /// Records that an input could not be read at all.
    pub fn problem(&mut self, name: &str, kind: ProblemKind) {
        self.collector.problems.push(Problem { input: name.to_owned(), line: None, kind });
    }

    /// Everything that was read, and everything that was not.
    pub fn finish(self) -> (Snapshot, Vec<Problem>) {
        self.collector.finish()
    }
}

/// Turns documents into facts as they come.
struct ObjectSink<'c, 'f> {
    collector: &'c mut Collector,
    scope: Scope<'f>,
}

impl<'a> Sink<'a> for ObjectSink<'_, '_> {
    fn document(&mut self, document: Document<'a>) {
        let list_kind = document.list_kind.as_deref();
        let (node, is_deleted) = watched(&document.node);
        let Some(node) = node else { return };
        let sighting = Sighting { is_deleted, is_cut: document.is_cut };
        let kind = node.get("kind").and_then(Node::text);
        match node.get("items").map(|items| &items.value) {
            // A list inside a list or a watch event.
            Some(Value::List(elements)) => {
                for element in elements {
                    self.object(element, kind, sighting);
                }
            }
            // Go writes an empty list as null.
            None if kind.is_some_and(|kind| kind.ends_with("List")) && !document.is_cut => self.list(),
            Some(_) if kind.is_some_and(|kind| kind.ends_with("List")) => {
                let kind = ProblemKind::WrongType { path: "items".to_owned(), expected: "list" };
                self.scope.report(node.line, kind);
            }
            _ => self.object(node, list_kind, sighting),
        }
    }

    fn list(&mut self) {
        self.collector.snapshot.lists += 1;
    }

    fn fault(&mut self, fault: Fault) {
        let kind = match fault.stop {
            Stop::Truncated => ProblemKind::Truncated,
            Stop::Syntax(why) => ProblemKind::Syntax(why),
            Stop::TooDeep => ProblemKind::TooDeep,
        };
        self.scope.report(fault.line, kind);
    }
}

impl ObjectSink<'_, '_> {
    fn object(&mut self, node: &Node<'_>, list_kind: Option<&str>, sighting: Sighting) {
        let before = self.scope.problems.borrow().len();
        if let Some(object) = read_object(View::new(node, &self.scope), list_kind) {
            self.collector.add(object, sighting);
        } else if sighting.is_cut {
            // What lacks its name or kind lost it to the fault, which is reported.
            self.scope.problems.borrow_mut().truncate(before);
        }
    }
}

/// The object of a watch event `{type, object}`, and whether it is gone; bookmarks and errors hold none. Any other node
/// is itself.
fn watched<'n, 'a>(node: &'n Node<'a>) -> (Option<&'n Node<'a>>, bool) {
    let Some(object) = node.get("object").filter(|object| matches!(object.value, Value::Map(_))) else {
        return (Some(node), false);
    };
    match node.get("type").and_then(Node::text) {
        Some("ADDED" | "MODIFIED") => (Some(object), false),
        Some("DELETED") => (Some(object), true),
        Some(_) => (None, false),
        // kubectl sorts its keys, so a cut event lacks its type.
        None if node.get("kind").is_none() && node.get("metadata").is_none() => (Some(object), false),
        None => (Some(node), false),
    }
}

#[cfg(test)]
mod tests;
