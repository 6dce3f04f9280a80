//! Compiles `signatures/*.toml` into static tables: what the program needs, and apart from it the samples that
//! only tests read.
#![allow(clippy::panic, reason = "a build without its data has to end, and says why")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    signature: Vec<Signature>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Signature {
    id: String,
    kind: Option<String>,
    cause: Option<String>,
    literals: Vec<String>,
    pattern: String,
    line: String,
    decides: bool,
    rank: u8,
    #[serde(default)]
    codes: Vec<i64>,
    #[serde(default)]
    only_in_block: bool,
    #[serde(default)]
    beside: Vec<String>,
    samples: Vec<String>,
    counter_samples: Vec<String>,
}

fn main() {
    println!("cargo::rerun-if-changed=signatures");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    let manifest = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR"));
    let signatures: Vec<Signature> =
        files(&manifest.join("signatures")).iter().flat_map(|path| load(path)).collect();
    fs::write(out.join("signatures.rs"), table(&signatures)).expect("OUT_DIR is writable");
    fs::write(out.join("signature_samples.rs"), samples(&signatures)).expect("OUT_DIR is writable");
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap_or_else(|e| panic!("{}: {e}", folder.display()))
        .map(|entry| entry.expect("a readable folder").path())
        .filter(|path| path.extension().is_some_and(|e| e == "toml"))
        .collect();
    files.sort();
    files
}

fn load(path: &Path) -> Vec<Signature> {
    let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let file: File = toml::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    for signature in &file.signature {
        if let Err(why) = check(signature) {
            panic!("{}: {}: {why}", path.display(), signature.id);
        }
    }
    file.signature
}

fn check(signature: &Signature) -> Result<(), &'static str> {
    match (&signature.kind, &signature.cause) {
        (None, Some(_)) => {}
        (Some(kind), None) if kind == "stop" => {}
        _ => return Err("needs a cause, or kind = \"stop\" and none"),
    }
    if signature.literals.is_empty()
        || signature.literals.iter().any(|l| l.is_empty() || *l != l.to_ascii_lowercase())
    {
        return Err("needs literals, in lower case");
    }
    if !matches!(signature.line.as_str(), "first" | "last") {
        return Err("line is \"first\" or \"last\"");
    }
    if signature.rank > 2 {
        return Err("rank is 0, 1 or 2");
    }
    if signature.samples.is_empty() || signature.counter_samples.is_empty() {
        return Err("needs a sample and a counter-sample");
    }
    Ok(())
}

fn table(signatures: &[Signature]) -> String {
    let mut table = format!("pub(crate) static SIGNATURES: [Signature; {}] = [\n", signatures.len());
    for s in signatures {
        let cause = s.cause.as_ref().map_or("None".to_owned(), |cause| format!("Some(CauseId({cause:?}))"));
        let line = if s.line == "first" { "First" } else { "Last" };
        writeln!(
            table,
            "Signature {{ id: {:?}, cause: {cause}, literals: &{:?}, pattern: {:?}, line: Line::{line}, \
             decides: {}, rank: {}, codes: &{:?}, only_in_block: {}, beside: &{:?}, regex: OnceLock::new() }},",
            s.id, s.literals, s.pattern, s.decides, s.rank, s.codes, s.only_in_block, s.beside
        )
        .expect("a string");
    }
    table + "];\n"
}

fn samples(signatures: &[Signature]) -> String {
    let mut table = String::from("static SAMPLES: &[Samples] = &[\n");
    for s in signatures {
        writeln!(
            table,
            "Samples {{ id: {:?}, matching: &{:?}, other: &{:?} }},",
            s.id, s.samples, s.counter_samples
        )
        .expect("a string");
    }
    table + "];\n"
}
