//! Links between incidents: what one explains is told with it, and what has been overcome is past.

use exitus_model::{CauseId, Confidence, Owner, Pod, Rival, RivalVerdict, Source, State, Workload};
use exitus_reference::{cause_id as cause, message_id as msg};
use jiff::Timestamp;

use crate::finding::Finding;
use crate::index::Index;
use crate::verdict::Depth;

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
    tell_series(findings);
    deepen_start_without_memory(findings);
}

/// A start that fails for memory after an instance that ran with the same limit and was killed for memory: the limit is
/// not too low for a start, it is used up by what was left behind.
fn deepen_start_without_memory(findings: &mut [Finding<'_>]) {
    let is_kill = |f: &Finding<'_>| {
        f.verdict.cause.as_str().starts_with("out-of-memory-") && f.verdict.depth >= Depth::MemoryReason
    };
    let killed: Vec<(&str, &str, CauseId)> = findings
        .iter()
        .filter(|f| is_kill(f))
        .filter_map(|f| Some((f.pod?.name.as_str(), f.container?.name.as_str(), f.verdict.cause)))
        .collect();
    for finding in findings.iter_mut().filter(|f| f.verdict.cause == cause::MEMORY_LIMIT_TOO_LOW) {
        let (Some(pod), Some(container)) = (finding.pod, finding.container) else { continue };
        let earlier = killed.iter().find(|(p, c, _)| *p == pod.name && *c == container.name);
        let Some((_, _, deeper)) = earlier else { continue };
        finding.verdict.cause = *deeper;
        finding.verdict.confidence = Confidence::Likely;
        let because = msg::AN_EARLIER_INSTANCE_WAS_KILLED_FOR_MEMORY.into();
        let rival = Rival { cause: cause::MEMORY_LIMIT_TOO_LOW, verdict: RivalVerdict::Possible, because };
        finding.verdict.rivals.retain(|r| r.cause != *deeper);
        finding.verdict.rivals.push(rival);
    }
}

/// Deaths of one container with the same code and reason are a series: what a later one said in its log holds for the
/// earlier ones, whose logs are gone, as the likely cause.
fn tell_series(findings: &mut [Finding<'_>]) {
    let told: Vec<Told<'_>> = findings.iter().filter_map(told).collect();
    for finding in findings.iter_mut() {
        let Some(key) = series(finding) else { continue };
        if finding.verdict.depth > Depth::Signal
            || finding.verdict.evidence.iter().any(|e| e.source == Source::Log)
        {
            continue;
        }
        let later = told.iter().find(|t| t.key == key && t.at > finding.incident.at);
        let Some(later) = later.filter(|t| t.cause != finding.verdict.cause) else { continue };
        let own = finding.verdict.cause;
        finding.verdict.cause = later.cause;
        finding.verdict.confidence = Confidence::Likely;
        finding.verdict.rivals.retain(|r| r.cause != later.cause);
        let because = msg::ITS_OWN_LOG_IS_NOT_IN_THE_EVIDENCE.into();
        finding.verdict.rivals.push(Rival { cause: own, verdict: RivalVerdict::Possible, because });
    }
}

/// What makes deaths a series: the pod, the container, the code and the reason.
type Series<'s> = (&'s str, &'s str, Option<&'s str>, &'s str, i64, Option<String>);

/// A death whose log says why.
struct Told<'s> {
    key: Series<'s>,
    at: Option<Timestamp>,
    cause: CauseId,
}

fn series<'s>(finding: &Finding<'s>) -> Option<Series<'s>> {
    let (pod, container, code) = (finding.pod?, finding.container?, finding.incident.exit_code?);
    let is_own = !matches!(code, 0 | 137 | 143);
    let key = (
        pod.namespace.as_str(),
        pod.name.as_str(),
        pod.uid.as_deref(),
        container.name.as_str(),
        code,
        finding.incident.reason.clone(),
    );
    is_own.then_some(key)
}

fn told<'s>(finding: &Finding<'s>) -> Option<Told<'s>> {
    let has_words = matches!(finding.verdict.depth, Depth::Log | Depth::NeverRan)
        && finding.verdict.evidence.first().source == Source::Log;
    let key = series(finding).filter(|_| has_words)?;
    Some(Told { key, at: finding.incident.at, cause: finding.verdict.cause })
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
    let is_sibling = |other: &Pod| {
        let by_schedule = || Some(schedule(owner)? == schedule(other.owner.as_ref()?)?);
        other.owner.as_ref() == Some(owner) || by_schedule().unwrap_or(false)
    };
    let others = index.snapshot.pods.iter().filter(|p| p.namespace == pod.namespace && p.name != pod.name);
    others.filter(|p| is_sibling(p)).any(|p| is_later(p) && is_well(p))
}

/// The name of the CronJob that made a Job: the Job's name without the minute of its schedule, which has 8 digits or
/// more (minutes since 1970, batch controller `getJobName`).
fn schedule(owner: &Owner) -> Option<&str> {
    let (name, minute) = owner.name.rsplit_once('-').filter(|_| owner.kind == "Job")?;
    (minute.len() >= 8 && minute.bytes().all(|b| b.is_ascii_digit())).then_some(name)
}

fn is_well(pod: &Pod) -> bool {
    let ready = || {
        let mut statuses = pod.containers.iter().filter_map(|c| c.status.as_ref()).peekable();
        statuses.peek().is_some()
            && statuses.all(|s| s.ready || !matches!(s.state, State::Running { .. } | State::Waiting(_)))
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
