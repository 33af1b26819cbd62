use crate::lint::{Context, Findings, declare_rule};
use crate::schema::QName;

declare_rule! {
    /// ## What it does
    ///
    /// Reports, once for each, a table or schema that the chain needs but that no revision makes. revproof assumes that it
    /// was there before the first revision, where that revision makes no table at all, or itself needs what nothing makes.
    ///
    /// ```python bad
    /// def upgrade():
    ///     op.add_column('users', sa.Column('email', sa.String(120)))
    ///
    /// def downgrade():
    ///     op.drop_column('users', 'email')
    /// ```
    ///
    /// ## Why it matters
    ///
    /// The chain can't be run on an empty database, so no test can, and no new server either. And what is not known of
    /// the table (its other columns, its constraints, its rows) takes no part in the proof.
    ///
    /// ## What to do instead
    ///
    /// Make the table in a first revision. For a database that was there before Alembic, generate that revision
    /// against an empty database and mark it as applied with `flask db stamp`.
    ///
    /// ```python good
    /// # file: users.py
    /// def upgrade():
    ///     op.create_table('users', sa.Column('id', sa.Integer(), primary_key=True))
    ///
    /// def downgrade():
    ///     op.drop_table('users')
    /// # file: add_email.py
    /// def upgrade():
    ///     op.add_column('users', sa.Column('email', sa.String(120)))
    ///
    /// def downgrade():
    ///     op.drop_column('users', 'email')
    /// ```
    RP705 "assumed-object" {
        group: Proof,
        severity: Info,
        summary: "the chain needs a table or schema that no revision makes, which is assumed to exist",
    }
}

fn check(cx: &Context<'_>, found: &mut Findings) {
    let mut seen: Vec<(&str, &QName)> = Vec::new();
    for revision in cx.revisions() {
        for run in [&revision.trace.upgrade, &revision.trace.downgrade, &revision.trace.again] {
            for assumed in &run.assumed {
                let (what, name) = (assumed.what, &assumed.name);
                if seen.contains(&(what, name)) {
                    continue;
                }
                seen.push((what, name));
                let message = format!("no revision makes the {what} `{name}`; it is assumed to exist");
                let finding = RULE.finding_in(revision, Some(assumed.span), message);
                found.push(finding.help("make it in a first revision, so that the chain runs on an empty database"));
            }
        }
    }
}
