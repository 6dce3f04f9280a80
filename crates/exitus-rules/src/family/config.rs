//! `CreateContainerConfigError`: what the container refers to is not there, or may not be.

use exitus_model::{Confidence, Event};
use exitus_reference::cause_id as cause;

use crate::block::Block;
use crate::text::{Row, lookup, one_line, quoted, sure};
use crate::verdict::{Depth, Verdict};

/// Source: pkg/kubelet/kubelet_pods.go and pkg/kubelet/kuberuntime/security_context_others.go.
const TEXTS: &[Row] = &[
    sure(&["couldn't find key", "in configmap"], cause::CONFIG_KEY_MISSING),
    sure(&["couldn't find key", "in secret"], cause::CONFIG_KEY_MISSING),
    sure(&["environment variable key", "not found in file"], cause::ENVIRONMENT_FILE_INVALID),
    sure(&["couldn't parse env file"], cause::ENVIRONMENT_FILE_INVALID),
    sure(&["referenced by filekeyref"], cause::ENVIRONMENT_FILE_INVALID),
    sure(&["runasnonroot"], cause::RUN_AS_NON_ROOT_VIOLATED),
    sure(&["breaks non-root policy"], cause::RUN_AS_NON_ROOT_VIOLATED),
    sure(&["subpath"], cause::SUB_PATH_FAILED),
    sure(&["configmap \"", "not found"], cause::CONFIG_MAP_MISSING),
    sure(&["configmaps \"", "not found"], cause::CONFIG_MAP_MISSING),
    sure(&["secret \"", "not found"], cause::SECRET_MISSING),
    sure(&["secrets \"", "not found"], cause::SECRET_MISSING),
];

pub(crate) fn judge(block: &Block<'_, '_>) -> Option<Verdict> {
    if block.reason() != "CreateContainerConfigError" {
        return None;
    }
    let event = error_event(block);
    let text = block.message().or(event.map(|e| e.message.as_str()));
    let row = text.and_then(|t| lookup(TEXTS, t));
    let (found, confidence) = match (row, text) {
        (Some(row), _) => (row.cause, row.confidence),
        (None, Some(_)) => (cause::CONTAINER_CONFIG_ERROR, Confidence::Confirmed),
        (None, None) => (cause::CONTAINER_CONFIG_ERROR, Confidence::Likely),
    };
    let decided_by = block
        .quote_message()
        .or_else(|| event.map(|e| block.quote_event(e)))
        .or_else(|| block.quote_reason())?;
    let text = text.unwrap_or_default();
    let verdict = Verdict::new(found, confidence, Depth::NeverRan, decided_by)
        .and(block.quote_reason())
        .and(event.map(|e| block.quote_event(e)))
        .arg("message", one_line(text));
    Some(with_names(verdict, text))
}

fn error_event<'s>(block: &Block<'_, 's>) -> Option<&'s Event> {
    block.events_of("Failed").filter(|e| e.message.starts_with("Error: ") && e.message.contains(' ')).last()
}

/// The cause that a text of the kubelet names.
pub(crate) fn cause_of(text: &str) -> Option<exitus_model::CauseId> {
    lookup(TEXTS, text).map(|row| row.cause)
}

/// `couldn't find key K in ConfigMap NS/NAME`, `configmap "NAME" not found`, `key "K" not found in file "F"`.
fn with_names(verdict: Verdict, text: &str) -> Verdict {
    if let Some((_, rest)) = text.split_once("find key ") {
        let key = rest.split(' ').next().unwrap_or_default();
        let name = rest.rsplit('/').next().unwrap_or_default();
        return verdict.arg("key", key).arg("name", name.trim());
    }
    if verdict.cause == cause::ENVIRONMENT_FILE_INVALID {
        let key = if text.contains("not found in file") {
            quoted(text, 0).unwrap_or_default()
        } else {
            String::new()
        };
        let name = if key.is_empty() { quoted(text, 0) } else { quoted(text, 1) };
        return verdict.arg("key", key).arg("name", name.unwrap_or_default());
    }
    if let Some((_, user)) = text.split_once("non-numeric user (") {
        return verdict.arg("name", user.split(')').next().unwrap_or_default());
    }
    let named = [cause::CONFIG_MAP_MISSING, cause::SECRET_MISSING, cause::SUB_PATH_FAILED];
    let name =
        if named.contains(&verdict.cause) { quoted(text, 0).unwrap_or_default() } else { String::new() };
    let volume = if verdict.cause == cause::SUB_PATH_FAILED { name.clone() } else { String::new() };
    verdict.arg("name", name).arg("volume", volume)
}
