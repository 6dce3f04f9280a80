//! Pods and their containers, reduced to what a diagnosis can use.

use jiff::Timestamp;

use crate::{Condition, Origin, Owner, Quantity};

/// A pod: the newest version that was read.
#[derive(Debug, Clone)]
pub struct Pod {
    /// Where the object begins.
    pub origin: Origin,
    /// The namespace; `default` where the object names none.
    pub namespace: String,
    /// The name.
    pub name: String,
    /// The UID, where the evidence has one.
    pub uid: Option<String>,
    /// `metadata.resourceVersion` as a number: orders versions of one object.
    pub resource_version: Option<u64>,
    /// Labels.
    pub labels: Vec<(String, String)>,
    /// The controller.
    pub owner: Option<Owner>,
    /// `metadata.creationTimestamp`.
    pub created: Option<Timestamp>,
    /// The deletion as the newest version shows it.
    pub deletion: Option<Deletion>,
    /// The deletion as first seen, with its full grace period, where an older version was read.
    pub first_deletion: Option<Deletion>,
    /// Finalizers.
    pub finalizers: Vec<String>,
    /// A watch stream said that the object is gone.
    pub gone: bool,
    /// The hash of a static pod, which its cgroup path holds instead of the UID.
    pub static_hash: Option<String>,
    /// `spec.nodeName`.
    pub node: Option<String>,
    /// `spec.restartPolicy`; the API's default is `Always`.
    pub restart_policy: String,
    /// Whether the evidence holds `spec.restartPolicy`, so that it can be quoted.
    pub restart_policy_is_written: bool,
    /// `spec.terminationGracePeriodSeconds`, in seconds.
    pub grace_seconds: Option<i64>,
    /// `spec.activeDeadlineSeconds`, in seconds.
    pub active_deadline_seconds: Option<i64>,
    /// `spec.shareProcessNamespace` or `spec.hostPID`: PID 1 is not the container's own process.
    pub shares_process_namespace: bool,
    /// `spec.schedulingGates`.
    pub scheduling_gates: Vec<String>,
    /// `spec.readinessGates`: condition types.
    pub readiness_gates: Vec<String>,
    /// `spec.volumes`.
    pub volumes: Vec<Volume>,
    /// `spec.runtimeClassName`.
    pub runtime_class: Option<String>,
    /// `spec.resources.limits.memory` of the pod itself.
    pub memory_limit: Option<Quantity>,
    /// `status.phase`.
    pub phase: Option<String>,
    /// `status.reason`.
    pub reason: Option<String>,
    /// `status.message`.
    pub message: Option<String>,
    /// `status.conditions`.
    pub conditions: Vec<Condition>,
    /// `status.startTime`.
    pub start_time: Option<Timestamp>,
    /// Containers of every role, in the order of the spec: init and sidecar, app, ephemeral.
    pub containers: Vec<Container>,
    /// Deaths that only older versions of this pod show, oldest first.
    pub ended: Vec<Ended>,
}

impl Pod {
    /// A pod of which only the name is known.
    pub fn named(origin: Origin, namespace: &str, name: &str) -> Pod {
        Pod {
            origin,
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            uid: None,
            resource_version: None,
            labels: Vec::new(),
            owner: None,
            created: None,
            deletion: None,
            first_deletion: None,
            finalizers: Vec::new(),
            gone: false,
            static_hash: None,
            node: None,
            restart_policy: "Always".to_owned(),
            restart_policy_is_written: false,
            grace_seconds: None,
            active_deadline_seconds: None,
            shares_process_namespace: false,
            scheduling_gates: Vec::new(),
            readiness_gates: Vec::new(),
            volumes: Vec::new(),
            runtime_class: None,
            memory_limit: None,
            phase: None,
            reason: None,
            message: None,
            conditions: Vec::new(),
            start_time: None,
            containers: Vec::new(),
            ended: Vec::new(),
        }
    }

    /// `namespace/name`.
    pub fn full_name(&self) -> String {
        format!("{}/{}", self.namespace, self.name)
    }

    /// A condition by type.
    pub fn condition(&self, kind: &str) -> Option<&Condition> {
        self.conditions.iter().find(|c| c.kind == kind)
    }

    /// A container by name.
    pub fn container(&self, name: &str) -> Option<&Container> {
        self.containers.iter().find(|c| c.name == name)
    }

    /// A label's value.
    pub fn label(&self, key: &str) -> Option<&str> {
        self.labels.iter().find(|(k, _)| k == key).map(|(_, v)| v.as_str())
    }

    /// Whether the phase is `Succeeded` or `Failed`.
    pub fn is_finished(&self) -> bool {
        matches!(self.phase.as_deref(), Some("Succeeded" | "Failed"))
    }

    /// When deletion was asked for: the first seen deletion time less the grace that it contains.
    pub fn deletion_requested(&self) -> Option<Timestamp> {
        self.first_deletion.as_ref().or(self.deletion.as_ref()).and_then(Deletion::requested)
    }

