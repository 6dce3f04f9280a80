//! Errors that kubectl and kubelet write in place of a log.

use super::LogOwner;

/// Whether a line is such an error.
///
/// A program may write `error: …` too, and that may be the very line that tells why it ended. So only messages about
/// getting a log count, and those that any client of the API server may print only where they name this pod.
pub(super) fn is_error(line: &str, owner: &LogOwner) -> bool {
    let line = line.trim();
    if is_of_log(line)
        || line.starts_with("Request log error: ")
        || line.starts_with("Create log request error: ")
    {
        return true;
    }
    let Some(message) = of_client(line) else { return false };
    is_of_log(message) || (!owner.pod.is_empty() && names_pod(message, &owner.pod))
}

/// The message of `Error from server (BadRequest): …`, `Error from server: …` or `error: …`.
fn of_client(line: &str) -> Option<&str> {
    if let Some(message) = line.strip_prefix("error: ").or_else(|| line.strip_prefix("Error from server: ")) {
        return Some(message);
    }
    line.strip_prefix("Error from server (")?.split_once("): ").map(|(_, message)| message)
}

/// Messages about getting a log: kubelet's `GetContainerLogs` and `validateContainerLogStatus`, the API server's
/// `LogLocation`, and kubectl's choice of a container.
fn is_of_log(message: &str) -> bool {
    let has = |part: &str| message.contains(part);
    match message.split([' ', ':']).next().unwrap_or_default() {
        "unable" => message.starts_with("unable to retrieve container logs for ") && has("://"),
        "failed" => {
            message.starts_with("failed to try resolving symlinks in path ")
                || message.starts_with("failed to open log file \"/var/log/pods/")
        }
        "previous" => {
            message.starts_with("previous terminated container \"") && has("\" in pod \"") && has("not found")
        }
        "container" => {
            let states = ["is waiting to start", "is terminated", "is not available"];
            let is_state = has("\" in pod \"") && states.iter().any(|state| has(state));
            is_state || has(" is not valid for pod ")
        }
        "a" => message.starts_with("a container name must be specified for pod "),
        "Get" => message.starts_with("Get \"https://") && has("/containerLogs/"),
        "rpc" => has("an error occurred when try to find container \""),
        _ => false,
    }
}

/// `pods "NAME" not found`, `pods "NAME" is forbidden: …`.
fn names_pod(message: &str, pod: &str) -> bool {
    let rest = message.strip_prefix("pods \"").and_then(|m| m.strip_prefix(pod));
    rest.is_some_and(|rest| rest.starts_with("\" not found") || rest.starts_with("\" is forbidden"))
}
