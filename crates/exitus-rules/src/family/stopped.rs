//! Stopped: by a probe, a hook, a change, or a request.

use exitus_model::{Confidence, Event, Role, Severity, format_duration};
use exitus_reference::{cause_id as cause, message_id as msg};

use crate::death::Death;
use crate::missing;
use crate::quote;
use crate::verdict::{Depth, Verdict};

/// The kubelet's word for it: a `Killing` event that says why this container was killed.
pub(crate) fn by_kubelet(death: &Death<'_, '_>) -> Option<Verdict> {
    probe_kill(death, "liveness probe")
        .or_else(|| probe_kill(death, "startup probe"))
        .or_else(|| told_kill(death))
        .or_else(|| probe_failures(death))
}

/// The `Killing` event is gone, and the probe's failures reach up to the stop.
fn probe_failures(death: &Death<'_, '_>) -> Option<Verdict> {
    if !matches!(death.code(), Some(137 | 143))
        || death.is_reason("OOMKilled")
        || death.deletion().is_some()
        || has_invented_code(death)
    {
        return None;
    }
    let rows = [
        ("Liveness", death.container.liveness.as_ref(), cause::LIVENESS_PROBE_FAILED),
        ("Startup", death.container.startup.as_ref(), cause::STARTUP_PROBE_FAILED),
    ];
    rows.into_iter().find_map(|(kind, probe, found)| {
        let probe = probe?;
        let (from, to) = death.window()?;
        // A probe that could not be run at all (`errored`) does not count.
        let is_failure =
            |e: &&Event| e.message.contains("probe failed") && e.count >= probe.failure_threshold;
        let event = unhealthy(death, kind).filter(|e| e.is_within(from, to)).filter(is_failure)?;
        let verdict = Verdict::new(found, Confidence::Likely, Depth::Killing, death.quote_event(event))
            .and([death.quote_end(), death.quote_code()])
            .arg("probe", probe.action.clone())
            .arg("probe_message", probe_message(event))
            .arg("probe_failures", event.count.to_string())
            .arg("grace", format_duration(probe.grace_seconds.unwrap_or_else(|| death.grace_seconds())))
            .possible(cause::KILLED_UNATTRIBUTED, msg::NO_KILLING_EVENT);
        Some(verdict)
    })
}

fn probe_kill(death: &Death<'_, '_>, kind: &str) -> Option<Verdict> {
    let event = death.killing(|m| m.contains(kind) && m.contains("failed"))?;
    let (cause, probe) = match kind {
        "liveness probe" => (cause::LIVENESS_PROBE_FAILED, death.container.liveness.as_ref()),
        _ => (cause::STARTUP_PROBE_FAILED, death.container.startup.as_ref()),
    };
    let grace = probe.and_then(|p| p.grace_seconds).unwrap_or_else(|| death.grace_seconds());
    // Killed for memory before the grace was over: the probe asked, but the kernel was first.
    if death.is_reason("OOMKilled") && death.code() == Some(137) && !death.outlived_grace(event, grace) {
        return None;
    }
    let unhealthy = unhealthy(death, if kind == "liveness probe" { "Liveness" } else { "Startup" });
    let confidence = if death.is_timed(event) { Confidence::Confirmed } else { Confidence::Likely };
    let mut verdict = Verdict::new(cause, confidence, Depth::Killing, death.quote_event(event))
        .and(unhealthy.map(|e| death.quote_event(e)))
        .and([death.quote_end(), death.quote_code()])
        .arg("grace", format_duration(grace))
        .arg("probe_message", unhealthy.map(probe_message).unwrap_or_default())
        .arg("probe", probe.map(|p| p.action.clone()).unwrap_or_default())
        .arg("probe_failures", unhealthy.map(|e| e.count.to_string()).unwrap_or_default());
    if confidence == Confidence::Likely {
        verdict = verdict.possible(cause::APPLICATION_ERROR, msg::THE_EVENT_MAY_BE_OF_ANOTHER_DEATH);
    }
    Some(if death.is_reason("OOMKilled") {
        verdict.possible(cause::OUT_OF_MEMORY_CHILD, msg::A_CHILD_MAY_HAVE_BEEN_KILLED_EARLIER)
    } else {
        verdict.ruled_out(cause::OUT_OF_MEMORY_CONTAINER, msg::REASON_IS_NOT_OOM_KILLED)
    })
}

