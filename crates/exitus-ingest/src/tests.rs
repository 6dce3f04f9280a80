//! Whole files, from bytes to facts.

mod dirt;
mod folder;
mod form;
mod join;
mod object;
mod order;
mod watch;

use std::fmt::Write as _;

use exitus_model::{Container, Pod, State, Termination};

use super::*;

fn read(files: &[(&str, &str)]) -> (Snapshot, Vec<Problem>) {
    let mut reader = Reader::new();
    for (name, text) in files {
        reader.read(name, text.as_bytes());
    }
    reader.finish()
}

/// What one file says, with no problem.
fn clean(text: &str) -> Snapshot {
    let (snapshot, problems) = read(&[("in", text)]);
    assert_eq!(told(&problems), Vec::<String>::new(), "{text}");
    snapshot
}

fn told(problems: &[Problem]) -> Vec<String> {
    let one = |problem: &Problem| {
        let line = problem.line.map_or(String::new(), |line| format!(":{line}"));
        format!("{}{line} {:?}", problem.input, problem.kind)
    };
    problems.iter().map(one).collect()
}

/// The problems of some files.
fn problems(files: &[(&str, &str)]) -> Vec<String> {
    told(&read(files).1)
}

/// A pod with one container, for its UID, version, and the status of the container.
fn pod(uid: &str, version: u64, status: &str) -> String {
    let uid = if uid.is_empty() { String::new() } else { format!("\"uid\":\"{uid}\",") };
    format!(
        "{{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{{\"namespace\":\"shop\",\"name\":\"api\",{uid}\"resourceVersion\":\"{version}\"}},\
         \"spec\":{{\"containers\":[{{\"name\":\"app\",\"image\":\"api:1\"}}]}},\
         \"status\":{{\"phase\":\"Running\",\"containerStatuses\":[{{\"name\":\"app\",{status}}}]}}}}"
    )
}

/// A death in the minute of its number, as `state` or `lastState` have it.
fn death(number: i64) -> String {
    format!(
        "{{\"terminated\":{{\"exitCode\":{},\"startedAt\":\"2026-11-23T10:{number:02}:00Z\",\"finishedAt\":\"2026-11-23T10:{number:02}:30Z\",\"containerID\":\"containerd://c{number}\"}}}}",
        number + 1
    )
}

fn died(number: i64) -> String {
    format!("\"restartCount\":{number},\"state\":{}", death(number))
}

fn waits_after(number: i64) -> String {
    format!(
        "\"restartCount\":{number},\"state\":{{\"waiting\":{{\"reason\":\"CrashLoopBackOff\"}}}},\"lastState\":{}",
        death(number)
    )
}

fn runs_after(number: i64) -> String {
    format!(
        "\"restartCount\":{},\"state\":{{\"running\":{{\"startedAt\":\"2026-11-23T10:{number:02}:45Z\"}}}},\"lastState\":{}",
        number + 1,
        death(number)
    )
}

fn watch(kind: &str, object: &str) -> String {
    format!("{{\"type\":\"{kind}\",\"object\":{object}}}\n")
}

/// The deaths that only older versions show: `file field restarts code`.
fn ended(snapshot: &Snapshot, pod: &Pod) -> Vec<String> {
    let one = |e: &exitus_model::Ended| {
        let field = if e.path.contains("lastState") { "last" } else { "state" };
        let code = e.termination.exit_code.unwrap_or(-1);
        let origin = e.termination.origin;
        format!(
            "{}:{} {field} #{} exit {code}",
            snapshot.file_name(origin.file),
            origin.line,
            e.restart_count
        )
    };
    pod.ended.iter().map(one).collect()
}

fn app(pod: &Pod) -> &Container {
    pod.container("app").expect("it has the container")
}

fn state_of(container: &Container) -> &State {
    &container.status.as_ref().expect("it has a status").state
}

fn terminated(container: &Container) -> &Termination {
    let State::Terminated(termination) = state_of(container) else { panic!("it has not ended") };
    termination
}

/// All facts as text, each once, without the order in which they were read.
fn facts(snapshot: &Snapshot) -> String {
    let mut facts = Vec::new();
    facts.extend(snapshot.pods.iter().map(|fact| format!("{fact:?}")));
    facts.extend(snapshot.events.iter().map(|fact| format!("{fact:?}")));
    facts.extend(snapshot.nodes.iter().map(|fact| format!("{fact:?}")));
    facts.extend(snapshot.workloads.iter().map(|fact| format!("{fact:?}")));
    facts.extend(snapshot.claims.iter().map(|fact| format!("{fact:?}")));
    facts.extend(snapshot.logs.iter().map(|fact| format!("{fact:?}")));
    facts.extend(snapshot.kernel.iter().map(|fact| format!("{fact:?}")));
    for fact in &mut facts {
        for (index, name) in snapshot.files.iter().enumerate() {
            *fact = fact.replace(&format!("FileId({index})"), name);
        }
    }
    facts.sort();
    let mut text = String::new();
    for fact in facts {
        writeln!(text, "{fact}").expect("writing to a string does not fail");
    }
    let (lists, others) = (snapshot.lists, snapshot.other_objects);
    text + &format!("{lists} lists, {others} others, kernel log {}", snapshot.has_kernel_log)
}
