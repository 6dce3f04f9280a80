//! Where and when a line stands, and whether two lines can be of one report.

use exitus_model::{FileId, Origin};

use super::line::Line;
use super::time::Stamp;

/// How long a report may take: a serial console prints a task table of a thousand lines in some ten seconds.
pub(super) const REPORT: Span = Span { seconds: 60.0, lines: 10_000 };

/// How far apart two kills of one group are: the kernel sends the signals in a loop.
pub(super) const GROUP: Span = Span { seconds: 5.0, lines: 50 };

pub(super) struct Span {
    seconds: f64,
    /// Stands in where the lines carry no times.
    lines: u32,
}

/// Where and when a line stands.
#[derive(Debug, Clone)]
pub(super) struct Head {
    pub(super) origin: Origin,
    pub(super) text: String,
    pub(super) stamp: Stamp,
    pub(super) uptime: Option<f64>,
    pub(super) host: Option<String>,
}

impl Head {
    pub(super) fn new(file: FileId, number: u32, text: &str, line: &Line<'_>) -> Head {
        Head {
            origin: Origin { file, line: number },
            text: text.to_owned(),
            stamp: line.stamp,
            uptime: line.uptime,
            host: line.host.map(str::to_owned),
        }
    }

    /// The same head with another time, where it has none.
    pub(super) fn or_at(self, at: Option<jiff::Timestamp>) -> Head {
        let stamp = if self.stamp == Stamp::None { at.map_or(Stamp::None, Stamp::At) } else { self.stamp };
        Head { stamp, ..self }
    }

    pub(super) fn moment(&self) -> Moment {
        Moment { line: self.origin.line, stamp: self.stamp, uptime: self.uptime }
    }
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    pub(super) line: u32,
    pub(super) stamp: Stamp,
    pub(super) uptime: Option<f64>,
}

impl Moment {
    /// Whether this came within a span after `earlier`.
    pub(super) fn follows(self, earlier: Moment, span: &Span) -> bool {
        let seconds = match (self.uptime, earlier.uptime) {
            (Some(late), Some(early)) => Some(late - early),
            _ => self.stamp.seconds_since(earlier.stamp).map(|s| s as f64),
        };
        match seconds {
            Some(seconds) => (-1.0..=span.seconds).contains(&seconds),
            None => self.line.saturating_sub(earlier.line) <= span.lines,
        }
    }
}
