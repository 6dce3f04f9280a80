//! Objects of every kind.

use exitus_model::{Role, VolumeSource};

use super::*;

fn text(time: Option<jiff::Timestamp>) -> String {
    time.map_or("-".to_owned(), |t| t.to_string())
}

const POD: &str = r#"
apiVersion: v1
kind: Pod
metadata:
  name: api-7d9f54c9b-x2x8k
  namespace: shop
  uid: 0f1e2d3c
  resourceVersion: "4711"
  creationTimestamp: "2026-11-23T09:00:00Z"
  labels: {app: api, pod-template-hash: 7d9f54c9b, number: 5}
  finalizers: [example.com/wait]
  annotations:
    kubernetes.io/config.hash: 0f1e2d3c4b5a
  ownerReferences:
  - {kind: Node, name: n1, uid: n}
  - {kind: ReplicaSet, name: api-7d9f54c9b, uid: r, controller: true}
spec:
  nodeName: n1
  restartPolicy: OnFailure
  terminationGracePeriodSeconds: 45
  activeDeadlineSeconds: 600
  shareProcessNamespace: true
  runtimeClassName: gvisor
  schedulingGates: [{name: example.com/gate}]
  readinessGates: [{conditionType: example.com/ready}]
  volumes:
  - {name: a, configMap: {name: config}}
  - {name: b, secret: {secretName: key}}
  - {name: c, persistentVolumeClaim: {claimName: data}}
  - {name: d, emptyDir: {}}
  initContainers:
  - {name: init, image: init:1}
  - {name: proxy, image: proxy:1, restartPolicy: Always}
  containers:
  - name: app
    image: api:1
    command: [sh, -c]
    args: ["exit 1", 5]
    resources: {limits: {memory: 64Mi}, requests: {memory: 32Mi}}
    livenessProbe: {httpGet: {path: /healthz, port: 8080}, periodSeconds: 5, terminationGracePeriodSeconds: 3}
    readinessProbe: {tcpSocket: {port: db}}
    startupProbe: {exec: {command: [cat, /ok]}, failureThreshold: 30}
    lifecycle: {postStart: {sleep: {seconds: 5}}, preStop: {httpGet: {host: h, port: 80}}}
  ephemeralContainers:
  - {name: debug, image: busybox}
