//! Whether a text is a kernel log.
//!
//! Must be sure: whatever is taken for a kernel log is not read as the log of a container.

use super::line::{Form, Line};
use super::oom::{Killed, OomLine, oom_line};
use super::{crash, cut, line_at, without_escapes};

/// How many lines that are not blank are looked at.
const LINES: usize = 200;

/// How many hits of `kernel:` are looked at in a syslog that begins with lines of other programs.
const TAGS: usize = 64;

/// What the first lines are.
#[derive(Default)]
struct Tally {
    /// Lines at the margin; indented ones go on with the line before.
    lines: usize,
    /// Shapes that only kernel logs have.
    dmesg: usize,
    /// Shapes that other programs may write too.
    brackets: usize,
    /// Lines of a syslog or journal, of any program.
    syslog: usize,
    has_kernel_tag: bool,
    has_kernel_words: bool,
}

/// Tells a kernel log from its content: dmesg, /dev/kmsg, auditd, or a syslog or journal with kernel lines in it.
pub(crate) fn looks_like_kernel_log(text: &str) -> bool {
    let mut tally = Tally::default();
    for raw in text.lines().filter(|line| !line.trim().is_empty()).take(LINES) {
        let clean = without_escapes(cut(raw));
        let line = Line::parse(&clean);
        let is_indented = clean.starts_with([' ', '\t']);
        if !is_indented && is_decisive(&line) {
            return true;
        }
        if is_indented && line.form == Form::Bare {
            continue;
        }
        tally.lines += 1;
        match line.form {
            Form::Bare => {}
            Form::Dmesg | Form::Audit => tally.dmesg += 1,
            Form::Brackets => {
                if !is_of_web_server(line.message) {
                    tally.brackets += 1;
                }
            }
            Form::Syslog | Form::Foreign => tally.syslog += 1,
        }
        tally.has_kernel_tag |= line.form == Form::Syslog;
        tally.has_kernel_words |= line.form == Form::Brackets && has_kernel_words(line.message);
    }
    let is_most = |count: usize| count > 0 && count * 2 >= tally.lines;
    let is_dmesg = is_most(tally.dmesg);
    let is_dated_dmesg =
        is_most(tally.brackets + tally.dmesg) && (tally.has_kernel_words || tally.dmesg > tally.brackets);
    let is_syslog = is_most(tally.syslog);
    is_dmesg || is_dated_dmesg || (is_syslog && (tally.has_kernel_tag || has_later_tag(text)))
}

/// A line that nothing but the kernel writes, at the margin of the text, with or without a head.
fn is_decisive(line: &Line<'_>) -> bool {
    match line.form {
        Form::Foreign => false,
        Form::Audit => crash::event(line.message).is_some(),
        _ => match oom_line(line.message) {
            Some(OomLine::Invoked | OomLine::Context(_) | OomLine::Chosen { .. }) => true,
            Some(OomLine::Killed(Killed { anon_rss_kib, .. })) => anon_rss_kib.is_some(),
            _ => crash::crash(line.message).is_some(),
        },
    }
}

/// Whether a kernel line stands anywhere in a syslog.
fn has_later_tag(text: &str) -> bool {
    memchr::memmem::find_iter(text.as_bytes(), b" kernel: ")
        .take(TAGS)
        .any(|at| Line::parse(cut(line_at(text, at))).form == Form::Syslog)
}

/// Apache's and PHP's servers put the same date in the same brackets.
fn is_of_web_server(message: &str) -> bool {
    const LEVELS: [&str; 8] =
        ["[emerg]", "[alert]", "[crit]", "[error]", "[warn]", "[notice]", "[info]", "[debug]"];
    let first = message.split(' ').next().unwrap_or_default();
    let is_peer = first.contains(':')
        && first.bytes().all(|b| b.is_ascii_hexdigit() || matches!(b, b'.' | b':' | b'[' | b']'));
    LEVELS.contains(&first) || message.starts_with("PHP ") || is_peer
}

