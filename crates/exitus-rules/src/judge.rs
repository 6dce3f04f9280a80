//! One pod: what is to be said of it as a whole, and of each of its containers.

use exitus_model::{Container, Incident, IncidentType, Pod, Role};
use exitus_reference::cause_id as cause;
use jiff::Timestamp;

use crate::container::judge_container;
use crate::family::disruption::Disruption;
use crate::family::{admission, alive, disruption, scheduling};
use crate::finding::Finding;
use crate::index::Index;
use crate::pending;
use crate::pod_case::PodCase;
use crate::verdict::{Depth, Verdict};

/// Everything that is to be said of a pod.
pub(crate) fn judge_pod<'s>(index: &Index<'s>, pod: &'s Pod) -> Vec<Finding<'s>> {
    let events = index.pod_events(pod);
    let case = PodCase { index, pod, events: &events };
    let mut findings = Vec::new();
    if let Some(verdict) = admission::judge(&case) {
        findings.push(pod_finding(pod, IncidentType::Disruption, pod.start_time, verdict));
        return findings;
    }
    if let Some(verdict) = scheduling::judge(&case) {
        let since = pod.condition("PodScheduled").and_then(|c| c.last_transition).or(pod.created);
        findings.push(pod_finding(pod, IncidentType::Scheduling, since, verdict));
        return findings;
    }
    let disruption = disruption::judge(&case);
    findings.extend(pod.containers.iter().flat_map(|c| judge_container(&case, c)));
    if let Some(disruption) = &disruption {
        findings.retain(|finding| !is_explained(pod, finding, disruption));
    }
    if disruption.is_none() {
        findings.extend(pending::judge(&case, &findings));
        findings
            .extend(alive::readiness_gate(&case).map(|v| pod_finding(pod, IncidentType::Readiness, None, v)));
    }
    findings.extend(alive::resize(&case).map(|v| pod_finding(pod, IncidentType::Waiting, None, v)));
    if let Some(verdict) = alive::stuck_terminating(&case) {
        let since = pod.deletion.as_ref().map(|d| d.deadline);
        findings.push(pod_finding(pod, IncidentType::StuckTerminating, since, verdict));
    }
    if let Some(Disruption { verdict, since }) = disruption {
        findings.push(pod_finding(pod, IncidentType::Disruption, since, verdict));
    }
    if findings.is_empty() {
        findings.extend(healthy(&case));
    }
    findings
}

/// Whether the removal of the pod explains what became of a container.
fn is_explained(pod: &Pod, finding: &Finding<'_>, disruption: &Disruption) -> bool {
    if disruption.verdict.cause == cause::NODE_LOST {
        return finding.incident.kind != IncidentType::Termination
            || finding.verdict.depth <= Depth::Contradicted && is_after(finding, disruption);
    }
    if finding.incident.kind != IncidentType::Termination {
        return pod.is_finished() || pod.deletion.is_some();
    }
    let is_shallow = finding.verdict.depth <= Depth::Contradicted
        || finding.verdict.cause == cause::CONTAINER_RUNTIME_LOST;
    is_shallow && is_after(finding, disruption)
}

fn is_after(finding: &Finding<'_>, disruption: &Disruption) -> bool {
    match (finding.incident.at, disruption.since) {
        (Some(at), Some(since)) => at.as_second() + 2 >= since.as_second(),
        // Without times only a past instance is surely another matter.
        _ => finding.incident.is_current,
    }
}

/// A finding about the pod as a whole.
pub(crate) fn pod_finding<'s>(
    pod: &'s Pod,
    kind: IncidentType,
    at: Option<Timestamp>,
    verdict: Verdict,
) -> Finding<'s> {
    let is_late = matches!(kind, IncidentType::Disruption);
    let reason = pod.reason.clone().or_else(|| {
        let told = if is_late {
            pod.condition("DisruptionTarget")
        } else {
            pod.condition("PodScheduled").filter(|c| !c.is_true())
        };
        told.and_then(|c| c.reason.clone())
    });
    let incident = Incident {
        kind,
        is_current: !pod.gone,
        at,
        started_at: None,
        exit_code: None,
        signal: None,
        reason,
        waiting_reason: None,
        restart_count: None,
    };
    Finding { pod: Some(pod), container: None, workload: None, incident, verdict }
}

fn healthy<'s>(case: &PodCase<'_, 's>) -> Option<Finding<'s>> {
    let pod = case.pod;
    let is_ready = |c: &Container| c.status.as_ref().is_some_and(|s| s.ready) || c.role == Role::Init;
    if pod.phase.as_deref() != Some("Running")
        || !pod.containers.iter().all(is_ready)
        || pod.deletion.is_some()
    {
        return None;
    }
    let piece = case.quote("status.phase", "Running");
    let verdict = Verdict::new(cause::HEALTHY, exitus_model::Confidence::Confirmed, Depth::Code, piece);
    Some(pod_finding(pod, IncidentType::Readiness, None, verdict))
}
