//! What runtimes and kubectl put before a line, and the lines that runtimes split.

use std::borrow::Cow;

use exitus_model::LogLine;
use jiff::Timestamp;

use super::{MAX_TEXT, Raw};

/// Who wrote the heads of the lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Nobody.
    Plain,
    /// `kubectl logs --timestamps`.
    Stamped,
    /// Kubelet's files: `2026-03-01T10:02:11.123456789Z stderr F text`.
    Cri,
    /// Docker's json-file driver: `{"log":"text\n","stream":"stderr","time":"…"}`.
    Docker,
}

/// A line, or a part of one, without its head.
struct Piece<'a> {
    at: Option<Timestamp>,
    is_stderr: bool,
    is_partial: bool,
    text: Cow<'a, str>,
}

impl Form {
    /// Tells the form of lines. A program may write times of its own, so most lines must have the same head.
    pub(super) fn of<'a>(lines: impl Iterator<Item = &'a str>) -> Form {
        let (mut all, mut cri_lines, mut docker_lines, mut stamped_lines) = (0, 0, 0, 0);
        for line in lines {
            all += 1;
            if cri(line).is_some() {
                cri_lines += 1;
            } else if docker(line).is_some() {
                docker_lines += 1;
            } else if stamped(line).is_some() {
                stamped_lines += 1;
            }
        }
        if all == 0 {
            Form::Plain
        } else if cri_lines * 2 >= all {
            Form::Cri
        } else if docker_lines * 2 >= all {
            Form::Docker
        } else if stamped_lines * 5 >= all * 4 {
            Form::Stamped
        } else {
            Form::Plain
        }
    }
}

/// Whether a line goes on in a later one.
pub(super) fn is_partial(line: &str) -> bool {
    match line.as_bytes().first() {
        Some(b'0'..=b'9') => cri(line).is_some_and(|piece| piece.is_partial),
        // Only a cut line of the json-file driver has no `\n` before the quote that ends the text.
        Some(b'{') => !line.contains("\\n\",") && docker(line).is_some_and(|piece| piece.is_partial),
        _ => false,
    }
}

/// Takes the heads off and joins what runtimes split, each stream for itself.
pub(super) fn join(raw: &[Raw<'_>], form: Form) -> Vec<LogLine> {
    let mut lines = Vec::new();
    let mut open: [Option<LogLine>; 2] = [None, None];
    for &(line, text) in raw {
        let piece = match form {
            Form::Plain => None,
            Form::Stamped => stamped(text),
            Form::Cri => cri(text),
            Form::Docker => docker(text),
        };
        let Some(piece) = piece else {
            lines.push(LogLine { line, at: None, text: cut(text).to_owned() });
            continue;
        };
        let stream = &mut open[usize::from(piece.is_stderr)];
        let joined = stream.get_or_insert_with(|| LogLine { line, at: piece.at, text: String::new() });
        let space = MAX_TEXT.saturating_sub(joined.text.len());
        joined.text.push_str(&piece.text[..piece.text.floor_char_boundary(space)]);
        if !piece.is_partial {
            lines.extend(stream.take());
        }
    }
    lines.extend(open.into_iter().flatten());
    lines
}

fn cut(text: &str) -> &str {
    &text[..text.floor_char_boundary(MAX_TEXT)]
}

/// `TIME stdout|stderr F|P[:TAG…] text` (`pkg/kubelet/kuberuntime/logs/logs.go`, `parseCRILog`).
fn cri(line: &str) -> Option<Piece<'_>> {
    let (time, rest) = line.split_once(' ').filter(|(time, _)| is_time_length(time))?;
    let (stream, rest) = rest.split_once(' ')?;
    let is_stderr = match stream {
        "stdout" => false,
        "stderr" => true,
        _ => return None,
    };
    let (tags, text) = rest.split_once(' ').unwrap_or((rest, ""));
    let is_partial = match tags.split(':').next()? {
        "F" => false,
        "P" => true,
        _ => return None,
    };
    Some(Piece { at: Some(time.parse().ok()?), is_stderr, is_partial, text: Cow::Borrowed(text) })
}

