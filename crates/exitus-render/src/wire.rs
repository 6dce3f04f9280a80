//! The output contract `exitus/v1` as its own types, converted from the report at this edge.
//!
//! Field names and their order are public; changes only add. `schema/exitus-v1.schema.json` describes the same.

use std::collections::BTreeMap;

use exitus_model::{Diagnosis, Evidence, Missing, Report, Role, Source};
use serde::Serialize;

use crate::problem;
use crate::voice::Voice;

/// The whole answer.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct List<'a> {
    api_version: &'static str,
    kind: &'static str,
    summary: Summary<'a>,
    warnings: Vec<Warning<'a>>,
    items: Vec<Item<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Summary<'a> {
    pods: usize,
    unhealthy_pods: usize,
    diagnoses: usize,
    by_cause: BTreeMap<&'a str, usize>,
}

#[derive(Serialize)]
struct Warning<'a> {
    input: &'a str,
    line: Option<u32>,
    message: String,
}

/// One incident with its cause.
#[derive(Serialize)]
pub(crate) struct Item<'a> {
    subject: Subject<'a>,
    incident: Incident<'a>,
    cause: &'static str,
    confidence: &'static str,
    severity: &'static str,
    title: String,
    explanation: String,
    evidence: Vec<Piece<'a>>,
    rivals: Vec<Rival>,
    missing: Vec<Gap<'a>>,
    remedies: Vec<Remedy>,
    references: &'static [&'static str],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Subject<'a> {
    cluster: Option<&'a str>,
    namespace: Option<&'a str>,
    pod: Option<&'a str>,
    pod_uid: Option<&'a str>,
    container: Option<&'a str>,
    container_role: Option<&'static str>,
    workload: Option<Workload<'a>>,
    node: Option<&'a str>,
    image: Option<&'a str>,
}

#[derive(Serialize)]
struct Workload<'a> {
    kind: &'a str,
    name: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Incident<'a> {
    r#type: &'static str,
    current: bool,
    at: Option<String>,
    started_at: Option<String>,
    exit_code: Option<i64>,
    signal: Option<&'static str>,
    reason: Option<&'a str>,
    waiting_reason: Option<&'a str>,
    restart_count: Option<i64>,
}

#[derive(Serialize)]
struct Piece<'a> {
    source: &'static str,
    object: &'a str,
    uid: Option<&'a str>,
    path: Option<&'a str>,
    value: &'a str,
    at: Option<String>,
    file: Option<&'a str>,
    line: Option<u32>,
}

#[derive(Serialize)]
struct Rival {
    cause: &'static str,
    verdict: &'static str,
    because: String,
}

#[derive(Serialize)]
struct Gap<'a> {
    what: String,
    why: String,
    command: Option<&'a str>,
}

#[derive(Serialize)]
struct Remedy {
    text: String,
    command: Option<String>,
    risk: &'static str,
}

/// Converts a report.
pub(crate) fn list<'a>(report: &'a Report, voice: &Voice) -> List<'a> {
    let mut by_cause = BTreeMap::new();
    for diagnosis in &report.items {
        *by_cause.entry(diagnosis.cause.as_str()).or_insert(0) += 1;
    }
    let warning = |p: &'a exitus_model::Problem| Warning {
        input: &p.input,
        line: p.line.filter(|l| *l > 0),
        message: voice.say(&problem::message(p)),
    };
    List {
        api_version: "exitus/v1",
        kind: "DiagnosisList",
        summary: Summary {
            pods: report.summary.pods,
            unhealthy_pods: report.summary.unhealthy_pods,
            diagnoses: report.items.len(),
            by_cause,
        },
        warnings: report.problems.iter().map(warning).collect(),
        items: report.items.iter().map(|d| item(d, voice)).collect(),
    }
}

/// Converts one diagnosis.
pub(crate) fn item<'a>(diagnosis: &'a Diagnosis, voice: &Voice) -> Item<'a> {
    let incident = &diagnosis.incident;
    let rival = |r: &exitus_model::Rival| Rival {
        cause: r.cause.as_str(),
        verdict: r.verdict.as_str(),
        because: voice.say(&r.because),
    };
    Item {
        subject: subject(&diagnosis.subject),
        incident: Incident {
            r#type: incident.kind.as_str(),
            current: incident.is_current,
            at: incident.at.map(|t| t.to_string()),
            started_at: incident.started_at.map(|t| t.to_string()),
            exit_code: incident.exit_code,
            signal: incident.signal,
            reason: incident.reason.as_deref(),
            waiting_reason: incident.waiting_reason.as_deref(),
            restart_count: incident.restart_count,
        },
        cause: diagnosis.cause.as_str(),
        confidence: diagnosis.confidence.as_str(),
        severity: diagnosis.severity.as_str(),
        title: voice.title(diagnosis),
        explanation: voice.explanation(diagnosis),
        evidence: diagnosis.evidence.iter().map(piece).collect(),
        rivals: diagnosis.rivals.iter().map(rival).collect(),
        missing: diagnosis.missing.iter().map(|m| gap(m, voice)).collect(),
        remedies: voice
            .steps(diagnosis)
            .into_iter()
            .map(|s| Remedy { text: s.text, command: s.command, risk: s.risk.as_str() })
            .collect(),
        references: exitus_reference::cause(diagnosis.cause.as_str()).map_or(&[][..], |c| c.references),
    }
}

fn subject(subject: &exitus_model::Subject) -> Subject<'_> {
    Subject {
        cluster: None,
        namespace: subject.namespace.as_deref(),
        pod: subject.pod.as_deref(),
        pod_uid: subject.pod_uid.as_deref(),
        container: subject.container.as_deref(),
        container_role: subject.role.map(Role::as_str),
        workload: subject.workload.as_ref().map(|(kind, name)| Workload { kind, name }),
        node: subject.node.as_deref(),
        image: subject.image.as_deref(),
    }
}

fn piece(piece: &Evidence) -> Piece<'_> {
    let is_line = matches!(piece.source, Source::Log | Source::Kernel) && piece.line.is_some();
    Piece {
        source: piece.source.as_str(),
        object: &piece.object,
        uid: piece.uid.as_deref(),
        path: piece.path.as_deref().filter(|_| !is_line),
        value: &piece.value,
        at: piece.at.map(|t| t.to_string()),
        file: piece.file.as_deref(),
        line: piece.line.filter(|l| *l > 0),
    }
}

fn gap<'a>(missing: &'a Missing, voice: &Voice) -> Gap<'a> {
    Gap { what: voice.say(&missing.what), why: voice.say(&missing.why), command: missing.command.as_deref() }
}
