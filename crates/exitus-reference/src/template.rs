//! Texts with `{placeholders}` and `[[optional parts]]`.

use exitus_model::Args;

/// Every placeholder that a cause's text may hold. The rules give values under these names and no others.
pub const PARAMETERS: &[&str] = &[
    "namespace",
    "pod",
    "container",
    "node",
    "image",
    "workload",
    "exit_code",
    "signal",
    "reason",
    "restarts",
    "duration",
    "at",
    "message",
    "log_line",
    "memory_limit",
    "memory_request",
    "victim",
    "victim_pid",
    "victim_rss",
    "oom_cgroup",
    "probe",
    "probe_message",
    "probe_failures",
    "grace",
    "deadline",
    "hook",
    "name",
    "key",
    "command",
    "registry",
    "http_status",
    "volume",
    "claim",
    "quota",
    "resource",
    "threshold",
    "available",
    "usage",
    "limit",
    "request",
    "clauses",
    "since",
    "ready",
    "desired",
    "finalizers",
    "condition",
];

/// Fills a template. `None` when a placeholder outside an optional part has no value.
///
/// `{name}` stands for the value of that name; a part in `[[ ]]` is left out when one of its values is missing.
/// A brace that holds no lower-case name is text.
///
/// ```
/// use exitus_model::Args;
/// let args = Args::new().with("container", "app");
/// assert_eq!(exitus_reference::fill("{container} died[[ at {at}]]", &args).unwrap(), "app died");
/// assert_eq!(exitus_reference::fill("{pod}", &args), None);
/// ```
pub fn fill(template: &str, args: &Args) -> Option<String> {
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(open) = rest.find("[[") {
        let Some(length) = rest[open..].find("]]") else { break };
        fill_part(&rest[..open], args, &mut filled)?;
        let before = filled.len();
        if fill_part(&rest[open + 2..open + length], args, &mut filled).is_none() {
            filled.truncate(before);
        }
        rest = &rest[open + length + 2..];
    }
    fill_part(rest, args, &mut filled)?;
    Some(filled)
}

/// Fills the template of a shell command. `None` when a value is missing, or is no plain word to a shell: names from a
/// file may be hostile.
///
/// ```
/// use exitus_model::Args;
/// let of = |pod: &str| exitus_reference::fill_command("kubectl get pod {pod}", &Args::new().with("pod", pod));
/// assert_eq!(of("api-0").unwrap(), "kubectl get pod api-0");
/// assert_eq!(of("x; reboot #"), None);
/// ```
pub fn fill_command(template: &str, args: &Args) -> Option<String> {
    let plain = args.iter().filter(|(_, value)| is_plain_word(value));
    fill(template, &plain.fold(Args::new(), |all, (name, value)| all.with(name, value)))
}

/// Whether a value can stand in a command unquoted and is no option.
fn is_plain_word(value: &str) -> bool {
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || b"._-/:@+,=%".contains(&b);
    value.bytes().all(is_plain) && (!value.starts_with('-') || value.parse::<i64>().is_ok())
}

fn fill_part(part: &str, args: &Args, filled: &mut String) -> Option<()> {
    let mut rest = part;
    while let Some(open) = rest.find('{') {
        filled.push_str(&rest[..open]);
        let name = placeholder(&rest[open..]);
        match name {
            Some(name) => filled.push_str(args.get(name)?),
            None => filled.push('{'),
        }
        rest = &rest[open + name.map_or(1, |n| n.len() + 2)..];
    }
    filled.push_str(rest);
    Some(())
}

/// The name in `{name}` at the beginning of a text.
fn placeholder(text: &str) -> Option<&str> {
    let end = text.find('}')?;
    let name = &text[1..end];
    let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    is_name.then_some(name)
}

/// The names of all placeholders, in order of appearance, with repeats.
pub fn placeholders(template: &str) -> Vec<&str> {
    template.match_indices('{').filter_map(|(at, _)| placeholder(&template[at..])).collect()
}

/// Values for a text that is about no container in particular: the names in capitals.
pub fn nameless() -> Args {
    Args::new().with("container", "CONTAINER").with("pod", "POD").with("namespace", "NAMESPACE")
}
