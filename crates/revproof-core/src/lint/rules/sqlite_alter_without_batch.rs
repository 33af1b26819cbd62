use crate::lint::code::{call, directive, indentation, quote, schema};
use crate::lint::origins::table_of;
use crate::lint::{Context, Done, Findings, declare_rule};
use crate::op::{FailureKind, OpKind, Origin};
use crate::schema::Dialect;

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

fn check(cx: &Context<'_>, found: &mut Findings) {
    if cx.chain.dialect != Dialect::Sqlite {
        return;
    }
    for revision in cx.revisions() {
        for done in revision.upgraded().chain(revision.downgraded()) {
            let Err(failure) = &done.step.result else { continue };
            let in_question = failure.kind == FailureKind::Unsupported && done.operation.origin == Origin::Directive;
            if !in_question || matches!(done.step.operation.kind, OpKind::Rebuild(_)) {
                continue;
            }
            let span = done.operation.span;
            let finding = RULE.finding_in(revision, Some(span), format!("SQLite can't do this: {}", failure.message));
            let help = in_batch(cx, done).unwrap_or_else(|| "do it inside `with op.batch_alter_table(…)`".to_owned());
            found
                .push(finding.help(help))
                .covers_at(&super::failing_upgrade::RULE, span)
                .covers_at(&super::failing_downgrade::RULE, span)
                .covers_at(&super::failing_reupgrade::RULE, span);
        }
    }
}

/// The same directive in a batch block, which names the table at its head.
fn in_batch(cx: &Context<'_>, done: Done<'_>) -> Option<String> {
    let kind = &done.operation.kind;
    let table = table_of(kind)?;
    let name = match kind {
        OpKind::AddConstraint { .. } => {
            let text = cx.sources.text(done.operation.span);
            let names =
                ["create_unique_constraint", "create_foreign_key", "create_check_constraint", "create_primary_key"];
            names.into_iter().find(|name| text.contains(&format!(".{name}(")))?
        }
        kind => directive(kind)?,
    };
    let call = call(cx.sources, done.operation.span, name)?;
    // Directives about columns name the table first, those about constraints the constraint.
    let place =
        usize::from(name.ends_with("constraint") || name == "create_foreign_key" || name == "create_primary_key");
    let arguments: Vec<&str> =
        call.arguments.iter().enumerate().filter(|(at, _)| *at != place).map(|(_, argument)| *argument).collect();
    let spaces = indentation(cx.sources, done.operation.span);
    Some(format!(
        "do it in a batch block:\n\n{spaces}with {}.batch_alter_table({}{}) as batch_op:\n{spaces}    batch_op.{name}({})",
        call.receiver,
        quote(&table.name),
        schema(table),
        arguments.join(", ")
    ))
}
