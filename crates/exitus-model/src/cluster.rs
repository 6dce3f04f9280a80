//! What surrounds pods: events, nodes, workloads, claims.

use jiff::Timestamp;

use crate::{Deletion, Origin};

/// A controller: `metadata.ownerReferences` with `controller: true`, else the first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// The kind, such as `ReplicaSet`.
    pub kind: String,
    /// The name.
    pub name: String,
    /// The UID.
    pub uid: Option<String>,
}

/// A condition of a pod, node or workload.
#[derive(Debug, Clone)]
pub struct Condition {
    /// Where it stands.
    pub origin: Origin,
    /// `type`.
    pub kind: String,
    /// `status`: `True`, `False` or `Unknown`.
    pub status: String,
    /// `reason`.
    pub reason: Option<String>,
    /// `message`.
    pub message: Option<String>,
    /// `lastTransitionTime`.
    pub last_transition: Option<Timestamp>,
    /// `lastHeartbeatTime`, of nodes.
    pub last_heartbeat: Option<Timestamp>,
}

impl Condition {
    /// Whether the status is `True`.
    pub fn is_true(&self) -> bool {
        self.status == "True"
    }
}

/// What an event is about.
#[derive(Debug, Clone, Default)]
pub struct ObjectRef {
    /// The kind.
    pub kind: String,
    /// The namespace; empty for cluster-wide objects.
    pub namespace: String,
    /// The name.
    pub name: String,
    /// The UID.
    pub uid: Option<String>,
    /// The field, such as `spec.containers{app}`.
    pub field_path: Option<String>,
}

/// An event, core/v1 or events.k8s.io/v1.
#[derive(Debug, Clone)]
pub struct Event {
    /// Where it begins.
    pub origin: Origin,
    /// The event's own UID.
    pub uid: Option<String>,
    /// The event's own name.
    pub name: String,
    /// What it is about.
    pub object: ObjectRef,
    /// The reason.
    pub reason: String,
    /// The message (`note` in events.k8s.io/v1).
    pub message: String,
    /// The field that holds the message: `message` or `note`.
    pub message_path: &'static str,
    /// Whether the type is `Warning`.
    pub is_warning: bool,
    /// How often it was seen; 1 where it does not say.
    pub count: i64,
    /// First seen.
    pub first: Option<Timestamp>,
    /// Last seen.
    pub last: Option<Timestamp>,
}

impl Event {
    /// The container that it is about, from `involvedObject.fieldPath`: `spec.containers{app}`.
    pub fn container(&self) -> Option<&str> {
        let path = self.object.field_path.as_deref()?;
        let (_, rest) = path.split_once('{')?;
        rest.strip_suffix('}')
    }

    /// Whether it was seen at least once between two times, both included. An event without times never is.
    pub fn is_within(&self, from: Timestamp, to: Timestamp) -> bool {
        let (first, last) = (self.first.or(self.last), self.last.or(self.first));
        matches!((first, last), (Some(first), Some(last)) if first <= to && last >= from)
    }
}

/// A taint of a node.
#[derive(Debug, Clone)]
pub struct Taint {
    /// Where it stands.
    pub origin: Origin,
    /// The key.
    pub key: String,
    /// The effect.
    pub effect: String,
}

/// A node.
#[derive(Debug, Clone)]
pub struct Node {
    /// Where it begins.
    pub origin: Origin,
    /// The name.
    pub name: String,
    /// The UID.
    pub uid: Option<String>,
    /// Conditions.
    pub conditions: Vec<Condition>,
    /// Taints.
    pub taints: Vec<Taint>,
    /// `spec.unschedulable`.
    pub is_cordoned: bool,
    /// `status.nodeInfo.kubeletVersion`.
    pub kubelet_version: Option<String>,
    /// `status.nodeInfo.containerRuntimeVersion`.
    pub runtime_version: Option<String>,
}

impl Node {
    /// A condition by type.
    pub fn condition(&self, kind: &str) -> Option<&Condition> {
        self.conditions.iter().find(|c| c.kind == kind)
    }
}

/// A Deployment, ReplicaSet, StatefulSet, DaemonSet, Job or CronJob.
#[derive(Debug, Clone)]
pub struct Workload {
    /// Where it begins.
    pub origin: Origin,
    /// The kind.
    pub kind: String,
    /// The namespace.
    pub namespace: String,
    /// The name.
    pub name: String,
    /// The UID.
    pub uid: Option<String>,
    /// Labels.
    pub labels: Vec<(String, String)>,
    /// The controller.
    pub owner: Option<Owner>,
    /// `metadata.creationTimestamp`.
    pub created: Option<Timestamp>,
    /// The deletion, where one was asked for.
    pub deletion: Option<Deletion>,
    /// `spec.replicas`, or `spec.completions` of a Job.
    pub desired: Option<i64>,
    /// Ready replicas, or succeeded pods of a Job.
    pub ready: Option<i64>,
    /// `status.failed` of a Job.
    pub failed: Option<i64>,
    /// `spec.backoffLimit` of a Job.
    pub backoff_limit: Option<i64>,
    /// `spec.activeDeadlineSeconds` of a Job, in seconds.
    pub active_deadline_seconds: Option<i64>,
    /// Conditions.
    pub conditions: Vec<Condition>,
}

impl Workload {
    /// A condition by type.
    pub fn condition(&self, kind: &str) -> Option<&Condition> {
        self.conditions.iter().find(|c| c.kind == kind)
    }
}

/// A PersistentVolumeClaim.
#[derive(Debug, Clone)]
pub struct Claim {
    /// Where it begins.
    pub origin: Origin,
    /// The namespace.
    pub namespace: String,
    /// The name.
    pub name: String,
    /// The UID.
    pub uid: Option<String>,
    /// `status.phase`: `Pending`, `Bound` or `Lost`.
    pub phase: Option<String>,
    /// `spec.storageClassName`.
    pub storage_class: Option<String>,
}
