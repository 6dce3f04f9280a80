//! Compiles `causes/*.md` and `messages/*.toml` into static tables, so that nothing is parsed at run time.

#![expect(clippy::panic, reason = "a panic is how a build script reports what is wrong with its input")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct FrontMatter {
    family: String,
    severity: String,
    fallback: Option<String>,
    references: Vec<String>,
    #[serde(default)]
    remedy: Vec<Remedy>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Remedy {
    risk: String,
    command: Option<String>,
    en: String,
    zh: String,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    en: String,
    zh: String,
}

struct Section {
    title: String,
    explanation: String,
    decided_by: Vec<String>,
}

fn main() {
    println!("cargo::rerun-if-changed=causes");
    println!("cargo::rerun-if-changed=messages");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    fs::write(out.join("causes.rs"), causes()).expect("OUT_DIR is writable");
    fs::write(out.join("messages.rs"), messages()).expect("OUT_DIR is writable");
}

fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap_or_else(|e| panic!("{folder}: {e}"))
        .map(|entry| entry.expect("a readable folder").path())
        .filter(|path| path.extension().is_some_and(|e| e == extension))
        .collect();
    files.sort_by(|a, b| a.file_stem().cmp(&b.file_stem()));
    files
}

fn causes() -> String {
    let mut table = String::from("pub(crate) static CAUSES: &[Cause] = &[\n");
    let mut ids = String::new();
    for path in files("causes", "md") {
        let id = path.file_stem().and_then(|s| s.to_str()).expect("a file name in ASCII").to_owned();
        let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let (front, en, zh) = parse_cause(&path, &text);
        let constant = constant(&id);
        writeln!(ids, "/// {}\npub const {constant}: CauseId = CauseId({id:?});", doc(&en.title))
            .expect("a string");
        write!(
            table,
            "Cause {{ id: CauseId({id:?}), family: {:?}, severity: {}, fallback: {}, references: &{:?}, remedies: &[",
            front.family,
            severity(&path, &front.severity),
            front.fallback.map_or("None".to_owned(), |f| format!("Some(CauseId({f:?}))")),
            front.references,
        )
        .expect("a string");
        for remedy in front.remedy {
            write!(
                table,
                "Remedy {{ risk: {}, command: {:?}, text: Text {{ en: {:?}, zh: {:?} }} }}, ",
                risk(&path, &remedy.risk),
                remedy.command,
                remedy.en,
                remedy.zh
            )
            .expect("a string");
        }
        write!(
            table,
            "], title: Text {{ en: {:?}, zh: {:?} }}, explanation: Text {{ en: {:?}, zh: {:?} }}, ",
            en.title, zh.title, en.explanation, zh.explanation
        )
        .expect("a string");
        writeln!(table, "decided_by_en: &{:?}, decided_by_zh: &{:?} }},", en.decided_by, zh.decided_by)
            .expect("a string");
    }
    format!(
        "{table}];\n/// The id of every cause.\npub mod cause_id {{\nuse exitus_model::CauseId;\n{ids}}}\n"
    )
}

fn doc(title: &str) -> String {
    let line = title.lines().next().unwrap_or_default();
    line.replace("[[", "").replace("]]", "").replace('[', "\\[").replace(']', "\\]").replace('<', "\\<")
}

fn constant(id: &str) -> String {
    id.to_uppercase().replace(['-', '.'], "_")
}

fn severity(path: &Path, word: &str) -> &'static str {
    match word {
        "info" => "Severity::Info",
        "warning" => "Severity::Warning",
        "error" => "Severity::Error",
        _ => panic!("{}: no such severity: {word}", path.display()),
    }
}

fn risk(path: &Path, word: &str) -> &'static str {
    match word {
        "read-only" => "Risk::ReadOnly",
        "changes" => "Risk::Changes",
        "destructive" => "Risk::Destructive",
        _ => panic!("{}: no such risk: {word}", path.display()),
    }
}

fn parse_cause(path: &Path, text: &str) -> (FrontMatter, Section, Section) {
    let fail = |why: &str| -> ! { panic!("{}: {why}", path.display()) };
    let rest = text.strip_prefix("+++\n").unwrap_or_else(|| fail("does not begin with +++"));
    let (front, body) = rest.split_once("\n+++\n").unwrap_or_else(|| fail("the front matter has no end"));
    let front: FrontMatter = toml::from_str(front).unwrap_or_else(|e| fail(&e.to_string()));
    let (en, zh) = body.split_once("\n## zh\n").unwrap_or_else(|| fail("has no section `## zh`"));
    let en = en.trim_start().strip_prefix("## en\n").unwrap_or_else(|| fail("has no section `## en`"));
    (front, section(path, en), section(path, zh))
}

fn section(path: &Path, text: &str) -> Section {
    let (prose, list) =
        text.split_once("\n### ").unwrap_or_else(|| panic!("{}: no `###` list", path.display()));
    let mut paragraphs = prose.split("\n\n").map(join_lines).filter(|p| !p.is_empty());
    let title = paragraphs.next().unwrap_or_else(|| panic!("{}: no title", path.display()));
    let explanation = paragraphs.collect::<Vec<_>>().join("\n");
    let decided_by = list.lines().filter_map(|l| l.trim().strip_prefix("- ")).map(str::to_owned).collect();
    Section { title, explanation, decided_by }
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

fn messages() -> String {
    let mut all: BTreeMap<String, Text> = BTreeMap::new();
    for path in files("messages", "toml") {
        let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let table: BTreeMap<String, Text> =
            toml::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        for (key, text) in table {
            assert!(all.insert(key.clone(), text).is_none(), "{}: {key} stands twice", path.display());
        }
    }
    let mut table = String::from("pub(crate) static MESSAGES: &[(&str, Text)] = &[\n");
    let mut ids = String::new();
    for (key, text) in all {
        writeln!(table, "({key:?}, Text {{ en: {:?}, zh: {:?} }}),", text.en, text.zh).expect("a string");
        let name = constant(&key);
        writeln!(ids, "/// {}\npub const {name}: MessageId = MessageId({key:?});", doc(&text.en))
            .expect("a string");
    }
    format!(
        "{table}];\n/// The id of every message.\npub mod message_id {{\nuse exitus_model::MessageId;\n{ids}}}\n"
    )
}
