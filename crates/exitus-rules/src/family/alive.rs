//! Alive but not well, or not there yet.

use exitus_model::{Confidence, Container, Event, Role, Severity, State, format_duration};
use exitus_reference::{cause_id as cause, message_id as msg};
use jiff::Timestamp;

use crate::block::Block;
use crate::family::stopped::probe_message;
use crate::missing;
use crate::pod_case::PodCase;
use crate::quote;
use crate::signature;
use crate::text::one_line;
use crate::verdict::{Depth, Verdict};

/// A pod that is so many seconds past its deletion deadline is stuck: the kubelet needs a moment for its last word.
const STUCK_SECONDS: i64 = 15;

/// Waiting to start is normal for so many seconds; beyond, it deserves a look.
const START_PATIENCE_SECONDS: i64 = 60;

/// A container that runs and is not ready.
pub(crate) fn unready(case: &PodCase<'_, '_>, container: &Container) -> Option<Verdict> {
    let status = container.status.as_ref()?;
    let State::Running { started_at, .. } = &status.state else { return None };
    // A sidecar that has not come up is an init container at work.
    let is_init =
        container.role == Role::Init || (container.role == Role::Sidecar && status.started == Some(false));
    if status.ready || is_init || case.pod.deletion.is_some() {
        return None;
    }
    let snapshot = case.index.snapshot;
    let path = format!("{}.ready", container.status_path());
    let ready = quote::pod(snapshot, case.pod, path, false, status.origin, None);
    if status.started == Some(false) && container.startup.is_some() {
        return Some(starting_up(case, container, ready));
    }
    let since = started_at.and_then(|s| case.index.age(case.pod, s));
    let unhealthy = unhealthy(case, container, "Readiness", *started_at);
    let Some(probe) = &container.readiness else {
        let verdict = unhealthy.map(|e| readiness(case, e))?;
        return Some(verdict.and([ready]));
    };
    if let Some(event) = unhealthy {
        return Some(readiness(case, event).and([ready]).arg("probe", probe.action.clone()));
    }
    // The probe has not had its turn yet.
    let turn = probe.initial_delay_seconds + probe.period_seconds;
    if since.is_some_and(|s| s <= turn) {
        let verdict =
            Verdict::new(cause::STARTING, Confidence::Confirmed, Depth::Code, ready).severity(Severity::Info);
        return Some(verdict.arg("since", since.map(format_duration).unwrap_or_default()));
    }
    // Without a time of the saving, it may have started a moment ago.
    let confidence = if since.is_some() { Confidence::Likely } else { Confidence::Unknown };
    let may_be_early = since.is_none() && probe.initial_delay_seconds > 0;
    let mut verdict = Verdict::new(cause::READINESS_PROBE_FAILED, confidence, Depth::Code, ready)
        .arg("probe", probe.action.clone())
        .arg("since", since.map(format_duration).unwrap_or_default())
        .missing(missing::events(case.pod, case.events, msg::WOULD_SHOW_WHAT_THE_PROBE_SAID));
    if may_be_early {
        verdict = verdict.possible(cause::STARTING, msg::THE_INITIAL_DELAY_MAY_NOT_BE_OVER);
    }
    Some(verdict)
}

fn readiness(case: &PodCase<'_, '_>, event: &Event) -> Verdict {
    Verdict::new(cause::READINESS_PROBE_FAILED, Confidence::Confirmed, Depth::Code, case.quote_event(event))
        .arg("probe_message", probe_message(event))
        .arg("probe_failures", event.count.to_string())
}

fn starting_up(case: &PodCase<'_, '_>, container: &Container, ready: exitus_model::Evidence) -> Verdict {
    let event = unhealthy(case, container, "Startup", None);
    let probe = container.startup.as_ref();
    Verdict::new(cause::STARTING, Confidence::Confirmed, Depth::Code, ready)
        .and(event.map(|e| case.quote_event(e)))
        .arg("probe", probe.map(|p| p.action.clone()).unwrap_or_default())
        .arg("probe_message", event.map(probe_message).unwrap_or_default())
}

/// The latest `Unhealthy` event of a probe of this container since a time.
fn unhealthy<'s>(
    case: &PodCase<'_, 's>,
    container: &Container,
    kind: &str,
    since: Option<Timestamp>,
) -> Option<&'s Event> {
    let fits = |e: &&&Event| {
        e.reason == "Unhealthy"
            && e.message.starts_with(kind)
            && e.container().is_none_or(|c| c == container.name)
            && (since.is_none() || e.last.is_none() || e.last >= since)
    };
    case.events.iter().rev().find(fits).copied()
}

