//! The table of signatures and the search for those that match one line.
//!
//! One automaton over all literals says which signatures a line can match at all; only their patterns are
//! compiled, each when it is first wanted. A run that reads no log compiles nothing.

use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use exitus_model::CauseId;
use regex::bytes::{Regex, RegexBuilder};

use super::line::View;

include!(concat!(env!("OUT_DIR"), "/signatures.rs"));

/// Names longer than this are no names; they are left out.
const MAX_NAME: usize = 200;

/// Which of several matching lines decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Line {
    /// The first: what follows are its consequences.
    First,
    /// The last.
    Last,
}

/// A log line that tells a cause, or that the program was asked to stop.
#[derive(Debug)]
pub(crate) struct Signature {
    /// Unique in the table: `area.what`.
    pub(crate) id: &'static str,
    /// What the line speaks for; `None` where it only shows that a stop was asked for.
    pub(crate) cause: Option<CauseId>,
    /// Lower-case texts, one of which stands in each line that can match.
    pub(crate) literals: &'static [&'static str],
    /// A regular expression; its group `name` captures what is missing or wrong.
    pub(crate) pattern: &'static str,
    /// Which of several matching lines decides.
    pub(crate) line: Line,
    /// Whether the line states the cause outright. One that does not only suggests it.
    pub(crate) decides: bool,
    /// 0 generic, 1 usual, 2 very specific.
    pub(crate) rank: u8,
    /// The exit codes that it can stand for; empty for any.
    pub(crate) codes: &'static [i64],
    /// Whether it means something only inside a stack trace.
    pub(crate) only_in_block: bool,
    /// Texts, one of which must stand in another line of the trace; empty for none.
    pub(crate) beside: &'static [&'static str],
    regex: OnceLock<Option<Regex>>,
}

/// Where a line stands.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place<'v, 'a> {
    /// In the block that ends the log, which holds these lines.
    Block(&'v [View<'a>]),
    /// Anywhere else.
    Outside,
}

/// A signature that matches a line.
#[derive(Debug, Clone)]
pub(super) struct Match {
    pub(super) signature: &'static Signature,
    pub(super) name: Option<String>,
    length: usize,
}

/// All signatures, ordered by file and place in it.
#[cfg(test)]
pub(crate) fn signatures() -> &'static [Signature] {
    &SIGNATURES
}

/// The best match of a line among the signatures that fit the exit code, stop lines left out.
pub(super) fn best_match(view: &View<'_>, place: Place<'_, '_>, exit: Option<i64>) -> Option<Match> {
    candidates(&view.text)
        .filter(|s| s.cause.is_some() && s.is_possible(exit))
        .filter(|s| s.fits(place))
        .filter_map(|s| s.find(view))
        .max_by_key(|m| (m.signature.rank, m.signature.decides, m.name.is_some(), m.length))
}

/// Whether the line shows that the program was asked to stop.
pub(super) fn is_stop(view: &View<'_>) -> bool {
    candidates(&view.text).any(|s| s.cause.is_none() && s.find(view).is_some())
}

/// The signatures one of whose literals stands in the text.
pub(super) fn candidates(text: &str) -> impl Iterator<Item = &'static Signature> {
    let mut found: Vec<u16> = match prefilter() {
        Some(filter) => filter
            .automaton
            .find_overlapping_iter(text)
            .filter_map(|hit| filter.owners.get(hit.pattern().as_usize()).copied())
            .collect(),
        None => Vec::new(),
    };
    found.sort_unstable();
    found.dedup();
    found.into_iter().filter_map(|index| SIGNATURES.get(usize::from(index)))
}

struct Prefilter {
    automaton: AhoCorasick,
    /// The signature of each literal.
    owners: Vec<u16>,
}

fn prefilter() -> Option<&'static Prefilter> {
    static PREFILTER: OnceLock<Option<Prefilter>> = OnceLock::new();
    PREFILTER.get_or_init(build_prefilter).as_ref()
}

fn build_prefilter() -> Option<Prefilter> {
    let literals = || (0u16..).zip(&SIGNATURES).flat_map(|(i, s)| s.literals.iter().map(move |l| (i, *l)));
    // The automaton is used for a few dozen lines: the kind that is built fastest is the fastest.
    let automaton = AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .kind(Some(AhoCorasickKind::NoncontiguousNFA))
        .build(literals().map(|(_, literal)| literal))
        .ok()?;
    Some(Prefilter { automaton, owners: literals().map(|(owner, _)| owner).collect() })
}

