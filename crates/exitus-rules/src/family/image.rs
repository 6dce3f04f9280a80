//! The image did not come.

use exitus_model::{Confidence, Event};
use exitus_reference::{cause_id as cause, message_id as msg};

use crate::block::Block;
use crate::missing;
use crate::text::{Row, fair, lookup, one_line, sure};
use crate::verdict::{self, Depth, Verdict};

/// Words of registries and of the runtimes' pullers, the most telling first: `no match for platform … not found` is no
/// missing image, and a refused token is no missing host.
const TEXTS: &[Row] = &[
    sure(&["no space left on device"], cause::IMAGE_DISK_FULL),
    sure(&["disk quota exceeded"], cause::IMAGE_DISK_FULL),
    sure(&["signature validation failed"], cause::IMAGE_SIGNATURE_REJECTED),
    sure(&["signatureverification"], cause::IMAGE_SIGNATURE_REJECTED),
    sure(&["source image rejected"], cause::IMAGE_SIGNATURE_REJECTED),
    sure(&["a signature was required"], cause::IMAGE_SIGNATURE_REJECTED),
    sure(&["no match for platform"], cause::IMAGE_PLATFORM_MISMATCH),
    sure(&["no matching manifest for"], cause::IMAGE_PLATFORM_MISMATCH),
    sure(&["no image found in image index for architecture"], cause::IMAGE_PLATFORM_MISMATCH),
    sure(&["no image found in manifest list for architecture"], cause::IMAGE_PLATFORM_MISMATCH),
    sure(&["cannot be used on this platform"], cause::IMAGE_PLATFORM_MISMATCH),
    sure(&["does not match the specified platform"], cause::IMAGE_PLATFORM_MISMATCH),
    sure(&["toomanyrequests"], cause::IMAGE_PULL_RATE_LIMITED),
    sure(&["429 too many requests"], cause::IMAGE_PULL_RATE_LIMITED),
    sure(&["pull rate limit"], cause::IMAGE_PULL_RATE_LIMITED),
    sure(&["pull qps exceeded"], cause::IMAGE_PULL_RATE_LIMITED),
    sure(&["too many requests"], cause::IMAGE_PULL_RATE_LIMITED),
    sure(&["no such host"], cause::REGISTRY_NAME_UNRESOLVED),
    sure(&["server misbehaving"], cause::REGISTRY_NAME_UNRESOLVED),
    sure(&["temporary failure in name resolution"], cause::REGISTRY_NAME_UNRESOLVED),
    sure(&["dial tcp: lookup", "i/o timeout"], cause::REGISTRY_NAME_UNRESOLVED),
    sure(&["dial tcp: lookup", "connection refused"], cause::REGISTRY_NAME_UNRESOLVED),
    sure(&["x509:"], cause::REGISTRY_TLS_ERROR),
    sure(&["server gave http response to https client"], cause::REGISTRY_TLS_ERROR),
    sure(&["first record does not look like a tls handshake"], cause::REGISTRY_TLS_ERROR),
    sure(&["remote error: tls"], cause::REGISTRY_TLS_ERROR),
    sure(&["tls: failed to verify certificate"], cause::REGISTRY_TLS_ERROR),
    sure(&["certificate signed by unknown authority"], cause::REGISTRY_TLS_ERROR),
    fair(&["pull access denied"], cause::IMAGE_PULL_UNAUTHORIZED),
    fair(&["repository does not exist or may require"], cause::IMAGE_PULL_UNAUTHORIZED),
    fair(&["requested access to the resource is denied"], cause::IMAGE_PULL_UNAUTHORIZED),
    sure(&["401 unauthorized"], cause::IMAGE_PULL_UNAUTHORIZED),
    fair(&["403 forbidden"], cause::IMAGE_PULL_UNAUTHORIZED),
    sure(&["unauthorized"], cause::IMAGE_PULL_UNAUTHORIZED),
    sure(&["authentication required"], cause::IMAGE_PULL_UNAUTHORIZED),
    sure(&["no basic auth credentials"], cause::IMAGE_PULL_UNAUTHORIZED),
    sure(&["authorization failed"], cause::IMAGE_PULL_UNAUTHORIZED),
    sure(&["insufficient_scope"], cause::IMAGE_PULL_UNAUTHORIZED),
    sure(&["denied:"], cause::IMAGE_PULL_UNAUTHORIZED),
    sure(&["credentials", "expired"], cause::IMAGE_PULL_UNAUTHORIZED),
    sure(&["unexpected commit digest"], cause::IMAGE_CORRUPT),
    sure(&["digest did not match"], cause::IMAGE_CORRUPT),
    sure(&["filesystem layer verification failed"], cause::IMAGE_CORRUPT),
    sure(&["wrong diff id"], cause::IMAGE_CORRUPT),
    sure(&["unexpected commit size"], cause::IMAGE_CORRUPT),
    sure(&["failed size validation"], cause::IMAGE_CORRUPT),
    sure(&["invalid tar header"], cause::IMAGE_CORRUPT),
    sure(&["gzip: invalid"], cause::IMAGE_CORRUPT),
    sure(&["invalid checksum"], cause::IMAGE_CORRUPT),
    sure(&["failed to extract layer", "unexpected eof"], cause::IMAGE_CORRUPT),
    sure(&["archive/tar"], cause::IMAGE_CORRUPT),
    sure(&["500 internal server error"], cause::REGISTRY_ERROR),
    sure(&["502 bad gateway"], cause::REGISTRY_ERROR),
    sure(&["503 service unavailable"], cause::REGISTRY_ERROR),
    sure(&["504 gateway"], cause::REGISTRY_ERROR),
    sure(&["400 bad request"], cause::REGISTRY_ERROR),
    sure(&["received unexpected http status"], cause::REGISTRY_ERROR),
    sure(&["because the registry is unavailable"], cause::REGISTRY_UNREACHABLE),
    sure(&["connection refused"], cause::REGISTRY_UNREACHABLE),
    sure(&["i/o timeout"], cause::REGISTRY_UNREACHABLE),
    sure(&["tls handshake timeout"], cause::REGISTRY_UNREACHABLE),
    sure(&["no route to host"], cause::REGISTRY_UNREACHABLE),
    sure(&["network is unreachable"], cause::REGISTRY_UNREACHABLE),
    sure(&["connection reset by peer"], cause::REGISTRY_UNREACHABLE),
    sure(&["client.timeout exceeded"], cause::REGISTRY_UNREACHABLE),
    sure(&["request canceled while waiting for connection"], cause::REGISTRY_UNREACHABLE),
    fair(&["context deadline exceeded"], cause::REGISTRY_UNREACHABLE),
    sure(&["connection timed out"], cause::REGISTRY_UNREACHABLE),
    sure(&["proxyconnect"], cause::REGISTRY_UNREACHABLE),
    sure(&["manifest unknown"], cause::IMAGE_NOT_FOUND),
    sure(&["name unknown"], cause::IMAGE_NOT_FOUND),
    sure(&["manifest for", "not found"], cause::IMAGE_NOT_FOUND),
    sure(&["failed to resolve reference", "not found"], cause::IMAGE_NOT_FOUND),
    sure(&["404 not found"], cause::IMAGE_NOT_FOUND),
    sure(&["repository", "not found"], cause::IMAGE_NOT_FOUND),
    sure(&["code = notfound"], cause::IMAGE_NOT_FOUND),
    fair(&["unexpected eof"], cause::IMAGE_CORRUPT),
    sure(&["unexpected status"], cause::REGISTRY_ERROR),
    sure(&["failed with status code"], cause::REGISTRY_ERROR),
];

