//! Finds the block that a dying program writes at the end: a stack trace, a panic, a crash report, a usage text.
//!
//! Only the block that stands at the very end speaks for the end of the program. Each kind knows which of its
//! lines decide, best first: the last `Caused by:` of Java, the last line of Python, the first of Go.

use super::line::{Level, View};
use super::phrase::{is_banner, is_closing, is_error, is_frame, is_recovery, is_trailer};
use super::trace;

/// As many lines of closing chatter may follow a block.
const MAX_CLOSING_LINES: usize = 12;
/// As many other lines may follow it: with more, the program went on.
const MAX_OTHER_LINES: usize = 4;

/// A block, as a range of views.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Block {
    pub(super) start: usize,
    pub(super) end: usize,
    /// The lines that can decide, best first.
    pub(super) deciding: Vec<usize>,
}

/// The block that ends the log, if one does.
pub(super) fn trailing(views: &[View<'_>]) -> Option<Block> {
    let found = [
        trace::frames(views),
        trace::python(views),
        trace::go(views),
        trace::rust(views),
        trace::ruby(views),
        trace::php(views),
        usage(views),
        report(views),
    ];
    found
        .into_iter()
        .flatten()
        .filter(|block| ends_the_log(views, block))
        .max_by_key(|block| (block.end, std::cmp::Reverse(block.start)))
}

/// Whether what follows the block is no more than a program's or its supervisor's last words.
fn ends_the_log(views: &[View<'_>], block: &Block) -> bool {
    let after = views.get(block.end..).unwrap_or_default();
    if after.iter().any(is_recovery) {
        return false;
    }
    let words = || after.iter().filter(|v| !v.is_blank() && !is_trailer(v));
    let closing = words().filter(|v| is_closing(v)).count();
    closing <= MAX_CLOSING_LINES && words().count() - closing <= MAX_OTHER_LINES
}

/// The usage text that follows a refused command line. The refusal stands above it, below it, or both.
fn usage(views: &[View<'_>]) -> Option<Block> {
    let head = (0..views.len()).rev().find(|i| is_usage_head(views, *i))?;
    let start = (0..head).rev().find(|i| !views.get(*i).is_some_and(View::is_blank)).unwrap_or(head);
    let rest = views.get(head + 1..)?;
    if rest.iter().any(|v| v.is_record && !v.is_indented() && !is_error(v)) {
        return None;
    }
    let below = (head + 1..views.len())
        .rev()
        .filter(|i| views.get(*i).is_some_and(|v| !v.is_indented() && is_error(v)));
    let deciding = below.take(3).chain([start, head]).collect();
    Some(Block { start, end: views.len(), deciding })
}

/// `usage: app [-h] --db DB`, `Usage:` above an indented line, `Usage of ./app:`
fn is_usage_head(views: &[View<'_>], at: usize) -> bool {
    let Some(view) = views.get(at) else { return false };
    let lower = view.body().trim_start().to_ascii_lowercase();
    let is_open = views.get(at + 1).is_some_and(View::is_indented);
    let has_marks = ['[', '<'].iter().any(|mark| lower.contains(*mark)) || lower.contains(" -");
    lower.starts_with("usage of ") && lower.ends_with(':')
        || lower.starts_with("usage:") && (is_open || has_marks)
}

/// The first line of a report that a runtime writes about its own end.
fn is_report_head(view: &View<'_>) -> bool {
    let text = view.body().trim_start();
    let is_sanitizer = text.starts_with("==") && text.contains("ERROR: ") && text.contains("Sanitizer");
    text.starts_with("APPLICATION FAILED TO START")
        || text.starts_with("# A fatal error has been detected by the Java")
        || text.starts_with("# There is insufficient memory for the Java")
        || view.text.starts_with("FATAL ERROR: ")
        || text.starts_with("Fatal Python error: ")
        || text.starts_with("You must install or update .NET to run")
        || text.starts_with("It was not possible to find any")
        || text.contains("[BUG] ")
        || text.contains("REDIS BUG REPORT START")
        || is_sanitizer
}

/// A crash report or a failure report: its first lines decide, all that follows without a new record belongs to it.
fn report(views: &[View<'_>]) -> Option<Block> {
    const DECIDING_LINES: usize = 12;
    let last = views.iter().rposition(is_report_head)?;
    let is_java = |i: usize| views.get(i).is_some_and(|v| v.text.starts_with('#'));
    let start = (0..last).rev().take_while(|i| is_java(*i)).last().unwrap_or(last);
    let length = views.get(last + 1..)?.iter().take_while(|v| !is_new_record(v)).count();
    let end = last + 1 + length;
    let speaks = |i: &usize| views.get(*i).is_some_and(|v| !v.is_blank() && !is_frame(v) && !is_banner(v));
    Some(Block { start, end, deciding: (last..end).filter(speaks).take(DECIDING_LINES).collect() })
}

/// Whether the program wrote on after its report.
fn is_new_record(view: &View<'_>) -> bool {
    view.has_time() || view.is_record && view.level.is_some_and(|level| level <= Level::Info)
}
