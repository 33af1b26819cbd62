//! `revproof list-templates`.

use std::fmt::Write;
use std::process::ExitCode;

use anyhow::Result;

use crate::output;
use crate::templates::TEMPLATES;

/// Prints the templates that `init` takes.
pub(crate) fn run() -> Result<ExitCode> {
    let mut text = "Available templates:\n\n".to_owned();
    for template in TEMPLATES {
        let synopsis = template.readme.lines().next().unwrap_or_default();
        _ = writeln!(text, "{} - {synopsis}", template.name);
    }
    text.push_str(
        "\nTemplates are used via the 'init' command, e.g.:\n\n  revproof init --template generic ./scripts\n",
    );
    output::print(&text)?;
    Ok(ExitCode::SUCCESS)
}
