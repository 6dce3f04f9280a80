//! The lines of an OOM report, one by one.

use super::time::number;

/// One line of a report.
#[derive(Debug, PartialEq)]
pub(super) enum OomLine<'a> {
    /// `NAME invoked oom-killer: …`: a report begins. The name is of the process that asked for memory.
    Invoked,
    /// `oom-kill:constraint=…`, since Linux 5.0.
    Context(Context<'a>),
    /// The head of an `oom-kill:` line that another CPU's line broke off.
    Broken(&'a str),
    /// What follows such a head.
    Fragment(&'a str),
    /// `Task in TASK killed as a result of limit of LIMIT`, before Linux 5.0.
    OldContext { task: &'a str, limit: &'a str },
    /// `memory: usage …kB, limit …kB, failcnt …`.
    Usage { usage_kib: u64, limit_kib: u64 },
    /// `Memory cgroup stats for PATH:`.
    Stats(&'a str),
    /// `…: Kill process PID (NAME) score … or sacrifice child`: the victim or its parent.
    Chosen { scope: Scope, pid: u32, name: &'a str },
    /// `Killed process PID (NAME) …`.
    Killed(Killed<'a>),
    /// `Tasks in PATH are going to be killed due to memory.oom.group set`.
    Group(&'a str),
    /// `…: OOM victim PID (NAME) is already exiting. Skip killing the task`.
    Spared { pid: u32, name: &'a str },
}

/// What an `oom-kill:` line tells.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Context<'a> {
    pub(super) constraint: &'a str,
    pub(super) is_global: bool,
    /// `oom_memcg`, whose limit was hit.
    pub(super) limit: Option<&'a str>,
    /// `task_memcg`, the victim's.
    pub(super) task: Option<&'a str>,
    pub(super) name: &'a str,
    pub(super) pid: u32,
}

/// What a kill line tells.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Killed<'a> {
    pub(super) scope: Scope,
    pub(super) pid: u32,
    pub(super) name: &'a str,
    pub(super) anon_rss_kib: Option<u64>,
    pub(super) file_rss_kib: Option<u64>,
    pub(super) shmem_rss_kib: Option<u64>,
    pub(super) oom_score_adj: Option<i32>,
}

/// Whose memory ran out, as the words before a kill tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// `Memory cgroup out of memory`.
    Cgroup,
    /// `Out of memory`, with or without a reason in parentheses.
    Node,
    /// No such words: the second line of a kill before Linux 4.19 or so.
    Unsaid,
}

/// Reads a line of a report; `None` for any other line.
pub(super) fn oom_line(message: &str) -> Option<OomLine<'_>> {
    let message = message.trim_end();
    if let Some(fields) = message.strip_prefix("oom-kill:constraint=") {
        return Some(context(fields).map_or(OomLine::Broken(message), OomLine::Context));
    }
    if let Some(rest) = message.strip_prefix("memory: usage ") {
        let (usage, rest) = rest.split_once("kB, limit ")?;
        let (limit, _) = rest.split_once("kB")?;
        return Some(OomLine::Usage { usage_kib: number(usage)?, limit_kib: number(limit)? });
    }
    if let Some(rest) = message.strip_prefix("Memory cgroup stats for ") {
        // Old kernels put the figures on the same line.
        let end = if rest.ends_with(':') { rest.len() - 1 } else { rest.find(": ")? };
        return rest.get(..end).map(OomLine::Stats);
    }
    if let Some(rest) = message.strip_prefix("Task in ") {
        let (task, limit) = rest.split_once(" killed as a result of limit of ")?;
        return Some(OomLine::OldContext { task, limit });
    }
    if let Some(rest) = message.strip_prefix("Tasks in ") {
        return rest.strip_suffix(" are going to be killed due to memory.oom.group set").map(OomLine::Group);
    }
    if message.starts_with([',', '/']) {
        return Some(OomLine::Fragment(message));
    }
    if let Some((scope, rest)) = scope(message) {
        return kill(scope, rest);
    }
    let (name, _) = message.split_once(" invoked oom-killer: gfp_mask=")?;
    // A name has at most 15 bytes; what is longer is another program's sentence.
    (name.len() <= 15).then_some(OomLine::Invoked)
}

fn kill(scope: Scope, text: &str) -> Option<OomLine<'_>> {
    if let Some(rest) = text.strip_prefix("Killed process ") {
        return killed(scope, rest).map(OomLine::Killed);
    }
    if let Some(rest) = text.strip_prefix("Kill process ") {
        let (pid, rest) = rest.split_once(" (")?;
        let (name, _) = rest.rsplit_once(") score ")?;
        return Some(OomLine::Chosen { scope, pid: number(pid)?, name });
    }
    let (pid, rest) = text.strip_prefix("OOM victim ")?.split_once(" (")?;
    let (name, _) = rest.rsplit_once(") is already exiting")?;
    Some(OomLine::Spared { pid: number(pid)?, name })
}

/// The words before a kill, and the kill.
fn scope(message: &str) -> Option<(Scope, &str)> {
    if let Some(rest) = message.strip_prefix("Memory cgroup out of memory: ") {
        return Some((Scope::Cgroup, rest));
    }
    if let Some(rest) = message.strip_prefix("Out of memory") {
        let (reason, rest) = rest.split_once(": ")?;
        let is_reason = reason.is_empty() || (reason.starts_with(" (") && reason.ends_with(')'));
        return is_reason.then_some((Scope::Node, rest));
    }
    message.starts_with("Killed process ").then_some((Scope::Unsaid, message))
}

/// `PID (NAME) total-vm:…kB, anon-rss:…`; with `, UID N,` before or behind the name in Red Hat's old kernels.
/// Names hold parentheses, commas and blanks, so they end at the last place where the figures can begin.
fn killed(scope: Scope, text: &str) -> Option<Killed<'_>> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (pid, rest) = text.split_at(digits);
    let rest = match rest.strip_prefix(", UID ") {
        Some(rest) => rest.split_once(", (")?.1,
        None => rest.strip_prefix(" (")?,
    };
    let (name, figures) = rest
        .rsplit_once(") total-vm:")
        .map(|(name, figures)| (name.split("), UID ").next().unwrap_or(name), figures))
        .or_else(|| rest.rsplit_once("), UID "))
        .or_else(|| rest.rsplit_once(')'))?;
    let kib = |key: &str| figure(figures, key).and_then(|text| number(text.split_once("kB")?.0));
    Some(Killed {
        scope,
        pid: number(pid)?,
        name,
        anon_rss_kib: kib("anon-rss:"),
        file_rss_kib: kib("file-rss:"),
        shmem_rss_kib: kib("shmem-rss:"),
        oom_score_adj: figure(figures, "oom_score_adj:").and_then(|text| text.parse().ok()),
    })
}

/// What follows a key, up to the next blank.
fn figure<'a>(figures: &'a str, key: &str) -> Option<&'a str> {
    let (_, rest) = figures.split_once(key)?;
    rest.split([' ', ',']).next()
}

