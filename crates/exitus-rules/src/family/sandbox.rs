//! The pod's sandbox: its network and its runtime.

use exitus_model::{CauseId, Confidence, Event};
use exitus_reference::cause_id as cause;

use crate::pod_case::PodCase;
use crate::text::{Row, fair, lookup, one_line, quoted, sure};
use crate::verdict::{Depth, Verdict};

/// Sources: containerd internal/cri (sandbox_run.go), cri-o server, kubelet runtimeclass_manager.go, and the CNI plugins'
/// own words for an address pool that has run out.
const TEXTS: &[Row] = &[
    sure(&["no runtime for", "is configured"], cause::RUNTIME_CLASS_MISSING),
    sure(&["failed to find runtime handler"], cause::RUNTIME_CLASS_MISSING),
    sure(&["runtimeclass", "not found"], cause::RUNTIME_CLASS_MISSING),
    sure(&["memory limit", "too low"], cause::MEMORY_LIMIT_TOO_LOW),
    sure(&["no ip addresses available"], cause::POD_IP_EXHAUSTED),
    sure(&["no available addresses"], cause::POD_IP_EXHAUSTED),
    sure(&["no more ips available"], cause::POD_IP_EXHAUSTED),
    sure(&["range is full"], cause::POD_IP_EXHAUSTED),
    sure(&["no free ip"], cause::POD_IP_EXHAUSTED),
    sure(&["insufficientfreeaddresses"], cause::POD_IP_EXHAUSTED),
    fair(&["failed to assign an ip address to container"], cause::POD_IP_EXHAUSTED),
    sure(&["network is not ready"], cause::NETWORK_NOT_READY),
    sure(&["networkpluginnotready"], cause::NETWORK_NOT_READY),
    sure(&["cni plugin not initialized"], cause::NETWORK_NOT_READY),
];

/// A `FailedCreatePodSandBox` or `NetworkNotReady` event that nothing has healed since.
pub(crate) fn judge(case: &PodCase<'_, '_>, event: &Event) -> Option<Verdict> {
    let row = lookup(TEXTS, &event.message);
    let (found, confidence): (CauseId, _) = match row {
        Some(row) => (row.cause, row.confidence),
        None => (cause::SANDBOX_CREATION_FAILED, Confidence::Confirmed),
    };
    let class = case.pod.runtime_class.clone();
    let is_class = found == cause::RUNTIME_CLASS_MISSING;
    let name = if is_class { quoted(&event.message, 0).or(class).unwrap_or_default() } else { String::new() };
    let ready = case.pod.condition("PodReadyToStartContainers").filter(|c| !c.is_true());
    let verdict = Verdict::new(found, confidence, Depth::NeverRan, case.quote_event(event))
        .and(ready.map(|c| case.quote_condition(c)))
        .arg("message", one_line(&event.message))
        .arg("name", name);
    Some(verdict)
}

/// The cause that a text about a sandbox names.
pub(crate) fn cause_of(text: &str) -> Option<CauseId> {
    lookup(TEXTS, text).map(|row| row.cause)
}
