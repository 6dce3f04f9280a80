//! A volume that is not there, not attached, or not mounted.

use exitus_model::{CauseId, Confidence, Event, VolumeSource};
use exitus_reference::cause_id as cause;

use crate::pod_case::PodCase;
use crate::quote;
use crate::text::{Row, lookup, one_line, quoted, quoted_after, sure};
use crate::verdict::{Depth, Verdict};

/// Sources: pkg/volume/util/operationexecutor, pkg/controller/volume/attachdetach, pkg/kubelet/volumemanager.
const TEXTS: &[Row] = &[
    sure(&["multi-attach error"], cause::VOLUME_MULTI_ATTACH),
    // Since 1.37, where the other node is being left already.
    sure(&["waiting for detach for volume"], cause::VOLUME_MULTI_ATTACH),
    sure(&["volume attachment limit"], cause::VOLUME_LIMIT_EXCEEDED),
    sure(&["attachvolume", "maximum number of data disks"], cause::VOLUME_LIMIT_EXCEEDED),
    sure(&["attachvolume", "max", "volume", "limit"], cause::VOLUME_LIMIT_EXCEEDED),
    sure(&["attachvolume", "attachment limit"], cause::VOLUME_LIMIT_EXCEEDED),
    sure(&["attachvolume", "attachmentlimitexceeded"], cause::VOLUME_LIMIT_EXCEEDED),
    sure(&["persistentvolumeclaim", "not found"], cause::VOLUME_SOURCE_MISSING),
    sure(&["mountvolume", "configmap \"", "not found"], cause::VOLUME_SOURCE_MISSING),
    sure(&["mountvolume", "configmaps \"", "not found"], cause::VOLUME_SOURCE_MISSING),
    sure(&["mountvolume", "secret \"", "not found"], cause::VOLUME_SOURCE_MISSING),
    sure(&["mountvolume", "secrets \"", "not found"], cause::VOLUME_SOURCE_MISSING),
    sure(&["attachvolume"], cause::VOLUME_ATTACH_FAILED),
    sure(&["mountvolume.waitforattach"], cause::VOLUME_ATTACH_FAILED),
    sure(&["volume attachment is being deleted"], cause::VOLUME_ATTACH_FAILED),
    sure(&["mountvolume"], cause::VOLUME_MOUNT_FAILED),
    sure(&["mapvolume"], cause::VOLUME_MOUNT_FAILED),
    sure(&["unmountvolume"], cause::VOLUME_MOUNT_FAILED),
];

/// Reasons of the events that speak of volumes.
pub(crate) const REASONS: [&str; 3] = ["FailedMount", "FailedAttachVolume", "FailedMapVolume"];

/// How telling an event is: the error of one volume before the sum of all that wait.
pub(crate) fn rank(event: &Event) -> u8 {
    match lookup(TEXTS, &event.message) {
        Some(_) => 1,
        None => 0,
    }
}

/// A volume's event that nothing has healed since.
pub(crate) fn judge(case: &PodCase<'_, '_>, event: &Event) -> Option<Verdict> {
    let row = lookup(TEXTS, &event.message);
    // The kubelet's sum of what is not mounted names no reason.
    let (found, confidence): (CauseId, _) = match row {
        Some(row) => (row.cause, row.confidence),
        None => (cause::VOLUME_MOUNT_FAILED, Confidence::Likely),
    };
    let volume =
        quoted_after(&event.message, "for volume ").or_else(|| unmounted(&event.message)).unwrap_or_default();
    // A `pvc-…` is the name of the volume behind a claim: which claim, only a single one tells.
    let claims = || {
        case.pod.volumes.iter().filter_map(|v| match &v.source {
            VolumeSource::Claim(claim) => Some((&v.name, claim)),
            _ => None,
        })
    };
    let named = claims().find(|(name, _)| **name == volume);
    let only = || claims().next().filter(|_| claims().count() == 1 && volume.starts_with("pvc-"));
    let claim = named.or_else(only).map(|(_, claim)| claim.clone());
    let name = if found == cause::VOLUME_SOURCE_MISSING { missing_name(&event.message) } else { None };
    let claim_object = claim.as_ref().and_then(|c| case.index.claim(&case.pod.namespace, c));
    let verdict = Verdict::new(found, confidence, Depth::NeverRan, case.quote_event(event))
        .and(claim_object.filter(|c| c.phase.is_some()).map(|c| quote::claim(case.index.snapshot, c)))
        .arg("volume", volume)
        .arg("claim", claim.unwrap_or_default())
        .arg("name", name.unwrap_or_default())
        .arg("message", one_line(&event.message));
    Some(verdict)
}

/// `configmap "x" not found` at the end of a mount's error.
fn missing_name(message: &str) -> Option<String> {
    let (before, _) = message.rsplit_once(" not found")?;
    let after_last_space = before.rsplit(' ').next()?;
    quoted(after_last_space, 0)
}

/// The first of `unmounted volumes=[a b]`.
fn unmounted(message: &str) -> Option<String> {
    let (_, rest) = message.split_once("unmounted volumes=[")?;
    rest.split([' ', ']']).next().map(str::to_owned).filter(|v| !v.is_empty())
}

/// The cause that a text about a volume names.
pub(crate) fn cause_of(text: &str) -> Option<CauseId> {
    lookup(TEXTS, text).map(|row| row.cause)
}
