//! Kernel logs: dmesg, /dev/kmsg, syslog, journal and audit lines, reduced to what killed or crashed a process.
//!
//! Lines are taken apart by [`mod@line`], told by [`mod@oom`] and [`mod@crash`], and the lines of one OOM report are put
//! together by [`mod@report`]. Whose container a cgroup is, the rules find out.

mod cgroup;
mod crash;
mod detect;
mod line;
mod moment;
mod oom;
mod report;
mod time;
mod usage;

use std::borrow::Cow;

use exitus_model::{FileId, KernelEvent, KernelRecord};
use memchr::memmem::Finder;

use self::line::{Form, Line};
use self::moment::Head;
use self::report::Assembly;

pub(crate) use self::detect::looks_like_kernel_log;
pub(crate) use self::time::resolve_times;

/// The most records kept of one log: with their texts some 30 MB. The newest stay.
const MAX_RECORDS: usize = 10_000;

/// The most bytes of a line that are looked at: the kernel cuts its own at some 1,000
/// (`PRINTKRB_RECORD_MAX` in kernel/printk/printk.c).
const MAX_LINE: usize = 4096;

/// The text is searched in blocks of about this size, so that all searches of a block find it in the cache.
const BLOCK: usize = 64 * 1024;

/// Every line of interest holds one of these.
const MARKS: [&str; 16] = [
    "oom-kill",
    "Killed process ",
    "Kill process ",
    "memory: usage ",
    "emory cgroup stats for ",
    " as a result of limit of ",
    "memory.oom.group",
    "is already exiting",
    "task_memcg=",
    ",task=",
    "]: segfault ",
    "]: unhandled ",
    " ip:",
    "type=1326",
    "SECCOMP",
    "fork rejected by pids",
];

/// The events of a kernel log, the last [`MAX_RECORDS`], in the order of their lines.
///
/// Times without a year mean nothing until [`resolve_times`] is called.
pub(crate) fn read(text: &str, file: FileId) -> Vec<KernelRecord> {
    let mut assembly = Assembly::default();
    each_marked_line(text, |number, raw| take_line(&mut assembly, file, number, raw));
    assembly.finish()
}

fn take_line(assembly: &mut Assembly, file: FileId, number: u32, raw: &str) {
    let clean = without_escapes(raw);
    let line = Line::parse(&clean);
    if line.form == Form::Foreign {
        return;
    }
    let head = || Head::new(file, number, raw, &line);
    if line.form != Form::Audit
        && let Some(oom) = oom::oom_line(line.message)
    {
        assembly.take(head(), &oom);
        return;
    }
    let Some((event, at)) = crash::event(line.message) else { return };
    let head = head().or_at(at);
    if let KernelEvent::Seccomp(kill) = &event
        && assembly.has_seccomp(&head, &kill.process, kill.pid)
    {
        return;
    }
    assembly.add(head, event);
}

/// Calls `take` with the number and text of each line that holds a mark.
fn each_marked_line(text: &str, mut take: impl FnMut(u32, &str)) {
    let finders = MARKS.map(Finder::new);
    let bytes = text.as_bytes();
    let mut starts = Vec::new();
    let (mut block_start, mut counted_to, mut number) = (0, 0, 1_u32);
    while block_start < bytes.len() {
        let least = (block_start + BLOCK).min(bytes.len());
        let block_end = memchr::memchr(b'\n', &bytes[least..]).map_or(bytes.len(), |at| least + at + 1);
        let block = &bytes[block_start..block_end];
        starts.clear();
        for finder in &finders {
            let mut at = 0;
            while let Some(hit) = finder.find(&block[at..]) {
                let hit = at + hit;
                starts.push(
                    block_start + memchr::memrchr(b'\n', &block[..hit]).map_or(0, |newline| newline + 1),
                );
                // One hit in a line is enough.
                at = memchr::memchr(b'\n', &block[hit..]).map_or(block.len(), |newline| hit + newline + 1);
            }
        }
        starts.sort_unstable();
        starts.dedup();
        for &start in &starts {
            let lines = memchr::memchr_iter(b'\n', &bytes[counted_to..start]).count();
            number = number.saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
            counted_to = start;
            take(number, cut(line_at(text, start)));
        }
        block_start = block_end;
    }
}

/// The line that holds a byte, without its end.
fn line_at(text: &str, at: usize) -> &str {
    let bytes = text.as_bytes();
    let start = memchr::memrchr(b'\n', &bytes[..at]).map_or(0, |newline| newline + 1);
    let end = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |newline| at + newline);
    text.get(start..end).unwrap_or_default().trim_end_matches('\r')
}

/// At most [`MAX_LINE`] bytes.
fn cut(line: &str) -> &str {
    &line[..line.floor_char_boundary(MAX_LINE)]
}

/// A line without the colours of `dmesg --color`.
fn without_escapes(text: &str) -> Cow<'_, str> {
    let Some(first) = memchr::memchr(0x1b, text.as_bytes()) else { return Cow::Borrowed(text) };
    let mut plain = text[..first].to_owned();
    for part in text[first..].split('\u{1b}').skip(1) {
        let after = part
            .strip_prefix('[')
            .and_then(|rest| rest.find(|c: char| c.is_ascii_alphabetic()).map(|at| &rest[at + 1..]));
        plain.push_str(after.unwrap_or(part));
    }
    Cow::Owned(plain)
}

#[cfg(test)]
mod tests;
