//! Narrowing and widening, ways to give evidence, exit statuses, language and colour, the tour.

use std::fs;
use std::path::Path;
use std::process::Stdio;

use serde_json::{Value, json};
use tempfile::tempdir;
use unicode_width::UnicodeWidthStr as _;

use crate::harness::{
    CAPTURES, Outcome, ROOT, all_paths, command, exitus, exitus_in, expect_none, in_parallel, list, text,
    why, why_args,
};

const OOM: &str = "fixtures/zoo/oom-limit";
const ROLLOUT: &str = "fixtures/zoo/rollout-stop";
const JOB: &str = "fixtures/zoo/job-backoff";

/// `exitus why -f PATH -o json` with more arguments.
fn ask(path: &str, more: &[&str]) -> (i32, Value) {
    let outcome = exitus(["why", "-f", path, "-o", "json"].iter().chain(more));
    (outcome.status, outcome.json())
}

/// The different values of a member of the items' subjects, sorted.
fn subjects<'d>(document: &'d Value, key: &str) -> Vec<&'d str> {
    let mut values: Vec<&str> = list(document, "items").iter().map(|i| text(&i["subject"], key)).collect();
    values.sort_unstable();
    values.dedup();
    values
}

#[test]
fn a_namespace_narrows() {
    let (status, document) = ask("fixtures/zoo", &["-n", "z-oom-limit"]);
    assert_eq!((status, subjects(&document, "namespace")), (1, vec!["z-oom-limit"]));
    assert_eq!(document["summary"]["pods"], 1);
    exitus(["why", "-f", OOM, "--namespace", "z-oom-limi"])
        .expect_error(&["no namespace \"z-oom-limi\"", "nearest names: z-oom-limit"]);
}

#[test]
fn all_namespaces_is_what_no_namespace_means() {
    let plain = ask("fixtures/zoo", &[]);
    assert_eq!(ask("fixtures/zoo", &["-A"]), plain);
    assert!(subjects(&plain.1, "namespace").len() > 60);
    exitus(["why", "-f", OOM, "-A", "-n", "x"]).expect_error(&["--all-namespaces", "Usage"]);
}

#[test]
fn labels_narrow() {
    for selector in ["app=oom-limit", "app==oom-limit"] {
        let (status, document) = ask("fixtures/zoo", &["-l", selector]);
        assert_eq!((status, subjects(&document, "pod")), (1, vec!["oom-limit"]), "{selector}");
    }
    let (_, document) = ask("fixtures/zoo", &["-l", "app=oom-limit,tier=none"]);
    assert_eq!(document["summary"]["pods"], 0);
    let (_, document) = ask(ROLLOUT, &["--all", "--selector", "app=rollout,pod-template-hash=599744c469"]);
    assert_eq!(subjects(&document, "pod"), ["rollout-599744c469-4j7kt"]);
    exitus(["why", "-f", OOM, "-l", "app in (x)"]).expect_error(&["no label selector", "KEY=VALUE"]);
}

#[test]
fn containers_narrow() {
    let (status, document) = ask("fixtures/zoo/oom-init", &["-c", "migrate"]);
    assert_eq!((status, subjects(&document, "container")), (1, vec!["migrate"]));
    assert_eq!(ask("fixtures/zoo/oom-init", &["--container", "app,migrate"]).1["items"], document["items"]);
    exitus(["why", "-f", "fixtures/zoo/oom-init", "-c", "migrat"])
        .expect_error(&["no container \"migrat\"", "nearest names: migrate"]);
    let (status, document) = ask("fixtures/zoo/oom-init", &["-c", "app"]);
    assert_eq!((status, list(&document, "items").len()), (0, 0));
}

#[test]
fn causes_narrow() {
    let (status, document) = ask("fixtures/zoo", &["--cause", "port-in-use,preempted-by-scheduler"]);
    assert_eq!(status, 1);
    let causes: Vec<&String> = document["summary"]["byCause"].as_object().unwrap().keys().collect();
    assert_eq!(causes, ["port-in-use", "preempted-by-scheduler"]);
    // Who asks for a harmless one by its id means it.
    let (status, document) = ask("fixtures/zoo/exit-0-job", &["--cause", "completed"]);
    assert_eq!((status, list(&document, "items").len()), (0, 1));
    exitus(["why", "-f", OOM, "--cause", "oom"])
        .expect_error(&["\"oom\" is no cause id", "explain --list causes"]);
}

