//! What stands before a kernel message: times, priorities, hosts and tags of dmesg, /dev/kmsg, syslog and journal.

use super::time::{self, Stamp, number};

/// A line, taken apart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Line<'a> {
    pub(super) form: Form,
    pub(super) stamp: Stamp,
    /// Seconds since boot.
    pub(super) uptime: Option<f64>,
    pub(super) host: Option<&'a str>,
    /// What the kernel said; empty where the line is another program's.
    pub(super) message: &'a str,
}

/// Which writer a line's head is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// No head that is known; the whole line is the message.
    Bare,
    /// dmesg or /dev/kmsg, of a shape that nothing else writes.
    Dmesg,
    /// dmesg, of a shape that other programs may write too: a date or a loose number in brackets.
    Brackets,
    /// A kernel line in a syslog or journal.
    Syslog,
    /// Another program's line in a syslog or journal, or what it wrote into the kernel's own log.
    Foreign,
    /// A line of auditd's log.
    Audit,
}

impl<'a> Line<'a> {
    /// Takes a line apart.
    pub(super) fn parse(text: &'a str) -> Line<'a> {
        let text = text.trim_start();
        let text = after_priority(text).unwrap_or(text);
        with_facility(text).unwrap_or_else(|| Line::behind_priority(text))
    }

    fn behind_priority(text: &'a str) -> Line<'a> {
        let bare = Line { form: Form::Bare, stamp: Stamp::None, uptime: None, host: None, message: text };
        let Some(first) = text.bytes().next() else { return bare };
        let line = match first {
            b'[' => bracketed(text),
            b'0'..=b'9' => kmsg(text)
                .or_else(|| iso_line(text))
                .or_else(|| unix_line(text))
                .or_else(|| syslog_line(text)),
            b't' | b'n' if is_audit(text) => Some(audit(text)),
            b'A'..=b'Z' | 0x80.. => syslog_line(text).or_else(|| short_full(text)),
            _ => None,
        };
        line.unwrap_or(bare)
    }
}

/// `Nov 23 09:41:35 host tag: …`; localised journals begin with the month's number.
fn syslog_line(text: &str) -> Option<Line<'_>> {
    let (stamp, rest) = time::syslog(text)?;
    Some(tagged(stamp, rest))
}

/// `Mon 2026-11-23 09:41:35 UTC host kernel: …` of `journalctl -o short-full`.
fn short_full(text: &str) -> Option<Line<'_>> {
    let (_weekday, rest) = text.split_once(' ')?;
    let date = time::date(rest.get(..10)?)?;
    let (clock, rest) = rest.get(10..)?.strip_prefix(' ')?.split_once(' ')?;
    let time = time::clock(clock)?;
    let (zone, rest) = rest.split_once(' ')?;
    let moment = time::zone(zone).and_then(|offset| offset.to_timestamp(date.to_datetime(time)).ok());
    Some(tagged(moment.map_or(Stamp::None, Stamp::At), rest))
}

/// `1790000000.123456 host kernel: …` of `journalctl -o short-unix`.
fn unix_line(text: &str) -> Option<Line<'_>> {
    let (seconds, rest) = text.split_once(' ')?;
    Some(tagged(time::unix(seconds)?, rest))
}

/// dmesg's ISO form, and syslog's and the journal's. Those write the zone as numbers, where programs that put a
/// level and a logger named `kernel` behind the time write `Z` or none.
fn iso_line(text: &str) -> Option<Line<'_>> {
    let (time_text, rest) = text.split_once(' ')?;
    let (stamp, is_dmesg) = time::iso(time_text)?;
    if is_dmesg {
        return Some(Line {
            form: Form::Dmesg,
            stamp,
            uptime: None,
            host: None,
            message: without_caller(rest),
        });
    }
    let has_zone = time_text.get(19..)?.contains(['+', '-']);
    let is_protocol = rest.contains(" kernel - - - ");
    (has_zone || is_protocol).then(|| tagged(stamp, rest))
}

/// `6,1234,567890123,-;text`: priority, sequence, microseconds since boot, flags.
fn kmsg(text: &str) -> Option<Line<'_>> {
    let (head, message) = text.split_once(';').filter(|(head, _)| head.len() <= 100)?;
    let mut fields = head.split(',');
    let priority: u32 = number(fields.next()?)?;
    let _sequence: u64 = number(fields.next()?)?;
    let microseconds: u64 = number(fields.next()?)?;
    let _flags = fields.next()?;
    // The facility stands above the lowest three bits; 0 is the kernel, others came from user space.
    let form = if priority >> 3 == 0 { Form::Dmesg } else { Form::Foreign };
    let message = if form == Form::Dmesg { message } else { "" };
    Some(Line { form, stamp: Stamp::None, uptime: Some(microseconds as f64 / 1e6), host: None, message })
}

