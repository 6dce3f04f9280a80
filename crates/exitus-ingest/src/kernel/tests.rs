//! Whole logs.

mod property;

use exitus_model::OomKill;

use super::*;

const A: &str = "/kubepods/burstable/podaaaaaaaa-92be-4c57-8f10-0a1b2c3d4e5f";
const B: &str = "/kubepods/besteffort/podbbbbbbbb-92be-4c57-8f10-0a1b2c3d4e5f";

fn records(text: &str) -> Vec<KernelRecord> {
    read(text, FileId(3))
}

fn kills(text: &str) -> Vec<(u32, OomKill)> {
    let kill = |record: KernelRecord| match record.event {
        KernelEvent::OomKill(kill) => Some((record.origin.line, *kill)),
        _ => None,
    };
    records(text).into_iter().filter_map(kill).collect()
}

fn path(cgroup: Option<&exitus_model::CgroupRef>) -> &str {
    cgroup.map_or("-", |c| c.path.as_str())
}

/// Line, pid, victim, cgroup of the victim, cgroup of the limit, usage, and marks: global, group.
fn summary(text: &str) -> Vec<String> {
    kills(text)
        .into_iter()
        .map(|(line, kill)| {
            let marks = [(kill.is_global, " global"), (kill.is_group_kill, " group")];
            let marks: String = marks.iter().filter(|(is, _)| *is).map(|(_, mark)| *mark).collect();
            format!(
                "{line}: {} {} in {} limit {} usage {}{marks}",
                kill.pid,
                kill.victim,
                path(kill.task_cgroup.as_ref()),
                path(kill.limit_cgroup.as_ref()),
                kill.usage_kib.map_or("-".to_owned(), |u| u.to_string()),
            )
        })
        .collect()
}

fn context_line(limit: &str, task: &str, name: &str, pid: u32) -> String {
    format!(
        "oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=x,mems_allowed=0,oom_memcg={limit},task_memcg={task},task={name},pid={pid},uid=0"
    )
}

fn kill_line(name: &str, pid: u32) -> String {
    format!(
        "Memory cgroup out of memory: Killed process {pid} ({name}) total-vm:9000kB, anon-rss:8000kB, file-rss:70kB, shmem-rss:6kB, UID:0 pgtables:60kB oom_score_adj:998"
    )
}

fn report(limit: &str, task: &str, name: &str, pid: u32, usage: u64) -> Vec<String> {
    vec![
        format!("{name} invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=998"),
        format!("CPU: 0 PID: {pid} Comm: {name} Not tainted 6.8.0-45-generic #45"),
        format!("memory: usage {usage}kB, limit {usage}kB, failcnt 84"),
        "swap: usage 0kB, limit 0kB, failcnt 0".to_owned(),
        format!("Memory cgroup stats for {limit}:"),
        "anon 8192000".to_owned(),
        "Tasks state (memory values in pages):".to_owned(),
        format!("[  {pid}]     0  {pid}    16700    16387   172032        0           998 {name}"),
        context_line(limit, task, name, pid),
        kill_line(name, pid),
    ]
}

#[test]
fn a_report_is_one_record_with_all_its_figures() {
    let task = format!("{A}/{}", "0".repeat(64));
    let lines = report(A, &task, "die", 4711, 65536);
    let text: String =
        lines.iter().enumerate().map(|(i, l)| format!("2026-11-23T09:41:35,78{i:04}+00:00 {l}\n")).collect();
    let found = records(&text);
    assert_eq!(found.len(), 1);
    let record = &found[0];
    assert_eq!((record.origin.file, record.origin.line), (FileId(3), 10));
    assert_eq!(record.text, text.lines().last().expect("a line"));
    assert_eq!(record.at, "2026-11-23T09:41:35.780009Z".parse().ok());
    let KernelEvent::OomKill(kill) = &record.event else { panic!("no kill") };
    assert_eq!((kill.victim.as_str(), kill.pid), ("die", 4711));
    assert_eq!((path(kill.task_cgroup.as_ref()), path(kill.limit_cgroup.as_ref())), (task.as_str(), A));
    assert_eq!(kill.context.map(|c| c.line), Some(9));
    assert_eq!(kill.context_text.as_deref(), text.lines().nth(8));
    assert_eq!(kill.constraint.as_deref(), Some("CONSTRAINT_MEMCG"));
    assert_eq!((kill.anon_rss_kib, kill.file_rss_kib, kill.shmem_rss_kib), (Some(8000), Some(70), Some(6)));
    assert_eq!((kill.usage_kib, kill.limit_kib, kill.oom_score_adj), (Some(65536), Some(65536), Some(998)));
    assert!(!kill.is_global && !kill.is_group_kill);
}

