//! What several files and versions say of one object.

use super::*;

#[test]
fn the_newest_version_wins_whatever_the_order() {
    let versions: Vec<String> = (1..=3).map(|n| pod("u", 10 * n, &runs_after(n as i64))).collect();
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0], [0, 2, 1]] {
        let names = order.map(|n| format!("{n}.json"));
        let files: Vec<(&str, &str)> =
            order.iter().zip(&names).map(|(n, name)| (name.as_str(), versions[*n].as_str())).collect();
        let (snapshot, problems) = read(&files);
        assert_eq!(told(&problems), Vec::<String>::new());
        let pod = &snapshot.pods[0];
        assert_eq!((snapshot.pods.len(), pod.resource_version), (1, Some(30)), "{order:?}");
        assert_eq!(snapshot.file_name(pod.origin.file), "2.json");
        assert_eq!(
            ended(&snapshot, pod),
            ["0.json:1 last #1 exit 2", "1.json:1 last #2 exit 3"],
            "{order:?}"
        );
    }
}

#[test]
fn without_a_version_the_newest_time_wins() {
    let old = pod("u", 1, &runs_after(1)).replace("\"resourceVersion\":\"1\"", "\"labels\":{}");
    let new = pod("u", 1, &runs_after(2)).replace("\"resourceVersion\":\"1\"", "\"labels\":{}");
    for files in [[("a", old.as_str()), ("b", new.as_str())], [("b", new.as_str()), ("a", old.as_str())]] {
        let snapshot = read(&files).0;
        assert_eq!(app(&snapshot.pods[0]).status.as_ref().map(|s| s.restart_count), Some(3));
    }
}

#[test]
fn between_equal_versions_the_fuller_one_is_kept() {
    let full = pod("u", 7, &died(0));
    let status = full.find(",\"status\"").expect("it is there");
    let reduced = format!("{}}}", &full[..status]);
    for files in
        [[("a", full.as_str()), ("b", reduced.as_str())], [("b", reduced.as_str()), ("a", full.as_str())]]
    {
        let (snapshot, problems) = read(&files);
        assert_eq!(told(&problems), Vec::<String>::new());
        assert_eq!(terminated(app(&snapshot.pods[0])).exit_code, Some(1));
        assert_eq!(ended(&snapshot, &snapshot.pods[0]), Vec::<String>::new());
    }
}

#[test]
fn a_pod_made_anew_under_its_name_stays_apart() {
    let old =
        pod("old", 1, &died(0)).replace("\"uid\"", "\"creationTimestamp\":\"2026-11-23T09:00:00Z\",\"uid\"");
    let new =
        pod("new", 2, &died(5)).replace("\"uid\"", "\"creationTimestamp\":\"2026-11-23T10:00:00Z\",\"uid\"");
    let bare = pod("", 3, &runs_after(5));
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
        let all = [("old", old.as_str()), ("new", new.as_str()), ("bare", bare.as_str())];
        let (snapshot, problems) = read(&order.map(|n| all[n]));
        assert_eq!(told(&problems), Vec::<String>::new());
        let mut uids: Vec<_> = snapshot.pods.iter().map(|p| (p.uid.as_deref(), p.resource_version)).collect();
        uids.sort();
        // What names no UID speaks of the newest.
        assert_eq!(uids, [(Some("new"), Some(3)), (Some("old"), Some(1))], "{order:?}");
    }
}

#[test]
fn a_pod_without_uid_joins_the_one_of_its_creation() {
    let at = |hour: u8| format!("\"creationTimestamp\":\"2026-11-23T{hour:02}:00:00Z\",\"name\"");
    let with = |uid: &str, version: u64, hour: u8| {
        pod(uid, version, &died(0)).replace("\"name\":\"api\"", &format!("{}:\"api\"", at(hour)))
    };
    let (old, new) = (with("old", 1, 8), with("new", 2, 9));
    let joins = |bare: &str| {
        let snapshot = read(&[("b", bare), ("o", &old), ("n", &new)]).0;
        let mut found: Vec<_> = snapshot.pods.iter().map(|p| (p.uid.clone(), p.resource_version)).collect();
        found.sort();
        found
    };
    let named = |uid: &str, version: u64| (Some(uid.to_owned()), Some(version));
    assert_eq!(joins(&with("", 9, 8)), [named("new", 2), named("old", 9)]);
    assert_eq!(joins(&with("", 9, 7)), [(None, Some(9)), named("new", 2), named("old", 1)]);
}

