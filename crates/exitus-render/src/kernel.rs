//! Kernel lines in brief: who was killed, under whose limit.

/// So much of a container's id of 64 digits tells containers apart; docker and crictl show as much.
const ID_DIGITS: usize = 12;

/// So much of a pod's UID of 36 characters tells pods apart.
const UID_DIGITS: usize = 8;

/// A kernel line without its prefix; of an OOM report only what decides.
pub(crate) fn brief(line: &str) -> String {
    if let Some(at) = line.find("oom-kill:") {
        return oom_kill(&line[at + "oom-kill:".len()..]);
    }
    let text = ["Memory cgroup out of memory", "Out of memory", "Killed process"]
        .iter()
        .find_map(|start| line.find(start).map(|at| &line[at..]))
        .unwrap_or_else(|| without_prefix(line));
    // What follows the resident sizes (UID, page tables, score) decides nothing.
    match text.find("shmem-rss:").and_then(|at| text[at..].find(',').map(|comma| at + comma)) {
        Some(end) => text[..end].to_owned(),
        None => text.to_owned(),
    }
}

/// `constraint=…,nodemask=…,cpuset=…,mems_allowed=…,oom_memcg=…,task_memcg=…,task=…,pid=…,uid=…`, as
/// mm/oom_kill.c prints it since Linux 5.0; a system-wide kill has `global_oom` in place of `oom_memcg`.
fn oom_kill(fields: &str) -> String {
    let mut parts = vec!["oom-kill".to_owned()];
    let plain = |name: &str| fields.split(',').find_map(|f| f.trim().strip_prefix(name)?.strip_prefix('='));
    // A task's name may hold commas: it stands between the last `,task=` and the last `,pid=`.
    let task = fields.rfind(",task=").map(|at| &fields[at + ",task=".len()..]);
    let (name, rest) = task.and_then(|t| t.rsplit_once(",pid=")).unwrap_or_default();
    parts.extend(plain("constraint").map(str::to_owned));
    if !name.is_empty() {
        parts.push(format!("task={name}"));
        parts.push(format!("pid={}", rest.split(',').next().unwrap_or_default()));
    }
    let (limit, victim) = (plain("oom_memcg"), plain("task_memcg"));
    if fields.split(',').any(|f| f == "global_oom") {
        parts.push("global_oom".to_owned());
    }
    parts.extend(limit.map(|path| format!("oom_memcg={}", cgroup_tail(path))));
    if victim != limit {
        parts.extend(victim.map(|path| format!("task_memcg={}", cgroup_tail(path))));
    }
    parts.join(" ")
}

/// The last segment of a cgroup's path: `…/cri-containerd-612219304147…`.
fn cgroup_tail(path: &str) -> String {
    let (parents, name) = path.rsplit_once('/').unwrap_or(("", path));
    let above = match (parents.is_empty(), path.starts_with('/')) {
        (false, _) => "…/",
        (true, true) => "/",
        (true, false) => "",
    };
    let name = name.trim_end_matches(".scope").trim_end_matches(".slice");
    let id = name.rsplit(|c: char| !c.is_ascii_hexdigit()).next().unwrap_or_default();
    let uid = name.rfind("pod").map_or("", |at| &name[at + "pod".len()..]);
    let (known, kept) = match (id.len(), uid.len()) {
        (32.., _) => (id, ID_DIGITS),
        (_, 36) => (uid, UID_DIGITS),
        _ => return format!("{above}{name}"),
    };
    let start = &name[..name.len() - known.len()];
    let digits: String = known.chars().take(kept).collect();
    format!("{above}{start}{digits}…")
}

/// Without what dmesg, syslog or /dev/kmsg put before the message.
fn without_prefix(line: &str) -> &str {
    if let Some((head, message)) = line.split_once(';')
        && head.split(',').count() >= 3
        && head.split(',').take(3).all(|f| !f.is_empty() && f.bytes().all(|b| b.is_ascii_digit()))
    {
        return message;
    }
    let line = line.split_once(" kernel: ").map_or(line, |(_, message)| message).trim_start();
    let line = match line.strip_prefix('[').and_then(|l| l.split_once("] ")) {
        Some((time, message)) if time.len() <= 32 => message,
        _ => line,
    };
    match line.split_once(' ') {
        Some((time, message)) if time.len() >= 19 && time.as_bytes()[10] == b'T' && time.is_ascii() => {
            message
        }
        _ => line,
    }
}

#[cfg(test)]
mod tests {
    use super::brief;

    #[test]
    fn an_oom_kill_line_shows_who_died_under_which_limit() {
        let line = "oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=61,mems_allowed=0,\
                    oom_memcg=/kubepods/pod5de8,task_memcg=/kubepods/pod5de8/61221930,task=a,b,pid=24514,uid=0";
        assert_eq!(
            brief(&format!("[  12.5] {line}")),
            "oom-kill CONSTRAINT_MEMCG task=a,b pid=24514 oom_memcg=…/pod5de8 task_memcg=…/61221930"
        );
        let global = "oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,\
                      task_memcg=/x,task=java,pid=7,uid=0";
        assert_eq!(brief(global), "oom-kill CONSTRAINT_NONE task=java pid=7 global_oom task_memcg=/x");
    }

    #[test]
    fn a_cgroup_keeps_the_part_that_tells_it_apart() {
        let id = "6122193041471fbbb5f9ce4008e00fe5cb149a8319b606688cd6d381e21c1d0f";
        for (path, tail) in [
            (format!("/kubepods/burstable/pod1/{id}"), "…/612219304147…"),
            (format!("/kubepods.slice/x.slice/cri-containerd-{id}.scope"), "…/cri-containerd-612219304147…"),
            ("/kubepods/pod5de83e05-105c-46ef-95b5-4f31a28a1221".to_owned(), "…/pod5de83e05…"),
            (
                "/a/kubepods-pod5de83e05_105c_46ef_95b5_4f31a28a1221.slice".to_owned(),
                "…/kubepods-pod5de83e05…",
            ),
            ("/kubepods".to_owned(), "/kubepods"),
            ("/".to_owned(), "/"),
        ] {
            assert_eq!(super::cgroup_tail(&path), tail);
        }
    }

    #[test]
    fn a_kill_line_ends_with_the_resident_sizes() {
        let line = "2026-11-23T09:41:35,787897+00:00 Memory cgroup out of memory: Killed process 4121 (python3) \
                    total-vm:66800kB, anon-rss:64896kB, file-rss:652kB, shmem-rss:0kB, UID:0 pgtables:168kB";
        assert_eq!(
            brief(line),
            "Memory cgroup out of memory: Killed process 4121 (python3) total-vm:66800kB, anon-rss:64896kB, \
             file-rss:652kB, shmem-rss:0kB"
        );
    }

    #[test]
    fn the_prefix_of_every_kind_of_log_goes() {
        for line in [
            "[ 4242.125] die[7]: segfault at 0",
            "[Mon Nov 23 10:02:11 2026] die[7]: segfault at 0",
            "6,1234,5678,-;die[7]: segfault at 0",
            "Nov 23 10:02:11 node-a kernel: [ 4242.125] die[7]: segfault at 0",
            "2026-11-23T10:02:11,787897+00:00 die[7]: segfault at 0",
            "die[7]: segfault at 0",
        ] {
            assert_eq!(brief(line), "die[7]: segfault at 0", "{line}");
        }
    }
}