#[test]
fn all_adds_what_is_no_fault_and_nothing_else() {
    for path in ["fixtures/zoo", "fixtures/zoo/healthy/pods.json", "fixtures/zoo/exit-0-job/watch.jsonl"] {
        let (some_status, some) = ask(path, &[]);
        let (all_status, all) = ask(path, &["--all"]);
        assert_eq!(some_status, all_status);
        let is_fault = |i: &&Value| i["severity"] != "info" && i["cause"] != "healthy";
        let faults: Vec<&Value> = list(&all, "items").iter().filter(is_fault).collect();
        assert!(list(&all, "items").len() > faults.len());
        assert_eq!(list(&some, "items").iter().collect::<Vec<_>>(), faults);
    }
}

#[test]
fn durations_are_counted_to_the_newest_time_or_to_a_given_one() {
    let waiting = |more: &[&str]| {
        let (_, document) = ask("fixtures/zoo/unsched-cpu/pods.json", more);
        text(&document["items"][0], "explanation").to_owned()
    };
    let later = waiting(&["--now", "2026-11-23T11:45:19Z"]);
    assert!(later.contains("waiting for 2h"), "{later}");
    assert!(!waiting(&[]).contains("2h"));
    assert_eq!(waiting(&[]), waiting(&[]));
    exitus(["why", "-f", OOM, "--now", "today"])
        .expect_error(&["\"today\" is no time", "2026-03-01T10:02:11Z"]);
}

#[test]
fn pods_and_owners_and_nodes_are_found_by_name() {
    let pod = "rollout-599744c469-4j7kt";
    for target in [pod, "pod/rollout-599744c469-4j7kt", "po/rollout-599744c469-4j7kt", "deploy/rollout"] {
        let (status, document) = ask(ROLLOUT, &["--all", target]);
        assert_eq!((status, subjects(&document, "pod")), (0, vec![pod]), "{target}");
    }
    for target in
        ["rs/rollout-599744c469", "replicasets.apps/rollout-599744c469", "node/node-a", "Deployment/rollout"]
    {
        assert_eq!(subjects(&ask(ROLLOUT, &["--all", target]).1, "pod"), [pod], "{target}");
    }
    let (status, document) = ask(JOB, &["job/job-backoff"]);
    assert_eq!((status, subjects(&document, "pod")), (1, vec!["", "job-backoff-bp2j9", "job-backoff-k2hxn"]));
    let (_, document) = ask(JOB, &["job-backoff-bp2j9", "pod/job-backoff-k2hxn"]);
    assert_eq!(subjects(&document, "pod"), ["job-backoff-bp2j9", "job-backoff-k2hxn"]);
    let (_, document) = ask("fixtures/zoo/unsched-cpu", &["unsched-cpu"]);
    assert_eq!(subjects(&document, "pod"), ["unsched-cpu"]);
}

#[test]
fn a_name_that_is_not_there_is_an_error_with_the_nearest() {
    for (path, target, nearest) in [
        (ROLLOUT, "rollout", "rollout-599744c469-4j7kt"),
        (ROLLOUT, "deploy/rolout", "rollout"),
        (ROLLOUT, "rs/rollout-599744c468", "rollout-599744c469"),
        (ROLLOUT, "node/node-b", "node-a"),
        (JOB, "job/job-backof", "job-backoff"),
    ] {
        let name = target.rsplit('/').next().unwrap();
        exitus(["why", "-f", path, target])
            .expect_error(&[&format!("\"{name}\" in the evidence"), &format!("nearest names: {nearest}")]);
    }
    exitus(["why", "-f", OOM, "deploy/nothing-like-it"])
        .expect_error(&["no deployment", "list what there is"]);
    exitus(["why", "-f", OOM, "gadget/x"])
        .expect_error(&["\"gadget/x\" names no type", "types are pod, deployment"]);
    // A pod of another namespace is not there either.
    exitus(["why", "-f", "fixtures/zoo", "-n", "z-oom-init", "oom-limit"])
        .expect_error(&["no pod \"oom-limit\""]);
}

#[test]
fn without_evidence_a_hint_says_how_to_get_some() {
    exitus(["why"]).expect_error(&["no evidence given", "kubectl get pods,events -o json", "exitus demo"]);
    exitus(["why", "oom-limit"]).expect_error(&["no evidence given"]);
    exitus(["why", "--no-such-flag"]).expect_error(&["--no-such-flag", "Usage"]);
    exitus(["why", "-f", OOM, "-o", "csvv"]).expect_error(&["csvv", "json"]);
    let outcome = exitus(["--help"]);
    assert!(outcome.status == 0 && outcome.stdout.contains("why") && outcome.stdout.contains("demo"));
}

