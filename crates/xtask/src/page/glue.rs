//! JavaScript around a compiled module.

use std::fs;
use std::path::Path;

use anyhow::Result;

use crate::programs::run_program;

/// Who loads the module.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Target {
    /// A page or worker, without a bundler.
    Web,
    /// A bundler.
    Bundler,
    /// Node, as a module of its own kind.
    Node,
}

/// Writes `NAME.js` and `NAME_bg.wasm` into the folder, and what belongs to them: types only where someone reads them.
pub(crate) fn write(module: &Path, folder: &Path, name: &str, target: Target) -> Result<()> {
    let is_page = matches!(target, Target::Web);
    let target = match target {
        Target::Web => "web",
        Target::Bundler => "bundler",
        Target::Node => "node",
    };
    run_program("xtask-bindgen", [module.as_os_str(), folder.as_os_str(), name.as_ref(), target.as_ref()])?;
    fs::remove_file(folder.join(format!("{name}_bg.wasm.d.ts")))?;
    if is_page {
        fs::remove_file(folder.join(format!("{name}.d.ts")))?;
    }
    Ok(())
}
