//! Log signatures: what the last lines of a container's log say about its end.
//!
//! A line decides only where it can be the last word: in the block that ends the log (stack trace, panic, crash
//! report, usage text), in the line above it, or among the last few lines, and only if nothing after it shows
//! that the program went on. What an early line says stays unread. The signatures are data in `signatures/*.toml`;
//! whose log it is, and whether the finding fits the other evidence, is judged elsewhere.

mod block;
mod line;
mod phrase;
mod structured;
mod table;
mod trace;

#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) use table::signatures;
pub(crate) use table::{Line, Signature};

use block::Block;
use line::{Level, View};
use phrase::{is_banner, is_closing, is_echo, is_error, is_frame, is_recovery, is_retry, is_trailer};
use table::{Match, Place, best_match, is_stop};

/// Lines before these are not read.
const MAX_LINES: usize = 200;
/// Without a block, so many lines can decide.
const WINDOW: usize = 10;
/// Among so many last lines a match is final.
const FINAL_LINES: usize = 4;
/// In so many last lines a sign is sought that the program was asked to stop.
const STOP_WINDOW: usize = 40;

/// A line that tells, or suggests, why the program ended.
#[derive(Debug, Clone)]
pub(crate) struct Finding {
    /// The line, as an index into the lines that were given.
    pub(crate) line: usize,
    /// What the line matched.
    pub(crate) signature: &'static Signature,
    /// The missing or wrong thing that it names.
    pub(crate) name: Option<String>,
    /// Whether it stands where last words stand, and is no warning and no retry.
    pub(crate) is_final: bool,
}

/// Reads the last lines of one container instance's log.
pub(crate) fn read(lines: &[&str], exit: Option<i64>) -> Option<Finding> {
    let skipped = lines.len().saturating_sub(MAX_LINES);
    let views = line::views(lines.get(skipped..)?);
    let views = after_stop(&views, exit)?;
    let hit = match block::trailing(views) {
        Some(block) => from_block(views, &block, exit),
        None => from_window(views, exit),
    }?;
    let is_doubtful_success = exit == Some(0) && (!hit.is_final || hit.matched.signature.rank == 0);
    (!is_doubtful_success).then(|| Finding {
        line: skipped + hit.line,
        signature: hit.matched.signature,
        name: hit.matched.name,
        is_final: hit.is_final,
    })
}

/// Reads a termination message.
pub(crate) fn read_message(text: &str, exit: Option<i64>) -> Option<Finding> {
    read(&text.lines().collect::<Vec<_>>(), exit)
}

/// The line that a person would quote where no signature matches: the last that looks like an error, else the
/// last that says anything.
pub(crate) fn last_telling_line(lines: &[&str]) -> Option<usize> {
    let skipped = lines.len().saturating_sub(MAX_LINES);
    let views = line::views(lines.get(skipped..)?);
    let speaks =
        |at: &usize| !is_beside(&views, *at) && views.get(*at).is_some_and(|v| !is_trailer(v) && !is_echo(v));
    let view = |at: usize| views.get(at);
    let from_block = || block::trailing(&views)?.deciding.into_iter().find(speaks);
    let last = || (0..views.len()).rev().filter(speaks);
    let worked = |at: &usize| view(*at).is_some_and(is_recovery);
    let error =
        || last().take_while(|at| !worked(at)).take(2 * WINDOW).find(|at| view(*at).is_some_and(is_error));
    let at = from_block().or_else(error).or_else(|| last().next())?;
    view(at).map(|v| skipped + v.index)
}

struct Hit {
    line: usize,
    matched: Match,
    is_final: bool,
}

impl Hit {
    /// What makes one hit better than another, where both are among the last lines.
    fn weight(&self, level: Option<Level>) -> impl Ord + use<> {
        let s = self.matched.signature;
        (s.rank > 0, self.is_final, level == Some(Level::Fatal), s.rank, s.decides)
    }
}

fn last_stop(views: &[View<'_>]) -> Option<usize> {
    let from = views.len().saturating_sub(STOP_WINDOW);
    (from..views.len()).rev().find(|i| views.get(*i).is_some_and(|v| !is_echo(v) && is_stop(v)))
}

/// The views that can hold a cause. An orderly stop has none; after a request to stop only a crash counts.
fn after_stop<'v, 'a>(views: &'v [View<'a>], exit: Option<i64>) -> Option<&'v [View<'a>]> {
    let is_orderly = matches!(exit, Some(0 | 130 | 143));
    let closes =
        || views.iter().rev().filter(|v| !v.is_blank()).take(WINDOW).any(|v| is_closing(v) && !is_error(v));
    if is_orderly && closes() {
        return None;
    }
    let Some(stop) = last_stop(views) else { return Some(views) };
    let after = views.get(stop + 1..)?;
    (!is_orderly && block::trailing(after).is_some()).then_some(after)
}

