//! Killed for memory: by whose limit, and whether the main process was the victim.

use exitus_model::{
    CauseId, CgroupLevel, Confidence, ContainerStatus, Evidence, KernelEvent, KernelRecord, Missing, OomKill,
    Role, format_bytes,
};
use exitus_reference::{cause_id as cause, message_id as msg};

use crate::death::{Death, Pid1};
use crate::missing;
use crate::quote;
use crate::verdict::{Depth, Verdict};

/// A kill this long before the end, in seconds, did not end the container by itself.
const FAR_SECONDS: i64 = 5;

pub(crate) fn judge(death: &Death<'_, '_>) -> Option<Verdict> {
    let kills = death.kills();
    if let Some(verdict) = from_kernel(death, &kills) {
        return Some(verdict);
    }
    if death.is_reason("OOMKilled") {
        return Some(from_reason(death, &kills));
    }
    by_name(death)
}

/// The node's own OOM killer at the second of this death, with a victim of this program's name and no cgroup: kernels
/// before 5.0 and `SystemOOM` events have no more.
fn by_name(death: &Death<'_, '_>) -> Option<Verdict> {
    if death.code() != Some(137) || death.reason() == "ContainerStatusUnknown" {
        return None;
    }
    let end = death.finished()?.as_second();
    let snapshot = death.index.snapshot;
    let kill = death.kernel_near(1).find_map(|record| match &record.event {
        KernelEvent::OomKill(kill)
            if kill.is_global && kill.task_cgroup.is_none() && death.is_program(&kill.victim) =>
        {
            Some((record, kill))
        }
        _ => None,
    });
    if let Some((record, kill)) = kill {
        let verdict = Verdict::new(
            cause::OUT_OF_MEMORY_NODE,
            Confidence::Likely,
            Depth::MemoryReason,
            quote::kernel(snapshot, record),
        )
        .and([death.quote_end(), death.quote_code()])
        .possible(cause::KILLED_UNATTRIBUTED, msg::ONLY_NAME_AND_SECOND_FIT);
        return Some(with_victim(verdict, kill));
    }
    let event = system_oom(death)?;
    let victim = event.message.split_once("victim process: ")?.1.split(',').next()?;
    let is_close = event.last.is_some_and(|at| (at.as_second() - end).abs() <= 1);
    (is_close && death.is_program(victim)).then(|| {
        Verdict::new(
            cause::OUT_OF_MEMORY_NODE,
            Confidence::Likely,
            Depth::MemoryReason,
            death.quote_event(event),
        )
        .and([death.quote_end(), death.quote_code()])
        .arg("victim", victim)
        .possible(cause::KILLED_UNATTRIBUTED, msg::ONLY_NAME_AND_SECOND_FIT)
    })
}

/// The kernel's own report names the instance.
fn from_kernel(death: &Death<'_, '_>, kills: &[(&KernelRecord, &OomKill)]) -> Option<Verdict> {
    let (record, kill) = deciding(kills)?;
    // Long before the end it explains the mark `OOMKilled`, and not that end.
    let is_far = is_far_from(death, record);
    let is_stopped = death.stopping().is_some() || death.deletion().is_some();
    if is_far && (!death.is_reason("OOMKilled") || (is_stop_code(death) && is_stopped)) {
        return None;
    }
    let (child, limit) = (is_child(death, kills), limit_cause(death, kill));
    let found = if child { cause::OUT_OF_MEMORY_CHILD } else { limit.unwrap_or(cause::OUT_OF_MEMORY) };
    let depth = if is_far { Depth::MemoryReason } else { Depth::Kernel };
    let quoted = quote::kernel(death.index.snapshot, record);
    let mut verdict = Verdict::new(found, Confidence::Confirmed, depth, quoted)
        .and(context(death, record, kill))
        .and([death.quote_end(), death.quote_code()])
        .and(limit_evidence(death))
        .and(shell_says_killed(death));
    verdict = with_victim(verdict, kill);
    verdict = if child {
        verdict.ruled_out(cause::OUT_OF_MEMORY_CONTAINER, msg::MAIN_PROCESS_WAS_NOT_THE_VICTIM)
    } else {
        rule_out_other_limits(verdict, kill)
    };
    Some(rule_out_stops(death, verdict))
}

