//! The one sanitiser of foreign text: nothing that came from a file or a cluster may steer a terminal or hide in it.
//!
//! [`report`] cleans every text of a report at once; the human, wide, Markdown and name views show only such a
//! report. JSON and YAML keep each value exactly and escape what [`is_unsafe`] names.

use std::borrow::Cow;

use exitus_model::{
    Args, Diagnosis, Evidence, EvidenceList, Incident, Message, Missing, Problem, ProblemKind, Report, Rival,
    Subject,
};

/// Stands for a line end inside a value.
const LINE_END: char = '⏎';

/// Characters that show nothing or reorder what is shown: Unicode's categories Cf, Zl and Zp, and the rest of
/// `Default_Ignorable_Code_Point` (Unicode 16, DerivedCoreProperties.txt).
const INVISIBLE: &[(u32, u32)] = &[
    (0xAD, 0xAD),
    (0x34F, 0x34F),
    (0x600, 0x605),
    (0x61C, 0x61C),
    (0x6DD, 0x6DD),
    (0x70F, 0x70F),
    (0x890, 0x891),
    (0x8E2, 0x8E2),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x200B, 0x200F),
    (0x2028, 0x202E),
    (0x2060, 0x206F),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0),
    (0xFFF0, 0xFFFB),
    (0x110BD, 0x110BD),
    (0x110CD, 0x110CD),
    (0x13430, 0x1343F),
    (0x1BCA0, 0x1BCA3),
    (0x1D173, 0x1D17A),
    (0xE0000, 0xE0FFF),
];

/// Whether a character may steer a terminal, reorder text or hide in it: C0 and C1 controls, bidi controls,
/// zero-width and other invisible characters, line and paragraph separators.
///
/// ```
/// assert!(exitus_render::sanitize::is_unsafe('\u{202e}'));
/// assert!(!exitus_render::sanitize::is_unsafe('内'));
/// ```
pub fn is_unsafe(c: char) -> bool {
    let code = u32::from(c);
    c.is_control() || code >= 0xAD && INVISIBLE.iter().any(|(from, to)| (*from..=*to).contains(&code))
}

/// Makes foreign text harmless on one line of a terminal.
///
/// Escape sequences go as a whole, every other unsafe character by itself; a line end becomes `⏎`, a tab a blank.
///
/// ```
/// assert_eq!(exitus_render::sanitize::clean("\x1b[31mred\x1b[0m\nnext"), "red⏎next");
/// ```
pub fn clean(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut clean = String::with_capacity(text.len());
    let mut rest = text.trim_end_matches(['\n', '\r']);
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        match c {
            '\u{1b}' => rest = after_escape(rest),
            '\u{9b}' => rest = after_control_sequence(rest),
            '\u{90}' | '\u{98}' | '\u{9d}' | '\u{9e}' | '\u{9f}' => rest = after_control_string(rest),
            '\r' if rest.starts_with('\n') => {}
            '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => clean.push(LINE_END),
            '\t' | '\u{b}' | '\u{c}' => clean.push(' '),
            c if is_unsafe(c) => {}
            c => clean.push(c),
        }
    }
    Cow::Owned(clean)
}

/// What follows an escape sequence, given what follows ESC. Grammar: ECMA-48, section 5.
fn after_escape(rest: &str) -> &str {
    match rest.chars().next() {
        Some('[') => after_control_sequence(&rest[1..]),
        Some(']' | 'P' | 'X' | '^' | '_') => after_control_string(&rest[1..]),
        Some(' '..='~') => {
            let rest = rest.trim_start_matches(|c| (' '..='/').contains(&c));
            rest.strip_prefix(|c| ('0'..='~').contains(&c)).unwrap_or(rest)
        }
        _ => rest,
    }
}

fn after_control_sequence(rest: &str) -> &str {
    let rest = rest
        .trim_start_matches(|c| ('0'..='?').contains(&c))
        .trim_start_matches(|c| (' '..='/').contains(&c));
    rest.strip_prefix(|c| ('@'..='~').contains(&c)).unwrap_or(rest)
}

