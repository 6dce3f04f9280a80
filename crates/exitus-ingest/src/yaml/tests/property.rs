//! YAML says what the equivalent JSON says.

use proptest::prelude::*;
use serde_json::Value as Json;

use super::*;

fn any_json() -> impl Strategy<Value = Json> {
    let text = prop_oneof![
        "[a-z]{1,6}([-./][a-z0-9]{1,5}){0,3}",
        "[ -~]{0,12}",
        "\\PC{0,8}",
        "([a-z: #-]{0,8}\n){0,3}",
        prop::sample::select(vec![
            "5e4074516095",
            "1e400",
            "0x10",
            "yes",
            "null",
            "~",
            "12",
            "true",
            "---",
            "- a",
            "a: b"
        ])
        .prop_map(str::to_owned),
    ];
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        text.prop_map(Json::from)
    ];
    leaf.prop_recursive(4, 30, 5, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Json::from),
            proptest::collection::btree_map("[a-zA-Z]{1,8}|[ -~]{1,6}", inner, 0..5)
                .prop_map(Json::from_iter),
        ]
    })
}

/// Writes as kubectl does: block style, lists at the indentation of their key, quotes only where they are needed.
fn write(value: &Json, indent: usize, out: &mut String) {
    let margin = " ".repeat(indent);
    match value {
        Json::Object(members) if !members.is_empty() => {
            for (key, member) in members {
                out.push_str(&format!("{margin}{}:", scalar(key)));
                write_child(member, indent, out);
            }
        }
        Json::Array(elements) if !elements.is_empty() => {
            for element in elements {
                let mut inner = String::new();
                write(element, indent + 2, &mut inner);
                let is_nested = matches!(element, Json::Object(m) if !m.is_empty())
                    || matches!(element, Json::Array(e) if !e.is_empty());
                match is_nested {
                    true => out.push_str(&format!("{margin}- {}", &inner[indent + 2..])),
                    false => {
                        out.push_str(&format!("{margin}-"));
                        write_child(element, indent, out);
                    }
                }
            }
        }
        _ => {}
    }
}

fn write_child(value: &Json, indent: usize, out: &mut String) {
    match value {
        Json::Object(members) if members.is_empty() => out.push_str(" {}\n"),
        Json::Array(elements) if elements.is_empty() => out.push_str(" []\n"),
        Json::Object(_) => {
            out.push('\n');
            write(value, indent + 2, out);
        }
        Json::Array(_) => {
            out.push('\n');
            write(value, indent, out);
        }
        Json::String(text) if is_block(text) => {
            out.push_str(" |\n");
            for line in text.lines() {
                let margin = if line.is_empty() { String::new() } else { " ".repeat(indent + 2) };
                out.push_str(&format!("{margin}{line}\n"));
            }
        }
        Json::String(text) => out.push_str(&format!(" {}\n", scalar(text))),
        other => out.push_str(&format!(" {other}\n")),
    }
}

/// Whether a text can be a block scalar without an indicator.
fn is_block(text: &str) -> bool {
    text.ends_with('\n') && !text.ends_with("\n\n") && !text.starts_with([' ', '\n', '\t'])
}

fn scalar(text: &str) -> String {
    let is_plain = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-./:_ ".contains(&b))
        && !text.ends_with([':', ' '])
        && !text.contains(": ")
        && !["true", "false", "null"].contains(&text.to_lowercase().as_str());
    if is_plain || text == "5e4074516095" || text == "1e400" {
        text.to_owned()
    } else {
        Json::from(text).to_string()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn yaml_gives_the_tree_of_the_equivalent_json(value in any_json(), is_crlf: bool) {
        let object = serde_json::json!({ "kind": "Any", "value": value });
        let mut text = String::new();
        write(&object, 0, &mut text);
        if is_crlf {
            text = text.replace('\n', "\r\n");
        }
        let log = log(&text);
        prop_assert_eq!(&log.faults, &[], "{}", text);
        prop_assert_eq!(log.documents.len(), 1);
        prop_assert_eq!(to_json(&log.documents[0].node), object, "{}", text);
    }

    #[test]
    fn elements_have_the_lines_at_which_they_begin(values in proptest::collection::vec(any_json(), 1..5)) {
        let items: Vec<Json> = values.into_iter().map(|v| serde_json::json!({ "kind": "Any", "value": v })).collect();
        let mut text = "apiVersion: v1\nitems:\n".to_owned();
        let mut lines = Vec::new();
        for item in &items {
            lines.push(text.lines().count() as u32 + 1);
            write(&Json::from(vec![item.clone()]), 0, &mut text);
        }
        text.push_str("kind: List\n");
        let log = log(&text);
        let found: Vec<u32> = log.documents.iter().map(|d| d.node.line).collect();
        prop_assert_eq!(found, lines, "{}", text);
        for (document, item) in log.documents.iter().zip(&items) {
            prop_assert_eq!(&to_json(&document.node), item);
        }
    }

    #[test]
    fn no_cut_and_no_wrong_byte_panics(
        value in any_json(),
        cut in any::<prop::sample::Index>(),
        wrong in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
    ) {
        let mut text = String::new();
        write(&serde_json::json!({ "items": [{ "a": value }, { "b": 1 }], "kind": "List" }), 0, &mut text);
        let mut bytes = text.into_bytes();
        bytes.truncate(cut.index(bytes.len()) + 1);
        for (at, byte) in wrong {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let text = String::from_utf8_lossy(&bytes);
        let lines = text.split('\n').count() as u32;
        let log = log(&text);
        prop_assert!(log.faults.iter().all(|f| (1..=lines + 1).contains(&f.line)), "{:?} {text}", log.faults);
    }

    #[test]
    fn no_text_panics(text in "[-\\[\\]{}\",:'|>&*!%#?@ \n\t0-9a-z容]{0,200}") {
        log(&text);
    }
}
