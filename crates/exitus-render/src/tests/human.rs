//! The screen for people.

use proptest::prelude::*;
use unicode_width::UnicodeWidthStr as _;

use super::*;

#[test]
fn one_finding_in_english() {
    let expected = "\
shop/api-7d9f54c9b-x2x8k  Deployment api · node-a · 4 restarts
✗ app  killed by the kernel: it passed its own memory limit of 64Mi    confirmed
  The memory charged to container app reached the limit that the container
  itself declares (64Mi), and the kernel's OOM killer ended a process in its
  cgroup; Kubernetes only reported it. The kernel killed python3 (pid 4121 on
  the node) at 63.9Mi of resident memory. This says nothing about the node: it
  may have had plenty of free memory.
  2026-11-23 UTC
  10:02:10  log     \"reading batch 7 of 9\"                       logs/app.txt:31
  10:02:11  kernel  oom-kill CONSTRAINT_MEMCG task=python3        kernel.txt:812
                    pid=4121 oom_memcg=…/cri-containerd-61221930
  10:02:12  pod     lastState.terminated: OOMKilled, exit 137          pods.json
                    (SIGKILL) after 3s
            pod     resources.limits.memory: 64Mi                      pods.json
            pod     state.waiting: CrashLoopBackOff (an echo)          pods.json
  ruled out  liveness-probe-failed: no liveness probe is configured ·
             out-of-memory-node: the cgroup was the container's
  possible   out-of-memory-child: the pid of PID 1 is not in the evidence
  missing    kernel log of node-a: would show every process that was killed
             ssh node-a 'journalctl -k --no-pager --since \"2026-11-23 10:00:00\"' > kernel-node-a.txt
  next       read-only  See how much memory each container uses; the last sample
                        before a kill is usually lower than the peak
             kubectl -n shop top pod api-7d9f54c9b-x2x8k --containers
             read-only  See what the program was doing when it was killed
             kubectl -n shop logs api-7d9f54c9b-x2x8k -c app --previous --tail=50
             changes    Raise the limit, if the working set really needs it
             kubectl -n shop set resources deployment/api -c app --limits=memory=<new limit>
             changes    Keep heap plus native memory under the limit: -Xmx or
                        MaxRAMPercentage for the JVM, --max-old-space-size for
                        Node.js, GOMEMLIMIT for Go; a tmpfs (emptyDir with
                        medium Memory) counts too

1 pod unhealthy of 12 · 1 finding
";
    assert_eq!(human(&report(vec![oom()]), &EN), expected);
}

#[test]
fn one_finding_in_chinese() {
    let expected = "\
shop/api-7d9f54c9b-x2x8k  Deployment api · node-a · 重启 4 次
✗ app  被内核杀死：超过了自身的内存限制 64Mi                              已确认
  计入容器 app 的内存达到了容器自己声明的限制（64Mi），内核的 OOM killer 随即结
  束了其 cgroup 中的进程；Kubernetes 只是如实上报。内核杀死的是 python3（节点上
  的 pid 4121），当时常驻内存 63.9Mi。这与节点是否缺内存无关：节点可能还有大量空
  闲内存。
  2026-11-23 UTC
  10:02:10  日志  \"reading batch 7 of 9\"                         logs/app.txt:31
  10:02:11  内核  oom-kill CONSTRAINT_MEMCG task=python3          kernel.txt:812
                  pid=4121 oom_memcg=…/cri-containerd-61221930
  10:02:12  Pod   lastState.terminated: OOMKilled，退出码 137          pods.json
                  （SIGKILL），运行 3s 后
            Pod   resources.limits.memory: 64Mi                        pods.json
            Pod   state.waiting: CrashLoopBackOff（连带现象）          pods.json
  已排除    liveness-probe-failed：no liveness probe is configured ·
            out-of-memory-node：the cgroup was the container's
  仍有可能  out-of-memory-child：the pid of PID 1 is not in the evidence
  尚缺证据  kernel log of node-a：would show every process that was killed
            ssh node-a 'journalctl -k --no-pager --since \"2026-11-23 10:00:00\"' > kernel-node-a.txt
  下一步    只读    查看各容器的内存用量；被杀前的最后一次采样通常低于峰值
            kubectl -n shop top pod api-7d9f54c9b-x2x8k --containers
            只读    查看程序被杀时正在做什么
            kubectl -n shop logs api-7d9f54c9b-x2x8k -c app --previous --tail=50
            有变更  如果工作集确实需要，再调高内存限制
            kubectl -n shop set resources deployment/api -c app --limits=memory=<new limit>
            有变更  让堆与堆外内存之和低于限制：JVM 用 -Xmx 或
                    MaxRAMPercentage，Node.js 用 --max-old-space-size，Go 用
                    GOMEMLIMIT；tmpfs（medium 为 Memory 的 emptyDir）也计入限制

12 个 Pod 中 1 个异常 · 1 项结论
";
    assert_eq!(human(&report(vec![oom()]), &ZH), expected);
}

