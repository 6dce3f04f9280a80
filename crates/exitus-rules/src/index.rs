//! Facts by what they are about: the joins that every rule needs, made once.

use std::collections::HashMap;

use exitus_model::{
    Claim, ContainerLog, Event, KernelEvent, KernelRecord, Node, OomKill, Pod, Snapshot, Workload,
};
use jiff::Timestamp;

/// A snapshot with its joins.
pub(crate) struct Index<'s> {
    pub(crate) snapshot: &'s Snapshot,
    /// The time that durations are counted to.
    pub(crate) now: Option<Timestamp>,
    events_by_uid: HashMap<&'s str, Vec<&'s Event>>,
    events_by_name: HashMap<(&'s str, &'s str, &'s str), Vec<&'s Event>>,
    kills_by_container: HashMap<&'s str, Vec<(&'s KernelRecord, &'s OomKill)>>,
    kills_by_pod: HashMap<&'s str, Vec<(&'s KernelRecord, &'s OomKill)>>,
    logs: HashMap<(&'s str, &'s str), Vec<&'s ContainerLog>>,
    pods_by_name: HashMap<&'s str, Vec<&'s Pod>>,
    nodes: HashMap<&'s str, &'s Node>,
    workloads: HashMap<(&'s str, &'s str, &'s str), &'s Workload>,
    claims: HashMap<(&'s str, &'s str), &'s Claim>,
}

impl<'s> Index<'s> {
    pub(crate) fn new(snapshot: &'s Snapshot, now: Option<Timestamp>) -> Index<'s> {
        let mut index = Index {
            snapshot,
            now: now.or_else(|| snapshot.newest_time()),
            events_by_uid: HashMap::new(),
            events_by_name: HashMap::new(),
            kills_by_container: HashMap::new(),
            kills_by_pod: HashMap::new(),
            logs: HashMap::new(),
            pods_by_name: HashMap::new(),
            nodes: snapshot.nodes.iter().map(|n| (n.name.as_str(), n)).collect(),
            workloads: HashMap::new(),
            claims: snapshot.claims.iter().map(|c| ((c.namespace.as_str(), c.name.as_str()), c)).collect(),
        };
        for event in &snapshot.events {
            let object = &event.object;
            let name = (object.kind.as_str(), object.namespace.as_str(), object.name.as_str());
            index.events_by_name.entry(name).or_default().push(event);
            if let Some(uid) = &object.uid {
                index.events_by_uid.entry(uid).or_default().push(event);
            }
        }
        for record in &snapshot.kernel {
            let KernelEvent::OomKill(kill) = &record.event else { continue };
            let Some(cgroup) = &kill.task_cgroup else { continue };
            if let Some(id) = &cgroup.container_id {
                index.kills_by_container.entry(id).or_default().push((record, kill));
            }
            if let Some(uid) = &cgroup.pod_uid {
                index.kills_by_pod.entry(uid).or_default().push((record, kill));
            }
        }
        for pod in &snapshot.pods {
            index.pods_by_name.entry(&pod.name).or_default().push(pod);
        }
        for log in &snapshot.logs {
            let container = log.container.as_deref().unwrap_or_default();
            index.logs.entry((log.pod.as_str(), container)).or_default().push(log);
        }
        for workload in &snapshot.workloads {
            let key = (workload.kind.as_str(), workload.namespace.as_str(), workload.name.as_str());
            index.workloads.insert(key, workload);
        }
        index
    }

    /// Events about a pod: by UID where both have one, else by namespace and name.
    pub(crate) fn pod_events(&self, pod: &Pod) -> Vec<&'s Event> {
        self.object_events("Pod", &pod.namespace, &pod.name, pod.uid.as_deref())
    }

    /// Events about an object, oldest first.
    pub(crate) fn object_events(
        &self,
        kind: &str,
        namespace: &str,
        name: &str,
        uid: Option<&str>,
    ) -> Vec<&'s Event> {
        let by_uid = uid.and_then(|uid| self.events_by_uid.get(uid)).into_iter().flatten().copied();
        let is_of_unknown_uid = |e: &&&Event| uid.is_none() || e.object.uid.is_none();
        let by_name = self.events_by_name.get(&(kind, namespace, name)).into_iter().flatten();
        let mut events: Vec<&Event> = by_uid.chain(by_name.filter(is_of_unknown_uid).copied()).collect();
        events.sort_by_key(|e| (e.last, e.first));
        events
    }

    /// Events about a node.
    pub(crate) fn node_events(&self, name: &str) -> Vec<&'s Event> {
        // The kubelet writes the node's name where a UID belongs, so names decide.
        let namespaces = ["", "default"];
        namespaces
            .iter()
            .filter_map(|ns| self.events_by_name.get(&("Node", *ns, name)))
            .flatten()
            .copied()
            .collect()
    }

    /// OOM kills in the cgroup of a container instance.
    pub(crate) fn kills_of_container(&self, id: &str) -> &[(&'s KernelRecord, &'s OomKill)] {
        self.kills_by_container.get(id).map_or(&[], Vec::as_slice)
    }

    /// OOM kills in the cgroup of a pod; static pods run under a hash.
    pub(crate) fn kills_of_pod(&self, pod: &Pod) -> impl Iterator<Item = (&'s KernelRecord, &'s OomKill)> {
        let keys = [pod.uid.as_deref(), pod.static_hash.as_deref()];
        let found: Vec<_> = keys
            .into_iter()
            .flatten()
            .filter_map(|key| self.kills_by_pod.get(key))
            .flatten()
            .copied()
            .collect();
        found.into_iter()
    }

    /// Logs of a container of a pod, where the path's namespace and UID do not speak against it.
    ///
    /// A path that names no namespace may be of any pod of that name: of several it is that one beside whose file it
    /// lies, and of two that lie as near it is nobody's.
    pub(crate) fn logs(&self, pod: &Pod, container: &str) -> Vec<&'s ContainerLog> {
        let fits = |log: &&ContainerLog| {
            log.namespace.as_deref().is_none_or(|ns| ns == pod.namespace)
                && (log.pod_uid.is_none() || pod.uid.is_none() || log.pod_uid == pod.uid)
                && (log.namespace.is_some() || log.pod_uid.is_some() || self.is_nearest(log, pod))
        };
        let named = self.logs.get(&(pod.name.as_str(), container)).into_iter().flatten();
        let unnamed = if pod.containers.len() == 1 { self.logs.get(&(pod.name.as_str(), "")) } else { None };
        named.chain(unnamed.into_iter().flatten()).copied().filter(fits).collect()
    }

    fn is_nearest(&self, log: &ContainerLog, pod: &Pod) -> bool {
        let path = self.snapshot.file_name(log.file);
        let shared = |p: &Pod| shared_folders(path, self.snapshot.file_name(p.origin.file));
        let mut others = self.pods_by_name.get(pod.name.as_str()).into_iter().flatten();
        others.all(|other| {
            std::ptr::eq(*other, pod) || other.namespace == pod.namespace || shared(other) < shared(pod)
        })
    }

    pub(crate) fn node(&self, name: &str) -> Option<&'s Node> {
        self.nodes.get(name).copied()
    }

    pub(crate) fn workload(&self, kind: &str, namespace: &str, name: &str) -> Option<&'s Workload> {
        self.workloads.get(&(kind, namespace, name)).copied()
    }

    pub(crate) fn claim(&self, namespace: &str, name: &str) -> Option<&'s Claim> {
        self.claims.get(&(namespace, name)).copied()
    }

    /// The topmost known workload of a pod: kind and name.
    ///
    /// A ReplicaSet that was not read still names its Deployment: its name is the Deployment's with the pod
    /// template hash, which the pod's label holds.
    pub(crate) fn workload_of(&self, pod: &Pod) -> Option<(String, String)> {
        let owner = pod.owner.as_ref()?;
        if let Some(top) =
            self.workload(&owner.kind, &pod.namespace, &owner.name).and_then(|w| w.owner.as_ref())
        {
            return Some((top.kind.clone(), top.name.clone()));
        }
        let hash = pod.label("pod-template-hash");
        if owner.kind == "ReplicaSet"
            && let Some(name) = hash.and_then(|h| owner.name.strip_suffix(h)?.strip_suffix('-'))
        {
            return Some(("Deployment".to_owned(), name.to_owned()));
        }
        Some((owner.kind.clone(), owner.name.clone()))
    }

    /// Seconds from a time of a pod to now, where something newer than the pod itself tells what "now" is.
    ///
    /// A pod that was saved alone holds no time of the saving: its own newest time is only the latest that is known.
    pub(crate) fn age(&self, pod: &Pod, since: Timestamp) -> Option<i64> {
        let own = pod.times().max();
        (self.now > own).then(|| self.seconds_since(since)).flatten()
    }

    /// Seconds from a time to now.
    pub(crate) fn seconds_since(&self, at: Timestamp) -> Option<i64> {
        Some(self.now?.as_second() - at.as_second())
    }
}

/// How many folders two paths have in common from the top.
fn shared_folders(a: &str, b: &str) -> usize {
    a.split('/').zip(b.split('/')).take_while(|(x, y)| x == y).count()
}
