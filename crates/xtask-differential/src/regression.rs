//! The chains on which the two once disagreed: each with what the real thing did, so that a test without any server holds
//! revproof to it.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use revproof_core::schema::Dialect;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use xtask::shell::root;

use crate::chain::Script;
use crate::driver::Driver;
use crate::trial;

/// Where they are kept, one file each.
const FOLDER: &str = "crates/xtask-differential/regressions";

/// A kept chain.
#[derive(Debug, Serialize, Deserialize)]
struct Regression {
    /// What they once disagreed in.
    about: String,
    dialect: Dialect,
    /// Whether the tables had the made-up rows.
    rows: bool,
    scripts: Vec<Script>,
    /// What the driver answered.
    answer: Value,
}

/// Keeps a chain.
pub(crate) fn keep(about: &str, scripts: &[Script], dialect: Dialect, rows: bool, answer: &Value) -> Result<()> {
    let kept = Regression { about: about.to_owned(), dialect, rows, scripts: scripts.to_vec(), answer: answer.clone() };
    write(&file_of(about, dialect), &kept)
}

/// Runs the kept chains through the real thing and writes its answers beside them.
pub(crate) fn record_all(dialects: &[Dialect]) -> Result<()> {
    for dialect in dialects {
        let mut driver = Driver::start(*dialect)?;
        for file in files()? {
            let mut kept = read(&file)?;
            if kept.dialect == *dialect {
                kept.answer = trial::run(&mut driver, &kept.scripts, *dialect, kept.rows)?.1;
                write(&file, &kept)?;
            }
        }
    }
    Ok(())
}

/// A name of a file that has none yet.
fn file_of(about: &str, dialect: Dialect) -> PathBuf {
    let words: String = about.to_lowercase().chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    let name = words.split_whitespace().collect::<Vec<_>>().join("-");
    let folder = root().join(FOLDER);
    let path = |number: usize| folder.join(format!("{dialect}-{name}-{number}.json"));
    (1..=9999).map(path).find(|path| !path.exists()).unwrap_or_default()
}

fn files() -> Result<Vec<PathBuf>> {
    let folder = root().join(FOLDER);
    let entries = fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.sort();
    Ok(files)
}

fn read(file: &PathBuf) -> Result<Regression> {
    let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is no regression", file.display()))
}

fn write(file: &PathBuf, kept: &Regression) -> Result<()> {
    let text = serde_json::to_string_pretty(kept)? + "\n";
    fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::{files, read};
    use crate::compare::compare;
    use crate::ours::prove;
    use crate::trial::disagreement;

    #[test]
    fn what_once_differed_agrees() {
        let mut differ = Vec::new();
        for file in files().expect("there is a folder of regressions") {
            let kept = read(&file).expect("a regression");
            let (said, _) = prove(&kept.scripts, kept.dialect, kept.rows);
            assert_eq!(said.len(), kept.scripts.len(), "{}: a script is not read", file.display());
            let points = compare(kept.dialect, &said, &kept.answer);
            differ.extend(disagreement(&points).map(|point| format!("{}: {point:?}", file.display())));
        }
        assert!(differ.is_empty(), "{}", differ.join("\n"));
    }
}
