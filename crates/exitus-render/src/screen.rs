//! The page being written: its width, its colours and the date that was last shown.

use exitus_model::Report;
use jiff::Timestamp;

use crate::Style;
use crate::voice::Voice;
use crate::wrap::{elide, width, wrap};

/// Narrower than this nothing can be laid out; such terminals wrap by themselves.
const NARROWEST: usize = 40;

/// Wider than this the eye loses the line.
const WIDEST: usize = 120;

/// A foreign value inside a text takes at most this many cells: a termination message can be 4096 bytes long.
const VALUE_CELLS: usize = 160;

/// Most pages are shorter.
const FIRST_BYTES: usize = 8192;

fn short_value(value: &str) -> String {
    elide(value, VALUE_CELLS)
}

/// Select Graphic Rendition codes of the 16-colour set (ECMA-48, 8.3.117).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shade {
    Plain,
    Bold,
    Dim,
    Red,
    Yellow,
}

/// A page under construction.
pub(crate) struct Screen {
    pub(crate) out: String,
    pub(crate) width: usize,
    pub(crate) voice: Voice,
    pub(crate) show_all: bool,
    /// The folder that holds every quoted file, left out of locations.
    pub(crate) folder: String,
    color: bool,
    date: String,
}

impl Screen {
    pub(crate) fn new(style: &Style, report: &Report) -> Screen {
        Screen {
            out: String::with_capacity(FIRST_BYTES),
            width: style.width.clamp(NARROWEST, WIDEST),
            voice: Voice { value: short_value, ..Voice::plain(style.lang) },
            show_all: style.show_all,
            folder: common_folder(report),
            color: style.color,
            date: String::new(),
        }
    }

    /// Writes a line.
    pub(crate) fn line(&mut self, line: &str) {
        self.out.push_str(line);
        self.end_line();
    }

    fn end_line(&mut self) {
        self.out.truncate(self.out.trim_end_matches(' ').len());
        self.out.push('\n');
    }

    /// Writes an empty line, unless there is one or nothing.
    pub(crate) fn gap(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    /// Writes a paragraph, its first line behind `lead`, the others below its text or at `hang`.
    pub(crate) fn paragraph(&mut self, lead: &str, text: &str, hang: usize, shade: Shade) {
        let first = self.width.saturating_sub(width(lead));
        let blanks = " ".repeat(hang);
        for (i, line) in wrap(text, first, self.width - hang).iter().enumerate() {
            self.out.push_str(if i == 0 { lead } else { &blanks });
            self.paint_out(line, shade);
            self.end_line();
        }
    }

    /// Writes parts with ` · ` between them; a line ends between parts where it can.
    pub(crate) fn parts(&mut self, lead: &str, parts: &[String], hang: usize) {
        let mut line = String::new();
        let mut lead = lead.to_owned();
        for part in parts {
            if !line.is_empty() && width(&lead) + width(&line) + 3 + width(part) > self.width {
                self.paragraph(&lead, &line, hang, Shade::Plain);
                lead = " ".repeat(hang);
                line.clear();
            }
            if !line.is_empty() {
                line += " · ";
            }
            line += part;
        }
        self.paragraph(&lead, &line, hang, Shade::Plain);
    }

    /// Colours a text that was measured before.
    pub(crate) fn paint(&self, text: &str, shade: Shade) -> String {
        let (on, off) = self.color_of(text, shade);
        [on, text, off].concat()
    }

    fn paint_out(&mut self, text: &str, shade: Shade) {
        let (on, off) = self.color_of(text, shade);
        for part in [on, text, off] {
            self.out.push_str(part);
        }
    }

    /// What switches a colour on, and off again.
    fn color_of(&self, text: &str, shade: Shade) -> (&'static str, &'static str) {
        const OFF: &str = "\x1b[0m";
        match shade {
            _ if !self.color || text.is_empty() => ("", ""),
            Shade::Plain => ("", ""),
            Shade::Bold => ("\x1b[1m", OFF),
            Shade::Dim => ("\x1b[2m", OFF),
            Shade::Red => ("\x1b[31m", OFF),
            Shade::Yellow => ("\x1b[33m", OFF),
        }
    }

    /// Colours a text and fills it up to a width.
    pub(crate) fn cell(&self, text: &str, to: usize, shade: Shade) -> String {
        let mut cell = self.paint(text, shade);
        for _ in width(text)..to {
            cell.push(' ');
        }
        cell
    }

    /// Writes the date on a line of its own, where it is not the one shown last.
    pub(crate) fn date_of(&mut self, at: Timestamp) {
        let date = date(at);
        if date != self.date {
            let line = self.paint(&format!("  {date} UTC"), Shade::Dim);
            self.line(&line);
            self.date = date;
        }
    }

    /// A time, with its date where that is not the one shown last.
    pub(crate) fn time(&self, at: Timestamp) -> String {
        if date(at) == self.date { clock(at) } else { format!("{} {}", date(at), clock(at)) }
    }
}

pub(crate) fn date(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d").to_string()
}

/// Hours, minutes and seconds, UTC.
pub(crate) fn clock(at: Timestamp) -> String {
    at.strftime("%H:%M:%S").to_string()
}

/// The folder that all quoted files share, with its slash; empty where there is none.
fn common_folder(report: &Report) -> String {
    let files = report.items.iter().flat_map(|d| d.evidence.iter()).filter_map(|e| e.file.as_deref());
    let folder = |file: &str| file.rfind('/').map_or(String::new(), |at| file[..=at].to_owned());
    let mut common: Option<String> = None;
    for file in files {
        match &mut common {
            None => common = Some(folder(file)),
            Some(common) => {
                while !file.starts_with(common.as_str()) {
                    *common = folder(common.trim_end_matches('/'));
                }
            }
        }
    }
    common.unwrap_or_default()
}
