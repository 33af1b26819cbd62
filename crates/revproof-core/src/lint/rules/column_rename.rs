use crate::diagnostic::Severity;
use crate::lint::code::{quote, schema};
use crate::lint::rename::{ColumnRename, column_renames, rename_column_fix};
use crate::lint::{Context, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    ///
    /// Reports a column that is dropped while another one is added to the same table, in one revision or in two
    /// adjacent ones, where both are really one column with a new name. It says what speaks for that: the type,
    /// nullability, default and comment, the likeness of the names, that nothing else was dropped or added, and
    /// indexes and constraints that moved along. Plain directives and batch blocks count alike.
    ///
    /// Where the data is copied before the drop, the rule is silent. It is an error where the names are plainly alike
    /// and both stand in one revision, else a warning.
    ///
    /// ```python given
    /// # file: users.py
    /// def upgrade():
    ///     op.create_table('users', sa.Column('id', sa.Integer(), primary_key=True), sa.Column('phone', sa.String(20)))
    ///
    /// def downgrade():
    ///     op.drop_table('users')
    /// ```
    ///
    /// ```python bad
    /// # file: phone_number.py
    /// def upgrade():
    ///     op.add_column('users', sa.Column('phone_number', sa.String(20)))
    ///     op.drop_column('users', 'phone')
    ///
    /// def downgrade():
    ///     op.add_column('users', sa.Column('phone', sa.String(20)))
    ///     op.drop_column('users', 'phone_number')
    /// ```
    ///
    /// ## Why it matters
    ///
    /// `flask db migrate` can't see a rename: it compares the models with the database, finds one column missing and
    /// another one too many, and writes an add and a drop. The migration runs, every test on an empty database passes,
    /// and in production all values are gone, in both directions.
    ///
    /// ## What to do instead
    ///
    /// Rename the column: `alter_column` with `new_column_name` keeps the values, and the downgrade is the same the
    /// other way round. If the old code must go on running meanwhile, add the new column, copy the values, and drop
    /// the old one a release later. If these are two different columns, suppress the finding.
    ///
    /// ```python good
    /// # file: phone_number.py
    /// def upgrade():
    ///     op.alter_column('users', 'phone', new_column_name='phone_number')
    ///
    /// def downgrade():
    ///     op.alter_column('users', 'phone_number', new_column_name='phone')
    /// ```
    ///
    /// ```python good
    /// # file: copy_phone.py
    /// def upgrade():
    ///     op.add_column('users', sa.Column('phone_number', sa.String(20)))
    ///     op.execute('UPDATE users SET phone_number = phone')
    ///     op.drop_column('users', 'phone')
    ///
    /// def downgrade():
    ///     op.add_column('users', sa.Column('phone', sa.String(20)))
    ///     op.execute('UPDATE users SET phone = phone_number')
    ///     op.drop_column('users', 'phone_number')
    /// ```
    RP401 "column-rename" {
        group: Intent,
        severity: Error,
        summary: "a column is dropped and added again under another name, which loses its values",
    }
}

fn check(cx: &Context<'_>, found: &mut Findings) {
    for rename in column_renames(cx) {
        let (table, old, new) = (rename.table, &rename.old.name, &rename.new.name);
        let message = format!("`{table}.{old}` looks renamed to `{new}`, but it is dropped and its values are lost");
        let drop = rename.drop.operation.span;
        let mut finding = RULE.finding_in(rename.revision, Some(drop), message);
        let is_own = rename.adding.trace.revision == rename.revision.trace.revision;
        // In two revisions the application may copy the values in between.
        if !rename.is_sure || !is_own {
            finding.severity = Severity::Warning;
        }
        let label = if is_own {
            format!("`{new}` is added here, empty")
        } else {
            format!("`{new}` is added here, empty, in revision {}", rename.adding.title())
        };
        finding = finding.label(rename.add.operation.span, label);
        finding.notes.extend(rename.reasons.iter().cloned());
        finding.notes.extend(rename.drop.condition());
        finding = finding.help(help(&rename));
        if let Some(fix) = rename_column_fix(cx, &rename) {
            finding = finding.fix(fix);
        }
        let finding = found.push(finding);
        finding.covers_at(&super::drop_column::RULE, drop).covers_at(&super::lossy_downgrade::RULE, drop);
        if is_own {
            finding.covers_at(&super::not_null_without_default::RULE, rename.add.operation.span);
        }
    }
}

