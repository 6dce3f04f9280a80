//! Widths, wrapping and shortening of text in terminal cells. Chinese takes two cells and breaks almost anywhere.

use std::ops::Range;

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
    if is_plain(text) { text.len() } else { text.chars().map(cells).sum() }
}

/// Every byte is a character of one cell.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|b| matches!(b, b' '..=b'~'))
}

fn cells(c: char) -> usize {
    c.width().unwrap_or(0)
}

/// Text filled with blanks up to a width.
pub(crate) fn pad(text: &str, to: usize) -> String {
    format!("{text}{}", " ".repeat(to.saturating_sub(width(text))))
}

/// Lines being filled. A line is a part of its paragraph, blanks inside it and all.
struct Lines<'a> {
    done: Vec<&'a str>,
    paragraph: &'a str,
    /// The line: from here …
    from: usize,
    /// … to here in the paragraph.
    to: usize,
    /// The cells that it takes.
    used: usize,
    first: usize,
    rest: usize,
}

/// Breaks a text into lines: the first at most `first` cells wide, the others `rest`. Never gives nothing.
pub(crate) fn wrap(text: &str, first: usize, rest: usize) -> Vec<&str> {
    let mut done = Vec::new();
    for paragraph in text.split('\n') {
        let mut lines = Lines { done, paragraph, from: 0, to: 0, used: 0, first, rest };
        let mut at = 0;
        while let Some((word, length)) = next_word(paragraph, at) {
            at = word.end;
            lines.place(word, length);
        }
        lines.end(0);
        done = lines.done;
    }
    done
}

impl Lines<'_> {
    fn place(&mut self, word: Range<usize>, mut length: usize) {
        let blanks = if self.from == self.to { 0 } else { word.start - self.to };
        let free = self.free().saturating_sub(blanks);
        let may_be_cut = length > self.rest && free >= ROOM_FOR_A_LONG_WORD;
        if self.from == self.to {
            self.from = word.start;
        } else if length <= free || may_be_cut {
            self.used += blanks;
        } else {
            self.end(word.start);
        }
        let mut start = word.start;
        while length > self.free() {
            let text = &self.paragraph[start..word.end];
            let cut = joint(text, self.free());
            length -= width(&text[..cut]);
            start += cut;
            self.to = start;
            self.end(start);
        }
        self.to = word.end;
        self.used += length;
    }

    /// The cells that are left in the line.
    fn free(&self) -> usize {
        let limit = if self.done.is_empty() { self.first } else { self.rest };
        limit.saturating_sub(self.used)
    }

    /// Ends the line; the next begins at `from`.
    fn end(&mut self, from: usize) {
        self.done.push(&self.paragraph[self.from..self.to]);
        (self.from, self.to, self.used) = (from, from, 0);
    }
}

/// Where a word is cut so that its beginning fits into `free` cells; at least one character.
fn joint(word: &str, free: usize) -> usize {
    let hard = head(word, free).len().max(word.chars().next().map_or(0, char::len_utf8));
    let soft = word[..hard].rfind(|c| JOINTS.contains(c)).map_or(0, |at| at + 1);
    if soft * 2 > hard { soft } else { hard }
}

/// What comes next and is not broken: where it stands, and the cells that it takes.
fn next_word(text: &str, at: usize) -> Option<(Range<usize>, usize)> {
    let bytes = text.as_bytes();
    let start = at + bytes[at..].iter().position(|b| *b != b' ')?;
    let plain = bytes[start..].iter().position(|b| !b.is_ascii_graphic()).unwrap_or(text.len() - start);
    let end = start + plain;
    if matches!(bytes.get(end), None | Some(b' ')) {
        return Some((start..end, plain));
    }
    let end = start + word_end(&text[start..]);
    Some((start..end, width(&text[start..end])))
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
    let mut budget = first + rest;
    // What is far too long is not laid out in full. Both ends stay longer than any budget.
    let text = elide(text, budget * 8);
    let mut lines = owned(wrap(&text, first, rest));
    while lines.len() > 2 && cut == Cut::Middle && budget > 8 {
        lines = owned(wrap(&elide(&text, budget), first, rest));
        budget -= 2;
    }
    if lines.len() > 2 {
        lines.truncate(2);
        let kept = head(&lines[1], rest.saturating_sub(1)).trim_end();
        lines[1] = format!("{kept}…");
    }
    lines
}

fn owned(lines: Vec<&str>) -> Vec<String> {
    lines.into_iter().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_of_a_megabyte_is_cut_into_full_lines() {
        for word in ["x".repeat(1 << 20), "é".repeat(1 << 20)] {
            let lines = wrap(&word, 76, 78);
            assert_eq!(lines.concat(), word);
            assert_eq!(width(lines[0]), 76);
            assert!(lines[1..lines.len() - 1].iter().all(|l| width(l) == 78));
        }
    }

    #[test]
    fn a_word_is_cut_by_what_is_left_of_it() {
        assert_eq!(wrap("one/two/three", 5, 5), ["one/", "two/", "three"]);
        assert_eq!(wrap("e\u{301}e\u{301}e\u{301}", 2, 2), ["e\u{301}e\u{301}", "e\u{301}"]);
    }

    #[test]
    fn what_is_far_too_long_keeps_its_ends() {
        let text = format!("begin {} end", "middle ".repeat(1 << 17));
        let lines = fit(&text, 40, 60, Cut::Middle);
        assert_eq!(lines.len(), 2);
        assert!(lines[0].starts_with("begin middle") && lines[1].ends_with("middle  end"), "{lines:?}");
        let lines = fit(&text, 40, 60, Cut::End);
        assert!(lines[0].starts_with("begin") && lines[1].ends_with('…'), "{lines:?}");
    }
}
