//! Signal names and numbers.
//!
//! Linux on x86, ARM, s390x, ppc64le and riscv64 (signal(7)); MIPS, SPARC, Alpha and PA-RISC number some otherwise.

/// Signals 1 to 31 in order. Source: signal(7), "most others" column.
const NAMES: [&str; 31] = [
    "SIGHUP",
    "SIGINT",
    "SIGQUIT",
    "SIGILL",
    "SIGTRAP",
    "SIGABRT",
    "SIGBUS",
    "SIGFPE",
    "SIGKILL",
    "SIGUSR1",
    "SIGSEGV",
    "SIGUSR2",
    "SIGPIPE",
    "SIGALRM",
    "SIGTERM",
    "SIGSTKFLT",
    "SIGCHLD",
    "SIGCONT",
    "SIGSTOP",
    "SIGTSTP",
    "SIGTTIN",
    "SIGTTOU",
    "SIGURG",
    "SIGXCPU",
    "SIGXFSZ",
    "SIGVTALRM",
    "SIGPROF",
    "SIGWINCH",
    "SIGIO",
    "SIGPWR",
    "SIGSYS",
];

/// Real-time signals that have a name of their own: glibc's SIGRTMIN is 34, SIGRTMAX 64.
const REAL_TIME: [&str; 33] = [
    "signal 32",
    "signal 33",
    "SIGRTMIN",
    "SIGRTMIN+1",
    "SIGRTMIN+2",
    "SIGRTMIN+3",
    "SIGRTMIN+4",
    "SIGRTMIN+5",
    "SIGRTMIN+6",
    "SIGRTMIN+7",
    "SIGRTMIN+8",
    "SIGRTMIN+9",
    "SIGRTMIN+10",
    "SIGRTMIN+11",
    "SIGRTMIN+12",
    "SIGRTMIN+13",
    "SIGRTMIN+14",
    "SIGRTMIN+15",
    "SIGRTMAX-14",
    "SIGRTMAX-13",
    "SIGRTMAX-12",
    "SIGRTMAX-11",
    "SIGRTMAX-10",
    "SIGRTMAX-9",
    "SIGRTMAX-8",
    "SIGRTMAX-7",
    "SIGRTMAX-6",
    "SIGRTMAX-5",
    "SIGRTMAX-4",
    "SIGRTMAX-3",
    "SIGRTMAX-2",
    "SIGRTMAX-1",
    "SIGRTMAX",
];

/// The name of a signal, 1 to 64.
///
/// ```
/// assert_eq!(exitus_reference::signal_name(9), Some("SIGKILL"));
/// assert_eq!(exitus_reference::signal_name(0), None);
/// ```
pub fn signal_name(number: i64) -> Option<&'static str> {
    match number {
        1..=31 => Some(NAMES[number as usize - 1]),
        32..=64 => Some(REAL_TIME[number as usize - 32]),
        _ => None,
    }
}

/// The signal that an exit code stands for by the convention of 128 + n: 129 to 192.
///
/// ```
/// assert_eq!(exitus_reference::signal_number(137), Some(9));
/// assert_eq!(exitus_reference::signal_number(255), None);
/// ```
pub fn signal_number(exit_code: i64) -> Option<i64> {
    (129..=192).contains(&exit_code).then(|| exit_code - 128)
}
