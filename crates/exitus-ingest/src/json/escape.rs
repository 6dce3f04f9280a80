//! The escapes of JSON strings.

use std::borrow::Cow;

/// The text of a string as it is written between its quotes; `None` at an escape that JSON does not know.
pub(super) fn resolve(raw: &str) -> Option<Cow<'_, str>> {
    let Some(first) = memchr::memchr(b'\\', raw.as_bytes()) else { return Some(Cow::Borrowed(raw)) };
    let mut text = String::with_capacity(raw.len());
    let (before, mut rest) = raw.split_at(first);
    text.push_str(before);
    while let Some(found) = memchr::memchr(b'\\', rest.as_bytes()) {
        text.push_str(&rest[..found]);
        let escape = rest[found + 1..].chars().next()?;
        rest = &rest[found + 1 + escape.len_utf8()..];
        match escape {
            '"' | '\\' | '/' => text.push(escape),
            'b' => text.push('\u{8}'),
            'f' => text.push('\u{c}'),
            'n' => text.push('\n'),
            'r' => text.push('\r'),
            't' => text.push('\t'),
            'u' => {
                let (c, after) = unicode(rest)?;
                text.push(c);
                rest = after;
            }
            _ => return None,
        }
    }
    text.push_str(rest);
    Some(Cow::Owned(text))
}

/// The character of `\uXXXX` and what follows; a lone surrogate becomes the replacement character.
fn unicode(rest: &str) -> Option<(char, &str)> {
    let first = hex(rest)?;
    let after = &rest[4..];
    if !(0xd800..0xdc00).contains(&first) {
        return Some((char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER), after));
    }
    let second = after.strip_prefix("\\u").and_then(hex).filter(|s| (0xdc00..0xe000).contains(s));
    let pair = second.and_then(|s| char::from_u32(0x10000 + ((first - 0xd800) << 10) + (s - 0xdc00)));
    Some(pair.map_or((char::REPLACEMENT_CHARACTER, after), |c| (c, &after[6..])))
}

fn hex(text: &str) -> Option<u32> {
    let digits = text.get(..4).filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))?;
    u32::from_str_radix(digits, 16).ok()
}
