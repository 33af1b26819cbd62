use super::failing_upgrade::explain;
use crate::lint::{Context, Findings, declare_rule};
use crate::replay::RunStatus;

declare_rule! {
    /// ## What it does
    ///
    /// Reports a `downgrade()` that fails for certain, with what the server or Alembic would say.
    ///
    /// ```python bad
    /// # file: users.py
    /// def upgrade():
    ///     op.create_table('users', sa.Column('id', sa.Integer(), primary_key=True))
    ///
    /// def downgrade():
    ///     op.drop_table('users')
    /// # file: add_email.py
    /// def upgrade():
    ///     op.add_column('users', sa.Column('email', sa.String(120)))
    ///
    /// def downgrade():
    ///     op.drop_column('users', 'e_mail')
    /// ```
    ///
    /// ## Why it matters
    ///
    /// A downgrade is run when a deployment has gone wrong. That is no time to find out that it names a column that
    /// does not exist, or drops a table that another one still references. On databases without transactional DDL
    /// (SQLite, MySQL) what it did up to there stays done.
    ///
    /// ## What to do instead
    ///
    /// Correct the line; take changes back in the reverse order of the upgrade.
    ///
    /// ```python good
    /// # file: users.py
    /// def upgrade():
    ///     op.create_table('users', sa.Column('id', sa.Integer(), primary_key=True))
    ///
    /// def downgrade():
    ///     op.drop_table('users')
    /// # file: add_email.py
    /// def upgrade():
    ///     op.add_column('users', sa.Column('email', sa.String(120)))
    ///
    /// def downgrade():
    ///     op.drop_column('users', 'email')
    /// ```
    RP205 "failing-downgrade" {
        group: Downgrade,
        severity: Error,
        summary: "`downgrade()` fails",
    }
}

fn check(cx: &Context<'_>, found: &mut Findings) {
    for revision in cx.revisions() {
        let run = &revision.trace.downgrade;
        let Some(failure) = run.failure.as_ref().filter(|_| run.status == RunStatus::Failed) else { continue };
        let message = format!("`downgrade()` fails: {}", failure.message);
        let span = run.failure_span.unwrap_or(revision.downgrade_span());
        let finding = RULE.finding_in(revision, Some(span), message);
        found.push(explain(cx, revision, run, failure, finding));
    }
}
