//! Container logs, reduced to their last lines.

use jiff::Timestamp;

use crate::FileId;

/// The end of the log of one container instance.
#[derive(Debug, Clone)]
pub struct ContainerLog {
    /// The file.
    pub file: FileId,
    /// The namespace, where the path tells it.
    pub namespace: Option<String>,
    /// The pod's name.
    pub pod: String,
    /// The pod's UID, where the path tells it.
    pub pod_uid: Option<String>,
    /// The container's name; `None` where the path names only the pod.
    pub container: Option<String>,
    /// Whether it is the log of the instance before (`kubectl logs --previous`).
    pub is_previous: bool,
    /// The number in `/var/log/pods/…/N.log`: the restart count of the instance that wrote it.
    pub instance: Option<i64>,
    /// The last lines, oldest first.
    pub lines: Vec<LogLine>,
    /// The file holds no log but kubectl's own error; this is its line.
    pub unavailable: Option<LogLine>,
}

/// A line of a log, without the timestamp and stream that a runtime or kubectl put before it.
#[derive(Debug, Clone)]
pub struct LogLine {
    /// The line's number in its file, 1-based.
    pub line: u32,
    /// The runtime's timestamp.
    pub at: Option<Timestamp>,
    /// What the program wrote. It may hold escapes and controls: data, to be cleaned before it is shown.
    pub text: String,
}
