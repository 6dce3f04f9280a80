//! The runtime could not make or start the container.

use exitus_model::{CauseId, Confidence, Evidence, Quantity};
use exitus_reference::{cause_id as cause, message_id as msg};

use crate::block::Block;
use crate::death::Death;
use crate::text::{Row, lookup, one_line, quoted_after, sure};
use crate::verdict::{Depth, Verdict};

/// What runc, crun, containerd, CRI-O and docker say. Sources: runc libcontainer, crun src/libcrun, containerd
/// internal/cri, cri-o server, moby daemon/errors.go; the knowledge of versions is in the cases.
const RUNTIME_TEXTS: &[Row] = &[
    sure(&["oom-killed", "memory limit too low"], cause::MEMORY_LIMIT_TOO_LOW),
    sure(&["unable to set memory limit to"], cause::MEMORY_LIMIT_TOO_LOW),
    sure(&["set memory limit", "too low; should be at least"], cause::MEMORY_LIMIT_TOO_LOW),
    sure(&["minimum memory limit"], cause::MEMORY_LIMIT_TOO_LOW),
    sure(&["memory limit is too low"], cause::MEMORY_LIMIT_TOO_LOW),
    sure(&["chdir to cwd"], cause::WORKING_DIRECTORY_INVALID),
    sure(&["cwd must be an absolute path"], cause::WORKING_DIRECTORY_INVALID),
    sure(&["chdir `"], cause::WORKING_DIRECTORY_INVALID),
    sure(&["error during container init: mkdir", "not a directory"], cause::WORKING_DIRECTORY_INVALID),
    sure(&["container process: mkdir", "not a directory"], cause::WORKING_DIRECTORY_INVALID),
    sure(&["container process: mkdir", "file exists"], cause::WORKING_DIRECTORY_INVALID),
    sure(&["imagevolumemountfailed"], cause::MOUNT_FAILED),
    sure(&["error mounting", "to rootfs"], cause::MOUNT_FAILED),
    sure(&["mounting", "to rootfs"], cause::MOUNT_FAILED),
    sure(&["are you trying to mount a directory onto a file"], cause::MOUNT_FAILED),
    sure(&["mount `", "to `"], cause::MOUNT_FAILED),
    // What the runtime itself runs or writes, before anything of the container.
    sure(&["unable to retrieve oci runtime error"], cause::RUNTIME_START_ERROR),
    sure(&["error running hook"], cause::RUNTIME_START_ERROR),
    sure(&["error running prestart hook"], cause::RUNTIME_START_ERROR),
    sure(&["error running createruntime hook"], cause::RUNTIME_START_ERROR),
    sure(&["apply apparmor profile"], cause::RUNTIME_START_ERROR),
    sure(&["/attr/"], cause::RUNTIME_START_ERROR),
    sure(&["no command specified"], cause::NO_COMMAND_SPECIFIED),
    sure(&["exec format error"], cause::ENTRYPOINT_WRONG_FORMAT),
    sure(&["executable file", "not found in $path"], cause::ENTRYPOINT_NOT_FOUND),
    sure(&["exec: \"", "stat ", "no such file or directory"], cause::ENTRYPOINT_NOT_FOUND),
    sure(&["exec: \"", "permission denied"], cause::ENTRYPOINT_NOT_EXECUTABLE),
    sure(&["exec: \"", "is a directory"], cause::ENTRYPOINT_NOT_EXECUTABLE),
    sure(&["exists but it is not executable"], cause::ENTRYPOINT_NOT_EXECUTABLE),
    sure(&["is not a regular file"], cause::ENTRYPOINT_NOT_EXECUTABLE),
    sure(&["exec: \"", "no such file or directory"], cause::ENTRYPOINT_NOT_FOUND),
];

/// What `CreateContainerError` says beside that.
const CREATE_TEXTS: &[Row] = &[
    sure(&["requests that are timing out in cri-o"], cause::CONTAINER_CREATE_TIMEOUT),
    sure(&["context deadline exceeded"], cause::CONTAINER_CREATE_TIMEOUT),
    sure(&["create container timeout"], cause::CONTAINER_CREATE_TIMEOUT),
    sure(&["failed to reserve container name"], cause::CONTAINER_NAME_CONFLICT),
    sure(&["name is reserved"], cause::CONTAINER_NAME_CONFLICT),
    sure(&["is already in use by container"], cause::CONTAINER_NAME_CONFLICT),
];

