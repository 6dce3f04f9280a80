//! Evidence as short lines: what stands in neighbouring fields of one object is told together.

use exitus_model::{Diagnosis, Evidence, Message, Source, format_duration};
use exitus_reference::message_id as id;
use jiff::Timestamp;

use crate::kernel;
use crate::voice::Voice;
use crate::wrap::Cut;

/// A line of the facts.
pub(crate) struct Fact {
    pub(crate) at: Option<Timestamp>,
    pub(crate) source: Source,
    pub(crate) text: String,
    pub(crate) file: Option<String>,
    pub(crate) line: Option<u32>,
    pub(crate) is_echo: bool,
    pub(crate) cut: Cut,
}

/// The facts of an item, the deciding one first.
pub(crate) fn facts(item: &Diagnosis, voice: &Voice) -> Vec<Fact> {
    let mut clusters: Vec<Vec<&Evidence>> = Vec::new();
    for piece in item.evidence.iter() {
        match clusters.iter_mut().find(|c| belongs(c[0], piece)) {
            Some(cluster) => cluster.push(piece),
            None => clusters.push(vec![piece]),
        }
    }
    clusters.iter().map(|pieces| fact(item, pieces, voice)).collect()
}

/// Whether two pieces stand in one small part of one object: a container's state, a condition, an event.
fn belongs(a: &Evidence, b: &Evidence) -> bool {
    let is_one_place = (a.source, &a.object, &a.uid, &a.file, a.line, a.is_echo)
        == (b.source, &b.object, &b.uid, &b.file, b.line, b.is_echo);
    let is_one_time = a.at == b.at || a.at.is_none() || b.at.is_none();
    let (Some(a_path), Some(b_path)) = (&a.path, &b.path) else { return false };
    is_one_place && is_one_time && is_small(a, part(a_path)) && part(a_path) == part(b_path)
}

/// The path without its last field.
fn part(path: &str) -> &str {
    path.rfind('.').filter(|at| !path[*at..].contains(']')).map_or("", |at| &path[..at])
}

fn leaf(path: &str) -> &str {
    path.strip_prefix(part(path)).map_or(path, |l| l.trim_start_matches('.'))
}

fn is_small(piece: &Evidence, part: &str) -> bool {
    let is_event = piece.source == Source::Event && part.is_empty();
    is_event || part.ends_with(".terminated") || part.ends_with(".waiting") || part.contains("onditions[")
}

fn fact(item: &Diagnosis, pieces: &[&Evidence], voice: &Voice) -> Fact {
    let first = pieces[0];
    let text = match (first.source, first.path.as_deref()) {
        (Source::Log, _) => format!("\"{}\"", first.value),
        (Source::Kernel, _) => kernel::brief(&first.value),
        (Source::Event, Some(path)) if part(path).is_empty() => event(pieces),
        (_, Some(path)) => fields(item, path, pieces, voice),
        (_, None) => first.value.clone(),
    };
    Fact {
        at: pieces.iter().find_map(|p| p.at),
        source: first.source,
        text,
        file: first.file.clone(),
        line: first.line.filter(|l| *l > 0),
        is_echo: first.is_echo,
        cut: if first.source == Source::Log { Cut::End } else { Cut::Middle },
    }
}

/// `Reason: message, count 5`.
fn event(pieces: &[&Evidence]) -> String {
    let find =
        |names: &[&str]| pieces.iter().find(|p| p.path.as_deref().is_some_and(|path| names.contains(&path)));
    let reason = find(&["reason"]).map(|p| p.value.as_str());
    let message = find(&["message", "note"]).map(|p| p.value.as_str());
    let mut text: Vec<String> = Vec::new();
    match (reason, message) {
        (Some(reason), Some(message)) => text.push(format!("{reason}: {message}")),
        (Some(only), None) | (None, Some(only)) => text.push(only.to_owned()),
        (None, None) => {}
    }
    for piece in pieces {
        let path = piece.path.as_deref().unwrap_or_default();
        if !["reason", "message", "note"].contains(&path) {
            text.push(format!("{path} {}", piece.value));
        }
    }
    text.join(", ")
}

/// `lastState.terminated: OOMKilled, exit 137 (SIGKILL) after 3s`.
fn fields(item: &Diagnosis, path: &str, pieces: &[&Evidence], voice: &Voice) -> String {
    let first = pieces[0];
    let whose = owner(item, first);
    if !is_small(first, part(path)) {
        return format!("{whose}{}: {}", short(path, item), first.value);
    }
    let mut values: Vec<(u8, String)> = pieces.iter().map(|p| value(item, p, voice)).collect();
    values.sort_by_key(|(order, _)| *order);
    let mut text = values.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join(voice.raw(id::UI_COMMA));
    let is_end = pieces.iter().any(|p| p.at.is_some() && p.at == item.incident.at);
    if let (Some(start), Some(end)) = (item.incident.started_at, item.incident.at)
        && part(path).ends_with(".terminated")
        && is_end
        && end >= start
    {
        let duration = format_duration(end.as_second() - start.as_second());
        text = voice.compose(&Message::from(id::UI_AFTER).with("what", text).with("duration", duration));
    }
    format!("{whose}{}: {text}", short(part(path), item))
}

/// One field's value, and its place among its neighbours: reason, code, the rest, long text.
fn value(item: &Diagnosis, piece: &Evidence, voice: &Voice) -> (u8, String) {
    let value = &piece.value;
    match leaf(piece.path.as_deref().unwrap_or_default()) {
        "reason" => (0, value.clone()),
        "exitCode" => {
            let is_incident = item.incident.exit_code.is_some_and(|code| code.to_string() == *value);
            let signal = item.incident.signal.filter(|_| is_incident).unwrap_or_default();
            (1, voice.say(&Message::from(id::UI_EXIT).with("code", value).with("signal", signal)))
        }
        "message" => (9, format!("\"{value}\"")),
        name => (2, format!("{name} {value}")),
    }
}

/// Names the object where it is not the item's pod or node.
fn owner(item: &Diagnosis, piece: &Evidence) -> String {
    if matches!(piece.source, Source::Event | Source::Log | Source::Kernel) {
        return String::new();
    }
    let subject = &item.subject;
    let (kind, name) = piece.object.split_once(' ').unwrap_or(("", &piece.object));
    let namespace = subject.namespace.as_deref().unwrap_or_default();
    let name = name.strip_prefix(namespace).and_then(|n| n.strip_prefix('/')).unwrap_or(name);
    let own = match kind {
        "Pod" => subject.pod.as_deref(),
        "Node" => subject.node.as_deref(),
        _ => subject
            .workload
            .as_ref()
            .filter(|(own, _)| own == kind && subject.pod.is_none())
            .map(|(_, n)| n.as_str()),
    };
    if own == Some(name) || name.is_empty() {
        String::new()
    } else {
        format!("{kind} {name} ").trim_start().to_owned()
    }
}

/// A path without what the reader knows: `status`, and the item's own container.
fn short(path: &str, item: &Diagnosis) -> String {
    let own = item.subject.container.as_deref().map(|name| format!("[name={name}]."));
    if let Some((_, rest)) =
        own.and_then(|own| path.split_once(&own).filter(|(list, _)| list.contains("ontainer")))
    {
        return rest.to_owned();
    }
    let path = path.strip_prefix("status.").unwrap_or(path);
    match path.strip_prefix("conditions[type=").and_then(|rest| rest.split_once(']')) {
        Some((condition, rest)) => format!("condition {condition}{rest}"),
        None => path.to_owned(),
    }
}
