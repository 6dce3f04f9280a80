//! What is written reads back as the same, with the same types.

use granit_parser::{Event, Parser, ScalarStyle};
use proptest::prelude::*;

use super::*;

/// Reads YAML by the core schema; a plain scalar that any schema could take for something else fails.
fn read(yaml: &str) -> Node {
    let mut stack: Vec<(bool, Vec<Node>)> = vec![(false, Vec::new())];
    for event in Parser::new_from_str(yaml) {
        match event.expect(yaml).0 {
            Event::Scalar(text, style, ..) => {
                let node =
                    if style == ScalarStyle::Plain { plain(&text) } else { Node::Text(text.into_owned()) };
                stack.last_mut().unwrap().1.push(node);
            }
            Event::SequenceStart(..) => stack.push((false, Vec::new())),
            Event::MappingStart(..) => stack.push((true, Vec::new())),
            Event::SequenceEnd | Event::MappingEnd => {
                let (is_map, nodes) = stack.pop().unwrap();
                let node = if is_map { pairs(nodes) } else { Node::List(nodes) };
                stack.last_mut().unwrap().1.push(node);
            }
            _ => {}
        }
    }
    let mut nodes = stack.pop().unwrap().1;
    assert_eq!(nodes.len(), 1, "{yaml}");
    nodes.remove(0)
}

fn pairs(nodes: Vec<Node>) -> Node {
    let mut nodes = nodes.into_iter();
    let mut fields = Vec::new();
    while let (Some(Node::Text(key)), Some(value)) = (nodes.next(), nodes.next()) {
        fields.push((key, value));
    }
    Node::Map(fields)
}

fn plain(text: &str) -> Node {
    match text {
        "null" => Node::Null,
        "true" => Node::Bool(true),
        "false" => Node::Bool(false),
        number if number.parse::<i64>().is_ok() => Node::Number(number.parse::<i64>().unwrap().into()),
        text => {
            let is_text = text.starts_with(|c: char| c.is_alphabetic() || c == '/');
            let lower = text.to_lowercase();
            let is_word = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan"]
                .contains(&lower.as_str());
            assert!(is_text && !is_word, "{text} may read as something else");
            Node::Text(text.to_owned())
        }
    }
}

fn round_trip(json: &str) {
    let yaml = from_json(json);
    let node: Node = serde_json::from_str(json).unwrap();
    assert_eq!(read(&yaml), node, "{yaml}");
}

#[test]
fn a_whole_answer_reads_back() {
    for style in [crate::tests::EN, crate::tests::ZH] {
        let report = crate::tests::rich();
        let json = crate::render(&report, crate::Format::Json, &style);
        let yaml = crate::render(&report, crate::Format::Yaml, &style);
        assert_eq!(read(&yaml), serde_json::from_str(&json).unwrap());
        assert!(
            yaml.starts_with("apiVersion: exitus/v1\nkind: DiagnosisList\nsummary:\n  pods: 12\n"),
            "{yaml}"
        );
    }
}

#[test]
fn strings_that_read_as_something_else_are_quoted() {
    for text in [
        "",
        " ",
        "~",
        "null",
        "Null",
        "yes",
        "No",
        "on",
        "OFF",
        "y",
        "N",
        "true",
        "1",
        "-1",
        "0x1F",
        "0o7",
        "1e3",
        "1_000",
        "190:20:30",
        "2026-11-23",
        "2026-11-23T10:02:12Z",
        ".5",
        ".inf",
        "-.INF",
        ".nan",
        "=",
        "<<",
        "- a",
        "? a",
        ": a",
        "a: b",
        "a:",
        "a #b",
        "#a",
        "&a",
        "*a",
        "!a",
        "|",
        ">",
        "%a",
        "@a",
        "`a",
        "'a'",
        "\"a\"",
        "[a]",
        "{a}",
        "a\nb",
        "a\tb",
        " a",
        "a ",
        "---",
        "...",
        "--- a",
        "\u{feff}a",
        "a\u{85}b",
        "a\u{2028}b",
        "a\u{202e}b",
        "\u{7f}",
        "\\x",
        "\u{fffe}",
        "\u{1f600}",
    ] {
        assert!(scalar(text).starts_with('"'), "{text:?}: {}", scalar(text));
        round_trip(&serde_json::to_string(&[text]).unwrap());
    }
    for text in ["shop", "/bin/sh", "内存不足", "api-7d9f", "exitus/v1", "a b, c", "http://x/y", "SIGKILL"]
    {
        assert_eq!(scalar(text), text);
        round_trip(&serde_json::to_string(&[text]).unwrap());
    }
}

#[test]
fn lists_and_maps_nest() {
    round_trip(r#"{"a":[[1,[2,{"b":[]}]],[],{}],"c":{"d":{"e":null}},"f: g":[{"h":[{"i":true}]}]}"#);
}

fn documents() -> impl Strategy<Value = serde_json::Value> {
    let text = prop_oneof![any::<String>(), "[ -~]{0,12}", "[a-z:# ,\\-]{0,8}"];
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        text.clone().prop_map(Into::into),
    ];
    leaf.prop_recursive(4, 40, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Into::into),
            prop::collection::btree_map(text.clone(), inner, 0..5)
                .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn every_document_reads_back(document in documents()) {
        round_trip(&document.to_string());
    }
}
