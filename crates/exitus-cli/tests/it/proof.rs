//! Every piece of evidence stands where the answer says, and every text is whole.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::document::{Document, Object, word};
use crate::harness::{
    ANSWERS, Answer, PARTS, ROOT, all_paths, exitus, expect_none, list, text, why, why_args,
};

/// Verdicts that say who is to blame cannot be found: never sure.
const NEVER_SURE: [&str; 3] = ["killed-unattributed", "terminated-unattributed", "ended-unexplained"];

#[test]
fn every_piece_of_evidence_stands_where_it_is_said_to_stand() {
    let documents: Vec<&Value> = ANSWERS.iter().map(|a| &a.document).collect();
    let (proven, complaints) = prove(&documents);
    expect_none(&complaints);
    assert!(proven > 900, "only {proven} pieces");
}

#[test]
fn evidence_stays_true_where_many_captures_are_read_at_once() {
    let documents = PARTS.map(|part| why(&all_paths(part)));
    let (proven, complaints) = prove(&documents.iter().collect::<Vec<_>>());
    expect_none(&complaints);
    assert!(proven > 900, "only {proven} pieces");
}

#[test]
fn a_false_quote_does_not_pass() {
    let answer = ANSWERS.iter().find(|a| a.part.is_empty() && a.capture.name == "oom-limit").unwrap();
    let pieces = list(&answer.document["items"][0], "evidence").len();
    let lies = [
        ("value", json!("138")),
        ("path", json!("status.containerStatuses[name=other].state.terminated.reason")),
        ("path", json!("status/phase")),
        ("line", json!(1_000_000)),
        ("line", json!(2)),
        ("file", json!("fixtures/zoo/oom-limit/gone.json")),
        ("uid", json!("another")),
        ("object", json!("Pod other/oom-limit")),
        ("source", json!("inferred")),
    ];
    for piece in 0..pieces {
        for (member, lie) in &lies {
            let mut document = answer.document.clone();
            let evidence = &mut document["items"][0]["evidence"][piece];
            let is_line = ["kernel", "log"].contains(&text(evidence, "source"));
            // A line has no path, and the kernel no UID.
            if is_line && ["path", "uid", "object"].contains(member) {
                continue;
            }
            evidence[*member] = lie.clone();
            assert_eq!(prove(&[&document]).1.len(), 1, "{member} {lie} of piece {piece}");
        }
    }
}

#[test]
fn every_text_is_whole_in_both_languages() {
    let mut complaints = Vec::new();
    for answer in ANSWERS.iter() {
        for item in list(&answer.document, "items") {
            check_texts(item, &mut complaints);
        }
    }
    for part in PARTS {
        let args = why_args(&all_paths(part));
        let chinese = ["--all", "-o", "json", "--lang", "zh"];
        let document = exitus(args.iter().map(String::as_str).chain(chinese)).json();
        for item in list(&document, "items") {
            check_texts(item, &mut complaints);
            let has_chinese = |key| text(item, key).chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
            if !has_chinese("title") || !has_chinese("explanation") {
                complaints.push(format!("no Chinese: {} {}", item["cause"], item["title"]));
            }
        }
    }
    expect_none(&complaints);
}

#[test]
fn a_kill_without_a_sender_is_never_sure() {
    for answer in ANSWERS.iter() {
        for item in list(&answer.document, "items") {
            if NEVER_SURE.contains(&text(item, "cause")) {
                assert_eq!(item["confidence"], "unknown", "{} {}", answer.capture.name, answer.part);
            }
        }
    }
}

#[test]
fn the_summary_counts_the_items() {
    for Answer { document, .. } in ANSWERS.iter() {
        let items = list(document, "items");
        assert_eq!(document["summary"]["diagnoses"], items.len());
        let by_cause = document["summary"]["byCause"].as_object().unwrap();
        for (cause, count) in by_cause {
            assert_eq!(*count, items.iter().filter(|i| i["cause"] == **cause).count());
        }
        let counted: u64 = by_cause.values().filter_map(Value::as_u64).sum();
        assert_eq!(counted, items.len() as u64);
    }
}

