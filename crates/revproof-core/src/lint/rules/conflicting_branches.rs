use crate::lint::{Context, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    ///
    /// Replays the branches that a merge revision brings together in both orders, and reports a merge whose two
    /// orders do not give one schema, or of which one fails.
    ///
    /// ```python bad
    /// # file: users.py
    /// def upgrade():
    ///     op.create_table('users', sa.Column('id', sa.Integer(), primary_key=True), sa.Column('name', sa.String(40)))
    ///
    /// def downgrade():
    ///     op.drop_table('users')
    /// # file: full_name.py
    /// revision = 'full_name'
    /// down_revision = 'users'
    ///
    /// from alembic import op
    ///
    /// def upgrade():
    ///     op.alter_column('users', 'name', new_column_name='full_name')
    ///
    /// def downgrade():
    ///     op.alter_column('users', 'full_name', new_column_name='name')
    /// # file: index_name.py
    /// revision = 'index_name'
    /// down_revision = 'users'
    ///
    /// from alembic import op
    ///
    /// def upgrade():
    ///     op.create_index('ix_users_name', 'users', ['name'])
    ///
    /// def downgrade():
    ///     op.drop_index('ix_users_name', table_name='users')
    /// # file: merge.py
    /// revision = 'merge'
    /// down_revision = ('full_name', 'index_name')
    ///
    /// def upgrade():
    ///     pass
    ///
    /// def downgrade():
    ///     pass
    /// ```
    ///
    /// ## Why it matters
    ///
    /// Alembic applies the branches of a merge in an order that depends on what a database has already. A developer
    /// who had one branch gets the other one second; production gets them as the files load. All of them end at the
    /// same revision, and Alembic sees no difference between them.
    ///
    /// ## What to do instead
    ///
    /// Let one branch follow the other instead of merging them, or let the merge revision itself settle what differs.
    ///
    /// ```python good
    /// # file: users.py
    /// def upgrade():
    ///     op.create_table('users', sa.Column('id', sa.Integer(), primary_key=True))
    ///
    /// def downgrade():
    ///     op.drop_table('users')
    /// # file: email.py
    /// revision = 'email'
    /// down_revision = 'users'
    ///
    /// from alembic import op
    /// import sqlalchemy as sa
    ///
    /// def upgrade():
    ///     op.add_column('users', sa.Column('email', sa.String(120)))
    ///
    /// def downgrade():
    ///     op.drop_column('users', 'email')
    /// # file: phone.py
    /// revision = 'phone'
    /// down_revision = 'users'
    ///
    /// from alembic import op
    /// import sqlalchemy as sa
    ///
    /// def upgrade():
    ///     op.add_column('users', sa.Column('phone', sa.String(20)))
    ///
    /// def downgrade():
    ///     op.drop_column('users', 'phone')
    /// # file: merge.py
    /// revision = 'merge'
    /// down_revision = ('email', 'phone')
    ///
    /// def upgrade():
    ///     pass
    ///
    /// def downgrade():
    ///     pass
    /// ```
    RP109 "conflicting-branches" {
        group: Graph,
        severity: Error,
        summary: "the branches of a merge give another schema, or fail, when they are applied in the other order",
    }
}

fn check(cx: &Context<'_>, found: &mut Findings) {
    for merge in cx.chain.trace.merges.iter().filter(|merge| merge.commutes == Some(false)) {
        let Some(script) = cx.script(merge.revision) else { continue };
        let names: Vec<String> = script.down_revision.iter().map(|name| format!("`{name}`")).collect();
        let message = format!("the schema depends on the order in which {} are applied", names.join(" and "));
        let span = script.down_revision_span.unwrap_or(script.revision_span);
        let mut finding = RULE.finding(Some(span), message).in_revision(&*script.revision);
        for parent in cx.chain.scripts.iter().filter(|other| script.down_revision.contains(&other.revision)) {
            finding = finding.label(parent.revision_span, "the end of a branch");
        }
        finding.notes.extend(merge.differences.iter().cloned());
        found.push(finding.help("let one branch follow the other, or settle the difference in the merge revision"));
    }
}
