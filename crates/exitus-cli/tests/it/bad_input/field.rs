//! Fields that are not what they should be: of another type, absent, out of time, or at odds with others.

use serde_json::{Value, json};
use tempfile::tempdir;

use super::{broken_rules, list_of, objects, verdicts, warnings, write};
use crate::document::word;
use crate::harness::{exitus, expect_none, in_parallel, list, text, why};
use crate::proof::prove;
use crate::schema::errors;

/// Captures of one pod each whose pods hold most fields that are read.
const BASES: [&str; 8] = [
    "oom-limit",
    "liveness-http",
    "image-rate-limit",
    "evict-memory-pressure",
    "init-error",
    "unsched-cpu",
    "delete-ignored-term",
    "runtime-lost",
];

/// The ways (JSON pointers) to every field of an object, but for those of large parts that nobody reads.
fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
    let members: Vec<(String, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(key, value)| (key.clone(), value)).collect(),
        Value::Array(elements) => elements.iter().enumerate().map(|(i, v)| (i.to_string(), v)).collect(),
        _ => return,
    };
    for (key, value) in members {
        if !["managedFields", "annotations", "volumeMounts", "tolerations"].contains(&key.as_str()) {
            let pointer = format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
            found.push(pointer.clone());
            pointers(value, &pointer, found);
        }
    }
}

/// Values of other types than the one that is there.
fn others(value: &Value) -> [Value; 3] {
    match value {
        Value::String(_) => [json!(7), json!([1]), Value::Null],
        Value::Number(_) => [json!("seven"), json!(7.5), json!({"a": 1})],
        Value::Bool(_) => [json!("perhaps"), json!(1), Value::Null],
        Value::Array(_) => [json!({"a": [1]}), json!("text"), json!([1, "text", null, []])],
        Value::Object(_) => [json!([1]), json!("text"), json!(true)],
        Value::Null => [json!(1), json!("text"), json!([])],
    }
}

/// Copies of an object, each with one field of another type, each with a name and UID of its own.
fn variants(object: &Value) -> Vec<Value> {
    let mut found = Vec::new();
    pointers(object, "", &mut found);
    let mut variants = Vec::new();
    for pointer in found {
        for other in others(object.pointer(&pointer).unwrap()) {
            let mut variant = object.clone();
            let number = variants.len();
            if let Some(meta) = variant.pointer_mut("/metadata") {
                meta["name"] = json!(format!("variant-{number}"));
                meta["uid"] = json!(format!("uid-{number}"));
            }
            *variant.pointer_mut(&pointer).unwrap() = other;
            variants.push(variant);
        }
    }
    variants
}

/// Whether the program can tell that it is a pod, and which.
fn is_named_pod(pod: &Value) -> bool {
    word(&pod["kind"]).is_none_or(|kind| kind == "Pod") && word(&pod["metadata"]["name"]).is_some()
}

#[test]
fn a_field_of_another_type_costs_that_field_only() {
    let folder = tempdir().unwrap();
    let complaints = in_parallel(&BASES, |base| {
        let pods = variants(&objects(base, "pods.json")[0]);
        assert!(pods.len() > 100);
        let file = write(folder.path(), &format!("{base}.json"), list_of(&pods));
        let whole = why(&[super::capture(base).path("pods.json")]);
        let outcome = exitus(["why", "-f", &file, "--all", "-o", "json"]);
        assert!([1, 3].contains(&outcome.status));
        let document = outcome.json();
        let mut complaints = broken_rules(&document);
        complaints.extend(errors(&document));
        complaints.extend(prove(&[&document]).1);
        let known = pods.iter().filter(|pod| is_named_pod(pod)).count();
        if document["summary"]["pods"] != known {
            complaints.push(format!("{} pods of {known}", document["summary"]["pods"]));
        }
        let about = warnings(&document, &file);
        for path in ["metadata", "spec", "status", "spec.containers", "status.conditions"] {
            let is_told = |w: &&Value| text(w, "message").starts_with(&format!("{path} is not"));
            match about.iter().copied().find(is_told) {
                Some(warning) if warning["line"].is_u64() => {}
                other => complaints.push(format!("{path}: the warning is {other:?}")),
            }
        }
        // What a field that is gone said is no longer known; it turns nothing into another sure fault.
        let causes: Vec<&str> = list(&whole, "items").iter().map(|i| text(i, "cause")).collect();
        for item in list(&document, "items") {
            let cause = text(item, "cause");
            let is_sure = item["confidence"] == "confirmed" && item["severity"] != "info";
            if is_sure && !causes.contains(&cause) && !exitus_testkit::score::GENERIC.contains(&cause) {
                complaints
                    .push(format!("{cause} confirmed for {}, not one of {causes:?}", item["subject"]["pod"]));
            }
        }
        complaints.into_iter().map(|c| format!("{base}: {c}")).collect::<Vec<_>>()
    });
    expect_none(&complaints.concat());
}

