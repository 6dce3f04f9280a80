//! Foreign text cannot steer a terminal, hide, or pose as markup, whatever the form.

use exitus_model::Message;

use super::*;
use crate::sanitize::{clean, is_unsafe};

/// Links, titles, colours and a screen wipe in 7-bit and 8-bit form, bidi and zero-width characters, tags, line ends.
const HOSTILE: &str = "a\x1b]8;;http://evil\x1b\\b\x1b]0;title\x07\x1b[2J\x1b[31m\u{9b}31m\u{9d}x\u{9c}\x1bPq\x1b\\\x1b(B\x1bc\
                       \u{202e}\u{2066}\u{61c}\u{200b}\u{200f}\u{2060}\u{feff}\u{ad}\u{fe0f}\u{e0041}\u{2028}\u{2029}\
                       \r\nc\td\0\u{7f}\u{85}\u{8}\u{c}| `e` <script> [f](http://g) @all\n# h \u{1b}[";

/// Without the codes that the human view itself writes.
pub(super) fn without_colour(text: &str) -> String {
    ["0", "1", "2", "31", "33"]
        .iter()
        .fold(text.to_owned(), |t, code| t.replace(&format!("\x1b[{code}m"), ""))
}

fn hostile() -> Report {
    let text = || HOSTILE.to_owned();
    let message =
        |id: &'static str| Message::from(MessageId(id)).with("detail", HOSTILE).with("path", HOSTILE);
    let mut report = rich();
    for item in &mut report.items {
        let pod = item.subject.pod.as_ref().map(|pod| format!("{pod}{HOSTILE}"));
        item.subject = Subject {
            namespace: Some(text()),
            pod,
            pod_uid: Some(text()),
            container: Some(text()),
            role: Some(Role::Init),
            workload: Some((text(), text())),
            node: Some(text()),
            image: Some(text()),
        };
        item.incident.reason = Some(text());
        item.incident.waiting_reason = Some(text());
        for name in exitus_reference::PARAMETERS {
            item.args.set(name, HOSTILE);
        }
        for source in [Source::Pod, Source::Event, Source::Log, Source::Kernel, Source::Node, Source::Owner] {
            for path in [None, Some(text()), Some(format!("status.conditions[type={HOSTILE}].reason"))] {
                item.evidence.push(Evidence {
                    source,
                    object: text(),
                    uid: Some(text()),
                    path,
                    value: text(),
                    at: at("10:00:00"),
                    file: Some(text()),
                    line: Some(3),
                    is_echo: false,
                });
            }
        }
        let rival = |verdict| Rival { cause: item.cause, verdict, because: message("problem-bad-time") };
        item.rivals = vec![rival(RivalVerdict::RuledOut), rival(RivalVerdict::Possible)];
        let what = message("problem-unreadable");
        item.missing = vec![Missing { what: what.clone(), why: what, command: Some(text()) }];
    }
    let pair = || (text(), text());
    let kinds = [
        ProblemKind::Unreadable(text()),
        ProblemKind::Syntax(text()),
        ProblemKind::WrongType { path: text(), expected: "a list" },
        ProblemKind::BadTime { path: text(), value: text() },
        ProblemKind::NoName(text()),
        ProblemKind::SharedUid(text()),
        ProblemKind::RestartCountFell { pod: pair().0, container: pair().1 },
        ProblemKind::ContainerNotInSpec { pod: pair().0, container: pair().1 },
        ProblemKind::EventBeforePod(text()),
        ProblemKind::LogUnavailable(text()),
        ProblemKind::RuleFailed(text()),
    ];
    report.problems = kinds.into_iter().map(|kind| Problem { input: text(), line: Some(1), kind }).collect();
    report
}

#[test]
fn no_form_lets_a_control_character_through() {
    use Format::*;
    for format in [Human, Wide, Json, Yaml, Ndjson, Markdown, Name] {
        for (lang, color, show_all) in [(Lang::En, false, false), (Lang::Zh, true, true)] {
            let shown = render(&hostile(), format, &Style { lang, color, width: 80, show_all });
            assert!(shown.len() > 40);
            let bad: Vec<char> =
                without_colour(&shown).chars().filter(|c| *c != '\n' && is_unsafe(*c)).collect();
            assert!(bad.is_empty(), "{format:?}: {bad:?}\n{shown}");
        }
    }
}

#[test]
fn json_keeps_every_value_as_it_was() {
    let json: serde_json::Value = serde_json::from_str(&render(&hostile(), Format::Json, &EN)).unwrap();
    assert_eq!(json["items"][0]["subject"]["node"], HOSTILE);
    assert_eq!(json["items"][0]["evidence"][6]["value"], HOSTILE);
}

#[test]
fn sequences_go_as_a_whole() {
    for (foreign, shown) in [
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("\x1b]8;;http://evil\x1b\\text\x1b]8;;\x1b\\", "text"),
        ("\x1b]0;title\x07text", "text"),
        ("\u{9d}0;title\u{9c}text", "text"),
        ("\u{9b}31mtext", "text"),
        ("\x1bPq#0\x1b\\text", "text"),
        ("\x1b(Btext\x1bc", "text"),
        ("\x1b]0;an end is missing", "0;an end is missing"),
        ("\x1b]0;line\nnext\x07", "0;line⏎next"),
        ("one\r\ntwo\rthree\n", "one⏎two⏎three"),
        ("a\tb", "a b"),
        ("safe\u{202e}elif", "safeelif"),
        ("内存\u{200b}不足", "内存不足"),
        ("\x1b\x1b[31mx", "x"),
        ("\x1b[31\u{8}m", "m"),
    ] {
        assert_eq!(clean(foreign), shown, "{foreign:?}");
    }
}

#[test]
fn two_pods_that_read_alike_stay_two() {
    let mut items = vec![item("web", "app", "test-a"), item("web\u{200b}", "app", "test-b")];
    items[1].subject.pod_uid = owned("other");
    let text = human(&report(items), &EN);
    assert_eq!(text.matches("shop/web  Deployment api").count(), 2, "{text}");
}
