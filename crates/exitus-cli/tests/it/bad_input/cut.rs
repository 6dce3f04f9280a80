//! Files that end early, or are broken in the middle: the rest is used, and a verdict from less is never surer.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use exitus::{Format, Reader, Selection, Style, diagnose, render};
use serde_json::{Value, json};
use tempfile::tempdir;

use super::{broken_rules, list_of, objects, warnings, write};
use crate::harness::{
    ANSWERS, Answer, CAPTURES, Capture, PARTS, ROOT, exitus, expect_none, in_parallel, list, text,
};
use exitus_testkit::score::GENERIC;

/// Each file is cut at so many places.
const PLACES: usize = 20;

/// The files that are cut together.
const FILES: [&[&str]; 4] =
    [&["pods.json"], &["events.json"], &["node.json", "objects.json"], &["watch.jsonl"]];

/// The files of a capture that are read where some of them are cut.
///
/// A watch that ends early shows an earlier moment, and what was saved after it would be of its future: so it is read
/// alone, and never beside the pods that it repeats.
fn evidence(capture: &Capture, cut: &[&str]) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(ROOT).join(capture.path(""));
    let mut names: Vec<String> =
        FILES[..3].concat().into_iter().chain(["kernel.txt"]).map(str::to_owned).collect();
    let logs = fs::read_dir(folder.join("logs")).into_iter().flatten().flatten();
    names.extend(logs.map(|entry| format!("logs/{}", entry.file_name().into_string().unwrap())));
    names.sort();
    if cut == FILES[3] {
        names = vec![cut[0].to_owned()];
    }
    names.into_iter().map(|name| (name.clone(), fs::read(folder.join(name)).unwrap())).collect()
}

/// What `why --all -o json` prints, by the same calls as the binary makes: thousands of cuts would be too many
/// processes.
fn answer(evidence: &[(String, Vec<u8>)]) -> Value {
    let mut reader = Reader::new();
    evidence.iter().for_each(|(name, bytes)| reader.read(name, bytes));
    let (snapshot, problems) = reader.finish();
    let selection = Selection { all: true, ..Selection::default() };
    let report = diagnose(&snapshot, problems, &selection).unwrap();
    serde_json::from_str(&render(&report, Format::Json, &Style::default())).unwrap()
}

#[test]
fn a_cut_file_is_told_with_its_line_and_makes_nothing_surer() {
    let complaints = in_parallel(&CAPTURES, |capture| {
        let mut complaints = Vec::new();
        for files in FILES {
            let evidence = evidence(capture, files);
            let whole = answer(&evidence);
            for place in 0..PLACES {
                let mut less = evidence.clone();
                for (_, bytes) in less.iter_mut().filter(|(name, _)| files.contains(&name.as_str())) {
                    // Half a step in: one cut is near the beginning, one near the end.
                    bytes.truncate(bytes.len() * (2 * place + 1) / (2 * PLACES));
                }
                let document = answer(&less);
                let mut found = surer(&whole, &document, files == FILES[3]);
                found.extend(broken_rules(&document));
                let cut = less.iter().filter(|(name, _)| files.contains(&name.as_str()));
                found.extend(cut.filter_map(|(name, bytes)| untold(&document, name, bytes)));
                let with_place = |c: String| format!("{} {files:?} cut at place {place}: {c}", capture.name);
                complaints.extend(found.into_iter().map(with_place));
            }
        }
        complaints
    });
    expect_none(&complaints.concat());
}