/// Proves every piece of every document; the number of the proven, and what is wrong with the others.
pub(crate) fn prove(documents: &[&Value]) -> (usize, Vec<String>) {
    let mut by_file: BTreeMap<&str, Vec<(&Value, &Value)>> = BTreeMap::new();
    let mut complaints = Vec::new();
    for item in documents.iter().flat_map(|d| list(d, "items")) {
        let evidence = list(item, "evidence");
        if evidence.is_empty() {
            complaints.push(format!("no evidence: {}", item["cause"]));
        }
        for piece in evidence {
            by_file.entry(text(piece, "file")).or_default().push((item, piece));
        }
    }
    let mut proven = 0;
    for (file, pieces) in by_file {
        let Ok(bytes) = fs::read(Path::new(ROOT).join(file)) else {
            complaints.push(format!("no file {file:?}: {}", pieces[0].1));
            continue;
        };
        let content = String::from_utf8_lossy(&bytes);
        let document = Document::new(&content);
        let lines: Vec<&str> = content.lines().collect();
        let objects = if content.trim_start().starts_with('{') { document.objects() } else { Ok(Vec::new()) };
        let objects = objects.unwrap_or_else(|e| panic!("{file}: {e}"));
        for (item, piece) in pieces {
            let outcome = match text(piece, "source") {
                "log" => prove_log(item, piece, &lines),
                "kernel" => prove_kernel(piece, &lines),
                "pod" | "event" | "node" | "owner" => prove_field(item, piece, &document, &objects),
                other => Err(format!("nothing proves {other:?}")),
            };
            match outcome {
                Ok(()) => proven += 1,
                Err(why) => complaints.push(format!("{why}\n  {} by {piece}", text(item, "cause"))),
            }
        }
    }
    (proven, complaints)
}

/// The line of a piece, counted from 1, and its text.
fn line<'l>(piece: &Value, lines: &[&'l str]) -> Result<&'l str, String> {
    let number = piece["line"].as_u64().ok_or("no line")?;
    let line = usize::try_from(number).ok().and_then(|n| lines.get(n.checked_sub(1)?));
    line.copied().ok_or_else(|| format!("the file has {} lines", lines.len()))
}

/// A line of the log of the item's own container, whole but for the time before it.
fn prove_log(item: &Value, piece: &Value, lines: &[&str]) -> Result<(), String> {
    let line = line(piece, lines)?;
    let (pod, container) = (text(&item["subject"], "pod"), text(&item["subject"], "container"));
    let file = text(piece, "file").rsplit('/').next().unwrap_or_default();
    if !file.starts_with(&format!("{pod}.{container}.")) {
        return Err(format!("the log of another container than {pod}/{container}"));
    }
    if piece["object"] != format!("Log {pod}/{container}") {
        return Err("the object is not the log's owner".to_owned());
    }
    let value = text(piece, "value");
    let is_whole = without_time(line) == value || line == value;
    if value.is_empty() || !is_whole { Err(format!("the line reads {line:?}")) } else { Ok(()) }
}

/// A line without the time that kubectl or a runtime writes before it, and the stream of a runtime.
fn without_time(line: &str) -> &str {
    let Some((time, rest)) = line.split_once(' ') else { return line };
    if time.parse::<jiff::Timestamp>().is_err() {
        return line;
    }
    ["stdout F ", "stderr F "].iter().find_map(|head| rest.strip_prefix(head)).unwrap_or(rest)
}

fn prove_kernel(piece: &Value, lines: &[&str]) -> Result<(), String> {
    let line = line(piece, lines)?;
    if piece["value"] == line { Ok(()) } else { Err(format!("the line reads {line:?}")) }
}

