//! What makes the files one version: `build.js`, by which page and worker know theirs, and the service worker, which
//! keeps them for offline use all together.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use super::files;
use super::html::sha256;
use xtask::shell::root;

const TEMPLATE: &str = "web/service-worker.js";

/// The line of `build.js` and of the template that is written anew.
const BUILD: &str = "const BUILD = ";

/// Writes `build.js` and `service-worker.js`. In a build for development, nothing is kept.
pub(crate) fn write(folder: &Path, dev: bool) -> Result<()> {
    let mut kept = Vec::new();
    let mut engine = 0;
    for file in files(folder)? {
        let bytes = fs::read(folder.join(&file))?;
        let path = file.to_string_lossy().replace('\\', "/");
        if path == "revproof_wasm_bg.wasm" {
            engine = bytes.len();
        }
        // Nothing in the page asks for texts that are only there because licences want it.
        if file.extension().is_none_or(|extension| extension != "txt") {
            kept.push((path, sha256(&bytes)));
        }
    }
    let version = version(&kept);
    let build = format!("{{ version: \"{version}\", dev: {dev}, engine: {engine} }}");
    let text = filled(&fs::read_to_string(root().join("web/build.js"))?, &build).context("web/build.js")?;
    kept.push(("build.js".to_owned(), sha256(text.as_bytes())));
    fs::write(folder.join("build.js"), text)?;

    let template = fs::read_to_string(root().join(TEMPLATE)).with_context(|| format!("cannot read {TEMPLATE}"))?;
    let list = if dev { &[] } else { kept.as_slice() };
    let build = format!("{{ version: \"{version}\", files: {{{}}} }}", entries(list));
    fs::write(folder.join("service-worker.js"), filled(&template, &build).context(TEMPLATE)?)?;
    Ok(())
}

/// A name for exactly these files.
fn version(files: &[(String, String)]) -> String {
    let hash = sha256(entries(files).as_bytes());
    hash.chars().skip("sha256-".len()).filter(char::is_ascii_alphanumeric).take(12).collect()
}

fn entries(files: &[(String, String)]) -> String {
    let mut text = String::new();
    for (path, hash) in files {
        _ = write!(text, "\n  \"{path}\": \"{hash}\",");
    }
    text
}

/// The template with another value in its line.
fn filled(template: &str, value: &str) -> Result<String> {
    ensure!(template.lines().filter(|line| line.contains(BUILD)).count() == 1, "not one line has `{BUILD}`");
    let line = |line: &str| match line.split_once(BUILD) {
        Some((before, _)) => format!("{before}{BUILD}{value};\n"),
        None => format!("{line}\n"),
    };
    Ok(template.lines().map(line).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_line_of_the_build_is_written_anew() {
        let template = "// A\nexport const BUILD = { version: null };\nb(BUILD);\n";
        assert_eq!(
            filled(template, "{ version: \"1\" }").unwrap(),
            "// A\nexport const BUILD = { version: \"1\" };\nb(BUILD);\n"
        );
        assert!(filled("nothing", "1").is_err());
    }

    #[test]
    fn another_file_makes_another_version() {
        let files = |hash: &str| [("a.js".to_owned(), hash.to_owned())];
        assert_eq!(version(&files("x")), version(&files("x")));
        assert_ne!(version(&files("x")), version(&files("y")));
    }
}
