use crate::history::Problem;
use crate::lint::{Context, Findings, declare_rule, nearest};

declare_rule! {
    /// ## What it does
    ///
    /// Reports a `down_revision` that names a revision which no script in the version folders has.
    ///
    /// ```python bad
    /// # file: add_email.py
    /// revision = 'add_email'
    /// down_revision = '8f1c2a9b7d3e'
    ///
    /// from alembic import op
    /// import sqlalchemy as sa
    ///
    /// def upgrade():
    ///     op.create_table('emails', sa.Column('id', sa.Integer(), primary_key=True))
    ///
    /// def downgrade():
    ///     op.drop_table('emails')
    /// ```
    ///
    /// ## Why it matters
    ///
    /// Alembic can't load the chain at all: every command ends in *KeyError* or *Can't locate revision identified by
    /// '…'*, whatever it was asked to do. Usually a file was not committed, was deleted, or got lost in a merge.
    ///
    /// revproof leaves the edge out and proves the rest as if the revision were a base.
    ///
    /// ## What to do instead
    ///
    /// Bring the missing file back, or point `down_revision` at the revision that this one really follows. A first
    /// revision has `down_revision = None`.
    ///
    /// ```python good
    /// # file: users.py
    /// def upgrade():
    ///     op.create_table('users', sa.Column('id', sa.Integer(), primary_key=True))
    ///
    /// def downgrade():
    ///     op.drop_table('users')
    /// # file: add_email.py
    /// revision = 'add_email'
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
    /// ```
    RP102 "missing-parent" {
        group: Graph,
        severity: Error,
        summary: "`down_revision` names a revision that no script has, so Alembic can't load the chain",
    }
}

fn check(cx: &Context<'_>, found: &mut Findings) {
    for problem in &cx.chain.problems {
        let Problem::MissingParent { script, parent } = problem else { continue };
        let Some(script) = cx.chain.scripts.get(*script) else { continue };
        let span = script.down_revision_span.unwrap_or(script.revision_span);
        let message = format!("down revision `{parent}` does not exist, so Alembic can't load the chain");
        let finding = RULE.finding(Some(span), message).in_revision(&*script.revision);
        let known = cx.chain.scripts.iter().map(|other| &*other.revision).filter(|name| *name != &*script.revision);
        found.push(match nearest(parent, known) {
            Some(near) => finding.help(format!("did you mean `{near}`?")),
            None => finding.help(format!(
                "bring the script of `{parent}` back, or set `down_revision` to the revision that this one follows \
                 (`None` for the first)"
            )),
        });
    }
}
