//! What is shown in full, what in brief, and in which order: groups and pods, the gravest first.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};

use exitus_model::{Confidence, Diagnosis, Report, Severity, Subject};

/// The arrangement of a report.
pub(crate) struct Layout<'a> {
    /// What is wrong, the gravest first.
    pub(crate) blocks: Vec<Block<'a>>,
    /// Pods of which only past or harmless items are known: each list is told together.
    pub(crate) record: Vec<Vec<&'a Diagnosis>>,
}

impl Layout<'_> {
    /// How many items are shown in full, and how many in brief.
    pub(crate) fn counts(&self) -> (usize, usize) {
        let full = self.blocks.iter().map(|b| b.full.len()).sum();
        let brief: usize = self.blocks.iter().map(|b| b.brief.len()).sum();
        (full, brief + self.record.iter().map(Vec::len).sum::<usize>())
    }

    /// Whether there is nothing to show.
    pub(crate) fn is_empty(&self) -> bool {
        self.blocks.is_empty() && self.record.is_empty()
    }
}

/// A pod, a workload or a node with what is wrong with it; or several of them in the same state.
pub(crate) struct Block<'a> {
    /// Shown in full; of a group only the first.
    pub(crate) full: Vec<&'a Diagnosis>,
    /// Shown in brief at the end.
    pub(crate) brief: Vec<&'a Diagnosis>,
    /// Whether the items share their cause and differ in their subject.
    pub(crate) is_group: bool,
}

/// Identifies a pod, or a workload or node where no pod is concerned.
type Key<'a> =
    (Option<&'a str>, Option<&'a str>, Option<&'a str>, Option<(&'a str, &'a str)>, Option<&'a str>);

fn key(subject: &Subject) -> Key<'_> {
    let Subject { namespace, pod, pod_uid, workload, node, .. } = subject;
    let (namespace, pod, uid) = (namespace.as_deref(), pod.as_deref(), pod_uid.as_deref());
    match (pod, workload) {
        (Some(_), _) => (namespace, pod, uid, None, None),
        (None, Some((kind, name))) => (namespace, None, None, Some((kind, name)), None),
        (None, None) => (namespace, None, None, None, node.as_deref()),
    }
}

/// How many different pods, or other subjects, items speak of.
pub(crate) fn subjects(items: &[&Diagnosis]) -> usize {
    items.iter().map(|d| key(&d.subject)).collect::<BTreeSet<_>>().len()
}

/// Whether an item explains a fault that is there.
pub(crate) fn is_wrong(item: &Diagnosis) -> bool {
    item.incident.is_current && item.severity > Severity::Info
}

/// Causes that are silent unless everything is asked for.
const SILENT: [&str; 2] = ["healthy", "completed"];

/// Arranges a report; with `show_all` everything is shown in full.
pub(crate) fn layout(report: &Report, show_all: bool) -> Layout<'_> {
    let mut blocks: Vec<Block<'_>> = Vec::new();
    let mut leftovers: Vec<Vec<&Diagnosis>> = Vec::new();
    // Where a subject's own block stands, and the first group that holds it.
    let mut own: HashMap<Key<'_>, usize> = HashMap::new();
    let mut grouped: HashMap<Key<'_>, usize> = HashMap::new();
    for members in groups(report) {
        let (full, mut brief): (Vec<_>, Vec<_>) = members.into_iter().partition(|d| show_all || is_wrong(d));
        brief.retain(|d| !SILENT.contains(&d.cause.as_str()));
        leftovers.push(brief);
        if is_group(&full) {
            for item in &full {
                grouped.entry(key(&item.subject)).or_insert(blocks.len());
            }
            blocks.push(Block { full, brief: Vec::new(), is_group: true });
        } else {
            for item in full {
                let at = *own.entry(key(&item.subject)).or_insert(blocks.len());
                if at == blocks.len() {
                    blocks.push(Block { full: Vec::new(), brief: Vec::new(), is_group: false });
                }
                blocks[at].full.push(item);
            }
        }
    }
    let mut record: Vec<Vec<&Diagnosis>> = Vec::new();
    let mut recorded: HashMap<Key<'_>, usize> = HashMap::new();
    for members in leftovers {
        let mut left: Vec<&Diagnosis> = Vec::new();
        for item in members {
            let key = key(&item.subject);
            match own.get(&key).or_else(|| grouped.get(&key)) {
                Some(at) => blocks[*at].brief.push(item),
                None => left.push(item),
            }
        }
        if subjects(&left) > 1 {
            record.push(left);
            continue;
        }
        for item in left {
            let at = *recorded.entry(key(&item.subject)).or_insert(record.len());
            if at == record.len() {
                record.push(Vec::new());
            }
            record[at].push(item);
        }
    }
    sort(&mut blocks);
    record.sort_by_cached_key(|items| sort_name(items[0]));
    Layout { blocks, record }
}

/// The report's groups; an item that stands in none is one of its own.
fn groups(report: &Report) -> Vec<Vec<&Diagnosis>> {
    let mut is_free = vec![true; report.items.len()];
    let mut take = |index: usize| {
        let is_taken = std::mem::replace(is_free.get_mut(index)?, false);
        is_taken.then(|| &report.items[index])
    };
    let mut groups: Vec<Vec<_>> =
        report.groups.iter().map(|g| g.items.iter().filter_map(|i| take(*i)).collect()).collect();
    groups.extend((0..report.items.len()).map(|i| take(i).into_iter().collect()));
    groups.retain(|members| !members.is_empty());
    groups
}

fn is_group(items: &[&Diagnosis]) -> bool {
    let containers: BTreeSet<_> = items.iter().map(|d| (key(&d.subject), &d.subject.container)).collect();
    containers.len() > 1
}

fn rank(item: &Diagnosis) -> (Reverse<Severity>, Reverse<Confidence>) {
    (Reverse(item.severity), Reverse(item.confidence))
}

fn sort_name(item: &Diagnosis) -> (Option<String>, Option<String>, Option<String>) {
    let Subject { namespace, pod, workload, node, .. } = &item.subject;
    let name =
        pod.clone().or_else(|| workload.as_ref().map(|(_, name)| name.clone())).or_else(|| node.clone());
    (namespace.clone(), name, item.subject.container.clone())
}

fn sort(blocks: &mut [Block<'_>]) {
    for block in blocks.iter_mut() {
        if !block.is_group {
            let is_past = |d: &Diagnosis| !d.incident.is_current;
            block.full.sort_by_cached_key(|d| (is_past(d), rank(d), sort_name(d), d.incident.at));
        }
        block.brief.sort_by_cached_key(|d| (sort_name(d).2, d.incident.at));
    }
    blocks.sort_by_cached_key(|b| {
        let size = if b.is_group { b.full.len() } else { 0 };
        (b.full.iter().map(|d| rank(d)).min(), Reverse(size), sort_name(b.full[0]))
    });
}
