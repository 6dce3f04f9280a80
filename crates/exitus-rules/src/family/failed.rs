//! `Failed` events of a container whose status does not say why it waits.

use exitus_model::{CauseId, Confidence, Event};
use exitus_reference::cause_id as cause;

use crate::block::Block;
use crate::family::{config, image, start};
use crate::text::one_line;
use crate::verdict::{Depth, Verdict};

/// The last `Failed` event that names a cause, unless the container has started since.
pub(crate) fn judge(block: &Block<'_, '_>) -> Option<Verdict> {
    let (event, found) = block.events_of("Failed").filter_map(|e| Some((e, cause_of(e)?))).last()?;
    let is_over = block.events_of("Started").any(|e| e.last >= event.last && e.last.is_some());
    if is_over {
        return None;
    }
    let message = event.message.strip_prefix("Error: ").unwrap_or(&event.message);
    let verdict = Verdict::new(found, Confidence::Confirmed, Depth::NeverRan, block.quote_event(event))
        .and(block.quote_reason().filter(|e| !e.value.is_empty()))
        .arg("message", one_line(message))
        .arg("image", block.container.image.clone().unwrap_or_default())
        .arg("command", block.container.command.join(" "));
    Some(start::with_names(verdict, message))
}

fn cause_of(event: &Event) -> Option<CauseId> {
    let message = event.message.as_str();
    if message.starts_with("Internal PreCreateContainer hook failed") {
        return Some(cause::PRE_CREATE_HOOK_FAILED);
    }
    if message.starts_with("Internal PreStartContainer hook failed") {
        return Some(cause::PRE_START_HOOK_FAILED);
    }
    if message.starts_with("Failed to pull image") {
        return Some(image::cause_of(message).unwrap_or(cause::IMAGE_PULL_FAILED));
    }
    let text = message.strip_prefix("Error: ")?;
    start::cause_of(text).or_else(|| config::cause_of(text))
}