#[test]
fn standard_input_is_a_file_called_dash() {
    let path = Path::new(ROOT).join(OOM).join("pods.json");
    let outcome = exitus_in(&[], &fs::read(path).unwrap(), ["why", "-f", "-", "-o", "json"]);
    assert_eq!(outcome.status, 1);
    let piped = outcome.json();
    let (_, mut named) = ask(&format!("{OOM}/pods.json"), &[]);
    for item in named["items"].as_array_mut().unwrap() {
        item["evidence"].as_array_mut().unwrap().iter_mut().for_each(|piece| piece["file"] = json!("-"));
    }
    assert_eq!(piped["items"], named["items"]);
    // A mix of both.
    let events = fs::read(Path::new(ROOT).join("fixtures/zoo/liveness-http/events.json")).unwrap();
    let args = ["why", "-f", "fixtures/zoo/liveness-http/pods.json", "-f", "-", "-o", "json"];
    let document = exitus_in(&[], &events, args).json();
    assert_eq!(document["items"][0]["cause"], "liveness-probe-failed");
    assert!(
        list(&document["items"][0], "evidence").iter().any(|e| e["file"] == "-" && e["source"] == "event")
    );
}

#[test]
fn several_files_say_what_their_folder_says() {
    let file = |name: &str| format!("fixtures/zoo/liveness-http/{name}");
    let alone = why(&[file("pods.json")]);
    assert_eq!(alone["items"][0]["cause"], "killed-unattributed");
    let both = why(&[file("pods.json"), file("events.json")]);
    assert_eq!(both["items"][0]["cause"], "liveness-probe-failed");
    // A file given twice says nothing twice.
    let twice = why(&[file("pods.json"), file("events.json"), file("pods.json"), file("events.json")]);
    assert_eq!(twice["items"], both["items"]);
}

#[test]
fn the_order_of_files_does_not_matter() {
    let few: Vec<_> = CAPTURES.iter().step_by(8).collect();
    let complaints = in_parallel(&few, |capture| {
        let folder = Path::new(ROOT).join(capture.path(""));
        let mut paths: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| capture.path(&entry.unwrap().file_name().into_string().unwrap()))
            .filter(|path| !["label.json", "get.txt", "describe.txt"].iter().any(|name| path.ends_with(name)))
            .collect();
        paths.sort();
        let first = why(&paths);
        let mut complaints = Vec::new();
        for turn in 0..3 {
            if turn == 0 {
                paths.reverse();
            } else {
                paths.rotate_left(2);
            }
            let other = why(&paths);
            for (a, b) in list(&first, "items").iter().zip(list(&other, "items")).filter(|(a, b)| a != b) {
                complaints.push(format!("{}: {paths:?}\n  {a}\n  {b}", capture.name));
            }
            if list(&first, "items").len() != list(&other, "items").len() {
                complaints.push(format!("{}: another number of items: {paths:?}", capture.name));
            }
        }
        complaints
    });
    expect_none(&complaints.concat());
}

#[test]
fn the_exit_status_tells_how_it_went() {
    let status = |args: &[&str]| exitus(args).status;
    assert_eq!(status(&["why", "-f", "fixtures/zoo/healthy"]), 0);
    assert_eq!(status(&["why", "-f", "fixtures/zoo/exit-0-job", "--all"]), 0);
    // What is over is no finding of now.
    assert_eq!(status(&["why", "-f", "fixtures/zoo/kill9-host/pods.json"]), 0);
    for form in ["human", "wide", "json", "yaml", "ndjson", "markdown", "name"] {
        assert_eq!(status(&["why", "-f", OOM, "-o", form]), 1, "{form}");
    }
    assert_eq!(status(&["why", "-f", OOM, "--cause", "port-in-use"]), 0);
    assert_eq!(status(&["why", "-f", "fixtures/zoo/nobody"]), 2);
    assert_eq!(status(&["why", "-f", OOM, "-f", "fixtures/zoo/nobody"]), 3);
    let folder = tempdir().unwrap();
    let healthy = fs::read(Path::new(ROOT).join("fixtures/zoo/healthy/pods.json")).unwrap();
    let cut = folder.path().join("pods.json");
    fs::write(&cut, &healthy[..healthy.len() - 20]).unwrap();
    assert_eq!(status(&["why", "-f", cut.to_str().unwrap()]), 3);
}

