use super::failing_upgrade::explain;
use crate::lint::{Context, Findings, Revision, declare_rule};
use crate::replay::RunStatus;
use crate::schema::diff;

declare_rule! {
    /// ## What it does
    ///
    /// Reports an upgrade that works the first time and fails the second time, after its own downgrade, or gives
    /// another schema then, for a reason that no other rule gives.
    ///
    /// ```python given
    /// # file: settings.py
    /// def upgrade():
    ///     op.create_table('settings', sa.Column('key', sa.String(20), primary_key=True))
    ///
    /// def downgrade():
    ///     op.drop_table('settings')
    /// ```
    ///
    /// ```python bad
    /// # file: theme.py
    /// def upgrade():
    ///     op.add_column('settings', sa.Column('value', sa.String(20)))
    ///     op.execute("INSERT INTO settings (key, value) VALUES ('theme', 'dark')")
    ///
    /// def downgrade():
    ///     op.drop_column('settings', 'value')
    /// ```
    ///
    /// ## Why it matters
    ///
    /// Rolling back and deploying again is what a downgrade is for. If the way up is blocked afterwards, somebody has
    /// to clean up by hand on the production database.
    ///
    /// ## What to do instead
    ///
    /// Let the downgrade remove everything that the upgrade runs into, rows included.
    ///
    /// ```python good
    /// # file: theme.py
    /// def upgrade():
    ///     op.add_column('settings', sa.Column('value', sa.String(20)))
    ///     op.execute("INSERT INTO settings (key, value) VALUES ('theme', 'dark')")
    ///
    /// def downgrade():
    ///     op.execute("DELETE FROM settings WHERE key = 'theme'")
    ///     op.drop_column('settings', 'value')
    /// ```
    RP208 "failing-reupgrade" {
        group: Downgrade,
        severity: Error,
        summary: "the upgrade fails when it is run again after its own downgrade",
    }
}

fn check(cx: &Context<'_>, found: &mut Findings) {
    for revision in cx.revisions() {
        let run = &revision.trace.again;
        if run.status == RunStatus::Ok && revision.trace.restores.schema == Some(true) {
            report_another_schema(revision, found);
            continue;
        }
        let Some(failure) = run.failure.as_ref().filter(|_| run.status == RunStatus::Failed) else { continue };
        let message = format!("upgrading again after the downgrade fails: {}", failure.message);
        let finding = RULE.finding_in(revision, Some(run.failure_span.unwrap_or(revision.upgrade_span())), message);
        let finding = finding.label(revision.downgrade_span(), "this leaves behind what the upgrade runs into");
        found.push(explain(cx, revision, run, failure, finding)).covers(&super::lossy_downgrade::RULE);
    }
}

/// The second upgrade starts from the same schema as the first, but may decide by rows what it does.
fn report_another_schema(revision: Revision<'_>, found: &mut Findings) {
    let (Some(first), Some(second)) = (&revision.trace.upgrade.after, &revision.trace.again.after) else { return };
    let differences = diff(&first.catalog, &second.catalog);
    let Some(difference) = differences.first() else { return };
    let message = format!("upgrading again after the downgrade gives another schema: {}", difference.sentence);
    let mut finding = RULE.finding_in(revision, Some(revision.upgrade_span()), message);
    finding.notes.extend(differences.iter().skip(1).map(|difference| difference.sentence.clone()));
    found.push(finding);
}
