use crate::lint::losses::losses;
use crate::lint::{Context, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    ///
    /// Reports an upgrade that drops a table that an earlier revision made. A table that the same upgrade made, and
    /// one whose rows were copied elsewhere before (`INSERT … SELECT`), is left alone, and so is a downgrade that
    /// takes its own upgrade back.
    ///
    /// ```python given
    /// # file: notes.py
    /// def upgrade():
    ///     op.create_table('notes', sa.Column('id', sa.Integer(), primary_key=True), sa.Column('body', sa.Text()))
    ///
    /// def downgrade():
    ///     op.drop_table('notes')
    /// ```
    ///
    /// ```python bad
    /// # file: drop_notes.py
    /// def upgrade():
    ///     op.drop_table('notes')
    ///
    /// def downgrade():
    ///     op.create_table('notes', sa.Column('id', sa.Integer(), primary_key=True), sa.Column('body', sa.Text()))
    /// ```
    ///
    /// ## Why it matters
    ///
    /// All rows of the table are gone, and no downgrade brings them back: it can only make the table again, empty.
    /// Code of the version before, which still runs while the deployment is under way, fails on the missing table.
    ///
    /// ## What to do instead
    ///
    /// Stop using the table first and drop it a release later; keep its rows somewhere until you are sure. Suppress
    /// the finding with the reason once you are.
    ///
    /// ```python good
    /// # file: archive_notes.py
    /// def upgrade():
    ///     op.execute('CREATE TABLE notes_archive AS SELECT * FROM notes')
    ///     op.drop_table('notes')
    ///
    /// def downgrade():
    ///     op.create_table('notes', sa.Column('id', sa.Integer(), primary_key=True), sa.Column('body', sa.Text()))
    ///     op.execute('INSERT INTO notes SELECT * FROM notes_archive')
    ///     op.drop_table('notes_archive')
    /// ```
    RP301 "drop-table" {
        group: Data,
        severity: Warning,
        summary: "an upgrade drops a table with all its rows",
    }
}

fn check(cx: &Context<'_>, found: &mut Findings) {
    for revision in cx.revisions() {
        for loss in losses(cx, revision).into_iter().filter(|loss| loss.column.is_none() && !loss.copied) {
            let span = loss.done.operation.span;
            let message = format!("this drops the table `{}` with all its rows", loss.table);
            let mut finding = RULE.finding_in(revision, Some(span), message);
            finding.notes.extend(loss.done.condition());
            let finding = finding.help(format!(
                "copy the rows away first (`INSERT INTO … SELECT … FROM {}`), or stop using the table and drop it a \
                 release later",
                loss.table
            ));
            found.push(finding).covers_at(&super::lossy_downgrade::RULE, span);
        }
    }
}
