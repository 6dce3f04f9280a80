//! Crashes, seccomp kills and refused forks: events that stand in one line.

use exitus_model::{Crash, CrashKind, KernelEvent, SeccompKill};
use jiff::Timestamp;

use super::cgroup::cgroup;
use super::time::number;

/// `TASK_COMM_LEN` of include/linux/sched.h, without its terminator.
const MAX_NAME: usize = 15;

/// The event of a line of its own, and the time that an audit record states.
pub(super) fn event(message: &str) -> Option<(KernelEvent, Option<Timestamp>)> {
    if let Some(crash) = crash(message) {
        return Some((KernelEvent::Crash(crash), None));
    }
    if let Some(path) = message.strip_prefix("cgroup: fork rejected by pids controller in ") {
        return Some((KernelEvent::PidsLimit(cgroup(path.trim_end())), None));
    }
    let (kill, at) = seccomp(message)?;
    Some((KernelEvent::Seccomp(kill), at))
}

/// A crash of a process. Faults of the kernel itself (`BUG:`, `Oops:`, `general protection fault: 0000 [#1]`) name
/// no process at their start and are none.
pub(super) fn crash(message: &str) -> Option<Crash> {
    let text = message.strip_prefix("traps: ").unwrap_or(message);
    // The name may hold brackets; the pid is what stands in the last ones before the words.
    let (head, kind) = kind_after_pid(text)?;
    let (process, pid) = head.rsplit_once('[')?;
    if process.is_empty() || process.len() > MAX_NAME {
        return None;
    }
    Some(Crash { kind, process: process.to_owned(), pid: number(pid)? })
}

/// The text before the bracket that closes the pid, and what the words behind it tell.
fn kind_after_pid(text: &str) -> Option<(&str, CrashKind)> {
    // A name of 15 bytes, a pid of up to 10 digits, and brackets: the words begin within that.
    let window = &text.as_bytes()[..text.len().min(MAX_NAME + 13)];
    for at in memchr::memchr_iter(b']', window) {
        let (head, rest) = (text.get(..at)?, text.get(at + 1..)?);
        let kind = match rest.strip_prefix(": ") {
            Some(words) => segfault(words).or_else(|| unhandled(words)).or_else(|| trap(words)),
            None => rest.strip_prefix(' ').and_then(trap),
        };
        if let Some(kind) = kind {
            return Some((head, kind));
        }
    }
    None
}

/// `segfault at 0 ip … sp … error 6 in …` of x86 (`show_signal_msg` in arch/x86/mm/fault.c) and
/// `segfault (11) at … nip … lr …` of PowerPC.
fn segfault(words: &str) -> Option<CrashKind> {
    if words.starts_with("segfault at ") {
        let is_whole = [" ip ", " rip ", " eip ", " nip ", " epc "].iter().any(|mark| words.contains(mark));
        return is_whole.then_some(CrashKind::Segfault);
    }
    let (name, rest) = words.split_once(" (")?;
    let signal = rest.split_once(") at ")?.0;
    matches!(name, "segfault" | "bus error" | "illegal instruction").then(|| of_signal(signal))?
}

/// arm64 and others: `unhandled exception: …`, `unhandled level 3 translation fault (11) at …`,
/// `unhandled signal 11 code 0x1 at …`.
fn unhandled(words: &str) -> Option<CrashKind> {
    let words = words.strip_prefix("unhandled ")?;
    if let Some(signal) = words.strip_prefix("signal ") {
        return of_signal(signal.split(' ').next()?);
    }
    if let Some(reason) = words.strip_prefix("exception: ") {
        return Some(of_reason(reason));
    }
    of_signal(words.split_once(" (")?.1.split_once(") at ")?.0)
}

/// The words that end an arm64 line (`arm64_show_signal` in arch/arm64/kernel/traps.c).
fn of_reason(reason: &str) -> CrashKind {
    let words = [
        ("translation fault", CrashKind::Segfault),
        ("permission fault", CrashKind::Segfault),
        ("access flag fault", CrashKind::Segfault),
        ("alignment", CrashKind::BusError),
        ("external abort", CrashKind::BusError),
        ("undefined instruction", CrashKind::InvalidOpcode),
        ("BRK", CrashKind::Breakpoint),
    ];
    words.iter().find(|(word, _)| reason.contains(word)).map_or(CrashKind::OtherTrap, |(_, kind)| *kind)
}

fn of_signal(signal: &str) -> Option<CrashKind> {
    match number::<u8>(signal)? {
        4 => Some(CrashKind::InvalidOpcode),
        5 => Some(CrashKind::Breakpoint),
        7 => Some(CrashKind::BusError),
        8 => Some(CrashKind::DivideError),
        11 => Some(CrashKind::Segfault),
        _ => None,
    }
}

