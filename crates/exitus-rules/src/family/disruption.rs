//! The platform removed the pod: evicted, preempted, shut down, out of time, or its node is gone.

use exitus_model::{CauseId, Condition, Confidence, Severity, format_duration};
use exitus_reference::{cause_id as cause, message_id as msg};
use jiff::Timestamp;

use crate::pod_case::PodCase;
use crate::quote;
use crate::verdict::{Depth, Verdict};

/// What became of a pod as a whole, and since when.
pub(crate) struct Disruption {
    pub(crate) verdict: Verdict,
    /// When it began; deaths before it have causes of their own.
    pub(crate) since: Option<Timestamp>,
}

pub(crate) fn judge(case: &PodCase<'_, '_>) -> Option<Disruption> {
    node_lost(case).or_else(|| by_pod_reason(case)).or_else(|| by_condition(case)).or_else(|| by_event(case))
}

/// Messages of evictions (pkg/kubelet/eviction), each with the words that tell it, most telling first.
const EVICTIONS: [(&str, CauseId); 9] = [
    ("usage of emptydir volume", cause::EVICTED_EMPTY_DIR_LIMIT),
    ("exceeded its local ephemeral storage limit", cause::EVICTED_EPHEMERAL_STORAGE_LIMIT),
    ("ephemeral local storage usage exceeds", cause::EVICTED_EPHEMERAL_STORAGE_LIMIT),
    ("node had condition", cause::EVICTED_NODE_CONDITION),
    ("low on resource: memory", cause::EVICTED_NODE_MEMORY),
    ("low on resource: ephemeral-storage", cause::EVICTED_NODE_DISK),
    ("low on resource: inodes", cause::EVICTED_NODE_INODES),
    ("low on resource: pids", cause::EVICTED_NODE_PIDS),
    ("low on resource: nodefs", cause::EVICTED_NODE_DISK),
];

/// The eviction that a message speaks of.
pub(crate) fn cause_of(message: &str) -> Option<CauseId> {
    let message = message.to_lowercase();
    EVICTIONS.iter().find(|(words, _)| message.contains(words)).map(|(_, cause)| *cause)
}

/// `status.reason` of a failed pod.
fn by_pod_reason(case: &PodCase<'_, '_>) -> Option<Disruption> {
    let pod = case.pod;
    let reason = pod.reason.as_deref()?;
    let message = pod.message.clone().unwrap_or_default();
    let found = match reason {
        "Evicted" => cause_of(&message).or_else(|| cause_of(&case.last_event("Evicted")?.message)),
        "Preempting" => Some(cause::PREEMPTED_BY_KUBELET),
        "Terminated" | "Shutdown" => Some(cause::NODE_SHUTDOWN),
        "DeadlineExceeded" => Some(cause::DEADLINE_EXCEEDED),
        "NodeLost" => Some(cause::NODE_LOST),
        _ => return None,
    };
    // An eviction that does not say why is still one.
    let (found, confidence) = match found {
        Some(found) => (found, Confidence::Confirmed),
        None => (cause::EVICTED_NODE_CONDITION, Confidence::Unknown),
    };
    let event = case.last_event(if reason == "NodeLost" { "NodeNotReady" } else { reason });
    let condition = pod.condition("DisruptionTarget").filter(|c| c.is_true());
    let since = condition.and_then(|c| c.last_transition).or(event.and_then(|e| e.first));
    let mut verdict = Verdict::new(found, confidence, Depth::PodReason, case.quote("status.reason", reason))
        .and(pod.message.as_ref().map(|m| case.quote("status.message", m)))
        .and(condition.map(|c| case.quote_condition(c)))
        .and(event.map(|e| case.quote_event(e)));
    if found == cause::DEADLINE_EXCEEDED {
        let seconds = pod.active_deadline_seconds;
        verdict = verdict
            .and(seconds.map(|s| case.quote("spec.activeDeadlineSeconds", s)))
            .arg("deadline", seconds.map(format_duration).unwrap_or_default());
    }
    Some(Disruption { verdict: with_eviction_numbers(verdict, &message).arg("message", message), since })
}

