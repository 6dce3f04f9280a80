//! Objects of the Kubernetes API, from a tree to facts.

use exitus_model::{Claim, Condition, Deletion, Event, Node, ObjectRef, Owner, ProblemKind, Taint, Workload};

use crate::pod::read_pod;
use crate::view::View;

/// What a document turned out to be.
pub(crate) struct Object {
    pub(crate) facts: Facts,
    /// `metadata.resourceVersion` as a number: orders versions of one object.
    pub(crate) version: Option<u64>,
}

/// The facts of an object, by its kind.
pub(crate) enum Facts {
    Pod(Box<exitus_model::Pod>),
    Event(Box<Event>),
    Node(Box<Node>),
    Workload(Box<Workload>),
    Claim(Box<Claim>),
    /// A kind that holds no evidence.
    Other,
}

/// Reads an object of any kind; problems go to the scope. `None` for what is no object of Kubernetes.
pub(crate) fn read_object(view: View<'_, '_>, list_kind: Option<&str>) -> Option<Object> {
    let stated =
        view.word("kind").or_else(|| list_kind.and_then(|k| k.strip_suffix("List")).map(str::to_owned));
    let Some(kind) = stated.filter(|k| !k.is_empty()).or_else(|| kind_by_shape(&view).map(str::to_owned))
    else {
        view.report(ProblemKind::NoKind);
        return None;
    };
    let version =
        view.node.get("metadata").and_then(|m| m.get("resourceVersion")).and_then(|v| v.text()?.parse().ok());
    if view.text("apiVersion").is_some_and(|version| !is_of_kubernetes(&kind, &version)) {
        return Some(Object { facts: Facts::Other, version });
    }
    let facts = match kind.as_str() {
        "Pod" => read_pod(view).map(|p| Facts::Pod(Box::new(p))),
        "Event" => read_event(view).map(|e| Facts::Event(Box::new(e))),
        "Node" => read_node(view).map(|n| Facts::Node(Box::new(n))),
        "Deployment"
        | "ReplicaSet"
        | "StatefulSet"
        | "DaemonSet"
        | "Job"
        | "CronJob"
        | "ReplicationController" => read_workload(view, &kind).map(|w| Facts::Workload(Box::new(w))),
        "PersistentVolumeClaim" => read_claim(view).map(|c| Facts::Claim(Box::new(c))),
        _ => Some(Facts::Other),
    };
    if facts.is_none() {
        view.report(ProblemKind::NoName(kind));
    }
    facts.map(|facts| Object { facts, version })
}

/// Whether a kind that is read belongs to this API group: others have an Event, a Job or a Node of their own.
fn is_of_kubernetes(kind: &str, api_version: &str) -> bool {
    let group = api_version.split_once('/').map_or("", |(group, _)| group);
    match kind {
        "Event" => matches!(group, "" | "events.k8s.io"),
        "Deployment" | "ReplicaSet" | "StatefulSet" | "DaemonSet" => matches!(group, "apps" | "extensions"),
        "Job" | "CronJob" => matches!(group, "batch" | "extensions"),
        _ => group.is_empty(),
    }
}

/// The kind of an object that does not say it: elements of typed lists and cut pastes.
fn kind_by_shape(view: &View<'_, '_>) -> Option<&'static str> {
    if view.has("involvedObject") || view.has("regarding") {
        return Some("Event");
    }
    if !view.has("metadata") {
        return None;
    }
    let holds = |part: &str, keys: &[&str]| {
        view.node.get(part).is_some_and(|node| keys.iter().any(|key| node.get(key).is_some()))
    };
    if holds("status", &["containerStatuses", "initContainerStatuses", "qosClass"])
        || holds("spec", &["containers"])
    {
        Some("Pod")
    } else if holds("status", &["nodeInfo"]) {
        Some("Node")
    } else {
        None
    }
}

/// What every object has.
pub(crate) struct Meta {
    pub(crate) namespace: Option<String>,
    pub(crate) name: String,
    pub(crate) uid: Option<String>,
    pub(crate) labels: Vec<(String, String)>,
    pub(crate) owner: Option<Owner>,
    pub(crate) created: Option<jiff::Timestamp>,
    pub(crate) deletion: Option<Deletion>,
    pub(crate) resource_version: Option<u64>,
}

/// Reads `metadata`; `None` where there is no name.
pub(crate) fn read_meta(view: &View<'_, '_>) -> Option<Meta> {
    view.map("metadata", |meta| {
        Some(Meta {
            namespace: meta.word("namespace"),
            name: meta.word("name")?,
            uid: meta.word("uid"),
            labels: meta.pairs("labels"),
            owner: read_owner(&meta),
            created: meta.time("creationTimestamp"),
            deletion: meta.time("deletionTimestamp").map(|deadline| Deletion {
                origin: meta.origin(),
                deadline,
                grace_seconds: meta.integer("deletionGracePeriodSeconds"),
            }),
            resource_version: meta.word("resourceVersion").and_then(|v| v.parse().ok()),
        })
    })?
}

/// The namespace of an object that must have one.
pub(crate) fn namespace_or_default(namespace: Option<String>) -> String {
    namespace.unwrap_or_else(|| "default".to_owned())
}

fn read_owner(meta: &View<'_, '_>) -> Option<Owner> {
    let owners = meta.list("ownerReferences", |owner| {
        let read = Owner { kind: owner.word("kind")?, name: owner.word("name")?, uid: owner.word("uid") };
        Some((owner.flag("controller").unwrap_or(false), read))
    });
    let controller = owners.iter().position(|(is_controller, _)| *is_controller).unwrap_or(0);
    owners.into_iter().nth(controller).map(|(_, owner)| owner)
}

