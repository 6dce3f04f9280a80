//! Files and folders, read whole.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use exitus_model::ProblemKind;

use crate::Reader;

/// A folder is read down to this depth.
const MAX_DEPTH: usize = 24;

/// At most so many files of one folder are read.
const MAX_FILES: usize = 100_000;

/// A file larger than this is passed over, in bytes.
const MAX_BYTES: u64 = 4 << 30;

/// Reads each path: a file, a folder with all that is in it, or `-` for standard input.
///
/// Files of a folder are read in the order of their names; hidden ones and links to folders are passed over.
pub fn read_paths(reader: &mut Reader, paths: &[PathBuf]) {
    for path in paths {
        if path.as_os_str() == "-" {
            read_stdin(reader);
        } else if path.is_dir() {
            let mut left = MAX_FILES;
            read_folder(reader, path, 0, &mut left);
        } else {
            read_file(reader, path);
        }
    }
}

fn read_stdin(reader: &mut Reader) {
    let mut bytes = Vec::new();
    match std::io::stdin().lock().read_to_end(&mut bytes) {
        Ok(_) => reader.read("-", &bytes),
        Err(error) => reader.problem("-", ProblemKind::Unreadable(error.to_string())),
    }
}

fn read_folder(reader: &mut Reader, folder: &Path, depth: usize, left: &mut usize) {
    let name = folder.to_string_lossy();
    if depth > MAX_DEPTH {
        reader.problem(&name, ProblemKind::FolderLimit(MAX_DEPTH));
        return;
    }
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => {
            reader.problem(&name, ProblemKind::Unreadable(error.to_string()));
            return;
        }
    };
    let mut entries: Vec<fs::DirEntry> = entries.flatten().collect();
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        let path = entry.path();
        let is_folder = entry.file_type().is_ok_and(|t| t.is_dir());
        if is_folder {
            read_folder(reader, &path, depth + 1, left);
        } else if *left == 0 {
            reader.problem(&name, ProblemKind::FolderLimit(MAX_FILES));
            return;
        } else if path.is_file() {
            *left -= 1;
            read_file(reader, &path);
        }
    }
}

fn read_file(reader: &mut Reader, path: &Path) {
    let name = path.to_string_lossy();
    if fs::metadata(path).is_ok_and(|m| m.len() > MAX_BYTES) {
        reader.problem(&name, ProblemKind::TooLarge(MAX_BYTES));
        return;
    }
    match fs::read(path) {
        Ok(bytes) => reader.read(&name, &bytes),
        Err(error) => reader.problem(&name, ProblemKind::Unreadable(error.to_string())),
    }
}
