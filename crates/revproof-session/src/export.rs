//! The workspace as a link, a text or a file.

use std::fmt::Write;

use revproof_core::config::Rows as CoreRows;
use revproof_core::render::{Format, Options, render, report_html};
use revproof_core::report::Report;
use revproof_core::share::{COMFORTABLE, LONGEST, PAGE, ShareError, Shared};
use revproof_messages::{Export, Exported, File, Link, Move, Rows, Selection, Tab, Workspace};

use super::archive;
use super::paste::clean;
use super::queries::Refusal;

/// A link to a workspace.
pub(crate) fn link(workspace: &Workspace, selection: &Selection) -> Link {
    let fragment = shared(workspace, selection).encode();
    let length = fragment.len();
    if length > LONGEST {
        let warning =
            format!("The files are too large for a link ({length} characters): download them as a zip instead.");
        return Link { fragment: String::new(), warning: Some(warning) };
    }
    let warning = (length > COMFORTABLE).then(|| {
        format!("The link has {length} characters, and some chats cut it after {COMFORTABLE}: a zip is safer.")
    });
    Link { fragment, warning }
}

fn shared(workspace: &Workspace, selection: &Selection) -> Shared {
    Shared {
        files: workspace.files.iter().map(|file| (file.path.clone(), file.text.clone())).collect(),
        dialect: workspace.dialect.clone(),
        rows: match &workspace.rows {
            Rows::Seeded => CoreRows::Seeded,
            Rows::None => CoreRows::None,
            Rows::Own(sql) => CoreRows::File { path: String::new(), sql: sql.as_str().into() },
        },
        chain: workspace.chain,
        moves: workspace.moves.iter().map(|step| (step.spelled().0.to_owned(), step.spelled().1.to_owned())).collect(),
        file: selection.file.clone(),
        revision: selection.revision.clone(),
        tab: (selection.tab != Tab::default()).then(|| selection.tab.name().to_owned()),
        version: Some(env!("CARGO_PKG_VERSION").to_owned()),
    }
}

/// What a link holds.
pub(crate) fn open(link: &str) -> Result<(Workspace, Selection), Refusal> {
    let refusal = |error: ShareError| ("The link can't be opened".to_owned(), capital(&format!("{error}.")));
    let shared = Shared::decode(link).map_err(refusal)?;
    let files = shared.files.into_iter().filter_map(|(path, text)| Some(File { path: clean(&path)?, text }));
    // What comes after a move that is not known rests on it.
    let moves = shared.moves.into_iter().map_while(|(kind, target)| Move::of(&kind, target));
    let workspace = Workspace {
        files: files.collect(),
        dialect: shared.dialect,
        rows: match shared.rows {
            CoreRows::Seeded => Rows::Seeded,
            CoreRows::None => Rows::None,
            CoreRows::File { sql, .. } => Rows::Own(sql.to_string()),
        },
        chain: shared.chain,
        moves: moves.collect(),
    };
    let tab = shared.tab.as_deref().and_then(Tab::of);
    let selection = Selection { file: shared.file, revision: shared.revision, tab: tab.unwrap_or_default() };
    Ok((workspace, selection))
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// The workspace as a text or a file.
pub(crate) fn export(
    format: Export,
    workspace: &Workspace,
    selection: &Selection,
    page: &str,
    report: Option<&Report>,
) -> Result<Exported, Refusal> {
    let page = if page.is_empty() { PAGE } else { page.trim_end_matches('#') };
    let link = self::link(workspace, selection);
    let url = (!link.fragment.is_empty()).then(|| format!("{page}#{}", link.fragment));
    let too_long = || (link.warning.clone().unwrap_or_default(), "Download the files as a zip.".to_owned());
    let proved = || {
        let help = "Correct what the page says of them first.".to_owned();
        report.ok_or_else(|| ("Nothing was proved of these files".to_owned(), help))
    };
    let text = |name: &str, mime: &str, text: String| Exported {
        name: name.to_owned(),
        mime: format!("{mime};charset=utf-8"),
        bytes: text.into_bytes(),
    };
    Ok(match format {
        Export::MarkdownLink => {
            let title = report.map_or_else(|| "a workspace".to_owned(), summary);
            let url = url.ok_or_else(too_long)?;
            text("revproof-link.md", "text/markdown", format!("[revproof: {}]({url})\n", title.replace(['[', ']'], "")))
        }
        Export::Markdown => text("revproof.md", "text/markdown", markdown(proved()?, url.as_deref())),
        Export::Issue => text("revproof-issue.md", "text/markdown", issue(workspace, report, url.as_deref())),
        Export::Html => text("revproof.html", "text/html", report_html(proved()?, url.as_deref())),
        Export::Zip => Exported {
            name: "migrations.zip".to_owned(),
            mime: "application/zip".to_owned(),
            bytes: archive::zip(&workspace.files)?,
        },
    })
}

fn summary(report: &Report) -> String {
    revproof_core::render::summary_line(&report.summary, None)
}

fn markdown(report: &Report, url: Option<&str>) -> String {
    let mut out = render(report, Format::Markdown, Options::default());
    if let Some(url) = url {
        _ = writeln!(out, "\n[Step through it in the playground]({url})");
    }
    out
}

/// What helps whoever reads the issue: what was found, on what, and all that it takes to see it.
fn issue(workspace: &Workspace, report: Option<&Report>, url: Option<&str>) -> String {
    let mut out = match report {
        Some(report) => markdown(report, url),
        None => url.map(|url| format!("[The files in the playground]({url})\n")).unwrap_or_default(),
    };
    let rows = match &workspace.rows {
        Rows::Seeded => "made up, or as the settings say",
        Rows::None => "none",
        Rows::Own(_) => "own",
    };
    let dialect = workspace.dialect.as_deref().unwrap_or("that of the files");
    _ = writeln!(out, "\n- revproof {}\n- dialect: {dialect}\n- rows: {rows}", env!("CARGO_PKG_VERSION"));
    if let Rows::Own(sql) = &workspace.rows {
        block(&mut out, "The rows", "sql", sql);
    }
    for file in &workspace.files {
        let language =
            file.path.rsplit_once('.').map_or("", |(_, ending)| if ending == "py" { "python" } else { ending });
        block(&mut out, &file.path.replace('&', "&amp;").replace('<', "&lt;"), language, &file.text);
    }
    out
}

fn block(out: &mut String, title: &str, language: &str, text: &str) {
    let longest = text.lines().map(|line| line.trim_start().chars().take_while(|c| *c == '`').count()).max();
    let fence = "`".repeat(longest.unwrap_or_default().max(2) + 1);
    let text = text.trim_end();
    _ = writeln!(out, "\n<details><summary>{title}</summary>\n\n{fence}{language}\n{text}\n{fence}\n\n</details>");
}
