use crate::lint::{Context, Findings, declare_rule};
use crate::replay::RunStatus;

declare_rule! {
    /// ## What it does
    ///
    /// Reports a revision whose upgrade and downgrade do nothing. A revision that merges branches, carries a branch
    /// label or a dependency, or starts the chain is meant to be empty and left alone.
    ///
    /// ```python given
    /// # file: users.py
    /// def upgrade():
    ///     op.create_table('users', sa.Column('id', sa.Integer(), primary_key=True))
    ///
    /// def downgrade():
    ///     op.drop_table('users')
    /// ```
    ///
    /// ```python bad
    /// # file: add_email.py
    /// def upgrade():
    ///     pass
    ///
    /// def downgrade():
    ///     pass
    /// ```
    ///
    /// ## Why it matters
    ///
    /// `flask db migrate` writes such a file when it finds no change: the model was not imported in `env.py`, was not
    /// saved, or the database was already changed by `db.create_all()`. Whoever wrote the message meant something,
    /// and it will be missing in production.
    ///
    /// ## What to do instead
    ///
    /// Find out why no change was found and write it down, or delete the file if nothing has to change.
    ///
    /// ```python good
    /// # file: add_email.py
    /// def upgrade():
    ///     op.add_column('users', sa.Column('email', sa.String(120)))
    ///
    /// def downgrade():
    ///     op.drop_column('users', 'email')
    /// ```
    RP403 "empty-migration" {
        group: Intent,
        severity: Info,
        summary: "a revision does nothing in either direction, although it is no merge",
    }
}

fn check(cx: &Context<'_>, found: &mut Findings) {
    for revision in cx.revisions() {
        let script = revision.script;
        let marks_a_place =
            script.down_revision.len() != 1 || !script.branch_labels.is_empty() || !script.depends_on.is_empty();
        let empty = |status| matches!(status, RunStatus::Empty | RunStatus::Missing);
        let does_nothing = empty(revision.trace.upgrade.status) && empty(revision.trace.downgrade.status);
        let elsewhere = cx.chain.database.is_some() && !script.is_empty_for_all_databases();
        if marks_a_place || !does_nothing || elsewhere {
            continue;
        }
        let message = if script.message.is_empty() {
            "this revision does nothing".to_owned()
        } else {
            format!("this revision does nothing, although it is called \"{}\"", script.message)
        };
        found.push(
            RULE.finding_in(revision, Some(revision.upgrade_span()), message)
                .help("write down what was meant, or delete the file and point its successor past it"),
        );
    }
}
