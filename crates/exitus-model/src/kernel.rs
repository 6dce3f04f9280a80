//! What the kernel reports: OOM kills, crashes, seccomp kills.

use jiff::Timestamp;

use crate::Origin;

/// One report of the kernel.
#[derive(Debug, Clone)]
pub struct KernelRecord {
    /// The line that states the event.
    pub origin: Origin,
    /// That line, as it stands in the file.
    pub text: String,
    /// When, in wall-clock time; `None` where the log counts only from boot.
    pub at: Option<Timestamp>,
    /// Seconds since boot, where the log counts so.
    pub uptime_seconds: Option<f64>,
    /// The host that a syslog or journal line names.
    pub host: Option<String>,
    /// What happened.
    pub event: KernelEvent,
}

/// What a [`KernelRecord`] reports.
#[derive(Debug, Clone)]
pub enum KernelEvent {
    /// The OOM killer killed a process.
    OomKill(Box<OomKill>),
    /// A process crashed by a fault of its own.
    Crash(Crash),
    /// A process was killed by a seccomp filter.
    Seccomp(SeccompKill),
    /// A fork was refused by the pids controller of this cgroup.
    PidsLimit(CgroupRef),
}

/// A kill by the kernel's OOM killer, assembled from the lines of one report.
///
/// The context lines are rate limited in the kernel and may be missing; the kill line never is.
#[derive(Debug, Clone, Default)]
pub struct OomKill {
    /// The victim's name (`comm`, at most 15 bytes).
    pub victim: String,
    /// The victim's pid in the node's namespace, not in the container's.
    pub pid: u32,
    /// The cgroup whose limit was hit; `None` for a global kill or where the context is missing.
    pub limit_cgroup: Option<CgroupRef>,
    /// The victim's cgroup; `None` where the context is missing.
    pub task_cgroup: Option<CgroupRef>,
    /// The whole node ran out (`global_oom`, or a kill line that begins `Out of memory`).
    pub is_global: bool,
    /// The line of the context (`oom-kill:…` or `Task in … killed as a result of limit of …`).
    pub context: Option<Origin>,
    /// The context line itself.
    pub context_text: Option<String>,
    /// `constraint=…`, such as `CONSTRAINT_MEMCG`.
    pub constraint: Option<String>,
    /// Anonymous memory of the victim, in KiB.
    pub anon_rss_kib: Option<u64>,
    /// File-backed memory of the victim, in KiB.
    pub file_rss_kib: Option<u64>,
    /// Shared memory of the victim, in KiB.
    pub shmem_rss_kib: Option<u64>,
    /// Usage of the cgroup that hit its limit (`memory: usage …kB`), in KiB.
    pub usage_kib: Option<u64>,
    /// Limit of that cgroup (`limit …kB`), in KiB.
    pub limit_kib: Option<u64>,
    /// `oom_score_adj` of the victim.
    pub oom_score_adj: Option<i32>,
    /// Announced by `Tasks in … are going to be killed due to memory.oom.group set`.
    pub is_group_kill: bool,
}

impl OomKill {
    /// Resident memory of the victim, in bytes: anonymous, file-backed and shared.
    pub fn rss_bytes(&self) -> Option<u64> {
        let anon = self.anon_rss_kib?;
        let others = [self.file_rss_kib, self.shmem_rss_kib];
        Some(others.into_iter().flatten().fold(anon, u64::saturating_add).saturating_mul(1024))
    }
}

/// How a process crashed, as the kernel names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CrashKind {
    /// `segfault at …`, or `unhandled signal 11`.
    Segfault,
    /// `general protection fault`: a segmentation fault to the process.
    GeneralProtection,
    /// `trap invalid opcode`.
    InvalidOpcode,
    /// `trap divide error`.
    DivideError,
    /// `trap int3`.
    Breakpoint,
    /// `trap stack segment`, `trap alignment check`.
    BusError,
    /// Any other `traps:` line.
    OtherTrap,
}

impl CrashKind {
    /// The signal that the process gets.
    pub fn signal(self) -> Option<i64> {
        match self {
            CrashKind::Segfault | CrashKind::GeneralProtection => Some(11),
            CrashKind::InvalidOpcode => Some(4),
            CrashKind::DivideError => Some(8),
            CrashKind::Breakpoint => Some(5),
            CrashKind::BusError => Some(7),
            CrashKind::OtherTrap => None,
        }
    }
}

/// A crash line. It holds no cgroup: only name, pid and time tie it to a container.
#[derive(Debug, Clone)]
pub struct Crash {
    /// How.
    pub kind: CrashKind,
    /// The process's name (`comm`).
    pub process: String,
    /// Its pid in the node's namespace.
    pub pid: u32,
}

/// An audit line of a seccomp kill (`type=1326 … sig=31`).
#[derive(Debug, Clone)]
pub struct SeccompKill {
    /// The process's name (`comm`).
    pub process: String,
    /// The executable's path.
    pub executable: Option<String>,
    /// Its pid in the node's namespace.
    pub pid: u32,
    /// The system call's number.
    pub syscall: Option<i64>,
}

/// What a cgroup belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CgroupLevel {
    /// A container, or something below it.
    Container,
    /// A pod.
    Pod,
    /// `kubepods` or a QoS class: the node's allocatable memory.
    Kubepods,
    /// The root.
    Root,
    /// Anything else: a system service, a container outside Kubernetes.
    Other,
}

/// A cgroup path and what it says of its owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CgroupRef {
    /// The path as the kernel prints it.
    pub path: String,
    /// What it belongs to.
    pub level: CgroupLevel,
    /// The pod's UID with dashes, or the 32 hex digits of a static pod's hash.
    pub pod_uid: Option<String>,
    /// The container's id, 64 hex digits; it may be the pause container's.
    pub container_id: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resident_memory_beyond_all_numbers_stops_at_the_largest() {
        let sizes = |anon| OomKill { anon_rss_kib: anon, shmem_rss_kib: Some(1), ..OomKill::default() };
        assert_eq!(sizes(Some(u64::MAX)).rss_bytes(), Some(u64::MAX));
        assert_eq!(sizes(Some(3)).rss_bytes(), Some(4096));
        assert_eq!(sizes(None).rss_bytes(), None);
    }
}
