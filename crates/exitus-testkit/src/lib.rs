//! Literate cases, and the [`score`] of answers.
//!
//! Literate cases are Markdown files that hold what a user would have and the verdict that is expected.
//!
//! A case is a section `## name` with fenced blocks. The info string of a block is `<language> <path>`: the block is
//! given to the reader as a file of that path. The block `expect` lists every item of the report, one a line:
//! `NAMESPACE/POD CONTAINER CAUSE CONFIDENCE`, with ` past` behind it where the item is not the present state.

pub mod score;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{fs, io};

use exitus_ingest::Reader;
use exitus_model::{Diagnosis, Problem, Report, Snapshot};

/// One case of a file.
#[derive(Debug, Clone)]
pub struct Case {
    /// The file.
    pub file: PathBuf,
    /// The section's heading.
    pub name: String,
    /// Path and content of each input block.
    pub inputs: Vec<(String, String)>,
    /// The lines of the `expect` block, sorted.
    pub expected: Vec<String>,
}

impl Case {
    /// Whether the heading says that it looks like another cause's case and is not one.
    pub fn is_near_miss(&self) -> bool {
        self.name.starts_with("near miss")
    }

    /// Reads the inputs.
    pub fn snapshot(&self) -> (Snapshot, Vec<Problem>) {
        let mut reader = Reader::new();
        for (path, content) in &self.inputs {
            reader.read(path, content.as_bytes());
        }
        reader.finish()
    }
}

/// All cases of all Markdown files below a folder, in the order of their paths.
///
/// # Errors
///
/// When a file cannot be read or is no set of cases.
pub fn cases(folder: &Path) -> io::Result<Vec<Case>> {
    let mut files = Vec::new();
    collect(folder, &mut files)?;
    files.sort();
    let mut cases = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file)?;
        cases.extend(
            parse(&file, &text).map_err(|why| io::Error::other(format!("{}: {why}", file.display())))?,
        );
    }
    Ok(cases)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|e| e == "md") {
            files.push(path);
        }
    }
    Ok(())
}

fn parse(file: &Path, text: &str) -> Result<Vec<Case>, String> {
    let mut cases: Vec<Case> = Vec::new();
    let mut has_expectation = true;
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(name) = line.strip_prefix("## ") {
            if !has_expectation {
                return Err(format!(
                    "`{}` expects nothing: add a block `expect`",
                    cases.last().map_or("", |c| &c.name)
                ));
            }
            has_expectation = false;
            cases.push(Case {
                file: file.to_owned(),
                name: name.to_owned(),
                inputs: Vec::new(),
                expected: Vec::new(),
            });
        } else if let Some(info) = line.strip_prefix("```").filter(|i| !i.is_empty()) {
            let mut body = String::new();
            for inner in lines.by_ref().take_while(|l| *l != "```") {
                body.push_str(inner);
                body.push('\n');
            }
            let Some(case) = cases.last_mut() else { continue };
            if info == "expect" {
                case.expected = body.lines().map(str::to_owned).filter(|l| !l.is_empty()).collect();
                case.expected.sort();
                has_expectation = true;
            } else if let Some((_, path)) = info.split_once(' ') {
                case.inputs.push((path.to_owned(), body));
            } else {
                return Err(format!("a block `{info}` without a path in `{}`", case.name));
            }
        }
    }
    if has_expectation { Ok(cases) } else { Err("the last case expects nothing".to_owned()) }
}

/// A report in the form of an `expect` block, sorted.
pub fn summary(report: &Report) -> Vec<String> {
    let mut lines: Vec<String> =
        report.items.iter().filter(|i| i.cause.as_str() != "healthy").map(line).collect();
    lines.sort();
    lines
}

fn line(item: &Diagnosis) -> String {
    let subject = &item.subject;
    let namespace = subject.namespace.as_deref().unwrap_or("?");
    let mut line = match (&subject.pod, &subject.workload, &subject.node) {
        (Some(pod), _, _) => format!("{namespace}/{pod}"),
        (None, Some((kind, name)), _) => format!("{namespace}/{}/{name}", kind.to_lowercase()),
        (None, None, Some(node)) => format!("node/{node}"),
        (None, None, None) => "?".to_owned(),
    };
    let container = subject.container.as_deref().unwrap_or("-");
    let past = if item.incident.is_current { "" } else { " past" };
    let _ = write!(line, " {container} {} {}{past}", item.cause, item.confidence.as_str());
    line
}

/// Writes the actual lines into the `expect` block of a case.
///
/// # Errors
///
/// When the file cannot be read or written.
pub fn bless(case: &Case, actual: &[String]) -> io::Result<()> {
    let text = fs::read_to_string(&case.file)?;
    let heading = format!("## {}\n", case.name);
    let start = text.find(&heading).ok_or_else(|| io::Error::other("the section is gone"))?;
    let fence = "```expect\n";
    let block =
        text[start..].find(fence).ok_or_else(|| io::Error::other("the block is gone"))? + start + fence.len();
    let end = text[block..].find("```").ok_or_else(|| io::Error::other("the block has no end"))? + block;
    let mut body = actual.join("\n");
    if !body.is_empty() {
        body.push('\n');
    }
    fs::write(&case.file, format!("{}{body}{}", &text[..block], &text[end..]))
}

/// Copies a folder, for tests that change files.
///
/// # Errors
///
/// When a file cannot be read or written.
pub fn copy_folder(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