/// kubectl prints nine digits of a second always (`RFC3339NanoFixed` in pkg/kubelet/types/constants.go), which
/// programs that write times of their own hardly do.
fn stamped(line: &str) -> Option<Piece<'_>> {
    let (time, text) = line.split_once(' ').unwrap_or((line, ""));
    let (_, fraction) = time.split_once('.').filter(|_| is_time_length(time))?;
    let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
    if digits != 9 {
        return None;
    }
    Some(Piece {
        at: Some(time.parse().ok()?),
        is_stderr: false,
        is_partial: false,
        text: Cow::Borrowed(text),
    })
}

/// From `2026-03-01T10:02:11Z` to `2026-03-01T10:02:11.123456789+01:00`.
fn is_time_length(text: &str) -> bool {
    (20..=35).contains(&text.len()) && text.as_bytes().get(10) == Some(&b'T')
}

/// An object of exactly the members that Docker writes (`daemon/logger/jsonfilelog/jsonlog` of moby); any other
/// JSON is a program's own.
fn docker(line: &str) -> Option<Piece<'_>> {
    let mut rest = line.strip_prefix('{')?;
    let (mut log, mut stream, mut time) = (None, None, None);
    loop {
        let (key, after) = string(rest.trim_start())?;
        let after = after.trim_start().strip_prefix(':')?.trim_start();
        match key.as_ref() {
            "log" => (log, rest) = string(after).map(|(v, r)| (Some(v), r))?,
            "stream" => (stream, rest) = string(after).map(|(v, r)| (Some(v), r))?,
            "time" => (time, rest) = string(after).map(|(v, r)| (Some(v), r))?,
            // Labels and environment, one object of strings.
            "attrs" => rest = after.split_once('}')?.1,
            _ => return None,
        }
        rest = rest.trim_start();
        match rest.strip_prefix(',') {
            Some(more) => rest = more,
            None => break,
        }
    }
    rest.strip_prefix('}')?;
    let (log, stream, time) = (log?, stream?, time?);
    if !matches!(stream.as_ref(), "stdout" | "stderr") {
        return None;
    }
    let is_partial = !log.ends_with('\n');
    let text = match log {
        Cow::Borrowed(text) => Cow::Borrowed(text),
        Cow::Owned(text) => Cow::Owned(text.trim_end_matches(['\n', '\r']).to_owned()),
    };
    Some(Piece { at: Some(time.parse().ok()?), is_stderr: stream == "stderr", is_partial, text })
}

/// A JSON string at the start of a text, and what follows it.
fn string(text: &str) -> Option<(Cow<'_, str>, &str)> {
    let inside = text.strip_prefix('"')?;
    let mut plain: Option<String> = None;
    let mut at = 0;
    loop {
        let found = at + memchr::memchr2(b'"', b'\\', inside.as_bytes().get(at..)?)?;
        let before = &inside[at..found];
        if inside.as_bytes()[found] == b'"' {
            let rest = &inside[found + 1..];
            return Some(match plain {
                None => (Cow::Borrowed(before), rest),
                Some(plain) => (Cow::Owned(plain + before), rest),
            });
        }
        let (c, length) = escape(inside.get(found + 1..)?)?;
        let plain = plain.get_or_insert_default();
        plain.push_str(before);
        plain.push(c);
        at = found + 1 + length;
    }
}

/// The character that an escape stands for, and the length of the escape behind its backslash.
fn escape(text: &str) -> Option<(char, usize)> {
    let c = match text.as_bytes().first()? {
        b'n' => '\n',
        b't' => '\t',
        b'r' => '\r',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'u' => {
            let unit = |at: usize| u16::from_str_radix(text.get(at..at + 4)?, 16).ok();
            let first = unit(1)?;
            let second = if text.get(5..7) == Some("\\u") { unit(7) } else { None };
            let pair = second.and_then(|second| char::decode_utf16([first, second]).next()?.ok());
            return Some(match pair.filter(|c| c.len_utf16() == 2) {
                Some(c) => (c, 11),
                None => (char::from_u32(u32::from(first)).unwrap_or(char::REPLACEMENT_CHARACTER), 5),
            });
        }
        byte @ (b'"' | b'\\' | b'/') => char::from(*byte),
        _ => return None,
    };
    Some((c, 1))
}
