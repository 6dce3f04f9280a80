//! Every machine-readable answer keeps the contract `exitus/v1`, and all forms tell the same.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use granit_parser::{Event, Parser, ScalarStyle};
use jsonschema::Validator;
use serde_json::{Value, json};

use crate::harness::{ANSWERS, PARTS, all_paths, exitus, expect_none, in_parallel, list, text, why_args};

const LANGUAGES: [&str; 2] = ["en", "zh"];

static VALIDATOR: LazyLock<Validator> = LazyLock::new(|| {
    let schema = serde_json::from_str(exitus::schema()).unwrap();
    jsonschema::options().should_validate_formats(true).build(&schema).unwrap()
});

/// What a document breaks of the contract.
pub(crate) fn errors(document: &Value) -> Vec<String> {
    VALIDATOR.iter_errors(document).map(|e| format!("{}: {e}", e.instance_path())).collect()
}

#[test]
fn every_answer_keeps_the_contract() {
    let errors = in_parallel(&ANSWERS, |answer| {
        let place = |e: String| format!("{} {}: {e}", answer.capture.name, answer.part);
        errors(&answer.document).into_iter().map(place).collect::<Vec<_>>()
    });
    expect_none(&errors.concat());
}

/// One part of all captures in one form.
fn form(part: &str, language: &str, form: &str) -> String {
    let args = why_args(&all_paths(part));
    let more = ["--all", "--lang", language, "-o", form];
    let outcome = exitus(args.iter().map(String::as_str).chain(more));
    assert_eq!(outcome.status, 1, "{part} {language} {form}");
    outcome.stdout
}

/// Runs a check over the JSON of every part and language.
fn each_document(check: impl Fn(&str, &str, &Value) -> Vec<String> + Sync) {
    let jobs: Vec<(&str, &str)> = PARTS.iter().flat_map(|p| LANGUAGES.map(|l| (*p, l))).collect();
    let complaints = in_parallel(&jobs, |(part, language)| {
        let document = serde_json::from_str(&form(part, language, "json")).unwrap();
        let place = |c: String| format!("{part} {language}: {c}");
        check(part, language, &document).into_iter().map(place).collect::<Vec<_>>()
    });
    expect_none(&complaints.concat());
}

#[test]
fn both_languages_and_lines_keep_the_contract() {
    each_document(|part, language, document| {
        let mut complaints = errors(document);
        let lines = form(part, language, "ndjson");
        let items: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        if items != list(document, "items") {
            complaints.push("the lines are not the items".to_owned());
        }
        let wrapped = json!({
            "apiVersion": document["apiVersion"], "kind": document["kind"], "summary": document["summary"],
            "warnings": [], "items": items,
        });
        complaints.extend(errors(&wrapped));
        complaints
    });
}

#[test]
fn yaml_is_the_same_document() {
    each_document(|part, language, document| {
        let yaml = read_yaml(&form(part, language, "yaml"));
        if yaml == *document { Vec::new() } else { vec!["YAML and JSON differ".to_owned()] }
    });
}

#[test]
fn markdown_and_names_leave_nobody_out() {
    each_document(|part, language, document| {
        let page = form(part, language, "markdown");
        let names = form(part, language, "name");
        let mut wanted = BTreeSet::new();
        let mut complaints = Vec::new();
        for item in list(document, "items") {
            let subject = &item["subject"];
            let namespace = text(subject, "namespace");
            let workload = &subject["workload"];
            let name = match (subject["pod"].as_str(), workload["name"].as_str()) {
                (Some(pod), _) => format!("{namespace}/pod/{pod}"),
                (None, Some(name)) => format!("{namespace}/{}/{name}", text(workload, "kind").to_lowercase()),
                (None, None) => format!("node/{}", text(subject, "node")),
            };
            let own = name.rsplit('/').next().unwrap_or_default();
            if !page.contains(own) {
                complaints.push(format!("{own} is not in the Markdown"));
            }
            wanted.insert(name);
        }
        if names.lines().map(str::to_owned).collect::<BTreeSet<_>>() != wanted {
            complaints.push(format!("the names should be {wanted:?} and are\n{names}"));
        }
        complaints
    });
}

/// Reads YAML by the core schema.
fn read_yaml(yaml: &str) -> Value {
    let mut open: Vec<(bool, Vec<Value>)> = vec![(false, Vec::new())];
    for event in Parser::new_from_str(yaml) {
        let value = match event.unwrap().0 {
            Event::Scalar(text, ScalarStyle::Plain, ..) => plain(&text),
            Event::Scalar(text, ..) => Value::String(text.into_owned()),
            Event::SequenceStart(..) => {
                open.push((false, Vec::new()));
                continue;
            }
            Event::MappingStart(..) => {
                open.push((true, Vec::new()));
                continue;
            }
            Event::SequenceEnd => Value::Array(open.pop().unwrap().1),
            Event::MappingEnd => mapping(open.pop().unwrap().1),
            _ => continue,
        };
        open.last_mut().unwrap().1.push(value);
    }
    let (_, documents) = open.pop().unwrap();
    assert_eq!(documents.len(), 1);
    documents.into_iter().next().unwrap()
}

fn mapping(nodes: Vec<Value>) -> Value {
    let mut nodes = nodes.into_iter();
    let mut members = serde_json::Map::new();
    while let (Some(Value::String(key)), Some(value)) = (nodes.next(), nodes.next()) {
        assert!(members.insert(key, value).is_none(), "a key twice");
    }
    Value::Object(members)
}

fn plain(text: &str) -> Value {
    match text {
        "null" => Value::Null,
        "true" => true.into(),
        "false" => false.into(),
        text => text.parse::<i64>().map_or_else(|_| text.into(), Value::from),
    }
}
