//! Which of two versions of an object is newer, and what the older one adds.

use std::cmp::Ordering;

use exitus_model::{
    Claim, Container, ContainerStatus, Deletion, Ended, Event, Node, Origin, Pod, State, Termination,
    Workload,
};
use jiff::Timestamp;

/// What orders versions of one object.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rank {
    /// A version that a cut or a fault ended early never replaces a whole one.
    pub(super) is_whole: bool,
    /// `metadata.resourceVersion`.
    number: Option<u64>,
    /// The newest time in it.
    newest: Option<Timestamp>,
    /// How much it says: between equals the fuller one is kept.
    weight: usize,
    pub(super) origin: Origin,
}

impl Rank {
    pub(super) fn is_newer_than(&self, other: &Rank, files: &[String]) -> bool {
        self.cmp_newness(other, files) == Ordering::Greater
    }

    /// Between equals, the one that stands first by the names of the files, so that their order does not matter.
    pub(super) fn cmp_newness(&self, other: &Rank, files: &[String]) -> Ordering {
        let by_number = match (self.number, other.number) {
            (Some(a), Some(b)) => a.cmp(&b),
            _ => self.newest.cmp(&other.newest).then(self.number.cmp(&other.number)),
        };
        self.is_whole
            .cmp(&other.is_whole)
            .then(by_number)
            .then(self.weight.cmp(&other.weight))
            .then(self.newest.cmp(&other.newest))
            .then_with(|| place(other.origin, files).cmp(&place(self.origin, files)))
    }
}

/// A place that does not depend on the order of the files.
fn place(origin: Origin, files: &[String]) -> (Option<&str>, u32) {
    (files.get(origin.file.0 as usize).map(String::as_str), origin.line)
}

/// What there are versions of.
pub(super) trait Versioned {
    fn origin(&self) -> Origin;
    fn newest(&self) -> Option<Timestamp>;
    fn weight(&self) -> usize;

    fn rank(&self, number: Option<u64>, is_whole: bool) -> Rank {
        let (newest, weight, origin) = (self.newest(), self.weight(), self.origin());
        Rank { is_whole, number, newest, weight, origin }
    }
}

impl Versioned for Pod {
    fn origin(&self) -> Origin {
        self.origin
    }

    fn newest(&self) -> Option<Timestamp> {
        self.times().max()
    }

    fn weight(&self) -> usize {
        let statuses = self.containers.iter().filter(|c| c.status.is_some()).count();
        let fields = [
            self.uid.is_some(),
            self.phase.is_some(),
            self.node.is_some(),
            self.deletion.is_some(),
            self.gone,
        ];
        let flags = fields.into_iter().filter(|is_there| *is_there).count();
        self.containers.len()
            + statuses
            + self.conditions.len()
            + self.labels.len()
            + self.volumes.len()
            + flags
    }
}

impl Versioned for Event {
    fn origin(&self) -> Origin {
        self.origin
    }

    fn newest(&self) -> Option<Timestamp> {
        self.last
    }

    fn weight(&self) -> usize {
        usize::try_from(self.count).unwrap_or_default()
    }
}

impl Versioned for Node {
    fn origin(&self) -> Origin {
        self.origin
    }

    fn newest(&self) -> Option<Timestamp> {
        self.conditions.iter().flat_map(|c| [c.last_heartbeat, c.last_transition]).flatten().max()
    }

    fn weight(&self) -> usize {
        self.conditions.len() + self.taints.len() + usize::from(self.uid.is_some())
    }
}

impl Versioned for Workload {
    fn origin(&self) -> Origin {
        self.origin
    }

    fn newest(&self) -> Option<Timestamp> {
        let conditions = self.conditions.iter().filter_map(|c| c.last_transition);
        conditions.chain(self.created).max()
    }

    fn weight(&self) -> usize {
        let fields =
            [self.uid.is_some(), self.desired.is_some(), self.ready.is_some(), self.failed.is_some()];
        self.conditions.len() + self.labels.len() + fields.into_iter().filter(|is_there| *is_there).count()
    }
}

impl Versioned for Claim {
    fn origin(&self) -> Origin {
        self.origin
    }

    fn newest(&self) -> Option<Timestamp> {
        None
    }

    fn weight(&self) -> usize {
        let fields = [self.uid.is_some(), self.phase.is_some(), self.storage_class.is_some()];
        fields.into_iter().filter(|is_there| *is_there).count()
    }
}

