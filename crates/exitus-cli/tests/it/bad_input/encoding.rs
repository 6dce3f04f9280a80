//! Files that are no UTF-8, no text, or no files.

use std::fs;
use std::path::Path;

use exitus_testkit::copy_folder;
use serde_json::Value;
use tempfile::{TempDir, tempdir};

use super::{broken_rules, capture, list_of, objects, verdicts, warnings, write};
use crate::harness::{CAPTURES, ROOT, exitus, exitus_in, expect_none, in_parallel, list, text, why};
use crate::proof::prove;

/// A copy of a capture, and its path.
fn copied(name: &str) -> (TempDir, String) {
    let folder = tempdir().unwrap();
    copy_folder(&Path::new(ROOT).join(capture(name).path("")), folder.path()).unwrap();
    let path = folder.path().to_str().unwrap().to_owned();
    (folder, path)
}

fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(unit).collect()
}

#[test]
fn other_encodings_are_read_and_told() {
    let pods = String::from_utf8(list_of(&objects("evict-memory-pressure", "pods.json"))).unwrap();
    let folder = tempdir().unwrap();
    let plain = verdicts(&why(&[write(folder.path(), "plain.json", &pods)]));
    assert_eq!(plain.len(), 1);
    let accented = pods.replace("The node was low", "Le nœud était bas. The node was low");
    let latin1 = |text: &str| -> Vec<u8> {
        text.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect()
    };
    let cases = [
        ("utf-8-with-mark.json", [b"\xef\xbb\xbf", pods.as_bytes()].concat(), None),
        ("crlf.json", pods.replace('\n', "\r\n").into_bytes(), None),
        ("utf-16le.json", utf16(&pods, u16::to_le_bytes), Some("UTF-16LE")),
        ("utf-16be.json", utf16(&pods, u16::to_be_bytes), Some("UTF-16BE")),
        ("utf-16le-without-mark.json", utf16(&pods, u16::to_le_bytes).split_off(2), Some("UTF-16LE")),
        ("latin-1.json", latin1(&accented), Some("Latin-1")),
    ];
    for (name, bytes, encoding) in cases {
        let file = write(folder.path(), name, bytes);
        let outcome = exitus(["why", "-f", &file, "-o", "json"]);
        let document = outcome.json();
        assert_eq!(outcome.status, 1, "{name}");
        assert_eq!(verdicts(&document), plain, "{name}");
        let told: Vec<&str> = warnings(&document, &file).iter().map(|w| text(w, "message")).collect();
        let expected: Vec<String> = encoding.map(|e| format!("was read as {e}")).into_iter().collect();
        assert_eq!(told, expected, "{name}");
    }
}

/// Bytes that look random and are the same in every run (xorshift, Marsaglia 2003).
fn noise(seed: u64) -> impl Iterator<Item = u64> {
    let next = |state: &u64| {
        let state = state ^ (state << 13);
        let state = state ^ (state >> 7);
        Some(state ^ (state << 17))
    };
    std::iter::successors(Some(seed.max(1)), next).skip(1)
}

