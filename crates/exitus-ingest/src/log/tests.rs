//! Whole logs.

use proptest::prelude::*;

use super::*;

fn owner() -> LogOwner {
    LogOwner { pod: "api-1".to_owned(), container: Some("app".to_owned()), ..LogOwner::default() }
}

fn one(text: &str) -> ContainerLog {
    let mut logs = read(text, FileId(2), &owner());
    assert_eq!(logs.len(), 1, "{text}");
    logs.remove(0)
}

/// Number and text of each line.
fn lines(log: &ContainerLog) -> Vec<(u32, &str)> {
    log.lines.iter().map(|l| (l.line, l.text.as_str())).collect()
}

#[test]
fn heads_of_runtimes_and_kubectl_are_taken_off() {
    let at = "2026-03-01T10:02:11.123456789Z";
    let cases = [
        ("starting\nfailed\n".to_owned(), None),
        ("\r\nstarting\r\n\r\nfailed\r\n".to_owned(), None),
        (format!("{at} starting\n{at} failed\n"), Some(at)),
        (
            "2026-03-01T11:02:11.123456789+01:00 starting\n2026-03-01T11:02:11.123456789+01:00 failed"
                .to_owned(),
            Some(at),
        ),
        (format!("{at} stdout F starting\n{at} stderr F failed\n"), Some(at)),
        (format!("{at} stdout F:tag starting\n{at} stderr F failed"), Some(at)),
        (
            format!(
                "{{\"log\":\"starting\\n\",\"stream\":\"stdout\",\"time\":\"{at}\"}}\n\
                 {{\"log\":\"failed\\r\\n\",\"stream\":\"stderr\",\"attrs\":{{\"a\":\"b\"}},\"time\":\"{at}\"}}\n"
            ),
            Some(at),
        ),
    ];
    for (text, at) in cases {
        let log = one(&text);
        let texts: Vec<&str> = log.lines.iter().map(|l| l.text.as_str()).collect();
        assert_eq!(texts, ["starting", "failed"], "{text}");
        let at = at.map(|at| at.parse().expect("a time"));
        assert!(log.lines.iter().all(|l| l.at == at), "{text}");
        assert_eq!((log.pod.as_str(), log.container.as_deref(), log.file), ("api-1", Some("app"), FileId(2)));
        assert!(log.unavailable.is_none());
    }
}

#[test]
fn what_a_program_wrote_stays() {
    for text in [
        "{\"level\":\"error\",\"msg\":\"x\",\"time\":\"2026-03-01T10:02:11Z\"}",
        "{\"log\":\"x\",\"stream\":\"main\",\"time\":\"2026-03-01T10:02:11Z\"}",
        "{\"log\":\"x\\n\",\"stream\":\"stdout\",\"time\":\"2026-03-01T10:02:11Z\",\"more\":\"y\"}",
        "2026-03-01T10:02:11.123Z INFO starting",
        "2026-03-01T10:02:11.123456Z  INFO starting",
        "2026-03-01T10:02:11Z stdio F x",
        "[pod is ready] x",
        "  indented \u{1b}[31mred\u{1b}[0m",
    ] {
        let log = one(text);
        assert_eq!(lines(&log), [(1, text)]);
        assert_eq!(log.lines[0].at, None);
    }
    // A trace that goes on below a line with a time is no reason to take the time off.
    let trace = "2026-03-01T10:02:11.123456789Z panic\ngoroutine 1\nmain.main()\n";
    assert_eq!(lines(&one(trace))[0].1, "2026-03-01T10:02:11.123456789Z panic");
}

#[test]
fn split_lines_are_joined_within_their_stream() {
    let cri = "2026-03-01T10:02:11.1Z stdout P one \n\
               2026-03-01T10:02:11.2Z stderr F other\n\
               2026-03-01T10:02:11.3Z stdout P two \n\
               2026-03-01T10:02:11.4Z stdout F three\n\
               2026-03-01T10:02:11.5Z stdout P open";
    let log = one(cri);
    assert_eq!(lines(&log), [(2, "other"), (1, "one two three"), (5, "open")]);
    assert_eq!(log.lines[1].at, "2026-03-01T10:02:11.1Z".parse().ok());
    let docker = "{\"log\":\"one \",\"stream\":\"stdout\",\"time\":\"2026-03-01T10:02:11.1Z\"}\n\
                  {\"log\":\"\\u003ctwo\\u003e \\ud83d\\ude00 \\\"x\\\"\\n\",\"stream\":\"stdout\",\"time\":\"2026-03-01T10:02:11.2Z\"}\n";
    assert_eq!(lines(&one(docker)), [(1, "one <two> 😀 \"x\"")]);
}

