//! Runs the literate cases. `EXITUS_BLESS=1 cargo test -p exitus-rules` writes what came out into the files: read the
//! difference before you keep it.

use std::collections::BTreeSet;
use std::path::Path;

use exitus_rules::{Selection, diagnose};
use exitus_testkit::{Case, bless, cases, summary};

fn all() -> Vec<Case> {
    cases(&Path::new(env!("CARGO_MANIFEST_DIR")).join("cases")).expect("readable cases")
}

#[test]
fn every_case_gets_its_verdict() {
    let is_blessing = std::env::var_os("EXITUS_BLESS").is_some();
    let selection = Selection { all: true, ..Selection::default() };
    let mut failures = Vec::new();
    for case in all() {
        let (snapshot, problems) = case.snapshot();
        let report = diagnose(&snapshot, problems, &selection).expect("no target to miss");
        let actual = summary(&report);
        if actual != case.expected {
            if is_blessing {
                bless(&case, &actual).expect("a writable case");
            }
            let file = case.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            failures.push(format!(
                "{file}: {}\n  expected {:#?}\n  got      {actual:#?}",
                case.name, case.expected
            ));
        }
    }
    assert!(failures.is_empty() || is_blessing, "{} cases differ:\n{}", failures.len(), failures.join("\n"));
}

/// Each cause is shown at work, and beside it something that looks alike and is another matter.
#[test]
fn every_cause_has_a_case_and_a_near_miss() {
    let cases = all();
    let mut missing = BTreeSet::new();
    for cause in exitus_reference::causes() {
        let id = cause.id.as_str();
        let names = |line: &String| line.split(' ').nth(2) == Some(id);
        let of_file = |case: &&Case| case.file.file_stem().is_some_and(|s| s == id);
        let positive = cases.iter().any(|c| !c.is_near_miss() && c.expected.iter().any(names));
        let near = cases.iter().filter(of_file).any(|c| c.is_near_miss() && !c.expected.iter().any(names));
        // A healthy thing is shown by an empty expectation.
        if (!positive && id != "healthy") || !near {
            missing.insert(id);
        }
    }
    assert!(missing.is_empty(), "causes without a case or a near miss: {missing:?}");
}
