//! Joining what several files and versions say of the same object.
//!
//! Nothing here depends on the order of the files: versions are told apart by what they say of themselves.

mod version;

use std::collections::{HashMap, HashSet};

use exitus_model::{Event, Origin, Pod, Problem, ProblemKind, Snapshot, Workload};
use jiff::Timestamp;

use self::version::{Counts, Rank, Versioned, fallen, merge_pod};
use crate::object::{Facts, Object};

/// Gathers facts; each object is kept once, in its newest version.
#[derive(Default)]
pub(crate) struct Collector {
    pub(crate) snapshot: Snapshot,
    pub(crate) problems: Vec<Problem>,
    pods: Versions,
    /// The restart counts of pods of which several versions were read, by the pod's place.
    counts: HashMap<usize, Vec<Counts>>,
    events: Versions,
    nodes: Versions,
    workloads: Versions,
    claims: Versions,
    /// The names that a UID was seen with.
    uid_names: HashMap<String, Vec<String>>,
    /// Containers without a spec that were reported.
    unlisted: HashSet<(String, String)>,
}

/// How an object was come by.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sighting {
    /// A watch says that it is gone.
    pub(crate) is_deleted: bool,
    /// A cut or a fault ended it early.
    pub(crate) is_cut: bool,
}

/// Where the objects of one kind are kept, and how new the versions of them are.
#[derive(Default)]
struct Versions {
    places: HashMap<String, usize>,
    ranks: Vec<Rank>,
}

impl Versions {
    /// The place of an object that was seen before; else it gets the next one.
    fn place(&mut self, key: String, rank: &Rank) -> Option<usize> {
        let next = self.ranks.len();
        let place = *self.places.entry(key).or_insert(next);
        if place == next {
            self.ranks.push(*rank);
            return None;
        }
        Some(place)
    }

    /// Keeps an object in its newest version.
    fn offer<T>(&mut self, kept: &mut Vec<T>, key: String, object: T, rank: Rank, files: &[String]) {
        match self.place(key, &rank) {
            None => kept.push(object),
            Some(place) if rank.is_newer_than(&self.ranks[place], files) => {
                (kept[place], self.ranks[place]) = (object, rank);
            }
            Some(_) => {}
        }
    }
}

/// Objects with a UID join only those of the same; the others join by name and creation.
fn key(name: &str, uid: Option<&str>, created: Option<Timestamp>) -> String {
    match (uid, created) {
        (Some(uid), _) => format!("{name} uid {uid}"),
        (None, Some(created)) => format!("{name} created {created}"),
        (None, None) => name.to_owned(),
    }
}

impl Collector {
    pub(crate) fn add(&mut self, object: Object, sighting: Sighting) {
        let (version, files) = (object.version, &self.snapshot.files);
        match object.facts {
            Facts::Pod(pod) => {
                let rank = pod.rank(version, !sighting.is_cut);
                self.add_pod(*pod, rank, sighting);
            }
            Facts::Event(event) => {
                let rank = event.rank(version, !sighting.is_cut);
                self.add_event(*event, rank);
            }
            Facts::Node(node) => {
                let rank = node.rank(version, !sighting.is_cut);
                self.nodes.offer(&mut self.snapshot.nodes, node.name.clone(), *node, rank, files);
            }
            Facts::Workload(workload) => {
                let rank = workload.rank(version, !sighting.is_cut);
                let key = key(&workload_name(&workload), workload.uid.as_deref(), workload.created);
                self.workloads.offer(&mut self.snapshot.workloads, key, *workload, rank, files);
            }
            Facts::Claim(claim) => {
                let rank = claim.rank(version, !sighting.is_cut);
                let key = format!("{}/{}", claim.namespace, claim.name);
                self.claims.offer(&mut self.snapshot.claims, key, *claim, rank, files);
            }
            Facts::Other => self.snapshot.other_objects += 1,
        }
    }

    fn add_pod(&mut self, mut pod: Pod, rank: Rank, sighting: Sighting) {
        pod.gone = sighting.is_deleted;
        self.report_names(&pod);
        if rank.is_whole {
            self.report_unlisted(&pod);
        }
        let key = key(&pod.full_name(), pod.uid.as_deref(), pod.created);
        match self.pods.place(key, &rank) {
            None => self.snapshot.pods.push(pod),
            Some(place) => self.merge(place, pod, rank),
        }
    }

