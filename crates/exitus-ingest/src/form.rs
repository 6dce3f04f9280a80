//! What a text is, told from its content; whose log it is, from its path.

use crate::kernel::looks_like_kernel_log;
use crate::log::{LogOwner, owner_of};

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

/// Tells the form of a text.
pub(crate) fn form_of(text: &str, path: &str) -> Form {
    let owner = owner_of(path);
    let first = text.trim_start().as_bytes().first();
    if matches!(first, Some(b'{' | b'[')) && is_kubernetes_json(text, owner.is_some()) {
        return Form::Json;
    }
    if looks_like_kernel_log(text) {
        return Form::KernelLog;
    }
    if is_kubernetes_yaml(text) {
        return Form::Yaml;
    }
    match owner.or_else(|| prefix_owner(text)) {
        Some(owner) => Form::ContainerLog(owner),
        None => Form::Unknown,
    }
}

/// Whether JSON is objects of Kubernetes. Where the path says that it is a log, its first lines must prove it.
fn is_kubernetes_json(text: &str, is_log_by_path: bool) -> bool {
    let head = text.trim_start();
    if head.starts_with('[') && !head[1..].trim_start().starts_with(['{', ']']) {
        return false;
    }
    let end = head.char_indices().nth(4096).map_or(head.len(), |(i, _)| i);
    let head = &head[..end];
    let marks = ["\"apiVersion\"", "\"involvedObject\"", "\"items\"", "\"object\"", "\"metadata\"", "\"containerStatuses\""];
    let found = marks.iter().filter(|mark| head.contains(*mark)).count();
    if is_log_by_path { found >= 2 && head.contains("\"kind\"") } else { found >= 1 }
}

/// Whether a text is YAML objects of Kubernetes: one of its first lines at the margin names what only they have.
fn is_kubernetes_yaml(text: &str) -> bool {
    let margin = |line: &str| {
        let line = line.strip_prefix("- ").unwrap_or(line);
        ["apiVersion:", "kind:", "metadata:", "items:", "involvedObject:", "{apiVersion:", "{kind:"]
            .iter()
            .any(|key| line.starts_with(key))
    };
    let marks = text.lines().take(LINES).filter(|line| margin(line)).count();
    marks >= 1 && (marks >= 2 || text.lines().take(LINES).any(|l| l.starts_with("kind:") || l.starts_with("items:")))
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
