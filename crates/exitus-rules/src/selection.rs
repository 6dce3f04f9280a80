//! What the user wants to know about.

use std::fmt;

use exitus_model::{Diagnosis, Owner, Pod, Severity};
use exitus_reference::cause_id as cause;
use jiff::Timestamp;

use crate::finding::Finding;
use crate::index::Index;

/// Narrows or widens a diagnosis. The default is everything that is wrong now.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Pods, workloads and nodes by name; none means all.
    pub targets: Vec<Target>,
    /// Only this namespace.
    pub namespace: Option<String>,
    /// Only pods with these labels (`key=value`), all of them.
    pub labels: Vec<(String, String)>,
    /// Only these containers.
    pub containers: Vec<String>,
    /// Only these causes.
    pub causes: Vec<String>,
    /// Also what is no fault: info-level items and healthy pods.
    pub all: bool,
    /// The time that durations are counted to; the newest time in the evidence when absent.
    pub now: Option<Timestamp>,
}

/// `TYPE/NAME`, or a pod's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The kind as the API names it.
    pub kind: &'static str,
    /// The name.
    pub name: String,
}

/// Kinds with the names that kubectl takes for them.
const KINDS: [(&str, &[&str]); 8] = [
    ("Pod", &["pod", "pods", "po"]),
    ("Deployment", &["deployment", "deployments", "deploy"]),
    ("StatefulSet", &["statefulset", "statefulsets", "sts"]),
    ("DaemonSet", &["daemonset", "daemonsets", "ds"]),
    ("ReplicaSet", &["replicaset", "replicasets", "rs"]),
    ("Job", &["job", "jobs"]),
    ("CronJob", &["cronjob", "cronjobs", "cj"]),
    ("Node", &["node", "nodes", "no"]),
];

impl Target {
    /// Reads `TYPE/NAME` or a pod's name; `None` for a type that nobody knows.
    ///
    /// ```
    /// let target = exitus_rules::Target::parse("deploy/api").unwrap();
    /// assert_eq!((target.kind, target.name.as_str()), ("Deployment", "api"));
    /// assert_eq!(exitus_rules::Target::parse("api-0").unwrap().kind, "Pod");
    /// assert!(exitus_rules::Target::parse("gadget/x").is_none());
    /// ```
    pub fn parse(text: &str) -> Option<Target> {
        let Some((kind, name)) = text.split_once('/') else {
            return Some(Target { kind: "Pod", name: text.to_owned() });
        };
        Some(Target { kind: kind_by_word(kind)?, name: name.to_owned() })
    }
}

fn kind_by_word(word: &str) -> Option<&'static str> {
    // kubectl takes `deployments.apps` too.
    let word = word.split('.').next().unwrap_or(word).to_lowercase();
    KINDS.iter().find(|(_, words)| words.contains(&word.as_str())).map(|(kind, _)| *kind)
}

/// What `--namespace` and `--container` name, beside the kinds of targets.
const NAMESPACE: &str = "Namespace";
const CONTAINER: &str = "Container";

/// A target that the evidence does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownTarget {
    /// What was asked for.
    pub target: Target,
    /// Names of that kind in the evidence that are alike, the nearest first; at most three.
    pub nearest: Vec<String>,
}

impl fmt::Display for UnknownTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no {} \"{}\" in the evidence", self.target.kind.to_lowercase(), self.target.name)
    }
}

impl std::error::Error for UnknownTarget {}

/// A selection whose targets are all there.
pub(crate) struct Chosen<'a> {
    selection: &'a Selection,
    now: Option<Timestamp>,
}

/// What has not come up is told after so many seconds: until then it is only on its way.
const ON_ITS_WAY_SECONDS: i64 = 10;

impl<'a> Chosen<'a> {
    pub(crate) fn new(index: &Index<'_>, selection: &'a Selection) -> Result<Chosen<'a>, UnknownTarget> {
        // A name that is nowhere is a slip of the pen: an answer about nothing would read as "all is well".
        let named = |kind| move |name: &String| Target { kind, name: name.clone() };
        let wanted = selection.namespace.iter().map(named(NAMESPACE));
        let wanted = wanted.chain(selection.targets.iter().cloned());
        for target in wanted.chain(selection.containers.iter().map(named(CONTAINER))) {
            let known = known_names(index, target.kind, selection.namespace.as_deref());
            if !known.contains(&target.name) {
                let nearest = nearest(&target.name, known);
                return Err(UnknownTarget { target, nearest });
            }
        }
        Ok(Chosen { selection, now: index.now })
    }

    pub(crate) fn is_everything(&self) -> bool {
        let s = self.selection;
        s.targets.is_empty() && s.namespace.is_none() && s.labels.is_empty() && s.containers.is_empty()
    }

    pub(crate) fn holds_pod(&self, index: &Index<'_>, pod: &Pod) -> bool {
        let s = self.selection;
        s.namespace.as_ref().is_none_or(|ns| *ns == pod.namespace)
            && s.labels.iter().all(|(key, value)| pod.label(key) == Some(value))
            && (s.targets.is_empty() || s.targets.iter().any(|t| is_of(index, pod, t)))
    }

    pub(crate) fn holds_workload(&self, index: &Index<'_>, finding: &Finding<'_>) -> bool {
        let Some((kind, namespace, name)) = &finding.workload else { return true };
        let s = self.selection;
        let is_it = |t: &Target| {
            (t.kind == kind && t.name == *name)
                || owners(index, namespace, &Owner { kind: kind.clone(), name: name.clone(), uid: None })
                    .iter()
                    .any(|o| o.kind == t.kind && o.name == t.name)
        };
        s.namespace.as_ref().is_none_or(|ns| ns == namespace)
            && s.labels.is_empty()
            && s.containers.is_empty()
            && (s.targets.is_empty() || s.targets.iter().any(is_it))
    }

    pub(crate) fn holds_item(&self, item: &Diagnosis) -> bool {
        let s = self.selection;
        let is_wanted_container = s.containers.is_empty()
            || item.subject.container.as_ref().is_some_and(|c| s.containers.contains(c));
        let is_wanted_cause = s.causes.is_empty() || s.causes.iter().any(|c| c == item.cause.as_str());
        // What is no fault is told on request; what is still on its way, when that takes a while or may do so.
        let is_on_its_way = matches!(item.cause, cause::STARTING | cause::WAITING_FOR_INIT);
        let since = item.incident.started_at.or(item.incident.at);
        let is_long =
            |now: Timestamp, since: Timestamp| now.as_second() - since.as_second() >= ON_ITS_WAY_SECONDS;
        let takes_a_while = || {
            let is_age_unknown = item.args.get("since").is_none_or(str::is_empty);
            is_age_unknown || self.now.zip(since).is_some_and(|(now, since)| is_long(now, since))
        };
        let is_quiet = (item.severity == Severity::Info && !(is_on_its_way && takes_a_while()))
            || item.cause == cause::HEALTHY;
        is_wanted_container && is_wanted_cause && (!is_quiet || s.all || !s.causes.is_empty())
    }
}

