use crate::lint::{Context, Findings, Revision, declare_rule};
use crate::replay::Doubt;

declare_rule! {
    /// ## What it does
    ///
    /// Says what of a revision could not be evaluated or simulated, where, and why. All of it is one finding per
    /// revision.
    ///
    /// ```python given
    /// # file: users.py
    /// def upgrade():
    ///     op.create_table('users', sa.Column('id', sa.Integer(), primary_key=True))
    ///
    /// def downgrade():
    ///     op.drop_table('users')
    /// ```
    ///
    /// ```python bad
    /// # file: anything.py
    /// def upgrade():
    ///     op.execute("DO $$ BEGIN PERFORM 1; END $$")
    ///
    /// def downgrade():
    ///     op.execute("DO $$ BEGIN PERFORM 1; END $$")
    /// ```
    ///
    /// ## Why it matters
    ///
    /// revproof runs no code: it works out what a script does. What depends on an environment variable, a third-party
    /// package or a procedural block of SQL it can't know, and it does not guess. The verdict of such a revision is
    /// `unknown`, never a pass, and this finding says on which line that rests.
    ///
    /// ## What to do instead
    ///
    /// Nothing, if the line is right; then this part needs a test on a real database. Often it can be written so that
    /// it can be proved: constants instead of settings, plain statements instead of a block.
    ///
    /// ```python good
    /// # file: add_email.py
    /// def upgrade():
    ///     op.add_column('users', sa.Column('email', sa.String(120)))
    ///
    /// def downgrade():
    ///     op.drop_column('users', 'email')
    /// ```
    RP704 "not-evaluated" {
        group: Proof,
        severity: Info,
        summary: "something in this revision could not be evaluated, so it is not proved",
    }
}

fn check(cx: &Context<'_>, found: &mut Findings) {
    for revision in cx.revisions() {
        let doubts = doubts(revision);
        let Some((first, rest)) = doubts.split_first() else { continue };
        let message = match rest.len() {
            0 => format!("not evaluated: {}", first.why),
            n => format!("not evaluated: {} (and {n} more)", first.why),
        };
        let mut finding = RULE.finding_in(revision, Some(first.span), message);
        for doubt in rest {
            finding = finding.label(doubt.span, doubt.why.to_string());
        }
        found.push(finding.note("what rests on it is not proved; test it on a real database"));
    }
}

/// The doubts of all runs of a revision, each place and reason once. That a table is only assumed to exist is said
/// once for the table, not in every revision that touches it.
fn doubts(revision: Revision<'_>) -> Vec<&Doubt> {
    let trace = revision.trace;
    let mut doubts: Vec<&Doubt> = Vec::new();
    for doubt in [&trace.upgrade, &trace.downgrade, &trace.again].into_iter().flat_map(|run| &run.doubts) {
        let is_known = doubts.iter().any(|other| other.span == doubt.span && other.why == doubt.why);
        if !is_known && !doubt.why.ends_with("which no revision creates") {
            doubts.push(doubt);
        }
    }
    doubts
}