#[test]
fn names_of_different_namespaces_stay_apart() {
    let other = pod("", 1, &died(0)).replace("\"shop\"", "\"pay\"");
    let none = pod("", 1, &died(0)).replace("\"namespace\":\"shop\",", "");
    let snapshot = read(&[("a", &pod("", 1, &died(0))), ("b", &other), ("c", &none)]).0;
    let names: Vec<_> = snapshot.pods.iter().map(Pod::full_name).collect();
    assert_eq!(names, ["shop/api", "pay/api", "default/api"]);
}

#[test]
fn a_uid_of_two_names_is_reported_once() {
    let other = pod("u", 1, &died(0)).replace("\"api\"", "\"web\"");
    let files = [("a", pod("u", 1, &died(0))), ("b", format!("\n{other}\n{other}"))];
    let files = files.each_ref().map(|(name, text)| (*name, text.as_str()));
    let (snapshot, problems) = read(&files);
    assert_eq!(snapshot.pods.len(), 2);
    assert_eq!(told(&problems), ["b:2 SharedUid(\"u\")"]);
}

#[test]
fn a_restart_count_that_falls_is_reported_where_it_falls() {
    let versions = [pod("u", 1, &runs_after(4)), pod("u", 2, &runs_after(1)), pod("u", 3, &runs_after(8))];
    for order in [[0, 1, 2], [2, 1, 0], [0, 2, 1], [1, 2, 0]] {
        let text: String = order.iter().map(|n| versions[*n].clone() + "\n").collect();
        let line = order.iter().position(|n| *n == 1).expect("it is there") + 1;
        let expected = format!("w:{line} RestartCountFell {{ pod: \"shop/api\", container: \"app\" }}");
        assert_eq!(problems(&[("w", &text)]), [expected], "{order:?}");
    }
    let rising: String = (1..5).map(|n| pod("u", n, &runs_after(n as i64)) + "\n").collect();
    assert_eq!(problems(&[("w", &rising)]), Vec::<String>::new());
}

#[test]
fn events_are_counted_once() {
    let event = |count: u32, last: &str| {
        format!(
            "{{\"kind\":\"Event\",\"metadata\":{{\"name\":\"e\",\"uid\":\"e1\"}},\"involvedObject\":{{\"kind\":\"Pod\",\"namespace\":\"shop\",\"name\":\"api\"}},\
             \"reason\":\"BackOff\",\"message\":\"m{count}\",\"count\":{count},\"firstTimestamp\":\"2026-11-23T10:00:00Z\",\"lastTimestamp\":\"2026-11-23T{last}Z\"}}\n"
        )
    };
    let (one, two) = (event(1, "10:00:00"), event(2, "10:05:00"));
    for text in [one.clone() + &two, two.clone() + &one, two.clone() + &two + &one] {
        let snapshot = clean(&text);
        let event = &snapshot.events[0];
        assert_eq!((snapshot.events.len(), event.count, event.message.as_str()), (1, 2, "m2"));
        assert_eq!(event.first.map(|t| t.to_string()).as_deref(), Some("2026-11-23T10:00:00Z"));
        assert_eq!(event.last.map(|t| t.to_string()).as_deref(), Some("2026-11-23T10:05:00Z"));
    }
}

#[test]
fn events_older_than_their_pod_are_dropped_with_a_warning() {
    let pod =
        pod("u", 1, &died(0)).replace("\"uid\"", "\"creationTimestamp\":\"2026-11-23T10:00:00Z\",\"uid\"");
    let event = |name: &str, uid: &str, last: &str| {
        format!(
            "{{\"kind\":\"Event\",\"metadata\":{{\"name\":\"{name}\"}},\"involvedObject\":{{\"kind\":\"Pod\",\"namespace\":\"shop\",\"name\":\"api\",\"uid\":\"{uid}\"}},\
             \"reason\":\"{name}\",\"lastTimestamp\":\"2026-11-23T{last}Z\"}}\n"
        )
    };
    let events = [
        event("before", "u", "09:59:00"),
        event("at-once", "u", "10:00:00"),
        event("rounded", "u", "09:59:59"),
        event("of-another", "v", "09:00:00"),
    ];
    // The order of the files does not matter.
    for files in [[("e", events.concat()), ("p", pod.clone())], [("p", pod), ("e", events.concat())]] {
        let files = files.each_ref().map(|(name, text)| (*name, text.as_str()));
        let (snapshot, problems) = read(&files);
        let reasons: Vec<_> = snapshot.events.iter().map(|e| e.reason.as_str()).collect();
        assert_eq!(reasons, ["at-once", "rounded", "of-another"]);
        assert_eq!(told(&problems), ["e:1 EventBeforePod(\"shop/api\")"]);
    }
}

