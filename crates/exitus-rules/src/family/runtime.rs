//! The runtime or the kubelet lost the container: the code is invented.

use exitus_model::{Confidence, Event};
use exitus_reference::{cause_id as cause, message_id as msg};
use jiff::SignedDuration;

use crate::death::Death;
use crate::missing;
use crate::verdict::{Depth, Verdict};

/// A new sandbox within so many seconds of the death belongs to it.
const SANDBOX_SECONDS: i64 = 20;

pub(crate) fn judge(death: &Death<'_, '_>) -> Option<Verdict> {
    status_lost(death).or_else(|| rebooted(death)).or_else(|| runtime_lost(death))
}

/// `ContainerStatusUnknown`: the kubelet writes 137 for a container that it cannot find.
fn status_lost(death: &Death<'_, '_>) -> Option<Verdict> {
    let is_unknown_code = death.code() == Some(-1);
    if !death.is_reason("ContainerStatusUnknown") && !is_unknown_code {
        return None;
    }
    let verdict =
        Verdict::new(cause::STATUS_LOST, Confidence::Confirmed, Depth::LostStatus, death.quote_end())
            .and(death.end.message.as_ref().map(|m| death.quote("message", m)))
            .and([death.quote_code()])
            .ruled_out(cause::OUT_OF_MEMORY, msg::THE_CODE_IS_INVENTED)
            .ruled_out(cause::KILLED_UNATTRIBUTED, msg::THE_CODE_IS_INVENTED)
            .missing(missing::node(death.pod, msg::WOULD_SHOW_WHETHER_THE_NODE_REPORTS));
    Some(verdict)
}

/// The node came up again after this instance had started and before its end was noticed.
fn reboot<'s>(death: &Death<'_, 's>) -> Option<&'s Event> {
    let node = death.pod.node.as_deref()?;
    let finished = death.finished();
    death.index.node_events(node).into_iter().find(|e| {
        e.reason == "Rebooted"
            && match (finished, e.last) {
                (Some(finished), Some(at)) => {
                    let started = death.end.started_at;
                    // The end is written when the runtime is back: a little before the event, or later.
                    started.is_none_or(|s| s < at)
                        && (-60..=600).contains(&(finished.as_second() - at.as_second()))
                }
                _ => true,
            }
    })
}

fn rebooted(death: &Death<'_, '_>) -> Option<Verdict> {
    if death.code() != Some(255) && !death.is_reason("Unknown") {
        return None;
    }
    let event = reboot(death)?;
    let is_timed = event.last.is_some() && death.finished().is_some();
    let confidence = if is_timed { Confidence::Confirmed } else { Confidence::Likely };
    let verdict = Verdict::new(cause::NODE_REBOOTED, confidence, Depth::Runtime, death.quote_event(event))
        .and([death.quote_end(), death.quote_code()])
        .and(sandbox_changed(death).map(|e| death.quote_event(e)))
        .ruled_out(cause::APPLICATION_ERROR, msg::THE_CODE_IS_INVENTED);
    Some(verdict)
}

/// A sandbox that was made anew at the time of this death.
pub(crate) fn sandbox_changed<'s>(death: &Death<'_, 's>) -> Option<&'s Event> {
    let finished = death.finished()?;
    let seconds = SignedDuration::from_secs(SANDBOX_SECONDS);
    let (from, to) =
        (finished.checked_sub(SignedDuration::from_secs(2)).ok()?, finished.checked_add(seconds).ok()?);
    death.events.iter().copied().find(|e| e.reason == "SandboxChanged" && e.is_within(from, to))
}

fn runtime_lost(death: &Death<'_, '_>) -> Option<Verdict> {
    let changed = sandbox_changed(death);
    let is_unknown = death.is_reason("Unknown");
    let is_lost_shim = death.code() == Some(255) && changed.is_some();
    if !is_unknown && !is_lost_shim {
        return None;
    }
    // 255 is what containerd writes for a task that it finds gone; the reason `Unknown` is its own word for it.
    let verdict =
        Verdict::new(cause::CONTAINER_RUNTIME_LOST, Confidence::Likely, Depth::Runtime, death.quote_end())
            .and([death.quote_code()])
            .and(changed.map(|e| death.quote_event(e)))
            .possible(cause::NODE_REBOOTED, msg::NO_REBOOT_IN_THE_EVIDENCE)
            .missing(missing::node(death.pod, msg::WOULD_SHOW_A_REBOOT));
    Some(if is_unknown {
        verdict.ruled_out(cause::APPLICATION_ERROR, msg::THE_CODE_IS_INVENTED)
    } else {
        verdict.possible(cause::APPLICATION_ERROR, msg::A_PROGRAM_CAN_EXIT_255)
    })
}
