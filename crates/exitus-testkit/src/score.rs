//! The score: what an answer about a capture is worth, by the capture's label.

use std::collections::BTreeSet;
use std::path::Path;
use std::{fs, io};

use serde::{Deserialize, Deserializer};

/// Coarse causes that are honest where the evidence carries no finer one.
pub const GENERIC: [&str; 12] = [
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

/// All that a part of the evidence may show of a container that does not run.
const WAITING: [&str; 2] = ["starting", "waiting-for-init"];

/// Causes that are no fault: saying nothing is right too.
const QUIET: [&str; 3] = ["completed", "stopped-on-request", "healthy"];

/// Causes that say that the evidence does not tell: they cannot be certain.
const NEVER_SURE: [&str; 3] = ["killed-unattributed", "terminated-unattributed", "ended-unexplained"];

/// A smaller file holds no evidence, in bytes.
const MIN_BYTES: u64 = 100;

/// The truth about a capture: its `label.json`.
#[derive(Debug, Clone, Deserialize)]
pub struct Label {
    /// The capture's name.
    pub id: String,
    /// The true cause.
    pub cause: String,
    /// The container that failed; `None` for the pod as a whole.
    #[serde(deserialize_with = "null_or_text")]
    container: Option<String>,
    accept: Vec<String>,
    /// Beginnings of causes that nobody may claim.
    never: Vec<String>,
    /// Causes that a part of the evidence allows.
    #[serde(default)]
    partial: Vec<String>,
    /// `unknown` where the evidence tells nobody more than that.
    sure: Option<String>,
}

/// Asked for by name, serde demands the field.
fn null_or_text<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    Option::deserialize(from)
}

/// What the judgement needs of an item of `exitus/v1`.
#[derive(Debug, Clone, Deserialize)]
pub struct Item {
    subject: ItemSubject,
    cause: String,
    confidence: String,
    severity: String,
    incident: ItemIncident,
}

#[derive(Debug, Clone, Deserialize)]
struct ItemSubject {
    container: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
struct ItemIncident {
    current: bool,
}

/// What an answer is worth, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// No answer that can be read.
    Broken,
    /// Another cause with confidence, one that the label forbids, or certainty that no evidence can carry.
    Wrong,
    /// Nothing is said about a container that failed.
    Missed,
    /// An honest fallback: unknown, or a coarser cause.
    Generic,
    /// Right, and another confident error or warning about the same container that the label does not know.
    Noise,
    /// The label's cause, or one that it accepts.
    Right,
}

impl Outcome {
    /// The word of the table.
    pub fn word(self) -> &'static str {
        match self {
            Outcome::Broken => "BROKEN",
            Outcome::Wrong => "WRONG",
            Outcome::Missed => "missed",
            Outcome::Generic => "generic",
            Outcome::Noise => "noise",
            Outcome::Right => "right",
        }
    }

    /// Whether the true cause was named.
    pub fn is_right(self) -> bool {
        matches!(self, Outcome::Right | Outcome::Noise)
    }
}

/// Whether a part of a capture is there and no empty list.
///
/// # Errors
///
/// When the file cannot be read.
pub fn holds_evidence(file: &Path) -> io::Result<bool> {
    if !file.is_file() || file.metadata()?.len() < MIN_BYTES {
        return Ok(false);
    }
    let bytes = fs::read(file)?;
    let head: String = String::from_utf8_lossy(&bytes).chars().take(200).collect();
    Ok(!head.contains("\"items\": []"))
}