/// Joins two versions of a pod. `ended` then holds every death that either shows, until [`drop_shown_deaths`].
pub(super) fn merge_pod(mut newer: Pod, older: Pod, files: &[String]) -> Pod {
    newer.gone |= older.gone;
    let shown: Vec<Ended> = terminations(&older).chain(terminations(&newer)).collect();
    for death in older.ended.into_iter().chain(shown) {
        add_death(&mut newer.ended, death, files);
    }
    newer.uid = newer.uid.take().or(older.uid);
    newer.first_deletion = earlier_deletion(newer.first_deletion.take(), older.first_deletion, files);
    newer
}

/// Keeps each death once, told by the version in which it was the state, since the count of restarts then is its own.
fn add_death(deaths: &mut Vec<Ended>, death: Ended, files: &[String]) {
    let is_same = |known: &&mut Ended| {
        known.container == death.container && known.termination.is_same_instance(&death.termination)
    };
    match deaths.iter_mut().find(is_same) {
        Some(known) => {
            let order = |d: &Ended| (d.path.contains(".lastState."), d.restart_count);
            let by_place =
                || place(death.termination.origin, files).cmp(&place(known.termination.origin, files));
            if order(&death).cmp(&order(known)).then_with(by_place) == Ordering::Less {
                *known = death;
            }
        }
        None => deaths.push(death),
    }
}

fn earlier_deletion(a: Option<Deletion>, b: Option<Deletion>, files: &[String]) -> Option<Deletion> {
    let (Some(a), Some(b)) = (&a, &b) else { return a.or(b) };
    let by_place = || place(b.origin, files).cmp(&place(a.origin, files));
    let is_b_earlier = b.requested().cmp(&a.requested()).then_with(by_place) == Ordering::Less;
    Some(if is_b_earlier { b.clone() } else { a.clone() })
}

/// Leaves of the deaths of older versions those that the newest no longer shows, oldest first.
pub(super) fn drop_shown_deaths(pod: &mut Pod) {
    if pod.ended.is_empty() {
        return;
    }
    let shown: Vec<Ended> = terminations(pod).collect();
    pod.ended.retain(|death| {
        !shown
            .iter()
            .any(|s| s.container == death.container && s.termination.is_same_instance(&death.termination))
    });
    pod.ended.sort_by(|a, b| {
        let order = |d: &Ended| (d.termination.finished_at, d.restart_count);
        order(a).cmp(&order(b)).then_with(|| a.container.cmp(&b.container))
    });
}

/// Every death that a version shows, the older of each container first.
fn terminations(pod: &Pod) -> impl Iterator<Item = Ended> + '_ {
    let shown = |container: &Container, restart_count: i64, field: &str, termination: &Termination| Ended {
        container: container.name.clone(),
        path: format!("{}.{field}.terminated", container.status_path()),
        restart_count,
        termination: termination.clone(),
    };
    let statuses = pod.containers.iter().filter_map(|c| Some((c, c.status.as_ref()?)));
    statuses.flat_map(move |(container, status)| {
        let last = status.last.as_ref().map(|t| shown(container, restarts_by_last(status), "lastState", t));
        let current = match &status.state {
            State::Terminated(t) => Some(shown(container, status.restart_count, "state", t)),
            _ => None,
        };
        last.into_iter().chain(current)
    })
}

/// The restarts before the death in `lastState`: the kubelet counts the restart once the next instance is made, so not
/// yet while the container waits.
fn restarts_by_last(status: &ContainerStatus) -> i64 {
    match status.state {
        State::Waiting(_) | State::Absent => status.restart_count,
        State::Running { .. } | State::Terminated(_) => (status.restart_count - 1).max(0),
    }
}

/// The restart counts of a version.
#[derive(Debug)]
pub(super) struct Counts {
    pub(super) rank: Rank,
    counts: Vec<(String, i64)>,
}

impl Counts {
    /// `None` for a version that may lack some.
    pub(super) fn of(pod: &Pod, rank: &Rank) -> Option<Counts> {
        let count = |c: &Container| Some((c.name.clone(), c.status.as_ref()?.restart_count));
        let counts = pod.containers.iter().filter_map(count).collect();
        rank.is_whole.then_some(Counts { rank: *rank, counts })
    }
}

/// The containers whose count falls from one version to the next, each once, with the version that shows it.
pub(super) fn fallen(versions: &mut [Counts], files: &[String]) -> Vec<(String, Origin)> {
    versions.sort_by(|a, b| a.rank.cmp_newness(&b.rank, files));
    let mut fallen: Vec<(String, Origin)> = Vec::new();
    for pair in versions.windows(2) {
        let [before, after] = pair else { continue };
        for (container, count) in &after.counts {
            let is_lower = before.counts.iter().any(|(name, earlier)| name == container && count < earlier);
            if is_lower && !fallen.iter().any(|(name, _)| name == container) {
                fallen.push((container.clone(), after.rank.origin));
            }
        }
    }
    fallen
}
