//! The answers against the truth about each capture, by the rules of the project's score.

use std::path::Path;

use exitus_testkit::score::{Item, Outcome, holds_evidence, judge};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::harness::{ANSWERS, Answer, CAPTURES, ROOT, list, text};

fn read<T: DeserializeOwned>(value: &Value) -> T {
    serde_json::from_value(value.clone()).expect("the fields of the judgement")
}

/// The marks of one part of every capture, and a table of those that are not right.
struct Score {
    marks: Vec<Outcome>,
    table: String,
}

impl Score {
    fn of(part: &str) -> Score {
        let mut score = Score { marks: Vec::new(), table: String::new() };
        for Answer { capture, document, .. } in ANSWERS.iter().filter(|a| a.part == part && holds(a)) {
            // Without `--all` the harmless is not told: `select` holds both forms to that.
            let is_told = |i: &&Value| i["severity"] != "info" && i["cause"] != "healthy";
            let items = list(document, "items").iter().filter(is_told).map(read::<Item>).collect::<Vec<_>>();
            let (mark, said) = judge(&read(&capture.label), &items, !part.is_empty());
            if mark != Outcome::Right {
                let wanted = text(&capture.label, "cause");
                score.table += &format!("{mark:<8?} {:<26} want {wanted:<32} got {said}\n", capture.name);
            }
            score.marks.push(mark);
        }
        score
    }

    fn count(&self, mark: Outcome) -> usize {
        self.marks.iter().filter(|m| **m == mark).count()
    }

    #[track_caller]
    fn expect(&self, least_percent: usize) {
        let (right, all) = (self.count(Outcome::Right) + self.count(Outcome::Noise), self.marks.len());
        assert_eq!(self.count(Outcome::Wrong), 0, "confidently wrong:\n{}", self.table);
        assert!(right * 100 >= all * least_percent, "{right} of {all} right:\n{}", self.table);
    }
}

/// A list without items holds nothing to be judged.
fn holds(answer: &Answer) -> bool {
    let file = || Path::new(ROOT).join(answer.capture.path(answer.part));
    answer.part.is_empty() || holds_evidence(&file()).unwrap_or(false)
}

#[test]
fn the_whole_evidence_names_the_true_cause() {
    let score = Score::of("");
    assert_eq!(score.marks.len(), CAPTURES.len());
    assert_eq!(score.count(Outcome::Missed), 0, "{}", score.table);
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
