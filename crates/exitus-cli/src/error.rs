//! Why a command could not run, and what to do about it.

use std::io::{self, Write as _};

use exitus::reference::{Lang, fill, message, message_id as id};
use exitus::{Message, UnknownTarget};

#[derive(Debug)]
pub(crate) enum CliError {
    /// No evidence was named; the targets that were.
    NoEvidence(Vec<String>),
    NothingRead(Vec<String>),
    UnknownKind(String),
    UnknownTarget(UnknownTarget),
    UnknownCause(String),
    BadSelector(String),
    BadTime(String),
    UnknownWords(Vec<String>),
    CannotWrite(String, String),
    Internal(String),
}

/// Where a fault of the program is reported.
const ISSUES: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/issues");

impl CliError {
    fn what(&self) -> Message {
        let named = |words, name: &String| Message::from(words).with("name", name);
        match self {
            CliError::NoEvidence(_) => id::ERROR_NO_EVIDENCE.into(),
            CliError::NothingRead(_) => id::ERROR_NOTHING_READ.into(),
            CliError::UnknownKind(word) => named(id::ERROR_UNKNOWN_KIND, word),
            CliError::UnknownTarget(unknown) => named(id::ERROR_UNKNOWN_TARGET, &unknown.target.name)
                .with("kind", unknown.target.kind.to_lowercase()),
            CliError::UnknownCause(word) => named(id::ERROR_UNKNOWN_CAUSE, word),
            CliError::BadSelector(word) => named(id::ERROR_BAD_SELECTOR, word),
            CliError::BadTime(word) => named(id::ERROR_BAD_TIME, word),
            CliError::UnknownWords(_) => id::ERROR_NOTHING_TO_EXPLAIN.into(),
            CliError::CannotWrite(path, reason) => named(id::ERROR_CANNOT_WRITE, path).with("reason", reason),
            CliError::Internal(what) => Message::from(id::ERROR_INTERNAL).with("what", what),
        }
    }

    /// The next step: lines that are told already, or a message.
    fn hint(&self) -> Result<&[String], Message> {
        Err(match self {
            CliError::NothingRead(lines) | CliError::UnknownWords(lines) => return Ok(lines),
            CliError::NoEvidence(targets) => {
                match targets.iter().find(|t| std::path::Path::new(t).exists()) {
                    Some(path) => Message::from(id::HINT_PATH_WITHOUT_FLAG).with("name", path),
                    None => id::HINT_NO_EVIDENCE.into(),
                }
            }
            CliError::UnknownKind(_) => id::HINT_UNKNOWN_KIND.into(),
            CliError::UnknownTarget(unknown) if unknown.nearest.is_empty() => {
                id::HINT_LIST_WHAT_THERE_IS.into()
            }
            CliError::UnknownTarget(unknown) => {
                Message::from(id::HINT_NEAREST_NAMES).with("names", unknown.nearest.join(", "))
            }
            CliError::UnknownCause(_) => id::HINT_UNKNOWN_CAUSE.into(),
            CliError::BadSelector(_) => id::HINT_BAD_SELECTOR.into(),
            CliError::BadTime(_) => id::HINT_BAD_TIME.into(),
            CliError::CannotWrite(..) => id::HINT_CANNOT_WRITE.into(),
            CliError::Internal(_) => Message::from(id::HINT_INTERNAL).with("address", ISSUES),
        })
    }

    /// Prints error and hint to standard error, free of anything that a terminal would obey.
    pub(crate) fn print(&self, lang: Lang) {
        let say = |words: &Message| fill(message(words.id, lang), &words.args).unwrap_or_default();
        let clean = |text: &str| text.lines().map(exitus::sanitize::clean).collect::<Vec<_>>().join("\n  ");
        let error = say(&Message::from(id::ERROR).with("what", say(&self.what())));
        let hint = match self.hint() {
            Ok(lines) => lines.join("\n"),
            Err(words) => say(&words),
        };
        let text = format!("{}\n  {}\n", clean(&error), clean(&hint));
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }
}
