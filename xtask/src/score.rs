//! The score: answers about the captures, judged against their labels.
//!
//! | outcome | meaning |
//! |---|---|
//! | right | the label's cause, or one that it accepts |
//! | noise | right, and another confident error or warning about the same container that the label does not know |
//! | generic | an honest fallback: unknown, a family's coarse cause, or what a part of the evidence allows |
//! | missed | nothing is said about a container that failed |
//! | wrong | another cause with confidence, one that the label forbids, or certainty that no evidence can carry |
//! | broken | no answer that can be read |

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};

use crate::json::{self, Value};
use crate::workspace::{self, read, root};

/// Coarse causes that are honest where the evidence carries no finer one.
const GENERIC: [&str; 12] = [
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

/// What is scored, and how much is told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Options<'a> {
    /// Only this file of each capture; captures without it are left out.
    pub(crate) only: Option<&'a str>,
    /// Tell of right answers too, and sum up by family.
    pub(crate) is_verbose: bool,
}

impl<'a> Options<'a> {
    /// Reads `[--only FILE] [-v]`.
    pub(crate) fn parse(args: &[&'a str]) -> Result<Options<'a>> {
        let mut options = Options::default();
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            match *arg {
                "--only" => options.only = Some(args.next().context("--only needs a file's name")?),
                "-v" | "--verbose" => options.is_verbose = true,
                other => bail!("score takes [--only FILE] [-v], not {other}"),
            }
        }
        Ok(options)
    }
}

/// What a run has to reach. Nothing may be wrong or broken in any run.
struct Threshold {
    /// Right answers, in percent.
    right: usize,
    may_miss: bool,
}

/// The thresholds of the project's acceptance: the whole folder, the status alone, one watch stream.
fn threshold(only: Option<&str>) -> Threshold {
    match only {
        None => Threshold { right: 97, may_miss: false },
        Some("pods.json") => Threshold { right: 60, may_miss: true },
        Some(_) => Threshold { right: 0, may_miss: true },
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Broken,
    Wrong,
    Missed,
    Generic,
    Noise,
    Right,
}

impl Outcome {
    fn word(self) -> &'static str {
        match self {
            Outcome::Broken => "BROKEN",
            Outcome::Wrong => "WRONG",
            Outcome::Missed => "missed",
            Outcome::Generic => "generic",
            Outcome::Noise => "noise",
            Outcome::Right => "right",
        }
    }

    fn is_right(self) -> bool {
        matches!(self, Outcome::Right | Outcome::Noise)
    }
}

/// One capture's result.
struct Row {
    outcome: Outcome,
    id: String,
    want: String,
    got: String,
}

/// Scores all captures and fails below the threshold.
pub(crate) fn run(options: &Options<'_>) -> Result<()> {
    let binary = workspace::release_binary()?;
    let mut rows = rows(&binary, &root().join("fixtures/zoo"), options.only)?;
    ensure!(!rows.is_empty(), "no capture in fixtures/zoo has {}", options.only.unwrap_or("a label"));
    rows.sort_by(|a, b| (a.outcome, &a.id).cmp(&(b.outcome, &b.id)));
    for row in rows.iter().filter(|r| options.is_verbose || r.outcome != Outcome::Right) {
        println!("{:<8} {:<28} want {:<32} got {}", row.outcome.word(), row.id, row.want, row.got);
    }
    if options.is_verbose {
        print_families(&rows)?;
    }
    let count = |outcome| rows.iter().filter(|r| r.outcome == outcome).count();
    let right = rows.iter().filter(|r| r.outcome.is_right()).count();
    println!(
        "{} captures{}: {right} right ({:.1} %), {} generic, {} missed, {} confidently wrong, {} broken, {} with noise",
        rows.len(),
        options.only.map(|f| format!(", {f} alone")).unwrap_or_default(),
        100.0 * right as f64 / rows.len() as f64,
        count(Outcome::Generic),
        count(Outcome::Missed),
        count(Outcome::Wrong),
        count(Outcome::Broken),
        count(Outcome::Noise),
    );
    let least = threshold(options.only);
    ensure!(count(Outcome::Broken) == 0, "an answer is broken");
    ensure!(count(Outcome::Wrong) == 0, "an answer is confidently wrong");
    ensure!(least.may_miss || count(Outcome::Missed) == 0, "a failed container is not spoken of");
    ensure!(right * 100 >= least.right * rows.len(), "less than {} % right", least.right);
    Ok(())
}

fn rows(binary: &Path, corpus: &Path, only: Option<&str>) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for entry in fs::read_dir(corpus).with_context(|| format!("cannot read {}", corpus.display()))? {
        let folder = entry?.path();
        let file = folder.join("label.json");
        if !file.is_file() {
            continue;
        }
        let evidence = only.map_or_else(|| folder.clone(), |name| folder.join(name));
        if only.is_some() && !holds_evidence(&evidence)? {
            continue;
        }
        let label = json::parse(&read(&file)?).with_context(|| file.display().to_string())?;
        let label = Label::read(&label).with_context(|| file.display().to_string())?;
        let (outcome, got) = answer(binary, &evidence)
            .and_then(|answer| judge(&label, &answer, only.is_some()))
            .unwrap_or_else(|error| (Outcome::Broken, format!("{error:#}")));
        rows.push(Row { outcome, id: label.id.to_owned(), want: label.cause.to_owned(), got });
    }
    Ok(rows)
}