/// A field of the very object that stands on the stated line.
fn prove_field(
    item: &Value,
    piece: &Value,
    document: &Document<'_>,
    objects: &[Object<'_>],
) -> Result<(), String> {
    let line = piece["line"].as_u64().and_then(|l| usize::try_from(l).ok()).ok_or("no line")?;
    let on_line: Vec<&Object<'_>> = objects.iter().filter(|o| o.lines.contains(&line)).collect();
    let Some(object) = on_line.iter().find(|object| is_quoted(object, piece)) else {
        let names: Vec<Value> =
            on_line.iter().map(|o| json!([o.value["kind"], o.value["metadata"]])).collect();
        return Err(format!("on that line stand {names:?}"));
    };
    let meta = &object.value["metadata"];
    // A pod is judged by its own status, not by that of a namesake.
    let subject = &item["subject"];
    if piece["source"] == "pod" && !subject["pod"].is_null() && piece["uid"] != subject["podUid"] {
        return Err("the status of another pod".to_owned());
    }
    let found = document.resolve(object, piece["path"].as_str().ok_or("no path")?)?;
    if piece["value"] != found.value {
        return Err(format!("there stands {:?}", found.value));
    }
    // The line is where a value on the way begins. A container quoted by its name stands for one of its states: then
    // the line is the state's.
    let is_name = text(piece, "path").ends_with("].name");
    let element = found.lines.iter().rev().nth(1).filter(|_| is_name);
    let is_on_the_way = found.lines.iter().any(|lines| *lines.start() == line);
    if !is_on_the_way && !element.is_some_and(|lines| lines.contains(&line)) {
        return Err(format!("the way to the value leads over the lines {:?}", found.lines));
    }
    let Some(at) = piece["at"].as_str() else { return Ok(()) };
    let at: jiff::Timestamp = at.parse().map_err(|e| format!("{e}"))?;
    if holds_time(&object.value, &at) || is_request(meta, at) {
        Ok(())
    } else {
        Err("its time stands nowhere in the object".to_owned())
    }
}

/// Whether an object has the kind, namespace, name and UID that a piece states.
fn is_quoted(object: &Object<'_>, piece: &Value) -> bool {
    let meta = &object.value["metadata"];
    // An object that does not say its kind is told by its shape: the answer may call it what it likes.
    let quoted_kind = text(piece, "object").split(' ').next().unwrap_or_default();
    let kind = word(&object.value["kind"]).unwrap_or(quoted_kind.to_owned());
    let namespace = match kind.as_str() {
        "Node" => String::new(),
        _ => word(&meta["namespace"]).unwrap_or("default".to_owned()) + "/",
    };
    let name = word(&meta["name"]);
    let is_same_uid = piece["uid"].as_str() == word(&meta["uid"]).as_deref() || name.is_none();
    is_same_uid && piece["object"] == format!("{kind} {namespace}{}", name.unwrap_or_default())
}

/// The deadline of a deletion already contains the grace period: it was asked for that much earlier.
fn is_request(meta: &Value, at: jiff::Timestamp) -> bool {
    let deadline = text(meta, "deletionTimestamp").parse::<jiff::Timestamp>();
    let grace = meta["deletionGracePeriodSeconds"].as_i64().unwrap_or_default();
    deadline.is_ok_and(|deadline| deadline.as_second() - grace == at.as_second())
}

fn holds_time(value: &Value, at: &jiff::Timestamp) -> bool {
    match value {
        Value::String(text) => text.parse::<jiff::Timestamp>().is_ok_and(|time| time == *at),
        Value::Array(elements) => elements.iter().any(|v| holds_time(v, at)),
        Value::Object(members) => members.values().any(|v| holds_time(v, at)),
        _ => false,
    }
}

fn check_texts(item: &Value, complaints: &mut Vec<String>) {
    let mut texts: Vec<&str> = vec![text(item, "title"), text(item, "explanation")];
    texts.extend(list(item, "rivals").iter().map(|rival| text(rival, "because")));
    texts.extend(list(item, "missing").iter().flat_map(|gap| [text(gap, "what"), text(gap, "why")]));
    texts.extend(list(item, "remedies").iter().map(|remedy| text(remedy, "text")));
    let mut complain = |what: &str, text: &str| {
        complaints.push(format!("{what}: {} {text:?} of {}", item["cause"], item["subject"]));
    };
    if texts.iter().any(|t| t.trim().is_empty()) {
        complain("an empty text", &format!("{texts:?}"));
    }
    let with_command = list(item, "remedies").iter().chain(list(item, "missing"));
    texts.extend(with_command.filter_map(|step| step["command"].as_str()));
    for text in texts {
        if text.contains("[[") || text.contains("]]") || has_placeholder(text) {
            complain("a template that was not filled", text);
        }
        if text.split([' ', '(', ')', ',', '.', ':', ';']).any(|word| word == "?") {
            complain("a value that was not known", text);
        }
    }
    for remedy in list(item, "remedies") {
        if !["read-only", "changes", "destructive"].contains(&text(remedy, "risk")) {
            complain("a remedy without a risk", text(remedy, "text"));
        }
    }
}

/// Whether `{name}` is in a text.
fn has_placeholder(text: &str) -> bool {
    text.match_indices('{').any(|(at, _)| {
        let inside = text[at + 1..].split('}').next().unwrap_or_default();
        let is_closed = text[at + 1..].contains('}');
        is_closed && !inside.is_empty() && inside.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
    })
}
