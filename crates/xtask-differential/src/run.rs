//! Many chains, on all databases at once.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::thread;
use std::time::Instant;

use anyhow::{Result, anyhow, ensure};
use revproof_core::schema::Dialect;

use crate::chain::Chain;
use crate::compare::{Answer, Point};
use crate::driver::Driver;
use crate::known::Known;
use crate::tally::Tally;
use crate::{generate, regression, trial};

/// What is to be run.
pub(crate) struct Wanted<'a> {
    pub(crate) from: u64,
    pub(crate) seeds: u64,
    pub(crate) dialects: &'a [Dialect],
    /// Whether the smallest chains of disagreements are kept as regressions.
    pub(crate) keep: bool,
    /// Whether they are told as they are, not shrunk.
    pub(crate) quick: bool,
}

/// A disagreement, with a chain that shows it.
struct Found {
    dialect: Dialect,
    seed: u64,
    rows: bool,
    point: Point,
    chain: Chain,
    times: usize,
}

/// Everything that the workers share.
#[derive(Default)]
struct Shared {
    tally: Tally,
    found: BTreeMap<(Dialect, String), Found>,
}

/// Runs the chains and prints what came of them; an error where the two disagree.
pub(crate) fn run_all(wanted: &Wanted<'_>) -> Result<()> {
    let start = Instant::now();
    let shared = Mutex::new(Shared::default());
    let known = &Known::read()?;
    thread::scope(|scope| -> Result<()> {
        let work = |dialect: Dialect| {
            let shared = &shared;
            scope.spawn(move || work(wanted, dialect, known, shared))
        };
        let workers: Vec<_> = wanted.dialects.iter().map(|dialect| work(*dialect)).collect();
        workers.into_iter().try_for_each(|worker| worker.join().map_err(|_| anyhow!("a worker panicked"))?)
    })?;
    let Shared { tally, found } = shared.into_inner().unwrap_or_default();
    println!("{}", tally.table());
    for (count, why) in tally.reasons(25) {
        println!("{count:6} unknown: {why}");
    }
    for found in found.values() {
        println!("\n{}", told(found));
    }
    let revisions: Vec<String> = tally.revisions.iter().map(|(dialect, n)| format!("{n} on {dialect}")).collect();
    let took = start.elapsed().as_secs_f64();
    println!("\n{} chains per database, revisions compared: {}, {took:.0} s", wanted.seeds, revisions.join(", "));
    ensure!(found.is_empty(), "revproof and the real databases disagree in {} ways", found.len());
    Ok(())
}

/// Runs all chains on one database: empty tables first, then with rows.
fn work(wanted: &Wanted<'_>, dialect: Dialect, known: &Known, shared: &Mutex<Shared>) -> Result<()> {
    let mut driver = Driver::start(dialect)?;
    for (done, seed) in (1..).zip(wanted.from..wanted.from + wanted.seeds) {
        let chain = generate::chain(seed, dialect);
        for rows in [false, true] {
            let (points, _) = trial::run(&mut driver, &chain.scripts(), dialect, rows)?;
            let differs =
                points.iter().find(|p| p.signature().is_some() && known.reason(dialect, p).is_none()).cloned();
            let new = {
                let mut shared = shared.lock().map_err(|_| anyhow!("another worker panicked"))?;
                shared.tally.add(dialect, &points, known);
                let key = differs.as_ref().and_then(Point::signature).map(|signature| (dialect, signature));
                match key.as_ref().and_then(|key| shared.found.get_mut(key)) {
                    Some(known) => {
                        known.times += 1;
                        None
                    }
                    None => key,
                }
            };
            let Some((_, signature)) = new else { continue };
            let chain = if wanted.quick {
                chain.clone()
            } else {
                trial::shrink(&mut driver, chain.clone(), dialect, rows, &signature)
            };
            let (points, answer) = trial::run(&mut driver, &chain.scripts(), dialect, rows)?;
            let Some(point) = trial::disagreement(&points).cloned() else { continue };
            if wanted.keep {
                regression::keep(&signature, &chain.scripts(), dialect, rows, &answer)?;
            }
            let found = Found { dialect, seed, rows, point, chain, times: 1 };
            shared.lock().map_err(|_| anyhow!("another worker panicked"))?.found.insert((dialect, signature), found);
        }
        if done % 100 == 0 {
            eprintln!("{dialect}: {done} chains");
        }
    }
    Ok(())
}

fn told(found: &Found) -> String {
    let Found { dialect, seed, rows, point, chain, times } = found;
    let rows = if *rows { "with rows" } else { "on empty tables" };
    let detail = match &point.answer {
        Answer::Differ { what, detail } => format!("{what}\n   {detail}"),
        _ => String::new(),
    };
    let scripts: Vec<String> = chain.scripts().iter().map(|script| body(&script.text)).collect();
    format!(
        "## {times}× {dialect}, seed {seed}, {rows}: {} of {}, {}: {detail}\n{}",
        point.stage,
        point.revision,
        point.field.title(),
        scripts.join("")
    )
}

/// A script without what every script begins with.
fn body(text: &str) -> String {
    let start = text.find("revision = ").unwrap_or_default();
    text[start..].replace("\n\n\n", "\n")
}
