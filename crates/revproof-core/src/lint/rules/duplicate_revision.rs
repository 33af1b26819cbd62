use crate::history::Problem;
use crate::lint::{Context, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    ///
    /// Reports two scripts with one `revision`, and a branch label that another revision has already.
    ///
    /// ```python bad
    /// # file: users.py
    /// revision = 'a1b2c3'
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
    /// # file: users_copy.py
    /// revision = 'a1b2c3'
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
    /// ```
    ///
    /// ## Why it matters
    ///
    /// Of two scripts with one identifier Alembic takes the one that it loads last and only warns: *Revision … is
    /// present more than once*. The other never runs, on any database. It happens when a migration is copied to write
    /// the next one, or when a renamed file comes back in a merge.
    ///
    /// A label that two revisions claim stops Alembic altogether.
    ///
    /// ## What to do instead
    ///
    /// Delete the stray copy, or give it a `revision` and a `down_revision` of its own.
    ///
    /// ```python good
    /// # file: users.py
    /// revision = 'a1b2c3'
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
    /// ```
    RP103 "duplicate-revision" {
        group: Graph,
        severity: Error,
        summary: "two scripts share a revision identifier or a branch label, so one of them never runs",
    }
}

fn check(cx: &Context<'_>, found: &mut Findings) {
    let script = |at: usize| cx.chain.scripts.get(at);
    for problem in &cx.chain.problems {
        match problem {
            Problem::Duplicate { script: left_out, kept } => {
                let (Some(left_out), Some(kept)) = (script(*left_out), script(*kept)) else { continue };
                let message = format!("revision `{}` exists twice; this script never runs", left_out.revision);
                let finding = RULE.finding(Some(left_out.revision_span), message).in_revision(&*left_out.revision);
                found.push(
                    finding
                        .label(kept.revision_span, "Alembic loads this one last and keeps it")
                        .help("delete this file, or give it a `revision` and a `down_revision` of its own"),
                );
            }
            Problem::DuplicateLabel { script: second, other, label } => {
                let (Some(second), Some(other)) = (script(*second), script(*other)) else { continue };
                let message = format!("branch label `{label}` is taken already, so Alembic can't load the chain");
                let span = cx.assignment(second, "branch_labels").unwrap_or(second.revision_span);
                let taken = cx.assignment(other, "branch_labels").unwrap_or(other.revision_span);
                let finding = RULE.finding(Some(span), message).in_revision(&*second.revision);
                found.push(finding.label(taken, "it is taken here").help("choose another label"));
            }
            _ => {}
        }
    }
}
