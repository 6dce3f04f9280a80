//! A report as a screen, JSON, YAML, Markdown or names, in English and Chinese.
//!
//! [`render`] turns a [`Report`] into any [`Format`]. The crate judges nothing and does no IO; it owns what is shown in
//! which order, the width and colours of a terminal, the output contract `exitus/v1`, and the [sanitiser](sanitize)
//! that all foreign text passes before it is shown.

mod brief;
mod explain;
mod fact;
mod human;
mod item;
mod json;
mod kernel;
mod layout;
mod markdown;
mod problem;
pub mod sanitize;
mod screen;
mod voice;
mod wide;
mod wire;
mod wrap;
mod yaml;

use exitus_model::{Problem, Report};
use exitus_reference::Lang;

use crate::voice::Voice;

pub use explain::{ExplainFormat, List, describe_unknown, explain, list};

/// A form of output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// The screen for people.
    Human,
    /// One line for each item, in columns.
    Wide,
    /// The output contract `exitus/v1`, one indented document.
    Json,
    /// The same document as YAML.
    Yaml,
    /// The items of the contract, one a line.
    Ndjson,
    /// A table and sections for tickets and chat.
    Markdown,
    /// The names of what is not well: `pod/NAME` lines.
    Name,
}

/// How it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// The language of texts for people.
    pub lang: Lang,
    /// Whether the human view is coloured, with the 16 colours of every terminal.
    pub color: bool,
    /// The terminal's width in cells, for the human view; taken as at least 40 and at most 120.
    pub width: usize,
    /// Whether harmless and past items are shown in full too, and no list is cut short.
    pub show_all: bool,
}

impl Default for Style {
    /// English, without colour, 80 cells wide.
    fn default() -> Style {
        Style { lang: Lang::En, color: false, width: 80, show_all: false }
    }
}

/// Writes a report; every form ends with a line end, unless it is empty.
///
/// ```
/// use exitus_model::{Report, Summary};
/// use exitus_reference::Lang;
/// use exitus_render::{Format, Style, render};
///
/// let report = Report { summary: Summary { pods: 12, ..Summary::default() }, ..Report::default() };
/// let style = Style { lang: Lang::En, color: false, width: 80, show_all: false };
/// assert_eq!(render(&report, Format::Human, &style), "nothing wrong in 12 pods\n");
/// ```
pub fn render(report: &Report, format: Format, style: &Style) -> String {
    let voice = Voice::plain(style.lang);
    match format {
        Format::Json => json::list(report, &voice),
        Format::Yaml => yaml::from_json(&json::list(report, &voice)),
        Format::Ndjson => json::lines(report, &voice),
        Format::Human => human::render(&sanitize::report(report), style),
        Format::Wide => wide::render(&sanitize::report(report), &voice),
        Format::Markdown => markdown::render(&sanitize::report(report), style),
        Format::Name => wide::names(&sanitize::report(report), style.show_all),
    }
}

/// A problem with an input in one line, clean for a terminal.
pub fn describe_problem(problem: &Problem, lang: Lang) -> String {
    problem::line(problem, lang)
}

/// The JSON Schema (draft 2020-12) of the output contract `exitus/v1`.
///
/// ```
/// assert!(exitus_render::schema().contains("https://json-schema.org/draft/2020-12/schema"));
/// ```
pub fn schema() -> &'static str {
    include_str!("../schema/exitus-v1.schema.json")
}

#[cfg(test)]
mod tests;
