//! Every gate of the project, in order, each with its outcome.

use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Result, bail};

use crate::score::Options;
use crate::workspace::cargo;
use crate::{bench, generate, readme, score};

/// Whether the tests are part of the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tests {
    /// They are run.
    Run,
    /// The caller has just run them.
    AlreadyRun,
}

/// A gate: its name and what it runs.
type Gate = (&'static str, fn() -> Result<Outcome>);

enum Outcome {
    Passed,
    Skipped(&'static str),
}

const TEST_GATES: [Gate; 2] = [
    ("build", || run(cargo().args(["build", "--workspace"]))),
    ("test", || run(cargo().args(["test", "--workspace", "--quiet"]))),
];

const GATES: [Gate; 11] = [
    ("format", || run(cargo().args(["fmt", "--all", "--check"]))),
    ("clippy", || {
        run(cargo().args(["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"]))
    }),
    ("doc", || {
        run(cargo().args(["doc", "--workspace", "--no-deps", "--quiet"]).env("RUSTDOCFLAGS", "-D warnings"))
    }),
    ("release build", || run(cargo().args(["build", "--release", "--quiet"]))),
    ("score", || scored(None)),
    ("score, pods.json", || scored(Some("pods.json"))),
    ("score, watch.jsonl", || scored(Some("watch.jsonl"))),
    ("readme", || readme::check().map(|()| Outcome::Passed)),
    ("generated files", || generate::check().map(|()| Outcome::Passed)),
    ("instructions", counted),
    ("deny", deny),
];

/// Runs all gates, also past one that fails, and sums up.
pub(crate) fn run_all(tests: Tests) -> Result<()> {
    let first: &[Gate] = if tests == Tests::Run { &TEST_GATES } else { &[] };
    let mut summary = Vec::new();
    let mut failed = 0;
    for (name, gate) in first.iter().chain(&GATES) {
        println!("== {name}");
        let begin = Instant::now();
        let outcome = match gate() {
            Ok(Outcome::Passed) => "ok".to_owned(),
            Ok(Outcome::Skipped(why)) => format!("skipped: {why}"),
            Err(error) => {
                failed += 1;
                format!("FAILED: {error:#}")
            }
        };
        println!("== {name}: {outcome}\n");
        summary.push(format!("{name:<20} {:>5} s  {outcome}", begin.elapsed().as_secs()));
    }
    println!("{}", summary.join("\n"));
    if failed > 0 {
        bail!("{failed} of {} gates failed", summary.len());
    }
    Ok(())
}

fn run(command: &mut Command) -> Result<Outcome> {
    let status = command.status()?;
    if !status.success() {
        bail!("{status}");
    }
    Ok(Outcome::Passed)
}

fn scored(only: Option<&str>) -> Result<Outcome> {
    score::run(&Options { only, is_verbose: false }).map(|()| Outcome::Passed)
}

fn counted() -> Result<Outcome> {
    if !bench::is_valgrind_there() {
        return Ok(Outcome::Skipped(bench::NO_VALGRIND));
    }
    bench::check().map(|()| Outcome::Passed)
}

/// Licences, bans and sources. Advisories need a database from the network and are looked up by hand.
fn deny() -> Result<Outcome> {
    let version = cargo().args(["deny", "--version"]).stdout(Stdio::null()).stderr(Stdio::null()).status();
    if !version.is_ok_and(|status| status.success()) {
        return Ok(Outcome::Skipped("cargo-deny is not installed (cargo install --locked cargo-deny)"));
    }
    run(cargo().args(["deny", "--all-features", "check", "bans", "licenses", "sources"]))
}
