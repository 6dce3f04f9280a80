//! Table-wide tests: every cause, message and entry is whole in both languages.

mod entries;

use std::collections::BTreeSet;

use super::*;

const FAMILIES: [&str; 14] = [
    "ended",
    "memory",
    "stopped",
    "start",
    "config",
    "image",
    "sandbox",
    "volume",
    "admission",
    "scheduling",
    "owner",
    "alive",
    "job",
    "",
];

fn required(template: &str) -> BTreeSet<&str> {
    let mut outside = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("[[") {
        outside.push_str(before);
        rest = after.split_once("]]").map_or("", |(_, r)| r);
    }
    outside.push_str(rest);
    placeholders(template).into_iter().filter(|p| outside.contains(&format!("{{{p}}}"))).collect()
}

#[test]
fn ids_are_sorted_unique_and_kebab_case() {
    assert!(CAUSES.windows(2).all(|w| w[0].id < w[1].id));
    for cause in CAUSES {
        assert!(cause.id.0.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{}", cause.id);
    }
}

#[test]
fn every_cause_is_whole() {
    for cause in CAUSES {
        let id = cause.id;
        assert!(FAMILIES.contains(&cause.family), "{id}: family {}", cause.family);
        for lang in [Lang::En, Lang::Zh] {
            assert!(!cause.title.get(lang).is_empty(), "{id}: no title");
            assert!(!cause.explanation.get(lang).is_empty(), "{id}: no explanation");
            assert!(!cause.decided_by.get(lang).is_empty(), "{id}: no deciding facts");
        }
        assert!(!cause.references.is_empty(), "{id}: no references");
        assert!(
            cause.references.iter().all(|r| r.starts_with("https://")),
            "{id}: a reference is no address"
        );
        if cause.id != cause_id::HEALTHY {
            assert!(cause.remedies.len() >= 2, "{id}: {} remedies", cause.remedies.len());
        }
        if let Some(fallback) = cause.fallback {
            assert!(super::cause(fallback.0).is_some(), "{id}: fallback {fallback}");
        }
    }
}

#[test]
fn remedies_begin_with_what_only_reads() {
    for cause in CAUSES.iter().filter(|c| c.id != cause_id::HEALTHY) {
        assert_eq!(cause.remedies[0].risk, Risk::ReadOnly, "{}", cause.id);
    }
}

#[test]
fn both_languages_hold_the_same_placeholders() {
    for cause in CAUSES {
        for text in [cause.title, cause.explanation] {
            let names = |t| placeholders(t).into_iter().collect::<BTreeSet<_>>();
            assert_eq!(names(text.en), names(text.zh), "{}", cause.id);
        }
        assert_eq!(cause.decided_by.en.len(), cause.decided_by.zh.len(), "{}: deciding facts", cause.id);
    }
    for (key, text) in MESSAGES {
        let names = |t| placeholders(t).into_iter().collect::<BTreeSet<_>>();
        assert_eq!(names(text.en), names(text.zh), "{key}");
    }
}

#[test]
fn cause_texts_use_known_placeholders_and_need_only_names() {
    for cause in CAUSES {
        let texts = [cause.title.en, cause.explanation.en];
        let commands = cause.remedies.iter().filter_map(|r| r.command);
        for text in texts.into_iter().chain(commands) {
            for name in placeholders(text) {
                assert!(PARAMETERS.contains(&name), "{}: {{{name}}}", cause.id);
            }
        }
        for text in texts {
            for name in required(text) {
                assert!(
                    ["namespace", "pod", "container"].contains(&name),
                    "{}: {{{name}}} must be optional",
                    cause.id
                );
            }
        }
    }
}

#[test]
fn english_titles_fit_a_line_and_chinese_is_chinese() {
    for cause in CAUSES {
        let bare = fill(
            cause.title.en,
            &exitus_model::Args::new().with("namespace", "n").with("pod", "p").with("container", "c"),
        );
        let bare = bare.expect("titles need only names");
        assert!(bare.chars().count() <= 78, "{}: {bare}", cause.id);
        assert!(!bare.ends_with('.'), "{}: a title is no sentence", cause.id);
        for text in [cause.title.zh, cause.explanation.zh] {
            assert!(text.chars().any(|c| c > '\u{2e7f}'), "{}: {text}", cause.id);
        }
    }
}

#[test]
fn messages_are_sorted() {
    assert!(MESSAGES.windows(2).all(|w| w[0].0 < w[1].0));
}
