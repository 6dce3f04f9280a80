//! No node for the pod: each clause of the scheduler's `0/N nodes are available`, counted.

use exitus_model::{CauseId, Confidence};
use exitus_reference::{cause_id as cause, message_id as msg};

use crate::pod_case::PodCase;
use crate::text::one_line;
use crate::verdict::{Depth, Verdict, missing};

/// A pod without a node is no matter for so many seconds: the scheduler needs a moment.
const PATIENCE_SECONDS: i64 = 30;

/// What the clauses speak of. Sources: pkg/scheduler/framework/plugins (`ErrReason…`), versions 1.19 to 1.36.
const CLAUSES: [(&str, CauseId); 22] = [
    ("insufficient ", cause::UNSCHEDULABLE_RESOURCES),
    ("too many pods", cause::UNSCHEDULABLE_RESOURCES),
    ("didn't have enough resource", cause::UNSCHEDULABLE_RESOURCES),
    ("cannot allocate all claims", cause::UNSCHEDULABLE_RESOURCES),
    ("didn't match node selector", cause::UNSCHEDULABLE_NODE_SELECTOR),
    ("didn't match pod's node affinity", cause::UNSCHEDULABLE_NODE_SELECTOR),
    ("didn't match the requested node name", cause::UNSCHEDULABLE_NODE_SELECTOR),
    ("didn't match scheduler-enforced node affinity", cause::UNSCHEDULABLE_NODE_SELECTOR),
    ("taint", cause::UNSCHEDULABLE_TAINT),
    ("were unschedulable", cause::UNSCHEDULABLE_TAINT),
    // "persistentvolumeclaim …"; since 1.33 also "didn't match PersistentVolume's node affinity".
    ("persistentvolume", cause::UNSCHEDULABLE_VOLUME),
    ("pvc(s)", cause::UNSCHEDULABLE_VOLUME),
    ("persistent volume", cause::UNSCHEDULABLE_VOLUME),
    ("max volume count", cause::UNSCHEDULABLE_VOLUME),
    ("volume node affinity conflict", cause::UNSCHEDULABLE_VOLUME),
    ("volume zone", cause::UNSCHEDULABLE_VOLUME),
    ("enough free storage", cause::UNSCHEDULABLE_VOLUME),
    ("free ports", cause::UNSCHEDULABLE_PORTS),
    ("topology spread", cause::UNSCHEDULABLE_TOPOLOGY),
    ("pod affinity", cause::UNSCHEDULABLE_TOPOLOGY),
    ("pod anti-affinity", cause::UNSCHEDULABLE_TOPOLOGY),
    ("pods anti-affinity", cause::UNSCHEDULABLE_TOPOLOGY),
];

pub(crate) fn judge(case: &PodCase<'_, '_>) -> Option<Verdict> {
    let pod = case.pod;
    if pod.node.is_some() || pod.is_finished() || pod.gone || pod.phase.as_deref() == Some("Running") {
        return None;
    }
    let condition = pod.condition("PodScheduled").filter(|c| c.status == "False");
    let is_gated = condition.is_some_and(|c| c.reason.as_deref() == Some("SchedulingGated"));
    if is_gated || (condition.is_none() && !pod.scheduling_gates.is_empty()) {
        return Some(gated(case));
    }
    let event = case.last_event("FailedScheduling").filter(|e| !case.has_event_after(&["Scheduled"], e.last));
    let told = condition.and_then(|c| c.message.as_deref()).or(event.map(|e| e.message.as_str()));
    let quoted = condition.map(|c| case.quote_condition(c)).or_else(|| event.map(|e| case.quote_event(e)));
    let Some((text, decided_by)) = told.zip(quoted.clone()) else { return untold(case, quoted) };
    let (found, confidence, rivals) = weigh(text);
    let event = event.filter(|_| condition.is_some()).map(|e| case.quote_event(e));
    let verdict = Verdict::new(found, confidence, Depth::NeverRan, decided_by)
        .and(event)
        .arg("clauses", clauses(text).map(|c| c.text).collect::<Vec<_>>().join(", "))
        .arg("message", one_line(text).trim_end_matches('.'))
        .arg("resource", resource(text).unwrap_or_default())
        .arg("name", quoted_claim(text).unwrap_or_default());
    let verdict =
        rivals.into_iter().fold(verdict, |v, rival| v.possible(rival, msg::OTHER_NODES_FAIL_FOR_THIS));
    let since =
        condition.and_then(|c| c.last_transition).or(pod.created).and_then(|t| case.index.seconds_since(t));
    Some(verdict.arg("since", since.map(exitus_model::format_duration).unwrap_or_default()))
}

fn gated(case: &PodCase<'_, '_>) -> Verdict {
    let condition = case.pod.condition("PodScheduled").map(|c| case.quote_condition(c));
    let gates = case.pod.scheduling_gates.join(", ");
    let gate = case
        .pod
        .scheduling_gates
        .first()
        .map(|g| case.quote(&format!("spec.schedulingGates[name={g}].name"), g));
    let decided_by = condition.or_else(|| gate.clone());
    let decided_by =
        decided_by.unwrap_or_else(|| case.quote("status.phase", case.pod.phase.clone().unwrap_or_default()));
    Verdict::new(cause::SCHEDULING_GATED, Confidence::Confirmed, Depth::NeverRan, decided_by)
        .and(gate)
        .arg("name", gates)
}

