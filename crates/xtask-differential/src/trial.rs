//! One chain in both worlds.

use anyhow::Result;
use revproof_core::schema::Dialect;
use serde_json::Value;

use crate::chain::{Chain, Script};
use crate::compare::{Point, compare};
use crate::driver::Driver;
use crate::ours;

/// Runs a chain in the real thing and in revproof and compares the two.
pub(crate) fn run(
    driver: &mut Driver,
    scripts: &[Script],
    dialect: Dialect,
    rows: bool,
) -> Result<(Vec<Point>, Value)> {
    let (said, request) = ours::prove(scripts, dialect, rows);
    let answer = driver.ask(&request)?;
    Ok((compare(dialect, &said, &answer), answer))
}

/// The first disagreement on a chain.
pub(crate) fn disagreement(points: &[Point]) -> Option<&Point> {
    points.iter().find(|point| point.signature().is_some())
}

/// The smallest chain on which the two disagree in the same way.
pub(crate) fn shrink(driver: &mut Driver, chain: Chain, dialect: Dialect, rows: bool, signature: &str) -> Chain {
    crate::shrink::shrink(chain, |smaller| {
        let points = run(driver, &smaller.scripts(), dialect, rows).map(|(points, _)| points).unwrap_or_default();
        disagreement(&points).and_then(Point::signature).is_some_and(|found| found == signature)
    })
}