    /// Every time in the pod that speaks of something that has happened.
    pub fn times(&self) -> impl Iterator<Item = Timestamp> + '_ {
        let conditions = self.conditions.iter().filter_map(|c| c.last_transition);
        let statuses =
            self.containers.iter().filter_map(|c| c.status.as_ref()).flat_map(ContainerStatus::times);
        let ended =
            self.ended.iter().flat_map(|e| [e.termination.started_at, e.termination.finished_at]).flatten();
        let deletion = self.deletion.iter().filter_map(Deletion::requested);
        [self.created, self.start_time]
            .into_iter()
            .flatten()
            .chain(conditions)
            .chain(statuses)
            .chain(ended)
            .chain(deletion)
    }
}

/// A request to delete the pod.
#[derive(Debug, Clone)]
pub struct Deletion {
    /// Where the request stands.
    pub origin: Origin,
    /// `metadata.deletionTimestamp`: the moment of the request plus the grace period.
    pub deadline: Timestamp,
    /// `metadata.deletionGracePeriodSeconds`, in seconds. The kubelet's last delete rewrites it to 0.
    pub grace_seconds: Option<i64>,
}

impl Deletion {
    /// The moment of the request: the deadline less the grace period.
    pub fn requested(&self) -> Option<Timestamp> {
        let grace = self.grace_seconds.unwrap_or(0);
        self.deadline.checked_sub(jiff::SignedDuration::from_secs(grace)).ok()
    }
}

/// A death that the newest version of its pod no longer shows.
#[derive(Debug, Clone)]
pub struct Ended {
    /// The container's name.
    pub container: String,
    /// The field that held it, from the pod: `status.containerStatuses[name=app].state.terminated`.
    pub path: String,
    /// Restarts counted by then.
    pub restart_count: i64,
    /// How it ended.
    pub termination: Termination,
}

/// A volume and what it needs.
#[derive(Debug, Clone)]
pub struct Volume {
    /// The volume's name in the pod.
    pub name: String,
    /// What it needs.
    pub source: VolumeSource,
}

/// Sources of volumes that can be missing or break in ways of their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VolumeSource {
    /// A ConfigMap's name.
    ConfigMap(String),
    /// A Secret's name.
    Secret(String),
    /// A PersistentVolumeClaim's name.
    Claim(String),
    /// Anything else.
    Other,
}

/// What a container is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Runs to its end before the app containers.
    Init,
    /// An init container with `restartPolicy: Always`.
    Sidecar,
    /// A regular container.
    App,
    /// Added for debugging.
    Ephemeral,
}

impl Role {
    /// The word of the output contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Init => "init",
            Role::Sidecar => "sidecar",
            Role::App => "app",
            Role::Ephemeral => "ephemeral",
        }
    }
}

/// A container: what was asked for and what became of it.
#[derive(Debug, Clone)]
pub struct Container {
    /// The name.
    pub name: String,
    /// What it is for.
    pub role: Role,
    /// Where its spec begins; the status' origin when it has no spec.
    pub origin: Origin,
    /// Whether the spec names it: a status alone may come from an older or a cut object.
    pub is_in_spec: bool,
    /// Image as the spec asks for it, else as the status shows it.
    pub image: Option<String>,
    /// `command`.
    pub command: Vec<String>,
    /// `args`.
    pub args: Vec<String>,
    /// `resources.limits.memory`.
    pub memory_limit: Option<Quantity>,
    /// `resources.requests.memory`.
    pub memory_request: Option<Quantity>,
    /// The liveness probe.
    pub liveness: Option<Probe>,
    /// The readiness probe.
    pub readiness: Option<Probe>,
    /// The startup probe.
    pub startup: Option<Probe>,
    /// `lifecycle.postStart`.
    pub post_start: Option<Hook>,
    /// `lifecycle.preStop`.
    pub pre_stop: Option<Hook>,
    /// The container's own `restartPolicy`.
    pub restart_policy: Option<String>,
    /// The status, where there is one.
    pub status: Option<ContainerStatus>,
}

impl Container {
    /// A regular container of which only the name is known, in no spec.
    pub fn named(origin: Origin, name: &str) -> Container {
        Container {
            name: name.to_owned(),
            role: Role::App,
            origin,
            is_in_spec: false,
            image: None,
            command: Vec::new(),
            args: Vec::new(),
            memory_limit: None,
            memory_request: None,
            liveness: None,
            readiness: None,
            startup: None,
            post_start: None,
            pre_stop: None,
            restart_policy: None,
            status: None,
        }
    }

    /// The path of its spec from the pod: `spec.containers[name=app]`.
    pub fn spec_path(&self) -> String {
        let list = match self.role {
            Role::Init | Role::Sidecar => "initContainers",
            Role::App => "containers",
            Role::Ephemeral => "ephemeralContainers",
        };
        format!("spec.{list}[name={}]", self.name)
    }

