//! Links between incidents: what one explains is told with it, and what has been overcome is past.

use std::collections::HashMap;

use exitus_model::{
    Args, CauseId, Confidence, Evidence, Owner, Pod, Rival, RivalVerdict, Source, State, Workload,
};
use exitus_reference::{cause_id as cause, message_id as msg};
use jiff::Timestamp;

use crate::finding::Finding;
use crate::index::Index;
use crate::verdict::Depth;

/// Marks what others explain or have made good.
pub(crate) fn link(index: &Index<'_>, findings: &mut [Finding<'_>]) {
    let well = well_pods(index);
    for finding in findings.iter_mut() {
        let is_over = match (finding.pod, &finding.workload) {
            (Some(pod), _) => is_overcome(index, &well, pod),
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
    let place = |f: &Finding<'_>| Some((std::ptr::from_ref(f.pod?), f.container?.name.clone()));
    let killed: HashMap<_, (CauseId, Evidence)> = findings
        .iter()
        .filter(|f| is_kill(f))
        .filter_map(|f| Some((place(f)?, (f.verdict.cause, f.verdict.evidence.first().clone()))))
        .collect();
    for finding in findings.iter_mut().filter(|f| f.verdict.cause == cause::MEMORY_LIMIT_TOO_LOW) {
        let earlier = place(finding).and_then(|place| killed.get(&place));
        let Some((deeper, quoted)) = earlier else { continue };
        finding.verdict.cause = *deeper;
        finding.verdict.evidence.push(quoted.clone());
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
    let mut by_series: HashMap<Series<'_>, Vec<Told>> = HashMap::new();
    for finding in findings.iter() {
        if let Some((key, told)) = told(finding) {
            by_series.entry(key).or_default().push(told);
        }
    }
    for finding in findings.iter_mut() {
        let Some(key) = series(finding) else { continue };
        if finding.verdict.depth > Depth::Signal
            || finding.verdict.evidence.iter().any(|e| e.source == Source::Log)
        {
            continue;
        }
        let later = by_series.get(&key).into_iter().flatten().find(|t| t.at >= finding.incident.at);
        let Some(later) = later.filter(|t| t.cause != finding.verdict.cause) else { continue };
        let own = finding.verdict.cause;
        finding.verdict.cause = later.cause;
        finding.verdict.confidence = Confidence::Likely;
        finding.verdict.evidence.push(later.quoted.clone());
        for (name, value) in later.args.iter() {
            finding.verdict.args.set(name, value);
        }
        finding.verdict.rivals.retain(|r| r.cause != later.cause);
        let because = msg::ITS_OWN_LOG_IS_NOT_IN_THE_EVIDENCE.into();
        finding.verdict.rivals.push(Rival { cause: own, verdict: RivalVerdict::Possible, because });
    }
}

/// What makes deaths a series: the pod, the container, the code and the reason.
type Series<'s> = (&'s str, &'s str, Option<&'s str>, &'s str, i64, Option<String>);

/// A death whose log says why.
struct Told {
    at: Option<Timestamp>,
    cause: CauseId,
    /// The line that says it.
    quoted: Evidence,
    args: Args,
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

fn told<'s>(finding: &Finding<'s>) -> Option<(Series<'s>, Told)> {
    let has_words = matches!(finding.verdict.depth, Depth::Log | Depth::NeverRan)
        && finding.verdict.evidence.first().source == Source::Log;
    let key = series(finding).filter(|_| has_words)?;
    let verdict = &finding.verdict;
    let args = ["log_line", "name"].iter().filter_map(|n| Some((*n, verdict.args.get(n)?)));
    let args = args.fold(Args::new(), |all, (name, value)| all.with(name, value));
    let quoted = verdict.evidence.first().clone();
    Some((key, Told { at: finding.incident.at, cause: verdict.cause, quoted, args }))
}

/// Pods that are well or done, by namespace and what their owner is called.
type WellPods<'s> = HashMap<(&'s str, &'s str), Vec<&'s Pod>>;

fn well_pods<'s>(index: &Index<'s>) -> WellPods<'s> {
    let mut well = WellPods::new();
    for pod in index.snapshot.pods.iter().filter(|p| is_well(p)) {
        if let Some(owner) = &pod.owner {
            well.entry((&pod.namespace, family_name(owner))).or_default().push(pod);
        }
    }
    well
}

/// The CronJob's name for its Jobs, else the owner's own.
fn family_name(owner: &Owner) -> &str {
    schedule(owner).unwrap_or(&owner.name)
}

/// A pod that has failed for good, and another of its owner is well or done since.
fn is_overcome(index: &Index<'_>, well: &WellPods<'_>, pod: &Pod) -> bool {
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
    let others = well.get(&(pod.namespace.as_str(), family_name(owner))).into_iter().flatten();
    others.filter(|p| p.name != pod.name).any(|p| is_later(p) && is_sibling(p))
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
