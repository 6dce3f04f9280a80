//! One container: its deaths, what keeps it from starting, and how it runs.

use exitus_model::{
    Container, ContainerStatus, Incident, IncidentType, Role, Severity, State, Termination, Waiting,
};
use exitus_reference::cause_id as cause;

use crate::block::Block;
use crate::death::Death;
use crate::family::{alive, config, ended, image, memory, runtime, signal, start, stopped};
use crate::finding::Finding;
use crate::instance_log::{instance_log, log_of};
use crate::pod_case::PodCase;
use crate::quote;
use crate::verdict::{Depth, Verdict, deepest};

/// A death so many seconds ago still explains why its container is not ready: the back-off's memory
/// (`backoffExpiryInterval`, 10 minutes).
const RECENT_SECONDS: i64 = 600;

/// Everything that is to be said of a container.
pub(crate) fn judge_container<'s>(case: &PodCase<'_, 's>, container: &'s Container) -> Vec<Finding<'s>> {
    let Some(status) = &container.status else { return Vec::new() };
    let mut findings = past_deaths(case, container);
    let last = status.last.as_ref();
    match &status.state {
        State::Terminated(end) => {
            findings
                .extend(last.and_then(|end| death(case, container, status, end, "lastState", Present::Past)));
            findings.extend(death(case, container, status, end, "state", Present::Now));
        }
        State::Waiting(waiting) => findings.extend(waiting_findings(case, container, status, waiting)),
        State::Running { .. } => findings.extend(running_findings(case, container, status)),
        State::Absent => {
            findings
                .extend(last.and_then(|end| death(case, container, status, end, "lastState", Present::Now)));
        }
    }
    findings
}

/// How a death relates to the present state.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Present {
    Now,
    Past,
}

fn past_deaths<'s>(case: &PodCase<'_, 's>, container: &'s Container) -> Vec<Finding<'s>> {
    let of_container = case.pod.ended.iter().filter(|e| e.container == container.name);
    let judged = of_container.filter_map(|ended| {
        let witness = Death {
            index: case.index,
            pod: case.pod,
            container,
            end: &ended.termination,
            path: ended.path.clone(),
            restart_count: ended.restart_count,
            is_current: false,
            waiting: None,
            log: instance_log(case, container, ended.restart_count),
            events: case.events,
        };
        death_finding(&witness)
    });
    judged.collect()
}

fn death<'s>(
    case: &PodCase<'_, 's>,
    container: &'s Container,
    status: &'s ContainerStatus,
    end: &'s Termination,
    field: &str,
    present: Present,
) -> Option<Finding<'s>> {
    let waiting = match &status.state {
        State::Waiting(waiting) => Some(waiting),
        _ => None,
    };
    let witness = Death {
        index: case.index,
        pod: case.pod,
        container,
        end,
        path: format!("{}.{field}.terminated", container.status_path()),
        restart_count: status.restart_count,
        is_current: present == Present::Now && !case.pod.gone,
        waiting,
        log: log_of(case, container, status, field),
        events: case.events,
    };
    death_finding(&witness)
}

/// Judges a death by every rule; the deepest wins.
fn death_finding<'s>(death: &Death<'_, 's>) -> Option<Finding<'s>> {
    let rules: [fn(&Death<'_, '_>) -> Option<Verdict>; 8] = [
        start::judge_death,
        memory::judge,
        runtime::judge,
        stopped::by_kubelet,
        stopped::sidecar_of_done_pod,
        stopped::on_request,
        signal::judge,
        stopped::unattributed,
    ];
    let found = deepest(rules.iter().filter_map(|rule| rule(death)));
    // Where kubelet, kernel or runtime speak, the program's last words do not decide, and need not be read.
    let is_told = found.as_ref().is_some_and(|v| v.depth >= Depth::Killing);
    let own = if is_told { None } else { ended::judge(death) };
    let mut verdict = deepest(found.into_iter().chain(own))?;
    let is_init = death.container.role == Role::Init;
    if verdict.cause == cause::COMPLETED && (is_init || !death.is_current) {
        return None;
    }
    // A shell that somebody opened to look around ends as its last command did.
    if death.container.role == Role::Ephemeral {
        verdict = verdict.severity(Severity::Info);
    }
    if let Some(piece) = ended::echo_of_waiting(death) {
        verdict.evidence.push(piece);
    }
    ended::common_args(death, &mut verdict.args);
    let code = death.code();
    let reads_as_signal =
        code.and_then(exitus_reference::signal_number).and_then(exitus_reference::signal_name);
    let has_invented_code = stopped::has_invented_code(death);
    let incident = Incident {
        kind: IncidentType::Termination,
        is_current: death.is_current,
        at: death.finished(),
        started_at: death.end.started_at,
        exit_code: code,
        signal: reads_as_signal.filter(|_| verdict.cause != cause::APPLICATION_ERROR && !has_invented_code),
        reason: death.end.reason.clone(),
        waiting_reason: death.waiting.map(|w| w.reason.clone()).filter(|r| !r.is_empty()),
        restart_count: Some(death.restart_count),
    };
    if let Some(signal) = incident.signal
        && verdict.args.get("signal").is_none()
    {
        verdict.args.set("signal", signal);
    }
    Some(Finding {
        pod: Some(death.pod),
        container: Some(death.container),
        workload: None,
        incident,
        verdict,
    })
}