/// Ready containers, and a gate that keeps the pod unready.
pub(crate) fn readiness_gate(case: &PodCase<'_, '_>) -> Option<Verdict> {
    let pod = case.pod;
    let ready = pod.condition("Ready").filter(|c| c.status == "False")?;
    let is_gate = ready.reason.as_deref() == Some("ReadinessGatesNotReady");
    let containers_ready = pod.condition("ContainersReady").is_some_and(|c| c.is_true());
    let gate = pod.readiness_gates.iter().find(|gate| !pod.condition(gate).is_some_and(|c| c.is_true()));
    if pod.deletion.is_some() || !(is_gate || (containers_ready && gate.is_some())) {
        return None;
    }
    let condition = gate.and_then(|g| pod.condition(g));
    let verdict = Verdict::new(
        cause::READINESS_GATE_PENDING,
        Confidence::Confirmed,
        Depth::Code,
        case.quote_condition(ready),
    )
    .and(condition.map(|c| case.quote_condition(c)))
    .arg("condition", gate.cloned().unwrap_or_default())
    .arg("message", ready.message.as_deref().map(one_line).unwrap_or_default());
    Some(verdict)
}

/// In-place resize: deferred, infeasible, or failed.
pub(crate) fn resize(case: &PodCase<'_, '_>) -> Option<Verdict> {
    let pod = case.pod;
    let is_error = |reason: &Option<String>| reason.as_deref() == Some("Error");
    let failed = pod.condition("PodResizeInProgress").filter(|c| c.is_true() && is_error(&c.reason));
    let pending = pod.condition("PodResizePending").filter(|c| c.is_true());
    let (found, condition, event_reason) = match (failed, pending) {
        (Some(condition), _) => (cause::RESIZE_FAILED, condition, "ResizeError"),
        (None, Some(condition)) if condition.reason.as_deref() == Some("Infeasible") => {
            (cause::RESIZE_PENDING, condition, "ResizeInfeasible")
        }
        (None, Some(condition)) => (cause::RESIZE_PENDING, condition, "ResizeDeferred"),
        (None, None) => return None,
    };
    let event = case.last_event(event_reason);
    let verdict = Verdict::new(found, Confidence::Confirmed, Depth::Code, case.quote_condition(condition))
        .and(event.map(|e| case.quote_event(e)))
        .arg("reason", condition.reason.clone().unwrap_or_default())
        .arg("condition", condition.kind.clone())
        .arg("message", condition.message.as_deref().map(one_line).unwrap_or_default());
    Some(verdict)
}

/// A deleted pod that is past its deadline and still there.
pub(crate) fn stuck_terminating(case: &PodCase<'_, '_>) -> Option<Verdict> {
    let pod = case.pod;
    let deletion = pod.deletion.as_ref().filter(|_| !pod.gone)?;
    let over = case.index.seconds_since(deletion.deadline)?;
    if over <= STUCK_SECONDS {
        return None;
    }
    let path = "metadata.deletionTimestamp";
    let decided_by = quote::pod(case.index.snapshot, pod, path, deletion.deadline, deletion.origin, None);
    let with = |confidence| {
        Verdict::new(cause::STUCK_TERMINATING, confidence, Depth::Code, decided_by.clone())
            .arg("since", format_duration(over))
    };
    let lost = pod.node.as_deref().and_then(|name| {
        let node = case.index.node(name)?;
        let ready = node.condition("Ready").filter(|c| c.status == "Unknown")?;
        Some(quote::node_condition(case.index.snapshot, node, ready))
    });
    if let Some(lost) = lost {
        return Some(with(Confidence::Confirmed).and([lost]));
    }
    let failed = ["FailedKillPod", "ExceededGracePeriod"].iter().find_map(|r| case.last_event(r));
    if let Some(event) = failed {
        return Some(
            with(Confidence::Confirmed)
                .and([case.quote_event(event)])
                .arg("message", one_line(&event.message)),
        );
    }
    // Finalizers hold a pod back only once nothing of it runs.
    let runs = pod
        .containers
        .iter()
        .filter_map(|c| c.status.as_ref())
        .any(|s| matches!(s.state, State::Running { .. }));
    if let Some(finalizer) = pod.finalizers.first().filter(|_| !runs) {
        let verdict = with(Confidence::Confirmed).arg("finalizers", pod.finalizers.join(", "));
        return Some(verdict.and([case.quote("metadata.finalizers[0]", finalizer)]));
    }
    Some(with(Confidence::Likely).missing(missing::node(pod, msg::WOULD_SHOW_WHETHER_THE_NODE_REPORTS)))
}

/// Nothing speaks of a fault: the container is on its way.
pub(crate) fn starting(block: &Block<'_, '_>, age: Option<i64>) -> Option<Verdict> {
    let reason = block.quote_reason().filter(|e| !e.value.is_empty());
    let pulling = block.events_of("Pulling").last();
    let is_pulling = pulling.is_some_and(|p| !block.events_of("Pulled").any(|e| e.last >= p.last));
    let decided_by = reason.unwrap_or_else(|| block.quote_spec("name", &block.container.name));
    let is_young = age.is_some_and(|a| a <= START_PATIENCE_SECONDS);
    let (confidence, severity) = match (is_young, is_pulling) {
        (true, _) | (_, true) => (Confidence::Confirmed, Severity::Info),
        (false, false) => (Confidence::Unknown, Severity::Warning),
    };
    let verdict = Verdict::new(cause::STARTING, confidence, Depth::Code, decided_by)
        .and(pulling.filter(|_| is_pulling).map(|e| block.quote_event(e)))
        .severity(severity)
        .arg("image", block.container.image.clone().unwrap_or_default())
        .arg("since", age.map(format_duration).unwrap_or_default());
    let is_unknown = confidence == Confidence::Unknown;
    let events = missing::events(block.pod, block.events, msg::WOULD_SHOW_WHAT_IT_WAITS_FOR);
    Some(verdict.missing(events.filter(|_| is_unknown)))
}

