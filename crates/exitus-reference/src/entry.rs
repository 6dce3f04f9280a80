//! What the dictionary holds beside the causes: codes, signals, reasons, and what common tables say of them.

use exitus_model::CauseId;

use crate::{Lang, Text};

include!(concat!(env!("OUT_DIR"), "/codes.rs"));
include!(concat!(env!("OUT_DIR"), "/reasons.rs"));

/// A list in both languages, item for item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Points {
    pub(crate) en: &'static [&'static str],
    pub(crate) zh: &'static [&'static str],
}

impl Points {
    /// The items in a language.
    pub fn get(self, lang: Lang) -> &'static [&'static str] {
        match lang {
            Lang::En => self.en,
            Lang::Zh => self.zh,
        }
    }
}

/// An exit code that deserves a page of its own.
#[derive(Debug, Clone, Copy)]
pub struct Code {
    /// The code, as the status shows it.
    pub code: i64,
    /// Causes that it can stand for, the most likely first.
    pub causes: &'static [CauseId],
    /// Where the statements come from.
    pub sources: &'static [&'static str],
    /// What it says and does not say, in one line.
    pub title: Text,
    /// Who makes it, and how it reads.
    pub text: Text,
    /// What being the container's first process changes.
    pub as_pid1: Points,
    /// What a `reason` beside it changes; each begins with the reason in backticks.
    pub beside: Points,
    /// What to check first.
    pub check: Points,
}

/// What a code means in one world.
#[derive(Debug, Clone, Copy)]
pub struct Meaning {
    /// The code.
    pub code: i64,
    /// The id of the [`World`].
    pub world: &'static str,
    /// What it means there.
    pub text: Text,
    /// Where the statement comes from.
    pub source: &'static str,
}

/// A language, runtime or tool with codes of its own.
#[derive(Debug, Clone, Copy)]
pub struct World {
    /// The id.
    pub id: &'static str,
    /// The name.
    pub name: Text,
}

/// What a signal does to a process that does not handle it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Ends it.
    Terminate,
    /// Ends it with a core dump.
    Core,
    /// Nothing.
    Ignore,
    /// Halts it.
    Stop,
    /// Lets it go on.
    Continue,
}

impl Action {
    /// The word of the output.
    pub fn as_str(self) -> &'static str {
        match self {
            Action::Terminate => "terminate",
            Action::Core => "core",
            Action::Ignore => "ignore",
            Action::Stop => "stop",
            Action::Continue => "continue",
        }
    }
}

/// Whether a signal can end a container's first process that has no handler for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndsPid1 {
    /// When the kernel raises it for a fault of the process itself.
    Fault,
    /// Only when it comes from outside the container.
    Outside,
    /// Never: it is dropped.
    No,
}

impl EndsPid1 {
    /// The word of the output.
    pub fn as_str(self) -> &'static str {
        match self {
            EndsPid1::Fault => "fault",
            EndsPid1::Outside => "outside",
            EndsPid1::No => "no",
        }
    }
}

/// A signal, with the numbers of x86, ARM, s390x, ppc64le and riscv64.
#[derive(Debug, Clone, Copy)]
pub struct Signal {
    /// The number.
    pub number: i64,
    /// The name.
    pub name: &'static str,
    /// The default action.
    pub action: Action,
    /// Whether it can end PID 1.
    pub ends_pid1: EndsPid1,
    /// What sends it to containers.
    pub typical: Text,
    /// What to look at.
    pub advice: Text,
    /// Numbers on other architectures; empty where they are the same.
    pub elsewhere: &'static str,
}

/// A status with which Windows containers end.
#[derive(Debug, Clone, Copy)]
pub struct WindowsStatus {
    /// The value, unsigned; Kubernetes shows it as a signed 32-bit number.
    pub value: u32,
    /// Its name.
    pub name: &'static str,
    /// What it means.
    pub text: Text,
    /// The cause that it stands for.
    pub cause: Option<CauseId>,
    /// Where the statement comes from.
    pub source: &'static str,
}

impl WindowsStatus {
    /// The value as Kubernetes shows it.
    pub fn signed(&self) -> i32 {
        self.value.cast_signed()
    }
}

/// Where a word of Kubernetes stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReasonKind {
    /// `state.waiting.reason`.
    Waiting,
    /// `state.terminated.reason`.
    Terminated,
    /// `status.reason` or the phase of a pod.
    Pod,
    /// The STATUS column of `kubectl get pods`.
    Display,
    /// A condition, or the reason of one.
    Condition,
    /// An event's reason.
    Event,
    /// A condition or taint of a node.
    Node,
}

impl ReasonKind {
    /// The word of the output.
    pub fn as_str(self) -> &'static str {
        match self {
            ReasonKind::Waiting => "waiting",
            ReasonKind::Terminated => "terminated",
            ReasonKind::Pod => "pod",
            ReasonKind::Display => "display",
            ReasonKind::Condition => "condition",
            ReasonKind::Event => "event",
            ReasonKind::Node => "node",
        }
    }
}

