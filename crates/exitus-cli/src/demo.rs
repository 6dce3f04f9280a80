//! `exitus demo`: real captures that are built in, through the same path as `why`.

use exitus::reference::{message, message_id as msg};
use exitus::{Format, MessageId, Reader, Selection, Style, diagnose, render};

use crate::Answer;
use crate::args::DemoArgs;
use crate::environment;

/// A capture: what it teaches, and its files.
struct Capture {
    lesson: MessageId,
    files: &'static [(&'static str, &'static str)],
}

/// Files of a capture, embedded from the fixtures with the names that they have there.
macro_rules! files {
    ($($path:literal),+ $(,)?) => {
        &[$(($path, include_str!(concat!("../../../fixtures/zoo/", $path)))),+]
    };
}

/// Captures of a real node (Kubernetes 1.36), in the order of the tour.
static TOUR: [Capture; 4] = [
    Capture {
        lesson: msg::DEMO_MEMORY,
        files: files![
            "oom-limit/pods.json",
            "oom-limit/events.json",
            "oom-limit/kernel.txt",
            "oom-limit/logs/oom-limit.app.txt",
        ],
    },
    Capture {
        lesson: msg::DEMO_PROBE,
        files: files!["liveness-ignored-term/pods.json", "liveness-ignored-term/events.json"],
    },
    Capture {
        lesson: msg::DEMO_START,
        files: files!["wrong-arch/pods.json", "wrong-arch/events.json", "wrong-arch/logs/wrong-arch.app.txt"],
    },
    Capture {
        lesson: msg::DEMO_UNKNOWN,
        files: files![
            "kill9-host/pods.json",
            "kill9-host/events.json",
            "kill9-host/logs/kill9-host.app.previous.txt"
        ],
    },
];

pub(crate) fn run(args: &DemoArgs) -> Answer {
    let style = environment::style(&args.look);
    let say = |id| message(id, style.lang);
    let mut text = format!("{}\n", say(msg::DEMO_INTRODUCTION));
    for (number, capture) in TOUR.iter().enumerate() {
        let heading = format!("\n{}. {}\n\n", number + 1, say(capture.lesson));
        text.push_str(&heading);
        text.push_str(&screen(capture, &style));
    }
    text.push('\n');
    text.push_str(say(msg::DEMO_HOW_TO_READ));
    text.push('\n');
    Answer { text, status: 0, warning: None }
}

fn screen(capture: &Capture, style: &Style) -> String {
    let mut reader = Reader::new();
    for (name, content) in capture.files {
        reader.read(name, content.as_bytes());
    }
    let (snapshot, problems) = reader.finish();
    // Nothing is asked for by name, so nothing can be missed.
    let report = diagnose(&snapshot, problems, &Selection::default()).unwrap_or_default();
    // Where all is well by now, the tour is about what was.
    let show_all = report.items.iter().all(|i| !i.incident.is_current);
    render(&report, Format::Human, &Style { show_all, ..*style })
}
