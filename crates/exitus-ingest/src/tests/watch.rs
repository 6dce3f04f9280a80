//! Watch streams: every version counts, not only the last.

use super::*;

#[test]
fn every_death_of_a_stream_is_kept_once() {
    let stream = [
        watch(
            "ADDED",
            &pod("u", 1, "\"restartCount\":0,\"state\":{\"waiting\":{\"reason\":\"ContainerCreating\"}}"),
        ),
        watch("MODIFIED", &pod("u", 2, &died(0))),
        watch("MODIFIED", &pod("u", 3, &runs_after(0))),
        watch("MODIFIED", &pod("u", 4, &died(1))),
        watch("MODIFIED", &pod("u", 5, &waits_after(1))),
        watch("MODIFIED", &pod("u", 6, &runs_after(1))),
        watch("MODIFIED", &pod("u", 7, &waits_after(2))),
        watch("MODIFIED", &pod("u", 8, &runs_after(2))),
        watch("MODIFIED", &pod("u", 9, &died(3))),
    ];
    let snapshot = clean(&stream.concat());
    assert_eq!(snapshot.pods.len(), 1);
    let pod = &snapshot.pods[0];
    assert_eq!(pod.resource_version, Some(9));
    assert_eq!(terminated(app(pod)).exit_code, Some(4));
    assert_eq!(
        ended(&snapshot, pod),
        [
            "in:2 state #0 exit 1",
            "in:4 state #1 exit 2",
            // Never the state of a version that was seen.
            "in:7 last #2 exit 3",
        ]
    );
}

#[test]
fn a_last_state_counts_the_restarts_before_its_death() {
    let stream = [
        watch("ADDED", &pod("u", 1, &runs_after(4))),
        watch("MODIFIED", &pod("u", 2, "\"restartCount\":6,\"state\":{\"running\":{}}")),
    ];
    let snapshot = clean(&stream.concat());
    assert_eq!(ended(&snapshot, &snapshot.pods[0]), ["in:1 last #4 exit 5"]);
}

#[test]
fn a_deleted_pod_is_gone_and_keeps_its_deaths() {
    let stream = [
        watch("ADDED", &pod("u", 1, &died(0))),
        watch("DELETED", &pod("u", 2, &runs_after(1))),
        watch(
            "BOOKMARK",
            "{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"3\"}}",
        ),
        watch("ERROR", "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"code\":410,\"reason\":\"Expired\"}"),
    ];
    let snapshot = clean(&stream.concat());
    let pod = &snapshot.pods[0];
    assert!(pod.gone);
    assert_eq!((snapshot.pods.len(), ended(&snapshot, pod).len()), (1, 1));
}

#[test]
fn kubectl_writes_watch_events_in_its_own_ways() {
    let first = pod("u", 1, &died(0));
    let second = pod("u", 2, &runs_after(0));
    let sorted = |kind: &str, object: &str| format!("{{\"object\":{object},\"type\":\"{kind}\"}}\n");
    let pretty = |text: &str| {
        let value: serde_json::Value = serde_json::from_str(text).expect("it is JSON");
        serde_json::to_string_pretty(&value).expect("it is JSON")
    };
    let forms = [
        sorted("ADDED", &first) + &sorted("MODIFIED", &second),
        pretty(&sorted("ADDED", &first)) + "\n" + &pretty(&sorted("MODIFIED", &second)),
        // Without --output-watch-events there are only the objects.
        first.clone() + "\n" + &second,
        pretty(&first) + &pretty(&second),
        watch("ADDED", &format!("{{\"kind\":\"List\",\"items\":[{first}]}}")) + &watch("MODIFIED", &second),
        format!("---\n{first}\n---\n{second}\n"),
    ];
    for form in forms {
        let snapshot = clean(&form);
        let pod = &snapshot.pods[0];
        assert_eq!((snapshot.pods.len(), pod.resource_version), (1, Some(2)), "{form}");
        assert_eq!(app(pod).status.as_ref().map(|s| s.restart_count), Some(1), "{form}");
    }
}

#[test]
fn a_cut_event_keeps_what_came_before_it() {
    let first = watch("ADDED", &pod("u", 1, &died(0)));
    for second in [
        watch("MODIFIED", &pod("u", 2, &runs_after(1))),
        format!("{{\"object\":{},\"type\":\"MODIFIED\"}}\n", pod("u", 2, &runs_after(1))),
    ] {
        for cut in 1..second.len() - 2 {
            let text = format!("{first}{}", &second[..cut]);
            let (snapshot, problems) = read(&[("w", &text)]);
            let pod = &snapshot.pods[0];
            assert_eq!((snapshot.pods.len(), pod.resource_version), (1, Some(1)), "{text}");
            assert_eq!(terminated(app(pod)).exit_code, Some(1), "{text}");
            assert!(told(&problems).contains(&"w:2 Truncated".to_owned()), "{problems:?}");
        }
    }
}

#[test]
fn the_first_deletion_keeps_the_full_grace() {
    let asked = "\"deletionTimestamp\":\"2026-11-23T10:00:30Z\",\"deletionGracePeriodSeconds\":30,\"resourceVersion\":\"2\"";
    let last = "\"deletionTimestamp\":\"2026-11-23T10:00:12Z\",\"deletionGracePeriodSeconds\":0,\"resourceVersion\":\"3\"";
    let with = |meta: &str, version: u64| {
        pod("u", version, &died(1)).replace(&format!("\"resourceVersion\":\"{version}\""), meta)
    };
    let versions = [pod("u", 1, &runs_after(0)), with(asked, 2), with(last, 3)];
    let orders = [[0, 1, 2], [2, 1, 0], [1, 2, 0], [2, 0, 1]];
    for order in orders {
        let text: String = order.iter().map(|n| watch("MODIFIED", &versions[*n])).collect();
        let snapshot = clean(&text);
        let pod = &snapshot.pods[0];
        let grace =
            |deletion: &Option<exitus_model::Deletion>| deletion.as_ref().and_then(|d| d.grace_seconds);
        assert_eq!((grace(&pod.first_deletion), grace(&pod.deletion)), (Some(30), Some(0)), "{order:?}");
        let asked = pod.deletion_requested().map(|t| t.to_string());
        assert_eq!(asked.as_deref(), Some("2026-11-23T10:00:00Z"), "{order:?}");
    }
    // Seen only at its end, the full grace is not known.
    assert!(clean(&versions[2]).pods[0].first_deletion.is_none());
}
