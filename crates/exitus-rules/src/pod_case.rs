//! A pod with everything that speaks about it as a whole.

use exitus_model::{Event, Evidence, Pod};
use jiff::Timestamp;

use crate::index::Index;
use crate::quote;

/// A pod and its events, oldest first.
pub(crate) struct PodCase<'a, 's> {
    pub(crate) index: &'a Index<'s>,
    pub(crate) pod: &'s Pod,
    pub(crate) events: &'a [&'s Event],
}

impl<'s> PodCase<'_, 's> {
    /// A field of the pod as evidence.
    pub(crate) fn quote(&self, path: &str, value: impl std::fmt::Display) -> Evidence {
        quote::pod(self.index.snapshot, self.pod, path, value, self.pod.origin, None)
    }

    /// A condition of the pod as evidence.
    pub(crate) fn quote_condition(&self, condition: &exitus_model::Condition) -> Evidence {
        quote::pod_condition(self.index.snapshot, self.pod, condition)
    }

    pub(crate) fn quote_event(&self, event: &Event) -> Evidence {
        quote::event(self.index.snapshot, event)
    }

    /// The latest event of a reason.
    pub(crate) fn last_event(&self, reason: &str) -> Option<&'s Event> {
        self.events.iter().rev().find(|e| e.reason == reason).copied()
    }

    /// Whether an event of one of these reasons came after a time.
    pub(crate) fn has_event_after(&self, reasons: &[&str], at: Option<Timestamp>) -> bool {
        self.events.iter().any(|e| reasons.contains(&e.reason.as_str()) && e.last > at)
    }

    /// Whether any of its containers has run or is running.
    pub(crate) fn has_started(&self) -> bool {
        self.pod.containers.iter().filter_map(|c| c.status.as_ref()).any(|s| {
            s.last.is_some()
                || matches!(s.state, exitus_model::State::Running { .. } | exitus_model::State::Terminated(_))
        })
    }
}

/// The events of some reasons, in their order.
pub(crate) fn of_reasons<'s>(events: &[&'s Event], reasons: &[&str]) -> Vec<&'s Event> {
    events.iter().copied().filter(|e| reasons.contains(&e.reason.as_str())).collect()
}
