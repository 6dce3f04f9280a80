//! Bad input: a clear warning, nothing else lost, no panic.

use proptest::prelude::*;

use super::*;

fn read_bytes(bytes: &[u8]) -> (Snapshot, Vec<String>) {
    let mut reader = Reader::new();
    reader.read("in", bytes);
    let (snapshot, problems) = reader.finish();
    (snapshot, told(&problems))
}

fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(unit).collect()
}

#[test]
fn files_without_content_are_reported() {
    for (bytes, problem) in [
        (b"".as_slice(), "in Empty"),
        (b" \n\t\r\n", "in Empty"),
        (b"\xef\xbb\xbf", "in Empty"),
        (b"\xff\xfe", "in Empty"),
        (b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0\x3e\0", "in Binary"),
        (b"\x1f\x8b\x08\0\0\0\0\0\0\x03\x01\x02\x03\x04", "in Binary"),
        (&[0; 100], "in Binary"),
    ] {
        let (snapshot, problems) = read_bytes(bytes);
        assert_eq!(problems.last().map(String::as_str), Some(problem), "{bytes:?}");
        assert!(snapshot.pods.is_empty() && snapshot.files.is_empty());
    }
}

#[test]
fn every_encoding_gives_the_pod() {
    let text = pod("u", 1, &died(0)).replace("api:1", "caf\u{e9}/api:1");
    let yaml = "kind: Pod\nmetadata:\n  name: api\n  namespace: shop\nspec:\n  containers:\n  - {name: app, image: 'caf\u{e9}/api:1'}\n";
    for text in [text.as_str(), yaml] {
        let latin1: Vec<u8> = text.chars().map(|c| c as u32 as u8).collect();
        let cases = [
            (text.as_bytes().to_vec(), None),
            ([b"\xef\xbb\xbf", text.as_bytes()].concat(), None),
            (latin1, Some("Latin-1")),
            (utf16(text, u16::to_le_bytes), Some("UTF-16LE")),
            (utf16(text, u16::to_be_bytes), Some("UTF-16BE")),
            ([b"\xff\xfe".to_vec(), utf16(text, u16::to_le_bytes)].concat(), Some("UTF-16LE")),
            ([b"\xfe\xff".to_vec(), utf16(text, u16::to_be_bytes)].concat(), Some("UTF-16BE")),
            (utf16(&text.replace('\n', "\r\n"), u16::to_le_bytes), Some("UTF-16LE")),
        ];
        for (bytes, encoding) in cases {
            let (snapshot, problems) = read_bytes(&bytes);
            let expected: Vec<String> = encoding.iter().map(|e| format!("in Converted({e:?})")).collect();
            assert_eq!(problems, expected);
            assert_eq!(snapshot.pods[0].full_name(), "shop/api");
            assert_eq!(app(&snapshot.pods[0]).image.as_deref(), Some("caf\u{e9}/api:1"), "{encoding:?}");
        }
    }
}

#[test]
fn wrong_types_lose_only_their_field() {
    let text = r#"{
"kind": "Pod",
"metadata": {"name": "api", "namespace": "shop", "uid": ["u"], "labels": {"a": "b", "c": {}, "d": 5},
 "ownerReferences": "none",
 "creationTimestamp": "yesterday"},
"spec": {"nodeName": {"x": 1}, "restartPolicy": "Never", "hostPID": "maybe",
 "containers": [
  "web",
  {"name": "app", "command": "sh", "args": ["-c", 5, true, {"x": 1}],
   "resources": {"limits": {"memory": "lots"}, "requests": []},
   "lifecycle": 7,
   "livenessProbe": {"periodSeconds": "often", "httpGet": {"port": "http", "path": "/"}}},
  {"image": "x"}]},
"status": {"phase": 5, "conditions": {},
 "containerStatuses": [{"name": "app", "ready": "yes", "restartCount": 1.5,
   "state": {"terminated": {"exitCode": "one", "reason": "Error",
     "startedAt": "soon",
     "finishedAt": "2026-11-23T10:00:00Z"}},
   "lastState": []}]}}"#;
    let (snapshot, problems) = read(&[("p.json", text)]);
    let wrong = |line: u32, path: &str, expected: &str| {
        format!("p.json:{line} WrongType {{ path: {path:?}, expected: {expected:?} }}")
    };
    let mut found = told(&problems);
    found.sort();
    let mut all = [
        wrong(3, "metadata.uid", "text"),
        wrong(3, "metadata.labels.c", "text"),
        wrong(4, "metadata.ownerReferences", "list"),
        "p.json:5 BadTime { path: \"metadata.creationTimestamp\", value: \"yesterday\" }".to_owned(),
        wrong(6, "spec.nodeName", "text"),
        wrong(6, "spec.hostPID", "boolean"),
        wrong(8, "spec.containers[0]", "object"),
        wrong(9, "spec.containers[1].command", "list"),
        wrong(9, "spec.containers[1].args[3]", "text"),
        wrong(10, "spec.containers[1].resources.limits.memory", "quantity"),
        wrong(10, "spec.containers[1].resources.requests", "object"),
        wrong(11, "spec.containers[1].lifecycle", "object"),
        wrong(12, "spec.containers[1].livenessProbe.periodSeconds", "integer"),
        "p.json:13 NoName(\"container\")".to_owned(),
        wrong(14, "status.conditions", "list"),
        wrong(15, "status.containerStatuses[0].ready", "boolean"),
        wrong(15, "status.containerStatuses[0].restartCount", "integer"),
        wrong(16, "status.containerStatuses[0].state.terminated.exitCode", "integer"),
        "p.json:17 BadTime { path: \"status.containerStatuses[0].state.terminated.startedAt\", value: \"soon\" }".to_owned(),
        wrong(19, "status.containerStatuses[0].lastState", "object"),
    ];
    all.sort();
    assert_eq!(found, all);
    let pod = &snapshot.pods[0];
    assert_eq!(pod.labels, [("a".to_owned(), "b".to_owned()), ("d".to_owned(), "5".to_owned())]);
    assert_eq!((pod.restart_policy.as_str(), pod.phase.as_deref()), ("Never", Some("5")));
    let app = app(pod);
    assert_eq!(app.args, ["-c", "5", "true"]);
    assert_eq!(
        app.liveness.as_ref().map(|p| (p.action.as_str(), p.period_seconds)),
        Some(("GET :http/", 10))
    );
    assert_eq!(terminated(app).reason.as_deref(), Some("Error"));
    assert!(terminated(app).finished_at.is_some());
}