/// What a warning about a cut fails to say.
fn untold(document: &Value, path: &str, bytes: &[u8]) -> Option<String> {
    let warnings = warnings(document, path);
    let content = String::from_utf8_lossy(bytes);
    let last = content.lines().last().unwrap_or_default();
    let is_whole = path.ends_with(".jsonl") && serde_json::from_str::<Value>(last).is_ok();
    if is_whole || serde_json::from_str::<Value>(&content).is_ok() {
        return (!warnings.is_empty()).then(|| format!("nothing is cut: {warnings:?}"));
    }
    // Of the beginning of a list nobody can tell what it was: that it was passed over is enough.
    let end = content.matches('\n').count() as u64;
    let is_told = warnings.iter().any(|w| match w["line"].as_u64() {
        Some(line) => line == end || line == end + 1,
        None => bytes.len() < 200,
    });
    (!is_told).then(|| format!("{} bytes, {end} line ends, warnings {warnings:?}", bytes.len()))
}

/// Verdicts from less evidence that are surer than those from all of it.
///
/// Less evidence may show another state (an earlier death, a container that still starts) or a coarser cause. What it
/// must not do is confirm a fault that the whole evidence does not confirm for the same instance of the container.
/// Two verdicts are about the same instance where no time tells them apart; causes that are bracket ids of their
/// family are coarser than any other, and an info-level item blames nobody. Evidence of an earlier moment shows other
/// states, and rightly so: of it only deaths are compared, which stay what they were.
fn surer(whole: &Value, less: &Value, is_earlier: bool) -> Vec<String> {
    let mut by_pod: HashMap<(&str, &str), Vec<&Value>> = HashMap::new();
    for item in list(whole, "items") {
        let subject = &item["subject"];
        by_pod.entry((text(subject, "namespace"), text(subject, "pod"))).or_default().push(item);
    }
    let mut complaints = Vec::new();
    for item in list(less, "items") {
        if is_earlier && item["incident"]["type"] != "termination" {
            continue;
        }
        let subject = &item["subject"];
        let cause = text(item, "cause");
        let of_pod = by_pod.get(&(text(subject, "namespace"), text(subject, "pod")));
        let of_pod = of_pod.map(Vec::as_slice).unwrap_or_default();
        let mut same: Vec<&Value> = of_pod.iter().copied().filter(|i| is_same_instance(i, item)).collect();
        if same.is_empty() {
            same = of_pod.to_vec();
        }
        let best = same.iter().filter(|i| text(i, "cause") == cause).map(|i| rank(i)).max();
        let is_surer = match best {
            Some(best) => rank(item) > best,
            None => rank(item) == 2 && item["severity"] != "info" && !GENERIC.contains(&cause),
        };
        if is_surer {
            let all: Vec<String> =
                same.iter().map(|i| format!("{} {}", text(i, "cause"), text(i, "confidence"))).collect();
            let confidence = text(item, "confidence");
            let pod = text(subject, "pod");
            complaints.push(format!("{pod}: {cause} {confidence}, where the whole evidence says {all:?}"));
        }
    }
    complaints
}

fn rank(item: &Value) -> usize {
    ["unknown", "likely", "confirmed"].iter().position(|c| item["confidence"] == *c).expect("a confidence")
}

fn is_same_instance(a: &Value, b: &Value) -> bool {
    let differ = |x: &Value, y: &Value| !x.is_null() && !y.is_null() && x != y;
    let (one, other) = (&a["incident"], &b["incident"]);
    let is_other_start = differ(&one["startedAt"], &other["startedAt"]);
    let has_starts = !one["startedAt"].is_null() && !other["startedAt"].is_null();
    !differ(&a["subject"]["container"], &b["subject"]["container"])
        && !is_other_start
        && (has_starts || !differ(&one["at"], &other["at"]))
}

#[test]
fn one_file_alone_makes_nothing_surer_than_the_whole_capture() {
    let whole = |answer: &Answer| {
        ANSWERS.iter().find(|a| a.part == PARTS[0] && a.capture.name == answer.capture.name).expect("one")
    };
    let mut complaints = Vec::new();
    for answer in ANSWERS.iter() {
        let place = |c: String| format!("{} of {}: {c}", answer.part, answer.capture.name);
        let surer = surer(&whole(answer).document, &answer.document, false);
        complaints.extend(surer.into_iter().map(place));
    }
    expect_none(&complaints);
}

