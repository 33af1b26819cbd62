//! `cargo xtask docs`: the pages of the manual that are made from the code.

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use revproof_core::config::KEYS;

use xtask::shell::{output, root};

/// Writes the pages, or, with `check`, fails where one is not up to date.
pub(crate) fn run_all(check: bool) -> Result<()> {
    let mut stale: Vec<String> = Vec::new();
    let pages = pages()?;
    for (path, text) in &pages {
        let file = root().join(path);
        if fs::read_to_string(&file).is_ok_and(|old| old == *text) {
            continue;
        }
        if check {
            stale.push(path.clone());
        } else {
            fs::create_dir_all(file.parent().unwrap_or(Path::new(".")))?;
            fs::write(&file, text)?;
            eprintln!("wrote {path}");
        }
    }
    stale.extend(gone(&pages)?);
    ensure!(stale.is_empty(), "not up to date: {}; run `cargo xtask docs`", stale.join(", "));
    eprintln!("{} generated pages are up to date", pages.len());
    Ok(())
}

fn pages() -> Result<Vec<(String, String)>> {
    let mut pages = vec![("docs/configuration.md".to_owned(), configuration()), ("docs/cli.md".to_owned(), cli()?)];
    pages.extend(revproof_core::lint::docs::all());
    Ok(pages)
}

/// Pages of rules that are no more; nobody but a person should delete a file.
fn gone(pages: &[(String, String)]) -> Result<Vec<String>> {
    let mut gone = Vec::new();
    for entry in fs::read_dir(root().join("docs/rules"))? {
        let path = format!("docs/rules/{}", entry?.file_name().to_string_lossy());
        if pages.iter().all(|(page, _)| *page != path) {
            gone.push(format!("{path} (of a rule that is no more: delete it)"));
        }
    }
    Ok(gone)
}

fn configuration() -> String {
    let mut page = String::from(
        "# Configuration\n\n\
         revproof reads the nearest `revproof.toml` at or above the path that it proves, or the table `[tool.revproof]` of \
         the nearest `pyproject.toml`; `--config FILE` names another one. Arguments win over the file. A setting that does \
         not exist is an error that names the nearest one that does.\n\n\
         This page is made from the code by `cargo xtask docs`.\n",
    );
    for key in KEYS {
        let (name, takes, default, about, example) = (key.name, key.takes, key.default, key.about, key.example);
        _ = write!(page, "\n## `{name}`\n\n{about}\n\nTakes {takes}. Default: {default}.\n\n```toml\n{example}\n```\n");
    }
    page
}

fn cli() -> Result<String> {
    let binary =
        std::env::var_os("REVPROOF").context("REVPROOF has to name the command; `cargo xtask docs` sees to that")?;
    let mut page = String::from(
        "# The command\n\n\
         Exit codes: 0, nothing at or over `--fail-on`; 1, findings; 2, it could not run, and one line on stderr says why.\n\n\
         This page is made from the code by `cargo xtask docs`.\n",
    );
    let help = |subcommand: Option<&str>| -> Result<String> {
        let text = output(Command::new(&binary).args(subcommand).arg("--help").env("COLUMNS", "100"))?;
        Ok(text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n"))
    };
    let main = help(None)?;
    _ = write!(page, "\n## `revproof`\n\n```text\n{main}\n```\n");
    for name in commands(&main) {
        _ = write!(page, "\n## `revproof {name}`\n\n```text\n{}\n```\n", help(Some(name))?);
    }
    Ok(page)
}

/// The commands that the help lists.
fn commands(help: &str) -> impl Iterator<Item = &str> {
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names = listed.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    names.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help")
}
