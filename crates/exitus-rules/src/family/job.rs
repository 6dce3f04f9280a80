//! Jobs that failed as a whole.

use exitus_model::{Confidence, Workload, format_duration};
use exitus_reference::cause_id as cause;

use crate::index::Index;
use crate::quote;
use crate::text::one_line;
use crate::verdict::{Depth, Verdict};

/// The `Failed` condition of a Job. Reasons: pkg/apis/batch/v1 (types.go).
pub(crate) fn judge(index: &Index<'_>, job: &Workload) -> Option<Verdict> {
    let failed =
        job.condition("Failed").or_else(|| job.condition("FailureTarget")).filter(|c| c.is_true())?;
    let found = match failed.reason.as_deref().unwrap_or_default() {
        "DeadlineExceeded" => cause::JOB_DEADLINE_EXCEEDED,
        "PodFailurePolicy" => cause::JOB_POD_FAILURE_POLICY,
        // Since 1.29 a Job with indexes fails for these; each index has a limit of its own.
        "BackoffLimitExceeded" | "MaxFailedIndexesExceeded" | "FailedIndexes" => {
            cause::JOB_BACKOFF_LIMIT_EXCEEDED
        }
        _ => return None,
    };
    let snapshot = index.snapshot;
    let reason = failed.reason.clone().unwrap_or_default();
    let events = index.object_events("Job", &job.namespace, &job.name, job.uid.as_deref());
    let event = events.into_iter().rev().find(|e| e.reason == reason);
    let decided_by = quote::workload_condition(snapshot, job, failed);
    let deadline = job.active_deadline_seconds.map(format_duration);
    let verdict = Verdict::new(found, Confidence::Confirmed, Depth::PodReason, decided_by)
        .and(event.map(|e| quote::event(snapshot, e)))
        .arg("reason", reason)
        .arg("message", failed.message.as_deref().map(one_line).unwrap_or_default())
        .arg("limit", job.backoff_limit.map(|l| l.to_string()).unwrap_or_default())
        .arg("deadline", deadline.unwrap_or_default());
    Some(verdict)
}
