use crate::lint::losses::table_copied;
use crate::lint::made::walk;
use crate::lint::words::Words;
use crate::lint::{Context, Findings, declare_rule};
use crate::op::OpKind;
use crate::schema::{Name, QName};

declare_rule! {
    /// ## What it does
    ///
    /// Reports an upgrade that empties a table that an earlier revision made, by `TRUNCATE` or by `DELETE` without a
    /// condition. A table whose rows were copied elsewhere before is left alone.
    ///
    /// ```python given
    /// # file: sessions.py
    /// def upgrade():
    ///     op.create_table('sessions', sa.Column('id', sa.Integer(), primary_key=True), sa.Column('token', sa.Text()))
    ///
    /// def downgrade():
    ///     op.drop_table('sessions')
    /// ```
    ///
    /// ```python bad
    /// # file: clear_sessions.py
    /// def upgrade():
    ///     op.execute('DELETE FROM sessions')
    ///
    /// def downgrade():
    ///     raise NotImplementedError('the sessions are gone')  # revproof: ignore[refused-downgrade]
    /// ```
    ///
    /// ## Why it matters
    ///
    /// Every row is gone for good. It is often done to get a NOT NULL column or a unique constraint through, and then
    /// runs in production as it did on the developer's machine.
    ///
    /// ## What to do instead
    ///
    /// Say which rows go (`WHERE …`), fill the column instead, or copy the rows away first.
    ///
    /// ```python good
    /// # file: clear_sessions.py
    /// def upgrade():
    ///     op.execute("DELETE FROM sessions WHERE token = ''")
    ///
    /// def downgrade():
    ///     raise NotImplementedError('the sessions are gone')
    /// ```
    RP304 "truncate-or-delete-all" {
        group: Data,
        severity: Warning,
        summary: "an upgrade deletes all rows of a table",
    }
}

fn check(cx: &Context<'_>, found: &mut Findings) {
    let default_schema = cx.chain.dialect.default_schema();
    for revision in cx.revisions() {
        let run = &revision.trace.upgrade;
        walk(run, |done, made| {
            let emptied: Vec<QName> = match &done.operation.kind {
                OpKind::Truncate { tables, .. } => tables.clone(),
                OpKind::Sql(sql) if sql.text.len() < 400 => {
                    let words = Words::of(&sql.text);
                    let name = words.empties().map(|(schema, table)| {
                        let schema = schema.filter(|schema| Some(*schema) != default_schema).map(Name::from);
                        QName::in_schema(schema, table)
                    });
                    name.into_iter().collect()
                }
                _ => return,
            };
            for table in emptied {
                if made.table(&table)
                    || done.step.before.catalog.table(&table).is_none()
                    || table_copied(run, done, &table)
                {
                    continue;
                }
                let span = done.operation.span;
                let message = format!("this deletes all rows of `{table}`");
                let mut finding = RULE.finding_in(revision, Some(span), message);
                finding.notes.extend(done.condition());
                let finding = finding.help("say which rows go (`WHERE …`), or copy them away first");
                found.push(finding).covers_at(&super::lossy_downgrade::RULE, span);
            }
        });
    }
}
