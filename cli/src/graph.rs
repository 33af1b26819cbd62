//! `revproof graph`.

use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, ValueEnum};
use revproof_core::alembic::Environment;
use revproof_core::listing::{Refused, refusal};
use revproof_core::render::{GraphFormat, Options, render_graph};
use revproof_core::replay::{self, Subject};
use revproof_core::report::Graph;

use crate::args::{Color, DirectoryArgs};
use crate::migrations::{self, Migrations};
use crate::moves::position;
use crate::output;
use crate::refusal::Refusal;

/// The arguments of `graph`.
#[derive(Debug, Args)]
pub(crate) struct GraphArgs {
    #[command(flatten)]
    directory: DirectoryArgs,
    /// The format of the output
    #[arg(long, visible_alias = "output-format", value_enum, value_name = "FORMAT", default_value_t)]
    format: DrawingFormat,
    /// Prove nothing: draw the revisions without verdicts
    #[arg(long)]
    no_verdicts: bool,
    /// When to use colours
    #[arg(long, value_enum, value_name = "WHEN", default_value_t)]
    color: Color,
}

/// A format of `graph`.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
pub(crate) enum DrawingFormat {
    /// Lanes, for a terminal
    #[default]
    Text,
    /// A picture that stands alone, for light and dark
    Svg,
    /// A flowchart of Mermaid, which GitHub draws in Markdown
    Mermaid,
    /// A digraph of Graphviz
    Dot,
    /// One object
    Json,
}

/// Draws the revisions, newest first.
pub(crate) fn run(args: &GraphArgs) -> Result<ExitCode> {
    let prove = !args.no_verdicts;
    let (graph, refused) = migrations::with(&args.directory, move |migrations| Ok(draw(migrations, prove)))?;
    let options = Options { color: output::colors(args.color), width: output::width(), ..Options::default() };
    output::print(&render_graph(&graph, args.format.into(), options))?;
    match refused {
        // What is broken is drawn as far as it goes, which shows where to mend it.
        Some(refused) => Err(Refusal::error(refused.sentence, refused.help)),
        None => Ok(ExitCode::SUCCESS),
    }
}

fn draw(migrations: &Migrations<'_>, prove: bool) -> (Graph, Option<Refused>) {
    let subject = Subject::new(migrations.directory, migrations.sources, migrations.config);
    let trace = prove.then(|| {
        let on = |environment: &&Environment| replay::replay(&subject.on(environment), &mut |_| {});
        replay::worst(migrations.databases.iter().map(on))
    });
    // A simulated database that can't be used is no reason not to draw.
    let rows = position(migrations).unwrap_or_else(|error| {
        output::warn(&format!("{error:#}"));
        None
    });
    let mut graph = Graph::new(migrations.directory, rows.as_deref(), trace.as_ref());
    graph.root = migrations.place.shown(&graph.root);
    (graph, refusal(migrations.directory, migrations.sources))
}

impl From<DrawingFormat> for GraphFormat {
    fn from(format: DrawingFormat) -> Self {
        match format {
            DrawingFormat::Text => Self::Text,
            DrawingFormat::Svg => Self::Svg,
            DrawingFormat::Mermaid => Self::Mermaid,
            DrawingFormat::Dot => Self::Dot,
            DrawingFormat::Json => Self::Json,
        }
    }
}
