//! Files and folders.

use std::fs;
use std::path::{Path, PathBuf};

use super::*;

fn read_all(paths: &[&Path]) -> (Snapshot, Vec<String>) {
    let mut reader = Reader::new();
    let paths: Vec<PathBuf> = paths.iter().map(|p| p.to_path_buf()).collect();
    read_paths(&mut reader, &paths);
    let (snapshot, problems) = reader.finish();
    (snapshot, told(&problems))
}

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder for a test");
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("it is inside")).expect("a folder for a test");
        fs::write(path, text).expect("a file for a test");
    }
    folder
}

#[test]
fn a_folder_is_read_whole_in_the_order_of_names() {
    let pod = pod("u", 1, &died(0));
    let folder = folder(&[
        ("b/pods.json", &pod),
        ("a.app.txt", "one\n"),
        ("b/c/d/api.app.previous.txt", "two\n"),
        (".hidden/x.json", "{"),
        ("b/.x.json", "{"),
    ]);
    let (snapshot, problems) = read_all(&[folder.path()]);
    let names: Vec<_> = snapshot
        .files
        .iter()
        .map(|f| f.strip_prefix(folder.path().to_str().expect("UTF-8")).expect("inside"))
        .collect();
    assert_eq!(names, ["/a.app.txt", "/b/c/d/api.app.previous.txt", "/b/pods.json"]);
    assert_eq!((snapshot.pods.len(), snapshot.logs.len(), problems), (1, 2, vec![]));
}

#[test]
fn what_cannot_be_read_is_reported_and_the_rest_is_read() {
    let pod = pod("u", 1, &died(0));
    let folder = folder(&[("pods.json", &pod), ("empty.json", "")]);
    let missing = folder.path().join("missing.json");
    let (snapshot, problems) = read_all(&[&missing, folder.path()]);
    assert_eq!(snapshot.pods.len(), 1);
    assert_eq!(problems.len(), 2, "{problems:?}");
    assert!(problems[0].contains("missing.json Unreadable(\"No such file"), "{problems:?}");
    assert!(problems[1].ends_with("empty.json Empty"), "{problems:?}");
}

#[cfg(unix)]
#[test]
fn links_to_files_are_read_and_links_to_nothing_are_reported() {
    use std::os::unix::fs::symlink;

    let pod = pod("u", 1, &died(0));
    let folder = folder(&[("real/pods.json", &pod), ("dump/x.app.txt", "one\n")]);
    let link = |to: &str, from: &str| {
        symlink(folder.path().join(to), folder.path().join(from)).expect("a link for a test");
    };
    link("real/pods.json", "dump/pods.json");
    link("nowhere", "dump/gone.json");
    link("dump", "dump/around");
    let (snapshot, problems) = read_all(&[&folder.path().join("dump")]);
    assert_eq!((snapshot.pods.len(), snapshot.logs.len()), (1, 1));
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(problems[0].contains("gone.json Unreadable(\"No such file"), "{problems:?}");
}

#[test]
fn a_folder_too_deep_is_reported() {
    let deep = "d/".repeat(30) + "pods.json";
    let folder = folder(&[("pods.json", &pod("u", 1, &died(0))), (&deep, "{}")]);
    let (snapshot, problems) = read_all(&[folder.path()]);
    assert_eq!(snapshot.pods.len(), 1);
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(problems[0].ends_with("FolderLimit(24)"), "{problems:?}");
}
