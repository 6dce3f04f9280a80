//! A kernel log and nothing else: kills in the cgroups of pods that were not read.

use exitus_model::{Args, Confidence, Incident, IncidentType, KernelEvent, KernelRecord, OomKill, Snapshot};
use exitus_reference::{cause_id as cause, fill_command, message_id as msg};

use crate::family::memory::{cause_of_level, with_victim};
use crate::finding::Finding;
use crate::index::Index;
use crate::quote;
use crate::verdict::{Depth, Verdict, missing};

/// With anything of the cluster at hand, a kill of a pod that was not read is another pod's affair.
pub(crate) fn is_all_there_is(snapshot: &Snapshot) -> bool {
    snapshot.pods.is_empty()
        && snapshot.events.is_empty()
        && snapshot.workloads.is_empty()
        && snapshot.claims.is_empty()
}

pub(crate) fn judge<'s>(index: &Index<'s>) -> Vec<Finding<'s>> {
    let kills = index.snapshot.kernel.iter().filter_map(|record| match &record.event {
        KernelEvent::OomKill(kill) => Some((record, kill)),
        _ => None,
    });
    kills.map(|(record, kill)| finding(index, record, kill)).collect()
}

fn finding<'s>(index: &Index<'s>, record: &'s KernelRecord, kill: &'s OomKill) -> Finding<'s> {
    let level = kill.limit_cgroup.as_ref().map(|c| c.level);
    let by_limit = || level.and_then(cause_of_level).unwrap_or(cause::OUT_OF_MEMORY);
    let found = if kill.is_global { cause::OUT_OF_MEMORY_NODE } else { by_limit() };
    let snapshot = index.snapshot;
    // Whether PID 1 of the container was the victim does not show here.
    let confidence = if level.is_some() || kill.is_global { Confidence::Likely } else { Confidence::Unknown };
    let context = kill.context.filter(|c| *c != record.origin).map(|origin| {
        quote::kernel_context(snapshot, record, origin, kill.context_text.as_deref().unwrap_or_default())
    });
    let verdict = Verdict::new(found, confidence, Depth::Kernel, quote::kernel(snapshot, record))
        .and(context)
        .possible(cause::OUT_OF_MEMORY_CHILD, msg::WHO_WAS_KILLED_IS_NOT_TIED_TO_A_CONTAINER)
        .missing([missing(msg::POD_OF_THE_CGROUP, msg::WOULD_NAME_THE_CONTAINER, pod_command(kill))]);
    let incident = Incident {
        kind: IncidentType::Termination,
        is_current: false,
        at: record.at,
        started_at: None,
        exit_code: None,
        signal: Some("SIGKILL"),
        reason: None,
        waiting_reason: None,
        restart_count: None,
    };
    let verdict = with_victim(verdict, kill);
    // Texts need a name to speak of: the ids of the cgroup are all that there is.
    let ids = kill.task_cgroup.as_ref();
    let pod = ids.and_then(|c| c.pod_uid.clone()).unwrap_or_else(|| "?".to_owned());
    let container = ids.and_then(|c| c.container_id.clone()).unwrap_or_else(|| kill.victim.clone());
    let verdict = verdict.arg("pod", pod).arg("container", container).arg("namespace", "?");
    Finding {
        pod: None,
        container: None,
        workload: None,
        incident: Incident { is_current: true, ..incident },
        verdict,
    }
}

fn pod_command(kill: &OomKill) -> Option<String> {
    const COMMAND: &str =
        "kubectl get pods -A -o json | jq -r '.items[] | select(.metadata.uid==\"{name}\") | .metadata.name'";
    let uid = kill.task_cgroup.as_ref()?.pod_uid.as_ref()?;
    fill_command(COMMAND, &Args::new().with("name", uid))
}
