//! What the words of a line say about it: a retry, a recovery, an echo, a frame, a banner, an error.

use super::line::{Level, View};

/// Whether the words stand in the text, with no letter or digit before or behind.
fn has_word(lower: &str, word: &str) -> bool {
    let is_letter = |b: Option<&u8>| b.is_some_and(u8::is_ascii_alphanumeric);
    let bytes = lower.as_bytes();
    lower.match_indices(word).any(|(at, _)| {
        let before = at.checked_sub(1).and_then(|i| bytes.get(i));
        !is_letter(before) && !is_letter(bytes.get(at + word.len()))
    })
}

fn has_any_word(lower: &str, words: &[&str]) -> bool {
    words.iter().any(|word| has_word(lower, word))
}

const DENIALS: &[&str] = &[
    "not",
    "no",
    "cannot",
    "can't",
    "couldn't",
    "unable",
    "fail",
    "failed",
    "failure",
    "failing",
    "error",
    "errors",
    "exception",
    "refused",
    "denied",
    "timeout",
    "timed out",
    "never",
    "lost",
    "before",
    "until",
    "waiting",
    "invalid",
    "fatal",
    "missing",
];

/// Whether the line shows that the program works (again): what went wrong above it did not end it.
pub(super) fn is_recovery(view: &View<'_>) -> bool {
    const SIGNS: &[&str] = &[
        "ready",
        "listening",
        "connected",
        "started",
        "serving",
        "recovered",
        "reconnected",
        "resumed",
        "succeeded",
        "accepting connections",
        "ready for connections",
        "up and running",
        "connection established",
        "became leader",
        "successfully connected",
        "connected successfully",
        "acquired lease",
        "successfully acquired lease",
        "booted",
        "ready to accept connections",
        "now available",
    ];
    if view.level.is_some_and(|level| level >= Level::Warn) || view.is_indented() {
        return false;
    }
    let lower = view.text.to_ascii_lowercase();
    let is_survived =
        ["http: panic serving", "panic recovered", "recovered from"].iter().any(|s| lower.contains(s));
    is_survived || is_served_request(&lower) || has_any_word(&lower, SIGNS) && !has_any_word(&lower, DENIALS)
}

/// Access logs: `"GET /healthz HTTP/1.1" 200 2`, `status=200`
fn is_served_request(lower: &str) -> bool {
    let is_http = ["\"get ", "\"post ", "\"put ", "\"head "].iter().any(|method| lower.contains(method));
    is_http && (lower.contains("\" 200 ") || lower.contains("\" 204 ") || lower.contains("\" 304 "))
        || has_word(lower, "status=200")
}

/// Whether the line says that it will be tried again: the failure did not end the program.
pub(super) fn is_retry(view: &View<'_>) -> bool {
    const SIGNS: &[&str] = &[
        "retry",
        "retrying",
        "will retry",
        "retries left",
        "attempt",
        "attempting",
        "trying again",
        "try again",
        "backoff",
        "backing off",
        "reconnecting",
        "reconnect",
        "waiting for",
        "next attempt",
        "sleeping",
    ];
    const ENDS: &[&str] = &[
        "giving up",
        "gave up",
        "give up",
        "exhausted",
        "exceeded",
        "no more",
        "max retries",
        "maximum retries",
        "aborting",
        "exiting",
        "last attempt",
        "all attempts",
        "timed out waiting",
        "timeout occurred",
    ];
    let lower = view.text.to_ascii_lowercase();
    let is_counted_out = has_word(&lower, "after") && has_any_word(&lower, &["attempts", "retries", "tries"]);
    has_any_word(&lower, SIGNS) && !has_any_word(&lower, ENDS) && !is_counted_out
}

/// Whether the line speaks of an orderly end. Only beside an exit code that fits does it mean one.
pub(super) fn is_closing(view: &View<'_>) -> bool {
    const SIGNS: &[&str] = &[
        "shutting down",
        "shutdown",
        "shut down",
        "stopping",
        "stopped",
        "closing",
        "closed",
        "exiting",
        "exited",
        "exit",
        "terminating",
        "terminated",
        "draining",
        "drained",
        "cleaning up",
        "goodbye",
        "bye",
        "finished",
        "quitting",
        "gracefully",
        "stop",
        "aborting",
        "giving up",
        "killing",
        "failure",
        "failed",
    ];
    has_any_word(&view.text.to_ascii_lowercase(), SIGNS)
}

