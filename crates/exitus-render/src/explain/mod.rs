//! The dictionary's answers, in every form.

mod json;
mod list;
mod sheet;

use std::borrow::Cow;

use exitus_model::{Message, Report};
use exitus_reference::message_id as id;
use exitus_reference::{Answer, Lang, Unknown};

use crate::Style;
use crate::sanitize::clean;
use crate::screen::{Screen, Shade};
use crate::voice::Voice;
use crate::wrap::{pad, width};

pub use list::{List, list};

use self::sheet::{Row, Section, Sheet};

/// A form of the dictionary's answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExplainFormat {
    /// The screen for people.
    Human,
    /// One line for each answer.
    Short,
    /// JSON: an array of answers.
    Json,
    /// The same as YAML.
    Yaml,
    /// Markdown.
    Markdown,
}

/// Labels of sections take so many cells, in both languages.
const LABEL_CELLS: usize = 13;

/// Writes the answers that were found, in their order.
pub fn explain(answers: &[Answer], format: ExplainFormat, style: &Style) -> String {
    match format {
        ExplainFormat::Human => human(answers, style),
        ExplainFormat::Short => short(answers, style.lang),
        ExplainFormat::Json => json::answers(answers, style.lang),
        ExplainFormat::Yaml => crate::yaml::from_json(&json::answers(answers, style.lang)),
        ExplainFormat::Markdown => markdown(answers, style.lang),
    }
}

/// What to say of a word that the dictionary does not hold.
pub fn describe_unknown(unknown: &Unknown, lang: Lang) -> String {
    let voice = Voice::plain(lang);
    let words = if unknown.nearest.is_empty() { id::EXPLAIN_UNKNOWN } else { id::EXPLAIN_UNKNOWN_NEAREST };
    let message = Message::from(words).with("name", &unknown.asked).with("names", unknown.nearest.join(", "));
    clean(&voice.say(&message)).into_owned()
}

fn human(answers: &[Answer], style: &Style) -> String {
    let mut screen = Screen::new(style, &Report::default());
    for (i, answer) in answers.iter().enumerate() {
        if i > 0 {
            screen.gap();
        }
        if let Some(together) = answer.together {
            let text =
                format!("{}: {}", screen.voice.word(id::EXPLAIN_TOGETHER), plain(together.get(style.lang)));
            screen.paragraph("", &text, 2, Shade::Bold);
            screen.gap();
        }
        for (j, topic) in answer.topics.iter().enumerate() {
            if j > 0 {
                screen.gap();
            }
            // The first topic is the answer; what else the word can mean is told in short.
            let is_main = j == 0 || answer.asked.contains(' ');
            write_sheet(&mut screen, &sheet::of(topic, style.lang), is_main);
        }
    }
    screen.out
}

fn write_sheet(screen: &mut Screen, sheet: &Sheet, is_whole: bool) {
    let head = pad(&sheet.head, width(&sheet.head) + 2);
    screen.paragraph("", &format!("{head}{}", sheet.title), 2, Shade::Bold);
    if !is_whole {
        return;
    }
    for paragraph in sheet.prose.split('\n').filter(|p| !p.is_empty()) {
        screen.paragraph("  ", &plain(paragraph), 2, Shade::Plain);
    }
    for section in sheet.sections.iter().filter(|s| !s.rows.is_empty()) {
        write_section(screen, section);
    }
}

fn write_section(screen: &mut Screen, section: &Section) {
    let label = format!("  {}", screen.voice.word(section.label));
    let label = screen.cell(&label, LABEL_CELLS + 2, Shade::Dim);
    let blanks = " ".repeat(LABEL_CELLS + 2);
    for (i, row) in section.rows.iter().enumerate() {
        write_row(screen, if i == 0 { &label } else { &blanks }, row);
    }
}

fn write_row(screen: &mut Screen, lead: &str, row: &Row) {
    let text = match (&row.lead, row.text.is_empty()) {
        (Some(name), false) => [name, ": ", &plain(&row.text)].concat().into(),
        (Some(name), true) => name.clone(),
        (None, _) => plain(&row.text),
    };
    if !text.is_empty() {
        screen.paragraph(lead, &text, LABEL_CELLS + 4, Shade::Plain);
    }
    if let Some(command) = &row.command {
        // Never wrapped, so that it can be copied.
        let blanks = " ".repeat(LABEL_CELLS + 4);
        screen.line(&[if text.is_empty() { lead } else { &blanks }, command].concat());
    }
}

/// Without the backticks of Markdown.
fn plain(text: &str) -> Cow<'_, str> {
    if text.as_bytes().contains(&b'`') { text.replace('`', "").into() } else { text.into() }
}

fn short(answers: &[Answer], lang: Lang) -> String {
    let mut out = String::new();
    for answer in answers {
        let sheets = answer.topics.iter().map(|t| sheet::of(t, lang));
        let lines: Vec<String> = match answer.together {
            Some(together) => vec![plain(together.get(lang)).into_owned()],
            None => sheets.take(1).map(|s| s.title).collect(),
        };
        let asked = clean(&answer.asked).into_owned();
        out.push_str(&format!("{asked}: {}\n", lines.join("; ")));
    }
    out
}

fn markdown(answers: &[Answer], lang: Lang) -> String {
    let mut out = String::new();
    for answer in answers {
        if let Some(together) = answer.together {
            out.push_str(&format!("> {}\n\n", together.get(lang)));
        }
        for topic in &answer.topics {
            out.push_str(&sheet_markdown(&sheet::of(topic, lang), lang));
        }
    }
    out
}

/// A sheet as a section of a page.
pub(crate) fn sheet_markdown(sheet: &Sheet, lang: Lang) -> String {
    let voice = Voice::plain(lang);
    let mut out = format!("## {}\n\n**{}**\n\n", escape(&sheet.head), escape(&sheet.title));
    for paragraph in sheet.prose.split('\n').filter(|p| !p.is_empty()) {
        out.push_str(&format!("{}\n\n", escape(paragraph)));
    }
    for section in sheet.sections.iter().filter(|s| !s.rows.is_empty()) {
        out.push_str(&format!("{}\n\n", voice.word(section.label)));
        for row in &section.rows {
            let lead = row.lead.as_ref().map(|l| escape(l));
            let text = escape(&row.text);
            let command = row.command.as_ref().map(|c| format!("`{c}`"));
            let parts: Vec<String> =
                lead.into_iter().chain(Some(text).filter(|t| !t.is_empty())).chain(command).collect();
            out.push_str(&format!("- {}\n", parts.join(": ")));
        }
        out.push('\n');
    }
    out
}

/// Keeps what looks like HTML from being taken for it; our texts use backticks on purpose.
pub(crate) fn escape(text: &str) -> String {
    text.replace('<', "&lt;").replace('|', "\\|")
}
