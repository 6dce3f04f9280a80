//! Pods, from a tree to facts.

use exitus_model::{
    Container, ContainerStatus, Hook, Pod, Probe, ProblemKind, Quantity, Role, State, Termination, Volume,
    VolumeSource, Waiting,
};

use crate::object::{namespace_or_default, read_conditions, read_meta};
use crate::view::View;

/// The lists of containers in a spec, with the role of their members.
const SPEC_LISTS: [(&str, Role); 3] =
    [("initContainers", Role::Init), ("containers", Role::App), ("ephemeralContainers", Role::Ephemeral)];

/// The lists of container statuses, with the role of their members.
const STATUS_LISTS: [(&str, Role); 3] = [
    ("initContainerStatuses", Role::Init),
    ("containerStatuses", Role::App),
    ("ephemeralContainerStatuses", Role::Ephemeral),
];

/// Reads a pod; `None` where it has no name.
pub(crate) fn read_pod(view: View<'_, '_>) -> Option<Pod> {
    let meta = read_meta(&view)?;
    let details =
        view.map("metadata", |m| (m.texts("finalizers"), m.map("annotations", static_hash).flatten()));
    let (finalizers, static_hash) = details.unwrap_or_default();
    let mut pod = Pod {
        uid: meta.uid,
        resource_version: meta.resource_version,
        labels: meta.labels,
        owner: meta.owner,
        created: meta.created,
        first_deletion: meta.deletion.clone().filter(|d| d.grace_seconds.is_some_and(|g| g > 0)),
        deletion: meta.deletion,
        finalizers,
        static_hash,
        ..Pod::named(view.origin(), &namespace_or_default(meta.namespace), &meta.name)
    };
    view.map("spec", |spec| read_spec(&spec, &mut pod));
    view.map("status", |status| read_status(&status, &mut pod));
    Some(pod)
}

/// Static pods run under a hash, not under their UID in the API.
fn static_hash(annotations: View<'_, '_>) -> Option<String> {
    annotations.word("kubernetes.io/config.hash").or_else(|| annotations.word("kubernetes.io/config.mirror"))
}

/// The name of a container; one without is reported.
fn container_name(view: &View<'_, '_>) -> Option<String> {
    let name = view.word("name");
    if name.is_none() {
        view.report(ProblemKind::NoName("container".to_owned()));
    }
    name
}

fn read_spec(spec: &View<'_, '_>, pod: &mut Pod) {
    pod.node = spec.word("nodeName");
    if let Some(policy) = spec.word("restartPolicy") {
        pod.restart_policy = policy;
        pod.restart_policy_is_written = true;
    }
    pod.grace_seconds = spec.integer("terminationGracePeriodSeconds");
    pod.active_deadline_seconds = spec.integer("activeDeadlineSeconds");
    pod.shares_process_namespace =
        spec.flag("shareProcessNamespace").unwrap_or(false) || spec.flag("hostPID").unwrap_or(false);
    pod.scheduling_gates = spec.list("schedulingGates", |g| g.word("name"));
    pod.readiness_gates = spec.list("readinessGates", |g| g.word("conditionType"));
    pod.runtime_class = spec.word("runtimeClassName");
    (pod.memory_limit, _) = memory(spec);
    pod.volumes = spec.list("volumes", read_volume);
    for (key, role) in SPEC_LISTS {
        pod.containers.extend(spec.list(key, |c| read_container(&c, role)));
    }
}

fn read_volume(volume: View<'_, '_>) -> Option<Volume> {
    let named = |key: &str, field: &str| volume.map(key, |source| source.word(field)).flatten();
    let source = if let Some(name) = named("configMap", "name") {
        VolumeSource::ConfigMap(name)
    } else if let Some(name) = named("secret", "secretName") {
        VolumeSource::Secret(name)
    } else if let Some(name) = named("persistentVolumeClaim", "claimName") {
        VolumeSource::Claim(name)
    } else {
        VolumeSource::Other
    };
    Some(Volume { name: volume.word("name")?, source })
}

/// The limit and the request.
fn memory(view: &View<'_, '_>) -> (Option<Quantity>, Option<Quantity>) {
    let amount =
        |resources: &View<'_, '_>, list: &str| resources.map(list, |l| l.quantity("memory")).flatten();
    view.map("resources", |r| (amount(&r, "limits"), amount(&r, "requests"))).unwrap_or_default()
}

fn read_container(view: &View<'_, '_>, role: Role) -> Option<Container> {
    let restart_policy = view.word("restartPolicy");
    let is_sidecar = role == Role::Init && restart_policy.as_deref() == Some("Always");
    let hook = |lifecycle: &View<'_, '_>, key: &str| lifecycle.map(key, |h| Hook { action: action(&h) });
    let hooks = view.map("lifecycle", |l| (hook(&l, "postStart"), hook(&l, "preStop")));
    let (post_start, pre_stop) = hooks.unwrap_or_default();
    let (memory_limit, memory_request) = memory(view);
    let name = container_name(view)?;
    Some(Container {
        role: if is_sidecar { Role::Sidecar } else { role },
        is_in_spec: true,
        image: view.word("image"),
        command: view.texts("command"),
        args: view.texts("args"),
        memory_limit,
        memory_request,
        liveness: view.map("livenessProbe", read_probe),
        readiness: view.map("readinessProbe", read_probe),
        startup: view.map("startupProbe", read_probe),
        post_start,
        pre_stop,
        restart_policy,
        ..Container::named(view.origin(), &name)
    })
}

