//! One item in full: the verdict, the facts that decide it, rivals, what is missing, next steps.

use exitus_model::{Confidence, Diagnosis, Message, Rival, RivalVerdict, Role, Severity};
use exitus_reference::{Risk, message_id as id};

use crate::fact::{Fact, facts};
use crate::screen::{Screen, Shade, clock};
use crate::voice::{Voice, mark};
use crate::wrap::{elide, fit, pad, width, wrap};

/// More facts than this are no longer "the few that decide".
const MOST_FACTS: usize = 8;

/// One rival's reason takes at most this many cells.
const RIVAL_CELLS: usize = 150;

/// A text column narrower than this gives its place in the line up.
const NARROWEST_TEXT: usize = 28;

/// A location takes at most this many cells, and at most a third of the line.
const LOCATION_CELLS: usize = 28;

/// The container with its role: `setup (init)`. Empty for a pod as a whole.
pub(crate) fn container_name(item: &Diagnosis, voice: &Voice) -> String {
    let Some(container) = &item.subject.container else { return String::new() };
    let role = match item.subject.role {
        Some(Role::Init) => id::UI_ROLE_INIT,
        Some(Role::Sidecar) => id::UI_ROLE_SIDECAR,
        Some(Role::Ephemeral) => id::UI_ROLE_EPHEMERAL,
        Some(Role::App) | None => return (voice.value)(container),
    };
    voice.say(&Message::from(role).with("name", container))
}

/// Writes an item.
pub(crate) fn write(screen: &mut Screen, item: &Diagnosis) {
    verdict(screen, item);
    let explanation = screen.voice.explanation(item);
    if !explanation.is_empty() {
        screen.paragraph("  ", &explanation, 2, Shade::Dim);
    }
    write_facts(screen, item);
    let (ruled_out, possible): (Vec<_>, Vec<_>) =
        item.rivals.iter().partition(|r| r.verdict == RivalVerdict::RuledOut);
    rivals(screen, id::UI_RULED_OUT, &ruled_out);
    rivals(screen, id::UI_POSSIBLE, &possible);
    missing(screen, item);
    next(screen, item);
}

/// `✗ app  killed by the kernel: …   confirmed`.
fn verdict(screen: &mut Screen, item: &Diagnosis) {
    let voice = screen.voice;
    let mut name = container_name(item, &voice);
    if !item.incident.is_current {
        name = match name.is_empty() {
            true => voice.word(id::UI_EARLIER_MARK),
            false => voice.compose(&Message::from(id::UI_EARLIER_NAME).with("name", name)),
        };
    }
    let name = elide(&name, screen.width - 4);
    let confidence = voice.confidence(item.confidence);
    let room = screen.width - width(&confidence) - 2;
    let lead = if name.is_empty() { 2 } else { width(&name) + 4 };
    let is_beside = lead + NARROWEST_TEXT <= room;
    let indent = if is_beside { lead } else { 2 };
    let title = voice.title(item);
    let title = wrap(&title, room - indent, room - indent);

    let shade = match item.severity {
        Severity::Error => Shade::Red,
        Severity::Warning => Shade::Yellow,
        Severity::Info => Shade::Dim,
    };
    let sign = screen.paint(mark(item.severity), shade);
    let shown_name = screen.paint(&name, Shade::Bold);
    if !is_beside {
        screen.line(&format!("{sign} {shown_name}"));
    }
    let sure = match item.confidence {
        Confidence::Confirmed => Shade::Bold,
        Confidence::Likely => Shade::Plain,
        Confidence::Unknown => Shade::Yellow,
    };
    for (i, line) in title.iter().enumerate() {
        let start = match (i, is_beside, name.is_empty()) {
            (0, true, true) => format!("{sign} "),
            (0, true, false) => format!("{sign} {shown_name}  "),
            _ => " ".repeat(indent),
        };
        let shown = screen.paint(line, Shade::Bold);
        if i == 0 {
            let blanks = " ".repeat(screen.width - indent - width(line) - width(&confidence));
            let confidence = screen.paint(&confidence, sure);
            screen.line(&format!("{start}{shown}{blanks}{confidence}"));
        } else {
            screen.line(&format!("{start}{shown}"));
        }
    }
}

fn write_facts(screen: &mut Screen, item: &Diagnosis) {
    let voice = screen.voice;
    let mut facts = facts(item, &voice);
    let most = if screen.show_all { usize::MAX } else { MOST_FACTS };
    let left_out = facts.len().saturating_sub(most);
    facts.truncate(most);
    facts.sort_by_key(|f| (f.at.is_none(), f.at));
    let is_dated = facts.iter().any(|f| f.at.is_some());
    let source = facts.iter().map(|f| width(&voice.source(f.source))).max().unwrap_or(0);
    let indent = 2 + if is_dated { 10 } else { 0 } + source + 2;
    for fact in &facts {
        if let Some(at) = fact.at {
            screen.date_of(at);
        }
        let time = match fact.at {
            Some(at) => screen.cell(&clock(at), 10, Shade::Dim),
            None if is_dated => " ".repeat(10),
            None => String::new(),
        };
        let who = pad(&voice.source(fact.source), source + 2);
        write_fact(screen, fact, &format!("  {time}{who}"), indent);
    }
    if left_out > 0 {
        let more = voice.count(left_out, id::UI_MORE_FACTS_ONE, id::UI_MORE_FACTS_MANY);
        screen.paragraph("  ", &more, 2, Shade::Dim);
    }
}

