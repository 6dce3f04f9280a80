//! The vocabulary of Exitus: what was read of a cluster ([`Snapshot`]) and what was concluded ([`Report`]).
//!
//! Plain data. This crate does no IO, reads neither clock nor environment, and knows no foreign format:
//! readers fill a snapshot, rules turn it into a report, renderers show the report.

mod cluster;
mod diagnosis;
mod evidence;
mod kernel;
mod log;
mod pod;
mod quantity;
mod snapshot;

pub use cluster::{Claim, Condition, Event, Node, ObjectRef, Owner, Taint, Workload};
pub use diagnosis::{
    CauseId, Confidence, Diagnosis, Group, Incident, IncidentType, Missing, Report, Rival, RivalVerdict,
    Severity, Subject, Summary,
};
pub use evidence::{Args, Evidence, EvidenceList, Message, MessageId, Source};
pub use kernel::{CgroupLevel, CgroupRef, Crash, CrashKind, KernelEvent, KernelRecord, OomKill, SeccompKill};
pub use log::{ContainerLog, LogLine};
pub use pod::{
    Container, ContainerStatus, Deletion, Ended, Hook, Pod, Probe, Role, State, Termination, Volume,
    VolumeSource, Waiting,
};
pub use quantity::{Quantity, format_bytes, format_duration};
pub use snapshot::{FileId, Origin, Problem, ProblemKind, Snapshot};
