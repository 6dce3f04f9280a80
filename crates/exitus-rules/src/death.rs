//! One death of one container, with everything that speaks about it.

use exitus_model::{
    Container, ContainerLog, Event, Evidence, KernelRecord, OomKill, Pod, Role, State, Termination, Waiting,
};
use jiff::{SignedDuration, Timestamp};

use crate::index::Index;
use crate::quote;

/// Whole seconds in the status and the kubelet's own delays: how far two witnesses of one moment may be apart.
pub(crate) const SLACK_SECONDS: i64 = 2;

/// The API's default of `terminationGracePeriodSeconds`.
const DEFAULT_GRACE_SECONDS: i64 = 30;

/// The least that the kubelet leaves between SIGTERM and SIGKILL (`minimumGracePeriodInSeconds`).
const LEAST_GRACE_SECONDS: i64 = 2;

/// The length of a process name in the kernel (`TASK_COMM_LEN` less its end).
const COMM_LENGTH: usize = 15;

/// What PID 1 of the container is, as far as the spec tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pid1 {
    /// A shell: it passes on its child's code, or has replaced itself by its last command.
    Shell,
    /// An init such as tini: it passes on its child's code.
    Init,
    /// The program itself.
    Program,
    /// PID 1 is the pod's pause process or the node's init.
    Shared,
    /// The image's entrypoint, which the spec does not show.
    Unknown,
}

/// A death and its witnesses.
pub(crate) struct Death<'a, 's> {
    pub(crate) index: &'a Index<'s>,
    pub(crate) pod: &'s Pod,
    pub(crate) container: &'s Container,
    pub(crate) end: &'s Termination,
    /// The field that holds it, from the pod.
    pub(crate) path: String,
    pub(crate) restart_count: i64,
    pub(crate) is_current: bool,
    /// What the container waits for now, where it does.
    pub(crate) waiting: Option<&'s Waiting>,
    pub(crate) log: Option<&'s ContainerLog>,
    /// Events about the pod, oldest first.
    pub(crate) events: &'a [&'s Event],
}