/// The kill that decides: the last one that says whose limit it was, else the last one.
pub(crate) fn deciding<'s>(
    kills: &[(&'s KernelRecord, &'s OomKill)],
) -> Option<(&'s KernelRecord, &'s OomKill)> {
    kills.iter().rev().find(|(_, k)| k.limit_cgroup.is_some() || k.is_global).or(kills.last()).copied()
}

fn is_far_from(death: &Death<'_, '_>, record: &KernelRecord) -> bool {
    matches!((record.at, death.finished()), (Some(at), Some(end)) if end.as_second() - at.as_second() > FAR_SECONDS)
}

/// Codes with which a container ends when it is asked to stop.
fn is_stop_code(death: &Death<'_, '_>) -> bool {
    matches!(death.code(), Some(0 | 130 | 143))
}

/// Whose limit a kill speaks of.
///
/// On cgroup v1 the pod's cgroup gets the sum of its containers' limits, and its check comes first: while only this
/// container has a limit, the pod's limit is the container's.
pub(crate) fn limit_cause(death: &Death<'_, '_>, kill: &OomKill) -> Option<CauseId> {
    if kill.is_global {
        return Some(cause::OUT_OF_MEMORY_NODE);
    }
    let level = kill.limit_cgroup.as_ref()?.level;
    let is_the_containers = level == CgroupLevel::Pod && sets_the_pods_limit(death);
    if is_the_containers { Some(cause::OUT_OF_MEMORY_CONTAINER) } else { cause_of_level(level) }
}

/// Whose limit a level of the cgroup tree holds.
pub(crate) fn cause_of_level(level: CgroupLevel) -> Option<CauseId> {
    match level {
        CgroupLevel::Container => Some(cause::OUT_OF_MEMORY_CONTAINER),
        CgroupLevel::Pod => Some(cause::OUT_OF_MEMORY_POD),
        CgroupLevel::Kubepods => Some(cause::OUT_OF_MEMORY_NODE_ALLOCATABLE),
        CgroupLevel::Root => Some(cause::OUT_OF_MEMORY_NODE),
        CgroupLevel::Other => None,
    }
}

fn sets_the_pods_limit(death: &Death<'_, '_>) -> bool {
    let lasting = |role: Role| matches!(role, Role::App | Role::Sidecar);
    let limited = death.pod.containers.iter().filter(|c| c.memory_limit.is_some());
    let others = limited
        .filter(|c| c.name != death.container.name && (lasting(c.role) || c.role == death.container.role));
    death.pod.memory_limit.is_none() && death.container.memory_limit.is_some() && others.count() == 0
}

/// Whether a process was killed that was not the main one.
fn is_child(death: &Death<'_, '_>, kills: &[(&KernelRecord, &OomKill)]) -> bool {
    let is_group = kills.iter().any(|(_, k)| k.is_group_kill);
    let outlived = kills.iter().any(|(record, _)| is_far_from(death, record));
    death.code().is_some_and(|code| code != 137)
        || (!is_group && (outlived || shell_says_killed(death).is_some()))
}

/// A shell that tells of its child's death writes `Killed` and passes 137 on.
fn shell_says_killed(death: &Death<'_, '_>) -> Option<Evidence> {
    if !matches!(death.pid1(), Pid1::Shell | Pid1::Unknown | Pid1::Init) {
        return None;
    }
    let lines = death.log_lines();
    let last = lines.iter().rposition(|l| !l.trim().is_empty())?;
    let line = lines[last].trim();
    let says = line == "Killed" || line.ends_with(" Killed") || line.contains(" Killed  ");
    says.then(|| death.quote_log(last)).flatten()
}

