//! What a cgroup used when it hit its limit.
//!
//! `memory: usage …kB, limit …kB` names no cgroup; the line `Memory cgroup stats for PATH:` behind it does.

use std::collections::VecDeque;

use super::moment::{Moment, REPORT};
use super::report::push_bounded;

/// `memory: usage …` lines, and the cgroups that the lines after them name.
#[derive(Default)]
pub(super) struct Usages {
    /// Lines that no `Memory cgroup stats for` has followed.
    unnamed: u32,
    newest: Option<Moment>,
    /// The figures of that line, while it is the only one.
    figures: Option<Usage>,
    named: VecDeque<(Moment, String, Usage)>,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Usage {
    pub(super) usage_kib: u64,
    pub(super) limit_kib: u64,
}

impl Usages {
    pub(super) fn usage(&mut self, moment: Moment, usage: Usage) {
        let is_first = self.newest.is_none_or(|earlier| !moment.follows(earlier, &REPORT));
        self.unnamed = if is_first { 1 } else { self.unnamed.saturating_add(1) };
        self.newest = Some(moment);
        // Of two reports at once, neither figure can be given to a cgroup.
        self.figures = (self.unnamed == 1).then_some(usage);
    }

    pub(super) fn stats(&mut self, path: &str) {
        self.unnamed = self.unnamed.saturating_sub(1);
        if let (Some(moment), Some(usage)) = (self.newest, self.figures.take()) {
            push_bounded(&mut self.named, (moment, path.to_owned(), usage));
        }
    }

    pub(super) fn take(&mut self, path: &str, now: Moment) -> Option<Usage> {
        self.named.retain(|(moment, ..)| now.follows(*moment, &REPORT));
        let at = self.named.iter().rposition(|(_, named, _)| named == path)?;
        self.named.remove(at).map(|(_, _, usage)| usage)
    }
}
