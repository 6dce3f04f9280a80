//! Quoting: each kind of fact as a piece of evidence that can be found again.

use exitus_model::{
    Claim, Condition, ContainerLog, Event, Evidence, KernelRecord, LogLine, Node, Origin, Pod, Snapshot,
    Source, Workload,
};
use jiff::Timestamp;

fn evidence(snapshot: &Snapshot, source: Source, object: String, origin: Origin, value: String) -> Evidence {
    Evidence {
        source,
        object,
        uid: None,
        path: None,
        value,
        at: None,
        file: Some(snapshot.file_name(origin.file).to_owned()),
        line: (origin.line > 0).then_some(origin.line),
        is_echo: false,
    }
}

/// A field of a pod. `value` is what stands there.
pub(crate) fn pod(
    snapshot: &Snapshot,
    pod: &Pod,
    path: impl Into<String>,
    value: impl std::fmt::Display,
    origin: Origin,
    at: Option<Timestamp>,
) -> Evidence {
    let object = format!("Pod {}", pod.full_name());
    Evidence {
        uid: pod.uid.clone(),
        path: Some(path.into()),
        at,
        ..evidence(snapshot, Source::Pod, object, origin, value.to_string())
    }
}

/// A condition of a pod: its reason, or its message, or its status, the first that it has.
pub(crate) fn pod_condition(snapshot: &Snapshot, of: &Pod, condition: &Condition) -> Evidence {
    let (field, value) = telling_field(condition);
    let path = format!("status.conditions[type={}].{field}", condition.kind);
    pod(snapshot, of, path, value, condition.origin, condition.last_transition)
}

fn telling_field(condition: &Condition) -> (&'static str, &str) {
    match (&condition.message, &condition.reason) {
        (Some(message), _) => ("message", message),
        (None, Some(reason)) => ("reason", reason),
        (None, None) => ("status", &condition.status),
    }
}

/// An event's message.
pub(crate) fn event(snapshot: &Snapshot, event: &Event) -> Evidence {
    let object = format!("Event {}/{}", event.object.namespace, event.name);
    let (path, value) = if event.message.is_empty() {
        ("reason", event.reason.clone())
    } else {
        (event.message_path, event.message.clone())
    };
    Evidence {
        uid: event.uid.clone(),
        path: Some(path.to_owned()),
        at: event.last,
        ..evidence(snapshot, Source::Event, object, event.origin, value)
    }
}

/// A line of a container's log.
pub(crate) fn log(snapshot: &Snapshot, log: &ContainerLog, line: &LogLine) -> Evidence {
    let object = match &log.container {
        Some(container) => format!("Log {}/{container}", log.pod),
        None => format!("Log {}", log.pod),
    };
    let origin = Origin { file: log.file, line: line.line };
    Evidence { at: line.at, ..evidence(snapshot, Source::Log, object, origin, line.text.clone()) }
}

/// A line of the kernel's log.
pub(crate) fn kernel(snapshot: &Snapshot, record: &KernelRecord) -> Evidence {
    let object = record.host.as_ref().map_or("Kernel".to_owned(), |host| format!("Kernel {host}"));
    Evidence {
        at: record.at,
        ..evidence(snapshot, Source::Kernel, object, record.origin, record.text.clone())
    }
}

/// The context line of an OOM report.
pub(crate) fn kernel_context(
    snapshot: &Snapshot,
    record: &KernelRecord,
    origin: Origin,
    text: &str,
) -> Evidence {
    Evidence {
        line: Some(origin.line),
        file: Some(snapshot.file_name(origin.file).to_owned()),
        value: text.to_owned(),
        ..kernel(snapshot, record)
    }
}

/// A condition of a node.
pub(crate) fn node_condition(snapshot: &Snapshot, node: &Node, condition: &Condition) -> Evidence {
    let (field, value) = telling_field(condition);
    Evidence {
        uid: node.uid.clone(),
        path: Some(format!("status.conditions[type={}].{field}", condition.kind)),
        at: condition.last_transition,
        ..evidence(snapshot, Source::Node, format!("Node {}", node.name), condition.origin, value.to_owned())
    }
}

/// A condition of a workload.
pub(crate) fn workload_condition(
    snapshot: &Snapshot,
    workload: &Workload,
    condition: &Condition,
) -> Evidence {
    let (field, value) = telling_field(condition);
    let object = format!("{} {}/{}", workload.kind, workload.namespace, workload.name);
    Evidence {
        uid: workload.uid.clone(),
        path: Some(format!("status.conditions[type={}].{field}", condition.kind)),
        at: condition.last_transition,
        ..evidence(snapshot, Source::Owner, object, condition.origin, value.to_owned())
    }
}

/// The phase of a claim.
pub(crate) fn claim(snapshot: &Snapshot, claim: &Claim) -> Evidence {
    let object = format!("PersistentVolumeClaim {}/{}", claim.namespace, claim.name);
    let value = claim.phase.clone().unwrap_or_default();
    Evidence {
        uid: claim.uid.clone(),
        path: Some("status.phase".to_owned()),
        ..evidence(snapshot, Source::Owner, object, claim.origin, value)
    }
}

/// Marks a piece as an echo of the fault, not its cause.
pub(crate) fn echo(mut piece: Evidence) -> Evidence {
    piece.is_echo = true;
    piece
}

/// The deletion of a pod: the version with the full grace where it was seen.
pub(crate) fn deletion(snapshot: &Snapshot, of: &Pod) -> Option<Evidence> {
    let deletion = of.first_deletion.as_ref().or(of.deletion.as_ref())?;
    let path = "metadata.deletionTimestamp";
    Some(pod(snapshot, of, path, deletion.deadline, deletion.origin, deletion.requested()))
}