/// A probe with the API's defaults (core/v1 `SetDefaults_Probe`): every 10 s, 1 s to answer, 3 failures.
fn read_probe(probe: View<'_, '_>) -> Probe {
    Probe {
        origin: probe.origin(),
        action: action(&probe),
        period_seconds: probe.integer("periodSeconds").unwrap_or(10),
        timeout_seconds: probe.integer("timeoutSeconds").unwrap_or(1),
        failure_threshold: probe.integer("failureThreshold").unwrap_or(3),
        initial_delay_seconds: probe.integer("initialDelaySeconds").unwrap_or(0),
        grace_seconds: probe.integer("terminationGracePeriodSeconds"),
    }
}

/// What a probe or hook does, in a few words.
fn action(handler: &View<'_, '_>) -> String {
    let exec = handler.map("exec", |e| format!("exec {}", e.texts("command").join(" ")));
    let http = handler.map("httpGet", |h| {
        let host = h.word("host").unwrap_or_default();
        format!(
            "GET {host}:{}{}",
            h.text("port").unwrap_or_default(),
            h.word("path").unwrap_or_else(|| "/".to_owned())
        )
    });
    let tcp = handler.map("tcpSocket", |t| format!("tcp :{}", t.text("port").unwrap_or_default()));
    let grpc = handler.map("grpc", |g| format!("grpc :{}", g.text("port").unwrap_or_default()));
    let sleep = handler.map("sleep", |s| format!("sleep {}s", s.integer("seconds").unwrap_or(0)));
    exec.or(http).or(tcp).or(grpc).or(sleep).unwrap_or_default()
}

fn read_status(status: &View<'_, '_>, pod: &mut Pod) {
    pod.phase = status.word("phase");
    pod.reason = status.word("reason");
    pod.message = status.word("message");
    pod.conditions = read_conditions(status);
    pod.start_time = status.time("startTime");
    for (key, role) in STATUS_LISTS {
        let statuses =
            status.list(key, |s| Some((container_name(&s)?, s.word("image"), read_container_status(&s))));
        for (name, image, container_status) in statuses {
            attach_status(pod, role, &name, image, container_status);
        }
    }
}

fn attach_status(pod: &mut Pod, role: Role, name: &str, image: Option<String>, status: ContainerStatus) {
    let is_same =
        |c: &Container| c.name == name && (c.role == role || (role == Role::Init && c.role == Role::Sidecar));
    if let Some(container) = pod.containers.iter_mut().find(|c| is_same(c)) {
        container.image = container.image.take().or(image);
        container.status = Some(status);
        return;
    }
    let origin = status.origin;
    pod.containers.push(Container { role, image, status: Some(status), ..Container::named(origin, name) });
}

fn read_container_status(view: &View<'_, '_>) -> ContainerStatus {
    let state = view.map("state", |state| {
        let running =
            state.map("running", |r| State::Running { started_at: r.time("startedAt"), origin: r.origin() });
        let terminated = state.map("terminated", |t| State::Terminated(read_termination(&t)));
        let waiting = state.map("waiting", |w| {
            State::Waiting(Waiting {
                origin: w.origin(),
                reason: w.text("reason").unwrap_or_default(),
                message: w.word("message"),
            })
        });
        terminated.or(running).or(waiting)
    });
    ContainerStatus {
        origin: view.origin(),
        ready: view.flag("ready").unwrap_or(false),
        started: view.flag("started"),
        restart_count: view.integer("restartCount").unwrap_or(0),
        container_id: view.word("containerID").map(bare_id),
        state: state.flatten().unwrap_or(State::Absent),
        last: view.map("lastState", |l| l.map("terminated", |t| read_termination(&t))).flatten(),
    }
}

fn read_termination(view: &View<'_, '_>) -> Termination {
    let (started_at, has_zero_start) = view.time_or_never("startedAt");
    Termination {
        origin: view.origin(),
        exit_code: view.integer("exitCode"),
        signal: view.integer("signal").filter(|s| *s > 0),
        reason: view.word("reason"),
        message: view.word("message"),
        started_at,
        finished_at: view.time("finishedAt"),
        has_zero_start,
        container_id: view.word("containerID").map(bare_id),
    }
}

/// An id without its scheme: `containerd://abc` → `abc`.
fn bare_id(id: String) -> String {
    match id.split_once("://") {
        Some((_, bare)) => bare.to_owned(),
        None => id,
    }
}
