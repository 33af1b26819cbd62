//! `cargo xtask package`: the npm package, and its tests in Node.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use xtask::shell::{command, root, run};

use crate::npm;
use crate::page::{Target, write_glue};
use crate::programs::program;
use crate::wasm::{Toolchain, toolchain};

/// Where the package is described.
const SOURCE: &str = "crates/revproof-npm";
/// Where its tests are.
const TESTS: &str = "tests/package";
/// Its files, as glue of wasm-bindgen: bundlers take the first, Node a file of its own.
const NAME: &str = "revproof";
const NODE: &str = "node.js";

/// What compiles its module: small, or, for tests, quickly.
pub(crate) fn compiler(toolchain: &Toolchain, quickly: bool) -> Command {
    let mut cargo = command("cargo rustc --package revproof-npm --locked --profile web");
    toolchain.apply(&mut cargo);
    if quickly {
        // The dependencies are those of the playground's engine, which are compiled already.
        cargo.args(["--", "-Clto=thin", "-Copt-level=1", "-Ccodegen-units=16"]);
    }
    cargo
}

/// Builds the package. Returns its folder, which `npm publish` takes.
pub(crate) fn build(quickly: bool) -> Result<PathBuf> {
    let toolchain = toolchain()?;
    run(&mut compiler(&toolchain, quickly))?;
    let module = toolchain.built("web").join("revproof_npm.wasm");
    let parent = root().join("target/npm");
    let (folder, for_node) = (parent.join(NAME), parent.join("node"));
    for folder in [&folder, &for_node] {
        if folder.exists() {
            fs::remove_dir_all(folder)?;
        }
        fs::create_dir_all(folder)?;
    }
    write_glue(&module, &folder, NAME, Target::Bundler)?;
    write_glue(&module, &for_node, NAME, Target::Node)?;
    let same = |name: &str| Ok::<bool, std::io::Error>(fs::read(folder.join(name))? == fs::read(for_node.join(name))?);
    let wasm = format!("{NAME}_bg.wasm");
    ensure!(same(&wasm)?, "bundlers and Node do not take the same {wasm} any more: give each a file of its own");
    fs::copy(for_node.join(format!("{NAME}.js")), folder.join(NODE))?;
    fs::write(folder.join("package.json"), manifest()?)?;
    for (from, to) in [(SOURCE, "README.md"), ("", "LICENSE-APACHE"), ("", "LICENSE-MIT")] {
        let from = root().join(from).join(to);
        fs::copy(&from, folder.join(to)).with_context(|| format!("cannot copy {}", from.display()))?;
    }
    Ok(folder)
}

/// `package.json`, which has to be of this version.
fn manifest() -> Result<String> {
    let path = Path::new(SOURCE).join("package.json");
    let text = fs::read_to_string(root().join(&path)).with_context(|| format!("cannot read {}", path.display()))?;
    let version = format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"));
    ensure!(text.contains(&version), "{} must say {version}", path.display());
    Ok(text)
}

/// Builds the package and runs its tests in Node: what its README shows, and its types.
pub(crate) fn run_tests() -> Result<()> {
    npm::prepare(TESTS)?;
    let package = build(true)?;
    let folder = root().join(TESTS);
    run(npm::node(&folder, &["--test", "--test-reporter=spec", "package.test.js"])
        .env("PACKAGE", package)
        .env("REVPROOF", program("revproof")?))
}
