//! The dictionary: whole, without dead references, and right where a standard says what is right.

use std::collections::BTreeSet;

use super::super::*;

/// Signals by number as <signal.h> of Linux on x86-64 and arm64 has them (glibc bits/signum-generic.h, signum-arch.h).
const SIGNALS: [(i64, &str); 31] = [
    (1, "SIGHUP"),
    (2, "SIGINT"),
    (3, "SIGQUIT"),
    (4, "SIGILL"),
    (5, "SIGTRAP"),
    (6, "SIGABRT"),
    (7, "SIGBUS"),
    (8, "SIGFPE"),
    (9, "SIGKILL"),
    (10, "SIGUSR1"),
    (11, "SIGSEGV"),
    (12, "SIGUSR2"),
    (13, "SIGPIPE"),
    (14, "SIGALRM"),
    (15, "SIGTERM"),
    (16, "SIGSTKFLT"),
    (17, "SIGCHLD"),
    (18, "SIGCONT"),
    (19, "SIGSTOP"),
    (20, "SIGTSTP"),
    (21, "SIGTTIN"),
    (22, "SIGTTOU"),
    (23, "SIGURG"),
    (24, "SIGXCPU"),
    (25, "SIGXFSZ"),
    (26, "SIGVTALRM"),
    (27, "SIGPROF"),
    (28, "SIGWINCH"),
    (29, "SIGIO"),
    (30, "SIGPWR"),
    (31, "SIGSYS"),
];

/// NTSTATUS names and values (winnt.h, ntstatus.h).
const STATUSES: [(u32, &str); 6] = [
    (0xC000_0005, "STATUS_ACCESS_VIOLATION"),
    (0xC000_013A, "STATUS_CONTROL_C_EXIT"),
    (0xC000_0135, "STATUS_DLL_NOT_FOUND"),
    (0xC000_0409, "STATUS_STACK_BUFFER_OVERRUN"),
    (0xC000_00FD, "STATUS_STACK_OVERFLOW"),
    (0xC000_0142, "STATUS_DLL_INIT_FAILED"),
];

/// Exit codes of BSD's <sysexits.h>.
const SYSEXITS: [i64; 15] = [64, 65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 77, 78];

fn words(list: &[&str]) -> Vec<String> {
    list.iter().map(|w| (*w).to_owned()).collect()
}

fn only(asked: &str) -> Topic {
    let mut answers = explain(&words(&[asked]), |_| None);
    answers.remove(0).expect("a known word").topics[0]
}

#[test]
fn signals_are_those_of_linux() {
    assert_eq!(signals().len(), 64);
    for (number, name) in SIGNALS {
        assert_eq!(signal(number).map(|s| s.name), Some(name));
    }
    for (number, name) in [(34, "SIGRTMIN"), (37, "SIGRTMIN+3"), (63, "SIGRTMAX-1"), (64, "SIGRTMAX")] {
        assert_eq!(signal(number).map(|s| s.name), Some(name));
    }
}

#[test]
fn windows_statuses_have_their_names() {
    for (value, name) in STATUSES {
        let found = windows_statuses().iter().find(|s| s.value == value).map(|s| s.name);
        assert_eq!(found, Some(name), "{value:#x}");
    }
}

#[test]
fn sysexits_are_all_there() {
    for code in SYSEXITS {
        assert!(meanings(code).iter().any(|m| m.world == "sysexits"), "{code}");
    }
}

#[test]
fn numbers_become_codes_as_the_kernel_does_it() {
    let rows = [
        (256, 0),
        (257, 1),
        (300, 44),
        (1000, 232),
        (1443, 163),
        (-1, 255),
        (-2, 254),
        (-9, 247),
        (-256, 0),
        (-128, 128),
        (512, 0),
    ];
    for (given, code) in rows {
        let Topic::Code { given: g, code: c } = only(&given.to_string()) else { panic!("{given} is a code") };
        assert_eq!((g, c), (given, code));
    }
}

