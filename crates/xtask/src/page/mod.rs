//! `cargo xtask web`: the playground as a folder of plain files, which any server can serve.

mod glue;
mod html;
mod listing;
mod offline;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
pub(crate) use glue::{Target, write as write_glue};
pub(crate) use html::{policy, sha256};
pub(crate) use listing::gzip;
use xtask::shell::{command, root, run, run_aside};

use crate::package;
use crate::wasm::{Toolchain, toolchain};

/// Where the playground goes.
pub(crate) const DIST: &str = "dist";

/// The folder of the page's own files. They are named as they are served.
const STATIC: &str = "web/static";

/// What is served from elsewhere: where it lies, what it is called.
const COPIED: [(&str, &str); 5] = [
    ("web/boot.js", "boot.js"),
    ("web/worker.js", "worker.js"),
    ("web/style.css", "style.css"),
    ("web/editor/editor.bundle.js", "editor.js"),
    ("web/editor/LICENSES.txt", "editor.LICENSES.txt"),
];

/// The profile of what is shipped.
const SHIPPED: &str = "web";

/// The packages that are compiled for the browser: the module's file, and the name of the glue.
const MODULES: [(&str, &str); 2] = [("revproof-web", "revproof_web"), ("revproof_wasm", "revproof_wasm")];

/// Builds it. The folder changes at once, or, where something fails, not at all.
pub(crate) fn build(dev: bool) -> Result<()> {
    let fresh = root().join(".dist-new");
    remove(&fresh)?;
    fs::create_dir_all(&fresh)?;
    fill(&fresh, dev)?;
    let (dist, old) = (root().join(DIST), root().join(".dist-old"));
    remove(&old)?;
    if dist.exists() {
        fs::rename(&dist, &old)?;
    }
    fs::rename(&fresh, &dist)?;
    remove(&old)?;
    listing::print(&dist)
}

fn fill(folder: &Path, dev: bool) -> Result<()> {
    let (toolchain, profile) = (toolchain()?, if dev { "web-dev" } else { SHIPPED });
    for mut compiler in compilers(&toolchain, profile) {
        run(&mut compiler)?;
    }
    for (module, name) in MODULES {
        write_glue(&toolchain.built(profile).join(format!("{module}.wasm")), folder, name, Target::Web)?;
    }
    for (from, to) in COPIED {
        let text = fs::read_to_string(root().join(from)).with_context(|| format!("cannot read {from}"))?;
        // What the editor is made of says itself under which licences.
        let ours = !from.starts_with("web/editor/");
        fs::write(folder.join(to), if ours { without_comments(&text) } else { text })?;
    }
    for entry in fs::read_dir(root().join(STATIC)).with_context(|| format!("cannot read {STATIC}"))? {
        let entry = entry?;
        fs::copy(entry.path(), folder.join(entry.file_name()))?;
    }
    fs::write(folder.join("index.html"), html::page(&fs::read_to_string(root().join("index.html"))?)?)?;
    offline::write(folder, dev)
}

/// A script or style sheet of ours without the lines that are comments, which are a tenth of what would be sent.
fn without_comments(text: &str) -> String {
    let mut within = false;
    let mut kept = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim();
        within |= trimmed.starts_with("/*");
        if !within && !trimmed.starts_with("//") && !trimmed.is_empty() {
            kept.push_str(line);
        }
        within &= !trimmed.ends_with("*/");
    }
    kept
}

/// Compiles the playground and the tests' npm package beside something else: most of it occupies one processor.
pub(crate) fn compile_aside() -> Result<()> {
    let toolchain = toolchain()?;
    let page = compilers(&toolchain, SHIPPED);
    page.into_iter().chain([package::compiler(&toolchain, true)]).try_for_each(|mut compiler| run_aside(&mut compiler))
}

/// What compiles the modules.
fn compilers(toolchain: &Toolchain, profile: &str) -> [Command; 2] {
    ["revproof-web", "revproof-wasm"].map(|package| {
        let mut cargo = command(&format!("cargo build --locked --package {package} --profile {profile}"));
        toolchain.apply(&mut cargo);
        cargo
    })
}

fn remove(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    Ok(())
}

/// All files of a folder and of those within, by path from it, in order.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    fn walk(folder: &Path, within: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
        for entry in fs::read_dir(folder.join(within))? {
            let entry = entry?;
            let path = within.join(entry.file_name());
            if entry.file_type()?.is_dir() {
                walk(folder, &path, found)?;
            } else {
                found.push(path);
            }
        }
        Ok(())
    }
    ensure!(folder.is_dir(), "there is no {}: run `cargo xtask web`", folder.display());
    let mut found = Vec::new();
    walk(folder, Path::new(""), &mut found)?;
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_left_out_and_code_is_not() {
        let text =
            "// What it is.\na(\"// b\"); // c\n\n/* One\n   and more. */\n  d { e: f; } /* g */\n  /* h */\n}\n";
        assert_eq!(without_comments(text), "a(\"// b\"); // c\n  d { e: f; } /* g */\n}\n");
    }
}
