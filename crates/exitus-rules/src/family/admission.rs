//! Turned away by the kubelet: no container ever ran.

use exitus_model::Confidence;
use exitus_reference::{cause_id as cause, message_id as msg};

use crate::pod_case::PodCase;
use crate::text::one_line;
use crate::verdict::{Depth, Verdict};

/// Pod reasons of the kubelet's admission (pkg/kubelet/lifecycle/predicate.go and handlers.go, cm/admission/errors.go,
/// cm/topologymanager, cm/cpumanager, sysctl/allowlist.go, nodeshutdown). `OutOf…` and plugin names come on top.
const REASONS: [&str; 22] = [
    "NodeAffinity",
    "NodeName",
    "NodePorts",
    "TaintToleration",
    "UnexpectedAdmissionError",
    "TopologyAffinityError",
    "SMTAlignmentError",
    "EmptyPodSharedPoolError",
    "PodOSSelectorNodeLabelDoesNotMatch",
    "PodOSNotSupported",
    "InvalidNodeInfo",
    "InitContainerRestartPolicyForbidden",
    "SupplementalGroupsPolicyNotSupported",
    "PodLevelResourcesNotSupported",
    "PodFeatureUnsupported",
    "UnknownReason",
    "UnexpectedPredicateFailureType",
    "AppArmor",
    "SysctlForbidden",
    "NodeShutdown",
    "NodeUnschedulable",
    "PodAdmissionFailed",
];

pub(crate) fn judge(case: &PodCase<'_, '_>) -> Option<Verdict> {
    let pod = case.pod;
    if pod.phase.as_deref() != Some("Failed") {
        return None;
    }
    let reason = pod.reason.as_deref()?;
    if reason == "VolumeAttachmentLimitExceeded" {
        return Some(verdict(case, cause::VOLUME_LIMIT_EXCEEDED, reason));
    }
    let is_known = REASONS.contains(&reason) || reason.starts_with("OutOf");
    // Later kubelets have further reasons; all of them begin their message alike (since 1.26).
    let is_told = pod.message.as_deref().is_some_and(|m| m.starts_with("Pod was rejected: "));
    let is_eviction = reason == "Evicted";
    (!is_eviction && (is_known || is_told)).then(|| verdict(case, cause::ADMISSION_REJECTED_BY_NODE, reason))
}

/// The kubelet's event, where the pod itself is not in the evidence.
pub(crate) fn by_event(case: &PodCase<'_, '_>) -> Option<Verdict> {
    let is_refusal = |e: &&&exitus_model::Event| {
        e.is_warning && (REASONS.contains(&e.reason.as_str()) || e.reason.starts_with("OutOf"))
    };
    let event = case.events.iter().rev().find(is_refusal)?;
    let verdict = Verdict::new(
        cause::ADMISSION_REJECTED_BY_NODE,
        Confidence::Confirmed,
        Depth::PodReason,
        case.quote_event(event),
    );
    Some(verdict.arg("reason", event.reason.clone()).arg("message", one_line(&event.message)))
}

fn verdict(case: &PodCase<'_, '_>, found: exitus_model::CauseId, reason: &str) -> Verdict {
    let message = case.pod.message.as_deref();
    let event = case.last_event(reason);
    let resource = reason.strip_prefix("OutOf").unwrap_or_default();
    let number = |words: &str| {
        let (_, rest) = message?.split_once(words)?;
        Some(rest.split([',', ' ']).next()?.to_owned())
    };
    Verdict::new(found, Confidence::Confirmed, Depth::PodReason, case.quote("status.reason", reason))
        .and(message.map(|m| case.quote("status.message", m)))
        .and(event.map(|e| case.quote_event(e)))
        .arg("reason", reason)
        .arg("message", message.map(one_line).unwrap_or_default())
        .arg("resource", resource)
        .arg("request", number("requested: ").unwrap_or_default())
        .arg("usage", number("used: ").unwrap_or_default())
        .arg("limit", number("capacity: ").unwrap_or_default())
        .ruled_out(cause::APPLICATION_ERROR, msg::NO_CONTAINER_EVER_RAN)
}
