//! Instruction counts of whole processes, by callgrind: they hardly differ from run to run, on a busy machine too.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};

use crate::workspace::{self, read, root, write};

/// The file of budgets: command lines and their instructions.
const BUDGETS: &str = "benches/budget.toml";

/// What the product promises of whole processes; no budget lifts these.
const LIMITS: [(&str, u64); 2] =
    [("explain 137", 1_500_000), ("why -f fixtures/zoo/app-node-module", 50_000_000)];

/// What a count may be above its budget, in percent: compilers and C libraries differ.
const TOLERANCE: u64 = 10;

/// Why nothing is counted.
pub(crate) const NO_VALGRIND: &str = "valgrind is not installed (apt-get install valgrind)";

/// Counts, and fails where a command is above its budget.
pub(crate) fn check() -> Result<()> {
    ensure!(is_valgrind_there(), NO_VALGRIND);
    let mut is_within = true;
    for (command, budget) in budgets()? {
        let counted = count(&command)?;
        let percent = 100.0 * counted as f64 / budget as f64;
        println!("{counted:>12} instructions, {percent:.1} % of {budget}: exitus {command}");
        is_within &= counted * 100 <= budget * (100 + TOLERANCE);
        let limit = LIMITS.iter().find(|(of, _)| *of == command).map_or(u64::MAX, |(_, limit)| *limit);
        ensure!(counted <= limit, "exitus {command} may never take more than {limit} instructions");
    }
    ensure!(
        is_within,
        "more than {TOLERANCE} % above budget: make it cheaper, or say in the change why it must cost more \
         and run `cargo xtask bench --write`"
    );
    Ok(())
}

/// Counts, and makes the counts the budgets.
pub(crate) fn write_budgets() -> Result<()> {
    ensure!(is_valgrind_there(), NO_VALGRIND);
    let path = root().join(BUDGETS);
    let mut text = String::new();
    for line in read(&path)?.lines() {
        match budget(line)? {
            Some((command, _)) => {
                let counted = count(command)?;
                println!("{counted:>12} instructions: exitus {command}");
                writeln!(text, "\"{command}\" = {counted}")?;
            }
            None => writeln!(text, "{line}")?,
        }
    }
    write(&path, &text)
}

fn budgets() -> Result<BTreeMap<String, u64>> {
    let text = read(&root().join(BUDGETS))?;
    let lines = text.lines().map(budget).collect::<Result<Vec<_>>>()?;
    Ok(lines.into_iter().flatten().map(|(command, number)| (command.to_owned(), number)).collect())
}

/// Reads a line `"COMMAND LINE" = NUMBER`; any other line of the file is a comment, a heading or blank.
fn budget(line: &str) -> Result<Option<(&str, u64)>> {
    let Some((command, number)) = line.strip_prefix('"').and_then(|l| l.split_once("\" = ")) else {
        return Ok(None);
    };
    let number =
        number.replace('_', "").parse().with_context(|| format!("no number in {BUDGETS}: {line}"))?;
    Ok(Some((command, number)))
}

/// Whether instructions can be counted here.
pub(crate) fn is_valgrind_there() -> bool {
    let version =
        Command::new("valgrind").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    version.is_ok_and(|status| status.success())
}

/// Instructions of `exitus COMMAND`, in an environment that is always the same.
fn count(command: &str) -> Result<u64> {
    let binary = workspace::release_binary()?;
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(binary)
        .args(command.split_whitespace())
        .current_dir(root())
        .env_remove("LC_ALL")
        .env("LANG", "C")
        .env("COLUMNS", "80")
        .output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    collected(&said).with_context(|| format!("valgrind counted nothing for `exitus {command}`:\n{said}"))
}

/// The total of callgrind's last line, `==PID== Collected : N`.
fn collected(said: &str) -> Option<u64> {
    said.lines().rev().find_map(|l| l.split_once("Collected : ")?.1.trim().parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_total_of_callgrind_is_found() {
        let said = "==9== Events    : Ir\n==9== Collected : 538325\n==9== \n==9== I   refs:      538,325\n";
        assert_eq!(collected(said), Some(538_325));
        assert_eq!(collected("valgrind: no such file"), None);
    }

    #[test]
    fn budgets_are_quoted_command_lines() {
        assert_eq!(budget("\"why -f x\" = 1_000").expect("a budget"), Some(("why -f x", 1000)));
        assert_eq!(budget("# \"why\" = 1").expect("a comment"), None);
        assert!(budget("\"why\" = many").is_err());
    }
}
