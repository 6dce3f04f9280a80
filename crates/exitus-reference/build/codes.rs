//! Exit codes, signals, Windows statuses, common claims and where to look: `entries/*.toml` and `entries/codes/*.md`.

use std::fmt::Write as _;
use std::path::Path;

use crate::input::{Bilingual, Page, files, page, toml};
use crate::rust::{cause_ids, points, text};

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Front {
    code: i64,
    #[serde(default)]
    causes: Vec<String>,
    sources: Vec<String>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Meanings {
    meaning: Vec<Meaning>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Meaning {
    code: i64,
    world: String,
    en: String,
    zh: String,
    source: String,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Worlds {
    world: Vec<World>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct World {
    id: String,
    name_en: String,
    name_zh: String,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Signals {
    signal: Vec<Signal>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Signal {
    number: i64,
    name: String,
    action: String,
    ends_pid1: String,
    typical_en: String,
    typical_zh: String,
    advice_en: String,
    advice_zh: String,
    #[serde(default)]
    elsewhere: String,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Statuses {
    status: Vec<Status>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Status {
    value: u32,
    name: String,
    en: String,
    zh: String,
    cause: Option<String>,
    source: String,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Claims {
    claim: Vec<Claim>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Claim {
    id: String,
    claim_en: String,
    claim_zh: String,
    true_en: String,
    true_zh: String,
    false_en: String,
    false_zh: String,
    sources: Vec<String>,
    #[serde(default)]
    codes: Vec<i64>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Places {
    place: Vec<Place>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Place {
    id: String,
    command: String,
    shows_en: String,
    shows_zh: String,
    caveat_en: String,
    caveat_zh: String,
}

fn both(en: &str, zh: &str) -> String {
    text(&Bilingual { en: en.to_owned(), zh: zh.to_owned() })
}

fn rows<T>(name: &str, kind: &str, rows: &[T], write: impl Fn(&T) -> String) -> String {
    let mut table = format!("pub(crate) static {name}: &[{kind}] = &[\n");
    for row in rows {
        writeln!(table, "{},", write(row)).expect("a string");
    }
    table.push_str("];\n");
    table
}

pub(crate) fn tables() -> String {
    let file = |name: &str| Path::new("entries").join(name);
    let mut pages: Vec<Page<Front>> = files("entries/codes", "md").iter().map(|p| page(p)).collect();
    pages.sort_by_key(|p| p.front.code);
    let mut meanings = toml::<Meanings>(&file("meanings.toml")).meaning;
    meanings.sort_by_key(|m| m.code);
    let mut worlds = toml::<Worlds>(&file("worlds.toml")).world;
    worlds.sort_by(|a, b| a.id.cmp(&b.id));
    let mut signals = toml::<Signals>(&file("signals.toml")).signal;
    signals.sort_by_key(|s| s.number);
    let mut statuses = toml::<Statuses>(&file("ntstatus.toml")).status;
    statuses.sort_by_key(|s| s.value);
    let claims = toml::<Claims>(&file("tables.toml")).claim;
    let places = toml::<Places>(&file("where.toml")).place;
    [
        rows("CODES", "Code", &pages, code),
        rows("MEANINGS", "Meaning", &meanings, |m| {
            format!("Meaning {{ code: {}, world: {:?}, text: {}, source: {:?} }}", m.code, m.world, both(&m.en, &m.zh), m.source)
        }),
        rows("WORLDS", "World", &worlds, |w| format!("World {{ id: {:?}, name: {} }}", w.id, both(&w.name_en, &w.name_zh))),
        rows("SIGNALS", "Signal", &signals, signal),
        rows("STATUSES", "WindowsStatus", &statuses, |s| {
            let cause = s.cause.as_ref().map_or("None".to_owned(), |c| format!("Some(CauseId({c:?}))"));
            let words = both(&s.en, &s.zh);
            format!("WindowsStatus {{ value: {}, name: {:?}, text: {words}, cause: {cause}, source: {:?} }}", s.value, s.name, s.source)
        }),
        rows("CLAIMS", "Claim", &claims, |c| {
            let claim = both(&c.claim_en, &c.claim_zh);
            let (holds, fails) = (both(&c.true_en, &c.true_zh), both(&c.false_en, &c.false_zh));
            format!(
                "Claim {{ id: {:?}, claim: {claim}, holds: {holds}, fails: {fails}, sources: &{:?}, codes: &{:?} }}",
                c.id, c.sources, c.codes
            )
        }),
        rows("PLACES", "Place", &places, |p| {
            let (shows, caveat) = (both(&p.shows_en, &p.shows_zh), both(&p.caveat_en, &p.caveat_zh));
            format!("Place {{ id: {:?}, command: {:?}, shows: {shows}, caveat: {caveat} }}", p.id, p.command)
        }),
    ]
    .concat()
}

fn code(page: &Page<Front>) -> String {
    let Page { front, en, zh } = page;
    let list = |e: &str, z: &str| points(en.list(e), zh.list(z));
    format!(
        "Code {{ code: {}, causes: {}, sources: &{:?}, title: {}, text: {}, as_pid1: {}, beside: {}, check: {} }}",
        front.code,
        cause_ids(&front.causes),
        front.sources,
        both(&en.title, &zh.title),
        both(&en.prose, &zh.prose),
        list("As PID 1", "作为 PID 1"),
        list("Beside a reason", "与 reason 同看"),
        list("Check first", "先查什么"),
    )
}

fn signal(signal: &Signal) -> String {
    let action = match signal.action.as_str() {
        "terminate" => "Action::Terminate",
        "core" => "Action::Core",
        "ignore" => "Action::Ignore",
        "stop" => "Action::Stop",
        "continue" => "Action::Continue",
        word => panic!("signal {}: no such action: {word}", signal.number),
    };
    let ends = match signal.ends_pid1.as_str() {
        "fault" => "EndsPid1::Fault",
        "outside" => "EndsPid1::Outside",
        "no" => "EndsPid1::No",
        word => panic!("signal {}: ends_pid1 = {word}", signal.number),
    };
    format!(
        "Signal {{ number: {}, name: {:?}, action: {action}, ends_pid1: {ends}, typical: {}, advice: {}, elsewhere: {:?} }}",
        signal.number,
        signal.name,
        both(&signal.typical_en, &signal.typical_zh),
        both(&signal.advice_en, &signal.advice_zh),
        signal.elsewhere
    )
}