fn context(death: &Death<'_, '_>, record: &KernelRecord, kill: &OomKill) -> Option<Evidence> {
    let origin = kill.context?;
    (origin != record.origin).then(|| {
        quote::kernel_context(
            death.index.snapshot,
            record,
            origin,
            kill.context_text.as_deref().unwrap_or_default(),
        )
    })
}

fn limit_evidence(death: &Death<'_, '_>) -> Option<Evidence> {
    let limit = death.container.memory_limit.as_ref()?;
    Some(death.quote_spec("resources.limits.memory", limit))
}

pub(crate) fn with_victim(verdict: Verdict, kill: &OomKill) -> Verdict {
    let cgroup = kill.limit_cgroup.as_ref().map(|c| c.path.clone()).unwrap_or_default();
    let pid = if kill.pid > 0 { kill.pid.to_string() } else { String::new() };
    verdict
        .arg("victim", kill.victim.clone())
        .arg("victim_pid", pid)
        .arg("victim_rss", kill.rss_bytes().map(format_bytes).unwrap_or_default())
        .arg("oom_cgroup", cgroup)
}

fn rule_out_other_limits(verdict: Verdict, kill: &OomKill) -> Verdict {
    if kill.is_global {
        return verdict.ruled_out(cause::OUT_OF_MEMORY_CONTAINER, msg::THE_KERNEL_SAYS_GLOBAL);
    }
    let Some(cgroup) = &kill.limit_cgroup else { return verdict };
    let because = exitus_model::Message::from(msg::THE_LIMIT_WAS_THIS_CGROUPS)
        .with("cgroup", short_cgroup(&cgroup.path));
    verdict.ruled_out(cause::OUT_OF_MEMORY_NODE, because)
}

/// The last part of a cgroup path, shortened as people shorten ids.
fn short_cgroup(path: &str) -> String {
    let last = path.rsplit('/').next().unwrap_or(path);
    match last.char_indices().nth(24) {
        Some((end, _)) => format!("…/{}…", &last[..end]),
        None if last.len() < path.len() => format!("…/{last}"),
        None => path.to_owned(),
    }
}

fn rule_out_stops(death: &Death<'_, '_>, verdict: Verdict) -> Verdict {
    let verdict = if death.container.liveness.is_none() {
        verdict.ruled_out(cause::LIVENESS_PROBE_FAILED, msg::NO_LIVENESS_PROBE)
    } else {
        verdict
    };
    let is_evicted = death.pod.reason.is_some() || death.pod.condition("DisruptionTarget").is_some();
    if is_evicted { verdict } else { verdict.ruled_out(cause::EVICTED_NODE_MEMORY, msg::NO_DISRUPTION) }
}

/// The status says `OOMKilled` and no kernel line is at hand (or one from long before an orderly stop).
fn from_reason(death: &Death<'_, '_>, kills: &[(&KernelRecord, &OomKill)]) -> Verdict {
    let is_killed = death.code().is_none_or(|code| code == 137);
    let mut verdict = if is_killed { killed_by_reason(death) } else { ended_otherwise(death, kills) };
    // The mark can be of a child, and the end of a probe.
    if is_killed && death.container.liveness.is_some() {
        let because = msg::A_CHILD_MAY_HAVE_BEEN_KILLED_EARLIER;
        verdict = verdict.possible(cause::LIVENESS_PROBE_FAILED, because);
    }
    verdict.missing(ask_for_kernel_log(death))
}

