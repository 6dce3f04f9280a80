//! Automation of the workspace: `cargo xtask COMMAND`.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a tool for a terminal")]

mod bench;
#[cfg(test)]
mod border;
mod ci;
mod generate;
mod new_cause;
mod readme;
mod score;
mod workspace;

use std::env;
use std::process::ExitCode;

use anyhow::{Result, bail};

const USAGE: &str = "\
Usage: cargo xtask COMMAND

  new-cause NAME --family FAMILY   lay out the files of a new cause
  score [--only FILE] [-v]         judge the answers about fixtures/zoo against their labels
  bench [--write]                  count instructions and compare with benches/budget.toml
  readme [--write]                 compare the output that README.md shows with the program's
  generate [--check]               write docs/reference, docs/man and completions
  ci [--after-tests]               every gate, in order; --after-tests leaves out build and tests
";

fn main() -> ExitCode {
    let args: Vec<String> = env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match run(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &[&str]) -> Result<()> {
    match args {
        ["new-cause", name, "--family", family] | ["new-cause", "--family", family, name] => {
            new_cause::run(name, family)
        }
        ["score", options @ ..] => score::run(&score::Options::parse(options)?),
        ["bench"] => bench::check(),
        ["bench", "--write"] => bench::write_budgets(),
        ["readme"] => readme::check(),
        ["readme", "--write"] => readme::write_output(),
        ["generate"] => generate::write_files(),
        ["generate", "--check"] => generate::check(),
        ["ci"] => ci::run_all(ci::Tests::Run),
        ["ci", "--after-tests"] => ci::run_all(ci::Tests::AlreadyRun),
        [] | ["--help" | "-h" | "help"] => {
            print!("{USAGE}");
            Ok(())
        }
        _ => bail!("no such command: {}\n\n{USAGE}", args.join(" ")),
    }
}
