//! A workload that cannot make its pods.

use exitus_model::{CauseId, Confidence, Event, Evidence, Workload};
use exitus_reference::cause_id as cause;

use crate::index::Index;
use crate::quote;
use crate::text::{Row, lookup, one_line, quoted, sure};
use crate::verdict::{Depth, Verdict};

/// Sources: apiserver admission (resourcequota, webhook) and pkg/controller/controller_utils.go.
const TEXTS: &[Row] = &[
    sure(&["exceeded quota"], cause::QUOTA_EXCEEDED),
    sure(&["failed quota"], cause::QUOTA_EXCEEDED),
    sure(&["admission webhook", "denied the request"], cause::ADMISSION_WEBHOOK_DENIED),
];

fn cause_of(text: &str) -> CauseId {
    lookup(TEXTS, text).map_or(cause::POD_CREATION_FAILED, |row| row.cause)
}

/// What a `FailedCreate` event says, unless the owner has made pods since.
pub(crate) fn by_event(
    index: &Index<'_>,
    event: &Event,
    later: &[&Event],
    workload: Option<&Workload>,
) -> Option<Verdict> {
    let is_over = later.iter().any(|e| {
        matches!(e.reason.as_str(), "SuccessfulCreate" | "Completed")
            && e.last >= event.last
            && e.last.is_some()
    });
    let is_whole = workload.is_some_and(
        |w| matches!((w.desired, w.ready), (Some(desired), Some(ready)) if desired > 0 && ready >= desired),
    );
    if is_over || is_whole {
        return None;
    }
    let condition = workload.and_then(|w| Some(quote::workload_condition(index.snapshot, w, failure(w)?)));
    Some(verdict(quote::event(index.snapshot, event), &event.message).and(condition))
}

/// What a `ReplicaFailure` condition says.
pub(crate) fn by_condition(index: &Index<'_>, workload: &Workload) -> Option<Verdict> {
    let condition = failure(workload)?;
    let message = condition.message.as_deref()?;
    Some(verdict(quote::workload_condition(index.snapshot, workload, condition), message))
}

fn failure(workload: &Workload) -> Option<&exitus_model::Condition> {
    workload.condition("ReplicaFailure").filter(|c| c.is_true())
}

fn verdict(decided_by: Evidence, text: &str) -> Verdict {
    let found = cause_of(text);
    let after = |words: &str| {
        let (_, rest) = text.split_once(words)?;
        let end = rest.find(", ").or_else(|| rest.find(": ")).unwrap_or(rest.len());
        Some(rest[..end].to_owned())
    };
    let is_quota = found == cause::QUOTA_EXCEEDED;
    let quota = after("exceeded quota: ").or_else(|| after("failed quota: ")).filter(|_| is_quota);
    let name = if found == cause::ADMISSION_WEBHOOK_DENIED {
        text.split_once("admission webhook ").and_then(|(_, rest)| quoted(rest, 0))
    } else {
        None
    };
    Verdict::new(found, Confidence::Confirmed, Depth::NeverRan, decided_by)
        .arg("message", one_line(text))
        .arg("quota", quota.map(|q| q.split(':').next().unwrap_or_default().to_owned()).unwrap_or_default())
        .arg("request", after("requested: ").filter(|_| is_quota).unwrap_or_default())
        .arg("usage", after("used: ").filter(|_| is_quota).unwrap_or_default())
        .arg("limit", after("limited: ").filter(|_| is_quota).unwrap_or_default())
        .arg("name", name.unwrap_or_default())
}