impl Signature {
    /// Whether a container that ended with this code can have ended for this cause.
    ///
    /// SIGKILL, SIGTERM and SIGINT come from outside: the last words of a program that got one tell what it was
    /// doing, not why it ended, unless the signature is made for such an end.
    fn is_possible(&self, exit: Option<i64>) -> bool {
        match exit {
            None => true,
            Some(code @ (130 | 137 | 143)) => self.codes.contains(&code),
            Some(code) => self.codes.is_empty() || self.codes.contains(&code),
        }
    }

    fn fits(&self, place: Place<'_, '_>) -> bool {
        match place {
            Place::Outside => !self.only_in_block && self.beside.is_empty(),
            Place::Block(views) => {
                let stands = |text: &&str| views.iter().any(|v| v.text.contains(*text));
                self.beside.is_empty() || self.beside.iter().any(stands)
            }
        }
    }

    /// The match in a line: as it stands, without its time, or without its level and logger.
    pub(super) fn find(&'static self, view: &View<'_>) -> Option<Match> {
        view.starts().find_map(|text| self.find_in(text))
    }

    fn find_in(&'static self, text: &str) -> Option<Match> {
        let regex = self.regex.get_or_init(|| compile(self.pattern)).as_ref()?;
        let captures = regex.captures(text.as_bytes())?;
        let name = captures.name("name").and_then(|m| tidy_name(m.as_bytes()));
        Some(Match { signature: self, name, length: captures.get(0).map_or(0, |m| m.len()) })
    }
}

/// Bytes instead of characters: the patterns are ASCII, and their tables stay small and quick to build.
fn compile(pattern: &str) -> Option<Regex> {
    RegexBuilder::new(pattern).unicode(false).build().ok()
}

fn tidy_name(bytes: &[u8]) -> Option<String> {
    let name = std::str::from_utf8(bytes).ok()?.trim().trim_matches(['\'', '"', '`']);
    (!name.is_empty() && name.len() <= MAX_NAME).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::super::line::view;
    use super::*;

    struct Samples {
        id: &'static str,
        matching: &'static [&'static str],
        other: &'static [&'static str],
    }

    include!(concat!(env!("OUT_DIR"), "/signature_samples.rs"));

    fn signature(id: &str) -> &'static Signature {
        SIGNATURES.iter().find(|s| s.id == id).unwrap()
    }

    fn matches(signature: &'static Signature, line: &str) -> bool {
        let view = view(line);
        candidates(&view.text).any(|s| s.id == signature.id) && signature.find(&view).is_some()
    }

    #[test]
    fn ids_are_unique_and_kebab_case() {
        let ids: BTreeSet<&str> = SIGNATURES.iter().map(|s| s.id).collect();
        assert_eq!(ids.len(), SIGNATURES.len());
        for id in ids {
            assert!(id.contains('.'), "{id}");
            assert!(
                id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'.'),
                "{id}"
            );
        }
    }

    #[test]
    fn every_cause_has_its_texts() {
        let causes = Path::new(env!("CARGO_MANIFEST_DIR")).join("../exitus-reference/causes");
        for signature in &SIGNATURES {
            let Some(cause) = signature.cause else { continue };
            assert!(causes.join(format!("{cause}.md")).is_file(), "{}: no cause {cause}", signature.id);
        }
    }

    #[test]
    fn every_pattern_compiles_and_has_no_group_but_name() {
        for signature in &SIGNATURES {
            let regex = compile(signature.pattern).unwrap_or_else(|| panic!("{}", signature.id));
            let groups: Vec<Option<&str>> = regex.capture_names().skip(1).collect();
            assert!(groups.iter().all(|g| *g == Some("name")), "{}: {groups:?}", signature.id);
        }
    }

    /// The lines for which `is_wrong` holds, each with the id of its signature.
    fn wrong(
        lines: fn(&Samples) -> &'static [&'static str],
        is_wrong: impl Fn(&'static Signature, &str) -> bool,
    ) -> Vec<String> {
        let all = SAMPLES.iter().flat_map(|s| lines(s).iter().map(|line| (signature(s.id), *line)));
        all.filter(|(s, line)| is_wrong(s, line)).map(|(s, line)| format!("{}: {line}", s.id)).collect()
    }

    #[test]
    fn every_sample_passes_the_prefilter_and_matches() {
        assert_eq!(wrong(|s| s.matching, |s, line| !matches(s, line)), Vec::<String>::new());
    }

    #[test]
    fn every_sample_matches_behind_a_time() {
        let behind_time = |s, line: &str| !matches(s, &format!("2026-03-12T10:00:00.123456Z {line}"));
        assert_eq!(wrong(|s| s.matching, behind_time), Vec::<String>::new());
    }

    #[test]
    fn no_counter_sample_matches() {
        assert_eq!(wrong(|s| s.other, matches), Vec::<String>::new());
    }
}
