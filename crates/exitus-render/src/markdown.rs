//! Markdown for tickets and chat: a table of verdicts, then a section for each group.
//!
//! Foreign values that could be taken for markup, a link or a mention stand in code spans, which no renderer reads.

use exitus_model::{Diagnosis, Message, MessageId, Report, Rival, RivalVerdict};
use exitus_reference::message_id as id;

use crate::Style;
use crate::brief::{subject_name, tell, whom};
use crate::human::{counts, headline};
use crate::item::container_name;
use crate::layout::{Block, layout};
use crate::problem;
use crate::screen::{clock, date};
use crate::voice::{Voice, mark};

/// Writes a clean report.
pub(crate) fn render(report: &Report, style: &Style) -> String {
    let layout = layout(report, style.show_all);
    let voice = Voice { lang: style.lang, template, value: prose };
    let mut page = format!("**{}**\n", {
        let counts = counts(report, &layout, &voice);
        if counts.is_empty() { crate::human::nothing_wrong(report, &voice) } else { counts.join(" · ") }
    });
    if !layout.blocks.is_empty() {
        table(&mut page, &layout.blocks, style);
        for block in &layout.blocks {
            section(&mut page, block, &voice);
        }
    }
    let title = |page: &mut String, heading| *page += &format!("\n## {}\n\n", voice.word(heading));
    if !layout.record.is_empty() {
        title(&mut page, id::UI_HEADING_RECORD);
        for items in &layout.record {
            for told in tell(items, &voice, |at| format!("{} {}", date(at), clock(at))) {
                page += &format!("- {}: {}\n", quote_whom(&told.items, &voice), told.line);
            }
        }
    }
    if !report.problems.is_empty() {
        title(&mut page, id::UI_HEADING_WARNINGS);
        for problem in &report.problems {
            let text = voice.say(&problem::message(problem));
            page += &format!("- {}: {text}\n", code(&problem::place(problem)));
        }
    }
    page
}

fn quote_whom(items: &[&Diagnosis], voice: &Voice) -> String {
    if crate::layout::subjects(items) == 1 { prose(&subject_name(items[0])) } else { whom(items, voice) }
}