#[test]
fn every_code_of_a_byte_is_answered() {
    for code in 0..=255 {
        assert!(matches!(only(&code.to_string()), Topic::Code { code: c, .. } if c == code));
    }
}

#[test]
fn one_windows_status_has_three_spellings() {
    for spelling in ["3221225477", "-1073741819", "0xC0000005"] {
        let Topic::Windows { status: Some(status), .. } = only(spelling) else { panic!("{spelling}") };
        assert_eq!(status.name, "STATUS_ACCESS_VIOLATION");
    }
}

#[test]
fn what_only_looks_like_a_number_is_none() {
    for word in
        ["0x", "0x-5", "0x+5", "-0x-8000000000000000", "9223372036854775808", "SIGRTMIN+9223372036854775807"]
    {
        let answer = &explain(&[word.to_owned()], |_| None)[0];
        assert!(answer.is_err(), "{word}: {answer:?}");
    }
    assert!(matches!(only("-0x5"), Topic::Code { given: -5, code: 251 }));
}

#[test]
fn a_word_longer_than_all_is_like_none() {
    for word in ["x".repeat(1 << 16), "内".repeat(40)] {
        let Err(unknown) = &explain(&[word], |_| None)[0] else { panic!("an entry") };
        assert_eq!(unknown.nearest, Vec::<String>::new());
    }
}

#[test]
fn codes_in_full_are_there() {
    let full = [
        0, 1, 2, 3, 125, 126, 127, 128, 129, 130, 132, 133, 134, 135, 136, 137, 138, 139, 141, 143, 152, 153,
        159, 255,
    ];
    for number in full {
        let page = code(number).unwrap_or_else(|| panic!("{number} has no page"));
        for points in [page.as_pid1, page.beside, page.check] {
            assert_eq!(points.en.len(), points.zh.len(), "{number}");
        }
        assert!(!page.check.en.is_empty() && !page.sources.is_empty(), "{number}");
    }
    assert!(codes().windows(2).all(|w| w[0].code < w[1].code));
}

#[test]
fn signals_are_found_in_any_spelling() {
    for spelling in ["SIGKILL", "sigkill", "KILL", "kill -9", "signal 9", "sig 9"] {
        assert!(matches!(only(spelling), Topic::Signal(s) if s.number == 9), "{spelling}");
    }
    assert!(matches!(only("SIGRTMIN+3"), Topic::Signal(s) if s.number == 37));
    assert!(matches!(only("rtmax-1"), Topic::Signal(s) if s.number == 63));
    let nine = explain(&words(&["9"]), |_| None).remove(0).expect("known");
    assert!(matches!(nine.topics[..], [Topic::Code { .. }, Topic::Signal(_)]), "an ambiguous number is both");
    let exit = explain(&words(&["exit", "9"]), |_| None);
    assert_eq!(exit.len(), 1);
    assert!(matches!(exit[0].as_ref().expect("known").topics[..], [Topic::Code { .. }]));
}

#[test]
fn every_word_of_the_issue_is_a_full_entry() {
    let wanted = "CrashLoopBackOff InvalidImageName ImageInspectError ErrImageNeverPull ImagePullBackOff RegistryUnavailable \
        ErrImagePull CreateContainerConfigError CreateContainerError m.internalLifecycle.PreStartContainer RunContainerError \
        PostStartHookError ContainersNotInitialized ContainersNotReady ContainerCreating PodInitializing DockerDaemonNotReady \
        NetworkPluginNotReady OOMKilled Completed Error StartError ContainerCannotRun ContainerStatusUnknown Unknown Evicted \
        Preempting Terminated NodeLost Shutdown DeadlineExceeded BackoffLimitExceeded Init:Error Init:CrashLoopBackOff Init:0/2 \
        Terminating Pending SchedulingGated Init:1/3 Signal:9 ExitCode:3 OutOfcpu SandboxChanged FailedMount Killing";
    for word in wanted.split_whitespace() {
        assert!(matches!(only(word), Topic::Reason(_)), "{word}");
    }
}

