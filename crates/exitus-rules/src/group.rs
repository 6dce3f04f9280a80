//! Diagnoses that are one matter: shown once, with the names of the others.

use std::collections::HashMap;

use exitus_model::{Diagnosis, Group};

/// Groups items by cause within one workload, then by cause on one node in one minute, then by cause and image.
///
/// The order of the groups is that of their first items.
pub(crate) fn group(items: &[Diagnosis]) -> Vec<Group> {
    let mut groups: Vec<Group> = items.iter().enumerate().map(|(i, _)| Group { items: vec![i] }).collect();
    for key in [by_workload, by_node_and_minute, by_image] {
        groups = merge(items, groups, key);
    }
    groups
}

type Key = Option<(String, String)>;

/// Merges groups of one item that have the same key; a group that has others already takes no more.
fn merge(items: &[Diagnosis], groups: Vec<Group>, key: fn(&Diagnosis) -> Key) -> Vec<Group> {
    let mut merged: Vec<Group> = Vec::new();
    let mut places: HashMap<(String, bool, String, String), usize> = HashMap::new();
    for group in groups {
        let first = &items[group.items[0]];
        let Some((a, b)) = key(first).filter(|_| group.items.len() == 1) else {
            merged.push(group);
            continue;
        };
        let key = (first.cause.to_string(), first.incident.is_current, a, b);
        match places.get(&key) {
            Some(&place) => merged[place].items.extend(group.items),
            None => {
                places.insert(key, merged.len());
                merged.push(group);
            }
        }
    }
    merged
}

fn by_workload(item: &Diagnosis) -> Key {
    let (kind, name) = item.subject.workload.as_ref()?;
    item.subject.pod.as_ref()?;
    let namespace = item.subject.namespace.as_deref().unwrap_or_default();
    let container = item.subject.container.as_deref().unwrap_or_default();
    Some((format!("{namespace}/{kind}/{name}"), container.to_owned()))
}

fn by_node_and_minute(item: &Diagnosis) -> Key {
    let node = item.subject.node.clone()?;
    let minute = item.incident.at?.as_second() / 60;
    Some((node, minute.to_string()))
}

fn by_image(item: &Diagnosis) -> Key {
    let image = item.subject.image.clone()?;
    item.cause.as_str().starts_with("image-").then_some((image, String::new()))
}
