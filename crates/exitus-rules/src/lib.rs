//! Facts to diagnoses.
//!
//! [`diagnose`] finds the incidents of a [`Snapshot`], has every family of rules look at each, and keeps the deepest
//! verdict with its evidence, its rivals and what is missing. Rules are free functions that see facts only: neither
//! each other, nor where the facts came from, nor how they are shown.

mod block;
mod chain;
mod container;
mod death;
mod family;
mod finding;
mod ghost;
mod group;
mod index;
mod instance_log;
mod judge;
mod kernel_only;
mod line;
mod missing;
mod pending;
mod pod_case;
mod quote;
mod selection;
mod signature;
mod text;
mod verdict;
mod workload;

use std::panic::{AssertUnwindSafe, catch_unwind};

use exitus_model::{Diagnosis, Problem, ProblemKind, Report, Severity, Snapshot, Summary};

use crate::finding::Finding;
use crate::index::Index;

pub use line::cause_of_line;
pub use selection::{Selection, Target, UnknownTarget};

/// Explains what a snapshot shows.
///
/// # Errors
///
/// When the selection names something that the snapshot does not hold.
pub fn diagnose(
    snapshot: &Snapshot,
    problems: Vec<Problem>,
    selection: &Selection,
) -> Result<Report, UnknownTarget> {
    let ghosts = ghost::pods(snapshot);
    let index = Index::new(snapshot, selection.now);
    let chosen = selection::Chosen::new(&index, selection)?;
    let mut problems = problems;
    let mut findings: Vec<Finding<'_>> = Vec::new();
    let read = snapshot.pods.iter().map(|p| (p, judge::judge_pod as Judge<'_>));
    let known = read.chain(ghosts.iter().map(|p| (p, ghost::judge as Judge<'_>)));
    let pods: Vec<_> = known.filter(|(pod, _)| chosen.holds_pod(&index, pod)).collect();
    for &(pod, judge) in &pods {
        let input = snapshot.file_name(pod.origin.file);
        let found =
            guarded(&mut problems, &pod.full_name(), input, Some(pod.origin.line), || judge(&index, pod));
        findings.extend(found.unwrap_or_default());
    }
    let input = snapshot.files.first().map_or("?", String::as_str);
    let found = guarded(&mut problems, "workloads", input, None, || workload::judge(&index));
    findings.extend(found.unwrap_or_default().into_iter().filter(|f| chosen.holds_workload(&index, f)));
    if kernel_only::is_all_there_is(snapshot) && chosen.is_everything() {
        let found = guarded(&mut problems, "kernel logs", input, None, || kernel_only::judge(&index));
        findings.extend(found.unwrap_or_default());
    }
    guarded(&mut problems, "links between findings", input, None, || chain::link(&index, &mut findings));
    let mut items: Vec<Diagnosis> = findings.into_iter().map(|f| f.into_diagnosis(&index)).collect();
    items.retain(|item| chosen.holds_item(item));
    items.sort_by(order);
    let unhealthy = unhealthy_pods(&items);
    let groups = group::group(&items);
    let summary = Summary {
        pods: pods.len(),
        unhealthy_pods: unhealthy,
        is_narrowed: !(selection.causes.is_empty() && selection.containers.is_empty()),
    };
    Ok(Report { summary, problems, items, groups, now: index.now })
}

/// What a rule makes. One that breaks must not take the others with it: it is a problem, named by what it judged.
fn guarded<T>(
    problems: &mut Vec<Problem>,
    judged: &str,
    input: &str,
    line: Option<u32>,
    rule: impl FnOnce() -> T,
) -> Option<T> {
    let made = catch_unwind(AssertUnwindSafe(rule)).ok();
    if made.is_none() {
        let kind = ProblemKind::RuleFailed(judged.to_owned());
        problems.push(Problem { input: input.to_owned(), line, kind });
    }
    made
}

/// Judges one pod.
type Judge<'s> = fn(&Index<'s>, &'s exitus_model::Pod) -> Vec<Finding<'s>>;

/// Gravest first: what is now, then by severity, then the surest, then by name and time.
fn order(a: &Diagnosis, b: &Diagnosis) -> std::cmp::Ordering {
    let key = |d: &Diagnosis| {
        (!d.incident.is_current, std::cmp::Reverse(d.severity), std::cmp::Reverse(d.confidence))
    };
    let name =
        |d: &Diagnosis| (d.subject.namespace.clone(), d.subject.pod.clone(), d.subject.container.clone());
    key(a).cmp(&key(b)).then_with(|| name(a).cmp(&name(b))).then_with(|| a.incident.at.cmp(&b.incident.at))
}

fn unhealthy_pods(items: &[Diagnosis]) -> usize {
    let unwell = items.iter().filter(|i| i.incident.is_current && i.severity > Severity::Info);
    let mut names: Vec<_> = unwell
        .filter_map(|i| Some((i.subject.namespace.as_ref()?, i.subject.pod.as_ref()?, &i.subject.pod_uid)))
        .collect();
    names.sort();
    names.dedup();
    names.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_that_breaks_is_a_problem_and_no_end() {
        let mut problems = Vec::new();
        assert_eq!(guarded(&mut problems, "workloads", "all.json", None, || 7), Some(7));
        assert_eq!(problems, []);
        assert_eq!(
            guarded(&mut problems, "workloads", "all.json", None, || [0_u8; 0].first().unwrap() + 1),
            None
        );
        let kind = ProblemKind::RuleFailed("workloads".to_owned());
        assert_eq!(problems, [Problem { input: "all.json".to_owned(), line: None, kind }]);
    }
}