/// Whether a shell (`set -x`) or a script runner only repeats the command that it runs.
pub(super) fn is_echo(view: &View<'_>) -> bool {
    let text = view.text.trim_start();
    let plus = text.trim_start_matches('+');
    plus.len() < text.len() && plus.starts_with(' ') || text.starts_with("$ ") || text.starts_with("> ")
}

/// Whether the line is what a wrapper adds below the end of the program that it ran.
pub(super) fn is_trailer(view: &View<'_>) -> bool {
    const STARTS: &[&str] = &[
        "npm ERR!",
        "npm error",
        "npm notice",
        "npm warn",
        "npm WARN",
        "Node.js v",
        "error Command failed",
        "info Visit https://yarnpkg.com",
        "exit status ",
        "note: run with `RUST_BACKTRACE",
        "note: Some details",
        "make: ***",
        "make[",
        "Aborted",
        "Sentry is attempting",
        "Waiting up to ",
        "Press Ctrl-C to quit",
        "ELIFECYCLE",
        "error: script ",
        "[error occurred during error reporting",
        "command terminated",
    ];
    let text = view.body().trim_start_matches([' ', '\t', '\u{2009}']);
    STARTS.iter().any(|start| text.starts_with(start) || view.text.starts_with(start))
}

/// Whether the line is a frame of a stack, or a part of a dump that only a developer reads.
pub(super) fn is_frame(view: &View<'_>) -> bool {
    let text = view.text.as_ref();
    let bare = text.trim_start();
    let is_indented_frame = view.is_indented()
        && (is_at_frame(bare)
            || bare.starts_with("File \"")
            || bare.starts_with("from ")
            || is_numbered(bare));
    is_indented_frame || is_omission(bare) || is_php_frame(bare) || is_go_frame(text)
}

/// A frame of Java, Node or .NET, without its indent.
pub(super) fn is_at_frame(bare: &str) -> bool {
    bare.strip_prefix("at ").is_some_and(|rest| rest.contains(['(', ':', '<', '.', '/']))
}

/// `... 12 more`, `... 5 common frames omitted`, `--- End of stack trace …`
pub(super) fn is_omission(bare: &str) -> bool {
    bare.strip_prefix("... ").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
        || bare.starts_with("--- End of ")
        || bare.starts_with("[truncated ")
}

/// `#0 /app/db.php(5): connect()`
fn is_php_frame(bare: &str) -> bool {
    bare.strip_prefix('#').is_some_and(|rest| {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        digits > 0 && rest.as_bytes().get(digits) == Some(&b' ')
    })
}

/// `12: core::panicking::panic_fmt`, `1: 0xb090e0 node::Abort()`
fn is_numbered(bare: &str) -> bool {
    let digits = bare.bytes().take_while(u8::is_ascii_digit).count();
    digits > 0 && bare.get(digits..).is_some_and(|rest| rest.starts_with(": "))
}

/// A line of a goroutine dump.
pub(super) fn is_go_frame(text: &str) -> bool {
    let is_header = text.starts_with("goroutine ") && text.contains(" [");
    let is_place = text.starts_with("\t/") && text.contains(".go:")
        || text.starts_with("    /") && text.contains(".go:");
    let is_call = text.ends_with(')')
        && text.find('(').is_some_and(|open| {
            text.get(..open).is_some_and(|name| name.contains('.') && !name.contains(' '))
        });
    is_header
        || is_place
        || is_call
        || text.starts_with("created by ")
        || text.starts_with("...additional frames")
}