/// What follows OSC, DCS, SOS, PM or APC. A string without an end on its line loses its introducer only, so that a
/// value cannot hide what stands after it.
fn after_control_string(rest: &str) -> &str {
    let Some(end) = rest.find(['\u{7}', '\u{1b}', '\u{9c}', '\n', '\r', '\u{18}', '\u{1a}']) else {
        return rest;
    };
    let tail = &rest[end..];
    tail.strip_prefix(['\u{7}', '\u{9c}']).or_else(|| tail.strip_prefix("\u{1b}\\")).unwrap_or(rest)
}

/// A report whose every text is clean.
pub fn report(report: &Report) -> Report {
    Report {
        summary: report.summary.clone(),
        problems: report.problems.iter().map(problem).collect(),
        items: report.items.iter().map(diagnosis).collect(),
        groups: report.groups.clone(),
        now: report.now,
    }
}

fn owned(text: &str) -> String {
    clean(text).into_owned()
}

fn optional(text: &Option<String>) -> Option<String> {
    text.as_deref().map(owned).filter(|t| !t.is_empty())
}

fn args(args: &Args) -> Args {
    args.iter().fold(Args::new(), |all, (name, value)| all.with(name, clean(value)))
}

fn message(message: &Message) -> Message {
    Message { id: message.id, args: args(&message.args) }
}

fn evidence(piece: &Evidence) -> Evidence {
    Evidence {
        object: owned(&piece.object),
        uid: optional(&piece.uid),
        path: optional(&piece.path),
        value: owned(&piece.value),
        file: optional(&piece.file),
        ..*piece
    }
}

fn diagnosis(item: &Diagnosis) -> Diagnosis {
    let mut list = EvidenceList::new(evidence(item.evidence.first()));
    item.evidence.iter().skip(1).for_each(|piece| list.push(evidence(piece)));
    let subject = &item.subject;
    let missing =
        |m: &Missing| Missing { what: message(&m.what), why: message(&m.why), command: optional(&m.command) };
    Diagnosis {
        subject: Subject {
            namespace: optional(&subject.namespace),
            pod: optional(&subject.pod),
            pod_uid: optional(&subject.pod_uid),
            container: optional(&subject.container),
            role: subject.role,
            workload: subject.workload.as_ref().map(|(kind, name)| (owned(kind), owned(name))),
            node: optional(&subject.node),
            image: optional(&subject.image),
        },
        incident: Incident {
            reason: optional(&item.incident.reason),
            waiting_reason: optional(&item.incident.waiting_reason),
            ..item.incident
        },
        args: args(&item.args),
        evidence: list,
        rivals: item.rivals.iter().map(|r| Rival { because: message(&r.because), ..*r }).collect(),
        missing: item.missing.iter().map(missing).collect(),
        ..*item
    }
}

fn problem(problem: &Problem) -> Problem {
    use ProblemKind as Kind;
    let kind = match &problem.kind {
        Kind::Unreadable(detail) => Kind::Unreadable(owned(detail)),
        Kind::Syntax(detail) => Kind::Syntax(owned(detail)),
        Kind::WrongType { path, expected } => Kind::WrongType { path: owned(path), expected },
        Kind::BadTime { path, value } => Kind::BadTime { path: owned(path), value: owned(value) },
        Kind::NoName(detail) => Kind::NoName(owned(detail)),
        Kind::SharedUid(uid) => Kind::SharedUid(owned(uid)),
        Kind::RestartCountFell { pod, container } => {
            Kind::RestartCountFell { pod: owned(pod), container: owned(container) }
        }
        Kind::ContainerNotInSpec { pod, container } => {
            Kind::ContainerNotInSpec { pod: owned(pod), container: owned(container) }
        }
        Kind::EventBeforePod(detail) => Kind::EventBeforePod(owned(detail)),
        Kind::LogUnavailable(detail) => Kind::LogUnavailable(owned(detail)),
        Kind::RuleFailed(detail) => Kind::RuleFailed(owned(detail)),
        Kind::Empty
        | Kind::Binary
        | Kind::Converted(_)
        | Kind::UnknownForm
        | Kind::Truncated
        | Kind::TooDeep
        | Kind::TooLarge(_)
        | Kind::NoKind
        | Kind::FolderLimit(_) => problem.kind.clone(),
    };
    Problem { input: owned(&problem.input), line: problem.line, kind }
}