#[test]
fn events_nodes_and_workloads_of_odd_types_are_passed_over() {
    let folder = tempdir().unwrap();
    let sources = [
        ("liveness-http", "events.json"),
        ("unsched-cpu", "events.json"),
        ("node-not-ready", "node.json"),
        ("rollout-stop", "objects.json"),
        ("job-backoff", "objects.json"),
    ];
    let complaints = in_parallel(&sources, |(capture, file)| {
        let odd: Vec<Value> = objects(capture, file).iter().flat_map(variants).collect();
        let odd = write(folder.path(), &format!("{capture}-{file}"), list_of(&odd));
        let pods = super::capture(capture).path("watch.jsonl");
        let outcome = exitus(["why", "-f", &pods, "-f", &odd, "--all", "-o", "json"]);
        let document = outcome.json();
        let mut complaints = broken_rules(&document);
        complaints.extend(errors(&document));
        complaints.extend(prove(&[&document]).1);
        complaints
    });
    expect_none(&complaints.concat());
}

/// Replaces every time of an object.
fn with_times(value: &mut Value, time: &str) {
    match value {
        Value::String(text) if text.parse::<jiff::Timestamp>().is_ok() => *value = time.into(),
        Value::Array(elements) => elements.iter_mut().for_each(|v| with_times(v, time)),
        Value::Object(members) => members.values_mut().for_each(|v| with_times(v, time)),
        _ => {}
    }
}

#[test]
fn times_that_mean_never_are_no_times() {
    let folder = tempdir().unwrap();
    let complaints = in_parallel(&BASES, |base| {
        let mut complaints = Vec::new();
        let plain = why(&[super::capture(base).path("pods.json")]);
        for time in ["1970-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "1969-12-31T23:59:59.5Z"] {
            let mut pods = objects(base, "pods.json");
            pods.iter_mut().for_each(|pod| with_times(pod, time));
            let file = write(folder.path(), &format!("{base}.json"), list_of(&pods));
            let document = why(std::slice::from_ref(&file));
            complaints.extend(errors(&document));
            complaints.extend(broken_rules(&document));
            for item in list(&document, "items") {
                let incident = &item["incident"];
                let told = format!("{} {}", text(item, "title"), text(item, "explanation"));
                let is_told = ["1969-", "1970-", "0001-"].iter().any(|year| told.contains(year));
                if !incident["at"].is_null() || !incident["startedAt"].is_null() || is_told {
                    complaints.push(format!("{base} {time}: {incident} {told}"));
                }
            }
            let causes = |document: &Value| {
                verdicts(document)
                    .iter()
                    .map(|v| v.rsplitn(2, ' ').last().unwrap().to_owned())
                    .collect::<Vec<_>>()
            };
            // Without its times an orderly stop cannot be told from a late one; all else does not depend on them.
            if !base.starts_with("delete") && causes(&document) != causes(&plain) {
                complaints.push(format!("{base} {time}: {:?}, not {:?}", causes(&document), causes(&plain)));
            }
        }
        complaints
    });
    expect_none(&complaints.concat());
}