    fn merge(&mut self, place: usize, pod: Pod, rank: Rank) {
        let known_rank = &mut self.pods.ranks[place];
        let counts = self.counts.entry(place).or_default();
        if counts.is_empty() {
            counts.extend(Counts::of(&self.snapshot.pods[place], known_rank));
        }
        counts.extend(Counts::of(&pod, &rank));
        let files = &self.snapshot.files;
        let is_newer = rank.is_newer_than(known_rank, files);
        let known = &mut self.snapshot.pods[place];
        let before = std::mem::replace(known, Pod::named(known.origin, "", ""));
        *known = if is_newer { merge_pod(pod, before, files) } else { merge_pod(before, pod, files) };
        if is_newer {
            *known_rank = rank;
        }
    }

    /// A UID belongs to one name.
    fn report_names(&mut self, pod: &Pod) {
        let Some(uid) = &pod.uid else { return };
        let name = pod.full_name();
        let known = self.uid_names.entry(uid.clone()).or_default();
        if known.contains(&name) {
            return;
        }
        known.push(name);
        if known.len() > 1 {
            let kind = ProblemKind::SharedUid(uid.clone());
            self.problems.push(problem_at(&self.snapshot, pod.origin, kind));
        }
    }

    /// Reports containers that only the status names, each once.
    fn report_unlisted(&mut self, pod: &Pod) {
        if !pod.containers.iter().any(|c| c.is_in_spec) {
            return;
        }
        for container in pod.containers.iter().filter(|c| !c.is_in_spec) {
            let name = pod.full_name();
            if self.unlisted.insert((name.clone(), container.name.clone())) {
                let kind = ProblemKind::ContainerNotInSpec { pod: name, container: container.name.clone() };
                self.problems.push(problem_at(&self.snapshot, container.origin, kind));
            }
        }
    }

    fn add_event(&mut self, event: Event, rank: Rank) {
        let key = match &event.uid {
            Some(uid) => uid.clone(),
            None => format!(
                "{}/{}/{} {} {} {:?} {:?}",
                event.object.kind,
                event.object.namespace,
                event.object.name,
                event.reason,
                event.message,
                event.object.field_path,
                event.first
            ),
        };
        let Some(place) = self.events.place(key, &rank) else {
            self.snapshot.events.push(event);
            return;
        };
        let known = &mut self.snapshot.events[place];
        let first = known.first.into_iter().chain(event.first).min();
        let last = known.last.into_iter().chain(event.last).max();
        let count = known.count.max(event.count);
        if rank.is_newer_than(&self.events.ranks[place], &self.snapshot.files) {
            *known = event;
            self.events.ranks[place] = rank;
        }
        (known.first, known.last, known.count) = (first, last, count);
    }

    /// Puts the last things right that need all files.
    pub(crate) fn finish(mut self) -> (Snapshot, Vec<Problem>) {
        self.join_pods_without_uid();
        self.join_workloads_without_uid();
        self.report_fallen_counts();
        for pod in &mut self.snapshot.pods {
            version::drop_shown_deaths(pod);
        }
        self.drop_events_before_their_pod();
        let newest = self.snapshot.newest_time();
        crate::kernel::resolve_times(&mut self.snapshot.kernel, newest);
        (self.snapshot, self.problems)
    }

    /// A pod without a UID joins the one of its name: of the same creation where it says that, else the newest.
    fn join_pods_without_uid(&mut self) {
        let identity =
            |pod: &Pod| Identity { name: pod.full_name(), has_uid: pod.uid.is_some(), created: pod.created };
        let identities: Vec<Identity> = self.snapshot.pods.iter().map(identity).collect();
        let joins = joins(&identities, &self.pods.ranks, &self.snapshot.files);
        for &(from, to) in &joins {
            let origin = self.snapshot.pods[from].origin;
            let pod = std::mem::replace(&mut self.snapshot.pods[from], Pod::named(origin, "", ""));
            let rank = self.pods.ranks[from];
            let earlier = self.counts.remove(&from).unwrap_or_default();
            self.merge(to, pod, rank);
            self.counts.entry(to).or_default().extend(earlier);
        }
        remove(&mut self.snapshot.pods, &mut self.counts, &joins);
    }

    fn join_workloads_without_uid(&mut self) {
        let identity = |workload: &Workload| Identity {
            name: workload_name(workload),
            has_uid: workload.uid.is_some(),
            created: workload.created,
        };
        let identities: Vec<Identity> = self.snapshot.workloads.iter().map(identity).collect();
        let joins = joins(&identities, &self.workloads.ranks, &self.snapshot.files);
        for &(from, to) in &joins {
            let rank = self.workloads.ranks[from];
            if rank.is_newer_than(&self.workloads.ranks[to], &self.snapshot.files) {
                let uid = self.snapshot.workloads[to].uid.clone();
                let newer = self.snapshot.workloads[from].clone();
                self.snapshot.workloads[to] = Workload { uid: newer.uid.clone().or(uid), ..newer };
                self.workloads.ranks[to] = rank;
            }
        }
        remove(&mut self.snapshot.workloads, &mut HashMap::new(), &joins);
    }