/// Every pod of every capture in one list.
fn all_pods() -> Vec<Value> {
    let pods: Vec<Value> = CAPTURES.iter().flat_map(|c| objects(&c.name, "pods.json")).collect();
    assert!(pods.len() > 80);
    pods
}

/// The items of a pod, whatever the file's name.
fn of_pods<'d>(document: &'d Value, pods: &[Value]) -> Vec<&'d Value> {
    let uids: Vec<&Value> = pods.iter().map(|pod| &pod["metadata"]["uid"]).collect();
    list(document, "items").iter().filter(|i| uids.contains(&&i["subject"]["podUid"])).collect()
}

#[test]
fn what_stands_before_a_cut_is_diagnosed_as_before() {
    let folder = tempdir().unwrap();
    let pods = all_pods();
    let file = write(folder.path(), "pods.json", list_of(&pods));
    // The newest time of what is left would be another "now": it is told instead.
    let ask = || exitus(["why", "-f", &file, "--all", "-o", "json", "--now", "2026-11-23T11:00:00Z"]);
    let whole = ask().json();
    let bytes = fs::read(&file).unwrap();
    for place in 1..=PLACES {
        // The last cut takes the list's own end only.
        let at = if place == PLACES { bytes.len() - 1 } else { bytes.len() * place / PLACES };
        fs::write(&file, &bytes[..at]).unwrap();
        let mut end = 0;
        let is_before = |pod: &&Value| {
            let uid = format!("\"uid\": {}", pod["metadata"]["uid"]);
            let start = String::from_utf8_lossy(&bytes[end..at]).find(&uid);
            end += start.unwrap_or_default() + 1;
            start.is_some()
        };
        let mut before: Vec<Value> = pods.iter().take_while(is_before).cloned().collect();
        if place < PLACES {
            before.pop();
        }
        let outcome = ask();
        assert_eq!(outcome.status, 3);
        let document = outcome.json();
        assert_eq!(of_pods(&document, &before), of_pods(&whole, &before), "cut at {at}");
        assert!(before.len() + 5 >= pods.len() * place / (PLACES * 2), "{} pods", before.len());
    }
}

#[test]
fn damage_inside_an_object_costs_no_other() {
    let folder = tempdir().unwrap();
    let pods = all_pods();
    let text = String::from_utf8(list_of(&pods)).unwrap();
    let file = write(folder.path(), "pods.json", &text);
    let args = ["why", "-f", &file, "--all", "-o", "json", "--now", "2026-11-23T11:00:00Z"];
    let whole = exitus(args).json();
    let hit = &pods[40];
    let others: Vec<Value> = pods.iter().filter(|p| *p != hit).cloned().collect();
    let uid = format!("\"uid\": {}", hit["metadata"]["uid"]);
    let at = text.find(&uid).unwrap();
    let verdicts = |document: &Value| {
        let items: Vec<Value> = of_pods(document, &others).into_iter().cloned().collect();
        super::verdicts(&json!({ "items": items }))
    };
    let expected = verdicts(&whole);
    assert!(expected.len() > 80);
    let mut complaints = Vec::new();
    for damage in ["@@@ ", "}", "]", "\"no end: ", "\"\\q\": 1, ", "{{{", ",,", "<<<<<<< HEAD\n", "\0\0"] {
        fs::write(&file, format!("{}{damage}{}", &text[..at], &text[at..])).unwrap();
        let outcome = exitus(args);
        let document = outcome.json();
        if outcome.status != 3 || !warnings(&document, &file).iter().any(|w| w["line"].is_u64()) {
            complaints.push(format!("{damage:?}: status {}, {}", outcome.status, document["warnings"]));
        }
        let found = verdicts(&document);
        if found != expected {
            complaints.push(format!("{damage:?}: {} verdicts of {} are left", found.len(), expected.len()));
        }
    }
    expect_none(&complaints);
}
