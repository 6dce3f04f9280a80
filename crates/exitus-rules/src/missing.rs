//! Evidence that would help, and the command that fetches it.

use exitus_model::{MessageId, Missing, Pod};
use exitus_reference::message_id as msg;

use crate::death::Death;
use crate::verdict::missing;

/// The kernel's log of the pod's node.
pub(crate) fn kernel_log(pod: &Pod, why: MessageId) -> Missing {
    let mut wanted =
        missing(msg::KERNEL_LOG_OF_NODE, why, Some("dmesg -T | grep -iE 'oom|killed process'".to_owned()));
    wanted.what.args.set("node", pod.node.clone().unwrap_or_else(|| "?".to_owned()));
    wanted
}

/// Events about the pod, where none at all were read.
pub(crate) fn events(pod: &Pod, events: &[&exitus_model::Event], why: MessageId) -> Option<Missing> {
    let command = format!(
        "kubectl -n {} get events --field-selector involvedObject.name={} -o yaml",
        pod.namespace, pod.name
    );
    events.is_empty().then(|| missing(msg::EVENTS_OF_POD, why, Some(command)))
}

/// The pod's own object.
pub(crate) fn status(pod: &Pod, why: MessageId) -> Missing {
    let command = format!("kubectl -n {} get pod {} -o yaml", pod.namespace, pod.name);
    missing(msg::STATUS_OF_POD, why, Some(command))
}

/// What kubelet and runtime logged on the pod's node around the death.
pub(crate) fn journal(death: &Death<'_, '_>, why: MessageId) -> Option<Missing> {
    let node = death.pod.node.as_ref()?;
    let finished = death.finished()?;
    let clock = |offset: i64| {
        let at = finished.checked_add(jiff::SignedDuration::from_secs(offset)).unwrap_or(finished);
        at.to_string().chars().take(19).map(|c| if c == 'T' { ' ' } else { c }).collect::<String>()
    };
    let command = format!(
        "journalctl -u kubelet -u containerd -u crio --utc --since '{}' --until '{}'",
        clock(-60),
        clock(10)
    );
    let mut wanted = missing(msg::JOURNAL_OF_NODE, why, Some(command));
    wanted.what.args.set("node", node.clone());
    Some(wanted)
}

/// The log of the instance that died, where it was not read.
pub(crate) fn log(death: &Death<'_, '_>) -> Option<Missing> {
    if death.log.is_some() {
        return None;
    }
    let previous = if death.waiting.is_some() || death.has_recovered() { " --previous" } else { "" };
    let command = format!(
        "kubectl -n {} logs {} -c {}{previous} --tail=50",
        death.pod.namespace, death.pod.name, death.container.name
    );
    Some(missing(msg::LOG_OF_THE_INSTANCE, msg::WOULD_SHOW_THE_LAST_WORDS, Some(command)))
}

/// The node's object.
pub(crate) fn node(pod: &Pod, why: MessageId) -> Option<Missing> {
    let node = pod.node.as_ref()?;
    Some(missing(msg::NODE_OBJECT, why, Some(format!("kubectl get node {node} -o yaml"))))
}