/// Reads `conditions`.
pub(crate) fn read_conditions(status: &View<'_, '_>) -> Vec<Condition> {
    status.list("conditions", |condition| {
        Some(Condition {
            origin: condition.origin(),
            kind: condition.word("type")?,
            status: condition.text("status").unwrap_or_default(),
            reason: condition.word("reason"),
            message: condition.word("message"),
            last_transition: condition.time("lastTransitionTime"),
            last_heartbeat: condition.time("lastHeartbeatTime"),
        })
    })
}

/// Reads an event of core/v1 or events.k8s.io/v1, or as the newer API shows an older one.
fn read_event(view: View<'_, '_>) -> Option<Event> {
    let meta = read_meta(&view);
    let object_key = if view.has("involvedObject") { "involvedObject" } else { "regarding" };
    let mut object = view
        .map(object_key, |object| ObjectRef {
            kind: object.text("kind").unwrap_or_default(),
            namespace: object.text("namespace").unwrap_or_default(),
            name: object.text("name").unwrap_or_default(),
            uid: object.word("uid"),
            field_path: object.word("fieldPath"),
        })
        .filter(|o| !o.name.is_empty())?;
    if object.kind == "Pod" && object.namespace.is_empty() {
        // The event of a pod stands in the namespace of the pod.
        object.namespace = namespace_or_default(meta.as_ref().and_then(|m| m.namespace.clone()));
    }
    let series = view.map("series", |s| (s.integer("count"), s.time("lastObservedTime")));
    let (series_count, series_last) = series.unwrap_or((None, None));
    let event_time = view.time("eventTime");
    let first = view.time("firstTimestamp").or(view.time("deprecatedFirstTimestamp")).or(event_time);
    let last = series_last.or(view.time("lastTimestamp")).or(view.time("deprecatedLastTimestamp"));
    let message_path = if view.has("message") { "message" } else { "note" };
    let created = meta.as_ref().and_then(|m| m.created);
    Some(Event {
        origin: view.origin(),
        uid: meta.as_ref().and_then(|m| m.uid.clone()),
        name: meta.map(|m| m.name).unwrap_or_default(),
        object,
        reason: view.text("reason").unwrap_or_default(),
        message: view.text(message_path).unwrap_or_default(),
        message_path,
        is_warning: view.text("type").is_some_and(|t| t == "Warning"),
        count: view.integer("count").or(view.integer("deprecatedCount")).or(series_count).unwrap_or(1).max(1),
        first: first.or(created),
        last: last.or(event_time).or(first).or(created),
    })
}

fn read_node(view: View<'_, '_>) -> Option<Node> {
    let meta = read_meta(&view)?;
    let spec = view.map("spec", |spec| {
        let taints = spec.list("taints", |taint| {
            Some(Taint {
                origin: taint.origin(),
                key: taint.word("key")?,
                effect: taint.text("effect").unwrap_or_default(),
            })
        });
        (taints, spec.flag("unschedulable").unwrap_or(false))
    });
    let (taints, is_cordoned) = spec.unwrap_or_default();
    let status = view.map("status", |status| {
        let info = status.map("nodeInfo", |i| (i.word("kubeletVersion"), i.word("containerRuntimeVersion")));
        (read_conditions(&status), info.unwrap_or_default())
    });
    let (conditions, (kubelet_version, runtime_version)) = status.unwrap_or_default();
    Some(Node {
        origin: view.origin(),
        name: meta.name,
        uid: meta.uid,
        conditions,
        taints,
        is_cordoned,
        kubelet_version,
        runtime_version,
    })
}

fn read_workload(view: View<'_, '_>, kind: &str) -> Option<Workload> {
    let meta = read_meta(&view)?;
    let is_job = kind == "Job";
    let spec = view.map("spec", |spec| {
        let desired = spec.integer(if is_job { "completions" } else { "replicas" });
        (desired, spec.integer("backoffLimit"), spec.integer("activeDeadlineSeconds"))
    });
    let (desired, backoff_limit, active_deadline_seconds) = spec.unwrap_or_default();
    let status = view.map("status", |status| {
        let ready = match kind {
            "Job" => status.integer("succeeded"),
            "DaemonSet" => status.integer("numberReady"),
            _ => status.integer("readyReplicas"),
        };
        let scheduled = status.integer("desiredNumberScheduled");
        (ready, status.integer("failed"), read_conditions(&status), scheduled)
    });
    let (ready, failed, conditions, scheduled) = status.unwrap_or_default();
    Some(Workload {
        origin: view.origin(),
        kind: kind.to_owned(),
        namespace: namespace_or_default(meta.namespace),
        name: meta.name,
        uid: meta.uid,
        labels: meta.labels,
        owner: meta.owner,
        created: meta.created,
        deletion: meta.deletion,
        desired: desired.or(scheduled),
        ready,
        failed,
        backoff_limit,
        active_deadline_seconds,
        conditions,
    })
}

fn read_claim(view: View<'_, '_>) -> Option<Claim> {
    let meta = read_meta(&view)?;
    Some(Claim {
        origin: view.origin(),
        namespace: namespace_or_default(meta.namespace),
        name: meta.name,
        uid: meta.uid,
        phase: view.map("status", |s| s.word("phase")).flatten(),
        storage_class: view.map("spec", |s| s.word("storageClassName")).flatten(),
    })
}
