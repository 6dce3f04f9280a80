//! Reading the data files: TOML, and Markdown with TOML in front.

use std::fs;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;

/// One text in both languages.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Bilingual {
    pub(crate) en: String,
    pub(crate) zh: String,
}

/// Files of a folder with an ending, in the order of their stems.
pub(crate) fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap_or_else(|e| panic!("{folder}: {e}"))
        .map(|entry| entry.expect("a readable folder").path())
        .filter(|path| path.extension().is_some_and(|e| e == extension))
        .collect();
    files.sort_by(|a, b| a.file_stem().cmp(&b.file_stem()));
    files
}

/// Reads a TOML file.
pub(crate) fn toml<T: DeserializeOwned>(path: &Path) -> T {
    let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    toml::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// A Markdown file: the TOML in front, and a section for each language.
pub(crate) struct Page<F> {
    pub(crate) front: F,
    pub(crate) en: Section,
    pub(crate) zh: Section,
}

/// What one language says: a title, prose, and lists under headings.
pub(crate) struct Section {
    pub(crate) title: String,
    pub(crate) prose: String,
    pub(crate) lists: Vec<(String, Vec<String>)>,
}

impl Section {
    /// The list under a heading; empty where there is none.
    pub(crate) fn list(&self, heading: &str) -> &[String] {
        self.lists.iter().find(|(h, _)| h == heading).map_or(&[], |(_, items)| items.as_slice())
    }
}

/// Reads a Markdown file.
pub(crate) fn page<F: DeserializeOwned>(path: &Path) -> Page<F> {
    let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let fail = |why: &str| -> ! { panic!("{}: {why}", path.display()) };
    let rest = text.strip_prefix("+++\n").unwrap_or_else(|| fail("does not begin with +++"));
    let (front, body) = rest.split_once("\n+++\n").unwrap_or_else(|| fail("the front matter has no end"));
    let front: F = toml::from_str(front).unwrap_or_else(|e| fail(&e.to_string()));
    let (en, zh) = body.split_once("\n## zh\n").unwrap_or_else(|| fail("has no section `## zh`"));
    let en = en.trim_start().strip_prefix("## en\n").unwrap_or_else(|| fail("has no section `## en`"));
    Page { front, en: section(path, en), zh: section(path, zh) }
}

fn section(path: &Path, text: &str) -> Section {
    let mut parts = text.split("\n### ");
    let prose = parts.next().unwrap_or_default();
    let mut paragraphs = prose.split("\n\n").map(join_lines).filter(|p| !p.is_empty());
    let title = paragraphs.next().unwrap_or_else(|| panic!("{}: no title", path.display()));
    let prose = paragraphs.collect::<Vec<_>>().join("\n");
    let lists = parts.map(|part| {
        let (heading, items) = part.split_once('\n').unwrap_or((part, ""));
        (heading.trim().to_owned(), bullets(items))
    });
    Section { title, prose, lists: lists.collect() }
}

/// The items of a list; a line that is indented goes on with the item before it.
fn bullets(text: &str) -> Vec<String> {
    let mut items: Vec<String> = Vec::new();
    for line in text.lines() {
        if let Some(item) = line.trim_start().strip_prefix("- ") {
            items.push(item.trim().to_owned());
        } else if let Some(last) = items.last_mut().filter(|_| !line.trim().is_empty()) {
            *last = join_lines(&format!("{last}\n{line}"));
        }
    }
    items
}

/// Joins wrapped lines: with a blank between Latin words, with nothing where Chinese goes on.
fn join_lines(paragraph: &str) -> String {
    let mut joined = String::new();
    for line in paragraph.lines().map(str::trim).filter(|l| !l.is_empty()) {
        let is_wide = |c: Option<char>| c.is_some_and(|c| c > '\u{2e7f}');
        if !joined.is_empty() && !is_wide(joined.chars().last()) && !is_wide(line.chars().next()) {
            joined.push(' ');
        }
        joined.push_str(line);
    }
    joined
}
