//! The functions of the npm package: plain objects in, plain objects out. Each opens the files anew and asks a [`Session`] what
//! the playground asks.

use std::collections::BTreeMap;

use revproof_core::report::Report;
use revproof_messages::{
    Ask, DatabaseView, DiffView, File, Move, QueryAnswer, Reply, Rows, RuleManual, RuleName, SqlView, Workspace,
};
use serde::Deserialize;

use crate::Session;

/// Path to text.
pub type Files = BTreeMap<String, String>;

/// What is set over the settings among the files.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The dialect by name.
    pub dialect: Option<String>,
    /// `seeded`, `none`, or INSERT statements.
    pub rows: Option<String>,
    /// Which chain, by its place, where there are several.
    pub chain: usize,
}

/// Refuses a setting that there is not.
pub fn known_settings<'a>(mut keys: impl Iterator<Item = &'a String>) -> Result<(), String> {
    match keys.find(|key| !["dialect", "rows", "chain"].contains(&key.as_str())) {
        Some(key) => Err(format!("`{key}` is no setting; there are dialect, rows and chain")),
        None => Ok(()),
    }
}

/// A move, as JavaScript spells it: `["upgrade", "head"]`.
pub type SpelledMove = (String, String);

/// Proves the chains in the files: the report of `revproof check --output-format json`.
pub fn check(files: Files, settings: Settings) -> Result<Report, String> {
    let session = open(files, settings)?;
    session.report().cloned().ok_or_else(|| "nothing was proved".to_owned())
}

/// The simulated database after moves.
pub fn step(files: Files, moves: Vec<SpelledMove>, settings: Settings) -> Result<DatabaseView, String> {
    let moves = moves.into_iter().map(read_move).collect::<Result<Vec<Move>, String>>()?;
    match open(files, settings)?.ask(Ask::Replay(moves)) {
        Reply::Moved(view) => Ok(*view),
        other => Err(refusal(other)),
    }
}

/// The simulated database at a revision.
pub fn schema(files: Files, revision: &str, settings: Settings) -> Result<DatabaseView, String> {
    step(files, vec![("to".to_owned(), revision.to_owned())], settings)
}

/// The difference of the schemas at two revisions.
pub fn diff(files: Files, from: &str, to: &str, settings: Settings) -> Result<DiffView, String> {
    match open(files, settings)?.ask(Ask::Compare { from: from.to_owned(), to: to.to_owned() }) {
        Reply::Compared(diff) => Ok(diff),
        other => Err(refusal(other)),
    }
}

/// The SQL that a revision sends. `settings` choose the dialect.
pub fn sql(files: Files, revision: &str, downgrade: bool, settings: Settings) -> Result<SqlView, String> {
    match open(files, settings)?.ask(Ask::Sql { revision: revision.to_owned(), downgrade, dialect: None }) {
        Reply::Sql(sql) => Ok(sql),
        other => Err(refusal(other)),
    }
}

/// What statements give on the database at a revision.
pub fn query(files: Files, revision: &str, sql: &str, settings: Settings) -> Result<Vec<QueryAnswer>, String> {
    let mut session = open(files, settings)?;
    match session.ask(Ask::Replay(vec![Move::To(revision.to_owned())])) {
        Reply::Moved(view) => {
            let failed = view.past.iter().find_map(|step| step.failure.clone());
            if let Some(why) = failed.or(view.refused.map(|(why, _)| why)) {
                return Err(format!("the way to {revision} fails already: {why}"));
            }
        }
        other => return Err(refusal(other)),
    }
    match session.ask(Ask::Query(sql.to_owned())) {
        Reply::Queried(answers, _) => Ok(answers),
        other => Err(refusal(other)),
    }
}

/// All rules.
pub fn rules() -> Vec<RuleName> {
    match Session::new().ask(Ask::Rules) {
        Reply::Rules(rules) => rules,
        _ => Vec::new(),
    }
}

/// The manual of a rule, by name or code.
pub fn rule(name_or_code: &str) -> Result<RuleManual, String> {
    match Session::new().ask(Ask::Rule(name_or_code.to_owned())) {
        Reply::Rule(manual) => Ok(manual),
        other => Err(refusal(other)),
    }
}

fn open(files: Files, settings: Settings) -> Result<Session, String> {
    let rows = match settings.rows.as_deref() {
        None | Some("seeded") => Rows::Seeded,
        Some("none") => Rows::None,
        Some(sql) => Rows::Own(sql.to_owned()),
    };
    let files = files.into_iter().map(|(path, text)| File { path, text }).collect();
    let workspace = Workspace { files, dialect: settings.dialect, rows, chain: settings.chain, moves: Vec::new() };
    let mut session = Session::new();
    match session.ask(Ask::Open(workspace)) {
        Reply::Proved(proof, _) => match proof.error {
            Some(error) => Err(error),
            None => Ok(session),
        },
        other => Err(refusal(other)),
    }
}

fn read_move((kind, target): SpelledMove) -> Result<Move, String> {
    let unknown = || format!("`{kind}` is no move; there are upgrade, downgrade, to, stamp, query and revert");
    Move::of(&kind, target).ok_or_else(unknown)
}

