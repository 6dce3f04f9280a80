//! The output that README.md shows is the output of the program.
//!
//! A block `console` that begins with `$ exitus …` holds what that command prints in `fixtures/zoo`.

use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use crate::workspace::{self, read, root, write};

const FILE: &str = "README.md";
const OPENING: &str = "```console\n$ exitus ";
const CLOSING: &str = "```\n";

/// Fails where the file shows something else.
pub(crate) fn check() -> Result<()> {
    let text = read(&root().join(FILE))?;
    ensure!(with_output(&text)? == text, "{FILE} shows old output: run `cargo xtask readme --write`");
    println!("{FILE} shows what the program prints");
    Ok(())
}

/// Writes the present output into the file.
pub(crate) fn write_output() -> Result<()> {
    let path = root().join(FILE);
    let text = read(&path)?;
    write(&path, &with_output(&text)?)
}

fn with_output(text: &str) -> Result<String> {
    let mut written = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(OPENING) {
        let (before, block) = rest.split_at(start + OPENING.len());
        let (command, body) = block.split_once('\n').context("a block without an end")?;
        let end =
            body.find(CLOSING).with_context(|| format!("the block of `exitus {command}` has no end"))?;
        written.push_str(before);
        written.push_str(command);
        written.push('\n');
        written.push_str(&output(command)?);
        rest = &body[end..];
    }
    written.push_str(rest);
    Ok(written)
}

fn output(command: &str) -> Result<String> {
    let output = Command::new(workspace::release_binary()?)
        .args(command.split_whitespace())
        .current_dir(root().join("fixtures/zoo"))
        .env_remove("LC_ALL")
        .env("LANG", "C")
        .env("COLUMNS", "80")
        .output()?;
    ensure!(output.stderr.is_empty(), "`exitus {command}`: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).context("the output is no UTF-8")
}
