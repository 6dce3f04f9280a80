//! One log line made readable: colours off, time and level found, JSON and logfmt opened.
//!
//! A structured line becomes several views, one for each line of each of its telling fields, all with the index
//! of the line that they come from. So a stack trace inside a JSON field is read like any other.

use std::borrow::Cow;

/// Views of one structured line are cut here: no more of it is of use.
const MAX_VIEWS_PER_LINE: usize = 60;
/// Words before which a level must stand.
const MAX_PREFIX_WORDS: usize = 6;

/// How loud a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    Debug,
    Info,
    Warn,
    Error,
    Fatal,
}

/// A line as the rest of the module reads it.
#[derive(Debug)]
pub(super) struct View<'a> {
    /// The line that it comes from.
    pub(super) index: usize,
    /// The text, without colours and trailing blanks.
    pub(super) text: Cow<'a, str>,
    /// Where the text goes on behind the time.
    after_time: usize,
    /// Where it goes on behind level and logger.
    body: usize,
    /// The level that it names.
    pub(super) level: Option<Level>,
    /// Whether a logger began to write here: it has a time, a level, or is the first of a structured line.
    pub(super) is_record: bool,
}

impl View<'_> {
    /// The text without time and level.
    pub(super) fn body(&self) -> &str {
        self.text.get(self.body..).unwrap_or_default()
    }

    /// The texts that a pattern is tried on: without the indent, without the time, without level and logger.
    pub(super) fn starts(&self) -> impl Iterator<Item = &str> {
        let time = (self.after_time > 0).then_some(self.after_time);
        let body = (self.body > self.after_time).then_some(self.body);
        [Some(0), time, body].into_iter().flatten().filter_map(|at| self.text.get(at..)).map(str::trim_start)
    }

    /// Whether nothing stands in it.
    pub(super) fn is_blank(&self) -> bool {
        self.text.trim_start().is_empty()
    }

    /// Whether it begins with a time.
    pub(super) fn has_time(&self) -> bool {
        self.after_time > 0
    }

    /// Whether it begins with blanks.
    pub(super) fn is_indented(&self) -> bool {
        self.text.starts_with([' ', '\t'])
    }
}

/// The views of some lines, in order.
pub(super) fn views<'a>(lines: &[&'a str]) -> Vec<View<'a>> {
    let mut views = Vec::with_capacity(lines.len());
    for (index, line) in lines.iter().enumerate() {
        let text = tidy(line);
        match super::structured::open(text.get(skip_time(&text)..).unwrap_or_default()) {
            Some(record) => {
                for (position, text) in record.texts.into_iter().take(MAX_VIEWS_PER_LINE).enumerate() {
                    let view = view_of(Cow::Owned(text));
                    let level = record.level.or(view.level);
                    views.push(View { index, level, is_record: position == 0, ..view });
                }
            }
            None => views.push(View { index, ..view_of(text) }),
        }
    }
    views
}

/// The view of one plain line.
#[cfg(test)]
pub(super) fn view(line: &str) -> View<'_> {
    view_of(tidy(line))
}

fn view_of(text: Cow<'_, str>) -> View<'_> {
    let Prefix { after_time, body, level } = prefix(&text);
    View { index: 0, text, after_time, body, level, is_record: after_time > 0 || level.is_some() }
}

/// Takes colour codes and trailing blanks away.
fn tidy(line: &str) -> Cow<'_, str> {
    let line = line.trim_end();
    if !line.contains('\u{1b}') {
        return Cow::Borrowed(line);
    }
    let mut text = String::with_capacity(line.len());
    let mut parts = line.split('\u{1b}');
    text.extend(parts.next());
    for part in parts {
        let rest = part.strip_prefix('[').map_or(part, |code| {
            let end = code.find(|c: char| ('@'..='~').contains(&c)).map_or(code.len(), |at| at + 1);
            code.get(end..).unwrap_or_default()
        });
        text.push_str(rest);
    }
    text.truncate(text.trim_end().len());
    Cow::Owned(text)
}

struct Prefix {
    after_time: usize,
    body: usize,
    level: Option<Level>,
}