/// The rest after `<4>`, and after the version that RFC 5424 puts behind it.
fn after_priority(text: &str) -> Option<&str> {
    let (priority, rest) = text.strip_prefix('<')?.split_once('>')?;
    let _: u16 = number(priority)?;
    let dated = rest.strip_prefix("1 ").filter(|r| r.bytes().next().is_some_and(|b| b.is_ascii_digit()));
    Some(dated.unwrap_or(rest))
}

/// `kern  :warn  : …` of `dmesg -x`.
fn with_facility(text: &str) -> Option<Line<'_>> {
    const LEVELS: [&str; 8] = ["emerg", "alert", "crit", "err", "warn", "notice", "info", "debug"];
    const FACILITIES: [&str; 12] = [
        "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp",
    ];
    let (facility, rest) = text.split_once(':')?;
    let (level, rest) = rest.split_once(':')?;
    if !FACILITIES.contains(&facility.trim_end()) || !LEVELS.contains(&level.trim_end()) {
        return None;
    }
    let line = Line::behind_priority(rest.strip_prefix(' ').unwrap_or(rest));
    if facility.trim_end() == "kern" {
        // Behind such a prefix only dmesg can stand.
        let form = if line.form == Form::Brackets { Form::Dmesg } else { line.form };
        return Some(Line { form, ..line });
    }
    Some(Line { form: Form::Foreign, message: "", ..line })
}

/// `[  123.456789] …`, `[Mon Nov 23 09:41:35 2026] …` and dmesg's relative times.
fn bracketed(text: &str) -> Option<Line<'_>> {
    let (inside, rest) = text.strip_prefix('[')?.split_once(']')?;
    let rest = rest.strip_prefix(' ').unwrap_or(rest);
    let line = |form, stamp, uptime, message| Some(Line { form, stamp, uptime, host: None, message });
    if let Some((uptime, is_exact)) = uptime(inside) {
        let message = without_caller(rest);
        // `journalctl -o short-monotonic` names the host behind the time.
        if let Some((host, message)) = message.split_once(" kernel: ").filter(|(host, _)| is_host(host)) {
            return Some(Line { host: Some(host), ..line(Form::Dmesg, Stamp::None, Some(uptime), message)? });
        }
        let form = if is_exact { Form::Dmesg } else { Form::Brackets };
        return line(form, Stamp::None, Some(uptime), message);
    }
    let inside = inside.trim();
    if let Some(stamp) = time::ctime(inside).or_else(|| time::minute(inside)) {
        return line(Form::Brackets, stamp, None, without_caller(rest));
    }
    let delta = inside.strip_prefix('+').or_else(|| inside.strip_prefix('<')?.strip_suffix('>'))?;
    seconds(delta.trim())?;
    line(Form::Brackets, Stamp::None, None, without_caller(rest))
}

/// The seconds in `[  123.456789]`, and whether they are printed exactly as the kernel does (`%5lu.%06lu`).
fn uptime(inside: &str) -> Option<(f64, bool)> {
    let (inside, has_delta) = match inside.split_once('<') {
        Some((uptime, _)) => (uptime.trim_end(), true),
        None => (inside, false),
    };
    let digits = inside.trim_start();
    let value = seconds(digits)?;
    let (whole, fraction) = digits.split_once('.')?;
    let is_padded = inside.len() == whole.len().max(5) + 7;
    let is_exact =
        (is_padded || has_delta) && fraction.len() == 6 && (whole == "0" || !whole.starts_with('0'));
    Some((value, is_exact))
}

fn seconds(text: &str) -> Option<f64> {
    let (whole, fraction) = text.split_once('.')?;
    let (whole, fraction_value): (u64, u64) = (number(whole)?, number(fraction)?);
    if fraction.len() > 9 {
        return None;
    }
    Some(whole as f64 + fraction_value as f64 / 10_f64.powi(fraction.len() as i32))
}

/// The text behind `[  T1234]` or `[    C0]`, which kernels with CONFIG_PRINTK_CALLER print.
fn without_caller(text: &str) -> &str {
    let caller = || {
        let (inside, rest) = text.trim_start().strip_prefix('[')?.split_once(']')?;
        let digits = inside.trim_start().strip_prefix(['T', 'C'])?;
        let _: u32 = number(digits)?;
        Some(rest.strip_prefix(' ').unwrap_or(rest))
    };
    caller().unwrap_or(text)
}

