//! Links between incidents: what one explains is told with it, and what has been overcome is past.

use exitus_model::{Pod, State, Workload};

use crate::finding::Finding;
use crate::index::Index;

/// Marks what others explain or have made good.
pub(crate) fn link(index: &Index<'_>, findings: &mut [Finding<'_>]) {
    for finding in findings.iter_mut() {
        let is_over = match (finding.pod, &finding.workload) {
            (Some(pod), _) => is_overcome(index, pod),
            (None, Some((kind, namespace, name))) => {
                index.workload(kind, namespace, name).is_some_and(|job| is_old_run(index, job))
            }
            (None, None) => false,
        };
        if is_over {
            finding.incident.is_current = false;
        }
    }
}

/// A pod that has failed for good, and another of its owner is well or done since.
fn is_overcome(index: &Index<'_>, pod: &Pod) -> bool {
    if pod.phase.as_deref() != Some("Failed") {
        return false;
    }
    let Some(owner) = &pod.owner else { return false };
    if let Some(job) = index.workload(&owner.kind, &pod.namespace, &owner.name)
        && job.kind == "Job"
        && (job.condition("Complete").is_some_and(|c| c.is_true()) || is_old_run(index, job))
    {
        return true;
    }
    let is_later = |other: &Pod| match (other.created, pod.created) {
        (Some(a), Some(b)) => a >= b,
        _ => true,
    };
    let siblings = index.snapshot.pods.iter().filter(|p| p.namespace == pod.namespace && p.name != pod.name);
    siblings.filter(|p| p.owner.as_ref() == Some(owner)).any(|p| is_later(p) && is_well(p))
}

fn is_well(pod: &Pod) -> bool {
    let ready = || {
        let mut statuses = pod.containers.iter().filter_map(|c| c.status.as_ref()).peekable();
        statuses.peek().is_some() && statuses.all(|s| s.ready || !matches!(s.state, State::Running { .. } | State::Waiting(_)))
    };
    match pod.phase.as_deref() {
        Some("Succeeded") => true,
        Some("Running") => ready(),
        _ => false,
    }
}

/// A run of a CronJob after which another one was completed.
fn is_old_run(index: &Index<'_>, job: &Workload) -> bool {
    let Some(owner) = job.owner.as_ref().filter(|o| o.kind == "CronJob") else { return false };
    let is_later = |other: &Workload| match (other.created, job.created) {
        (Some(a), Some(b)) => a > b,
        // The names of a CronJob's Jobs end in the minute of their schedule.
        _ => other.name > job.name,
    };
    index.snapshot.workloads.iter().any(|other| {
        other.kind == "Job"
            && other.namespace == job.namespace
            && other.owner.as_ref() == Some(owner)
            && is_later(other)
            && other.condition("Complete").is_some_and(|c| c.is_true())
    })
}
