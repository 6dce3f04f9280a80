//! Everything that was read, from whatever source, ready to be judged.

use jiff::Timestamp;

use crate::{Claim, ContainerLog, Event, KernelRecord, Node, Pod, Workload};

/// An input, as an index into [`Snapshot::files`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// Where a fact stands: an input and the line (1-based; 0 when the form has no lines) at which it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    /// The input that holds the fact.
    pub file: FileId,
    /// The line, 1-based; 0 when unknown.
    pub line: u32,
}

/// The facts of one collection of evidence.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    /// Names of the inputs as the user gave them; `-` is standard input.
    pub files: Vec<String>,
    /// Pods, one entry per UID, newest version, with the deaths seen in older versions.
    pub pods: Vec<Pod>,
    /// Events, each once.
    pub events: Vec<Event>,
    /// Nodes.
    pub nodes: Vec<Node>,
    /// Deployments, ReplicaSets, StatefulSets, DaemonSets, Jobs and CronJobs.
    pub workloads: Vec<Workload>,
    /// PersistentVolumeClaims.
    pub claims: Vec<Claim>,
    /// Container logs, their last lines only.
    pub logs: Vec<ContainerLog>,
    /// What the kernel reported: OOM kills and crashes.
    pub kernel: Vec<KernelRecord>,
    /// Whether any input was a kernel log, even one with nothing to report.
    pub has_kernel_log: bool,
    /// Lists that were read, empty ones too: an empty list of pods is an answer.
    pub lists: usize,
    /// Objects of kinds that hold no evidence for Exitus, counted and let go.
    pub other_objects: usize,
}

impl Snapshot {
    /// The name of an input.
    pub fn file_name(&self, file: FileId) -> &str {
        self.files.get(file.0 as usize).map_or("?", String::as_str)
    }

    /// The newest time that stands anywhere in the evidence: "now" for durations.
    ///
    /// The kernel log counts only when nothing else has a time, since it may have been saved much later.
    pub fn newest_time(&self) -> Option<Timestamp> {
        let pods = self.pods.iter().flat_map(Pod::times);
        let events = self.events.iter().flat_map(|e| [e.first, e.last]).flatten();
        let nodes = self.nodes.iter().flat_map(|n| &n.conditions).filter_map(|c| c.last_transition);
        let heartbeats = self.nodes.iter().flat_map(|n| &n.conditions).filter_map(|c| c.last_heartbeat);
        let workloads = self.workloads.iter().flat_map(|w| &w.conditions).filter_map(|c| c.last_transition);
        let logs = self.logs.iter().flat_map(|l| &l.lines).filter_map(|l| l.at);
        let newest = pods.chain(events).chain(nodes).chain(heartbeats).chain(workloads).chain(logs).max();
        newest.or_else(|| self.kernel.iter().filter_map(|k| k.at).max())
    }
}

/// Something that could not be read, or that reads oddly. The rest is still used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The input's name.
    pub input: String,
    /// The line, where one is to blame.
    pub line: Option<u32>,
    /// What is wrong.
    pub kind: ProblemKind,
}

/// The kinds of [`Problem`]. Texts for people are in the message catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProblemKind {
    /// The file could not be opened or read; holds the system's words.
    Unreadable(String),
    /// Nothing in it.
    Empty,
    /// Bytes that are no text.
    Binary,
    /// Text in an encoding other than UTF-8, which was converted; holds its name.
    Converted(&'static str),
    /// Text of a form that this version does not know.
    UnknownForm,
    /// The text ends in the middle of an object; what stood before the cut is used.
    Truncated,
    /// A syntax error; holds what was expected or found. What stood before is used.
    Syntax(String),
    /// Nested deeper than the reader goes.
    TooDeep,
    /// Larger than the reader takes; the number is the limit in bytes.
    TooLarge(u64),
    /// A field of an unexpected type was passed over.
    WrongType {
        /// The field's path from its object.
        path: String,
        /// What it should be.
        expected: &'static str,
    },
    /// A time that cannot be read was passed over.
    BadTime {
        /// The field's path from its object.
        path: String,
        /// The text that is no time.
        value: String,
    },
    /// An object with neither kind nor a shape that tells it.
    NoKind,
    /// An object without a name.
    NoName(String),
    /// Two objects of different names share one UID; holds the UID.
    SharedUid(String),
    /// A restart count that is lower in a later version of the same pod.
    RestartCountFell {
        /// The pod.
        pod: String,
        /// The container.
        container: String,
    },
    /// A container that is in the status but not in the spec.
    ContainerNotInSpec {
        /// The pod.
        pod: String,
        /// The container.
        container: String,
    },
    /// An event that is older than the pod of that UID.
    EventBeforePod(String),
    /// A log file that holds only kubectl's own error; holds it.
    LogUnavailable(String),
    /// A folder was not followed: too many files, or nested too deep; the number is the limit.
    FolderLimit(usize),
    /// A rule broke; the others went on. Holds what it judged, such as a pod's name.
    RuleFailed(String),
}
