//! What crates must not name: the invariants of ARCHITECTURE.md that neither the compiler nor cargo-deny holds.

use std::fs;
use std::path::{Path, PathBuf};

use crate::workspace::root;

/// Words of the outside: files, network, environment, clocks, output.
const OUTSIDE: [&str; 15] = [
    "std::fs",
    "fs::",
    "std::net",
    "std::env",
    "env::",
    "std::process",
    "std::time",
    "Instant::now",
    "SystemTime",
    "Timestamp::now",
    "Zoned::now",
    "std::io",
    "println!",
    "eprintln!",
    "tokio",
];

/// Crates that see nothing of the outside, and of `exitus-ingest` all but one file.
const INSIDE: [&str; 5] =
    ["exitus-model", "exitus-reference", "exitus-rules", "exitus-render", "exitus-ingest"];

/// The one file that reads files and standard input.
const DOOR: &str = "exitus-ingest/src/walk.rs";

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a readable folder") {
        let path = entry.expect("a readable entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

/// Lines of code that hold one of the words, as `FILE:LINE: WORD`. Comments and tests may say what they like.
fn lines_with(text: &str, words: &[&str]) -> Vec<String> {
    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let lines = code.lines().enumerate().filter(|(_, l)| !l.trim_start().starts_with("//"));
    let is_word = |line: &str, word: &str| {
        line.match_indices(word)
            .any(|(at, _)| !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
    };
    lines
        .flat_map(|(at, line)| {
            words.iter().filter(move |w| is_word(line, w)).map(move |w| format!("{}: {w}", at + 1))
        })
        .collect()
}

/// Complaints about the sources of crates, but for one file and tests.
fn named_in(crates: &[&str], but: &str, words: &[&str]) -> Vec<String> {
    let mut files = Vec::new();
    crates.iter().for_each(|name| sources(&root().join("crates").join(name).join("src"), &mut files));
    let is_test = |p: &Path| p.components().any(|c| c.as_os_str() == "tests") || p.ends_with("tests.rs");
    let mut found = Vec::new();
    for file in files.iter().filter(|f| !f.ends_with(but) && !is_test(f)) {
        let text = fs::read_to_string(file).expect("a readable file");
        found.extend(lines_with(&text, words).into_iter().map(|l| format!("{}:{l}", file.display())));
    }
    found
}

#[test]
fn facts_rules_and_renderers_see_nothing_of_the_outside() {
    let found = named_in(&INSIDE, DOOR, &OUTSIDE);
    assert!(found.is_empty(), "the outside is named inside:\n{}", found.join("\n"));
}

#[test]
fn one_file_of_the_command_line_reads_the_environment() {
    let words = ["std::env", "env::var", "SystemTime", "Timestamp::now", "Zoned::now"];
    let found = named_in(&["exitus-cli"], "exitus-cli/src/environment.rs", &words);
    assert!(found.is_empty(), "the environment or the clock is read elsewhere:\n{}", found.join("\n"));
}

#[test]
fn words_are_found_in_code_and_not_in_comments_tests_or_longer_words() {
    assert_eq!(lines_with("use std::fs;\n", &["std::fs"]), ["1: std::fs"]);
    assert!(lines_with("// std::fs\nlet x = refs::y;\n", &["std::fs", "fs::"]).is_empty());
    assert!(lines_with("#[cfg(test)]\nmod tests {\nuse std::fs;\n}\n", &["std::fs"]).is_empty());
}
