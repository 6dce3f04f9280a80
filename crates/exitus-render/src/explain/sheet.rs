//! An entry as a page: a head, a title, prose and sections. All forms for people are made from it.

use std::borrow::Cow;

use exitus_model::{Args, Message, MessageId};
use exitus_reference::message_id as id;
use exitus_reference::{
    Cause, Lang, Points, Reason, ReasonRole, Signal, Text, Topic, WindowsStatus, cause, claims, code, fill,
    meanings, message, places, signal, signal_name, signal_number, world,
};

use crate::voice::Voice;

/// A page of the dictionary.
pub(crate) struct Sheet {
    pub(crate) head: String,
    pub(crate) title: String,
    pub(crate) prose: String,
    pub(crate) sections: Vec<Section>,
}

/// A labelled part of a page.
pub(crate) struct Section {
    pub(crate) label: MessageId,
    pub(crate) rows: Vec<Row>,
}

/// A line of a section.
#[derive(Default)]
pub(crate) struct Row {
    pub(crate) lead: Option<Cow<'static, str>>,
    pub(crate) text: Cow<'static, str>,
    pub(crate) command: Option<Cow<'static, str>>,
}

impl Row {
    fn text(text: impl Into<Cow<'static, str>>) -> Row {
        Row { text: text.into(), ..Row::default() }
    }

    fn command(command: &'static str) -> Row {
        Row { command: Some(command.into()), ..Row::default() }
    }
}

/// The page of a topic.
pub(crate) fn of(topic: &Topic, lang: Lang) -> Sheet {
    match topic {
        Topic::Code { given, code } => code_sheet(*given, *code, lang),
        Topic::Signal(signal) => signal_sheet(signal, lang),
        Topic::Windows { given, status } => windows_sheet(*given, *status, lang),
        Topic::Reason(reason) => reason_sheet(reason, lang),
        Topic::Cause(cause) => cause_sheet(cause, lang),
    }
}

fn rows(points: Points, lang: Lang) -> Vec<Row> {
    points.get(lang).iter().map(|p| Row::text(*p)).collect()
}

fn sources(list: &[&str]) -> Section {
    Section { label: id::EXPLAIN_SOURCES, rows: vec![Row::text(list.join(" · "))] }
}

fn cause_rows(ids: &[exitus_model::CauseId], lang: Lang) -> Vec<Row> {
    let known = ids.iter().filter_map(|c| cause(c.as_str()));
    known
        .map(|c| Row { lead: Some(c.id.as_str().into()), text: bare(c.title, lang).into(), command: None })
        .collect()
}

/// A title without its numbers.
fn bare(text: Text, lang: Lang) -> String {
    let template = text.get(lang);
    let filled = fill(template, &exitus_reference::nameless());
    let mut text = filled.unwrap_or_else(|| template.to_owned());
    // Where optional parts stood, blanks are left.
    while text.contains("  ") {
        text = text.replace("  ", " ");
    }
    text
}

fn code_sheet(given: i64, number: i64, lang: Lang) -> Sheet {
    let voice = Voice::plain(lang);
    let page = code(number);
    let mut sections = Vec::new();
    let mut section = |label, rows: Vec<Row>| sections.push(Section { label, rows });
    if given != number {
        section(id::EXPLAIN_ARITHMETIC, vec![Row::text(voice.say(&conversion(given, number)))]);
    }
    if let Some(page) = page {
        section(id::EXPLAIN_AS_PID1, rows(page.as_pid1, lang));
        section(id::EXPLAIN_BESIDE, rows(page.beside, lang));
    } else if let Some(signal) = signal_number(number).and_then(signal) {
        section(id::EXPLAIN_AS_PID1, vec![Row::text(voice.word(ends_pid1(signal)))]);
        section(id::EXPLAIN_TYPICAL, vec![Row::text(signal.typical.get(lang))]);
    }
    let worlds = meanings(number).iter().map(|m| Row {
        lead: Some(world(m.world).map_or(m.world, |w| w.name.get(lang)).into()),
        text: m.text.get(lang).into(),
        command: None,
    });
    section(id::EXPLAIN_WORLDS, worlds.collect());
    if let Some(page) = page {
        section(id::EXPLAIN_CHECK, rows(page.check, lang));
        section(id::EXPLAIN_CAUSES, cause_rows(page.causes, lang));
    }
    let told = claims().iter().filter(|c| c.codes.contains(&number)).map(|c| {
        let both = Args::new().with("holds", c.holds.get(lang)).with("fails", c.fails.get(lang));
        Row {
            lead: Some(format!("\u{201c}{}\u{201d}", c.claim.get(lang)).into()),
            text: fill(message(id::EXPLAIN_CLAIM, lang), &both).unwrap_or_default().into(),
            command: None,
        }
    });
    section(id::EXPLAIN_TABLES, told.collect());
    section(id::EXPLAIN_WHERE, where_rows(lang));
    if let Some(page) = page {
        sections.push(sources(page.sources));
    }
    let (title, prose) = match page {
        Some(page) => (page.title.get(lang).to_owned(), page.text.get(lang).to_owned()),
        None => plain_code(number, &voice),
    };
    let head = if given == number { number.to_string() } else { format!("{given} → {number}") };
    Sheet { head, title, prose, sections }
}

