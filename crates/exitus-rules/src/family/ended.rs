//! Ended by itself: success, a code of the program's own, or a reason that its log tells.

use exitus_model::{Args, CauseId, Confidence, Evidence, Severity};
use exitus_reference::{cause_id as cause, message_id as msg};

use crate::death::{Death, Pid1};
use crate::family::runtime;
use crate::missing;
use crate::signature::{self, Finding};
use crate::verdict::{Depth, Verdict};

/// Exit codes with which a container that never ran its program may end: runc before 1.2 and crun write 1, runc since
/// 1.2 writes 255, shells and wrappers 126 and 127.
const EXEC_FAILURE_CODES: [i64; 4] = [1, 126, 127, 255];

pub(crate) fn judge(death: &Death<'_, '_>) -> Option<Verdict> {
    let Some(code) = death.code() else { return Some(unexplained(death)) };
    if code == 0 {
        return Some(success(death));
    }
    Some(by_log(death).unwrap_or_else(|| by_code(death, code)))
}

/// Neither code nor reason is in the evidence.
fn unexplained(death: &Death<'_, '_>) -> Verdict {
    Verdict::new(cause::ENDED_UNEXPLAINED, Confidence::Unknown, Depth::Code, death.quote_end())
        .missing(missing::log(death))
        .missing(missing::events(death.pod, death.events, msg::WOULD_SHOW_WHAT_HAPPENED))
}

fn success(death: &Death<'_, '_>) -> Verdict {
    let found = if death.restarts_after_success() && !death.pod.is_finished() {
        cause::COMPLETED_BUT_RESTARTED
    } else {
        cause::COMPLETED
    };
    let verdict =
        Verdict::new(found, Confidence::Confirmed, Depth::Code, death.quote_code()).and([death.quote_end()]);
    if found == cause::COMPLETED {
        return verdict.severity(Severity::Info);
    }
    let path = if death.container.restart_policy.is_some() {
        format!("{}.restartPolicy", death.container.spec_path())
    } else {
        "spec.restartPolicy".to_owned()
    };
    let policy = if death.pod.restart_policy_is_written { Some("Always") } else { None };
    let snapshot = death.index.snapshot;
    let piece = policy.map(|p| crate::quote::pod(snapshot, death.pod, path, p, death.pod.origin, None));
    let verdict = verdict.and(piece).missing(missing::log(death));
    doubt_own_will(death, verdict)
}

/// A program that handles SIGTERM ends with 0 or a code of its own. Where a probe, a hook or a reboot may have asked for
/// it, the code alone does not tell, and that no event says so proves nothing.
fn doubt_own_will(death: &Death<'_, '_>, mut verdict: Verdict) -> Verdict {
    let container = death.container;
    let has_new_sandbox = runtime::sandbox_changed(death).is_some();
    let askers = [
        (has_new_sandbox, cause::NODE_REBOOTED),
        (container.liveness.is_some(), cause::LIVENESS_PROBE_FAILED),
        (container.startup.is_some(), cause::STARTUP_PROBE_FAILED),
        (container.post_start.is_some(), cause::POST_START_HOOK_FAILED),
    ];
    let mut askers = askers.into_iter().filter(|(is_there, _)| *is_there).peekable();
    if askers.peek().is_none() {
        return verdict;
    }
    let is_silent = death.code() == Some(0) && death.events.is_empty();
    verdict.confidence = if is_silent { Confidence::Unknown } else { Confidence::Likely };
    for (_, asker) in askers {
        let is_reboot = asker == cause::NODE_REBOOTED;
        let because = if is_reboot { msg::THE_SANDBOX_WAS_MADE_ANEW } else { msg::NO_KILLING_EVENT };
        verdict = verdict.possible(asker, because);
    }
    verdict.missing(missing::events(death.pod, death.events, msg::WOULD_SHOW_WHO_SENT_SIGTERM))
}

