//! From what somebody typed or pasted to entries of the dictionary. Nothing is guessed.

use exitus_model::CauseId;

use crate::entry::{Reason, Signal, WindowsStatus, reasons, signal, signals, windows_statuses};
use crate::{Cause, Text, cause, causes, code};

/// An entry that answers.
#[derive(Debug, Clone, Copy)]
pub enum Topic {
    /// An exit code, 0 to 255.
    Code {
        /// The number as it was given.
        given: i64,
        /// What the kernel makes of it: the low 8 bits.
        code: i64,
    },
    /// A signal.
    Signal(&'static Signal),
    /// A status of Windows.
    Windows {
        /// The number as it was given.
        given: i64,
        /// The status; `None` for one that has no entry.
        status: Option<&'static WindowsStatus>,
    },
    /// A word of Kubernetes.
    Reason(&'static Reason),
    /// A cause.
    Cause(&'static Cause),
}

/// The answer to one argument.
#[derive(Debug, Clone)]
pub struct Answer {
    /// What was asked.
    pub asked: String,
    /// What is in it, the most telling first.
    pub topics: Vec<Topic>,
    /// What the parts say together: the code's page on the reason beside it.
    pub together: Option<Text>,
}

/// A word that the dictionary does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// The word.
    pub asked: String,
    /// Words that are alike, the nearest first; at most three.
    pub nearest: Vec<String>,
}

/// Tells the cause that a line of a runtime, a registry or a log names.
pub type LineReader = fn(&str) -> Option<CauseId>;

/// Answers each argument in order. `signal 9`, `exit 9` and `kill -9` may come as two.
pub fn explain(arguments: &[String], cause_of_line: LineReader) -> Vec<Result<Answer, Unknown>> {
    let mut answers = Vec::new();
    let mut rest = arguments;
    while let Some((first, after)) = rest.split_first() {
        let is_pair = |second: &&String| {
            is_qualifier(first) && number(second.trim_start_matches("SIG")).is_some()
                || is_kill(first, second)
        };
        if let Some(second) = after.first().filter(is_pair) {
            answers.push(answer(&format!("{first} {second}"), cause_of_line));
            rest = &after[1..];
        } else {
            answers.push(answer(first, cause_of_line));
            rest = after;
        }
    }
    answers
}

fn is_qualifier(word: &str) -> bool {
    matches!(word.to_lowercase().as_str(), "signal" | "sig" | "exit" | "code" | "exitcode" | "status")
}

fn is_kill(first: &str, second: &str) -> bool {
    first == "kill" && second.starts_with('-')
}

fn answer(asked: &str, cause_of_line: LineReader) -> Result<Answer, Unknown> {
    let asked = asked.trim();
    let (topics, together) = match one_word(asked) {
        Some(topics) => (topics, None),
        None => pasted(asked, cause_of_line),
    };
    if topics.is_empty() {
        return Err(Unknown { asked: asked.to_owned(), nearest: nearest(asked) });
    }
    Ok(Answer { asked: asked.to_owned(), topics, together })
}

/// A number, a signal's name, a cause id or a reason, and nothing else.
fn one_word(asked: &str) -> Option<Vec<Topic>> {
    if let Some((word, value)) = asked.split_once(' ') {
        let value = value.trim();
        return match word.to_lowercase().as_str() {
            "signal" | "sig" => signal_by_word(value).map(|s| vec![Topic::Signal(s)]),
            "kill" => signal_by_word(value.trim_start_matches('-')).map(|s| vec![Topic::Signal(s)]),
            "exit" | "code" | "exitcode" | "status" => number(value).map(|n| vec![number_topic(n)]),
            _ => None,
        };
    }
    if let Some(number) = number(asked) {
        let mut topics = vec![number_topic(number)];
        topics.extend(signal(number).map(Topic::Signal));
        return Some(topics);
    }
    if let Some(signal) = signal_by_name(asked) {
        return Some(vec![Topic::Signal(signal)]);
    }
    // Cause ids are lower case; the same word in capitals is one of Kubernetes'.
    let mut found: Vec<Topic> = cause(asked).map(Topic::Cause).into_iter().collect();
    found.extend(reason_topics(asked));
    (!found.is_empty()).then_some(found)
}

/// A decimal number, or a hexadecimal one with `0x`.
fn number(text: &str) -> Option<i64> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let value = match digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
        Some(hex) if hex.bytes().all(|b| b.is_ascii_hexdigit()) => i64::from_str_radix(hex, 16).ok()?,
        Some(_) => return None,
        None if digits.bytes().all(|b| b.is_ascii_digit()) => digits.parse().ok()?,
        None => return None,
    };
    Some(sign * value)
}

/// Numbers from which on a code is one of Windows: below, a program on Linux may have passed them to exit().
const WINDOWS_FROM: i64 = 0x4000_0000;

