//! Files that the program itself writes and that are kept with the sources: the reference, manual pages, completion.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, process};

use anyhow::{Context as _, Result, ensure};

use crate::workspace::{read, release_binary, root, write};

/// Folders that hold nothing but generated files.
const FOLDERS: [&str; 3] = ["docs/reference", "docs/man", "completions"];

/// The lists of `exitus explain`.
const LISTS: [&str; 4] = ["codes", "signals", "reasons", "causes"];

/// Languages, each with the end of its files' names.
const LANGUAGES: [(&str, &str); 2] = [("en", ".md"), ("zh", ".zh.md")];

/// Shells, each with the file that its script is known by.
const SHELLS: [(&str, &str); 5] = [
    ("bash", "exitus.bash"),
    ("zsh", "_exitus"),
    ("fish", "exitus.fish"),
    ("powershell", "exitus.ps1"),
    ("kubectl", "kubectl_complete-exitus"),
];

/// Contents by path below the workspace.
type Files = BTreeMap<PathBuf, String>;

/// Fails where a file differs, is missing, or should not be there.
pub(crate) fn check() -> Result<()> {
    let made = make()?;
    let kept = kept()?;
    let is_old = |path: &&PathBuf| made.get(*path) != kept.get(*path);
    let old: Vec<_> =
        made.keys().chain(kept.keys()).filter(is_old).map(|p| p.display().to_string()).collect();
    ensure!(old.is_empty(), "not what the program writes (run `cargo xtask generate`): {}", old.join(", "));
    println!("{} generated files are what the program writes", made.len());
    Ok(())
}

/// Writes all anew.
pub(crate) fn write_files() -> Result<()> {
    let made = make()?;
    for path in kept()?.keys().filter(|p| !made.contains_key(*p)) {
        fs::remove_file(root().join(path)).with_context(|| format!("cannot remove {}", path.display()))?;
    }
    for (path, text) in &made {
        let path = root().join(path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        }
        write(&path, text)?;
    }
    println!("{} files written", made.len());
    Ok(())
}

fn make() -> Result<Files> {
    let binary = release_binary()?;
    let mut files = Files::new();
    for list in LISTS {
        for (language, end) in LANGUAGES {
            let text = output(&binary, &["explain", "--list", list, "-o", "markdown", "--lang", language])?;
            files.insert(Path::new("docs/reference").join(format!("{list}{end}")), text);
        }
    }
    for (shell, file) in SHELLS {
        files.insert(Path::new("completions").join(file), output(&binary, &["completions", shell])?);
    }
    let folder = env::temp_dir().join(format!("exitus-man-{}", process::id()));
    let pages = manual(&binary, &folder);
    let _ = fs::remove_dir_all(&folder);
    files.extend(pages?);
    Ok(files)
}

fn manual(binary: &Path, folder: &Path) -> Result<Files> {
    output(binary, &["man", &folder.to_string_lossy()])?;
    let pages = folder_files(folder)?;
    Ok(pages.into_iter().map(|(name, text)| (Path::new("docs/man").join(name), text)).collect())
}

fn kept() -> Result<Files> {
    let mut files = Files::new();
    for folder in FOLDERS.map(Path::new) {
        let path = root().join(folder);
        if path.is_dir() {
            files.extend(folder_files(&path)?.into_iter().map(|(name, text)| (folder.join(name), text)));
        }
    }
    Ok(files)
}

fn folder_files(folder: &Path) -> Result<Files> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    entries
        .map(|entry| {
            let entry = entry?;
            Ok((PathBuf::from(entry.file_name()), read(&entry.path())?))
        })
        .collect()
}

fn output(binary: &Path, args: &[&str]) -> Result<String> {
    let output = Command::new(binary).args(args).env("LANG", "C").env_remove("LC_ALL").output()?;
    ensure!(
        output.status.success(),
        "`exitus {}`: {}",
        args.join(" "),
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).context("the output is no UTF-8")
}