#[test]
fn what_is_no_time_is_told_with_its_line() {
    let folder = tempdir().unwrap();
    for time in ["yesterday", "2026-13-45T25:61:61Z", "", "-", "99999999999", "２０２６-11-23T10:00:00Z"]
    {
        let mut pods = objects("oom-limit", "pods.json");
        pods.iter_mut().for_each(|pod| with_times(pod, time));
        let file = write(folder.path(), "pods.json", list_of(&pods));
        let document = why(std::slice::from_ref(&file));
        assert_eq!(verdicts(&document).len(), 2, "{time}");
        let about = warnings(&document, &file);
        assert_eq!(about.is_empty(), time.is_empty(), "{time}");
        assert!(about.iter().all(|w| w["line"].is_u64() && text(w, "message").contains(time)), "{about:?}");
    }
    for time in ["9999-12-31T23:59:59Z", "2026-11-23T10:00:00+14:00", "2026-11-23T10:00:00.999999999Z"] {
        let mut pods = objects("oom-limit", "pods.json");
        pods.iter_mut().for_each(|pod| with_times(pod, time));
        let file = write(folder.path(), "pods.json", list_of(&pods));
        assert_eq!(broken_rules(&why(&[file])), Vec::<String>::new(), "{time}");
    }
}

/// A pod whose container died with a code, as a version of a watch.
fn crashing(name: &str, uid: &str, version: u32, restarts: u32, code: u32) -> Value {
    json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {
            "name": name, "namespace": "shop", "uid": uid, "resourceVersion": version.to_string(),
            "creationTimestamp": "2026-11-23T10:00:00Z",
        },
        "spec": {"containers": [{"name": "app", "image": "app:1"}], "nodeName": "node-a"},
        "status": {"phase": "Running", "containerStatuses": [{
            "name": "app", "ready": false, "restartCount": restarts,
            "state": {"waiting": {"reason": "CrashLoopBackOff"}},
            "lastState": {"terminated": {
                "exitCode": code, "reason": "Error",
                "startedAt": format!("2026-11-23T10:{version:02}:01Z"),
                "finishedAt": format!("2026-11-23T10:{version:02}:09Z"),
            }},
        }]},
    })
}

#[test]
fn a_restart_count_that_falls_is_told_and_no_death_is_lost() {
    let folder = tempdir().unwrap();
    let versions = [crashing("api", "u1", 10, 5, 3), crashing("api", "u1", 11, 2, 4)];
    let stream: String =
        versions.iter().map(|v| json!({"type": "MODIFIED", "object": v}).to_string() + "\n").collect();
    let file = write(folder.path(), "watch.jsonl", stream);
    let document = why(std::slice::from_ref(&file));
    assert!(text(warnings(&document, &file)[0], "message").contains("restart count of app"));
    let codes: Vec<&Value> = list(&document, "items").iter().map(|i| &i["incident"]["exitCode"]).collect();
    assert_eq!(codes, [4, 3]);
}

#[test]
fn pods_that_share_a_uid_stay_two() {
    let folder = tempdir().unwrap();
    let file = write(
        folder.path(),
        "pods.json",
        list_of(&[crashing("a", "u1", 1, 1, 3), crashing("b", "u1", 1, 1, 4)]),
    );
    let document = why(std::slice::from_ref(&file));
    assert!(text(warnings(&document, &file)[0], "message").contains("UID u1"));
    assert!(warnings(&document, &file)[0]["line"].is_u64());
    let found = verdicts(&document);
    assert_eq!((found.len(), document["summary"]["pods"].as_u64()), (2, Some(2)), "{found:?}");
}

