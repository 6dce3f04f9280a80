//! What causes mean and what is said of them, in English and Chinese.
//!
//! The texts are data: one Markdown file per cause in `causes/`, short messages in `messages/*.toml`. They are
//! compiled in and looked up by binary search; nothing is parsed when the program starts. Other crates name a
//! text by the constants of [`cause_id`] and [`message_id`], so a text that is missing does not compile.

mod entry;
mod explain;
mod template;

use exitus_model::{CauseId, Message, MessageId, Severity};

pub use entry::{
    Action, Claim, Code, EndsPid1, Meaning, Place, Points, Reason, ReasonKind, ReasonRole, Signal,
    WindowsStatus, World, all_meanings, claims, code, codes, meanings, places, reasons, signal, signal_name,
    signal_number, signals, windows_statuses, world,
};
pub use explain::{Answer, LineReader, Topic, Unknown, distance, explain};
pub use template::{PARAMETERS, fill, fill_command, nameless, placeholders};

include!(concat!(env!("OUT_DIR"), "/causes.rs"));
include!(concat!(env!("OUT_DIR"), "/messages.rs"));

/// A language of the texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Chinese, simplified.
    Zh,
}

/// One text in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Text {
    /// English.
    pub en: &'static str,
    /// Chinese.
    pub zh: &'static str,
}

impl Text {
    /// The text in a language.
    pub fn get(self, lang: Lang) -> &'static str {
        match lang {
            Lang::En => self.en,
            Lang::Zh => self.zh,
        }
    }
}

/// What a suggested command may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Risk {
    /// Only reads.
    ReadOnly,
    /// Changes something that can be changed back.
    Changes,
    /// Loses something.
    Destructive,
}

impl Risk {
    /// The word of the output contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Risk::ReadOnly => "read-only",
            Risk::Changes => "changes",
            Risk::Destructive => "destructive",
        }
    }
}

/// A next step. Its command may hold placeholders; without all their values it is not shown.
#[derive(Debug, Clone, Copy)]
pub struct Remedy {
    /// What the step may do.
    pub risk: Risk,
    /// The command.
    pub command: Option<&'static str>,
    /// What it is for.
    pub text: Text,
}

/// A cause: its texts are templates for [`fill`].
#[derive(Debug, Clone, Copy)]
pub struct Cause {
    /// The public id.
    pub id: CauseId,
    /// The family of rules.
    pub family: &'static str,
    /// How much it matters by itself.
    pub severity: Severity,
    /// The coarser cause to fall back to.
    pub fallback: Option<CauseId>,
    /// Where to read on.
    pub references: &'static [&'static str],
    /// Next steps, the harmless first.
    pub remedies: &'static [Remedy],
    /// The verdict in one line.
    pub title: Text,
    /// Two or three sentences.
    pub explanation: Text,
    /// The facts that decide it.
    pub decided_by: Points,
}

/// Every cause, in the order of their ids.
pub fn causes() -> &'static [Cause] {
    CAUSES
}

/// A cause by id.
///
/// ```
/// let cause = exitus_reference::cause("out-of-memory-container").unwrap();
/// assert_eq!(cause.family, "memory");
/// ```
pub fn cause(id: &str) -> Option<&'static Cause> {
    CAUSES.binary_search_by(|c| c.id.as_str().cmp(id)).ok().map(|i| &CAUSES[i])
}

/// The text of a message, unfilled.
pub fn message(id: MessageId, lang: Lang) -> &'static str {
    MESSAGES.binary_search_by(|(key, _)| (*key).cmp(id.0)).map_or(id.0, |i| MESSAGES[i].1.get(lang))
}

/// The text of a message with its values.
pub fn say(message: &Message, lang: Lang) -> String {
    fill(self::message(message.id, lang), &message.args)
        .unwrap_or_else(|| self::message(message.id, lang).to_owned())
}

#[cfg(test)]
mod tests;