#[test]
fn events_of_one_line_are_told_apart() {
    let list = format!(
        "{{\"kind\":\"EventList\",\"items\":[{}]}}",
        ["09:00", "11:00"].map(|at| format!("{{\"metadata\":{{\"name\":\"e\"}},\"involvedObject\":{{\"kind\":\"Pod\",\"name\":\"api\",\"uid\":\"u\"}},\"reason\":\"r\",\"lastTimestamp\":\"2026-11-23T{at}:00Z\",\"firstTimestamp\":\"2026-11-23T{at}:00Z\"}}")).join(",")
    );
    let pod =
        pod("u", 1, &died(0)).replace("\"uid\"", "\"creationTimestamp\":\"2026-11-23T10:00:00Z\",\"uid\"");
    let (snapshot, problems) = read(&[("e", &list), ("p", &pod)]);
    assert_eq!((snapshot.events.len(), problems.len()), (1, 1));
}

#[test]
fn nodes_workloads_and_claims_are_kept_in_their_newest_version() {
    let node = |version: u64, ready: &str| {
        format!(
            "{{\"kind\":\"Node\",\"metadata\":{{\"name\":\"n1\",\"resourceVersion\":\"{version}\"}},\"status\":{{\"nodeInfo\":{{}},\"conditions\":[{{\"type\":\"Ready\",\"status\":\"{ready}\"}}]}}}}\n"
        )
    };
    let set = |version: u64, ready: u64| {
        format!(
            "{{\"kind\":\"ReplicaSet\",\"metadata\":{{\"name\":\"api\",\"uid\":\"r\",\"resourceVersion\":\"{version}\"}},\"status\":{{\"readyReplicas\":{ready}}}}}\n"
        )
    };
    let claim = |version: u64, phase: &str| {
        format!(
            "{{\"kind\":\"PersistentVolumeClaim\",\"metadata\":{{\"name\":\"data\",\"resourceVersion\":\"{version}\"}},\"status\":{{\"phase\":\"{phase}\"}}}}\n"
        )
    };
    let old = node(9, "True") + &set(9, 0) + &claim(9, "Pending");
    let new = node(10, "Unknown") + &set(10, 3) + &claim(10, "Bound");
    for text in [old.clone() + &new, new + &old] {
        let snapshot = clean(&text);
        let ready = snapshot.nodes[0].condition("Ready").map(|c| c.status.as_str());
        assert_eq!((snapshot.nodes.len(), ready), (1, Some("Unknown")));
        assert_eq!((snapshot.workloads.len(), snapshot.workloads[0].ready), (1, Some(3)));
        assert_eq!((snapshot.claims.len(), snapshot.claims[0].phase.as_deref()), (1, Some("Bound")));
    }
}

#[test]
fn workloads_made_anew_stay_apart_and_those_without_uid_join() {
    let set = |uid: &str, hour: u8, ready: u64| {
        let uid = if uid.is_empty() {
            String::new()
        } else {
            format!("\"uid\":\"{uid}\",\"creationTimestamp\":\"2026-11-23T{hour:02}:00:00Z\",")
        };
        format!(
            "{{\"kind\":\"StatefulSet\",\"metadata\":{{{uid}\"name\":\"db\",\"resourceVersion\":\"{hour}\"}},\"status\":{{\"readyReplicas\":{ready}}}}}\n"
        )
    };
    let (a, b, bare) = (set("a", 10, 1), set("b", 11, 2), set("", 12, 3));
    for text in [[&a, &b, &bare], [&bare, &b, &a], [&b, &bare, &a]].map(|t| t.map(String::as_str).concat()) {
        let mut found: Vec<_> = clean(&text).workloads.iter().map(|w| (w.uid.clone(), w.ready)).collect();
        found.sort();
        assert_eq!(found, [(Some("a".to_owned()), Some(1)), (Some("b".to_owned()), Some(3))]);
    }
}