fn waiting_findings<'s>(
    case: &PodCase<'_, 's>,
    container: &'s Container,
    status: &'s ContainerStatus,
    waiting: &'s Waiting,
) -> Vec<Finding<'s>> {
    let last = status.last.as_ref();
    let block =
        Block { index: case.index, pod: case.pod, container, waiting: Some(waiting), events: case.events };
    if let Some(verdict) = block_verdict(&block) {
        let mut findings = Vec::new();
        let never_ran = last
            .is_some_and(|end| matches!(end.reason.as_deref(), Some("StartError" | "ContainerCannotRun")));
        let older = last
            .filter(|_| !never_ran)
            .and_then(|end| death(case, container, status, end, "lastState", Present::Past));
        // The hook's failure and the death that followed are one matter.
        let is_hooks = |f: &Finding<'_>| {
            let is_stop =
                matches!(f.incident.exit_code, Some(0 | 137 | 143)) && f.verdict.depth <= Depth::Grace;
            f.verdict.cause == verdict.cause || (verdict.cause == cause::POST_START_HOOK_FAILED && is_stop)
        };
        findings.extend(older.filter(|f| !is_hooks(f)));
        let verdict = if never_ran { with_last(case, container, last, verdict) } else { verdict };
        findings.push(block_finding(&block, status, verdict));
        return findings;
    }
    if let Some(end) = last {
        return death(case, container, status, end, "lastState", Present::Now).into_iter().collect();
    }
    if waiting.reason == "CrashLoopBackOff" {
        let verdict = crash_loop_alone(&block);
        return verdict.map(|v| block_finding(&block, status, v)).into_iter().collect();
    }
    Vec::new()
}

/// The start error that the status keeps of the last try, as evidence.
fn with_last(
    case: &PodCase<'_, '_>,
    container: &Container,
    last: Option<&Termination>,
    verdict: Verdict,
) -> Verdict {
    let Some(end) = last else { return verdict };
    let path = format!("{}.lastState.terminated", container.status_path());
    let quote = |field: &str, value: &str| {
        quote::pod(
            case.index.snapshot,
            case.pod,
            format!("{path}.{field}"),
            value,
            end.origin,
            end.finished_at,
        )
    };
    let reason = end.reason.as_deref().map(|r| quote("reason", r));
    let code = end.exit_code.map(|c| quote("exitCode", &c.to_string()));
    verdict.and(reason).and(code).arg("exit_code", end.exit_code.map(|c| c.to_string()).unwrap_or_default())
}

/// The rules about containers that cannot start.
pub(crate) fn block_verdict(block: &Block<'_, '_>) -> Option<Verdict> {
    start::judge_block(block).or_else(|| config::judge(block)).or_else(|| image::judge(block))
}

/// `CrashLoopBackOff`, and the status that would say why was cut away.
fn crash_loop_alone(block: &Block<'_, '_>) -> Option<Verdict> {
    let piece = block.quote_reason()?;
    let verdict =
        Verdict::new(cause::ENDED_UNEXPLAINED, exitus_model::Confidence::Unknown, Depth::Code, piece);
    let events = crate::missing::events(
        block.pod,
        block.events,
        exitus_reference::message_id::WOULD_SHOW_WHAT_HAPPENED,
    );
    Some(verdict.missing(events))
}

