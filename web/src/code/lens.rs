//! [`lenses`]: the lines above `upgrade()` and `downgrade()` that say what each does.

use revproof_messages::{Revision, Run, RunState, Verdict};

/// A line above a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lens {
    /// The line that it stands above, from 1.
    pub(super) line: u32,
    /// What it says.
    pub(super) text: String,
    /// How that is meant: `ok`, `warning`, `error`.
    pub(super) tone: &'static str,
    /// Whether it is about the downgrade.
    pub(super) downgrade: bool,
}

/// The lenses of a script.
pub(super) fn lenses(text: &str, revision: &Revision) -> Vec<Lens> {
    let lines = text.lines().zip(1..);
    let lens = |(line, at): (&str, u32)| {
        let name = line.strip_prefix("async ").unwrap_or(line).strip_prefix("def ")?;
        let downgrade = match name.split('(').next()?.trim_end() {
            "upgrade" => false,
            "downgrade" => true,
            _ => return None,
        };
        let (text, tone) = if downgrade { down(revision) } else { up(revision) };
        Some(Lens { line: at, text, tone, downgrade })
    };
    lines.filter_map(lens).collect()
}

fn up(revision: &Revision) -> (String, &'static str) {
    if let Some(ended) = ended(&revision.upgrade) {
        return ended;
    }
    let (word, tone) = match revision.verdict {
        Verdict::Reversible => ("reversible", "ok"),
        Verdict::Lossy => ("lossy", "error"),
        Verdict::Irreversible => ("irreversible", "error"),
        Verdict::Broken => ("broken", "error"),
        Verdict::Unknown => ("unknown", "warning"),
    };
    let because = if revision.because.is_empty() || word == "reversible" {
        word.to_owned()
    } else {
        format!("{word}: {}", revision.because)
    };
    (joined(&revision.upgrade, &because), tone)
}

fn down(revision: &Revision) -> (String, &'static str) {
    if let Some(ended) = ended(&revision.downgrade) {
        return ended;
    }
    let (words, tone) = match (revision.schema_restored, revision.rows_restored) {
        (Some(false), _) => ("does not bring the schema back", "error"),
        (Some(true), Some(false)) => ("brings the schema back, not the values", "error"),
        (Some(true), Some(true)) => ("brings schema and values back", "ok"),
        (Some(true), None) => ("brings the schema back; of the values it is not known", "warning"),
        (None, _) => ("whether it brings everything back is not known", "warning"),
    };
    (joined(&revision.downgrade, words), tone)
}

/// What is to be said of a run that did not come to its end.
fn ended(run: &Run) -> Option<(String, &'static str)> {
    let error = run.error.as_deref().map(|error| format!(": {}", error.lines().next().unwrap_or_default()));
    let error = error.unwrap_or_default();
    Some(match run.state {
        RunState::Ok => return None,
        RunState::Failed => (format!("fails{error}"), "error"),
        RunState::Refused => (format!("refuses on purpose{error}"), "error"),
        RunState::Missing => ("there is no such function".to_owned(), "error"),
        RunState::Empty => ("does nothing".to_owned(), "warning"),
        RunState::Skipped => ("was not run".to_owned(), "warning"),
        RunState::Unknown => {
            let why = run.doubts.first().map(|doubt| format!(": {}", doubt.why)).unwrap_or_default();
            (format!("not known{why}"), "warning")
        }
    })
}

fn joined(run: &Run, verdict: &str) -> String {
    let changes: Vec<String> = run.changes.iter().map(|change| words(change)).collect();
    if changes.is_empty() { verdict.to_owned() } else { format!("{} · {verdict}", changes.join(", ")) }
}

/// `+ column users.phone` in words.
fn words(change: &str) -> String {
    let verbs = [("+ ", "adds "), ("- ", "drops "), ("~ ", "changes ")];
    let found = verbs.iter().find_map(|(mark, verb)| Some(format!("{verb}{}", change.strip_prefix(mark)?)));
    found.unwrap_or_else(|| change.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCRIPT: &str =
        "revision = 'a'\n\ndef upgrade():\n    pass\n\n\nasync def downgrade() -> None:\n    upgrade()\n";

    #[track_caller]
    fn check(revision: &Revision, up: (&str, &str), down: (&str, &str)) {
        let lenses = lenses(SCRIPT, revision);
        let said: Vec<_> = lenses.iter().map(|lens| (lens.line, lens.text.as_str(), lens.tone)).collect();
        assert_eq!(said, [(3, up.0, up.1), (7, down.0, down.1)]);
        assert_eq!(lenses.iter().map(|lens| lens.downgrade).collect::<Vec<_>>(), [false, true]);
    }

    fn run(state: RunState, changes: &[&str]) -> Run {
        Run { state, changes: changes.iter().map(ToString::to_string).collect(), ..Run::default() }
    }

    #[test]
    fn a_lens_says_what_changes_and_what_was_proved() {
        let revision = Revision {
            verdict: Verdict::Lossy,
            because: "3 values are lost".to_owned(),
            upgrade: run(RunState::Ok, &["+ column users.phone", "- column users.phone_no"]),
            downgrade: run(RunState::Ok, &["~ column users.phone"]),
            schema_restored: Some(true),
            rows_restored: Some(false),
            ..Revision::default()
        };
        check(
            &revision,
            ("adds column users.phone, drops column users.phone_no · lossy: 3 values are lost", "error"),
            ("changes column users.phone · brings the schema back, not the values", "error"),
        );
    }

    #[test]
    fn what_is_not_known_does_not_look_like_a_pass() {
        let doubt = revproof_messages::Doubt { why: "os.environ".to_owned(), spot: None };
        let upgrade = Run { doubts: vec![doubt], ..Run::default() };
        let revision = Revision { upgrade, downgrade: run(RunState::Ok, &[]), ..Revision::default() };
        check(
            &revision,
            ("not known: os.environ", "warning"),
            ("whether it brings everything back is not known", "warning"),
        );
    }

    #[test]
    fn a_failure_says_what_the_server_says() {
        let error = Some("relation \"users\" does not exist\nLINE 1".to_owned());
        let upgrade = Run { state: RunState::Failed, error, ..Run::default() };
        let revision = Revision { upgrade, downgrade: run(RunState::Skipped, &[]), ..Revision::default() };
        check(&revision, ("fails: relation \"users\" does not exist", "error"), ("was not run", "warning"));
    }
}
