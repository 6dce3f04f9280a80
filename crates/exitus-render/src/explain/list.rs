//! Tables of the whole dictionary.

use exitus_reference::message_id as id;
use exitus_reference::{Lang, Topic, causes, reasons, signals};

use super::{ExplainFormat, escape, json, sheet, sheet_markdown};
use crate::voice::Voice;
use crate::wrap::{pad, width};

/// A part of the dictionary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    /// Exit codes 0 to 255.
    Codes,
    /// Signals 1 to 64.
    Signals,
    /// Words of Kubernetes.
    Reasons,
    /// Causes.
    Causes,
}

impl List {
    fn topics(self) -> Vec<Topic> {
        match self {
            List::Codes => (0..=255).map(|code| Topic::Code { given: code, code }).collect(),
            List::Signals => signals().iter().map(Topic::Signal).collect(),
            List::Reasons => reasons().iter().map(Topic::Reason).collect(),
            List::Causes => causes().iter().map(Topic::Cause).collect(),
        }
    }
}

/// Writes a part of the dictionary: one line for each entry, or as Markdown the whole reference page.
pub fn list(part: List, format: ExplainFormat, lang: Lang) -> String {
    let topics = part.topics();
    match format {
        ExplainFormat::Json => json::topics(&topics, lang),
        ExplainFormat::Yaml => crate::yaml::from_json(&json::topics(&topics, lang)),
        ExplainFormat::Markdown => page(part, &topics, lang),
        ExplainFormat::Human | ExplainFormat::Short => lines(&topics, lang),
    }
}

fn lines(topics: &[Topic], lang: Lang) -> String {
    let sheets: Vec<sheet::Sheet> = topics.iter().map(|t| sheet::of(t, lang)).collect();
    let column = sheets.iter().map(|s| width(&s.head)).max().unwrap_or(0);
    let mut out = String::new();
    for sheet in sheets {
        out.push_str(format!("{}  {}", pad(&sheet.head, column), sheet.title).trim_end());
        out.push('\n');
    }
    out
}

/// The reference page: a table of all, then each entry that has more to say.
fn page(part: List, topics: &[Topic], lang: Lang) -> String {
    let voice = Voice::plain(lang);
    let title = match part {
        List::Codes => id::EXPLAIN_PAGE_CODES,
        List::Signals => id::EXPLAIN_PAGE_SIGNALS,
        List::Reasons => id::EXPLAIN_PAGE_REASONS,
        List::Causes => id::EXPLAIN_PAGE_CAUSES,
    };
    let mut out = format!("# {}\n\n{}\n\n", voice.word(title), voice.word(id::EXPLAIN_PAGE_GENERATED));
    out.push_str("| | |\n| --- | --- |\n");
    let sheets: Vec<sheet::Sheet> = topics.iter().map(|t| sheet::of(t, lang)).collect();
    for sheet in &sheets {
        out.push_str(&format!("| `{}` | {} |\n", sheet.head, escape(&sheet.title)));
    }
    out.push('\n');
    for (topic, mut sheet) in topics.iter().zip(sheets) {
        // Where to look is the same for all codes: `exitus explain CODE` tells it.
        sheet.sections.retain(|s| s.label != id::EXPLAIN_WHERE);
        let has_more = !matches!(topic, Topic::Code { code, .. } if exitus_reference::code(*code).is_none() && exitus_reference::meanings(*code).is_empty());
        if has_more {
            out.push_str(&sheet_markdown(&sheet, lang));
        }
    }
    out
}