fn prefix(text: &str) -> Prefix {
    let after_time = skip_time(text);
    let rest = text.get(after_time..).unwrap_or_default();
    if let Some((level, end)) = klog(rest) {
        return Prefix { after_time, body: after_time + end, level: Some(level) };
    }
    match level(rest) {
        Some((level, end)) => {
            Prefix { after_time, body: after_time + skip_logger(rest, end), level: Some(level) }
        }
        None => Prefix { after_time, body: after_time, level: None },
    }
}

/// `F0312 10:00:00.000000       1 main.go:42] message`
fn klog(text: &str) -> Option<(Level, usize)> {
    let level = match text.as_bytes().first()? {
        b'I' => Level::Info,
        b'W' => Level::Warn,
        b'E' => Level::Error,
        b'F' => Level::Fatal,
        _ => return None,
    };
    let day = text.get(1..5)?;
    let end = text.find("] ")?;
    (day.bytes().all(|b| b.is_ascii_digit()) && text.get(5..6) == Some(" ")).then_some((level, end + 2))
}

/// The words of a text with the offsets where they begin.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split([' ', '\t']).filter_map(move |word| {
        let start = at;
        at += word.len() + 1;
        (!word.is_empty()).then_some((start, word))
    })
}

/// The offset behind a time at the begin of a line, 0 if there is none.
fn skip_time(text: &str) -> usize {
    let mut end = 0;
    let mut is_time = false;
    for (at, word) in words(text).take(MAX_PREFIX_WORDS) {
        let bare = word.trim_matches(['[', ']', '(', ')', ',', '|']);
        let is_clock = is_clock(bare);
        if !(is_clock || is_date_word(bare) || is_time && is_stream_word(word)) {
            break;
        }
        is_time |= is_clock;
        end = at + word.len();
    }
    if !is_time {
        return 0;
    }
    let rest = text.get(end..).unwrap_or_default();
    let is_redis = words(text).next().is_some_and(|(_, word)| is_redis_role(word));
    let marks: &[char] = if is_redis { &['#', '*', '-', '.'] } else { &['-', '|'] };
    let message = rest.trim_start_matches([' ', '\t']);
    let message =
        message.strip_prefix(marks).filter(|m| m.starts_with(' ')).unwrap_or(message).trim_start_matches(' ');
    text.len() - message.len()
}

/// `2026-03-12T10:00:00Z`, `10:00:00,123`, `2026/03/12`, `12-Mar-2026`, `0.418s`
fn is_clock(word: &str) -> bool {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let is_plain =
        word.bytes().all(|b| b.is_ascii_digit() || b":-/.,+".contains(&b) || b.is_ascii_alphabetic());
    let marks = word.bytes().filter(|b| b":/-".contains(b)).count();
    let letters = word.bytes().filter(u8::is_ascii_alphabetic).count();
    word.as_bytes().first().is_some_and(u8::is_ascii_digit)
        && is_plain
        && digits >= 4
        && marks >= 2
        && letters <= 4
}

fn is_date_word(word: &str) -> bool {
    const NAMES: [&str; 20] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Mon", "Tue",
        "Wed", "Thu", "Fri", "Sat", "Sun", "UTC",
    ];
    let is_number = !word.is_empty() && word.len() <= 4 && word.bytes().all(|b| b.is_ascii_digit());
    is_number || NAMES.contains(&word) || is_redis_role(word)
}

/// `1:M 23 Nov 2026 09:30:34.301 # message`
fn is_redis_role(word: &str) -> bool {
    word.split_once(':').is_some_and(|(pid, role)| {
        !pid.is_empty() && pid.bytes().all(|b| b.is_ascii_digit()) && matches!(role, "M" | "S" | "C" | "X")
    })
}

/// What CRI log files put between time and message.
fn is_stream_word(word: &str) -> bool {
    matches!(word, "stdout" | "stderr" | "F" | "P" | "UTC" | "GMT")
}

/// The level that a prefix names, and where it ends.
fn level(text: &str) -> Option<(Level, usize)> {
    if is_fatal_phrase(text) {
        return Some((Level::Fatal, "fatal error".len()));
    }
    let mut must_be_marked = false;
    for (position, (at, word)) in words(text).take(MAX_PREFIX_WORDS).enumerate() {
        let bare = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
        let end = at + word.len();
        if let Some(level) = level_word(bare) {
            let is_marked =
                word.starts_with(['[', '(', '<', '|']) || word.ends_with([':', ']']) && position < 2;
            let is_upper = bare.len() > 1 && bare.bytes().all(|b| b.is_ascii_uppercase());
            let is_first = position == 0 && text.len() > end && bare != "log";
            if is_marked || !must_be_marked && (is_upper || is_first) {
                return Some((level, end));
            }
        }
        must_be_marked |= word.ends_with(':');
    }
    None
}

