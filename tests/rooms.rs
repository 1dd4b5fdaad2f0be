//! Each room of `src/` uses only rooms above it, in the order of the map in `src/lib.rs`.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a test may fail")]

use std::fs;
use std::path::{Path, PathBuf};

fn rooms() -> Vec<String> {
    let map = fs::read_to_string("src/lib.rs").unwrap();
    let row = |line: &str| Some(line.strip_prefix("//! | [`")?.split('`').next()?.to_owned());
    map.lines().filter_map(row).collect()
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn every_room_uses_only_rooms_above_it() {
    let rooms = rooms();
    let modules = fs::read_to_string("src/lib.rs").unwrap();
    let declared = modules.lines().filter(|line| line.starts_with("pub mod")).count();
    assert_eq!(rooms.len(), declared, "the map in src/lib.rs names every room once");
    let mut faults = Vec::new();
    for (place, room) in rooms.iter().enumerate() {
        let mut own = vec![PathBuf::from(format!("src/{room}.rs"))];
        let folder = PathBuf::from(format!("src/{room}"));
        if folder.is_dir() {
            files(&folder, &mut own);
        }
        for path in own.iter().filter(|path| path.is_file()) {
            // What tests put together by hand is their own business.
            if path.components().any(|part| part.as_os_str() == "tests") {
                continue;
            }
            let text = fs::read_to_string(path).unwrap();
            for below in rooms.iter().skip(place + 1) {
                if text.contains(&format!("crate::{below}::")) || text.contains(&format!("crate::{below};")) {
                    faults.push(format!("{} uses {below}, which is below {room}", path.display()));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
