use crate::lint::{Context, Findings, declare_rule, title};
use crate::workflow::{edited, edited_modules};

declare_rule! {
    /// ## What it does
    ///
    /// Reports a revision that is applied to the simulated database (`revproof upgrade`) and whose script says
    /// something else now than when it was applied. Comments, layout, docstrings and `downgrade()`, which has not been
    /// run yet, may change. A module of the project that such a script imports is looked at in the same way.
    ///
    /// ```python bad
    /// # file: users.py as applied
    /// revision = 'users'
    /// down_revision = None
    ///
    /// from alembic import op
    /// import sqlalchemy as sa
    ///
    /// def upgrade():
    ///     op.create_table('users', sa.Column('id', sa.Integer(), primary_key=True))
    ///
    /// def downgrade():
    ///     op.drop_table('users')
    /// # file: users.py
    /// revision = 'users'
    /// down_revision = None
    ///
    /// from alembic import op
    /// import sqlalchemy as sa
    ///
    /// def upgrade():
    ///     op.create_table('users', sa.Column('id', sa.BigInteger(), primary_key=True))
    ///
    /// def downgrade():
    ///     op.drop_table('users')
    /// ```
    ///
    /// ## Why it matters
    ///
    /// Alembic knows a revision by its identifier alone. A database that has run it never runs it again, so the edit
    /// reaches new databases only: from then on the schema of production and that of a fresh checkout differ, and the
    /// first to notice is a later revision that fails on one of them.
    ///
    /// ## What to do instead
    ///
    /// Put the script back and make the change in a revision of its own. Where nobody else has run the revision yet,
    /// `revproof downgrade` below it and upgrade again.
    ///
    /// ```python good
    /// # file: users.py as applied
    /// revision = 'users'
    /// down_revision = None
    ///
    /// from alembic import op
    /// import sqlalchemy as sa
    ///
    /// def upgrade():
    ///     op.create_table('users', sa.Column('id', sa.Integer(), primary_key=True))
    ///
    /// def downgrade():
    ///     pass
    /// # file: users.py
    /// revision = 'users'
    /// down_revision = None
    ///
    /// from alembic import op
    /// import sqlalchemy as sa
    ///
    /// def upgrade():
    ///     # The first table.
    ///     op.create_table('users', sa.Column("id", sa.Integer(), primary_key=True))
    ///
    /// def downgrade():
    ///     op.drop_table('users')
    /// ```
    RP110 "edited-after-apply" {
        group: Graph,
        severity: Warning,
        summary: "a script was edited after it was applied, so databases that have run it never get the change",
    }
}

fn check(cx: &Context<'_>, found: &mut Findings) {
    for script in edited(&cx.chain.applied, &cx.chain.scripts) {
        let span = script.upgrade_span.unwrap_or(script.revision_span);
        let message = format!(
            "{} was edited after it was applied: databases that have run it never get the change",
            title(script)
        );
        let help = "put it back and make the change in a new revision; if nobody else has run it, `revproof \
                    downgrade` below it and upgrade again";
        found.push(RULE.finding(Some(span), message).in_revision(&*script.revision).help(help));
    }
    for (module, revisions) in edited_modules(&cx.chain.applied) {
        let Some(script) = cx.chain.scripts.iter().find(|script| revisions.contains(&script.revision)) else { continue };
        let others = if revisions.len() > 1 { format!(" (and {} more)", revisions.len() - 1) } else { String::new() };
        let message = format!(
            "the module {module} was edited after {}{others} was applied with it: databases that have run it may not be \
             what new ones become",
            title(script)
        );
        let help = "copy what the script needs of the module into the script, so that it does for ever what it did; if \
                    nobody else has run it, `revproof downgrade` below it and upgrade again";
        let span = script.upgrade_span.unwrap_or(script.revision_span);
        found.push(RULE.finding(Some(span), message).in_revision(&*script.revision).help(help));
    }
}
