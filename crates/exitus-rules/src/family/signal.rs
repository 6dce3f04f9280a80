//! Exit codes that read as a signal: 128 + n by the convention of shells and runtimes, and Windows' own.

use exitus_model::{CauseId, Confidence, CrashKind, Evidence, KernelEvent};
use exitus_reference::{cause_id as cause, message_id as msg, signal_name, signal_number, windows_statuses};

use crate::death::{Death, Pid1, SLACK_SECONDS};
use crate::missing;
use crate::quote;
use crate::verdict::{Depth, Verdict};

/// Signals that the kernel sends for a fault of the process itself: these end PID 1 too, without a handler.
/// SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGSEGV, SIGSYS.
const FAULTS: [i64; 6] = [4, 5, 7, 8, 11, 31];

pub(crate) fn judge(death: &Death<'_, '_>) -> Option<Verdict> {
    if death.is_reason("seccomp killed") {
        return Some(seccomp_notified(death));
    }
    let code = death.code()?;
    if !(0..=255).contains(&code) {
        return windows(death, code);
    }
    let signal = signal_number(code)?;
    if matches!(signal, 9 | 15) {
        return None;
    }
    let found = cause_of(signal);
    let name = signal_name(signal).unwrap_or_default();
    let is_fault = FAULTS.contains(&signal);
    // PID 1 cannot die of another signal by default: the program, or a wrapper, chose the number.
    if !is_fault
        && !matches!(death.pid1(), Pid1::Shell | Pid1::Init | Pid1::Shared)
        && !is_abort_of_unknown(death, signal)
    {
        return None;
    }
    let proof = kernel_proof(death, signal);
    let is_proven = proof.as_ref().is_some_and(|p| p.is_sure);
    // abort() as PID 1 on x86-64 ends in SIGSEGV: SIGABRT is dropped and libc falls through to `hlt`. Where the program
    // may be PID 1, its last words must tell the two apart.
    let may_be_abort = signal == 11 && matches!(death.pid1(), Pid1::Program | Pid1::Unknown);
    let confidence = match (is_proven, may_be_abort) {
        (true, _) => Confidence::Confirmed,
        (false, true) => Confidence::Unknown,
        (false, false) => Confidence::Likely,
    };
    let decided_by = death.quote_code();
    let verdict = match proof {
        Some(proof) if proof.is_sure => {
            Verdict::new(found, confidence, Depth::Signal, proof.piece).and([decided_by])
        }
        Some(proof) => Verdict::new(found, confidence, Depth::Signal, decided_by).and([proof.piece]),
        None => Verdict::new(found, confidence, Depth::Signal, decided_by),
    };
    let verdict = verdict.and([death.quote_end()]).arg("signal", name);
    let verdict = if may_be_abort && !is_proven {
        verdict.possible(cause::ABORTED, msg::ABORT_OF_PID_1_READS_139)
    } else {
        verdict
    };
    let verdict = if confidence == Confidence::Confirmed {
        verdict
    } else {
        verdict.possible(cause::APPLICATION_ERROR, msg::A_PROGRAM_CAN_CHOOSE_THIS_CODE)
    };
    Some(verdict.missing(missing::log(death)))
}

/// CRI-O's seccomp notifier kills the container and says so in the reason.
fn seccomp_notified(death: &Death<'_, '_>) -> Verdict {
    let message = death.end.message.as_ref().map(|m| death.quote("message", m));
    Verdict::new(cause::BAD_SYSTEM_CALL, Confidence::Confirmed, Depth::Killing, death.quote_end())
        .and(message)
        .and([death.quote_code()])
        .arg("message", death.end.message.clone().unwrap_or_default())
}

/// SIGABRT where the spec does not show what PID 1 is: an init in the image, most likely.
fn is_abort_of_unknown(death: &Death<'_, '_>, signal: i64) -> bool {
    signal == 6 && death.pid1() == Pid1::Unknown
}

fn cause_of(signal: i64) -> CauseId {
    match signal {
        1 => cause::HANGUP,
        2 => cause::INTERRUPTED,
        3 => cause::QUIT,
        4 => cause::ILLEGAL_INSTRUCTION,
        5 => cause::TRAP,
        6 => cause::ABORTED,
        7 => cause::BUS_ERROR,
        8 => cause::ARITHMETIC_FAULT,
        11 => cause::SEGMENTATION_FAULT,
        13 => cause::BROKEN_PIPE,
        24 => cause::CPU_TIME_LIMIT,
        25 => cause::FILE_SIZE_LIMIT,
        31 => cause::BAD_SYSTEM_CALL,
        _ => cause::SIGNAL_OTHER,
    }
}

/// A kernel line that may speak of this death.
struct Proof {
    piece: Evidence,
    /// The line names this program, not only the moment and the signal.
    is_sure: bool,
}

/// Crash and seccomp lines hold no cgroup: name, time and signal must fit.
fn kernel_proof(death: &Death<'_, '_>, signal: i64) -> Option<Proof> {
    let fitting = death.kernel_near(SLACK_SECONDS).filter_map(|record| match &record.event {
        // `hlt` is a general protection fault too: that is how abort() of PID 1 ends on x86-64.
        KernelEvent::Crash(crash) if crash.kind.signal() == Some(signal) => {
            Some((record, &crash.process, crash.kind != CrashKind::GeneralProtection))
        }
        KernelEvent::Seccomp(kill) if signal == 31 => Some((record, &kill.process, true)),
        _ => None,
    });
    let (record, _, is_sure) = fitting.into_iter().find(|(_, name, _)| death.is_program(name))?;
    Some(Proof { piece: quote::kernel(death.index.snapshot, record), is_sure })
}

fn windows(death: &Death<'_, '_>, code: i64) -> Option<Verdict> {
    // Docker and others print the same number without its sign.
    let signed = if code > i64::from(i32::MAX) { code - (1 << 32) } else { code };
    let status = windows_statuses().iter().find(|s| i64::from(s.signed()) == signed)?;
    let found = status.cause?;
    let confidence =
        if found == cause::TERMINATED_UNATTRIBUTED { Confidence::Unknown } else { Confidence::Likely };
    let verdict = Verdict::new(found, confidence, Depth::Signal, death.quote_code()).and([death.quote_end()]);
    Some(verdict.missing(missing::log(death)))
}