/// The latest `Unhealthy` event of a kind of probe about this container.
fn unhealthy<'s>(death: &Death<'_, 's>, kind: &str) -> Option<&'s Event> {
    let is_of_kind =
        |e: &&&Event| e.reason == "Unhealthy" && e.message.starts_with(kind) && death.is_about_container(e);
    death.events.iter().rev().find(is_of_kind).copied()
}

/// What the probe said, without the kubelet's words before it.
pub(crate) fn probe_message(event: &Event) -> String {
    let (_, said) = event.message.split_once(": ").unwrap_or_default();
    said.trim().to_owned()
}

/// Kills that the kubelet explains in one sentence.
fn told_kill(death: &Death<'_, '_>) -> Option<Verdict> {
    let rows = [
        ("FailedPostStartHook", cause::POST_START_HOOK_FAILED),
        ("resize requires restart", cause::CONTAINER_RESTARTED_FOR_RESIZE),
        ("definition changed", cause::CONTAINER_DEFINITION_CHANGED),
        ("spec hash changed", cause::CONTAINER_DEFINITION_CHANGED),
    ];
    if let Some((event, found)) = rows
        .iter()
        .find_map(|(words, cause)| Some((death.killing(|m| m.contains(words) || m == *words)?, *cause)))
    {
        let verdict = Verdict::new(found, Confidence::Confirmed, Depth::Killing, death.quote_event(event));
        return Some(hook_details(death, verdict.and([death.quote_end(), death.quote_code()])));
    }
    if let Some(event) = death.events_of("FailedPostStartHook").next().filter(|e| !died_before(death, e)) {
        let verdict = Verdict::new(
            cause::POST_START_HOOK_FAILED,
            Confidence::Confirmed,
            Depth::Killing,
            death.quote_event(event),
        );
        return Some(hook_details(death, verdict.and([death.quote_end(), death.quote_code()])));
    }
    restarted_with_all(death)
}

/// Whether the program had ended by a code of its own before the hook failed: then its death took the hook along.
fn died_before(death: &Death<'_, '_>, event: &Event) -> bool {
    let is_own = !matches!(death.code(), None | Some(0 | 137 | 143));
    is_own && matches!((death.finished(), event.first), (Some(end), Some(failed)) if end < failed)
}

fn hook_details(death: &Death<'_, '_>, verdict: Verdict) -> Verdict {
    if verdict.cause != cause::POST_START_HOOK_FAILED {
        return verdict;
    }
    let told = death.events_of("FailedPostStartHook").next();
    let waiting = death.waiting.filter(|w| w.reason == "PostStartHookError").and_then(|w| w.message.clone());
    let hook = death.container.post_start.as_ref().map(|h| h.action.clone()).unwrap_or_default();
    verdict
        .and(told.map(|e| death.quote_event(e)))
        .arg("hook", hook)
        .arg("message", waiting.unwrap_or_default())
}

/// `RestartAllContainers`: the code is invented and the reason says so.
fn restarted_with_all(death: &Death<'_, '_>) -> Option<Verdict> {
    let by_condition = || death.pod.condition("AllContainersRestarting").filter(|c| c.is_true());
    let by_event = death.killing(|m| m == "killing");
    if death.is_reason("RestartingAllContainers") {
        let verdict = Verdict::new(
            cause::ALL_CONTAINERS_RESTARTED,
            Confidence::Confirmed,
            Depth::Killing,
            death.quote("reason", death.reason()),
        );
        return Some(verdict.and([death.quote_code()]).and(by_event.map(|e| death.quote_event(e))));
    }
    let event = by_event?;
    let condition = by_condition().map(|c| quote::pod_condition(death.index.snapshot, death.pod, c));
    let confidence = if condition.is_some() { Confidence::Confirmed } else { Confidence::Likely };
    let verdict =
        Verdict::new(cause::ALL_CONTAINERS_RESTARTED, confidence, Depth::Killing, death.quote_event(event));
    Some(verdict.and(condition).and([death.quote_code()]))
}