fn number_topic(given: i64) -> Topic {
    let is_wide = given >= WINDOWS_FROM || given <= -(1 << 29);
    if is_wide
        && let Some(value) =
            u32::try_from(given).ok().or_else(|| i32::try_from(given).ok().map(i32::cast_unsigned))
    {
        let status = windows_statuses().iter().find(|s| s.value == value);
        return Topic::Windows { given, status };
    }
    Topic::Code { given, code: given.rem_euclid(256) }
}

fn signal_by_word(word: &str) -> Option<&'static Signal> {
    number(word).map_or_else(|| signal_by_name(word), signal)
}

/// `SIGKILL`, `kill`, `SIGRTMIN+3`, `rtmax-1`.
fn signal_by_name(word: &str) -> Option<&'static Signal> {
    let upper = word.to_uppercase();
    let bare = upper.strip_prefix("SIG").unwrap_or(&upper);
    let offset = |base: i64, rest: &str| -> Option<&'static Signal> {
        if rest.is_empty() { signal(base) } else { signal(base.checked_add(number(rest)?)?) }
    };
    // glibc: SIGRTMIN is 34, SIGRTMAX 64.
    if let Some(rest) = bare.strip_prefix("RTMIN") {
        return offset(34, rest);
    }
    if let Some(rest) = bare.strip_prefix("RTMAX") {
        return offset(64, rest);
    }
    let is_it = |s: &&Signal| s.name.strip_prefix("SIG") == Some(bare);
    // Names that one number has beside its first.
    let alias = match bare {
        "IOT" => "ABRT",
        "POLL" => "IO",
        "CLD" => "CHLD",
        _ => bare,
    };
    signals()
        .iter()
        .find(is_it)
        .or_else(|| signals().iter().find(|s| s.name.strip_prefix("SIG") == Some(alias)))
}

/// Reasons of that name in any kind; numbers in the forms of the STATUS column stand for any number.
fn reason_topics(word: &str) -> Vec<Topic> {
    let exact: Vec<Topic> = by_name(word).map(Topic::Reason).collect();
    if !exact.is_empty() {
        return exact;
    }
    let mut topics: Vec<Topic> =
        shapes(word).into_iter().flat_map(|s| by_name(s).collect::<Vec<_>>()).map(Topic::Reason).collect();
    if let Some((_, digits)) = word.rsplit_once(':')
        && let Some(value) = number(digits)
    {
        let is_signal = word.to_lowercase().contains("signal");
        let part = if is_signal { signal(value).map(Topic::Signal) } else { Some(number_topic(value)) };
        topics.extend(part);
    }
    topics
}

fn by_name(word: &str) -> impl Iterator<Item = &'static Reason> {
    let word = word.to_owned();
    let is_it = move |name: &str| name.eq_ignore_ascii_case(&word);
    reasons().iter().filter(move |r| is_it(r.name) || r.aliases.iter().any(|a| is_it(a)))
}

/// The entries that stand for a form with a number in it.
fn shapes(word: &str) -> Vec<&'static str> {
    let lower = word.to_lowercase();
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let fraction = |text: &str| text.split_once('/').is_some_and(|(a, b)| digits(a) && digits(b));
    let tail = |prefix: &str| lower.strip_prefix(prefix);
    if tail("init:signal:").is_some_and(digits) {
        vec!["Init:Signal:N"]
    } else if tail("init:exitcode:").is_some_and(digits) {
        vec!["Init:ExitCode:N"]
    } else if tail("init:").is_some_and(fraction) {
        vec!["Init:N/M"]
    } else if tail("signal:").is_some_and(digits) {
        vec!["Signal:N"]
    } else if tail("exitcode:").is_some_and(digits) {
        vec!["ExitCode:N"]
    } else if lower.starts_with("outof") && !lower.starts_with("outofmemory") {
        vec!["OutOfcpu"]
    } else if let Some(inner) = tail("init:") {
        reasons().iter().filter(|r| r.name.eq_ignore_ascii_case(inner)).map(|r| r.name).take(1).collect()
    } else {
        Vec::new()
    }
}

/// Everything that a pasted line holds: a code, a reason, a signal, and the cause that its words name.
fn pasted(line: &str, cause_of_line: LineReader) -> (Vec<Topic>, Option<Text>) {
    let mut topics: Vec<Topic> = Vec::new();
    let found_code = code_in(line);
    let found_reasons = reasons_in(line);
    let together = found_code.and_then(|n| beside(n, &found_reasons));
    topics.extend(cause_of_line(line).and_then(|id| cause(id.as_str())).map(Topic::Cause));
    topics.extend(found_code.map(number_topic));
    topics.extend(found_reasons.into_iter().map(Topic::Reason));
    if topics.is_empty() {
        topics.extend(reason_by_message(line).map(Topic::Reason));
    }
    topics.extend(signal_in(line).map(Topic::Signal));
    (topics, together)
}

