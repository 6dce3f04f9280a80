//! The cause that one line names, whoever wrote it: for the dictionary, where there is no pod to look at.

use exitus_model::CauseId;
use exitus_reference::cause_id as cause;

use crate::family::{config, disruption, image, sandbox, scheduling, start, volume};
use crate::signature;

/// Tells the cause that a line of a runtime, a registry, the kubelet, the scheduler or a program's log names.
///
/// ```
/// let cause = exitus_rules::cause_of_line("exec /app: exec format error").unwrap();
/// assert_eq!(cause.as_str(), "entrypoint-wrong-format");
/// assert!(exitus_rules::cause_of_line("all is well").is_none());
/// ```
pub fn cause_of_line(line: &str) -> Option<CauseId> {
    let lower = line.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|w| lower.contains(w));
    if lower.contains("failed liveness probe") {
        return Some(cause::LIVENESS_PROBE_FAILED);
    }
    if lower.contains("failed startup probe") {
        return Some(cause::STARTUP_PROBE_FAILED);
    }
    if lower.contains("readiness probe failed") {
        return Some(cause::READINESS_PROBE_FAILED);
    }
    let by_table = if says(&["nodes are available", "no nodes available to schedule"]) {
        scheduling::cause_of(line)
    } else if says(&["low on resource", "local ephemeral", "usage of emptydir", "node had condition"]) {
        disruption::cause_of(line)
    } else if says(&["mountvolume", "attachvolume", "multi-attach", "mapvolume"]) {
        volume::cause_of(line)
    } else if says(&["pod sandbox", "network is not ready", "for sandbox"]) {
        sandbox::cause_of(line)
    } else if says(&[
        "failed to pull",
        "error pulling",
        "pulling from host",
        "back-off pulling",
        "errimagepull",
        "imagepullbackoff",
        "pull access denied",
        "manifest unknown",
        "manifest for",
        "no match for platform in manifest",
        "toomanyrequests",
        "failed to resolve reference",
        "error response from daemon",
    ]) {
        image::cause_of(line)
    } else if says(&[
        "oci runtime",
        "container process",
        "containerd task",
        "runc create",
        "container create failed",
        "failed to reserve container",
    ]) {
        start::cause_of(line)
    } else {
        config::cause_of(line)
    };
    by_table
        .or_else(|| signature::read(&[line], None).and_then(|f| f.signature.cause))
        .or_else(|| start::cause_of(line))
        .or_else(|| says(&REFUSALS).then_some(cause::RUNTIME_START_ERROR))
}

/// A runtime that could not start a container, whatever it goes on to say.
const REFUSALS: [&str; 4] = [
    "oci runtime create failed",
    "runc create failed",
    "failed to create containerd task",
    "container create failed",
];
