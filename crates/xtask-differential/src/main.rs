//! `cargo xtask differential`: random chains of revisions through the real Alembic on real databases, compared revision
//! by revision with what revproof says. Never shipped.

mod cell;
mod chain;
mod compare;
mod driver;
mod generate;
mod kind;
mod known;
mod normal;
mod ours;
mod random;
mod regression;
mod request;
mod run;
mod seeds;
mod shrink;
mod tally;
mod trial;

use anyhow::Result;
use clap::Parser;
use revproof_core::schema::Dialect;

/// Compare random chains with the real Alembic on real databases.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask differential", bin_name = "cargo xtask differential")]
struct Arguments {
    /// How many chains per database
    #[arg(long, default_value_t = 300)]
    seeds: u64,
    /// The seed of the first
    #[arg(long, default_value_t = 1)]
    from: u64,
    /// On this database only: `postgresql` or `sqlite`
    #[arg(long)]
    dialect: Option<Dialect>,
    /// Keep the smallest chain of every new disagreement beside the other regressions
    #[arg(long)]
    keep: bool,
    /// Do not look for the smallest chain of a disagreement
    #[arg(long)]
    quick: bool,
    /// Print the scripts of the first chain and end
    #[arg(long)]
    print: bool,
    /// Run the kept regressions through the real thing anew, instead of random chains
    #[arg(long)]
    record: bool,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let dialects =
        arguments.dialect.map_or_else(|| vec![Dialect::PostgreSql, Dialect::Sqlite], |dialect| vec![dialect]);
    if arguments.record {
        return regression::record_all(&dialects);
    }
    if arguments.print {
        for dialect in dialects {
            for script in generate::chain(arguments.from, dialect).scripts() {
                println!("# {} on {dialect}\n{}", script.id, script.text);
            }
        }
        return Ok(());
    }
    run::run_all(&run::Wanted {
        from: arguments.from,
        seeds: arguments.seeds,
        dialects: &dialects,
        keep: arguments.keep,
        quick: arguments.quick,
    })
}
