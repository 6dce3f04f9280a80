//! Markdown for tickets and chat.

use super::*;

fn markdown(report: &Report) -> String {
    render(report, Format::Markdown, &EN)
}

#[test]
fn a_table_of_verdicts_comes_first_then_a_section_for_each_group() {
    let text = markdown(&rich());
    let start = "\
**4 pods unhealthy of 12 · 4 findings · 2 in brief (--all shows them in full)**

|  | What | Container | Verdict | Confidence | When (UTC) |
|---|---|---|---|---|---|
| ✗ | 2 pods of Deployment api, all on node-a, at 10:02 | app | killed by the kernel: it passed its own memory limit of 64Mi | confirmed | 2026-11-23 10:02:12 |
";
    assert!(text.starts_with(start), "{text}");
    let headings: Vec<&str> = text.lines().filter(|l| l.starts_with("## ")).collect();
    let expected = [
        "## 2 pods of Deployment api, all on node-a, at 10:02",
        "## Node node-b",
        "## shop/web-0",
        "## For the record",
        "## Warnings about the input",
    ];
    assert_eq!(headings, expected);
    assert!(
        text.contains("  ```sh\n  kubectl -n shop top pod api-7d9f54c9b-x2x8k --containers\n  ```\n"),
        "{text}"
    );
}

#[test]
fn foreign_text_is_no_markup() {
    let foreign = "a|b\\|c ``d`` <img src=x> [e](https://f) www.g.h @all *i*\n# j";
    let mut item = item("api-0", "app", "entrypoint-not-found");
    item.subject.namespace = owned(foreign);
    item.args = ["name", "command", "message"].iter().fold(Args::new(), |all, name| all.with(name, foreign));
    item.evidence.push(line(Source::Log, foreign, "10:00:00", foreign, 1));
    let text = markdown(&report(vec![item]));
    let rows: Vec<&str> = text.lines().filter(|l| l.starts_with('|')).collect();
    assert_eq!(rows.len(), 3, "{text}");
    let row = rows[2].replace("\\|", "");
    assert!(row.matches('|').count() == 7 && !rows[2].contains("\\\\|"), "{}", rows[2]);
    for line in text.lines() {
        assert!(!line.starts_with("# "), "{line}");
        let outside = outside_code(line);
        for markup in ["<img", "](", "www.", "@all", "*i*"] {
            assert!(!outside.contains(markup), "{markup} in {line}");
        }
    }
}

/// A line without its code spans: a run of backticks opens, the next run of the same length closes.
fn outside_code(line: &str) -> String {
    let mut outside = String::new();
    let mut rest = line;
    while let Some(at) = rest.find('`') {
        outside += &rest[..at];
        let run = rest[at..].len() - rest[at..].trim_start_matches('`').len();
        let inside = &rest[at + run..];
        let mut from = 0;
        let close = loop {
            let Some(next) = inside[from..].find('`') else { break None };
            let length = inside[from + next..].len() - inside[from + next..].trim_start_matches('`').len();
            if length == run {
                break Some(from + next + run);
            }
            from += next + length;
        };
        match close {
            Some(end) => rest = &inside[end..],
            None => {
                outside += &rest[at..at + run];
                rest = inside;
            }
        }
    }
    outside + rest
}

#[test]
fn no_title_of_the_reference_breaks_a_table() {
    for cause in exitus_reference::causes() {
        for text in [cause.title.en, cause.title.zh] {
            assert!(!text.contains(['|', '\n']), "{}: {text}", cause.id);
        }
    }
}