/// Takes the numbers out of an eviction's message.
fn with_eviction_numbers(verdict: Verdict, message: &str) -> Verdict {
    let after = |words: &str| {
        let (_, rest) = message.split_once(words)?;
        let end = rest.find([',', ' ']).unwrap_or(rest.len());
        Some(rest[..end].trim_end_matches('.').trim_matches('"').to_owned())
    };
    let quoted = |n: usize| message.split('"').nth(n).map(str::to_owned);
    let is_volume = verdict.cause == cause::EVICTED_EMPTY_DIR_LIMIT;
    let is_storage = verdict.cause == cause::EVICTED_EPHEMERAL_STORAGE_LIMIT;
    let limit = if is_volume {
        quoted(3)
    } else if is_storage {
        quoted(1)
    } else {
        None
    };
    verdict
        .arg("resource", after("low on resource: ").unwrap_or_default())
        .arg("threshold", after("Threshold quantity: ").unwrap_or_default())
        .arg("available", after("available: ").unwrap_or_default())
        .arg("usage", after("was using ").unwrap_or_default())
        .arg("request", after("request is ").or_else(|| after("its request of ")).unwrap_or_default())
        .arg("container", after("Container ").unwrap_or_default())
        .arg(
            "condition",
            after("had condition: ").map(|c| c.trim_matches(['[', ']']).to_owned()).unwrap_or_default(),
        )
        .arg("volume", if is_volume { quoted(1).unwrap_or_default() } else { String::new() })
        .arg("limit", limit.unwrap_or_default())
}

/// The `DisruptionTarget` condition, since 1.25.
fn by_condition(case: &PodCase<'_, '_>) -> Option<Disruption> {
    let condition = case.pod.condition("DisruptionTarget").filter(|c| c.is_true())?;
    let message = condition.message.clone().unwrap_or_default();
    let found = match condition.reason.as_deref()? {
        "EvictionByEvictionAPI" => cause::EVICTED_BY_API,
        "DeletionByTaintManager" | "DeletionByDeviceTaintManager" => cause::EVICTED_BY_TAINT,
        "PreemptionByScheduler" | "PreemptionByKubeScheduler" => cause::PREEMPTED_BY_SCHEDULER,
        "DeletionByPodGC" => cause::POD_GARBAGE_COLLECTED,
        "TerminationByKubelet" => by_kubelet(&message)?,
        _ => return None,
    };
    let preempted = case.last_event("Preempted").filter(|_| found == cause::PREEMPTED_BY_SCHEDULER);
    let taint = case.last_event("TaintManagerEviction").filter(|_| found == cause::EVICTED_BY_TAINT);
    let verdict =
        Verdict::new(found, Confidence::Confirmed, Depth::Disruption, case.quote_condition(condition))
            .and(preempted.or(taint).map(|e| case.quote_event(e)));
    let since = since_disruption(case, condition);
    Some(Disruption { verdict: with_eviction_numbers(verdict, &message).arg("message", message), since })
}

fn since_disruption(case: &PodCase<'_, '_>, condition: &Condition) -> Option<Timestamp> {
    // A deletion that was rewritten with grace 0 is from after the end.
    condition.last_transition.or_else(|| case.pod.first_deletion.as_ref()?.requested())
}

fn by_kubelet(message: &str) -> Option<CauseId> {
    let lower = message.to_lowercase();
    if lower.contains("node shutdown") {
        Some(cause::NODE_SHUTDOWN)
    } else if lower.contains("preempted") {
        Some(cause::PREEMPTED_BY_KUBELET)
    } else {
        cause_of(message)
    }
}

