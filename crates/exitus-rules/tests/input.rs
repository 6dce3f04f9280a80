//! Input that is large, or holds numbers that nothing sane would write.

use std::fmt::Write as _;

use exitus_ingest::Reader;
use exitus_model::Report;
use exitus_rules::{Selection, diagnose};

/// What is found in objects in YAML.
fn found_in(yaml: &str) -> Report {
    let mut reader = Reader::new();
    reader.read("objects.yaml", yaml.as_bytes());
    let (snapshot, problems) = reader.finish();
    assert_eq!(problems, []);
    diagnose(&snapshot, problems, &Selection { all: true, ..Selection::default() })
        .expect("no target to miss")
}

/// Workloads of which items speak.
fn workloads(report: &Report) -> Vec<String> {
    report.items.iter().filter_map(|i| i.subject.workload.as_ref()).map(|(k, n)| format!("{k}/{n}")).collect()
}

fn refused(kind: &str, name: &str) -> String {
    format!(
        "---\napiVersion: apps/v1\nkind: {kind}\nmetadata: {{name: {name}, namespace: shop}}\nstatus:\n  \
         conditions: [{{type: ReplicaFailure, status: 'True', reason: FailedCreate, message: exceeded quota}}]\n"
    )
}

#[test]
fn thousands_of_pods_that_only_events_name_are_each_told_once() {
    let mut yaml = String::new();
    for event in 0..6000 {
        let pod = event % 3000;
        writeln!(
            yaml,
            "---\napiVersion: v1\nkind: Event\nmetadata: {{name: e{event}, namespace: shop}}\n\
             involvedObject: {{kind: Pod, namespace: shop, name: p{pod}, fieldPath: 'spec.containers{{app}}'}}\n\
             reason: BackOff\nmessage: Back-off restarting failed container app in pod p{pod}"
        )
        .expect("a string grows");
    }
    let report = found_in(&yaml);
    assert_eq!(report.items.len(), 3000);
    assert_eq!(report.items.iter().filter(|i| i.subject.container.as_deref() == Some("app")).count(), 3000);
}

#[test]
fn thousands_of_deployments_do_not_repeat_their_replica_sets() {
    let sets = (0..2000).map(|n| refused("ReplicaSet", &format!("d{n}-5f6")));
    let deployments = (0..2000).map(|n| refused("Deployment", &format!("d{n}")));
    let told = workloads(&found_in(&sets.chain(deployments).collect::<String>()));
    assert_eq!(told.len(), 2000);
    assert!(told.iter().all(|name| name.starts_with("ReplicaSet/")));
}

#[test]
fn a_replica_set_whose_name_begins_alike_silences_nobody() {
    let yaml = refused("ReplicaSet", "api-web-5f6")
        + &refused("Deployment", "api")
        + &refused("Deployment", "api-web");
    assert_eq!(workloads(&found_in(&yaml)), ["ReplicaSet/api-web-5f6", "Deployment/api"]);
}

#[test]
fn the_least_restart_count_is_only_a_number() {
    let report = found_in(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: shop}\nspec: {containers: [{name: app}]}\n\
         status: {phase: Running, containerStatuses: [{name: app, restartCount: -9223372036854775808, \
         state: {running: {}}, lastState: {terminated: {exitCode: 3, reason: Error}}}]}\n",
    );
    assert_eq!(report.items.len(), 1);
}