/// Fourteen pods of one Deployment, killed within a minute, one of them with earlier deaths.
fn fleet() -> Report {
    let mut items: Vec<Diagnosis> =
        (0..14).map(|i| item(&format!("api-{i:02}"), "app", "test-cause")).collect();
    items[3].incident.at = at("10:03:59");
    let times = ["09:50:00", "09:52:00", "09:55:00"];
    items.extend(times.map(|clock| past("api-00", "app", "test-cause", clock)));
    let groups = vec![Group { items: (0..14).collect() }, Group { items: vec![14, 15, 16] }];
    Report { groups, ..report(items) }
}

#[test]
fn a_group_shows_one_member_and_folds_the_others() {
    let expected = "\
14 pods of Deployment api, all on node-a, between 10:02 and 10:03
shop/api-00  4 restarts
✗ app  test-cause                                                      confirmed
  2026-11-23 UTC
  10:02:12  pod  Pod api-7d9f54c9b-x2x8k state.terminated: exit 137    pods.json
                 (SIGKILL) after 3s
  and also: api-01, api-02, api-03, api-04, api-05, and 8 more
  earlier: app ended 137, 3 times, 09:50:00 to 09:55:00: test-cause

14 pods unhealthy of 12 · 14 findings · 3 in brief (--all shows them in full)
";
    assert_eq!(human(&fleet(), &EN), expected);
}

#[test]
fn a_group_in_chinese_has_its_headline_first() {
    let text = human(&fleet(), &ZH);
    let headline = "Deployment api 的 14 个 Pod，均在 node-a 上，发生在 10:02 至 10:03\n";
    assert!(text.starts_with(headline), "{text}");
    assert!(text.contains("  同样情况：api-01, api-02, api-03, api-04, api-05，以及另外 8 个\n"), "{text}");
    assert!(
        text.contains("  此前：app 结束 3 次，退出码均为 137（09:50:00 至 09:55:00）：test-cause\n"),
        "{text}"
    );
}

#[test]
fn show_all_names_every_member() {
    let text = human(&fleet(), &Style { show_all: true, ..EN });
    assert!((1..14).all(|i| text.contains(&format!("api-{i:02}"))) && !text.contains("more"), "{text}");
    assert_eq!(text.matches("✗ app (earlier)  test-cause").count(), 3, "{text}");
}

#[test]
fn several_findings_of_one_pod_share_its_header() {
    let mut init = item("api-0", "setup", "test-init");
    init.subject.role = Some(Role::Init);
    init.severity = Severity::Warning;
    let mut other = item("api-0", "app", "test-cause");
    other.confidence = Confidence::Unknown;
    let text = human(&report(vec![init, other]), &EN);
    assert_eq!(text.matches("shop/api-0  Deployment api · node-a · 4 restarts\n").count(), 1, "{text}");
    let (error, warning) =
        (text.find("✗ app  test-cause").unwrap(), text.find("! setup (init)  test-init").unwrap());
    assert!(error < warning, "{text}");
}

#[test]
fn the_gravest_and_surest_stand_first() {
    let mut warning = item("a", "app", "test-warning");
    warning.severity = Severity::Warning;
    let mut unknown = item("b", "app", "test-unknown");
    unknown.confidence = Confidence::Unknown;
    let text =
        human(&report(vec![warning, unknown, item("d", "app", "test-d"), item("c", "app", "test-c")]), &EN);
    let places: Vec<usize> =
        ["test-c", "test-d", "test-unknown", "test-warning"].iter().map(|t| text.find(t).unwrap()).collect();
    assert!(places.is_sorted(), "{text}");
}