fn table(page: &mut String, blocks: &[Block<'_>], style: &Style) {
    let voice = Voice { lang: style.lang, template, value: cell };
    let columns = [
        id::UI_COLUMN_SUBJECT,
        id::UI_COLUMN_CONTAINER,
        id::UI_COLUMN_VERDICT,
        id::UI_COLUMN_CONFIDENCE,
        id::UI_COLUMN_TIME,
    ];
    let names: Vec<String> = columns.into_iter().map(|c| voice.word(c)).collect();
    *page += &format!("\n|  | {} |\n|---|---|---|---|---|---|\n", names.join(" | "));
    for block in blocks {
        let rows = if block.is_group { &block.full[..1] } else { &block.full[..] };
        for item in rows {
            let subject =
                if block.is_group { headline(&block.full, &voice) } else { cell(&subject_name(item)) };
            let at = item.incident.at.map(|at| format!("{} {}", date(at), clock(at))).unwrap_or_default();
            *page += &format!(
                "| {} | {subject} | {} | {} | {} | {at} |\n",
                mark(item.severity),
                container_name(item, &voice),
                voice.title(item),
                voice.confidence(item.confidence),
            );
        }
    }
}

fn section(page: &mut String, block: &Block<'_>, voice: &Voice) {
    let heading =
        if block.is_group { headline(&block.full, voice) } else { prose(&subject_name(block.full[0])) };
    *page += &format!("\n## {heading}\n");
    let shown = if block.is_group { &block.full[..1] } else { &block.full[..] };
    for item in shown {
        if block.is_group {
            *page += &format!("\n{}\n", prose(&subject_name(item)));
        }
        write_item(page, item, voice);
    }
    if block.is_group {
        let mut names: Vec<String> = block.full[1..].iter().map(|d| prose(&subject_name(d))).collect();
        names.dedup();
        let also = Message::from(id::UI_ALSO).with("names", names.join(", "));
        *page += &format!("\n{}\n", voice.compose(&also));
    }
    if !block.brief.is_empty() {
        page.push('\n');
        for told in tell(&block.brief, voice, |at| format!("{} {}", date(at), clock(at))) {
            *page += &format!("- {}\n", told.line);
        }
    }
}

fn write_item(page: &mut String, item: &Diagnosis, voice: &Voice) {
    let name = match container_name(item, voice) {
        name if name.is_empty() => String::new(),
        name => format!("{name}: "),
    };
    let confidence = voice.confidence(item.confidence);
    *page += &format!(
        "\n{} {name}{} — **{confidence}** (`{}`)\n",
        mark(item.severity),
        voice.title(item),
        item.cause
    );
    let explanation = voice.explanation(item);
    if !explanation.is_empty() {
        *page += &format!("\n{}\n", explanation.replace('\n', "\n\n"));
    }
    heading(page, voice, id::UI_HEADING_EVIDENCE);
    let mut pieces: Vec<_> = item.evidence.iter().collect();
    pieces.sort_by_key(|p| (p.at.is_none(), p.at));
    for piece in pieces {
        let at = piece.at.map(|at| format!("{} {} ", date(at), clock(at))).unwrap_or_default();
        let path = piece.path.as_deref().map(|path| format!("{} = ", code(path))).unwrap_or_default();
        let place = match (&piece.file, piece.line.filter(|l| *l > 0)) {
            (Some(file), Some(line)) => format!(" ({})", code(&format!("{file}:{line}"))),
            (Some(file), None) => format!(" ({})", code(file)),
            (None, _) => String::new(),
        };
        let echo = if piece.is_echo { voice.raw(id::UI_ECHO) } else { "" };
        let who = voice.source(piece.source);
        *page += &format!("- {at}{who}: {path}{}{echo}{place}\n", code(&piece.value));
    }
    rivals(page, item, voice, id::UI_HEADING_RULED_OUT, RivalVerdict::RuledOut);
    rivals(page, item, voice, id::UI_HEADING_POSSIBLE, RivalVerdict::Possible);
    if !item.missing.is_empty() {
        heading(page, voice, id::UI_HEADING_MISSING);
        for gap in &item.missing {
            *page += &format!("- {}: {}\n", voice.say(&gap.what), voice.say(&gap.why));
            command(page, gap.command.as_deref());
        }
    }
    let steps = voice.steps(item);
    if !steps.is_empty() {
        heading(page, voice, id::UI_HEADING_NEXT);
        for step in steps {
            *page += &format!("- *{}* {}\n", voice.risk(step.risk), step.text);
            command(page, step.command.as_deref());
        }
    }
    let references = exitus_reference::cause(item.cause.as_str()).map_or(&[][..], |c| c.references);
    if !references.is_empty() {
        heading(page, voice, id::UI_HEADING_REFERENCES);
        references.iter().for_each(|r| *page += &format!("- <{r}>\n"));
    }
}

fn heading(page: &mut String, voice: &Voice, word: MessageId) {
    *page += &format!("\n**{}**\n\n", voice.word(word));
}

fn rivals(page: &mut String, item: &Diagnosis, voice: &Voice, word: MessageId, verdict: RivalVerdict) {
    let rivals: Vec<&Rival> = item.rivals.iter().filter(|r| r.verdict == verdict).collect();
    if rivals.is_empty() {
        return;
    }
    heading(page, voice, word);
    for rival in rivals {
        *page += &format!("- `{}`: {}\n", rival.cause, voice.say(&rival.because));
    }
}

/// A command in a block of its own below a list's item.
fn command(page: &mut String, command: Option<&str>) {
    if let Some(command) = command {
        let fence = "`".repeat(longest_run(command).max(2) + 1);
        *page += &format!("  {fence}sh\n  {command}\n  {fence}\n");
    }
}

/// A template of the reference: what is markup by chance is escaped, code spans stay.
fn template(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut is_code = false;
    for c in text.chars() {
        is_code ^= c == '`';
        match c {
            '<' if !is_code => escaped += "&lt;",
            '>' if !is_code => escaped += "&gt;",
            '*' | '#' | '~' if !is_code => escaped.extend(['\\', c]),
            '|' if !is_code => escaped += "\\|",
            c => escaped.push(c),
        }
    }
    escaped
}

/// Whether a value has no meaning in Markdown, nor in what chat and ticket systems make of it.
fn is_harmless(value: &str) -> bool {
    let is_harmless = |c: char| c.is_alphanumeric() || " .,:;/+=%()'\"?-".contains(c);
    let lower = value.to_ascii_lowercase();
    value.chars().all(is_harmless)
        && !["://", "www.", "mailto:", "xmpp:"].iter().any(|link| lower.contains(link))
}

fn prose(value: &str) -> String {
    if is_harmless(value) { value.to_owned() } else { code(value) }
}

/// In a table a pipe ends the cell even inside a code span, unless a backslash stands before it (GFM, section 4.10).
fn cell(value: &str) -> String {
    prose(value).replace("\\|", "\\ |").replace('|', "\\|")
}

/// A code span that holds any text: its fence is longer than every run of backticks in it.
fn code(text: &str) -> String {
    let fence = "`".repeat(longest_run(text) + 1);
    let needs_blanks = text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']);
    let blank = if needs_blanks { " " } else { "" };
    if text.is_empty() { "`\"\"`".to_owned() } else { format!("{fence}{blank}{text}{blank}{fence}") }
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}
