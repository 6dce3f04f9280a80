//! A pod whose containers have not come up: the volume, the sandbox, an init container, or just time.

use exitus_model::{Container, ContainerStatus, Event, IncidentType, Role, State};

use crate::block::Block;
use crate::container::{alive_finding, block_finding};
use crate::family::{alive, failed, sandbox, volume};
use crate::finding::Finding;
use crate::judge::pod_finding;
use crate::pod_case::{PodCase, of_reasons};
use crate::verdict::Verdict;

const SANDBOX_REASONS: [&str; 3] = ["FailedCreatePodSandBox", "NetworkNotReady", "FailedCreatePodContainer"];

/// Events that show that volumes and sandbox were there.
const PROGRESS: [&str; 5] = ["Pulling", "Pulled", "Created", "Started", "Failed"];

/// Judges a pod that is on its way, unless its containers speak for themselves already.
pub(crate) fn judge<'s>(case: &PodCase<'_, 's>, findings: &[Finding<'s>]) -> Vec<Finding<'s>> {
    let pod = case.pod;
    let is_told = findings.iter().any(|f| f.incident.is_current);
    if is_told || pod.is_finished() || pod.deletion.is_some() || pod.gone {
        return Vec::new();
    }
    // A sidecar that has not come up holds the others back.
    let at_work = pod.containers.iter().filter(|c| matches!(c.role, Role::Init | Role::Sidecar));
    for container in at_work {
        if let (Some(verdict), Some(status)) = (alive::init_at_work(case, container), &container.status) {
            if container.role == Role::Sidecar && others_wait_not(case) {
                continue;
            }
            return vec![alive_finding(case, container, status, verdict)];
        }
    }
    let Some(container) = pod.containers.iter().find(|c| is_waiting(c)) else { return Vec::new() };
    if let Some(finding) = refused(case) {
        return vec![finding];
    }
    if let Some(verdict) = trouble(case) {
        return vec![pod_finding(pod, IncidentType::Waiting, verdict.evidence.first().at, verdict)];
    }
    if pod.node.is_none() && container.status.is_none() {
        return Vec::new();
    }
    start_of(case, container).into_iter().collect()
}

/// Whether no regular container waits.
fn others_wait_not(case: &PodCase<'_, '_>) -> bool {
    case.pod.containers.iter().filter(|c| c.role == Role::App).all(|c| !is_waiting(c))
}

fn is_waiting(container: &Container) -> bool {
    match container.status.as_ref().map(|s| (&s.state, &s.last)) {
        None => container.role != Role::Ephemeral,
        Some((State::Waiting(_) | State::Absent, None)) => true,
        _ => false,
    }
}

/// The event that says what is in the way, where nothing has healed it since.
pub(crate) fn trouble(case: &PodCase<'_, '_>) -> Option<Verdict> {
    let is_ready = case.pod.condition("PodReadyToStartContainers").is_some_and(|c| c.is_true());
    if is_ready {
        return None;
    }
    let progress = of_reasons(case.events, &PROGRESS).last().and_then(|e| e.last);
    let is_open = |event: &&Event| {
        let attached = event.reason == "FailedAttachVolume"
            && case.has_event_after(&["SuccessfulAttachVolume"], event.last);
        !attached && (progress.is_none() || event.last.is_none() || event.last >= progress)
    };
    let volumes = of_reasons(case.events, &volume::REASONS).into_iter().filter(is_open);
    let worst = volumes.max_by_key(|e| (volume::rank(e), e.last));
    if let Some(verdict) = worst.filter(|e| volume::rank(e) > 0).and_then(|e| volume::judge(case, e)) {
        return Some(verdict);
    }
    let sandbox = of_reasons(case.events, &SANDBOX_REASONS).into_iter().rfind(is_open);
    if let Some(verdict) = sandbox.and_then(|e| sandbox::judge(case, e)) {
        return Some(verdict);
    }
    worst.and_then(|e| volume::judge(case, e))
}

/// A container whose status has gone back to waiting, while its last `Failed` event says what the matter is.
fn refused<'s>(case: &PodCase<'_, 's>) -> Option<Finding<'s>> {
    case.pod.containers.iter().filter(|c| is_waiting(c)).find_map(|container| {
        let block = Block { index: case.index, pod: case.pod, container, waiting: None, events: case.events };
        let verdict = failed::judge(&block)?;
        let absent = absent_status(container);
        Some(block_finding(&block, container.status.as_ref().unwrap_or(&absent), verdict))
    })
}

fn absent_status(container: &Container) -> ContainerStatus {
    ContainerStatus {
        origin: container.origin,
        ready: false,
        started: None,
        restart_count: 0,
        container_id: None,
        state: State::Absent,
        last: None,
    }
}

/// Nothing is in the way as far as the evidence shows.
fn start_of<'s>(case: &PodCase<'_, 's>, container: &'s Container) -> Option<Finding<'s>> {
    let waiting = match container.status.as_ref().map(|s| &s.state) {
        Some(State::Waiting(waiting)) => Some(waiting),
        _ => None,
    };
    let pod = case.pod;
    let block = Block { index: case.index, pod, container, waiting, events: case.events };
    let scheduled = pod.condition("PodScheduled").and_then(|c| c.last_transition);
    let since = pod.start_time.or(scheduled).or(pod.created);
    let age = since.and_then(|t| case.index.age(pod, t));
    let mut verdict = alive::starting(&block, age)?;
    if let Some(condition) = pod.condition("PodReadyToStartContainers").filter(|c| !c.is_true()) {
        verdict = verdict.and([case.quote_condition(condition)]);
    }
    let absent = absent_status(container);
    let mut finding = block_finding(&block, container.status.as_ref().unwrap_or(&absent), verdict);
    finding.incident.started_at = since;
    Some(finding)
}
