//! The score: answers about the captures, judged against their labels.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};
use exitus_testkit::score::{Item, Label, Outcome, holds_evidence, judge};
use serde::Deserialize;

use crate::workspace::{self, read, root};

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
        let label: Label = serde_json::from_str(&read(&file)?).with_context(|| file.display().to_string())?;
        let (outcome, got) = answer(binary, &evidence)
            .map(|answer| judge(&label, &answer.items, only.is_some()))
            .unwrap_or_else(|error| (Outcome::Broken, format!("{error:#}")));
        rows.push(Row { outcome, id: label.id, want: label.cause, got });
    }
    Ok(rows)
}

/// What is read of an answer.
#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    items: Vec<Item>,
}

fn answer(binary: &Path, evidence: &Path) -> Result<Answer> {
    let output = Command::new(binary).arg("why").arg("-f").arg(evidence).args(["-o", "json"]).output()?;
    let text = String::from_utf8(output.stdout).context("the answer is no UTF-8")?;
    serde_json::from_str(&text).with_context(|| {
        format!("{}: {}", output.status, String::from_utf8_lossy(&output.stderr).trim().replace('\n', " "))
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

    #[test]
    fn options_are_read_in_any_order() {
        let expected = Options { only: Some("pods.json"), is_verbose: true };
        assert_eq!(Options::parse(&["-v", "--only", "pods.json"]).expect("options"), expected);
        assert!(Options::parse(&["--only"]).is_err());
    }
}
