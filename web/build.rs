//! Writes the list of the sample chains, with the texts of their files, into the page.

use std::env;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

fn main() {
    let chains = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations").canonicalize().expect("it is there");
    println!("cargo::rerun-if-changed={}", chains.display());
    let mut list = String::from("&[\n");
    for chain in entries(&chains).iter().filter(|path| path.is_dir()) {
        writeln!(list, "    ({:?}, &[", name(chain)).expect("a String takes all");
        for file in files(chain) {
            let path = file.strip_prefix(&chains).expect("it was found there").to_string_lossy();
            writeln!(list, "        ({path:?}, include_str!({:?})),", file.to_string_lossy())
                .expect("a String takes all");
        }
        list.push_str("    ]),\n");
    }
    list.push(']');
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo says where")).join("chains.rs");
    fs::write(out, list).expect("the folder is there");
}

/// What lies in a folder, in order of name.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let read = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = read.map(|entry| entry.expect("it can be read").path()).collect();
    paths.sort();
    paths
}

/// The files that revproof reads, of a folder and those within.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in entries(folder) {
        if path.is_dir() && name(&path) != "__pycache__" {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|extension| extension == "py" || extension == "ini") {
            found.push(path.canonicalize().expect("it is there"));
        }
    }
    found
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