fn where_rows(lang: Lang) -> Vec<Row> {
    let row = |p: &exitus_reference::Place| Row {
        lead: None,
        text: format!("{} {}", p.shows.get(lang), p.caveat.get(lang)).trim().to_owned().into(),
        command: Some(p.command.into()),
    };
    places().iter().map(row).collect()
}

/// A code without a page of its own: what its range says.
fn plain_code(number: i64, voice: &Voice) -> (String, String) {
    let (title, prose) = match (number, signal_number(number).and_then(signal_name)) {
        (_, Some(_)) => (id::EXPLAIN_CODE_SIGNAL, id::EXPLAIN_CODE_SIGNAL_TEXT),
        (193.., _) => (id::EXPLAIN_CODE_HIGH, id::EXPLAIN_CODE_HIGH_TEXT),
        _ => (id::EXPLAIN_CODE_OWN, id::EXPLAIN_CODE_OWN_TEXT),
    };
    let fill = |words: MessageId| {
        let signal = signal_number(number).and_then(signal_name).unwrap_or_default();
        let number_of_signal = signal_number(number).map(|n| n.to_string()).unwrap_or_default();
        let negative = (number - 256).to_string();
        let message = Message::from(words)
            .with("code", number.to_string())
            .with("signal", signal)
            .with("number", number_of_signal)
            .with("negative", negative);
        voice.say(&message)
    };
    (fill(title), fill(prose))
}

/// How the kernel makes a code of a number, and what the rule of thumb says.
fn conversion(given: i64, number: i64) -> Message {
    let thumb = 256 - (given % 256).abs();
    let words = match (given < 0, thumb == number) {
        (true, true) => id::EXPLAIN_CONVERTED_NEGATIVE,
        (true, false) => id::EXPLAIN_CONVERTED_MULTIPLE,
        (false, _) => id::EXPLAIN_CONVERTED,
    };
    Message::from(words)
        .with("given", given.to_string())
        .with("code", number.to_string())
        .with("thumb", thumb.to_string())
        .with("multiple", (given - number).to_string())
}

fn ends_pid1(signal: &Signal) -> MessageId {
    match signal.ends_pid1 {
        exitus_reference::EndsPid1::Fault => id::EXPLAIN_PID1_FAULT,
        exitus_reference::EndsPid1::Outside => id::EXPLAIN_PID1_OUTSIDE,
        exitus_reference::EndsPid1::No => id::EXPLAIN_PID1_NO,
    }
}

fn signal_sheet(signal: &Signal, lang: Lang) -> Sheet {
    use exitus_reference::Action;
    let voice = Voice::plain(lang);
    let action = match signal.action {
        Action::Terminate => id::EXPLAIN_ACTION_TERMINATE,
        Action::Core => id::EXPLAIN_ACTION_CORE,
        Action::Ignore => id::EXPLAIN_ACTION_IGNORE,
        Action::Stop => id::EXPLAIN_ACTION_STOP,
        Action::Continue => id::EXPLAIN_ACTION_CONTINUE,
    };
    let title = Message::from(id::EXPLAIN_SIGNAL_TITLE)
        .with("number", signal.number.to_string())
        .with("code", (128 + signal.number).to_string());
    let elsewhere = if signal.elsewhere.is_empty() { Vec::new() } else { vec![Row::text(signal.elsewhere)] };
    let advice = signal.advice.get(lang);
    let sections = vec![
        Section { label: id::EXPLAIN_AS_PID1, rows: vec![Row::text(voice.word(ends_pid1(signal)))] },
        Section { label: id::EXPLAIN_TYPICAL, rows: vec![Row::text(signal.typical.get(lang))] },
        Section {
            label: id::EXPLAIN_CHECK,
            rows: if advice.is_empty() { Vec::new() } else { vec![Row::text(advice)] },
        },
        Section { label: id::EXPLAIN_ELSEWHERE, rows: elsewhere },
        sources(&["man:signal(7)", "linux:kernel/signal.c"]),
    ];
    Sheet { head: signal.name.to_owned(), title: voice.say(&title), prose: voice.word(action), sections }
}

