//! What a rule proposes, and how the deepest proposal becomes the verdict.

use exitus_model::{
    Args, CauseId, Confidence, Evidence, EvidenceList, Message, MessageId, Missing, Rival, RivalVerdict,
    Severity,
};

/// How deep an explanation goes: where several fit, the deepest is the cause and the others are its evidence.
///
/// A later one explains the earlier: an eviction explains the stop, a kill by the kernel explains the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Depth {
    /// Nothing but the exit code speaks.
    Code,
    /// The exit code reads as a signal.
    Signal,
    /// The log says why.
    Log,
    /// The status itself was lost.
    LostStatus,
    /// Somebody asked the container to stop.
    Stop,
    /// It had to be killed after the grace period, or its hook failed on the way.
    Grace,
    /// `OOMKilled`, against other facts.
    Contradicted,
    /// `OOMKilled`, from the status alone.
    MemoryReason,
    /// The kubelet says why it killed this container.
    Killing,
    /// A condition says why the pod was to go.
    Disruption,
    /// The pod's own reason: evicted, deadline, shut down.
    PodReason,
    /// The runtime or the node lost it.
    Runtime,
    /// The kernel says that it killed it.
    Kernel,
    /// The program never ran.
    NeverRan,
}

/// A cause with what speaks for it.
#[derive(Debug, Clone)]
pub(crate) struct Verdict {
    pub(crate) cause: CauseId,
    pub(crate) confidence: Confidence,
    pub(crate) depth: Depth,
    pub(crate) evidence: EvidenceList,
    pub(crate) rivals: Vec<Rival>,
    pub(crate) missing: Vec<Missing>,
    pub(crate) args: Args,
    /// The cause's own severity, unless this says otherwise.
    pub(crate) severity: Option<Severity>,
}

impl Verdict {
    pub(crate) fn new(cause: CauseId, confidence: Confidence, depth: Depth, decided_by: Evidence) -> Verdict {
        Verdict {
            cause,
            confidence,
            depth,
            evidence: EvidenceList::new(decided_by),
            rivals: Vec::new(),
            missing: Vec::new(),
            args: Args::new(),
            severity: None,
        }
    }

    #[must_use]
    pub(crate) fn and(mut self, evidence: impl IntoIterator<Item = Evidence>) -> Verdict {
        evidence.into_iter().for_each(|piece| self.evidence.push(piece));
        self
    }

    #[must_use]
    pub(crate) fn arg(mut self, name: &'static str, value: impl Into<String>) -> Verdict {
        self.args.set(name, value);
        self
    }

    #[must_use]
    pub(crate) fn severity(mut self, severity: Severity) -> Verdict {
        self.severity = Some(severity);
        self
    }

    #[must_use]
    pub(crate) fn ruled_out(self, cause: CauseId, because: impl Into<Message>) -> Verdict {
        self.rival(cause, RivalVerdict::RuledOut, because.into())
    }

    #[must_use]
    pub(crate) fn possible(self, cause: CauseId, because: impl Into<Message>) -> Verdict {
        self.rival(cause, RivalVerdict::Possible, because.into())
    }

    #[must_use]
    pub(crate) fn rivals(mut self, rivals: impl IntoIterator<Item = Rival>) -> Verdict {
        for rival in rivals {
            self = self.rival(rival.cause, rival.verdict, rival.because);
        }
        self
    }

    #[must_use]
    pub(crate) fn missing(mut self, missing: impl IntoIterator<Item = Missing>) -> Verdict {
        self.missing.extend(missing);
        self
    }

    fn rival(mut self, cause: CauseId, verdict: RivalVerdict, because: Message) -> Verdict {
        if cause != self.cause && !self.rivals.iter().any(|r| r.cause == cause) {
            self.rivals.push(Rival { cause, verdict, because });
            self.rivals.sort_by_key(|r| r.verdict);
        }
        self
    }
}

/// The deepest verdict; of two as deep, the surer one, then the one that comes first.
pub(crate) fn deepest(verdicts: impl IntoIterator<Item = Verdict>) -> Option<Verdict> {
    verdicts.into_iter().reduce(|best, next| {
        if (next.depth, next.confidence) > (best.depth, best.confidence) { next } else { best }
    })
}

/// A piece of evidence that is not there, with the command that fetches it.
pub(crate) fn missing(what: MessageId, why: MessageId, command: Option<String>) -> Missing {
    Missing { what: what.into(), why: why.into(), command }
}
