//! Text from a cluster that would steer a terminal, hide, or pose as something else.

use std::fs;
use std::path::Path;

use serde_json::Value;
use tempfile::{TempDir, tempdir};

use super::{capture, write};
use crate::harness::{ROOT, exitus, exitus_in, expect_none, in_parallel, list, text, why, why_args};
use crate::proof::prove;

/// Titles, links, the clipboard, colours and a wiped screen in 7-bit and 8-bit form; bidi and zero-width characters.
const HOSTILE: &str = "\x1b]8;;http://evil.example\x1b\\x\x1b]52;c;ZXZpbA==\x07\x1b]0;title\x07\x1b[2J\x1b[31m\
                       \u{9b}31m\u{9d}0;t\u{9c}\x1bPq\x1b\\\x08\x07\x7f\u{85}\r\
                       \u{202e}\u{2066}\u{200e}\u{61c}\u{200b}\u{200d}\u{2060}\u{feff}\u{ad}\u{2028}\u{e0041}";

/// The same in short, for names: those of files have little room and no slash, and a path quotes them in brackets.
const HOSTILE_NAME: &str = "\x1bc\x07\u{9b}2J\u{9d}0;t\u{9c}\u{202e}\u{200b}\u{2028}\x7f";

/// Captures that between them show every kind of evidence.
const BASES: [&str; 8] = [
    "oom-limit",
    "liveness-http",
    "image-rate-limit",
    "evict-memory-pressure",
    "app-py-import",
    "unsched-cpu",
    "job-backoff",
    "node-not-ready",
];

/// Members whose words the program must understand; all others get the hostile text behind their own.
const WORDS: [&str; 12] = [
    "apiVersion",
    "kind",
    "type",
    "status",
    "phase",
    "reason",
    "restartPolicy",
    "uid",
    "resourceVersion",
    "effect",
    "qosClass",
    "memory",
];

fn poison(key: &str, value: &mut Value) {
    match value {
        Value::String(text) if WORDS.contains(&key) || text.parse::<jiff::Timestamp>().is_ok() => {}
        Value::String(text) if text.is_empty() => {}
        Value::String(text) => match key {
            "name" | "namespace" | "nodeName" => text.push_str(HOSTILE_NAME),
            // `spec.containers{app}`
            "fieldPath" => *text = text.replace('}', &format!("{HOSTILE_NAME}}}")),
            _ => text.push_str(HOSTILE),
        },
        Value::Array(elements) => elements.iter_mut().for_each(|v| poison(key, v)),
        Value::Object(members) => members.iter_mut().for_each(|(key, v)| poison(key, v)),
        _ => {}
    }
}

/// A capture in which every name, message, log and kernel line is hostile.
fn poisoned(name: &str) -> TempDir {
    let folder = tempdir().unwrap();
    let source = Path::new(ROOT).join(capture(name).path(""));
    for file in ["pods.json", "events.json", "node.json", "objects.json", "watch.jsonl"] {
        let text = fs::read_to_string(source.join(file)).unwrap();
        let documents = serde_json::Deserializer::from_str(&text).into_iter::<Value>();
        let poisoned = documents.map(|document| {
            let mut document = document.unwrap();
            poison("", &mut document);
            document.to_string() + "\n"
        });
        write(folder.path(), file, poisoned.collect::<String>());
    }
    let lines = |path: &Path| -> String {
        let text = fs::read_to_string(path).unwrap();
        text.lines().map(|line| format!("{line}{}\n", HOSTILE.replace('\r', ""))).collect()
    };
    write(folder.path(), "kernel.txt", lines(&source.join("kernel.txt")));
    for entry in fs::read_dir(source.join("logs")).into_iter().flatten().flatten() {
        let name = entry.file_name().into_string().unwrap();
        // POD.CONTAINER.txt, each name as it stands in the objects.
        let mut parts = name.splitn(3, '.');
        let (pod, container) = (parts.next().unwrap(), parts.next().unwrap());
        let rest = parts.next().unwrap();
        let name = format!("logs/{pod}{HOSTILE_NAME}.{container}{HOSTILE_NAME}.{rest}");
        write(folder.path(), &name, lines(&entry.path()));
    }
    write(folder.path(), &format!("unknown{HOSTILE_NAME}"), "nothing of use\n");
    folder
}

