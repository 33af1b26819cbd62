use crate::lint::code::{quote, schema};
use crate::lint::rename::table_renames;
use crate::lint::{Context, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    ///
    /// Reports a table that is dropped while another one with mostly the same columns is created in the same upgrade.
    /// Where the rows are copied from one to the other, or the new table is filled, the rule is silent.
    ///
    /// ```python given
    /// # file: posts.py
    /// def upgrade():
    ///     op.create_table(
    ///         'post',
    ///         sa.Column('id', sa.Integer(), primary_key=True),
    ///         sa.Column('title', sa.String(140)),
    ///         sa.Column('body', sa.Text()),
    ///     )
    ///
    /// def downgrade():
    ///     op.drop_table('post')
    /// ```
    ///
    /// ```python bad
    /// # file: plural.py
    /// def upgrade():
    ///     op.create_table(
    ///         'posts',
    ///         sa.Column('id', sa.Integer(), primary_key=True),
    ///         sa.Column('title', sa.String(140)),
    ///         sa.Column('body', sa.Text()),
    ///     )
    ///     op.drop_table('post')
    ///
    /// def downgrade():
    ///     op.create_table(
    ///         'post',
    ///         sa.Column('id', sa.Integer(), primary_key=True),
    ///         sa.Column('title', sa.String(140)),
    ///         sa.Column('body', sa.Text()),
    ///     )
    ///     op.drop_table('posts')
    /// ```
    ///
    /// ## Why it matters
    ///
    /// `flask db migrate` can't see that a model's `__tablename__` changed: it finds one table missing and another one
    /// too many. The migration runs, and every row of the table is gone.
    ///
    /// ## What to do instead
    ///
    /// Rename the table. Foreign keys that point to it follow by themselves; the names of indexes and constraints keep
    /// the old table's name, which harms nobody.
    ///
    /// ```python good
    /// # file: plural.py
    /// def upgrade():
    ///     op.rename_table('post', 'posts')
    ///
    /// def downgrade():
    ///     op.rename_table('posts', 'post')
    /// ```
    RP402 "table-rename" {
        group: Intent,
        severity: Error,
        summary: "a table is dropped and created again under another name, which loses its rows",
    }
}

fn check(cx: &Context<'_>, found: &mut Findings) {
    for rename in table_renames(cx) {
        let (old, new) = (&rename.old.name, &rename.new.name);
        let drop = rename.drop.operation.span;
        let message = format!("`{old}` looks renamed to `{new}`, but it is dropped and its rows are lost");
        let mut finding = RULE.finding_in(rename.revision, Some(drop), message);
        finding = finding.label(rename.create.operation.span, format!("`{new}` is created here, empty"));
        finding.notes.extend(rename.reasons);
        finding.notes.extend(rename.drop.condition());
        let finding = if old.schema == new.schema {
            let line = |from: &str, to: &str| format!("op.rename_table({}, {}{})", quote(from), quote(to), schema(old));
            finding.help(format!(
                "rename it, which keeps the rows:\n\n    {}\n\nand in `downgrade()`:\n\n    {}",
                line(&old.name, &new.name),
                line(&new.name, &old.name)
            ))
        } else {
            let target = new.schema.as_deref().unwrap_or("public");
            finding.help(format!("move it, which keeps the rows: ALTER TABLE {old} SET SCHEMA {target}"))
        };
        let finding = found.push(finding);
        finding.covers_at(&super::drop_table::RULE, drop).covers_at(&super::lossy_downgrade::RULE, drop);
    }
}