pub(crate) fn judge(block: &Block<'_, '_>) -> Option<Verdict> {
    let verdict = match block.reason() {
        "ErrImageNeverPull" => whole(block, cause::IMAGE_NEVER_PULLED, "ErrImageNeverPull"),
        "InvalidImageName" => whole(block, cause::IMAGE_NAME_INVALID, "InspectFailed"),
        "ImageInspectError" => whole(block, cause::IMAGE_INSPECT_ERROR, "InspectFailed"),
        "SignatureValidationFailed" => whole(block, cause::IMAGE_SIGNATURE_REJECTED, "Failed"),
        "RegistryUnavailable" => whole(block, cause::REGISTRY_UNREACHABLE, "Failed"),
        "ErrImagePull" | "ImagePullBackOff" => Some(pull(block)?),
        _ => None,
    }?;
    let image = block.container.image.clone().unwrap_or_default();
    Some(verdict.arg("registry", registry_of(&image)).arg("image", image))
}

/// A reason that says it all.
fn whole(block: &Block<'_, '_>, found: exitus_model::CauseId, event_reason: &str) -> Option<Verdict> {
    let event = block.events_of(event_reason).last();
    let decided_by = block.quote_message().or_else(|| block.quote_reason())?;
    let verdict = Verdict::new(found, Confidence::Confirmed, Depth::NeverRan, decided_by)
        .and(block.quote_reason())
        .and(event.map(|e| block.quote_event(e)));
    Some(verdict.arg("message", block.message().map(one_line).unwrap_or_default()))
}

