use crate::history::Problem;
use crate::lint::{Context, Findings, declare_rule, nearest};

declare_rule! {
    /// ## What it does
    ///
    /// Reports a `depends_on` that names no revision and no branch label.
    ///
    /// ```python bad
    /// # file: orders.py
    /// revision = 'orders'
    /// down_revision = None
    /// depends_on = 'users'
    ///
    /// from alembic import op
    /// import sqlalchemy as sa
    ///
    /// def upgrade():
    ///     op.create_table('orders', sa.Column('id', sa.Integer(), primary_key=True))
    ///
    /// def downgrade():
    ///     op.drop_table('orders')
    /// ```
    ///
    /// ## Why it matters
    ///
    /// Alembic can't load the chain: every command ends in an error. And if the line were simply removed, the
    /// revision might run before the one that it needs.
    ///
    /// ## What to do instead
    ///
    /// Name a revision that exists, by its identifier or by its branch label, or remove `depends_on` if
    /// `down_revision` already leads there.
    ///
    /// ```python good
    /// # file: orders.py
    /// revision = 'orders'
    /// down_revision = None
    /// depends_on = None
    ///
    /// from alembic import op
    /// import sqlalchemy as sa
    ///
    /// def upgrade():
    ///     op.create_table('orders', sa.Column('id', sa.Integer(), primary_key=True))
    ///
    /// def downgrade():
    ///     op.drop_table('orders')
    /// ```
    RP105 "missing-dependency" {
        group: Graph,
        severity: Error,
        summary: "`depends_on` names a revision or label that does not exist, so Alembic can't load the chain",
    }
}

fn check(cx: &Context<'_>, found: &mut Findings) {
    for problem in &cx.chain.problems {
        let Problem::MissingDependency { script, dependency } = problem else { continue };
        let Some(script) = cx.chain.scripts.get(*script) else { continue };
        let span = cx.assignment(script, "depends_on").unwrap_or(script.revision_span);
        let message = format!("dependency `{dependency}` does not exist, so Alembic can't load the chain");
        let finding = RULE.finding(Some(span), message).in_revision(&*script.revision);
        let others = cx.chain.scripts.iter().filter(|other| other.revision != script.revision);
        let known = others.flat_map(|other| std::iter::once(&other.revision).chain(&other.branch_labels));
        found.push(match nearest(dependency, known.map(|name| &**name)) {
            Some(near) => finding.help(format!("did you mean `{near}`?")),
            None => finding.help("name a revision or branch label that exists, or remove `depends_on`"),
        });
    }
}