#[test]
fn a_wrong_list_is_reported() {
    assert_eq!(
        problems(&[("x", "{\"kind\":\"PodList\",\"items\":{\"a\":1}}")]),
        ["x:1 WrongType { path: \"items\", expected: \"list\" }"]
    );
    let lists = "{\"kind\":\"PodList\",\"items\":null}\n{\"kind\":\"PodList\",\"items\":[]}\n{\"apiVersion\":\"v1\",\"kind\":\"PodList\"}";
    assert_eq!(clean(lists).lists, 3);
}

#[test]
fn numbers_may_be_written_in_several_ways() {
    let code = |written: &str| {
        let text = pod("u", 1, &died(0)).replace("\"exitCode\":1", &format!("\"exitCode\":{written}"));
        let (snapshot, problems) = read(&[("in", &text)]);
        (terminated(app(&snapshot.pods[0])).exit_code, problems.len())
    };
    for (written, expected) in [
        ("137", Some(137)),
        ("\"137\"", Some(137)),
        ("137.0", Some(137)),
        ("1.37e2", Some(137)),
        ("-1", Some(-1)),
        ("3221225477", Some(3_221_225_477)),
        ("-9223372036854775808", Some(i64::MIN)),
    ] {
        assert_eq!(code(written), (expected, 0), "{written}");
    }
    for written in
        ["137.5", "1e400", "1e300", "99999999999999999999", "true", "[137]", "\"\"", "\"0x89\"", "1-2"]
    {
        assert_eq!(code(written), (None, 1), "{written}");
    }
    assert_eq!(code("null"), (None, 0));
}

