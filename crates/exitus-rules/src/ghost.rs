//! Pods that only events speak of: their objects were not saved, or they are gone.

use std::collections::{HashMap, HashSet};

use exitus_model::{
    CauseId, Confidence, Container, Event, Incident, IncidentType, Origin, Pod, Role, Snapshot,
};
use exitus_reference::{cause_id as cause, message_id as msg};

use crate::block::Block;
use crate::family::{admission, disruption, failed, scheduling, stopped};
use crate::finding::Finding;
use crate::index::Index;
use crate::judge::pod_finding;
use crate::missing;
use crate::pending::trouble;
use crate::pod_case::PodCase;
use crate::verdict::{Depth, Verdict};

/// A pod for each name that events have and pods have not.
pub(crate) fn pods(snapshot: &Snapshot) -> Vec<Pod> {
    let known: HashSet<(&str, &str)> =
        snapshot.pods.iter().map(|p| (p.namespace.as_str(), p.name.as_str())).collect();
    let mut ghosts: Vec<Pod> = Vec::new();
    let mut places: HashMap<(&str, &str), usize> = HashMap::new();
    let mut containers: HashSet<(usize, &str)> = HashSet::new();
    for event in snapshot.events.iter().filter(|e| e.object.kind == "Pod") {
        let (namespace, name) = (event.object.namespace.as_str(), event.object.name.as_str());
        if known.contains(&(namespace, name)) {
            continue;
        }
        let place = *places.entry((namespace, name)).or_insert_with(|| {
            ghosts.push(ghost(event));
            ghosts.len() - 1
        });
        let role = match event.object.field_path.as_deref() {
            Some(path) if path.starts_with("spec.initContainers") => Role::Init,
            _ => Role::App,
        };
        if let Some(name) = event.container().filter(|n| containers.insert((place, n))) {
            ghosts[place].containers.push(container(name, role, event.origin));
        }
    }
    ghosts
}

fn ghost(event: &Event) -> Pod {
    Pod {
        uid: event.object.uid.clone(),
        ..Pod::named(event.origin, &event.object.namespace, &event.object.name)
    }
}

fn container(name: &str, role: Role, origin: Origin) -> Container {
    Container { role, ..Container::named(origin, name) }
}

/// What the events of a ghost say, unless later ones say that it is over.
pub(crate) fn judge<'s>(index: &Index<'s>, pod: &'s Pod) -> Vec<Finding<'s>> {
    let events = index.pod_events(pod);
    let case = PodCase { index, pod, events: &events };
    if let Some(found) = disruption::judge(&case) {
        return vec![pod_finding(pod, IncidentType::Disruption, found.since, found.verdict)];
    }
    if let Some(verdict) = admission::by_event(&case) {
        return vec![pod_finding(pod, IncidentType::Disruption, verdict.evidence.first().at, verdict)];
    }
    if let Some(verdict) = scheduling::judge(&case).filter(|_| !case.has_event_after(&["Scheduled"], None)) {
        return vec![pod_finding(pod, IncidentType::Scheduling, verdict.evidence.first().at, verdict)];
    }
    // A pod that was told to stop is gone by design.
    let is_stopped =
        events.iter().any(|e| e.reason == "Killing" && e.message.starts_with("Stopping container"));
    let mut findings: Vec<Finding<'s>> =
        pod.containers.iter().filter_map(|c| judge_container(&case, c, is_stopped)).collect();
    if findings.is_empty() && !is_stopped {
        findings.extend(
            trouble(&case).map(|v| pod_finding(pod, IncidentType::Waiting, v.evidence.first().at, v)),
        );
    }
    findings
}

fn judge_container<'s>(
    case: &PodCase<'_, 's>,
    container: &'s Container,
    is_stopped: bool,
) -> Option<Finding<'s>> {
    let block = Block { index: case.index, pod: case.pod, container, waiting: None, events: case.events };
    let started = block.events_of("Started").filter_map(|e| e.last).max();
    let (kind, verdict) = if let Some(verdict) = told_kill(&block) {
        (IncidentType::Termination, verdict)
    } else if is_stopped {
        return None;
    } else if let Some(verdict) = failed::judge(&block) {
        (IncidentType::Waiting, verdict)
    } else {
        (IncidentType::Termination, back_off(&block)?)
    };
    let at = verdict.evidence.first().at;
    // It has started again since; whether it runs now, events do not tell.
    let is_current = !(kind == IncidentType::Termination && started > at);
    let incident = Incident {
        kind,
        is_current,
        at,
        started_at: None,
        exit_code: None,
        signal: None,
        reason: None,
        waiting_reason: None,
        restart_count: None,
    };
    Some(Finding { pod: Some(case.pod), container: Some(container), workload: None, incident, verdict })
}

/// The kubelet's own words for why it killed the container.
fn told_kill(block: &Block<'_, '_>) -> Option<Verdict> {
    const WORDS: [(&str, CauseId); 3] = [
        ("failed liveness probe", cause::LIVENESS_PROBE_FAILED),
        ("failed startup probe", cause::STARTUP_PROBE_FAILED),
        ("FailedPostStartHook", cause::POST_START_HOOK_FAILED),
    ];
    let told = block
        .events_of("Killing")
        .filter_map(|e| Some((e, WORDS.iter().find(|(w, _)| e.message.contains(w))?.1)));
    let (event, found) = told.last()?;
    let unhealthy = block.events_of("Unhealthy").filter(|e| !e.message.starts_with("Readiness")).last();
    let verdict = Verdict::new(found, Confidence::Confirmed, Depth::Killing, block.quote_event(event))
        .and(unhealthy.map(|e| block.quote_event(e)))
        .arg("probe_message", unhealthy.map(stopped::probe_message).unwrap_or_default());
    Some(verdict)
}

/// It ended and backs off; how it ended stood in the status.
fn back_off(block: &Block<'_, '_>) -> Option<Verdict> {
    let event = block.events_of("BackOff").filter(|e| e.message.starts_with("Back-off restarting")).last()?;
    let verdict =
        Verdict::new(cause::ENDED_UNEXPLAINED, Confidence::Unknown, Depth::Code, block.quote_event(event));
    Some(verdict.missing([missing::status(block.pod, msg::WOULD_SHOW_WHAT_HAPPENED)]))
}