#[test]
fn every_head_yields_the_same_kill() {
    let task = format!("{A}/{}", "0".repeat(64));
    let heads = [
        "[  123.456789] ",
        "<4>[  123.456789] ",
        "[Mon Nov 23 09:41:35 2026] ",
        "kern  :warn  : [  123.456789] ",
        "Nov 23 09:41:35 node-1 kernel: [  123.456789] ",
        "Nov 23 09:41:35 node-1 kernel: ",
        "2026-11-23T09:41:35.787868+00:00 node-1 kernel: [  123.456789] ",
        "2026-11-23T09:41:35+0000 node-1 kernel: ",
        "4,1234,123456789,-;",
        "",
        "    ",
        "\u{1b}[32m[  123.456789] \u{1b}[0m",
    ];
    for head in heads {
        for end in ["\n", "\r\n"] {
            let text: String =
                report(A, &task, "die", 7, 5).iter().map(|line| format!("{head}{line}{end}")).collect();
            assert_eq!(summary(&text), [format!("10: 7 die in {task} limit {A} usage 5")], "{head:?}");
            assert_eq!(looks_like_kernel_log(&text), head != "    ", "{head:?}");
        }
    }
}

#[test]
fn times_are_those_of_the_kill() {
    let line = kill_line("die", 7);
    let found = records(&format!("Nov 23 09:41:35 node-1 kernel: [  123.456789] {line}\n"));
    assert_eq!((found[0].uptime_seconds, found[0].host.as_deref()), (Some(123.456789), Some("node-1")));
    let mut found = found;
    resolve_times(&mut found, "2026-12-24T00:00:00Z".parse().ok());
    assert_eq!(found[0].at, "2026-11-23T09:41:35Z".parse().ok());
    let found = records(&format!("[  123.456789] {line}\n"));
    assert_eq!((found[0].at, found[0].uptime_seconds), (None, Some(123.456789)));
}

#[test]
fn parts_of_a_report_may_be_missing() {
    // The context is rate limited.
    assert_eq!(summary(&kill_line("die", 7)), ["1: 7 die in - limit - usage -"]);
    // The log ends before the kill.
    let cut = context_line("/a", "/a/b", "die", 7);
    assert_eq!(summary(&cut), ["1: 7 die in /a/b limit /a usage -"]);
    // The victim was on its way out: no kill.
    let spared = format!(
        "{cut}\nMemory cgroup out of memory: OOM victim 7 (die) is already exiting. Skip killing the task\n"
    );
    assert_eq!(summary(&spared), Vec::<String>::new());
    // The context is another victim's.
    let other = format!("{cut}\n{}\n", kill_line("die", 8));
    assert_eq!(summary(&other), ["1: 7 die in /a/b limit /a usage -", "2: 8 die in - limit - usage -"]);
    // The same pid and name, an hour later.
    let later = format!("[  100.000000] {cut}\n[ 3700.000000] {}\n", kill_line("die", 7));
    assert_eq!(summary(&later), ["1: 7 die in /a/b limit /a usage -", "2: 7 die in - limit - usage -"]);
    // The reaper kills nobody.
    let reaper = "oom_reaper: reaped process 7 (die), now anon-rss:0kB, file-rss:0kB, shmem-rss:0kB\n";
    assert_eq!(summary(reaper), Vec::<String>::new());
}

#[test]
fn a_global_kill_has_no_limit() {
    let text = "oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0-1,global_oom,task_memcg=/a/b,task=x,pid=7,uid=5\n\
                Out of memory: Killed process 7 (x) total-vm:1kB, anon-rss:1kB, file-rss:1kB, shmem-rss:0kB, UID:5 pgtables:1kB oom_score_adj:0\n\
                Out of memory (oom_kill_allocating_task): Killed process 8 (y) total-vm:1kB, anon-rss:1kB, file-rss:1kB\n";
    assert_eq!(
        summary(text),
        ["2: 7 x in /a/b limit - usage - global", "3: 8 y in - limit - usage - global"]
    );
}