fn path(folder: &TempDir) -> String {
    folder.path().to_str().expect("UTF-8").to_owned()
}

/// What no output may hold: controls but for line ends, and characters that show nothing or reorder others.
fn is_unsafe(c: char) -> bool {
    let is_invisible = matches!(
        u32::from(c),
        0xad | 0x61c | 0x200b..=0x200f | 0x2028..=0x202e | 0x2060..=0x206f | 0xfeff | 0xe0000..=0xe0fff
    );
    (c.is_control() && c != '\n') || is_invisible
}

/// Without the colours that the program itself may write.
fn without_colour(text: &str) -> String {
    ["0", "1", "2", "31", "33"].iter().fold(text.to_owned(), |t, n| t.replace(&format!("\x1b[{n}m"), ""))
}

#[test]
fn no_output_holds_a_control_character() {
    let folders = BASES.map(poisoned);
    let args = why_args(&folders.each_ref().map(path));
    let forms = ["human", "wide", "json", "yaml", "ndjson", "markdown", "name"];
    let looks = [["--lang", "en", "--color", "never"], ["--lang", "zh", "--color", "always"]];
    let jobs: Vec<_> = forms.iter().flat_map(|form| looks.map(|look| (*form, look))).collect();
    let complaints = in_parallel(&jobs, |(form, look)| {
        let args = args.iter().map(String::as_str).chain(["--all", "-o", form]).chain(*look);
        let outcome = exitus(args);
        let text = if look[3] == "always" { without_colour(&outcome.stdout) } else { outcome.stdout };
        let bad: Vec<char> = text.chars().filter(|c| is_unsafe(*c)).collect();
        let is_whole = BASES.iter().all(|base| text.contains(base));
        (!bad.is_empty() || !is_whole).then(|| format!("{form} {look:?}: {bad:?}\n{text}"))
    });
    expect_none(&complaints.into_iter().flatten().collect::<Vec<_>>());
}

#[test]
fn values_stay_what_they_were_and_are_still_found() {
    let folders = BASES.map(poisoned);
    let document = why(&folders.each_ref().map(path));
    let (proven, mut complaints) = prove(&[&document]);
    complaints.extend(crate::schema::errors(&document));
    expect_none(&complaints);
    let evidence = || list(&document, "items").iter().flat_map(|item| list(item, "evidence"));
    let hostile = evidence().filter(|piece| text(piece, "value").contains('\u{202e}')).count();
    assert!(hostile > 10 && proven - hostile > 10, "{hostile} of {proven}");
}

#[test]
fn errors_and_hints_are_clean_too() {
    let folder = poisoned("oom-limit");
    let path = &path(&folder);
    let args = [
        vec!["why", "-f", path, "oom-limi"],
        vec!["why", "-f", path, "node/node-\x1b[31mb"],
        vec!["why", "-f", path, "gadget\u{202e}/x"],
        vec!["why", "-f", path, "--cause", "oom\x1b]0;t\x07"],
        vec!["why", "-f", path, "-l", "\u{200b}\x1b[2J"],
        vec!["why", "-f", path, "--now", "\x1b[2Jnever"],
        vec!["why", "-f", "no\x1b[31m/such\u{202e}"],
    ];
    for args in args {
        let outcome = exitus(&args);
        outcome.expect_error(&["error: "]);
        let bad: Vec<char> = outcome.stderr.chars().filter(|c| is_unsafe(*c)).collect();
        assert!(bad.is_empty(), "{args:?}: {bad:?}");
    }
    let input = format!("{HOSTILE}\n");
    let outcome = exitus_in(&[], input.as_bytes(), ["why", "-f", "-"]);
    outcome.expect_error(&["error: "]);
    assert!(!outcome.stderr.chars().any(is_unsafe));
}