#[test]
fn past_items_alone_leave_the_screen_quiet() {
    let mut report = report(vec![
        past("api-0", "app", "test-cause", "10:01:02"),
        past("db-0", "db", "test-b", "09:00:00"),
    ]);
    report.items[1].incident.exit_code = None;
    let expected = "\
nothing wrong now in 12 pods; for the record (--all shows it in full):
  shop/api-0  earlier: app ended 137 at 2026-11-23 10:01:02: test-cause
  shop/db-0  earlier: db at 2026-11-23 09:00:00: test-b
";
    assert_eq!(human(&report, &EN), expected);
}

#[test]
fn health_is_one_quiet_line() {
    let mut report = report(Vec::new());
    assert_eq!(human(&report, &EN), "nothing wrong in 12 pods\n");
    assert_eq!(human(&report, &ZH), "12 个 Pod 一切正常\n");
    let mut healthy = item("api-0", "app", "healthy");
    healthy.severity = Severity::Info;
    report.items = vec![healthy];
    assert_eq!(human(&report, &EN), "nothing wrong in 12 pods\n");
    report.summary.pods = 0;
    report.items.clear();
    assert!(human(&report, &EN).starts_with("no pods in the evidence"));
}

#[test]
fn warnings_about_the_input_are_listed() {
    let mut report = report(Vec::new());
    report.problems = rich().problems;
    let expected = "\
nothing wrong in 12 pods · 2 warnings about the input:
  dump/events.txt:12: ends in the middle of an object: what stands before the
    cut is used
  dump/pods.json: spec.containers is not a list: the field was passed over
";
    assert_eq!(human(&report, &EN), expected);
}

#[test]
fn long_texts_keep_what_matters() {
    let mut item = item("web-0", "app", "test-cause");
    let pull = format!("Failed to pull image \"registry.example/{}\": not found", "team/".repeat(40));
    let event = Evidence {
        object: "Event shop/web-0.1".to_owned(),
        ..piece(Source::Event, "message", &pull, "10:00:00")
    };
    let reason = Evidence { path: owned("reason"), value: "Failed".to_owned(), ..event.clone() };
    let log = line(Source::Log, &"panic: ".repeat(60), "10:00:01", "dump/app.log", 7);
    item.evidence = EvidenceList::from_pieces([event, reason, log]).unwrap();
    let text = human(&report(vec![item]), &EN);
    assert!(
        text.contains("event  Failed: Failed to pull image") && text.contains("\": not found\n"),
        "{text}"
    );
    assert!(text.contains("log    \"panic: panic:") && text.contains("panic:…\n"), "{text}");
    assert_eq!(text.lines().filter(|l| l.contains("panic:")).count(), 2, "{text}");
}

#[test]
fn the_date_is_told_when_it_changes() {
    let mut item = item("web-0", "app", "test-cause");
    let mut before = line(Source::Log, "x", "23:59:59", "a.log", 1);
    before.at = Some("2026-11-22T23:59:59Z".parse().unwrap());
    item.evidence.push(before);
    let text = human(&report(vec![item.clone(), item]), &EN);
    let dates: Vec<&str> = text.lines().filter(|l| l.ends_with(" UTC")).collect();
    assert_eq!(
        dates,
        ["  2026-11-22 UTC", "  2026-11-23 UTC", "  2026-11-22 UTC", "  2026-11-23 UTC"],
        "{text}"
    );
}

#[test]
fn colour_changes_nothing_but_colour() {
    let colored = human(&rich(), &Style { color: true, ..EN });
    assert!(colored.contains("\x1b[31m✗\x1b[0m"));
    assert_eq!(super::hostile::without_colour(&colored), human(&rich(), &EN));
}

#[test]
fn a_command_needs_all_its_values_and_plain_ones() {
    let mut item = oom();
    item.missing.clear();
    item.subject.workload = None;
    let text = human(&report(vec![item.clone()]), &EN);
    assert!(!text.contains("set resources"), "{text}");
    item.subject.pod = owned("x; rm -rf ~");
    let text = human(&report(vec![item]), &EN);
    assert!(!text.lines().any(|l| l.trim_start().starts_with("kubectl") && l.contains("rm -rf")), "{text}");
}

