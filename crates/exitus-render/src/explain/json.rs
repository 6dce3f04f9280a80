//! The dictionary as JSON: entries with their ids, texts in one language.

use exitus_reference::{Answer, Lang, Topic, claims, code, meanings, signal_name, signal_number};
use serde_json::{Value, json};

use super::sheet;

/// The answers, as an array.
pub(super) fn answers(answers: &[Answer], lang: Lang) -> String {
    let all: Vec<Value> = answers
        .iter()
        .map(|answer| {
            let topics: Vec<Value> = answer.topics.iter().map(|t| topic(t, lang)).collect();
            json!({ "asked": answer.asked, "together": answer.together.map(|t| t.get(lang)), "entries": topics })
        })
        .collect();
    text(&all)
}

/// Entries, as an array.
pub(super) fn topics(topics: &[Topic], lang: Lang) -> String {
    text(&topics.iter().map(|t| topic(t, lang)).collect::<Vec<_>>())
}

fn text(values: &[Value]) -> String {
    let mut text = serde_json::to_string_pretty(values).unwrap_or_default();
    text.push('\n');
    text
}

fn topic(topic: &Topic, lang: Lang) -> Value {
    let sheet = sheet::of(topic, lang);
    let mut entry = json!({ "title": sheet.title, "text": sheet.prose });
    let details = match topic {
        Topic::Code { given, code: number } => code_details(*given, *number, lang),
        Topic::Signal(signal) => json!({
            "kind": "signal", "name": signal.name, "number": signal.number, "exitCode": 128 + signal.number,
            "action": signal.action.as_str(), "endsPid1": signal.ends_pid1.as_str(),
            "typical": signal.typical.get(lang), "advice": signal.advice.get(lang), "elsewhere": signal.elsewhere,
        }),
        Topic::Windows { given, status } => json!({
            "kind": "windows-status", "given": given, "name": status.map(|s| s.name),
            "unsigned": status.map(|s| s.value), "signed": status.map(|s| s.signed()),
            "cause": status.and_then(|s| s.cause).map(|c| c.as_str()),
        }),
        Topic::Reason(reason) => json!({
            "kind": "reason", "name": reason.name, "where": reason.kind.as_str(), "aliases": reason.aliases,
            "setBy": reason.set_by, "since": reason.since, "until": reason.until, "role": reason.role.as_str(),
            "causes": ids(reason.causes), "messages": reason.messages, "commands": reason.commands,
            "leadsToIt": reason.leads.get(lang), "next": reason.next.get(lang), "sources": reason.sources,
        }),
        Topic::Cause(cause) => json!({
            "kind": "cause", "id": cause.id.as_str(), "family": cause.family, "severity": cause.severity.as_str(),
            "fallback": cause.fallback.map(|f| f.as_str()), "decidedBy": cause.decided_by.get(lang),
            "remedies": cause.remedies.iter().map(|r| json!({
                "risk": r.risk.as_str(), "text": r.text.get(lang), "command": r.command,
            })).collect::<Vec<_>>(),
            "references": cause.references,
        }),
    };
    if let (Value::Object(entry), Value::Object(details)) = (&mut entry, details) {
        entry.extend(details);
    }
    entry
}

fn ids(causes: &[exitus_model::CauseId]) -> Vec<&'static str> {
    causes.iter().map(|c| c.as_str()).collect()
}

fn code_details(given: i64, number: i64, lang: Lang) -> Value {
    let page = code(number);
    let list = |points: Option<exitus_reference::Points>| points.map(|p| p.get(lang)).unwrap_or_default();
    json!({
        "kind": "exit-code", "given": given, "code": number,
        "signal": signal_number(number).and_then(signal_name),
        "asPid1": list(page.map(|p| p.as_pid1)), "besideReason": list(page.map(|p| p.beside)),
        "checkFirst": list(page.map(|p| p.check)), "causes": ids(page.map(|p| p.causes).unwrap_or_default()),
        "meanings": meanings(number).iter().map(|m| json!({
            "world": m.world, "text": m.text.get(lang), "source": m.source,
        })).collect::<Vec<_>>(),
        "commonTables": claims().iter().filter(|c| c.codes.contains(&number)).map(|c| json!({
            "claim": c.claim.get(lang), "trueWhere": c.holds.get(lang), "notWhere": c.fails.get(lang),
            "sources": c.sources,
        })).collect::<Vec<_>>(),
        "sources": page.map(|p| p.sources).unwrap_or_default(),
    })
}