/// Reasons whose exit code nobody measured: the runtime or the kubelet made it up.
pub(crate) fn has_invented_code(death: &Death<'_, '_>) -> bool {
    ["ContainerStatusUnknown", "Unknown", "RestartingAllContainers", "StartError"].contains(&death.reason())
}

/// A sidecar whose pod is done: the kubelet stops it last and leaves it only the rest of the grace, so 137 is common
/// there and nothing is lost.
pub(crate) fn sidecar_of_done_pod(death: &Death<'_, '_>) -> Option<Verdict> {
    let is_stop = matches!(death.code(), Some(0 | 137 | 143)) && !death.is_reason("OOMKilled");
    if death.container.role != Role::Sidecar
        || !death.pod.is_finished()
        || !is_stop
        || has_invented_code(death)
    {
        return None;
    }
    let phase = death.pod.phase.as_deref()?;
    let decided_by =
        quote::pod(death.index.snapshot, death.pod, "status.phase", phase, death.pod.origin, None);
    let confidence = if death.stopping().is_some() { Confidence::Confirmed } else { Confidence::Likely };
    let verdict = Verdict::new(cause::STOPPED_ON_REQUEST, confidence, Depth::Grace, decided_by)
        .and(death.stopping().map(|e| death.quote_event(e)))
        .and([death.quote_end(), death.quote_code()])
        .severity(Severity::Info);
    Some(verdict)
}

/// A stop that somebody asked for: a deletion, or the kubelet's plain `Stopping container`.
pub(crate) fn on_request(death: &Death<'_, '_>) -> Option<Verdict> {
    let stopping = death.stopping();
    let deletion = death.deletion();
    if (stopping.is_none() && deletion.is_none()) || has_invented_code(death) {
        return None;
    }
    // SIGKILL without the whole grace before it came from somebody else. A deletion that was rewritten with grace 0
    // tells that a stop was under way, not when it began.
    let exceeded = grace_is_over(death, stopping);
    let is_rewritten = deletion.is_some() && death.pod.first_deletion.is_none();
    if death.code() == Some(137) && !exceeded && !(is_rewritten && stopping.is_none()) {
        return None;
    }
    let failed_hook = death.events_of("FailedPreStopHook").next();
    let mut pieces = Vec::new();
    pieces.extend(failed_hook.map(|e| death.quote_event(e)));
    pieces.extend(stopping.map(|e| death.quote_event(e)));
    pieces.extend(quote::deletion(death.index.snapshot, death.pod));
    pieces.extend([death.quote_end(), death.quote_code()]);
    let is_sure =
        stopping.is_some() || deletion.is_some_and(|d| d.is_exact && death.pod.first_deletion.is_some());
    let (found, depth) = if failed_hook.is_some() {
        (cause::PRE_STOP_HOOK_FAILED, Depth::Grace)
    } else if death.code() == Some(137) {
        (cause::GRACE_PERIOD_EXCEEDED, Depth::Grace)
    } else {
        (cause::STOPPED_ON_REQUEST, Depth::Stop)
    };
    // A version with the grace and a later one without: the kubelet has confirmed the end.
    let is_followed = death.pod.first_deletion.is_some()
        && death.pod.deletion.as_ref().is_some_and(|d| d.grace_seconds == Some(0));
    let has_both = is_followed || stopping.is_some() && deletion.is_some();
    let confidence = match found {
        _ if failed_hook.is_some() => Confidence::Confirmed,
        _ if (has_both || is_sure) && (exceeded || found == cause::STOPPED_ON_REQUEST && has_both) => {
            Confidence::Confirmed
        }
        _ if stopping.is_some() && death.pod.is_finished() => Confidence::Confirmed,
        _ => Confidence::Likely,
    };
    let mut pieces = pieces.into_iter();
    let mut verdict = Verdict::new(found, confidence, depth, pieces.next()?)
        .and(pieces)
        .arg("grace", format_duration(death.grace_seconds()));
    if let Some(hook) = death.container.pre_stop.as_ref().filter(|_| failed_hook.is_some()) {
        verdict = verdict
            .arg("hook", hook.action.clone())
            .arg("message", failed_hook.map(|e| e.message.clone()).unwrap_or_default());
    }
    Some(rule_out_memory(death, verdict))
}

