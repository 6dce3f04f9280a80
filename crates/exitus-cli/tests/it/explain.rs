//! The dictionary from the outside: its forms, its statuses, and what this machine itself says of codes and signals.

use std::os::unix::process::ExitStatusExt as _;
use std::process::Command;

use serde_json::Value;

use crate::harness::{exitus, exitus_in};

/// What `sh -c` ends with, as a runtime would write it: 128 + n for a signal.
fn shell(script: &str) -> i64 {
    let status = Command::new("sh")
        .args(["-c", script])
        .stderr(std::process::Stdio::null())
        .status()
        .expect("a shell");
    i64::from(status.code().unwrap_or_else(|| 128 + status.signal().expect("a signal ended it")))
}

fn entries(args: &[&str]) -> Vec<Value> {
    let answers = exitus(["explain", "-o", "json"].iter().chain(args)).json();
    answers
        .as_array()
        .expect("answers")
        .iter()
        .flat_map(|a| a["entries"].as_array().expect("entries").clone())
        .collect()
}

/// What the child of the test below ends with.
const EXIT_WITH: &str = "EXITUS_TEST_EXIT_WITH";

#[test]
#[ignore = "ends its process; the next test runs it"]
fn a_process_that_exits() {
    if let Ok(code) = std::env::var(EXIT_WITH) {
        std::process::exit(code.parse().expect("a number"));
    }
}

#[test]
fn conversions_are_what_the_kernel_makes_of_them() {
    for given in [0, 1, 42, 255, 256, 257, 300, 1443, -1, -2, -255, -256, -1000] {
        let status = Command::new(std::env::current_exe().expect("this program"))
            .args(["--ignored", "--exact", "explain::a_process_that_exits"])
            .env(EXIT_WITH, given.to_string())
            .stdout(std::process::Stdio::null())
            .status()
            .expect("itself");
        assert_eq!(
            entries(&[&given.to_string()])[0]["code"],
            status.code().expect("a code"),
            "exit({given})"
        );
    }
}

/// Signals that this process ignores, and its children with it (as under `nohup`), by bit.
fn ignored_signals() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("a status");
    let mask = status.lines().find_map(|l| l.strip_prefix("SigIgn:")).expect("a mask");
    u64::from_str_radix(mask.trim(), 16).expect("hexadecimal")
}

#[test]
fn signals_end_processes_as_the_table_says() {
    let ignored = ignored_signals();
    for number in [1, 2, 3, 6, 9, 13, 14, 15, 24, 25] {
        if ignored & (1 << (number - 1)) != 0 {
            continue;
        }
        let entry = &entries(&["signal", &number.to_string()])[0];
        let status = Command::new("sh")
            .args(["-c", &format!("ulimit -c 0; kill -{number} $$")])
            .status()
            .expect("a shell");
        assert_eq!(status.signal(), Some(number), "{}", entry["name"]);
        assert_eq!(entry["exitCode"], 128 + number);
        let listed = Command::new("sh").args(["-c", &format!("kill -l {number}")]).output().expect("a shell");
        let name = String::from_utf8(listed.stdout).expect("a name");
        assert_eq!(
            entry["name"].as_str().expect("a name").trim_start_matches("SIG"),
            name.trim().trim_start_matches("SIG")
        );
    }
}

#[test]
fn shells_answer_126_and_127_as_the_pages_say() {
    assert_eq!(shell("/nonexistent/program"), 127);
    assert_eq!(shell("/etc/passwd"), 126);
    for (code, cause) in [("127", "command-not-found"), ("126", "command-not-executable")] {
        let causes = entries(&[code])[0]["causes"].to_string();
        assert!(causes.contains(cause), "{code}: {causes}");
    }
}

#[test]
fn every_form_says_the_same_of_137() {
    for lang in ["en", "zh"] {
        for form in
            [&["-o", "human"][..], &["-o", "json"], &["-o", "yaml"], &["-o", "markdown"], &["--short"]]
        {
            let answer = exitus(["explain", "137", "--lang", lang].iter().chain(form));
            assert_eq!(answer.status, 0);
            assert!(answer.stdout.contains("137"), "{lang} {form:?}: {}", answer.stdout);
        }
    }
    assert_eq!(exitus(["explain", "137", "--short"]).stdout.lines().count(), 1);
}