#[test]
fn times_that_stand_for_never_are_no_times() {
    for zero in ["0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "1970-01-01T01:00:00+01:00"] {
        let text = pod("u", 1, &died(0))
            .replace("2026-11-23T10:00:00Z", zero)
            .replace("2026-11-23T10:00:30Z", zero)
            .replace("\"uid\"", &format!("\"creationTimestamp\":\"{zero}\",\"uid\""));
        let snapshot = clean(&text);
        let termination = terminated(app(&snapshot.pods[0]));
        assert_eq!(
            (termination.started_at, termination.finished_at, snapshot.pods[0].created),
            (None, None, None)
        );
        assert!(termination.has_zero_start);
        assert_eq!(snapshot.newest_time(), None);
    }
    let null = pod("u", 1, &died(0)).replace("\"2026-11-23T10:00:00Z\"", "null");
    let snapshot = clean(&null);
    assert!(!terminated(app(&snapshot.pods[0])).has_zero_start);
}

#[test]
fn containers_only_in_the_status_are_kept_and_reported_once() {
    let status = format!("{}}},{{\"name\":\"ghost\",\"image\":\"g:1\",{}", died(0), died(1));
    let text: String = (1..4).map(|n| watch("MODIFIED", &pod("u", n, &status))).collect();
    let (snapshot, problems) = read(&[("w", &text)]);
    assert_eq!(told(&problems), ["w:1 ContainerNotInSpec { pod: \"shop/api\", container: \"ghost\" }"]);
    let ghost = snapshot.pods[0].container("ghost").expect("it is kept");
    assert_eq!((ghost.is_in_spec, ghost.image.as_deref()), (false, Some("g:1")));
    assert_eq!(terminated(ghost).exit_code, Some(2));
}

#[test]
fn a_spec_without_status_and_a_status_without_spec_are_fine() {
    let whole = pod("u", 1, &died(0));
    let (spec, status) =
        (whole.find("\"spec\"").expect("it is there"), whole.find("\"status\"").expect("it is there"));
    let no_status = clean(&format!("{}}}", &whole[..status - 1]));
    assert!(app(&no_status.pods[0]).status.is_none());
    let no_spec = clean(&format!("{}{}", &whole[..spec], &whole[status..]));
    assert!(!app(&no_spec.pods[0]).is_in_spec);
    assert_eq!(terminated(app(&no_spec.pods[0])).exit_code, Some(1));
}

#[test]
fn objects_that_cannot_be_told_are_reported() {
    let text = "{\"kind\":\"Pod\",\"metadata\":{}}\n{\"metadata\":{\"name\":\"x\"}}\n{\"kind\":\"Node\"}\n{\"kind\":\"Event\",\"metadata\":{\"name\":\"e\"}}\n{\"kind\":\"Pod\",\"metadata\":[]}\n";
    assert_eq!(
        problems(&[("x", text)]),
        [
            "x:1 NoName(\"Pod\")",
            "x:2 NoKind",
            "x:3 NoName(\"Node\")",
            "x:4 NoName(\"Event\")",
            "x:5 WrongType { path: \"metadata\", expected: \"object\" }",
            "x:5 NoName(\"Pod\")",
        ]
    );
}

