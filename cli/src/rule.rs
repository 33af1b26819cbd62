//! `revproof rule`.

use std::fmt::Write;
use std::process::ExitCode;

use anyhow::{Result, bail};
use revproof_core::diagnostic::Severity;
use revproof_core::lint::{Rule, docs, nearest, rules};
use serde_json::{Value, json};

use crate::args::{RuleArgs, RuleFormat};
use crate::output;

/// Explains the rule that was asked for, or lists all of them.
pub(crate) fn run(args: &RuleArgs) -> Result<ExitCode> {
    let fitting: Vec<&Rule> = rules().iter().filter(|rule| fits(rule, args.rule.as_deref())).copied().collect();
    let text = match (fitting.as_slice(), args.output_format, &args.rule) {
        ([], _, asked) => bail!("{}", unknown(asked.as_deref().unwrap_or_default())),
        ([rule], RuleFormat::Text, Some(_)) => page(rule),
        ([rule], RuleFormat::Json, Some(_)) => pretty(&object(rule)),
        (rules, RuleFormat::Text, _) => list(rules),
        (rules, RuleFormat::Json, _) => pretty(&rules.iter().map(|rule| object(rule)).collect()),
    };
    output::print(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// Whether the rule is the one asked for: by name, by code, or by the start of its code.
fn fits(rule: &Rule, asked: Option<&str>) -> bool {
    let Some(asked) = asked else { return true };
    let code = rule.id.code.get(..asked.len());
    asked.eq_ignore_ascii_case(rule.id.name)
        || asked.len() >= 2 && code.is_some_and(|code| code.eq_ignore_ascii_case(asked))
}

fn unknown(asked: &str) -> String {
    let looks_like_code = asked.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("rp"));
    let known = rules().iter().map(|rule| if looks_like_code { rule.id.code } else { rule.id.name });
    match nearest(asked, known) {
        Some(near) => format!("no rule `{asked}`; did you mean `{near}`?"),
        None => format!("no rule `{asked}`; `revproof rule` lists all rules"),
    }
}

fn list(rules: &[&Rule]) -> String {
    let width = rules.iter().map(|rule| rule.id.name.len()).max().unwrap_or_default();
    rules.iter().fold(String::new(), |mut out, rule| {
        let (id, severity) = (rule.id, severity(rule.severity));
        _ = writeln!(out, "{}  {:width$}  {severity:7}  {}", id.code, id.name, rule.summary);
        out
    })
}

/// The manual of a rule, without the marks that only a browser understands.
fn page(rule: &Rule) -> String {
    let (id, severity) = (rule.id, severity(rule.severity));
    let title = format!("# {} ({}), {severity}\n\n{}\n\n", id.name, id.code, rule.summary);
    let manual = docs::manual(rule).replace("<details><summary>", "").replace("</summary>", ":");
    title + &manual.replace("\n</details>\n", "")
}

fn object(rule: &Rule) -> Value {
    json!({
        "code": rule.id.code,
        "rule": rule.id.name,
        "group": rule.group.title(),
        "severity": severity(rule.severity),
        "summary": rule.summary,
        "manual": docs::manual(rule),
    })
}

fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    }
}
