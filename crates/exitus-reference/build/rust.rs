//! Writing data as Rust.

use crate::input::Bilingual;

/// A name of a constant: `out-of-memory` → `OUT_OF_MEMORY`.
pub(crate) fn constant(id: &str) -> String {
    id.to_uppercase().replace(['-', '.'], "_")
}

/// A text as a line of documentation.
pub(crate) fn doc(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    line.replace("[[", "").replace("]]", "").replace('[', "\\[").replace(']', "\\]").replace('<', "\\<")
}

/// A `Text`.
pub(crate) fn text(text: &Bilingual) -> String {
    format!("Text {{ en: {:?}, zh: {:?} }}", text.en, text.zh)
}

/// `Points`: one list in both languages.
pub(crate) fn points(en: &[String], zh: &[String]) -> String {
    format!("Points {{ en: &{en:?}, zh: &{zh:?} }}")
}

/// A list of cause ids.
pub(crate) fn cause_ids(ids: &[String]) -> String {
    let ids: Vec<String> = ids.iter().map(|id| format!("CauseId({id:?})")).collect();
    format!("&[{}]", ids.join(", "))
}