/// Whether a part of a capture is there and no empty list.
fn holds_evidence(file: &Path) -> Result<bool> {
    if !file.is_file() || file.metadata()?.len() < MIN_BYTES {
        return Ok(false);
    }
    let bytes = fs::read(file)?;
    let head: String = String::from_utf8_lossy(&bytes).chars().take(200).collect();
    Ok(!head.contains("\"items\": []"))
}

fn answer(binary: &Path, evidence: &Path) -> Result<Value> {
    let output = Command::new(binary).arg("why").arg("-f").arg(evidence).args(["-o", "json"]).output()?;
    let text = String::from_utf8(output.stdout).context("the answer is no UTF-8")?;
    json::parse(&text).with_context(|| {
        format!("{}: {}", output.status, String::from_utf8_lossy(&output.stderr).trim().replace('\n', " "))
    })
}

/// The truth about a capture.
struct Label<'a> {
    id: &'a str,
    cause: &'a str,
    /// The container that failed; `None` for the pod as a whole.
    container: Option<&'a str>,
    accept: Vec<&'a str>,
    /// Beginnings of causes that nobody may claim.
    never: Vec<&'a str>,
    /// Causes that a part of the evidence allows.
    partial: Vec<&'a str>,
    /// The evidence tells nobody more than "unknown".
    is_unknowable: bool,
}

impl<'a> Label<'a> {
    fn read(value: &'a Value) -> Result<Label<'a>> {
        let partial = value.find("partial").map(Value::texts).transpose()?.unwrap_or_default();
        Ok(Label {
            id: value.get("id")?.text()?,
            cause: value.get("cause")?.text()?,
            container: value.get("container")?.text_or_null()?,
            accept: value.get("accept")?.texts()?,
            never: value.get("never")?.texts()?,
            partial,
            is_unknowable: value.find("sure").is_some_and(|v| v.text().is_ok_and(|t| t == "unknown")),
        })
    }
}

/// What the judgement needs of an item.
struct Item<'a> {
    container: Option<&'a str>,
    cause: &'a str,
    confidence: &'a str,
    severity: &'a str,
    is_current: bool,
}

