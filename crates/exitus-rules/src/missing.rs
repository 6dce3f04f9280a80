//! Evidence that would help, and the command that fetches it.

use exitus_model::{Args, MessageId, Missing, Pod};
use exitus_reference::{fill_command, message_id as msg};

use crate::death::Death;
use crate::verdict::missing;

/// The command that describes a pod.
pub(crate) fn describe(pod: &Pod) -> Option<String> {
    fill_command("kubectl -n {namespace} describe pod {pod}", &names(pod))
}

fn names(pod: &Pod) -> Args {
    Args::new().with("namespace", &pod.namespace).with("pod", &pod.name)
}

/// The kernel's log of the pod's node.
pub(crate) fn kernel_log(pod: &Pod, why: MessageId) -> Missing {
    let mut wanted =
        missing(msg::KERNEL_LOG_OF_NODE, why, Some("dmesg -T | grep -iE 'oom|killed process'".to_owned()));
    wanted.what.args.set("node", pod.node.clone().unwrap_or_else(|| "?".to_owned()));
    wanted
}

/// Events about the pod, where none at all were read.
pub(crate) fn events(pod: &Pod, events: &[&exitus_model::Event], why: MessageId) -> Option<Missing> {
    const COMMAND: &str =
        "kubectl -n {namespace} get events --field-selector involvedObject.name={pod} -o yaml";
    events.is_empty().then(|| missing(msg::EVENTS_OF_POD, why, fill_command(COMMAND, &names(pod))))
}

/// The pod's own object.
pub(crate) fn status(pod: &Pod, why: MessageId) -> Missing {
    missing(
        msg::STATUS_OF_POD,
        why,
        fill_command("kubectl -n {namespace} get pod {pod} -o yaml", &names(pod)),
    )
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
    let is_restarted = death.waiting.is_some() || death.has_recovered();
    let template = if is_restarted {
        "kubectl -n {namespace} logs {pod} -c {container} --previous --tail=50"
    } else {
        "kubectl -n {namespace} logs {pod} -c {container} --tail=50"
    };
    let command = fill_command(template, &names(death.pod).with("container", &death.container.name));
    Some(missing(msg::LOG_OF_THE_INSTANCE, msg::WOULD_SHOW_THE_LAST_WORDS, command))
}

/// The node's object.
pub(crate) fn node(pod: &Pod, why: MessageId) -> Option<Missing> {
    let args = Args::new().with("node", pod.node.as_ref()?);
    Some(missing(msg::NODE_OBJECT, why, fill_command("kubectl get node {node} -o yaml", &args)))
}