/// The rest of a syslog line, behind its time: host, tag, message.
fn tagged(stamp: Stamp, rest: &str) -> Line<'_> {
    let foreign = Line { form: Form::Foreign, stamp, uptime: None, host: None, message: "" };
    let rest = rest.trim_start();
    if let Some(message) = kernel_message(rest) {
        return kernel_line(foreign, message);
    }
    let Some((host, rest)) = rest.split_once(' ').filter(|(host, _)| is_host(host)) else {
        return foreign;
    };
    let line = Line { host: Some(host), ..foreign };
    // BusyBox's syslogd puts facility and level between host and tag.
    let rest = match rest.split_once(' ') {
        Some((level, after)) if level.starts_with("kern.") => after,
        _ => rest,
    };
    if let Some(message) = kernel_message(rest) {
        return kernel_line(line, message);
    }
    match audit_message(rest) {
        Some(message) => Line { form: Form::Audit, message, ..line },
        None => line,
    }
}

/// The message behind the tag `kernel:`, or behind RFC 5424's fields.
fn kernel_message(text: &str) -> Option<&str> {
    let rest = text.strip_prefix("kernel")?;
    let message = rest
        .strip_prefix(':')
        .or_else(|| rest.strip_prefix("[0]:"))
        .or_else(|| rest.strip_prefix(" - - -"))?;
    Some(message.strip_prefix(' ').unwrap_or(message))
}

/// A kernel message in a syslog may begin with its priority and its uptime.
fn kernel_line<'a>(line: Line<'a>, message: &'a str) -> Line<'a> {
    let message = after_priority(message).unwrap_or(message);
    match bracketed(message) {
        Some(inner) if inner.uptime.is_some() => {
            Line { form: Form::Syslog, uptime: inner.uptime, message: inner.message, ..line }
        }
        _ => Line { form: Form::Syslog, message, ..line },
    }
}

/// `audit[123]: SECCOMP …` of the journal, and auditd's records sent on by its dispatcher.
fn audit_message(text: &str) -> Option<&str> {
    let (tag, message) = text.split_once(": ")?;
    let name = tag.split('[').next()?;
    matches!(name, "audit" | "auditd" | "audispd" | "audisp-syslog").then_some(message)
}

/// `type=SECCOMP msg=audit(1790000000.123:45): …`, with or without `node=HOST` before.
fn is_audit(text: &str) -> bool {
    let rest = match text.strip_prefix("node=") {
        Some(rest) => rest.split_once(' ').map_or("", |(_, rest)| rest),
        None => text,
    };
    rest.strip_prefix("type=")
        .and_then(|r| r.split_once(' '))
        .is_some_and(|(_, r)| r.starts_with("msg=audit("))
}

fn audit(text: &str) -> Line<'_> {
    let node = text.strip_prefix("node=").and_then(|rest| rest.split_once(' '));
    let (host, message) = node.map_or((None, text), |(host, message)| (Some(host), message));
    Line { form: Form::Audit, stamp: Stamp::None, uptime: None, host, message }
}

/// A host's name, as far as one word can be told: no level of a program's own log.
fn is_host(text: &str) -> bool {
    const LEVELS: [&str; 9] =
        ["TRACE", "DEBUG", "INFO", "NOTICE", "WARN", "WARNING", "ERROR", "FATAL", "CRITICAL"];
    !text.is_empty()
        && !LEVELS.iter().any(|level| text.eq_ignore_ascii_case(level))
        && text.len() <= 253
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b':'))
        && !text.ends_with(':')
}

#[cfg(test)]
mod tests {
    use super::*;

    const MESSAGE: &str = "veth12: entered promiscuous mode";

    fn moment(text: &str) -> Stamp {
        Stamp::At(text.parse().expect("a time"))
    }