/// Causes that only say more than the code does where the end was an orderly stop or a kill from outside.
fn is_outside_kill(death: &Death<'_, '_>) -> bool {
    matches!(death.code(), Some(130 | 137 | 143)) || death.is_reason("OOMKilled")
}

/// What the log, or the termination message, says.
fn by_log(death: &Death<'_, '_>) -> Option<Verdict> {
    let code = death.code();
    let from_log = signature::read(&death.log_lines(), code).filter(|f| accepts(death, f));
    let from_message =
        || signature::read_message(death.end.message.as_deref()?, code).filter(|f| accepts(death, f));
    let (finding, evidence, line) = if let Some(finding) = from_log {
        let line = death.log_lines().get(finding.line).map(|l| (*l).to_owned()).unwrap_or_default();
        (finding.clone(), death.quote_log(finding.line)?, line)
    } else {
        let finding = from_message()?;
        let message = death.end.message.clone()?;
        let line = message.lines().nth(finding.line).unwrap_or(&message).to_owned();
        (finding, death.quote("message", &message), line)
    };
    let found = finding.signature.cause?;
    let decides = finding.signature.decides && finding.is_final;
    let confidence = if decides { Confidence::Confirmed } else { Confidence::Likely };
    let depth = if is_never_ran(found) { Depth::NeverRan } else { Depth::Log };
    let verdict = Verdict::new(found, confidence, depth, evidence)
        .and([death.quote_code(), death.quote_end()])
        .arg("log_line", shorten(&line))
        .arg("name", finding.name.unwrap_or_default());
    let verdict = if decides {
        verdict
    } else {
        verdict.possible(cause::APPLICATION_ERROR, msg::THE_LINE_ONLY_SUGGESTS_IT)
    };
    Some(rule_out_memory(death, verdict))
}

fn is_never_ran(found: CauseId) -> bool {
    found.as_str().starts_with("entrypoint-")
}

/// A kill from outside is explained by a log line only where the line is about that very code.
fn accepts(death: &Death<'_, '_>, finding: &Finding) -> bool {
    let is_unattributed = |c: CauseId| c == cause::KILLED_UNATTRIBUTED || c == cause::TERMINATED_UNATTRIBUTED;
    if finding.signature.cause.is_some_and(is_unattributed) {
        return false;
    }
    !is_outside_kill(death) || finding.signature.codes.iter().any(|c| Some(*c) == death.code())
}

fn shorten(line: &str) -> String {
    const MOST: usize = 200;
    match line.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.trim().to_owned(),
    }
}

/// Nothing but the code: a program's own, or a shell's.
fn by_code(death: &Death<'_, '_>, code: i64) -> Verdict {
    let last_words = signature::last_telling_line(&death.log_lines());
    let line = last_words.and_then(|i| death.quote_log(i));
    if line.is_none()
        && let Some(verdict) = by_shell_code(death, code)
    {
        return verdict;
    }
    let has_words = line.is_some() || death.end.message.is_some();
    let is_clear = has_words && !EXEC_FAILURE_CODES[1..].contains(&code) && !(129..=192).contains(&code)
        || !EXEC_FAILURE_CODES.contains(&code) && (1..=125).contains(&code);
    let confidence = if is_clear { Confidence::Confirmed } else { Confidence::Likely };
    let text = line.as_ref().map(|l| shorten(&l.value)).unwrap_or_default();
    let message = death.end.message.as_ref().map(|m| death.quote("message", m));
    let message_text = death.end.message.clone().unwrap_or_default();
    let mut verdict = Verdict::new(cause::APPLICATION_ERROR, confidence, Depth::Code, death.quote_code())
        .and([death.quote_end()])
        .and(line)
        .and(message)
        .arg("log_line", if text.is_empty() { shorten(&message_text) } else { text });
    if confidence == Confidence::Likely {
        verdict = rival_of_code(code, verdict);
    }
    if !has_words {
        verdict = doubt_own_will(death, verdict);
    }
    rule_out_memory(death, verdict).missing(missing::log(death))
}