/// The reason whose message this line is: the one of which the line holds the most.
fn reason_by_message(line: &str) -> Option<&'static Reason> {
    /// Shorter pieces stand in too many messages.
    const LEAST: usize = 14;
    let held = |message: &str| {
        let mut rest = line;
        let mut length = 0;
        for piece in message.split('…').map(str::trim).filter(|p| p.len() >= LEAST) {
            rest = rest.split_once(piece)?.1;
            length += piece.len();
        }
        (length > 0).then_some(length)
    };
    let scored = reasons().iter().filter_map(|r| Some((r.messages.iter().filter_map(|m| held(m)).max()?, r)));
    scored.max_by_key(|(length, r)| (*length, std::cmp::Reverse(r.kind))).map(|(_, r)| r)
}

/// The page of a code on the reason that stands beside it.
fn beside(number: i64, found: &[&'static Reason]) -> Option<Text> {
    let page = code(number.rem_euclid(256))?;
    found.iter().find_map(|reason| {
        let mark = format!("`{}`", reason.name);
        let at = page.beside.en.iter().position(|item| item.starts_with(&mark))?;
        Some(Text { en: page.beside.en[at], zh: page.beside.zh.get(at)? })
    })
}

/// `Exit Code: 137`, `exitCode=137`, `exited with code 1`, `exit status 2`.
fn code_in(line: &str) -> Option<i64> {
    let lower = line.to_lowercase();
    [
        "exit code",
        "exitcode",
        "exit status",
        "exited with code",
        "exited with status",
        "exited with",
        "return code",
        "退出码",
    ]
    .iter()
    .find_map(|words| {
        let after = lower[lower.find(words)? + words.len()..]
            .trim_start_matches([' ', ':', '=', '(', '"', '：', '为', '是']);
        let end = after.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).unwrap_or(after.len());
        number(&after[..end])
    })
}

/// Words of the dictionary that stand in a line, each once, in their order; only words that nobody writes by chance.
fn reasons_in(line: &str) -> Vec<&'static Reason> {
    let mut found: Vec<&'static Reason> = Vec::new();
    let words = line.split(|c: char| {
        c.is_whitespace()
            || matches!(c, ',' | ';' | '"' | '\'' | '(' | ')' | '[' | ']' | '=' | '，' | '。' | '；')
    });
    let lower = line.to_lowercase();
    let labelled = lower.contains("reason");
    // `State: Terminated` of kubectl describe is the state, and no reason.
    let is_state = |word: &str| lower.contains(&format!("state: {}", word.to_lowercase()));
    for word in words.map(|w| w.trim_matches(['.', ':'])) {
        let is_telling = |r: &&Reason| {
            let capitals = word.bytes().filter(u8::is_ascii_uppercase).count();
            (r.name == word || shapes(word).contains(&r.name))
                && (capitals >= 2 || word.contains(':') || (labelled && capitals == 1))
        };
        if let Some(reason) = reasons().iter().find(is_telling)
            && !found.iter().any(|f| f.name == reason.name)
            && !is_state(word)
        {
            found.push(reason);
        }
    }
    found
}

/// `signal 9`, `signal: killed` and names such as SIGTERM.
fn signal_in(line: &str) -> Option<&'static Signal> {
    let named = line
        .split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '-')))
        .find(|w| w.starts_with("SIG"));
    if let Some(signal) = named.and_then(signal_by_name) {
        return Some(signal);
    }
    let lower = line.to_lowercase();
    let (_, after) = lower.split_once("signal ")?;
    let digits: String = after.chars().take_while(char::is_ascii_digit).collect();
    number(&digits).and_then(signal)
}

/// The three words of the dictionary that are most alike.
fn nearest(asked: &str) -> Vec<String> {
    /// What is longer, in bytes, is like none of them.
    const LONGEST: usize = 100;
    if asked.len() > LONGEST {
        return Vec::new();
    }
    let names = reasons()
        .iter()
        .map(|r| r.name)
        .chain(causes().iter().map(|c| c.id.as_str()))
        .chain(signals().iter().map(|s| s.name));
    let lower = asked.to_lowercase();
    let mut ranked: Vec<(usize, &str)> = names
        .map(|name| {
            let name_in_small = name.to_lowercase();
            let holds = lower.len() > 2 && name_in_small.contains(&lower);
            // The beginning of a long word counts as the word.
            let beginning: String = name_in_small.chars().take(lower.chars().count() + 1).collect();
            let alike = distance(&lower, &name_in_small).min(distance(&lower, &beginning) + 1);
            (if holds { 0 } else { alike }, name)
        })
        .filter(|(distance, _)| *distance <= asked.chars().count() / 3)
        .collect();
    ranked.sort();
    ranked.dedup();
    ranked.into_iter().take(3).map(|(_, name)| name.to_owned()).collect()
}

/// Levenshtein's distance: insertions, deletions and replacements from one text to the other.
pub fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(row[j + 1] + 1);
        }
    }
    row[b.len()]
}