impl<'s> Death<'_, 's> {
    pub(crate) fn code(&self) -> Option<i64> {
        self.end.exit_code
    }

    pub(crate) fn reason(&self) -> &'s str {
        self.end.reason.as_deref().unwrap_or_default()
    }

    pub(crate) fn finished(&self) -> Option<Timestamp> {
        self.end.finished_at
    }

    pub(crate) fn is_reason(&self, reason: &str) -> bool {
        self.reason() == reason
    }

    /// The reason as evidence, or the code where there is no reason, or the name in a status without either.
    pub(crate) fn quote_end(&self) -> Evidence {
        match (&self.end.reason, self.end.exit_code) {
            (Some(reason), _) => self.quote("reason", reason),
            (None, Some(_)) => self.quote_code(),
            (None, None) => self.quote_name(),
        }
    }

    /// The exit code as evidence.
    pub(crate) fn quote_code(&self) -> Evidence {
        match self.end.exit_code {
            Some(code) => self.quote("exitCode", code),
            None => self.quote_name(),
        }
    }

    fn quote_name(&self) -> Evidence {
        let path = format!("{}.name", self.container.status_path());
        quote::pod(
            self.index.snapshot,
            self.pod,
            path,
            &self.container.name,
            self.end.origin,
            self.finished(),
        )
    }

    pub(crate) fn quote(&self, field: &str, value: impl std::fmt::Display) -> Evidence {
        let path = format!("{}.{field}", self.path);
        quote::pod(self.index.snapshot, self.pod, path, value, self.end.origin, self.finished())
    }

    /// A field of the container's spec as evidence.
    pub(crate) fn quote_spec(&self, field: &str, value: impl std::fmt::Display) -> Evidence {
        let path = format!("{}.{field}", self.container.spec_path());
        quote::pod(self.index.snapshot, self.pod, path, value, self.container.origin, None)
    }

    /// An event as evidence. One that was seen again after this death stands at its first time.
    pub(crate) fn quote_event(&self, event: &Event) -> Evidence {
        let quoted = quote::event(self.index.snapshot, event);
        let is_later = event.last > self.finished() && event.first <= self.finished();
        if is_later && self.finished().is_some() {
            Evidence { at: event.first.or(quoted.at), ..quoted }
        } else {
            quoted
        }
    }

    /// Seconds between SIGTERM and SIGKILL for this stop.
    pub(crate) fn grace_seconds(&self) -> i64 {
        let asked = self.pod.first_deletion.as_ref().and_then(|d| d.grace_seconds);
        asked.or(self.pod.grace_seconds).unwrap_or(DEFAULT_GRACE_SECONDS).max(LEAST_GRACE_SECONDS)
    }

    /// The time in which an event may speak of this death: from the start of the instance, or one grace period
    /// before its end, to shortly after its end.
    pub(crate) fn window(&self) -> Option<(Timestamp, Timestamp)> {
        let finished = self.finished()?;
        let seconds = |n: i64| SignedDuration::from_secs(n);
        // An event of the stop stands before the grace; three more for the kubelet's own delays.
        let earliest = finished.checked_sub(seconds(self.grace_seconds() + 3)).ok()?;
        let from = self.end.started_at.map_or(earliest, |started| started.max(earliest));
        Some((from, finished.checked_add(seconds(SLACK_SECONDS)).ok()?))
    }

    /// Events of a reason about this container in the window of its death. Without times, all of that reason.
    pub(crate) fn events_of(&self, reason: &str) -> impl Iterator<Item = &'s Event> {
        let window = self.window();
        self.events.iter().copied().filter(move |e| {
            e.reason == reason
                && self.is_about_container(e)
                && window.is_none_or(|(from, to)| e.last.is_none() || e.is_within(from, to))
        })
    }

    /// Whether an event is about this container: by its field path, else about the pod as a whole.
    pub(crate) fn is_about_container(&self, event: &Event) -> bool {
        event.container().is_none_or(|name| name == self.container.name)
    }

    /// A `Killing` event of this death whose message satisfies a test.
    pub(crate) fn killing(&self, test: impl Fn(&str) -> bool) -> Option<&'s Event> {
        let name = &self.container.name;
        // Without a field path only the message names the container.
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '-';
        let names_it = |e: &Event| {
            e.container().is_some() || e.message.split(|c| !is_name(c)).any(|word| word == name.as_str())
        };
        self.events_of("Killing").find(|e| names_it(e) && test(&e.message))
    }

    /// Whether an event happened at this death for sure: an event that was counted up shows its first and its last time
    /// only, and one may stand there without any.
    pub(crate) fn is_timed(&self, event: &Event) -> bool {
        let Some((from, to)) = self.window() else { return false };
        [event.first, event.last].into_iter().flatten().any(|at| from <= at && at <= to)
    }

    /// The plain `Killing` event: a stop that somebody asked for.
    pub(crate) fn stopping(&self) -> Option<&'s Event> {
        self.killing(|message| {
            message.starts_with("Stopping container") || message.starts_with("Killing container with id")
        })
    }

    /// Whether the process lived until the end of its grace, counted from this event.
    pub(crate) fn outlived_grace(&self, event: &Event, grace_seconds: i64) -> bool {
        match (event.last, self.finished()) {
            (Some(asked), Some(end)) => end.as_second() - asked.as_second() >= grace_seconds,
            _ => false,
        }
    }

    /// OOM kills in this instance's cgroup; without its id, in the pod's cgroup while it ran.
    pub(crate) fn kills(&self) -> Vec<(&'s KernelRecord, &'s OomKill)> {
        if let Some(id) = &self.end.container_id {
            return self.index.kills_of_container(id).to_vec();
        }
        let (Some(start), Some(end)) = (self.end.started_at, self.finished()) else { return Vec::new() };
        let ran = (start.as_second() - SLACK_SECONDS)..=(end.as_second() + SLACK_SECONDS);
        let is_only = self.pod.containers.len() == 1;
        self.index
            .kills_of_pod(self.pod)
            .filter(|(record, _)| is_only && record.at.is_some_and(|at| ran.contains(&at.as_second())))
            .collect()
    }

    /// What the kernel of its node wrote within so many seconds of its end. A line that names no host may be of any node.
    pub(crate) fn kernel_near(&self, seconds: i64) -> impl Iterator<Item = &'s KernelRecord> {
        // Short names stand for long ones.
        let short = |name: &str| name.split('.').next().unwrap_or(name).to_lowercase();
        let (finished, node) = (self.finished(), self.pod.node.as_deref().map(short));
        self.index.snapshot.kernel.iter().filter(move |record| {
            let is_near = matches!((record.at, finished), (Some(at), Some(end)) if (at.as_second() - end.as_second()).abs() <= seconds);
            is_near && record.host.as_deref().zip(node.as_ref()).is_none_or(|(host, node)| short(host) == *node)
        })
    }

    /// The lines of its log.
    pub(crate) fn log_lines(&self) -> Vec<&'s str> {
        self.log.map(|log| log.lines.iter().map(|l| l.text.as_str()).collect()).unwrap_or_default()
    }

    /// A line of its log as evidence.
    pub(crate) fn quote_log(&self, index: usize) -> Option<Evidence> {
        let log = self.log?;
        Some(quote::log(self.index.snapshot, log, log.lines.get(index)?))
    }

    pub(crate) fn pid1(&self) -> Pid1 {
        if self.pod.shares_process_namespace {
            return Pid1::Shared;
        }
        let Some(command) = self.container.command.first() else { return Pid1::Unknown };
        let base = command.rsplit('/').next().unwrap_or(command);
        match base {
            "sh" | "bash" | "ash" | "dash" | "zsh" | "ksh" | "mksh" | "busybox" => Pid1::Shell,
            "tini" | "tini-static" | "dumb-init" | "catatonit" | "docker-init" | "init" | "s6-svscan"
            | "runsvdir" | "supervisord" | "systemd" => Pid1::Init,
            // A script is run by a shell, and what it is called does not tell.
            _ if base.ends_with(".sh") => Pid1::Shell,
            _ => Pid1::Program,
        }
    }

    /// Whether a process name in the kernel's log is that of the container's program, as the spec or the container's
    /// name tells it.
    pub(crate) fn is_program(&self, comm: &str) -> bool {
        let spec =
            self.container.command.iter().chain(&self.container.args).flat_map(|w| w.split_whitespace());
        let image = self.container.image.as_deref().map(|i| i.split([':', '@']).next().unwrap_or(i));
        let words = spec.chain(image).chain([self.container.name.as_str()]);
        words
            .map(|w| w.rsplit('/').next().unwrap_or(w))
            .any(|base| !base.is_empty() && base.bytes().take(COMM_LENGTH).eq(comm.bytes().take(COMM_LENGTH)))
    }

    /// Whether the container's restart policy starts it again after success.
    pub(crate) fn restarts_after_success(&self) -> bool {
        match self.container.restart_policy.as_deref() {
            Some(policy) => policy == "Always",
            None => self.container.role == Role::App && self.pod.restart_policy == "Always",
        }
    }

    /// Whether a deletion was asked for while the container still ran.
    ///
    /// The kubelet's last delete rewrites the deletion with grace 0 after the containers have ended, so that one
    /// tells only that there was a deletion.
    pub(crate) fn deletion(&self) -> Option<DeletionWitness> {
        let requested = self.pod.deletion_requested()?;
        let has_grace = self.pod.first_deletion.is_some();
        let Some(finished) = self.finished() else { return Some(DeletionWitness { is_exact: false }) };
        let after = finished.as_second() - requested.as_second();
        if has_grace {
            return (after >= -1).then_some(DeletionWitness { is_exact: true });
        }
        // Grace 0: asked for within one grace period before, or forced.
        let is_rewritten = after >= -(self.grace_seconds() + SLACK_SECONDS);
        is_rewritten.then_some(DeletionWitness { is_exact: after >= 0 })
    }

    /// Whether the container runs again and is ready.
    pub(crate) fn has_recovered(&self) -> bool {
        self.container.status.as_ref().is_some_and(|s| s.ready && matches!(s.state, State::Running { .. }))
    }
}

/// A deletion that explains a stop.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DeletionWitness {
    /// Whether its moment is known, not only its latest bound.
    pub(crate) is_exact: bool,
}