fn windows_sheet(given: i64, status: Option<&'static WindowsStatus>, lang: Lang) -> Sheet {
    let voice = Voice::plain(lang);
    let value = status.map_or_else(|| (given & 0xffff_ffff) as u32, |s| s.value);
    let forms = Message::from(id::EXPLAIN_WINDOWS_FORMS)
        .with("unsigned", value.to_string())
        .with("signed", value.cast_signed().to_string())
        .with("hex", format!("0x{value:08X}"))
        .with("code", (value % 256).to_string());
    let prose = match status {
        Some(status) => format!("{}\n{}", status.text.get(lang), voice.say(&forms)),
        None => voice.say(&forms),
    };
    let title = status.map_or_else(|| voice.word(id::EXPLAIN_WINDOWS_UNKNOWN), |s| s.name.to_owned());
    let causes: Vec<_> = status.and_then(|s| s.cause).into_iter().collect();
    let mut sections = vec![Section { label: id::EXPLAIN_CAUSES, rows: cause_rows(&causes, lang) }];
    sections.extend(status.map(|s| sources(&[s.source])));
    Sheet { head: given.to_string(), title, prose, sections }
}

fn reason_sheet(reason: &Reason, lang: Lang) -> Sheet {
    let voice = Voice::plain(lang);
    let role = match reason.role {
        ReasonRole::Cause => id::EXPLAIN_ROLE_CAUSE,
        ReasonRole::Echo => id::EXPLAIN_ROLE_ECHO,
        ReasonRole::Marker => id::EXPLAIN_ROLE_MARKER,
        ReasonRole::Invented => id::EXPLAIN_ROLE_INVENTED,
        ReasonRole::Gone => id::EXPLAIN_ROLE_GONE,
    };
    let facts = Message::from(id::EXPLAIN_REASON_FACTS)
        .with("kind", voice.word(kind_name(reason.kind)))
        .with("who", reason.set_by)
        .with("since", reason.since)
        .with("until", reason.until);
    let messages = reason.messages.iter().map(|m| Row::text(*m)).collect();
    let commands = reason.commands.iter().map(|c| Row::command(c));
    let mut next = rows(reason.next, lang);
    next.extend(commands);
    let sections = vec![
        Section {
            label: id::EXPLAIN_FACTS,
            rows: vec![Row::text(voice.compose(&facts)), Row::text(voice.word(role))],
        },
        Section { label: id::EXPLAIN_MESSAGES, rows: messages },
        Section { label: id::EXPLAIN_LEADS, rows: rows(reason.leads, lang) },
        Section { label: id::EXPLAIN_CAUSES, rows: cause_rows(reason.causes, lang) },
        Section { label: id::EXPLAIN_NEXT, rows: next },
        sources(reason.sources),
    ];
    Sheet {
        head: reason.name.to_owned(),
        title: reason.title.get(lang).to_owned(),
        prose: reason.text.get(lang).to_owned(),
        sections,
    }
}

/// The message that names a kind of reason.
fn kind_name(kind: exitus_reference::ReasonKind) -> MessageId {
    use exitus_reference::ReasonKind as Kind;
    match kind {
        Kind::Waiting => id::EXPLAIN_KIND_WAITING,
        Kind::Terminated => id::EXPLAIN_KIND_TERMINATED,
        Kind::Pod => id::EXPLAIN_KIND_POD,
        Kind::Display => id::EXPLAIN_KIND_DISPLAY,
        Kind::Condition => id::EXPLAIN_KIND_CONDITION,
        Kind::Event => id::EXPLAIN_KIND_EVENT,
        Kind::Node => id::EXPLAIN_KIND_NODE,
    }
}

fn cause_sheet(cause: &Cause, lang: Lang) -> Sheet {
    let steps = cause.remedies.iter().map(|r| Row {
        lead: Some(Voice::plain(lang).risk(r.risk).into()),
        text: r.text.get(lang).into(),
        command: r.command.map(|c| capitals(c).into()),
    });
    let sections = vec![
        Section { label: id::EXPLAIN_DECIDED, rows: rows(cause.decided_by, lang) },
        Section { label: id::EXPLAIN_NEXT, rows: steps.collect() },
        sources(cause.references),
    ];
    Sheet {
        head: cause.id.to_string(),
        title: bare(cause.title, lang),
        prose: bare(cause.explanation, lang),
        sections,
    }
}

/// `{namespace}` → `NAMESPACE`: the form of a command that is about no particular pod.
fn capitals(command: &str) -> String {
    let mut out = command.to_owned();
    for name in exitus_reference::placeholders(command) {
        out = out.replace(&format!("{{{name}}}"), &name.to_uppercase());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_number_is_converted() {
        assert_eq!(conversion(i64::MIN, 0).args.get("thumb"), Some("256"));
        assert_eq!(conversion(-9, 247).args.get("thumb"), Some("247"));
    }
}