#[test]
fn faults_name_file_and_line_and_the_rest_is_used() {
    let (a, b) = (pod("a", 1, &died(0)), pod("b", 1, &died(0)));
    let text = format!("{a}\n{}\n{b}\n", a.replace("\"Running\"", "\"Running"));
    let (snapshot, problems) = read(&[("ok.json", &a), ("dir/x.json", &text)]);
    let pods: Vec<_> = snapshot.pods.iter().filter_map(|p| p.uid.as_deref()).collect();
    assert_eq!(pods, ["a", "b"]);
    assert_eq!(told(&problems).len(), 1);
    assert!(told(&problems)[0].starts_with("dir/x.json:2 Syntax("), "{problems:?}");
    let yaml = "kind: Pod\nmetadata:\n  name: x\n---\nkind: Pod\nmetadata:\n\tname: y\n---\nkind: Pod\nmetadata:\n  name: z\n";
    let (snapshot, problems) = read(&[("x.yaml", yaml)]);
    let names: Vec<_> = snapshot.pods.iter().map(|p| p.name.as_str()).collect();
    assert_eq!(names, ["x", "z"]);
    assert!(told(&problems)[0].starts_with("x.yaml:7 Syntax("), "{problems:?}");
}

#[test]
fn hostile_texts_stay_what_they_are() {
    // The renderers clean what they show; facts keep every byte.
    let text = pod("u", 1, &died(0))
        .replace("\"exitCode\":1", "\"exitCode\":1,\"message\":\"\\u001b[31mred\\u202e\\u0000\"");
    let snapshot = clean(&text);
    assert_eq!(terminated(app(&snapshot.pods[0])).message.as_deref(), Some("\u{1b}[31mred\u{202e}\0"));
}

#[test]
fn many_labels_are_read_quickly() {
    let labels: Vec<String> = (0..100_000).map(|n| format!("\"l{n}\":\"x\"")).collect();
    let text = pod("u", 1, &died(0))
        .replace("\"uid\"", &format!("\"labels\":{{{0}}},\"annotations\":{{{0}}},\"uid\"", labels.join(",")));
    let begin = std::time::Instant::now();
    assert_eq!(clean(&text).pods[0].labels.len(), 100_000);
    assert!(begin.elapsed().as_secs() < 10, "{:?}", begin.elapsed());
}

fn list() -> String {
    let pods = [pod("a", 1, &died(0)), pod("b", 2, &waits_after(1)), pod("c", 3, &runs_after(2))];
    format!("{{\"apiVersion\":\"v1\",\"items\":[{}],\"kind\":\"List\"}}", pods.join(",\n"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_cut_never_makes_another_fact(cut in any::<prop::sample::Index>()) {
        let text = list();
        let whole = clean(&text);
        let (snapshot, _) = read_bytes(&text.as_bytes()[..cut.index(text.len())]);
        for pod in &snapshot.pods {
            let Some(uid) = &pod.uid else { continue };
            let same = whole.pods.iter().find(|p| p.uid.as_ref() == Some(uid));
            prop_assert!(same.is_some(), "a UID was cut: {uid}");
            let same = same.expect("checked above");
            let status = |p: &Pod| p.container("app").and_then(|c| c.status.clone()).map(|s| (s.restart_count, s.last));
            if let (Some((_, Some(last))), Some((_, Some(of_whole)))) = (status(pod), status(same)) {
                prop_assert!(last.exit_code.is_none() || last.exit_code == of_whole.exit_code);
                prop_assert!(last.finished_at.is_none() || last.finished_at == of_whole.finished_at);
                prop_assert!(last.container_id.is_none() || last.container_id == of_whole.container_id);
            }
        }
    }

    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300), name in "[a-z]{1,3}(\\.[a-z]{1,3}){0,2}\\.(txt|json|log)") {
        let mut reader = Reader::new();
        reader.read(&name, &bytes);
        reader.finish();
    }

    #[test]
    fn no_wrong_byte_panics(
        is_yaml: bool,
        wrong in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let json = list();
        let yaml = "apiVersion: v1\nitems:\n- kind: Pod\n  metadata:\n    name: x\n    uid: u\n  status:\n    containerStatuses:\n    - name: app\n      restartCount: 3\n      state:\n        terminated: {exitCode: 137, reason: OOMKilled}\nkind: List\n";
        let mut bytes = if is_yaml { yaml.as_bytes().to_vec() } else { json.into_bytes() };
        for (at, byte) in wrong {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        read_bytes(&bytes);
    }
}
