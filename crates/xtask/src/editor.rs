//! `cargo xtask editor`: bundles the editor of the playground. The bundle is committed, so that nobody needs Node to
//! build the playground; its first line names the sources it was made of.

use std::fs;
use std::path::Path;

use anyhow::{Result, ensure};
use xtask::shell::{root, run};

use crate::npm;
use crate::page::sha256;

const FOLDER: &str = "web/editor";
const BUNDLE: &str = "editor.bundle.js";
const LICENSES: &str = "LICENSES.txt";

/// Writes the bundle and its licences, or, with `check`, fails where they are not what the sources give.
pub(crate) fn bundle(check: bool) -> Result<()> {
    let (place, made) = (root().join(FOLDER), root().join("target/editor"));
    npm::prepare(FOLDER)?;
    fs::create_dir_all(&made)?;
    run(npm::node(&place, &["build.js"]).arg(&made))?;
    let code = fs::read_to_string(made.join(BUNDLE))?;
    let bundle = format!("// Made by `cargo xtask editor` of {}\n{code}", sources(&place)?);
    let licenses = fs::read_to_string(made.join(LICENSES))?;
    for (file, text) in [(BUNDLE, bundle), (LICENSES, licenses)] {
        let file = place.join(file);
        if check {
            let same = fs::read_to_string(&file).is_ok_and(|old| old == text);
            ensure!(same, "{} is not what its sources give: run `cargo xtask editor`", file.display());
        } else {
            fs::write(&file, text)?;
        }
    }
    eprintln!("{FOLDER}/{BUNDLE} is up to date");
    Ok(())
}

/// A name for everything that the bundle is made of.
fn sources(place: &Path) -> Result<String> {
    let mut files = vec![place.join("build.js"), place.join("package.json"), place.join("package-lock.json")];
    for entry in fs::read_dir(place.join("source"))? {
        files.push(entry?.path());
    }
    files.sort();
    let mut texts = String::new();
    for file in files {
        texts.push_str(&file.strip_prefix(place)?.to_string_lossy());
        // Git may check the files out with other line ends.
        texts.push_str(&fs::read_to_string(&file)?.replace("\r\n", "\n"));
    }
    Ok(sha256(texts.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether it is byte for byte what the sources give, `cargo xtask editor --check` finds out, which needs Node.
    #[test]
    fn the_bundle_is_of_the_sources_that_are_here() {
        let place = root().join(FOLDER);
        let bundle = fs::read_to_string(place.join(BUNDLE)).unwrap();
        let first = bundle.lines().next().unwrap();
        assert!(first.ends_with(&sources(&place).unwrap()), "{BUNDLE} is stale: run `cargo xtask editor`");
    }
}
