//! Runs the binary, and hands out the captures with what it says about them.

use std::ffi::OsStr;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::LazyLock;
use std::{fs, panic, thread};

use serde_json::Value;

/// The workspace: every command runs here, so that paths in answers are short and the same everywhere.
pub(crate) const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// What of a capture is given: all of it, or one file alone.
pub(crate) const PARTS: [&str; 4] = ["", "pods.json", "watch.jsonl", "events.json"];

/// What the surroundings of a test may set and a command would heed.
const VARIABLES: [&str; 7] =
    ["LC_ALL", "LC_MESSAGES", "LANG", "NO_COLOR", "CLICOLOR_FORCE", "COLUMNS", "TERM"];

/// How a command ended.
pub(crate) struct Outcome {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Outcome {
    /// The answer of `-o json`.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|e| panic!("no JSON ({e}), status {}: {}", self.status, self.stderr))
    }

    /// Holds the command to its end: a status, and the words on standard error, such as `error: no evidence`.
    #[track_caller]
    pub(crate) fn expect_error(&self, words: &[&str]) {
        assert_eq!(self.status, 2, "{}", self.stdout);
        assert_eq!(self.stdout, "");
        for word in words {
            assert!(self.stderr.contains(word), "{word:?} is not in: {}", self.stderr);
        }
    }
}

/// Runs the binary.
#[track_caller]
pub(crate) fn exitus<A: AsRef<OsStr>>(args: impl IntoIterator<Item = A>) -> Outcome {
    exitus_in(&[], b"", args)
}

/// Runs the binary with variables set and something on standard input.
///
/// Whatever the input: it ends with a status of its own, prints UTF-8, and a panic never shows.
#[track_caller]
pub(crate) fn exitus_in<A: AsRef<OsStr>>(
    variables: &[(&str, &str)],
    stdin: &[u8],
    args: impl IntoIterator<Item = A>,
) -> Outcome {
    let mut command = command(variables);
    command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the binary starts");
    // A command that does not read closes the pipe: no fault.
    let _ = child.stdin.take().expect("a pipe").write_all(stdin);
    let output = child.wait_with_output().expect("the binary ends");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    let status = output.status.code().expect("no signal ended it");
    let outcome = Outcome { status, stdout: text(output.stdout), stderr: text(output.stderr) };
    assert!((0..=3).contains(&status), "{command:?}: status {status}: {}", outcome.stderr);
    assert!(status == 2 || outcome.stderr.is_empty(), "{command:?}: {}", outcome.stderr);
    // The dictionary speaks of panics too, so on standard output only the runtime's own hint counts.
    assert!(!outcome.stderr.contains("panicked at"), "{command:?}: {}", outcome.stderr);
    assert!(!outcome.stdout.contains("note: run with `RUST_BACKTRACE"), "{command:?}: {}", outcome.stdout);
    outcome
}

/// The binary at the workspace's root, free of the surroundings of the test, 80 columns wide.
pub(crate) fn command(variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_exitus"));
    command.current_dir(ROOT);
    for name in VARIABLES {
        command.env_remove(name);
    }
    command.env("COLUMNS", "80").envs(variables.iter().copied());
    command
}

/// `exitus why --all -o json` on some paths.
#[track_caller]
pub(crate) fn why(paths: &[String]) -> Value {
    exitus(why_args(paths).iter().map(String::as_str).chain(["--all", "-o", "json"])).json()
}

/// `why` with each path behind its `-f`.
pub(crate) fn why_args(paths: &[String]) -> Vec<String> {
    let files = paths.iter().flat_map(|path| ["-f".to_owned(), path.clone()]);
    ["why".to_owned()].into_iter().chain(files).collect()
}

/// A folder of `fixtures/zoo`: what was saved of one failure on a real node, and the truth about it.
pub(crate) struct Capture {
    pub(crate) name: String,
    pub(crate) label: Value,
}

impl Capture {
    /// The folder, or one file of it.
    pub(crate) fn path(&self, part: &str) -> String {
        format!("fixtures/zoo/{}/{part}", self.name).trim_end_matches('/').to_owned()
    }
}

/// Every capture, by name.
pub(crate) static CAPTURES: LazyLock<Vec<Capture>> = LazyLock::new(|| {
    let read = |entry: fs::DirEntry| {
        let label = read_json(&entry.path().join("label.json"));
        Capture { name: entry.file_name().into_string().expect("UTF-8"), label }
    };
    let zoo = fs::read_dir(Path::new(ROOT).join("fixtures/zoo")).expect("the fixtures");
    let mut captures: Vec<Capture> = zoo.map(|entry| read(entry.expect("an entry"))).collect();
    captures.sort_by(|a, b| a.name.cmp(&b.name));
    assert!(captures.len() >= 85, "{} captures", captures.len());
    captures
});

/// What the binary says about a part of a capture, with `--all`.
pub(crate) struct Answer {
    pub(crate) capture: &'static Capture,
    pub(crate) part: &'static str,
    pub(crate) document: Value,
}

/// The answer to every part of every capture, asked for once.
pub(crate) static ANSWERS: LazyLock<Vec<Answer>> = LazyLock::new(|| {
    let ask = |(capture, part): &(&'static Capture, &'static str)| {
        let (capture, part) = (*capture, *part);
        Answer { capture, part, document: why(&[capture.path(part)]) }
    };
    let questions: Vec<_> = CAPTURES.iter().flat_map(|c| PARTS.map(|part| (c, part))).collect();
    in_parallel(&questions, ask)
});

/// The same part of all captures.
pub(crate) fn all_paths(part: &str) -> Vec<String> {
    CAPTURES.iter().map(|capture| capture.path(part)).collect()
}

/// A file of the workspace or of a temporary folder.
pub(crate) fn read_json(path: &Path) -> Value {
    let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The elements of an array; none of anything else.
pub(crate) fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

/// A text; empty where there is none.
pub(crate) fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_default()
}

/// Works on all jobs, as many at a time as there are processors; the results stand in the order of the jobs.
pub(crate) fn in_parallel<J: Sync, R: Send>(jobs: &[J], work: impl Fn(&J) -> R + Sync) -> Vec<R> {
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let work = &work;
    thread::scope(|scope| {
        let chunk = jobs.len().div_ceil(workers).max(1);
        let workers: Vec<_> = jobs
            .chunks(chunk)
            .map(|jobs| scope.spawn(move || jobs.iter().map(work).collect::<Vec<R>>()))
            .collect();
        workers.into_iter().flat_map(|w| w.join().unwrap_or_else(|e| panic::resume_unwind(e))).collect()
    })
}

/// Fails with every complaint, the first of them in full.
#[track_caller]
pub(crate) fn expect_none(complaints: &[String]) {
    let shown: Vec<&str> = complaints.iter().take(40).map(String::as_str).collect();
    assert!(complaints.is_empty(), "{} complaints:\n{}", complaints.len(), shown.join("\n"));
}
