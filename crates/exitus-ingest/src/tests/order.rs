//! The order of the files does not matter.

use proptest::prelude::*;

use super::*;

/// A document of one object in one version.
fn any_document() -> impl Strategy<Value = String> {
    let uid = prop::sample::select(vec!["", "u", "u", "v"]);
    let version = 1..8_u64;
    let pod_version = (uid, version.clone(), 0..4_u8, any::<bool>()).prop_map(|(uid, version, form, is_dated)| {
        // What a version says is settled by its UID and number.
        let number = (version as i64 * 3) % 7;
        let status = match (version + uid.len() as u64) % 3 {
            0 => died(number),
            1 => waits_after(number),
            _ => runs_after(number),
        };
        let mut text = pod(uid, version, &status);
        if version >= 5 {
            let (grace, second) = if version == 5 { (30, 50) } else { (0, 20 + version) };
            let deletion = format!("\"deletionTimestamp\":\"2026-11-23T11:00:{second}Z\",\"deletionGracePeriodSeconds\":{grace},\"resourceVersion\"");
            text = text.replace("\"resourceVersion\"", &deletion);
        }
        if is_dated {
            let hour = if uid == "v" { 9 } else { 8 };
            text = text.replace("\"resourceVersion\"", &format!("\"creationTimestamp\":\"2026-11-23T{hour:02}:00:00Z\",\"resourceVersion\""));
        }
        match form {
            0 => text,
            1 => watch("MODIFIED", &text).trim_end().to_owned(),
            2 => watch("DELETED", &text).trim_end().to_owned(),
            _ => {
                let status = text.find(",\"status\"").expect("it is there");
                format!("{}}}", &text[..status])
            }
        }
    });
    let event = (1..4_u32, 1..4_u32, any::<bool>()).prop_map(|(name, count, has_uid)| {
        let uid = if has_uid { format!("\"uid\":\"e{name}\",") } else { String::new() };
        format!("{{\"kind\":\"Event\",\"metadata\":{{{uid}\"name\":\"e{name}\"}},\"involvedObject\":{{\"kind\":\"Pod\",\"namespace\":\"shop\",\"name\":\"api\",\"uid\":\"u\"}},\"reason\":\"R{name}\",\"count\":{count},\"message\":\"m{count}\",\"firstTimestamp\":\"2026-11-23T0{}:00:00Z\",\"lastTimestamp\":\"2026-11-23T0{}:30:00Z\"}}", 5 + name, 5 + name + count)
    });
    let node = version.clone().prop_map(|version| {
        format!("{{\"kind\":\"Node\",\"metadata\":{{\"name\":\"n\",\"resourceVersion\":\"{version}\"}},\"status\":{{\"nodeInfo\":{{}},\"conditions\":[{{\"type\":\"Ready\",\"status\":\"{}\"}}]}}}}", version % 2 == 0)
    });
    let workload = (version, prop::sample::select(vec!["", "a", "b"])).prop_map(|(version, uid)| {
        let meta = match uid {
            "" => String::new(),
            uid => format!("\"uid\":\"{uid}\",\"creationTimestamp\":\"2026-11-23T0{}:00:00Z\",", uid.as_bytes()[0] - b'a'),
        };
        format!("{{\"kind\":\"Deployment\",\"metadata\":{{{meta}\"name\":\"d\",\"resourceVersion\":\"{version}\"}},\"status\":{{\"readyReplicas\":{version}}}}}")
    });
    prop_oneof![4 => pod_version, 2 => event, 1 => node, 1 => workload]
}

fn any_file() -> impl Strategy<Value = String> {
    (proptest::collection::vec(any_document(), 1..8), 0..4_u8, 0..60_usize).prop_map(
        |(documents, form, cut)| match form {
            0 => format!(
                "{{\"apiVersion\":\"v1\",\"items\":[\n{}\n],\"kind\":\"List\"}}",
                documents.join(",\n")
            ),
            1 => documents.iter().map(|d| format!("---\n{d}\n")).collect(),
            2 => {
                let text = documents.join("\n");
                text[..text.len() - cut].to_owned()
            }
            _ => documents.join("\n") + "\n",
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_files_changes_no_fact(files in proptest::collection::vec(any_file(), 3)) {
        let named: Vec<(String, &str)> = files.iter().enumerate().map(|(n, text)| (format!("f{n}"), text.as_str())).collect();
        let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
        let readings = orders.map(|order| {
            let files = order.map(|n| (named[n].0.as_str(), named[n].1));
            let (snapshot, problems) = read(&files);
            let mut problems = told(&problems);
            problems.sort();
            facts(&snapshot) + "\n" + &problems.join("\n")
        });
        for (order, reading) in orders.iter().zip(&readings) {
            prop_assert_eq!(reading, &readings[0], "{:?}", order);
        }
    }
}

#[test]
fn logs_and_kernel_logs_do_not_depend_on_the_order_either() {
    let pod = pod("u", 1, &died(0));
    let files = [
        (
            "kernel.txt",
            "Nov 23 10:00:30 n1 kernel: Memory cgroup out of memory: Killed process 7 (api) total-vm:9000kB, anon-rss:8000kB, file-rss:70kB, shmem-rss:0kB, UID:0 pgtables:60kB oom_score_adj:998\n",
        ),
        ("api.app.txt", "2026-11-23T10:00:20Z hello\n"),
        ("pods.json", pod.as_str()),
    ];
    let reversed = [files[2], files[1], files[0]];
    assert_eq!(facts(&read(&files).0), facts(&read(&reversed).0));
    assert!(facts(&read(&files).0).contains("2026-11-23T10:00:30Z"));
}