fn killed_by_reason(death: &Death<'_, '_>) -> Verdict {
    let decided_by = death.quote_end();
    let with = |cause, confidence| {
        Verdict::new(cause, confidence, Depth::MemoryReason, decided_by.clone())
            .and([death.quote_code()])
            .and(limit_evidence(death))
    };
    if let Some(line) = shell_says_killed(death) {
        return with(cause::OUT_OF_MEMORY_CHILD, Confidence::Likely)
            .and([line])
            .possible(cause::OUT_OF_MEMORY_CONTAINER, msg::THE_SHELL_MAY_BE_A_VICTIM_TOO);
    }
    let verdict = if has_marked_sibling(death) {
        // cgroup v1 tells every container below the cgroup that ran out: that was the pod's, not one of theirs.
        with(cause::OUT_OF_MEMORY, Confidence::Likely)
            .possible(cause::OUT_OF_MEMORY_POD, msg::A_SIBLING_WAS_MARKED_TOO)
            .possible(cause::OUT_OF_MEMORY_CONTAINER, msg::WHOSE_LIMIT_ONLY_THE_KERNEL_SAYS)
    } else if death.container.memory_limit.is_some() {
        with(cause::OUT_OF_MEMORY_CONTAINER, Confidence::Likely)
            .possible(cause::OUT_OF_MEMORY_NODE, msg::WHOSE_LIMIT_ONLY_THE_KERNEL_SAYS)
    } else if let Some(limit) = &death.pod.memory_limit {
        let snapshot = death.index.snapshot;
        let piece =
            quote::pod(snapshot, death.pod, "spec.resources.limits.memory", limit, death.pod.origin, None);
        with(cause::OUT_OF_MEMORY_POD, Confidence::Likely)
            .and([piece])
            .arg("limit", limit.to_string())
            .possible(cause::OUT_OF_MEMORY_NODE, msg::WHOSE_LIMIT_ONLY_THE_KERNEL_SAYS)
    } else if let Some(event) = system_oom(death) {
        with(cause::OUT_OF_MEMORY_NODE, Confidence::Likely).and([death.quote_event(event)])
    } else {
        with(cause::OUT_OF_MEMORY, Confidence::Likely)
            .possible(cause::OUT_OF_MEMORY_NODE, msg::NO_LIMIT_IS_VISIBLE)
            .possible(cause::OUT_OF_MEMORY_NODE_ALLOCATABLE, msg::NO_LIMIT_IS_VISIBLE)
    };
    rule_out_stops(death, verdict)
}

/// Whether another container of the pod was marked `OOMKilled` in the same second.
fn has_marked_sibling(death: &Death<'_, '_>) -> bool {
    let at = death.finished();
    let is_same_moment = |t: &exitus_model::Termination| {
        t.reason.as_deref() == Some("OOMKilled")
            && matches!((t.finished_at, at), (Some(a), Some(b)) if (a.as_second() - b.as_second()).abs() <= 1)
    };
    let others = death
        .pod
        .containers
        .iter()
        .filter(|c| c.name != death.container.name)
        .filter_map(|c| c.status.as_ref());
    at.is_some() && others.flat_map(ContainerStatus::terminations).any(is_same_moment)
}

/// A kill of the whole node's OOM killer at the time of this death.
pub(crate) fn system_oom<'s>(death: &Death<'_, 's>) -> Option<&'s exitus_model::Event> {
    let (_, to) = death.window()?;
    let from = death.finished()?.checked_sub(jiff::SignedDuration::from_secs(FAR_SECONDS)).ok()?;
    let node = death.pod.node.as_deref()?;
    death.index.node_events(node).into_iter().find(|e| e.reason == "SystemOOM" && e.is_within(from, to))
}

