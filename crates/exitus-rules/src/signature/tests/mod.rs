//! Whole logs and what they tell.

mod benign;
mod last_words;
mod trace;

use super::read;

/// The id of the signature, the quoted line and the name that a log gives; empty where it gives none.
fn told(log: &str, exit: i64) -> (&'static str, String, Option<String>) {
    let lines: Vec<&str> = log.lines().collect();
    match read(&lines, Some(exit)) {
        Some(found) => (found.signature.id, lines[found.line].trim().to_owned(), found.name),
        None => ("", String::new(), None),
    }
}

#[track_caller]
fn check(log: &str, exit: i64, id: &str, line: &str) {
    let (found, quoted, _) = told(log, exit);
    assert_eq!((found, quoted.as_str()), (id, line));
}

#[track_caller]
fn check_name(log: &str, exit: i64, id: &str, name: &str) {
    let (found, _, given) = told(log, exit);
    assert_eq!((found, given.as_deref()), (id, Some(name)));
}

#[track_caller]
fn check_nothing(log: &str, exit: i64) {
    assert_eq!(told(log, exit).0, "");
}
