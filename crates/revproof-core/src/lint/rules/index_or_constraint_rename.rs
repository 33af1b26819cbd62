use crate::lint::code::quote;
use crate::lint::made::walk;
use crate::lint::{Context, Findings, Revision, declare_rule};
use crate::op::{ConstraintKind, IndexPartSpec, OpKind};
use crate::schema::{Dialect, Name, QName, Table};
use crate::source::Span;

declare_rule! {
    /// ## What it does
    ///
    /// Reports an index or a unique constraint that an upgrade drops and makes again on the same columns under another
    /// name. On SQLite, which can't rename either, it is silent.
    ///
    /// ```python given
    /// # file: users.py
    /// def upgrade():
    ///     op.create_table('users', sa.Column('id', sa.Integer(), primary_key=True), sa.Column('email', sa.String(80)))
    ///     op.create_index('email_index', 'users', ['email'])
    ///
    /// def downgrade():
    ///     op.drop_table('users')
    /// ```
    ///
    /// ```python bad
    /// # file: name_index.py
    /// def upgrade():
    ///     op.drop_index('email_index', table_name='users')
    ///     op.create_index('ix_users_email', 'users', ['email'])
    ///
    /// def downgrade():
    ///     op.drop_index('ix_users_email', table_name='users')
    ///     op.create_index('email_index', 'users', ['email'])
    /// ```
    ///
    /// ## Why it matters
    ///
    /// Nothing is lost, but the server builds the index anew from every row of the table. On a large table that takes
    /// minutes, with writes blocked, and meanwhile queries go without an index and unique values are not checked.
    /// Renaming takes no time.
    ///
    /// ## What to do instead
    ///
    /// Rename it with a line of SQL.
    ///
    /// ```python good
    /// # file: name_index.py
    /// def upgrade():
    ///     op.execute('ALTER INDEX email_index RENAME TO ix_users_email')
    ///
    /// def downgrade():
    ///     op.execute('ALTER INDEX ix_users_email RENAME TO email_index')
    /// ```
    RP407 "index-or-constraint-rename" {
        group: Intent,
        severity: Info,
        summary: "an index or constraint is dropped and built anew only to change its name",
    }
}

/// An index or unique constraint: its table, its columns, and whether it is which of both.
#[derive(Debug, PartialEq)]
struct Shape {
    table: QName,
    columns: Vec<Name>,
    unique: bool,
    is_constraint: bool,
}

fn check(cx: &Context<'_>, found: &mut Findings) {
    if cx.chain.dialect == Dialect::Sqlite {
        return;
    }
    for revision in cx.revisions() {
        let (mut dropped, mut made) = (Vec::new(), Vec::new());
        walk(&revision.trace.upgrade, |done, _| {
            let span = done.operation.span;
            match &done.operation.kind {
                OpKind::DropIndex { index, .. } => dropped.extend(
                    done.step
                        .before
                        .catalog
                        .tables
                        .values()
                        .find_map(|table| index_of(table, &index.name))
                        .map(|s| (index.name.clone(), s, span)),
                ),
                OpKind::DropConstraint { table, name: Some(name), .. } => dropped.extend(
                    done.step
                        .before
                        .catalog
                        .table(table)
                        .and_then(|table| unique_of(table, name))
                        .map(|s| (name.clone(), s, span)),
                ),
                kind => made.extend(made_by(kind).map(|(name, shape)| (name, shape, span))),
            }
        });
        for (old, shape, span) in &dropped {
            let mut same = made.iter().filter(|(_, other, _)| other == shape);
            let (Some((new, _, made_at)), None) = (same.next(), same.next()) else { continue };
            if new != old {
                report(cx, revision, found, shape, (old, *span), (new, *made_at));
            }
        }
    }
}

fn report(
    cx: &Context<'_>,
    revision: Revision<'_>,
    found: &mut Findings,
    shape: &Shape,
    (old, span): (&Name, Span),
    (new, made_at): (&Name, Span),
) {
    let what = if shape.is_constraint { "constraint" } else { "index" };
    let table = &shape.table;
    let message = format!("the {what} `{old}` is dropped and built anew as `{new}` on the same columns");
    let sql = match (cx.chain.dialect, shape.is_constraint) {
        (Dialect::MySql, _) => format!("ALTER TABLE {table} RENAME INDEX {old} TO {new}"),
        (_, true) => format!("ALTER TABLE {table} RENAME CONSTRAINT {old} TO {new}"),
        (_, false) => format!("ALTER INDEX {} RENAME TO {new}", table.sibling(old.clone())),
    };
    let finding = RULE.finding_in(revision, Some(span), message).label(made_at, format!("`{new}` is built here"));
    found.push(finding.help(format!("rename it, which takes no time:\n\n    op.execute({})", quote(&sql))));
}

fn index_of(table: &Table, name: &str) -> Option<Shape> {
    let index = table.indexes.iter().find(|index| *index.name == *name)?;
    let plain = index.predicate.is_none() && index.using.is_none() && index.include.is_empty();
    let columns: Option<Vec<Name>> = index
        .parts
        .iter()
        .map(|part| part.column.filter(|_| part.suffix.is_none()).map(|id| table.column_name(id)))
        .collect();
    let columns = columns.filter(|_| plain)?;
    Some(Shape { table: table.name.clone(), columns, unique: index.unique, is_constraint: false })
}

fn unique_of(table: &Table, name: &str) -> Option<Shape> {
    let unique = table.uniques.iter().find(|unique| unique.name.as_deref() == Some(name))?;
    let columns = table.column_names(&unique.columns);
    Some(Shape { table: table.name.clone(), columns, unique: true, is_constraint: true })
}

fn made_by(kind: &OpKind) -> Option<(Name, Shape)> {
    match kind {
        OpKind::CreateIndex { index, .. }
            if index.predicate.is_none() && index.using.is_none() && index.include.is_empty() =>
        {
            let columns: Option<Vec<Name>> = index
                .parts
                .iter()
                .map(|part| match part {
                    IndexPartSpec::Column(name, None) => Some(name.clone()),
                    _ => None,
                })
                .collect();
            let shape =
                Shape { table: index.table.clone(), columns: columns?, unique: index.unique, is_constraint: false };
            Some((index.name.clone()?, shape))
        }
        OpKind::AddConstraint { table, constraint } => {
            let ConstraintKind::Unique { columns, .. } = &constraint.kind else { return None };
            let shape = Shape { table: table.clone(), columns: columns.clone(), unique: true, is_constraint: true };
            Some((constraint.name.clone()?, shape))
        }
        _ => None,
    }
}