fn rule_out_memory(death: &Death<'_, '_>, verdict: Verdict) -> Verdict {
    if death.is_reason("OOMKilled") {
        return verdict.possible(cause::OUT_OF_MEMORY_CHILD, msg::A_CHILD_MAY_HAVE_BEEN_KILLED_EARLIER);
    }
    verdict.ruled_out(cause::OUT_OF_MEMORY_CONTAINER, msg::REASON_IS_NOT_OOM_KILLED)
}

/// Whether the end came no earlier than SIGKILL by the kubelet could come.
pub(crate) fn grace_is_over(death: &Death<'_, '_>, stopping: Option<&Event>) -> bool {
    let grace = death.grace_seconds();
    let by_event = stopping.is_some_and(|e| death.outlived_grace(e, grace));
    let by_deletion = death.pod.first_deletion.as_ref().is_some_and(|d| {
        let asked = d.requested().map(|t| t.as_second());
        matches!((asked, death.finished()), (Some(asked), Some(end)) if end.as_second() - asked >= grace)
    });
    by_event || by_deletion
}

/// SIGKILL or SIGTERM and no sender in the evidence.
pub(crate) fn unattributed(death: &Death<'_, '_>) -> Option<Verdict> {
    if has_invented_code(death) {
        return None;
    }
    let (found, why) = match death.code() {
        Some(137) => (cause::KILLED_UNATTRIBUTED, msg::WOULD_SHOW_WHO_SENT_SIGKILL),
        Some(143) => (cause::TERMINATED_UNATTRIBUTED, msg::WOULD_SHOW_WHO_SENT_SIGTERM),
        _ => return None,
    };
    let verdict = Verdict::new(found, Confidence::Unknown, Depth::Signal, death.quote_code())
        .and([death.quote_end()])
        .rivals(sender_rivals(death))
        .missing(missing::events(death.pod, death.events, why));
    let wants_kernel = found == cause::KILLED_UNATTRIBUTED && !death.index.snapshot.has_kernel_log;
    let verdict = verdict.missing(wants_kernel.then(|| missing::kernel_log(death.pod, why)));
    Some(verdict.missing(missing::journal(death, why)).missing(missing::log(death)))
}

/// Every sender of SIGKILL and SIGTERM that was looked for.
fn sender_rivals(death: &Death<'_, '_>) -> Vec<exitus_model::Rival> {
    use exitus_model::{Rival, RivalVerdict::*};
    let is_kill = death.code() == Some(137);
    let mut rivals = Vec::new();
    let mut add = |cause, verdict, because: exitus_model::MessageId| {
        rivals.push(Rival { cause, verdict, because: because.into() });
    };
    if death.container.liveness.is_none() && death.container.is_in_spec {
        add(cause::LIVENESS_PROBE_FAILED, RuledOut, msg::NO_LIVENESS_PROBE);
    } else {
        add(cause::LIVENESS_PROBE_FAILED, Possible, msg::NO_KILLING_EVENT);
    }
    let is_disrupted = death.pod.condition("DisruptionTarget").is_some() || death.pod.reason.is_some();
    if !is_disrupted {
        add(cause::EVICTED_NODE_MEMORY, RuledOut, msg::NO_DISRUPTION);
    }
    if death.pod.deletion.is_none() {
        add(cause::STOPPED_ON_REQUEST, RuledOut, msg::NO_DELETION);
    } else {
        add(cause::GRACE_PERIOD_EXCEEDED, Possible, msg::THERE_IS_A_DELETION);
    }
    if is_kill {
        let has_log = death.index.snapshot.has_kernel_log;
        let because =
            if has_log { msg::NO_KERNEL_KILL } else { msg::REASON_IS_NOT_OOM_KILLED_BUT_CAN_BE_LOST };
        add(cause::OUT_OF_MEMORY, Possible, because);
    }
    rivals
}