/// Judges an answer; the text says what was answered.
pub fn judge(label: &Label, items: &[Item], is_part: bool) -> (Outcome, String) {
    if label.cause == "healthy" {
        let alarm = items.iter().find(|i| i.severity != "info" && i.incident.current);
        return alarm.map_or((Outcome::Right, String::new()), |i| (Outcome::Wrong, i.cause.clone()));
    }
    let mut mine: Vec<&Item> = items
        .iter()
        .filter(|i| i.subject.container.is_none() || i.subject.container == label.container)
        .collect();
    if mine.is_empty() {
        mine = items.iter().collect();
    }
    let is_good = |cause: &str| cause == label.cause || label.accept.iter().any(|c| c == cause);
    let is_allowed_in_part =
        |cause: &str| WAITING.contains(&cause) || label.partial.iter().any(|c| c == cause);
    let is_fair = |cause: &str| GENERIC.contains(&cause) || (is_part && is_allowed_in_part(cause));
    let is_forbidden = |cause: &str| {
        label.never.iter().any(|n| cause.starts_with(n.as_str()) && !(is_part && label.partial.contains(n)))
    };
    let sure: Vec<&Item> = mine.iter().copied().filter(|i| i.confidence != "unknown").collect();
    for item in &sure {
        if is_forbidden(&item.cause) {
            return (Outcome::Wrong, format!("{} (forbidden)", item.cause));
        }
        let is_refined =
            label.sure.as_deref() == Some("unknown") && !is_good(&item.cause) && !is_fair(&item.cause);
        if NEVER_SURE.contains(&item.cause.as_str()) || is_refined {
            return (Outcome::Wrong, format!("{} said to be {}", item.cause, item.confidence));
        }
    }
    let is_quiet = QUIET.iter().any(|cause| is_good(cause));
    if mine.is_empty() {
        let outcome = if is_quiet { Outcome::Right } else { Outcome::Missed };
        return (outcome, "nothing".to_owned());
    }
    let causes = mine
        .iter()
        .map(|i| i.cause.as_str())
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect::<Vec<_>>()
        .join(",");
    let is_other = |i: &&&Item| i.severity != "info" && !is_good(&i.cause) && !is_fair(&i.cause);
    let others: Vec<&str> = sure.iter().filter(is_other).map(|i| i.cause.as_str()).collect();
    let is_right =
        mine.iter().any(|i| is_good(&i.cause)) || (is_quiet && mine.iter().all(|i| i.severity == "info"));
    match (is_right, others.first()) {
        (true, None) => (Outcome::Right, causes),
        (true, Some(_)) => (Outcome::Noise, others.join(",")),
        (false, None) => (Outcome::Generic, causes),
        (false, Some(first)) => (Outcome::Wrong, (*first).to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OOM: &str = r#"{"id": "x", "cause": "out-of-memory-container", "container": "app",
        "accept": ["out-of-memory-pod"], "never": ["liveness"], "partial": ["out-of-memory"]}"#;
    const KILLED: &str = r#"{"id": "x", "cause": "killed-unattributed", "container": "app",
        "accept": [], "never": [], "sure": "unknown"}"#;
    const DONE: &str = r#"{"id": "x", "cause": "completed", "container": "app", "accept": [], "never": []}"#;
    const HEALTHY: &str = r#"{"id": "x", "cause": "healthy", "container": null, "accept": [], "never": []}"#;

    /// Judges items `CONTAINER CAUSE CONFIDENCE SEVERITY`, current all of them; `-` is no container.
    fn outcome(label_text: &str, items: &[&str], is_part: bool) -> Outcome {
        let item = |line: &&str| {
            let parts: Vec<&str> = line.split(' ').collect();
            let [container, cause, confidence, severity] = parts.as_slice() else { panic!("{line}") };
            let container = if *container == "-" { "null".to_owned() } else { format!("\"{container}\"") };
            format!(
                r#"{{"subject": {{"container": {container}}}, "incident": {{"current": true}},
                    "cause": "{cause}", "confidence": "{confidence}", "severity": "{severity}"}}"#
            )
        };
        let items = items.iter().map(item).collect::<Vec<_>>().join(",");
        let items: Vec<Item> = serde_json::from_str(&format!("[{items}]")).expect("items");
        judge(&serde_json::from_str(label_text).expect("a label"), &items, is_part).0
    }

    #[test]
    fn the_cause_or_an_accepted_one_is_right() {
        assert_eq!(outcome(OOM, &["app out-of-memory-container confirmed error"], false), Outcome::Right);
        assert_eq!(outcome(OOM, &["app out-of-memory-pod likely error"], false), Outcome::Right);
        assert_eq!(outcome(OOM, &["- out-of-memory-pod unknown error"], false), Outcome::Right);
    }

    #[test]
    fn a_second_confident_error_is_noise_and_an_unsure_one_is_not() {
        let right = "app out-of-memory-container confirmed error";
        assert_eq!(outcome(OOM, &[right, "app disk-full likely error"], false), Outcome::Noise);
        assert_eq!(outcome(OOM, &[right, "app disk-full unknown error"], false), Outcome::Right);
        assert_eq!(outcome(OOM, &[right, "app completed likely info"], false), Outcome::Right);
        assert_eq!(outcome(OOM, &[right, "other disk-full likely error"], false), Outcome::Right);
    }

    #[test]
    fn coarse_and_unsure_answers_are_generic() {
        assert_eq!(outcome(OOM, &["app out-of-memory likely error"], false), Outcome::Generic);
        assert_eq!(outcome(OOM, &["app disk-full unknown error"], false), Outcome::Generic);
        assert_eq!(outcome(OOM, &["app starting likely error"], true), Outcome::Generic);
    }

    #[test]
    fn confidence_in_another_cause_is_wrong() {
        assert_eq!(outcome(OOM, &["app disk-full likely error"], false), Outcome::Wrong);
        assert_eq!(outcome(OOM, &["app starting likely error"], false), Outcome::Wrong);
        let forbidden =
            ["app out-of-memory-container confirmed error", "app liveness-probe-failed likely info"];
        assert_eq!(outcome(OOM, &forbidden, false), Outcome::Wrong);
    }

    #[test]
    fn what_no_evidence_tells_must_not_be_certain() {
        assert_eq!(outcome(KILLED, &["app killed-unattributed unknown error"], false), Outcome::Right);
        assert_eq!(outcome(KILLED, &["app killed-unattributed likely error"], false), Outcome::Wrong);
        assert_eq!(outcome(KILLED, &["app disk-full likely info"], false), Outcome::Wrong);
        assert_eq!(outcome(KILLED, &["app application-error likely error"], false), Outcome::Generic);
    }

    #[test]
    fn silence_is_right_about_what_is_no_fault_only() {
        assert_eq!(outcome(DONE, &[], false), Outcome::Right);
        assert_eq!(outcome(DONE, &["app starting likely info"], false), Outcome::Right);
        assert_eq!(outcome(OOM, &[], false), Outcome::Missed);
        assert_eq!(outcome(HEALTHY, &["app starting likely info"], false), Outcome::Right);
        assert_eq!(outcome(HEALTHY, &["app disk-full unknown warning"], false), Outcome::Wrong);
    }
}