status:
  phase: Running
  qosClass: Burstable
  startTime: "2026-11-23T09:00:05Z"
  conditions:
  - {type: Ready, status: "False", reason: ContainersNotReady, lastTransitionTime: "2026-11-23T09:05:00Z"}
  initContainerStatuses:
  - {name: init, restartCount: 0, state: {terminated: {exitCode: 0, reason: Completed}}}
  - {name: proxy, restartCount: 2, state: {running: {startedAt: "2026-11-23T09:01:00Z"}}}
  containerStatuses:
  - name: app
    ready: false
    started: true
    restartCount: 4
    containerID: containerd://abc
    state: {waiting: {reason: CrashLoopBackOff, message: back-off 40s}}
    lastState: {terminated: {exitCode: 137, reason: OOMKilled, signal: 9, containerID: cri-o://old}}
  ephemeralContainerStatuses:
  - {name: debug, state: {}}
"#;

#[test]
fn a_pod_is_read_with_all_its_containers() {
    let snapshot = clean(POD);
    let pod = &snapshot.pods[0];
    assert_eq!(pod.full_name(), "shop/api-7d9f54c9b-x2x8k");
    assert_eq!((pod.uid.as_deref(), pod.resource_version), (Some("0f1e2d3c"), Some(4711)));
    assert_eq!(
        pod.owner.as_ref().map(|o| (o.kind.as_str(), o.name.as_str())),
        Some(("ReplicaSet", "api-7d9f54c9b"))
    );
    assert_eq!((pod.label("number"), pod.static_hash.as_deref()), (Some("5"), Some("0f1e2d3c4b5a")));
    assert_eq!((pod.grace_seconds, pod.active_deadline_seconds), (Some(45), Some(600)));
    assert!(pod.shares_process_namespace && pod.restart_policy_is_written && !pod.gone);
    assert_eq!(pod.finalizers, ["example.com/wait"]);
    assert_eq!(pod.scheduling_gates, ["example.com/gate"]);
    assert_eq!(pod.readiness_gates, ["example.com/ready"]);
    let sources: Vec<_> = pod.volumes.iter().map(|v| v.source.clone()).collect();
    assert_eq!(
        sources,
        [
            VolumeSource::ConfigMap("config".into()),
            VolumeSource::Secret("key".into()),
            VolumeSource::Claim("data".into()),
            VolumeSource::Other,
        ]
    );
    let containers: Vec<_> = pod.containers.iter().map(|c| (c.name.as_str(), c.role, c.is_in_spec)).collect();
    assert_eq!(
        containers,
        [
            ("init", Role::Init, true),
            ("proxy", Role::Sidecar, true),
            ("app", Role::App, true),
            ("debug", Role::Ephemeral, true),
        ]
    );
    assert!(pod.containers.iter().all(|c| c.status.is_some()));
    assert_eq!(
        (text(pod.created), text(pod.start_time)),
        ("2026-11-23T09:00:00Z".into(), "2026-11-23T09:00:05Z".into())
    );
    assert_eq!(pod.condition("Ready").and_then(|c| c.reason.as_deref()), Some("ContainersNotReady"));
}

#[test]
fn a_container_is_read_with_its_limits_probes_and_states() {
    let snapshot = clean(POD);
    let app = app(&snapshot.pods[0]);
    assert_eq!(
        (&app.command[..], &app.args[..]),
        (&["sh".to_owned(), "-c".to_owned()][..], &["exit 1".to_owned(), "5".to_owned()][..])
    );
    assert_eq!(app.memory_limit.as_ref().map(|q| (q.text.as_str(), q.bytes)), Some(("64Mi", 64 << 20)));
    assert_eq!(app.memory_request.as_ref().map(|q| q.bytes), Some(32 << 20));
    let probe = |probe: &Option<exitus_model::Probe>| {
        probe.as_ref().map(|p| {
            (p.action.clone(), p.period_seconds, p.timeout_seconds, p.failure_threshold, p.grace_seconds)
        })
    };
    assert_eq!(probe(&app.liveness), Some(("GET :8080/healthz".into(), 5, 1, 3, Some(3))));
    assert_eq!(probe(&app.readiness), Some(("tcp :db".into(), 10, 1, 3, None)));
    assert_eq!(probe(&app.startup), Some(("exec cat /ok".into(), 10, 1, 30, None)));
    assert_eq!(app.post_start.as_ref().map(|h| h.action.as_str()), Some("sleep 5s"));
    assert_eq!(app.pre_stop.as_ref().map(|h| h.action.as_str()), Some("GET h:80/"));
    let status = app.status.as_ref().expect("it has a status");
    assert_eq!((status.ready, status.started, status.restart_count), (false, Some(true), 4));
    assert_eq!(status.container_id.as_deref(), Some("abc"));
    assert!(
        matches!(&status.state, State::Waiting(w) if w.reason == "CrashLoopBackOff" && w.message.is_some())
    );
    let line = POD.lines().position(|l| l.contains("lastState")).expect("it is there") + 1;
    let last = status.last.as_ref().expect("it died before");
    assert_eq!(
        (last.exit_code, last.signal, last.reason.as_deref()),
        (Some(137), Some(9), Some("OOMKilled"))
    );
    assert_eq!((last.container_id.as_deref(), last.origin.line), (Some("old"), line as u32));
}

#[test]
fn lists_of_every_kind_give_their_pods() {
    let bare = "{\"metadata\":{\"name\":\"NAME\",\"creationTimestamp\":null},\"spec\":{\"containers\":[{\"name\":\"c\"}]},\"status\":{}}";
    let (a, b) = (bare.replace("NAME", "a"), bare.replace("NAME", "b"));
    let kind = |pod: &str| pod.replacen('{', "{\"kind\":\"Pod\",\"apiVersion\":\"v1\",", 1);
    for list in [
        format!("{{\"kind\":\"List\",\"apiVersion\":\"v1\",\"items\":[{},{}]}}", kind(&a), kind(&b)),
        format!("{{\"apiVersion\":\"v1\",\"items\":[{},{}],\"kind\":\"List\"}}", kind(&a), kind(&b)),
        format!("{{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"items\":[{},{}]}}", kind(&a), kind(&b)),
        // The kubelet's /pods.
        format!("{{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"metadata\":{{}},\"items\":[{a},{b}]}}"),
        format!("{{\"items\":[{a},{b}],\"kind\":\"PodList\"}}"),
        format!("{{\"items\":[{a},{b}]}}"),
        format!("[{a},{b}]"),
        format!("{{\"kind\":\"List\",\"items\":[{{\"kind\":\"PodList\",\"items\":[{a},{b}]}}]}}"),
        format!("kind: PodList\nitems:\n- {a}\n- {b}\n"),
        format!("items:\n- {a}\n- {b}\nkind: PodList\n"),
        format!("{}\n{}", kind(&a), kind(&b)),
        format!("---\n{}\n---\n{}\n", kind(&a), kind(&b)),
    ] {
        let names: Vec<_> = clean(&list).pods.iter().map(Pod::full_name).collect();
        assert_eq!(names, ["default/a", "default/b"], "{list}");
    }
}

#[test]
fn typed_lists_give_their_kind_to_their_elements() {
    let element = "{\"metadata\":{\"name\":\"x\",\"namespace\":\"shop\"},\"status\":{\"readyReplicas\":1}}";
    for kind in
        ["Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Job", "CronJob", "ReplicationController"]
    {
        for list in [
            format!("{{\"kind\":\"{kind}List\",\"items\":[{element}]}}"),
            format!("{{\"items\":[{element}],\"metadata\":{{}},\"kind\":\"{kind}List\"}}"),
            format!("apiVersion: x\nitems:\n- {element}\nkind: {kind}List\n"),
        ] {
            let snapshot = clean(&list);
            let found: Vec<_> =
                snapshot.workloads.iter().map(|w| (w.kind.as_str(), w.name.as_str())).collect();
            assert_eq!(found, [(kind, "x")], "{list}");
        }
    }
    for (kind, count) in [("Node", 1), ("PersistentVolumeClaim", 1), ("Pod", 1), ("ConfigMap", 0)] {
        let snapshot = clean(&format!("{{\"kind\":\"{kind}List\",\"items\":[{element}]}}"));
        assert_eq!(snapshot.nodes.len() + snapshot.claims.len() + snapshot.pods.len(), count, "{kind}");
    }
}

#[test]
fn workloads_say_what_they_want_and_have() {
    let workload = |kind: &str, api: &str, spec: &str, status: &str| {
        let yaml = format!(
            "apiVersion: {api}\nkind: {kind}\nmetadata: {{name: w, namespace: shop}}\nspec: {spec}\nstatus: {status}\n"
        );
        let workload = clean(&yaml).workloads.remove(0);
        (workload.desired, workload.ready, workload.failed)
    };
    assert_eq!(
        workload("Deployment", "apps/v1", "{replicas: 3}", "{readyReplicas: 1}"),
        (Some(3), Some(1), None)
    );
    assert_eq!(workload("StatefulSet", "apps/v1", "{replicas: 2}", "{}"), (Some(2), None, None));
    assert_eq!(
        workload("DaemonSet", "apps/v1", "{}", "{desiredNumberScheduled: 5, numberReady: 4}"),
        (Some(5), Some(4), None)
    );
    assert_eq!(workload("ReplicaSet", "extensions/v1beta1", "{replicas: 1}", "{}"), (Some(1), None, None));
    assert_eq!(
        workload("Job", "batch/v1", "{completions: 4}", "{succeeded: 2, failed: 1}"),
        (Some(4), Some(2), Some(1))
    );
    let job = clean(
        "kind: Job\nmetadata: {name: j}\nspec: {backoffLimit: 6, activeDeadlineSeconds: 60}\nstatus: {conditions: [{type: Failed, status: 'True', reason: BackoffLimitExceeded}]}\n",
    );
    let job = &job.workloads[0];
    assert_eq!((job.backoff_limit, job.active_deadline_seconds), (Some(6), Some(60)));
    assert!(job.condition("Failed").is_some_and(exitus_model::Condition::is_true));
}

#[test]
fn nodes_and_claims_are_read() {
    let node = "kind: Node\nmetadata: {name: n1, uid: n}\nspec:\n  unschedulable: true\n  taints: [{key: k, effect: NoExecute}]\nstatus:\n  conditions: [{type: Ready, status: Unknown, lastHeartbeatTime: '2026-11-23T10:00:00Z'}]\n  nodeInfo: {kubeletVersion: v1.36.0, containerRuntimeVersion: 'containerd://2.1'}\n";
    let node = &clean(node).nodes[0];
    assert_eq!(
        (node.name.as_str(), node.is_cordoned, node.taints[0].effect.as_str()),
        ("n1", true, "NoExecute")
    );
    assert_eq!(text(node.condition("Ready").and_then(|c| c.last_heartbeat)), "2026-11-23T10:00:00Z");
    assert_eq!(
        (node.kubelet_version.as_deref(), node.runtime_version.as_deref()),
        (Some("v1.36.0"), Some("containerd://2.1"))
    );
    let claim = "kind: PersistentVolumeClaim\nmetadata: {name: data, namespace: shop}\nspec: {storageClassName: fast}\nstatus: {phase: Pending}\n";
    let claim = &clean(claim).claims[0];
    assert_eq!(
        (claim.name.as_str(), claim.phase.as_deref(), claim.storage_class.as_deref()),
        ("data", Some("Pending"), Some("fast"))
    );
}

#[test]
fn kinds_that_hold_no_evidence_are_counted_and_let_go() {
    let kinds = ["Namespace", "ConfigMap", "Secret", "Service", "Status", "Table", "PodMetrics"];
    let text: String =
        kinds.iter().map(|k| format!("{{\"kind\":\"{k}\",\"metadata\":{{\"name\":\"x\"}}}}\n")).collect();
    assert_eq!(clean(&text).other_objects, kinds.len());
}

/// Other API groups have kinds of the same names.
#[test]
fn kinds_of_other_groups_are_not_taken_for_those_of_kubernetes() {
    let node = "{\"apiVersion\":\"v1\",\"kind\":\"Node\",\"metadata\":{\"name\":\"n1\",\"resourceVersion\":\"1\"},\"status\":{\"nodeInfo\":{\"kubeletVersion\":\"v1.36.0\"}}}\n";
    let others = "{\"apiVersion\":\"longhorn.io/v1beta2\",\"kind\":\"Node\",\"metadata\":{\"name\":\"n1\",\"resourceVersion\":\"2\"}}\n\
        {\"apiVersion\":\"batch.volcano.sh/v1alpha1\",\"kind\":\"Job\",\"metadata\":{\"name\":\"j\"}}\n\
        {\"apiVersion\":\"audit.k8s.io/v1\",\"kind\":\"Event\",\"level\":\"Metadata\"}\n";
    let snapshot = clean(&format!("{node}{others}"));
    assert_eq!(
        (snapshot.nodes.len(), snapshot.workloads.len(), snapshot.events.len(), snapshot.other_objects),
        (1, 0, 0, 3)
    );
    assert_eq!(snapshot.nodes[0].kubelet_version.as_deref(), Some("v1.36.0"));
}

/// Count, first, last, message and its field.
fn event(fields: &str) -> (i64, String, String, String, &'static str) {
    let text_of = format!(
        "{{\"kind\":\"Event\",\"metadata\":{{\"name\":\"e\",\"uid\":\"e\",\"creationTimestamp\":\"2026-11-23T09:00:00Z\"}},{fields}}}"
    );
    let event = clean(&text_of).events.remove(0);
    assert_eq!(
        (event.object.kind.as_str(), event.object.name.as_str(), event.container()),
        ("Pod", "api", Some("app"))
    );
    (event.count, text(event.first), text(event.last), event.message, event.message_path)
}

#[test]
fn events_of_both_apis_say_the_same() {
    let of = |key: &str| {
        format!(
            "\"{key}\":{{\"kind\":\"Pod\",\"namespace\":\"shop\",\"name\":\"api\",\"fieldPath\":\"spec.containers{{app}}\"}}"
        )
    };
    let (old, new) = (of("involvedObject"), of("regarding"));
    let (one, two) = ("2026-11-23T10:00:00Z", "2026-11-23T10:05:00Z");
    let said = |count: i64, first: &str, last: &str, path: &'static str| {
        (count, first.to_owned(), last.to_owned(), "m".to_owned(), path)
    };
    let micro = "2026-11-23T10:00:00.123456Z";
    for (fields, expected) in [
        (
            format!(
                "{old},\"message\":\"m\",\"count\":7,\"firstTimestamp\":\"{one}\",\"lastTimestamp\":\"{two}\""
            ),
            said(7, one, two, "message"),
        ),
        // As events.k8s.io shows what was written through core.
        (
            format!(
                "{new},\"note\":\"m\",\"deprecatedCount\":7,\"deprecatedFirstTimestamp\":\"{one}\",\"deprecatedLastTimestamp\":\"{two}\",\"eventTime\":null"
            ),
            said(7, one, two, "note"),
        ),
        (
            format!(
                "{new},\"note\":\"m\",\"eventTime\":\"{micro}\",\"series\":{{\"count\":9,\"lastObservedTime\":\"{two}\"}}"
            ),
            said(9, micro, two, "note"),
        ),
        // As core shows what was written through events.k8s.io.
        (
            format!(
                "{old},\"message\":\"m\",\"eventTime\":\"{micro}\",\"count\":null,\"firstTimestamp\":null,\"lastTimestamp\":null,\"series\":{{\"count\":9,\"lastObservedTime\":\"{two}\"}}"
            ),
            said(9, micro, two, "message"),
        ),
        (format!("{old},\"message\":\"m\",\"eventTime\":\"{micro}\""), said(1, micro, micro, "message")),
        (format!("{new},\"note\":\"m\",\"eventTime\":\"{micro}\""), said(1, micro, micro, "note")),
        // Nothing but the creation.
        (
            format!("{old},\"message\":\"m\",\"count\":0"),
            said(1, "2026-11-23T09:00:00Z", "2026-11-23T09:00:00Z", "message"),
        ),
    ] {
        assert_eq!(event(&fields), expected, "{fields}");
    }
}

#[test]
fn an_event_of_a_pod_stands_in_the_namespace_of_the_pod() {
    let event = |kind: &str| {
        let text = format!(
            "{{\"kind\":\"Event\",\"metadata\":{{\"name\":\"e\",\"namespace\":\"shop\"}},\"involvedObject\":{{\"kind\":\"{kind}\",\"name\":\"x\"}}}}"
        );
        clean(&text).events.remove(0).object.namespace
    };
    assert_eq!(event("Pod"), "shop");
    // Nodes have no namespace, though their events stand in one.
    assert_eq!(event("Node"), "");
}

#[test]
fn events_are_told_by_their_shape() {
    let text = "[{\"metadata\":{\"name\":\"e\"},\"regarding\":{\"kind\":\"Pod\",\"namespace\":\"shop\",\"name\":\"api\"},\"reason\":\"Killing\",\"type\":\"Normal\",\"note\":\"n\"}]";
    let snapshot = clean(text);
    assert_eq!((snapshot.events[0].reason.as_str(), snapshot.events[0].is_warning), ("Killing", false));
}
