//! Workloads that cannot make pods, and Jobs that failed.

use std::collections::{BTreeMap, HashSet};

use exitus_model::{Event, Incident, IncidentType};

use crate::family::{job, owner};
use crate::finding::Finding;
use crate::index::Index;
use crate::verdict::Verdict;

/// Kinds whose controllers make pods.
const MAKERS: [&str; 6] =
    ["ReplicaSet", "StatefulSet", "DaemonSet", "Job", "ReplicationController", "Deployment"];

pub(crate) fn judge<'s>(index: &Index<'s>) -> Vec<Finding<'s>> {
    let mut findings: Vec<Finding<'s>> = Vec::new();
    for workload in index.snapshot.workloads.iter().filter(|w| w.kind == "Job") {
        findings.extend(job::judge(index, workload).map(|v| Finding::of(workload, incident(&v), v)));
    }
    let refused = refused_by_event(index);
    for (key, verdict) in refused {
        findings.push(Finding::of_workload(key, incident(&verdict), verdict));
    }
    let mut told: HashSet<Key> =
        findings.iter().filter_map(|f| f.workload.as_ref()).flat_map(|key| and_owners(index, key)).collect();
    for workload in &index.snapshot.workloads {
        let key = (workload.kind.clone(), workload.namespace.clone(), workload.name.clone());
        if !told.contains(&key)
            && let Some(verdict) = owner::by_condition(index, workload)
        {
            told.extend(and_owners(index, &key));
            findings.push(Finding::of_workload(key, incident(&verdict), verdict));
        }
    }
    findings
}

/// A workload's kind, namespace and name.
type Key = (String, String, String);

/// A workload and those that repeat what it says: its owner, and the Deployment that a ReplicaSet's name tells.
fn and_owners(index: &Index<'_>, key: &Key) -> Vec<Key> {
    let (kind, namespace, name) = key;
    let of = |kind: &str, name: &str| (kind.to_owned(), namespace.clone(), name.to_owned());
    let mut keys = vec![key.clone()];
    let owner = index.workload(kind, namespace, name).and_then(|w| w.owner.as_ref());
    keys.extend(owner.map(|o| of(&o.kind, &o.name)));
    let deployment = name.rsplit_once('-').filter(|_| kind == "ReplicaSet");
    keys.extend(deployment.map(|(name, _)| of("Deployment", name)));
    keys
}

fn incident(verdict: &Verdict) -> Incident {
    Incident {
        kind: IncidentType::Job,
        is_current: true,
        at: verdict.evidence.first().at,
        started_at: None,
        exit_code: None,
        signal: None,
        reason: verdict.args.get("reason").map(str::to_owned),
        waiting_reason: None,
        restart_count: None,
    }
}

/// The last `FailedCreate` of each owner that has made no pod since.
fn refused_by_event(index: &Index<'_>) -> BTreeMap<Key, Verdict> {
    let mut last: BTreeMap<(&str, &str, &str), &Event> = BTreeMap::new();
    for event in index.snapshot.events.iter().filter(|e| e.reason == "FailedCreate") {
        let object = &event.object;
        if MAKERS.contains(&object.kind.as_str()) {
            let key = (object.kind.as_str(), object.namespace.as_str(), object.name.as_str());
            let newest = last.entry(key).or_insert(event);
            if event.last >= newest.last {
                *newest = event;
            }
        }
    }
    let judged = last.into_iter().filter_map(|((kind, namespace, name), event)| {
        let workload = index.workload(kind, namespace, name);
        let later = index.object_events(kind, namespace, name, event.object.uid.as_deref());
        let verdict = owner::by_event(index, event, &later, workload)?;
        Some(((kind.to_owned(), namespace.to_owned(), name.to_owned()), verdict))
    });
    judged.collect()
}
