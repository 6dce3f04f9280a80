//! A verdict with its incident and subject, on the way to a diagnosis.

use exitus_model::{CauseId, Container, Diagnosis, Incident, Pod, Severity, Subject, Workload};
use exitus_reference::cause as reference;

use crate::index::Index;
use crate::verdict::Verdict;

/// What was found, about whom.
pub(crate) struct Finding<'s> {
    pub(crate) pod: Option<&'s Pod>,
    pub(crate) container: Option<&'s Container>,
    /// The subject itself, where it is no pod.
    pub(crate) workload: Option<(String, String, String)>,
    pub(crate) incident: Incident,
    pub(crate) verdict: Verdict,
}

impl<'s> Finding<'s> {
    /// A finding about a workload: kind, namespace, name.
    pub(crate) fn of_workload(
        key: (String, String, String),
        incident: Incident,
        verdict: Verdict,
    ) -> Finding<'s> {
        Finding { pod: None, container: None, workload: Some(key), incident, verdict }
    }

    pub(crate) fn of(workload: &'s Workload, incident: Incident, verdict: Verdict) -> Finding<'s> {
        let key = (workload.kind.clone(), workload.namespace.clone(), workload.name.clone());
        Finding::of_workload(key, incident, verdict)
    }

    /// Turns it into a diagnosis.
    pub(crate) fn into_diagnosis(self, index: &Index<'_>) -> Diagnosis {
        let subject = self.subject(index);
        let mut verdict = self.verdict;
        let severity = verdict.severity.unwrap_or_else(|| own_severity(verdict.cause));
        name_subject(&mut verdict, &subject);
        Diagnosis {
            subject,
            incident: self.incident,
            cause: verdict.cause,
            confidence: verdict.confidence,
            severity,
            args: verdict.args,
            evidence: verdict.evidence,
            rivals: verdict.rivals,
            missing: verdict.missing,
        }
    }

    fn subject(&self, index: &Index<'_>) -> Subject {
        if let Some((kind, namespace, name)) = &self.workload {
            return Subject {
                namespace: Some(namespace.clone()),
                workload: Some((kind.clone(), name.clone())),
                ..Subject::default()
            };
        }
        let Some(pod) = self.pod else {
            // A kill in a cgroup: the kernel knows a pod by its UID.
            let uid = self.verdict.args.get("pod").filter(|uid| *uid != "?");
            return Subject { pod_uid: uid.map(str::to_owned), ..Subject::default() };
        };
        Subject {
            namespace: Some(pod.namespace.clone()),
            pod: Some(pod.name.clone()),
            pod_uid: pod.uid.clone(),
            container: self.container.map(|c| c.name.clone()),
            role: self.container.map(|c| c.role),
            workload: index.workload_of(pod),
            node: pod.node.clone(),
            image: self.container.and_then(|c| c.image.clone()),
        }
    }
}

fn own_severity(cause: CauseId) -> Severity {
    reference(cause.as_str()).map_or(Severity::Error, |c| c.severity)
}

/// Names that every text may use.
fn name_subject(verdict: &mut Verdict, subject: &Subject) {
    let mut set = |name, value: Option<String>| {
        if let Some(value) = value
            && verdict.args.get(name).is_none()
        {
            verdict.args.set(name, value);
        }
    };
    set("namespace", subject.namespace.clone());
    set("pod", subject.pod.clone());
    set("container", subject.container.clone());
    set("node", subject.node.clone());
    set("image", subject.image.clone());
    set("workload", subject.workload.as_ref().map(|(kind, name)| format!("{}/{name}", kind.to_lowercase())));
}