/// The best match inside the block, unless lines around it say more.
fn from_block(views: &[View<'_>], block: &Block, exit: Option<i64>) -> Option<Hit> {
    let inside = in_block(views, block, exit);
    let is_telling = |hit: &Hit| hit.matched.signature.rank > 0;
    let is_plain = |hit: &Hit| hit.matched.signature.decides && is_telling(hit);
    if inside.as_ref().is_some_and(is_plain) {
        return inside;
    }
    let below = window(views, block.end..views.len(), exit).filter(|hit| hit.is_final);
    if let Some(below) =
        below.filter(|hit| is_plain(hit) || is_telling(hit) && !inside.as_ref().is_some_and(is_telling))
    {
        return Some(below);
    }
    if inside.as_ref().is_some_and(is_telling) {
        return inside;
    }
    above(views, block, exit).filter(is_telling).or(inside)
}

fn in_block(views: &[View<'_>], block: &Block, exit: Option<i64>) -> Option<Hit> {
    let place = Place::Block(views.get(block.start..block.end).unwrap_or_default());
    let mut generic = None;
    for view in block.deciding.iter().filter_map(|at| views.get(*at)).filter(|v| !is_echo(v)) {
        let Some(matched) = best_match(view, place, exit) else { continue };
        let hit = Hit { line: view.index, is_final: !is_retry(view), matched };
        if hit.matched.signature.rank > 0 {
            return Some(hit);
        }
        generic = generic.or(Some(hit));
    }
    generic
}

/// The line above the block, if it is an error: what was logged before the program threw it.
fn above(views: &[View<'_>], block: &Block, exit: Option<i64>) -> Option<Hit> {
    let view = views.get(..block.start)?.iter().rev().find(|v| !v.is_blank() && !is_banner(v))?;
    if !is_error(view) || is_retry(view) || is_echo(view) || is_frame(view) {
        return None;
    }
    Some(Hit { line: view.index, is_final: true, matched: best_match(view, Place::Outside, exit)? })
}

/// The best match among the last lines.
fn from_window(views: &[View<'_>], exit: Option<i64>) -> Option<Hit> {
    window(views, 0..views.len(), exit)
}

fn window(views: &[View<'_>], range: std::ops::Range<usize>, exit: Option<i64>) -> Option<Hit> {
    let views = views.get(range)?;
    let start = views.iter().rposition(is_recovery).map_or(0, |at| at + 1);
    let mut best: Option<(Hit, Option<Level>)> = None;
    let mut counted = 0;
    let mut went_on = false;
    for at in (start..views.len()).rev().filter(|at| !is_beside(views, *at)) {
        let Some(view) = views.get(at).filter(|_| counted < WINDOW) else { break };
        let is_last = counted < FINAL_LINES && !went_on;
        // What an indented line says belongs to the line above it; so does a retry, one line further.
        counted += usize::from(!is_trailer(view) && !view.is_indented());
        went_on |= view.level.is_some_and(|level| level <= Level::Info) && !is_closing(view);
        let Some(mut hit) = hit_in_window(view, is_last, exit) else { continue };
        hit.is_final &= !views.get(at + 1).is_some_and(is_retry);
        if best.as_ref().is_none_or(|(held, level)| replaces(&hit, view.level, held, *level)) {
            best = Some((hit, view.level));
        }
    }
    best.map(|(hit, _)| hit)
}

/// Whether the line is there for the eye or for developers: blanks, rules, frames.
fn is_beside(views: &[View<'_>], at: usize) -> bool {
    let is_place = |v: &View<'_>| v.text.starts_with("\t/") && v.text.contains(".go:");
    let is_call = views.get(at + 1).is_some_and(is_place);
    views.get(at).is_none_or(|v| {
        v.is_blank()
            || is_banner(v)
            || is_frame(v)
            || is_call && !v.is_record && !v.text.contains([' ', '\t'])
    })
}

fn hit_in_window(view: &View<'_>, is_last: bool, exit: Option<i64>) -> Option<Hit> {
    if is_echo(view) {
        return None;
    }
    let matched = best_match(view, Place::Outside, exit)?;
    let is_quiet = view.level.is_some_and(|level| level <= Level::Info);
    if is_quiet && matched.signature.rank < 2 {
        return None;
    }
    let is_plain = matched.signature.rank == 2 && matched.signature.decides;
    let is_loud = is_plain || view.level.is_none_or(|level| level > Level::Warn);
    Some(Hit { line: view.index, is_final: is_last && is_loud && !is_retry(view), matched })
}

/// Whether a hit on an earlier line is better than the one that is held.
fn replaces(hit: &Hit, level: Option<Level>, held: &Hit, held_level: Option<Level>) -> bool {
    let is_same = hit.matched.signature.id == held.matched.signature.id;
    if is_same && hit.matched.signature.line == Line::First {
        return hit.is_final || !held.is_final;
    }
    hit.weight(level) > held.weight(held_level)
}