fn write_fact(screen: &mut Screen, fact: &Fact, lead: &str, indent: usize) {
    let location = location(screen, fact);
    let mut text = fact.text.clone();
    let echo = if fact.is_echo { screen.voice.raw(id::UI_ECHO) } else { "" };
    let rest = screen.width - indent;
    let first = rest.saturating_sub(if location.is_empty() { 0 } else { width(&location) + 2 });
    let is_beside = first >= NARROWEST_TEXT;
    let first = if is_beside { first } else { rest };
    // The mark of an echo stays whole: only what it marks is shortened.
    if !echo.is_empty() && wrap(&format!("{text}{echo}"), first, rest).len() > 2 {
        text = elide(&text, (first + rest).saturating_sub(width(echo) + 16));
    }
    let lines = fit(&format!("{text}{echo}"), first, rest, fact.cut);
    for (i, line) in lines.iter().enumerate() {
        let start = if i == 0 { lead.to_owned() } else { " ".repeat(indent) };
        let shade = if fact.is_echo { Shade::Dim } else { Shade::Plain };
        if i == 0 && is_beside && !location.is_empty() {
            let blanks = " ".repeat(rest - width(line) - width(&location));
            let place = screen.paint(&location, Shade::Dim);
            let line = screen.paint(line, shade);
            screen.line(&format!("{start}{line}{blanks}{place}"));
        } else {
            let line = screen.paint(line, shade);
            screen.line(&format!("{start}{line}"));
        }
    }
    if !is_beside {
        let place = screen.paint(&location, Shade::Dim);
        let blanks = " ".repeat(screen.width.saturating_sub(width(&location)));
        screen.line(&format!("{blanks}{place}"));
    }
}

/// `kernel.txt:812`.
fn location(screen: &Screen, fact: &Fact) -> String {
    let Some(file) = &fact.file else { return String::new() };
    let file = file.strip_prefix(screen.folder.as_str()).unwrap_or(file);
    let line = fact.line.map(|line| format!(":{line}")).unwrap_or_default();
    let room = LOCATION_CELLS.min(screen.width / 3).saturating_sub(width(&line));
    if width(file) <= room {
        return format!("{file}{line}");
    }
    // As many of its last folders as there is room for; the sign says that it is not the whole path.
    let ends = file.match_indices('/').map(|(at, _)| format!("…{}", &file[at..]));
    let fitting = ends.into_iter().find(|end| width(end) <= room);
    format!("{}{line}", fitting.unwrap_or_else(|| elide(file.rsplit('/').next().unwrap_or(file), room)))
}

/// The cells of the labels' column.
fn label_width(voice: &Voice) -> usize {
    let labels = [id::UI_RULED_OUT, id::UI_POSSIBLE, id::UI_MISSING, id::UI_NEXT];
    labels.into_iter().map(|label| width(&voice.word(label))).max().unwrap_or(0)
}

/// The start of a line in the labelled part: a label once, then blanks.
fn label(screen: &Screen, word: Option<exitus_model::MessageId>) -> String {
    let column = label_width(&screen.voice) + 2;
    let word = word.map(|w| screen.voice.word(w)).unwrap_or_default();
    format!("  {}", screen.cell(&word, column, Shade::Dim))
}

/// Writes text behind a lead that may be coloured and is `indent` cells wide.
fn labelled(screen: &mut Screen, lead: &str, indent: usize, text: &str) {
    let room = screen.width - indent;
    for (i, line) in wrap(text, room, room).iter().enumerate() {
        let start = if i == 0 { lead.to_owned() } else { " ".repeat(indent) };
        screen.line(&format!("{start}{line}"));
    }
}

fn rivals(screen: &mut Screen, name: exitus_model::MessageId, rivals: &[&Rival]) {
    if rivals.is_empty() {
        return;
    }
    let voice = screen.voice;
    let tell = |rival: &&Rival| {
        let because = elide(&voice.say(&rival.because), RIVAL_CELLS);
        pair(&voice, rival.cause.as_str(), &because)
    };
    let text = rivals.iter().map(tell).collect::<Vec<_>>().join(" · ");
    let lead = label(screen, Some(name));
    labelled(screen, &lead, label_width(&voice) + 4, &text);
}

/// `what: why`.
pub(crate) fn pair(voice: &Voice, what: &str, why: &str) -> String {
    voice.compose(&Message::from(id::UI_PAIR).with("what", what).with("why", why))
}

fn missing(screen: &mut Screen, item: &Diagnosis) {
    let voice = screen.voice;
    let indent = label_width(&voice) + 4;
    for (i, gap) in item.missing.iter().enumerate() {
        let lead = label(screen, (i == 0).then_some(id::UI_MISSING));
        labelled(screen, &lead, indent, &pair(&voice, &voice.say(&gap.what), &voice.say(&gap.why)));
        if let Some(command) = &gap.command {
            screen.line(&format!("{}{command}", " ".repeat(indent)));
        }
    }
}

fn next(screen: &mut Screen, item: &Diagnosis) {
    let voice = screen.voice;
    let steps = voice.steps(item);
    let indent = label_width(&voice) + 4;
    let risk_width = steps.iter().map(|s| width(&voice.risk(s.risk))).max().unwrap_or(0) + 2;
    for (i, step) in steps.iter().enumerate() {
        let shade = match step.risk {
            Risk::ReadOnly => Shade::Plain,
            Risk::Changes => Shade::Yellow,
            Risk::Destructive => Shade::Red,
        };
        let risk = screen.cell(&voice.risk(step.risk), risk_width, shade);
        let lead = format!("{}{risk}", label(screen, (i == 0).then_some(id::UI_NEXT)));
        if indent + risk_width + NARROWEST_TEXT <= screen.width {
            labelled(screen, &lead, indent + risk_width, &step.text);
        } else {
            screen.line(&lead);
            labelled(screen, &" ".repeat(indent), indent, &step.text);
        }
        if let Some(command) = &step.command {
            screen.line(&format!("{}{command}", " ".repeat(indent)));
        }
    }
}
