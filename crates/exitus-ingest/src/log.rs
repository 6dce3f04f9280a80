//! Container logs: whose they are, and their last lines.
//!
//! A log is reduced to its last [`MAX_LINES`] lines: what a program says before it ends stands there. The heads that
//! runtimes and kubectl put before a line are taken off; what a program wrote itself, JSON included, stays text.

mod line;
mod owner;
mod unavailable;

use std::collections::{HashMap, VecDeque};

use exitus_model::{ContainerLog, FileId, LogLine};
use memchr::memmem;

use self::line::Form;

pub(crate) use self::owner::{LogOwner, owner_of};

/// How many lines of a log are kept, the last ones. Blank lines do not count.
pub(crate) const MAX_LINES: usize = 200;

/// How many bytes of a line are kept, the first ones.
pub(crate) const MAX_TEXT: usize = 4096;

/// How many pieces of lines that a runtime split are looked at to find the last whole lines.
const MAX_PIECES: usize = 100_000;

/// How many containers one file of `kubectl logs --prefix` may hold.
const MAX_OWNERS: usize = 4096;

/// A line of the file: its number, 1-based, and its text without the line end.
type Raw<'a> = (u32, &'a str);

/// Reads a log. One file may hold the logs of several containers: those of `kubectl cluster-info dump` and of
/// `kubectl logs --prefix` name them, and `owner` gives only what they leave open.
pub(crate) fn read(text: &str, file: FileId, owner: &LogOwner) -> Vec<ContainerLog> {
    let sections = sections(text, file);
    if !sections.is_empty() {
        return sections;
    }
    let first = text.lines().find(|line| !line.trim().is_empty());
    if first.and_then(prefix).is_some() {
        return prefixed(text, file, owner);
    }
    vec![whole(text, 1, file, owner)]
}

/// The log of one container that fills a text. `first` is the number of its first line.
fn whole(text: &str, first: u32, file: FileId, owner: &LogOwner) -> ContainerLog {
    let (lines, is_all) = last_lines(text, first);
    finish(&lines, is_all, file, owner)
}

/// The last lines that are not blank, enough to make [`MAX_LINES`] whole ones, and whether these are all.
fn last_lines(text: &str, first: u32) -> (Vec<Raw<'_>>, bool) {
    let bytes = text.as_bytes();
    let newlines = memchr::memchr_iter(b'\n', bytes).count();
    let mut number = first.saturating_add(u32::try_from(newlines).unwrap_or(u32::MAX));
    let mut lines = Vec::new();
    let (mut whole, mut end) = (0, bytes.len());
    loop {
        let start = memchr::memrchr(b'\n', &bytes[..end]).map_or(0, |at| at + 1);
        let line = text.get(start..end).unwrap_or_default().trim_end_matches('\r');
        if !line.trim().is_empty() {
            // One line more than is kept, so that no joined line begins in its middle.
            whole += usize::from(!line::is_partial(line));
            if whole > MAX_LINES || lines.len() >= MAX_PIECES {
                break;
            }
            lines.push((number, line));
        }
        if start == 0 {
            lines.reverse();
            return (lines, true);
        }
        end = start - 1;
        number = number.saturating_sub(1);
    }
    lines.reverse();
    (lines, false)
}