/// A death that the status says the program never had: `StartError`, `ContainerCannotRun`.
pub(crate) fn judge_death(death: &Death<'_, '_>) -> Option<Verdict> {
    if !(death.is_reason("StartError") || death.is_reason("ContainerCannotRun")) {
        return None;
    }
    let text = death.end.message.as_deref();
    let waiting = death.waiting.and_then(|w| w.message.as_deref());
    let row = text.and_then(|t| lookup(RUNTIME_TEXTS, t));
    let (found, confidence) = match row {
        Some(row) => (row.cause, row.confidence),
        None if text.is_some() => (cause::RUNTIME_START_ERROR, Confidence::Confirmed),
        None => (cause::RUNTIME_START_ERROR, Confidence::Likely),
    };
    let confidence = if is_roomy_start(text, found, &death.container.memory_limit) {
        Confidence::Unknown
    } else {
        confidence
    };
    let decided_by = text.map_or_else(|| death.quote_end(), |t| death.quote("message", t));
    let verdict = Verdict::new(found, confidence, Depth::NeverRan, decided_by)
        .and([death.quote_end(), death.quote_code()])
        .ruled_out(cause::APPLICATION_ERROR, msg::THE_CODE_IS_THE_RUNTIMES);
    let verdict = doubt_limit(verdict, confidence);
    Some(with_details(verdict, text.or(waiting).unwrap_or_default(), &death.container.command))
}

/// With this much memory a container can start: CRI-O refuses limits below it (pkg/config `minMemoryBytes`, 12 MiB).
const START_BYTES: u64 = 12 * 1024 * 1024;

/// Whether the runtime asks "memory limit too low?" of a limit that leaves room for a start: then something else has
/// used it up.
fn is_roomy_start(text: Option<&str>, found: CauseId, limit: &Option<Quantity>) -> bool {
    let asks = text.is_some_and(|t| t.contains("OOM-killed"));
    found == cause::MEMORY_LIMIT_TOO_LOW && asks && limit.as_ref().is_some_and(|l| l.bytes >= START_BYTES)
}

fn doubt_limit(verdict: Verdict, confidence: Confidence) -> Verdict {
    if verdict.cause == cause::MEMORY_LIMIT_TOO_LOW && confidence == Confidence::Unknown {
        verdict.possible(cause::OUT_OF_MEMORY_CONTAINER, msg::THE_LIMIT_LEAVES_ROOM_FOR_A_START)
    } else {
        verdict
    }
}

/// A container that waits because the runtime refused it.
pub(crate) fn judge_block(block: &Block<'_, '_>) -> Option<Verdict> {
    let fallback = match block.reason() {
        "RunContainerError" => cause::RUNTIME_START_ERROR,
        "CreateContainerError" => cause::CONTAINER_CREATE_ERROR,
        "PreCreateHookError" => {
            return hook(block, cause::PRE_CREATE_HOOK_FAILED, "Internal PreCreateContainer hook failed");
        }
        "PreStartHookError" => {
            return hook(block, cause::PRE_START_HOOK_FAILED, "Internal PreStartContainer hook failed");
        }
        "PostStartHookError" => return Some(post_start(block)),
        _ => return None,
    };
    let failed = failed_event(block);
    let text = block.message().or(failed.map(|e| e.message.as_str()));
    let is_create = fallback == cause::CONTAINER_CREATE_ERROR;
    let row = text.and_then(|t| {
        lookup(RUNTIME_TEXTS, t).or_else(|| is_create.then(|| lookup(CREATE_TEXTS, t)).flatten())
    });
    let (found, confidence) = match (row, text) {
        (Some(row), _) => (row.cause, row.confidence),
        (None, Some(_)) => (fallback, Confidence::Confirmed),
        (None, None) => (fallback, Confidence::Likely),
    };
    let found = behind_conflict(block, found);
    let confidence = if is_roomy_start(text, found, &block.container.memory_limit) {
        Confidence::Unknown
    } else {
        confidence
    };
    let message = block.quote_message();
    let decided_by =
        message.or_else(|| failed.map(|e| block.quote_event(e))).or_else(|| block.quote_reason())?;
    let verdict = Verdict::new(found, confidence, Depth::NeverRan, decided_by)
        .and(block.quote_reason())
        .and(failed.map(|e| block.quote_event(e)));
    let verdict = doubt_limit(verdict, confidence);
    Some(with_details(verdict, text.unwrap_or_default(), &block.container.command))
}

