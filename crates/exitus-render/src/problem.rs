//! What could not be read, in words.

use exitus_model::{Message, Problem, ProblemKind};
use exitus_reference::Lang;
use exitus_reference::message_id as id;

/// A problem in one line, clean for a terminal: `dump/events.txt:12: ends in the middle of an object …`.
pub(crate) fn line(problem: &Problem, lang: Lang) -> String {
    let text = exitus_reference::say(&message(problem), lang);
    let line = format!("{}: {text}", place(problem));
    crate::sanitize::clean(&line).into_owned()
}

/// The message for a problem with the input.
pub(crate) fn message(problem: &Problem) -> Message {
    use ProblemKind as Kind;
    let plain = Message::from;
    let detail = |id, detail: &str| Message::from(id).with("detail", detail);
    match &problem.kind {
        Kind::Unreadable(words) => detail(id::PROBLEM_UNREADABLE, words),
        Kind::Empty => plain(id::PROBLEM_EMPTY),
        Kind::Binary => plain(id::PROBLEM_BINARY),
        Kind::Converted(encoding) => detail(id::PROBLEM_CONVERTED, encoding),
        Kind::UnknownForm => plain(id::PROBLEM_UNKNOWN_FORM),
        Kind::Truncated => plain(id::PROBLEM_TRUNCATED),
        Kind::Syntax(found) => detail(id::PROBLEM_SYNTAX, found),
        Kind::TooDeep => plain(id::PROBLEM_TOO_DEEP),
        Kind::TooLarge(bytes) => detail(id::PROBLEM_TOO_LARGE, &bytes.to_string()),
        Kind::WrongType { path, expected } => {
            plain(id::PROBLEM_WRONG_TYPE).with("path", path).with("expected", *expected)
        }
        Kind::BadTime { path, value } => detail(id::PROBLEM_BAD_TIME, value).with("path", path),
        Kind::NoKind => plain(id::PROBLEM_NO_KIND),
        Kind::NoName(kind) => detail(id::PROBLEM_NO_NAME, kind),
        Kind::SharedUid(uid) => detail(id::PROBLEM_SHARED_UID, uid),
        Kind::RestartCountFell { pod, container } => {
            plain(id::PROBLEM_RESTART_COUNT_FELL).with("pod", pod).with("container", container)
        }
        Kind::ContainerNotInSpec { pod, container } => {
            plain(id::PROBLEM_CONTAINER_NOT_IN_SPEC).with("pod", pod).with("container", container)
        }
        Kind::EventBeforePod(object) => detail(id::PROBLEM_EVENT_BEFORE_POD, object),
        Kind::LogUnavailable(words) => detail(id::PROBLEM_LOG_UNAVAILABLE, words),
        Kind::FolderLimit(limit) => detail(id::PROBLEM_FOLDER_LIMIT, &limit.to_string()),
        Kind::RuleFailed(words) => detail(id::PROBLEM_RULE_FAILED, words),
    }
}

/// The input with its line: `dump/events.txt:12`.
pub(crate) fn place(problem: &Problem) -> String {
    match problem.line.filter(|l| *l > 0) {
        Some(line) => format!("{}:{line}", problem.input),
        None => problem.input.clone(),
    }
}