#[test]
fn a_name_used_again_does_not_inherit_what_befell_the_first() {
    let folder = tempdir().unwrap();
    let event = json!({
        "apiVersion": "v1", "kind": "Event", "type": "Normal", "reason": "Killing",
        "metadata": {"name": "api.1", "namespace": "shop", "uid": "e1"},
        "involvedObject": {
            "kind": "Pod", "namespace": "shop", "name": "api", "uid": "old", "fieldPath": "spec.containers{app}",
        },
        "message": "Container app failed liveness probe, will be restarted", "count": 1,
        "firstTimestamp": "2026-11-23T10:01:08Z", "lastTimestamp": "2026-11-23T10:01:08Z",
    });
    let (old, new) = (crashing("api", "old", 1, 1, 137), crashing("api", "new", 1, 1, 137));
    let file = write(folder.path(), "all.json", list_of(&[old, new, event]));
    let document = why(&[file]);
    let cause = |uid: &str| {
        let of = list(&document, "items").iter().find(|i| i["subject"]["podUid"] == uid);
        text(of.expect("an item"), "cause").to_owned()
    };
    assert_eq!(cause("old"), "liveness-probe-failed");
    assert_eq!(cause("new"), "killed-unattributed");
}

#[test]
fn an_event_from_before_its_pod_is_told_and_not_believed() {
    let folder = tempdir().unwrap();
    let event = json!({
        "apiVersion": "v1", "kind": "Event", "type": "Normal", "reason": "Killing",
        "metadata": {"name": "api.1", "namespace": "shop", "uid": "e1"},
        "involvedObject": {"kind": "Pod", "namespace": "shop", "name": "api", "uid": "u1", "fieldPath": "spec.containers{app}"},
        "message": "Container app failed liveness probe, will be restarted", "count": 1,
        "firstTimestamp": "2026-11-23T08:00:00Z", "lastTimestamp": "2026-11-23T08:00:00Z",
    });
    let file = write(folder.path(), "all.json", list_of(&[crashing("api", "u1", 1, 1, 137), event]));
    let document = why(std::slice::from_ref(&file));
    assert!(text(warnings(&document, &file)[0], "message").contains("older than the pod"));
    assert!(warnings(&document, &file)[0]["line"].is_u64());
    assert_eq!(verdicts(&document), ["api app killed-unattributed unknown"]);
}

#[test]
fn spec_and_status_need_not_agree() {
    let folder = tempdir().unwrap();
    let mut pods = Vec::new();
    for change in ["no spec", "no status", "more status", "more spec", "empty status"] {
        let mut pod = crashing(&change.replace(' ', "-"), change, 1, 1, 3);
        match change {
            "no spec" => drop(pod.as_object_mut().unwrap().remove("spec")),
            "no status" => drop(pod.as_object_mut().unwrap().remove("status")),
            "empty status" => pod["status"] = json!({}),
            "more status" => pod["spec"]["containers"][0]["name"] = json!("another"),
            _ => pod["spec"]["containers"].as_array_mut().unwrap().push(json!({"name": "more"})),
        }
        pods.push(pod);
    }
    let file = write(folder.path(), "pods.json", list_of(&pods));
    let document = why(std::slice::from_ref(&file));
    let about: Vec<&str> = warnings(&document, &file).iter().map(|w| text(w, "message")).collect();
    assert_eq!(about, ["container app of shop/more-status is in the status but not in the spec"]);
    let found = verdicts(&document);
    for pod in ["no-spec", "more-status", "more-spec"] {
        assert!(found.iter().any(|v| v.starts_with(&format!("{pod} app application-error "))), "{found:?}");
    }
    for pod in ["no-status", "empty-status"] {
        let is_harmless = |v: &&String| v.ends_with("starting unknown") || v.ends_with("healthy confirmed");
        assert!(found.iter().filter(|v| v.starts_with(pod)).all(|v| is_harmless(&v)), "{found:?}");
    }
    assert_eq!(document["summary"]["pods"], 5);
    assert_eq!(prove(&[&document]).1, Vec::<String>::new());
}
