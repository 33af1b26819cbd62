use crate::lint::losses::losses;
use crate::lint::{Context, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    ///
    /// Reports an upgrade that drops a column that an earlier revision made. A column that the same upgrade added, and
    /// one whose values were copied elsewhere before (`UPDATE … SET other = column`, `INSERT … SELECT`, or row by
    /// row), is left alone, and so is a downgrade that takes its own upgrade back. Where a new column looks like the
    /// old one under another name, [column-rename](column-rename.md) says so instead.
    ///
    /// ```python given
    /// # file: users.py
    /// def upgrade():
    ///     op.create_table(
    ///         'users',
    ///         sa.Column('id', sa.Integer(), primary_key=True),
    ///         sa.Column('first', sa.String(40)),
    ///         sa.Column('fax', sa.String(20)),
    ///     )
    ///
    /// def downgrade():
    ///     op.drop_table('users')
    /// ```
    ///
    /// ```python bad
    /// # file: drop_fax.py
    /// def upgrade():
    ///     op.drop_column('users', 'fax')
    ///
    /// def downgrade():
    ///     op.add_column('users', sa.Column('fax', sa.String(20)))
    /// ```
    ///
    /// ## Why it matters
    ///
    /// The values are gone, and no downgrade brings them back: it can only add the column again, empty. Code of the
    /// version before, which still runs while the deployment is under way, fails on the missing column.
    ///
    /// ## What to do instead
    ///
    /// Stop using the column first and drop it a release later; copy its values if anyone may want them. Suppress the
    /// finding with the reason once you are sure.
    ///
    /// ```python good
    /// # file: move_fax.py
    /// def upgrade():
    ///     op.create_table('faxes', sa.Column('user_id', sa.Integer()), sa.Column('number', sa.String(20)))
    ///     op.execute('INSERT INTO faxes (user_id, number) SELECT id, fax FROM users')
    ///     op.drop_column('users', 'fax')
    ///
    /// def downgrade():
    ///     op.add_column('users', sa.Column('fax', sa.String(20)))
    ///     op.execute('UPDATE users SET fax = (SELECT number FROM faxes WHERE user_id = users.id)')
    ///     op.drop_table('faxes')
    /// ```
    RP302 "drop-column" {
        group: Data,
        severity: Warning,
        summary: "an upgrade drops a column with all its values",
    }
}

fn check(cx: &Context<'_>, found: &mut Findings) {
    for revision in cx.revisions() {
        for loss in losses(cx, revision).into_iter().filter(|loss| !loss.copied) {
            let Some(column) = loss.column else { continue };
            let before = loss.done.step.before.catalog.table(loss.table).and_then(|table| table.column(column));
            // A computed column holds nothing that can't be computed again.
            if before.is_some_and(|column| column.computed.is_some()) {
                continue;
            }
            let span = loss.done.operation.span;
            let message = format!("this drops the column `{}.{column}` with all its values", loss.table);
            let mut finding = RULE.finding_in(revision, Some(span), message);
            finding.notes.extend(loss.done.condition());
            let finding = finding.help(
                "copy the values first (`UPDATE … SET … = …`), or stop using the column and drop it a release later",
            );
            found.push(finding).covers_at(&super::lossy_downgrade::RULE, span);
        }
    }
}
