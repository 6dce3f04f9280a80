//! Items in brief: one line for each, and for several alike.

use std::collections::HashMap;

use exitus_model::{Confidence, Diagnosis, Message};
use exitus_reference::message_id as id;
use jiff::Timestamp;

use crate::item::container_name;
use crate::layout::subjects;
use crate::voice::{Voice, counted};

/// A line, and the items that it tells.
pub(crate) struct Told<'a> {
    pub(crate) items: Vec<&'a Diagnosis>,
    pub(crate) line: String,
}

/// Tells items in brief, those of the same title, container and code together; `time` writes a time.
pub(crate) fn tell<'a>(
    items: &[&'a Diagnosis],
    voice: &Voice,
    time: impl Fn(Timestamp) -> String,
) -> Vec<Told<'a>> {
    let mut alike: Vec<Vec<&Diagnosis>> = Vec::new();
    let mut known = HashMap::new();
    for item in items {
        let incident = &item.incident;
        let kind = (voice.title(item), &item.subject.container, incident.exit_code, incident.is_current);
        let at = *known.entry(kind).or_insert(alike.len());
        if at == alike.len() {
            alike.push(Vec::new());
        }
        alike[at].push(item);
    }
    alike.into_iter().map(|items| Told { line: line(&items, voice, &time), items }).collect()
}

fn line(items: &[&Diagnosis], voice: &Voice, time: &impl Fn(Timestamp) -> String) -> String {
    let last = items.iter().max_by_key(|d| d.incident.at).unwrap_or(&items[0]);
    let incident = &last.incident;
    let is_past = !incident.is_current;
    let name = Some(container_name(last, voice))
        .filter(|n| !n.is_empty())
        .unwrap_or_else(|| voice.word(id::UI_THE_POD));
    let is_many = items.len() > 1;
    let (code, words) = match (incident.exit_code.filter(|_| is_past), is_many) {
        (Some(code), false) => (code.to_string(), id::UI_ENDED),
        (Some(code), true) => (code.to_string(), id::UI_ENDED_MANY),
        (None, false) => (String::new(), id::UI_PAST),
        (None, true) => (String::new(), id::UI_PAST_MANY),
    };
    let times = || items.iter().filter_map(|d| d.incident.at);
    let write = |at: Option<Timestamp>| at.map(time).unwrap_or_default();
    let what = Message::from(words)
        .with("name", name)
        .with("code", code)
        .with("count", items.len().to_string())
        .with("at", write(incident.at.filter(|_| is_past)))
        .with("from", write(times().min()))
        .with("to", write(times().max()));
    let whole = Message::from(if is_past { id::UI_EARLIER } else { id::UI_NOTE });
    // What is not sure says so even in one line; the least sure speaks for all.
    let least = items.iter().map(|d| d.confidence).min().filter(|c| *c != Confidence::Confirmed);
    let confidence = least.map(|c| voice.confidence(c)).unwrap_or_default();
    let whole = whole.with("what", voice.compose(&what)).with("title", voice.title(last));
    voice.compose(&whole.with("confidence", confidence))
}

/// Whom items in brief are about: a pod, or so many pods of a workload.
pub(crate) fn whom(items: &[&Diagnosis], voice: &Voice) -> String {
    let count = subjects(items);
    if count == 1 {
        return subject_name(items[0]);
    }
    if items.iter().any(|d| d.subject.pod.is_none()) {
        return voice.say(&counted(count, id::UI_GROUP_OBJECTS, id::UI_GROUP_OBJECTS));
    }
    let words = counted(count, id::UI_GROUP_PODS, id::UI_GROUP_PODS);
    voice.say(&words.with("workload", common_workload(items).unwrap_or_default()))
}

/// The workload that all items share: `Deployment api`.
pub(crate) fn common_workload(items: &[&Diagnosis]) -> Option<String> {
    let (kind, name) = items[0].subject.workload.as_ref()?;
    let is_shared = items.iter().all(|d| {
        (d.subject.workload.as_ref(), &d.subject.namespace)
            == (items[0].subject.workload.as_ref(), &items[0].subject.namespace)
    });
    is_shared.then(|| format!("{kind} {name}"))
}

/// The node that all items share.
pub(crate) fn common_node(items: &[&Diagnosis]) -> Option<String> {
    let node = items[0].subject.node.as_ref()?;
    items.iter().all(|d| d.subject.node.as_ref() == Some(node)).then(|| node.clone())
}

/// `shop/api-7d9f`, `Deployment shop/api` or `Node node-a`.
pub(crate) fn subject_name(item: &Diagnosis) -> String {
    let subject = &item.subject;
    let spaced = |name: &str| match &subject.namespace {
        Some(namespace) => format!("{namespace}/{name}"),
        None => name.to_owned(),
    };
    match (&subject.pod, &subject.workload, &subject.node, &subject.pod_uid) {
        (Some(pod), ..) => spaced(pod),
        (None, Some((kind, name)), ..) => format!("{kind} {}", spaced(name)),
        (None, None, Some(node), _) => format!("Node {node}"),
        (None, None, None, Some(uid)) => format!("Pod {uid}"),
        (None, None, None, None) => subject.namespace.clone().unwrap_or_else(|| "?".to_owned()),
    }
}
