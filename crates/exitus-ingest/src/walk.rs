//! Files and folders, read whole.

use std::fs;
use std::io::Read;
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
            let mut budget = Budget { files: MAX_FILES, is_told: false };
            read_folder(reader, path, 0, &mut budget);
        } else {
            read_file(reader, path);
        }
    }
}

/// How much of a folder may still be read.
struct Budget {
    files: usize,
    /// The problem is reported once, not by every folder.
    is_told: bool,
}

fn read_stdin(reader: &mut Reader) {
    read_bytes(reader, "-", std::io::stdin().lock());
}

/// Reads up to [`MAX_BYTES`]: a device or a pipe need not end.
fn read_bytes(reader: &mut Reader, name: &str, source: impl Read) {
    let mut bytes = Vec::new();
    match source.take(MAX_BYTES + 1).read_to_end(&mut bytes) {
        Ok(length) if length as u64 > MAX_BYTES => reader.problem(name, ProblemKind::TooLarge(MAX_BYTES)),
        Ok(_) => reader.read(name, &bytes),
        Err(error) => reader.problem(name, ProblemKind::Unreadable(error.to_string())),
    }
}

fn read_folder(reader: &mut Reader, folder: &Path, depth: usize, budget: &mut Budget) {
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
        if entry.file_type().is_ok_and(|t| t.is_dir()) {
            read_folder(reader, &path, depth + 1, budget);
            continue;
        }
        match fs::metadata(&path) {
            Ok(found) if !found.is_file() => {}
            Ok(_) if budget.files == 0 => {
                if !std::mem::replace(&mut budget.is_told, true) {
                    reader.problem(&name, ProblemKind::FolderLimit(MAX_FILES));
                }
                return;
            }
            Ok(_) => {
                budget.files -= 1;
                read_file(reader, &path);
            }
            // A link to nothing, for example.
            Err(error) => reader.problem(&path.to_string_lossy(), ProblemKind::Unreadable(error.to_string())),
        }
    }
}

fn read_file(reader: &mut Reader, path: &Path) {
    let name = path.to_string_lossy();
    if fs::metadata(path).is_ok_and(|m| m.len() > MAX_BYTES) {
        reader.problem(&name, ProblemKind::TooLarge(MAX_BYTES));
        return;
    }
    match fs::File::open(path) {
        Ok(file) => read_bytes(reader, &name, file),
        Err(error) => reader.problem(&name, ProblemKind::Unreadable(error.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_with_too_many_files_is_read_up_to_the_limit_and_reported_once() {
        let folder = tempfile::tempdir().expect("a folder for a test");
        for part in ["a", "b", "c"] {
            let inner = folder.path().join(part);
            fs::create_dir(&inner).expect("a folder for a test");
            for name in ["x.app.txt", "y.app.txt"] {
                fs::write(inner.join(name), "words\n").expect("a file for a test");
            }
        }
        let mut reader = Reader::new();
        read_folder(&mut reader, folder.path(), 0, &mut Budget { files: 3, is_told: false });
        let (snapshot, problems) = reader.finish();
        assert_eq!(snapshot.logs.len(), 3);
        let limits: Vec<_> = problems.iter().map(|p| (p.input.ends_with("/b"), &p.kind)).collect();
        assert_eq!(limits, [(true, &ProblemKind::FolderLimit(MAX_FILES))]);
    }

    #[test]
    fn a_source_that_fails_midway_is_reported() {
        let mut reader = Reader::new();
        read_bytes(&mut reader, "x", "kind: Pod\n".as_bytes().chain(Broken));
        let (_, problems) = reader.finish();
        assert_eq!(problems[0].kind, ProblemKind::Unreadable("it broke".to_owned()));
    }

    /// A source that fails.
    struct Broken;

    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("it broke"))
        }
    }
}