    /// The path of its status from the pod: `status.containerStatuses[name=app]`.
    pub fn status_path(&self) -> String {
        let list = match self.role {
            Role::Init | Role::Sidecar => "initContainerStatuses",
            Role::App => "containerStatuses",
            Role::Ephemeral => "ephemeralContainerStatuses",
        };
        format!("status.{list}[name={}]", self.name)
    }
}

/// A probe.
#[derive(Debug, Clone)]
pub struct Probe {
    /// Where it stands.
    pub origin: Origin,
    /// What it does, in a few words: `GET :8080/healthz`, `exec cat /ok`, `tcp :5432`, `grpc :9000`.
    pub action: String,
    /// `periodSeconds`, in seconds; the default is 10.
    pub period_seconds: i64,
    /// `timeoutSeconds`, in seconds; the default is 1.
    pub timeout_seconds: i64,
    /// `failureThreshold`; the default is 3.
    pub failure_threshold: i64,
    /// `initialDelaySeconds`, in seconds.
    pub initial_delay_seconds: i64,
    /// The probe's own `terminationGracePeriodSeconds`, in seconds.
    pub grace_seconds: Option<i64>,
}

/// A lifecycle hook.
#[derive(Debug, Clone)]
pub struct Hook {
    /// What it does, in a few words.
    pub action: String,
}

/// What the kubelet reports of a container.
#[derive(Debug, Clone)]
pub struct ContainerStatus {
    /// Where it stands.
    pub origin: Origin,
    /// `ready`.
    pub ready: bool,
    /// `started`.
    pub started: Option<bool>,
    /// `restartCount`.
    pub restart_count: i64,
    /// The id of the instance that `state` speaks of, without the `containerd://` prefix.
    pub container_id: Option<String>,
    /// `state`.
    pub state: State,
    /// `lastState.terminated`.
    pub last: Option<Termination>,
}

impl ContainerStatus {
    /// The ends that it shows: of the instance before and of the present one.
    pub fn terminations(&self) -> impl Iterator<Item = &Termination> {
        let current = match &self.state {
            State::Terminated(end) => Some(end),
            _ => None,
        };
        self.last.iter().chain(current)
    }

    /// Every time in it.
    pub fn times(&self) -> impl Iterator<Item = Timestamp> + '_ {
        let state = match &self.state {
            State::Running { started_at, .. } => [*started_at, None],
            State::Terminated(t) => [t.started_at, t.finished_at],
            State::Waiting(_) | State::Absent => [None, None],
        };
        let last = self.last.iter().flat_map(|t| [t.started_at, t.finished_at]);
        state.into_iter().chain(last).flatten()
    }
}

/// `state` of a container status.
#[derive(Debug, Clone)]
pub enum State {
    /// It runs.
    Running {
        /// Since when.
        started_at: Option<Timestamp>,
        /// Where it stands.
        origin: Origin,
    },
    /// It waits to start, or to start again.
    Waiting(Waiting),
    /// It has ended.
    Terminated(Termination),
    /// The status has no state.
    Absent,
}

/// `state.waiting`.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// Where it stands.
    pub origin: Origin,
    /// The reason, empty where there is none.
    pub reason: String,
    /// The message.
    pub message: Option<String>,
}

/// `terminated` of a state or last state.
#[derive(Debug, Clone)]
pub struct Termination {
    /// Where it stands.
    pub origin: Origin,
    /// The exit code: 0 to 255 on Linux, 32 bits signed on Windows, -1 from CRI-O where it is not known.
    pub exit_code: Option<i64>,
    /// `signal`, which the kubelet never fills but other writers do.
    pub signal: Option<i64>,
    /// The reason.
    pub reason: Option<String>,
    /// The message: the runtime's error or the termination message.
    pub message: Option<String>,
    /// When it started. Times before the year 2000 are kept out.
    pub started_at: Option<Timestamp>,
    /// When it ended. Times before the year 2000 are kept out.
    pub finished_at: Option<Timestamp>,
    /// `startedAt` is the epoch or year 1: the process never ran, or nobody knows.
    pub has_zero_start: bool,
    /// The id of the instance, without the `containerd://` prefix.
    pub container_id: Option<String>,
}

impl Termination {
    /// How long it ran, in seconds.
    pub fn ran_seconds(&self) -> Option<i64> {
        let (start, end) = (self.started_at?, self.finished_at?);
        Some(end.as_second().saturating_sub(start.as_second()))
    }

    /// Whether two records speak of one instance: the same container id, else the same times and code.
    pub fn is_same_instance(&self, other: &Termination) -> bool {
        match (&self.container_id, &other.container_id) {
            (Some(a), Some(b)) => a == b,
            _ => {
                self.started_at == other.started_at
                    && self.finished_at == other.finished_at
                    && self.exit_code == other.exit_code
            }
        }
    }
}
