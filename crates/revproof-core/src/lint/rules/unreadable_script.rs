use crate::history::Problem;
use crate::lint::{Context, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    ///
    /// Reports a file in a version folder that can't be read as a revision script: a syntax error, no `revision`, an
    /// identifier that Alembic does not take, an encoding other than UTF-8, or a size beyond reason.
    ///
    /// ```python bad
    /// # file: users.py
    /// revision = 'users'
    /// down_revision = None
    ///
    /// def upgrade()
    ///     pass
    /// ```
    ///
    /// ## Why it matters
    ///
    /// Alembic imports every file of the folder before it does anything, so one broken file stops all commands, for
    /// all revisions. revproof proves the rest, but what this file would do is missing from the proof.
    ///
    /// ## What to do instead
    ///
    /// Mend the file, or move it out of the version folder if it is no migration.
    ///
    /// ```python good
    /// # file: users.py
    /// revision = 'users'
    /// down_revision = None
    ///
    /// def upgrade():
    ///     pass
    ///
    /// def downgrade():
    ///     pass
    /// ```
    RP106 "unreadable-script" {
        group: Graph,
        severity: Error,
        summary: "a file in a version folder can't be read as a revision script, which stops every command",
    }
}

fn check(cx: &Context<'_>, found: &mut Findings) {
    for diagnostic in &cx.chain.unreadable {
        let mut finding = diagnostic.clone();
        // The reading stage stands before the rules and can't name this one.
        (finding.rule, finding.severity) = (RULE.id, RULE.severity);
        finding.help.get_or_insert_with(|| "mend it, or move it out of the version folder".to_owned());
        found.push(finding);
    }
    for problem in &cx.chain.problems {
        let Problem::IllegalIdentifier { script, why } = problem else { continue };
        let Some(script) = cx.chain.scripts.get(*script) else { continue };
        let message = format!("Alembic does not take this revision identifier: {why}");
        let finding = RULE.finding(Some(script.revision_span), message).in_revision(&*script.revision);
        found.push(finding.help("use letters, digits and underscores; `flask db revision` makes a good one"));
    }
}