fn refusal(reply: Reply) -> String {
    match reply {
        Reply::Refused { message, help } => format!("{message}. {help}"),
        _ => "the engine answered something else".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{sample, samples};

    const TYPES: &str = include_str!("../../revproof-npm/src/package.d.ts");

    fn files(name: &str) -> Files {
        sample(name).into_iter().map(|file| (file.path, file.text)).collect()
    }

    #[test]
    fn every_function_answers_as_the_playground_does() {
        let settings =
            || Settings { rows: Some("INSERT INTO contacts (id) VALUES (1)".to_owned()), ..Settings::default() };
        let name = "phonebook";
        let head = "4e97a20fd6b8";
        assert_eq!(check(files(name), Settings::default()).unwrap().summary.revisions, 3);
        let moves = vec![("upgrade".to_owned(), "head".to_owned()), ("downgrade".to_owned(), "-1".to_owned())];
        assert_eq!(step(files(name), moves, Settings::default()).unwrap().past.len(), 4);
        assert_eq!(schema(files(name), head, Settings::default()).unwrap().current, [head]);
        assert!(!diff(files(name), "base", head, Settings::default()).unwrap().lines.is_empty());
        let mysql = Settings { dialect: Some("mysql".to_owned()), ..Settings::default() };
        assert_eq!(sql(files(name), head, true, mysql).unwrap().dialect, "mysql");
        let answers = query(files(name), head, "SELECT count(*) AS n FROM contacts", settings()).unwrap();
        assert_eq!((answers[0].columns.join(""), answers[0].rows.len()), ("n".to_owned(), 1));
        assert!(rules().iter().any(|r| rule(&r.code).unwrap().name == "column-rename"));
    }

    #[test]
    fn mistakes_are_told() {
        let wrong = Settings { dialect: Some("oracle".to_owned()), ..Settings::default() };
        assert!(check(files("phonebook"), wrong).unwrap_err().contains("oracle"));
        let moves = vec![("jump".to_owned(), "head".to_owned())];
        assert!(step(files("phonebook"), moves, Settings::default()).unwrap_err().contains("`jump` is no move"));
        assert!(diff(files("phonebook"), "base", "zz", Settings::default()).unwrap_err().contains("zz"));
        assert!(schema(Files::new(), "head", Settings::default()).unwrap_err().contains("no revision scripts"));
    }

    /// The fields of an interface of the types, those that may be missing with a `?` behind them.
    fn fields(interface: &str) -> Vec<String> {
        let start = TYPES.find(&format!("export interface {interface} {{")).unwrap_or_else(|| panic!("{interface}"));
        let body = TYPES[start..].split_once('{').unwrap().1.split_once("\n}").unwrap().0;
        let names =
            body.lines().filter_map(|line| line.trim().split_once(':')).filter(|(name, _)| !name.starts_with("/*"));
        names.map(|(name, _)| name.to_owned()).collect()
    }

    #[track_caller]
    fn fits(value: &serde_json::Value, interface: &str) {
        let mut keys: Vec<String> = value.as_object().unwrap().keys().cloned().collect();
        keys.sort();
        let expected = fields(interface).into_iter().filter_map(|name| match name.strip_suffix('?') {
            Some(optional) => keys.iter().any(|key| key == optional).then(|| optional.to_owned()),
            None => Some(name),
        });
        let mut expected: Vec<String> = expected.collect();
        expected.sort();
        assert_eq!(keys, expected, "{interface}");
    }

    #[test]
    fn the_types_are_those_of_what_comes_out() {
        let (mut findings, mut fixes, mut doubts) = (0, 0, 0);
        for name in samples() {
            let report = serde_json::to_value(check(files(&name), Settings::default()).unwrap()).unwrap();
            fits(&report, "Report");
            fits(&report["summary"], "Summary");
            let chain = &report["chains"][0];
            fits(chain, "ChainReport");
            for revision in chain["revisions"].as_array().unwrap() {
                fits(revision, "RevisionReport");
                fits(&revision["upgrade"], "RunReport");
                doubts += revision["upgrade"]["doubts"].as_array().unwrap().len();
            }
            for finding in chain["diagnostics"].as_array().unwrap() {
                fits(finding, "Finding");
                findings += 1;
                if finding["fix"].is_object() {
                    fits(&finding["fix"], "Fix");
                    fixes += 1;
                }
            }
            let moves = vec![("upgrade".to_owned(), "heads".to_owned())];
            let view = serde_json::to_value(step(files(&name), moves, Settings::default()).unwrap()).unwrap();
            fits(&view, "Database");
            fits(&view["past"][0], "Step");
            fits(&view["tables"][0], "Table");
            fits(&view["tables"][0]["columns"][0], "Column");
            fits(&view["tables"][0]["rows"], "TableRows");
        }
        assert!(findings > 5 && fixes + doubts < 1000, "{findings} {fixes} {doubts}");
        let diff = diff(files("phonebook"), "base", "head", Settings::default()).unwrap();
        fits(&serde_json::to_value(&diff).unwrap(), "Diff");
        fits(&serde_json::to_value(&diff.lines[0]).unwrap(), "DiffLine");
        let sql = sql(files("phonebook"), "head", false, Settings::default()).unwrap();
        fits(&serde_json::to_value(&sql).unwrap(), "Sql");
        fits(&serde_json::to_value(&sql.pieces[0]).unwrap(), "SqlPiece");
        fits(&serde_json::to_value(&rules()[0]).unwrap(), "RuleName");
        fits(&serde_json::to_value(rule("RP101").unwrap()).unwrap(), "RuleManual");
    }
}
