//! Damaged, half and hostile evidence: a clear warning, nothing lost, nothing made up, no control character.

mod cut;
mod encoding;
mod field;
mod hostile;

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::harness::{CAPTURES, Capture, ROOT, list, read_json, text};

fn capture(name: &str) -> &'static Capture {
    CAPTURES.iter().find(|c| c.name == name).expect("a capture of that name")
}

/// The objects of a list in a capture's file.
fn objects(capture: &str, file: &str) -> Vec<Value> {
    let path = Path::new(ROOT).join(self::capture(capture).path(file));
    list(&read_json(&path), "items").to_vec()
}

/// A list as kubectl prints it.
fn list_of(objects: &[Value]) -> Vec<u8> {
    serde_json::to_vec_pretty(&json!({"apiVersion": "v1", "items": objects, "kind": "List"})).unwrap()
}

/// Writes a file and hands its path on, as an argument.
fn write(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) -> String {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().expect("a folder")).unwrap();
    fs::write(&path, bytes).unwrap();
    path.to_str().expect("UTF-8").to_owned()
}

/// The warnings about one input.
fn warnings<'d>(document: &'d Value, input: &str) -> Vec<&'d Value> {
    list(document, "warnings").iter().filter(|w| w["input"] == input).collect()
}

/// A complaint for each warning that a rule broke: no input may do that.
fn broken_rules(document: &Value) -> Vec<String> {
    let is_broken = |w: &&Value| text(w, "message").contains("internal error");
    list(document, "warnings").iter().filter(is_broken).map(|w| format!("a rule broke: {w}")).collect()
}

/// `POD CONTAINER CAUSE CONFIDENCE` of each item, sorted.
fn verdicts(document: &Value) -> Vec<String> {
    let verdict = |item: &Value| {
        let subject = &item["subject"];
        let whom = format!("{} {}", text(subject, "pod"), text(subject, "container"));
        format!("{whom} {} {}", text(item, "cause"), text(item, "confidence"))
    };
    let mut verdicts: Vec<String> = list(document, "items").iter().map(verdict).collect();
    verdicts.sort();
    verdicts
}