fn rival_of_code(code: i64, verdict: Verdict) -> Verdict {
    match code {
        127 => verdict.possible(cause::COMMAND_NOT_FOUND, msg::A_SHELL_EXITS_SO_TOO),
        126 => verdict.possible(cause::COMMAND_NOT_EXECUTABLE, msg::A_SHELL_EXITS_SO_TOO),
        _ if EXEC_FAILURE_CODES.contains(&code) => {
            verdict.possible(cause::ENTRYPOINT_WRONG_FORMAT, msg::THE_RUNTIME_EXITS_SO_TOO)
        }
        _ => verdict,
    }
}

/// 126 and 127 from a shell that left no word.
fn by_shell_code(death: &Death<'_, '_>, code: i64) -> Option<Verdict> {
    let (found, confidence) = match code {
        126 => (cause::COMMAND_NOT_EXECUTABLE, Confidence::Likely),
        // The dynamic linker ends a program that was found with the same code.
        127 => (cause::COMMAND_NOT_FOUND, Confidence::Unknown),
        _ => return None,
    };
    if !matches!(death.pid1(), Pid1::Shell | Pid1::Init) {
        return None;
    }
    let command =
        death.container.command.first().map(|_| death.container.command.join(" ")).unwrap_or_default();
    let verdict = Verdict::new(found, confidence, Depth::Code, death.quote_code())
        .and([death.quote_end()])
        .arg("command", command)
        .possible(cause::APPLICATION_ERROR, msg::A_PROGRAM_CAN_CHOOSE_THIS_CODE)
        .missing(missing::log(death));
    if code == 127 {
        let linker = msg::THE_DYNAMIC_LINKER_EXITS_SO_TOO;
        return Some(verdict.possible(cause::APPLICATION_DEPENDENCY_MISSING, linker));
    }
    Some(verdict)
}

fn rule_out_memory(death: &Death<'_, '_>, verdict: Verdict) -> Verdict {
    if death.is_reason("OOMKilled") || death.code() == Some(137) {
        return verdict;
    }
    verdict.ruled_out(cause::OUT_OF_MEMORY_CONTAINER, msg::SIGKILL_OF_PID_1_WOULD_BE_137)
}

/// Values that every text about a death may use.
pub(crate) fn common_args(death: &Death<'_, '_>, args: &mut Args) {
    use exitus_model::format_duration;
    let mut set = |name, value: Option<String>| {
        if let Some(value) = value
            && args.get(name).is_none()
        {
            args.set(name, value);
        }
    };
    set("exit_code", death.code().map(|c| c.to_string()));
    set("reason", death.end.reason.clone());
    set("restarts", (death.restart_count > 0).then(|| death.restart_count.to_string()));
    set("duration", death.end.ran_seconds().filter(|s| *s >= 0).map(format_duration));
    set("at", death.finished().map(|t| t.to_string()));
    set("memory_limit", death.container.memory_limit.as_ref().map(ToString::to_string));
    set("memory_request", death.container.memory_request.as_ref().map(ToString::to_string));
    set("image", death.container.image.clone());
    set("command", (!death.container.command.is_empty()).then(|| death.container.command.join(" ")));
    set("message", death.end.message.as_deref().map(shorten));
}

/// Evidence of the state that this death left behind: an echo.
pub(crate) fn echo_of_waiting(death: &Death<'_, '_>) -> Option<Evidence> {
    let waiting = death.waiting.filter(|w| !w.reason.is_empty())?;
    let path = format!("{}.state.waiting.reason", death.container.status_path());
    let snapshot = death.index.snapshot;
    let piece = crate::quote::pod(snapshot, death.pod, path, &waiting.reason, waiting.origin, None);
    Some(crate::quote::echo(piece))
}
