use crate::lint::code::{call, indentation};
use crate::lint::{Context, Findings, declare_rule};
use crate::op::FailureKind;
use crate::replay::RunStatus;
use crate::schema::Dialect;
use crate::source::Span;

declare_rule! {
    /// ## What it does
    ///
    /// Reports a directive that SQLite can't carry out, such as a change of a column's type or a constraint added to
    /// an existing table, outside `batch_alter_table`. Only chains that are proved on SQLite are looked at.
    ///
    /// ```python given
    /// # file: users.py
    /// def upgrade():
    ///     op.create_table('users', sa.Column('id', sa.Integer(), primary_key=True), sa.Column('email', sa.String(80)))
    ///
    /// def downgrade():
    ///     op.drop_table('users')
    /// ```
    ///
    /// ```python bad sqlite
    /// # file: unique_email.py
    /// def upgrade():
    ///     op.create_unique_constraint('uq_users_email', 'users', ['email'])
    ///
    /// def downgrade():
    ///     with op.batch_alter_table('users') as batch_op:
    ///         batch_op.drop_constraint('uq_users_email', type_='unique')
    /// ```
    ///
    /// ## Why it matters
    ///
    /// SQLite's `ALTER TABLE` adds, drops and renames columns and renames tables, and nothing else. Alembic refuses
    /// the rest: *No support for ALTER of constraints in SQLite dialect*. SQLite has no transactional DDL under
    /// Alembic, so what the upgrade did up to there stays done.
    ///
    /// ## What to do instead
    ///
    /// Use a batch block, which makes a new table, copies the rows and puts it in the place of the old one. With
    /// `render_as_batch=True` in `env.py`, `flask db migrate` writes batch blocks by itself; on other databases they
    /// come out as plain `ALTER TABLE`.
    ///
    /// ```python good sqlite
    /// # file: unique_email.py
    /// def upgrade():
    ///     with op.batch_alter_table('users') as batch_op:
    ///         batch_op.create_unique_constraint('uq_users_email', ['email'])
    ///
    /// def downgrade():
    ///     with op.batch_alter_table('users') as batch_op:
    ///         batch_op.drop_constraint('uq_users_email', type_='unique')
    /// ```
    RP405 "sqlite-alter-without-batch" {
        group: Intent,
        severity: Error,
        summary: "this directive is beyond SQLite outside a batch block",
    }
}

/// The directives that Alembic refuses on SQLite, with the place of the table among their arguments.
const DIRECTIVES: [(&str, usize); 7] = [
    ("alter_column", 0),
    ("create_unique_constraint", 1),
    ("create_foreign_key", 1),
    ("create_check_constraint", 1),
    ("create_primary_key", 1),
    ("create_exclude_constraint", 1),
    ("drop_constraint", 1),
];

fn check(cx: &Context<'_>, found: &mut Findings) {
    if cx.chain.dialect != Dialect::Sqlite {
        return;
    }
    for revision in cx.revisions() {
        for run in [&revision.trace.upgrade, &revision.trace.downgrade] {
            let Some(failure) = run.failure.as_ref().filter(|_| run.status == RunStatus::Failed) else { continue };
            let Some(span) = run.failure_span.filter(|_| failure.kind == FailureKind::Unsupported) else { continue };
            // Only a directive can move into a batch block; a plain SQL text can't.
            let Some(help) = in_batch(cx, span) else { continue };
            let finding = RULE.finding_in(revision, Some(span), format!("SQLite can't do this: {}", failure.message));
            found
                .push(finding.help(help))
                .covers_at(&super::failing_upgrade::RULE, span)
                .covers_at(&super::failing_downgrade::RULE, span);
        }
    }
}

/// The same directive in a batch block, which names the table at its head.
fn in_batch(cx: &Context<'_>, span: Span) -> Option<String> {
    let (name, place, call) =
        DIRECTIVES.into_iter().find_map(|(name, place)| Some((name, place, call(cx.sources, span, name)?)))?;
    let spaces = indentation(cx.sources, span);
    let table = call.arguments.get(place)?;
    let rest = call.arguments.iter().enumerate().filter(|(at, _)| *at != place).map(|(_, argument)| *argument);
    Some(format!(
        "do it in a batch block:\n\n{spaces}with {}.batch_alter_table({table}) as batch_op:\n{spaces}    \
         batch_op.{name}({})",
        call.receiver,
        rest.collect::<Vec<_>>().join(", ")
    ))
}