#[test]
fn the_language_comes_from_the_flag_or_the_locale() {
    let is_chinese = |variables: &[(&str, &str)], more: &[&str]| {
        let outcome = exitus_in(variables, b"", ["why", "-f", OOM].iter().chain(more));
        outcome.stdout.contains("内存")
    };
    assert!(!is_chinese(&[], &[]));
    assert!(is_chinese(&[], &["--lang", "zh"]));
    for locale in ["zh_CN.UTF-8", "zh_TW.UTF-8", "zh", "zh_SG"] {
        assert!(is_chinese(&[("LC_ALL", locale)], &[]), "{locale}");
    }
    assert!(is_chinese(&[("LANG", "zh_CN.UTF-8")], &[]));
    assert!(is_chinese(&[("LC_MESSAGES", "zh_CN.UTF-8"), ("LANG", "en_US.UTF-8")], &[]));
    assert!(is_chinese(&[("LC_ALL", ""), ("LANG", "zh_CN.UTF-8")], &[]));
    assert!(!is_chinese(&[("LC_ALL", "C"), ("LANG", "zh_CN.UTF-8")], &[]));
    assert!(!is_chinese(&[("LC_ALL", "zh_CN.UTF-8")], &["--lang", "en"]));
    exitus(["why", "-f", OOM, "--lang", "xx"]).expect_error(&["xx", "zh"]);
}

#[test]
fn colour_is_for_who_asks() {
    let is_coloured = |variables: &[(&str, &str)], more: &[&str]| {
        let outcome = exitus_in(variables, b"", ["why", "-f", OOM].iter().chain(more));
        outcome.stdout.contains('\x1b')
    };
    assert!(!is_coloured(&[], &[]), "a pipe");
    assert!(is_coloured(&[], &["--color", "always"]));
    assert!(is_coloured(&[("CLICOLOR_FORCE", "1")], &[]));
    assert!(!is_coloured(&[("CLICOLOR_FORCE", "0")], &[]));
    assert!(!is_coloured(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], &[]));
    assert!(!is_coloured(&[("CLICOLOR_FORCE", "1")], &["--color", "never"]));
    assert!(is_coloured(&[("NO_COLOR", "1")], &["--color", "always"]));
    assert!(is_coloured(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "")], &[]), "an empty NO_COLOR is none");
    for form in ["json", "yaml", "ndjson", "markdown", "name", "wide"] {
        assert!(!is_coloured(&[], &["--color", "always", "-o", form]), "{form}");
    }
}

#[cfg(unix)]
#[test]
fn a_reader_that_goes_away_is_no_error() {
    let paths = all_paths("");
    for args in [vec!["demo".to_owned()], why_args(&paths)] {
        let mut child = command(&[])
            .args(&args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert!(output.status.code().is_some_and(|code| code < 2), "{:?}", output.status);
        assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    }
}

/// The width of the widest line that is no command.
fn widest(screen: &str) -> usize {
    let is_command = |line: &&str| {
        ["kubectl ", "ssh ", "dmesg ", "journalctl ", "crane ", "exitus "]
            .iter()
            .any(|tool| line.trim_start().starts_with(tool))
    };
    screen.lines().filter(|line| !is_command(line)).map(str::width).max().unwrap_or(0)
}

#[test]
fn the_tour_runs_without_anything_and_fits_a_screen() {
    for language in ["en", "zh"] {
        let tour = || -> Outcome { exitus(["demo", "--lang", language]) };
        let outcome = tour();
        assert_eq!(outcome.status, 0);
        assert_eq!(outcome.stdout, tour().stdout);
        assert!(widest(&outcome.stdout) <= 80, "{language}: {}", widest(&outcome.stdout));
        for part in ["z-oom-limit/oom-limit", "liveness-137", "wrong-arch", "kill9-host", "kubectl -n"] {
            assert!(outcome.stdout.contains(part), "{language}: {part}");
        }
    }
    let coloured = exitus(["demo", "--color", "always"]).stdout;
    assert!(coloured.contains("\x1b[1m"));
}

#[test]
fn every_screen_fits_the_width_that_is_asked_for() {
    let jobs: Vec<(&str, &str)> = ["40", "80", "120"].iter().flat_map(|w| [(*w, "en"), (*w, "zh")]).collect();
    let complaints = in_parallel(&jobs, |(columns, language)| {
        let args = why_args(&all_paths(""));
        let args = args.iter().map(String::as_str).chain(["--all", "--lang", language]);
        let screen = exitus_in(&[("COLUMNS", columns)], b"", args).stdout;
        let limit: usize = columns.parse().unwrap();
        (widest(&screen) > limit).then(|| format!("{columns} {language}: {}", widest(&screen)))
    });
    expect_none(&complaints.into_iter().flatten().collect::<Vec<_>>());
}
