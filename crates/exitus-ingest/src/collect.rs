//! Joining what several files and versions say of the same object.

use std::collections::HashMap;

use exitus_model::{
    Claim, Container, ContainerStatus, Ended, Event, Node, Pod, Problem, ProblemKind, Snapshot, State, Termination,
    Workload,
};

use crate::object::Object;

/// Gathers facts; each object is kept once, in its newest version.
#[derive(Default)]
pub(crate) struct Collector {
    pub(crate) snapshot: Snapshot,
    pub(crate) problems: Vec<Problem>,
    places: HashMap<String, usize>,
    uid_names: HashMap<String, String>,
}

/// What a watch says of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    Seen,
    Deleted,
}

impl Collector {
    pub(crate) fn add(&mut self, object: Object, change: Change, input: &str) {
        match object {
            Object::Pod(pod) => self.add_pod(*pod, change, input),
            Object::Event(event) => self.add_event(*event),
            Object::Node(node) => self.add_node(*node),
            Object::Workload(workload) => self.add_workload(*workload),
            Object::Claim(claim) => self.add_claim(*claim),
            Object::Other => self.snapshot.other_objects += 1,
        }
    }

    /// The place of an object that was seen before.
    ///
    /// An object without a UID joins the one of its name; one with a UID joins only its own.
    fn place(&mut self, kind: &str, name: &str, uid: Option<&str>, next: usize) -> Option<usize> {
        let by_name = format!("{kind} {name}");
        let key = uid.map_or_else(|| by_name.clone(), |uid| format!("{kind} {name} {uid}"));
        if let Some(&place) = self.places.get(&key) {
            return Some(place);
        }
        self.places.insert(key, next);
        // The latest of a name is the one that objects without a UID mean.
        self.places.insert(by_name, next);
        None
    }

    fn add_pod(&mut self, mut pod: Pod, change: Change, input: &str) {
        pod.gone = change == Change::Deleted;
        let name = pod.full_name();
        if let Some(uid) = &pod.uid {
            let known = self.uid_names.entry(uid.clone()).or_insert_with(|| name.clone());
            if *known != name {
                let kind = ProblemKind::SharedUid(uid.clone());
                let problem = Problem { input: input.to_owned(), line: Some(pod.origin.line), kind };
                self.problems.push(problem);
            }
        }
        let next = self.snapshot.pods.len();
        match self.place("Pod", &name, pod.uid.as_deref(), next) {
            None => self.snapshot.pods.push(pod),
            Some(place) => {
                let known = &mut self.snapshot.pods[place];
                let fell = merge_pod(known, pod);
                for container in fell {
                    let kind = ProblemKind::RestartCountFell { pod: name.clone(), container };
                    let problem = Problem { input: input.to_owned(), line: None, kind };
                    if !self.problems.contains(&problem) {
                        self.problems.push(problem);
                    }
                }
            }
        }
    }

    fn add_event(&mut self, event: Event) {
        let key = match &event.uid {
            Some(uid) => uid.clone(),
            None => format!(
                "{}/{}/{} {} {} {:?} {:?}",
                event.object.kind, event.object.namespace, event.object.name, event.reason, event.message,
                event.object.field_path, event.first
            ),
        };
        let next = self.snapshot.events.len();
        match self.place("Event", &key, None, next) {
            None => self.snapshot.events.push(event),
            Some(place) => {
                let known = &mut self.snapshot.events[place];
                let first = known.first.into_iter().chain(event.first).min();
                let last = known.last.into_iter().chain(event.last).max();
                let count = known.count.max(event.count);
                if event.last >= known.last {
                    *known = event;
                }
                (known.first, known.last, known.count) = (first, last, count);
            }
        }
    }

    fn add_node(&mut self, node: Node) {
        let next = self.snapshot.nodes.len();
        match self.place("Node", &node.name, None, next) {
            None => self.snapshot.nodes.push(node),
            Some(place) => self.snapshot.nodes[place] = node,
        }
    }

    fn add_workload(&mut self, workload: Workload) {
        let next = self.snapshot.workloads.len();
        let name = format!("{}/{}", workload.namespace, workload.name);
        match self.place(&workload.kind, &name, workload.uid.as_deref(), next) {
            None => self.snapshot.workloads.push(workload),
            Some(place) => self.snapshot.workloads[place] = workload,
        }
    }