fn words() -> impl Strategy<Value = String> {
    let pieces = [
        "a",
        "Zeile ",
        "内存",
        "，限制。",
        " ",
        "（",
        "）",
        "👩🏽‍🚀",
        "é",
        "/var/log/pods/",
        "0123456789abcdef",
        "x=y,",
        "\n",
        "한국어",
    ];
    prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..24).prop_map(|v| v.concat())
}

proptest! {
    #[test]
    fn no_line_is_wider_than_the_screen(texts in prop::collection::vec(words(), 12), width in 40usize..130, zh: bool, all: bool) {
        let mut report = rich();
        let text = |i: usize| Some(texts[i].clone());
        for item in &mut report.items {
            item.cause = CauseId("test-cause-of-a-rather-long-name-that-still-has-to-fit-into-one-line");
            item.subject.namespace = text(0);
            item.subject.pod = item.subject.pod.as_ref().map(|pod| format!("{}{pod}", texts[1]));
            item.subject.container = text(2);
            item.subject.node = text(3);
            item.subject.workload = Some((texts[4].clone(), texts[5].clone()));
            item.evidence.push(line(Source::Log, &texts[6], "10:00:00", &texts[7], 123_456));
            item.evidence.push(piece(Source::Event, "message", &texts[8], ""));
            item.evidence.push(piece(Source::Pod, &format!("status.{}.reason", texts[9]), &texts[10], "10:00:01"));
            let because = exitus_reference::message_id::PROBLEM_UNREADABLE;
            let message = exitus_model::Message::from(because).with("detail", &texts[11]);
            let verdict = RivalVerdict::Possible;
            item.rivals.push(Rival { cause: item.cause, verdict, because: message.clone() });
            item.missing = vec![Missing { what: message.clone(), why: message, command: owned("kubectl COMMAND") }];
        }
        report.problems.push(Problem { input: texts[7].clone(), line: Some(1), kind: ProblemKind::Syntax(texts[0].clone()) });
        let lang = if zh { Lang::Zh } else { Lang::En };
        let shown = human(&report, &Style { lang, width, show_all: all, ..EN });
        let most = width.min(120);
        for line in shown.lines().filter(|l| !l.trim_start().starts_with("kubectl")) {
            prop_assert!(line.width() <= most, "{} > {most}: {line}", line.width());
        }
    }
}

#[test]
fn a_long_message_does_not_fill_the_screen() {
    let mut item = item("web-0", "app", "entrypoint-not-found");
    item.args.set("message", "x".repeat(4096));
    item.rivals.push(Rival {
        cause: CauseId("test-rival"),
        verdict: RivalVerdict::Possible,
        because: exitus_model::Message::from(exitus_reference::message_id::PROBLEM_SYNTAX)
            .with("detail", "y".repeat(4096)),
    });
    let text = human(&report(vec![item]), &EN);
    assert!(text.lines().filter(|l| l.contains("xxx") || l.contains("yyy")).count() <= 8, "{text}");
}

#[test]
fn thousands_of_pods_keep_what_is_theirs() {
    let now = (0..3000).map(|n| item(&format!("p{n}"), "app", "test-a"));
    let before = (0..6000).map(|n| past(&format!("p{n}"), "app", "test-b", "09:00:00"));
    let report = report(now.chain(before).collect());
    let layout = crate::layout::layout(&report, false);
    assert_eq!((layout.blocks.len(), layout.record.len()), (3000, 3000));
    for block in &layout.blocks {
        assert_eq!((block.full.len(), block.brief.len()), (1, 1));
        assert_eq!(block.full[0].subject.pod, block.brief[0].subject.pod);
    }
}

#[test]
fn thousands_of_members_and_warnings_are_counted() {
    let mut report = report((0..4000).map(|n| item(&format!("p{}", n % 3000), "app", "test-a")).collect());
    report.groups = vec![Group { items: (0..4000).collect() }];
    report.problems = (0..6000)
        .map(|n| Problem {
            input: format!("f{n}"),
            line: None,
            kind: ProblemKind::NoName(format!("Kind{}", n % 3000)),
        })
        .collect();
    let text = human(&report, &EN);
    assert!(text.contains("p1, p2, p3, p4, p5, and 2995 more"), "{text}");
    assert!(text.contains("f0, f3000: ") && text.contains("2990 more"), "{text}");
}
