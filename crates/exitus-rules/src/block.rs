//! A container that cannot start, with everything that speaks about it.

use exitus_model::{Container, Event, Evidence, Pod, Waiting};

use crate::index::Index;
use crate::quote;

/// A blocked container.
pub(crate) struct Block<'a, 's> {
    pub(crate) index: &'a Index<'s>,
    pub(crate) pod: &'s Pod,
    pub(crate) container: &'s Container,
    /// `state.waiting`; `None` where only events speak.
    pub(crate) waiting: Option<&'s Waiting>,
    /// Events about the pod, oldest first.
    pub(crate) events: &'a [&'s Event],
}

impl<'s> Block<'_, 's> {
    pub(crate) fn reason(&self) -> &'s str {
        self.waiting.map_or("", |w| w.reason.as_str())
    }

    pub(crate) fn message(&self) -> Option<&'s str> {
        self.waiting?.message.as_deref()
    }

    fn quote_waiting(&self, field: &str, value: &str) -> Option<Evidence> {
        let origin = self.waiting?.origin;
        let path = format!("{}.state.waiting.{field}", self.container.status_path());
        Some(quote::pod(self.index.snapshot, self.pod, path, value, origin, None))
    }

    pub(crate) fn quote_reason(&self) -> Option<Evidence> {
        self.quote_waiting("reason", self.reason())
    }

    pub(crate) fn quote_message(&self) -> Option<Evidence> {
        self.quote_waiting("message", self.message()?)
    }

    /// A field of the container's spec as evidence.
    pub(crate) fn quote_spec(&self, field: &str, value: impl std::fmt::Display) -> Evidence {
        let path = format!("{}.{field}", self.container.spec_path());
        quote::pod(self.index.snapshot, self.pod, path, value, self.container.origin, None)
    }

    pub(crate) fn quote_event(&self, event: &Event) -> Evidence {
        quote::event(self.index.snapshot, event)
    }

    /// Events of a reason about this container, oldest first.
    pub(crate) fn events_of(&self, reason: &str) -> impl Iterator<Item = &'s Event> {
        let name = &self.container.name;
        self.events
            .iter()
            .copied()
            .filter(move |e| e.reason == reason && e.container().is_none_or(|c| c == name))
    }
}
