//! Telling a cause from the text of a runtime, a registry or the kubelet: tables of words, read from the top.

use exitus_model::{CauseId, Confidence};

/// A row of a table: a text that holds all of these words (in lower case) speaks of this cause.
pub(crate) struct Row {
    pub(crate) words: &'static [&'static str],
    pub(crate) cause: CauseId,
    pub(crate) confidence: Confidence,
}

/// A row whose words decide.
pub(crate) const fn sure(words: &'static [&'static str], cause: CauseId) -> Row {
    Row { words, cause, confidence: Confidence::Confirmed }
}

/// A row whose words leave a rival.
pub(crate) const fn fair(words: &'static [&'static str], cause: CauseId) -> Row {
    Row { words, cause, confidence: Confidence::Likely }
}

/// The first row that a text fits.
pub(crate) fn lookup<'r>(table: &'r [Row], text: &str) -> Option<&'r Row> {
    // Nested errors put a backslash before each quote.
    let text = text.to_lowercase().replace("\\\"", "\"");
    table.iter().find(|row| row.words.iter().all(|word| text.contains(word)))
}

/// The `n`th text in quotes: `"…"`, `` `…` ``, or with backslashes before the quotes as nested errors have them.
pub(crate) fn quoted(text: &str, n: usize) -> Option<String> {
    let plain = text.replace("\\\"", "\"").replace('`', "\"");
    plain.split('"').nth(n * 2 + 1).map(str::to_owned).filter(|q| !q.is_empty())
}

/// The text in quotes that follows some words.
pub(crate) fn quoted_after(text: &str, words: &str) -> Option<String> {
    let (_, rest) = text.split_once(words)?;
    quoted(rest, 0)
}

/// One line of at most 300 characters.
pub(crate) fn one_line(text: &str) -> String {
    const MOST: usize = 300;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}
