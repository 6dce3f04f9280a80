//! What a text is, told from its content; whose log it is, from its path.

use crate::json;
use crate::kernel::looks_like_kernel_log;
use crate::log::{LogOwner, owner_of};
use crate::tree::{Document, Fault, Node, Sink, Value};

/// A form of evidence.
#[derive(Debug)]
pub(crate) enum Form {
    Json,
    Yaml,
    KernelLog,
    ContainerLog(LogOwner),
    Unknown,
}

/// How many lines are looked at to tell YAML.
const LINES: usize = 200;

/// How many bytes are looked at to tell JSON.
const HEAD: usize = 16 * 1024;

/// Tells the form of a text.
pub(crate) fn form_of(text: &str, path: &str) -> Form {
    let owner = owner_of(path);
    if is_kubernetes_json(text, owner.is_some()) {
        return Form::Json;
    }
    if looks_like_kernel_log(text) {
        return Form::KernelLog;
    }
    if is_kubernetes_yaml(text, owner.is_some()) {
        return Form::Yaml;
    }
    match owner.or_else(|| prefix_owner(text)) {
        Some(owner) => Form::ContainerLog(owner),
        None => Form::Unknown,
    }
}

/// Whether JSON is objects of Kubernetes.
///
/// Where the path says that it is a log, its first document must prove it: programs log JSON, some of it about objects
/// of Kubernetes. Elsewhere a prompt may stand before it.
fn is_kubernetes_json(text: &str, is_log_by_path: bool) -> bool {
    let text = text.trim_start().trim_start_matches("---").trim_start();
    let head = &text[..text.floor_char_boundary(HEAD)];
    let is_json = |text: &str| text.starts_with(['{', '[']);
    let json = if is_json(head) {
        head
    } else {
        let mut breaks = memchr::memchr_iter(b'\n', head.as_bytes());
        let Some(line) = breaks.find(|at| is_json(&head[at + 1..])).filter(|_| !is_log_by_path) else {
            return false;
        };
        &head[line + 1..]
    };
    let mut found = Found { first: None, any: false, has_list: false };
    json::read(json, &mut found);
    let has_empty_list = found.has_list && found.first.is_none() && json.contains("\"items\"");
    if is_log_by_path {
        found.first == Some(Likeness::Object) || (has_empty_list && json.contains("\"apiVersion\""))
    } else {
        found.any || has_empty_list
    }
}

/// How much a document looks like an object of Kubernetes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Likeness {
    /// It says its kind and version, or its list does.
    Object,
    /// It has the shape of one.
    Shape,
    None,
}

/// What the documents of a text look like.
struct Found {
    first: Option<Likeness>,
    any: bool,
    has_list: bool,
}

impl<'a> Sink<'a> for Found {
    fn document(&mut self, document: Document<'a>) {
        let likeness = likeness(&document);
        self.first.get_or_insert(likeness);
        self.any |= likeness != Likeness::None;
    }

    fn fault(&mut self, _: Fault) {}

    fn list(&mut self) {
        self.has_list = true;
    }
}

fn likeness(document: &Document<'_>) -> Likeness {
    let is_map = |node: &&Node<'_>| matches!(node.value, Value::Map(_));
    let node = document.node.get("object").filter(is_map).unwrap_or(&document.node);
    let has = |key: &str| node.get(key).is_some();
    let version = node.get("apiVersion").and_then(Node::text);
    let is_in_list = document.list_kind.as_deref().is_some_and(|kind| kind.ends_with("List"));
    // An audit log is JSON lines of events of another kind.
    if version.is_some_and(|version| version.starts_with("audit.k8s.io/")) {
        Likeness::None
    } else if is_in_list && has("metadata") || version.is_some() && has("kind") {
        Likeness::Object
    } else if has("involvedObject")
        || has("regarding")
        || has("items")
        || version.is_some()
        || has("metadata") && (has("kind") || has("spec") || has("status"))
    {
        Likeness::Shape
    } else {
        Likeness::None
    }
}

/// Whether a text is YAML objects of Kubernetes: one of its first lines at the margin names what only they have.
///
/// Where the path says that it is a log, the first line must: programs print their configuration.
fn is_kubernetes_yaml(text: &str, is_log_by_path: bool) -> bool {
    let margin = |line: &str| {
        let line = line.strip_prefix("- ").unwrap_or(line);
        ["apiVersion:", "kind:", "metadata:", "items:", "involvedObject:", "{apiVersion:", "{kind:"]
            .iter()
            .any(|key| line.starts_with(key))
    };
    let is_content = |line: &&str| !line.trim().is_empty() && !line.starts_with(['#', '%']) && *line != "---";
    if is_log_by_path && !text.lines().find(is_content).is_some_and(margin) {
        return false;
    }
    let marks = text.lines().take(LINES).filter(|line| margin(line)).count();
    marks >= 1
        && (marks >= 2
            || text
                .lines()
                .take(LINES)
                .any(|l| ["kind:", "items:", "{kind:", "{apiVersion:"].iter().any(|key| l.starts_with(key))))
}

/// `kubectl logs --prefix` names the owner in every line.
fn prefix_owner(text: &str) -> Option<LogOwner> {
    let first = text.lines().find(|l| !l.trim().is_empty())?;
    let (inside, _) = first.strip_prefix("[pod/")?.split_once(']')?;
    let (pod, container) = inside.split_once('/')?;
    Some(LogOwner {
        namespace: None,
        pod: pod.to_owned(),
        pod_uid: None,
        container: Some(container.to_owned()),
        is_previous: false,
        instance: None,
    })
}
