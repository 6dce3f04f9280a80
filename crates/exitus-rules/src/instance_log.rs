//! Which log an instance of a container wrote.

use exitus_model::{Container, ContainerLog, ContainerStatus, State};

use crate::pod_case::PodCase;

/// The log of the instance that a field speaks of.
///
/// The kubelet's rule (`validateContainerLogStatus`): without `--previous` it is the instance that runs, else the one
/// that ended last; with it, the one of `lastState`.
pub(crate) fn log_of<'s>(
    case: &PodCase<'_, 's>,
    container: &Container,
    status: &ContainerStatus,
    field: &str,
) -> Option<&'s ContainerLog> {
    let is_last = field == "lastState";
    let waits = matches!(status.state, State::Waiting(_));
    let number =
        if is_last && !waits { status.restart_count.saturating_sub(1) } else { status.restart_count };
    if let Some(log) = instance_log(case, container, number) {
        return Some(log);
    }
    let logs = case.index.logs(case.pod, &container.name);
    let find = |is_previous: bool| {
        logs.iter()
            .copied()
            .find(|l| l.instance.is_none() && l.is_previous == is_previous && !l.lines.is_empty())
    };
    match (is_last, waits) {
        (true, true) => find(true).or_else(|| find(false)),
        (true, false) => find(true),
        (false, _) => find(false),
    }
}

/// The log with the number of an instance, as `/var/log/pods` has them.
pub(crate) fn instance_log<'s>(
    case: &PodCase<'_, 's>,
    container: &Container,
    number: i64,
) -> Option<&'s ContainerLog> {
    let logs = case.index.logs(case.pod, &container.name);
    logs.into_iter().find(|l| l.instance == Some(number) && !l.lines.is_empty())
}