#[test]
fn only_the_last_lines_are_kept() {
    let text: String = (1..=1000).map(|n| format!("line {n}\n\n")).collect();
    let log = one(&text);
    assert_eq!(log.lines.len(), MAX_LINES);
    assert_eq!(lines(&log)[0], (1601 + 2 - 2, "line 801"));
    assert_eq!(lines(&log)[MAX_LINES - 1], (1999, "line 1000"));
    let cri: String = (1..=500)
        .map(|n| format!("2026-03-01T10:02:11Z stdout P a{n} \n2026-03-01T10:02:11Z stdout F b\n"))
        .collect();
    let log = one(&cri);
    assert_eq!((log.lines.len(), lines(&log)[0]), (MAX_LINES, (601, "a301 b")));
}

#[test]
fn long_lines_are_cut_at_a_character() {
    let text = format!("a{}", "é".repeat(MAX_TEXT));
    assert_eq!(one(&text).lines[0].text.len(), MAX_TEXT - 1);
    let pieces: String =
        (0..9).map(|_| format!("2026-03-01T10:02:11Z stdout P {}\n", "é".repeat(400))).collect();
    assert_eq!(one(&pieces).lines[0].text.len(), MAX_TEXT);
}

#[test]
fn an_error_in_place_of_a_log_is_no_line() {
    for text in [
        "unable to retrieve container logs for containerd://0123",
        "unable to retrieve container logs for docker://0123\n",
        "unable to retrieve container logs for cri-o://0123\n",
        "failed to try resolving symlinks in path \"/var/log/pods/a_b_c/app/0.log\": lstat /var/log/pods/a_b_c/app/0.log: no such file or directory\n",
        "Error from server (BadRequest): previous terminated container \"app\" in pod \"api-1\" not found\n",
        "Error from server (BadRequest): container \"app\" in pod \"api-1\" is waiting to start: ContainerCreating\n",
        "Error from server (BadRequest): a container name must be specified for pod api-1, choose one of: [app web]\n",
        "Error from server (NotFound): pods \"api-1\" not found\n",
        "Error from server: Get \"https://10.0.0.1:10250/containerLogs/shop/api-1/app\": dial tcp 10.0.0.1:10250: i/o timeout\n",
        "error: container web is not valid for pod api-1\n",
        "2026-03-01T10:02:11.123456789Z unable to retrieve container logs for containerd://0123",
    ] {
        let log = one(text);
        assert_eq!(log.lines.len(), 0, "{text}");
        let unavailable = log.unavailable.expect("an error");
        assert!(text.contains(&unavailable.text) && !unavailable.text.is_empty(), "{text}");
        assert_eq!(unavailable.line, 1);
    }
    for text in [
        "error: DATABASE_URL is not set\n",
        "Error from server (NotFound): pods \"other\" not found\n",
        "Error from server (Forbidden): secrets is forbidden\n",
        "starting\nunable to retrieve container logs for containerd://0123\n",
        "container \"x\" started\n",
        "Unable to connect to the server: EOF\n",
    ] {
        assert!(one(text).unavailable.is_none(), "{text}");
    }
}

#[test]
fn an_empty_log_is_a_log() {
    for text in ["", "\n\n"] {
        let log = one(text);
        assert!(log.lines.is_empty() && log.unavailable.is_none());
    }
}

