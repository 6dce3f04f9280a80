//! The answers against the truth about each capture, by the rules of the project's score.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::harness::{ANSWERS, Answer, CAPTURES, ROOT, list, text};

/// Honest fallbacks: unknown, or the coarser cause of a family.
pub(crate) const GENERIC: [&str; 12] = [
    "application-error",
    "out-of-memory",
    "ended-unexplained",
    "killed-unattributed",
    "terminated-unattributed",
    "runtime-start-error",
    "container-config-error",
    "container-create-error",
    "image-pull-failed",
    "unschedulable",
    "sandbox-creation-failed",
    "signal-other",
];
const WAITING: [&str; 2] = ["starting", "waiting-for-init"];
const QUIET: [&str; 3] = ["completed", "stopped-on-request", "healthy"];
const NEVER_SURE: [&str; 3] = ["killed-unattributed", "terminated-unattributed", "ended-unexplained"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// The label's cause, or one that it accepts.
    Right,
    /// Right, and beside it another sure error or warning about the same container.
    Noise,
    /// An honest fallback.
    Generic,
    /// Nothing said about a failing container.
    Missed,
    /// Another cause said with confidence.
    Wrong,
}

fn texts<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = &'v str> {
    list(value, key).iter().filter_map(Value::as_str)
}

fn judge(label: &Value, items: &[&Value], is_partial: bool) -> (Mark, String) {
    let partial: BTreeSet<&str> = texts(label, "partial").filter(|_| is_partial).collect();
    let good: BTreeSet<&str> = texts(label, "accept").chain([text(label, "cause")]).collect();
    let mut fair: BTreeSet<&str> = GENERIC.into_iter().chain(partial.iter().copied()).collect();
    if is_partial {
        fair.extend(WAITING);
    }
    let is_fine = |cause: &str| good.contains(cause) || fair.contains(cause);
    let is_fault = |item: &Value| ["error", "warning"].contains(&text(item, "severity"));
    if label["cause"] == "healthy" {
        let bad = items.iter().find(|i| is_fault(i) && i["incident"]["current"] == true);
        return bad.map_or((Mark::Right, String::new()), |i| (Mark::Wrong, text(i, "cause").to_owned()));
    }
    let about = |item: &&&Value| {
        let container = &item["subject"]["container"];
        container.is_null() || *container == label["container"]
    };
    let mut mine: Vec<&Value> = items.iter().filter(about).copied().collect();
    if mine.is_empty() {
        mine = items.to_vec();
    }
    let sure: Vec<&Value> = mine.iter().filter(|i| i["confidence"] != "unknown").copied().collect();
    for item in &sure {
        let cause = text(item, "cause");
        if texts(label, "never").any(|never| !partial.contains(never) && cause.starts_with(never)) {
            return (Mark::Wrong, format!("{cause} (forbidden)"));
        }
        if NEVER_SURE.contains(&cause) || (label["sure"] == "unknown" && !is_fine(cause)) {
            return (Mark::Wrong, format!("{cause} said to be {}", item["confidence"]));
        }
    }
    let is_quiet = good.iter().any(|cause| QUIET.contains(cause));
    if mine.is_empty() {
        return if is_quiet { (Mark::Right, "silent".to_owned()) } else { (Mark::Missed, String::new()) };
    }
    let causes: BTreeSet<&str> = mine.iter().map(|i| text(i, "cause")).collect();
    let said = causes.iter().copied().collect::<Vec<_>>().join(",");
    let others: Vec<&str> =
        sure.iter().filter(|i| is_fault(i)).map(|i| text(i, "cause")).filter(|c| !is_fine(c)).collect();
    let is_right = !good.is_disjoint(&causes) || (is_quiet && mine.iter().all(|i| i["severity"] == "info"));
    match (is_right, others.is_empty()) {
        (true, true) => (Mark::Right, said),
        (true, false) => (Mark::Noise, others.join(",")),
        (false, true) => (Mark::Generic, said),
        (false, false) => (Mark::Wrong, others[0].to_owned()),
    }
}

/// The marks of one part of every capture, and a table of those that are not right.
struct Score {
    marks: Vec<Mark>,
    table: String,
}

impl Score {
    fn of(part: &str) -> Score {
        let mut score = Score { marks: Vec::new(), table: String::new() };
        for Answer { capture, document, .. } in ANSWERS.iter().filter(|a| a.part == part && holds_evidence(a))
        {
            // Without `--all` the harmless is not told: `select` holds both forms to that.
            let is_told = |i: &&Value| i["severity"] != "info" && i["cause"] != "healthy";
            let items: Vec<&Value> = list(document, "items").iter().filter(is_told).collect();
            let (mark, said) = judge(&capture.label, &items, !part.is_empty());
            if mark != Mark::Right {
                let wanted = text(&capture.label, "cause");
                score.table += &format!("{mark:<8?} {:<26} want {wanted:<32} got {said}\n", capture.name);
            }
            score.marks.push(mark);
        }
        score
    }

    fn count(&self, mark: Mark) -> usize {
        self.marks.iter().filter(|m| **m == mark).count()
    }

    #[track_caller]
    fn expect(&self, least_percent: usize) {
        let (right, all) = (self.count(Mark::Right) + self.count(Mark::Noise), self.marks.len());
        assert_eq!(self.count(Mark::Wrong), 0, "confidently wrong:\n{}", self.table);
        assert!(right * 100 >= all * least_percent, "{right} of {all} right:\n{}", self.table);
    }
}

/// A list without items holds nothing to be judged.
fn holds_evidence(answer: &Answer) -> bool {
    if answer.part.is_empty() {
        return true;
    }
    let bytes = fs::read(Path::new(ROOT).join(answer.capture.path(answer.part))).unwrap_or_default();
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]).into_owned();
    bytes.len() >= 100 && !head.contains("\"items\": []")
}

#[test]
fn the_whole_evidence_names_the_true_cause() {
    let score = Score::of("");
    assert_eq!(score.marks.len(), CAPTURES.len());
    assert_eq!(score.count(Mark::Missed), 0, "{}", score.table);
    score.expect(97);
}

#[test]
fn the_status_alone_names_many_causes_and_no_wrong_one() {
    Score::of("pods.json").expect(60);
}

#[test]
fn the_watch_alone_names_many_causes_and_no_wrong_one() {
    Score::of("watch.jsonl").expect(60);
}

#[test]
fn events_alone_name_no_wrong_cause() {
    Score::of("events.json").expect(0);
}
