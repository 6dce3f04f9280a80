//! What was concluded.

use std::fmt;

use jiff::Timestamp;

use crate::{Args, EvidenceList, Message, Problem, Role};

/// A cause id: the public, kebab-case name of what was found. The reference holds the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CauseId(pub &'static str);

impl CauseId {
    /// The id as text.
    pub fn as_str(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for CauseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// How sure a verdict is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// The evidence does not show it.
    Unknown,
    /// The mechanism fits; rivals remain and are named.
    Likely,
    /// A quoted fact decides it.
    Confirmed,
}

impl Confidence {
    /// The word of the output contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Confidence::Unknown => "unknown",
            Confidence::Likely => "likely",
            Confidence::Confirmed => "confirmed",
        }
    }
}

/// How much it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// No fault.
    Info,
    /// Hurt, or stopped by an orderly action worth knowing.
    Warning,
    /// Died, or cannot start.
    Error,
}

impl Severity {
    /// The word of the output contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// Whom a diagnosis is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Subject {
    /// The namespace; `None` for a node.
    pub namespace: Option<String>,
    /// The pod; `None` for a workload or a node.
    pub pod: Option<String>,
    /// The pod's UID.
    pub pod_uid: Option<String>,
    /// The container; `None` for the pod as a whole.
    pub container: Option<String>,
    /// What the container is for.
    pub role: Option<Role>,
    /// Kind and name of the topmost workload that is known.
    pub workload: Option<(String, String)>,
    /// The node.
    pub node: Option<String>,
    /// The container's image.
    pub image: Option<String>,
}

/// What kind of thing happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IncidentType {
    /// A container ended.
    Termination,
    /// A container cannot start.
    Waiting,
    /// A pod has no node.
    Scheduling,
    /// A container runs and is not ready.
    Readiness,
    /// The platform removed the pod, or the node is gone.
    Disruption,
    /// A deleted pod does not go.
    StuckTerminating,
    /// A workload cannot make its pods, or a Job failed.
    Job,
}

impl IncidentType {
    /// The word of the output contract.
    pub fn as_str(self) -> &'static str {
        match self {
            IncidentType::Termination => "termination",
            IncidentType::Waiting => "waiting",
            IncidentType::Scheduling => "scheduling",
            IncidentType::Readiness => "readiness",
            IncidentType::Disruption => "disruption",
            IncidentType::StuckTerminating => "stuck-terminating",
            IncidentType::Job => "job",
        }
    }
}

/// The death or the blockage that a diagnosis explains.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incident {
    /// What kind.
    pub kind: IncidentType,
    /// Whether it explains the present state; an older death does not.
    pub is_current: bool,
    /// When: the end of a death, the beginning of a blockage.
    pub at: Option<Timestamp>,
    /// When the instance started.
    pub started_at: Option<Timestamp>,
    /// The exit code, as it stands in the status.
    pub exit_code: Option<i64>,
    /// The signal by the convention of 128 + n, where the evidence carries that reading.
    pub signal: Option<&'static str>,
    /// `terminated.reason`, or the pod's, condition's or event's reason.
    pub reason: Option<String>,
    /// `waiting.reason`.
    pub waiting_reason: Option<String>,
    /// Restarts of the container.
    pub restart_count: Option<i64>,
}

/// What became of another explanation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RivalVerdict {
    /// A fact speaks against it.
    RuledOut,
    /// Nothing decides.
    Possible,
}

impl RivalVerdict {
    /// The word of the output contract.
    pub fn as_str(self) -> &'static str {
        match self {
            RivalVerdict::RuledOut => "ruled-out",
            RivalVerdict::Possible => "possible",
        }
    }
}

/// Another explanation that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rival {
    /// Which.
    pub cause: CauseId,
    /// What became of it.
    pub verdict: RivalVerdict,
    /// Why.
    pub because: Message,
}

/// Evidence that would decide or strengthen a verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// What.
    pub what: Message,
    /// What it would show.
    pub why: Message,
    /// The command that fetches it; read-only.
    pub command: Option<String>,
}

/// One incident, explained.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnosis {
    /// Whom.
    pub subject: Subject,
    /// What happened.
    pub incident: Incident,
    /// Why.
    pub cause: CauseId,
    /// How sure.
    pub confidence: Confidence,
    /// How much it matters.
    pub severity: Severity,
    /// Values for the cause's title, explanation and remedies.
    pub args: Args,
    /// What shows it, the deciding piece first.
    pub evidence: EvidenceList,
    /// Other explanations, ruled out first.
    pub rivals: Vec<Rival>,
    /// What would help.
    pub missing: Vec<Missing>,
}

/// Diagnoses that share one cause: shown as one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Indices into [`Report::items`]; the first is shown in full.
    pub items: Vec<usize>,
}

/// What was looked at, in numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Pods that are known, be it from events alone, and selected.
    pub pods: usize,
    /// Pods with a current error or warning.
    pub unhealthy_pods: usize,
    /// Only some causes or containers were asked for: that nothing is told does not say that all is well.
    pub is_narrowed: bool,
}

/// The answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// In numbers.
    pub summary: Summary,
    /// What could not be read.
    pub problems: Vec<Problem>,
    /// One per incident, gravest first.
    pub items: Vec<Diagnosis>,
    /// Every item stands in exactly one group.
    pub groups: Vec<Group>,
    /// The newest time in the evidence, or the one that the user gave.
    pub now: Option<Timestamp>,
}