#[test]
fn reports_before_linux_5_pair_two_kill_lines_with_one_context() {
    let report = |task: &str, limit: &str, chosen: &str, killed: &str| {
        format!(
            "x invoked oom-killer: gfp_mask=0xd0, order=0, oom_score_adj=0\n\
             Task in {task} killed as a result of limit of {limit}\n\
             memory: usage 980kB, limit 990kB, failcnt 4\n\
             Memory cgroup stats for {limit}: cache:0KB rss:980KB\n\
             Memory cgroup stats for {task}: cache:0KB rss:980KB\n\
             Memory cgroup out of memory: Kill process {chosen} score 996 or sacrifice child\n\
             Killed process {killed} total-vm:3kB, anon-rss:9kB, file-rss:4kB\n"
        )
    };
    let same = report("/a/b", "/a", "10 (p)", "10 (p)");
    assert_eq!(summary(&same), ["7: 10 p in /a/b limit /a usage 980"]);
    let child = report("/a/b", "/a", "10 (p)", "12 (c)");
    assert_eq!(summary(&child), ["7: 12 c in /a/b limit /a usage 980"]);
    assert_eq!(kills(&child)[0].1.limit_kib, Some(990));
    assert_eq!(kills(&child)[0].1.context.map(|c| c.line), Some(2));
    let node = "Out of memory: Kill process 10 (p) score 919 or sacrifice child\n\
                Killed process 10 (p) total-vm:1kB, anon-rss:1kB, file-rss:7kB\n";
    assert_eq!(summary(node), ["2: 10 p in - limit - usage - global"]);
    let cut = "Memory cgroup out of memory: Kill process 10 (p) score 919 or sacrifice child\n";
    assert_eq!(summary(cut), ["1: 10 p in - limit - usage -"]);
}

#[test]
fn old_reports_at_once_are_told_without_a_cgroup() {
    let text = "Task in /a killed as a result of limit of /a\n\
                Task in /b killed as a result of limit of /b\n\
                Memory cgroup out of memory: Kill process 1 (p) score 9 or sacrifice child\n\
                Memory cgroup out of memory: Kill process 2 (q) score 9 or sacrifice child\n\
                Killed process 2 (q) total-vm:1kB, anon-rss:1kB, file-rss:7kB\n\
                Killed process 1 (p) total-vm:1kB, anon-rss:1kB, file-rss:7kB\n\
                Task in /c killed as a result of limit of /c\n\
                Memory cgroup out of memory: Kill process 3 (r) score 9 or sacrifice child\n\
                Killed process 3 (r) total-vm:1kB, anon-rss:1kB, file-rss:7kB\n";
    let expected =
        ["5: 2 q in - limit - usage -", "6: 1 p in - limit - usage -", "9: 3 r in /c limit /c usage -"];
    assert_eq!(summary(text), expected);
}

#[test]
fn a_group_kill_tells_each_victim_once() {
    let group = |path: &str| format!("Tasks in {path} are going to be killed due to memory.oom.group set");
    let lines = [
        context_line("/k", "/k/p/c/container", "die", 7),
        kill_line("die", 7),
        group("/k/p/c"),
        kill_line("sh", 5),
        "oom_reaper: reaped process 5 (sh), now anon-rss:0kB, file-rss:0kB, shmem-rss:0kB".to_owned(),
        kill_line("die", 7),
        kill_line("nginx", 9),
        // The next report lacks its context; its first kill stands before its own announcement.
        kill_line("java", 20),
        group("/k/q/d"),
        kill_line("java", 20),
        kill_line("sh", 19),
        // Another report ends the group.
        context_line("/k", "/k/r", "die", 30),
        kill_line("die", 30),
        kill_line("late", 31),
    ];
    let text: String = lines.iter().map(|line| format!("[   10.000001] {line}\n")).collect();
    assert_eq!(
        summary(&text),
        [
            "2: 7 die in /k/p/c/container limit /k usage - group",
            "4: 5 sh in /k/p/c limit /k usage - group",
            "7: 9 nginx in /k/p/c limit /k usage - group",
            "8: 20 java in /k/q/d limit - usage - group",
            "11: 19 sh in /k/q/d limit - usage - group",
            "13: 30 die in /k/r limit /k usage -",
            "14: 31 late in - limit - usage -",
        ]
    );
    let found = kills(&text);
    assert_eq!(found[1].1.context.map(|c| c.line), Some(1));
    assert_eq!(found[3].1.context.map(|c| c.line), Some(9));
}

#[test]
fn a_kill_long_after_a_group_is_not_of_it() {
    let group = "[   10.000000] Tasks in /k are going to be killed due to memory.oom.group set";
    let text =
        format!("{group}\n[   10.010000] {}\n[   40.000000] {}\n", kill_line("a", 1), kill_line("b", 2));
    assert_eq!(summary(&text), ["2: 1 a in /k limit - usage - group", "3: 2 b in - limit - usage -"]);
}

#[test]
fn a_context_that_another_cpu_broke_is_joined() {
    let text = "[    1.000000] oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=x,mems_allowed=0,oom_memcg=/a\n\
                [    1.000001] veth12: entered promiscuous mode\n\
                [    1.000002] ,task_memcg=/a/b,task=die,pid=7,uid=0\n";
    let text = format!("{text}[    1.000003] {}\n", kill_line("die", 7));
    assert_eq!(summary(&text), ["4: 7 die in /a/b limit /a usage -"]);
    assert_eq!(kills(&text)[0].1.context.map(|c| c.line), Some(3));
}