/// Makes the log of raw lines. `is_all` says that nothing stood before them.
fn finish(raw: &[Raw<'_>], is_all: bool, file: FileId, owner: &LogOwner) -> ContainerLog {
    let form = Form::of(raw.iter().map(|(_, line)| *line));
    let mut lines = line::join(raw, form);
    lines.drain(..lines.len().saturating_sub(MAX_LINES));
    let mut unavailable = None;
    if is_all && !lines.is_empty() && lines.iter().all(|l| unavailable::is_error(&l.text, owner)) {
        unavailable = lines.drain(..).next();
    }
    log(file, owner, lines, unavailable)
}

fn log(file: FileId, owner: &LogOwner, lines: Vec<LogLine>, unavailable: Option<LogLine>) -> ContainerLog {
    let LogOwner { namespace, pod, pod_uid, container, is_previous, instance } = owner.clone();
    ContainerLog { file, namespace, pod, pod_uid, container, is_previous, instance, lines, unavailable }
}

const START: &str = "==== START logs for container ";

/// The sections of a file of `kubectl cluster-info dump` (`pkg/cmd/clusterinfo/clusterinfo_dump.go` of kubectl).
fn sections(text: &str, file: FileId) -> Vec<ContainerLog> {
    let mut logs = Vec::new();
    let (mut number, mut counted_to) = (1_u32, 0);
    let starts: Vec<usize> = memmem::find_iter(text.as_bytes(), START)
        .filter(|at| *at == 0 || text.as_bytes()[at - 1] == b'\n')
        .collect();
    for (index, &start) in starts.iter().enumerate() {
        let next = starts.get(index + 1).copied().unwrap_or(text.len());
        let Some(section) = text.get(start..next) else { continue };
        let (header, body) = section.split_once('\n').unwrap_or((section, ""));
        let Some((title, owner)) = section_owner(header) else { continue };
        // The end follows a log's last byte, on the same line where that is no line end.
        let end = memmem::rfind(body.as_bytes(), format!("==== END logs for container {title}").as_bytes());
        let body = body.get(..end.unwrap_or(body.len())).unwrap_or(body);
        let newlines = memchr::memchr_iter(b'\n', &text.as_bytes()[counted_to..start]).count();
        number = number.saturating_add(u32::try_from(newlines).unwrap_or(u32::MAX));
        counted_to = start;
        logs.push(whole(body, number.saturating_add(1), file, &owner));
    }
    logs
}

/// `==== START logs for container C of pod NS/POD ====`: what stands between, and the owner.
fn section_owner(header: &str) -> Option<(&str, LogOwner)> {
    let title = header.trim_end().strip_prefix(START)?.strip_suffix(" ====")?;
    let (container, pod) = title.split_once(" of pod ")?;
    let (namespace, pod) = pod.split_once('/')?;
    let owner = LogOwner {
        namespace: Some(namespace.to_owned()),
        pod: pod.to_owned(),
        container: Some(container.to_owned()),
        ..LogOwner::default()
    };
    Some((title, owner))
}

/// The last lines of each container in a file of `kubectl logs --prefix`.
fn prefixed(text: &str, file: FileId, owner: &LogOwner) -> Vec<ContainerLog> {
    let mut places: HashMap<(&str, &str), usize> = HashMap::new();
    let mut logs: Vec<(LogOwner, VecDeque<Raw<'_>>, bool)> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let Some((pod, container, rest)) = prefix(line) else { continue };
        let next = logs.len();
        if next >= MAX_OWNERS && !places.contains_key(&(pod, container)) {
            continue;
        }
        let place = *places.entry((pod, container)).or_insert(next);
        if place == next {
            let pod_uid = owner.pod_uid.clone().filter(|_| owner.pod == pod);
            let of_line = LogOwner {
                pod: pod.to_owned(),
                pod_uid,
                container: Some(container.to_owned()),
                instance: None,
                ..owner.clone()
            };
            logs.push((of_line, VecDeque::new(), true));
        }
        let Some((_, lines, is_all)) = logs.get_mut(place).filter(|_| !rest.trim().is_empty()) else {
            continue;
        };
        if lines.len() >= MAX_LINES {
            lines.pop_front();
            *is_all = false;
        }
        lines.push_back((u32::try_from(index + 1).unwrap_or(u32::MAX), rest));
    }
    logs.iter_mut()
        .map(|(owner, lines, is_all)| finish(lines.make_contiguous(), *is_all, file, owner))
        .collect()
}

/// `[pod/NAME/CONTAINER] text`.
fn prefix(line: &str) -> Option<(&str, &str, &str)> {
    let (inside, rest) = line.strip_prefix("[pod/")?.split_once(']')?;
    let (pod, container) = inside.split_once('/')?;
    Some((pod, container, rest.strip_prefix(' ').unwrap_or(rest)))
}

#[cfg(test)]
mod tests;