/// `OOMKilled` with another code than 137: some process was killed, and the end has a cause of its own.
fn ended_otherwise(death: &Death<'_, '_>, kills: &[(&KernelRecord, &OomKill)]) -> Verdict {
    let decided_by = [death.quote_end(), death.quote_code()];
    let stop = death.stopping().map(|e| death.quote_event(e));
    let was_deleted = death.deletion().is_some();
    let is_clean =
        death.code() == Some(0) && death.container.role != Role::Init && !death.restarts_after_success();
    let [reason, code] = decided_by;
    let kernel: Vec<Evidence> =
        kills.iter().map(|(record, _)| quote::kernel(death.index.snapshot, record)).collect();
    if is_clean || stop.is_some() || was_deleted || (is_stop_code(death) && !kernel.is_empty()) {
        let mut verdict =
            Verdict::new(cause::OUT_OF_MEMORY_UNPROVEN, Confidence::Likely, Depth::Contradicted, reason)
                .and([code])
                .and(stop)
                .and(kernel);
        if was_deleted || !is_clean {
            verdict = verdict.possible(cause::STOPPED_ON_REQUEST, msg::THE_CODE_IS_THAT_OF_A_STOP);
        }
        return verdict.possible(cause::OUT_OF_MEMORY_CHILD, msg::A_CHILD_MAY_HAVE_BEEN_KILLED_EARLIER);
    }
    Verdict::new(cause::OUT_OF_MEMORY_CHILD, Confidence::Likely, Depth::MemoryReason, reason)
        .and([code])
        .and(limit_evidence(death))
        .ruled_out(cause::OUT_OF_MEMORY_CONTAINER, msg::SIGKILL_OF_PID_1_WOULD_BE_137)
}

fn ask_for_kernel_log(death: &Death<'_, '_>) -> Option<Missing> {
    death.kills().is_empty().then(|| missing::kernel_log(death.pod, msg::WOULD_SHOW_WHO_AND_WHOSE_LIMIT))
}

/// A kill so many seconds before the newest fact that the container would have been seen dead.
const SEEN_ALIVE_SECONDS: i64 = 10;

/// A container that runs while its children are killed: nothing in its status tells.
///
/// A later kill in the same container proves that it outlived the first. After a single one the status may just be
/// older than the kill, which is the likelier where the instance before was killed too.
pub(crate) fn survives(death: &Death<'_, '_>) -> Option<Verdict> {
    let kills = death.kills();
    let (record, kill) = deciding(&kills)?;
    let first = kills.iter().filter_map(|(record, _)| record.at).min();
    let has_outlived = matches!((first, record.at), (Some(first), Some(last)) if last.as_second() - first.as_second() >= 1)
        && !kills.iter().any(|(_, k)| k.is_group_kill);
    let was_killed_before = death
        .container
        .status
        .as_ref()
        .and_then(|s| s.last.as_ref())
        .is_some_and(|l| l.reason.as_deref() == Some("OOMKilled"));
    let is_seen_alive = !was_killed_before
        || record.at.and_then(|at| death.index.seconds_since(at)).is_some_and(|s| s >= SEEN_ALIVE_SECONDS);
    let limit = limit_cause(death, kill).unwrap_or(cause::OUT_OF_MEMORY);
    let (found, confidence) = match (has_outlived, is_seen_alive) {
        (true, _) => (cause::OUT_OF_MEMORY_CHILD, Confidence::Confirmed),
        (false, true) => (cause::OUT_OF_MEMORY_CHILD, Confidence::Likely),
        (false, false) => (limit, Confidence::Likely),
    };
    let verdict = Verdict::new(found, confidence, Depth::Kernel, quote::kernel(death.index.snapshot, record))
        .and(context(death, record, kill))
        .and(limit_evidence(death));
    let verdict = match (has_outlived, is_seen_alive) {
        (true, _) => verdict.ruled_out(cause::OUT_OF_MEMORY_CONTAINER, msg::MAIN_PROCESS_WAS_NOT_THE_VICTIM),
        (false, true) => verdict.possible(limit, msg::THE_STATUS_MAY_BE_OLDER_THAN_THE_KILL),
        (false, false) => {
            verdict.possible(cause::OUT_OF_MEMORY_CHILD, msg::THE_STATUS_MAY_BE_OLDER_THAN_THE_KILL)
        }
    };
    Some(with_victim(verdict, kill))
}
