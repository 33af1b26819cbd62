use crate::lint::{Context, Findings, declare_rule};
use crate::replay::RunStatus;

declare_rule! {
    /// ## What it does
    ///
    /// Tells of a `downgrade()` that refuses on purpose, by raising an exception before it does anything.
    ///
    /// ```python bad
    /// def upgrade():
    ///     op.create_table('users', sa.Column('id', sa.Integer(), primary_key=True))
    ///
    /// def downgrade():
    ///     raise NotImplementedError('restore the backup instead')
    /// ```
    ///
    /// ## Why it matters
    ///
    /// This is the honest way to say that there is no way back, which is why it is information and no warning. Still
    /// it is worth knowing before a deployment that a rollback ends here.
    ///
    /// ## What to do instead
    ///
    /// Nothing, if it is meant. If only the data can't come back, consider a downgrade that restores the schema.
    ///
    /// ```python good
    /// def upgrade():
    ///     op.create_table('users', sa.Column('id', sa.Integer(), primary_key=True))
    ///
    /// def downgrade():
    ///     op.drop_table('users')
    /// ```
    RP203 "refused-downgrade" {
        group: Downgrade,
        severity: Info,
        summary: "`downgrade()` refuses on purpose, so a rollback ends here",
    }
}

fn check(cx: &Context<'_>, found: &mut Findings) {
    for revision in cx.revisions() {
        let run = &revision.trace.downgrade;
        if run.status != RunStatus::Refused {
            continue;
        }
        let said = run.failure.as_ref().map(|failure| failure.message.trim()).filter(|message| !message.is_empty());
        let message = match said {
            Some(said) => format!("`downgrade()` refuses: {said}"),
            None => "`downgrade()` refuses".to_owned(),
        };
        let span = run.failure_span.unwrap_or(revision.downgrade_span());
        found.push(RULE.finding_in(revision, Some(span), message).note("a rollback to an earlier revision ends here"));
    }
}
