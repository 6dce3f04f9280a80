//! The stack traces of the common runtimes, each found from the end of the log.

use super::block::Block;
use super::line::View;
use super::phrase::{is_at_frame, is_go_frame, is_omission, is_trailer};

/// Messages longer than this many lines are cut.
const MAX_MESSAGE_LINES: usize = 12;

fn text<'v>(views: &'v [View<'_>], at: usize) -> &'v str {
    views.get(at).map_or("", |v| v.text.as_ref())
}

fn bare<'v>(views: &'v [View<'_>], at: usize) -> &'v str {
    text(views, at).trim_start()
}

fn is_blank(views: &[View<'_>], at: usize) -> bool {
    views.get(at).is_some_and(View::is_blank)
}

fn is_record(views: &[View<'_>], at: usize) -> bool {
    views.get(at).is_some_and(|v| v.is_record)
}

// ---- Java, Node.js, .NET: frames that begin with `at` -------------------------------------------------------

fn is_stack_frame(view: &View<'_>) -> bool {
    let bare = view.text.trim_start();
    view.is_indented() && is_at_frame(bare) || is_omission(bare) || bare.starts_with("Emitted '")
}

fn is_inner_cause(bare: &str) -> bool {
    ["Caused by:", "---> ", "[cause]:", "Suppressed:"].iter().any(|mark| bare.starts_with(mark))
}

/// A trace of Java, Node.js or .NET. Its innermost cause decides, then its head, then what Node prints below it.
pub(super) fn frames(views: &[View<'_>]) -> Option<Block> {
    let last = views.iter().rposition(is_stack_frame)?;
    let mut start = last;
    let mut messages: Vec<Vec<usize>> = Vec::new();
    while let Some(message) = message_above(views, start) {
        start = message.first().copied().unwrap_or(start);
        messages.push(innermost_first(views, &message));
        if !is_inner_cause(bare(views, start)) {
            break;
        }
    }
    let end = end_of_frames(views, last);
    let is_suppressed =
        |m: &Vec<usize>| m.first().is_some_and(|i| bare(views, *i).starts_with("Suppressed:"));
    let (suppressed, told): (Vec<_>, Vec<_>) = messages.into_iter().partition(is_suppressed);
    let below = (last + 1..end).filter(|i| !bare(views, *i).is_empty());
    let nested = below.clone().filter(|i| is_inner_cause(bare(views, *i)));
    let deciding =
        nested.chain(told.into_iter().flatten()).chain(below).chain(suppressed.into_iter().flatten());
    Some(Block { start, end, deciding: deciding.collect() })
}

/// .NET stacks several causes above one run of frames: the last is the innermost.
fn innermost_first(views: &[View<'_>], message: &[usize]) -> Vec<usize> {
    let inner = message.iter().rposition(|i| is_inner_cause(bare(views, *i))).unwrap_or(0);
    let (outer, inner) = message.split_at(inner);
    inner.iter().chain(outer.iter().rev()).copied().collect()
}

/// The lines of the message above a run of frames; the run holds the line `below` or ends above it.
fn message_above(views: &[View<'_>], below: usize) -> Option<Vec<usize>> {
    let is_frame = |i: usize| views.get(i).is_some_and(is_stack_frame);
    let end = if is_frame(below) { below + 1 } else { below };
    let top = (0..end).rev().take_while(|i| is_frame(*i)).last()?;
    let mut lines = Vec::new();
    for i in (0..top).rev().take(MAX_MESSAGE_LINES) {
        if is_frame(i) || is_blank(views, i) {
            break;
        }
        lines.push(i);
        let is_java_cause = is_inner_cause(bare(views, i)) && !is_dotnet_cause(views, i);
        if is_java_cause || is_record(views, i) && !is_exception_head(bare(views, i)) {
            break;
        }
    }
    lines.reverse();
    lines.drain(..first_of_message(views, &lines));
    (!lines.is_empty()).then_some(lines)
}

/// Which of the lines above a run of frames begins the message.
fn first_of_message(views: &[View<'_>], lines: &[usize]) -> usize {
    let head_in = |lines: &[usize]| lines.iter().rposition(|i| is_exception_head(bare(views, *i)));
    if lines.first().is_some_and(|i| is_inner_cause(bare(views, *i)) && !is_dotnet_cause(views, *i)) {
        return 0;
    }
    match lines.iter().position(|i| is_dotnet_cause(views, *i)) {
        Some(cause) => lines.get(..cause).and_then(head_in).unwrap_or(cause),
        None => head_in(lines).unwrap_or(lines.len().saturating_sub(1)),
    }
}

fn is_dotnet_cause(views: &[View<'_>], at: usize) -> bool {
    bare(views, at).starts_with("---> ")
}

fn is_exception_head(bare: &str) -> bool {
    let first = bare.split(": ").next().unwrap_or_default();
    ["Exception", "Error", "Throwable"].iter().any(|kind| first.contains(kind))
        || bare.starts_with("Unhandled exception")
        || bare.starts_with("Uncaught ")
}

/// Node prints the fields of an error below its frames.
fn end_of_frames(views: &[View<'_>], last: usize) -> usize {
    let belongs = |v: &&View<'_>| {
        let bare = v.text.trim_start();
        v.is_blank() || v.is_indented() || bare.starts_with(['{', '}']) || is_omission(bare)
    };
    let run = views.iter().skip(last + 1).take(40).take_while(belongs).count();
    let end = last + 1 + run;
    (last + 1..end).rev().find(|i| !is_blank(views, *i)).map_or(last + 1, |i| i + 1)
}

// ---- Python ------------------------------------------------------------------------------------------------

fn is_traceback(view: &View<'_>) -> bool {
    view.body().trim_start_matches([' ', '|', '+']).starts_with("Traceback (most recent call last)")
        || view.text.ends_with("Traceback (most recent call last):")
}

/// A chain of tracebacks: the last exception decides, then the ones that led to it, latest first.
pub(super) fn python(views: &[View<'_>]) -> Option<Block> {
    let mut header = views.iter().rposition(is_traceback)?;
    let (mut deciding, end) = exception_below(views, header);
    while let Some(earlier) = chained_above(views, header) {
        deciding.extend(exception_below(views, earlier).0);
        header = earlier;
    }
    deciding.push(header);
    Some(Block { start: header, end, deciding })
}

/// The lines of the exception below a traceback header, and where they end.
fn exception_below(views: &[View<'_>], header: usize) -> (Vec<usize>, usize) {
    let is_code = |i: &usize| views.get(*i).is_some_and(|v| v.is_indented() || v.is_blank());
    let Some(first) = (header + 1..views.len()).find(|i| !is_code(i)) else {
        return (Vec::new(), views.len());
    };
    let mut end = first + 1;
    for i in first + 1..views.len().min(first + MAX_MESSAGE_LINES) {
        let Some(view) = views.get(i) else { break };
        let continues = view.is_indented() || view.text.starts_with(['(', '[', '\'', '"']);
        let is_followed = views.get(i + 1).is_some_and(|next| next.is_indented() && !next.is_blank());
        if is_chain_mark(view) || is_trailer(view) || view.is_record && !view.text.starts_with('[') {
            break;
        }
        if continues || is_followed {
            end = i + 1;
        } else if !view.is_blank() {
            break;
        }
    }
    ((first..end).filter(|i| !is_blank(views, *i)).collect(), end)
}

fn is_chain_mark(view: &View<'_>) -> bool {
    view.body().starts_with("During handling of the above exception")
        || view.body().starts_with("The above exception was the direct cause")
}

/// The traceback whose exception led to the one at `header`.
fn chained_above(views: &[View<'_>], header: usize) -> Option<usize> {
    let above = (0..header).rev().find(|i| !is_blank(views, *i))?;
    views.get(above).filter(|v| is_chain_mark(v))?;
    views.get(..above)?.iter().rposition(is_traceback)
}

// ---- Go ----------------------------------------------------------------------------------------------------

fn is_go_head(view: &View<'_>) -> bool {
    let body = view.body();
    let text = view.text.as_ref();
    let is_klog = text.starts_with('F') && text.contains(".go:") && view.is_record;
    let is_logged = view.is_record && view.text.contains("panic: ") && !view.text.contains("http: panic");
    [
        "panic: ",
        "fatal error: ",
        "unexpected fault address",
        "SIGQUIT: ",
        "SIGABRT: ",
        "SIGSEGV: ",
        "runtime: ",
    ]
    .iter()
    .any(|start| body.starts_with(start) || text.starts_with(start))
        || is_klog
        || is_logged
}

fn is_go_dump(view: &View<'_>) -> bool {
    let text = view.text.as_ref();
    let starts = [
        "[signal ",
        "\tpanic: ",
        "PC=",
        "runtime stack:",
        "[originating from ",
        "[recovered",
        "rax ",
        "exit status ",
    ];
    view.is_blank()
        || is_go_frame(text)
        || starts.iter().any(|start| text.starts_with(start))
        || is_register(text)
}

fn is_register(text: &str) -> bool {
    text.rsplit_once("0x").is_some_and(|(name, value)| {
        name.len() < 12 && !value.is_empty() && value.bytes().all(|b| b.is_ascii_hexdigit())
    })
}

/// A panic or a fatal error with its goroutines: the first line decides.
///
/// Without its head (cut away, or a panic that a server recovered from) the dump decides nothing.
pub(super) fn go(views: &[View<'_>]) -> Option<Block> {
    let last = views.iter().rposition(|v| v.text.starts_with("goroutine ") && v.text.contains(" ["))?;
    let length = views.get(last..)?.iter().take_while(|v| is_go_dump(v)).count();
    let mut start =
        (0..last).rev().find(|i| !views.get(*i).is_some_and(is_go_dump) || is_go_start(views, *i))?;
    if !views.get(start).is_some_and(is_go_head) {
        start = head_of_message(views, start)?;
    }
    while start > 0
        && views.get(start - 1).is_some_and(|v| is_go_head(v) || text(views, start).starts_with("\tpanic"))
    {
        start -= 1;
    }
    let first_goroutine = (start..=last).find(|i| text(views, *i).starts_with("goroutine ")).unwrap_or(last);
    Some(Block {
        start,
        end: last + length,
        deciding: (start..first_goroutine).filter(|i| !is_blank(views, *i)).collect(),
    })
}

fn is_go_start(views: &[View<'_>], at: usize) -> bool {
    text(views, at).starts_with("panic: ")
}

/// The head of a panic whose message has several lines, `at` being the last.
fn head_of_message(views: &[View<'_>], at: usize) -> Option<usize> {
    let reach = at.saturating_sub(MAX_MESSAGE_LINES);
    (reach..at)
        .rev()
        .take_while(|i| !is_record(views, *i) || views.get(*i).is_some_and(is_go_head))
        .find(|i| views.get(*i).is_some_and(is_go_head))
}

// ---- Rust, Ruby, PHP ---------------------------------------------------------------------------------------

/// A panic of Rust: the message decides, then the head (older versions write the message into it).
pub(super) fn rust(views: &[View<'_>]) -> Option<Block> {
    let is_head = |v: &View<'_>| {
        v.body().starts_with("thread '")
            && (v.text.contains("panicked at") || v.text.contains("overflowed its stack"))
    };
    let is_end = |v: &View<'_>| v.text.starts_with("note: ") || v.text.starts_with("stack backtrace:");
    let start = views.iter().rposition(is_head)?;
    let rest = views.get(start + 1..)?;
    let is_open = text(views, start).ends_with(':');
    let message =
        rest.iter().take(MAX_MESSAGE_LINES).position(is_end).unwrap_or(usize::from(is_open).min(rest.len()));
    let belongs = |v: &&View<'_>| v.is_indented() || v.is_blank() || is_end(v);
    let frames = rest.iter().skip(message).take_while(belongs).count();
    let deciding = (start + 1..=start + message).filter(|i| !is_blank(views, *i)).chain([start]).collect();
    Some(Block { start, end: start + 1 + message + frames, deciding })
}

/// An exception of Ruby with its frames. Causes stand below it; the last one decides.
pub(super) fn ruby(views: &[View<'_>]) -> Option<Block> {
    let is_from =
        |v: &View<'_>| v.is_indented() && v.text.trim_start().starts_with("from ") && v.text.contains(":in ");
    let last = views.iter().rposition(is_from)?;
    let is_head = |i: &usize| bare(views, *i).contains(":in ") && !is_record(views, *i);
    let mut start = last;
    let mut deciding = Vec::new();
    loop {
        let top = (0..=start).rev().take_while(|i| views.get(*i).is_some_and(is_from)).last();
        let Some(top) = top else { break };
        let Some(head) = (top.saturating_sub(MAX_MESSAGE_LINES)..top).rev().find(is_head) else { break };
        deciding.extend(head..top);
        start = head;
        if head == 0 || !views.get(head - 1).is_some_and(is_from) {
            break;
        }
        start = head - 1;
    }
    Some(Block { start, end: last + 1, deciding })
}

/// A fatal error of PHP: its first line decides.
pub(super) fn php(views: &[View<'_>]) -> Option<Block> {
    const HEADS: [&str; 4] =
        ["PHP Fatal error:", "Fatal error: Uncaught", "PHP Parse error:", "PHP Warning:  Uncaught"];
    let start =
        views.iter().rposition(|v| HEADS.iter().any(|h| v.body().starts_with(h) || v.text.starts_with(h)))?;
    let belongs = |v: &&View<'_>| {
        let bare = v.text.trim_start();
        v.is_blank()
            || bare.starts_with('#')
            || bare.starts_with("Stack trace:")
            || bare.starts_with("thrown in ")
            || bare.starts_with("Next ")
    };
    let length = views.get(start + 1..)?.iter().take_while(belongs).count();
    Some(Block { start, end: start + 1 + length, deciding: vec![start] })
}
