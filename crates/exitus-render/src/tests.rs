//! Reports built by hand, and what each form makes of them.
//!
//! A message or cause that the reference does not hold reads as its id, so most reports here use texts of their own.

mod hostile;
mod human;
mod machine;
mod markdown;

use exitus_model::{
    Args, CauseId, Confidence, Diagnosis, Evidence, EvidenceList, Group, Incident, IncidentType, MessageId,
    Missing, Problem, ProblemKind, Report, Rival, RivalVerdict, Role, Severity, Source, Subject, Summary,
};
use exitus_reference::Lang;
use jiff::Timestamp;

use crate::{Format, Style, render};

pub(crate) const EN: Style = Style { lang: Lang::En, color: false, width: 80, show_all: false };
pub(crate) const ZH: Style = Style { lang: Lang::Zh, ..EN };

/// A time of 2026-11-23.
fn at(clock: &str) -> Option<Timestamp> {
    Some(format!("2026-11-23T{clock}Z").parse().unwrap())
}

fn owned(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn piece(source: Source, path: &str, value: &str, clock: &str) -> Evidence {
    Evidence {
        source,
        object: "Pod shop/api-7d9f54c9b-x2x8k".to_owned(),
        uid: None,
        path: owned(path).filter(|p| !p.is_empty()),
        value: value.to_owned(),
        at: if clock.is_empty() { None } else { at(clock) },
        file: owned("dump/pods.json"),
        line: None,
        is_echo: false,
    }
}

fn line(source: Source, value: &str, clock: &str, file: &str, line: u32) -> Evidence {
    Evidence { file: owned(file), line: Some(line), path: None, ..piece(source, "", value, clock) }
}

/// A current error of a container of a Deployment's pod, with one piece of evidence.
fn item(pod: &str, container: &str, cause: &'static str) -> Diagnosis {
    Diagnosis {
        subject: Subject {
            namespace: owned("shop"),
            pod: owned(pod),
            pod_uid: Some(format!("uid-{pod}")),
            container: owned(container),
            role: Some(Role::App),
            workload: Some(("Deployment".to_owned(), "api".to_owned())),
            node: owned("node-a"),
            image: owned("registry.example/api:1"),
        },
        incident: Incident {
            kind: IncidentType::Termination,
            is_current: true,
            at: at("10:02:12"),
            started_at: at("10:02:09"),
            exit_code: Some(137),
            signal: Some("SIGKILL"),
            reason: owned("OOMKilled"),
            waiting_reason: owned("CrashLoopBackOff"),
            restart_count: Some(4),
        },
        cause: CauseId(cause),
        confidence: Confidence::Confirmed,
        severity: Severity::Error,
        args: Args::new(),
        evidence: EvidenceList::new(piece(
            Source::Pod,
            &format!("status.containerStatuses[name={container}].state.terminated.exitCode"),
            "137",
            "10:02:12",
        )),
        rivals: Vec::new(),
        missing: Vec::new(),
    }
}

fn past(pod: &str, container: &str, cause: &'static str, clock: &str) -> Diagnosis {
    let mut item = item(pod, container, cause);
    item.incident.is_current = false;
    item.incident.at = at(clock);
    item
}

/// The screen of the issue.
fn oom() -> Diagnosis {
    let mut oom = item("api-7d9f54c9b-x2x8k", "app", "out-of-memory-container");
    let args = [
        ("container", "app"),
        ("memory_limit", "64Mi"),
        ("victim", "python3"),
        ("victim_pid", "4121"),
        ("victim_rss", "63.9Mi"),
    ];
    oom.args = args.into_iter().fold(Args::new(), |all, (name, value)| all.with(name, value));
    let state = "status.containerStatuses[name=app]";
    let kernel = "[ 4242.125] oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=c,mems_allowed=0,\
                  oom_memcg=/kubepods.slice/pod5de8/cri-containerd-61221930.scope,\
                  task_memcg=/kubepods.slice/pod5de8/cri-containerd-61221930.scope,task=python3,pid=4121,uid=0";
    let mut echo = piece(Source::Pod, &format!("{state}.state.waiting.reason"), "CrashLoopBackOff", "");
    echo.is_echo = true;
    oom.evidence = EvidenceList::from_pieces([
        line(Source::Kernel, kernel, "10:02:11", "dump/kernel.txt", 812),
        piece(Source::Pod, &format!("{state}.lastState.terminated.exitCode"), "137", "10:02:12"),
        piece(Source::Pod, &format!("{state}.lastState.terminated.reason"), "OOMKilled", "10:02:12"),
        piece(Source::Pod, "spec.containers[name=app].resources.limits.memory", "64Mi", ""),
        line(Source::Log, "reading batch 7 of 9", "10:02:10", "dump/logs/app.txt", 31),
        echo,
    ])
    .unwrap();
    oom.rivals = vec![
        Rival {
            cause: CauseId("liveness-probe-failed"),
            verdict: RivalVerdict::RuledOut,
            because: MessageId("no liveness probe is configured").into(),
        },
        Rival {
            cause: CauseId("out-of-memory-node"),
            verdict: RivalVerdict::RuledOut,
            because: MessageId("the cgroup was the container's").into(),
        },
        Rival {
            cause: CauseId("out-of-memory-child"),
            verdict: RivalVerdict::Possible,
            because: MessageId("the pid of PID 1 is not in the evidence").into(),
        },
    ];
    oom.missing = vec![Missing {
        what: MessageId("kernel log of node-a").into(),
        why: MessageId("would show every process that was killed").into(),
        command: owned(
            "ssh node-a 'journalctl -k --no-pager --since \"2026-11-23 10:00:00\"' > kernel-node-a.txt",
        ),
    }];
    oom
}

/// A report in which every item is a group of its own.
fn report(items: Vec<Diagnosis>) -> Report {
    Report {
        summary: Summary {
            pods: 12,
            unhealthy_pods: items.iter().filter(|d| d.incident.is_current).count(),
            is_narrowed: false,
        },
        problems: Vec::new(),
        groups: (0..items.len()).map(|i| Group { items: vec![i] }).collect(),
        items,
        now: at("10:12:12"),
    }
}

fn human(report: &Report, style: &Style) -> String {
    render(report, Format::Human, style)
}

/// Everything that a report can hold, for tests of all forms.
pub(crate) fn rich() -> Report {
    let mut waiting = item("web-0", "setup", "volume-mount-failed");
    waiting.subject.role = Some(Role::Init);
    waiting.subject.workload = None;
    waiting.incident.kind = IncidentType::Waiting;
    waiting.incident.exit_code = None;
    waiting.incident.signal = None;
    waiting.confidence = Confidence::Likely;
    waiting.severity = Severity::Warning;
    let node = Diagnosis {
        subject: Subject { node: owned("node-b"), ..Subject::default() },
        confidence: Confidence::Unknown,
        ..item("x", "x", "node-lost")
    };
    let mut report = report(vec![
        oom(),
        item("api-7d9f54c9b-aaaaa", "app", "out-of-memory-container"),
        waiting,
        node,
        past("api-7d9f54c9b-x2x8k", "app", "out-of-memory-container", "10:01:02"),
        past("db-0", "db", "out-of-memory-unproven", "09:00:00"),
    ]);
    report.groups = vec![
        Group { items: vec![0, 1] },
        Group { items: vec![2] },
        Group { items: vec![3] },
        Group { items: vec![4, 99] },
    ];
    report.problems = vec![
        Problem { input: "dump/events.txt".to_owned(), line: Some(12), kind: ProblemKind::Truncated },
        Problem {
            input: "dump/pods.json".to_owned(),
            line: None,
            kind: ProblemKind::WrongType { path: "spec.containers".to_owned(), expected: "a list" },
        },
    ];
    report
}