fn is_fatal_phrase(text: &str) -> bool {
    ["Fatal error", "fatal error:", "FATAL ERROR"].iter().any(|phrase| text.starts_with(phrase))
}

/// The level that a word names.
pub(super) fn level_word(word: &str) -> Option<Level> {
    const WORDS: [(&str, Level); 19] = [
        ("trace", Level::Debug),
        ("debug", Level::Debug),
        ("verbose", Level::Debug),
        ("info", Level::Info),
        ("information", Level::Info),
        ("notice", Level::Info),
        ("log", Level::Info),
        ("warn", Level::Warn),
        ("warning", Level::Warn),
        ("error", Level::Error),
        ("err", Level::Error),
        ("severe", Level::Error),
        ("fatal", Level::Fatal),
        ("critical", Level::Fatal),
        ("crit", Level::Fatal),
        ("panic", Level::Fatal),
        ("emerg", Level::Fatal),
        ("emergency", Level::Fatal),
        ("alert", Level::Fatal),
    ];
    WORDS.iter().find(|(name, _)| word.eq_ignore_ascii_case(name)).map(|(_, level)| *level)
}

/// Where the message begins behind the level at `end`: also behind the logger of Spring and of Python.
fn skip_logger(text: &str, end: usize) -> usize {
    let rest = text.get(end..).unwrap_or_default();
    if let (Some(dashes), Some(colon)) = (rest.find(" --- ["), rest.find(" : "))
        && dashes < colon
    {
        return end + colon + 3;
    }
    let mut body = end + (rest.len() - rest.trim_start_matches([' ', '\t', '-', ':', '|', ']']).len());
    while let Some(after) = text.get(body..).and_then(|t| t.strip_prefix('[')) {
        let Some(close) = after.find("] ").filter(|close| *close < 40) else { break };
        let behind = after.get(close + 1..).unwrap_or_default();
        body += close + 2 + (behind.len() - behind.trim_start_matches([' ', '-', ':']).len());
    }
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, level: Option<Level>, body: &str) {
        let view = view(line);
        assert_eq!((view.level, view.body()), (level, body), "{line}");
    }

    #[test]
    fn time_and_level_are_found_in_the_usual_forms() {
        check("2026-03-12T10:00:00.123Z ERROR cannot bind", Some(Level::Error), "cannot bind");
        check(
            "2026-03-12 10:00:00,123 - root - CRITICAL - no such table: t",
            Some(Level::Fatal),
            "no such table: t",
        );
        check("[2026-03-12 10:00:00 +0000] [7] [ERROR] Can't connect", Some(Level::Error), "Can't connect");
        check("F0312 10:00:00.000000       1 main.go:42] no config", Some(Level::Fatal), "no config");
        check("2026/03/12 10:00:00 listen tcp :80: bind: denied", None, "listen tcp :80: bind: denied");
        check("Mar 12 10:00:00 boom", None, "boom");
        check("1:M 23 Nov 2026 09:30:34.301 # Redis is now ready", None, "Redis is now ready");
        check("psql: error: no", Some(Level::Error), "no");
        check("nginx: [emerg] bind() failed", Some(Level::Fatal), "bind() failed");
        check("Error: connect ECONNREFUSED", Some(Level::Error), "connect ECONNREFUSED");
        check("\u{1b}[31mFATAL\u{1b}[0m boom", Some(Level::Fatal), "boom");
    }

    #[test]
    fn the_logger_of_spring_is_no_part_of_the_message() {
        let line = "2026-03-12T10:00:00.000Z ERROR 1 --- [           main] o.s.b.SpringApplication : Application run failed";
        check(line, Some(Level::Error), "Application run failed");
    }

    #[test]
    fn prose_has_no_level() {
        check("an error occurred while starting", None, "an error occurred while starting");
        check("12 errors", None, "12 errors");
        check("127.0.0.1:5432 refused", None, "127.0.0.1:5432 refused");
    }
}
