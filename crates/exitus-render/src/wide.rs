//! One line for each item in aligned columns, with the words of the contract in either language, and bare names.

use std::collections::BTreeSet;

use exitus_model::{Diagnosis, Report, format_duration};
use jiff::Timestamp;

use crate::human::nothing_wrong;
use crate::layout::is_wrong;
use crate::voice::Voice;
use crate::wrap::{pad, width};

const HEADERS: [&str; 11] = [
    "NAMESPACE",
    "POD",
    "CONTAINER",
    "CAUSE",
    "CONFIDENCE",
    "EXIT",
    "REASON",
    "RESTARTS",
    "AGE",
    "NODE",
    "STATE",
];

/// The place of the column that holds an age, or a time where the evidence has no present.
const AGE: usize = 8;

/// Stands where there is no value.
const NONE: &str = "-";

/// Writes a clean report as columns.
pub(crate) fn render(report: &Report, voice: &Voice) -> String {
    if report.items.is_empty() {
        return nothing_wrong(report, voice) + "\n";
    }
    let mut headers = HEADERS.map(str::to_owned);
    if report.now.is_none() {
        headers[AGE] = "AT".to_owned();
    }
    let mut rows = vec![headers];
    rows.extend(report.items.iter().map(|item| row(item, report.now)));
    let widths: Vec<usize> =
        (0..HEADERS.len()).map(|i| rows.iter().map(|r| width(&r[i])).max().unwrap_or(0)).collect();
    let line = |row: &[String; HEADERS.len()]| {
        let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, to)| pad(cell, *to)).collect();
        format!("{}\n", cells.join("   ").trim_end())
    };
    rows.iter().map(line).collect()
}

fn row(item: &Diagnosis, now: Option<Timestamp>) -> [String; HEADERS.len()] {
    let (subject, incident) = (&item.subject, &item.incident);
    let text = |value: &Option<String>| value.clone().unwrap_or_else(|| NONE.to_owned());
    let number = |value: Option<i64>| value.map_or_else(|| NONE.to_owned(), |n| n.to_string());
    let age = match (incident.at, now) {
        (Some(at), Some(now)) => format_duration(now.as_second() - at.as_second()),
        (Some(at), None) => at.to_string(),
        (None, _) => NONE.to_owned(),
    };
    let workload = subject.workload.as_ref().map(|(kind, name)| format!("{}/{name}", kind.to_lowercase()));
    [
        text(&subject.namespace),
        subject.pod.clone().or(workload).unwrap_or_else(|| NONE.to_owned()),
        text(&subject.container),
        item.cause.to_string(),
        item.confidence.as_str().to_owned(),
        number(incident.exit_code),
        text(if incident.reason.is_some() { &incident.reason } else { &incident.waiting_reason }),
        number(incident.restart_count),
        age,
        text(&subject.node),
        (if incident.is_current { "now" } else { "earlier" }).to_owned(),
    ]
}

/// Writes the names of what is not well, each once: `pod/api-7d9f`, with the namespace before it where there are
/// several.
pub(crate) fn names(report: &Report, show_all: bool) -> String {
    let items: Vec<&Diagnosis> = report.items.iter().filter(|d| show_all || is_wrong(d)).collect();
    let namespaces: BTreeSet<_> = items.iter().filter_map(|d| d.subject.namespace.as_deref()).collect();
    let mut seen = BTreeSet::new();
    let mut names = String::new();
    for item in items {
        let subject = &item.subject;
        let Some(name) = (match (&subject.pod, &subject.workload, &subject.node) {
            (Some(pod), _, _) => Some(format!("pod/{pod}")),
            (None, Some((kind, name)), _) => Some(format!("{}/{name}", kind.to_lowercase())),
            (None, None, node) => node.as_ref().map(|node| format!("node/{node}")),
        }) else {
            continue;
        };
        let line = match &subject.namespace {
            Some(namespace) if namespaces.len() > 1 => format!("{namespace}/{name}\n"),
            _ => format!("{name}\n"),
        };
        if seen.insert(line.clone()) {
            names += &line;
        }
    }
    names
}