/// The pull itself failed: since 1.32 the status says why, before that only the first `Failed` event does.
fn pull(block: &Block<'_, '_>) -> Option<Verdict> {
    let told = block.message().map(without_back_off).filter(|m| !m.is_empty());
    let failed = pull_event(block);
    let text = told.or(failed.map(|e| e.message.as_str()));
    let row = text.and_then(|t| lookup(TEXTS, t));
    let (found, confidence) = match (row, text) {
        (Some(row), _) => (row.cause, row.confidence),
        (None, Some(_)) => (cause::IMAGE_PULL_FAILED, Confidence::Confirmed),
        (None, None) => (cause::IMAGE_PULL_FAILED, Confidence::Likely),
    };
    let from_status = told.and_then(|_| block.quote_message());
    let decided_by =
        from_status.or_else(|| failed.map(|e| block.quote_event(e))).or_else(|| block.quote_reason())?;
    let text = text.unwrap_or_default();
    let mut verdict = Verdict::new(found, confidence, Depth::NeverRan, decided_by)
        .and(block.quote_reason())
        .and(failed.map(|e| block.quote_event(e)))
        .arg("message", one_line(text))
        .arg("http_status", http_status(text).unwrap_or_default());
    if found == cause::IMAGE_PULL_UNAUTHORIZED && confidence == Confidence::Likely {
        verdict = verdict.possible(cause::IMAGE_NOT_FOUND, msg::THE_REGISTRY_HIDES_WHAT_IS_MISSING);
    }
    if found == cause::REGISTRY_UNREACHABLE && confidence == Confidence::Likely {
        verdict = verdict.possible(cause::IMAGE_PULL_FAILED, msg::THE_PULL_MAY_HAVE_BEEN_SLOW);
    }
    if found == cause::IMAGE_CORRUPT && confidence == Confidence::Likely {
        verdict = verdict.possible(cause::REGISTRY_UNREACHABLE, msg::THE_CONNECTION_MAY_HAVE_BROKEN);
    }
    if text.is_empty() {
        let command = missing::describe(block.pod);
        let wanted = verdict::missing(msg::FIRST_FAILED_EVENT, msg::WOULD_SAY_WHY_THE_PULL_FAILED, command);
        verdict = verdict.missing([wanted]);
    }
    Some(verdict)
}

/// The back-off message without its own words: what is left is the error, if any.
fn without_back_off(message: &str) -> &str {
    if !message.starts_with("Back-off pulling image") {
        return message;
    }
    message.split_once(": ErrImagePull: ").map_or("", |(_, error)| error)
}

/// The first event that says why a pull of this container's image failed.
fn pull_event<'s>(block: &Block<'_, 's>) -> Option<&'s Event> {
    let is_pull = |e: &&Event| e.message.starts_with("Failed to pull image");
    let image = block.container.image.as_deref();
    let of_image = |e: &&Event| image.is_none_or(|i| e.message.contains(i));
    block
        .events_of("Failed")
        .filter(is_pull)
        .find(of_image)
        .or_else(|| block.events_of("Failed").find(is_pull))
}

/// The host of an image reference; names without one are Docker Hub's.
fn registry_of(image: &str) -> String {
    match image.split_once('/') {
        Some((host, _)) if host.contains(['.', ':']) || host == "localhost" => host.to_owned(),
        _ if image.is_empty() => String::new(),
        _ => "docker.io".to_owned(),
    }
}

/// An HTTP status in an error text: three digits before a word that names it.
fn http_status(text: &str) -> Option<String> {
    const NAMES: [&str; 8] = [
        "Unauthorized",
        "Forbidden",
        "Not Found",
        "Too Many Requests",
        "Internal Server Error",
        "Bad Gateway",
        "Service Unavailable",
        "Bad Request",
    ];
    NAMES.iter().find_map(|name| {
        let at = text.find(name)?;
        let code = text[..at].trim_end().rsplit(|c: char| !c.is_ascii_digit()).next()?;
        (code.len() == 3).then(|| format!("{code} {name}"))
    })
}

/// The cause that a puller's text names.
pub(crate) fn cause_of(text: &str) -> Option<exitus_model::CauseId> {
    lookup(TEXTS, text).map(|row| row.cause)
}