/// Whether nothing in the line is worth a quotation: rules, boxes, code carets, and what stands for a log that
/// could not be read.
pub(super) fn is_banner(view: &View<'_>) -> bool {
    const NO_LOG: &[&str] = &[
        "unable to retrieve container logs for ",
        "Error from server (BadRequest): previous terminated container ",
        "failed to try resolving symlinks in path ",
    ];
    if NO_LOG.iter().any(|start| view.text.starts_with(start)) {
        return true;
    }
    let letters = view.text.bytes().filter(|b| b.is_ascii_alphanumeric() || !b.is_ascii()).count();
    letters == 0 || view.text.contains("____") || is_box(&view.text)
}

fn is_box(text: &str) -> bool {
    text.chars().filter(|c| !c.is_whitespace()).all(|c| ('\u{2500}'..='\u{259f}').contains(&c))
}

/// Whether the line looks like an error to a person.
pub(super) fn is_error(view: &View<'_>) -> bool {
    const SIGNS: &[&str] = &[
        "error",
        "errors",
        "err",
        "fail",
        "failed",
        "fails",
        "failure",
        "fatal",
        "exception",
        "panic",
        "panicked",
        "cannot",
        "can't",
        "could not",
        "couldn't",
        "unable",
        "denied",
        "refused",
        "not found",
        "no such",
        "invalid",
        "missing",
        "aborted",
        "aborting",
        "killed",
        "timeout",
        "timed out",
        "unexpected",
        "unknown",
        "unsupported",
        "not set",
        "required",
        "must be",
        "does not exist",
        "not supported",
        "traceback",
        "giving up",
    ];
    match view.level {
        Some(Level::Error | Level::Fatal) => true,
        Some(Level::Debug | Level::Info) => false,
        _ => {
            let lower = view.text.to_ascii_lowercase();
            has_any_word(&lower, SIGNS) || lower.contains("error:") || lower.contains("exception:")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::line::view;
    use super::*;

    #[test]
    fn recovery_is_said_plainly() {
        for line in [
            "server listening on :8080",
            "2026-03-12T10:00:00Z INFO connected to db:5432",
            "Started App in 3.2 seconds",
            "10.0.0.1 - - [12/Mar/2026:10:00:00 +0000] \"GET /healthz HTTP/1.1\" 200 2",
            r#"10.1.2.3 "POST /v1/orders HTTP/1.1" 204 0"#,
        ] {
            assert!(is_recovery(&view(line)), "{line}");
        }
        for line in [
            "ERROR server started with errors",
            "could not get connected",
            "database is not ready",
            "waiting until the server is ready",
            "already in use",
            "    at com.shop.Server.started (Server.java:1)",
            "connection lost before the server was ready",
        ] {
            assert!(!is_recovery(&view(line)), "{line}");
        }
    }

    #[test]
    fn a_retry_that_gave_up_is_none() {
        assert!(is_retry(&view("connection refused, retrying in 5s")));
        assert!(is_retry(&view("attempt 3/10: connection refused")));
        assert!(!is_retry(&view("giving up after 10 attempts: connection refused")));
        assert!(!is_retry(&view("connection refused")));
    }

    #[test]
    fn commands_that_are_echoed_are_no_evidence() {
        assert!(is_echo(&view("+ psql -c 'permission denied'")));
        assert!(is_echo(&view("++ cat /x")));
        assert!(is_echo(&view("> node server.js")));
        assert!(!is_echo(&view("+1 for that")));
    }

    #[test]
    fn frames_of_each_runtime_are_known() {
        for line in [
            "\tat com.shop.Main.main(Main.java:5)",
            "    at Object.<anonymous> (/app/a.js:1:7)",
            "   at Program.<Main>$(String[] args) in /app/Program.cs:line 3",
            "  File \"/app/a.py\", line 3, in <module>",
            "\tfrom /app/a.rb:3:in `<main>'",
            "#0 /app/a.php(3): f()",
            "\t... 12 more",
            "goroutine 1 [running]:",
            "main.main()",
            "\t/app/main.go:10 +0x1d",
            "   4: core::panicking::panic_fmt",
        ] {
            assert!(is_frame(&view(line)), "{line}");
        }
        assert!(!is_frame(&view("cannot connect (refused)")));
        assert!(!is_frame(&view("look at this")));
    }
}
