//! Widths, wrapping and shortening of text in terminal cells. Chinese takes two cells and breaks almost anywhere.

use unicode_width::UnicodeWidthChar as _;

/// May not begin a line.
const CLOSING: &str = "，。、；：！？）】》」』〉〕”’…·,.;:!?)]}%";

/// May not end a line.
const OPENING: &str = "（【《「『〈〔“‘([{";

/// A word longer than a line is cut after one of these, if one stands well into the line.
const JOINTS: &str = "/,=&?:;-_.";

/// Below this many free cells a long word begins a line of its own.
const ROOM_FOR_A_LONG_WORD: usize = 16;

/// Which part of a text that is too long goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    /// The end.
    End,
    /// The middle: both ends carry meaning.
    Middle,
}

/// The cells that a text takes.
pub(crate) fn width(text: &str) -> usize {
    text.chars().map(cells).sum()
}

fn cells(c: char) -> usize {
    c.width().unwrap_or(0)
}

/// Text filled with blanks up to a width.
pub(crate) fn pad(text: &str, to: usize) -> String {
    format!("{text}{}", " ".repeat(to.saturating_sub(width(text))))
}

/// Something that is not broken, with the blanks before it.
struct Word<'a> {
    blanks: usize,
    text: &'a str,
}

/// Lines being filled.
struct Lines {
    done: Vec<String>,
    line: String,
    first: usize,
    rest: usize,
}

/// Breaks a text into lines: the first at most `first` cells wide, the others `rest`. Never gives nothing.
pub(crate) fn wrap(text: &str, first: usize, rest: usize) -> Vec<String> {
    let mut lines = Lines { done: Vec::new(), line: String::new(), first, rest };
    for paragraph in text.split('\n') {
        for word in words(paragraph) {
            lines.place(&word);
        }
        lines.end();
    }
    lines.done
}

impl Lines {
    fn place(&mut self, word: &Word<'_>) {
        let blanks = if self.line.is_empty() { 0 } else { word.blanks };
        let free = self.free().saturating_sub(blanks);
        let length = width(word.text);
        let may_be_cut = length > self.rest && free >= ROOM_FOR_A_LONG_WORD;
        if length <= free || may_be_cut {
            self.line.extend(std::iter::repeat_n(' ', blanks));
        } else if !self.line.is_empty() {
            self.end();
        }
        let mut text = word.text;
        while width(text) > self.free() {
            let cut = joint(text, self.free());
            self.line.push_str(&text[..cut]);
            self.end();
            text = &text[cut..];
        }
        self.line.push_str(text);
    }

    /// The cells that are left in the line.
    fn free(&self) -> usize {
        let limit = if self.done.is_empty() { self.first } else { self.rest };
        limit.saturating_sub(width(&self.line))
    }

    fn end(&mut self) {
        self.done.push(std::mem::take(&mut self.line));
    }
}

/// Where a word is cut so that its beginning fits into `free` cells; at least one character.
fn joint(word: &str, free: usize) -> usize {
    let hard = head(word, free).len().max(word.chars().next().map_or(0, char::len_utf8));
    let soft = word[..hard].rfind(|c| JOINTS.contains(c)).map_or(0, |at| at + 1);
    if soft * 2 > hard { soft } else { hard }
}

fn words(text: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let trimmed = rest.trim_start_matches(' ');
        let blanks = rest.len() - trimmed.len();
        let end = word_end(trimmed);
        if end > 0 {
            words.push(Word { blanks, text: &trimmed[..end] });
        }
        rest = &trimmed[end..];
    }
    words
}

fn word_end(text: &str) -> usize {
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if c == ' ' {
            return at;
        }
        if let Some((next_at, next)) = chars.peek()
            && (cells(c) == 2 || cells(*next) == 2)
            && cells(*next) > 0
            && !CLOSING.contains(*next)
            && !OPENING.contains(c)
        {
            return *next_at;
        }
    }
    text.len()
}

/// The longest beginning that fits, with the marks that belong to its last character.
fn head(text: &str, max: usize) -> &str {
    let mut used = 0;
    for (at, c) in text.char_indices() {
        used += cells(c);
        if used > max {
            return &text[..at];
        }
    }
    text
}

/// The longest end that fits.
fn tail(text: &str, max: usize) -> &str {
    let mut used = 0;
    let mut from = text.len();
    for (at, c) in text.char_indices().rev() {
        used += cells(c);
        if used > max {
            break;
        }
        if cells(c) > 0 {
            from = at;
        }
    }
    &text[from..]
}

/// Shortens a text to a width by taking out its middle.
pub(crate) fn elide(text: &str, max: usize) -> String {
    if width(text) <= max {
        return text.to_owned();
    }
    let room = max.saturating_sub(1);
    let front = head(text, room * 3 / 5);
    format!("{front}…{}", tail(text, room - width(front)))
}

/// Breaks a text into at most two lines and shortens it when they do not hold it.
pub(crate) fn fit(text: &str, first: usize, rest: usize, cut: Cut) -> Vec<String> {
    let mut lines = wrap(text, first, rest);
    let mut budget = first + rest;
    while lines.len() > 2 && cut == Cut::Middle && budget > 8 {
        lines = wrap(&elide(text, budget), first, rest);
        budget -= 2;
    }
    if lines.len() > 2 {
        lines.truncate(2);
        let kept = head(&lines[1], rest.saturating_sub(1)).trim_end();
        lines[1] = format!("{kept}…");
    }
    lines
}