    fn report_fallen_counts(&mut self) {
        let mut found = Vec::new();
        for (place, counts) in &mut self.counts {
            let Some(pod) = self.snapshot.pods.get(*place) else { continue };
            found.extend(fallen(counts, &self.snapshot.files).into_iter().map(|(container, origin)| {
                problem_at(
                    &self.snapshot,
                    origin,
                    ProblemKind::RestartCountFell { pod: pod.full_name(), container },
                )
            }));
        }
        found.sort_by(|a, b| (&a.input, a.line).cmp(&(&b.input, b.line)));
        self.problems.extend(found);
    }

    /// An event about this very UID cannot be older than the pod: clocks or files are mixed up.
    fn drop_events_before_their_pod(&mut self) {
        let created: HashMap<&str, Timestamp> =
            self.snapshot.pods.iter().filter_map(|p| Some((p.uid.as_deref()?, p.created?))).collect();
        let is_older = |event: &Event| {
            let created = event.object.uid.as_deref().and_then(|uid| created.get(uid));
            // Times in the status have whole seconds, so one second is no contradiction.
            matches!((created, event.last), (Some(c), Some(last)) if last.as_second() + 1 < c.as_second())
        };
        let older: Vec<bool> = self.snapshot.events.iter().map(is_older).collect();
        for (event, _) in self.snapshot.events.iter().zip(&older).filter(|(_, is_older)| **is_older) {
            let kind =
                ProblemKind::EventBeforePod(format!("{}/{}", event.object.namespace, event.object.name));
            self.problems.push(problem_at(&self.snapshot, event.origin, kind));
        }
        let mut older = older.into_iter();
        self.snapshot.events.retain(|_| older.next() != Some(true));
    }
}

fn problem_at(snapshot: &Snapshot, origin: Origin, kind: ProblemKind) -> Problem {
    Problem { input: snapshot.file_name(origin.file).to_owned(), line: Some(origin.line), kind }
}

fn workload_name(workload: &Workload) -> String {
    format!("{} {}/{}", workload.kind, workload.namespace, workload.name)
}

/// What tells whether two entries are one object.
struct Identity {
    name: String,
    has_uid: bool,
    created: Option<Timestamp>,
}

/// Which entries without a UID are to be taken into which others: those that say their creation first, so that the
/// rest finds them joined.
fn joins(identities: &[Identity], ranks: &[Rank], files: &[String]) -> Vec<(usize, usize)> {
    let mut by_name: HashMap<&str, Vec<usize>> = HashMap::new();
    for (place, identity) in identities.iter().enumerate() {
        by_name.entry(&identity.name).or_default().push(place);
    }
    let mut joins = Vec::new();
    for (place, identity) in identities.iter().enumerate().filter(|(_, identity)| !identity.has_uid) {
        let others = by_name.get(identity.name.as_str()).map(Vec::as_slice).unwrap_or_default();
        let fits = |other: &&usize| {
            let other = &identities[**other];
            match identity.created {
                Some(created) => other.has_uid && other.created.is_none_or(|c| c == created),
                None => other.has_uid || other.created.is_some(),
            }
        };
        let newest = others.iter().filter(fits).copied().max_by(|&a, &b| {
            let by_creation = identities[a].created.cmp(&identities[b].created);
            by_creation.then_with(|| ranks[a].cmp_newness(&ranks[b], files))
        });
        joins.extend(newest.map(|newest| (identity.created.is_none(), place, newest)));
    }
    joins.sort_by_key(|(is_without_creation, ..)| *is_without_creation);
    let chained: HashMap<usize, usize> = joins.iter().map(|&(_, from, to)| (from, to)).collect();
    let last = |to: usize| chained.get(&to).copied().unwrap_or(to);
    joins.into_iter().map(|(_, from, to)| (from, last(to))).collect()
}

/// Removes the entries that were joined to others.
fn remove<T>(kept: &mut Vec<T>, counts: &mut HashMap<usize, Vec<Counts>>, joins: &[(usize, usize)]) {
    if joins.is_empty() {
        return;
    }
    let gone: HashSet<usize> = joins.iter().map(|(from, _)| *from).collect();
    let mut new_place = 0;
    let mut moved = HashMap::new();
    let mut place = 0;
    kept.retain(|_| {
        let is_kept = !gone.contains(&place);
        if is_kept {
            if let Some(counts) = counts.remove(&place) {
                moved.insert(new_place, counts);
            }
            new_place += 1;
        }
        place += 1;
        is_kept
    });
    *counts = moved;
}