    fn add_claim(&mut self, claim: Claim) {
        let next = self.snapshot.claims.len();
        match self.place("Claim", &format!("{}/{}", claim.namespace, claim.name), None, next) {
            None => self.snapshot.claims.push(claim),
            Some(place) => self.snapshot.claims[place] = claim,
        }
    }

    /// Puts the last things right that need all files.
    pub(crate) fn finish(mut self) -> (Snapshot, Vec<Problem>) {
        self.drop_events_before_their_pod();
        let newest = self.snapshot.newest_time();
        crate::kernel::resolve_times(&mut self.snapshot.kernel, newest);
        (self.snapshot, self.problems)
    }

    /// An event about this very UID cannot be older than the pod: clocks or files are mixed up.
    fn drop_events_before_their_pod(&mut self) {
        let created: HashMap<&str, jiff::Timestamp> =
            self.snapshot.pods.iter().filter_map(|p| Some((p.uid.as_deref()?, p.created?))).collect();
        let mut dropped = Vec::new();
        let files = &self.snapshot.files;
        let is_older = |event: &Event| {
            let created = event.object.uid.as_deref().and_then(|uid| created.get(uid));
            // Times in the status have whole seconds, so one second is no contradiction.
            matches!((created, event.last), (Some(c), Some(last)) if last.as_second() + 1 < c.as_second())
        };
        for event in self.snapshot.events.iter().filter(|e| is_older(e)) {
            let input = files.get(event.origin.file.0 as usize).cloned().unwrap_or_default();
            let kind = ProblemKind::EventBeforePod(format!("{}/{}", event.object.namespace, event.object.name));
            dropped.push(Problem { input, line: Some(event.origin.line), kind });
        }
        let keep: Vec<bool> = self.snapshot.events.iter().map(|e| !is_older(e)).collect();
        let mut keep = keep.into_iter();
        self.snapshot.events.retain(|_| keep.next().unwrap_or(true));
        self.problems.extend(dropped);
    }
}

/// Takes a further version of a pod in. Yields the containers whose restart count falls.
fn merge_pod(known: &mut Pod, version: Pod) -> Vec<String> {
    let is_newer = match (known.resource_version, version.resource_version) {
        (Some(a), Some(b)) => b >= a,
        _ => true,
    };
    let (mut newer, older) = if is_newer { (version, known.clone()) } else { (known.clone(), version) };
    newer.gone |= older.gone;
    newer.first_deletion = earlier_deletion(older.first_deletion.clone(), newer.first_deletion.take());
    let fell = fallen_restart_counts(&older, &newer);
    for ended in older.ended.iter().cloned().chain(terminations(&older)) {
        let is_shown = terminations(&newer)
            .chain(newer.ended.iter().cloned())
            .any(|e| e.container == ended.container && e.termination.is_same_instance(&ended.termination));
        if !is_shown {
            newer.ended.push(ended);
        }
    }
    newer.ended.sort_by_key(|e| e.termination.finished_at);
    *known = newer;
    fell
}

fn earlier_deletion(
    a: Option<exitus_model::Deletion>,
    b: Option<exitus_model::Deletion>,
) -> Option<exitus_model::Deletion> {
    match (a, b) {
        (Some(a), Some(b)) => Some(if b.requested() < a.requested() { b } else { a }),
        (a, b) => a.or(b),
    }
}

/// Every death that a version shows, the older of each container first.
fn terminations(pod: &Pod) -> impl Iterator<Item = Ended> + '_ {
    let shown = |container: &Container, status: &ContainerStatus, field: &str, termination: &Termination| Ended {
        container: container.name.clone(),
        path: format!("{}.{field}.terminated", container.status_path()),
        restart_count: status.restart_count,
        termination: termination.clone(),
    };
    pod.containers.iter().filter_map(|c| Some((c, c.status.as_ref()?))).flat_map(move |(container, status)| {
        let last = status.last.as_ref().map(|t| shown(container, status, "lastState", t));
        let current = match &status.state {
            State::Terminated(t) => Some(shown(container, status, "state", t)),
            _ => None,
        };
        last.into_iter().chain(current)
    })
}

fn fallen_restart_counts(older: &Pod, newer: &Pod) -> Vec<String> {
    let count = |c: &Container| c.status.as_ref().map(|s| s.restart_count);
    let fell = |c: &&Container| matches!((newer.container(&c.name).and_then(count), count(c)), (Some(new), Some(old)) if new < old);
    older.containers.iter().filter(fell).map(|c| c.name.clone()).collect()
}