/// `trap invalid opcode ip:… sp:… error:0` and `general protection fault ip:…` (older: without `fault`) of
/// `show_signal` in arch/x86/kernel/traps.c.
fn trap(words: &str) -> Option<CrashKind> {
    let (name, rest) = words.split_once(" ip:")?;
    let has_stack = rest.contains(" sp:") || rest.contains(" ssp:");
    if !has_stack || !rest.contains(" error:") {
        return None;
    }
    match name.strip_prefix("trap ").unwrap_or(name) {
        "invalid opcode" => Some(CrashKind::InvalidOpcode),
        "divide error" => Some(CrashKind::DivideError),
        "int3" => Some(CrashKind::Breakpoint),
        "stack segment" | "alignment check" => Some(CrashKind::BusError),
        "general protection" | "general protection fault" => Some(CrashKind::GeneralProtection),
        _ => Some(CrashKind::OtherTrap),
    }
}

/// `audit: type=1326 audit(…): …` of the kernel, `type=SECCOMP msg=audit(…): …` of auditd, `SECCOMP …` of the
/// journal. Only `sig=31` is a kill; other records tell what was logged or refused.
fn seccomp(message: &str) -> Option<(SeccompKill, Option<Timestamp>)> {
    let text = message.strip_prefix("audit: ").unwrap_or(message);
    let fields = text
        .strip_prefix("type=1326 ")
        .or_else(|| text.strip_prefix("type=SECCOMP "))
        .or_else(|| text.strip_prefix("SECCOMP "))?;
    let at = fields.split_once("audit(").and_then(|(_, rest)| audit_time(rest));
    let value = |key: &str| field(fields, key);
    if value("sig")? != "31" {
        return None;
    }
    let kill = SeccompKill {
        process: name(value("comm")?)?,
        executable: value("exe").and_then(name),
        pid: number(value("pid")?)?,
        syscall: value("syscall").and_then(number),
    };
    Some((kill, at))
}

/// The value of ` key=…`, up to a blank or, in quotes, with them.
fn field<'a>(fields: &'a str, key: &str) -> Option<&'a str> {
    let mut rest = fields;
    loop {
        let at = rest.find(key)?;
        let (before, found) = (&rest[..at], &rest[at + key.len()..]);
        if let Some(value) = found.strip_prefix('=').filter(|_| before.is_empty() || before.ends_with(' ')) {
            let end = match value.strip_prefix('"') {
                Some(quoted) => quoted.find('"')? + 2,
                None => value.find(' ').unwrap_or(value.len()),
            };
            return value.get(..end);
        }
        rest = found;
    }
}

/// audit writes names in quotes, or in hexadecimal digits where they hold blanks, quotes or controls.
fn name(value: &str) -> Option<String> {
    if let Some(quoted) = value.strip_prefix('"') {
        return Some(quoted.trim_end_matches('"').to_owned());
    }
    if value == "(null)" {
        return None;
    }
    let bytes: Option<Vec<u8>> = value
        .as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect();
    Some(match bytes {
        Some(bytes) if value.len().is_multiple_of(2) => String::from_utf8_lossy(&bytes).into_owned(),
        _ => value.to_owned(),
    })
}

