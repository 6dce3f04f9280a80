//! Workloads that cannot make pods, and Jobs that failed.

use std::collections::BTreeMap;

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
    for ((kind, namespace, name), verdict) in refused {
        findings.push(Finding::of_workload((kind, namespace, name), incident(&verdict), verdict));
    }
    for workload in &index.snapshot.workloads {
        let is_told = findings.iter().any(|f| {
            f.workload.as_ref().is_some_and(|(kind, namespace, name)| {
                let owned = index.workload(kind, namespace, name).and_then(|w| w.owner.as_ref());
                let is_same =
                    *kind == workload.kind && *namespace == workload.namespace && *name == workload.name;
                // A Deployment repeats what its ReplicaSet says.
                let is_owner = owned.is_some_and(|o| o.kind == workload.kind && o.name == workload.name)
                    || (*kind == "ReplicaSet"
                        && *namespace == workload.namespace
                        && name.starts_with(&format!("{}-", workload.name)));
                is_same || is_owner
            })
        });
        if !is_told {
            findings
                .extend(owner::by_condition(index, workload).map(|v| Finding::of(workload, incident(&v), v)));
        }
    }
    findings
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
fn refused_by_event(index: &Index<'_>) -> BTreeMap<(String, String, String), Verdict> {
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