#[test]
fn reasons_are_unique_and_whole() {
    let mut seen = BTreeSet::new();
    for reason in reasons() {
        let name = reason.name;
        assert!(seen.insert((reason.kind, name)), "{name} stands twice");
        assert!(!reason.sources.is_empty() && !reason.set_by.is_empty(), "{name}");
        assert_eq!(reason.leads.en.len(), reason.leads.zh.len(), "{name}");
        assert_eq!(reason.next.en.len(), reason.next.zh.len(), "{name}");
        for text in [reason.title, reason.text] {
            assert!(!text.en.is_empty() && text.zh.chars().any(|c| c > '\u{2e7f}'), "{name}");
        }
    }
}

#[test]
fn nothing_points_to_a_cause_that_is_not_there() {
    let of_codes = codes().iter().flat_map(|c| c.causes);
    let of_reasons = reasons().iter().flat_map(|r| r.causes);
    let of_statuses = windows_statuses().iter().filter_map(|s| s.cause.as_ref());
    for id in of_codes.chain(of_reasons).chain(of_statuses) {
        assert!(cause(id.as_str()).is_some(), "{id}");
    }
}

#[test]
fn meanings_are_of_known_worlds_once_for_each_code() {
    let mut seen = BTreeSet::new();
    for meaning in all_meanings() {
        assert!(world(meaning.world).is_some(), "{}", meaning.world);
        assert!(seen.insert((meaning.code, meaning.world)), "{} {}", meaning.code, meaning.world);
        assert!(
            !meaning.source.is_empty() && meaning.text.zh.chars().any(|c| c > '\u{2e7f}')
                || meaning.text.zh == meaning.text.en,
            "{} {}",
            meaning.code,
            meaning.world
        );
    }
}

fn numbers(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut digits = String::new();
    for c in text.chars().chain([' ']) {
        if c.is_ascii_digit() {
            digits.push(c);
        } else if !digits.is_empty() {
            found.insert(std::mem::take(&mut digits));
        }
    }
    found
}

/// Numbers and code words are the same in both languages.
#[test]
fn both_languages_hold_the_same_numbers() {
    let mut differ = Vec::new();
    for meaning in all_meanings() {
        // A language may name the code itself again.
        let others = |text| {
            let mut found = numbers(text);
            found.remove(&meaning.code.abs().to_string());
            found
        };
        if others(meaning.text.en) != others(meaning.text.zh) {
            differ.push(format!(
                "{} {}: {} / {}",
                meaning.code, meaning.world, meaning.text.en, meaning.text.zh
            ));
        }
    }
    for reason in reasons() {
        if numbers(reason.text.en) != numbers(reason.text.zh) {
            differ.push(format!("{}: {} / {}", reason.name, reason.text.en, reason.text.zh));
        }
    }
    for page in codes() {
        if numbers(page.text.en) != numbers(page.text.zh) {
            differ.push(format!("{}: {} / {}", page.code, page.text.en, page.text.zh));
        }
    }
    assert!(differ.is_empty(), "{}", differ.join("\n"));
}

#[test]
fn a_pasted_line_is_answered_for_its_parts_together() {
    let answer = explain(&words(&["Exit Code: 137 Reason: Error"]), |_| None).remove(0).expect("known");
    assert!(answer.together.is_some_and(|t| t.en.starts_with("`Error`")));
    assert!(matches!(answer.topics[0], Topic::Code { code: 137, .. }));
    assert!(answer.topics.iter().any(|t| matches!(t, Topic::Reason(r) if r.name == "Error")));
}

#[test]
fn unknown_words_get_their_neighbours_and_no_guess() {
    let unknown = explain(&words(&["CrashLop"]), |_| None).remove(0).expect_err("not a word");
    assert!(unknown.nearest.contains(&"CrashLoopBackOff".to_owned()));
    assert!(explain(&words(&["flurble the wurble"]), |_| None).remove(0).is_err());
}
