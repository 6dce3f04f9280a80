//! Opens structured log lines: the texts of a JSON object or of `key=value` pairs that a person would read.

use super::line::{Level, level_word};

/// Keys whose values speak.
const TEXT_KEYS: &[&str] = &[
    "msg",
    "message",
    "@m",
    "@mt",
    "error",
    "err",
    "exception",
    "exc_info",
    "stack",
    "stacktrace",
    "stack_trace",
    "@x",
    "error.message",
    "error.stack_trace",
    "errorverbose",
    "exception.message",
    "reason",
    "cause",
    "detail",
    "details",
    "log",
    "text",
    "textpayload",
    "panic",
    "event",
];
const LEVEL_KEYS: &[&str] =
    &["level", "lvl", "severity", "@l", "s", "log.level", "levelname", "loglevel", "log_level"];

/// What a structured line says.
pub(super) struct Record {
    pub(super) level: Option<Level>,
    /// The lines of all telling values, in order.
    pub(super) texts: Vec<String>,
}

/// Opens a JSON object or a logfmt line; `None` for anything else, and where no value speaks.
pub(super) fn open(text: &str) -> Option<Record> {
    let pairs =
        if text.starts_with('{') && text.ends_with('}') { json_pairs(text) } else { logfmt_pairs(text)? };
    let mut record = Record { level: None, texts: Vec::new() };
    for (key, value) in pairs {
        let key = key.to_ascii_lowercase();
        if LEVEL_KEYS.contains(&key.as_str()) {
            record.level = record.level.or_else(|| level_of(&value));
        } else if TEXT_KEYS.contains(&key.as_str()) {
            record
                .texts
                .extend(value.lines().map(str::trim_end).filter(|l| !l.is_empty()).map(str::to_owned));
        }
    }
    (!record.texts.is_empty()).then_some(record)
}

/// A level as a word or as the numbers of pino and bunyan.
fn level_of(value: &str) -> Option<Level> {
    match value {
        // MongoDB writes one letter.
        "F" => Some(Level::Fatal),
        "E" => Some(Level::Error),
        "W" => Some(Level::Warn),
        "I" => Some(Level::Info),
        "60" => Some(Level::Fatal),
        "50" => Some(Level::Error),
        "40" => Some(Level::Warn),
        "30" => Some(Level::Info),
        "10" | "20" => Some(Level::Debug),
        word => level_word(word),
    }
}

/// All pairs of an object and of the objects in it, in order. Malformed text ends the search, it is no error.
fn json_pairs(text: &str) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    let mut rest = text;
    while let Some(quote) = rest.find('"') {
        let Some((key, after)) = json_string(rest.get(quote + 1..).unwrap_or_default()) else { break };
        rest = after;
        let Some(value) = after.trim_start().strip_prefix(':').map(str::trim_start) else { continue };
        if let Some(string) = value.strip_prefix('"') {
            let Some((value, after)) = json_string(string) else { break };
            pairs.push((key, value));
            rest = after;
        } else {
            let end = value.find([',', '}', ']', '{', '[']).unwrap_or(value.len());
            let (number, after) = value.split_at(end);
            pairs.push((key, number.trim().to_owned()));
            rest = after;
        }
    }
    pairs
}

/// Reads a string up to its closing quote; returns it and what follows.
fn json_string(text: &str) -> Option<(String, &str)> {
    let mut string = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((string, text.get(at + 1..)?)),
            '\\' => match chars.next()?.1 {
                'n' => string.push('\n'),
                't' => string.push('\t'),
                'r' => {}
                'u' => {
                    let code = text.get(at + 2..at + 6).and_then(|hex| u32::from_str_radix(hex, 16).ok());
                    string.push(code.and_then(char::from_u32).unwrap_or('\u{fffd}'));
                    for _ in 0..4 {
                        chars.next();
                    }
                }
                other => string.push(other),
            },
            other => string.push(other),
        }
    }
    None
}

/// The pairs of a line such as `time=… level=fatal msg="no such host" err="…"`: it begins with a pair, and one of
/// them is a level or a message.
fn logfmt_pairs(text: &str) -> Option<Vec<(String, String)>> {
    let (first, _) = text.split_once('=')?;
    let is_logfmt =
        !first.contains([' ', '\t', '"']) && ["level=", "lvl=", "msg="].iter().any(|k| has_key(text, k));
    if !is_logfmt {
        return None;
    }
    let mut pairs = Vec::new();
    let mut rest = text;
    while let Some(equals) = rest.find('=') {
        let (before, after) = (rest.get(..equals)?, rest.get(equals + 1..)?);
        let key = before.rsplit([' ', '\t']).next().unwrap_or_default().to_owned();
        match after.strip_prefix('"') {
            Some(quoted) => {
                let Some((value, after)) = json_string(quoted) else { break };
                pairs.push((key, value));
                rest = after;
            }
            None => {
                let end = after.find([' ', '\t']).unwrap_or(after.len());
                let (value, after) = after.split_at(end);
                pairs.push((key, value.to_owned()));
                rest = after;
            }
        }
    }
    Some(pairs)
}

fn has_key(text: &str, key: &str) -> bool {
    text.match_indices(key).any(|(at, _)| at == 0 || text.as_bytes().get(at - 1) == Some(&b' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, level: Option<Level>, texts: &[&str]) {
        let record = open(line).unwrap();
        assert_eq!(
            (record.level, record.texts.iter().map(String::as_str).collect::<Vec<_>>()),
            (level, texts.to_vec())
        );
    }

    #[test]
    fn json_speaks_through_its_message_and_its_error() {
        check(
            r#"{"level":"fatal","ts":1.7e9,"msg":"cannot start","error":"listen tcp :80: bind: \"in use\""}"#,
            Some(Level::Fatal),
            &["cannot start", "listen tcp :80: bind: \"in use\""],
        );
        check(
            r#"{"level":60,"pid":7,"err":{"type":"Error","message":"no","stack":"Error: no\n    at f (/a.js:1:2)"},"msg":"no"}"#,
            Some(Level::Fatal),
            &["no", "Error: no", "    at f (/a.js:1:2)", "no"],
        );
    }

    #[test]
    fn logfmt_speaks_through_its_message_and_its_error() {
        check(
            r#"time="2026-03-12T10:00:00Z" level=fatal msg="failed: \"x\"" err=refused"#,
            Some(Level::Fatal),
            &["failed: \"x\"", "refused"],
        );
    }

    #[test]
    fn other_lines_stay_closed() {
        for line in [
            "plain",
            "{not json}",
            "{\"a\":1}",
            "a=b c=d",
            "{\"msg\":\"cut of",
            "{}",
            "\"",
            "{\"msg\":\"\\u12\"}",
        ] {
            let _ = open(line);
        }
        assert!(open("plain").is_none());
        assert!(open("{\"a\":1}").is_none());
        assert!(open("DB=x PORT=1").is_none());
        assert!(open("bad option: msg=x").is_none());
    }
}