#[test]
fn what_is_no_text_is_passed_over_and_told() {
    let bytes: Vec<u8> = noise(1).take(4096).flat_map(u64::to_le_bytes).collect();
    let cases: [(&str, &[u8], &str); 5] = [
        ("empty.json", b"", "is empty"),
        ("blank.json", b" \n\n\t\n", "is empty"),
        ("noise.bin", &bytes, "is not text"),
        ("elf", b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0\x3e\0\x01\0\0\0", "is not text"),
        ("letter.md", b"# Dear all,\n\nnothing to see here.\n", "was not recognised"),
    ];
    let (folder, path) = copied("oom-limit");
    let plain = why(std::slice::from_ref(&path));
    for (name, bytes, words) in cases {
        let file = write(folder.path(), name, bytes);
        // In a folder it may lie about; who names it should know.
        for (paths, status) in [(vec![&path], 1), (vec![&path, &file], 3)] {
            let files = paths.iter().flat_map(|p| ["-f", p.as_str()]);
            let outcome = exitus(["why", "--all", "-o", "json"].into_iter().chain(files));
            let document = outcome.json();
            assert_eq!(outcome.status, status, "{name}");
            assert_eq!(document["items"], plain["items"], "{name}");
            assert!(
                warnings(&document, &file).iter().any(|w| text(w, "message").starts_with(words)),
                "{name}"
            );
        }
        let alone = exitus(["why", "-f", &file]);
        alone.expect_error(&["nothing that could be read", words]);
        fs::remove_file(file).unwrap();
    }
}

#[test]
fn what_cannot_be_opened_is_told() {
    let (folder, path) = copied("oom-limit");
    let plain = why(std::slice::from_ref(&path));
    let gone = format!("{path}/gone.json");
    let outcome = exitus(["why", "-f", &path, "-f", &gone, "--all", "-o", "json"]);
    assert_eq!(outcome.status, 3);
    let document = outcome.json();
    assert_eq!(document["items"], plain["items"]);
    assert!(text(warnings(&document, &gone)[0], "message").starts_with("cannot be opened"));
    exitus(["why", "-f", &gone]).expect_error(&["gone.json", "cannot be opened"]);
    drop(folder);
}

#[cfg(unix)]
#[test]
fn a_link_to_nowhere_is_told_wherever_it_lies() {
    let (folder, path) = copied("oom-limit");
    let plain = why(std::slice::from_ref(&path));
    let link = folder.path().join("link.json");
    std::os::unix::fs::symlink("nowhere.json", &link).unwrap();
    let link = link.to_str().unwrap();
    for paths in [vec!["-f", link, "-f", &path], vec!["-f", &path]] {
        let outcome = exitus(["why", "--all", "-o", "json"].into_iter().chain(paths.iter().copied()));
        let document = outcome.json();
        assert_eq!(document["items"], plain["items"]);
        assert!(!warnings(&document, link).is_empty(), "{paths:?}: {}", document["warnings"]);
        assert_eq!(outcome.status, 3, "{paths:?}");
    }
}

#[test]
fn a_folder_may_have_the_name_of_a_file() {
    let (folder, path) = copied("oom-limit");
    let pods = folder.path().join("pods.json");
    let bytes = fs::read(&pods).unwrap();
    let plain = verdicts(&why(std::slice::from_ref(&path)));
    fs::remove_file(&pods).unwrap();
    fs::create_dir(&pods).unwrap();
    assert!(!verdicts(&why(std::slice::from_ref(&path))).is_empty());
    write(&pods, "inside.json", bytes);
    assert_eq!(verdicts(&why(std::slice::from_ref(&path))), plain);
    let alone = exitus(["why", "-f", pods.to_str().unwrap(), "-o", "json"]);
    assert_eq!((alone.status, list(&alone.json(), "items").len()), (1, 2));
}

#[test]
fn folders_deeper_than_anyone_nests_do_no_harm() {
    let (folder, path) = copied("unsched-cpu");
    let deep = folder.path().join("d/".repeat(40));
    fs::create_dir_all(&deep).unwrap();
    let outcome = exitus(["why", "-f", &path, "-o", "json"]);
    assert_eq!(outcome.status, 3);
    let document = outcome.json();
    assert!(
        list(&document, "warnings").iter().any(|w| text(w, "message").starts_with("the folder was not read"))
    );
    assert_eq!(list(&document, "items").len(), 1);
}

#[test]
fn objects_nested_too_deep_are_passed_over() {
    let folder = tempdir().unwrap();
    let mut pods = String::from_utf8(list_of(&objects("oom-limit", "pods.json"))).unwrap();
    let deep = format!("{}1{}", "{\"a\":[".repeat(50_000), "]}".repeat(50_000));
    pods.insert_str(
        pods.find('[').unwrap() + 1,
        &format!("{{\"kind\":\"Pod\",\"metadata\":{{\"x\":{deep}}}}},"),
    );
    let file = write(folder.path(), "pods.json", &pods);
    let outcome = exitus(["why", "-f", &file, "-o", "json"]);
    assert_eq!(outcome.status, 3);
    let document = outcome.json();
    assert!(warnings(&document, &file).iter().any(|w| text(w, "message").contains("nested too deep")));
    assert_eq!(list(&document, "items").len(), 2);
}

/// Flips bytes all over a capture: any outcome is good that is an answer, and whose evidence stands there.
#[test]
fn flipped_bytes_never_break_an_answer() {
    let seeds: Vec<u64> = (1..=24).collect();
    let complaints = in_parallel(&seeds, |&seed| {
        let mut noise = noise(seed);
        let mut next = |below: usize| noise.next().unwrap() as usize % below;
        let capture = &CAPTURES[next(CAPTURES.len())];
        let folder = tempdir().unwrap();
        copy_folder(&Path::new(ROOT).join(capture.path("")), folder.path()).unwrap();
        for name in ["pods.json", "events.json", "node.json", "watch.jsonl", "kernel.txt"] {
            let path = folder.path().join(name);
            let mut bytes = fs::read(&path).unwrap();
            for _ in 0..=next(6) {
                let at = next(bytes.len());
                bytes[at] = if next(2) == 0 { b"{}[]\",:\\\n0-"[next(11)] } else { next(256) as u8 };
            }
            fs::write(&path, bytes).unwrap();
        }
        let path = folder.path().to_str().unwrap();
        let outcome = exitus(["why", "-f", path, "--all", "-o", "json"]);
        let document = outcome.json();
        let mut complaints = broken_rules(&document);
        complaints.extend(crate::schema::errors(&document));
        // A file that is no longer JSON proves nothing by means of a strict reader.
        let mut document = document;
        if let Some(items) = document["items"].as_array_mut() {
            for evidence in items.iter_mut().filter_map(|item| item["evidence"].as_array_mut()) {
                evidence.retain(|piece| is_log(piece) || is_json(text(piece, "file")));
            }
            items.retain(|item| !list(item, "evidence").is_empty());
        }
        complaints.extend(prove(&[&document]).1);
        complaints.into_iter().map(|c| format!("seed {seed}, {}: {c}", capture.name)).collect::<Vec<_>>()
    });
    expect_none(&complaints.concat());
}

fn is_log(piece: &Value) -> bool {
    ["log", "kernel"].contains(&text(piece, "source"))
}

fn is_json(path: &str) -> bool {
    let Ok(text) = fs::read_to_string(path) else { return false };
    serde_json::Deserializer::from_str(&text).into_iter::<Value>().all(|value| value.is_ok())
}

#[test]
fn standard_input_may_be_empty_or_noise() {
    for input in [&b""[..], b"\0\x01\x02\x03", b"hello\n"] {
        exitus_in(&[], input, ["why", "-f", "-"]).expect_error(&["nothing that could be read", "-: "]);
    }
}