/// Whether a pod is a target, is owned by it, or runs on it.
fn is_of(index: &Index<'_>, pod: &Pod, target: &Target) -> bool {
    match target.kind {
        "Pod" => pod.name == target.name,
        "Node" => pod.node.as_ref() == Some(&target.name),
        kind => {
            let chain = pod.owner.as_ref().map(|o| owners(index, &pod.namespace, o)).unwrap_or_default();
            let top = index.workload_of(pod);
            chain.iter().any(|o| o.kind == kind && o.name == target.name)
                || top.is_some_and(|(k, n)| k == kind && n == target.name)
        }
    }
}

/// An owner and the owners above it, as far as they were read.
fn owners(index: &Index<'_>, namespace: &str, owner: &Owner) -> Vec<Owner> {
    let mut chain = vec![owner.clone()];
    // Owners of owners of Kubernetes' own kinds are three levels at the most.
    while let Some(above) =
        chain.last().and_then(|o| index.workload(&o.kind, namespace, &o.name)?.owner.clone())
    {
        if chain.len() > 4 {
            break;
        }
        chain.push(above);
    }
    chain
}

fn known_names(index: &Index<'_>, kind: &str, namespace: Option<&str>) -> Vec<String> {
    let snapshot = index.snapshot;
    let in_namespace = |ns: &str| namespace.is_none_or(|n| n == ns);
    let mut names: Vec<String> = match kind {
        NAMESPACE => {
            let of_pods = snapshot.pods.iter().map(|p| p.namespace.clone());
            let of_workloads = snapshot.workloads.iter().map(|w| w.namespace.clone());
            of_pods
                .chain(of_workloads)
                .chain(snapshot.events.iter().map(|e| e.object.namespace.clone()))
                .collect()
        }
        CONTAINER => {
            let pods = snapshot.pods.iter().filter(|p| in_namespace(&p.namespace));
            pods.flat_map(|p| &p.containers).map(|c| c.name.clone()).collect()
        }
        "Pod" => {
            snapshot.pods.iter().filter(|p| in_namespace(&p.namespace)).map(|p| p.name.clone()).collect()
        }
        "Node" => {
            let named = snapshot.nodes.iter().map(|n| n.name.clone());
            named.chain(snapshot.pods.iter().filter_map(|p| p.node.clone())).collect()
        }
        _ => {
            let read = snapshot.workloads.iter().filter(|w| w.kind == kind && in_namespace(&w.namespace));
            let of_pods = snapshot.pods.iter().filter(|p| in_namespace(&p.namespace)).flat_map(|p| {
                let direct = p.owner.iter().map(|o| (o.kind.clone(), o.name.clone()));
                direct.chain(index.workload_of(p)).collect::<Vec<_>>()
            });
            let of_events = snapshot.events.iter().map(|e| (e.object.kind.clone(), e.object.name.clone()));
            let owned = of_pods.chain(of_events).filter(|(k, _)| k == kind).map(|(_, name)| name);
            read.map(|w| w.name.clone()).chain(owned).collect()
        }
    };
    names.sort();
    names.dedup();
    names
}

/// The three names that are most alike: those that hold the word, then by edit distance.
fn nearest(name: &str, known: Vec<String>) -> Vec<String> {
    let mut ranked: Vec<(usize, String)> = known
        .into_iter()
        .map(|candidate| {
            let holds = candidate.contains(name) || name.contains(&candidate);
            (if holds { 0 } else { exitus_reference::distance(name, &candidate) }, candidate)
        })
        .filter(|(distance, candidate)| *distance <= candidate.len().max(name.len()) / 2)
        .collect();
    ranked.sort();
    ranked.into_iter().take(3).map(|(_, name)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_kubectl_name_kinds() {
        for (word, kind) in [
            ("po/a", "Pod"),
            ("deployments.apps/a", "Deployment"),
            ("STS/a", "StatefulSet"),
            ("no/a", "Node"),
        ] {
            assert_eq!(Target::parse(word).map(|t| t.kind), Some(kind));
        }
    }

    #[test]
    fn the_nearest_names_come_first() {
        let known = ["api-7d9f-x1", "worker-0", "apo"].map(str::to_owned).to_vec();
        assert_eq!(nearest("api", known), ["api-7d9f-x1", "apo"]);
    }
}