#[test]
fn several_words_are_answered_in_order() {
    let short = exitus(["explain", "--short", "1", "SIGTERM", "OOMKilled", "node-lost"]).stdout;
    let firsts: Vec<&str> = short.lines().filter_map(|l| l.split(':').next()).collect();
    assert_eq!(firsts, ["1", "SIGTERM", "OOMKilled", "node-lost"]);
}

#[test]
fn an_unknown_word_is_said_to_be_unknown() {
    let answer = exitus(["explain", "CrashLop", "137", "--short"]);
    assert_eq!(answer.status, 2);
    assert!(answer.stdout.starts_with("137: "), "what is known is answered: {}", answer.stdout);
    assert!(answer.stderr.contains("CrashLoopBackOff"), "{}", answer.stderr);
    exitus(["explain", "flurble"]).expect_error(&["flurble", "--list reasons"]);
}

#[test]
fn a_pasted_line_is_taken_apart() {
    let rows = [
        ("exec /app: exec format error", "entrypoint-wrong-format"),
        (
            "OCI runtime create failed: runc create failed: unable to start container process: exec: \"x\": executable file not found in $PATH",
            "entrypoint-not-found",
        ),
        ("OCI runtime create failed: …", "runtime-start-error"),
        ("0/3 nodes are available: 3 Insufficient cpu.", "unschedulable-resources"),
        ("Failed to pull image \"x\": 429 Too Many Requests", "image-pull-rate-limited"),
    ];
    for (line, cause) in rows {
        assert_eq!(entries(&[line])[0]["id"], cause, "{line}");
    }
    let pasted = exitus(["explain", "Exit Code: 137 Reason: Error", "-o", "json"]).json();
    assert!(pasted[0]["together"].as_str().is_some_and(|t| t.starts_with("`Error`")), "{pasted}");
    let backoff = entries(&["Back-off restarting failed container"]);
    assert!(backoff.iter().any(|e| e["name"] == "BackOff" || e["name"] == "CrashLoopBackOff"), "{backoff:?}");
}

#[test]
fn screens_fit_their_width_in_both_languages() {
    let is_command = |line: &str| {
        [
            "kubectl ",
            "ssh ",
            "dmesg ",
            "journalctl ",
            "crane ",
            "docker ",
            "crictl ",
            "exitus ",
            "podman ",
            "cosign ",
        ]
        .iter()
        .any(|c| line.trim_start().starts_with(c))
    };
    for lang in ["en", "zh"] {
        for word in [
            "137",
            "139",
            "255",
            "CrashLoopBackOff",
            "Evicted",
            "SIGTERM",
            "3221225477",
            "out-of-memory-child",
        ] {
            let screen = exitus_in(&[("COLUMNS", "80")], b"", ["explain", word, "--lang", lang]).stdout;
            for line in screen.lines().filter(|l| !is_command(l) && !l.contains("jsonpath")) {
                let cells = unicode_width::UnicodeWidthStr::width(line);
                assert!(cells <= 80, "{lang} {word}: {cells}: {line}");
            }
        }
    }
}

#[test]
fn lists_hold_every_entry() {
    let lines = |part: &str| exitus(["explain", "--list", part]).stdout.lines().count();
    assert_eq!(lines("codes"), 256);
    assert_eq!(lines("signals"), 64);
    assert!(lines("reasons") > 150);
    assert!(lines("causes") > 130);
    for lang in ["en", "zh"] {
        let json = exitus(["explain", "--list", "codes", "-o", "json", "--lang", lang]).json();
        assert_eq!(json.as_array().map(Vec::len), Some(256));
    }
}

#[test]
fn shells_and_kubectl_can_complete() {
    for shell in ["bash", "zsh", "fish", "powershell"] {
        let script = exitus(["completions", shell]).stdout;
        assert!(script.contains("explain") && script.contains("RunContainerError"), "{shell}");
    }
    assert!(exitus(["completions", "kubectl"]).stdout.contains("exitus __complete --"));
    let words = exitus(["__complete", "--", "explain", "RunC"]).stdout;
    assert!(words.lines().any(|l| l == "RunContainerError") && words.ends_with(":4\n"), "{words}");
    let commands = exitus(["__complete", "--", ""]).stdout;
    assert!(commands.lines().any(|l| l.starts_with("why\t")), "{commands}");
}

#[test]
fn manual_pages_are_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().to_string_lossy().into_owned();
    exitus(["man", path.as_str()]);
    for page in ["exitus.1", "exitus-why.1", "exitus-explain.1"] {
        let text = std::fs::read_to_string(folder.path().join(page)).expect("a page");
        assert!(text.contains(".TH"), "{page}");
    }
}