/// Pending, and no scheduler has said a word.
fn untold(case: &PodCase<'_, '_>, quoted: Option<exitus_model::Evidence>) -> Option<Verdict> {
    let pod = case.pod;
    if pod.phase.as_deref() != Some("Pending")
        || case.has_started()
        || !case.pod.containers.iter().all(|c| c.status.is_none())
    {
        return None;
    }
    let age = pod.created.and_then(|c| case.index.age(pod, c));
    if quoted.is_none() && age.is_some_and(|a| a < PATIENCE_SECONDS) {
        return None;
    }
    let decided_by = quoted.unwrap_or_else(|| case.quote("status.phase", "Pending"));
    let command = crate::missing::describe(pod);
    let verdict = Verdict::new(cause::UNSCHEDULABLE, Confidence::Unknown, Depth::NeverRan, decided_by)
        .missing([missing(msg::EVENTS_OF_POD, msg::WOULD_SHOW_THE_SCHEDULERS_WORDS, command)]);
    Some(verdict.arg("since", age.map(exitus_model::format_duration).unwrap_or_default()))
}

/// One clause: how many nodes fail for it.
struct Clause<'t> {
    count: u64,
    text: &'t str,
    cause: Option<CauseId>,
}

/// The clauses of the scheduler's message, without what it says of preemption.
fn clauses(text: &str) -> impl Iterator<Item = Clause<'_>> {
    let body = text.split_once("available: ").map_or(text, |(_, body)| body);
    let ends = [". preemption:", ". no new claims", " preemption:", ", preemption:"];
    let end = ends.iter().filter_map(|e| body.find(e)).min().unwrap_or(body.len());
    let body = body[..end].trim_end_matches('.');
    split_clauses(body).map(|text| {
        let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let count = text[..digits].parse().unwrap_or(1);
        let lower = text.to_lowercase();
        let cause = CLAUSES.iter().find(|(words, _)| lower.contains(words)).map(|(_, cause)| *cause);
        Clause { count, text, cause }
    })
}

/// Splits at commas before a count: a clause may hold commas of its own (`taint {…}, that the pod didn't tolerate`).
fn split_clauses(body: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(body);
    std::iter::from_fn(move || {
        let current = rest?;
        let next = current
            .match_indices(", ")
            .find(|(at, _)| current[at + 2..].starts_with(|c: char| c.is_ascii_digit()))
            .map(|(at, _)| at);
        rest = next.map(|at| &current[at + 2..]);
        Some(next.map_or(current, |at| &current[..at]))
    })
}

/// The cause of the most nodes. A taint that ties with something else is usually the control plane's, so it yields.
fn weigh(text: &str) -> (CauseId, Confidence, Vec<CauseId>) {
    if text.contains("no nodes available to schedule") || text.starts_with("0/0 nodes") {
        return (cause::NO_NODES, Confidence::Confirmed, Vec::new());
    }
    let mut votes: Vec<(CauseId, u64)> = Vec::new();
    for clause in clauses(text) {
        let cause = clause.cause.unwrap_or(cause::UNSCHEDULABLE);
        match votes.iter_mut().find(|(c, _)| *c == cause) {
            // Several shortages of one kind count the same nodes.
            Some((_, count)) if cause == cause::UNSCHEDULABLE_RESOURCES => {
                *count = (*count).max(clause.count);
            }
            Some((_, count)) => *count += clause.count,
            None => votes.push((cause, clause.count)),
        }
    }
    // The control plane's nodes are always closed: that says nothing where other nodes have a reason of their own.
    if votes.len() > 1 && text.contains("node-role.kubernetes.io/") {
        votes.retain(|(c, _)| *c != cause::UNSCHEDULABLE_TAINT);
    }
    votes.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let Some(&(first, most)) = votes.first() else {
        return (cause::UNSCHEDULABLE, Confidence::Unknown, Vec::new());
    };
    let leaders: Vec<CauseId> = votes.iter().filter(|(_, count)| *count == most).map(|(c, _)| *c).collect();
    let others = |found: CauseId| {
        votes.iter().map(|(c, _)| *c).filter(|c| *c != found && *c != cause::UNSCHEDULABLE).collect()
    };
    match leaders.as_slice() {
        [cause::UNSCHEDULABLE] => (cause::UNSCHEDULABLE, Confidence::Likely, others(first)),
        [single] if votes.len() == 1 => (*single, Confidence::Confirmed, Vec::new()),
        [single] => (*single, Confidence::Likely, others(*single)),
        _ => {
            let rest: Vec<CauseId> =
                leaders.iter().copied().filter(|c| *c != cause::UNSCHEDULABLE_TAINT).collect();
            match rest.as_slice() {
                [single] => (*single, Confidence::Likely, others(*single)),
                _ => (cause::UNSCHEDULABLE, Confidence::Likely, others(cause::UNSCHEDULABLE)),
            }
        }
    }
}

/// `Insufficient X` → X.
fn resource(text: &str) -> Option<String> {
    let (_, rest) = text.split_once("Insufficient ")?;
    let end = rest.find([',', ' ']).unwrap_or(rest.len());
    Some(rest[..end].trim_end_matches('.').to_owned())
}

fn quoted_claim(text: &str) -> Option<String> {
    crate::text::quoted_after(text, "persistentvolumeclaim ")
}

/// The cause of the most nodes in a message of the scheduler.
pub(crate) fn cause_of(text: &str) -> Option<CauseId> {
    let (found, confidence, _) = weigh(text);
    (confidence > Confidence::Unknown).then_some(found)
}