/// Words that lines of a kernel log begin with or hold, of hardware, network, file systems and cgroups.
fn has_kernel_words(message: &str) -> bool {
    const STARTS: [&str; 47] = [
        "ACPI",
        "AppArmor",
        "BIOS-",
        "BTRFS",
        "BUG: ",
        "CPU: ",
        "CPU0",
        "Call Trace:",
        "Code: ",
        "Command line: ",
        "EDAC",
        "EXT4-fs",
        "Freeing unused",
        "IPVS: ",
        "IPv6: ADDRCONF",
        "Kernel command line",
        "Linux version ",
        "Mem-Info:",
        "Memory: ",
        "NET: ",
        "RAX: ",
        "RIP: ",
        "SELinux: ",
        "TCP: ",
        "Tasks state",
        "VFS: ",
        "XFS (",
        "audit: type=",
        "bridge: ",
        "clocksource: ",
        "device ",
        "docker0: ",
        "hrtimer: ",
        "hv_",
        "kauditd_printk_skb",
        "loop: ",
        "mce: ",
        "nf_conntrack",
        "nvme",
        "overlayfs: ",
        "pci ",
        "perf: ",
        "rcu: ",
        "scsi ",
        "sd ",
        "usb ",
        "virtio",
    ];
    const PARTS: [&str; 12] = [
        " entered blocking state",
        " entered disabled state",
        " entered forwarding state",
        " entered promiscuous mode",
        " left promiscuous mode",
        " invoked oom-killer: ",
        "link becomes ready",
        "link is not ready",
        ": renamed from ",
        " blocked for more than ",
        "apparmor=\"",
        " Not tainted ",
    ];
    STARTS.iter().any(|start| message.starts_with(start)) || PARTS.iter().any(|part| message.contains(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kernel_logs_are_known_by_their_content() {
        let yes = [
            "[    0.000000] Linux version 6.8.0-45-generic\n[    0.000000] Command line: root=/dev/sda1\n",
            "[  123.456789] veth12: entered promiscuous mode\n",
            "[123456.456789][  T4711] cni0: port 3(veth12) entered blocking state\n",
            "<6>[  123.456789] usb 1-1: new high-speed USB device\n",
            "kern  :info  : [  123.456789] usb 1-1: new high-speed USB device\n",
            "[Mon Nov 23 09:41:35 2026] cni0: port 3(veth12) entered blocking state\n[Mon Nov 23 09:41:36 2026] x\n",
            "2026-11-23T09:41:35,787868+00:00 zoo0: port 1(veth9) entered blocking state\n",
            "6,1234,567890123,-;usb 1-1: new high-speed USB device\n SUBSYSTEM=usb\n DEVICE=c189:1\n",
            "Nov 23 09:41:35 node-1 kernel: [  123.456789] x\n",
            "Nov 23 09:41:35 node-1 sshd[7]: x\nNov 23 09:41:36 node-1 kernel: x\n",
            "-- Journal begins at Mon 2026-11-02 --\nNov 23 09:41:35 node-1 kernel: x\n",
            "2026-11-23T09:41:35.787868+00:00 node-1 kernel: x\n",
            "type=SECCOMP msg=audit(1790000000.123:45): auid=1\ntype=CWD msg=audit(1790000000.123:45): cwd=\"/\"\n",
            "kubectl get po\n\nNAME READY\nx 0/1\nx 0/1\nx 0/1\n[  123.456789] die[7]: segfault at 0 ip 0 sp 0 error 6\n",
            "die[7]: segfault at 0 ip 0000000000401847 sp 00007ffe582faf50 error 6 in die[401000+7b000]\n",
        ];
        for text in yes {
            assert!(looks_like_kernel_log(text), "{text}");
        }
        let late = format!(
            "{}Nov 23 09:41:36 node-1 kernel: x\n",
            "Nov 23 09:41:35 node-1 sshd[7]: x\n".repeat(500)
        );
        assert!(looks_like_kernel_log(&late));
    }

    #[test]
    fn other_texts_are_no_kernel_logs() {
        let kill = "Memory cgroup out of memory: Killed process 7 (die) total-vm:9000kB, anon-rss:8000kB, file-rss:70kB";
        let no = [
            String::new(),
            "\n\n".to_owned(),
            "{\"kind\": \"Event\", \"message\": \"[  123.456789] x\"}\n".to_owned(),
            "[\n  1.5,\n  2.5\n]\n".to_owned(),
            format!("apiVersion: v1\nkind: ConfigMap\ndata:\n  dmesg: |\n    [  123.456789] x\n    [  123.456790] {kill}\n"),
            format!("- message: '{kill}'\n- message: x\n"),
            "I1123 09:41:35.767687    4208 kubelet.go:159] \"kernel: SyncLoop\"\nE1123 09:41:35.767687    4208 pod.go:1] kernel: x\n".to_owned(),
            "Nov 23 09:41:35 node-1 kubelet[812]: I1123 09:41:35.767687 kernel: x\n".to_owned(),
            "2026-11-23T09:41:35.123456789Z stderr F kernel: panic\n".to_owned(),
            "2026-11-23T09:41:35.123456Z INFO kernel: started\n".to_owned(),
            "2026-11-23 09:41:35,787 INFO kernel: started\n".to_owned(),
            "2026-11-23T09:41:35+01:00 INFO kernel: started\n".to_owned(),
            "2026-11-23T09:41:35,787+00:00 INFO started\n".to_owned(),
            "[2026-11-23 09:41:35.787] [info] started\n".to_owned(),
            "[Mon Nov 23 09:41:35 2026] PHP 8.3.2 Development Server (http://0.0.0.0:8000) started\n[Mon Nov 23 09:41:35 2026] 10.0.0.1:5064 Accepted\n".to_owned(),
            "[Mon Nov 23 09:41:35 2026] [error] [client 10.0.0.1] File does not exist: /x\n".to_owned(),
            "[Mon Nov 23 09:41:35.123456 2026] [core:notice] [pid 1:tid 139] AH00094: Command line: 'httpd'\n".to_owned(),
            "[Mon Nov 23 09:41:35 2026] Starting the nightly job\n".to_owned(),
            "[ 12.345678] frame done\n[ 13.345678] frame done\n".to_owned(),
            "the kernel invoked oom-killer: sorry\nKilled process 7\n".to_owned(),
            "12:01:02 worker[7]: segfault at lunch\n".to_owned(),
            format!("  Warning  OOMKilling  65s  kernel-monitor  {kill}\n"),
            "[INFO] plugin/kubernetes: waiting\n[  OK  ] Started\n".to_owned(),
        ];
        for text in no {
            assert!(!looks_like_kernel_log(&text), "{text}");
        }
    }
}
