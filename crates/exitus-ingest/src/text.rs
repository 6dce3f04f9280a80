//! Bytes to text: which encoding it is, and whether it is text at all.

use std::borrow::Cow;

/// Decoded text, and the name of its encoding where that was not UTF-8.
pub(crate) struct Decoded<'a> {
    pub(crate) text: Cow<'a, str>,
    pub(crate) converted_from: Option<&'static str>,
}

/// Decodes a file; `None` for what is no text.
pub(crate) fn decode(bytes: &[u8]) -> Option<Decoded<'_>> {
    if let Some(rest) = bytes.strip_prefix(b"\xff\xfe") {
        return Some(utf16(rest, u16::from_le_bytes, "UTF-16LE"));
    }
    if let Some(rest) = bytes.strip_prefix(b"\xfe\xff") {
        return Some(utf16(rest, u16::from_be_bytes, "UTF-16BE"));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if let Some(decoded) = utf16_without_mark(bytes) {
        return Some(decoded);
    }
    if is_binary(bytes) {
        return None;
    }
    let whole = without_cut_character(bytes);
    match std::str::from_utf8(whole) {
        Ok(text) => Some(Decoded { text: Cow::Borrowed(text), converted_from: None }),
        Err(_) => Some(damaged(bytes)),
    }
}

/// A cut at any byte may leave the beginning of a last character: no damage, only a cut.
fn without_cut_character(bytes: &[u8]) -> &[u8] {
    let tail = bytes.iter().rev().take(3).take_while(|b| **b & 0xc0 == 0x80).count();
    let lead = bytes.len().saturating_sub(tail + 1);
    match std::str::from_utf8(&bytes[lead..]) {
        Err(error) if error.error_len().is_none() => &bytes[..lead],
        _ => bytes,
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16, name: &'static str) -> Decoded<'static> {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    let text: String = char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
    Decoded { text: Cow::Owned(text), converted_from: Some(name) }
}

/// Mostly Latin text in UTF-16 has a zero in every second byte.
fn utf16_without_mark(bytes: &[u8]) -> Option<Decoded<'static>> {
    let sample = &bytes[..bytes.len().min(512) & !1];
    if sample.len() < 8 {
        return None;
    }
    let zeros = |offset: usize| sample.iter().skip(offset).step_by(2).filter(|b| **b == 0).count();
    let enough = sample.len() / 2 * 9 / 10;
    if zeros(1) >= enough && zeros(0) == 0 {
        Some(utf16(bytes, u16::from_le_bytes, "UTF-16LE"))
    } else if zeros(0) >= enough && zeros(1) == 0 {
        Some(utf16(bytes, u16::from_be_bytes, "UTF-16BE"))
    } else {
        None
    }
}

/// A program's log may hold a stray control or NUL; a binary is full of them.
fn is_binary(bytes: &[u8]) -> bool {
    let sample = &bytes[..bytes.len().min(8192)];
    let is_control = |b: &&u8| matches!(**b, 0..=8 | 14..=26 | 28..=31);
    let controls = sample.iter().filter(is_control).count();
    controls * 20 > sample.len()
}

/// Text that is not quite UTF-8: Latin-1 if no sequence of it is UTF-8, else UTF-8 with damage.
fn damaged(bytes: &[u8]) -> Decoded<'_> {
    let lossy = String::from_utf8_lossy(bytes);
    let has_multibyte = lossy.chars().any(|c| c as u32 > 0x7f && c != char::REPLACEMENT_CHARACTER);
    if has_multibyte {
        return Decoded { text: lossy, converted_from: Some("UTF-8 with damaged characters") };
    }
    let text = bytes.iter().map(|b| char::from(*b)).collect();
    Decoded { text: Cow::Owned(text), converted_from: Some("Latin-1") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(bytes: &[u8]) -> (String, Option<&'static str>) {
        let decoded = decode(bytes).expect("text");
        (decoded.text.into_owned(), decoded.converted_from)
    }

    #[test]
    fn utf8_stays() {
        assert_eq!(decoded("容器 app".as_bytes()), ("容器 app".to_owned(), None));
        assert_eq!(decoded(b"\xef\xbb\xbf{}"), ("{}".to_owned(), None));
    }

    #[test]
    fn utf16_is_found_with_and_without_its_mark() {
        let units: Vec<u8> = "kind: Pod\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let marked: Vec<u8> = [b"\xff\xfe".as_slice(), &units].concat();
        assert_eq!(decoded(&marked), ("kind: Pod\n".to_owned(), Some("UTF-16LE")));
        assert_eq!(decoded(&units), ("kind: Pod\n".to_owned(), Some("UTF-16LE")));
    }

    #[test]
    fn latin1_is_told_from_damaged_utf8() {
        assert_eq!(decoded(b"fen\xeatre").1, Some("Latin-1"));
        assert_eq!(decoded(b"fen\xc3\xaatre \xe5\xae.").1, Some("UTF-8 with damaged characters"));
    }

    #[test]
    fn a_cut_inside_the_last_character_is_no_damage() {
        let text = "a 容器";
        for cut in 3..text.len() {
            let (decoded, converted_from) = decoded(&text.as_bytes()[..cut]);
            assert!(text.starts_with(&decoded) && decoded.len() + 3 > cut, "{decoded}");
            assert_eq!(converted_from, None);
        }
        assert_eq!(decoded(b"fen\xeatre \xe9"), ("fen\u{ea}tre \u{e9}".to_owned(), Some("Latin-1")));
    }

    #[test]
    fn binaries_are_no_text() {
        assert!(decode(b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0\x3e\0").is_none());
        assert!(decode(b"log line\nwith one \0 byte in a long enough line\n").is_some());
    }
}
