//! `causes/*.md`: one page for each cause.

use std::fmt::Write as _;
use std::path::Path;

use crate::input::{Bilingual, Page, files, page};
use crate::rust::{constant, doc, text};

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Front {
    family: String,
    severity: String,
    fallback: Option<String>,
    references: Vec<String>,
    #[serde(default)]
    remedy: Vec<Remedy>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Remedy {
    risk: String,
    command: Option<String>,
    en: String,
    zh: String,
}

pub(crate) fn table() -> String {
    let mut table = String::from("pub(crate) static CAUSES: &[Cause] = &[\n");
    let mut ids = String::new();
    for path in files("causes", "md") {
        let id = path.file_stem().and_then(|s| s.to_str()).expect("a file name in ASCII").to_owned();
        let page: Page<Front> = page(&path);
        let constant = constant(&id);
        writeln!(ids, "/// {}\npub const {constant}: CauseId = CauseId({id:?});", doc(&page.en.title))
            .expect("a string");
        writeln!(table, "{}", cause(&path, &id, page)).expect("a string");
    }
    format!(
        "{table}];\n/// The id of every cause.\npub mod cause_id {{\nuse exitus_model::CauseId;\n{ids}}}\n"
    )
}

fn cause(path: &Path, id: &str, page: Page<Front>) -> String {
    let Page { front, en, zh } = page;
    let remedies: Vec<String> = front.remedy.into_iter().map(|r| remedy(path, r)).collect();
    let (decided_en, decided_zh) = (en.list("Decided by"), zh.list("判定依据"));
    format!(
        "Cause {{ id: CauseId({id:?}), family: {:?}, severity: {}, fallback: {}, references: &{:?}, \
         remedies: &[{}], title: {}, explanation: {}, decided_by: {} }},",
        front.family,
        severity(path, &front.severity),
        front.fallback.map_or("None".to_owned(), |f| format!("Some(CauseId({f:?}))")),
        front.references,
        remedies.join(", "),
        text(&Bilingual { en: en.title.clone(), zh: zh.title.clone() }),
        text(&Bilingual { en: en.prose.clone(), zh: zh.prose.clone() }),
        crate::rust::points(decided_en, decided_zh),
    )
}

fn remedy(path: &Path, remedy: Remedy) -> String {
    let risk = match remedy.risk.as_str() {
        "read-only" => "Risk::ReadOnly",
        "changes" => "Risk::Changes",
        "destructive" => "Risk::Destructive",
        word => panic!("{}: no such risk: {word}", path.display()),
    };
    let words = text(&Bilingual { en: remedy.en, zh: remedy.zh });
    format!("Remedy {{ risk: {risk}, command: {:?}, text: {words} }}", remedy.command)
}

fn severity(path: &Path, word: &str) -> &'static str {
    match word {
        "info" => "Severity::Info",
        "warning" => "Severity::Warning",
        "error" => "Severity::Error",
        _ => panic!("{}: no such severity: {word}", path.display()),
    }
}