#[test]
fn lines_of_other_programs_and_of_the_kernel_itself_are_no_records() {
    let lines = [
        format!("Nov 23 09:41:35 node-1 node-problem-detector[3]: {}", kill_line("die", 7)),
        format!("I1123 09:41:35.767687    4208 log_monitor.go:159] New status: {}", kill_line("die", 7)),
        format!("  Warning  OOMKilling  65s  kernel-monitor  {}", kill_line("die", 7)),
        format!("            \"message\": \"{}\",", kill_line("die", 7)),
        "Nov 23 09:41:35 node-1 app[3]: app[3]: segfault at 0 ip 0 sp 0 error 4".to_owned(),
        "[    1.000000] general protection fault: 0000 [#1] SMP".to_owned(),
        "[    1.000000] BUG: unable to handle kernel NULL pointer dereference at (null)".to_owned(),
        "[    1.000000] Out of memory and no killable processes...".to_owned(),
    ];
    for line in lines {
        assert!(records(&line).is_empty(), "{line}");
    }
}

#[test]
fn crashes_and_refusals_are_records_of_one_line() {
    let text = "[    1.000000] eth0: link is up\n\
                [    2.000000] die[7]: segfault at 0 ip 0000000000401847 sp 00007ffe582faf50 error 6 in die[401000+7b000]\n\
                [    2.000001] Code: 7f 7e\n\
                [    3.000000] traps: die[8] trap divide error ip:4018da sp:7ffe81747e80 error:0 in die[401000+7b000]\n\
                [    4.000000] cgroup: fork rejected by pids controller in /kubepods/burstable\n";
    let found = records(text);
    let lines: Vec<u32> = found.iter().map(|r| r.origin.line).collect();
    assert_eq!(lines, [2, 4, 5]);
    assert!(matches!(&found[0].event, KernelEvent::Crash(c) if c.pid == 7 && c.process == "die"));
    assert!(matches!(&found[2].event, KernelEvent::PidsLimit(_)));
}

#[test]
fn a_seccomp_kill_in_two_sources_of_one_journal_is_one_record() {
    let rest = "auid=0 uid=0 gid=0 ses=1 pid=812 comm=\"my app\" exe=\"/app\" sig=31 arch=c000003e syscall=161 compat=0 ip=0x7f code=0x80000000";
    let text = format!(
        "Nov 23 09:41:35 node-1 audit[812]: SECCOMP {rest}\n\
         Nov 23 09:41:35 node-1 kernel: audit: type=1326 audit(1795426895.123:45): {rest}\n"
    );
    assert_eq!(records(&text).len(), 1);
    let found = records(&format!("[  812.000000] audit: type=1326 audit(1795426895.123:45): {rest}\n"));
    assert_eq!(found[0].at, "2026-11-23T09:41:35.123Z".parse().ok());
    assert_eq!(
        records(&format!("node=n1 type=SECCOMP msg=audit(1795426895.123:45): {rest}\n"))[0].host.as_deref(),
        Some("n1")
    );
}

#[test]
fn marks_are_found_across_blocks_and_in_long_lines() {
    let noise = "[    1.000000] veth12: entered promiscuous mode\n".repeat(5000);
    let long = format!("{}\n", "x".repeat(3 * BLOCK));
    let kill = kill_line("die", 7);
    let text = format!("{noise}{kill}\n{long}{noise}[    2.000000] {kill}\n{kill}");
    let lines: Vec<u32> = records(&text).iter().map(|r| r.origin.line).collect();
    assert_eq!(lines, [5001, 10_003, 10_004]);
    // A line that is too long is looked at as far as its first bytes.
    let found = records(&format!("{kill}{long}"));
    assert_eq!(found[0].text.len(), MAX_LINE);
}

#[test]
fn the_newest_records_stay() {
    let text: String = (1..=MAX_RECORDS as u32 + 5).map(|pid| kill_line("die", pid) + "\n").collect();
    let records = read(&text, FileId(0));
    assert_eq!(records.len(), MAX_RECORDS);
    assert_eq!(records[0].origin.line, 6);
}

#[test]
fn colours_are_taken_off() {
    let text = "\u{1b}[32m[  123.456789] \u{1b}[0m\u{1b}[33mdie[7]: \u{1b}[0msegfault at 0\u{1b}";
    assert_eq!(without_escapes(text), "[  123.456789] die[7]: segfault at 0");
    assert_eq!(without_escapes("plain"), "plain");
}