impl<'a> Item<'a> {
    fn read(value: &'a Value) -> Result<Item<'a>> {
        let container = value.get("subject")?.find("container").unwrap_or(&Value::Null);
        Ok(Item {
            container: container.text_or_null()?,
            cause: value.get("cause")?.text()?,
            confidence: value.get("confidence")?.text()?,
            severity: value.get("severity")?.text()?,
            is_current: *value.get("incident")?.get("current")? == Value::Bool(true),
        })
    }
}

/// Judges an answer; the text says what was answered.
fn judge(label: &Label<'_>, answer: &Value, is_part: bool) -> Result<(Outcome, String)> {
    let items = answer.find("items").map_or(Ok(&[][..]), Value::list)?;
    let items = items.iter().map(Item::read).collect::<Result<Vec<_>>>()?;
    if label.cause == "healthy" {
        let alarm = items.iter().find(|i| i.severity != "info" && i.is_current);
        return Ok(alarm.map_or((Outcome::Right, String::new()), |i| (Outcome::Wrong, i.cause.to_owned())));
    }
    let mut mine: Vec<&Item<'_>> =
        items.iter().filter(|i| i.container.is_none() || i.container == label.container).collect();
    if mine.is_empty() {
        mine = items.iter().collect();
    }
    let is_good = |cause: &str| cause == label.cause || label.accept.contains(&cause);
    let is_allowed_in_part = |cause: &str| WAITING.contains(&cause) || label.partial.contains(&cause);
    let is_fair = |cause: &str| GENERIC.contains(&cause) || (is_part && is_allowed_in_part(cause));
    let is_forbidden = |cause: &str| {
        label.never.iter().any(|n| cause.starts_with(n) && !(is_part && label.partial.contains(n)))
    };
    let sure: Vec<&Item<'_>> = mine.iter().copied().filter(|i| i.confidence != "unknown").collect();
    for item in &sure {
        if is_forbidden(item.cause) {
            return Ok((Outcome::Wrong, format!("{} (forbidden)", item.cause)));
        }
        let is_refined = label.is_unknowable && !is_good(item.cause) && !is_fair(item.cause);
        if NEVER_SURE.contains(&item.cause) || is_refined {
            return Ok((Outcome::Wrong, format!("{} said to be {}", item.cause, item.confidence)));
        }
    }
    let is_quiet = QUIET.iter().any(|cause| is_good(cause));
    if mine.is_empty() {
        let outcome = if is_quiet { Outcome::Right } else { Outcome::Missed };
        return Ok((outcome, "nothing".to_owned()));
    }
    let causes =
        mine.iter().map(|i| i.cause).collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(",");
    let is_other = |i: &&&Item<'_>| i.severity != "info" && !is_good(i.cause) && !is_fair(i.cause);
    let others: Vec<&str> = sure.iter().filter(is_other).map(|i| i.cause).collect();
    let is_right =
        mine.iter().any(|i| is_good(i.cause)) || (is_quiet && mine.iter().all(|i| i.severity == "info"));
    Ok(match (is_right, others.first()) {
        (true, None) => (Outcome::Right, causes),
        (true, Some(_)) => (Outcome::Noise, others.join(",")),
        (false, None) => (Outcome::Generic, causes),
        (false, Some(first)) => (Outcome::Wrong, (*first).to_owned()),
    })
}

/// Right answers of each family of the labels' causes.
fn print_families(rows: &[Row]) -> Result<()> {
    let mut families: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for row in rows {
        let file = root().join("crates/exitus-reference/causes").join(format!("{}.md", row.want));
        let text = read(&file)?;
        let family = text.lines().find_map(|l| l.strip_prefix("family = \"")?.strip_suffix('"'));
        let (right, all) = families.entry(family.unwrap_or("?").to_owned()).or_default();
        *right += usize::from(row.outcome.is_right());
        *all += 1;
    }
    let told = families.iter().map(|(family, (right, all))| format!("{family} {right}/{all}"));
    println!("by family: {}", told.collect::<Vec<_>>().join(", "));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label(text: &str) -> Value {
        json::parse(text).expect("a label")
    }

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
        let answer = json::parse(&format!(r#"{{"items": [{items}]}}"#)).expect("an answer");
        judge(&Label::read(&label(label_text)).expect("a label"), &answer, is_part).expect("a judgement").0
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

    #[test]
    fn options_are_read_in_any_order() {
        let expected = Options { only: Some("pods.json"), is_verbose: true };
        assert_eq!(Options::parse(&["-v", "--only", "pods.json"]).expect("options"), expected);
        assert!(Options::parse(&["--only"]).is_err());
    }
}
