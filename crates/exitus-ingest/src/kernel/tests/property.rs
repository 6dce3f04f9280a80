//! Interleaved, cut and damaged logs.

use proptest::prelude::*;

use super::*;

/// Merges lines of several reports in any order that keeps each report's own.
fn interleaved(reports: &[Vec<String>], order: &[usize]) -> String {
    let mut next = vec![0; reports.len()];
    let mut text = String::new();
    let mut step = order.iter().copied().cycle();
    let total: usize = reports.iter().map(Vec::len).sum();
    for _ in 0..total {
        let wanted = step.next().unwrap_or(0) % reports.len();
        let Some(at) = (0..reports.len())
            .map(|i| (wanted + i) % reports.len())
            .find(|at| next[*at] < reports[*at].len())
        else {
            break;
        };
        text.push_str(&format!("[   10.000001] {}\n", reports[at][next[at]]));
        next[at] += 1;
    }
    text
}

proptest! {
    #[test]
    fn interleaved_reports_keep_their_own(order in prop::collection::vec(0..3_usize, 1..40)) {
        let reports = [
            report(A, &format!("{A}/x"), "die", 7, 100),
            report(B, &format!("{B}/x"), "die", 8, 200),
            report("/kubepods", &format!("{B}/y"), "java", 7, 300),
        ];
        let text = interleaved(&reports, &order);
        let found = kills(&text);
        prop_assert_eq!(found.len(), 3);
        for (_, kill) in found {
            let (task, limit, usage) = match (kill.victim.as_str(), kill.pid) {
                ("die", 7) => (format!("{A}/x"), A, 100),
                ("die", 8) => (format!("{B}/x"), B, 200),
                _ => (format!("{B}/y"), "/kubepods", 300),
            };
            prop_assert_eq!(path(kill.task_cgroup.as_ref()), task);
            prop_assert_eq!(path(kill.limit_cgroup.as_ref()), limit);
            prop_assert!(kill.usage_kib.is_none_or(|found| found == usage));
        }
    }

    #[test]
    fn any_cut_and_any_damage_is_read(cut_at in 0..4000_usize, from in 0..4000_usize, damage in "\\PC{0,12}") {
        let old = "Task in /a killed as a result of limit of /b\nMemory cgroup out of memory: Kill process 1 (p) score 9 or sacrifice child\nKilled process 1 (p) total-vm:1kB\n";
        let lines = report(A, &format!("{A}/x"), "die", 7, 100).join("\n[   10.000001] ");
        let text = format!("{old}Nov 23 09:41:35 n kernel: {lines}\nTasks in /a are going to be killed due to memory.oom.group set\n6,1,2,-;x[1]: segfault at 0 ip 0 sp 0 error 1\naudit: type=1326 audit(1.2:3): pid=1 comm=\"x\" sig=31\n");
        let cut_at = text.floor_char_boundary(cut_at);
        let from = text.floor_char_boundary(from.min(cut_at));
        let text = format!("{}{damage}{}{damage}", &text[..from], &text[from..cut_at]);
        let _ = looks_like_kernel_log(&text);
        let _ = records(&text);
    }

    #[test]
    fn any_text_is_read(text in "(?s:.{0,300})", mark in 0..MARKS.len(), head in 0..6_usize) {
        let head = ["", "[    1.000000] ", "6,1,2,-;", "Nov 23 09:41:35 n kernel: ", "[", "<3>"][head];
        let text = format!("{head}{}{text}", MARKS[mark]);
        let _ = looks_like_kernel_log(&text);
        for record in records(&text) {
            prop_assert!(text.lines().any(|line| line.starts_with(record.text.as_str())));
        }
    }
}