fn help(rename: &ColumnRename<'_>) -> String {
    let line = |from: &str, to: &str| {
        let (table, schema) = (quote(&rename.table.name), schema(rename.table));
        format!("op.alter_column({table}, {}, new_column_name={}{schema})", quote(from), quote(to))
    };
    let (old, new) = (&*rename.old.name, &*rename.new.name);
    format!(
        "rename it, which keeps the values:\n\n    {}\n\nand in `downgrade()`:\n\n    {}\n\nif these are two different \
         columns, suppress this with a comment: # revproof: ignore[column-rename] reason",
        line(old, new),
        line(new, old)
    )
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::diagnostic::Severity;
    use crate::lint::testing::check as prove;
    use crate::schema::Dialect;

    /// The findings after a first revision that makes a table of users; no downgrades, to keep the cases short.
    fn check(revisions: &str) -> Vec<String> {
        let given = "# file: users.py\ndef upgrade():\n    op.create_table('users', sa.Column('id', sa.Integer(), \
             primary_key=True), sa.Column('phone', sa.String(20)), sa.Column('fax', sa.String(20)))\n    \
             op.create_index('ix_users_phone', 'users', ['phone'])\n";
        let checked = prove(&format!("{given}{revisions}"), Dialect::PostgreSql);
        checked.lines().into_iter().filter(|line| !line.starts_with("missing-downgrade")).collect()
    }

    #[test]
    fn batch_blocks_and_plain_directives_are_alike() {
        let batch = "# file: b.py\ndef upgrade():\n    with op.batch_alter_table('users') as batch_op:\n        \
             batch_op.add_column(sa.Column('phone_number', sa.String(20)))\n        batch_op.drop_column('phone')\n";
        assert_eq!(check(batch), ["column-rename: batch_op.drop_column('phone')"]);
    }

    #[test]
    fn two_adjacent_revisions_are_a_warning() {
        let adjacent = "# file: b.py\ndef upgrade():\n    op.add_column('users', sa.Column('phone_number', \
             sa.String(20)))\n# file: c.py\ndef upgrade():\n    op.drop_column('users', 'phone')\n";
        assert_eq!(check(adjacent), ["column-rename: op.drop_column('users', 'phone')"]);
    }

    #[test]
    fn an_index_that_moves_along_speaks_for_unlike_names() {
        let moved = "# file: b.py\ndef upgrade():\n    op.add_column('users', sa.Column('reached_at', sa.String(20)))\n    \
             op.create_index('ix_users_reached_at', 'users', ['reached_at'])\n    op.drop_column('users', 'phone')\n";
        assert_eq!(check(moved), ["column-rename: op.drop_column('users', 'phone')"]);
    }

    #[test]
    fn candidates_that_tie_are_no_rename() {
        let tie = "# file: b.py\ndef upgrade():\n    op.add_column('users', sa.Column('xx', sa.String(20)))\n    \
             op.add_column('users', sa.Column('yy', sa.String(20)))\n    op.drop_column('users', 'fax')\n";
        assert_eq!(check(tie), ["drop-column: op.drop_column('users', 'fax')"]);
    }

    #[test]
    fn types_that_do_not_fit_are_no_rename() {
        let other = "# file: b.py\ndef upgrade():\n    op.add_column('users', sa.Column('phone_id', sa.Integer()))\n    \
             op.drop_column('users', 'phone')\n";
        assert_eq!(check(other), ["drop-column: op.drop_column('users', 'phone')"]);
    }

    #[test]
    fn values_that_a_loop_carries_over_are_not_lost() {
        let carried = "# file: b.py\ndef upgrade():\n    op.add_column('users', sa.Column('phone_number', \
             sa.String(20)))\n    bind = op.get_bind()\n    for row in bind.execute(sa.text('SELECT id, phone FROM \
             users')).fetchall():\n        bind.execute(sa.text('UPDATE users SET phone_number = :p WHERE id = :i'), \
             {'p': row[1], 'i': row[0]})\n    op.drop_column('users', 'phone')\n";
        assert_eq!(check(carried), [""; 0]);
    }

    #[test]
    fn a_copy_in_the_revision_before_counts() {
        let copied = "# file: b.py\ndef upgrade():\n    op.add_column('users', sa.Column('phone_number', \
             sa.String(20)))\n    op.execute('UPDATE users SET phone_number = phone')\n# file: c.py\ndef upgrade():\n    \
             op.drop_column('users', 'phone')\n";
        assert_eq!(check(copied), [""; 0]);
    }

    #[test]
    fn the_fix_renames_in_both_directions() {
        let text = "# file: a.py\ndef upgrade():\n    op.create_table('users', sa.Column('phone', sa.String(20)))\n\n\
             def downgrade():\n    op.drop_table('users')\n# file: b.py\nrevision = 'b'\ndown_revision = 'a'\nfrom \
             alembic import op\nimport sqlalchemy as sa\n\ndef upgrade():\n    op.add_column('users', \
             sa.Column('mobile_phone', sa.String(20)))\n    op.drop_column('users', 'phone')\n\ndef downgrade():\n    \
             op.add_column('users', sa.Column('phone', sa.String(20)))\n    op.drop_column('users', 'mobile_phone')\n";
        let checked = prove(text, Dialect::PostgreSql);
        let finding = checked.diagnostics.iter().find(|finding| finding.rule == RULE.id).expect("a finding");
        assert_eq!(finding.severity, Severity::Error);
        let files = checked.fixed(finding.fix.as_ref().expect("a fix"));
        insta::assert_snapshot!(files[1].1, @"
        revision = 'b'
        down_revision = 'a'
        from alembic import op
        import sqlalchemy as sa

        def upgrade():
            op.alter_column('users', 'phone', new_column_name='mobile_phone')

        def downgrade():
            op.alter_column('users', 'mobile_phone', new_column_name='phone')
        ");
    }
}