/// An init container at work. Where its log names what it waits for, that is the matter.
pub(crate) fn init_at_work(case: &PodCase<'_, '_>, container: &Container) -> Option<Verdict> {
    let status = container.status.as_ref()?;
    let State::Running { started_at, origin } = &status.state else { return None };
    let is_up = container.role == Role::Sidecar && status.started != Some(false);
    if is_up || !matches!(container.role, Role::Init | Role::Sidecar) || case.pod.is_finished() {
        return None;
    }
    let snapshot = case.index.snapshot;
    let path = format!("{}.name", container.status_path());
    let quoted = quote::pod(snapshot, case.pod, path, &container.name, *origin, *started_at);
    let since = started_at.and_then(|s| case.index.age(case.pod, s)).map(format_duration).unwrap_or_default();
    if let Some(verdict) = waits_for(case, container) {
        return Some(verdict.and([quoted]).arg("since", since));
    }
    let initialized = case.pod.condition("Initialized").filter(|c| !c.is_true());
    let verdict = Verdict::new(cause::WAITING_FOR_INIT, Confidence::Confirmed, Depth::Code, quoted)
        .and(initialized.map(|c| case.quote_condition(c)))
        .severity(Severity::Info);
    Some(verdict.arg("since", since))
}

/// An init container's last lines, in which it may name what it waits for: one round of its loop.
const LAST_LINES: usize = 12;

/// What an init container says that it waits for.
fn waits_for(case: &PodCase<'_, '_>, container: &Container) -> Option<Verdict> {
    let logs = case.index.logs(case.pod, &container.name);
    let log = logs.into_iter().find(|l| !l.is_previous && !l.lines.is_empty())?;
    let lines: Vec<&str> = log.lines.iter().map(|l| l.text.as_str()).collect();
    let (found, line, name) = refusal(&lines).or_else(|| waiting_words(&lines))?;
    let piece = quote::log(case.index.snapshot, log, log.lines.get(line)?);
    let verdict = Verdict::new(found, Confidence::Likely, Depth::Log, piece)
        .arg("log_line", one_line(lines.get(line).copied().unwrap_or_default()))
        .arg("name", name.unwrap_or_default())
        .possible(cause::WAITING_FOR_INIT, msg::IT_MAY_COME_UP_YET);
    Some(verdict)
}

type Waited = (exitus_model::CauseId, usize, Option<String>);

/// A name that does not resolve, or a connection that is refused, in the last lines. The name comes first: without
/// it there is no connection.
fn refusal(lines: &[&str]) -> Option<Waited> {
    let last = lines.iter().enumerate().rev().filter(|(_, l)| !l.trim().is_empty()).take(LAST_LINES);
    let read = |(line, text): (usize, &&str)| {
        let finding = signature::read(&[text], None)?;
        Some((finding.signature.cause?, line, finding.name))
    };
    let found: Vec<Waited> = last.filter_map(read).collect();
    let of = |wanted| found.iter().find(|(cause, _, _)| *cause == wanted).cloned();
    of(cause::DEPENDENCY_NAME_UNRESOLVED).or_else(|| of(cause::DEPENDENCY_UNREACHABLE))
}

/// `waiting for db:5432`, `db:5432 not up yet`, in the words of the usual scripts, in the last line.
fn waiting_words(lines: &[&str]) -> Option<Waited> {
    const BEFORE_THE_NAME: [&str; 3] = ["still waiting for ", "waiting for ", "wait for "];
    const AFTER_THE_NAME: [&str; 6] =
        ["not up yet", "not ready", "is unavailable", "not available", "not reachable", "unreachable"];
    let last = lines.iter().rposition(|l| !l.trim().is_empty())?;
    let text = lines[last];
    let lower = text.to_lowercase();
    let rest = BEFORE_THE_NAME.iter().find_map(|w| text.get(lower.find(w)? + w.len()..));
    let is_after = AFTER_THE_NAME.iter().any(|w| lower.contains(w));
    let bare = |word: &str| word.trim_matches(['.', ',', ':', '…', '"', '\'']).to_owned();
    let has_port = |word: &&str| word.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    let name = match rest {
        Some(rest) => rest.split_whitespace().next().map(bare),
        None if is_after => text.split_whitespace().find(has_port).map(bare),
        None => return None,
    };
    Some((cause::DEPENDENCY_UNREACHABLE, last, name))
}