    #[test]
    fn every_head_leaves_the_message() {
        let year = time::syslog("Nov 23 09:41:35 ").expect("a time").0;
        let fraction = time::syslog("Nov 23 09:41:35.787868 ").expect("a time").0;
        let whole = moment("2026-11-23T09:41:35Z");
        let exact = moment("2026-11-23T09:41:35.787868Z");
        let up = Some(123.456789);
        let cases = [
            ("[  123.456789] M", Form::Dmesg, Stamp::None, up, None),
            ("[  123.456789][  T4711] M", Form::Dmesg, Stamp::None, up, None),
            ("[  123.456789] [    C3] M", Form::Dmesg, Stamp::None, up, None),
            ("<4>[  123.456789] M", Form::Dmesg, Stamp::None, up, None),
            ("[  123.456789 <    0.000012>] M", Form::Dmesg, Stamp::None, up, None),
            ("[123.456789] M", Form::Brackets, Stamp::None, up, None),
            ("kern  :warn  : [  123.456789] M", Form::Dmesg, Stamp::None, up, None),
            ("kern  :info  : [Mon Nov 23 09:41:35 2026] M", Form::Dmesg, whole, None, None),
            ("[Mon Nov 23 09:41:35 2026] M", Form::Brackets, whole, None, None),
            ("[  +0.000012] M", Form::Brackets, Stamp::None, None, None),
            ("2026-11-23T09:41:35,787868+00:00 M", Form::Dmesg, exact, None, None),
            ("kern  :err   : 2026-11-23T09:41:35,787868+00:00 M", Form::Dmesg, exact, None, None),
            ("6,1234,123456789,-;M", Form::Dmesg, Stamp::None, up, None),
            ("6,1234,123456789,-,caller=T17;M", Form::Dmesg, Stamp::None, up, None),
            ("Nov 23 09:41:35 node-1 kernel: [  123.456789] M", Form::Syslog, year, up, Some("node-1")),
            ("<4>Nov 23 09:41:35 node-1 kernel: [  123.456789] M", Form::Syslog, year, up, Some("node-1")),
            ("Nov 23 09:41:35 node-1 kernel: M", Form::Syslog, year, None, Some("node-1")),
            ("Nov 23 09:41:35 node-1 kernel: <4>[  123.456789] M", Form::Syslog, year, up, Some("node-1")),
            (
                "Nov 23 09:41:35 node-1 kern.warn kernel: [  123.456789] M",
                Form::Syslog,
                year,
                up,
                Some("node-1"),
            ),
            ("Nov 23 09:41:35.787868 node-1 kernel: M", Form::Syslog, fraction, None, Some("node-1")),
            ("11月 23 09:41:35 node-1 kernel: M", Form::Syslog, year, None, Some("node-1")),
            ("Nov 23 09:41:35 kernel: M", Form::Syslog, year, None, None),
            (
                "2026-11-23T09:41:35.787868+00:00 node-1 kernel: [  123.456789] M",
                Form::Syslog,
                exact,
                up,
                Some("node-1"),
            ),
            ("2026-11-23T10:41:35+0100 node-1 kernel: M", Form::Syslog, whole, None, Some("node-1")),
            (
                "<6>1 2026-11-23T09:41:35.787868Z node-1 kernel - - - [  123.456789] M",
                Form::Syslog,
                exact,
                up,
                Some("node-1"),
            ),
            ("Mon 2026-11-23 09:41:35 UTC node-1 kernel: M", Form::Syslog, whole, None, Some("node-1")),
            ("Mon 2026-11-23 10:41:35 CET node-1 kernel: M", Form::Syslog, Stamp::None, None, Some("node-1")),
            ("1795426895.787868 node-1 kernel: M", Form::Syslog, exact, None, Some("node-1")),
            ("[  123.456789] node-1 kernel: M", Form::Dmesg, Stamp::None, up, Some("node-1")),
            ("    [  123.456789] M", Form::Dmesg, Stamp::None, up, None),
            ("M", Form::Bare, Stamp::None, None, None),
        ];
        for (text, form, stamp, uptime, host) in cases {
            let line = text.replace(" M", &format!(" {MESSAGE}")).replace(";M", &format!(";{MESSAGE}"));
            let line = if text == "M" { MESSAGE.to_owned() } else { line };
            assert_eq!(Line::parse(&line), Line { form, stamp, uptime, host, message: MESSAGE }, "{text}");
        }
    }

    #[test]
    fn lines_of_other_programs_have_no_kernel_message() {
        for text in [
            "Nov 23 09:41:35 node-1 kubelet[812]: kernel: Killed process 1 (x) total-vm:1kB",
            "2026-11-23T09:41:35.787868+00:00 node-1 containerd[5]: oom",
            "14,1234,123456789,-;systemd[1]: Started",
            "daemon:info  : [  123.456789] systemd[1]: Started",
        ] {
            let line = Line::parse(text);
            assert_eq!((line.form, line.message), (Form::Foreign, ""), "{text}");
        }
        for text in [
            "[ 1, 2 ]",
            "[INFO] 12.5",
            "{\"a\": 1}",
            "",
            "[",
            "12:30 a; b",
            "2026-11-23",
            "<html>",
            "type=x y",
        ] {
            assert_eq!(Line::parse(text).form, Form::Bare, "{text}");
        }
    }
}
