//! `messages/*.toml`: short texts by key.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::input::{Bilingual, files, toml};
use crate::rust::{constant, doc, text};

pub(crate) fn table() -> String {
    let mut all: BTreeMap<String, Bilingual> = BTreeMap::new();
    for path in files("messages", "toml") {
        for (key, text) in toml::<BTreeMap<String, Bilingual>>(&path) {
            assert!(all.insert(key.clone(), text).is_none(), "{}: {key} stands twice", path.display());
        }
    }
    let mut table = String::from("pub(crate) static MESSAGES: &[(&str, Text)] = &[\n");
    let mut ids = String::new();
    for (key, message) in all {
        writeln!(table, "({key:?}, {}),", text(&message)).expect("a string");
        let name = constant(&key);
        writeln!(ids, "/// {}\npub const {name}: MessageId = MessageId({key:?});", doc(&message.en))
            .expect("a string");
    }
    format!(
        "{table}];\n/// The id of every message.\npub mod message_id {{\nuse exitus_model::MessageId;\n{ids}}}\n"
    )
}