/// Events, where condition and reason are not in the evidence: clusters before 1.25, or a pod that is gone.
fn by_event(case: &PodCase<'_, '_>) -> Option<Disruption> {
    let marked =
        |e: &&&exitus_model::Event| e.reason == "TaintManagerEviction" && e.message.starts_with("Marking");
    let cancelled =
        |e: &&&exitus_model::Event| e.reason == "TaintManagerEviction" && e.message.starts_with("Cancelling");
    let evicted = case.last_event("Evicted").filter(|e| case.pod.is_finished() || e.is_warning);
    let row = if let Some(event) = case.last_event("Preempted") {
        Some((event, cause::PREEMPTED_BY_SCHEDULER))
    } else if let Some(event) = case.last_event("Preempting") {
        Some((event, cause::PREEMPTED_BY_KUBELET))
    } else if let Some(event) = case.last_event("DeadlineExceeded") {
        Some((event, cause::DEADLINE_EXCEEDED))
    } else if let Some(event) = evicted {
        cause_of(&event.message).map(|cause| (event, cause))
    } else if let Some(event) = case.events.iter().rev().find(marked) {
        let is_off = case.events.iter().any(|e| cancelled(&e) && e.last >= event.last);
        (!is_off && case.pod.deletion.is_some()).then_some((*event, cause::EVICTED_BY_TAINT))
    } else {
        None
    };
    let (event, found) = row?;
    // A deadline ends the pod without a deletion; the other events speak of pods that are to go.
    let is_going = case.pod.deletion.is_some() || case.pod.is_finished() || case.pod.phase.is_none();
    if !is_going && found != cause::DEADLINE_EXCEEDED {
        return None;
    }
    let verdict = Verdict::new(found, Confidence::Confirmed, Depth::Disruption, case.quote_event(event))
        .and(quote::deletion(case.index.snapshot, case.pod));
    let verdict = with_eviction_numbers(verdict, &event.message).arg("message", event.message.clone());
    Some(Disruption { verdict, since: event.first })
}

/// The node no longer reports: what the pod's status says is from before.
fn node_lost(case: &PodCase<'_, '_>) -> Option<Disruption> {
    let pod = case.pod;
    if pod.is_finished() || pod.gone {
        return None;
    }
    let name = pod.node.as_deref()?;
    let node = case.index.node(name);
    let lost = node.and_then(|n| Some((n, n.condition("Ready").filter(|c| c.status == "Unknown")?)));
    let event = case.last_event("NodeNotReady");
    let ready = pod.condition("Ready").filter(|c| !c.is_true());
    let quoted_event = event.map(|e| case.quote_event(e));
    let quoted_ready = ready.map(|c| case.quote_condition(c));
    if let Some((node, condition)) = lost {
        let decided_by = quote::node_condition(case.index.snapshot, node, condition);
        let since = condition.last_transition;
        let verdict = Verdict::new(cause::NODE_LOST, Confidence::Confirmed, Depth::Runtime, decided_by)
            .and(quoted_event)
            .and(quoted_ready)
            .and([case.quote("spec.nodeName", name)])
            .severity(Severity::Error);
        let ago = since.and_then(|s| case.index.seconds_since(s)).map(format_duration).unwrap_or_default();
        return Some(Disruption { verdict: verdict.arg("since", ago), since });
    }
    if node.is_none()
        && let Some(verdict) = marked_unready(case)
    {
        return Some(Disruption {
            verdict: verdict.and(quoted_event),
            since: ready.and_then(|c| c.last_transition),
        });
    }
    // Only the pod's event: the node may have come back since.
    let event = event?;
    let is_ready_again = pod.condition("Ready").is_some_and(|c| c.is_true());
    let runs = pod.containers.iter().filter_map(|c| c.status.as_ref()).any(|s| s.ready);
    if node.is_some() || is_ready_again || !runs {
        return None;
    }
    let verdict = Verdict::new(cause::NODE_LOST, Confidence::Likely, Depth::Runtime, case.quote_event(event))
        .and(quoted_ready)
        .possible(cause::HEALTHY, msg::THE_NODE_MAY_BE_BACK)
        .missing(crate::missing::node(pod, msg::WOULD_SHOW_WHETHER_THE_NODE_REPORTS));
    Some(Disruption { verdict, since: event.first })
}

/// The mark of the node lifecycle controller (`MarkPodsNotReady`): it sets Ready to False and gives no reason, while
/// the kubelet's last word was that the containers are ready. The kubelet itself always gives a reason.
fn marked_unready(case: &PodCase<'_, '_>) -> Option<Verdict> {
    let pod = case.pod;
    let ready = pod.condition("Ready").filter(|c| c.status == "False" && c.reason.is_none())?;
    let containers = pod.condition("ContainersReady").filter(|c| c.is_true())?;
    if pod.deletion.is_some() || pod.phase.as_deref() != Some("Running") {
        return None;
    }
    let verdict =
        Verdict::new(cause::NODE_LOST, Confidence::Likely, Depth::Runtime, case.quote_condition(ready))
            .and([case.quote_condition(containers)])
            .possible(cause::HEALTHY, msg::THE_NODE_MAY_BE_BACK)
            .missing(crate::missing::node(pod, msg::WOULD_SHOW_WHETHER_THE_NODE_REPORTS));
    Some(verdict)
}