/// What a reason is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReasonRole {
    /// It states the failure itself.
    Cause,
    /// It follows from another failure.
    Echo,
    /// A state, no fault.
    Marker,
    /// Status or code are made up.
    Invented,
    /// No current version writes it.
    Gone,
}

impl ReasonRole {
    /// The word of the output.
    pub fn as_str(self) -> &'static str {
        match self {
            ReasonRole::Cause => "cause",
            ReasonRole::Echo => "echo",
            ReasonRole::Marker => "marker",
            ReasonRole::Invented => "invented",
            ReasonRole::Gone => "gone",
        }
    }
}

/// A word that Kubernetes or a runtime prints.
#[derive(Debug, Clone, Copy)]
pub struct Reason {
    /// The word, as people paste it.
    pub name: &'static str,
    /// Where it stands.
    pub kind: ReasonKind,
    /// Other spellings.
    pub aliases: &'static [&'static str],
    /// Who writes it.
    pub set_by: &'static str,
    /// The first version that has it; empty for all that are known.
    pub since: &'static str,
    /// The last version that has it; empty where it is still written.
    pub until: &'static str,
    /// What it is worth.
    pub role: ReasonRole,
    /// Causes that it can stand for, the most likely first.
    pub causes: &'static [CauseId],
    /// Forms of the message beside it.
    pub messages: &'static [&'static str],
    /// Next commands, which only read.
    pub commands: &'static [&'static str],
    /// Where the statements come from.
    pub sources: &'static [&'static str],
    /// What it says, in one line.
    pub title: Text,
    /// When it is written, what it means and does not mean.
    pub text: Text,
    /// What leads to it.
    pub leads: Points,
    /// Next steps.
    pub next: Points,
}

/// A statement of the common tables, with what is true of it.
#[derive(Debug, Clone, Copy)]
pub struct Claim {
    /// The id.
    pub id: &'static str,
    /// What the tables say.
    pub claim: Text,
    /// Where that is true.
    pub holds: Text,
    /// Where it is not, with the fact.
    pub fails: Text,
    /// Where the fact comes from.
    pub sources: &'static [&'static str],
    /// The codes that it speaks of.
    pub codes: &'static [i64],
}

/// A command that shows codes and reasons.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// The id.
    pub id: &'static str,
    /// The command, with placeholders in capitals.
    pub command: &'static str,
    /// What it shows.
    pub shows: Text,
    /// What it does not.
    pub caveat: Text,
}

/// Codes with a page of their own, in order.
pub fn codes() -> &'static [Code] {
    CODES
}

/// The page of a code, where it has one.
pub fn code(code: i64) -> Option<&'static Code> {
    CODES.iter().find(|c| c.code == code)
}

/// What a code means, world by world.
pub fn meanings(code: i64) -> &'static [Meaning] {
    let start = MEANINGS.partition_point(|m| m.code < code);
    let end = MEANINGS.partition_point(|m| m.code <= code);
    &MEANINGS[start..end]
}

/// Every meaning, in order of their codes.
pub fn all_meanings() -> &'static [Meaning] {
    MEANINGS
}

/// The name of a world.
pub fn world(id: &str) -> Option<&'static World> {
    WORLDS.binary_search_by(|w| w.id.cmp(id)).ok().map(|i| &WORLDS[i])
}

/// Signals 1 to 64.
pub fn signals() -> &'static [Signal] {
    SIGNALS
}

/// A signal by number.
pub fn signal(number: i64) -> Option<&'static Signal> {
    SIGNALS.iter().find(|s| s.number == number)
}

/// Windows statuses, in order of their values.
pub fn windows_statuses() -> &'static [WindowsStatus] {
    STATUSES
}

/// Words of Kubernetes, by kind.
pub fn reasons() -> &'static [Reason] {
    REASONS
}

/// Statements of the common tables.
pub fn claims() -> &'static [Claim] {
    CLAIMS
}

/// Commands that show codes and reasons.
pub fn places() -> &'static [Place] {
    PLACES
}

/// The name of a signal, 1 to 64.
///
/// ```
/// assert_eq!(exitus_reference::signal_name(9), Some("SIGKILL"));
/// assert_eq!(exitus_reference::signal_name(0), None);
/// ```
pub fn signal_name(number: i64) -> Option<&'static str> {
    signal(number).map(|s| s.name)
}

/// The signal that an exit code stands for by the convention of 128 + n: 129 to 192.
///
/// ```
/// assert_eq!(exitus_reference::signal_number(137), Some(9));
/// assert_eq!(exitus_reference::signal_number(255), None);
/// ```
pub fn signal_number(exit_code: i64) -> Option<i64> {
    (129..=192).contains(&exit_code).then(|| exit_code - 128)
}