/// `1790000000.123:45): …`: seconds, milliseconds, serial number.
fn audit_time(text: &str) -> Option<Timestamp> {
    let (time, _) = text.split_once(':')?;
    let (seconds, milliseconds) = time.split_once('.')?;
    Timestamp::new(number(seconds)?, number::<i32>(milliseconds)?.checked_mul(1_000_000)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crashes_are_told_by_their_words() {
        use CrashKind::*;
        let cases = [
            (
                "worker[4711]: segfault at 8 ip 000055d0c0ffee10 sp 00007ffe00000010 error 4 in worker[55d0c0ff0000+2000]",
                Segfault,
                "worker",
                4711,
            ),
            (
                "Web Content[99]: segfault at 0 ip 00007f01 sp 00007f02 error 6 likely on CPU 3 (core 1, socket 0)",
                Segfault,
                "Web Content",
                99,
            ),
            ("a[1]b[77]: segfault at 0 ip 0 sp 0 error 4", Segfault, "a[1]b", 77),
            ("old[7]: segfault at 0 rip 400 rsp 7ff error 4", Segfault, "old", 7),
            (
                "ppc[31]: segfault (11) at 0 nip 10000540 lr 10000534 code 1 in ppc[10000000+10000]",
                Segfault,
                "ppc",
                31,
            ),
            (
                "ppc[31]: illegal instruction (4) at 10000540 nip 10000540 lr 0 code 1",
                InvalidOpcode,
                "ppc",
                31,
            ),
            (
                "arm[8]: unhandled level 3 translation fault (11) at 0x00000000, esr 0x92000007",
                Segfault,
                "arm",
                8,
            ),
            ("arm[8]: unhandled alignment fault (7) at 0x00000001, esr 0x92000021", BusError, "arm", 8),
            (
                "arm[8]: unhandled exception: DABT (lower EL), ESR 0x0000000092000046, level 2 translation fault in arm[400000+1000]",
                Segfault,
                "arm",
                8,
            ),
            (
                "arm[8]: unhandled exception: ESR 0x0000000002000000, undefined instruction in arm[400000+1000]",
                InvalidOpcode,
                "arm",
                8,
            ),
            (
                "risc[12]: unhandled signal 11 code 0x1 at 0x0000000000000000 in risc[10000+1000]",
                Segfault,
                "risc",
                12,
            ),
            (
                "traps: php-fpm[5] trap invalid opcode ip:55d0 sp:7ffe error:0 in php-fpm[55d0+2000]",
                InvalidOpcode,
                "php-fpm",
                5,
            ),
            ("traps: calc[6] trap divide error ip:40 sp:7f error:0 in calc[40+1]", DivideError, "calc", 6),
            ("traps: dbg[6] trap int3 ip:40 sp:7f error:0", Breakpoint, "dbg", 6),
            ("traps: st[6] trap stack segment ip:40 sp:7f error:0", BusError, "st", 6),
            ("traps: al[6] trap alignment check ip:40 sp:7f error:0", BusError, "al", 6),
            (
                "traps: gp[6] general protection fault ip:40 sp:7f error:0 in gp[40+1]",
                GeneralProtection,
                "gp",
                6,
            ),
            ("traps: gp[6] general protection ip:40 sp:7f error:0 in gp[40+1]", GeneralProtection, "gp", 6),
            ("gp[6] general protection ip:40 sp:7f error:0", GeneralProtection, "gp", 6),
            ("traps: bo[6] trap bounds ip:40 sp:7f error:0", OtherTrap, "bo", 6),
            ("traps: cp[6] control protection ip:40 sp:7f ssp:7e error:1(near ret)", OtherTrap, "cp", 6),
        ];
        for (message, kind, process, pid) in cases {
            let Some(crash) = crash(message) else { panic!("no crash: {message}") };
            assert_eq!((crash.kind, crash.process.as_str(), crash.pid), (kind, process, pid), "{message}");
        }
    }

    #[test]
    fn faults_of_the_kernel_are_no_crash_of_a_process() {
        for message in [
            "general protection fault: 0000 [#1] SMP",
            "general protection fault, probably for non-canonical address 0xdead: 0000 [#1] PREEMPT SMP PTI",
            "BUG: unable to handle kernel NULL pointer dereference at 0000000000000008",
            "BUG: kernel NULL pointer dereference, address: 0000000000000010",
            "Oops: 0002 [#1] SMP",
            "kernel BUG at mm/slub.c:3893!",
            "invalid opcode: 0000 [#1] SMP",
            "divide error: 0000 [#1] SMP",
            "show_signal_msg: 12 callbacks suppressed",
            "a-name-that-is-too-long[1]: segfault at 0 ip 0 sp 0 error 4",
            "worker[4711]: segfault at 8",
            "worker[x]: segfault at 8 ip 0 sp 0 error 4",
            "[1]: segfault at 8 ip 0 sp 0 error 4",
            "]: segfault at 8 ip 0 sp 0 error 4",
            "die[1]: exited with ip:10.0.0.1",
        ] {
            assert!(crash(message).is_none(), "{message}");
        }
    }

    #[test]
    fn seccomp_kills_are_read_from_kernel_auditd_and_journal() {
        let rest = "auid=4294967295 uid=0 gid=0 ses=4294967295 pid=812 comm=\"my app\" exe=\"/usr/bin/my app\" sig=31 arch=c000003e syscall=161 compat=0 ip=0x7f code=0x80000000";
        for (message, has_time) in [
            (format!("audit: type=1326 audit(1790000000.123:45): {rest}"), true),
            (format!("type=1326 audit(1790000000.123:45): {rest}"), true),
            (format!("type=SECCOMP msg=audit(1790000000.123:45): {rest}"), true),
            (format!("SECCOMP {rest}"), false),
        ] {
            let Some((KernelEvent::Seccomp(kill), at)) = event(&message) else { panic!("{message}") };
            assert_eq!((kill.process.as_str(), kill.pid, kill.syscall), ("my app", 812, Some(161)));
            assert_eq!(kill.executable.as_deref(), Some("/usr/bin/my app"));
            assert_eq!(at.map(|t| t.as_millisecond()), has_time.then_some(1_790_000_000_123));
        }
        assert!(
            event(&format!("audit: type=1326 audit(1.1:1): {}", rest.replace("sig=31", "sig=0"))).is_none()
        );
        assert!(event(&format!("audit: type=1400 audit(1.1:1): {rest}")).is_none());
        let hex = format!("audit: type=1326 audit(1.1:1): {}", rest.replace("\"my app\"", "6D7920617070"));
        let Some((KernelEvent::Seccomp(kill), _)) = event(&hex) else { panic!("{hex}") };
        assert_eq!(kill.process, "my app");
    }

    #[test]
    fn a_refused_fork_names_its_cgroup() {
        let Some((KernelEvent::PidsLimit(found), None)) =
            event("cgroup: fork rejected by pids controller in /kubepods/burstable")
        else {
            panic!("no event")
        };
        assert_eq!(found.path, "/kubepods/burstable");
    }
}