/// The latest `Failed` event that says why, in the words `Error: …`.
fn failed_event<'s>(block: &Block<'_, 's>) -> Option<&'s exitus_model::Event> {
    let says = |e: &&exitus_model::Event| e.message.strip_prefix("Error: ").is_some_and(|m| m.contains(' '));
    block.events_of("Failed").filter(says).last()
}

/// A name that is taken is an echo of a creation that timed out earlier.
fn behind_conflict(block: &Block<'_, '_>, found: CauseId) -> CauseId {
    let timed_out = block.events_of("Failed").any(|e| e.message.contains("context deadline exceeded"));
    if found == cause::CONTAINER_NAME_CONFLICT && timed_out { cause::CONTAINER_CREATE_TIMEOUT } else { found }
}

fn hook(block: &Block<'_, '_>, found: CauseId, words: &str) -> Option<Verdict> {
    let event = block.events_of("Failed").filter(|e| e.message.contains(words)).last();
    let decided_by: Evidence = block
        .quote_message()
        .or_else(|| event.map(|e| block.quote_event(e)))
        .or_else(|| block.quote_reason())?;
    let said = block.message().or(event.map(|e| e.message.as_str())).unwrap_or_default();
    let verdict = Verdict::new(found, Confidence::Confirmed, Depth::NeverRan, decided_by)
        .and(block.quote_reason())
        .and(event.map(|e| block.quote_event(e)));
    Some(verdict.arg("message", one_line(said)))
}

fn post_start(block: &Block<'_, '_>) -> Verdict {
    let event = block.events_of("FailedPostStartHook").last();
    let message = block.quote_message();
    let decided_by = message.or_else(|| block.quote_reason()).or_else(|| event.map(|e| block.quote_event(e)));
    let decided_by = decided_by.unwrap_or_else(|| block.quote_spec("name", &block.container.name));
    let hook = block.container.post_start.as_ref().map(|h| h.action.clone()).unwrap_or_default();
    Verdict::new(cause::POST_START_HOOK_FAILED, Confidence::Confirmed, Depth::NeverRan, decided_by)
        .and(block.quote_reason())
        .and(event.map(|e| block.quote_event(e)))
        .arg("hook", hook)
        .arg("message", block.message().map(one_line).unwrap_or_default())
}

/// The thing that the runtime names, and what was to be run.
fn with_details(verdict: Verdict, text: &str, command: &[String]) -> Verdict {
    let named = quoted_after(text, "exec: ")
        .or_else(|| quoted_after(text, "executable file "))
        .or_else(|| quoted_after(text, "the path "))
        .or_else(|| quoted_after(text, "chdir to cwd ("))
        .or_else(|| quoted_after(text, "at "));
    verdict
        .arg("name", named.clone().unwrap_or_default())
        .arg("command", if command.is_empty() { named.unwrap_or_default() } else { command.join(" ") })
        .arg("message", one_line(text))
}

/// The cause that a text of the runtime names.
pub(crate) fn cause_of(text: &str) -> Option<CauseId> {
    lookup(RUNTIME_TEXTS, text).or_else(|| lookup(CREATE_TEXTS, text)).map(|row| row.cause)
}

/// Adds what a text of the runtime names.
pub(crate) fn with_names(verdict: Verdict, text: &str) -> Verdict {
    let name =
        quoted_after(text, "exec: ").or_else(|| quoted_after(text, "executable file ")).unwrap_or_default();
    verdict.arg("name", name)
}