pub(crate) fn block_finding<'s>(
    block: &Block<'_, 's>,
    status: &ContainerStatus,
    mut verdict: Verdict,
) -> Finding<'s> {
    let args = &mut verdict.args;
    if args.get("image").is_none() {
        args.set("image", block.container.image.clone().unwrap_or_default());
    }
    args.set(
        "restarts",
        if status.restart_count > 0 { status.restart_count.to_string() } else { String::new() },
    );
    let incident = Incident {
        kind: IncidentType::Waiting,
        is_current: !block.pod.gone,
        at: block
            .events
            .iter()
            .rev()
            .filter(|e| e.container() == Some(&block.container.name))
            .find_map(|e| e.last),
        started_at: None,
        exit_code: None,
        signal: None,
        reason: None,
        waiting_reason: Some(block.reason().to_owned()).filter(|r| !r.is_empty()),
        restart_count: Some(status.restart_count),
    };
    Finding { pod: Some(block.pod), container: Some(block.container), workload: None, incident, verdict }
}

fn running_findings<'s>(
    case: &PodCase<'_, 's>,
    container: &'s Container,
    status: &'s ContainerStatus,
) -> Vec<Finding<'s>> {
    let mut findings = Vec::new();
    let unready = alive::unready(case, container);
    let last = status.last.as_ref();
    let is_up = status.ready || container.role == Role::Ephemeral;
    let is_recent = last
        .and_then(|l| l.finished_at)
        .and_then(|at| case.index.seconds_since(at))
        .is_none_or(|s| s <= RECENT_SECONDS);
    let is_sure = unready.as_ref().is_some_and(|v| {
        v.cause == cause::READINESS_PROBE_FAILED && v.confidence == exitus_model::Confidence::Confirmed
    });
    let present = if !is_up && (is_recent || unready.is_none()) { Present::Now } else { Present::Past };
    let older = last.and_then(|end| death(case, container, status, end, "lastState", present));
    let is_probe_kill = older.as_ref().is_some_and(|f| {
        f.incident.is_current
            && matches!(f.verdict.cause, cause::LIVENESS_PROBE_FAILED | cause::STARTUP_PROBE_FAILED)
    });
    let explains = older.as_ref().is_some_and(|f| f.incident.is_current);
    if let Some(mut older) = older {
        if is_sure && !is_probe_kill {
            older.incident.is_current = false;
        }
        findings.push(older);
    }
    if let Some(verdict) = unready.filter(|_| !is_probe_kill && (is_sure || !explains)) {
        findings.push(alive_finding(case, container, status, verdict));
    }
    findings.extend(surviving(case, container, status));
    findings
}

pub(crate) fn alive_finding<'s>(
    case: &PodCase<'_, 's>,
    container: &'s Container,
    status: &ContainerStatus,
    mut verdict: Verdict,
) -> Finding<'s> {
    let (kind, at) = match &status.state {
        State::Running { started_at, .. } => (IncidentType::Readiness, *started_at),
        _ => (IncidentType::Waiting, None),
    };
    let waiting_reason = match &status.state {
        State::Waiting(waiting) => Some(waiting.reason.clone()).filter(|r| !r.is_empty()),
        _ => None,
    };
    verdict.args.set(
        "restarts",
        if status.restart_count > 0 { status.restart_count.to_string() } else { String::new() },
    );
    let incident = Incident {
        kind,
        is_current: !case.pod.gone,
        at,
        started_at: at,
        exit_code: None,
        signal: None,
        reason: None,
        waiting_reason,
        restart_count: Some(status.restart_count),
    };
    Finding { pod: Some(case.pod), container: Some(container), workload: None, incident, verdict }
}

/// Kills inside a container that runs on.
fn surviving<'s>(
    case: &PodCase<'_, 's>,
    container: &'s Container,
    status: &'s ContainerStatus,
) -> Option<Finding<'s>> {
    let State::Running { started_at, origin } = &status.state else { return None };
    let running = Termination {
        origin: *origin,
        exit_code: None,
        signal: None,
        reason: None,
        message: None,
        started_at: *started_at,
        finished_at: None,
        has_zero_start: false,
        container_id: status.container_id.clone(),
    };
    running.container_id.as_ref()?;
    let witness = Death {
        index: case.index,
        pod: case.pod,
        container,
        end: &running,
        path: format!("{}.state.running", container.status_path()),
        restart_count: status.restart_count,
        is_current: true,
        waiting: None,
        log: None,
        events: case.events,
    };
    let verdict = memory::survives(&witness)?;
    let at = verdict.evidence.first().at;
    let mut finding = alive_finding(case, container, status, verdict);
    finding.incident.kind = IncidentType::Termination;
    finding.incident.at = at;
    ended_args(&mut finding, container);
    Some(finding)
}

fn ended_args(finding: &mut Finding<'_>, container: &Container) {
    let limit = container.memory_limit.as_ref().map(ToString::to_string).unwrap_or_default();
    finding.verdict.args.set("memory_limit", limit);
}
