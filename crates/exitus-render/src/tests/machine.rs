//! The output contract: JSON, its schema, YAML, lines and names.

use serde_json::{Value, json};

use super::*;
use crate::yaml::Node;

fn parsed(report: &Report, style: &Style) -> Value {
    serde_json::from_str(&render(report, Format::Json, style)).unwrap()
}

fn errors(schema: &Value, document: &Value) -> Vec<String> {
    let validator = jsonschema::validator_for(schema).unwrap();
    validator.iter_errors(document).map(|e| format!("{}: {e}", e.instance_path())).collect()
}

fn schema() -> Value {
    serde_json::from_str(crate::schema()).unwrap()
}

#[test]
fn every_document_is_valid_by_the_schema() {
    for report in [rich(), report(Vec::new()), report(vec![oom()])] {
        for style in [EN, ZH] {
            assert_eq!(errors(&schema(), &parsed(&report, &style)), Vec::<String>::new());
        }
    }
}

#[test]
fn every_line_is_an_item_by_the_schema() {
    let mut item = schema();
    let root = item.as_object_mut().unwrap();
    for key in ["type", "additionalProperties", "required", "properties"] {
        root.remove(key);
    }
    root.insert("$ref".to_owned(), json!("#/$defs/item"));
    let lines = render(&rich(), Format::Ndjson, &EN);
    assert_eq!(lines.lines().count(), rich().items.len());
    for line in lines.lines() {
        assert_eq!(errors(&item, &serde_json::from_str(line).unwrap()), Vec::<String>::new());
    }
}

#[test]
fn the_schema_refuses_what_the_contract_does_not_name() {
    let good = parsed(&rich(), &EN);
    for (pointer, value) in [
        ("/apiVersion", json!("exitus/v2")),
        ("/items/0/confidence", json!("sure")),
        ("/items/0/incident/type", json!("crash")),
        ("/items/0/incident/at", json!("yesterday")),
        ("/items/0/subject", json!({})),
        ("/items/0/evidence", json!([])),
        ("/items/0/evidence/0/line", json!(0)),
        ("/items/0/remedies/0/risk", json!("none")),
        ("/summary", json!({"pods": 1, "unhealthyPods": 1, "diagnoses": 1, "byCause": {}, "more": 1})),
    ] {
        let mut bad = good.clone();
        *bad.pointer_mut(pointer).unwrap() = value;
        assert!(!errors(&schema(), &bad).is_empty(), "{pointer}");
    }
}

#[test]
fn the_schema_is_strict_and_documents_every_field() {
    fn walk(place: &str, value: &Value) {
        if let Some(properties) = value.get("properties").and_then(Value::as_object) {
            assert_eq!(value["additionalProperties"], false, "{place}");
            let required: Vec<&str> =
                value["required"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
            for (name, property) in properties {
                assert!(required.contains(&name.as_str()), "{place}/{name} is not required");
                assert!(property.get("description").is_some(), "{place}/{name} has no description");
            }
        }
        if let Some(fields) = value.as_object() {
            fields.iter().for_each(|(name, child)| walk(&format!("{place}/{name}"), child));
        }
    }
    walk("", &schema());
}

#[test]
fn fields_stand_in_the_order_of_the_contract() {
    fn keys(node: &Node, path: &str, all: &mut Vec<String>) {
        match node {
            Node::Map(fields) => {
                for (key, value) in fields {
                    let path = format!("{path}{key}");
                    if !all.contains(&path) {
                        all.push(path.clone());
                    }
                    keys(value, &format!("{path}."), all);
                }
            }
            Node::List(items) => items.iter().for_each(|item| keys(item, path, all)),
            _ => {}
        }
    }
    let node: Node = serde_json::from_str(&render(&report(vec![oom()]), Format::Json, &EN)).unwrap();
    let mut all = Vec::new();
    keys(&node, "", &mut all);
    let expected = "apiVersion kind summary summary.pods summary.unhealthyPods summary.diagnoses summary.byCause \
        summary.byCause.out-of-memory-container warnings items items.subject items.subject.cluster \
        items.subject.namespace items.subject.pod items.subject.podUid items.subject.container \
        items.subject.containerRole items.subject.workload items.subject.workload.kind items.subject.workload.name \
        items.subject.node items.subject.image items.incident items.incident.type items.incident.current \
        items.incident.at items.incident.startedAt items.incident.exitCode items.incident.signal \
        items.incident.reason items.incident.waitingReason items.incident.restartCount items.cause items.confidence \
        items.severity items.title items.explanation items.evidence items.evidence.source items.evidence.object \
        items.evidence.uid items.evidence.path items.evidence.value items.evidence.at items.evidence.file \
        items.evidence.line items.rivals items.rivals.cause items.rivals.verdict items.rivals.because items.missing \
        items.missing.what items.missing.why items.missing.command items.remedies items.remedies.text \
        items.remedies.command items.remedies.risk items.references";
    assert_eq!(all.join(" "), expected.split_whitespace().collect::<Vec<_>>().join(" "));
}

#[test]
fn values_come_from_the_report_and_the_reference() {
    let json = parsed(&rich(), &EN);
    assert_eq!(json["summary"]["byCause"]["out-of-memory-container"], 3);
    assert_eq!(json["summary"]["diagnoses"], 6);
    let item = &json["items"][0];
    assert_eq!(item["incident"]["at"], "2026-11-23T10:02:12Z");
    assert_eq!(item["subject"]["cluster"], Value::Null);
    assert_eq!(item["subject"]["workload"], json!({"kind": "Deployment", "name": "api"}));
    assert_eq!(item["evidence"][0]["path"], Value::Null);
    assert_eq!(item["rivals"][2]["verdict"], "possible");
    let commands: Vec<&str> =
        item["remedies"].as_array().unwrap().iter().filter_map(|r| r["command"].as_str()).collect();
    assert!(commands.iter().any(|c| c.contains("set resources deployment/api -c app")), "{commands:?}");
    assert_eq!(json["items"][2]["subject"]["workload"], Value::Null);
    assert_eq!(json["warnings"][0]["line"], 12);
    assert!(parsed(&rich(), &ZH)["warnings"][0]["message"].as_str().unwrap().contains("截断"));
}

#[test]
fn names_are_unique_and_hold_the_namespace_where_there_are_several() {
    let mut report = rich();
    assert_eq!(
        render(&report, Format::Name, &EN),
        "pod/api-7d9f54c9b-x2x8k\npod/api-7d9f54c9b-aaaaa\npod/web-0\nnode/node-b\n"
    );
    report.items[2].subject.namespace = owned("site");
    assert_eq!(
        render(&report, Format::Name, &EN),
        "shop/pod/api-7d9f54c9b-x2x8k\nshop/pod/api-7d9f54c9b-aaaaa\nsite/pod/web-0\nnode/node-b\n"
    );
}

#[test]
fn wide_is_one_line_for_each_item() {
    let mut report = report(vec![oom(), past("db-0", "数据库", "test-cause", "10:01:02")]);
    let expected = "\
NAMESPACE   POD                   CONTAINER   CAUSE                     CONFIDENCE   EXIT   REASON      RESTARTS   AGE      NODE     STATE
shop        api-7d9f54c9b-x2x8k   app         out-of-memory-container   confirmed    137    OOMKilled   4          10m      node-a   now
shop        db-0                  数据库      test-cause                confirmed    137    OOMKilled   4          11m10s   node-a   earlier
";
    assert_eq!(render(&report, Format::Wide, &EN), expected);
    report.now = None;
    assert!(render(&report, Format::Wide, &ZH).contains("RESTARTS   AT  "));
}
