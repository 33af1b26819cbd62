//! [`run`]: one direction of one script, evaluated against a host.

use super::{Direction, Environment, RunEnd, Script};
use crate::alembic::Modules;
use crate::op::Host;

/// Evaluates a direction of a script. What it does goes to the host while it runs.
pub fn run(
    script: &Script,
    direction: Direction,
    environment: &Environment,
    host: &mut dyn Host,
    modules: &Modules<'_>,
) -> RunEnd {
    let _ = (environment, modules);
    let Some(span) = script.span_of(direction) else { return RunEnd::Missing };
    host.not_evaluated("the evaluator is not there yet".into(), span);
    RunEnd::Completed
}
