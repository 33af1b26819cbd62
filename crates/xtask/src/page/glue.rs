//! JavaScript around a compiled module.

use std::fs;
use std::path::Path;

use anyhow::Result;
use xtask::shell::{command, run};

/// Who loads the module.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Target {
    /// A page or worker, without a bundler.
    Web,
}

/// Writes `NAME.js` and `NAME_bg.wasm` into the folder.
pub(crate) fn write(module: &Path, folder: &Path, name: &str, target: Target) -> Result<()> {
    let target = match target {
        Target::Web => "web",
    };
    let mut bindgen = command("cargo run --quiet --locked --package xtask-bindgen --");
    run(bindgen.arg(module).arg(folder).args([name, target]))?;
    for types in [format!("{name}.d.ts"), format!("{name}_bg.wasm.d.ts")] {
        fs::remove_file(folder.join(types))?;
    }
    Ok(())
}
