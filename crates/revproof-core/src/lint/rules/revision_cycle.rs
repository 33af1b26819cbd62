use crate::history::Problem;
use crate::lint::context::title;
use crate::lint::{Context, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    ///
    /// Reports revisions that build on each other in a circle, through `down_revision` or `depends_on`.
    ///
    /// ```python bad
    /// # file: a.py
    /// revision = 'a'
    /// down_revision = 'b'
    ///
    /// from alembic import op
    /// import sqlalchemy as sa
    ///
    /// def upgrade():
    ///     op.create_table('table_a', sa.Column('id', sa.Integer(), primary_key=True))
    ///
    /// def downgrade():
    ///     op.drop_table('table_a')
    /// # file: b.py
    /// revision = 'b'
    /// down_revision = 'a'
    ///
    /// from alembic import op
    /// import sqlalchemy as sa
    ///
    /// def upgrade():
    ///     op.create_table('table_b', sa.Column('id', sa.Integer(), primary_key=True))
    ///
    /// def downgrade():
    ///     op.drop_table('table_b')
    /// ```
    ///
    /// ## Why it matters
    ///
    /// Alembic can't order such revisions and refuses every command: *Cycle is detected in revisions*. It comes from
    /// editing `down_revision` by hand, mostly to get rid of a second head.
    ///
    /// revproof leaves the edge that closes the circle out and proves the rest.
    ///
    /// ## What to do instead
    ///
    /// Decide which of the revisions comes first, and let the others follow it.
    ///
    /// ```python good
    /// # file: a.py
    /// revision = 'a'
    /// down_revision = None
    ///
    /// from alembic import op
    /// import sqlalchemy as sa
    ///
    /// def upgrade():
    ///     op.create_table('table_a', sa.Column('id', sa.Integer(), primary_key=True))
    ///
    /// def downgrade():
    ///     op.drop_table('table_a')
    /// # file: b.py
    /// revision = 'b'
    /// down_revision = 'a'
    ///
    /// from alembic import op
    /// import sqlalchemy as sa
    ///
    /// def upgrade():
    ///     op.create_table('table_b', sa.Column('id', sa.Integer(), primary_key=True))
    ///
    /// def downgrade():
    ///     op.drop_table('table_b')
    /// ```
    RP104 "revision-cycle" {
        group: Graph,
        severity: Error,
        summary: "revisions build on each other in a circle, so Alembic can't order them",
    }
}

fn check(cx: &Context<'_>, found: &mut Findings) {
    for problem in &cx.chain.problems {
        let Problem::Cycle { scripts, by_dependency } = problem else { continue };
        let scripts: Vec<_> = scripts.iter().filter_map(|at| cx.chain.scripts.get(*at)).collect();
        let Some((first, rest)) = scripts.split_first() else { continue };
        let variable = if *by_dependency { "depends_on" } else { "down_revision" };
        let mut names: Vec<String> = scripts.iter().map(|script| format!("`{}`", script.revision)).collect();
        names.push(format!("`{}`", first.revision));
        let message = if rest.is_empty() {
            format!("revision `{}` builds on itself, so Alembic can't load the chain", first.revision)
        } else {
            format!("revisions build on each other in a circle: {}", names.join(" → "))
        };
        let place = |script| cx.assignment(script, variable).or(script.down_revision_span);
        let span = place(first).unwrap_or(first.revision_span);
        let mut finding = RULE.finding(Some(span), message).in_revision(&*first.revision);
        for script in rest {
            finding = finding.label(place(script).unwrap_or(script.revision_span), format!("and {}", title(script)));
        }
        found.push(finding.help(format!("decide which revision comes first, and change its `{variable}`")));
    }
}
