//! JSON: the whole list, or one item a line.

use exitus_model::Report;

use crate::sanitize::is_unsafe;
use crate::voice::Voice;
use crate::wire;

/// The list, indented.
pub(crate) fn list(report: &Report, voice: &Voice) -> String {
    let mut json =
        serde_json::to_string_pretty(&wire::list(report, voice)).expect("strings and numbers only");
    json.push('\n');
    harmless(json)
}

/// One item a line.
pub(crate) fn lines(report: &Report, voice: &Voice) -> String {
    let mut lines = String::new();
    for diagnosis in &report.items {
        lines += &serde_json::to_string(&wire::item(diagnosis, voice)).expect("strings and numbers only");
        lines.push('\n');
    }
    harmless(lines)
}

/// Writes what could steer a terminal as `\u` escapes: the values stay the same, and the text can be shown.
///
/// serde_json escapes C0 controls. Whatever else is unsafe is above ASCII or DEL, so it stands inside a string.
fn harmless(json: String) -> String {
    let is_left = |c: char| c >= '\u{7f}' && is_unsafe(c);
    if !json.chars().any(is_left) {
        return json;
    }
    let mut safe = String::with_capacity(json.len());
    for c in json.chars() {
        if is_left(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                safe += &format!("\\u{unit:04x}");
            }
        } else {
            safe.push(c);
        }
    }
    safe
}