#[test]
fn a_dump_holds_the_logs_of_many_containers() {
    let text = "{\n}\n\
                ==== START logs for container app of pod shop/api-1 ====\n\
                one\n\
                two==== END logs for container app of pod shop/api-1 ====\n\
                ==== START logs for container web of pod shop/api-1 ====\n\
                Request log error: the server rejected our request\n\
                ==== END logs for container web of pod shop/api-1 ====\n\
                ==== START logs for container db of pod shop/db-0 ====\n\
                ==== END logs for container db of pod shop/db-0 ====\n\
                ==== START logs for container cut of pod shop/db-0 ====\n\
                last";
    let logs = read(text, FileId(0), &LogOwner { pod: "api-1".to_owned(), ..LogOwner::default() });
    let names: Vec<_> =
        logs.iter().map(|l| (l.namespace.as_deref(), l.pod.as_str(), l.container.as_deref())).collect();
    assert_eq!(
        names,
        [
            (Some("shop"), "api-1", Some("app")),
            (Some("shop"), "api-1", Some("web")),
            (Some("shop"), "db-0", Some("db")),
            (Some("shop"), "db-0", Some("cut")),
        ]
    );
    assert_eq!(lines(&logs[0]), [(4, "one"), (5, "two")]);
    assert_eq!(logs[1].unavailable.as_ref().map(|l| l.line), Some(7));
    assert!(logs[2].lines.is_empty());
    assert_eq!(lines(&logs[3]), [(12, "last")]);
}

#[test]
fn prefixes_tell_the_owner_of_each_line() {
    let text = "[pod/api-1/app] 2026-03-01T10:02:11.123456789Z one\n\
                [pod/api-2/app] plain\n\
                error: something else\n\
                [pod/api-1/app] 2026-03-01T10:02:12.123456789Z two\n\
                [pod/api-1/web] unable to retrieve container logs for containerd://0123\n";
    let logs = read(text, FileId(0), &LogOwner { namespace: Some("shop".to_owned()), ..owner() });
    let names: Vec<_> =
        logs.iter().map(|l| (l.namespace.as_deref(), l.pod.as_str(), l.container.as_deref())).collect();
    assert_eq!(
        names,
        [
            (Some("shop"), "api-1", Some("app")),
            (Some("shop"), "api-2", Some("app")),
            (Some("shop"), "api-1", Some("web"))
        ]
    );
    assert_eq!(lines(&logs[0]), [(1, "one"), (4, "two")]);
    assert_eq!(logs[0].lines[1].at, "2026-03-01T10:02:12.123456789Z".parse().ok());
    assert_eq!(lines(&logs[1]), [(2, "plain")]);
    assert!(logs[2].unavailable.is_some());
}

/// Lines of every form, and their damage.
fn any_line() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,20}",
        Just("2026-03-01T10:02:11.123456789Z stdout P a".to_owned()),
        Just("2026-03-01T10:02:11.123456789Z stderr F".to_owned()),
        Just("2026-03-01T10:02:11.123456789Z x".to_owned()),
        Just(
            "{\"log\":\"a\\u00e9\\\\\\n\",\"stream\":\"stdout\",\"time\":\"2026-03-01T10:02:11Z\"}"
                .to_owned()
        ),
        Just("==== START logs for container a of pod b/c ====".to_owned()),
        Just("==== END logs for container a of pod b/c ====".to_owned()),
        Just("[pod/a/b] x".to_owned()),
        Just("unable to retrieve container logs for containerd://0123".to_owned()),
    ]
}

proptest! {
    #[test]
    fn any_cut_of_any_log_is_read(lines in prop::collection::vec(any_line(), 0..12), cut in 0..600_usize) {
        let text = lines.join("\n");
        let text = &text[..text.floor_char_boundary(cut)];
        for log in read(text, FileId(0), &owner()) {
            prop_assert!(log.lines.len() <= MAX_LINES);
            let last = text.split('\n').count() as u32;
            prop_assert!(log.lines.iter().all(|l| (1..=last).contains(&l.line) && l.text.len() <= MAX_TEXT));
        }
        let _ = owner_of(text);
    }

    /// The last lines, found from the end, are those that reading from the start finds.
    #[test]
    fn plain_lines_are_the_last_of_the_text(lines in prop::collection::vec("[ a-z]{0,6}", 0..450)) {
        let text = lines.join("\n");
        let all: Vec<(u32, String)> = (1..).zip(lines.iter().cloned()).filter(|(_, l)| !l.trim().is_empty()).collect();
        let expected = &all[all.len().saturating_sub(MAX_LINES)..];
        let found: Vec<(u32, String)> = one(&text).lines.into_iter().map(|l| (l.line, l.text)).collect();
        prop_assert_eq!(&found[..], expected);
    }
}
