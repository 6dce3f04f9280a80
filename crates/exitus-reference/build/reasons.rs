//! `entries/reasons/<kind>/*.md`: the words of Kubernetes and its runtimes.

use std::fmt::Write as _;
use std::path::Path;

use crate::input::{Bilingual, Page, files, page};
use crate::rust::{cause_ids, points, text};

/// Kinds, in the order in which a name that has several is told.
const KINDS: [(&str, &str); 7] = [
    ("waiting", "Waiting"),
    ("terminated", "Terminated"),
    ("pod", "Pod"),
    ("display", "Display"),
    ("condition", "Condition"),
    ("event", "Event"),
    ("node", "Node"),
];

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Front {
    name: String,
    #[serde(default)]
    aliases: Vec<String>,
    set_by: String,
    #[serde(default)]
    since: String,
    #[serde(default)]
    until: String,
    role: String,
    #[serde(default)]
    causes: Vec<String>,
    #[serde(default)]
    messages: Vec<String>,
    #[serde(default)]
    commands: Vec<String>,
    sources: Vec<String>,
}

pub(crate) fn table() -> String {
    let mut table = String::from("pub(crate) static REASONS: &[Reason] = &[\n");
    for (folder, kind) in KINDS {
        for path in files(&format!("entries/reasons/{folder}"), "md") {
            writeln!(table, "{},", reason(&path, kind, page(&path))).expect("a string");
        }
    }
    table.push_str("];\n");
    table
}

fn reason(path: &Path, kind: &str, page: Page<Front>) -> String {
    let Page { front, en, zh } = page;
    let role = match front.role.as_str() {
        "cause" => "ReasonRole::Cause",
        "echo" => "ReasonRole::Echo",
        "marker" => "ReasonRole::Marker",
        "invented" => "ReasonRole::Invented",
        "gone" => "ReasonRole::Gone",
        word => panic!("{}: no such role: {word}", path.display()),
    };
    format!(
        "Reason {{ name: {:?}, kind: ReasonKind::{kind}, aliases: &{:?}, set_by: {:?}, since: {:?}, until: {:?}, role: {role}, \
         causes: {}, messages: &{:?}, commands: &{:?}, sources: &{:?}, title: {}, text: {}, leads: {}, next: {} }}",
        front.name,
        front.aliases,
        front.set_by,
        front.since,
        front.until,
        cause_ids(&front.causes),
        front.messages,
        front.commands,
        front.sources,
        text(&Bilingual { en: en.title.clone(), zh: zh.title.clone() }),
        text(&Bilingual { en: en.prose.clone(), zh: zh.prose.clone() }),
        points(en.list("What leads to it"), zh.list("常见原因")),
        points(en.list("Next"), zh.list("下一步")),
    )
}