/// The fields behind `oom-kill:constraint=`. Node lists hold commas, names anything: the fields are found by the
/// names that they must have, the victim's name as what stands before the last pid.
pub(super) fn context<'a>(fields: &'a str) -> Option<Context<'a>> {
    let (constraint, rest) = fields.split_once(',')?;
    let (_, rest) = rest.split_once(",mems_allowed=")?;
    let (before, rest) = rest.split_once(",task_memcg=")?;
    let (task, rest) = rest.split_once(",task=")?;
    let (name, rest) = rest.rsplit_once(",pid=")?;
    // Without the field behind it, the pid may be cut.
    let pid = number(rest.split_once(",uid=")?.0)?;
    let limit = before.split_once(",oom_memcg=").map(|(_, path)| path);
    let is_global = limit.is_none() && before.ends_with(",global_oom");
    let path = |p: &'a str| Some(p).filter(|p| p.starts_with('/'));
    Some(Context { constraint, is_global, limit: limit.and_then(path), task: path(task), name, pid })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn killed_line(message: &str) -> Killed<'_> {
        match oom_line(message) {
            Some(OomLine::Killed(killed)) => killed,
            other => panic!("{message}: {other:?}"),
        }
    }

    #[test]
    fn names_may_hold_anything() {
        for name in [
            "java",
            "Plex Media Serv",
            "a, b",
            "(sd-pam)",
            "x) y",
            ") total-vm:",
            "runc:[2:INIT]",
            "b),pid=1",
            "",
        ] {
            let long = format!(
                "Memory cgroup out of memory: Killed process 4711 ({name}) total-vm:2048kB, anon-rss:1024kB, file-rss:12kB, shmem-rss:4kB, UID:0 pgtables:60kB oom_score_adj:-997"
            );
            let expected = Killed {
                scope: Scope::Cgroup,
                pid: 4711,
                name,
                anon_rss_kib: Some(1024),
                file_rss_kib: Some(12),
                shmem_rss_kib: Some(4),
                oom_score_adj: Some(-997),
            };
            assert_eq!(killed_line(&long), expected);
            let chosen = format!("Out of memory: Kill process 4711 ({name}) score 912 or sacrifice child");
            assert_eq!(oom_line(&chosen), Some(OomLine::Chosen { scope: Scope::Node, pid: 4711, name }));
            let line = format!(
                "oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=0-1,3,cpuset=x,mems_allowed=0,2,oom_memcg=/a,task_memcg=/a/b,task={name},pid=4711,uid=0"
            );
            let Some(OomLine::Context(context)) = oom_line(&line) else { panic!("{line}") };
            assert_eq!((context.name, context.pid), (name, 4711));
            assert_eq!((context.limit, context.task, context.is_global), (Some("/a"), Some("/a/b"), false));
        }
    }

    #[test]
    fn kill_lines_of_all_kernels() {
        let cases = [
            ("Killed process 9 (x) total-vm:1kB, anon-rss:2kB, file-rss:3kB", Scope::Unsaid, Some(2), None),
            (
                "Killed process 9 (x), UID 500, total-vm:1kB, anon-rss:2kB, file-rss:3kB, shmem-rss:4kB",
                Scope::Unsaid,
                Some(2),
                None,
            ),
            (
                "Killed process 9, UID 500, (x) total-vm:1kB, anon-rss:2kB, file-rss:3kB",
                Scope::Unsaid,
                Some(2),
                None,
            ),
            (
                "Out of memory: Killed process 9 (x) total-vm:1kB, anon-rss:2kB, file-rss:3kB, shmem-rss:4kB, UID:0 pgtables:1kB oom_score_adj:1000",
                Scope::Node,
                Some(2),
                Some(1000),
            ),
            (
                "Out of memory (oom_kill_allocating_task): Killed process 9 (x) total-vm:1kB, anon-rss:2kB",
                Scope::Node,
                Some(2),
                None,
            ),
            ("Memory cgroup out of memory: Killed process 9 (x)", Scope::Cgroup, None, None),
            (
                "Memory cgroup out of memory: Killed process 9 (x) total-vm:1kB, anon-r",
                Scope::Cgroup,
                None,
                None,
            ),
        ];
        for (message, scope, anon, adj) in cases {
            let killed = killed_line(message);
            let found = (killed.pid, killed.name, killed.scope, killed.anon_rss_kib, killed.oom_score_adj);
            assert_eq!(found, (9, "x", scope, anon, adj), "{message}");
        }
    }

    #[test]
    fn the_other_lines() {
        let cases = [
            (
                "java invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0",
                OomLine::Invoked,
            ),
            (
                "memory: usage 65536kB, limit 65536kB, failcnt 84",
                OomLine::Usage { usage_kib: 65536, limit_kib: 65536 },
            ),
            ("Memory cgroup stats for /kubepods/a:b:", OomLine::Stats("/kubepods/a:b")),
            ("Memory cgroup stats for /m: cache:0KB rss:980KB", OomLine::Stats("/m")),
            (
                "Task in /a/b killed as a result of limit of /a",
                OomLine::OldContext { task: "/a/b", limit: "/a" },
            ),
            ("Tasks in /a are going to be killed due to memory.oom.group set", OomLine::Group("/a")),
            (
                "Memory cgroup out of memory: OOM victim 7 (x) is already exiting. Skip killing the task",
                OomLine::Spared { pid: 7, name: "x" },
            ),
            (
                "oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null)",
                OomLine::Broken("oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null)"),
            ),
        ];
        for (message, expected) in cases {
            assert_eq!(oom_line(message), Some(expected), "{message}");
        }
        for message in [
            "oom_reaper: reaped process 9 (x), now anon-rss:0kB, file-rss:0kB, shmem-rss:0kB",
            "oom_reaper: unable to reap pid:9 (x)",
            "Out of memory and no killable processes...",
            "Killed process x (y) total-vm:1kB",
            "Killed process 9 (cut",
            "memory+swap: usage 65536kB, limit 9007199254740988kB, failcnt 0",
            "Out of memory error: Killed process 9 (x)",
            "the kernel has just now invoked oom-killer: see above",
            "Tasks state (memory values in pages):",
        ] {
            assert_eq!(oom_line(message), None, "{message}");
        }
    }

    #[test]
    fn a_global_context_has_no_limit() {
        let line = "oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=/user.slice,task=x,pid=5,uid=504";
        let Some(OomLine::Context(context)) = oom_line(line) else { panic!("{line}") };
        assert!(context.is_global);
        assert_eq!(
            (context.limit, context.task, context.constraint),
            (None, Some("/user.slice"), "CONSTRAINT_NONE")
        );
    }
}
